/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the document of --credentials: what is accepted has keys, which
 * lie behind it or, of lines, in it; what is refused is refused with a hint.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "codec/json.h"
#include "creds/pasted.h"
#include "creds/plan.h"

/* A key is there, and lies where it may. */
static void
check_key(struct slice key, struct slice where)
{
	MUST(key.len && lies_within(key, where));
}

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
	struct slice where;
	bool whole, json;

	if (size > DOCUMENT_MAX)
		return 0;
	buf_put(&room, data, size);
	whole = pasted_is_whole(&room);
	MUST(room.len == size);
	json = pasted_is_json(pasted_text(buf_slice(&room)));
	if (!plan_make(&plan, &around, &err)) {
		MUST(err.what[0] && err.hint[0]);
		MUST(err.kind == ERR_DATA || (err.kind == ERR_NOCREDS && !json &&
		    !whole));
		return 0;
	}
	MUST(!room.full && plan.found);
	where = json ? slice_from(text + size, room.len - size) :
	    buf_slice(&room);
	MUST(json == json_check(pasted_text(slice_from(text, size)), &why));
	if (json || whole || !keys->secret_access_key.len)
		check_key(keys->access_key_id, where);
	if (json || whole || !keys->access_key_id.len)
		check_key(keys->secret_access_key, where);
	MUST(!keys->session_token.len || lies_within(keys->session_token, where));
	MUST(!keys->expires_known || keys->expires_s <= EXPIRATION_MAX_MS / 1000);
	return 0;
}
