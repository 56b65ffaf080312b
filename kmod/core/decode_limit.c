// SPDX-License-Identifier: GPL-2.0-only
/* Decoding limits. They come before ports and devices, which refer to them. */
#include "decode.h"

static bool rate_in_range(int quantity, u64 rate)
{
	if (!rate)
		return true;
	if (quantity == CORDON_QUANTITY_UP || quantity == CORDON_QUANTITY_DOWN)
		return rate >= CORDON_RATE_BITS_MIN && rate <= CORDON_RATE_BITS_MAX;
	return rate <= CORDON_RATE_MAX;
}

/* By the first quantity in which they differ; with no limit before them, as after zeros. */
static int compare(const struct cordon_limit *limit, const struct cordon_limit *before)
{
	int q;

	for (q = 0; q < __CORDON_QUANTITY_MAX; q++) {
		u64 least = before ? before->rate[q] : 0;

		if (limit->rate[q] != least)
			return limit->rate[q] < least ? -1 : 1;
	}
	return 0;
}

static int decode_limit(struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i,
			struct cordon_decode_error *err)
{
	struct cordon_limit *limit = &rs->limit[i];
	struct cordon_blob_limit raw;
	int q;

	cordon_blob_read(b, CORDON_SECT_LIMITS, i, &raw);
	for (q = 0; q < __CORDON_QUANTITY_MAX; q++) {
		limit->rate[q] = le64_to_cpu(raw.rate[q]);
		if (!rate_in_range(q, limit->rate[q]))
			return cordon_blob_fail(b, CORDON_SECT_LIMITS, i, err,
						"a rate is 1 to 10000000/s, of bits 1000 to 100000000000/s");
		cordon_cost_of(&limit->cost[q], limit->rate[q]);
	}
	if (compare(limit, i ? limit - 1 : NULL) <= 0)
		return cordon_blob_fail(b, CORDON_SECT_LIMITS, i, err,
					"limits must limit something, ascend and differ");
	return 0;
}

int cordon_decode_limits(struct cordon_ruleset *rs, const struct cordon_blob *b,
			 struct cordon_decode_error *err)
{
	u32 i;
	int ret;

	if (!b->unknown_rate || b->unknown_rate > CORDON_RATE_MAX) {
		err->what = "unknown sources are let send 1 to 10000000 packets a second";
		err->offset = offsetof(struct cordon_blob_header, unknown_rate);
		return -EINVAL;
	}
	rs->unknown_rate = b->unknown_rate;
	cordon_cost_of(&rs->unknown_cost, rs->unknown_rate);
	rs->n_limits = b->count[CORDON_SECT_LIMITS];
	for (i = 0; i < rs->n_limits; i++) {
		ret = decode_limit(rs, b, i, err);
		if (ret)
			return ret;
	}
	return 0;
}

bool cordon_decode_limit_of(struct cordon_ruleset *rs, u16 limit, u32 *meter)
{
	if (limit > rs->n_limits)
		return false;
	if (!limit)
		return true;
	rs->limit[limit - 1].used = true;
	*meter = rs->n_meters++;
	return true;
}

int cordon_decode_limits_used(const struct cordon_ruleset *rs, const struct cordon_blob *b,
			      struct cordon_decode_error *err)
{
	u32 i;

	for (i = 0; i < rs->n_limits; i++)
		if (!rs->limit[i].used)
			return cordon_blob_fail(b, CORDON_SECT_LIMITS, i, err,
						"a limit holds for nobody");
	return 0;
}
