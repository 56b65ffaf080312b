// SPDX-License-Identifier: GPL-2.0-only
/*
 * The envelope of a ruleset: one canonical layout, so that equal policies have equal bytes and
 * equal digests.
 */
#include "blob.h"

const u8 cordon_blob_stride[__CORDON_SECT_MAX] = {
	[CORDON_SECT_ZONES] = sizeof(struct cordon_blob_zone),
	[CORDON_SECT_PORTS] = sizeof(struct cordon_blob_port),
	[CORDON_SECT_VIDS] = sizeof(__le16),
	[CORDON_SECT_PAIRS] = sizeof(struct cordon_blob_pair),
	[CORDON_SECT_ENTRIES] = sizeof(struct cordon_blob_entry),
	[CORDON_SECT_DEVICES] = sizeof(struct cordon_blob_device),
	[CORDON_SECT_ADDRESSES] = 16,
	[CORDON_SECT_PREFIXES] = sizeof(struct cordon_blob_prefix),
	[CORDON_SECT_LIMITS] = sizeof(struct cordon_blob_limit),
	[CORDON_SECT_GROUPS] = sizeof(struct cordon_blob_prefix),
};

static const u32 most[__CORDON_SECT_MAX] = {
	[CORDON_SECT_ZONES] = CORDON_ZONE_LAST - CORDON_ZONE_FIRST + 1,
	[CORDON_SECT_PORTS] = CORDON_MAX_PORTS,
	[CORDON_SECT_VIDS] = CORDON_MAX_PORTS * CORDON_VIDS,
	[CORDON_SECT_PAIRS] = 253 * 253,
	[CORDON_SECT_ENTRIES] = 1U << 22,
	[CORDON_SECT_DEVICES] = CORDON_MAX_DEVICES,
	[CORDON_SECT_ADDRESSES] = 1U << 22,
	[CORDON_SECT_PREFIXES] = 1U << 20,
	[CORDON_SECT_LIMITS] = 65535,
	[CORDON_SECT_GROUPS] = 1U << 20,
};

static int fail(struct cordon_decode_error *err, size_t offset, const char *what)
{
	err->what = what;
	err->offset = (u32)offset;
	return -EINVAL;
}

static bool zeroes(const u8 *p, size_t n)
{
	while (n--)
		if (*p++)
			return false;
	return true;
}

static int open_section(struct cordon_blob *b, int s, const struct cordon_blob_header *h,
			size_t *end, size_t len,
			struct cordon_decode_error *err)
{
	size_t start = (*end + 7) & ~(size_t)7;
	size_t at = offsetof(struct cordon_blob_header, section) + s * sizeof(h->section[0]);

	b->offset[s] = le32_to_cpu(h->section[s].offset);
	b->count[s] = le32_to_cpu(h->section[s].count);
	if (b->offset[s] != start)
		return fail(err, at, "section offset is not the next multiple of 8");
	if (b->count[s] > most[s])
		return fail(err, at, "section has more records than the format allows");
	if (start > len || (len - start) / cordon_blob_stride[s] < b->count[s])
		return fail(err, at, "section ends behind the ruleset");
	if (!zeroes(b->base + *end, start - *end))
		return fail(err, *end, "padding is not zero");
	*end = start + (size_t)b->count[s] * cordon_blob_stride[s];
	return 0;
}

int cordon_blob_open(struct cordon_blob *b, const void *data, size_t len,
		     struct cordon_decode_error *err)
{
	struct cordon_blob_header h;
	size_t end = sizeof(h);
	int s, ret;

	if (len < sizeof(h))
		return fail(err, 0, "ruleset is shorter than its header");
	memcpy(&h, data, sizeof(h));
	if (memcmp(h.magic, CORDON_BLOB_MAGIC, sizeof(h.magic)))
		return fail(err, 0, "magic is not CORDONRS");
	if (le32_to_cpu(h.version) != CORDON_BLOB_VERSION)
		return fail(err, offsetof(struct cordon_blob_header, version),
			    "ruleset format version is not 2");
	if (le32_to_cpu(h.length) != len || len > CORDON_MAX_BLOB_BYTES)
		return fail(err, offsetof(struct cordon_blob_header, length),
			    "length is not that of the ruleset");
	if (h.reserved)
		return fail(err, offsetof(struct cordon_blob_header, reserved),
			    "reserved bytes of the header must be zero");
	b->base = data;
	b->unknown_rate = le32_to_cpu(h.unknown_rate);
	for (s = 0; s < __CORDON_SECT_MAX; s++) {
		ret = open_section(b, s, &h, &end, len, err);
		if (ret)
			return ret;
	}
	if (end != len)
		return fail(err, end, "bytes follow the last section");
	return 0;
}
