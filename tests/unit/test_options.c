/* SPDX-License-Identifier: MIT */
/*
 * The command line and the environment. Whether options go together is tested
 * in test_route.c.
 */
#include "test.h"

#include "base/fmt.h"
#include "cli/options.h"

static struct options opt;
static struct error err;
static char words[24][128], vars[8][128];

static size_t
split(const char *list, char (*into)[128], char **out, size_t max)
{
	struct slice rest = slice_of(list), word;
	size_t n = 0;

	while (n < max && slice_take_word(&rest, &word)) {
		/* "_" is an empty word, "~" a blank in one. */
		copy_text(into[n], 128, slice_is(word, "_") ? slice_of("") : word);
		for (char *p = into[n]; *p; p++)
			if (*p == '~')
				*p = ' ';
		out[n] = into[n];
		n++;
	}
	out[n] = NULL;
	return n;
}

static bool
parse_env(const char *arguments, const char *environment)
{
	static char *argv[25], *env[9];
	size_t argc;

	test_input(slice_of(arguments));
	memset(&err, 0, sizeof err);
	argc = split(arguments, words, argv, 24);
	split(environment, vars, env, 8);
	return options_read(&opt, (int)argc, argv, env, &err);
}

static bool
parse(const char *arguments)
{
	return parse_env(arguments, "X=y");
}

static void
refuses(const char *arguments, const char *what, const char *cure)
{
	NO(parse(arguments));
	EQ(err.kind, ERR_USAGE);
	EQ(err.step, STEP_OPTIONS);
	HAS((const char *)err.what, what);
	HAS((const char *)(err.again[0] ? err.again : err.hint), cure);
}

TEST(options_print_a_url_by_default)
{
	YES(parse("postern"));
	EQ(opt.command, COMMAND_URL);
	EQ(opt.format, FORMAT_URL);
	EQ(opt.timeout_s, 30);
	EQ(opt.duration_s, 0);
	NO(opt.explain || opt.quiet || opt.verbose || opt.read_only ||
	    opt.time_given || opt.duration_given || opt.signin_get);
	YES(parse("postern url"));
	EQ(opt.command, COMMAND_URL);
	YES(parse("postern console"));
	EQ(opt.command, COMMAND_URL);
	YES(parse("postern login"));
	EQ(opt.command, COMMAND_URL);
}

TEST(options_know_help_and_version_in_each_form)
{
	static const char *const help[] = { "postern help", "postern --help",
		"postern -h", "postern url --help", "postern help url",
		"postern -qh", "postern --version --help" };
	static const char *const version[] = { "postern version",
		"postern --version", "postern -V" };

	for (size_t i = 0; i < COUNT(help); i++) {
		YES(parse(help[i]));
		EQ(opt.command, COMMAND_HELP);
	}
	for (size_t i = 0; i < COUNT(version); i++) {
		YES(parse(version[i]));
		EQ(opt.command, COMMAND_VERSION);
	}
}

TEST(options_take_each_text)
{
	YES(parse("postern --profile p --region=r --role-arn a "
	    "--role-session-name s --external-id e --serial-number n "
	    "--token-code t --source-identity i --name m --policy {} "
	    "--duration 90m"));
	EQ_TEXT(opt.profile, "p");
	EQ_TEXT(opt.region, "r");
	EQ_TEXT(opt.role_arn, "a");
	EQ_TEXT(opt.role_session_name, "s");
	EQ_TEXT(opt.external_id, "e");
	EQ_TEXT(opt.serial_number, "n");
	EQ_TEXT(opt.token_code, "t");
	EQ_TEXT(opt.source_identity, "i");
	EQ_TEXT(opt.name, "m");
	EQ_TEXT(opt.policy, "{}");
	EQ(opt.duration_s, 5400);
	YES(opt.duration_given);
	YES(parse("postern --destination=a=b --issuer u --ca-bundle c "
	    "--endpoint-url e --signin-endpoint-url s --console-url o "
	    "--timeout 1m --time 2026-11-23T03:12Z --format json"));
	EQ_TEXT(opt.destination, "a=b");
	EQ_TEXT(opt.issuer, "u");
	EQ_TEXT(opt.ca_bundle, "c");
	EQ_TEXT(opt.endpoint_url, "e");
	EQ_TEXT(opt.signin_endpoint_url, "s");
	EQ_TEXT(opt.console_url, "o");
	EQ(opt.timeout_s, 60);
	YES(opt.time_given);
	EQ(opt.time_s, 1795403520);
	EQ(opt.format, FORMAT_JSON);
}

TEST(options_take_each_flag)
{
	YES(parse("postern --read-only --explain --quiet --verbose --force "
	    "--signin-get"));
	YES(opt.read_only && opt.explain && opt.quiet && opt.verbose &&
	    opt.force && opt.signin_get);
	YES(parse("postern --dry-run"));
	YES(opt.explain);
}

TEST(options_take_short_forms_together)
{
	YES(parse("postern -qvp dev"));
	YES(opt.quiet && opt.verbose);
	EQ_TEXT(opt.profile, "dev");
	YES(parse("postern -pdev -d2h -f json"));
	EQ_TEXT(opt.profile, "dev");
	EQ(opt.duration_s, 7200);
	EQ(opt.format, FORMAT_JSON);
}

TEST(options_let_the_last_text_hold_and_gather_lists)
{
	YES(parse("postern --region a --region b --policy-arn x --policy-arns y "
	    "--resolve h:1.2.3.4 --resolve=i:1.2.3.4"));
	EQ_TEXT(opt.region, "b");
	EQ(opt.policy_arns_n, 2);
	EQ_TEXT(opt.policy_arns[0], "x");
	EQ_TEXT(opt.policy_arns[1], "y");
	EQ(opt.resolve_n, 2);
	EQ_TEXT(opt.resolve[1], "i:1.2.3.4");
}

TEST(options_bound_their_lists)
{
	YES(parse("postern --resolve=a --resolve=a --resolve=a --resolve=a "
	    "--resolve=a --resolve=a --resolve=a --resolve=a"));
	EQ(opt.resolve_n, RESOLVE_MAX);
	refuses("postern --resolve=a --resolve=a --resolve=a --resolve=a "
	    "--resolve=a --resolve=a --resolve=a --resolve=a --resolve=a",
	    "more than 8 of --resolve", "leave some out");
}

TEST(options_take_name_servers_and_one_family)
{
	YES(parse("postern -4 --dns 192.0.2.53 --dns [::1]:5353 --dns=x"));
	YES(opt.ipv4 && !opt.ipv6);
	EQ(opt.dns_n, NAMESERVERS_MAX);
	EQ_TEXT(opt.dns[1], "[::1]:5353");
	YES(parse("postern --ipv6"));
	YES(opt.ipv6 && !opt.ipv4);
	refuses("postern --dns=a --dns=a --dns=a --dns=a", "more than 3 of --dns",
	    "leave some out");
}

TEST(options_refuse_what_they_do_not_know)
{
	refuses("postern --reigon x", "--reigon", "--region");
	refuses("postern --nonsense-entirely", "--nonsense-entirely",
	    "postern --help");
	refuses("postern -x", "unknown option -x", "postern --help");
	refuses("postern ulr", "\"ulr\" is no command", "postern url");
	refuses("postern eu-west-1", "is no command", "--region eu-west-1");
	refuses("postern staging", "is no command", "--profile staging");
	refuses("postern url extra", "\"extra\" is no command", "extra");
	refuses("postern --", "unknown option", "postern --help");
	refuses("postern -", "is no command", "postern");
}

TEST(options_refuse_values_that_are_missing_or_too_many)
{
	refuses("postern --region", "--region needs a value", "--region REGION");
	refuses("postern --region _", "empty value", "--region REGION");
	refuses("postern --region=", "empty value", "--region REGION");
	refuses("postern --quiet=yes", "takes no value", "--quiet");
	refuses("postern -p", "--profile needs a value", "--profile NAME");
}

TEST(options_refuse_values_that_cannot_be_read)
{
	refuses("postern --format xml", "--format", "--format json");
	refuses("postern --format process", "url json", "--format json");
	refuses("postern creds --format url", "json process env", "--format json");
	refuses("postern creds --format windows-cmd", "ini", "--format json");
	refuses("postern --duration soon", "--duration", "--duration 1h");
	refuses("postern --timeout 0", "--timeout", "--timeout 30");
	refuses("postern --timeout 2h", "--timeout", "--timeout 30");
	refuses("postern --time 2026-11-23", "--time", "--time 2026-");
}

TEST(options_know_the_formats_of_creds)
{
	YES(parse("postern creds"));
	EQ(opt.command, COMMAND_CREDS);
	EQ(opt.format, FORMAT_URL);
	YES(parse("postern --credentials fd:3 creds --format process"));
	EQ(opt.format, FORMAT_PROCESS);
	EQ_TEXT(opt.credentials, "fd:3");
	YES(parse("postern creds --format env-no-export"));
	EQ(opt.format, FORMAT_ENV_NO_EXPORT);
	YES(parse("postern creds --format powershell"));
	EQ(opt.format, FORMAT_POWERSHELL);
	YES(parse("postern creds -f json --duration 2h"));
	EQ(opt.format, FORMAT_JSON);
	EQ(opt.duration_s, 7200);
}

TEST(options_of_exec_end_at_two_dashes)
{
	YES(parse("postern -q exec --region r -- ls --nonsense -- -v"));
	EQ(opt.command, COMMAND_EXEC);
	EQ(opt.rest_at, 5);
	EQ_TEXT((const char *)opt.program[0], "ls");
	EQ_TEXT((const char *)opt.program[3], "-v");
	YES(opt.program[4] == NULL);
	NO(opt.verbose);
	YES(parse("postern exec -f json -- ls"));
	EQ(opt.format, FORMAT_JSON);
	YES(parse("postern exec -- _"));
	YES(parse("postern exec --help"));
	EQ(opt.command, COMMAND_HELP);
	refuses("postern exec", "exec needs -- and", "postern exec -- ");
	refuses("postern exec --region r", "exec needs -- and", "postern exec -- ");
	refuses("postern exec --", "exec needs -- and", "postern exec -- ");
	refuses("postern exec ls --nonsense", "exec needs -- before", "--");
	refuses("postern exec --format env -- ls", "there are json", "--format json");
	refuses("postern -- exec ls", "unknown option", "postern --help");
	refuses("postern creds -- ls", "unknown option", "postern --help");
}

TEST(options_are_added_to_a_command_in_front_of_what_exec_runs)
{
	char text[128];
	struct buf b = BUF_OVER(text);

	YES(parse("postern exec -q -- ls -l"));
	options_put_command(&b, &opt, "--region r");
	EQ_TEXT(&b, "postern exec -q --region r -- ls -l");
	NO(parse("postern exec -q ls -- -l"));
	b.len = 0;
	options_put_command(&b, &opt, err.again);
	EQ_TEXT(&b, "postern exec -q -- ls -- -l");
}

TEST(options_that_shape_a_session_are_refused_for_whoami)
{
	const char *of_sessions[] = {
		"--name x", "--policy {}", "--policy-arn x", "--policy-arns x",
		"--duration 1h", "--duration-seconds 900", "--destination ec2",
		"--issuer https://x", "--read-only",
	};
	char line[80];

	YES(parse("postern whoami --role-arn x --profile p --region r -v"));
	EQ(opt.command, COMMAND_WHOAMI);
	for (size_t i = 0; i < COUNT(of_sessions); i++) {
		fmt_text(line, sizeof line, "postern %s whoami", of_sessions[i]);
		refuses(line, "nothing to whoami", "leave it out");
		fmt_text(line, sizeof line, "postern %s creds", of_sessions[i]);
		YES(parse(line));
	}
	YES(parse_env("postern whoami", "POSTERN_DURATION=2h"));
	YES(parse("postern whoami --format json"));
	EQ(opt.format, FORMAT_JSON);
	YES(parse("postern whoami --format text"));
	refuses("postern whoami --format process", "text json", "--format json");
}

TEST(options_read_on_after_a_mistake_for_the_format)
{
	NO(parse("postern --nonsense-entirely --format json"));
	EQ(opt.format, FORMAT_JSON);
	HAS((const char *)err.what, "--nonsense-entirely");
	NO(parse("postern --nonsense-entirely --region"));
	HAS((const char *)err.what, "--nonsense-entirely");
}

TEST(options_are_completed_from_the_environment)
{
	YES(parse_env("postern", "AWS_DEFAULT_REGION=d AWS_ROLE_SESSION_NAME=s "
	    "AWS_CA_BUNDLE=c "
	    "POSTERN_CONSOLE_URL=o POSTERN_TIMEOUT=9 POSTERN_DURATION=2h"));
	EQ_TEXT(opt.region, "d");
	EQ_TEXT(opt.role_session_name, "s");
	EQ_TEXT(opt.ca_bundle, "c");
	NO(opt.session_name_given);
	EQ_TEXT(opt.console_url, "o");
	EQ(opt.timeout_s, 9);
	EQ(opt.duration_s, 7200);
	NO(opt.duration_given);
}

TEST(options_beat_variables_and_variables_have_an_order)
{
	YES(parse_env("postern", "AWS_REGION=a AWS_DEFAULT_REGION=b"));
	EQ_TEXT(opt.region, "a");
	YES(parse_env("postern --region c --duration 1h", "AWS_REGION=a "
	    "POSTERN_DURATION=2h AWS_PROFILE=p"));
	EQ_TEXT(opt.region, "c");
	EQ(opt.duration_s, 3600);
	EQ_TEXT(opt.profile, "");               /* plan.c's to read */
}

/* Profiles have them, too: settings.c reads both. */
TEST(options_leave_endpoints_of_the_environment_alone)
{
	YES(parse_env("postern", "AWS_ENDPOINT_URL_STS=s AWS_ENDPOINT_URL=u "
	    "AWS_ENDPOINT_URL_SIGNIN=i"));
	EQ_TEXT(opt.endpoint_url, "");
	EQ_TEXT(opt.signin_endpoint_url, "");
}

TEST(options_take_empty_variables_for_unset)
{
	YES(parse_env("postern", "AWS_REGION= AWS_DEFAULT_REGION=b "
	    "POSTERN_DURATION="));
	EQ_TEXT(opt.region, "b");
	EQ(opt.duration_s, 0);
}

static void
duration(const char *text, int64_t wanted)
{
	int64_t s = -1;

	EQ(duration_read(edge(text), &s), wanted >= 0);
	if (wanted >= 0)
		EQ(s, wanted);
}

TEST(duration_reads_what_people_write)
{
	duration("3600", 3600);
	duration("0", 0);
	duration("900s", 900);
	duration("90m", 5400);
	duration("12h", 43200);
	duration("1h30m", 5400);
	duration("1d2h3m4s", 93784);
	duration("366d", 366 * 86400);
	duration("31622400", 31622400);
}

TEST(duration_refuses_the_rest)
{
	static const char *const bad[] = {
		"", "h", "1x", "1H", "-1h", "+1h", "1.5h", "1h30", "30m1h", "1h1h",
		"1 h", " 1h", "1h ", "367d", "31622401", "365d25h", "1hh",
		"99999999999999999999s", "\xD9\xA1h", "1w", "1h m",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		duration(bad[i], -1);
}

TEST(options_repeat_the_command_for_a_shell)
{
	char text[512];
	struct buf b = BUF_OVER(text);

	YES(parse("postern --profile a~b --policy {\"x\":'y'} -q"));
	options_put_command(&b, &opt, "--duration 1h");
	EQ_TEXT(&b, "postern --profile 'a b' --policy '{\"x\":'\\''y'\\''}' -q "
	    "--duration 1h");
	b.len = 0;
	YES(parse("postern --destination $(id) --issuer ;x --region a-b_c.d/e:f=g@%"));
	options_put_command(&b, &opt, "");
	HAS(&b, "'$(id)'");
	HAS(&b, "';x'");
	HAS(&b, " a-b_c.d/e:f=g@%");
}

TEST(options_do_not_repeat_a_code_that_was_used)
{
	char text[512];
	struct buf b = BUF_OVER(text);

	YES(parse("postern --token-code 123456 --region x"));
	options_put_command(&b, &opt, "");
	HAS(&b, "--token-code CODE --region x");
	LACKS(&b, "123456");
	b.len = 0;
	YES(parse("postern --token-code=123456"));
	options_put_command(&b, &opt, "");
	LACKS(&b, "123456");
}

TEST(options_do_not_repeat_user_data_of_a_proxy)
{
	char text[512];
	struct buf b = BUF_OVER(text);

	YES(parse("postern --proxy http://u:hunter2@p:1 --region a@b"));
	EQ_TEXT(opt.proxy, "http://u:hunter2@p:1");
	options_put_command(&b, &opt, "");
	EQ_TEXT(&b, "postern --proxy URL --region a@b ");
	b.len = 0;
	YES(parse("postern --proxy=u:hunter2@p:1 --proxy http://p:1"));
	options_put_command(&b, &opt, "");
	EQ_TEXT(&b, "postern --proxy=URL --proxy http://p:1 ");
}

TEST(options_help_names_every_option_and_exit_code)
{
	static const char *const parts[] = {
		"--credentials FILE", "--profile", "--region", "--role-arn", "--role-session-name",
		"--external-id", "--serial-number", "--token-code",
		"--source-identity", "--name", "--policy ", "--policy-arn",
		"--read-only", "--duration", "--destination", "--issuer",
		"--proxy", "--ca-bundle", "--endpoint-url", "--signin-endpoint-url",
		"--signin-region", "--console-url", "--resolve", "--dns",
		"-4, --ipv4", "-6, --ipv6", "--timeout", "--no-false-start",
		"--time ", "--format",
		"--explain", "--quiet", "--verbose", "--help", "--version",
		"  64  ", "  65  ", "  66  ", "  67  ", "  68  ", "  69  ", "  70  ",
		"  71  ", "  74  ", "  75  ", "  76  ", "  77  ", "  78  ",
	};
	static char text[16384];
	struct buf b = BUF_OVER(text);

	options_put_help(&b);
	NO(b.full);
	for (size_t i = 0; i < COUNT(parts); i++)
		HAS(&b, parts[i]);
	HAS(&b, "  postern url ");
	HAS(&b, "  postern creds ");
	HAS(&b, "  postern whoami ");
	HAS(&b, "  postern exec ");
	HAS(&b, "125: postern failed");
	LACKS(&b, "  postern login ");          /* an alias */
	/* Lines fit a terminal. */
	for (struct slice rest = buf_slice(&b); rest.len; ) {
		size_t len = slice_find_char(rest, '\n');

		test_input(slice_from(rest.p, len));
		YES(len <= 120);
		rest = slice_skip(rest, len < rest.len ? len + 1 : len);
	}
}
