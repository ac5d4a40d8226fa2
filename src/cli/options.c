/* SPDX-License-Identifier: MIT */
/*
 * The option table and the two readers over it: the command line and the
 * environment. Whether options go together is for route.c to say.
 */
#include "cli/options.h"

#include <stddef.h>

#include "aws/partition.h"
#include "base/env.h"
#include "codec/quote.h"
#include "codec/timestamp.h"

enum value { VALUE_NONE, VALUE_TEXT, VALUE_LIST };

struct row {
	char name[20];                  /* without the dashes */
	char letter;                    /* short form, or 0 */
	uint8_t value;                  /* enum value */
	uint8_t max;                    /* of a list */
	uint16_t at, count_at;          /* offsets in struct options */
	char arg[20];                   /* what the value is called */
	char help[56];                  /* empty: not listed */
};

_Static_assert(sizeof(struct options) < UINT16_MAX, "offsets fit");

#define FLAG(n, l, field, h) \
	{ .name = n, .letter = l, .at = offsetof(struct options, field), .help = h }
#define TEXT(n, l, field, a, h) \
	{ .name = n, .letter = l, .value = VALUE_TEXT, \
	  .at = offsetof(struct options, field), .arg = a, .help = h }
#define LIST(n, field, m, a, h) \
	{ .name = n, .value = VALUE_LIST, .at = offsetof(struct options, field), \
	  .count_at = offsetof(struct options, field##_n), .max = m, \
	  .arg = a, .help = h }

static const struct row rows[] = {
	TEXT("credentials", 0, credentials, "FILE",
	    "JSON or export lines with keys; - to paste them"),
	TEXT("profile", 'p', profile, "NAME",
	    "keys and region of this profile"),
	TEXT("region", 0, region, "REGION",
	    "region of STS, sign-in and console"),
	TEXT("role-arn", 0, role_arn, "ARN",
	    "assume this role"),
	TEXT("role-session-name", 0, role_session_name,
	    "NAME", "name of the role session"),
	TEXT("external-id", 0, external_id, "ID",
	    "external id that the role asks for"),
	TEXT("serial-number", 0, serial_number, "ARN",
	    "MFA device that the role asks for"),
	TEXT("token-code", 0, token_code, "CODE",
	    "its current six digits; used once"),
	TEXT("source-identity", 0, source_identity, "ID",
	    "source identity of the role session"),
	TEXT("name", 0, name, "NAME",
	    "name of the federated user, 2 to 32 characters"),
	TEXT("policy", 0, policy, "JSON|FILE",
	    "session policy: inline, FILE, file://FILE, - or fd:N"),
	LIST("policy-arn", policy_arns, POLICY_ARNS_MAX, "ARN",
	    "session policy by ARN or AWS's short name; repeatable"),
	LIST("policy-arns", policy_arns, POLICY_ARNS_MAX, "ARN", ""),
	FLAG("read-only", 0, read_only,
	    "the same as --policy-arn ReadOnlyAccess"),
	TEXT("duration", 'd', duration, "TIME",
	    "length of the session: 3600, 90m, 12h (default 1h)"),
	TEXT("duration-seconds", 0, duration, "SECONDS", ""),
	TEXT("destination", 0, destination, "PLACE",
	    "console URL, path or service (ec2) to open"),
	TEXT("issuer", 0, issuer, "URL",
	    "page offered when the session has ended"),
	TEXT("ca-bundle", 0, ca_bundle, "FILE",
	    "trust these PEM certificates, not Amazon's roots"),
	TEXT("proxy", 0, proxy, "URL",
	    "go through http://HOST:PORT; else as HTTPS_PROXY says"),
	TEXT("endpoint-url", 0, endpoint_url, "URL", "STS endpoint"),
	TEXT("signin-endpoint-url", 0, signin_endpoint_url, "URL", "sign-in endpoint"),
	TEXT("signin-region", 0, signin_region, "REGION",
	    "sign in at this region's host"),
	TEXT("console-url", 0, console_url, "URL",
	    "console to open"),
	LIST("resolve", resolve, RESOLVE_MAX, "HOST[:PORT]:ADDRESS",
	    "use this address for a host; repeatable"),
	LIST("dns", dns, NAMESERVERS_MAX, "ADDRESS[:PORT]",
	    "ask this name server; repeatable"),
	FLAG("ipv4", '4', ipv4, "IPv4 addresses only"),
	FLAG("ipv6", '6', ipv6, "IPv6 addresses only"),
	TEXT("timeout", 0, timeout, "TIME",
	    "bound for all network use together (default 30s)"),
	TEXT("time", 0, time, "TIME",
	    "the time now, such as 2026-11-23T03:12Z"),
	TEXT("format", 'f', format_word, "FORMAT",
	    "json; of creds: process, env, fish, powershell, ini"),
	FLAG("no-false-start", 0, no_false_start,
	    "wait for each TLS handshake to end before asking"),
	FLAG("signin-get", 0, signin_get,
	    "ask sign-in by GET: puts keys into a request's URL"),
	FLAG("force", 0, force,
	    "try even where these keys are known not to work"),
	FLAG("explain", 0, explain,
	    "say what would be done, without any network"),
	FLAG("dry-run", 0, explain, ""),
	FLAG("quiet", 'q', quiet, "no summary on stderr"),
	FLAG("verbose", 'v', verbose,
	    "show each step with its time; never a secret"),
	FLAG("help", 'h', help, "this text"),
	FLAG("version", 'V', version, "version, target and trust anchors"),
};

#define ROWS (sizeof rows / sizeof rows[0])

/*
 * What stands for an option that is not given: the first variable that is set.
 * Endpoints are settings.c's, since profiles have them, too.
 */
static const struct {
	uint16_t at;                    /* offset in struct options */
	char names[40];                 /* blank between */
} variables[] = {
	{ offsetof(struct options, region), "AWS_REGION AWS_DEFAULT_REGION" },
	{ offsetof(struct options, role_session_name), "AWS_ROLE_SESSION_NAME" },
	{ offsetof(struct options, ca_bundle), "AWS_CA_BUNDLE" },
	{ offsetof(struct options, console_url), "POSTERN_CONSOLE_URL" },
	{ offsetof(struct options, timeout), "POSTERN_TIMEOUT" },
};

static const struct {
	char word[8];
	uint8_t command;                /* enum command */
	bool alias;                     /* taken, with no entry in the help */
	char help[64];
} commands[] = {
	{ "url", COMMAND_URL, false, "print a console login URL (the default)" },
	{ "login", COMMAND_URL, true, "" },
	{ "console", COMMAND_URL, true, "" },
	{ "creds", COMMAND_CREDS, false,
	    "print temporary keys instead" },
	{ "exec", COMMAND_EXEC, false,
	    "[options] -- CMD …: run CMD with temporary keys" },
	{ "whoami", COMMAND_WHOAMI, false,
	    "print account, ARN, user id, kind of keys, time left" },
	{ "help", COMMAND_HELP, false, "print this text" },
	{ "version", COMMAND_VERSION, false,
	    "print version, target, BearSSL version and trust anchors" },
};

#define COMMANDS (sizeof commands / sizeof commands[0])

bool
duration_read(struct slice s, int64_t *seconds)
{
	static const struct { char unit; int64_t seconds; } units[] = {
		{ 'd', DAY_S }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 },
	};
	size_t unit = 0, count = sizeof units / sizeof units[0];

	*seconds = 0;
	if (s.len == 0)
		return false;
	/* Units descend: 1h30m, never 30m1h; a bare number is seconds. */
	while (s.len) {
		uint64_t n;
		size_t digits = slice_span_digits(s);

		if (!slice_to_u64(slice_from(s.p, digits), 366 * DAY_S, &n))
			return false;
		if (digits == s.len) {
			*seconds += (int64_t)n;
			return unit == 0 && *seconds <= 366 * DAY_S;
		}
		while (unit < count && units[unit].unit != s.p[digits])
			unit++;
		if (unit == count)
			return false;
		*seconds += (int64_t)n * units[unit++].seconds;
		s = slice_skip(s, digits + 1);
	}
	return *seconds <= 366 * DAY_S;
}

static const struct row *
find_long(struct slice name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (slice_is(name, rows[i].name))
			return &rows[i];
	return NULL;
}

static const struct row *
find_letter(char letter)
{
	for (size_t i = 0; i < ROWS; i++)
		if (letter && rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

static bool
unknown_option(struct slice name, struct error *err)
{
	const char *best = NULL;
	size_t least = 4;

	for (size_t i = 0; i < ROWS; i++) {
		size_t d = slice_distance(name, slice_of(rows[i].name));

		if (d < least) {
			least = d;
			best = rows[i].name;
		}
	}
	err_set(err, ERR_USAGE, STEP_OPTIONS, "unknown option --%.*s",
	    (int)(name.len < 40 ? name.len : 40), name.p);
	if (best)
		return err_hint(err, "--%s, or postern --help", best);
	return err_hint(err, "postern --help");
}

static void *
field(struct options *opt, size_t at)
{
	return (char *)opt + at;
}

static bool
store(struct options *opt, const struct row *row, struct slice value,
	struct error *err)
{
	size_t *count;

	switch (row->value) {
	case VALUE_NONE:
		*(bool *)field(opt, row->at) = true;
		break;
	case VALUE_TEXT:                /* the last one given holds */
		*(struct slice *)field(opt, row->at) = value;
		break;
	case VALUE_LIST:
		count = field(opt, row->count_at);
		if (*count == row->max) {
			return err_fail(err, ERR_USAGE, STEP_OPTIONS,
			    "leave some out",
			    "more than %d of --%s", row->max, row->name);
		}
		((struct slice *)field(opt, row->at))[(*count)++] = value;
		break;
	}
	return true;
}

/* `given` is what stood behind "=", p NULL when nothing did. */
static bool
take_option(struct options *opt, const struct row *row, struct slice given,
	int *i, struct error *err)
{
	if (row->value == VALUE_NONE && given.p) {
		err_set(err, ERR_USAGE, STEP_OPTIONS, "--%s takes no value",
		    row->name);
		return err_hint(err, "--%s alone", row->name);
	}
	if (row->value != VALUE_NONE && !given.p) {
		if (*i + 1 >= opt->argc) {
			err_set(err, ERR_USAGE, STEP_OPTIONS,
			    "--%s needs a value", row->name);
			return err_hint(err, "--%s %s", row->name, row->arg);
		}
		given = slice_of(opt->argv[++*i]);
	}
	if (row->value != VALUE_NONE && given.len == 0) {
		err_set(err, ERR_USAGE, STEP_OPTIONS, "--%s has an empty value",
		    row->name);
		return err_hint(err, "--%s %s, or leave it out", row->name,
		    row->arg);
	}
	return store(opt, row, given, err);
}

static bool
take_long(struct options *opt, struct slice arg, int *i, struct error *err)
{
	size_t equals = slice_find_char(arg, '=');
	struct slice name = slice_from(arg.p, equals);
	struct slice given = equals < arg.len ? slice_skip(arg, equals + 1) :
	    slice_from(NULL, 0);
	const struct row *row = find_long(name);

	return row ? take_option(opt, row, given, i, err) :
	    unknown_option(name, err);
}

/* -q, -vq, -p NAME, -pNAME */
static bool
take_short(struct options *opt, struct slice letters, int *i, struct error *err)
{
	while (letters.len) {
		const struct row *row = find_letter(letters.p[0]);

		if (!row) {
			return err_fail(err, ERR_USAGE, STEP_OPTIONS,
			    "postern --help",
			    "unknown option -%c",
			    letters.p[0] > ' ' && letters.p[0] < 0x7F ? letters.p[0] : '?');
		}
		letters = slice_skip(letters, 1);
		if (row->value != VALUE_NONE)
			return take_option(opt, row,
			    letters.len ? letters : slice_from(NULL, 0), i, err);
		if (!store(opt, row, letters, err))
			return false;
	}
	return true;
}

static bool
take_word(struct options *opt, struct slice word, bool first, struct error *err)
{
	const char *best = NULL;
	size_t least = 3;

	for (size_t i = 0; first && i < COMMANDS; i++) {
		size_t d = slice_distance(word, slice_of(commands[i].word));

		if (d == 0) {
			opt->command = commands[i].command;
			return true;
		}
		if (d < least && !commands[i].alias) {
			least = d;
			best = commands[i].word;
		}
	}
	err_set(err, ERR_USAGE, STEP_OPTIONS, "\"%.*s\" is no command",
	    (int)(word.len < 40 ? word.len : 40), word.p);
	if (best)
		return err_hint(err, "postern %s", best);
	if (word.len > 64)
		return err_hint(err, "postern --help");
	if (region_is_known(word))
		return err_hint(err, "postern --region %.*s", (int)word.len, word.p);
	return err_hint(err, "postern --profile %.*s", (int)word.len, word.p);
}

/* `postern exec ls`: what is behind is CMD's, options and all. */
static bool
lack_dashes(struct options *opt, int i, struct error *err)
{
	if (err->kind)
		return false;
	opt->rest_at = i;
	err_set(err, ERR_USAGE, STEP_OPTIONS, "exec needs -- before the command");
	return err_again(err, "--");
}

static bool
read_arguments(struct options *opt, struct error *err)
{
	bool first = true, good = true;

	/* Read on after a mistake: --format json may stand behind it. */
	for (int i = 1; i < opt->argc; i++) {
		bool ok = true;

		struct slice arg = slice_of(opt->argv[i]);

		if (opt->command == COMMAND_EXEC && slice_is(arg, "--")) {
			opt->rest_at = i;
			opt->program = opt->argv + i + 1;
			break;
		}
		if (opt->command == COMMAND_EXEC && !slice_starts(arg, "-"))
			return lack_dashes(opt, i, err);
		if (slice_starts(arg, "--")) {
			ok = take_long(opt, slice_skip(arg, 2), &i, err);
		} else if (arg.len > 1 && arg.p[0] == '-') {
			ok = take_short(opt, slice_skip(arg, 1), &i, err);
		} else if (opt->command == COMMAND_HELP && !first) {
			continue;               /* postern help url */
		} else {
			ok = take_word(opt, arg, first, err);
			first = false;
		}
		good = good && ok;
	}
	return good;
}

static void
fill_from_env(struct options *opt, char *const *env)
{
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		struct slice names = slice_of(variables[i].names), word;
		struct slice *value = field(opt, variables[i].at);
		char name[48];

		while (slice_take_word(&names, &word))
			if (copy_text(name, sizeof name, word) && value->len == 0)
				*value = env_get(env, name);
	}
}

/* The formats of a command, its own first; those of creds are AWS CLI's, and ini. */
static const struct {
	char word[14];
	uint8_t command, format;
} formats[] = {
	{ "url", COMMAND_URL, FORMAT_URL },
	{ "json", COMMAND_URL, FORMAT_JSON },
	{ "text", COMMAND_WHOAMI, FORMAT_URL },
	{ "json", COMMAND_WHOAMI, FORMAT_JSON },
	{ "json", COMMAND_EXEC, FORMAT_JSON },       /* of failures */
	{ "json", COMMAND_CREDS, FORMAT_JSON },
	{ "process", COMMAND_CREDS, FORMAT_PROCESS },
	{ "env", COMMAND_CREDS, FORMAT_ENV },
	{ "env-no-export", COMMAND_CREDS, FORMAT_ENV_NO_EXPORT },
	{ "fish", COMMAND_CREDS, FORMAT_FISH },
	{ "powershell", COMMAND_CREDS, FORMAT_POWERSHELL },
	{ "ini", COMMAND_CREDS, FORMAT_INI },
};

#define FORMATS (sizeof formats / sizeof formats[0])

static bool
read_format(struct options *opt, struct error *err)
{
	char known[80];
	struct buf b = TEXT_OVER(known);

	for (size_t i = 0; i < FORMATS; i++) {
		if (formats[i].command != opt->command)
			continue;
		if (slice_is(opt->format_word, formats[i].word)) {
			opt->format = formats[i].format;
			return true;
		}
		buf_fmt(&b, " %s", formats[i].word);
	}
	buf_end(&b);
	if (!opt->format_word.len)
		return true;
	err_set(err, ERR_USAGE, STEP_OPTIONS, "unknown --format: there are%s",
	    known);
	return err_again(err, "--format json");
}

/* What shapes a session means nothing to a command that opens none. */
static bool
check_meaning(const struct options *opt, struct error *err)
{
	static const struct { uint16_t at; char name[16]; } texts[] = {
		{ offsetof(struct options, name), "--name" },
		{ offsetof(struct options, policy), "--policy" },
		{ offsetof(struct options, policy_arns[0]), "--policy-arn" },
		{ offsetof(struct options, duration), "--duration" },
		{ offsetof(struct options, destination), "--destination" },
		{ offsetof(struct options, issuer), "--issuer" },
	};
	const char *name = opt->read_only ? "--read-only" : NULL;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (((const struct slice *)((const char *)opt +
		    texts[i].at))->len)
			name = texts[i].name;
	if (opt->command != COMMAND_WHOAMI || !name)
		return true;
	return err_fail(err, ERR_USAGE, STEP_OPTIONS, "leave it out",
	    "%s means nothing to whoami", name);
}

static bool
read_durations(struct options *opt, char *const *env, struct error *err)
{
	struct slice given = opt->duration;

	opt->duration_given = given.len > 0;
	if (!opt->duration_given)
		given = env_get(env, "POSTERN_DURATION");
	if (given.len && !duration_read(given, &opt->duration_s)) {
		err_set(err, ERR_USAGE, STEP_OPTIONS,
		    "%s is no length of time", opt->duration_given ?
		    "--duration" : "POSTERN_DURATION");
		return err_again(err, "--duration 1h");
	}
	opt->timeout_s = TIMEOUT_DEFAULT_S;
	if (opt->timeout.len && (!duration_read(opt->timeout, &opt->timeout_s) ||
	    opt->timeout_s < 1 || opt->timeout_s > TIMEOUT_MAX_S)) {
		err_set(err, ERR_USAGE, STEP_OPTIONS,
		    "--timeout is not between 1 s and 1 h");
		return err_again(err, "--timeout 30");
	}
	opt->time_given = opt->time.len > 0;
	if (opt->time_given && !timestamp_read_iso(opt->time, &opt->time_s)) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--time 2026-11-23T03:12Z",
		    "--time needs date, time and Z or an offset");
	}
	return true;
}

bool
options_read(struct options *opt, int argc, char **argv, char *const *env,
	struct error *err)
{
	memset(opt, 0, sizeof *opt);
	opt->argc = argc;
	opt->argv = argv;
	opt->timeout_s = TIMEOUT_DEFAULT_S;
	if (!read_arguments(opt, err)) {
		/* A failure is told in the form that was asked for. */
		if (slice_is(opt->format_word, "json"))
			opt->format = FORMAT_JSON;
		return false;
	}
	if (opt->version)
		opt->command = COMMAND_VERSION;
	if (opt->help)
		opt->command = COMMAND_HELP;
	if (opt->command >= COMMAND_HELP)
		return true;
	if (opt->command == COMMAND_EXEC && (!opt->program || !*opt->program))
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "postern exec -- aws sts get-caller-identity",
		    "exec needs -- and a command behind it");
	opt->session_name_given = opt->role_session_name.len > 0;
	fill_from_env(opt, env);
	return check_meaning(opt, err) && read_format(opt, err) &&
	    read_durations(opt, env, err);
}

static void
put_padded(struct buf *b, size_t start, size_t width)
{
	do
		buf_putc(b, ' ');
	while (b->len - start < width);
}

static void
put_row(struct buf *b, const struct row *row)
{
	size_t start = b->len;

	if (row->letter)
		buf_fmt(b, "  -%c, --%s", row->letter, row->name);
	else
		buf_fmt(b, "      --%s", row->name);
	if (row->arg[0])
		buf_fmt(b, " %s", row->arg);
	if (b->len - start > 33)
		buf_putc(b, '\n'), start = b->len;
	put_padded(b, start, 35);
	buf_fmt(b, "%s\n", row->help);
}

void
options_put_help(struct buf *b)
{
	buf_puts(b, "postern opens the AWS Management Console from access keys: "
	    "it prints a login URL.\n\nusage: postern [command] [options]\n\n");
	for (size_t i = 0; i < COMMANDS; i++) {
		size_t start = b->len;

		if (commands[i].alias)
			continue;
		buf_fmt(b, "  postern %s", commands[i].word);
		put_padded(b, start, 20);
		buf_fmt(b, "%s\n", commands[i].help);
	}
	buf_puts(b, "\noptions:\n");
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].help[0])
			put_row(b, &rows[i]);
	buf_puts(b, "\nKeys come from --credentials, else AWS_ACCESS_KEY_ID, "
	    "AWS_SECRET_ACCESS_KEY and\nAWS_SESSION_TOKEN, else "
	    "from the profile in ~/.aws/credentials and ~/.aws/config.\n\nexit codes:\n"
	    "   0  the whole result is on stdout\n"
	    "  64  the command line is wrong\n"
	    "  65  a credentials or config file is malformed or too long\n"
	    "  66  no source had complete credentials, or a file cannot be read\n"
	    "  67  these keys cannot do this\n"
	    "  68  the server's certificate is not acceptable\n"
	    "  69  name, connection, proxy or deadline failed\n"
	    "  70  a bound on our own text was too small, or a bug: please report\n"
	    "  71  this host's clock is too far off\n"
	    "  74  a local read, or the write to stdout, failed\n"
	    "  75  AWS throttled or answered 5xx; later may work\n"
	    "  76  TLS, HTTP, XML or JSON was not what its specification says\n"
	    "  77  AWS refused the keys or the action\n"
	    "  78  region, partition, CA file or profile setting is unusable\n"
	    "exec ends as CMD does; 125: postern failed, 126: CMD cannot be run, "
	    "127: not found\n");
}

static void
put_quoted(struct buf *b, struct slice s)
{
	if (quote_is_plain(s))
		buf_put_slice(b, s);
	else
		quote_put(b, s, QUOTE_SH);
}

/* A proxy's URL with user data, which is refused and not to be shown again. */
static bool
is_login(struct slice arg, struct slice before)
{
	return slice_find_char(arg, '@') < arg.len &&
	    (slice_is(before, "--proxy") || slice_starts(arg, "--proxy="));
}

void
options_put_command(struct buf *b, const struct options *opt, const char *more)
{
	buf_puts(b, "postern");
	for (int i = 1; i < opt->argc; i++) {
		struct slice arg = slice_of(opt->argv[i]);
		/* A code is good for one use: the next command needs a new one. */
		bool joined = slice_starts(arg, "--token-code=");

		buf_putc(b, ' ');
		if (i == opt->rest_at)
			buf_fmt(b, "%s ", more);
		if (joined)
			buf_puts(b, "--token-code=CODE");
		else if (slice_is(slice_of(opt->argv[i - 1]), "--token-code"))
			buf_puts(b, "CODE");
		else if (is_login(arg, slice_of(opt->argv[i - 1])))
			buf_puts(b, arg.p[0] == '-' ? "--proxy=URL" : "URL");
		else
			put_quoted(b, arg);
	}
	if (!opt->rest_at)
		buf_fmt(b, " %s", more);
}
