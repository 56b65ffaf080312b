// SPDX-License-Identifier: GPL-2.0-or-later
/* See services.h. */
#include <errno.h>
#include <stdlib.h>

#include "nft/services.h"

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

/** struct numbers - one way of matching numbers: which entries, by which field, in a set of which type */
struct numbers {
	uint8_t kind, proto;
	const char *field[2];
	const char *type;
};

/* "1, 5-7": the entries of a kind. Return: how many. */
static size_t list_numbers(struct nft_text *list, const struct numbers *numbers, const struct policy_entries *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (!is_kind(&set->v[i], numbers->kind, numbers->proto))
			continue;
		nft_put(list, n++ ? ", " : "");
		put_range(list, &set->v[i]);
	}
	return n;
}

/* One rule for all entries of a kind: by itself for a single one, by a named set for several. */
static void put_numbers(const struct nft_chain *chain, const char *match, const struct numbers *numbers,
			const struct policy_entries *set, int direction)
{
	struct nft_text list;
	const char *name;
	char *elements;
	size_t n;
	int ret;

	nft_text_open(&list);
	n = list_numbers(&list, numbers, set);
	ret = nft_text_close(&list, &elements);
	name = ret || n < 2 ? NULL : nft_numbers_name(chain->numbers, numbers->type, elements);
	if (ret || (n > 1 && !name))
		chain->t->error = -ENOMEM;
	else if (n)
		nft_put(chain->t, "\t\t%s%s %s%s accept\n", match, numbers->field[direction], name ? "@" : "",
			name ? name : elements);
	free(elements);
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
static void put_queries(const struct nft_chain *chain, const char *match, const struct policy_entries *set, int direction)
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
	bool bridge = chain->family == NFT_BRIDGE;
	const char *const protocol[] = { bridge ? "meta protocol ip " : "", bridge ? "meta protocol ip6 " : "" };	/* see base.c */

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (has_type(set, queries[i].proto, queries[i].type))
			nft_put(chain->t, "\t\t%s%s%s accept\n", match, protocol[queries[i].proto == 58], queries[i].rule[direction]);
}

/*
 * The type is asked of the packet, not of its Ethernet header, which has the tag's where one is. In the other families, and as an
 * answer, there is none.
 */
static void put_ethertypes(const struct nft_chain *chain, const struct policy_entries *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct policy_entry *e = &set->v[i];

		if (e->kind != CORDON_ENTRY_ETHER)
			continue;
		for (unsigned int type = e->low; type <= e->high; type++)
			nft_put(chain->t, "\t\tmeta protocol 0x%04x accept\n", type);
	}
}

void nft_put_services(const struct nft_chain *chain, const char *match, const struct policy_entries *set, int direction)
{
	static const struct numbers all[] = {
		{ CORDON_ENTRY_RANGE, 6, { "tcp dport", "tcp sport" }, "inet_service" },
		{ CORDON_ENTRY_RANGE, 17, { "udp dport", "udp sport" }, "inet_service" },
		{ CORDON_ENTRY_PROTO, 0, { "meta l4proto", "meta l4proto" }, "inet_proto" },
	};

	if (set->n && set->v[0].kind == CORDON_ENTRY_ALL)
		nft_put(chain->t, "\t\t%smeta l4proto != 1 meta l4proto != 58 accept\n", match);
	else
		for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
			put_numbers(chain, match, &all[i], set, direction);
	put_queries(chain, match, set, direction);
	if (chain->family == NFT_BRIDGE && direction == NFT_START)
		put_ethertypes(chain, set);
}

void nft_put_dhcp(const struct nft_chain *chain, bool there, bool back)
{
	if (there)
		nft_put(chain->t, "\t\tmeta l4proto 17 jump dhcp_requests\n");
	if (back)
		nft_put(chain->t, "\t\tmeta l4proto 17 jump dhcp_answers\n");
}
