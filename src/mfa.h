/* SPDX-License-Identifier: MIT */
/*
 * The six digits of an MFA device: given by option, printed by mfa_process, or
 * typed while the links connect. None is ever used twice.
 */
#ifndef POSTERN_MFA_H
#define POSTERN_MFA_H

#include "workspace.h"

/*
 * Before the network: take what --token-code or mfa_process gives for the roles
 * of the plan; where a person has to type it, find the terminal. Fails when a
 * role needs a code and there is no way to one.
 */
bool mfa_prepare(struct run *run, char **env, struct error *err)
	__attribute__((warn_unused_result));

/* Have run->secret->token_code filled with a code that was not used yet. */
bool mfa_get_code(struct run *run, const struct role *role, struct error *err)
	__attribute__((warn_unused_result));

/* It went out. */
void mfa_spend_code(struct run *run);

/* Is there someone who could be asked for another code? */
bool mfa_can_ask(const struct run *run);

/* AWS refused the code: may another be asked for? */
bool mfa_try_again(struct run *run);

#endif
