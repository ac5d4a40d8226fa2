/* SPDX-License-Identifier: MIT */
/*
 * HTTP proxies as curl knows them: what a proxy's URL says, which hosts go
 * past it, and the words of CONNECT (RFC 9110 §9.3.6). Pure: carrying them is
 * link.c's.
 */
#ifndef POSTERN_NET_PROXY_H
#define POSTERN_NET_PROXY_H

#include "codec/http1.h"

struct proxy {
	bool on;                        /* else the rest means nothing */
	char from[12];                  /* the variable, or --proxy */
	char host[HOST_NAME_MAX_LEN + 1];       /* without brackets */
	uint16_t port;
	/* base64 of user:password, empty when there is none: secret */
	char authorization[(PROXY_LOGIN_MAX + 2) / 3 * 4 + 1];
};

/*
 * Read [http://][USER[:PASSWORD]@]HOST[:PORT][/]. `from` is "--proxy" or the
 * name of the variable, for messages, which never quote the rest. User data
 * is refused in --proxy, since everybody on a host may read its command
 * lines. Fails with ERR_USAGE.
 */
bool proxy_read(struct proxy *p, struct slice url, const char *from,
	struct error *err)
	__attribute__((warn_unused_result));

/*
 * Does `host` go past any proxy? NO_PROXY is "*", or names, addresses and
 * CIDR blocks with commas or blanks between; a name covers what is below it.
 * Loopback, and the addresses of instance metadata, always do.
 */
bool proxy_is_bypassed(struct slice no_proxy, const char *host);

/* Append host:port, which is all that may be shown of a proxy. */
void proxy_put_name(struct buf *b, const struct proxy *p);

/* Append the request for a tunnel, at most PROXY_REQUEST_MAX bytes: secret. */
void proxy_write_connect(struct buf *b, const struct proxy *p,
	const char *host, uint16_t port);

/*
 * Has the proxy opened the tunnel to `host`? `reply` is its answer, read for
 * the method CONNECT until READ_DONE, READ_BAD, or the head of a refusal,
 * whose body may be long, or in a coding that is not read here. If not, err
 * says why: ERR_UNREACHABLE, or ERR_PROTOCOL when something else speaks in the
 * tunnel.
 */
bool proxy_explain(const struct http1 *reply, const struct proxy *p,
	const char *host, struct error *err)
	__attribute__((warn_unused_result));

#endif
