/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The little that the pure core needs of its surroundings, once for the kernel and once for the
 * host. Nothing else in kmod/core may look at __KERNEL__.
 */
#ifndef CORDON_CORE_OS_H
#define CORDON_CORE_OS_H

#ifdef __KERNEL__

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/prefetch.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#define cordon_hash_key hsiphash_key_t

static inline u32 cordon_hash(u64 a, u64 b, const hsiphash_key_t *key)
{
	u64 words[2] = { a, b };

	return hsiphash(words, sizeof(words), key);
}

static inline void cordon_yield(void)
{
	cond_resched();
}

/* A 64-bit word that CPUs change without a lock; no order with other memory is promised. */
#define cordon_word atomic64_t

static inline u64 cordon_word_read(const cordon_word *word)
{
	return (u64)atomic64_read(word);
}

/* Return: whether it still was @was; else @was is what it is now. */
static inline bool cordon_word_swap(cordon_word *word, u64 *was, u64 next)
{
	return atomic64_try_cmpxchg_relaxed(word, (s64 *)was, (s64)next);
}

static inline void cordon_word_add(cordon_word *word, u64 add)
{
	atomic64_add((s64)add, word);
}

static inline u64 cordon_div64(u64 a, u64 b)
{
	return div64_u64(a, b);
}

#else

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <linux/types.h>

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __INT64_TYPE__ s64;

struct cordon_hash_key_host {
	u64 key[2];
};

#define cordon_hash_key struct cordon_hash_key_host
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT_ULL(n) (1ULL << (n))
#define __aligned(n) __attribute((aligned(n)))
#define __maybe_unused __attribute((unused))
#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define prefetch(x) __builtin_prefetch(x)
#define le16_to_cpu(x) le16toh(x)
#define le32_to_cpu(x) le32toh(x)
#define le64_to_cpu(x) le64toh(x)

/*
 * The host has no attacker who picks keys, so a short mixer stands in for the kernel's keyed
 * hsiphash.
 */
static inline u32 cordon_hash(u64 a, u64 b, const struct cordon_hash_key_host *key)
{
	u64 h = (a ^ key->key[0]) * 0x9e3779b97f4a7c15ULL;

	h ^= h >> 32;
	h = (h ^ b ^ key->key[1]) * 0xbf58476d1ce4e5b9ULL;
	return (u32)(h ^ h >> 29);
}

static inline void cordon_yield(void)
{
}

struct cordon_word_host {
	u64 value;
};

#define cordon_word struct cordon_word_host

static inline u64 cordon_word_read(const cordon_word *word)
{
	return __atomic_load_n(&word->value, __ATOMIC_RELAXED);
}

static inline bool cordon_word_swap(cordon_word *word, u64 *was, u64 next)
{
	return __atomic_compare_exchange_n(&word->value, was, next, false, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

static inline void cordon_word_add(cordon_word *word, u64 add)
{
	__atomic_fetch_add(&word->value, add, __ATOMIC_RELAXED);
}

static inline u64 cordon_div64(u64 a, u64 b)
{
	return a / b;
}

#endif

/**
 * struct cordon_buf - a packet as bytes, wherever they lie
 * @data: the first byte that offsets count from; @headlen bytes from here can be read in place
 * @headlen: linear bytes at @data
 * @len: all bytes, the non-linear ones included
 * @skb: kernel: where the rest lies; host: NULL (then @headlen equals @len)
 * @base: offset of @data relative to skb->data; negative where @data lies before it
 * @merged: the packet stands for several of its flow; its header may be unable to say its length
 */
struct cordon_buf {
	const u8 *data;
	u32 headlen;
	u32 len;
	const void *skb;
	int base;
	bool merged;
};

#ifdef __KERNEL__
static inline const void *cordon_buf_slow(const struct cordon_buf *buf, u32 off, u32 len,
					  void *copy)
{
	return skb_copy_bits(buf->skb, (int)off + buf->base, copy, (int)len) ? NULL : copy;
}
#else
#define cordon_buf_slow(buf, off, len, copy) ((const void *)NULL)
#endif

/* Return: @len readable bytes at @off, in place or in @copy; NULL when the packet ends before. */
static inline const void *cordon_buf_get(const struct cordon_buf *buf, u32 off, u32 len,
					 void *copy __maybe_unused)
{
	if (likely((u64)off + len <= buf->headlen))
		return buf->data + off;
	if ((u64)off + len > buf->len)
		return NULL;
	return cordon_buf_slow(buf, off, len, copy);
}

static inline u16 cordon_be16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static inline u32 cordon_be32(const u8 *p)
{
	return (u32)cordon_be16(p) << 16 | cordon_be16(p + 2);
}

static inline u64 cordon_be48(const u8 *p)
{
	return (u64)cordon_be16(p) << 32 | cordon_be32(p + 2);
}

static inline u64 cordon_be64(const u8 *p)
{
	return (u64)cordon_be32(p) << 32 | cordon_be32(p + 4);
}

#endif /* CORDON_CORE_OS_H */
