/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of service entries. Every (kind, protocol, number) has one place on a line of 32 bits, so
 * that a set is a sorted list of disjoint spans and union and difference are those of intervals.
 * Protocols never touch on the line: what is normal there is normal on the wire (linux/cordon.h,
 * CORDON_SECT_ENTRIES).
 */
#ifndef CORDON_POLICY_ENTRIES_H
#define CORDON_POLICY_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/model.h"

/* After merging; bounds what services that name one another can grow to. */
#define ENTRIES_MAX 1024

struct entries_span {
	uint32_t low, high;
};

/**
 * struct entries_set - sorted, disjoint, not adjacent once normalised; zero-initialise, free with
 * entries_set_free()
 */
struct entries_set {
	struct entries_span *v;
	size_t n;
};

void entries_set_free(struct entries_set *set);
/**
 * entries_set_add - put @entry in; CORDON_ENTRY_ALL is spelt out. The set is normal again after
 * entries_set_normalise().
 */
int entries_set_add(struct entries_set *set, const struct policy_entry *entry);
int entries_set_add_all(struct entries_set *set, const struct policy_entries *entries);
void entries_set_normalise(struct entries_set *set);
/**
 * entries_set_subtract - @set without @other, both normal. Return: 0, or -ENOMEM (@set unchanged).
 */
int entries_set_subtract(struct entries_set *set, const struct entries_set *other);
/** entries_set_meets - whether two normal sets have anything in common */
bool entries_set_meets(const struct entries_set *a, const struct entries_set *b);
/** entries_set_contains - whether all of normal @part is in normal @set */
bool entries_set_contains(const struct entries_set *set, const struct entries_set *part);
/**
 * entries_from_set - the entries of a normal set; one CORDON_ENTRY_ALL if nothing lacks. Replaces
 * @out without freeing it.
 */
int entries_from_set(const struct entries_set *set, struct policy_entries *out);
/** entries_of_span - the entry that a span of a normal set is */
struct policy_entry entries_of_span(struct entries_span span);
/** entries_to_set - a normal set of @entries */
int entries_to_set(const struct policy_entries *entries, struct entries_set *out);

/** entries_query_type - whether a service may name this type: icmp 8, 13, icmpv6 128 */
static inline bool entries_query_type(unsigned int proto, unsigned int type)
{
	return proto == 58 ? type == 128 : type == 8 || type == 13;
}

/**
 * entries_named_ethertype - whether an ether/TYPE may name it: no 802.3 length, and nothing that has
 * rules of its own (IP, ARP, EAPOL, VLAN tags)
 */
static inline bool entries_named_ethertype(unsigned int type)
{
	return type >= 0x600 && type <= 0xffff && type != 0x0800 && type != 0x0806 &&
	       type != 0x86dd && type != 0x888e && type != 0x8100 && type != 0x88a8 &&
	       type != 0x9100;
}

/** entries_own_kind - protocols that have entries of their own and no proto/NUMBER */
static inline bool entries_own_kind(unsigned int proto)
{
	return proto == 1 || proto == 6 || proto == 17 || proto == 58;
}

#endif /* CORDON_POLICY_ENTRIES_H */
