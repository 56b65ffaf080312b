// SPDX-License-Identifier: GPL-2.0-only
/*
 * Section 6.4 and 6.6 of docs/policy-language.md: may zone A start this to zone B, or can it be a
 * reply?
 */
#include "judge.h"

/* The query that an ICMP message is or answers. Return: false for every other type. */
static bool icmp_query(const struct cordon_frame *f, u8 *query, bool *reply)
{
	static const u8 pairs[][3] = {	/* protocol, query, reply */
		{ CORDON_PROTO_ICMP, 8, 0 }, { CORDON_PROTO_ICMP, 13, 14 }, { CORDON_PROTO_ICMPV6,
			128, 129 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (pairs[i][0] != f->proto || (f->type != pairs[i][1] && f->type != pairs[i][2]))
			continue;
		*query = pairs[i][1];
		*reply = f->type == pairs[i][2];
		return true;
	}
	return false;
}

bool cordon_is_icmp_error(const struct cordon_frame *f)
{
	if (f->flags & CORDON_F_FRAG_LATER)
		return false;
	if (f->proto == CORDON_PROTO_ICMP)
		return f->type == 3 || f->type == 11 || f->type == 12;
	return f->proto == CORDON_PROTO_ICMPV6 && f->type >= 1 && f->type <= 4;
}

static bool has(const struct cordon_ruleset *rs, u8 from, u8 to, u8 proto, u16 value)
{
	return cordon_pair_has(rs, from, to, CORDON_ENTRY_RANGE, proto, value);
}

static u8 judge_icmp(const struct cordon_ruleset *rs, u8 from, u8 to, const struct cordon_frame *f)
{
	bool reply;
	u8 query;

	if (cordon_is_icmp_error(f))
		return CORDON_V_REPLY;
	if (!icmp_query(f, &query, &reply))
		return 0;
	if (reply)
		return has(rs, to, from, f->proto, query) ? CORDON_V_REPLY : 0;
	return has(rs, from, to, f->proto, query) ? CORDON_V_START : 0;
}

static u8 judge_ports(const struct cordon_ruleset *rs, u8 from, u8 to, const struct cordon_frame *f)
{
	u8 may = 0;

	if (has(rs, from, to, f->proto, f->dport))
		may |= CORDON_V_START;
	if (has(rs, to, from, f->proto, f->sport))
		may |= CORDON_V_REPLY;
	if (f->proto == CORDON_PROTO_UDP &&
	    ((cordon_is_dhcp_client(f) && cordon_pair_has(rs, from, to, CORDON_ENTRY_DHCP, 0, 0)) ||
	     (cordon_is_dhcp_server(f) && cordon_pair_has(rs, to, from, CORDON_ENTRY_DHCP, 0, 0))))
		may |= CORDON_V_START;
	return may;
}

/* Protocols without ports, and later fragments of those with. */
static u8 judge_proto(const struct cordon_ruleset *rs, u8 from, u8 to, u8 proto)
{
	return (cordon_pair_has_proto(rs, from, to, proto) ? CORDON_V_START : 0) |
	       (cordon_pair_has_proto(rs, to, from, proto) ? CORDON_V_REPLY : 0);
}

u8 cordon_judge(const struct cordon_ruleset *rs, u8 from, u8 to, const struct cordon_frame *f)
{
	/* A fragment that hides its header (step 7c) is neither. */
	if (!cordon_pair(rs, from, to)->linked || f->flags & CORDON_F_FRAG_BAD)
		return 0;
	if (f->flags & CORDON_F_FRAG_LATER)
		return judge_proto(rs, from, to, f->proto);
	switch (f->proto) {
	case CORDON_PROTO_TCP:
	case CORDON_PROTO_UDP:
		return judge_ports(rs, from, to, f);
	case CORDON_PROTO_ICMP:
	case CORDON_PROTO_ICMPV6:
		return judge_icmp(rs, from, to, f);
	}
	return judge_proto(rs, from, to, f->proto);
}

bool cordon_judge_group(const struct cordon_ruleset *rs, u8 from, u8 to,
			const struct cordon_frame *f)
{
	return (from == to || from == CORDON_ZONE_GATEWAY) &&
	       cordon_judge(rs, from, to, f) & CORDON_V_START &&
	       cordon_zone_may_group(rs, from, &f->daddr);
}

bool cordon_judge_ether(const struct cordon_ruleset *rs, u8 from, u8 to,
			const struct cordon_frame *f)
{
	return cordon_pair_has(rs, from, to, CORDON_ENTRY_ETHER, 0, f->ethertype);
}

u64 cordon_dhcp_zones(const struct cordon_ruleset *rs, u8 from, u8 word,
		      const struct cordon_frame *f)
{
	if (cordon_is_dhcp_client(f))
		return rs->zone[from].asks[word];
	return cordon_is_dhcp_server(f) ? rs->zone[from].serves[word] : 0;
}

bool cordon_judge_flow(const struct cordon_ruleset *rs, u8 from, u8 to, u8 proto, u16 port)
{
	switch (proto) {
	case CORDON_PROTO_TCP:
	case CORDON_PROTO_UDP:
		return has(rs, from, to, proto, port);
	case CORDON_PROTO_ICMP:
		return (port == 8 || port == 13) && has(rs, from, to, proto, port);
	case CORDON_PROTO_ICMPV6:
		return port == 128 && has(rs, from, to, proto, port);
	}
	return cordon_pair_has(rs, from, to, CORDON_ENTRY_PROTO, 0, proto);
}

u8 cordon_judge_reason(const struct cordon_ruleset *rs, u8 from, u8 to)
{
	if (from == CORDON_ZONE_QUARANTINE || to == CORDON_ZONE_QUARANTINE)
		return CORDON_REASON_QUARANTINE;
	if (from == CORDON_ZONE_UNKNOWN)
		return CORDON_REASON_UNKNOWN_SOURCE;
	return cordon_pair(rs, from, to)->linked ? CORDON_REASON_SERVICE : CORDON_REASON_PAIR;
}
