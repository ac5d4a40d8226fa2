/* SPDX-License-Identifier: MIT */
/*
 * The life of one connection. Each state has a function that moves it on; the
 * loop around them ends when none does.
 */
#include "net/link.h"

#include <errno.h>

#include "net/socket.h"

static void
enter(struct link *l, enum link_state state, int64_t now_ms)
{
	l->state = state;
	l->since_ms = now_ms;
	l->deadline_ms = state == LINK_TUNNEL || state == LINK_HANDSHAKE ?
	    now_ms + l->step_ms : 0;
}

static void
link_fail(struct link *l)
{
	dns_end(&l->dns);
	dial_end(&l->dial);
	l->state = LINK_FAILED;
}

void
link_start(struct link *l, const struct link_target *to,
	const uint8_t random[static LINK_RANDOM], int64_t now_ms)
{
	enter(l, LINK_RESOLVE, now_ms);
	l->step = to->step;
	copy_text(l->host, sizeof l->host, slice_of(to->host));
	l->port = to->port;
	l->https = to->https;
	l->trust = to->trust;
	l->proxy = to->proxy;
	l->names = to->names;
	l->may_ask = to->may_ask ? to->may_ask : ip_is_loopback;
	l->now_s = to->now_s;
	l->step_ms = to->step_ms;
	l->request = slice_from(NULL, 0);
	l->method = "";
	l->sent = 0;
	l->request_given = l->may_be_early = l->early = l->lost = false;
	l->reused = false;
	l->tunnel_sent = l->tunnel_len = 0;
	l->dial.fd = -1;
	l->dial.begun = 0;
	l->tls.established = false;
	http1_init(&l->http, "", l->body, sizeof l->body);
	memset(&l->err, 0, sizeof l->err);
	memcpy(l->random, random, LINK_RANDOM);
	/* The proxy looks the host up; here only its own name is. */
	dns_start(&l->dns, l->names, l->proxy ? l->proxy->host : l->host,
	    l->proxy ? l->proxy->port : l->port, l->random + TLS_ENTROPY, now_ms);
	l->deadline_ms = l->dns.end_ms;
	link_step(l, now_ms);
}

void
link_request(struct link *l, const char *method, struct slice request,
	bool may_be_early)
{
	if (l->state == LINK_DONE) {
		buf_wipe(&l->http.body);
		l->state = LINK_READY;
		l->reused = true;
	}
	l->method = method;
	l->request = request;
	l->sent = 0;
	l->request_given = true;
	l->may_be_early = may_be_early;
	/* While the proxy is asked, its answer is what is being read. */
	if (l->state != LINK_TUNNEL)
		http1_init(&l->http, method, l->body, sizeof l->body);
}

bool
link_over(const struct link *l)
{
	return l->state == LINK_OFF || l->state == LINK_DONE ||
	    l->state == LINK_FAILED;
}

static bool
all_may_be_asked(const struct link *l, const struct addresses *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (!l->may_ask(&a->ip[i]))
			return false;
	return true;
}

/* What could not be found or reached was the proxy, not the host. */
static void
blame_proxy(struct link *l)
{
	if (!l->proxy)
		return;
	l->err.step = STEP_PROXY;
	/* A resolver that is silent says nothing against the name. */
	if (l->state == LINK_RESOLVE && !l->dns.no_name)
		return;
	l->err.hint[0] = '\0';
	err_hint(&l->err, "check host and port of %s", l->proxy->from);
}

static bool
step_resolve(struct link *l, int64_t now_ms)
{
	struct addresses to;

	dns_step(&l->dns, now_ms);
	if (l->dns.state == DNS_ASKING)
		return false;
	if (l->dns.state == DNS_FAILED) {
		dns_explain(&l->dns, &l->err);
		blame_proxy(l);
		link_fail(l);
		return true;
	}
	dns_addresses(&l->dns, &to);
	if (!l->https && !all_may_be_asked(l, &to)) {
		err_fail(&l->err, ERR_CONFIG, STEP_CONNECT,
		    "an https endpoint, or a name that is this host's own",
		    "%s has an address beyond this host, and http would send in "
		    "the clear", l->host);
		link_fail(l);
		return true;
	}
	dial_start(&l->dial, &to, l->proxy ? l->proxy->port : l->port, l->step_ms * CONNECT_MS / STEP_MS,
	    now_ms);
	enter(l, LINK_CONNECT, now_ms);
	return true;
}

static void
enter_handshake(struct link *l, int64_t now_ms)
{
	tls_start(&l->tls, l->host, l->trust, l->now_s,
	    slice_from((const char *)l->random, TLS_ENTROPY));
	explicit_bzero(l->random, sizeof l->random);
	http1_init(&l->http, l->method, l->body, sizeof l->body);
	enter(l, LINK_HANDSHAKE, now_ms);
}

/* The room of the answer's body holds the words for the proxy meanwhile. */
static void
enter_tunnel(struct link *l, int64_t now_ms)
{
	struct buf b = BUF_OVER(l->body);

	_Static_assert(sizeof l->body >= PROXY_REQUEST_MAX, "room for it");
	proxy_write_connect(&b, l->proxy, l->host, l->port);
	l->tunnel_len = b.len;
	l->tunnel_sent = 0;
	http1_init(&l->http, "CONNECT", l->body, sizeof l->body);
	enter(l, LINK_TUNNEL, now_ms);
}

static void
fail_tunnel(struct link *l, const char *why)
{
	err_fail(&l->err, ERR_UNREACHABLE, STEP_PROXY,
	    "the same command again; if it stays so, check the proxy's host and "
	    "port",
	    "proxy %s:%d gave no tunnel to %s: %s", l->proxy->host,
	    l->proxy->port, l->host, why);
	l->lost = true;
	link_fail(l);
}

static bool
step_connect(struct link *l, int64_t now_ms)
{
	dial_step(&l->dial, now_ms);
	if (l->dial.state == DIAL_CONNECTING)
		return false;
	if (l->dial.state == DIAL_FAILED) {
		dial_explain(&l->dial, l->dns.host, &l->err);
		blame_proxy(l);
		l->lost = l->dial.reset;
		link_fail(l);
		return true;
	}
	if (l->proxy)
		enter_tunnel(l, now_ms);
	else if (l->https)
		enter_handshake(l, now_ms);
	else
		enter(l, LINK_READY, now_ms);
	return true;
}

static bool
send_connect(struct link *l)
{
	size_t n;
	enum socket_result result = socket_send(l->dial.fd,
	    l->body + l->tunnel_sent, l->tunnel_len - l->tunnel_sent, &n);

	l->tunnel_sent += n;
	if (l->tunnel_sent == l->tunnel_len)
		explicit_bzero(l->body, l->tunnel_len);
	if (result == SOCKET_BROKEN)
		fail_tunnel(l, errno_words(errno));
	return n > 0;
}

static bool
step_tunnel(struct link *l, int64_t now_ms)
{
	char bytes[4096];
	enum socket_result result;
	size_t n;

	if (l->tunnel_sent < l->tunnel_len)
		return send_connect(l);
	result = socket_receive(l->dial.fd, bytes, sizeof bytes, &n);
	if (result == SOCKET_LATER)
		return false;
	if (result != SOCKET_MOVED && !http1_started(&l->http)) {
		fail_tunnel(l, result == SOCKET_ENDED ?
		    "closed by the other side" : errno_words(errno));
		return true;
	}
	if ((result == SOCKET_MOVED ?
	    http1_read(&l->http, slice_from(bytes, n)) :
	    http1_read_end(&l->http, true)) == READ_MORE &&
	    (!http1_has_head(&l->http) || l->http.status < 300))
		return true;
	if (proxy_explain(&l->http, l->proxy, l->host, &l->err)) {
		enter_handshake(l, now_ms);
		return true;
	}
	l->lost = l->http.status >= 502 && l->http.status <= 504;
	link_fail(l);
	return true;
}

static void
fail_tls(struct link *l)
{
	tls_explain(&l->tls, l->step, &l->err);
	l->lost = !l->tls.code && !l->tls.flooded;
	link_fail(l);
}

static bool
step_handshake(struct link *l, int64_t now_ms)
{
	tls_step(&l->tls, l->dial.fd);
	if (l->tls.end != TLS_GOING_ON) {
		fail_tls(l);
		return true;
	}
	if (l->tls.established) {
		enter(l, LINK_READY, now_ms);
		return true;
	}
	if (l->request_given && l->may_be_early &&
	    tls_send_early(&l->tls, l->request)) {
		int64_t deadline_ms = l->deadline_ms;

		/* The handshake goes on, and keeps its deadline. */
		enter(l, LINK_READ, now_ms);
		l->deadline_ms = deadline_ms;
		l->sent = l->request.len;
		l->early = true;
		return true;
	}
	return false;
}

/*
 * Before the request only look whether the peer has gone. What it says unasked
 * is no answer, and would be taken for one.
 */
static bool
step_ready(struct link *l, int64_t now_ms)
{
	if (l->https) {
		tls_step(&l->tls, l->dial.fd);
		if (l->tls.end != TLS_GOING_ON) {
			fail_tls(l);
			return true;
		}
		if (tls_received(&l->tls).len) {
			err_fail(&l->err, ERR_PROTOCOL, l->step,
			    "the same command again",
			    "%s answered before it was asked", l->host);
			l->lost = true;
			link_fail(l);
			return true;
		}
	}
	if (l->request_given)
		enter(l, LINK_SEND, now_ms);
	return l->request_given;
}

/* Plain bytes on loopback; see route.c for who may have that. */
static size_t
plain_send(struct link *l, struct slice bytes)
{
	size_t n;

	if (socket_send(l->dial.fd, bytes.p, bytes.len, &n) == SOCKET_BROKEN) {
		err_set(&l->err, ERR_UNREACHABLE, l->step,
		    "the connection to %s was lost: %s", l->host,
		    errno_words(errno));
		l->lost = true;
		link_fail(l);
	}
	return n;
}

static bool
step_send(struct link *l, int64_t now_ms)
{
	struct slice rest = slice_skip(l->request, l->sent);
	size_t n;

	if (l->https) {
		tls_step(&l->tls, l->dial.fd);
		if (l->tls.end != TLS_GOING_ON) {
			fail_tls(l);
			return true;
		}
		n = tls_send(&l->tls, rest);
	} else {
		n = plain_send(l, rest);
	}
	if (l->state == LINK_FAILED)
		return true;
	l->sent += n;
	if (l->sent == l->request.len)
		enter(l, LINK_READ, now_ms);
	return n > 0;
}

static void
take_result(struct link *l, enum read_result result)
{
	if (result == READ_DONE)
		l->state = LINK_DONE;
	if (result != READ_BAD)
		return;
	err_fail(&l->err, ERR_PROTOCOL, l->step,
	    "the same command again; if it stays so, look for a firewall or "
	    "proxy",
	    "the answer of %s is not good HTTP/1.1: %s", l->host, l->http.why);
	link_fail(l);
}

/* The peer has closed; a cut answer is the connection's fault. */
static void
take_end(struct link *l, bool clean)
{
	take_result(l, http1_read_end(&l->http, clean));
	l->lost = l->state == LINK_FAILED;
}

static bool
read_plain(struct link *l)
{
	char bytes[4096];
	enum socket_result result;
	size_t n;

	result = socket_receive(l->dial.fd, bytes, sizeof bytes, &n);
	switch (result) {
	case SOCKET_LATER:
		return false;
	case SOCKET_MOVED:
		take_result(l, http1_read(&l->http, slice_from(bytes, n)));
		break;
	case SOCKET_ENDED:
	case SOCKET_BROKEN:
		take_end(l, result == SOCKET_ENDED);
		break;
	}
	explicit_bzero(bytes, sizeof bytes);
	return true;
}

static bool
read_tls(struct link *l)
{
	bool moved = false;
	struct slice bytes;

	for (;;) {
		moved |= tls_step(&l->tls, l->dial.fd);
		bytes = tls_received(&l->tls);
		if (!bytes.len)
			break;
		moved = true;
		take_result(l, http1_read(&l->http, bytes));
		tls_taken(&l->tls, bytes.len);
		if (l->state != LINK_READ)
			return true;
	}
	if (l->tls.end == TLS_GOING_ON)
		return moved;
	/* Once it has begun, what a reset leaves is a cut answer like any other. */
	if (!l->tls.established || (l->tls.end == TLS_FAILED &&
	    (l->tls.code || l->tls.flooded || !http1_started(&l->http))))
		fail_tls(l);
	else
		take_end(l, l->tls.end == TLS_CLOSED);
	return true;
}

/* Until the answer begins only the run's deadline counts: AWS may be busy. */
static bool
step_read(struct link *l, int64_t now_ms)
{
	bool begun = http1_started(&l->http);
	bool early = l->https && !l->tls.established;
	bool moved = l->https ? read_tls(l) : read_plain(l);

	if (l->state != LINK_READ)
		return true;
	if (early && l->tls.established)
		l->deadline_ms = 0;
	if (!begun && http1_started(&l->http))
		l->deadline_ms = now_ms + l->step_ms;
	return moved;
}

static bool
step(struct link *l, int64_t now_ms)
{
	switch (l->state) {
	case LINK_RESOLVE: return step_resolve(l, now_ms);
	case LINK_CONNECT: return step_connect(l, now_ms);
	case LINK_TUNNEL: return l->proxy && step_tunnel(l, now_ms);
	case LINK_HANDSHAKE: return step_handshake(l, now_ms);
	case LINK_READY: return step_ready(l, now_ms);
	case LINK_SEND: return step_send(l, now_ms);
	case LINK_READ: return step_read(l, now_ms);
	default: return false;
	}
}

static bool
is_handshaking(const struct link *l)
{
	return l->state == LINK_HANDSHAKE ||
	    (l->state == LINK_READ && l->https && !l->tls.established);
}

/* This state's own deadline is over. */
static void
fail_late(struct link *l)
{
	/* There is a proxy then; the analyzer does not see it. */
	if (l->proxy && l->state == LINK_TUNNEL) {
		fail_tunnel(l, "no answer");
		l->lost = false;
		return;
	}

	bool handshake = is_handshaking(l);

	err_fail(&l->err, ERR_UNREACHABLE, handshake ? STEP_TLS : l->step,
	    "the same command again; if it stays so, look for a firewall or "
	    "proxy", handshake ?
	    "%s did not finish the TLS handshake within %d s" :
	    "%s began to answer and did not end within %d s", l->host,
	    (int)(l->step_ms / 1000));
	link_fail(l);
}

void
link_step(struct link *l, int64_t now_ms)
{
	tls_wake(&l->tls);
	while (step(l, now_ms))
		;
	if (!link_over(l) && l->deadline_ms && now_ms >= l->deadline_ms)
		fail_late(l);
	/* The answer is complete: nobody waits for the peer to close. */
	if (l->state == LINK_DONE && !l->http.keep_alive)
		dial_end(&l->dial);
}

bool
link_is_reusable(const struct link *l)
{
	return l->state == LINK_DONE && l->https && l->dial.fd >= 0;
}

bool
link_disliked_early(const struct link *l)
{
	return l->state == LINK_FAILED && l->early && !l->tls.established &&
	    (l->lost || tls_alerted(&l->tls) || l->tls.end == TLS_GOING_ON);
}

int64_t
link_ends_ms(const struct link *l)
{
	const struct dial *d = &l->dial;

	/* The address that was begun last is given up last. */
	if (l->state == LINK_CONNECT && d->begun)
		return d->begun == d->to.n ? d->until_ms[d->begun - 1] : INT64_MAX;
	return l->deadline_ms ? l->deadline_ms : INT64_MAX;
}

nfds_t
link_wants(const struct link *l, struct pollfd pf[static LINK_POLL_MAX],
	int64_t *next_ms)
{
	*next_ms = l->deadline_ms ? l->deadline_ms : INT64_MAX;
	pf->events = POLLIN;
	switch (l->state) {
	case LINK_RESOLVE:
		return dns_wants(&l->dns, pf, next_ms);
	case LINK_CONNECT:
		return dial_wants(&l->dial, pf, next_ms);
	case LINK_TUNNEL:
		pf->fd = l->dial.fd;
		if (l->tunnel_sent < l->tunnel_len)
			pf->events = POLLOUT;
		return 1;
	case LINK_HANDSHAKE:
	case LINK_READY:
	case LINK_SEND:
	case LINK_READ:
		pf->fd = l->dial.fd;
		if (l->https)
			pf->events = tls_wants(&l->tls);
		else if (l->state == LINK_SEND)
			pf->events = POLLOUT;
		/* Without TLS there is nothing to hear before the request. */
		return l->https || l->state != LINK_READY;
	default:
		*next_ms = INT64_MAX;
		return 0;
	}
}

const char *
link_state_word(enum link_state state)
{
	static const char words[][32] = {
		[LINK_OFF] = "not begun",
		[LINK_RESOLVE] = "looking up",
		[LINK_CONNECT] = "connecting to",
		[LINK_TUNNEL] = "asking the proxy for",
		[LINK_HANDSHAKE] = "TLS handshake with",
		[LINK_READY] = "connected to",
		[LINK_SEND] = "sending to",
		[LINK_READ] = "waiting for the answer of",
		[LINK_DONE] = "answered by",
		[LINK_FAILED] = "failed:",
	};

	return words[state];
}

void
link_expire(struct link *l, int64_t timeout_s)
{
	static const enum step steps[] = {
		[LINK_RESOLVE] = STEP_DNS,
		[LINK_CONNECT] = STEP_CONNECT,
		[LINK_TUNNEL] = STEP_PROXY,
		[LINK_HANDSHAKE] = STEP_TLS,
	};
	/* After False Start a request is out while the handshake goes on. */
	enum link_state state = is_handshaking(l) ? LINK_HANDSHAKE : l->state;
	bool early = state >= LINK_RESOLVE && state <= LINK_HANDSHAKE;
	bool at_proxy = l->proxy && state <= LINK_CONNECT;

	if (link_over(l))
		return;
	if (state == LINK_RESOLVE)
		dns_explain(&l->dns, &l->err);
	err_set(&l->err, ERR_UNREACHABLE, at_proxy ? STEP_PROXY :
	    early ? steps[state] : l->step, "%s %s%s: given up after %d s",
	    link_state_word(state), at_proxy ? "proxy " : "",
	    at_proxy ? l->proxy->host : l->host, (int)timeout_s);
	/* A resolver that says nothing is not cured by waiting. */
	if (state != LINK_RESOLVE)
		err_again(&l->err, "--timeout %d", (int)(timeout_s * 2 >
		    TIMEOUT_MAX_S ? TIMEOUT_MAX_S : timeout_s * 2));
	link_fail(l);
}

void
link_end(struct link *l)
{
	if (l->state == LINK_OFF)
		return;
	dns_end(&l->dns);
	dial_end(&l->dial);
	/* The proxy's login, if it did not get that far. */
	explicit_bzero(l->body, l->tunnel_len);
	tls_wipe(&l->tls);
	buf_wipe(&l->http.body);
	explicit_bzero(&l->http, sizeof l->http);
	l->state = LINK_OFF;
}
