/* SPDX-License-Identifier: MIT */
/*
 * What the person asked for: the command line, completed from the environment.
 * One table gives parsing, --help and the environment variables.
 */
#ifndef POSTERN_CLI_OPTIONS_H
#define POSTERN_CLI_OPTIONS_H

#include "base/error.h"
#include "base/limits.h"

enum command {
	COMMAND_URL, COMMAND_CREDS, COMMAND_EXEC, COMMAND_WHOAMI,
	COMMAND_HELP, COMMAND_VERSION
};

/* The first is each command's own; FORMAT_JSON is for failures, too. */
enum output_format {
	FORMAT_URL, FORMAT_JSON, FORMAT_PROCESS, FORMAT_ENV,
	FORMAT_ENV_NO_EXPORT, FORMAT_FISH, FORMAT_POWERSHELL, FORMAT_INI
};

struct options {
	enum command command;
	int argc;                       /* as typed, to repeat the command */
	char **argv;
	int rest_at;                    /* of what is not ours in argv; 0: nothing */
	char **program;                 /* argv of CMD, for exec */
	/* All texts are borrowed from argv or the environment; empty: not given. */
	struct slice credentials, profile, region, role_arn, role_session_name;
	struct slice external_id, serial_number, token_code, source_identity;
	struct slice name, policy, duration, destination, issuer;
	struct slice proxy, ca_bundle, endpoint_url, signin_endpoint_url;
	struct slice signin_region, console_url;
	struct slice timeout, time, format_word;
	struct slice policy_arns[POLICY_ARNS_MAX];
	struct slice resolve[RESOLVE_MAX], dns[NAMESERVERS_MAX];
	size_t policy_arns_n, resolve_n, dns_n;
	bool ipv4, ipv6;
	bool read_only, explain, quiet, verbose, force, signin_get;
	bool no_false_start;
	bool help, version;
	/* Read from the texts above. */
	enum output_format format;
	bool duration_given;            /* by option, not by POSTERN_DURATION */
	bool session_name_given;        /* by option, not by AWS_ROLE_SESSION_NAME */
	int64_t duration_s;             /* 0: not given */
	int64_t timeout_s;
	bool time_given;
	int64_t time_s;                 /* seconds since 1970-01-01 UTC */
};

/*
 * Read the command line, then fill what it leaves open from the environment
 * `env`. Fails with ERR_USAGE; err then holds the nearest right word, if any.
 * `opt` is usable for reporting even after a failure.
 */
bool options_read(struct options *opt, int argc, char **argv,
	char *const *env, struct error *err)
	__attribute__((warn_unused_result));

/* Append the help text: usage, options, exit codes. */
void options_put_help(struct buf *b);

/*
 * Append the command as it was typed, quoted for a POSIX shell, with `more`
 * (already quoted) behind our options.
 */
void options_put_command(struct buf *b, const struct options *opt,
	const char *more);

/*
 * A length of time: 3600, 900s, 90m, 12h, 1h30m. Fails on anything else and
 * above 366 days.
 */
bool duration_read(struct slice s, int64_t *seconds)
	__attribute__((warn_unused_result));

#endif
