/* SPDX-License-Identifier: MIT */
/*
 * Finding BEGIN and END lines and decoding what is between them. Whether the
 * bytes are a certificate is for net/trust.c to say.
 */
#include "codec/pem.h"

#include "codec/base64.h"

static const char begin[] = "-----BEGIN CERTIFICATE-----";
static const char end[] = "-----END CERTIFICATE-----";

enum pem_result
pem_next(struct slice *cur, struct slice *der)
{
	size_t at = slice_find(*cur, begin), stop, len;

	if (at == cur->len)
		return PEM_END;
	*cur = slice_skip(*cur, at + sizeof begin - 1);
	stop = slice_find_char(*cur, '-');

	struct slice body = slice_from(cur->p, stop);
	struct slice rest = slice_skip(*cur, stop);

	/* Go on behind this body: a cut block may be followed by whole ones. */
	*cur = rest;
	if (!slice_starts(rest, end) ||
	    !base64_read(body, (uint8_t *)(uintptr_t)body.p, &len) || len == 0)
		return PEM_BROKEN;
	*der = slice_from(body.p, len);
	return PEM_CERTIFICATE;
}
