/* SPDX-License-Identifier: MIT */
/*
 * IP addresses as text: dotted decimal (RFC 6943 §3.1.1, strict form) and IPv6
 * (RFC 4291 §2.2, printed as RFC 5952 says).
 */
#ifndef POSTERN_CODEC_IP_H
#define POSTERN_CODEC_IP_H

#include "base/buf.h"

struct ip {
	uint8_t family;         /* 4 or 6 */
	uint8_t bytes[16];      /* network order; the first 4 for IPv4 */
};

/* A whole slice, without brackets, port or zone. */
bool ip_read(struct slice s, struct ip *ip);
void ip_put(struct buf *b, const struct ip *ip);

/* 127.0.0.0/8 or ::1 */
bool ip_is_loopback(const struct ip *ip);

#endif
