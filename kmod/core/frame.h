/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame view: what decide() needs of a packet, read once with every length checked. It states
 * facts (docs/policy-language.md section 6.2 steps 2-4 and 7); what they mean is decided
 * elsewhere.
 */
#ifndef CORDON_CORE_FRAME_H
#define CORDON_CORE_FRAME_H

#include <linux/cordon.h>

#include "addr.h"

#define CORDON_ETH_MIN 0x0600	/* below are the lengths of IEEE 802.3 */
#define CORDON_ETH_IPV4 0x0800
#define CORDON_ETH_ARP 0x0806
#define CORDON_ETH_8021Q 0x8100
#define CORDON_ETH_IPV6 0x86dd
#define CORDON_ETH_EAPOL 0x888e
#define CORDON_ETH_8021AD 0x88a8

enum {
	CORDON_PROTO_ICMP = 1,
	CORDON_PROTO_IGMP = 2,
	CORDON_PROTO_TCP = 6,
	CORDON_PROTO_UDP = 17,
	CORDON_PROTO_ICMPV6 = 58,
};

/* What the parser saw. A flag that names a guard says that its step of section 6.2 would drop. */
enum {
	CORDON_F_TAGGED = 1 << 0,	/* an outer tag was there: tpid and vid are set */
	CORDON_F_MALFORMED = 1 << 1,	/* step 4 */
	CORDON_F_EXT = 1 << 2,		/* step 7a */
	CORDON_F_OPTIONS = 1 << 3,	/* step 7b */
	CORDON_F_FRAG_BAD = 1 << 4,	/* step 7c */
	CORDON_F_FRAG_FIRST = 1 << 5,
	CORDON_F_FRAG_LATER = 1 << 6,	/* no transport header: sport, dport, type are 0 */
	/* ARP: sha differs from the source MAC; ND: bad options or another link-layer address */
	CORDON_F_LLADDR_BAD = 1 << 7,
	CORDON_F_SLLA = 1 << 8,		/* ND: a source link-layer option is there */
	CORDON_F_ND = 1 << 9,		/* a whole NS or NA, or ARP: target is set */
	/* step 2: not even an Ethernet header; nothing else is set */
	CORDON_F_SHORT = 1 << 10,
};

/* IPv4 options that are neither padding nor IGMP's: what a zone may be allowed, and the rest */
enum {
	CORDON_OPT_RECORD_ROUTE = CORDON_ZONE_F_RECORD_ROUTE,
	CORDON_OPT_TIMESTAMP = CORDON_ZONE_F_TIMESTAMP,
	CORDON_OPT_ROUTER_ALERT = CORDON_ZONE_F_ROUTER_ALERT,
	CORDON_OPT_OTHER = 128,	/* any other, IGMP's, and one whose length is wrong */
};

/**
 * struct cordon_frame - one packet's headers
 * @smac: source MAC, 48 bits, first byte most significant; 0 where there is no Ethernet header
 * @dmac: destination MAC
 * @tpid: TPID of the outer tag
 * @vid: VLAN id of the outer tag
 * @ethertype: behind the tag, host order; for L3 packets IPv4 or IPv6
 * @flags: CORDON_F_*
 * @proto: IP protocol behind extension headers; ARP: 0
 * @hop_limit: IPv6 hop limit or IPv4 TTL
 * @type: ICMP, ICMPv6, IGMP type; ARP: low byte of the operation (0: other than 1, 2)
 * @code: ICMP, ICMPv6 code
 * @options: CORDON_OPT_*, with CORDON_F_OPTIONS
 * @groups: of a report of IGMPv3 or MLDv2: how many groups it says it is about; else 0
 * @sport: TCP, UDP source port, host order
 * @dport: TCP, UDP destination port
 * @l3_off: where the network header starts
 * @saddr: source; ARP: sender protocol address
 * @daddr: destination; ARP: 0
 * @target: ARP target protocol address; NS, NA target
 */
struct cordon_frame {
	u64 smac;
	u64 dmac;
	u16 tpid;
	u16 vid;
	u16 ethertype;
	u16 flags;
	u8 proto;
	u8 hop_limit;
	u8 type;
	u8 code;
	u16 sport;
	u16 dport;
	u32 l3_off;
	u16 groups;
	u8 options;
	struct cordon_addr saddr;
	struct cordon_addr daddr;
	struct cordon_addr target;
};

/**
 * cordon_frame_parse - read an Ethernet frame
 * @frame: filled wholly
 * @buf: the frame from its destination MAC on
 * @tpid: TPID of a tag that the hardware or the stack took out already, host order; 0: none (an
 *   in-band tag is then the outer one)
 * @tci: its TCI, host order
 *
 * Context: any. Never fails: what is wrong stands in @frame->flags.
 */
void cordon_frame_parse(struct cordon_frame *frame, const struct cordon_buf *buf, u16 tpid,
			u16 tci);

/**
 * cordon_frame_parse_l3 - read a packet without Ethernet header
 * @frame: filled wholly; MACs and tag are 0
 * @buf: the packet from its network header on
 * @ethertype: CORDON_ETH_IPV4 or CORDON_ETH_IPV6
 */
void cordon_frame_parse_l3(struct cordon_frame *frame, const struct cordon_buf *buf, u16 ethertype);

static inline bool cordon_mac_group(u64 mac)
{
	return mac >> 40 & 1;
}

#endif /* CORDON_CORE_FRAME_H */
