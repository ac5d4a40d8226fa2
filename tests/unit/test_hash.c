/* SPDX-License-Identifier: MIT */
/*
 * SHA-256 and HMAC-SHA-256 against FIPS 180-4's and RFC 4231's vectors.
 */
#include "test.h"

#include "codec/hex.h"
#include "crypto/hash.h"

static struct slice
hex(const uint8_t hash[SHA256_LEN])
{
	static char text[2 * SHA256_LEN];
	struct buf b = BUF_OVER(text);

	hex_put(&b, hash, SHA256_LEN);
	return buf_slice(&b);
}

TEST(hash_sha256_gives_the_published_values)
{
	uint8_t out[SHA256_LEN];

	hash_sha256(out, edge(""));
	EQ_TEXT(hex(out), "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	hash_sha256(out, edge("abc"));
	EQ_TEXT(hex(out), "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	hash_sha256(out, edge("abcdbcdecdefdefgefghfghighijhijkijkljklmklmn"
	    "lmnomnopnopq"));
	EQ_TEXT(hex(out), "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1");
	hash_sha256(out, repeat("a", 1000000));
	EQ_TEXT(hex(out), "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0");
}

TEST(hash_hmac_sha256_gives_the_published_values)
{
	uint8_t out[SHA256_LEN];
	char key[131];

	memset(key, 0x0B, 20);
	hash_hmac_sha256(out, key, 20, edge("Hi There"));
	EQ_TEXT(hex(out), "b0344c61d8db38535ca8afceaf0bf12b"
	    "881dc200c9833da726e9376c2e32cff7");
	hash_hmac_sha256(out, "Jefe", 4, edge("what do ya want for nothing?"));
	EQ_TEXT(hex(out), "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xAA, sizeof key);
	hash_hmac_sha256(out, key, sizeof key,
	    edge("Test Using Larger Than Block-Size Key - Hash Key First"));
	EQ_TEXT(hex(out), "60e431591ee0b67f0d8a26aacbf5b77f"
	    "8e0bc6213728c5140546040f0ee37f54");
}

TEST(hash_hmac_sha256_may_write_over_its_key)
{
	uint8_t key[SHA256_LEN], other[SHA256_LEN];

	memset(key, 7, sizeof key);
	hash_hmac_sha256(other, key, sizeof key, edge("x"));
	hash_hmac_sha256(key, key, sizeof key, edge("x"));
	EQ(memcmp(key, other, sizeof key), 0);
	hash_wipe_stack();
	EQ(memcmp(key, other, sizeof key), 0);
}
