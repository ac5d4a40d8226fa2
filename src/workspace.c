/* SPDX-License-Identifier: MIT */
/*
 * Mapping and wiping the two regions, and the small things that every step of
 * a run needs: the corrected time, a voice.
 */
#include "workspace.h"

#include "sys/host.h"

bool
login_open(struct workspace *ws, struct error *err)
{
	memset(ws, 0, sizeof *ws);
	if (!region_map(&ws->secret_region, sizeof *ws->secret, true, err) ||
	    !region_map(&ws->wire_region, sizeof *ws->wire, false, err))
		return false;
	ws->secret = ws->secret_region.p;
	ws->wire = ws->wire_region.p;
	return true;
}

void
login_close(struct workspace *ws)
{
	if (ws->wire) {
		if (ws->wire->has_terminal)
			terminal_close(&ws->wire->terminal);
		link_end(&ws->wire->sts);
		link_end(&ws->wire->signin);
		link_end(&ws->wire->source);
		file_replace_drop(&ws->wire->renewal);
	}
	region_wipe(&ws->secret_region);
	region_wipe(&ws->wire_region);
}

void
run_init(struct run *run, struct workspace *ws, const struct options *opt,
	struct login *out, struct listener *listener)
{
	int64_t start_ms = host_steady_ms();

	*run = (struct run){
		.secret = ws->secret, .wire = ws->wire, .opt = opt,
		.out = out, .route = &out->route, .listener = listener,
		.start_ms = start_ms, .now_ms = start_ms,
		.deadline_ms = start_ms + opt->timeout_s * 1000,
	};
}

int64_t
run_now_s(const struct run *run)
{
	return host_wall_s() + run->out->clock_offset_s;
}

const struct proxy *
run_proxy_for(const struct run *run, const struct endpoint *to)
{
	const struct proxy *p = &run->secret->proxy;

	return p->on && !proxy_is_bypassed(run->wire->no_proxy, to->host) ?
	    p : NULL;
}

void
run_say(struct run *run, enum say kind, const char *format, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, format);
	fmt_vtext(line, sizeof line, format, ap);
	va_end(ap);
	run->listener->say(run->listener->context, kind,
	    run->now_ms - run->start_ms, line);
}
