// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that misbehaves on request, to see the harness notice: load it with
 * fault=NAME, one of the table at the end. Debug kernels only have all of them.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/reboot.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "which one: see the source");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static int __rcu *shared;

static void take_both(struct mutex *outer, struct mutex *inner)
{
	mutex_lock(outer);
	mutex_lock(inner);
	mutex_unlock(inner);
	mutex_unlock(outer);
}

/* A lockdep report: no deadlock happens, and on 6.1 no panic either. */
static void fault_lockdep(void)
{
	take_both(&first, &second);
	take_both(&second, &first);
}

/* A dereference outside of any reader; again no panic. */
static void fault_rcu(void)
{
	if (rcu_dereference(shared))
		pr_info("planted: shared is set\n");
}

static void fault_kasan(void)
{
	char *room = kmalloc(64, GFP_KERNEL);
	size_t past = 64 + 8;

	OPTIMIZER_HIDE_VAR(past);
	if (room)
		WRITE_ONCE(room[past], 1);
	kfree(room);
}

static void fault_atomic(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

static void fault_warn(void)
{
	WARN(1, "planted\n");
}

static void fault_leak(void)
{
	int i;

	for (i = 0; i < 64; i++) {
		void *lost = kmalloc(192, GFP_KERNEL);

		if (lost)
			memset(lost, 0x5a, 192);
	}
}

static void fault_taint(void)
{
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
}

static void fault_message(void)
{
	pr_info("planted: possible circular locking dependency detected\n");
}

static void fault_panic(void)
{
	panic("planted");
}

static int at_reboot(struct notifier_block *nb, unsigned long action, void *data)
{
	fault_warn();
	return NOTIFY_DONE;
}

static struct notifier_block at_reboot_nb = { .notifier_call = at_reboot };

/* A complaint after the verdict, when the guest is on its way down. */
static void fault_late(void)
{
	__module_get(THIS_MODULE);
	register_reboot_notifier(&at_reboot_nb);
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "lockdep", fault_lockdep }, { "rcu", fault_rcu }, { "kasan", fault_kasan },
	{ "atomic", fault_atomic }, { "warn", fault_warn }, { "leak", fault_leak },
	{ "taint", fault_taint }, { "message", fault_message }, { "panic", fault_panic },
	{ "late", fault_late },
};

static int __init plant_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!strcmp(fault, faults[i].name)) {
			faults[i].commit();
			return 0;
		}
	}
	return -EINVAL;
}

static void __exit plant_exit(void)
{
}

module_init(plant_init);
module_exit(plant_exit);

MODULE_DESCRIPTION("faults for the test harness's own test");
MODULE_LICENSE("GPL");
