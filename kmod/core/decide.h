/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decide(): the one function that judges. Pure: the same arguments give the same verdict, in the
 * kernel, in `cordon explain`, in the tests. docs/policy-language.md section 6 is its
 * specification, step by step.
 */
#ifndef CORDON_CORE_DECIDE_H
#define CORDON_CORE_DECIDE_H

#include "frame.h"
#include "own.h"
#include "ruleset.h"

/* Where a packet came from or goes to. */
enum {
	CORDON_SIDE_UNMANAGED,
	/* a managed netdev itself: port is set; vlan too on `devices` ports */
	CORDON_SIDE_PORT,
	CORDON_SIDE_STACKED,	/* a bridge or VLAN device on `devices` ports: vlan is set */
};

struct cordon_side {
	u8 kind;
	u8 port;
	u16 vlan;
};

enum {
	CORDON_CT_NONE,		/* no conntrack, untracked or invalid */
	CORDON_CT_ORIGINAL,
	CORDON_CT_REPLY,
	CORDON_CT_RELATED,	/* about a flow: an ICMP error, or made by the box in its name */
};

/**
 * struct cordon_ct - the conntrack view
 * @state: CORDON_CT_*; all else is unset for CORDON_CT_NONE
 * @proto: protocol of the flow
 * @port: TCP, UDP: port of REPLY.src; ICMP, ICMPv6: type of the query (ORIGINAL); host order
 * @initiator: ORIGINAL.src
 * @target: REPLY.src, i.e. what the destination was translated to
 */
struct cordon_ct {
	u8 state;
	u8 proto;
	u16 port;
	struct cordon_addr initiator;
	struct cordon_addr target;
};

/**
 * struct cordon_dev_live - what changes about a device without a commit; read with plain loads,
 * each field is one word or less
 * @quarantined: 0 or 1
 * @port: current port + 1; 0: none yet
 * @seen_s: boottime seconds of the last accepted frame
 */
struct cordon_dev_live {
	u8 quarantined;
	u8 port;
	u32 seen_s;
};

/**
 * struct cordon_live - live state of the namespace
 * @dev: by device index of the ruleset; no entry is NULL
 * @own: own addresses and MACs; never NULL
 * @ports_down: mask of managed ports without carrier
 * @quarantine_ports: mask of ports that a quarantined device may be on: its list, or every port
 *   when it has none
 * @now_s: boottime seconds
 * @shell: what cordon_ll_owner() and cordon_own_here() of whoever links the core go by
 */
struct cordon_live {
	const struct cordon_dev_live *const *dev;
	const struct cordon_own *own;
	u64 ports_down;
	u64 quarantine_ports;
	u32 now_s;
	const void *shell;
};

/*
 * Supplied by whoever links the core. Return: device index that owns link-local @addr in @vlan, or
 * CORDON_NO_DEVICE.
 */
u32 cordon_ll_owner(const struct cordon_live *live, u16 vlan, const struct cordon_addr *addr);

/*
 * Supplied likewise. Return: whether own address @addr is one of the link that a frame came in
 * by: a netdev in VLAN @vlan has it, for a zone port (@vlan 0) the netdev of @port, or the
 * loopback netdev.
 */
bool cordon_own_here(const struct cordon_live *live, u8 port, u16 vlan,
		     const struct cordon_addr *addr);

/**
 * struct cordon_packet - one packet at one hook
 * @frame: its headers
 * @in: ingress: the port; conntrack hooks: input side
 * @out: egress: the port; conntrack hooks: output side
 * @ct: conntrack hooks only
 */
struct cordon_packet {
	const struct cordon_frame *frame;
	struct cordon_side in;
	struct cordon_side out;
	struct cordon_ct ct;
};

enum {
	CORDON_V_START = 1 << 0,	/* accepted as a start */
	CORDON_V_REPLY = 1 << 1,	/* accepted as a possible or proven reply */
	/* accepted without pair: neighbour, membership, not cordon's, ... */
	CORDON_V_FINAL = 1 << 2,
	/* ingress: in.port becomes the current port of src_device */
	CORDON_V_LEARN_PORT = 1 << 3,
	/* ingress: src_device comes to own saddr, and an NA's target, where they are link-local */
	CORDON_V_LEARN_LL = 1 << 4,
	/* ingress: the source has no device record, whatever the verdict */
	CORDON_V_UNKNOWN = 1 << 5,
};

/**
 * struct cordon_verdict - the answer; zones and devices as far as they were determined (0,
 * CORDON_NO_DEVICE)
 * @accept: 0 or 1
 * @reason: enum cordon_reason; NONE exactly when accepted
 * @flags: CORDON_V_*
 * @src_zone: zone of the sender
 * @dst_zone: zone of the destination
 * @was_port: with CORDON_V_LEARN_PORT: the sender's current port as it was judged, plus 1 (0: none)
 * @vlan: ingress, egress: the frame's VLAN
 * @src_device: index of the sender
 * @dst_device: index of the destination
 */
struct cordon_verdict {
	u8 accept;
	u8 reason;
	u8 flags;
	u8 src_zone;
	u8 dst_zone;
	u8 was_port;
	u16 vlan;
	u32 src_device;
	u32 dst_device;
};

/**
 * cordon_decide - judge one packet at one hook
 * @rs: the ruleset; NULL: none is committed
 * @hook: enum cordon_hook
 * @packet: the packet
 * @live: live state; @live->dev belongs to @rs
 * @v: filled wholly
 *
 * Context: any, the kernel calls it in softirq under RCU. Takes no lock, allocates nothing.
 */
void cordon_decide(const struct cordon_ruleset *rs, enum cordon_hook hook,
		   const struct cordon_packet *packet,
		   const struct cordon_live *live, struct cordon_verdict *v);

/* Return: the stable name of a reason ("address-spoof"), for messages. */
const char *cordon_reason_name(u8 reason);

#endif /* CORDON_CORE_DECIDE_H */
