/* SPDX-License-Identifier: MIT */
/*
 * The story: credentials, STS, sign-in, URL. login.c owns the memory that
 * secrets lie in and wipes it.
 */
#ifndef POSTERN_LOGIN_H
#define POSTERN_LOGIN_H

#include "cli/options.h"
#include "route.h"
#include "sts/session.h"
#include "sys/region.h"

/*
 * What is said on the way. Warnings are always shown, traces with -v; a running
 * line takes the place of the one before.
 */
enum say { SAY_TRACE, SAY_WARNING, SAY_RUNNING };

struct listener {
	void (*say)(void *context, enum say kind, int64_t elapsed_ms,
	    const char *line);
	void *context;
	bool live;                      /* running lines are wanted */
};

struct secrets;
struct wire;

struct workspace {
	struct region secret_region, wire_region;
	struct secrets *secret;         /* keys and tokens: locked */
	struct wire *wire;              /* what they pass through */
};

/* The outcome. Nothing in it is secret but what lies in the workspace. */
struct login {
	struct route route;
	char origin[PROFILE_NAME_MAX + 32];     /* of the keys */
	char origin_note[PROFILE_NAME_MAX + 96];
	char key_hint[16];                      /* AKIA…WXYZ */
	bool temporary;                         /* the keys held */
	const struct step_of_plan *base;        /* of the plan */
	const struct role *roles;               /* to be assumed; in the workspace */
	size_t roles_n;
	char destination[3 * DESTINATION_MAX];
	char proxy[HOST_NAME_MAX_LEN + 10];     /* host:port; empty: none */
	bool sts_by_proxy, signin_by_proxy;     /* as far as hosts are planned */
	struct identity who;                    /* of the console session */
	char signin_host[HOST_NAME_MAX_LEN + 1];
	char request_id[72];                    /* sign-in's, else STS's */
	int64_t clock_offset_s;                 /* right time minus this host's */
	int64_t now_s;                          /* corrected, when it ended */
	int64_t url_expires_s;
	bool session_expires_known;
	int64_t session_expires_s;
	int64_t duration_requested_s;           /* 0: none was asked for */
	struct slice url;                       /* in the workspace */
	const struct session *session;          /* of login_creds; there, too */
};

/*
 * Map the workspace. Whatever happens afterwards, login_close wipes it; that
 * may be called when this has failed, too.
 */
bool login_open(struct workspace *ws, struct error *err)
	__attribute__((warn_unused_result));
void login_close(struct workspace *ws);

/*
 * Everything before the network: read keys and files, decide the route, derive
 * signing keys, wipe the long-term secret, in the environment too.
 */
bool login_prepare(struct workspace *ws, const struct options *opt, char **env,
	struct login *out, struct listener *listener, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Between login_prepare and the network: give up for good what the rest needs
 * not, as far as this kernel can; a trace says what it cannot. POSTERN_SANDBOX
 * switches it off.
 */
void login_lock(struct workspace *ws, const struct options *opt,
	char *const *env, struct login *out, struct listener *listener);

/* Wipe keys and proxy logins that the environment holds; on every way out. */
void login_forget(char **env);

/* Only the keys: for a process that hands its environment on. */
void login_forget_keys(char **env);

/* The network part, after login_prepare. out->url is set on success. */
bool login_run(struct workspace *ws, const struct options *opt,
	struct login *out, struct listener *listener, struct error *err)
	__attribute__((warn_unused_result));

/*
 * In place of login_run: temporary keys and no sign-in. STS makes them, unless
 * the ones held are temporary and no role is asked for. out->session is set
 * on success, and wiped by login_close.
 */
bool login_creds(struct workspace *ws, const struct options *opt,
	struct login *out, struct listener *listener, struct error *err)
	__attribute__((warn_unused_result));

/*
 * In place of login_run: who these keys are, or whom the role makes of them.
 * out->who, now_s and what is known of the session's end are set on success.
 */
bool login_whoami(struct workspace *ws, const struct options *opt,
	struct login *out, struct listener *listener, struct error *err)
	__attribute__((warn_unused_result));

#endif
