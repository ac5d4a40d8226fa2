/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the surroundings of a run: lines of the environment, a NUL, the
 * config file, a NUL, the credentials file. The plan ends with keys or a way to
 * them, or with an error that is told and quotes no secret.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "creds/inquiry.h"

#define LINES_MAX 16

static struct plan plan;
static char env_text[1 << 16], *env[LINES_MAX + 1];

static struct slice
take_until(struct slice *in, char end)
{
	size_t len = slice_find_char(*in, end);
	struct slice piece = slice_from(in->p, len);

	*in = slice_skip(*in, len < in->len ? len + 1 : len);
	return piece;
}

static bool
read_env(struct slice lines)
{
	struct buf b = BUF_OVER(env_text);
	size_t n = 0;

	while (lines.len && n < LINES_MAX) {
		env[n++] = b.p + b.len;
		buf_put_slice(&b, take_until(&lines, '\n'));
		buf_putc(&b, '\0');
	}
	env[n] = NULL;
	return !b.full;
}

/* Kept by the plan, or borrowed from what it was made of. */
static void
check_place(struct slice s, const struct surroundings *around)
{
	MUST(!s.len || lies_within(s, slice_from(plan.text, plan.text_len)) ||
	    lies_within(s, slice_from(env_text, sizeof env_text)) ||
	    lies_within(s, around->files.config) ||
	    lies_within(s, around->files.credentials));
}

static void
check_base(const struct surroundings *around)
{
	const struct step_of_plan *base = &plan.base;
	const struct slice kept[] = {
		base->command, base->file, base->region, base->account,
		base->role_name, base->role_arn, base->session_name, base->bearer,
		base->access_key_id, base->secret_access_key, base->session_token,
	};
	char text[4 * BEARER_MAX];
	char bearer[BEARER_MAX] = "token";
	struct buf b = BUF_OVER(text), shown = BUF_OVER(bearer);
	struct inquiry q = { .plan = &plan, .bearer = &shown };
	struct error err = { 0 };

	MUST(plan.found && base->source && plan.origin[0]);
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		check_place(kept[i], around);
	if (base->source->way != BY_ASKING)
		return;
	shown.len = 5;
	MUST(base->source->inquiry->write(&q, &b, &err) || err.what[0] ||
	    base->url.len);
	if (!q.to.https && base->source->inquiry->may_ask && base->url.len) {
		struct uri uri;

		MUST(uri_read(base->url, &uri));
		MUST(uri.https || !uri.is_ip ||
		    base->source->inquiry->may_ask(&uri.ip));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = input_slice(data, size);
	struct slice variables = take_until(&in, '\0');
	struct surroundings around = {
		.env = env, .config_state = "read", .credentials_state = "read",
	};
	struct error err = { 0 };

	around.files = (struct shared_files){
		take_until(&in, '\0'), in, "CONFIG", "CREDENTIALS"
	};
	if (slice_starts(variables, "--profile "))
		around.profile_option = slice_skip(take_until(&variables, '\n'), 10);
	if (!read_env(variables))
		return 0;
	if (!plan_make(&plan, &around, &err)) {
		MUST(err.kind != ERR_NONE && err.what[0]);
		MUST(err.hint[0] || err.again[0]);
		return 0;
	}
	check_base(&around);
	MUST(plan.roles_n <= PLAN_ROLES_MAX);
	for (size_t i = 0; i < plan.roles_n; i++) {
		MUST(plan.roles[i].role_arn.len);
		check_place(plan.roles[i].role_arn, &around);
		check_place(plan.roles[i].mfa_process, &around);
		check_place(plan.roles[i].duration, &around);
	}
	return 0;
}
