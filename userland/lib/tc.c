// SPDX-License-Identifier: GPL-2.0-or-later
/* See tc.h. */
#include "userland/lib/tc.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/qdisc.h>
#include <netlink/route/tc.h>

static struct nl_cache *read_qdiscs(void)
{
	struct nl_sock *socket = nl_socket_alloc();
	struct nl_cache *cache = NULL;

	if (socket && nl_connect(socket, NETLINK_ROUTE) >= 0)
		rtnl_qdisc_alloc_cache(socket, &cache);
	nl_socket_free(socket);
	return cache;
}

static bool acts_before_us(struct rtnl_tc *qdisc)
{
	const char *kind = rtnl_tc_get_kind(qdisc);

	return kind && (!strcmp(kind, "clsact") || !strcmp(kind, "ingress"));
}

static bool has_filter_point(struct nl_cache *qdiscs, int index)
{
	struct nl_object *o;

	for (o = nl_cache_get_first(qdiscs); o; o = nl_cache_get_next(o)) {
		if (rtnl_tc_get_ifindex(TC_CAST(o)) == index && acts_before_us(TC_CAST(o)))
			return true;
	}
	return false;
}

int tc_before_us(const char *const *ports, size_t n_ports, struct link_names *out, struct failure *f)
{
	struct nl_cache *qdiscs = read_qdiscs();
	int err = 0;

	memset(out, 0, sizeof(*out));
	if (!qdiscs)
		return fail(f, CORDON_EXIT_FAILED, EIO, "the kernel does not list its queueing disciplines");
	for (size_t i = 0; i < n_ports && !err; i++) {
		int index = (int)if_nametoindex(ports[i]);

		if (index && has_filter_point(qdiscs, index) && !link_names_add(out, ports[i]))
			err = fail_sys(f, ENOMEM, "cannot list the queueing disciplines");
	}
	nl_cache_free(qdiscs);
	if (err)
		link_names_free(out);
	return err;
}
