/* SPDX-License-Identifier: MIT */
/*
 * The memory of one run, and what its steps share.
 */
#ifndef POSTERN_WORKSPACE_H
#define POSTERN_WORKSPACE_H

#include "creds/plan.h"
#include "login.h"
#include "net/link.h"
#include "net/proxy.h"
#include "sts/sigv4.h"
#include "sys/file.h"
#include "sys/terminal.h"

/* Locked memory is scarce (64 KiB on older hosts): only this is in it. */
struct secrets {
	struct creds creds;
	struct sigv4_keys keys;
	struct proxy proxy;
	struct session session;
	/* Shown for keys, long before there is a token of sign-in. */
	union {
		char bearer[BEARER_MAX + 1];
		char signin_token[SIGNIN_TOKEN_MAX + 1];
	};
	char token_code[8], spent_code[8];      /* of the MFA device: next, last */
};

_Static_assert(sizeof(struct secrets) <= 65536, "fits RLIMIT_MEMLOCK's old default");

/* Pages that are never touched cost nothing. */
struct wire {
	struct link sts, signin, source;
	struct names names;
	struct trust trust;
	struct plan plan;
	struct buf document;                    /* of --credentials, or a cache */
	char document_room[2 * DOCUMENT_MAX];   /* decoded values, too */
	struct slice no_proxy;                  /* in the environment */
	struct terminal terminal;               /* to ask for codes on */
	bool has_terminal;
	struct replacement renewal;             /* of a login's cache */
	char policy[3 * POLICY_MAX];
	char config_path[PATH_TEXT_MAX], credentials_path[PATH_TEXT_MAX];
	char scratch[STS_BODY_MAX + 2 * REQUEST_HEAD_MAX];
	char sts_request[STS_BODY_MAX + REQUEST_HEAD_MAX];
	char signin_request[2 * SIGNIN_BODY_MAX];
	char source_request[2 * BEARER_MAX];
	char url[URL_MAX];
	char resolv[RESOLV_FILE_MAX], hosts[RESOLV_FILE_MAX];
	char config[CONFIG_FILE_MAX], credentials[CONFIG_FILE_MAX];
	char bundle[BUNDLE_FILE_MAX];
};

#define LINKS 3         /* STS, sign-in, a source of keys */

/* How often one exchange was tried, and with whom. */
struct tries {
	enum step step;
	const struct endpoint *to;      /* borrowed from the route */
	bool (*may_ask)(const struct ip *ip);   /* over http; NULL: as link.h says */
	unsigned n;                     /* that failed */
	unsigned max;
	int64_t limit_ms;               /* of one; 0: the run's deadline alone */
	int64_t until_ms;               /* this one's deadline */
	bool once;                      /* the request holds a token code */
	bool plain;                     /* without False Start from now on */
};

/* One run: what the steps below share. */
struct run {
	struct secrets *secret;
	struct wire *wire;
	const struct options *opt;
	struct login *out;
	struct route *route;
	struct listener *listener;
	struct tries tries[LINKS];              /* of STS, sign-in, the source */
	unsigned codes;                         /* of an MFA device, refused */
	int64_t start_ms, deadline_ms;
	int64_t now_ms;                         /* of the last wake-up */
};

/* Say a line to the listener. */
void run_say(struct run *run, enum say kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The time now, corrected: seconds since 1970-01-01 UTC. */
int64_t run_now_s(const struct run *run);

/* The proxy that a connection to `to` has to go through; NULL when none. */
const struct proxy *run_proxy_for(const struct run *run,
	const struct endpoint *to);

/* The page to open, by the route as it stands; fills out->destination. */
bool run_set_destination(struct run *run, struct error *err)
	__attribute__((warn_unused_result));

void run_init(struct run *run, struct workspace *ws, const struct options *opt,
	struct login *out, struct listener *listener);

#endif
