/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of policy_explain(): the world it judges in, the two ends, and the frames between them.
 */
#ifndef CORDON_POLICY_EXPLAIN_H
#define CORDON_POLICY_EXPLAIN_H

#include "kmod/core/decide.h"
#include "policy/policy.h"

#define EXPLAIN_FRAME_MAX 128

/**
 * struct explain_world - a policy as the kernel would hold it, on a box with addresses that no
 * device has
 */
struct explain_world {
	const struct policy *policy;
	struct cordon_ruleset *rs;
	struct policy_zone_ids ids;
	struct cordon_own *own;
	struct cordon_dev_live *devices;
	const struct cordon_dev_live **device_refs;
	struct cordon_live live;
	u32 (*owner)(const struct cordon_live *live, u16 vlan, const struct cordon_addr *addr);
	uint8_t own_mac[6];
	uint8_t own_addr[2][16]; /* by family: IPv4, IPv6 */
};

int explain_world_make(const struct policy *policy, struct explain_world *world);
void explain_world_free(struct explain_world *world);
/** explain_zone_of_id - zone index of a wire id; -1: none */
int explain_zone_of_id(const struct explain_world *world, uint8_t id);

enum explain_kind {
	EXPLAIN_GATEWAY,  /* the box */
	EXPLAIN_DEVICE,	  /* a device on a `devices` port */
	EXPLAIN_HOST,	  /* a host behind a zone port or uplink */
	EXPLAIN_STRANGER, /* something without a record on a `devices` port */
};

/** struct explain_end - one end of the conversation */
struct explain_end {
	enum explain_kind kind;
	int zone;      /* index into zones */
	int port;      /* index into ports; -1: gateway */
	uint16_t vlan; /* `devices` ports */
	uint8_t mac[6];
	bool has[2]; /* an address of the family */
	uint8_t addr[2][16];
};

/**
 * explain_end_find - what @text means
 * @other: the other end, which a zone's representative must not be; or NULL
 *
 * Return: 0; -EINVAL with a sentence in @error.
 */
int explain_end_find(const struct explain_world *world, const char *text,
		     const struct explain_end *other, struct explain_end *end, char *error,
		     size_t error_len);

/** struct explain_talk - one packet's worth of conversation */
struct explain_talk {
	const struct explain_end *from, *to; /* who starts, to whom */
	int family;			     /* 0 IPv4, 1 IPv6 */
	struct policy_entry entry;	     /* one port, type or protocol: low */
};

/**
 * explain_walk - judge start and reply at every place they meet, up to the first drop; fills
 * steps, allowed and reason
 */
void explain_walk(const struct explain_world *world, const struct explain_talk *talk,
		  struct policy_explain *out);

/** struct explain_packet - addresses and ports of a packet before it is bytes */
struct explain_packet {
	uint8_t smac[6], dmac[6];
	uint16_t vid; /* 0: no tag */
	uint16_t ethertype; /* 0: IP */
	bool ipv6;
	uint8_t saddr[16], daddr[16]; /* IPv4 as v4-mapped */
	uint8_t proto;
	uint8_t type; /* ICMP */
	uint16_t sport, dport;
};

/** explain_frame - the bytes of @packet. Return: their number, at most EXPLAIN_FRAME_MAX. */
size_t explain_frame(const struct explain_packet *packet, uint8_t *bytes);

#endif /* CORDON_POLICY_EXPLAIN_H */
