/* SPDX-License-Identifier: MIT */
/*
 * Console pages from URLs, paths and services, and the login URL itself.
 */
#include "test.h"

#include "codec/uri.h"
#include "signin/loginurl.h"

static struct error err;

static struct slice
page(const char *place, const char *console, const char *region,
	const char *partition)
{
	static char out[8192];
	struct buf b = BUF_OVER(out);
	struct destination_ask ask = {
		edge(place), slice_of(console), slice_of(region),
		partition_by_name(slice_of(partition)),
	};

	memset(&err, 0, sizeof err);
	return destination_put(&b, &ask, &err) ? buf_slice(&b) :
	    slice_of("refused");
}

TEST(destination_is_the_console_s_home_by_default)
{
	EQ_TEXT(page("", "", "eu-west-1", "aws"),
	    "https://eu-west-1.console.aws.amazon.com/");
	EQ_TEXT(page("", "", "", "aws"), "https://console.aws.amazon.com/");
	EQ_TEXT(page("", "", "cn-north-1", "aws-cn"),
	    "https://console.amazonaws.cn/");
	EQ_TEXT(page("", "https://console.example/", "x", "aws"),
	    "https://console.example/");
}

TEST(destination_takes_a_service)
{
	EQ_TEXT(page("ec2", "", "eu-west-1", "aws"),
	    "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1");
	EQ_TEXT(page("systems-manager", "", "", "aws"),
	    "https://console.aws.amazon.com/systems-manager/home");
	EQ_TEXT(page("s3", "https://console.example", "", "aws"),
	    "https://console.example/s3/home");
}

TEST(destination_takes_a_path)
{
	EQ_TEXT(page("/ec2/home?region=x#Instances:v=3;a=b", "", "eu-west-1", "aws"),
	    "https://eu-west-1.console.aws.amazon.com/ec2/home?region=x#Instances:"
	    "v=3;a=b");
	EQ_TEXT(page("/a b\"<>\xC3\xA9", "", "eu-west-1", "aws"),
	    "https://eu-west-1.console.aws.amazon.com/a%20b%22%3C%3E%C3%A9");
	EQ_TEXT(page("/a%20b", "", "eu-west-1", "aws"),
	    "https://eu-west-1.console.aws.amazon.com/a%20b");
}

TEST(destination_takes_urls_of_the_partition_s_console)
{
	static const char url[] = "https://us-east-2.console.aws.amazon.com/x?y#z";

	EQ_TEXT(page(url, "", "eu-west-1", "aws"), url);
	EQ_TEXT(page("https://console.aws.eu/", "", "", "aws-eusc"),
	    "https://console.aws.eu/");
	EQ_TEXT(page("https://console.example/x", "https://console.example", "",
	    "aws"), "https://console.example/x");
}

TEST(destination_refuses_other_hosts)
{
	static const char *const bad[] = {
		"https://evil.example/", "https://console.aws.amazon.com.evil.com/",
		"https://evilconsole.aws.amazon.com/", "https://console.amazonaws.cn/",
		"http://console.aws.amazon.com/", "ftp://console.aws.amazon.com/",
		"https://console.aws.amazon.com@evil.com/", "https:///x",
		"javascript://console.aws.amazon.com/", "https://console.aws.eu/",
		"//evil.example/", "a://b", "https://console.aws.amazon.com/ x",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		EQ_TEXT(page(bad[i], "", "eu-west-1", "aws"), "refused");
		EQ(err.kind, ERR_USAGE);
		YES(err.hint[0] != '\0');
	}
	EQ_TEXT(page("https://console.example:444/x", "https://console.example", "",
	    "aws"), "refused");
	EQ_TEXT(page("https://console.aws.amazon.com/", "", "", "aws-cn"), "refused");
}

TEST(destination_refuses_what_is_no_place)
{
	static const char *const bad[] = {
		"ec2 home", "ec2/home", "ec2?x", "\xC3\xA9", "a\nb", "a\x1B", "/a\r\nb",
		"/\x7F",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		EQ_TEXT(page(bad[i], "", "eu-west-1", "aws"), "refused");
}

TEST(destination_has_a_bound)
{
	static char place[DESTINATION_MAX + 2];

	memset(place, 'a', sizeof place - 1);
	place[0] = '/';
	EQ_TEXT(page(place, "", "eu-west-1", "aws"), "refused");
	place[DESTINATION_MAX] = '\0';
	EQ(page(place, "", "", "aws").len, DESTINATION_MAX +
	    strlen("https://console.aws.amazon.com"));
}

TEST(loginurl_is_the_one_of_the_protocol)
{
	static const struct endpoint host = {
		"eu-west-1.signin.aws.amazon.com", 443, true
	};
	char out[512];
	struct buf b = BUF_OVER(out);

	YES(loginurl_write(&b, &host, slice_of("https://example.com/"),
	    slice_of("https://eu-west-1.console.aws.amazon.com/ec2/home?"
	    "region=eu-west-1"), slice_of("TESTTOKEN_-abc"), &err));
	EQ_TEXT(&b, "https://eu-west-1.signin.aws.amazon.com/federation?Action=login"
	    "&Issuer=https%3A%2F%2Fexample.com%2F&Destination=https%3A%2F%2F"
	    "eu-west-1.console.aws.amazon.com%2Fec2%2Fhome%3Fregion%3Deu-west-1"
	    "&SigninToken=TESTTOKEN_-abc");
}

TEST(loginurl_leaves_an_empty_issuer_out_and_encodes_the_token)
{
	static const struct endpoint host = { "localhost", 8443, true };
	char out[512];
	struct buf b = BUF_OVER(out);
	struct uri uri;

	YES(loginurl_write(&b, &host, slice_of(""), slice_of("https://c/"),
	    slice_of("a&Destination=x#/+ %"), &err));
	EQ_TEXT(&b, "https://localhost:8443/federation?Action=login&Destination="
	    "https%3A%2F%2Fc%2F&SigninToken=a%26Destination%3Dx%23%2F%2B%20%25");
	YES(uri_read(buf_slice(&b), &uri));
	EQ_TEXT(uri.host, "localhost");
}

TEST(loginurl_fails_when_it_does_not_fit)
{
	static const struct endpoint host = { "h", 443, true };
	struct buf b = edge_buf(80);

	memset(&err, 0, sizeof err);
	NO(loginurl_write(&b, &host, slice_of(""), slice_of("https://console/"),
	    slice_of("token"), &err));
	EQ(err.kind, ERR_LIMIT);
}
