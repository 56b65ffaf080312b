/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One netlink socket to the module. */
#ifndef LAB_KERNEL_H
#define LAB_KERNEL_H

#include "lab.h"

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

struct link {
	struct mnl_socket *nl;
	uint16_t family;
	uint32_t group;		/* multicast group of the events */
	uint32_t seq;
	char why[200];		/* the extack sentence of the last refusal */
};

int link_open(struct link *link, const char *ns);
int link_open_here(struct link *link);	/* in the namespace of the moment */
void link_close(struct link *link);
struct nlmsghdr *link_message(struct link *link, char *buf, uint8_t cmd, uint16_t flags);
int link_talk(struct link *link, struct nlmsghdr *nlh, int (*take)(const struct nlmsghdr *, void *), void *arg);
struct link *kernel_link(void);	/* of the tested namespace; NULL: no module */

#endif /* LAB_KERNEL_H */
