/* SPDX-License-Identifier: MIT */
/*
 * A peer whose words are the fuzzer's, in place of sockets, clocks, randomness
 * and, with peer_tls.c, TLS: what the doubles do is decided by its script alone.
 */
#ifndef POSTERN_TESTS_FUZZ_PEER_H
#define POSTERN_TESTS_FUZZ_PEER_H

#include "base/slice.h"

/*
 * Begin anew with a script: pieces between lines of "--", one for each
 * connection in the order in which they are opened; without one left it is
 * refused. The first letter says how it opens: 'd' after 300 ms, 'r' refused,
 * 'n' never, 'u' with answers unasked, 'e' with a handshake that ends behind an
 * early request only, else at once. The second says how it ends: 'c' closed,
 * 'x' cut, 'b' reset, 'k' not at all, 's' closed, each byte having come alone.
 * Then come answers between lines of "++", each after one more request; an
 * answer over UDP gets the id of its query.
 */
void peer_begin(struct slice script);

/* How many connections are open, and how much time has passed since then. */
unsigned peer_open(void);
int64_t peer_elapsed_ms(void);

/* Is its handshake not over yet? */
bool peer_waits(int fd);

/* Does its end come without TLS announcing it? */
bool peer_cuts(int fd);

#endif
