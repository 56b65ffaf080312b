// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifetime of the per-namespace state. It is a pernet *subsystem*: the namespace's netdevs are gone
 * when exit runs, so enforcement lasts as long as a frame can move. The large tables come with the
 * first transaction and stay until then.
 */
#include "netns.h"

#include <net/netns/generic.h>

#include "event.h"
#include "ll.h"
#include "own.h"
#include "record.h"
#include "ruleset.h"
#include "unknown.h"
#include "watch.h"

static unsigned int cordon_net_id __read_mostly;

/**
 * cordon_net - the state of a namespace
 * @net: the namespace
 *
 * Return: never NULL while the module is loaded.
 */
struct cordon_net *cordon_net(const struct net *net)
{
	return net_generic(net, cordon_net_id);
}

/**
 * cordon_net_prepare - allocate what the hooks write to
 * @cn: the namespace; its tx_lock is held
 *
 * Return: 0, or -ENOMEM with nothing allocated.
 */
int cordon_net_prepare(struct cordon_net *cn)
{
	struct cordon_counters __percpu *counters;
	struct cordon_unknown_table *unknown;
	struct cordon_event_queue *events;

	lockdep_assert_held(&cn->tx_lock);
	if (cn->tables_ready)
		return 0;
	counters = alloc_percpu_gfp(struct cordon_counters, GFP_KERNEL_ACCOUNT);
	unknown = cordon_unknown_create();
	events = cordon_events_create(cn);
	if (!counters || !unknown || !events || cordon_ll_create(cn)) {
		cordon_events_destroy(events);
		cordon_unknown_destroy(unknown);
		free_percpu(counters);
		return -ENOMEM;
	}
	/*
	 * Readers in netlink.c hold no lock: they see whole tables or none. The hooks are
	 * registered later.
	 */
	smp_store_release(&cn->unknown, unknown); /* pairs with cordon_nl_unknown_get_dumpit() */
	cn->events = events;
	smp_store_release(&cn->counters, counters); /* pairs with cordon_counters_of() */
	cn->tables_ready = true;
	return 0;
}

static int __net_init cordon_net_init(struct net *net)
{
	struct cordon_net *cn = cordon_net(net);

	cn->net = net;
	INIT_LIST_HEAD(&cn->taps);
	INIT_LIST_HEAD(&cn->ll_owners);
	mutex_init(&cn->tx_lock);
	mutex_init(&cn->lock);
	spin_lock_init(&cn->learn_lock);
	cn->quarantine = RB_ROOT;
	cordon_own_init(cn);
	cordon_watch_init(cn);
	return 0;
}

static void __net_exit cordon_net_exit(struct net *net)
{
	struct cordon_net *cn = cordon_net(net);

	mutex_lock(&cn->tx_lock);
	cordon_tx_drop(cn);
	cordon_ruleset_withdraw(cn);
	mutex_unlock(&cn->tx_lock);

	cordon_quarantine_clear(cn);
	cordon_own_exit(cn);
	if (!cn->tables_ready)
		return;
	cordon_events_destroy(cn->events);
	cordon_ll_destroy(cn);
	cordon_unknown_destroy(cn->unknown);
	free_percpu(cn->counters);
}

static struct pernet_operations cordon_net_ops = {
	.init = cordon_net_init,
	.exit = cordon_net_exit,
	.id = &cordon_net_id,
	.size = sizeof(struct cordon_net),
};

/**
 * cordon_netns_init - set up every namespace, those to come too
 *
 * Return: 0 or a negative errno of register_pernet_subsys().
 */
int __init cordon_netns_init(void)
{
	return register_pernet_subsys(&cordon_net_ops);
}

/** cordon_netns_exit - take down every namespace; none is armed, unless the module goes by force */
void cordon_netns_exit(void)
{
	unregister_pernet_subsys(&cordon_net_ops);
}
