/* SPDX-License-Identifier: MIT */
/*
 * The shared config and credentials files together: which section is which
 * profile, and which of several values holds (AWS SDKs and Tools Reference
 * Guide, "Shared config and credentials files").
 */
#ifndef POSTERN_CREDS_SHAREDFILE_H
#define POSTERN_CREDS_SHAREDFILE_H

#include "base/error.h"
#include "codec/ini.h"

struct shared_files {
	struct slice config, credentials;       /* texts; empty when absent */
	/* Paths for messages; NUL-terminated. */
	const char *config_path, *credentials_path;
};

enum section_kind {
	SECTION_IGNORED,
	SECTION_PROFILE,
	SECTION_SSO_SESSION,
	SECTION_SERVICES
};

struct section {
	enum section_kind kind;
	struct slice name;
	bool prefixed;          /* [profile default], which beats [default] */
};

/* What a section of the config file (else: of the credentials file) is. */
struct section section_read(struct slice inside, bool config);

/* Does the config text hold [profile default]? */
bool shared_default_is_prefixed(struct slice config);

/* Read both files through; fails with ERR_DATA, file and line. */
bool shared_check(const struct shared_files *files, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The value of `key` in profile `name`; empty when it has none. The
 * credentials file beats the config file, a later line an earlier one. A value
 * of several lines keeps its line breaks. The files must have been checked.
 */
struct slice shared_profile_value(const struct shared_files *files,
	struct slice name, const char *key);

/* The same in one of the files, the config file or the credentials file. */
struct slice shared_value_in(const struct shared_files *files, bool config,
	struct slice name, const char *key);

/*
 * The value of `key` in the config file's section [sso-session NAME]. Answers
 * whether there is such a section.
 */
bool shared_sso_session_value(const struct shared_files *files,
	struct slice name, const char *key, struct slice *value);

/*
 * The endpoint_url of a service in the config file's section [services NAME];
 * empty when it gives none. Answers whether there is such a section.
 */
bool shared_service_endpoint(const struct shared_files *files,
	struct slice services, const char *service, struct slice *url);

bool shared_has_profile(const struct shared_files *files, struct slice name);

/* The profile whose name is nearest; empty when none is near. */
struct slice shared_nearest_profile(const struct shared_files *files,
	struct slice name);

#endif
