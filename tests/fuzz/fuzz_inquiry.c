/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a metadata service, a container's endpoint, Identity Center
 * or a cache says: each reader ends with keys, another request or an error that
 * is told. The first byte picks the source, the second the status, the third
 * the stage; a cache is read for the stage 7.
 */
#include "fuzz.h"

#include "creds/inquiry.h"

extern const struct source source_imds, source_container, source_sso;
extern const struct source source_login_cache, source_web_identity;
extern const struct source source_credential_process;

static struct plan plan;
static char bearer_text[BEARER_MAX], save_text[8 * DOCUMENT_MAX];
static char room_text[4 * DOCUMENT_MAX], request_text[4 * BEARER_MAX];
static struct http1 answer;
static char body[HTTP_BODY_MAX];

static void
must_be_told(const struct error *err)
{
	MUST(err->kind != ERR_NONE && err->what[0] && err->hint[0]);
}

static void
take(const struct source *source, struct slice text, struct buf *room,
	struct buf *bearer)
{
	struct error err = { 0 };

	buf_put_slice(room, text);
	plan.base.source = source;
	plan.base.profile = slice_of("dev");
	if (!source->take(&plan, room, bearer, 1700000000, &err))
		must_be_told(&err);
	else
		MUST(!bearer->full && !room->full);
}

static void
read_answer(const struct source *source, struct inquiry *q, unsigned status,
	struct slice text)
{
	struct error err = { 0 };
	struct buf request = BUF_OVER(request_text);

	http1_init(&answer, "GET", body, sizeof body);
	buf_put_slice(&answer.body, text);
	answer.status = status;
	switch (source->inquiry->read(q, &answer, &err)) {
	case INQUIRY_FAILED:
		must_be_told(&err);
		break;
	case INQUIRY_KEYS:
		MUST(plan.base.access_key_id.len);
		MUST(plan.base.secret_access_key.len);
		MUST(plan.base.session_token.len);
		MUST(!q->room->full);
		break;
	case INQUIRY_MORE:
		MUST(source->inquiry->write(q, &request, &err) || err.what[0]);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct source *const sources[] = {
		&source_imds, &source_container, &source_sso,
		&source_login_cache, &source_web_identity,
		&source_credential_process,
	};
	static const unsigned statuses[] = { 200, 401, 404, 500 };
	const struct source *source;
	struct buf bearer = BUF_OVER(bearer_text), save = BUF_OVER(save_text);
	struct buf room = BUF_OVER(room_text);
	struct inquiry q = {
		.plan = &plan, .bearer = &bearer, .room = &room, .save = &save,
		.now_s = 1700000000, .wants_region = true,
	};
	struct slice text;

	if (size < 3 || size > DOCUMENT_MAX)
		return 0;
	source = sources[data[0] % (sizeof sources / sizeof sources[0])];
	text = input_slice(data + 3, size - 3);
	memset(&plan, 0, sizeof plan);
	copy_text(plan.origin, sizeof plan.origin, slice_of("a source"));
	copy_text(plan.cure, sizeof plan.cure, slice_of("a cure"));
	plan.base.url = slice_of("http://169.254.169.254");
	plan.base.region = slice_of("eu-west-1");
	if (!source->inquiry || data[2] % 8 == 7) {
		if (source->take)
			take(source, text, &room, &bearer);
		return 0;
	}
	plan.base.source = source;
	plan.base.profile = slice_of("dev");
	q.stage = data[2] % (source == &source_imds ? 4 : 2);
	read_answer(source, &q, statuses[data[1] % 4], text);
	return 0;
}
