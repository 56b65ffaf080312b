// SPDX-License-Identifier: GPL-2.0-or-later
/* Policy routing of others: what it goes by. */
#include "userland/lib/ip_rules.h"

#include <errno.h>

#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/rule.h>

struct search {
	uint32_t mask, mark;
};

static void look(struct nl_object *object, void *arg)
{
	struct rtnl_rule *rule = (struct rtnl_rule *)object;
	struct search *s = arg;
	uint32_t mark = rtnl_rule_get_mark(rule), mask = rtnl_rule_get_mask(rule);

	if (mark & (mask ? mask : UINT32_MAX) & s->mask)
		s->mark = mark;
}

static int look_at_all(struct nl_sock *socket, struct search *s)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct nl_cache *cache;

	if (nl_connect(socket, NETLINK_ROUTE) < 0)
		return -EIO;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		/* A kernel without IPv6, or without policy routing, has no such rules. */
		if (rtnl_rule_alloc_cache(socket, families[i], &cache) < 0)
			continue;
		nl_cache_foreach(cache, look, s);
		nl_cache_free(cache);
	}
	return 0;
}

int ip_rules_mark(uint32_t mask, uint32_t *mark)
{
	struct search s = { .mask = mask };
	struct nl_sock *socket = nl_socket_alloc();
	int err = socket ? look_at_all(socket, &s) : -ENOMEM;

	nl_socket_free(socket);
	*mark = s.mark;
	return err ? err : s.mark != 0;
}
