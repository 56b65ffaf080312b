/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From bytes to an enforced ruleset: the transaction (begin, data, stage, commit, abort) and the
 * snapshot that it publishes.
 */
#ifndef CORDON_SEGMENT_RULESET_H
#define CORDON_SEGMENT_RULESET_H

#include <crypto/sha2.h>
#include <linux/cordon.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>

#include "netns.h"
#include "../core/ruleset.h"

struct cordon_budget;
struct cordon_dev_live;
struct cordon_meter;
struct cordon_sides;
struct cordon_tap;
struct netlink_ext_ack;
struct sk_buff;

/**
 * struct cordon_snapshot - one generation, immutable once published but for @sides and @tap
 * @cn: its namespace
 * @generation: > 0
 * @digest: SHA-256 over the ruleset bytes
 * @slot: which of the two live states of a record is this generation's
 * @quarantine_ports: ports that a quarantined device may be on; written under cordon_net::lock
 * @rs: the decoded ruleset
 * @budget: by device index, then by port index for who is no device, then one for all the rest
 * @live: by device index: @slot of each record's live states
 * @meter: by meter index of @rs; NULL when it limits nothing
 * @sides: ifindex -> side; replaced under RTNL, read under RCU
 * @tap: by port index: the netdev bound to the port, NULL: absent; RTNL
 */
struct cordon_snapshot {
	struct cordon_net *cn;
	u64 generation;
	u8 digest[CORDON_DIGEST_BYTES];
	u8 slot;
	u64 quarantine_ports;
	struct cordon_ruleset *rs;
	struct cordon_budget *budget;
	struct cordon_dev_live **live;
	struct cordon_meter **meter;
	struct cordon_sides __rcu *sides;
	struct cordon_tap *tap[CORDON_MAX_PORTS];
};

/**
 * struct cordon_tx - the open transaction of a namespace
 * @id: random, not 0
 * @portid: the netlink socket that began it
 * @length: bytes announced
 * @received: bytes so far
 * @generation: number it will get
 * @blob: the bytes; NULL once staged
 * @sha: over what was received
 * @snap: what a commit publishes; NULL until staged
 */
struct cordon_tx {
	u64 id;
	u32 portid;
	u32 length;
	u32 received;
	u64 generation;
	u8 *blob;
	struct sha256_ctx sha;
	struct cordon_snapshot *snap;
};

/* For whoever holds one of the three locks that publication holds together. */
static inline struct cordon_snapshot *cordon_snapshot_locked(const struct cordon_net *cn)
{
	return rcu_dereference_protected(cn->snap, lockdep_is_held(&cn->tx_lock) ||
					 lockdep_is_held(&cn->lock) || lockdep_rtnl_is_held());
}

/* All of these need cordon_net::tx_lock. */
int cordon_tx_begin(struct cordon_net *cn, u32 portid, u32 length, u64 generation,
		    struct netlink_ext_ack *extack);
struct cordon_tx *cordon_tx_find(struct cordon_net *cn, u32 portid, u64 id,
				 struct netlink_ext_ack *extack);
int cordon_tx_data(struct cordon_tx *tx, u32 offset, const void *data, u32 len,
		   struct netlink_ext_ack *extack);
int cordon_tx_stage(struct cordon_net *cn, struct cordon_tx *tx, struct netlink_ext_ack *extack);
void cordon_tx_drop(struct cordon_net *cn);
struct cordon_snapshot *cordon_ruleset_publish(struct cordon_net *cn);
void cordon_ruleset_retire(struct cordon_net *cn, struct cordon_snapshot *old);
bool cordon_ruleset_withdraw(struct cordon_net *cn);

int cordon_ruleset_init(void);
void cordon_ruleset_exit(void);

#endif /* CORDON_SEGMENT_RULESET_H */
