/* SPDX-License-Identifier: MIT */
/*
 * Percent-encoding and the few URLs that Postern is given (RFC 3986): scheme,
 * host, port, and the rest as it stands.
 */
#ifndef POSTERN_CODEC_URI_H
#define POSTERN_CODEC_URI_H

#include "base/buf.h"
#include "codec/ip.h"

struct uri {
	bool https;             /* else http */
	bool is_ip;             /* host is an address; see ip */
	struct ip ip;
	struct slice host;      /* as written, without brackets; borrowed */
	uint16_t port;          /* 443 or 80 when none was written */
	struct slice rest;      /* path, query and fragment; may be empty */
};

/*
 * Encode every byte outside A-Z a-z 0-9 - _ . ~ with upper-case digits: the
 * form of SigV4 and of application/x-www-form-urlencoded bodies.
 */
void uri_put_encoded(struct buf *b, struct slice s);

/*
 * Read an absolute http or https URL. Refused: user data, an empty or
 * malformed host (LDH labels, RFC 1123 §2.1, or an address), a port that is
 * not 1 to 65535, and any byte outside printable ASCII.
 */
bool uri_read(struct slice s, struct uri *uri);

/*
 * The same behind the scheme: HOST[:PORT], then nothing or one of "/?#" and
 * more. uri->port stays as it is when none is written.
 */
bool uri_read_authority(struct slice s, struct uri *uri);

/* Labels of letters, digits and inner hyphens, 1 to 253 bytes in all. */
bool uri_is_host(struct slice host);

#endif
