/* SPDX-License-Identifier: GPL-2.0-only */
/* Telling listeners what happens: rate limited where packets cause it, every loss counted. */
#ifndef CORDON_SEGMENT_EVENT_H
#define CORDON_SEGMENT_EVENT_H

#include <linux/if.h>
#include <linux/netdevice.h>

#include "../core/decide.h"

struct cordon_event_queue;
struct cordon_net;
struct cordon_snapshot;

/**
 * struct cordon_event - a packet event as it waits to be sent
 * @time_ns: boottime
 * @mac: source MAC; 0: the packet had none
 * @dest_mac: destination MAC, likewise
 * @saddr: source address; unspecified and IPv6: none
 * @daddr: destination address
 * @ifindex: the netdev; 0: none
 * @vlan: VLAN; 0: none
 * @ethertype: host order
 * @sport: port or ICMP type
 * @dport: port or ICMP code
 * @type: enum cordon_event_type
 * @reason: enum cordon_reason
 * @hook: enum cordon_hook
 * @proto: IP protocol
 * @src_zone: 0: not determined
 * @dst_zone: 0: not determined
 * @ifname: name of the netdev
 */
struct cordon_event {
	u64 time_ns;
	u64 mac;
	u64 dest_mac;
	struct cordon_addr saddr;
	struct cordon_addr daddr;
	u32 ifindex;
	u16 vlan;
	u16 ethertype;
	u16 sport;
	u16 dport;
	u8 type;
	u8 reason;
	u8 hook;
	u8 proto;
	u8 src_zone;
	u8 dst_zone;
	char ifname[IFNAMSIZ];
};

struct cordon_event_queue *cordon_events_create(struct cordon_net *cn);
void cordon_events_destroy(struct cordon_event_queue *q);

void cordon_event_packet(struct cordon_net *cn, u8 type, u8 hook,
			 const struct cordon_packet *packet, const struct cordon_verdict *v,
			 const struct net_device *dev);

void cordon_event_ruleset(struct cordon_net *cn, u8 type, const struct cordon_snapshot *snap);
void cordon_event_quarantine(struct cordon_net *cn, u8 type, u16 vlan, u64 mac);
void cordon_event_port(struct cordon_net *cn, const struct cordon_snapshot *snap,
		       const struct net_device *dev, bool gone);
bool cordon_event_hooks(struct cordon_net *cn, u32 missing);
bool cordon_events_heard(struct cordon_net *cn);
u64 cordon_events_lost(struct cordon_net *cn);

#endif /* CORDON_SEGMENT_EVENT_H */
