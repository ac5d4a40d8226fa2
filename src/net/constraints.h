/* SPDX-License-Identifier: MIT */
/*
 * Name constraints (RFC 5280 §4.2.1.10): which names an authority may give.
 */
#ifndef POSTERN_NET_CONSTRAINTS_H
#define POSTERN_NET_CONSTRAINTS_H

#include "net/cert.h"

/*
 * Are the names of `cert` within the constraints of `authority`, above it? Both
 * went through cert_check. DNS names and addresses are compared, and so is a
 * subject with what is permitted; a constraint on any other kind of name
 * refuses each name of that kind. Names compared are taken off `*budget`.
 */
enum cert_fault constraints_check(const struct cert *authority,
	const struct cert *cert, unsigned *budget)
	__attribute__((warn_unused_result));

#endif
