// SPDX-License-Identifier: GPL-2.0-or-later
/* The base layout: what does not depend on the policy. README.md explains every rule. */
#include "nft/base.h"

static const char inet_frame[] =
	"table inet cordon {\n"
	"\tset managed0 { type ifname; }\n"
	"\tset managed1 { type ifname; }\n"
	"\tset unmanaged { type ifname; }\n"
	"\tmap pairs { type mark : verdict; }\n"
	"\tmap enter { type mark : verdict; }\n"
	"\tmap leave { type mark : verdict; }\n"
	"\tmap translate { type mark : verdict; }\n"
	"\tchain forward { type filter hook forward priority filter; policy drop; }\n"
	"\tchain input { type filter hook input priority filter; policy drop; }\n"
	"\tchain output { type filter hook output priority filter; policy drop; }\n"
	"\tchain postrouting { type nat hook postrouting priority srcnat; policy accept; }\n"
	"\tchain control { }\n"
	"\tchain errors { }\n"
	"\tchain groups_only { }\n"
	"\tchain dhcp_requests { }\n"
	"\tchain dhcp_answers { }\n"
	"\tchain from_unmanaged { }\n"
	"\tchain to_unmanaged { }\n"
	"\tchain between_unmanaged { }\n"
	"}\n"
	"flush chain inet cordon forward\n"
	"flush chain inet cordon input\n"
	"flush chain inet cordon output\n"
	"flush chain inet cordon postrouting\n"
	"flush chain inet cordon control\n"
	"flush chain inet cordon errors\n"
	"flush chain inet cordon groups_only\n"
	"flush chain inet cordon dhcp_requests\n"
	"flush chain inet cordon dhcp_answers\n"
	"flush chain inet cordon from_unmanaged\n"
	"flush chain inet cordon to_unmanaged\n"
	"flush chain inet cordon between_unmanaged\n";

static const char bridge_frame[] =
	"table bridge cordon {\n"
	"\tset managed0 { type ifname; }\n"
	"\tset managed1 { type ifname; }\n"
	"\tset unmanaged { type ifname; }\n"
	"\tmap pairs { type mark : verdict; }\n"
	"\tchain forward { type filter hook forward priority filter; policy drop; }\n"
	"\tchain control { }\n"
	"\tchain errors { }\n"
	"\tchain groups_only { }\n"
	"\tchain dhcp_requests { }\n"
	"\tchain dhcp_answers { }\n"
	"\tchain from_unmanaged { }\n"
	"\tchain to_unmanaged { }\n"
	"\tchain between_unmanaged { }\n"
	"}\n"
	"flush chain bridge cordon forward\n"
	"flush chain bridge cordon control\n"
	"flush chain bridge cordon errors\n"
	"flush chain bridge cordon groups_only\n"
	"flush chain bridge cordon dhcp_requests\n"
	"flush chain bridge cordon dhcp_answers\n"
	"flush chain bridge cordon from_unmanaged\n"
	"flush chain bridge cordon to_unmanaged\n"
	"flush chain bridge cordon between_unmanaged\n";

/*
 * Protocols are written as numbers: their names need /etc/protocols. In the bridge family every ICMP rule says "meta protocol" first: without it
 * nft 1.0.6 compares the type field of the Ethernet header, where a frame of a VLAN-aware bridge may have its tag.
 */
#define STACKABLE \
	"{ \"bridge\", \"vlan\", \"bond\", \"team\", \"macvlan\", \"macvtap\", \"ipvlan\", \"ipvtap\", \"macsec\", \"vrf\", \"hsr\", \"batadv\", \"openvswitch\" }"
/*
 * The mark has a say only about a port that is managed in one of two generations: elsewhere its bits are another's. A stacked device is managed
 * unless the daemon vouches for it.
 */
#define JUDGED	"meta mark & 0x80000000 != 0x0 "
#define UNLESS_MANAGED(SIDE) \
	"\t\t" SIDE "ifname @managed0 " SIDE "ifname @managed1 return\n" \
	"\t\t" JUDGED SIDE "ifname @managed0 return\n" \
	"\t\t" JUDGED SIDE "ifname @managed1 return\n" \
	"\t\t" SIDE "ifname @unmanaged accept\n" \
	"\t\tmeta " SIDE "ifkind " STACKABLE " return\n"
#define COMMON_CHAINS(IP4, IP6, GUARD) \
	"\tchain control {\n" \
	"\t\t" IP4 "ip protocol 2 accept\n" \
	"\t\t" IP6 "icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept\n" \
	"\t\t" IP6 "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept\n" \
	"\t}\n" \
	"\tchain errors {\n" \
	"\t\t" IP4 "icmp type { destination-unreachable, time-exceeded, parameter-problem } accept\n" \
	"\t\t" IP6 "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept\n" \
	"\t}\n" \
	"\tchain groups_only {\n" \
	GUARD \
	"\t\tip daddr != { 224.0.0.0/4, 255.255.255.255 } counter drop\n" \
	"\t\tip6 daddr != ff00::/8 counter drop\n" \
	"\t}\n" \
	"\tchain dhcp_requests {\n" \
	"\t\t" IP4 "udp sport 68 udp dport 67 accept\n" \
	"\t\t" IP6 "udp sport 546 udp dport 547 accept\n" \
	"\t}\n" \
	"\tchain dhcp_answers {\n" \
	"\t\t" IP4 "udp sport 67 udp dport 68 accept\n" \
	"\t\t" IP6 "udp sport 547 udp dport 546 accept\n" \
	"\t}\n" \
	"\tchain from_unmanaged {\n" \
	UNLESS_MANAGED("i") \
	"\t\taccept\n" \
	"\t}\n" \
	"\tchain to_unmanaged {\n" \
	UNLESS_MANAGED("o") \
	"\t\taccept\n" \
	"\t}\n" \
	"\tchain between_unmanaged {\n" \
	UNLESS_MANAGED("i") \
	"\t\tgoto to_unmanaged\n" \
	"\t}\n"
#define CONTROL	"\t\tmeta l4proto { 2, 58 } jump control\n"
/* Bridged frames that br_netfilter sends through the IP hooks; whoever has a packet routed finds its hop limit counted down. */
#define BRIDGED_ND \
	"\t\tmeta nfproto ipv6 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept\n"
#define PAIRS	"\t\tmeta mark & 0xffffc000 vmap @pairs\n"

static const char inet_rules[] =
	"table inet cordon {\n"
	COMMON_CHAINS("meta nfproto ipv4 ", "meta nfproto ipv6 ", "")
	"\tchain forward {\n"
	BRIDGED_ND
	"\t\tjump between_unmanaged\n"
	PAIRS
	"\t\tcounter drop\n"
	"\t}\n"
	"\tchain input {\n"
	CONTROL
	"\t\tjump from_unmanaged\n"
	"\t\tmeta mark & 0xc0000000 vmap @enter\n"
	PAIRS
	"\t\tcounter drop\n"
	"\t}\n"
	"\tchain output {\n"
	CONTROL
	"\t\tjump to_unmanaged\n"
	"\t\tmeta mark & 0xc0000000 vmap @leave\n"
	"\t\t" JUDGED "ct state related tcp flags rst accept\n"
	PAIRS
	"\t\t" JUDGED "ct state related jump errors\n"
	"\t\tcounter drop\n"
	"\t}\n"
	"\tchain postrouting {\n"
	"\t\tmeta mark & 0xc0000000 vmap @translate\n"
	"\t}\n"
	"}\n";

static const char bridge_rules[] =
	"table bridge cordon {\n"
	COMMON_CHAINS("meta protocol ip ", "meta protocol ip6 ",
		      "\t\tmeta pkttype != { broadcast, multicast } counter drop\n")
	"\tchain forward {\n"
	"\t\tmeta protocol arp accept\n"
	CONTROL
	"\t\tjump between_unmanaged\n"
	PAIRS
	"\t\tcounter drop\n"
	"\t}\n"
	"}\n";

void nft_put_base(struct nft_text *t)
{
	nft_put(t, "%s%s%s%s", inet_frame, bridge_frame, inet_rules, bridge_rules);
}
