// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The chains of one generation that packets are judged in: one per ordered pair of zones that flows link (or that log), one per zone
 * for its frames to groups, one for group frames whose source zone the mark does not tell.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nft/layout.h"
#include "policy/entries.h"

enum { START, REPLY };

/* --- the services of a set --- */

static void put_range(struct nft_text *t, const struct policy_entry *e)
{
	if (e->low == e->high)
		nft_put(t, "%u", e->low);
	else
		nft_put(t, "%u-%u", e->low, e->high);
}

static bool is_kind(const struct policy_entry *e, uint8_t kind, uint8_t proto)
{
	return e->kind == kind && (kind != CORDON_ENTRY_RANGE || e->proto == proto);
}

/* One rule for all entries of a kind: "<match> <what> { 1, 5-7 } accept". */
static void put_numbers(struct nft_text *t, const char *match, const char *what, const struct policy_entries *set,
			uint8_t kind, uint8_t proto)
{
	size_t n = 0, put = 0;

	for (size_t i = 0; i < set->n; i++)
		n += is_kind(&set->v[i], kind, proto);
	if (!n)
		return;
	nft_put(t, "\t\t%s%s %s", match, what, n > 1 ? "{ " : "");
	for (size_t i = 0; i < set->n; i++) {
		if (!is_kind(&set->v[i], kind, proto))
			continue;
		nft_put(t, put++ ? ", " : "");
		put_range(t, &set->v[i]);
	}
	nft_put(t, "%s accept\n", n > 1 ? " }" : "");
}

static bool has_type(const struct policy_entries *set, uint8_t proto, uint16_t type)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->v[i].kind == CORDON_ENTRY_ALL ||
		    (is_kind(&set->v[i], CORDON_ENTRY_RANGE, proto) && set->v[i].low <= type && type <= set->v[i].high))
			return true;
	return false;
}

/* ICMP queries, or their answers, by type. */
static void put_queries(struct nft_text *t, enum nft_family family, const char *match, const struct policy_entries *set,
			int direction)
{
	static const struct {
		uint8_t proto;
		uint16_t type;
		const char *rule[2];
	} queries[] = {
		{ 1, 8, { "icmp type echo-request", "icmp type echo-reply" } },
		{ 1, 13, { "icmp type timestamp-request", "icmp type timestamp-reply" } },
		{ 58, 128, { "icmpv6 type echo-request", "icmpv6 type echo-reply" } },
	};
	const char *const protocol[] = { family == NFT_BRIDGE ? "meta protocol ip " : "",
					 family == NFT_BRIDGE ? "meta protocol ip6 " : "" };	/* see base.c */

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (has_type(set, queries[i].proto, queries[i].type))
			nft_put(t, "\t\t%s%s%s accept\n", match, protocol[queries[i].proto == 58], queries[i].rule[direction]);
}

/* What @set allows in one direction: by destination port as a start, by source port as a reply. */
static void put_services(struct nft_text *t, enum nft_family family, const char *match, const struct policy_entries *set,
			 int direction)
{
	if (set->n && set->v[0].kind == CORDON_ENTRY_ALL) {
		nft_put(t, "\t\t%smeta l4proto != { 1, 58 } accept\n", match);
	} else {
		put_numbers(t, match, direction == START ? "tcp dport" : "tcp sport", set, CORDON_ENTRY_RANGE, 6);
		put_numbers(t, match, direction == START ? "udp dport" : "udp sport", set, CORDON_ENTRY_RANGE, 17);
		put_numbers(t, match, "meta l4proto", set, CORDON_ENTRY_PROTO, 0);
	}
	put_queries(t, family, match, set, direction);
}

static unsigned int dhcp_directions(const struct policy_entries *there, const struct policy_entries *back)
{
	return (nft_has_dhcp(there) ? NFT_DHCP_TO_SERVER : 0) | (nft_has_dhcp(back) ? NFT_DHCP_TO_CLIENT : 0);
}

/* --- chains --- */

static const char *zone_name(const struct nft_source *s, int zone)
{
	return s->policy->zones[zone].name;
}

/* The gateway tells the ends of any flow that it forwards of errors, linked with them or not. */
static bool may_send_errors(const struct policy_entries *there, const struct policy_entries *back, int from)
{
	return there->n || back->n || from == POLICY_ZONE_GATEWAY;
}

static void put_pair_chain(struct nft_text *t, const struct nft_source *s, enum nft_family family, const char *name,
			   int from, int to)
{
	const struct policy_pair *pair = nft_pair(s, from, to);
	struct policy_entries there = nft_set(s, from, to), back = nft_set(s, to, from);

	nft_put(t, "\tchain %s {\n", name);
	put_services(t, family, "ct direction original ", &there, START);
	put_services(t, family, "ct direction reply ", &back, REPLY);
	if (may_send_errors(&there, &back, from))
		nft_put(t, "\t\tct state related jump errors\n");
	nft_put_dhcp(t, family, "", dhcp_directions(&there, &back));
	if (pair && pair->log)
		nft_put(t, "\t\tlimit rate 10/second burst 20 packets log prefix \"cordon deny %s %s: \" level info\n",
			zone_name(s, from), zone_name(s, to));
	nft_put(t, "\t\tcounter drop\n\t}\n");
}

/* Only frames to groups may come here: their destination has no zone, egress judges it port by port. */
static void put_group_guard(struct nft_text *t, enum nft_family family)
{
	if (family == NFT_BRIDGE)
		nft_put(t, "\t\tmeta pkttype != { broadcast, multicast } counter drop\n");
	nft_put(t, "\t\tip daddr != { 224.0.0.0/4, 255.255.255.255 } counter drop\n"
		   "\t\tip6 daddr != ff00::/8 counter drop\n");
}

/* Uplinks and the box itself are no bridge ports. */
static bool lives_in(enum nft_family family, int zone)
{
	return family != NFT_BRIDGE || zone > POLICY_ZONE_WAN;
}

/* Set(from, any zone) together; @from < 0: whatever any zone may start. */
static int unite(const struct nft_source *s, enum nft_family family, int from, struct policy_entries *out)
{
	struct entries_set set = { 0 };
	int ret = 0;

	*out = (struct policy_entries){ 0 };
	for (size_t i = 0; !ret && i < s->pairs->n; i++)
		if (s->pairs->v[i].from == from || (from < 0 && lives_in(family, s->pairs->v[i].from)))
			ret = entries_set_add_all(&set, &s->pairs->v[i].entries);
	entries_set_normalise(&set);
	if (!ret)
		ret = entries_from_set(&set, out);
	entries_set_free(&set);
	return ret;
}

/* Whether a zone may start DHCP to @server, whose answers go to a group; @server < 0: to any. */
static bool serves_dhcp(const struct nft_source *s, enum nft_family family, int server)
{
	for (size_t i = 0; i < s->pairs->n; i++) {
		int to = s->pairs->v[i].to;

		if ((to == server || (server < 0 && lives_in(family, to))) && nft_has_dhcp(&s->pairs->v[i].entries))
			return true;
	}
	return false;
}

/* Return: whether there is such a chain. */
static bool put_group_chain(struct nft_text *t, const struct nft_source *s, enum nft_family family, const char *name,
			    int from)
{
	struct policy_entries starts;
	bool serves = serves_dhcp(s, family, from);
	int ret = unite(s, family, from, &starts);

	if (ret && !t->error)
		t->error = ret;
	if (ret || (!starts.n && !serves)) {
		free(starts.v);
		return false;
	}
	nft_put(t, "\tchain %s {\n", name);
	put_group_guard(t, family);
	put_services(t, family, "", &starts, START);
	nft_put_dhcp(t, family, "", (nft_has_dhcp(&starts) ? NFT_DHCP_TO_SERVER : 0) | (serves ? NFT_DHCP_TO_CLIENT : 0));
	nft_put(t, "\t\tcounter drop\n\t}\n");
	free(starts.v);
	return true;
}

/* --- the verdict map --- */

static uint8_t zone_id(struct nft_text *t, const struct nft_source *s, int zone)
{
	if (zone < POLICY_ZONE_FIRST)
		return zone + CORDON_ZONE_GATEWAY;
	for (size_t i = 0; i < s->ids->n; i++)
		if (!strcmp(s->ids->v[i].name, zone_name(s, zone)))
			return s->ids->v[i].id;
	if (!t->error)
		t->error = -EINVAL;
	return CORDON_ZONE_NONE;
}

static uint32_t mark(const struct nft_source *s, uint8_t src, uint8_t dst)
{
	return CORDON_MARK_VALID | (nft_parity(s->generation) ? CORDON_MARK_PARITY : 0) |
	       (uint32_t)src << CORDON_MARK_SRC_SHIFT | (uint32_t)dst << CORDON_MARK_DST_SHIFT;
}

/* Elements gather beside the chains, because the text has to name the chains first. */
static void put_element(struct nft_text *elements, uint32_t key, const char *chain)
{
	nft_put(elements, "\t\t0x%08x : goto %s,\n", key, chain);
}

static void put_pair(struct nft_text *t, struct nft_text *elements, const struct nft_source *s, enum nft_family family,
		     int from, int to)
{
	char name[128];

	if (!lives_in(family, from) || !lives_in(family, to))
		return;
	snprintf(name, sizeof(name), "g%llu_%s.%s", s->generation, zone_name(s, from), zone_name(s, to));
	put_pair_chain(t, s, family, name, from, to);
	put_element(elements, mark(s, zone_id(t, s, from), zone_id(t, s, to)), name);
}

static void put_group(struct nft_text *t, struct nft_text *elements, const struct nft_source *s, enum nft_family family,
		      int from)
{
	uint8_t id = from < 0 ? CORDON_ZONE_NONE : zone_id(t, s, from);
	char name[128];

	if (from >= 0 && !lives_in(family, from))
		return;
	snprintf(name, sizeof(name), "g%llu_%s", s->generation, from < 0 ? "any" : zone_name(s, from));
	if (put_group_chain(t, s, family, name, from))
		put_element(elements, mark(s, id, CORDON_ZONE_NONE), name);
}

static void put_chains(struct nft_text *t, struct nft_text *elements, const struct nft_source *s, enum nft_family family)
{
	for (int from = 0; from < (int)s->policy->n_zones; from++)
		for (int to = 0; to < (int)s->policy->n_zones; to++)
			if (nft_pair(s, from, to) || nft_set(s, to, from).n)
				put_pair(t, elements, s, family, from, to);
	for (int from = -1; from < (int)s->policy->n_zones; from++)
		put_group(t, elements, s, family, from);
}

void nft_put_pairs(struct nft_text *t, const struct nft_source *s, enum nft_family family)
{
	struct nft_text elements;
	char *list;
	int ret;

	nft_text_open(&elements);
	put_chains(t, &elements, s, family);
	ret = nft_text_close(&elements, &list);
	if (ret && !t->error)
		t->error = ret;
	if (list && *list)
		nft_put(t, "\tmap pairs { type mark : verdict; elements = {\n%s\t} }\n", list);
	free(list);
}
