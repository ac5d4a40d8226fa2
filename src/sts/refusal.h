/* SPDX-License-Identifier: MIT */
/*
 * What an STS refusal means to the person: kind, sentence and cure. Source:
 * STS API Reference, "Common Errors" and the errors of each action.
 */
#ifndef POSTERN_STS_REFUSAL_H
#define POSTERN_STS_REFUSAL_H

#include "sts/sts.h"

/* What is known beside the refusal itself. */
struct refusal_facts {
	enum sts_action action;
	bool temporary;                 /* the keys that signed */
	bool region_given;              /* by the person, not by default */
	bool mfa_sent;                  /* SerialNumber and TokenCode */
	const struct partition *partition;
};

/*
 * STS may echo what was signed. Cut the message where `secret` (or what is left
 * of it in a cut message) begins; an empty secret changes nothing.
 */
void refusal_hide(struct sts_refusal *r, struct slice secret);

/* Does the refusal speak of our clock (too early or too late a signature)? */
bool refusal_is_skew(const struct sts_refusal *r, int64_t signed_at);

/* Is it of load or a restart, so that the same request may be taken later? */
bool refusal_is_busy(const struct sts_refusal *r);

/* Does it mean that the code of an MFA device was not taken? */
bool refusal_is_of_code(const struct sts_refusal *r);

/* Does it mean that the signing keys themselves are no good any more? */
bool refusal_is_of_keys(const struct sts_refusal *r);

/* Fill err. Answers false. */
bool refusal_explain(const struct sts_refusal *r,
	const struct refusal_facts *facts, struct error *err);

#endif
