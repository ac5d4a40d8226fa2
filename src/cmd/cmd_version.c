/* SPDX-License-Identifier: MIT */
/*
 * postern version: what was built, for what, with which BearSSL, and the trust
 * anchors in it with their fingerprints.
 */
#include "cli/report.h"
#include "cmd/cmd.h"
#include "codec/hex.h"
#include "net/anchors.h"
#include "net/trust.h"

int
cmd_version(const struct options *opt, char **env)
{
	char text[2048];
	struct buf b = BUF_OVER(text);
	struct error err = { 0 };

	(void)env;
	buf_puts(&b, "postern " POSTERN_VERSION "\ntarget  " POSTERN_TARGET
	    "\ntls     BearSSL " POSTERN_BEARSSL_VERSION ", TLS 1.2\n");
	for (size_t i = 0; i < ANCHORS; i++) {
		uint8_t print[32];

		trust_fingerprint(print, slice_from((const char *)anchors[i].der,
		    anchors[i].len));
		buf_puts(&b, "root    ");
		hex_put(&b, print, sizeof print);
		buf_fmt(&b, "  %s\n", anchors[i].name);
	}
	return cmd_output(buf_slice(&b), &err) ? 0 : report_error(opt, &err);
}
