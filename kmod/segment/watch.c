// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watchdog of an armed namespace. Most of what takes frames out of cordon's sight (XDP and tc
 * programs, a hook that comes before the ingress hook, one of cordon's own that somebody takes
 * away, macvlan on a port) notifies nobody in the kernel. So the findings of every port and the
 * hooks of the stack are looked at twice a second, and what has changed since it was last told is
 * told. Nothing is looked at while nobody listens: whoever comes is told what is found then.
 */
#include "watch.h"

#include <linux/rtnetlink.h>
#include <linux/workqueue.h>

#include "event.h"
#include "hook.h"
#include "netns.h"
#include "port.h"
#include "ruleset.h"

#define WATCH_INTERVAL (HZ / 2)

static void look_at_ports(struct cordon_net *cn, const struct cordon_snapshot *snap)
{
	u32 i;

	for (i = 0; i < snap->rs->n_ports; i++)
		if (snap->tap[i] && snap->tap[i]->told != cordon_port_findings(snap, i))
			cordon_event_port(cn, snap, snap->tap[i]->dev, false);
}

static void look_at_hooks(struct cordon_net *cn)
{
	u32 missing;

	rcu_read_lock();
	missing = cordon_hooks_missing(cn);
	rcu_read_unlock();
	if (missing != cn->hooks_told && cordon_event_hooks(cn, missing))
		cn->hooks_told = missing;
}

static void watch(struct work_struct *work)
{
	struct cordon_net *cn = container_of(work, struct cordon_net, watch.work);
	const struct cordon_snapshot *snap;

	if (cordon_events_heard(cn)) {
		rtnl_lock();
		snap = cordon_snapshot_locked(cn);
		if (snap) {
			look_at_ports(cn, snap);
			look_at_hooks(cn);
		}
		rtnl_unlock();
	}
	queue_delayed_work(system_power_efficient_wq, &cn->watch, WATCH_INTERVAL);
}

/** cordon_watch_init - prepare the watchdog of a namespace, which sleeps */
void cordon_watch_init(struct cordon_net *cn)
{
	INIT_DELAYED_WORK(&cn->watch, watch);
}

/** cordon_watch_start - a ruleset was committed in @cn; one that looks already goes on */
void cordon_watch_start(struct cordon_net *cn)
{
	queue_delayed_work(system_power_efficient_wq, &cn->watch, WATCH_INTERVAL);
}

/**
 * cordon_watch_stop - no ruleset is committed any more
 * @cn: the namespace
 *
 * Context: process, without RTNL. On return it does not look, and will not.
 */
void cordon_watch_stop(struct cordon_net *cn)
{
	cancel_delayed_work_sync(&cn->watch);
	cn->hooks_told = 0;
}
