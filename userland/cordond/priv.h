/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The privileged part of cordond: holds CAP_NET_ADMIN and the netlink sockets, and does what one table allows, in the state that it allows it.
 * It parses nothing from outside: requests are fixed structures (below), ruleset bytes that the module checks, and nftables text that
 * nft_verify() must accept.
 */
#ifndef CORDON_CORDOND_PRIV_H
#define CORDON_CORDOND_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include <linux/cordon.h>

#include "userland/lib/kernel.h"

/* Frame types on the request channel (lib/ipc.h). */
enum priv_type {
	PRIV_QUERY = 0x100,	/* struct priv_query -> PRIV_ITEM... */
	PRIV_BEGIN,		/* struct priv_begin */
	PRIV_DATA,		/* u32 offset, then bytes */
	PRIV_STAGE,		/* - -> PRIV_ITEM struct api_info */
	PRIV_COMMIT,		/* - -> PRIV_ITEM struct api_info */
	PRIV_ABORT,
	PRIV_DEVICE_SET,	/* struct priv_device */
	PRIV_DISARM,
	PRIV_NFT_ADD,		/* u64 generation, then text */
	PRIV_NFT_RETIRE,	/* u64 generation */
	PRIV_NFT_RUN,		/* text */
	PRIV_NFT_STATE,		/* - -> PRIV_ITEM struct nft_state */
	PRIV_NFT_REMOVE,
	PRIV_CT_DUMP,		/* - -> PRIV_ITEM struct ct_flow... */
	PRIV_CT_DELETE,		/* struct ct_flow */
	PRIV_FORWARDING_OFF,
	PRIV_PORT_DOWN,		/* char[CORDON_PORT_NAME_LEN] */
	PRIV_REQUEST_END,

	PRIV_ITEM = 0x200,
	PRIV_DONE,		/* struct priv_done; the last frame of every answer */
};

/* Frame types on the event channel, from the privileged part only. */
enum priv_event {
	PRIV_EVENT_MODULE = 0x300,	/* attributes of one event of the module */
	PRIV_EVENT_LOST,		/* u64: so many since the last one */
	PRIV_EVENT_NFT,			/* nftables changed */
};

struct priv_query {
	uint8_t cmd;
};

struct priv_begin {
	uint64_t generation;
	uint32_t length;
	uint32_t reserved;
};

struct priv_device {
	uint8_t mac[6];
	uint16_t vlan;
	uint8_t quarantined;
	uint8_t reserved;
};

struct priv_done {
	int32_t err;		/* 0 or a negative errno */
	int32_t exit;
	char text[sizeof(((struct failure *)0)->text)];
};

#define PRIV_MAX_TEXT (256U << 20)

/* Where an apply stands; what may be asked depends on it. */
enum priv_state {
	PRIV_IDLE,
	PRIV_BEGUN,
	PRIV_STAGED,
	PRIV_NFT_ADDED,
	PRIV_COMMITTED,
};

/** struct priv_rule - one row of the table */
struct priv_rule {
	uint16_t type;
	uint32_t least, most;		/* bytes of the body */
	unsigned int states;		/* mask of enum priv_state in which it acts */
	enum priv_state next;		/* after success; PRIV_KEEP: unchanged */
};

#define PRIV_KEEP ((enum priv_state)-1)

/** priv_rule_for - the row of a request type; NULL: no such request */
const struct priv_rule *priv_rule_for(uint16_t type);
/** priv_may - Return: 0; -EPROTO (unknown, or wrong length); -EBUSY (not in this state) */
int priv_may(enum priv_state state, uint16_t type, size_t len);

/**
 * priv_run - serve until the core is gone
 * @requests, @events: the channels
 * @child: process id of the core
 *
 * Return: exit code
 */
int priv_run(int requests, int events, int child);

#endif /* CORDON_CORDOND_PRIV_H */
