/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the document of --credentials: what is accepted has keys, which
 * lie behind it, and what is refused is refused with a hint.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "codec/json.h"
#include "creds/plan.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[2 * DOCUMENT_MAX], *env[] = { NULL };
	static struct plan plan;
	struct buf room = buf_over(text, 2 * size);
	struct surroundings around = {
		.env = env, .document = &room,
		.files = { { "", 0 }, { "", 0 }, "CONFIG", "CREDENTIALS" },
	};
	struct step_of_plan *keys = &plan.base;
	struct error err = { 0 };
	const char *why;
	struct slice decoded;

	if (size > DOCUMENT_MAX)
		return 0;
	buf_put(&room, data, size);
	if (!plan_make(&plan, &around, &err)) {
		MUST(err.kind == ERR_DATA && err.what[0] && err.hint[0]);
		return 0;
	}
	decoded = slice_from(text + size, room.len - size);
	MUST(!room.full && plan.found);
	MUST(json_check(slice_from(text, size), &why));
	MUST(keys->access_key_id.len && lies_within(keys->access_key_id, decoded));
	MUST(keys->secret_access_key.len &&
	    lies_within(keys->secret_access_key, decoded));
	MUST(lies_within(keys->session_token, decoded));
	MUST(!keys->expires_known || keys->expires_s <= EXPIRATION_MAX_MS / 1000);
	return 0;
}
