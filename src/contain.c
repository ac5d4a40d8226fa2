/* SPDX-License-Identifier: MIT */
/*
 * What the lock has to leave open for this run. How the kernel is told is
 * sys/lockdown.c's.
 */
#include "base/env.h"
#include "codec/uri.h"
#include "sys/lockdown.h"
#include "workspace.h"

static void
add_port(struct lockdown *lock, uint16_t port)
{
	lock->ports[lock->ports_n++] = port;
}

static void
find_ports(struct lockdown *lock, const struct wire *w,
	const struct route *route, const struct proxy *proxy)
{
	struct uri uri;

	/* Of hosts that are known later, such as Identity Center's. */
	add_port(lock, 443);
	add_port(lock, route->sts.port);
	add_port(lock, route->signin.port);
	if (proxy->on)
		add_port(lock, proxy->port);
	if (uri_read(w->plan.base.url, &uri))
		add_port(lock, uri.port);
	for (size_t i = 0; i < w->names.servers_n; i++)
		add_port(lock, w->names.servers[i].port);
}

void
login_lock(struct workspace *ws, const struct options *opt, char *const *env,
	struct login *out, struct listener *listener)
{
	struct lockdown lock = { .renewed = ws->wire->renewal.beside };
	int version = 4;
	bool calls = true;
	struct run run;

	run_init(&run, ws, opt, out, listener);
	if (slice_is(env_get(env, "POSTERN_SANDBOX"), "off")) {
		run_say(&run, SAY_WARNING, "POSTERN_SANDBOX=off: this process may "
		    "open files, run programs and connect anywhere");
		return;
	}
	find_ports(&lock, ws->wire, &out->route, &ws->secret->proxy);
#ifndef POSTERN_NO_CONTAINMENT
	version = lockdown_files(&lock);
	calls = lockdown_calls(lock.renewed[0] != '\0');
#endif
	if (version < 4 || !calls)
		run_say(&run, SAY_TRACE, "this host's kernel cannot lock:%s%s%s",
		    version < 1 ? " files" : "", version < 4 ? " ports" : "",
		    calls ? "" : " system calls");
}
