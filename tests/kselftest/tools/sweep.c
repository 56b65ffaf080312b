// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values that differ from frame to frame: a word of a description whose value begins with @.
 *
 *   @1..4094             every number of the range
 *   @a|b|3..9            these in turn, ranges whole
 *   @10.10.0.0/16        addresses of the prefix, from its first host on
 *   @fd00:10::/64        addresses of the prefix, the last 64 bits pseudo-random
 *   @mac                 unicast MACs, pseudo-random, all different
 *   @collide             unicast MACs, all different, of one hash where its key is known (collide.c)
 *   @option              IPv4 options as opts= wants them: every kind of KINDS with every length byte from 0 to 40
 *   @chain               IPv6 extension headers as ext= wants them: 1 to 64 of them, pseudo-random
 *   @=a|b|c              these by the number of the frame, so that several words go together: fragments of one packet
 *   @step4               the number of the frame divided by four, counted on over all floods: what such fragments share
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
#define OPTION_LENGTHS 41
#define CHAIN_MOST 64

/* End, NOP, record route, timestamp, security, LSRR, extended security, CIPSO, stream id, SSRR, router alert, experimental, unknown. */
static const uint8_t option_kinds[] = { 0, 1, 7, 68, 130, 131, 133, 134, 136, 137, 148, 222, 255 };
static const uint8_t chain_kinds[] = { 0, 43, 60, 51, 135, 139, 140 };

static uint64_t scatter(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
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

static void read_item(struct item *item, const char *text)
{
	char *end;
	uint64_t low = strtoull(text, &end, 0), high;

	*item = (struct item){ .text = text, .size = 1 };
	if (end == text || strncmp(end, "..", 2))
		return;
	high = strtoull(end + 2, &end, 0);
	if (!*end && high >= low)
		*item = (struct item){ .low = low, .size = high - low + 1 };
}

static bool read_items(struct sweep *s, const char *text)
{
	char *save = NULL;

	if (strlen(text) >= sizeof(s->items))
		return false;
	snprintf(s->items, sizeof(s->items), "%s", text);
	s->n_items = 0;
	s->size = 0;
	s->kind = SWEEP_ITEMS;
	for (char *it = strtok_r(s->items, "|", &save); it; it = strtok_r(NULL, "|", &save)) {
		if (s->n_items == MAX_ITEMS || strlen(it) >= sizeof(s->text))
			return false;
		read_item(&s->item[s->n_items], it);
		s->size += s->item[s->n_items++].size;
	}
	return s->size > 0;
}

static bool read_sweep(struct sweep *s, const char *text)
{
	static const struct { const char *name; int kind; uint64_t size; } made[] = {
		{ "mac", SWEEP_MAC, MANY }, { "collide", SWEEP_COLLIDE, MANY },
		{ "option", SWEEP_OPTION, sizeof(option_kinds) * OPTION_LENGTHS },
		{ "chain", SWEEP_CHAIN, MANY },
	};

	s->in_order = text[0] == '=' || !strncmp(text, "step", 4);
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		if (strcmp(text, made[i].name))
			continue;
		s->kind = made[i].kind;
		s->size = made[i].size;
		return true;
	}
	if (!strncmp(text, "step", 4)) {
		s->kind = SWEEP_STEP;
		s->size = MANY;
		s->step = strtoull(text + 4, NULL, 10);
		return s->step > 0;
	}
	return s->in_order ? read_items(s, text + 1) : read_prefix(s, text) || read_items(s, text);
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
		if (!s->in_order)
			all->total = s->size >= MANY || all->total >= MANY ? MANY : all->total * s->size;
		all->n++;
	}
	return true;
}

bool sweeps_prepare(const struct sweeps *all, uint64_t n)
{
	for (int i = 0; i < all->n; i++)
		if (all->sweep[i].kind == SWEEP_COLLIDE && !collide_prepare(n))
			return false;
	return true;
}

static void set_item(struct sweep *s, uint64_t i)
{
	const struct item *item = s->item;

	while (i >= item->size)
		i -= (item++)->size;
	if (item->text)
		snprintf(s->text, sizeof(s->text), "%s", item->text);
	else
		snprintf(s->text, sizeof(s->text), "%llu", (unsigned long long)(item->low + i));
}

static void set_address(struct sweep *s, uint64_t i)
{
	uint64_t random = scatter(i);
	uint32_t v4;
	uint8_t v6[16];

	if (s->kind == SWEEP_ADDR4) {
		memcpy(&v4, s->base, 4);
		v4 = htonl(ntohl(v4) + (uint32_t)i + 1);
		inet_ntop(AF_INET, &v4, s->text, sizeof(s->text));
		return;
	}
	memcpy(v6, s->base, 8);
	memcpy(v6 + 8, &random, 8);
	inet_ntop(AF_INET6, v6, s->text, sizeof(s->text));
}

/* One option: kind, length, zeros as far as the length says, and what fills the word; a length below 2 has only itself. */
static void set_option(struct sweep *s, uint64_t i)
{
	unsigned int kind = option_kinds[i % sizeof(option_kinds)], length = (unsigned int)(i / sizeof(option_kinds));
	unsigned int bytes = ((length < 2 ? 2 : length) + 3) & ~3U;

	memset(s->text, '0', bytes * 2);
	s->text[bytes * 2] = '\0';
	snprintf(s->text, 5, "%02x%02x", kind, length);
	s->text[4] = '0';
	if (length > 2)
		s->text[5] = '4';	/* the pointer of the routing options */
}

static void set_chain(struct sweep *s, uint64_t i)
{
	size_t n = 1 + i % CHAIN_MOST, at = 0;

	for (size_t k = 0; k < n; k++)
		at += (size_t)snprintf(s->text + at, sizeof(s->text) - at, "%s%u", k ? "," : "",
				       chain_kinds[scatter(i * CHAIN_MOST + k) % sizeof(chain_kinds)]);
}

static void set_one(struct sweep *s, uint64_t i, uint64_t base)
{
	uint64_t random = scatter(i);

	switch (s->kind) {
	case SWEEP_ITEMS:
		set_item(s, i);
		break;
	case SWEEP_ADDR4:
	case SWEEP_ADDR6:
		set_address(s, i);
		break;
	case SWEEP_MAC:
		snprintf(s->text, sizeof(s->text), "0e:%02x:%02x:%02x:%02x:%02x", (unsigned int)(random & 0xff),
			 (unsigned int)(i >> 24 & 0xff), (unsigned int)(i >> 16 & 0xff), (unsigned int)(i >> 8 & 0xff), (unsigned int)(i & 0xff));
		break;
	case SWEEP_COLLIDE:
		collide_text(i, s->text, sizeof(s->text));
		break;
	case SWEEP_OPTION:
		set_option(s, i);
		break;
	case SWEEP_CHAIN:
		set_chain(s, i);
		break;
	case SWEEP_STEP:
		snprintf(s->text, sizeof(s->text), "%llu", (unsigned long long)(base + i / s->step));
		break;
	}
}

void sweeps_set(struct sweeps *all, uint64_t i)
{
	uint64_t at = all->total >= MANY ? i : i % all->total * STRIDE % all->total;

	for (int k = 0; k < all->n; k++) {
		struct sweep *s = &all->sweep[k];

		if (s->in_order) {
			set_one(s, s->kind == SWEEP_STEP ? i : i % s->size, all->base);
			continue;
		}
		set_one(s, at % s->size, all->base);
		if (s->size < MANY)
			at /= s->size;
	}
}
