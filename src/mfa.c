/* SPDX-License-Identifier: MIT */
/*
 * Where codes come from, in the order in which people expect it.
 */
#include "mfa.h"

#include <errno.h>

#include "helper.h"
#include "links.h"
#include "sys/file.h"

static bool
is_code(struct slice text)
{
	return text.len == 6 && slice_span_digits(text) == 6;
}

static bool
take(struct run *run, struct slice text, const char *from, struct error *err)
{
	text = slice_trim(text);
	if (!is_code(text))
		return err_fail(err, ERR_USAGE, STEP_OPTIONS, "--token-code CODE",
		    "%s must be six digits", from);
	return copy_text(run->secret->token_code,
	    sizeof run->secret->token_code, text);
}

static struct slice
first_line(const struct buf *b)
{
	struct slice line = buf_slice(b);

	line.len = slice_find_char(line, '\n');
	return line.len && line.p[line.len - 1] == '\r' ?
	    slice_from(line.p, line.len - 1) : line;
}

/* --token-code -, fd:N or the digits. */
static bool
take_option(struct run *run, struct error *err)
{
	struct slice given = run->opt->token_code;
	char text[64];
	struct buf b = BUF_OVER(text);
	int number = 0;
	bool ok;

	if (!slice_is(given, "-") && !slice_starts(given, "fd:"))
		return take(run, given, "--token-code", err);
	if (!file_read_line(&b, given, PROMPT_MS, &number))
		return err_fail(err, ERR_USAGE, STEP_OPTIONS, "--token-code CODE",
		    "--token-code %.*s: %s", (int)given.len, given.p,
		    number == ETIME ? "no code came within 5 min" :
		    errno_words(number));
	ok = take(run, first_line(&b), "what --token-code reads", err);
	buf_wipe(&b);
	return ok;
}

static bool
take_process(struct run *run, const struct role *role, char **env,
	struct error *err)
{
	char text[64], source[PROFILE_NAME_MAX + 32];
	struct buf b = BUF_OVER(text);
	bool ok;

	fmt_text(source, sizeof source, "mfa_process of profile %.*s",
	    (int)role->profile.len, role->profile.p);
	ok = helper_run(&b, role->mfa_process, env, source, err) &&
	    take(run, first_line(&b), "what mfa_process prints", err);
	buf_wipe(&b);
	return ok;
}

bool
mfa_prepare(struct run *run, char **env, struct error *err)
{
	const struct plan *plan = &run->wire->plan;
	const struct role *needs = NULL;
	struct error none = { 0 };

	for (size_t i = 0; i < plan->roles_n && !needs; i++)
		if (plan->roles[i].mfa_serial.len)
			needs = &plan->roles[i];
	if (run->opt->token_code.len && !needs)
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--serial-number ARN with it",
		    "--token-code is for an MFA device, and none is named");
	if (!needs || run->opt->explain)
		return true;
	if (run->opt->token_code.len)
		return take_option(run, err);
	if (needs->mfa_process.len)
		return take_process(run, needs, env, err);
	run->wire->has_terminal = terminal_open(&run->wire->terminal, &none);
	if (run->wire->has_terminal)
		return true;
	err_set(err, ERR_USAGE, STEP_OPTIONS, "a code of MFA device %.*s is "
	    "needed, and there is no terminal to ask for it",
	    (int)needs->mfa_serial.len, needs->mfa_serial.p);
	return err_again(err, "--token-code CODE");
}

/* A line is there: is it a code that was not used? */
static bool
take_line(struct run *run, const struct buf *line)
{
	struct slice text = slice_trim(buf_slice(line));

	if (!is_code(text)) {
		run_say(run, SAY_WARNING, "a code has six digits");
		return false;
	}
	if (slice_is(text, run->secret->spent_code)) {
		run_say(run, SAY_WARNING, "that code was used: wait for the next");
		return false;
	}
	return copy_text(run->secret->token_code,
	    sizeof run->secret->token_code, text);
}

/* Ask, with an eye on the links, and take the time off nobody's deadline. */
static bool
type_code(struct run *run, const struct role *role, struct error *err)
{
	const struct terminal *t = &run->wire->terminal;
	int64_t start_ms = run->now_ms, until_ms = start_ms + PROMPT_MS;
	char text[64];
	struct buf line = BUF_OVER(text);
	enum read_result result = READ_MORE;

	terminal_ask_code(t, role->mfa_serial);
	while (!run->secret->token_code[0] && result != READ_BAD &&
	    links_wait_input(run, t->fd, until_ms)) {
		result = terminal_read_line(t, &line);
		if (result == READ_MORE)
			continue;
		if (result == READ_BAD && line.full) {
			run_say(run, SAY_WARNING, "a code has six digits");
			result = READ_DONE;
		} else if (result == READ_DONE && take_line(run, &line)) {
			break;
		}
		buf_wipe(&line);
		if (result == READ_DONE)
			terminal_ask_code(t, role->mfa_serial);
	}
	explicit_bzero(text, sizeof text);
	run->deadline_ms += run->now_ms - start_ms;
	if (run->secret->token_code[0])
		return true;
	terminal_leave_prompt(t);
	err_set(err, ERR_USAGE, STEP_OPTIONS, result == READ_BAD ?
	    "no code of MFA device %.*s was typed" :
	    "no code of MFA device %.*s was typed within 5 min",
	    (int)role->mfa_serial.len, role->mfa_serial.p);
	return err_again(err, "--token-code CODE");
}

bool
mfa_get_code(struct run *run, const struct role *role, struct error *err)
{
	if (run->secret->token_code[0])
		return true;
	if (run->wire->has_terminal)
		return type_code(run, role, err);
	err_set(err, ERR_DENIED, STEP_STS, "another code of MFA device %.*s is "
	    "needed: each is good once", (int)role->mfa_serial.len,
	    role->mfa_serial.p);
	return err_hint(err, "the same command at a terminal, which asks for each "
	    "code");
}

void
mfa_spend_code(struct run *run)
{
	memcpy(run->secret->spent_code, run->secret->token_code,
	    sizeof run->secret->spent_code);
	explicit_bzero(run->secret->token_code, sizeof run->secret->token_code);
}

bool
mfa_can_ask(const struct run *run)
{
	return run->wire->has_terminal;
}

bool
mfa_try_again(struct run *run)
{
	if (!mfa_can_ask(run) || ++run->codes >= TRIES_MAX)
		return false;
	run_say(run, SAY_WARNING, "AWS did not take the code: another one");
	return true;
}
