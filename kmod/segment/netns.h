/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What cordon keeps per network namespace, and its locks. Order, outermost first:
 *
 *   tx_lock	the one transaction (stage, commit, abort, disarm): which snapshot is published
 *   RTNL	snapshot pointer, sides, taps, ports' netdevs: all that the notifier has
 *   lock	records: references, quarantine; commit takes it only around publication, once
 *		it has RTNL, so that a quarantine never waits for whoever holds that
 *   spinlocks	own_lock, learn_lock, those of unknown.c and event.c, with BH off
 *
 * The hooks take none of the first three. They read @snap, @own and what hangs on them under RCU.
 */
#ifndef CORDON_SEGMENT_NETNS_H
#define CORDON_SEGMENT_NETNS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rbtree.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "counters.h"
#include "../core/core_os.h"

struct cordon_event_queue;
struct cordon_own;
struct cordon_snapshot;
struct cordon_tx;
struct cordon_unknown_table;

#define CORDON_STACK_HOOKS 6

/**
 * struct cordon_net - cordon in one network namespace
 * @net: the namespace
 * @snap: the committed ruleset with its live state; NULL: not armed. Written under RTNL and
 *	@tx_lock
 * @own: own addresses and MACs, never NULL; written under @own_lock
 * @counters: verdicts; NULL until the first transaction, then kept to the end, like @unknown
 *	and @events
 * @unknown: sources without a record
 * @events: packet events on their way to listeners
 * @taps: struct cordon_tap of this namespace, under RTNL
 * @tx_lock: see above; guards @tx, @hook_users, @last_generation, @tables_ready
 * @lock: see above; guards @quarantine, @n_strangers and the reference counts of records
 * @tx: the open transaction or NULL
 * @tx_portid: the netlink port of its owner, 0: none; read without a lock
 * @staged: its snapshot once staged, else NULL; written under @tx_lock and RTNL
 * @last_generation: highest generation ever committed here
 * @hook_users: the published and the staged snapshot, as far as they exist
 * @stack_hooks: conntrack and bridge hooks, registered while @hook_users
 * @watch: looks at ports and hooks again while a ruleset is committed
 * @hooks_told: what CORDON_EVENT_HOOKS last said is missing; @watch alone
 * @quarantine: struct cordon_quarantined by (vlan, mac): every quarantined device, in the
 *	ruleset or not
 * @n_strangers: how many of them DEVICE_SET made without a ruleset naming them
 * @own_lock: one builder of @own at a time
 * @own_wanted: @own is kept up to date
 * @own_work: builds @own once more, outside atomic context
 * @ll: link-local addresses and their owners, see ll.c
 * @ll_owners: the owners in it
 * @n_ll: the addresses in it
 * @learn_lock: guards what frames teach: writing @ll, @ll_owners and @n_ll, and a device's
 *	current port
 * @unknown_spent: what all sources without a record have used, see cordon_limit_take()
 * @tables_ready: @counters, @unknown, @events and @ll exist
 */
struct cordon_net {
	struct net *net;
	struct cordon_snapshot __rcu *snap;
	struct cordon_own __rcu *own;
	struct cordon_counters __percpu *counters;
	struct cordon_unknown_table *unknown;
	struct cordon_event_queue *events;
	struct list_head taps;

	struct mutex tx_lock; /* which ruleset */
	struct mutex lock; /* records */
	struct cordon_tx *tx;
	u32 tx_portid;
	struct cordon_snapshot *staged;
	u64 last_generation;
	unsigned int hook_users;
	struct nf_hook_ops stack_hooks[CORDON_STACK_HOOKS];
	struct delayed_work watch;
	u32 hooks_told;

	struct rb_root quarantine;
	u32 n_strangers;

	spinlock_t own_lock; /* builders of own */
	bool own_wanted;
	struct work_struct own_work;

	struct rhashtable ll;
	struct list_head ll_owners;
	u32 n_ll;
	spinlock_t learn_lock; /* what frames teach */
	cordon_word unknown_spent;
	bool tables_ready;
};

struct cordon_net *cordon_net(const struct net *net);
int cordon_net_prepare(struct cordon_net *cn);

int cordon_netns_init(void);
void cordon_netns_exit(void);

#endif /* CORDON_SEGMENT_NETNS_H */
