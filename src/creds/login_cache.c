/* SPDX-License-Identifier: MIT */
/*
 * Source: the keys that `aws login` left behind (AWS CLI 2.32 and later). They
 * are used while they last; renewing them is the AWS CLI's, which holds the
 * key that AWS wants a signature of.
 */
#include "base/env.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "codec/timestamp.h"
#include "base/limits.h"
#include "creds/keys_json.h"
#include "crypto/hash.h"

extern const struct source source_login_cache;

#define SPARE_S 60      /* keys that are about to end are not worth a login */

static bool
login_plan(const struct look *look, struct plan *plan, struct error *err)
{
	struct slice session = look_value(look, "login_session");
	struct slice folder = env_get(look->around->env,
	    "AWS_LOGIN_CACHE_DIRECTORY");
	char path[PATH_TEXT_MAX];
	struct buf b = BUF_OVER(path);
	uint8_t name[SHA256_LEN];
	struct step_of_plan *step;

	if (!session.len)
		return true;
	if (slice_starts(folder, "~/")) {
		look_put_home(&b, look, "");
		buf_put_slice(&b, slice_skip(folder, 2));
		buf_putc(&b, '/');
	} else if (folder.len) {
		buf_put_slice(&b, folder);
		buf_putc(&b, '/');
	} else {
		look_put_home(&b, look, ".aws/login/cache/");
	}
	hash_sha256(name, session);
	hex_put(&b, name, sizeof name);
	buf_puts(&b, ".json");
	if (b.full)
		return look_refuse(look, err, "a shorter directory",
		    "leads to a path that is too long");
	step = plan_add(plan, &source_login_cache);
	step->profile = plan_keep(plan, look->profile);
	step->file = plan_keep(plan, buf_slice(&b));
	fmt_text(plan->origin, sizeof plan->origin,
	    "aws login of profile %.*s", (int)look->profile.len,
	    look->profile.p);
	return true;
}

static bool
login_take(struct plan *plan, struct buf *text, struct buf *bearer,
	int64_t now_s, struct error *err)
{
	struct step_of_plan *step = &plan->base;
	char hint[PROFILE_NAME_MAX + 32];
	const struct keys_origin origin = { ERR_DATA, plan->origin, hint };
	struct slice doc = buf_slice(text), keys;
	const char *why;

	(void)bearer;
	fmt_text(hint, sizeof hint, "aws login --profile %.*s",
	    (int)step->profile.len, step->profile.p);
	if (!json_check(doc, &why))
		return keys_refuse(&origin, "not JSON:", why, err);
	if (!keys_find(&origin, doc, "accessToken", &keys, err))
		return false;
	if (!keys.len)
		return keys_refuse(&origin, "accessToken", "is missing", err);
	if (!keys_read(&origin, KEYS_OF_LOGIN, keys, text, step, err))
		return false;
	if (step->expires_known && step->expires_s - now_s > SPARE_S)
		return true;
	return err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS, hint,
	    "the keys of %s have expired", plan->origin);
}

const struct source source_login_cache = {
	.name = "login", .of_profile = true,
	.plan = login_plan, .take = login_take,
};
