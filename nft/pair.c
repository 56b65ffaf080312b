// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The chains of one generation that packets are judged in: one per ordered pair of zones that flows link (or that log), one per zone
 * for its frames to groups.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nft/services.h"
#include "policy/entries.h"
#include "policy/prefixes.h"
#include "policy/value.h"

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

static void put_pair_chain(const struct nft_chain *chain, const struct nft_source *s, const char *name, int from, int to)
{
	const struct policy_pair *pair = nft_pair(s, from, to);
	struct policy_entries there = nft_set(s, from, to), back = nft_set(s, to, from);

	nft_put(chain->t, "\tchain %s {\n", name);
	nft_put_services(chain, "ct direction original ", &there, NFT_START);
	nft_put_services(chain, "ct direction reply ", &back, NFT_REPLY);
	if (may_send_errors(&there, &back, from))
		nft_put(chain->t, "\t\tct state related jump errors\n");
	nft_put_dhcp(chain, nft_has_dhcp(&there), nft_has_dhcp(&back));
	if (pair && pair->log)
		nft_put(chain->t, "\t\tlimit rate 10/second burst 20 packets log prefix \"cordon deny %s %s: \" level info\n",
			zone_name(s, from), zone_name(s, to));
	nft_put(chain->t, "\t\tcounter drop\n\t}\n");
}

/* Uplinks and the box itself are no bridge ports. */
static bool lives_in(enum nft_family family, int zone)
{
	return family != NFT_BRIDGE || zone > POLICY_ZONE_WAN;
}

/* What is heard in some zone when @from says it to a group: what it may start in its own zone; the box in any. */
static int heard(const struct nft_source *s, int from, struct policy_entries *out)
{
	struct entries_set set = { 0 };
	int ret = 0;

	*out = (struct policy_entries){ 0 };
	for (size_t i = 0; !ret && i < s->pairs->n; i++)
		if (s->pairs->v[i].from == from && (from == POLICY_ZONE_GATEWAY || s->pairs->v[i].to == from))
			ret = entries_set_add_all(&set, &s->pairs->v[i].entries);
	entries_set_normalise(&set);
	if (!ret)
		ret = entries_from_set(&set, out);
	entries_set_free(&set);
	return ret;
}

/* Whether @zone may ask some zone for a lease (@asks), or some zone may ask it: DHCP to a group crosses zones. */
static bool has_lease(const struct nft_source *s, int zone, bool asks)
{
	for (size_t i = 0; i < s->pairs->n; i++)
		if ((asks ? s->pairs->v[i].from : s->pairs->v[i].to) == zone && nft_has_dhcp(&s->pairs->v[i].entries))
			return true;
	return false;
}

/* What goes to another group than those of one family that @from lists. */
static void put_other_groups(const struct nft_chain *chain, const struct prefixes *groups, bool ipv4)
{
	static const char *const family[2][2] = { { "meta nfproto ipv6", "meta nfproto ipv4" }, { "meta protocol ip6", "meta protocol ip" } };
	size_t n = 0;

	for (size_t i = 0; i < groups->n; i++) {
		if (value_is_ipv4(groups->v[i].prefix->addr) != ipv4)
			continue;
		if (!n)
			nft_put(chain->t, "\t\t%s daddr != { ", ipv4 ? "ip" : "ip6");
		nft_put(chain->t, "%s%s", n++ ? ", " : "", value_prefix_text(groups->v[i].prefix).text);
	}
	if (n)
		nft_put(chain->t, " } counter drop\n");
	else
		nft_put(chain->t, "\t\t%s counter drop\n", family[chain->family == NFT_BRIDGE][ipv4]);
}

static void put_groups(const struct nft_chain *chain, const struct nft_source *s, int from)
{
	struct prefixes groups;
	int ret;

	if (!s->policy->zones[from].groups_given)
		return;
	ret = prefixes_groups(s->policy, &from, 1, &groups);
	if (ret && !chain->t->error)
		chain->t->error = ret;
	if (ret)
		return;
	put_other_groups(chain, &groups, true);
	put_other_groups(chain, &groups, false);
	prefixes_free(&groups);
}

/* Return: whether there is such a chain. */
static bool put_group_chain(const struct nft_chain *chain, const struct nft_source *s, const char *name, int from)
{
	bool asks = has_lease(s, from, true), serves = has_lease(s, from, false);
	struct policy_entries starts;
	int ret = heard(s, from, &starts);

	if (ret && !chain->t->error)
		chain->t->error = ret;
	if (ret || (!starts.n && !asks && !serves)) {
		free(starts.v);
		return false;
	}
	nft_put(chain->t, "\tchain %s {\n\t\tjump groups_only\n", name);
	nft_put_dhcp(chain, asks, serves);
	put_groups(chain, s, from);
	nft_put_services(chain, "", &starts, NFT_START);
	nft_put(chain->t, "\t\tcounter drop\n\t}\n");
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

static void put_pair(const struct nft_chain *chain, struct nft_text *elements, const struct nft_source *s, int from, int to)
{
	char name[128];

	if (!lives_in(chain->family, from) || !lives_in(chain->family, to))
		return;
	snprintf(name, sizeof(name), "g%llu_%s.%s", s->generation, zone_name(s, from), zone_name(s, to));
	put_pair_chain(chain, s, name, from, to);
	put_element(elements, mark(s, zone_id(chain->t, s, from), zone_id(chain->t, s, to)), name);
}

static void put_group(const struct nft_chain *chain, struct nft_text *elements, const struct nft_source *s, int from)
{
	char name[128];

	if (!lives_in(chain->family, from))
		return;
	snprintf(name, sizeof(name), "g%llu_%s", s->generation, zone_name(s, from));
	if (put_group_chain(chain, s, name, from))
		put_element(elements, mark(s, zone_id(chain->t, s, from), CORDON_ZONE_NONE), name);
}

static void put_chains(const struct nft_chain *chain, struct nft_text *elements, const struct nft_source *s)
{
	int n = s->policy->n_zones;

	for (int from = 0; from < n; from++)
		for (int to = 0; to < n; to++)
			if (nft_pair(s, from, to) || nft_set(s, to, from).n)
				put_pair(chain, elements, s, from, to);
	for (int from = 0; from < n; from++)
		put_group(chain, elements, s, from);
}

void nft_put_pairs(struct nft_text *t, const struct nft_source *s, enum nft_family family)
{
	struct nft_numbers numbers;
	struct nft_text elements;
	struct nft_chain chain = { t, &numbers, family };
	char *list;
	int ret;

	nft_numbers_open(&numbers, s->generation);
	nft_text_open(&elements);
	put_chains(&chain, &elements, s);
	nft_numbers_close(&numbers, t);
	ret = nft_text_close(&elements, &list);
	if (ret && !t->error)
		t->error = ret;
	if (list && *list)
		nft_put(t, "\tmap pairs { type mark : verdict; elements = {\n%s\t} }\n", list);
	free(list);
}
