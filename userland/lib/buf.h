/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One growing byte writer and one bounded reader; every length from outside goes through the reader. */
#ifndef CORDON_LIB_BUF_H
#define CORDON_LIB_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** struct buf - bytes being written; @failed stays set after the first allocation failure */
struct buf {
	uint8_t *data;
	size_t len, room;
	bool failed;
};

void buf_free(struct buf *b);
/** buf_extend - room for @len more bytes, counted as written; NULL on failure */
void *buf_extend(struct buf *b, size_t len);
void buf_put(struct buf *b, const void *bytes, size_t len);
void buf_put_u32(struct buf *b, uint32_t value);
/** buf_put_block - length and bytes, what reader_block() reads */
void buf_put_block(struct buf *b, const void *bytes, size_t len);

/** struct reader - bytes still to read; @failed stays set after the first read beyond the end */
struct reader {
	const uint8_t *pos, *end;
	bool failed;
};

void reader_init(struct reader *r, const void *bytes, size_t len);
/** reader_take - @len bytes in place; NULL beyond the end */
const void *reader_take(struct reader *r, size_t len);
uint32_t reader_u32(struct reader *r);
const void *reader_block(struct reader *r, size_t *len);

#endif /* CORDON_LIB_BUF_H */
