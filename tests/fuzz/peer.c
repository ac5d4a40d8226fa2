/* SPDX-License-Identifier: MIT */
/*
 * Doubles of net/socket.c and sys/host.c, and of poll(2): linked in their
 * place, so that all above them runs against a script. No time passes but what
 * is waited for, and random bytes are always the same.
 */
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "fuzz.h"
#include "net/socket.h"
#include "net/socket.h"
#include "sys/host.h"

#define FIRST_FD        1000
#define CONNECTIONS_MAX 64
#define POLLS_MAX       100000  /* a run that goes round in a circle */
#define WALL_S          1700000000
#define NEVER           INT64_MAX

struct connection {
	bool open, early, datagrams, unanswered;
	char end;
	int64_t opens_ms;
	struct slice rest;      /* answers that are not visible yet */
	struct slice visible;
	size_t asked, shown;    /* requests, answers */
	char ids[4][2];         /* of queries */
};

static struct connection connections[CONNECTIONS_MAX];
static size_t connections_n, polls;
static struct slice script;
static int64_t now_ms;

void
peer_begin(struct slice s)
{
	memset(connections, 0, sizeof connections);
	connections_n = polls = 0;
	script = s;
	now_ms = 0;
}

unsigned
peer_open(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < connections_n; i++)
		n += connections[i].open;
	return n;
}

int64_t
peer_elapsed_ms(void)
{
	return now_ms;
}

/* What stands before the mark, which is taken off, too. */
static struct slice
take_piece(struct slice *s, const char *mark)
{
	size_t at = slice_find(*s, mark);
	struct slice piece = slice_from(s->p, at);

	*s = slice_skip(*s, at < s->len ? at + strlen(mark) : at);
	return piece;
}

static struct connection *
find(int fd)
{
	MUST(fd >= FIRST_FD && fd < FIRST_FD + (int)connections_n);
	MUST(connections[fd - FIRST_FD].open);
	return &connections[fd - FIRST_FD];
}

/* Show the next answer when it was asked for. */
static void
show(struct connection *c)
{
	if (c->visible.len || c->shown >= c->asked || !c->rest.len)
		return;
	c->visible = take_piece(&c->rest, "\n++\n");
	c->shown++;
}

static bool
has_ended(const struct connection *c)
{
	return !c->visible.len && !c->rest.len && c->end != 'k' && c->asked;
}

/* ---- net/socket.c ---- */

int
socket_connect(int type, const struct ip *ip, uint16_t port, bool *connected)
{
	struct connection *c = &connections[connections_n];
	struct slice piece = take_piece(&script, "\n--\n");

	*connected = false;
	MUST(port && (ip->family == 4 || ip->family == 6));
	if (piece.len < 2 || piece.p[0] == 'r' ||
	    connections_n == CONNECTIONS_MAX) {
		errno = ECONNREFUSED;
		return -1;
	}
	*c = (struct connection){
		.open = true, .early = piece.p[0] == 'e',
		.asked = piece.p[0] == 'u' ? SIZE_MAX / 2 : 0,
		.datagrams = type == SOCK_DGRAM, .end = piece.p[1],
		.opens_ms = piece.p[0] == 'n' ? NEVER :
		    now_ms + (piece.p[0] == 'd' ? 300 : 0),
		.rest = slice_skip(piece, 2),
	};
	*connected = c->opens_ms <= now_ms;
	return FIRST_FD + (int)connections_n++;
}

enum socket_result
socket_connected(int fd)
{
	return find(fd)->opens_ms <= now_ms ? SOCKET_MOVED : SOCKET_LATER;
}

/* For record_tls.py. */
static void
keep(const void *p, size_t len)
{
	const char *path = getenv("TLS_SENT");
	FILE *f = path ? fopen(path, "ab") : NULL;

	if (f) {
		MUST(fwrite(p, 1, len, f) == len);
		fclose(f);
	}
}

enum socket_result
socket_send(int fd, const void *p, size_t len, size_t *n)
{
	struct connection *c = find(fd);

	*n = 0;
	MUST(len > 0);
	if (has_ended(c) && c->end == 'b') {
		errno = EPIPE;
		return SOCKET_BROKEN;
	}
	if (c->datagrams && c->asked < 4 && len >= 2)
		memcpy(c->ids[c->asked], p, 2);
	if (c->datagrams || !c->unanswered)
		c->asked++;
	c->unanswered = true;
	keep(p, len);
	*n = len;
	return SOCKET_MOVED;
}

enum socket_result
socket_receive(int fd, void *p, size_t len, size_t *n)
{
	struct connection *c = find(fd);

	*n = 0;
	show(c);
	if (!c->visible.len) {
		if (!has_ended(c))
			return SOCKET_LATER;
		errno = ECONNRESET;
		return c->end == 'b' ? SOCKET_BROKEN : SOCKET_ENDED;
	}
	*n = c->visible.len < len ? c->visible.len : len;
	if (c->end == 's' && !c->datagrams)
		*n = 1;
	memcpy(p, c->visible.p, *n);
	if (c->datagrams && *n >= 2 && c->shown <= 4)
		memcpy(p, c->ids[c->shown - 1], 2);
	c->visible = slice_skip(c->visible, c->datagrams ? c->visible.len : *n);
	c->unanswered = false;
	return SOCKET_MOVED;
}

void
socket_close(int *fd)
{
	if (*fd >= 0)
		find(*fd)->open = false;
	*fd = -1;
}

bool
peer_waits(int fd)
{
	return find(fd)->early && !find(fd)->shown;
}

bool
peer_cuts(int fd)
{
	return find(fd)->end == 'x';
}

/* ---- poll(2) ---- */

static short
ready(const struct pollfd *pf)
{
	struct connection *c;

	if (pf->fd < FIRST_FD)
		return pf->fd < 0 ? 0 : pf->events;
	c = find(pf->fd);
	if (c->opens_ms > now_ms)
		return 0;
	show(c);
	return (short)(pf->events & (POLLOUT |
	    (c->visible.len || has_ended(c) ? POLLIN : 0)));
}

int
poll(struct pollfd *pf, nfds_t n, int timeout_ms)
{
	int64_t until_ms = now_ms + timeout_ms;
	int found = 0;

	MUST(timeout_ms >= 0 && ++polls < POLLS_MAX);
	for (nfds_t i = 0; i < n; i++) {
		pf[i].revents = ready(&pf[i]);
		found += pf[i].revents != 0;
		if (pf[i].fd >= FIRST_FD && find(pf[i].fd)->opens_ms > now_ms &&
		    find(pf[i].fd)->opens_ms < until_ms)
			until_ms = find(pf[i].fd)->opens_ms;
	}
	now_ms = found ? now_ms + 1 : until_ms;
	return found;
}

/* ---- sys/host.c ---- */

int64_t
host_wall_s(void)
{
	return WALL_S + now_ms / 1000;
}

int64_t
host_steady_ms(void)
{
	return now_ms;
}

bool
host_random(void *out, size_t len, struct error *err)
{
	(void)err;
	memset(out, 0x5A, len);
	return true;
}

void
host_begin(void)
{
}

void
host_take_back(void)
{
}

int
host_fork(void)
{
	errno = EAGAIN;
	return -1;
}

void
host_harden(void)
{
}

bool
host_is_terminal(int fd)
{
	(void)fd;
	return false;
}
