/* SPDX-License-Identifier: MIT */
/*
 * A whole run against a peer whose words are the input: the first byte picks
 * the command and where its keys come from, the rest is the script of peer.h.
 * It ends in time, with a result or an error that is told and shows no secret,
 * and leaves nothing open.
 */
#include "fuzz.h"
#include "peer.h"

#include "cli/options.h"
#include "login.h"

#define SECRET "wJalrXUtnFEMIsecretEXAMPLEKEY0123456789A"
#define TOKEN "FwoGZXIvYXdzEXAMPLETOKENofTheSession0123456789"
#define WORDS_MAX 16

/* A command line and what the environment holds besides, with blanks between. */
static const struct { const char *line, *env; } runs[] = {
	{ "url", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE" },
	{ "url --role-arn arn:aws:iam::123456789012:role/demo --duration 1h",
	    "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE" },
	{ "url", "AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE AWS_SESSION_TOKEN=" TOKEN },
	{ "creds --role-arn arn:aws:iam::123456789012:role/demo",
	    "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE" },
	{ "whoami", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE" },
	{ "url", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:8080/keys" },
	{ "url", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE "
	    "https_proxy=http://user:hunter2@127.0.0.1:3128" },
	{ "whoami --endpoint-url http://127.0.0.1:8081 --no-false-start",
	    "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE" },
	{ "url --dns 192.0.2.53 --dns 192.0.2.54 --timeout 40",
	    "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE" },
	{ "url -v", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1338" },
};

static char words_text[2048], env_text[2048];
static char *argv[WORDS_MAX + 1], *env[WORDS_MAX + 1];
static struct login login;
static struct options opt;

static size_t
split(const char *text, struct buf *room, char **words, size_t n)
{
	struct slice rest = slice_of(text), word;

	while (slice_take_word(&rest, &word)) {
		MUST(n < WORDS_MAX);
		words[n++] = room->p + room->len;
		buf_put_slice(room, word);
		buf_putc(room, '\0');
	}
	words[n] = NULL;
	MUST(!room->full);
	return n;
}

static void
must_not_show(const char *text)
{
	MUST(strstr(text, SECRET) == NULL && strstr(text, TOKEN) == NULL);
	MUST(strstr(text, "hunter2") == NULL);
}

static void
say(void *context, enum say kind, int64_t elapsed_ms, const char *line)
{
	(void)context, (void)kind, (void)elapsed_ms;
	must_not_show(line);
}

static void
make_surroundings(size_t choice)
{
	struct buf words = BUF_OVER(words_text), b = BUF_OVER(env_text);
	struct error err = { 0 };
	bool dns = strstr(runs[choice].line, "--dns") != NULL;
	bool keys = strstr(runs[choice].env, "ACCESS_KEY") != NULL;
	size_t n = split("postern", &words, argv, 0);

	n = split(runs[choice].line, &words, argv, n);
	if (!dns)
		n = split("--resolve sts.us-east-1.amazonaws.com:192.0.2.1 "
		    "--resolve signin.aws.amazon.com:192.0.2.2 --dns 192.0.2.53",
		    &words, argv, n);
	MUST(split(keys ? "AWS_SECRET_ACCESS_KEY=" SECRET :
	    "AWS_EC2_METADATA_V1_DISABLED=true", &b, env,
	    split(runs[choice].env, &b, env,
	    split("HOME=/nonexistent AWS_REGION=us-east-1 "
	    "AWS_CONFIG_FILE=/nonexistent/config", &b, env, 0))) < WORDS_MAX);
	MUST(options_read(&opt, (int)n, argv, env, &err));
}

static bool
run(struct workspace *ws, struct error *err)
{
	struct listener listener = { .say = say, .live = true };

	if (!login_open(ws, err) ||
	    !login_prepare(ws, &opt, env, &login, &listener, err))
		return false;
	if (opt.command == COMMAND_CREDS)
		return login_creds(ws, &opt, &login, &listener, err);
	if (opt.command == COMMAND_WHOAMI)
		return login_whoami(ws, &opt, &login, &listener, err);
	return login_run(ws, &opt, &login, &listener, err);
}

static void
check_result(void)
{
	if (opt.command == COMMAND_URL) {
		MUST(slice_starts(login.url, "https://") && login.url.len > 100);
		for (size_t i = 0; i < login.url.len; i++)
			MUST(login.url.p[i] > ' ' && login.url.p[i] < 0x7F);
		MUST(slice_find(login.url, SECRET) == login.url.len);
	} else if (opt.command == COMMAND_CREDS) {
		MUST(login.session->creds.session_token[0]);
	} else {
		MUST(login.who.arn[0] && login.who.account[0]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct workspace ws = { 0 };
	struct error err = { 0 };

	if (size < 1)
		return 0;
	make_surroundings((size_t)data[0] % (sizeof runs / sizeof runs[0]));
	memset(&login, 0, sizeof login);
	peer_begin(input_slice(data + 1, size - 1));
	if (run(&ws, &err)) {
		check_result();
	} else {
		MUST(err.kind != ERR_NONE && err.kind != ERR_LIMIT);
		MUST(err.what[0]);
		must_not_show(err.what);
		must_not_show(err.peer);
		must_not_show(err.hint);
		must_not_show(err.again);
	}
	MUST(peer_elapsed_ms() <= opt.timeout_s * 1000 + 1000);
	login_close(&ws);
	MUST(peer_open() == 0);
	return 0;
}
