/* SPDX-License-Identifier: MIT */
/*
 * check chain: where a run would take its keys from, given an environment, file
 * texts and a profile. Keys that a run would refuse on sight are refused here.
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
put_step(struct buf *b, const struct step_of_plan *step)
{
	struct buf source = take_buf(PROFILE_NAME_MAX + 32);

	buf_puts(&source, step->source->name);
	if (step->profile.len) {
		buf_putc(&source, ':');
		buf_put_slice(&source, step->profile);
	}
	must_fit(&source);
	buf_putc(b, '{');
	json_put_name(b, "source");
	json_put_string(b, buf_slice(&source));
	json_put_name(b, "access_key");
	json_put_string(b, step->access_key_id);
	buf_putc(b, '}');
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
	    !creds_load(&creds, plan.steps[0].access_key_id,
	    plan.steps[0].secret_access_key, plan.steps[0].session_token,
	    plan.origin, &err))
		refuse("%s", err.what);
	buf_putc(&out, '[');
	for (size_t i = 0; i < plan.n; i++) {
		if (i)
			buf_putc(&out, ',');
		put_step(&out, &plan.steps[i]);
	}
	buf_putc(&out, ']');
	must_fit(&out);
	answer(buf_slice(&out));
	return ACCEPTED;
}
