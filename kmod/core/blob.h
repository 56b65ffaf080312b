/* SPDX-License-Identifier: GPL-2.0-only */
/* Ruleset bytes with their section table checked: what the decoder reads records from. */
#ifndef CORDON_CORE_BLOB_H
#define CORDON_CORE_BLOB_H

#include "ruleset.h"

/** struct cordon_blob - a view of the bytes; valid while they are */
struct cordon_blob {
	const u8 *base;
	u32 offset[__CORDON_SECT_MAX];
	u32 count[__CORDON_SECT_MAX];
	u32 unknown_rate;
};

extern const u8 cordon_blob_stride[__CORDON_SECT_MAX];

/**
 * cordon_blob_open - check header and section table: magic, version, length, order, alignment, no
 * gaps, zero padding
 * @b: filled
 * @data: ruleset bytes
 * @len: their length
 * @err: filled on failure
 *
 * Return: 0; -EINVAL with @err filled.
 */
int cordon_blob_open(struct cordon_blob *b, const void *data, size_t len,
		     struct cordon_decode_error *err);

/* Copy record @i of section @s to @out, which has the section's stride. */
static inline void cordon_blob_read(const struct cordon_blob *b, int s, u32 i, void *out)
{
	memcpy(out, b->base + b->offset[s] + (size_t)i * cordon_blob_stride[s],
	       cordon_blob_stride[s]);
}

static inline int cordon_blob_fail(const struct cordon_blob *b, int s, u32 i,
				   struct cordon_decode_error *err, const char *what)
{
	err->what = what;
	err->offset = b->offset[s] + i * cordon_blob_stride[s];
	return -EINVAL;
}

#endif /* CORDON_CORE_BLOB_H */
