// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * MACs that all fall into one set of the module's table of unknown sources, for a build whose key is known (kmod/segment/unknown.c):
 * SipHash-2-4 of (MAC, VLAN 10) with the key 0, as siphash_2u64() of the kernel has it, is a multiple of the number of sets.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sweep.h"

#define VLAN 10
#define SETS 512
#define FIRST 0x0e0000000000ULL

static uint64_t *found;
static uint64_t n_found, looked_at;

static uint64_t rotated(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void rounds(uint64_t v[4], int n)
{
	while (n--) {
		v[0] += v[1];
		v[1] = rotated(v[1], 13) ^ v[0];
		v[0] = rotated(v[0], 32);
		v[2] += v[3];
		v[3] = rotated(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotated(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotated(v[1], 17) ^ v[2];
		v[2] = rotated(v[2], 32);
	}
}

static uint64_t hashed(uint64_t a, uint64_t b)
{
	uint64_t v[4] = { 0x736f6d6570736575ULL, 0x646f72616e646f6dULL, 0x6c7967656e657261ULL, 0x7465646279746573ULL };
	uint64_t words[3] = { a, b, 16ULL << 56 };

	for (int i = 0; i < 3; i++) {
		v[3] ^= words[i];
		rounds(v, 2);
		v[0] ^= words[i];
	}
	v[2] ^= 0xff;
	rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

bool collide_prepare(uint64_t n)
{
	uint64_t *more;

	if (n <= n_found)
		return true;
	more = realloc(found, n * sizeof(*found));
	if (!more)
		return false;
	found = more;
	for (; n_found < n; looked_at++)
		if (hashed(FIRST | looked_at, VLAN) % SETS == 0)
			found[n_found++] = FIRST | looked_at;
	return true;
}

void collide_text(uint64_t i, char *text, size_t bytes)
{
	uint64_t mac = found[i % n_found];

	snprintf(text, bytes, "%02x:%02x:%02x:%02x:%02x:%02x", (unsigned int)(mac >> 40), (unsigned int)(mac >> 32 & 0xff),
		 (unsigned int)(mac >> 24 & 0xff), (unsigned int)(mac >> 16 & 0xff), (unsigned int)(mac >> 8 & 0xff), (unsigned int)(mac & 0xff));
}
