/* SPDX-License-Identifier: MIT */
/*
 * check chain: where a run would take its keys from and which roles it would
 * assume, given an environment, file texts and a profile. Keys that a run would
 * refuse on sight are refused here.
 */
#include "common.h"

#include "base/env.h"
#include "creds/plan.h"

/* NAME=VALUE strings with a NULL behind them. */
static char **
made_up_environment(struct slice object)
{
	struct json_walk walk = case_walk(object, "env", false);
	char **vars = take((case_count(walk) + 1) * sizeof *vars);
	struct slice name, raw;

	for (size_t i = 0; json_walk_next(&walk, &name, &raw); i++) {
		struct slice key = case_string(name), value = case_string(raw);
		struct buf b = take_buf(key.len + value.len + 2);

		buf_put_slice(&b, key);
		buf_putc(&b, '=');
		buf_put_slice(&b, value);
		vars[i] = b.p;
	}
	return vars;
}

/* "~/" at the front of a path is the home. */
static struct slice
expand(struct slice path, struct slice home)
{
	struct buf b = take_buf(home.len + path.len);

	if (!slice_starts(path, "~/") || !home.len)
		return path;
	buf_put_slice(&b, home);
	buf_put_slice(&b, slice_skip(path, 1));
	return buf_slice(&b);
}

/* The text of a file of the case, and what became of reading it. */
static const char *
read_file(struct slice object, struct slice home, struct slice path,
	struct slice *text)
{
	struct json_walk walk = case_walk(object, "files", false);
	struct slice name, raw;

	while (json_walk_next(&walk, &name, &raw)) {
		if (!slice_eq(expand(case_string(name), home), path))
			continue;
		*text = case_string(raw);
		return "no keys for this profile";
	}
	return "not there";
}

static struct slice
path_of(char *const *env, const char *variable, const char *usual,
	struct slice home)
{
	struct slice path = env_get(env, variable);

	return expand(path.len ? path : slice_of(usual), home);
}

static const char *
terminated(struct slice s)
{
	char *text = take(s.len + 1);

	if (s.len)
		memcpy(text, s.p, s.len);
	return text;
}

static void
put_text(struct buf *b, const char *name, struct slice value)
{
	if (!value.len)
		return;
	json_put_name(b, name);
	json_put_string(b, value);
}

static void
put_base(struct buf *b, const struct step_of_plan *base)
{
	struct buf source = take_buf(PROFILE_NAME_MAX + 32);

	buf_puts(&source, base->source->name);
	if (slice_is(buf_slice(&source), "profile")) {
		buf_putc(&source, ':');
		buf_put_slice(&source, base->profile);
	}
	must_fit(&source);
	buf_putc(b, '{');
	put_text(b, "source", buf_slice(&source));
	put_text(b, "access_key", base->access_key_id);
	buf_putc(b, '}');
}

static void
put_role(struct buf *b, const struct role *role)
{
	uint64_t duration;

	buf_puts(b, ",{");
	json_put_name(b, "assume_role");
	buf_putc(b, '{');
	put_text(b, "role_arn", role->role_arn);
	put_text(b, "external_id", role->external_id);
	put_text(b, "mfa_serial", role->mfa_serial);
	put_text(b, "role_session_name", role->session_name);
	if (slice_to_u64(role->duration, UINT32_MAX, &duration)) {
		json_put_name(b, "duration");
		buf_put_u64(b, duration);
	}
	buf_puts(b, "}}");
}

int
main(void)
{
	static struct plan plan;
	static struct creds creds;
	struct slice object = case_object(), home = case_text(object, "home");
	char **env = made_up_environment(object);
	struct surroundings around = { .env = env };
	struct buf out = take_buf(8u * CASE_MAX);
	struct error err = { 0 };
	struct slice config, credentials;

	if (!home.len)
		home = env_get(env, "HOME");
	config = path_of(env, "AWS_CONFIG_FILE", "~/.aws/config", home);
	credentials = path_of(env, "AWS_SHARED_CREDENTIALS_FILE",
	    "~/.aws/credentials", home);
	around.profile_option = case_text(object, "profile");
	around.files.config_path = terminated(config);
	around.files.credentials_path = terminated(credentials);
	around.config_state = read_file(object, home, config,
	    &around.files.config);
	around.credentials_state = read_file(object, home, credentials,
	    &around.files.credentials);
	if (!plan_make(&plan, &around, &err) ||
	    ((plan.base.access_key_id.len || plan.base.secret_access_key.len) &&
	    !creds_load(&creds, plan.base.access_key_id,
	    plan.base.secret_access_key, plan.base.session_token,
	    plan.origin, &err)))
		refuse("%s", err.what);
	buf_putc(&out, '[');
	put_base(&out, &plan.base);
	for (size_t i = 0; i < plan.roles_n; i++)
		put_role(&out, &plan.roles[i]);
	buf_putc(&out, ']');
	must_fit(&out);
	answer(buf_slice(&out));
	return ACCEPTED;
}
