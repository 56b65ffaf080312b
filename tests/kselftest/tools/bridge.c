// SPDX-License-Identifier: GPL-2.0-or-later
/* bridge flush ns=gw dev=br0: the bridge forgets the MACs that it has learned, without a process for it. */
#include "lab.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

static int talk(struct nlmsghdr *nlh)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	char buf[4096];
	ssize_t got = -1;

	if (!nl)
		return -errno;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) >= 0 && mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) >= 0)
		got = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	mnl_socket_close(nl);
	if (got < (ssize_t)sizeof(struct nlmsghdr))
		return -EIO;
	return ((struct nlmsgerr *)mnl_nlmsg_get_payload((struct nlmsghdr *)buf))->error;
}

void do_bridge(const struct words *w)
{
	struct nlattr *info, *data;
	struct ifinfomsg *ifi;
	struct nlmsghdr *nlh;
	char buf[512];
	int err;

	if (!word(w, "dev") || !word(w, "ns") || netns_enter(word(w, "ns"))) {
		answer("bad bridge flush ns= dev=");
		return;
	}
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = RTM_NEWLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = (int)if_nametoindex(word(w, "dev"));
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "bridge");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	mnl_attr_put(nlh, IFLA_BR_FDB_FLUSH, 0, NULL);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	err = ifi->ifi_index ? talk(nlh) : -ENODEV;
	answer(err ? "bad %s" : "ok", strerror(-err));
}
