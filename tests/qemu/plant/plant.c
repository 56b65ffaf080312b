// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that misbehaves on request, to see the harness notice: load it with
 * fault=warn, leak, taint, message or panic.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "warn, leak, taint, message or panic");

static noinline void lose_some(void)
{
	int i;

	for (i = 0; i < 64; i++) {
		void *lost = kmalloc(192, GFP_KERNEL);

		if (lost)
			memset(lost, 0x5a, 192);
	}
}

static int __init plant_init(void)
{
	if (!strcmp(fault, "warn"))
		WARN(1, "planted\n");
	else if (!strcmp(fault, "leak"))
		lose_some();
	else if (!strcmp(fault, "taint"))
		add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	else if (!strcmp(fault, "message"))
		pr_info("planted: possible circular locking dependency detected\n");
	else if (!strcmp(fault, "panic"))
		panic("planted");
	return 0;
}

static void __exit plant_exit(void)
{
}

module_init(plant_init);
module_exit(plant_exit);

MODULE_DESCRIPTION("faults for the test harness's own test");
MODULE_LICENSE("GPL");
