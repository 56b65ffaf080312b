/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known about a device besides the policy: live state, counters, quarantine. A record
 * outlives the rulesets that name its (vlan, mac), and quarantine outlives even those.
 */
#ifndef CORDON_SEGMENT_RECORD_H
#define CORDON_SEGMENT_RECORD_H

#include <linux/atomic.h>
#include <linux/rbtree.h>
#include <linux/types.h>

#include "../core/decide.h"
#include "ruleset.h"

struct cordon_net;
struct netlink_ext_ack;

/* Devices that DEVICE_SET may quarantine without a ruleset that names them. */
#define CORDON_MAX_STRANGERS 4096

/**
 * struct cordon_record - one device, one cache line
 * @live: what decide() reads; the snapshot says which of the two is its own. They differ in
 *	@live.port only: port bits are numbered per ruleset, so a commit that numbers them anew
 *	turns to the other one
 * @addr: last source address; written as two words without a lock, for display only
 * @packets: accepted at ingress
 * @bytes: likewise
 * @drops: dropped at ingress
 * @first_seen: boottime seconds of the first accepted frame, 0: never
 * @refs: snapshots and quarantine entries, guarded by cordon_net::lock
 */
struct cordon_record {
	struct cordon_dev_live live[2];
	struct cordon_addr addr;
	atomic64_t packets;
	atomic64_t bytes;
	atomic64_t drops;
	u32 first_seen;
	u16 refs;
};

/**
 * struct cordon_quarantined - a quarantined device
 * @node: in cordon_net::quarantine, by @key
 * @key: vlan << 48 | mac
 * @stranger: no ruleset named it when it was quarantined
 * @record: holds a reference
 */
struct cordon_quarantined {
	struct rb_node node;
	u64 key;
	bool stranger;
	struct cordon_record *record;
};

static inline u64 cordon_record_key(u16 vlan, u64 mac)
{
	return (u64)vlan << 48 | mac;
}

static inline u16 cordon_key_vlan(u64 key)
{
	return (u16)(key >> 48);
}

static inline u64 cordon_key_mac(u64 key)
{
	return key & GENMASK_ULL(47, 0);
}

/* Return: the index of the device in a ruleset, or CORDON_NO_DEVICE. */
static inline u32 cordon_key_find(const struct cordon_ruleset *rs, u64 key)
{
	return cordon_device_find(rs, cordon_key_vlan(key), cordon_key_mac(key));
}

static inline struct cordon_record *cordon_record_of(const struct cordon_snapshot *snap, u32 i)
{
	return container_of(snap->live[i] - snap->slot, struct cordon_record, live[0]);
}

int cordon_records_stage(struct cordon_net *cn, struct cordon_snapshot *snap);
void cordon_records_publish(struct cordon_net *cn, struct cordon_snapshot *snap,
			    struct cordon_snapshot *old);
void cordon_records_release(struct cordon_net *cn, struct cordon_snapshot *snap,
			    struct cordon_snapshot *next);

int cordon_quarantine_set(struct cordon_net *cn, u16 vlan, u64 mac, bool on, bool *changed,
			  struct netlink_ext_ack *extack);
struct cordon_quarantined *cordon_quarantine_next(struct cordon_net *cn, u64 key);
struct cordon_quarantined *cordon_quarantine_find(struct cordon_net *cn, u64 key);
void cordon_quarantine_clear(struct cordon_net *cn);

int cordon_record_init(void);
void cordon_record_exit(void);

#endif /* CORDON_SEGMENT_RECORD_H */
