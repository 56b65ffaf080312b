// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transaction and the snapshot. Everything that can fail happens while staging: decoding,
 * memory, hooks, conntrack. A commit then is one rcu_assign_pointer() and a grace period. Order at
 * staging: hooks of the stack, decode, records, meters, ports. The tx_lock is held throughout; a
 * quarantine does not need it and so waits for nothing here but publication itself.
 */
#include "ruleset.h"

#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "budget.h"
#include "event.h"
#include "hook.h"
#include "ll.h"
#include "meter.h"
#include "netlink.h"
#include "own.h"
#include "port.h"
#include "record.h"
#include "side.h"
#include "test.h"
#include "unknown.h"
#include "watch.h"

static u64 random_id(void)
{
	u64 id;

	do
		id = get_random_u64();
	while (!id);
	return id;
}

static void tx_set(struct cordon_net *cn, struct cordon_tx *tx)
{
	cn->tx = tx;
	WRITE_ONCE(cn->tx_portid, tx ? tx->portid : 0);
}

/**
 * cordon_tx_begin - open a transaction in place of any older one
 * @cn: the namespace; its tx_lock is held
 * @portid: netlink port of whoever begins
 * @length: bytes that will come
 * @generation: its number; 0: the next one
 * @extack: gets the sentence of a refusal
 *
 * Return: 0; -EINVAL when @generation is not above the running one; -ENOMEM.
 */
int cordon_tx_begin(struct cordon_net *cn, u32 portid, u32 length, u64 generation,
		    struct netlink_ext_ack *extack)
{
	const struct cordon_snapshot *now = cordon_snapshot_locked(cn);
	struct cordon_tx *tx;

	if (generation && now && generation <= now->generation) {
		NL_SET_ERR_MSG(extack, "the generation must be above the committed one");
		return -EINVAL;
	}
	if (cordon_net_prepare(cn))
		goto no_memory;
	tx = kzalloc(sizeof(*tx), GFP_KERNEL_ACCOUNT);
	if (!tx)
		goto no_memory;
	tx->blob = kvmalloc(length, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!tx->blob) {
		kfree(tx);
		goto no_memory;
	}
	tx->id = random_id();
	tx->portid = portid;
	tx->length = length;
	tx->generation = generation ?: cn->last_generation + 1;
	sha256_init(&tx->sha);
	cordon_tx_drop(cn);
	tx_set(cn, tx);
	return 0;
no_memory:
	NL_SET_ERR_MSG(extack, "not enough memory for a ruleset of this length");
	return -ENOMEM;
}

/**
 * cordon_tx_find - the open transaction, if it is the caller's
 * @cn: the namespace; its tx_lock is held
 * @portid: netlink port of the caller
 * @id: what begin returned
 * @extack: gets the sentence of a refusal
 *
 * Return: the transaction, or NULL with @extack set.
 */
struct cordon_tx *cordon_tx_find(struct cordon_net *cn, u32 portid, u64 id,
				 struct netlink_ext_ack *extack)
{
	struct cordon_tx *tx = cn->tx;

	lockdep_assert_held(&cn->tx_lock);
	if (tx && tx->id == id && tx->portid == portid)
		return tx;
	NL_SET_ERR_MSG(extack,
		       "this socket has no such transaction; a later begin may have replaced it");
	return NULL;
}

/**
 * cordon_tx_data - take the next bytes of the ruleset
 * @tx: the transaction
 * @offset: where they belong: where the last ones ended
 * @data: the bytes
 * @len: how many
 * @extack: gets the sentence of a refusal
 *
 * Return: 0 or -EINVAL; the transaction stays as it was then.
 */
int cordon_tx_data(struct cordon_tx *tx, u32 offset, const void *data, u32 len,
		   struct netlink_ext_ack *extack)
{
	if (!tx->blob) {
		NL_SET_ERR_MSG(extack, "the transaction is staged already");
		return -EINVAL;
	}
	if (offset != tx->received) {
		NL_SET_ERR_MSG(extack, "the offset must be where the bytes so far end");
		return -EINVAL;
	}
	if (len > tx->length - tx->received) {
		NL_SET_ERR_MSG(extack, "more bytes than begin announced");
		return -EINVAL;
	}
	memcpy(tx->blob + offset, data, len);
	sha256_update(&tx->sha, data, len);
	tx->received += len;
	return 0;
}

static int decode(struct cordon_snapshot *snap, const struct cordon_tx *tx,
		  struct netlink_ext_ack *extack)
{
	struct cordon_decode_error why = {};
	hsiphash_key_t key;
	size_t bytes;
	int err;

	bytes = cordon_ruleset_bytes(tx->blob, tx->length, &why);
	if (!bytes) {
		cordon_nl_refuse(extack, why.what);
		return -EINVAL;
	}
	snap->rs = kvzalloc(bytes, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!snap->rs) {
		NL_SET_ERR_MSG(extack, "not enough memory for the ruleset's tables");
		return -ENOMEM;
	}
	get_random_bytes(&key, sizeof(key));
	cordon_test_key(&key, sizeof(key));
	err = cordon_ruleset_decode(snap->rs, tx->blob, tx->length, &key, &why);
	memzero_explicit(&key, sizeof(key));
	if (err) {
		cordon_nl_refuse(extack, why.what);
		kvfree(snap->rs);
		snap->rs = NULL;
	}
	return err;
}

/* Frees a snapshot that no hook reads: never published, or unpublished a grace period ago. */
static void snapshot_free(struct cordon_net *cn, struct cordon_snapshot *snap)
{
	if (snap->rs) {
		rtnl_lock();
		cordon_ports_unbind(cn, snap);
		rtnl_unlock();
		cordon_sides_free(snap);
		cordon_records_release(cn, snap, cordon_snapshot_locked(cn));
		cordon_meters_release(cn, snap);
	}
	kvfree(snap->budget);
	kvfree(snap->rs);
	kfree(snap);
}

static int budgets_alloc(struct cordon_snapshot *snap, struct netlink_ext_ack *extack)
{
	size_t n = (size_t)snap->rs->n_devices + snap->rs->n_ports + 1;

	snap->budget = kvcalloc(n, sizeof(*snap->budget), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (snap->budget)
		return 0;
	NL_SET_ERR_MSG(extack, "not enough memory for the budgets of the devices");
	return -ENOMEM;
}

static int snapshot_fill(struct cordon_net *cn, struct cordon_snapshot *snap,
			 const struct cordon_tx *tx, struct netlink_ext_ack *extack)
{
	int err;

	err = decode(snap, tx, extack);
	if (!err)
		err = budgets_alloc(snap, extack);
	if (err)
		return err;
	if (cordon_records_stage(cn, snap)) {
		NL_SET_ERR_MSG(extack, "not enough memory for the device records");
		return -ENOMEM;
	}
	if (cordon_meters_stage(cn, snap)) {
		NL_SET_ERR_MSG(extack, "not enough memory for the meters of limits");
		return -ENOMEM;
	}
	rtnl_lock();
	err = cordon_ports_bind(cn, snap, extack);
	if (!err)
		WRITE_ONCE(cn->staged, snap);
	rtnl_unlock();
	return err;
}

/**
 * cordon_tx_stage - make the bytes a snapshot that only waits for its publication
 * @cn: the namespace; its tx_lock is held
 * @tx: its transaction
 * @extack: gets the sentence of a refusal
 *
 * Context: process; long for a large ruleset. On failure the transaction stays open, but it has the
 * same bytes.
 * Return: 0; -EINVAL for wrong or missing bytes; -ENOMEM; what netfilter says when a hook cannot be
 * registered.
 */
int cordon_tx_stage(struct cordon_net *cn, struct cordon_tx *tx, struct netlink_ext_ack *extack)
{
	struct sha256_ctx sha = tx->sha;
	struct cordon_snapshot *snap;
	int err;

	if (tx->snap) {
		NL_SET_ERR_MSG(extack, "the transaction is staged already");
		return -EINVAL;
	}
	if (tx->received != tx->length) {
		NL_SET_ERR_MSG(extack, "fewer bytes came than begin announced");
		return -EINVAL;
	}
	err = cordon_hooks_get(cn, extack);
	if (err)
		return err;
	snap = kzalloc(sizeof(*snap), GFP_KERNEL_ACCOUNT);
	if (!snap) {
		NL_SET_ERR_MSG(extack, "not enough memory for the ruleset");
		err = -ENOMEM;
		goto put_hooks;
	}
	snap->cn = cn;
	snap->generation = tx->generation;
	sha256_final(&sha, snap->digest);
	err = snapshot_fill(cn, snap, tx, extack);
	if (err)
		goto free_snapshot;
	tx->snap = snap;
	kvfree(tx->blob);
	tx->blob = NULL;
	return 0;
free_snapshot:
	snapshot_free(cn, snap);
put_hooks:
	cordon_hooks_put(cn);
	return err;
}

static void unstage(struct cordon_net *cn)
{
	rtnl_lock();
	WRITE_ONCE(cn->staged, NULL);
	rtnl_unlock();
}

/**
 * cordon_tx_drop - forget the open transaction, if there is one
 * @cn: the namespace; its tx_lock is held
 */
void cordon_tx_drop(struct cordon_net *cn)
{
	struct cordon_tx *tx = cn->tx;

	lockdep_assert_held(&cn->tx_lock);
	if (!tx)
		return;
	tx_set(cn, NULL);
	if (tx->snap) {
		unstage(cn);
		snapshot_free(cn, tx->snap);
		cordon_hooks_put(cn);
	}
	kvfree(tx->blob);
	kfree(tx);
}

/**
 * cordon_ruleset_publish - let the staged snapshot judge
 * @cn: the namespace; its tx_lock is held and its transaction is staged
 *
 * Cannot fail. On return every frame that is received is judged by the new snapshot, and nobody
 * reads the old one.
 *
 * Return: the snapshot that was replaced, for cordon_ruleset_retire(); NULL: there was none.
 */
struct cordon_snapshot *cordon_ruleset_publish(struct cordon_net *cn)
{
	struct cordon_tx *tx = cn->tx;
	struct cordon_snapshot *snap = tx->snap, *old = cordon_snapshot_locked(cn);

	rtnl_lock();
	cordon_own_refresh(cn);
	cordon_sides_rebuild(snap);
	mutex_lock(&cn->lock);
	cordon_records_publish(cn, snap, old);
	WRITE_ONCE(cn->staged, NULL);
	rcu_assign_pointer(cn->snap, snap);
	mutex_unlock(&cn->lock);
	rtnl_unlock();

	cn->last_generation = max(cn->last_generation, snap->generation);
	tx_set(cn, NULL);
	kfree(tx);
	/*
	 * Hooks run with BH off or under rcu_read_lock(): after this, whoever saw the old pointer
	 * has returned.
	 */
	synchronize_rcu_expedited();
	return old;
}

/**
 * cordon_ruleset_retire - settle what a commit left behind
 * @cn: the namespace; its tx_lock is held
 * @old: what cordon_ruleset_publish() returned
 */
void cordon_ruleset_retire(struct cordon_net *cn, struct cordon_snapshot *old)
{
	const struct cordon_snapshot *now = cordon_snapshot_locked(cn);

	cordon_ll_settle(cn, now);
	cordon_unknown_settle(cn->unknown, now->rs);
	cordon_watch_start(cn);
	if (!old)
		return;
	snapshot_free(cn, old);
	cordon_hooks_put(cn);
}

/**
 * cordon_ruleset_withdraw - disarm the namespace
 * @cn: the namespace; its tx_lock is held
 *
 * Return: whether it was armed.
 */
bool cordon_ruleset_withdraw(struct cordon_net *cn)
{
	struct cordon_snapshot *old = cordon_snapshot_locked(cn);

	if (!old)
		return false;
	rtnl_lock();
	mutex_lock(&cn->lock);
	RCU_INIT_POINTER(cn->snap, NULL);
	mutex_unlock(&cn->lock);
	rtnl_unlock();
	synchronize_rcu_expedited();
	cordon_watch_stop(cn);
	cordon_event_ruleset(cn, CORDON_EVENT_DISARM, old);
	cordon_ll_settle(cn, NULL);
	snapshot_free(cn, old);
	cordon_own_forget(cn);
	cordon_hooks_put(cn);
	return true;
}

/* The end of a socket is the end of its transaction, and waits for none of others. */
static int netlink_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct netlink_notify *n = ptr;
	struct cordon_net *cn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	cn = cordon_net(n->net);
	/* Others need not wait for what the transaction's owner is doing. */
	if (READ_ONCE(cn->tx_portid) != n->portid)
		return NOTIFY_DONE;
	mutex_lock(&cn->tx_lock);
	if (cn->tx && cn->tx->portid == n->portid)
		cordon_tx_drop(cn);
	mutex_unlock(&cn->tx_lock);
	return NOTIFY_DONE;
}

static struct notifier_block netlink_notifier = { .notifier_call = netlink_event };

/**
 * cordon_ruleset_init - listen to the end of sockets
 *
 * Return: 0 or a negative errno of netlink_register_notifier().
 */
int __init cordon_ruleset_init(void)
{
	return netlink_register_notifier(&netlink_notifier);
}

/** cordon_ruleset_exit - stop listening */
void cordon_ruleset_exit(void)
{
	netlink_unregister_notifier(&netlink_notifier);
}
