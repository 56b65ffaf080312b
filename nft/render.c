// SPDX-License-Identifier: GPL-2.0-or-later
/* The text of transaction 1: the base layout, then everything of one generation. */
#include <errno.h>
#include <string.h>

#include "nft/base.h"
#include "nft/layout.h"
#include "nft/nft.h"

const char *nft_family_name(enum nft_family family)
{
	return family == NFT_INET ? "inet" : "bridge";
}

const struct policy_pair *nft_pair(const struct nft_source *s, int from, int to)
{
	size_t low = 0, high = s->pairs->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct policy_pair *pair = &s->pairs->v[middle];

		if (pair->from == from && pair->to == to)
			return pair;
		if (pair->from < from || (pair->from == from && pair->to < to))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct policy_entries nft_set(const struct nft_source *s, int from, int to)
{
	const struct policy_pair *pair = nft_pair(s, from, to);

	return pair ? pair->entries : (struct policy_entries){ 0 };
}

bool nft_has_dhcp(const struct policy_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++)
		if (entries->v[i].kind == CORDON_ENTRY_ALL || entries->v[i].kind == CORDON_ENTRY_DHCP)
			return true;
	return false;
}

/* The names of the ports, all or the uplinks only, as the elements of a set. */
static void put_ports(struct nft_text *t, const struct policy *policy, bool uplinks)
{
	const char *between = "";

	nft_put(t, "{ ");
	for (size_t i = 0; i < policy->n_ports; i++) {
		if (uplinks && policy->ports[i].mode != POLICY_PORT_UPLINK)
			continue;
		nft_put(t, "%s", between);
		nft_put_name(t, policy->ports[i].name);
		between = ", ";
	}
	nft_put(t, " }");
}

static bool has_uplinks(const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_ports; i++)
		if (policy->ports[i].mode == POLICY_PORT_UPLINK)
			return true;
	return false;
}

static bool has_dhcp(const struct nft_source *s)
{
	for (size_t i = 0; i < s->pairs->n; i++)
		if (nft_has_dhcp(&s->pairs->v[i].entries))
			return true;
	return false;
}

/* The box's side of DHCP: a device without an address asks, the box asks on its uplinks. */
static void put_dhcp_chains(struct nft_text *t, const struct nft_source *s)
{
	nft_put(t, "\tchain g%llu.enter {\n", s->generation);
	if (has_dhcp(s))
		nft_put(t, "\t\tip saddr 0.0.0.0 udp sport 68 udp dport 67 accept\n");
	if (has_uplinks(s->policy)) {
		nft_put(t, "\t\tiifname ");
		put_ports(t, s->policy, true);
		nft_put(t, " meta l4proto 17 jump dhcp_answers\n");
	}
	nft_put(t, "\t}\n\tchain g%llu.leave {\n", s->generation);
	if (has_uplinks(s->policy)) {
		nft_put(t, "\t\toifname ");
		put_ports(t, s->policy, true);
		nft_put(t, " meta l4proto 17 jump dhcp_requests\n");
	}
	nft_put(t, "\t}\n");
}

static void put_masquerade(struct nft_text *t, const struct policy_port *port, const char *family)
{
	nft_put(t, "\t\tmeta nfproto %s oifname ", family);
	nft_put_name(t, port->name);
	nft_put(t, " masquerade\n");
}

static void put_translate(struct nft_text *t, const struct nft_source *s)
{
	nft_put(t, "\tchain g%llu.translate {\n", s->generation);
	for (size_t i = 0; i < s->policy->n_ports; i++) {
		if (s->policy->ports[i].masquerade4)
			put_masquerade(t, &s->policy->ports[i], "ipv4");
		if (s->policy->ports[i].masquerade6)
			put_masquerade(t, &s->policy->ports[i], "ipv6");
	}
	nft_put(t, "\t}\n");
}

/* The entries that lead packets of this generation to its chains. */
static void put_dispatch(struct nft_text *t, const struct nft_source *s)
{
	static const char *const maps[] = { "enter", "leave", "translate" };
	uint32_t key = CORDON_MARK_VALID | (nft_parity(s->generation) ? CORDON_MARK_PARITY : 0);

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		nft_put(t, "\tmap %s { type mark : verdict; elements = { 0x%08x : jump g%llu.%s } }\n",
			maps[i], key, s->generation, maps[i]);
}

static void put_table(struct nft_text *t, const struct nft_source *s, enum nft_family family)
{
	nft_put(t, "table %s cordon {\n", nft_family_name(family));
	if (s->policy->n_ports) {
		nft_put(t, "\tset managed%u { type ifname; elements = ", nft_parity(s->generation));
		put_ports(t, s->policy, false);
		nft_put(t, " }\n");
	}
	nft_put(t, "\tchain g%llu { }\n", s->generation);
	if (family == NFT_INET) {
		put_dhcp_chains(t, s);
		put_translate(t, s);
		put_dispatch(t, s);
	}
	nft_put_pairs(t, s, family);
	nft_put(t, "}\n");
}

int nft_render(const struct policy *p, const struct policy_pairs *pairs, const struct policy_zone_ids *ids,
	       uint64_t generation, char **text)
{
	struct nft_source s = { p, pairs, ids, generation };
	struct nft_text t;

	*text = NULL;
	if (!generation)
		return -EINVAL;
	nft_text_open(&t);
	nft_put_base(&t);
	for (enum nft_family family = 0; family < NFT_FAMILIES; family++)
		nft_put(&t, "flush set %s cordon managed%u\n", nft_family_name(family), nft_parity(generation));
	for (enum nft_family family = 0; family < NFT_FAMILIES; family++)
		put_table(&t, &s, family);
	return nft_text_close(&t, text);
}

int nft_render_unmanaged(const char *const *names, size_t n, char **text)
{
	struct nft_text t;

	nft_text_open(&t);
	for (enum nft_family family = 0; family < NFT_FAMILIES; family++) {
		nft_put(&t, "flush set %s cordon unmanaged\n", nft_family_name(family));
		if (!n)
			continue;
		nft_put(&t, "add element %s cordon unmanaged { ", nft_family_name(family));
		for (size_t i = 0; i < n; i++) {
			nft_put(&t, i ? ", " : "");
			nft_put_name(&t, names[i]);
		}
		nft_put(&t, " }\n");
	}
	return nft_text_close(&t, text);
}
