/* SPDX-License-Identifier: MIT */
/*
 * The SDKs' settings of region and endpoints that are in force: an option
 * beats the environment, the environment the profile. What they lead to is
 * route.c's.
 */
#ifndef POSTERN_SETTINGS_H
#define POSTERN_SETTINGS_H

#include "cli/options.h"
#include "creds/plan.h"

struct setting {
	struct slice value;                     /* borrowed; may be empty */
	char from[SETTING_NAME_MAX + 1];        /* what people call it */
};

struct settings {
	struct slice region;                    /* borrowed; may be empty */
	struct setting sts_url, signin_url;
	unsigned hosts;                         /* HOSTS_FIPS, HOSTS_DUALSTACK */
	bool legacy;                            /* STS's global host where it was */
	/* Those of environment and profile that count, for people; may be empty. */
	char names[SETTINGS_MAX + 1];
};

/*
 * Read them. Fails with ERR_CONFIG, on a word that a setting does not have and
 * on a services section that is not there.
 * Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints",
 * "Dual-stack and FIPS endpoints", "AWS STS Regional endpoints".
 */
bool settings_read(struct settings *s, const struct options *opt,
	const struct surroundings *around, struct error *err)
	__attribute__((warn_unused_result));

#endif
