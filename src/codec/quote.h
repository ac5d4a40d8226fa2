/* SPDX-License-Identifier: MIT */
/*
 * Words for command lines: in single quotes, as each shell ends and escapes
 * them. What may be in a word at all is for the caller to say.
 */
#ifndef POSTERN_CODEC_QUOTE_H
#define POSTERN_CODEC_QUOTE_H

#include "base/buf.h"

enum quote { QUOTE_SH, QUOTE_FISH, QUOTE_POWERSHELL };

/*
 * Append a word in single quotes, which nothing in it can end.
 * PowerShell takes U+2018 to U+201B for quotes, too: for it, ASCII only.
 * Source: POSIX XCU §2.2.2; fish documentation, "Quotes"; PowerShell
 * documentation, "about_Quoting_Rules" and "about_Special_Characters".
 */
void quote_put(struct buf *b, struct slice s, enum quote how);

/* Do all shells, and files of NAME=value lines, take it as it stands? */
bool quote_is_plain(struct slice s);

#endif
