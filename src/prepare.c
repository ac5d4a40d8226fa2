/* SPDX-License-Identifier: MIT */
/*
 * Everything before the first packet: read what is local, decide the route,
 * derive signing keys, wipe the secret. The network part is login.c's.
 */
#include "workspace.h"

#include <errno.h>

#include "base/env.h"
#include "codec/timestamp.h"
#include "settings.h"
#include "signin/loginurl.h"
#include "sys/file.h"
#include "sys/host.h"

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
read_shared(struct slice *text, char *room, size_t cap, const char *path,
	bool found, struct error *err)
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
	around->config_state = read_shared(&around->files.config, w->config,
	    sizeof w->config, w->config_path, config, err);
	around->credentials_state = read_shared(&around->files.credentials,
	    w->credentials, sizeof w->credentials, w->credentials_path, creds,
	    err);
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

/* Keys that have run out are not worth a packet. */
static bool
check_expiry(struct run *run, const struct step_of_plan *keys,
	struct error *err)
{
	struct session *held = &run->secret->session;
	char end[24], now[24];
	struct buf eb = TEXT_OVER(end);
	struct buf nb = TEXT_OVER(now);

	held->expires_known = keys->expires_known;
	held->expires_s = keys->expires_s;
	if (!keys->expires_known || run->opt->force ||
	    keys->expires_s > run_now_s(run))
		return true;
	timestamp_put_iso(&eb, keys->expires_s);
	timestamp_put_iso(&nb, run_now_s(run));
	buf_end(&eb);
	buf_end(&nb);
	return err_fail(err, ERR_DENIED, STEP_CREDENTIALS,
	    "new keys from where these came from; should this host's clock be "
	    "wrong, --time",
	    "the keys of %s expired at %s, and it is %s here",
	    run->wire->plan.origin, end, now);
}

static bool
load_creds(struct run *run, const struct surroundings *around,
	struct error *err)
{
	struct plan *plan = &run->wire->plan;
	const struct step_of_plan *keys = &plan->steps[0];
	struct buf hint = buf_over(run->out->key_hint, 15);

	if (!plan_make(plan, around, err) ||
	    !creds_load(&run->secret->creds, keys->access_key_id,
	    keys->secret_access_key, keys->session_token, plan->origin, err) ||
	    !check_expiry(run, keys, err))
		return false;
	if (keys->profile.len && file_is_exposed(around->files.credentials_path))
		run_say(run, SAY_WARNING, "others on this host may read %s: chmod "
		    "600 it", around->files.credentials_path);
	creds_put_key_hint(&hint, slice_of(run->secret->creds.access_key_id));
	run->out->temporary = creds_temporary(&run->secret->creds);
	/* Names of profiles are shown: no control sequences from there. */
	copy_printable(run->out->origin, sizeof run->out->origin,
	    slice_of(plan->origin));
	copy_printable(run->out->origin_note, sizeof run->out->origin_note,
	    slice_of(plan->note));
	return true;
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

/* --credentials: FILE, - or fd:N. */
static bool
load_document(struct run *run, struct error *err)
{
	struct wire *w = run->wire;
	struct slice given = run->opt->credentials;
	enum file_result result = FILE_READ;
	int number = 0;

	w->document = buf_over(w->document_room, DOCUMENT_MAX);
	if (given.len)
		result = file_read(&w->document, given, &number);
	w->document.cap = sizeof w->document_room;
	if (result == FILE_READ)
		return true;
	/* Keys in the place of the name of their file: not to be shown again. */
	if (slice_find_char(given, '{') < given.len)
		given.len = 1;
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
login_forget(char **env)
{
	static const char variables[][24] = {
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
	};

	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
		env_wipe(env, variables[i]);
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
	struct creds *creds = &run->secret->creds;
	struct sigv4_scope scope = { run_now_s(run), { NULL, 0 }, SLICE("sts") };

	scope.region = slice_of(run->route->signing_region);
	sigv4_keys_derive(&run->secret->keys,
	    slice_of(creds->secret_access_key), &scope);
	if (run->route->kind != ROUTE_DIRECT)
		explicit_bzero(creds->secret_access_key,
		    sizeof creds->secret_access_key);
	login_forget(env);
	buf_wipe(&run->wire->document);
	explicit_bzero(run->wire->config, around->files.config.len);
	explicit_bzero(run->wire->credentials, around->files.credentials.len);
	explicit_bzero(&run->wire->plan, sizeof run->wire->plan);
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

bool
login_prepare(struct workspace *ws, const struct options *opt, char **env,
	struct login *out, struct listener *listener, struct error *err)
{
	struct run run;
	struct surroundings around;
	struct slice policy;
	struct settings settings;

	memset(out, 0, sizeof *out);
	if (opt->time_given)
		out->clock_offset_s = opt->time_s - host_wall_s();
	run_init(&run, ws, opt, out, listener);
	if (!load_document(&run, err) ||
	    !look_around(&run, env, &around, err) ||
	    !load_creds(&run, &around, err) ||
	    !settings_read(&settings, opt, &around, err) ||
	    !load_policy(&run, &policy, err) ||
	    !route_plan(run.route, opt, &run.secret->creds, &settings, policy,
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
	return true;
}
