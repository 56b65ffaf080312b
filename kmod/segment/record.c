// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device records and quarantine. Records are created and released in process context only, under
 * cordon_net::lock; the hooks reach them through the record array of a snapshot under RCU and write
 * to live state and counters without a lock. A record is freed when the last snapshot that holds it
 * has been unpublished for a grace period.
 */
#include "record.h"

#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "netns.h"
#include "ruleset.h"
#include "side.h"

/* How many records are handled before the lock is offered to others. */
#define BATCH 4096

static struct kmem_cache *cache __read_mostly;

static struct cordon_record *record_alloc(void)
{
	struct cordon_record *rec = kmem_cache_zalloc(cache, GFP_KERNEL_ACCOUNT);

	if (rec)
		rec->refs = 1;
	return rec;
}

static struct cordon_record *record_get(struct cordon_net *cn, struct cordon_record *rec)
{
	lockdep_assert_held(&cn->lock);
	rec->refs++;
	return rec;
}

static void record_put(struct cordon_net *cn, struct cordon_record *rec)
{
	lockdep_assert_held(&cn->lock);
	if (!--rec->refs)
		kmem_cache_free(cache, rec);
}

/* Lets whoever waits for @cn->lock go first: a quarantine must not wait for a million records. */
static void breathe(struct cordon_net *cn, u32 i)
{
	if (i % BATCH != BATCH - 1)
		return;
	mutex_unlock(&cn->lock);
	cond_resched();
	mutex_lock(&cn->lock);
}

/**
 * cordon_quarantine_find - the quarantine entry of a device
 * @cn: the namespace; its lock is held
 * @key: cordon_record_key()
 *
 * Return: the entry or NULL.
 */
struct cordon_quarantined *cordon_quarantine_find(struct cordon_net *cn, u64 key)
{
	struct cordon_quarantined *q = cordon_quarantine_next(cn, key);

	return q && q->key == key ? q : NULL;
}

/**
 * cordon_quarantine_next - walk the quarantined devices
 * @cn: the namespace; its lock is held
 * @key: where to begin
 *
 * Return: the entry with the smallest key that is not below @key, or NULL.
 */
struct cordon_quarantined *cordon_quarantine_next(struct cordon_net *cn, u64 key)
{
	struct rb_node *node = cn->quarantine.rb_node;
	struct cordon_quarantined *best = NULL;

	lockdep_assert_held(&cn->lock);
	while (node) {
		struct cordon_quarantined *q = rb_entry(node, struct cordon_quarantined, node);

		if (q->key < key) {
			node = node->rb_right;
		} else {
			best = q;
			node = node->rb_left;
		}
	}
	return best;
}

static void quarantine_insert(struct cordon_net *cn, struct cordon_quarantined *q)
{
	struct rb_node **link = &cn->quarantine.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = q->key < rb_entry(parent, struct cordon_quarantined, node)->key ?
			&parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&q->node, parent, link);
	rb_insert_color(&q->node, &cn->quarantine);
}

static void quarantine_write(struct cordon_record *rec, u8 on)
{
	WRITE_ONCE(rec->live[0].quarantined, on);
	WRITE_ONCE(rec->live[1].quarantined, on);
}

static void quarantine_erase(struct cordon_net *cn, struct cordon_quarantined *q)
{
	rb_erase(&q->node, &cn->quarantine);
	if (q->stranger)
		cn->n_strangers--;
	quarantine_write(q->record, 0);
	record_put(cn, q->record);
	kfree(q);
}

static int quarantine_add(struct cordon_net *cn, u16 vlan, u64 mac, struct netlink_ext_ack *extack)
{
	struct cordon_snapshot *snap = cordon_snapshot_locked(cn);
	u32 i = snap ? cordon_device_find(snap->rs, vlan, mac) : CORDON_NO_DEVICE;
	struct cordon_quarantined *q;

	if (i == CORDON_NO_DEVICE && cn->n_strangers >= CORDON_MAX_STRANGERS) {
		NL_SET_ERR_MSG(extack,
			       "4096 devices that no ruleset names are quarantined already");
		return -ENOSPC;
	}
	q = kzalloc(sizeof(*q), GFP_KERNEL_ACCOUNT);
	if (!q)
		goto no_memory;
	q->key = cordon_record_key(vlan, mac);
	if (i == CORDON_NO_DEVICE) {
		q->record = record_alloc();
		if (!q->record)
			goto no_memory;
		q->stranger = true;
		cn->n_strangers++;
	} else {
		q->record = record_get(cn, cordon_record_of(snap, i));
	}
	quarantine_write(q->record, 1);
	quarantine_insert(cn, q);
	return 0;
no_memory:
	kfree(q);
	NL_SET_ERR_MSG(extack, "not enough memory for a quarantine entry");
	return -ENOMEM;
}

/* Tells the egress hook on which ports a group frame may meet a quarantined device. */
static void update_ports(struct cordon_net *cn, struct cordon_snapshot *snap)
{
	struct rb_node *node;
	u64 ports = 0;

	for (node = rb_first(&cn->quarantine); node; node = rb_next(node)) {
		u64 key = rb_entry(node, struct cordon_quarantined, node)->key;
		u32 i = cordon_key_find(snap->rs, key);

		if (i != CORDON_NO_DEVICE)
			ports |= snap->rs->device[i].ports ?: U64_MAX;
	}
	WRITE_ONCE(snap->quarantine_ports, ports);
}

/**
 * cordon_quarantine_set - quarantine a device or release it
 * @cn: the namespace
 * @vlan: VLAN id
 * @mac: unicast MAC
 * @on: whether to quarantine
 * @changed: set to whether anything changed
 * @extack: gets the sentence of a refusal
 *
 * Context: process, takes cordon_net::lock. The hooks obey from the next frame on.
 * Return: 0; -ENOMEM; -ENOSPC with too many devices that no ruleset names.
 */
int cordon_quarantine_set(struct cordon_net *cn, u16 vlan, u64 mac, bool on, bool *changed,
			  struct netlink_ext_ack *extack)
{
	struct cordon_snapshot *snap;
	struct cordon_quarantined *q;
	int err = 0;

	mutex_lock(&cn->lock);
	snap = cordon_snapshot_locked(cn);
	q = cordon_quarantine_find(cn, cordon_record_key(vlan, mac));
	*changed = on == !q;
	if (*changed && on)
		err = quarantine_add(cn, vlan, mac, extack);
	else if (*changed)
		quarantine_erase(cn, q);
	if (snap)
		update_ports(cn, snap);
	mutex_unlock(&cn->lock);
	return err;
}

/** cordon_quarantine_clear - forget all quarantined devices; @cn is going away */
void cordon_quarantine_clear(struct cordon_net *cn)
{
	struct rb_node *node;

	mutex_lock(&cn->lock);
	while ((node = rb_first(&cn->quarantine)))
		quarantine_erase(cn, rb_entry(node, struct cordon_quarantined, node));
	mutex_unlock(&cn->lock);
}

/*
 * The record that already exists for device @i of @snap, in the published snapshot or in
 * quarantine.
 */
static struct cordon_record *record_existing(struct cordon_net *cn,
					     const struct cordon_snapshot *snap, u32 i)
{
	const struct cordon_snapshot *now = cordon_snapshot_locked(cn);
	const struct cordon_device *d = &snap->rs->device[i];
	u32 at = now ? cordon_device_find(now->rs, d->vlan, d->mac) : CORDON_NO_DEVICE;
	struct cordon_quarantined *q;

	if (at != CORDON_NO_DEVICE)
		return cordon_record_of(now, at);
	q = cordon_quarantine_find(cn, cordon_record_key(d->vlan, d->mac));
	return q ? q->record : NULL;
}

/*
 * Fills @map: port of @old -> port of @snap + 1, 0: gone. Return: whether each old port keeps its
 * number.
 */
static bool map_ports(const struct cordon_snapshot *snap, const struct cordon_snapshot *old,
		      u8 *map)
{
	bool same = true;
	u32 i, j;

	for (i = 0; i < old->rs->n_ports; i++) {
		map[i] = 0;
		for (j = 0; j < snap->rs->n_ports; j++)
			if (!strcmp(old->rs->port[i].name, snap->rs->port[j].name) &&
			    snap->rs->port[j].mode == CORDON_PORT_DEVICES)
				map[i] = j + 1;
		if (old->rs->port[i].mode == CORDON_PORT_DEVICES && map[i] != i + 1)
			same = false;
	}
	return same;
}

/**
 * cordon_records_stage - give each device of a decoded ruleset its record
 * @cn: the namespace; its tx_lock is held
 * @snap: the snapshot; @snap->rs is set
 *
 * Return: 0, or -ENOMEM; then cordon_records_release() cleans up what was done.
 */
int cordon_records_stage(struct cordon_net *cn, struct cordon_snapshot *snap)
{
	const struct cordon_snapshot *now = cordon_snapshot_locked(cn);
	u32 i, n = snap->rs->n_devices;
	u8 map[CORDON_MAX_PORTS];
	int err = 0;

	lockdep_assert_held(&cn->tx_lock);
	if (now)
		snap->slot = map_ports(snap, now, map) ? now->slot : !now->slot;
	snap->live = kvcalloc(max(n, 1U), sizeof(*snap->live), GFP_KERNEL_ACCOUNT);
	if (!snap->live)
		return -ENOMEM;
	mutex_lock(&cn->lock);
	for (i = 0; i < n; i++) {
		struct cordon_record *rec = record_existing(cn, snap, i);

		rec = rec ? record_get(cn, rec) : record_alloc();
		if (!rec) {
			err = -ENOMEM;
			break;
		}
		snap->live[i] = &rec->live[snap->slot];
		breathe(cn, i);
	}
	mutex_unlock(&cn->lock);
	return err;
}

/* Who was quarantined since the snapshot was staged must be so in it, too. */
static void merge_quarantine(struct cordon_net *cn, struct cordon_snapshot *snap)
{
	struct rb_node *node;

	for (node = rb_first(&cn->quarantine); node; node = rb_next(node)) {
		struct cordon_quarantined *q = rb_entry(node, struct cordon_quarantined, node);
		u32 i = cordon_key_find(snap->rs, q->key);

		if (i == CORDON_NO_DEVICE || cordon_record_of(snap, i) == q->record)
			continue;
		record_put(cn, cordon_record_of(snap, i));
		snap->live[i] = &record_get(cn, q->record)->live[snap->slot];
	}
}

/**
 * cordon_records_publish - make the records ready for publication
 * @cn: the namespace; tx_lock, lock and RTNL are held
 * @snap: what will be published
 * @old: what is; NULL: nothing
 *
 * A frame may bind its device to a port by the old numbering until @old is retired; that binding is
 * then learned again.
 */
void cordon_records_publish(struct cordon_net *cn, struct cordon_snapshot *snap,
			    struct cordon_snapshot *old)
{
	u8 map[CORDON_MAX_PORTS];
	u32 i;

	lockdep_assert_held(&cn->lock);
	merge_quarantine(cn, snap);
	update_ports(cn, snap);
	if (!old || old->slot == snap->slot)
		return;
	map_ports(snap, old, map);
	for (i = 0; i < snap->rs->n_devices; i++) {
		const struct cordon_dev_live *from = &cordon_record_of(snap, i)->live[old->slot];
		u8 port = READ_ONCE(from->port);

		snap->live[i]->port = port && port <= old->rs->n_ports ? map[port - 1] : 0;
		snap->live[i]->seen_s = READ_ONCE(from->seen_s);
		cond_resched();
	}
}

/**
 * cordon_records_release - drop a snapshot's references
 * @cn: the namespace; its tx_lock is held
 * @snap: a snapshot that no hook reads any more
 * @next: what is published now; NULL: nothing
 *
 * A record that only quarantine holds on to has no current port: ports are numbered by a ruleset.
 */
void cordon_records_release(struct cordon_net *cn, struct cordon_snapshot *snap,
			    struct cordon_snapshot *next)
{
	u32 i;

	if (!snap->live)
		return;
	mutex_lock(&cn->lock);
	for (i = 0; i < snap->rs->n_devices && snap->live[i]; i++) {
		const struct cordon_device *d = &snap->rs->device[i];
		struct cordon_record *rec = cordon_record_of(snap, i);

		if (rec->refs > 1 &&
		    (!next || cordon_device_find(next->rs, d->vlan, d->mac) == CORDON_NO_DEVICE)) {
			rec->live[0].port = 0;
			rec->live[1].port = 0;
		}
		record_put(cn, rec);
		breathe(cn, i);
	}
	mutex_unlock(&cn->lock);
	kvfree(snap->live);
	snap->live = NULL;
}

/**
 * cordon_record_init - create the slab cache
 *
 * Return: 0 or -ENOMEM.
 */
int __init cordon_record_init(void)
{
	BUILD_BUG_ON(sizeof(struct cordon_record) > 64);
	cache = KMEM_CACHE(cordon_record, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return cache ? 0 : -ENOMEM;
}

/** cordon_record_exit - destroy the slab cache; no record is left */
void cordon_record_exit(void)
{
	kmem_cache_destroy(cache);
}
