/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of both families as one 128-bit value, IPv4 as ::ffff:a.b.c.d. */
#ifndef CORDON_CORE_ADDR_H
#define CORDON_CORE_ADDR_H

#include "core_os.h"

/** struct cordon_addr - an IP address as two host-order words, the more significant one first */
struct cordon_addr {
	u64 hi;
	u64 lo;
};

#define CORDON_V4_PREFIX 0x0000ffff00000000ULL

static inline struct cordon_addr cordon_addr4(const u8 *p)
{
	return (struct cordon_addr){ 0, CORDON_V4_PREFIX | cordon_be32(p) };
}

static inline struct cordon_addr cordon_addr6(const u8 *p)
{
	return (struct cordon_addr){ cordon_be64(p), cordon_be64(p + 8) };
}

static inline bool cordon_addr_eq(const struct cordon_addr *a, const struct cordon_addr *b)
{
	return a->hi == b->hi && a->lo == b->lo;
}

static inline int cordon_addr_cmp(const struct cordon_addr *a, const struct cordon_addr *b)
{
	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	return a->lo == b->lo ? 0 : a->lo < b->lo ? -1 : 1;
}

static inline bool cordon_addr_is_v4(const struct cordon_addr *a)
{
	return !a->hi && a->lo >> 32 == 0xffff;
}

/* 0.0.0.0 or :: */
static inline bool cordon_addr_unspecified(const struct cordon_addr *a)
{
	return !a->hi && (!a->lo || a->lo == CORDON_V4_PREFIX);
}

static inline bool cordon_addr_link_local(const struct cordon_addr *a)
{
	return a->hi >> 54 == 0xfe80 >> 6;
}

/* 224.0.0.0/4, 255.255.255.255, ff00::/8 */
static inline bool cordon_addr_group(const struct cordon_addr *a)
{
	if (!cordon_addr_is_v4(a))
		return a->hi >> 56 == 0xff;
	return (u32)a->lo >> 28 == 0xe || (u32)a->lo == 0xffffffff;
}

#endif /* CORDON_CORE_ADDR_H */
