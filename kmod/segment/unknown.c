// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of unknown sources: 512 sets of eight, the set picked by a keyed hash. Of the eight one
 * that had no frame accepted makes room before one that had, then the least recently seen; a source
 * whose frame is dropped takes no room of one that had: a flood of refused sources only replaces
 * its like. Each set has its own lock, taken with BH off; a frame of an unknown source takes one.
 */
#include "unknown.h"

#include <linux/mm.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "test.h"
#include "../core/ruleset.h"

#define WAYS 8
#define SETS (CORDON_UNKNOWN_MAX / WAYS)

/* How many new unknown sources are let in on a port. */
#define NEWCOMERS_PER_SECOND 16
#define NEWCOMERS_BURST 256

struct unknown_set {
	spinlock_t lock; /* of the ways */
	struct cordon_unknown way[WAYS];
};

/**
 * struct unknown_gate - what one port may let in
 * @tokens: new sources that may still be let in now
 * @refill_s: boottime seconds when @tokens was last raised
 */
struct unknown_gate {
	u32 tokens;
	u32 refill_s;
};

/**
 * struct cordon_unknown_table - the table of a namespace
 * @key: secret of the hash
 * @lock: guards @gate
 * @gate: by port index
 * @set: the sets
 */
struct cordon_unknown_table {
	siphash_key_t key;
	spinlock_t lock; /* of the gates */
	struct unknown_gate gate[CORDON_MAX_PORTS];
	struct unknown_set set[SETS];
};

/**
 * cordon_unknown_create - allocate a table
 *
 * Return: the table, or NULL.
 */
struct cordon_unknown_table *cordon_unknown_create(void)
{
	struct cordon_unknown_table *t = kvzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);
	int i;

	if (!t)
		return NULL;
	get_random_bytes(&t->key, sizeof(t->key));
	cordon_test_key(&t->key, sizeof(t->key));
	spin_lock_init(&t->lock);
	for (i = 0; i < CORDON_MAX_PORTS; i++)
		t->gate[i].tokens = NEWCOMERS_BURST;
	for (i = 0; i < SETS; i++)
		spin_lock_init(&t->set[i].lock);
	return t;
}

/** cordon_unknown_destroy - free @t, which may be NULL */
void cordon_unknown_destroy(struct cordon_unknown_table *t)
{
	kvfree(t);
}

/* A free entry makes room first, then one that had no frame accepted, the oldest of its kind. */
static bool gives_way_before(const struct cordon_unknown *a, const struct cordon_unknown *b)
{
	if (!a->mac || !b->mac)
		return b->mac;
	if (!a->packets != !b->packets)
		return b->packets;
	return a->last_s < b->last_s;
}

/* The entry of (mac, vlan), or the one that makes room; NULL: none does. */
static struct cordon_unknown *pick(struct unknown_set *set, const struct cordon_unknown *seen)
{
	struct cordon_unknown *victim = &set->way[0];
	int i;

	for (i = 0; i < WAYS; i++) {
		struct cordon_unknown *u = &set->way[i];

		if (u->mac == seen->mac && u->vlan == seen->vlan)
			return u;
		if (gives_way_before(u, victim))
			victim = u;
	}
	return victim->mac && victim->packets && !seen->packets ? NULL : victim;
}

/*
 * Every accepted frame of a new source makes the bridge learn an address, and a bridge of 6.1 knows
 * no limit. Return: whether one more may be let in.
 */
static bool admit(struct cordon_unknown_table *t, u8 port, u32 now_s)
{
	struct unknown_gate *gate = &t->gate[port];
	bool one;
	int passed;

	spin_lock_bh(&t->lock);
	/* Another CPU may have read the clock a second later. */
	passed = now_s - gate->refill_s;
	if (passed > 0) {
		gate->refill_s = now_s;
		passed = min(passed, NEWCOMERS_BURST);
		gate->tokens = min_t(u32, gate->tokens + passed * NEWCOMERS_PER_SECOND,
				     NEWCOMERS_BURST);
	}
	one = gate->tokens;
	if (one)
		gate->tokens--;
	spin_unlock_bh(&t->lock);
	return one;
}

/**
 * cordon_unknown_seen - count a frame of an unknown source
 * @t: the table
 * @port: index of the port it came in by
 * @seen: what the frame shows; @first_s is ignored, @packets and @drops are added
 *
 * Context: softirq or BH off.
 * Return: 1 when the source is new to the table or accepted for the first time, 0 when neither or
 * it finds no room, -EBUSY when it would have been accepted for the first time, but too many were:
 * then the frame must go and the table is as before.
 */
int cordon_unknown_seen(struct cordon_unknown_table *t, u8 port, const struct cordon_unknown *seen)
{
	struct unknown_set *set = &t->set[siphash_2u64(seen->mac, seen->vlan, &t->key) % SETS];
	struct cordon_unknown *u;
	bool new, first;

	spin_lock_bh(&set->lock);
	u = pick(set, seen);
	if (!u) {
		spin_unlock_bh(&set->lock);
		return 0;
	}
	new = u->mac != seen->mac || u->vlan != seen->vlan;
	first = seen->packets && (new || !u->packets);
	if (first && !admit(t, port, seen->last_s)) {
		spin_unlock_bh(&set->lock);
		return -EBUSY;
	}
	if (new) {
		*u = *seen;
		u->first_s = seen->last_s;
	} else {
		u->ifindex = seen->ifindex;
		u->last_s = seen->last_s;
		u->packets += seen->packets;
		u->drops += seen->drops;
		if (!cordon_addr_unspecified(&seen->addr))
			u->addr = seen->addr;
	}
	spin_unlock_bh(&set->lock);
	return new || first;
}

/**
 * cordon_unknown_get - read one entry
 * @t: the table
 * @i: 0 to CORDON_UNKNOWN_MAX - 1
 * @copy: filled
 *
 * Return: whether the entry is in use.
 */
bool cordon_unknown_get(struct cordon_unknown_table *t, u32 i, struct cordon_unknown *copy)
{
	struct unknown_set *set = &t->set[i / WAYS];

	spin_lock_bh(&set->lock);
	*copy = set->way[i % WAYS];
	spin_unlock_bh(&set->lock);
	return copy->mac;
}

/**
 * cordon_unknown_settle - forget the sources that have a record now
 * @t: the table
 * @rs: the ruleset
 */
void cordon_unknown_settle(struct cordon_unknown_table *t, const struct cordon_ruleset *rs)
{
	int i, w;

	for (i = 0; i < SETS; i++) {
		struct unknown_set *set = &t->set[i];

		spin_lock_bh(&set->lock);
		for (w = 0; w < WAYS; w++)
			if (set->way[w].mac &&
			    cordon_device_find(rs, set->way[w].vlan, set->way[w].mac) !=
				    CORDON_NO_DEVICE)
				set->way[w].mac = 0;
		spin_unlock_bh(&set->lock);
	}
}
