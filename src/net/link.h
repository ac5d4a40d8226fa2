/* SPDX-License-Identifier: MIT */
/*
 * One HTTPS exchange as a state machine: resolve, connect, through a proxy
 * where there is one, handshake, send, read. It is stepped from outside and never waits, so that several can run
 * side by side.
 */
#ifndef POSTERN_NET_LINK_H
#define POSTERN_NET_LINK_H

#include <poll.h>

#include "codec/http1.h"
#include "net/dial.h"
#include "net/dns.h"
#include "net/proxy.h"
#include "net/tls.h"

#define LINK_RANDOM (TLS_ENTROPY + DNS_RANDOM)  /* bytes for one exchange */

enum link_state {
	LINK_OFF,
	LINK_RESOLVE,
	LINK_CONNECT,
	LINK_TUNNEL,            /* asking the proxy to connect */
	LINK_HANDSHAKE,
	LINK_READY,             /* open; a request may be given */
	LINK_SEND,
	LINK_READ,
	LINK_DONE,              /* the answer is in link->http */
	LINK_FAILED             /* the reason is in link->err */
};

struct link {
	enum link_state state;
	enum step step;                 /* of the flow; for messages */
	/* Of the target; host is copied. */
	char host[HOST_NAME_MAX_LEN + 1];
	uint16_t port;
	bool https;
	const struct trust *trust;      /* borrowed */
	const struct proxy *proxy;      /* borrowed; NULL: none */
	const struct names *names;      /* borrowed */
	bool (*may_ask)(const struct ip *ip);   /* in the clear */
	int64_t now_s;                  /* for certificates */
	uint8_t random[LINK_RANDOM];
	int64_t step_ms;                /* for a handshake, the rest of an answer */
	int64_t since_ms;               /* when this state was entered */
	int64_t deadline_ms;            /* of this state; 0: none of its own */
	/* The request, borrowed until it is sent. */
	struct slice request;
	const char *method;
	size_t sent;                    /* bytes handed to TLS */
	bool request_given;
	bool may_be_early;              /* False Start is allowed */
	bool early;                     /* the request left before their Finished */
	bool reused;                    /* an answer has come here before */
	bool lost;                      /* the connection failed, not what was said */
	size_t tunnel_sent;             /* of tunnel_len bytes of CONNECT in body */
	size_t tunnel_len;
	struct dns dns;
	struct dial dial;
	struct tls tls;
	struct http1 http;
	struct error err;
	char body[HTTP_BODY_MAX];
};

struct link_target {
	enum step step;
	const char *host;
	uint16_t port;
	bool https;
	const struct trust *trust;
	const struct proxy *proxy;      /* to be gone through; NULL: none */
	const struct names *names;
	/* Over http: which addresses may be asked? NULL: loopback ones. */
	bool (*may_ask)(const struct ip *ip);
	int64_t now_s;
	int64_t step_ms;
};

#define LINK_POLL_MAX ADDRESSES_MAX     /* descriptors that link_wants may name */

/* Begin to connect. `random` comes from the kernel. */
void link_start(struct link *l, const struct link_target *to,
	const uint8_t random[static LINK_RANDOM], int64_t now_ms);

/*
 * Give the request; it leaves as soon as the link is ready, or with our
 * Finished when it `may_be_early` (see tls_send_early). The bytes must stay
 * until the link is over. A link that is reusable begins anew.
 */
void link_request(struct link *l, const char *method, struct slice request,
	bool may_be_early);

/* Go as far as possible without waiting. */
void link_step(struct link *l, int64_t now_ms);

/* Answered, and the connection was left open by both sides (RFC 9112 §9.3). */
bool link_is_reusable(const struct link *l);

/* When this state ends by itself at the latest; INT64_MAX: it does not. */
int64_t link_ends_ms(const struct link *l);

/* No more steps will change it. */
bool link_over(const struct link *l);

/* What to wait for: how many descriptors; *next_ms is a timer, or INT64_MAX. */
nfds_t link_wants(const struct link *l, struct pollfd pf[static LINK_POLL_MAX],
	int64_t *next_ms);

/*
 * Has it failed in the way of a server that dislikes False Start: after the
 * early request, before anything of the peer's was verified?
 */
bool link_disliked_early(const struct link *l);

/* The caller's own deadline is over: fail, saying in which state. */
void link_expire(struct link *l, int64_t timeout_s);

/* What it is doing, before a name: "connecting to". */
const char *link_state_word(enum link_state state);

/* Close and overwrite what held a secret, but the request: that is borrowed. */
void link_end(struct link *l);

#endif
