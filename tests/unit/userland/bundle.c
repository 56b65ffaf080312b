// SPDX-License-Identifier: GPL-2.0-or-later
/* Policy sources as bytes: round trip, every truncation, hostile names and lengths. */
#include "userland/lib/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/userland/tap.h"

static void fill(struct bundle *b)
{
	bundle_set(b, "policy.d/b.yaml", "b", 1, NULL);
	bundle_set(b, BUNDLE_MAIN, "main", 4, NULL);
	bundle_set(b, "policy.d/a.yaml", "", 0, NULL);
	bundle_set(b, "policy.d/b.yaml", "bb", 2, NULL);
}

static void round_trip(void)
{
	struct bundle in = { 0 }, out;
	struct buf packed = { 0 };
	size_t cut = 0;

	fill(&in);
	ok(in.n == 3 && !strcmp(in.v[0].name, BUNDLE_MAIN) && !strcmp(in.v[1].name, "policy.d/a.yaml"),
	   "the main file stands first, then by name");
	bundle_pack(&in, &packed);
	ok(!bundle_unpack(packed.data, packed.len, &out, NULL) && out.n == 3 && out.v[2].len == 2, "round trip");
	bundle_free(&out);
	for (size_t len = 0; len < packed.len; len++)
		cut += bundle_unpack(packed.data, len, &out, NULL) != 0;
	ok(cut == packed.len, "every truncation is refused");
	buf_put(&packed, "x", 1);
	ok(bundle_unpack(packed.data, packed.len, &out, NULL) != 0, "trailing bytes are refused");
	buf_free(&packed);
	bundle_free(&in);
}

static void names(void)
{
	static const char *const bad[] = { "", "other.yaml", "policy.d/../x.yaml", "policy.d/a/b.yaml", "/etc/passwd",
					   "policy.d/.x.yaml", "policy.d/x.yml", "policy.d/.yaml", "policy.d/" };
	struct bundle b = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(bundle_set(&b, bad[i], "", 0, NULL) != 0, "the name \"%s\" is refused", bad[i]);
	bundle_free(&b);
}

static void hostile(void)
{
	struct buf packed = { 0 };
	struct bundle out;

	buf_put_u32(&packed, 1);
	buf_put_u32(&packed, 0xffffffff);
	ok(bundle_unpack(packed.data, packed.len, &out, NULL) != 0, "a length beyond the end");
	packed.len = 0;
	buf_put_u32(&packed, 0xffffffff);
	ok(bundle_unpack(packed.data, packed.len, &out, NULL) != 0, "a count beyond the end");
	packed.len = 0;
	buf_put_u32(&packed, 1);
	buf_put_block(&packed, "policy.yaml\0x", 13);
	buf_put_block(&packed, "", 0);
	ok(bundle_unpack(packed.data, packed.len, &out, NULL) != 0, "a NUL in a name");
	packed.len = 0;
	buf_put_u32(&packed, 1);
	buf_put_block(&packed, "policy.d/a.yaml", 15);
	buf_put_block(&packed, "", 0);
	ok(bundle_unpack(packed.data, packed.len, &out, NULL) != 0, "no main file");
	buf_free(&packed);
}

int main(void)
{
	round_trip();
	names();
	hostile();
	return tap_end();
}
