/* SPDX-License-Identifier: MIT */
/*
 * Everything before the first packet: read what is local, decide the route,
 * derive signing keys, wipe the secret. The network part is login.c's.
 */
#include "fetch.h"

#include <errno.h>

#include "aws/arn.h"
#include "base/env.h"
#include "codec/timestamp.h"
#include "creds/pasted.h"
#include "helper.h"
#include "mfa.h"
#include "settings.h"
#include "signin/loginurl.h"
#include "sys/file.h"
#include "sys/host.h"
#include "sys/terminal.h"

/* $HOME/.aws/NAME unless `variable` names another; "~/" is the home. */
static bool
find_path(char *path, char *const *env, const char *variable, const char *name)
{
	struct slice given = env_get(env, variable);
	struct slice home = env_get(env, "HOME");
	struct buf b = buf_over(path, PATH_TEXT_MAX - 1);
	bool found = true;

	if (given.len && !slice_starts(given, "~/")) {
		buf_put_slice(&b, given);
	} else if (home.len) {
		buf_put_slice(&b, home);
		if (given.len)
			buf_put_slice(&b, slice_skip(given, 1));
		else
			buf_fmt(&b, "/.aws/%s", name);
	} else {
		buf_fmt(&b, "~/.aws/%s", name);
		found = false;
	}
	path[b.full ? 0 : b.len] = '\0';
	return found && !b.full;
}

/* A shared file's text and, for messages, what became of reading it. */
static const char *
read_shared(struct run *run, struct slice *text, char *room, size_t cap,
	const char *path, bool found, struct error *err)
{
	struct buf b = buf_over(room, cap);
	int number;

	*text = slice_from(room, 0);
	if (!found)
		return "no HOME";
	switch (file_read_path(&b, path, &number)) {
	case FILE_MISSING:
		return "not there";
	case FILE_FAILED:
		/* Half a text would be worse than none. */
		buf_wipe(&b);
		if (number == EFBIG) {
			err_fail(err, ERR_DATA, STEP_CREDENTIALS,
			    "export AWS_CONFIG_FILE=FILE "
			    "AWS_SHARED_CREDENTIALS_FILE=FILE",
			    "%s is longer than 1 MiB", path);
		} else {
			run_say(run, SAY_WARNING, "%s is not read: %s", path,
			    errno_words(number));
		}
		return errno_words(number);
	case FILE_READ:
		break;
	}
	*text = buf_slice(&b);
	return "no keys for this profile";
}

static bool
look_around(struct run *run, char *const *env, struct surroundings *around,
	struct error *err)
{
	struct wire *w = run->wire;
	bool config = find_path(w->config_path, env, "AWS_CONFIG_FILE", "config");
	bool creds = find_path(w->credentials_path, env,
	    "AWS_SHARED_CREDENTIALS_FILE", "credentials");

	*around = (struct surroundings){
		.env = env,
		.files.config_path = w->config_path,
		.files.credentials_path = w->credentials_path,
		.profile_option = run->opt->profile,
		.document = run->opt->credentials.len ? &w->document : NULL,
	};
	around->config_state = read_shared(run, &around->files.config,
	    w->config, sizeof w->config, w->config_path, config, err);
	around->credentials_state = read_shared(run,
	    &around->files.credentials, w->credentials, sizeof w->credentials,
	    w->credentials_path, creds, err);
	return err->kind == ERR_NONE;
}

/* Settings that are easily forgotten, and what they mean for signatures. */
static void
name_used_settings(struct run *run)
{
	const struct route *r = run->route;

	if (r->settings[0])
		run_say(run, SAY_TRACE, "endpoints by %s", r->settings);
	if (r->sts_given && strcmp(r->signing_region, r->region) != 0)
		run_say(run, SAY_WARNING, "%s is of region %s, so requests to STS "
		    "are signed for it and not for %s", r->sts.host,
		    r->signing_region, r->region);
}

/* The options' role is the last; what else they say of a role is of the last. */
static void
add_options(struct plan *plan, const struct options *opt)
{
	struct role *last;

	if (opt->role_arn.len)
		plan->roles[plan->roles_n++] = (struct role){
			.role_arn = opt->role_arn
		};
	if (!plan->roles_n)
		return;
	last = &plan->roles[plan->roles_n - 1];
	if (opt->external_id.len)
		last->external_id = opt->external_id;
	if (opt->serial_number.len)
		last->mfa_serial = opt->serial_number;
	if (opt->session_name_given || !last->session_name.len)
		last->session_name = opt->role_session_name;
	last->source_identity = opt->source_identity;
}

static bool
no_text(struct run *run, int number, bool missing, struct error *err)
{
	const struct plan *plan = &run->wire->plan;

	err_set(err, number == EFBIG ? ERR_DATA : ERR_NOCREDS, STEP_CREDENTIALS,
	    "%s: %.*s: %s", plan->origin, (int)plan->base.file.len,
	    plan->base.file.p, number == EFBIG ? "longer than we take" :
	    missing ? "no such file" : errno_words(number));
	if (slice_starts(plan->base.file, "~/"))
		return err_hint(err, "export HOME=DIRECTORY, since none is set");
	if (plan->base.profile.len)
		return err_hint(err, "%s --profile %.*s",
		    slice_is(slice_of(plan->base.source->name), "sso") ?
		    "aws sso login" : "aws login",
		    (int)plan->base.profile.len, plan->base.profile.p);
	return err_hint(err, "a token file that this user may read");
}

/* What a source keeps in a file or has a program print, or shows as it is. */
static bool
take_text(struct run *run, char **env, struct error *err)
{
	struct wire *w = run->wire;
	struct plan *plan = &w->plan;
	const struct step_of_plan *base = &plan->base;
	struct buf bearer = buf_over(run->secret->bearer, BEARER_MAX);
	char path[PATH_TEXT_MAX + 1];
	enum file_result result;
	int number = 0;

	if (!base->file.len && !base->command.len && !base->bearer.len)
		return true;
	w->document = buf_over(w->document_room, DOCUMENT_MAX);
	if (base->command.len) {
		if (!helper_run(&w->document, base->command, env, plan->origin,
		    err))
			return false;
	} else if (base->file.len) {
		if (!copy_text(path, sizeof path, base->file))
			return no_text(run, ENAMETOOLONG, false, err);
		result = file_read_path(&w->document, path, &number);
		if (result != FILE_READ)
			return no_text(run, number, result == FILE_MISSING, err);
	} else {
		buf_put_slice(&w->document, base->bearer);
	}
	w->document.cap = sizeof w->document_room;
	return base->source->take(plan, &w->document, &bearer, run_now_s(run),
	    err);
}

static bool
load_creds(struct run *run, const struct surroundings *around, char **env,
	struct error *err)
{
	struct plan *plan = &run->wire->plan;
	bool later, unread;

	if (!plan_make(plan, around, err))
		return false;
	add_options(plan, run->opt);
	/* Names of profiles are shown: no control sequences from there. */
	copy_printable(run->out->origin, sizeof run->out->origin,
	    slice_of(plan->origin));
	copy_printable(run->out->origin_note, sizeof run->out->origin_note,
	    slice_of(plan->note));
	run->out->roles = plan->roles;
	run->out->roles_n = plan->roles_n;
	run->out->base = &plan->base;
	/* What --explain tells needs no program run and no file read. */
	later = plan_is_remote(plan);
	unread = run->opt->explain && (later || plan->base.command.len);
	run->out->temporary = later || unread;
	if (!unread && (!take_text(run, env, err) ||
	    (!later && !fetch_take(run, err))))
		return false;
	if (slice_is(slice_of(plan->base.source->name), "profile") &&
	    file_is_exposed(around->files.credentials_path))
		run_say(run, SAY_WARNING, "others on this host may read %s: chmod "
		    "600 it", around->files.credentials_path);
	if (!mfa_prepare(run, env, err))
		return false;
	/* Programs that a profile names have rights that a run needs not. */
	host_harden();
	return true;
}

/* What is known of the keys before they are held. */
static struct keys_held
keys_held(const struct run *run)
{
	const struct plan *plan = &run->wire->plan;
	struct keys_held held = {
		.temporary = run->out->temporary,
		.roles = plan->roles, .roles_n = plan->roles_n,
	};
	struct arn arn;

	if (plan->base.region.len)
		held.partition = partition_of_region(plan->base.region);
	else if (plan->base.role_arn.len && arn_read(plan->base.role_arn, &arn))
		held.partition = partition_by_name(arn.partition);
	return held;
}

static bool
unreadable(struct slice name, const char *option, int number, bool missing,
	struct error *err)
{
	err_set(err, ERR_NOCREDS, STEP_OPTIONS, "%s %.*s: %s", option,
	    (int)(name.len < 200 ? name.len : 200), name.p,
	    number == EFBIG ? "longer than we take" : missing ?
	    "no such file" : errno_words(number));
	return err_hint(err, "%s with a file that can be read", option);
}

static bool
document_is_whole(const struct buf *document)
{
	/* The room behind it: see struct wire. */
	struct buf b = buf_over(document->p, 2 * DOCUMENT_MAX);

	b.len = document->len;
	return pasted_is_whole(&b);
}

/* JSON, lines of a shell or a key id, rather than a path. */
static bool
looks_like_keys(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (char_in(text.p[i], "{='\" \t\r\n"))
			return true;
	return slice_starts(text, "AKIA") || slice_starts(text, "ASIA");
}

/* --credentials: FILE, - or fd:N; on a terminal - is a prompt. */
static bool
load_document(struct run *run, struct error *err)
{
	struct wire *w = run->wire;
	struct slice given = run->opt->credentials;
	enum file_result result = FILE_READ;
	int number = 0;

	w->document = buf_over(w->document_room, DOCUMENT_MAX);
	if (slice_is(given, "-") && host_is_terminal(0)) {
		number = terminal_paste(&w->document, document_is_whole,
		    PROMPT_MS);
		result = number ? FILE_FAILED : FILE_READ;
	} else if (given.len) {
		result = file_read(&w->document, given, &number);
	}
	w->document.cap = sizeof w->document_room;
	if (result == FILE_READ)
		return true;
	/* Keys in the place of the name of their file: not to be shown again. */
	if (looks_like_keys(given))
		given = slice_of("(not the name of a file)");
	unreadable(given, "--credentials", number, result == FILE_MISSING, err);
	if (number == EFBIG)
		err->kind = ERR_DATA;
	return false;
}

/* --policy: inline JSON, FILE, file://FILE, - or fd:N. */
static bool
load_policy(struct run *run, struct slice *policy, struct error *err)
{
	struct buf b = BUF_OVER(run->wire->policy);
	struct slice given = run->opt->policy;
	enum file_result result;
	int number = 0;

	*policy = slice_trim(given);
	if (!given.len || slice_starts(*policy, "{"))
		return true;
	if (slice_starts(given, "file://"))
		given = slice_skip(given, 7);
	result = file_read(&b, given, &number);
	if (result == FILE_FAILED && number == EFBIG) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--policy-arn ARN of a managed policy",
		    "--policy has more than %d characters", POLICY_MAX);
	}
	if (result != FILE_READ)
		return unreadable(given, "--policy", number,
		    result == FILE_MISSING, err);
	*policy = buf_slice(&b);
	return true;
}

/* Only what a shell would take as it stands is offered for pasting. */
static bool
offer_bundle(struct trust *trust, struct slice path)
{
	return path.len && slice_span_alnum(path, "/._-+") == path.len &&
	    copy_text(trust->name, sizeof trust->name, path) &&
	    file_is_there(trust->name);
}

/*
 * A bundle that other programs on this host go by. It is not used, but named
 * should the server be a stranger: when that is known no file can be opened.
 */
static void
find_other_bundle(struct trust *trust, char *const *env)
{
	struct slice variables = slice_of("SSL_CERT_FILE CURL_CA_BUNDLE "
	    "REQUESTS_CA_BUNDLE"), word;
	/* Debian, Alpine; Fedora; openSUSE; Alpine, the BSDs */
	struct slice paths = slice_of("/etc/ssl/certs/ca-certificates.crt "
	    "/etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem "
	    "/etc/ssl/cert.pem");

	while (slice_take_word(&variables, &word)) {
		copy_text(trust->given_by, sizeof trust->given_by, word);
		if (offer_bundle(trust, env_get(env, trust->given_by)))
			return;
	}
	trust->given_by[0] = '\0';
	while (slice_take_word(&paths, &word))
		if (offer_bundle(trust, word))
			return;
	trust->name[0] = '\0';
}

/* The bundle in force and what named it: the option, else its variable. */
static struct slice
find_bundle(struct run *run, const struct surroundings *around)
{
	struct slice given = run->opt->ca_bundle;
	const char *by = "--ca-bundle";

	if (!given.len) {
		given = shared_profile_value(&around->files,
		    plan_profile(around), "ca_bundle");
		by = "ca_bundle";
	} else if (given.p == env_get(around->env, "AWS_CA_BUNDLE").p) {
		by = "AWS_CA_BUNDLE";
	}
	copy_text(run->wire->trust.given_by, sizeof run->wire->trust.given_by,
	    slice_of(by));
	copy_printable(run->wire->trust.name, sizeof run->wire->trust.name, given);
	return given;
}

static bool
load_trust(struct run *run, const struct surroundings *around,
	struct error *err)
{
	struct trust *trust = &run->wire->trust;
	struct slice bundle = find_bundle(run, around);
	struct buf b = BUF_OVER(run->wire->bundle);
	enum file_result result;
	int number = 0;

	if (!bundle.len && run->route->partition->isolated)
		return err_fail(err, ERR_CONFIG, STEP_OPTIONS,
		    "--console-url https://CONSOLE --ca-bundle FILE",
		    "partition %s publishes neither its console nor its "
		    "certificate authorities", run->route->partition->name);
	if (!bundle.len) {
		trust_use_builtin(trust);
		find_other_bundle(trust, around->env);
		return true;
	}
	result = file_read(&b, bundle, &number);
	if (result != FILE_READ) {
		err_hint(err, "--ca-bundle with a file that can be read");
		unreadable(bundle, trust->given_by, number,
		    result == FILE_MISSING, err);
		err->kind = ERR_CONFIG;
		return false;
	}
	if (!trust_read(trust, buf_slice(&b), err))
		return false;
	if (trust->broken)
		run_say(run, SAY_WARNING, "broken certificates passed over in %s: "
		    "%zu", trust->name, trust->broken);
	return true;
}

/* resolv.conf or hosts: either may be absent. */
static struct slice
read_system(struct run *run, char room[static RESOLV_FILE_MAX],
	const char *path)
{
	struct buf b = buf_over(room, RESOLV_FILE_MAX);
	enum file_result result;
	int number;

	result = file_read_path(&b, path, &number);
	if (result == FILE_FAILED)
		run_say(run, SAY_WARNING, "%s is not used: %s", path,
		    errno_words(number));
	/* Half a text would be worse than none. */
	return slice_from(room, result == FILE_READ ? b.len : 0);
}

/* An address that was given must be of the family that was asked for. */
static bool
check_family(struct run *run, const struct endpoint *to, struct error *err)
{
	struct names *names = &run->wire->names;
	struct addresses found;

	if (run_proxy_for(run, to) ||
	    !names_find(names, to->host, to->port, &found) || found.n)
		return true;
	err_set(err, ERR_USAGE, STEP_OPTIONS,
	    "-%d, but the address given for %s is not of IPv%d", names->family,
	    to->host, names->family);
	return err_hint(err, "leave out -%d, or give an IPv%d address",
	    names->family, names->family);
}

static bool
load_names(struct run *run, struct error *err)
{
	const struct options *opt = run->opt;
	struct wire *w = run->wire;
	static const char resolv[] = "/etc/resolv.conf";

	if (opt->ipv4 && opt->ipv6)
		return err_fail(err, ERR_USAGE, STEP_OPTIONS, "one of them, or neither",
		    "-4 and -6 together leave no address");
	w->names.family = opt->ipv4 ? 4 : opt->ipv6 ? 6 : 0;
	for (size_t i = 0; i < opt->resolve_n; i++)
		if (!names_add_override(&w->names, opt->resolve[i], err))
			return false;
	for (size_t i = 0; i < opt->dns_n; i++)
		if (!names_add_server(&w->names, opt->dns[i], err))
			return false;
	if (!opt->dns_n && names_read_servers(&w->names,
	    read_system(run, w->resolv, resolv)))
		run_say(run, SAY_WARNING, "%s: a server without a plain address is "
		    "passed over", resolv);
	w->names.hosts = read_system(run, w->hosts, "/etc/hosts");
	return check_family(run, &run->route->sts, err) &&
	    check_family(run, &run->route->signin, err);
}

/* In curl's order; an empty one counts as unset (curl(1), ENVIRONMENT). */
static const char proxy_variables[][12] = {
	"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
};

#define PROXY_VARIABLES (sizeof proxy_variables / sizeof proxy_variables[0])

static bool
find_proxy(struct run *run, char *const *env, struct error *err)
{
	struct proxy *proxy = &run->secret->proxy;
	struct slice *no_proxy = &run->wire->no_proxy;

	*no_proxy = env_get(env, "no_proxy");
	if (!no_proxy->len)
		*no_proxy = env_get(env, "NO_PROXY");
	/* Nothing will use it: what it says is no matter. */
	if (slice_is(*no_proxy, "*"))
		return true;
	if (run->opt->proxy.len)
		return proxy_read(proxy, run->opt->proxy, "--proxy", err);
	for (size_t i = 0; i < PROXY_VARIABLES; i++) {
		struct slice value = env_get(env, proxy_variables[i]);

		if (value.len)
			return proxy_read(proxy, value, proxy_variables[i], err);
	}
	return true;
}

static bool
load_proxy(struct run *run, char *const *env, struct error *err)
{
	struct login *out = run->out;
	struct buf b = TEXT_OVER(out->proxy);

	if (!find_proxy(run, env, err))
		return false;
	if (run->secret->proxy.on)
		proxy_put_name(&b, &run->secret->proxy);
	buf_end(&b);
	out->sts_by_proxy = run_proxy_for(run, &run->route->sts) != NULL;
	out->signin_by_proxy = run_proxy_for(run, &run->route->signin) != NULL;
	return true;
}

void
login_forget_keys(char **env)
{
	static const char variables[][34] = {
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN",
	};

	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
		env_wipe(env, variables[i]);
}

void
login_forget(char **env)
{
	login_forget_keys(env);
	for (size_t i = 0; i < PROXY_VARIABLES; i++)
		env_wipe(env, proxy_variables[i]);
}

/*
 * Derive first, wipe early: after this the long-term secret is nowhere in this
 * process. Temporary secrets stay where sign-in needs them, and only there.
 */
static void
derive_and_wipe(struct run *run, const struct surroundings *around, char **env)
{
	struct plan *plan = &run->wire->plan;
	struct slice nothing = { NULL, 0 };

	if (!plan_is_remote(plan)) {
		fetch_derive(run);
		buf_wipe(&run->wire->document);
	}
	login_forget(env);
	explicit_bzero(run->wire->config, around->files.config.len);
	explicit_bzero(run->wire->credentials, around->files.credentials.len);
	plan->base.access_key_id = plan->base.secret_access_key = nothing;
	plan->base.session_token = plan->base.bearer = nothing;
}

bool
run_set_destination(struct run *run, struct error *err)
{
	const struct route *r = run->route;
	struct buf b = TEXT_OVER(run->out->destination);
	struct destination_ask ask = {
		.place = run->opt->destination,
		.console_url = run->opt->console_url,
		.region = slice_of(r->region_given ||
		    !r->partition->bare_region[0] ? r->region : ""),
		.partition = r->partition,
	};

	if (!destination_put(&b, &ask, err))
		return false;
	buf_end(&b);
	return !b.full || err_set(err, ERR_USAGE, STEP_OPTIONS,
	    "--destination is too long");
}

/* Standard input is read by one. */
static bool
check_stdin(const struct options *opt, struct error *err)
{
	const struct slice files[] = {
		opt->credentials, opt->policy, opt->token_code, opt->ca_bundle
	};
	int readers = 0;

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		readers += slice_is(files[i], "-");
	return readers < 2 || err_fail(err, ERR_USAGE, STEP_OPTIONS,
	    "a FILE or fd:N for all but one of them",
	    "two options want standard input");
}

bool
login_prepare(struct workspace *ws, const struct options *opt, char **env,
	struct login *out, struct listener *listener, struct error *err)
{
	struct run run;
	struct surroundings around;
	struct slice policy;
	struct settings settings;
	struct keys_held held;

	memset(out, 0, sizeof *out);
	if (opt->time_given)
		out->clock_offset_s = opt->time_s - host_wall_s();
	run_init(&run, ws, opt, out, listener);
	if (!check_stdin(opt, err) || !load_document(&run, err) ||
	    !look_around(&run, env, &around, err) ||
	    !load_creds(&run, &around, env, err) ||
	    !settings_read(&settings, opt, &around, err) ||
	    !load_policy(&run, &policy, err))
		return false;
	held = keys_held(&run);
	if (!route_plan(run.route, opt, &held, &settings, policy,
	    env, err) ||
	    (opt->command == COMMAND_URL && !run_set_destination(&run, err)) ||
	    !load_proxy(&run, env, err) || !load_names(&run, err) ||
	    !load_trust(&run, &around, err))
		return false;
	name_used_settings(&run);
	if (!ws->secret_region.locked)
		run_say(&run, SAY_TRACE, "keys could be swapped out: this host "
		    "locks no memory for us");
	/* SessionDuration, where it is sent, is what the console goes by. */
	out->duration_requested_s = run.route->session_duration_s ?
	    run.route->session_duration_s : run.route->sts_duration_s;
	derive_and_wipe(&run, &around, env);
	/* Soon nothing can be opened for writing. */
	if (ws->wire->plan.base.renew)
		file_replace_begin(&ws->wire->renewal, ws->wire->plan.base.file);
	return true;
}
