/* SPDX-License-Identifier: MIT */
/*
 * The way from the keys that are held to a console session, decided before
 * any network from options and keys alone. design: "The route follows from
 * what is held, never from guessing".
 */
#ifndef POSTERN_ROUTE_H
#define POSTERN_ROUTE_H

#include "aws/partition.h"
#include "cli/options.h"
#include "creds/plan.h"

enum route_kind {
	ROUTE_FEDERATE,         /* long-term keys: GetFederationToken, sign-in */
	ROUTE_ASSUME,           /* long-term keys: AssumeRole, sign-in */
	ROUTE_CHAIN,            /* temporary keys: AssumeRole, sign-in */
	ROUTE_DIRECT            /* temporary keys: sign-in */
};

struct route {
	enum route_kind kind;
	const struct partition *partition;
	bool partition_known;           /* region, role or endpoint names it */
	bool region_given;              /* else it is the partition's default */
	char region[REGION_MAX + 1];    /* of STS, sign-in and console */
	char signing_region[REGION_MAX + 1];    /* that STS wants signatures for */
	struct endpoint sts, signin;
	bool sts_given, signin_given;   /* else as the region has them */
	bool sts_foreign, signin_foreign;       /* not in the partition table */
	bool signin_replaced;           /* by route_other_signin */
	unsigned hosts;                 /* HOSTS_FIPS, HOSTS_DUALSTACK */
	char settings[SETTINGS_MAX + 1];/* that decided on hosts; may be empty */
	bool identity_first;            /* GetCallerIdentity before sign-in */
	int64_t sts_duration_s;         /* DurationSeconds; 0: not sent */
	int64_t session_duration_s;     /* SessionDuration; 0: not sent */
	char name[SESSION_NAME_MAX + 1];/* Name or RoleSessionName */
	struct slice policy;            /* of the session; may be empty */
	char policy_arns[POLICY_ARNS_MAX][ARN_MAX + 1];
	struct slice policy_arn[POLICY_ARNS_MAX];       /* over the above */
	size_t policy_arns_n;
	char warning[200];              /* for the person; may be empty */
};

struct settings;

/* What is held to begin with, or will be. */
struct keys_held {
	bool temporary;
	const struct partition *partition;      /* NULL: not known from them */
	const struct role *roles;       /* to be assumed one after another */
	size_t roles_n;
};

/*
 * Decide. `settings` are those of region and endpoints that are in force,
 * `policy` the text of --policy (may be empty). Fails with ERR_USAGE,
 * ERR_KEYKIND or ERR_CONFIG; nothing has been sent then. The route borrows
 * nothing of the settings; it does of policy and roles.
 */
bool route_plan(struct route *route, const struct options *opt,
	const struct keys_held *held, const struct settings *settings,
	struct slice policy, char *const *env, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Once STS has told the caller's ARN: take its partition for hosts that were
 * only defaults.
 */
bool route_settle_partition(struct route *route, const struct options *opt,
	struct slice arn, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Once the instance has told its region: take it for hosts that were only
 * defaults, unless it is of another partition than the role.
 */
bool route_settle_region(struct route *route, const struct options *opt,
	struct slice region, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Go over to another region's sign-in host of the same partition and kind;
 * false, with nothing changed, where there is none or it was done before.
 */
bool route_other_signin(struct route *route);

/*
 * FIPS and dual-stack hosts of sign-in are AWS's by name, but whether they
 * serve consoles is not known. Append the option that leads to the ordinary
 * one.
 */
#define ROUTE_SIGNIN_DOUBT \
	"whether AWS's FIPS and dual-stack hosts serve sign-in is not known"
void route_put_ordinary_signin(struct buf *b, const struct route *route,
	const struct options *opt);

/* A word for JSON and people: federate, assume, chain, direct. */
const char *route_word(enum route_kind kind);

#endif
