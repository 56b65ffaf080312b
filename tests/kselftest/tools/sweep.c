// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values that differ from frame to frame: a word of a description whose value begins with @.
 *
 *   @1..4094             every number of the range
 *   @a|b|c               these in turn
 *   @10.10.0.0/16        addresses of the prefix, from its first host on
 *   @fd00:10::/64        addresses of the prefix, the last 64 bits pseudo-random
 *   @mac                 unicast MACs, pseudo-random, all different
 *   @hex8                so many pseudo-random bytes in hexadecimal
 *
 * Several of them in one description go through all combinations, in an order that covers them evenly however few frames there are.
 */
#include "sweep.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY (1ULL << 40)
/* Coprime to every size that a sweep has: combinations come scattered and none twice. */
#define STRIDE 2654435761ULL

static uint64_t scatter(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

static bool read_range(struct sweep *s, const char *text)
{
	char *end;

	s->low = strtoull(text, &end, 0);
	if (end == text || strncmp(end, "..", 2))
		return false;
	s->size = strtoull(end + 2, &end, 0) - s->low + 1;
	s->kind = SWEEP_RANGE;
	return !*end;
}

static bool read_prefix(struct sweep *s, const char *text)
{
	char address[64];
	const char *slash = strchr(text, '/');
	long bits = slash ? strtol(slash + 1, NULL, 10) : -1;

	if (!slash || bits < 0 || (size_t)(slash - text) >= sizeof(address))
		return false;
	snprintf(address, sizeof(address), "%.*s", (int)(slash - text), text);
	if (inet_pton(AF_INET, address, s->base) == 1 && bits <= 30) {
		s->size = (1ULL << (32 - bits)) - 2;
		s->kind = SWEEP_ADDR4;
		return true;
	}
	s->size = MANY;
	s->kind = SWEEP_ADDR6;
	return bits <= 64 && inet_pton(AF_INET6, address, s->base) == 1;
}

static bool read_items(struct sweep *s, const char *text)
{
	char *save = NULL;

	snprintf(s->items, sizeof(s->items), "%s", text);
	for (char *it = strtok_r(s->items, "|", &save); it && s->size < MAX_ITEMS; it = strtok_r(NULL, "|", &save))
		s->item[s->size++] = it;
	s->kind = SWEEP_ITEMS;
	return s->size > 0;
}

static bool read_sweep(struct sweep *s, const char *text)
{
	s->size = 0;
	if (!strcmp(text, "mac") || !strncmp(text, "hex", 3)) {
		s->kind = text[0] == 'm' ? SWEEP_MAC : SWEEP_HEX;
		s->low = strtoull(text + 3, NULL, 10);
		s->size = MANY;
		return s->kind == SWEEP_MAC || (s->low > 0 && s->low * 2 < sizeof(s->text));
	}
	return read_range(s, text) || read_prefix(s, text) || read_items(s, text);
}

bool sweeps_read(struct sweeps *all, struct words *w)
{
	all->n = 0;
	all->total = 1;
	for (int i = 0; i < w->n; i++) {
		struct sweep *s = &all->sweep[all->n];

		if (w->v[i].value[0] != '@')
			continue;
		if (all->n == MAX_SWEEPS || !read_sweep(s, w->v[i].value + 1))
			return false;
		w->v[i].value = s->text;
		all->total = s->size >= MANY || all->total >= MANY ? MANY : all->total * s->size;
		all->n++;
	}
	return true;
}

static void set_one(struct sweep *s, uint64_t i)
{
	uint64_t random = scatter(i);
	uint32_t v4;
	uint8_t v6[16];

	switch (s->kind) {
	case SWEEP_RANGE:
		snprintf(s->text, sizeof(s->text), "%llu", (unsigned long long)(s->low + i));
		break;
	case SWEEP_ITEMS:
		snprintf(s->text, sizeof(s->text), "%s", s->item[i]);
		break;
	case SWEEP_ADDR4:
		memcpy(&v4, s->base, 4);
		v4 = htonl(ntohl(v4) + (uint32_t)i + 1);
		inet_ntop(AF_INET, &v4, s->text, sizeof(s->text));
		break;
	case SWEEP_ADDR6:
		memcpy(v6, s->base, 8);
		memcpy(v6 + 8, &random, 8);
		inet_ntop(AF_INET6, v6, s->text, sizeof(s->text));
		break;
	case SWEEP_MAC:
		snprintf(s->text, sizeof(s->text), "0e:%02x:%02x:%02x:%02x:%02x", (unsigned int)(random & 0xff),
			 (unsigned int)(i >> 24 & 0xff), (unsigned int)(i >> 16 & 0xff), (unsigned int)(i >> 8 & 0xff), (unsigned int)(i & 0xff));
		break;
	case SWEEP_HEX:
		for (size_t b = 0; b < s->low; b++)
			snprintf(s->text + 2 * b, 3, "%02x", (unsigned int)(scatter(i * 64 + b) & 0xff));
		break;
	}
}

void sweeps_set(struct sweeps *all, uint64_t i)
{
	uint64_t at = all->total >= MANY ? i : i % all->total * STRIDE % all->total;

	for (int k = 0; k < all->n; k++) {
		struct sweep *s = &all->sweep[k];

		set_one(s, at % s->size);
		if (s->size < MANY)
			at /= s->size;
	}
}
