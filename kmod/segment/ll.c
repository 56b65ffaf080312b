// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners of link-local addresses, learned at ingress: the first device of the VLAN to use one owns
 * it until a commit drops the device. An rhashtable read under RCU by the hooks; insertion
 * (softirq, the first frame with an address) and removal (commit, disarm) under ll_lock. Entries
 * belong to devices of the published ruleset, at most eight to each.
 */
#include "ll.h"

#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "netns.h"
#include "record.h"
#include "ruleset.h"

struct ll_key {
	u64 hi;
	u64 lo;
	u64 vlan;
};

struct ll_entry {
	struct rhash_head node;
	struct list_head all;
	struct ll_key key;
	u64 mac;
	struct cordon_record *record; /* alive while the ruleset names the device; under ll_lock */
	struct rcu_head rcu;
};

static siphash_aligned_key_t hash_key __read_mostly;

static u32 hash(const void *data, u32 len, u32 seed)
{
	return (u32)siphash(data, sizeof(struct ll_key), &hash_key) ^ seed;
}

static const struct rhashtable_params params = {
	.key_len = sizeof(struct ll_key),
	.key_offset = offsetof(struct ll_entry, key),
	.head_offset = offsetof(struct ll_entry, node),
	.hashfn = hash,
	.automatic_shrinking = true,
};

static void make_key(struct ll_key *key, u16 vlan, const struct cordon_addr *addr)
{
	key->hi = addr->hi;
	key->lo = addr->lo;
	key->vlan = vlan;
}

/**
 * cordon_ll_create - make the table of a namespace
 * @cn: the namespace
 *
 * Return: 0 or -ENOMEM.
 */
int cordon_ll_create(struct cordon_net *cn)
{
	get_random_once(&hash_key, sizeof(hash_key));
	return rhashtable_init(&cn->ll, &params);
}

/** cordon_ll_destroy - free the table of @cn, which no hook reads any more */
void cordon_ll_destroy(struct cordon_net *cn)
{
	cordon_ll_settle(cn, NULL);
	rhashtable_destroy(&cn->ll);
}

/**
 * cordon_ll_owner - supplied to the core, see decide.h
 * @live: @live->ll is the snapshot
 * @vlan: VLAN id
 * @addr: link-local address
 *
 * Context: RCU reader.
 * Return: device index or CORDON_NO_DEVICE.
 */
u32 cordon_ll_owner(const struct cordon_live *live, u16 vlan, const struct cordon_addr *addr)
{
	const struct cordon_snapshot *snap = live->ll;
	const struct ll_entry *e;
	struct ll_key key;

	make_key(&key, vlan, addr);
	e = rhashtable_lookup(&snap->cn->ll, &key, params);
	return e ? cordon_device_find(snap->rs, vlan, e->mac) : CORDON_NO_DEVICE;
}

static void entry_remove(struct cordon_net *cn, struct ll_entry *e)
{
	lockdep_assert_held(&cn->ll_lock);
	list_del(&e->all);
	rhashtable_remove_fast(&cn->ll, &e->node, params);
	e->record->n_ll--;
	kfree_rcu(e, rcu);
}

/* The entry of an address nobody had. Return: whether it is @record's now. */
static bool insert(struct cordon_net *cn, const struct ll_key *key, u64 mac,
		   struct cordon_record *record)
{
	struct ll_entry *e;

	if (record->n_ll >= CORDON_LL_PER_DEVICE || atomic_read(&cn->ll.nelems) >= CORDON_LL_MAX)
		return false;
	e = kmalloc(sizeof(*e), GFP_ATOMIC | __GFP_NOWARN);
	if (!e)
		return false;
	e->key = *key;
	e->mac = mac;
	e->record = record;
	if (rhashtable_insert_fast(&cn->ll, &e->node, params)) {
		kfree(e);
		return false;
	}
	list_add(&e->all, &cn->ll_all);
	record->n_ll++;
	return true;
}

/**
 * cordon_ll_learn - a device used a link-local address that nobody owned
 * @snap: the snapshot that judged the frame
 * @device: device index
 * @addr: the address
 *
 * Context: softirq or BH off, RCU reader. Takes ll_lock: once per address.
 * Return: whether the device owns it now. Else another was faster, the device has too many, or
 * memory is short: the frame must go.
 */
bool cordon_ll_learn(const struct cordon_snapshot *snap, u32 device, const struct cordon_addr *addr)
{
	const struct cordon_device *d = &snap->rs->device[device];
	struct cordon_net *cn = snap->cn;
	struct ll_entry *e;
	struct ll_key key;
	bool mine = false;

	make_key(&key, d->vlan, addr);
	spin_lock_bh(&cn->ll_lock);
	e = rhashtable_lookup(&cn->ll, &key, params);
	/* Also for a snapshot that is being replaced: cordon_ll_settle() comes later. */
	if (e)
		mine = e->mac == d->mac;
	else
		mine = insert(cn, &key, d->mac, cordon_record_of(snap, device));
	spin_unlock_bh(&cn->ll_lock);
	return mine;
}

/**
 * cordon_ll_settle - forget the addresses of devices that are gone
 * @cn: the namespace
 * @snap: what is published now; NULL: forget all
 *
 * Context: process, after a grace period, before the records of the old snapshot are released.
 */
void cordon_ll_settle(struct cordon_net *cn, const struct cordon_snapshot *snap)
{
	struct ll_entry *e;
	unsigned int n = 0;
	LIST_HEAD(todo);

	spin_lock_bh(&cn->ll_lock);
	list_splice_init(&cn->ll_all, &todo);
	while ((e = list_first_entry_or_null(&todo, struct ll_entry, all))) {
		if (snap &&
		    cordon_device_find(snap->rs, (u16)e->key.vlan, e->mac) != CORDON_NO_DEVICE)
			list_move(&e->all, &cn->ll_all);
		else
			entry_remove(cn, e);
		if (++n % 1024)
			continue;
		spin_unlock_bh(&cn->ll_lock);
		cond_resched();
		spin_lock_bh(&cn->ll_lock);
	}
	spin_unlock_bh(&cn->ll_lock);
}
