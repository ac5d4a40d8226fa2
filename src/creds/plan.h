/* SPDX-License-Identifier: MIT */
/*
 * Where credentials will come from: a pure look at the environment and the
 * file texts says which keys come first and which roles are assumed with them.
 * login.c alone walks the plan.
 */
#ifndef POSTERN_CREDS_PLAN_H
#define POSTERN_CREDS_PLAN_H

#include "creds/creds.h"
#include "creds/sharedfile.h"

/* Everything the plan depends on. All of it is borrowed. */
struct surroundings {
	char *const *env;
	struct shared_files files;
	struct slice profile_option;    /* --profile; empty when not given */
	/*
	 * The text of --credentials, with as much room behind it for values
	 * that are decoded; NULL when not given.
	 */
	struct buf *document;
	const char *config_state;       /* "not there", "permission denied" … */
	const char *credentials_state;
};

struct source;

/*
 * Where the first keys come from. What a source does not need is empty; keys
 * that are at hand are borrowed from surroundings, all else from the plan.
 */
struct step_of_plan {
	const struct source *source;
	struct slice profile;           /* empty for other sources */
	struct slice access_key_id, secret_access_key, session_token;
	bool expires_known;
	int64_t expires_s;              /* seconds since 1970-01-01 UTC */
	struct slice command;           /* to be run for them */
	struct slice file;              /* path of a token or cache, to be read */
	struct slice url;               /* of an endpoint on this host */
	struct slice bearer;            /* to be shown there; borrowed */
	struct slice region, account, role_name;        /* of Identity Center */
	bool renew;                     /* its token, first */
	size_t document_len;            /* of its cache */
	struct slice role_arn, session_name;            /* of web identity */
	unsigned limit_ms, tries;       /* of one request to an endpoint */
	bool v1_refused;                /* of instance metadata */
};

/* A role to assume with the keys before it. Texts may be empty. */
struct role {
	struct slice profile;           /* empty: of the options */
	struct slice role_arn, session_name, external_id, mfa_serial;
	struct slice mfa_process;       /* a command that prints the code */
	struct slice source_identity;
	struct slice duration;          /* seconds, as written */
};

struct plan {
	bool found;                     /* base is filled */
	struct step_of_plan base;
	size_t roles_n;
	struct role roles[PLAN_ROLES_MAX];
	size_t text_len;                /* of what outlives the files' texts */
	bool too_long;                  /* text was too short for it */
	char text[PLAN_TEXT_MAX];
	char origin[2 * PROFILE_NAME_MAX + 64]; /* of the keys, for people */
	char note[PROFILE_NAME_MAX + 96];       /* what was passed over; may be empty */
	char tried[2 * PATH_TEXT_MAX + 200];    /* and why it gave nothing */
	char cure[200];                         /* when nothing gave any */
};

/* What a source is asked to look at. */
struct look {
	const struct surroundings *around;
	struct slice profile;
	const struct look *from;        /* the profile whose role needs keys, or NULL */
};

/* How to get from a step to its keys. */
enum source_way {
	BY_HAND,                /* they are in the step, once its file is read */
	BY_STS,                 /* AssumeRoleWithWebIdentity */
	BY_ASKING               /* a host: see inquiry.h */
};

struct inquiry_kind;

struct source {
	const char *name;               /* a word for check drivers and traces */
	bool of_profile;                /* may have the keys of another's role */
	enum source_way way;
	/*
	 * Fill plan->base when this source is configured. Fails when it is
	 * configured and cannot be used: nothing falls through to the next.
	 */
	bool (*plan)(const struct look *look, struct plan *plan,
		struct error *err);
	/*
	 * The text of base.file, or what base.command printed: fill the keys of
	 * the base, decoded behind the text, or give the secret `bearer` that is
	 * to be shown for them. NULL: there is nothing to take.
	 */
	bool (*take)(struct plan *plan, struct buf *text, struct buf *bearer,
		int64_t now_s, struct error *err);
	const struct inquiry_kind *inquiry;
};

/* Ask the sources in order until one is configured; ERR_NOCREDS when none is. */
bool plan_make(struct plan *plan, const struct surroundings *around,
	struct error *err) __attribute__((warn_unused_result));

/* Have the keys only been pointed at, so that they are not long-term ones? */
static inline bool
plan_is_remote(const struct plan *plan)
{
	return plan->base.source->way != BY_HAND;
}

/* The profile in force: --profile, AWS_PROFILE, AWS_DEFAULT_PROFILE, default. */
struct slice plan_profile(const struct surroundings *around);

/* Was it named by an option or a variable? */
bool plan_profile_named(const struct surroundings *around);

/* ---- for sources ---- */

/* The base of the plan, now filled by `source`. */
struct step_of_plan *plan_add(struct plan *plan, const struct source *source);

/* A copy of `text` that lives as long as the plan; too long is noticed at the end. */
struct slice plan_keep(struct plan *plan, struct slice text);

/* The value of a key in the profile that is looked at. */
struct slice look_value(const struct look *look, const char *key);

/* The same, kept. */
struct slice look_keep(const struct look *look, struct plan *plan,
	const char *key);

/*
 * The variable's value, or that of the profile's key of the same name without
 * "AWS_"; keys compare without case.
 */
struct slice look_setting(const struct look *look, const char *variable);

/* Append a path below the home. */
void look_put_home(struct buf *b, const struct look *look, const char *path);

/* Do variables count here, or was --profile or another profile's role asked for? */
bool look_has_env(const struct look *look);

/* "profile NAME" with what it is looked at for. Answers false. */
bool look_refuse(const struct look *look, struct error *err, const char *hint,
	const char *what, ...) __attribute__((format(printf, 4, 5)));

/* Have another profile, or the source of that name, fill the base. */
bool plan_from_profile(const struct look *look, struct plan *plan,
	struct error *err) __attribute__((warn_unused_result));
bool plan_from_source(const char *name, const struct look *look,
	struct plan *plan, struct error *err) __attribute__((warn_unused_result));

#endif
