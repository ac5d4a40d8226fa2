/* SPDX-License-Identifier: MIT */
/*
 * The two shared files together: sections, duplicates, and which value holds.
 * The lines themselves are tested in test_ini.c.
 */
#include "test.h"

#include "creds/sharedfile.h"

static struct shared_files
files(const char *config, const char *credentials)
{
	return (struct shared_files){
		.config = edge(config), .credentials = edge(credentials),
		.config_path = "config", .credentials_path = "credentials",
	};
}

static struct slice
value(const char *config, const char *credentials, const char *name,
	const char *key)
{
	struct shared_files f = files(config, credentials);

	return shared_profile_value(&f, slice_of(name), key);
}

static enum section_kind
kind(const char *inside, bool config)
{
	return section_read(edge(inside), config).kind;
}

TEST(sharedfile_knows_the_sections_of_the_config_file)
{
	EQ(kind("default", true), SECTION_PROFILE);
	EQ(kind("profile a", true), SECTION_PROFILE);
	EQ(kind("profile\t a", true), SECTION_PROFILE);
	EQ(kind("profile default", true), SECTION_PROFILE);
	EQ(kind("sso-session s", true), SECTION_SSO_SESSION);
	EQ(kind("services s", true), SECTION_SERVICES);
	EQ_TEXT(section_read(edge("profile a"), true).name, "a");
	YES(section_read(edge("profile default"), true).prefixed);
	NO(section_read(edge("default"), true).prefixed);
}

TEST(sharedfile_ignores_other_sections_of_the_config_file)
{
	EQ(kind("a", true), SECTION_IGNORED);
	EQ(kind("profile", true), SECTION_IGNORED);
	EQ(kind("profile ", true), SECTION_IGNORED);
	EQ(kind("profilea", true), SECTION_IGNORED);
	EQ(kind("profile a b", true), SECTION_IGNORED);
	EQ(kind("profile \"a b\"", true), SECTION_IGNORED);
	EQ(kind("PROFILE a", true), SECTION_IGNORED);
	EQ(kind("preview", true), SECTION_IGNORED);
	EQ(kind("", true), SECTION_IGNORED);
}

TEST(sharedfile_knows_plain_names_only_in_the_credentials_file)
{
	EQ(kind("a", false), SECTION_PROFILE);
	EQ(kind("default", false), SECTION_PROFILE);
	EQ(kind("profile a", false), SECTION_IGNORED);
	EQ(kind("a b", false), SECTION_IGNORED);
	EQ(kind("", false), SECTION_IGNORED);
}

TEST(sharedfile_takes_the_last_value_of_doubled_sections)
{
	static const char config[] = "[profile a]\nregion = one\nx = y\n"
	    "[profile b]\nregion = other\n[profile a]\nregion = two\n";

	EQ_TEXT(value(config, "", "a", "region"), "two");
	EQ_TEXT(value(config, "", "a", "x"), "y");
	EQ_TEXT(value(config, "", "b", "region"), "other");
	EQ_TEXT(value(config, "", "a", "nothing"), "");
	EQ_TEXT(value(config, "", "c", "region"), "");
}

TEST(sharedfile_lets_the_credentials_file_win_per_property)
{
	static const char config[] = "[profile a]\nk = config\nc = only\n";
	static const char credentials[] = "[a]\nk = credentials\nd = too\n";

	EQ_TEXT(value(config, credentials, "a", "k"), "credentials");
	EQ_TEXT(value(config, credentials, "a", "c"), "only");
	EQ_TEXT(value(config, credentials, "a", "d"), "too");
}

TEST(sharedfile_compares_keys_without_case_and_names_with_it)
{
	EQ_TEXT(value("[profile a]\nReGion = x\n", "", "a", "region"), "x");
	EQ_TEXT(value("[profile A]\nregion = x\n", "", "a", "region"), "");
}

TEST(sharedfile_lets_the_prefixed_default_win)
{
	EQ_TEXT(value("[profile default]\nk = 1\n[default]\nk = 2\nj = 3\n", "",
	    "default", "k"), "1");
	EQ_TEXT(value("[profile default]\nk = 1\n[default]\nk = 2\nj = 3\n", "",
	    "default", "j"), "");
	EQ_TEXT(value("[default]\nk = 2\n[profile default]\nk = 1\n", "",
	    "default", "k"), "1");
	EQ_TEXT(value("[default]\nk = 2\n", "", "default", "k"), "2");
	YES(shared_default_is_prefixed(edge("[default]\n[profile default]\n")));
	NO(shared_default_is_prefixed(edge("[default]\n[profile a]\n")));
	NO(shared_default_is_prefixed(edge("[profile]\ndefault = x\n")));
}

TEST(sharedfile_keeps_the_lines_of_a_value)
{
	EQ_TEXT(value("[profile a]\nk = one\n two\n  three \nj = x\n", "", "a",
	    "k"), "one\n two\n  three");
	EQ_TEXT(value("[profile a]\nk =\n  n = m\nj = x\n", "", "a", "n"), "");
	EQ_TEXT(value("[profile a]\nk =\n  n = m\nj = x\n", "", "a", "j"), "x");
}

TEST(sharedfile_reads_no_properties_of_ignored_sections)
{
	EQ_TEXT(value("[profile a]\nk = 1\n[nonsense]\nk = 2\n", "", "a", "k"),
	    "1");
	EQ_TEXT(value("[profile a]\nk = 1\n[sso-session a]\nk = 2\n", "", "a",
	    "k"), "1");
	EQ_TEXT(value("", "[a]\nk = 1\n[profile a]\nk = 2\n", "a", "k"), "1");
}

TEST(sharedfile_knows_whether_a_profile_is_there)
{
	struct shared_files f = files("[profile a]\n[sso-session s]\n", "[b]\n");

	YES(shared_has_profile(&f, slice_of("a")));
	YES(shared_has_profile(&f, slice_of("b")));
	NO(shared_has_profile(&f, slice_of("s")));
	NO(shared_has_profile(&f, slice_of("default")));
	NO(shared_has_profile(&f, slice_of("")));
}

static const char *
endpoint_of(const char *config, const char *services, const char *service)
{
	static char url[64];
	struct shared_files f = files(config, "[services s]\n");
	struct slice value;

	if (!shared_service_endpoint(&f, slice_of(services), service, &value))
		return "no section";
	copy_text(url, sizeof url, value);
	return url;
}

TEST(sharedfile_finds_the_endpoint_of_a_service)
{
	static const char config[] = "[services s]\nendpoint_url = outside\n"
	    "s3 =\n  endpoint_url = of-s3\nSTS =\n  other = x\n"
	    "  Endpoint_URL = first\n  endpoint_url = last\n"
	    "[profile s]\nsts =\n  endpoint_url = profile\n"
	    "[services t]\nsts = endpoint_url\n[services u]\nsts =\n";

	EQ_TEXT(endpoint_of(config, "s", "sts"), "last");
	EQ_TEXT(endpoint_of(config, "s", "s3"), "of-s3");
	EQ_TEXT(endpoint_of(config, "s", "signin"), "");
	EQ_TEXT(endpoint_of(config, "t", "sts"), "");
	EQ_TEXT(endpoint_of(config, "u", "sts"), "");
	EQ_TEXT(endpoint_of(config, "S", "sts"), "no section");
	EQ_TEXT(endpoint_of("", "s", "sts"), "no section");
	EQ_TEXT(endpoint_of(config, "", "sts"), "no section");
}

TEST(sharedfile_names_the_nearest_profile)
{
	struct shared_files f = files("[profile staging]\n[profile dev]\n",
	    "[production]\n");

	EQ_TEXT(shared_nearest_profile(&f, slice_of("stagin")), "staging");
	EQ_TEXT(shared_nearest_profile(&f, slice_of("Dev")), "dev");
	EQ_TEXT(shared_nearest_profile(&f, slice_of("producton")), "production");
	EQ_TEXT(shared_nearest_profile(&f, slice_of("something-else")), "");
}

TEST(sharedfile_names_file_and_line_of_a_fault)
{
	struct error err = { 0 };
	struct shared_files f = files("[profile a]\nk = v\n", "[a]\n\nnonsense\n");

	NO(shared_check(&f, &err));
	EQ(err.kind, ERR_DATA);
	EQ(err.step, STEP_CREDENTIALS);
	EQ_TEXT((const char *)err.what, "credentials, line 3: no '=' in the line");
	HAS((const char *)err.hint, "AWS_SHARED_CREDENTIALS_FILE=/dev/null");
	f = files("k = v\n", "[a]\n");
	err = (struct error){ 0 };
	NO(shared_check(&f, &err));
	HAS((const char *)err.what, "config, line 1: a property before");
	f = files("[profile a]\nk = v\n", "[a]\nk = v\n");
	err = (struct error){ 0 };
	YES(shared_check(&f, &err));
	EQ(err.kind, ERR_NONE);
}

TEST(sharedfile_quotes_no_value_of_a_broken_line)
{
	struct error err = { 0 };
	struct shared_files f = files("", "[a]\naws_secret_access_key wJalrXUtn\n");

	NO(shared_check(&f, &err));
	LACKS((const char *)err.what, "wJalr");
	LACKS((const char *)err.hint, "wJalr");
}
