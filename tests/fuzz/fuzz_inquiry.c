/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a metadata service, a container's endpoint, Identity Center
 * or a cache says: each reader ends with keys, another request or an error that
 * is told. The first byte picks the source, the second the status, the third
 * the stage; a cache is read for the stage 7. With 'w' it is a whole inquiry: a
 * NUL after what is read first, and after each answer; an answer begins with a
 * letter for its status.
 */
#include "fuzz.h"

#include "codec/json.h"
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

/* What an answer, or none, led to: the next request is written. */
static enum inquiry_end
check_end(const struct source *source, struct inquiry *q,
	enum inquiry_end end, const struct error *err)
{
	struct buf request = BUF_OVER(request_text);
	struct error next = { 0 };

	switch (end) {
	case INQUIRY_FAILED:
		must_be_told(err);
		break;
	case INQUIRY_KEYS:
		MUST(plan.base.access_key_id.len);
		MUST(plan.base.secret_access_key.len);
		MUST(plan.base.session_token.len);
		MUST(!q->room->full);
		break;
	case INQUIRY_MORE:
		MUST(source->inquiry->write(q, &request, &next) || next.what[0]);
		break;
	}
	return end;
}

static enum inquiry_end
read_answer(const struct source *source, struct inquiry *q, unsigned status,
	struct slice text)
{
	struct error err = { 0 };

	http1_init(&answer, "GET", body, sizeof body);
	buf_put_slice(&answer.body, text);
	answer.status = status;
	return check_end(source, q, source->inquiry->read(q, &answer, &err),
	    &err);
}

/* The next piece, up to a NUL or the end. */
static struct slice
take_piece(struct slice *in)
{
	size_t len = slice_find_char(*in, '\0');
	struct slice piece = slice_from(in->p, len);

	*in = slice_skip(*in, len < in->len ? len + 1 : len);
	return piece;
}

/* The tag of an answer: a digit of its status, or none that came. */
static enum inquiry_end
step(const struct source *source, struct inquiry *q, struct slice piece)
{
	static const struct { char tag; unsigned status; } tags[] = {
		{ '1', 401 }, { '2', 200 }, { '3', 403 }, { '4', 404 },
		{ '5', 500 }, { '6', 302 }, { '7', 400 },
	};
	struct error err = { 0 };
	char tag = piece.len ? piece.p[0] : 'm';

	piece = slice_skip(piece, piece.len > 0);
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
		if (tags[i].tag == tag)
			return read_answer(source, q, tags[i].status, piece);
	if (!source->inquiry->missed)
		return INQUIRY_FAILED;
	return check_end(source, q, source->inquiry->missed(q, "no answer",
	    tag == 'c', &err), &err);
}

/* What it saves is JSON, when what it was read from is. */
static void
check_saved(const struct inquiry *q, struct slice before)
{
	const char *why;

	if (q->save->len && !q->save->full && json_check(before, &why))
		MUST(json_check(buf_slice(q->save), &why));
}

static void
run_whole(const struct source *source, struct inquiry *q, struct slice in)
{
	struct buf request = BUF_OVER(request_text);
	struct slice first = source->take ? take_piece(&in) : slice_of("");
	struct error err = { 0 };
	size_t steps = 0;

	if (source->take) {
		buf_put_slice(q->room, first);
		if (!source->take(&plan, q->room, q->bearer, q->now_s, &err)) {
			must_be_told(&err);
			return;
		}
	}
	if (!source->inquiry || !source->inquiry->write(q, &request, &err))
		return;
	while (step(source, q, take_piece(&in)) == INQUIRY_MORE)
		MUST(++steps < 8);
	check_saved(q, first);
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
	if (data[2] == 'w') {
		plan.base.source = source;
		plan.base.profile = slice_of("dev");
		plan.base.v1_refused = data[1] & 1;
		q.wants_region = !(data[1] & 2);
		copy_text(plan.tried, sizeof plan.tried,
		    slice_of(data[1] & 4 ? "" : "environment"));
		run_whole(source, &q, text);
		return 0;
	}
	if (!source->inquiry || data[2] % 8 == 7) {
		if (source->take)
			take(source, text, &room, &bearer);
		return 0;
	}
	plan.base.source = source;
	plan.base.profile = slice_of("dev");
	q.stage = data[2] % (source == &source_imds ? 4 : 2);
	(void)read_answer(source, &q, statuses[data[1] % 4], text);
	return 0;
}
