// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners of link-local addresses, learned at ingress: the first device of the VLAN to use one owns
 * it until the device has used eight others since, or a commit drops the device. An rhashtable
 * read under RCU by the hooks; insertion (softirq, the first frame with an address) and removal
 * under learn_lock. It holds two kinds of node: addresses, which the hooks look for, and owners,
 * each a ring of its own addresses.
 */
#include "ll.h"

#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "netns.h"
#include "ruleset.h"

struct ll_key {
	u64 hi;			/* of an address; an owner: its MAC */
	u64 lo;
	u64 vlan;		/* and LL_OWNER */
};

#define LL_OWNER BIT_ULL(63)

struct ll_node {
	struct rhash_head node;
	struct ll_key key;
};

struct ll_entry {
	struct ll_node n;
	u64 mac;
	struct rcu_head rcu;
};

struct ll_owner {
	struct ll_node n;
	struct list_head all;
	struct ll_entry *ring[CORDON_LL_PER_DEVICE];
	u8 next;		/* in @ring: free, or the one it has had longest */
	struct rcu_head rcu;
};

static siphash_aligned_key_t hash_key __read_mostly;

static u32 hash(const void *data, u32 len, u32 seed)
{
	return (u32)siphash(data, sizeof(struct ll_key), &hash_key) ^ seed;
}

static const struct rhashtable_params params = {
	.key_len = sizeof(struct ll_key),
	.key_offset = offsetof(struct ll_node, key),
	.head_offset = offsetof(struct ll_node, node),
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
 * @live: @live->shell is the snapshot
 * @vlan: VLAN id
 * @addr: link-local address
 *
 * Context: RCU reader.
 * Return: device index or CORDON_NO_DEVICE.
 */
u32 cordon_ll_owner(const struct cordon_live *live, u16 vlan, const struct cordon_addr *addr)
{
	const struct cordon_snapshot *snap = live->shell;
	const struct ll_node *n;
	struct ll_key key;

	make_key(&key, vlan, addr);
	n = rhashtable_lookup(&snap->cn->ll, &key, params);
	if (!n)
		return CORDON_NO_DEVICE;
	return cordon_device_find(snap->rs, vlan, container_of(n, struct ll_entry, n)->mac);
}

static void entry_remove(struct cordon_net *cn, struct ll_entry *e)
{
	lockdep_assert_held(&cn->learn_lock);
	rhashtable_remove_fast(&cn->ll, &e->n.node, params);
	cn->n_ll--;
	kfree_rcu(e, rcu);
}

static void owner_remove(struct cordon_net *cn, struct ll_owner *owner)
{
	int i;

	lockdep_assert_held(&cn->learn_lock);
	for (i = 0; i < CORDON_LL_PER_DEVICE; i++)
		if (owner->ring[i])
			entry_remove(cn, owner->ring[i]);
	list_del(&owner->all);
	rhashtable_remove_fast(&cn->ll, &owner->n.node, params);
	kfree_rcu(owner, rcu);
}

/* Return: the ring of a device, made where there is none; NULL: memory is short. */
static struct ll_owner *owner_of(struct cordon_net *cn, const struct cordon_device *d)
{
	struct ll_key key = { .hi = d->mac, .vlan = d->vlan | LL_OWNER };
	struct ll_owner *owner;
	struct ll_node *n;

	n = rhashtable_lookup(&cn->ll, &key, params);
	if (n)
		return container_of(n, struct ll_owner, n);
	owner = kzalloc(sizeof(*owner), GFP_ATOMIC | __GFP_NOWARN);
	if (!owner)
		return NULL;
	owner->n.key = key;
	if (rhashtable_insert_fast(&cn->ll, &owner->n.node, params)) {
		kfree(owner);
		return NULL;
	}
	list_add(&owner->all, &cn->ll_owners);
	return owner;
}

/* The entry of an address nobody had. Return: whether it is the device's now. */
static bool insert(struct cordon_net *cn, const struct ll_key *key, const struct cordon_device *d)
{
	struct ll_owner *owner = owner_of(cn, d);
	struct ll_entry *e, *oldest;

	if (!owner)
		return false;
	oldest = owner->ring[owner->next];
	if (!oldest && cn->n_ll >= CORDON_LL_MAX)
		return false;
	e = kmalloc(sizeof(*e), GFP_ATOMIC | __GFP_NOWARN);
	if (!e)
		return false;
	e->n.key = *key;
	e->mac = d->mac;
	if (rhashtable_insert_fast(&cn->ll, &e->n.node, params)) {
		kfree(e);
		return false;
	}
	cn->n_ll++;
	if (oldest)
		entry_remove(cn, oldest);
	owner->ring[owner->next] = e;
	owner->next = (owner->next + 1) % CORDON_LL_PER_DEVICE;
	return true;
}

/**
 * cordon_ll_learn - a device used a link-local address that nobody owned
 * @snap: the snapshot that judged the frame
 * @device: device index
 * @addr: the address
 *
 * Context: softirq or BH off, RCU reader. Takes learn_lock: once per address.
 * Return: whether the device owns it now. Else another was faster, the table is full, or memory is
 * short: the frame must go.
 */
bool cordon_ll_learn(const struct cordon_snapshot *snap, u32 device, const struct cordon_addr *addr)
{
	const struct cordon_device *d = &snap->rs->device[device];
	struct cordon_net *cn = snap->cn;
	struct ll_node *n;
	struct ll_key key;
	bool mine;

	make_key(&key, d->vlan, addr);
	spin_lock_bh(&cn->learn_lock);
	n = rhashtable_lookup(&cn->ll, &key, params);
	/* Also for a snapshot that is being replaced: cordon_ll_settle() comes later. */
	if (n)
		mine = container_of(n, struct ll_entry, n)->mac == d->mac;
	else
		mine = insert(cn, &key, d);
	spin_unlock_bh(&cn->learn_lock);
	return mine;
}

/**
 * cordon_ll_settle - forget the addresses of devices that are gone
 * @cn: the namespace
 * @snap: what is published now; NULL: forget all
 *
 * Context: process, after a grace period.
 */
void cordon_ll_settle(struct cordon_net *cn, const struct cordon_snapshot *snap)
{
	struct ll_owner *owner;
	unsigned int n = 0;
	LIST_HEAD(todo);

	spin_lock_bh(&cn->learn_lock);
	list_splice_init(&cn->ll_owners, &todo);
	while ((owner = list_first_entry_or_null(&todo, struct ll_owner, all))) {
		const struct ll_key *key = &owner->n.key;

		if (snap &&
		    cordon_device_find(snap->rs, (u16)key->vlan, key->hi) != CORDON_NO_DEVICE)
			list_move(&owner->all, &cn->ll_owners);
		else
			owner_remove(cn, owner);
		if (++n % 1024)
			continue;
		spin_unlock_bh(&cn->learn_lock);
		cond_resched();
		spin_lock_bh(&cn->learn_lock);
	}
	spin_unlock_bh(&cn->learn_lock);
}
