// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See entries.h. A place on the line is kind (8 bits), protocol (8), number (16), so the order of
 * the line is that of the wire.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/entries.h"
#include "policy/mem.h"

#define PLACE(kind, proto, number)                                                                 \
	((uint32_t)(kind) << 24 | (uint32_t)(proto) << 16 | (uint32_t)(number))

/* What `all` is, in the order of the line. */
static const struct entries_span universe[] = {
	{ PLACE(CORDON_ENTRY_DHCP, 0, 0), PLACE(CORDON_ENTRY_DHCP, 0, 0) },
	{ PLACE(CORDON_ENTRY_RANGE, 1, 8), PLACE(CORDON_ENTRY_RANGE, 1, 8) },
	{ PLACE(CORDON_ENTRY_RANGE, 1, 13), PLACE(CORDON_ENTRY_RANGE, 1, 13) },
	{ PLACE(CORDON_ENTRY_RANGE, 6, 0), PLACE(CORDON_ENTRY_RANGE, 6, 65535) },
	{ PLACE(CORDON_ENTRY_RANGE, 17, 0), PLACE(CORDON_ENTRY_RANGE, 17, 65535) },
	{ PLACE(CORDON_ENTRY_RANGE, 58, 128), PLACE(CORDON_ENTRY_RANGE, 58, 128) },
	{ PLACE(CORDON_ENTRY_PROTO, 0, 0), PLACE(CORDON_ENTRY_PROTO, 0, 0) },
	{ PLACE(CORDON_ENTRY_PROTO, 0, 2), PLACE(CORDON_ENTRY_PROTO, 0, 5) },
	{ PLACE(CORDON_ENTRY_PROTO, 0, 7), PLACE(CORDON_ENTRY_PROTO, 0, 16) },
	{ PLACE(CORDON_ENTRY_PROTO, 0, 18), PLACE(CORDON_ENTRY_PROTO, 0, 57) },
	{ PLACE(CORDON_ENTRY_PROTO, 0, 59), PLACE(CORDON_ENTRY_PROTO, 0, 255) },
};
#define UNIVERSE_SPANS (sizeof(universe) / sizeof(universe[0]))

void entries_set_free(struct entries_set *set)
{
	free(set->v);
	set->v = NULL;
	set->n = 0;
}

static int span_add(struct entries_set *set, struct entries_span span)
{
	struct entries_span *slot = policy_push(&set->v, &set->n, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	*slot = span;
	return 0;
}

int entries_set_add(struct entries_set *set, const struct policy_entry *entry)
{
	int ret = 0;

	if (entry->kind != CORDON_ENTRY_ALL)
		return span_add(set, (struct entries_span){
					     PLACE(entry->kind, entry->proto, entry->low),
					     PLACE(entry->kind, entry->proto, entry->high) });
	for (size_t i = 0; !ret && i < UNIVERSE_SPANS; i++)
		ret = span_add(set, universe[i]);
	return ret;
}

int entries_set_add_all(struct entries_set *set, const struct policy_entries *entries)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < entries->n; i++)
		ret = entries_set_add(set, &entries->v[i]);
	return ret;
}

static int span_compare(const void *left, const void *right)
{
	const struct entries_span *a = left, *b = right;

	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	return a->high < b->high ? -1 : a->high > b->high;
}

void entries_set_normalise(struct entries_set *set)
{
	size_t kept = 0;
	struct entries_set old = *set;

	if (set->n < 2)
		return;
	qsort(old.v, old.n, sizeof(*old.v), span_compare);
	for (size_t i = 1; i < old.n; i++) {
		struct entries_span *last = &old.v[kept];

		/* No span ends at the top of the line, so high + 1 does not wrap. */
		if (old.v[i].low > last->high + 1)
			old.v[++kept] = old.v[i];
		else if (old.v[i].high > last->high)
			last->high = old.v[i].high;
	}
	/*
	 * A smaller count keeps policy_push() right: it may then grow the array earlier than it
	 * must, never later.
	 */
	set->n = kept + 1;
}

int entries_set_subtract(struct entries_set *set, const struct entries_set *other)
{
	struct entries_set rest = { 0 };
	size_t j = 0;
	int ret = 0;

	if (!set->n || !other->n)
		return 0;
	for (size_t i = 0; !ret && i < set->n; i++) {
		struct entries_span left = set->v[i];
		bool gone = false;

		while (j < other->n && other->v[j].high < left.low)
			j++;
		for (size_t k = j; !ret && k < other->n && other->v[k].low <= left.high; k++) {
			if (other->v[k].low > left.low)
				ret = span_add(&rest, (struct entries_span){ left.low,
									     other->v[k].low - 1 });
			gone = other->v[k].high >= left.high;
			left.low = other->v[k].high + 1;
		}
		if (!ret && !gone)
			ret = span_add(&rest, left);
	}
	if (ret) {
		entries_set_free(&rest);
		return ret;
	}
	entries_set_free(set);
	*set = rest;
	return 0;
}

bool entries_set_meets(const struct entries_set *a, const struct entries_set *b)
{
	size_t i = 0, j = 0;

	while (i < a->n && j < b->n) {
		if (a->v[i].high < b->v[j].low)
			i++;
		else if (b->v[j].high < a->v[i].low)
			j++;
		else
			return true;
	}
	return false;
}

bool entries_set_contains(const struct entries_set *set, const struct entries_set *part)
{
	size_t i = 0;

	for (size_t j = 0; j < part->n; j++) {
		while (i < set->n && set->v[i].high < part->v[j].low)
			i++;
		if (i == set->n || set->v[i].low > part->v[j].low ||
		    set->v[i].high < part->v[j].high)
			return false;
	}
	return true;
}

/* Whether all that `all` means is there; ethertypes stand behind it. */
static bool has_universe(const struct entries_set *set)
{
	return set->n >= UNIVERSE_SPANS && !memcmp(set->v, universe, sizeof(universe));
}

struct policy_entry entries_of_span(struct entries_span span)
{
	return (struct policy_entry){ .kind = (uint8_t)(span.low >> 24),
				      .proto = (uint8_t)(span.low >> 16),
				      .low = (uint16_t)span.low,
				      .high = (uint16_t)span.high };
}

int entries_from_set(const struct entries_set *set, struct policy_entries *out)
{
	size_t first = 0;

	out->v = NULL;
	out->n = 0;
	if (!set->n)
		return 0;
	out->v = calloc(set->n, sizeof(*out->v));
	if (!out->v)
		return -ENOMEM;
	if (has_universe(set)) {
		out->v[out->n++].kind = CORDON_ENTRY_ALL;
		first = UNIVERSE_SPANS;
	}
	for (size_t i = first; i < set->n; i++)
		out->v[out->n++] = entries_of_span(set->v[i]);
	return 0;
}

int entries_to_set(const struct policy_entries *entries, struct entries_set *out)
{
	int ret;

	*out = (struct entries_set){ 0 };
	ret = entries_set_add_all(out, entries);
	if (ret)
		entries_set_free(out);
	else
		entries_set_normalise(out);
	return ret;
}
