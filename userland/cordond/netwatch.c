// SPDX-License-Identifier: GPL-2.0-or-later
/* rtnetlink notifications. */
#include "userland/cordond/netwatch.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <event2/event.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>

#include "userland/cordond/server.h"
#include "userland/lib/log.h"
#include "userland/lib/text.h"

static struct nl_sock *nl;
static struct event *readable;

static bool is_port(const struct core *core, const char *name)
{
	const struct policy *policy = core->running.valid ? core->running.c.policy : NULL;

	for (size_t i = 0; policy && i < policy->n_ports; i++) {
		if (!strcmp(policy->ports[i].name, name))
			return true;
	}
	return false;
}

static void publish(struct core *core, json_t *o)
{
	if (o) {
		json_object_set_new(o, "time_ns", json_integer((json_int_t)time_boot_ns()));
		server_event(core, o);
	}
	json_decref(o);
}

static void on_link(struct core *core, struct rtnl_link *link, bool gone)
{
	const char *name = rtnl_link_get_name(link);
	bool carrier = rtnl_link_get_carrier(link);

	if (!name)
		return;
	repair_links_soon(core);
	if (is_port(core, name))
		log_info("port %s: %s", name, gone ? "gone" : carrier ? "carrier" : "no carrier");
	if (server_watchers(core))
		publish(core, json_pack("{s:s, s:s, s:b, s:b}", "event", "link", "port", name, "present", !gone,
					"carrier", carrier));
}

static void on_neigh(struct core *core, struct rtnl_neigh *neigh, bool gone)
{
	bool fdb = rtnl_neigh_get_family(neigh) == AF_BRIDGE;
	char mac[64] = "", address[128] = "", name[IF_NAMESIZE] = "";
	struct nl_addr *lladdr = rtnl_neigh_get_lladdr(neigh), *dst = rtnl_neigh_get_dst(neigh);
	json_t *o;

	if (!server_watchers(core))
		return;
	if (!if_indextoname((unsigned int)rtnl_neigh_get_ifindex(neigh), name))
		return;
	if (lladdr)
		nl_addr2str(lladdr, mac, sizeof(mac));
	if (dst && !fdb)
		nl_addr2str(dst, address, sizeof(address));
	o = json_pack("{s:s, s:s, s:s, s:b}", "event", fdb ? "fdb" : "neighbour", "port", name, "mac", mac, "present",
		      !gone);
	if (*address)
		json_object_set_new(o, "address", json_string(address));
	publish(core, o);
}

static void on_object(struct nl_object *object, void *arg)
{
	bool gone = nl_object_get_msgtype(object) == RTM_DELLINK || nl_object_get_msgtype(object) == RTM_DELNEIGH;
	const char *type = nl_object_get_type(object);

	if (!strcmp(type, "route/link"))
		on_link(arg, (struct rtnl_link *)object, gone);
	else if (!strcmp(type, "route/neigh"))
		on_neigh(arg, (struct rtnl_neigh *)object, gone);
}

static int on_message(struct nl_msg *msg, void *arg)
{
	nl_msg_parse(msg, on_object, arg);
	return NL_OK;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	int err = nl_recvmsgs_default(nl);

	(void)fd;
	(void)what;
	/* Lost notifications may have been about links. */
	if (err < 0 && err != -NLE_AGAIN)
		repair_links_soon(arg);
}

int netwatch_start(struct core *core, struct failure *f)
{
	int err;

	nl = nl_socket_alloc();
	if (!nl)
		return fail_sys(f, ENOMEM, "cannot watch the links");
	nl_socket_disable_seq_check(nl);
	nl_socket_modify_cb(nl, NL_CB_VALID, NL_CB_CUSTOM, on_message, core);
	err = nl_connect(nl, NETLINK_ROUTE);
	if (err >= 0)
		err = nl_socket_add_memberships(nl, RTNLGRP_LINK, RTNLGRP_NEIGH, 0);
	if (err < 0)
		return fail(f, CORDON_EXIT_FAILED, EIO, "cannot watch the links: %s", nl_geterror(err));
	nl_socket_set_nonblocking(nl);
	nl_socket_set_buffer_size(nl, 1 << 20, 0);
	readable = event_new(core->base, nl_socket_get_fd(nl), EV_READ | EV_PERSIST, on_readable, core);
	return readable && !event_add(readable, NULL) ? 0 : fail_sys(f, ENOMEM, "cannot watch the links");
}

void netwatch_stop(void)
{
	if (readable)
		event_free(readable);
	if (nl)
		nl_socket_free(nl);
	readable = NULL;
	nl = NULL;
}
