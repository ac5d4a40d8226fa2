/* SPDX-License-Identifier: MIT */
/*
 * Where codes come from, in the order in which people expect it.
 */
#include "mfa.h"

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
	if (file_read(&b, given, &number) != FILE_READ)
		return err_fail(err, ERR_USAGE, STEP_OPTIONS, "--token-code CODE",
		    "--token-code %.*s: %s", (int)given.len, given.p,
		    errno_words(number));
	while (b.len && (b.p[b.len - 1] == '\n' || b.p[b.len - 1] == '\r'))
		b.len--;
	ok = take(run, buf_slice(&b), "what --token-code reads", err);
	buf_wipe(&b);
	return ok;
}

bool
mfa_prepare(struct run *run, char *const *env, struct error *err)
{
	const struct plan *plan = &run->wire->plan;
	const struct role *needs = NULL;

	(void)env;
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
	err_set(err, ERR_USAGE, STEP_OPTIONS, "a code of MFA device %.*s is "
	    "needed", (int)needs->mfa_serial.len, needs->mfa_serial.p);
	return err_again(err, "--token-code CODE");
}

bool
mfa_get_code(struct run *run, const struct role *role, struct error *err)
{
	if (run->secret->token_code[0])
		return true;
	return err_fail(err, ERR_DENIED, STEP_STS,
	    "the same command with --token-code and the device's next code",
	    "another code of MFA device %.*s is needed: each is good once",
	    (int)role->mfa_serial.len, role->mfa_serial.p);
}

void
mfa_spend_code(struct run *run)
{
	explicit_bzero(run->secret->token_code, sizeof run->secret->token_code);
}

bool
mfa_can_ask(const struct run *run)
{
	(void)run;
	return false;
}

bool
mfa_try_again(struct run *run)
{
	return mfa_can_ask(run) && ++run->codes < TRIES_MAX;
}
