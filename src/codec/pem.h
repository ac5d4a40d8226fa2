/* SPDX-License-Identifier: MIT */
/*
 * CERTIFICATE blocks out of a PEM text (RFC 7468). Other blocks and the
 * text around them are passed over, as every tool that reads a CA bundle does.
 */
#ifndef POSTERN_CODEC_PEM_H
#define POSTERN_CODEC_PEM_H

#include "base/slice.h"

enum pem_result { PEM_END, PEM_CERTIFICATE, PEM_BROKEN };

/*
 * Read the next block at *cur, which advances. The DER bytes are decoded in
 * place: `*der` then points into the text, which must be writable and is used
 * up. PEM_BROKEN: a block that is cut or not base64; reading can go on.
 */
enum pem_result pem_next(struct slice *cur, struct slice *der);

#endif
