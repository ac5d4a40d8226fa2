/* SPDX-License-Identifier: MIT */
/*
 * Where credentials will come from: a pure look at the environment and the
 * file texts gives a list of steps. login.c alone walks the list.
 */
#ifndef POSTERN_CREDS_PLAN_H
#define POSTERN_CREDS_PLAN_H

#include "creds/creds.h"
#include "creds/sharedfile.h"

#define PLAN_STEPS_MAX 8

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
 * One step: keys that are at hand. (Sources behind a process or the network
 * will say what to ask in theirs.) The slices are borrowed from surroundings.
 */
struct step_of_plan {
	const struct source *source;
	struct slice profile;           /* empty for other sources */
	struct slice access_key_id, secret_access_key, session_token;
	bool expires_known;
	int64_t expires_s;              /* seconds since 1970-01-01 UTC */
};

struct plan {
	size_t n;
	struct step_of_plan steps[PLAN_STEPS_MAX];
	char origin[PROFILE_NAME_MAX + 32];     /* of the keys, for people */
	char note[PROFILE_NAME_MAX + 96];       /* what was passed over; may be empty */
};

struct source {
	const char *name;               /* a word for check drivers and traces */
	/*
	 * Add this source's steps when it is configured. Fails when it is
	 * configured and cannot be used: nothing falls through to the next.
	 */
	bool (*plan)(const struct surroundings *around, struct plan *plan,
		struct error *err);
};

/* Ask the sources in order until one adds a step; ERR_NOCREDS when none does. */
bool plan_make(struct plan *plan, const struct surroundings *around,
	struct error *err) __attribute__((warn_unused_result));

/* The profile in force: --profile, AWS_PROFILE, AWS_DEFAULT_PROFILE, default. */
struct slice plan_profile(const struct surroundings *around);

/* Was it named by an option or a variable? */
bool plan_profile_named(const struct surroundings *around);

/* For sources: append a step. */
struct step_of_plan *plan_add(struct plan *plan, const struct source *source);

#endif
