// SPDX-License-Identifier: GPL-2.0-or-later
/* Switch chips and bridge VLANs by libnl-route-3. */
#include "userland/lib/switching.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <netlink/cache.h>
#include <netlink/data.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>

#include "userland/lib/file.h"
#include "userland/lib/text.h"

static int read_links(int family, struct nl_cache **cache, struct failure *f)
{
	struct nl_sock *socket = nl_socket_alloc();
	int err = socket ? nl_connect(socket, NETLINK_ROUTE) : -NLE_NOMEM;

	if (err >= 0)
		err = rtnl_link_alloc_cache(socket, family, cache);
	if (socket)
		nl_socket_free(socket);
	return err < 0 ? fail(f, CORDON_EXIT_FAILED, EIO, "cannot list the links: %s", nl_geterror(err)) : 0;
}

int switching_chips(const char *const *ports, size_t n, char (*id)[SWITCH_ID_LEN], struct failure *f)
{
	struct nl_cache *cache = NULL;
	int err = read_links(AF_UNSPEC, &cache, f);

	memset(id, 0, n * sizeof(*id));
	for (size_t i = 0; i < n && !err; i++) {
		struct rtnl_link *link = rtnl_link_get_by_name(cache, ports[i]);
		struct nl_data *chip = link ? rtnl_link_get_phys_switch_id(link) : NULL;

		if (chip)
			text_hex(nl_data_get(chip), nl_data_get_size(chip), id[i], sizeof(id[i]));
		rtnl_link_put(link);
	}
	if (cache)
		nl_cache_free(cache);
	return err;
}

static bool looks_at_vlans(const char *bridge)
{
	char path[64 + IF_NAMESIZE], line[16];

	snprintf(path, sizeof(path), "/sys/class/net/%s/bridge/vlan_filtering", bridge);
	return !file_read_line(path, line, sizeof(line)) && !strcmp(line, "1");
}

struct filling {
	struct coverage_member *members;
	size_t n;
};

static void fill(struct coverage_vlans *vlans, struct rtnl_link *link)
{
	const struct rtnl_link_bridge_vlan *carried = rtnl_link_bridge_get_port_vlan(link);
	char bridge[IF_NAMESIZE];

	if (!if_indextoname((unsigned int)rtnl_link_get_master(link), bridge) || !looks_at_vlans(bridge))
		memset(vlans, 0xff, sizeof(*vlans));
	else if (carried)
		memcpy(vlans->bits, carried->vlan_bitmap, sizeof(vlans->bits));
}

static void fill_named(struct nl_object *object, void *arg)
{
	struct rtnl_link *link = (struct rtnl_link *)object;
	const char *name = rtnl_link_get_name(link);
	struct filling *filling = arg;

	for (size_t i = 0; name && i < filling->n; i++) {
		if (!strcmp(filling->members[i].name, name))
			fill(&filling->members[i].vlans, link);
	}
}

int switching_vlans(struct coverage_member *members, size_t n, struct failure *f)
{
	struct filling filling = { .members = members, .n = n };
	struct nl_cache *cache = NULL;
	int err = n ? read_links(AF_BRIDGE, &cache, f) : 0;

	if (cache) {
		nl_cache_foreach(cache, fill_named, &filling);
		nl_cache_free(cache);
	}
	return err;
}
