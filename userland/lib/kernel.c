// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls that are the same over both implementations of struct kernel_ops. */
#include "userland/lib/kernel.h"

#include <errno.h>
#include <string.h>

#define DUMP_ATTEMPTS 8

int kernel_info(struct kernel *k, struct api_info *info, struct failure *f)
{
	int err;

	memset(info, 0, sizeof(*info));
	err = k->ops->query(k, CORDON_CMD_INFO_GET, api_parse_info, info, f);
	if (err)
		return err;
	if (info->wire != CORDON_WIRE_VERSION)
		return fail(f, CORDON_EXIT_FAILED, EPROTO,
			    "the kernel module %s speaks wire version %u, this program speaks %u: install the cordon module and programs of one release",
			    info->version, info->wire, CORDON_WIRE_VERSION);
	return 0;
}

int kernel_list(struct kernel *k, uint8_t cmd, kernel_attrs_cb add, struct api_list *list, struct failure *f)
{
	int err = -EAGAIN;

	for (int i = 0; i < DUMP_ATTEMPTS && err == -EAGAIN; i++) {
		list->n = 0;
		err = k->ops->query(k, cmd, add, list, f);
	}
	return err;
}
