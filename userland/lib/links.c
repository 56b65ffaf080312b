// SPDX-License-Identifier: GPL-2.0-or-later
/* Stacking: a device stands on a port when its parent link does, or when one of its members does. */
#include "userland/lib/links.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>

struct node {
	const char *name;
	const char *kind;
	int index, parent, master;
	bool managed;
};

struct graph {
	struct nl_sock *socket;
	struct nl_cache *cache;
	struct node *v;
	size_t n;
};

static void graph_free(struct graph *g)
{
	free(g->v);
	if (g->cache)
		nl_cache_free(g->cache);
	if (g->socket)
		nl_socket_free(g->socket);
}

static void add_node(struct nl_object *object, void *arg)
{
	struct rtnl_link *link = (struct rtnl_link *)object;
	struct graph *g = arg;
	struct node *node = &g->v[g->n++];
	int32_t other;

	node->name = rtnl_link_get_name(link);
	node->kind = rtnl_link_get_type(link);
	node->index = rtnl_link_get_ifindex(link);
	/* The parent's index means nothing when the parent lives in another namespace. */
	node->parent = rtnl_link_get_link_netnsid(link, &other) == 0 ? 0 : rtnl_link_get_link(link);
	node->master = rtnl_link_get_master(link);
}

static int graph_read(struct graph *g, struct failure *f)
{
	int err;

	memset(g, 0, sizeof(*g));
	g->socket = nl_socket_alloc();
	err = g->socket ? nl_connect(g->socket, NETLINK_ROUTE) : -NLE_NOMEM;
	if (err >= 0)
		err = rtnl_link_alloc_cache(g->socket, AF_UNSPEC, &g->cache);
	if (err < 0)
		return fail(f, CORDON_EXIT_FAILED, EIO, "cannot list the links: %s", nl_geterror(err));
	g->v = calloc((size_t)nl_cache_nitems(g->cache) + 1, sizeof(*g->v));
	if (!g->v)
		return fail_sys(f, ENOMEM, "cannot list the links");
	nl_cache_foreach(g->cache, add_node, g);
	return 0;
}

static bool stackable(const struct node *node)
{
	static const char *const kind[] = {
		"bridge", "vlan", "bond", "team", "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec", "hsr", "vrf",
	};

	for (size_t i = 0; node->kind && i < sizeof(kind) / sizeof(kind[0]); i++) {
		if (!strcmp(node->kind, kind[i]))
			return true;
	}
	return false;
}

static bool stands_on(const struct graph *g, const struct node *node)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct node *below = &g->v[i];

		if (below->managed && (below->index == node->parent || below->master == node->index))
			return true;
	}
	return false;
}

/* Until nothing changes: each round marks at least one, so at most as many rounds as links. */
static void spread(struct graph *g)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < g->n; i++) {
			struct node *node = &g->v[i];

			if (!node->managed && stackable(node) && stands_on(g, node)) {
				node->managed = true;
				changed = true;
			}
		}
	}
}

static void mark_ports(struct graph *g, const char *const *ports, size_t n)
{
	for (size_t i = 0; i < g->n; i++) {
		for (size_t j = 0; j < n && !g->v[i].managed; j++)
			g->v[i].managed = g->v[i].name && !strcmp(g->v[i].name, ports[j]);
	}
}

static void mark_policy(struct graph *g, const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_ports; i++) {
		const char *name = policy->ports[i].name;

		mark_ports(g, &name, 1);
	}
	spread(g);
}

void link_names_free(struct link_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
	memset(names, 0, sizeof(*names));
}

static bool push(struct link_names *out, const char *name)
{
	char **v = reallocarray(out->v, out->n + 1, sizeof(*v)), *copy = strdup(name);

	if (v)
		out->v = v;
	if (!v || !copy) {
		free(copy);
		return false;
	}
	out->v[out->n++] = copy;
	return true;
}

int links_unmanaged(const struct policy *policy, struct link_names *out, struct failure *f)
{
	struct graph g;
	int err = graph_read(&g, f);

	memset(out, 0, sizeof(*out));
	if (!err)
		mark_policy(&g, policy);
	for (size_t i = 0; i < g.n && !err; i++) {
		if (stackable(&g.v[i]) && !g.v[i].managed && g.v[i].name && !push(out, g.v[i].name))
			err = fail_sys(f, ENOMEM, "cannot list the links");
	}
	graph_free(&g);
	if (err)
		link_names_free(out);
	return err;
}

bool links_on_port(const char *const *ports, size_t n_ports, const char *interface)
{
	struct graph g;
	bool found = false;

	if (graph_read(&g, NULL)) {
		graph_free(&g);
		return true;	/* unknown: the stricter answer */
	}
	mark_ports(&g, ports, n_ports);
	spread(&g);
	for (size_t i = 0; i < g.n && !found; i++)
		found = g.v[i].managed && g.v[i].name && !strcmp(g.v[i].name, interface);
	graph_free(&g);
	return found;
}

static bool mixed(const struct graph *g, const struct node *node)
{
	for (size_t i = 0; i < g->n; i++) {
		if (node->master && g->v[i].master == node->master && g->v[i].managed)
			return true;
	}
	return false;
}

int links_mixed_bridges(const char *const *ports, size_t n_ports, struct link_names *out, struct failure *f)
{
	struct graph g;
	int err = graph_read(&g, f);

	memset(out, 0, sizeof(*out));
	if (!err)
		mark_ports(&g, ports, n_ports);
	for (size_t i = 0; i < g.n && !err; i++) {
		if (!g.v[i].managed && mixed(&g, &g.v[i]) && g.v[i].name && !push(out, g.v[i].name))
			err = fail_sys(f, ENOMEM, "cannot list the links");
	}
	graph_free(&g);
	if (err)
		link_names_free(out);
	return err;
}

static int route_interface(struct nl_sock *socket, struct nl_addr *to)
{
	struct rtnl_route *route = NULL;
	struct rtnl_nexthop *hop;
	int index = 0;

	if (rtnl_route_lookup(socket, to, &route) < 0)
		return 0;
	hop = rtnl_route_nexthop_n(route, 0);
	if (hop)
		index = rtnl_route_nh_get_ifindex(hop);
	rtnl_route_put(route);
	return index;
}

int links_route_to(const char *address, char *interface, size_t room)
{
	struct nl_sock *socket = nl_socket_alloc();
	struct nl_addr *to = NULL;
	char name[IF_NAMESIZE] = "";
	int index = 0;

	if (nl_addr_parse(address, AF_UNSPEC, &to) < 0) {
		nl_socket_free(socket);
		return -EINVAL;
	}
	if (socket && nl_connect(socket, NETLINK_ROUTE) >= 0)
		index = route_interface(socket, to);
	nl_addr_put(to);
	nl_socket_free(socket);
	if (!index || !if_indextoname((unsigned int)index, name))
		return -ENETUNREACH;
	snprintf(interface, room, "%s", name);
	return 0;
}
