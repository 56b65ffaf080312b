// SPDX-License-Identifier: GPL-2.0-only
/* Loading and unloading. Netlink comes last and goes first, so nobody talks to half a module. */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "meter.h"
#include "netlink.h"
#include "netns.h"
#include "own.h"
#include "port.h"
#include "record.h"
#include "ruleset.h"
#include "version.h"

static int __init cordon_init(void)
{
	int err;

	err = cordon_record_init();
	if (err)
		return err;
	err = cordon_meter_init();
	if (err)
		goto err_record;
	err = cordon_netns_init();
	if (err)
		goto err_meter;
	err = cordon_own_notify();
	if (err)
		goto err_netns;
	err = cordon_port_init();
	if (err)
		goto err_own;
	err = cordon_ruleset_init();
	if (err)
		goto err_port;
	err = cordon_netlink_init();
	if (err)
		goto err_ruleset;
	pr_info("cordon %s: loaded, not armed\n", CORDON_MODULE_VERSION);
	return 0;

err_ruleset:
	cordon_ruleset_exit();
err_port:
	cordon_port_exit();
err_own:
	cordon_own_denotify();
err_netns:
	cordon_netns_exit();
	rcu_barrier();
err_meter:
	cordon_meter_exit();
err_record:
	cordon_record_exit();
	return err;
}

static void __exit cordon_exit(void)
{
	cordon_netlink_exit();
	cordon_ports_close();
	cordon_ruleset_exit();
	cordon_port_exit();
	cordon_own_denotify();
	cordon_netns_exit();
	rcu_barrier();
	cordon_meter_exit();
	cordon_record_exit();
}

module_init(cordon_init);
module_exit(cordon_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Keeps every device on a gateway in its zone");
MODULE_VERSION(CORDON_MODULE_VERSION);
MODULE_ALIAS_GENL_FAMILY(CORDON_GENL_NAME);
/* Asked for by netfilter when bridges are to be tracked. */
MODULE_SOFTDEP("pre: nf_conntrack_bridge");
