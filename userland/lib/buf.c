// SPDX-License-Identifier: GPL-2.0-or-later
/* Byte writer and reader; numbers are little-endian. */
#include "userland/lib/buf.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

void buf_free(struct buf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

static bool grow(struct buf *b, size_t need)
{
	size_t room = b->room ? b->room : 256;
	uint8_t *data;

	while (room < need) {
		if (__builtin_mul_overflow(room, (size_t)2, &room))
			return false;
	}
	data = realloc(b->data, room);
	if (!data)
		return false;
	b->data = data;
	b->room = room;
	return true;
}

void *buf_extend(struct buf *b, size_t len)
{
	size_t need;

	if (b->failed || __builtin_add_overflow(b->len, len, &need) || (need > b->room && !grow(b, need))) {
		b->failed = true;
		return NULL;
	}
	b->len = need;
	return b->data + need - len;
}

void buf_put(struct buf *b, const void *bytes, size_t len)
{
	void *at = buf_extend(b, len);

	if (at && len)
		memcpy(at, bytes, len);
}

void buf_put_u32(struct buf *b, uint32_t value)
{
	uint32_t le = htole32(value);

	buf_put(b, &le, sizeof(le));
}

void buf_put_block(struct buf *b, const void *bytes, size_t len)
{
	if (len > UINT32_MAX) {
		b->failed = true;
		return;
	}
	buf_put_u32(b, (uint32_t)len);
	buf_put(b, bytes, len);
}

void reader_init(struct reader *r, const void *bytes, size_t len)
{
	r->pos = bytes;
	r->end = r->pos + len;
	r->failed = false;
}

const void *reader_take(struct reader *r, size_t len)
{
	const uint8_t *at = r->pos;

	if (r->failed || (size_t)(r->end - r->pos) < len) {
		r->failed = true;
		return NULL;
	}
	r->pos += len;
	return at;
}

uint32_t reader_u32(struct reader *r)
{
	const void *at = reader_take(r, sizeof(uint32_t));
	uint32_t le = 0;

	if (at)
		memcpy(&le, at, sizeof(le));
	return le32toh(le);
}

const void *reader_block(struct reader *r, size_t *len)
{
	*len = reader_u32(r);
	return reader_take(r, *len);
}
