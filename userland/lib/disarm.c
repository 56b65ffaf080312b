// SPDX-License-Identifier: GPL-2.0-or-later
/* Closing first: bridged frames between `devices` ports are stopped by their link state, routed ones by the sysctls. */
#include "userland/lib/disarm.h"

int disarm_run(struct kernel *k, struct failure *f)
{
	struct api_list ports;
	int err = k->ops->forwarding_off(k, f);

	api_list_init(&ports, sizeof(struct api_port));
	if (!err)
		err = kernel_list(k, CORDON_CMD_PORT_GET, api_add_port, &ports, f);
	for (size_t i = 0; i < ports.n && !err; i++) {
		const struct api_port *p = api_at(&ports, struct api_port, i);

		if (p->mode == CORDON_PORT_DEVICES && p->ifindex)
			err = k->ops->port_down(k, p->name, f);
	}
	api_list_free(&ports);
	if (!err)
		err = k->ops->disarm(k, f);
	return err ? err : k->ops->nft_remove(k, f);
}

int disarm_recorded(struct kernel *k, struct store *store, bool *disarmed, struct failure *f)
{
	struct api_info info;
	int err = store_meta_set(store, "disarmed", "1", f);

	if (err)
		return err;
	err = disarm_run(k, f);
	*disarmed = !err || kernel_info(k, &info, NULL) || !info.armed;
	if (!*disarmed)
		store_meta_set(store, "disarmed", "", NULL);
	return err;
}
