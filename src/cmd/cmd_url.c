/* SPDX-License-Identifier: MIT */
/*
 * postern url: the main job. Prepare, run, print the URL; the summary goes to
 * standard error first, since that is what a person reads before the click.
 */
#include <unistd.h>

#include "cli/report.h"
#include "cmd/cmd.h"
#include "show/result.h"
#include "show/summary.h"
#include "sys/host.h"

/* What the session may do, as far as the options tell. */
static const char *
may(const struct options *opt, const struct login *login)
{
	bool limited = opt->policy.len || login->route.policy_arns_n;

	switch (login->route.kind) {
	case ROUTE_FEDERATE:
		if (opt->read_only && login->route.policy_arns_n == 1 &&
		    !opt->policy.len)
			return "what this user may read, without MFA";
		return limited ?
		    "what this user and the given policy allow, without MFA" :
		    "all that this user may do, without MFA";
	case ROUTE_ASSUME:
	case ROUTE_CHAIN:
		return limited ? "what this role and the given policy allow" :
		    "all that this role may do";
	case ROUTE_DIRECT:
		break;
	}
	return "all that these keys may do";
}

static void
print_summary(const struct options *opt, const struct login *login)
{
	struct summary s = {
		.origin = login->origin, .origin_note = login->origin_note,
		.key_hint = login->key_hint,
		.account = login->who.account, .arn = login->who.arn,
		.region = login->route.region_given ? "" : login->route.region,
		.signin_host = login->route.signin_replaced ||
		    opt->signin_region.len ? login->signin_host : "",
		.may = may(opt, login),
		.now_s = login->now_s, .url_expires_s = login->url_expires_s,
		.session_expires_known = login->session_expires_known,
		.session_expires_s = login->session_expires_s,
	};
	static void (*const lines[])(struct buf *, const struct summary *) = {
		summary_put_keys, summary_put_opens, summary_put_link
	};
	bool brief = !host_is_terminal(STDERR_FILENO);

	for (int i = 0; i < (brief ? 1 : 3); i++) {
		char text[1024];
		struct buf b = TEXT_OVER(text);

		if (brief)
			summary_put_brief(&b, &s);
		else
			lines[i](&b, &s);
		buf_end(&b);
		report_line(text);
	}
}

static bool
print_url(const struct options *opt, const struct login *login,
	struct error *err)
{
	static char text[URL_MAX + 8192];
	struct buf b = BUF_OVER(text);

	if (opt->format == FORMAT_JSON) {
		result_put_json(&b, &(struct result){
			.url = login->url,
			.url_expires_s = login->url_expires_s,
			.session_expires_known = login->session_expires_known,
			.session_expires_s = login->session_expires_s,
			.duration_requested_s = login->duration_requested_s,
			.account = login->who.account, .arn = login->who.arn,
			.partition = login->route.partition->name,
			.region = login->route.region,
			.route = route_word(login->route.kind),
			.signin_host = login->signin_host,
			.request_id = login->request_id,
		});
	} else {
		buf_put_slice(&b, login->url);
		buf_putc(&b, '\n');
	}
	return cmd_result(&b, err);
}

static bool
run(struct workspace *ws, const struct options *opt, struct login *login,
	struct listener *listener, struct error *err)
{
	if (!login_run(ws, opt, login, listener, err))
		return false;
	if (!opt->quiet)
		print_summary(opt, login);
	return print_url(opt, login, err);
}

int
cmd_url(const struct options *opt, char **env)
{
	return cmd_run(opt, env, run);
}
