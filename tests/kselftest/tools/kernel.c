// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's counters, devices, transactions and events over its netlink family, in the namespace it was opened in. */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char *const hooks[] = { "ingress", "forward", "local-in", "local-out", "bridge", "egress" };

static const char *const reasons[] = {
	"accepted", "no-ruleset", "malformed", "vlan", "ethertype", "own-mac", "device-port", "martian", "ipv6-ext", "ip-options",
	"fragment", "redirect", "ra-guard", "dhcp-server", "querier", "nd-sender", "arp-sender", "neighbour-target", "address-spoof",
	"zone-address", "group-unicast", "group", "unknown-destination", "not-for-us", "quarantine", "unknown-source", "pair",
	"service", "not-reply", "related", "unmanaged", "egress-port", "masquerade", "limit-packets", "limit-up",
	"limit-down", "limit-connections", "limit-unknown", "limit-membership", "limit-lease", "limit-unresolved",
};

_Static_assert(sizeof(hooks) / sizeof(hooks[0]) == __CORDON_HOOK_MAX, "a name for every hook");
_Static_assert(sizeof(reasons) / sizeof(reasons[0]) == __CORDON_REASON_MAX, "a name for every reason");

static struct link home;	/* the socket of every command but the swap's and the events' */
static char home_ns[32];

static int by_name(const char *const *names, int n, const char *name, size_t len)
{
	for (int i = 0; i < n; i++)
		if (strlen(names[i]) == len && !strncmp(names[i], name, len))
			return i;
	return -1;
}

int reason_by_name(const char *name, size_t len)
{
	return by_name(reasons, __CORDON_REASON_MAX, name, len);
}

int hook_by_name(const char *name, size_t len)
{
	return by_name(hooks, __CORDON_HOOK_MAX, name, len);
}

const char *reason_name(int reason)
{
	return reason >= 0 && reason < __CORDON_REASON_MAX ? reasons[reason] : "?";
}

const char *hook_name(int hook)
{
	return hook >= 0 && hook < __CORDON_HOOK_MAX ? hooks[hook] : "?";
}

static int family_attr(const struct nlattr *attr, void *data)
{
	struct link *link = data;
	struct nlattr *group, *field;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		link->family = mnl_attr_get_u16(attr);
	if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
		return MNL_CB_OK;
	mnl_attr_for_each_nested(group, attr)
		mnl_attr_for_each_nested(field, group)
			if (mnl_attr_get_type(field) == CTRL_ATTR_MCAST_GRP_ID)
				link->group = mnl_attr_get_u32(field);
	return MNL_CB_OK;
}

static int family_reply(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), family_attr, data);
}

void link_close(struct link *link)
{
	if (link->nl)
		mnl_socket_close(link->nl);
	memset(link, 0, sizeof(*link));
}

struct nlmsghdr *link_message(struct link *link, char *buf, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = link->family;
	nlh->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	nlh->nlmsg_seq = ++link->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = CORDON_GENL_VERSION;
	return nlh;
}

/* The kernel's sentence, when it gave one. */
static void take_extack(struct link *link, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t at = sizeof(*err) + (nlh->nlmsg_flags & NLM_F_CAPPED ? 0 : mnl_nlmsg_get_payload_len(nlh));
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	at = NLMSG_ALIGN(sizeof(*err)) +
	     (nlh->nlmsg_flags & NLM_F_CAPPED ? 0 : NLMSG_ALIGN(err->msg.nlmsg_len) - sizeof(err->msg));
	mnl_attr_for_each(attr, nlh, (unsigned int)at)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(link->why, sizeof(link->why), "%s", mnl_attr_get_str(attr));
}

/* Sends, hands every answer to @take, returns 0 or what the kernel refused with. */
int link_talk(struct link *link, struct nlmsghdr *nlh, int (*take)(const struct nlmsghdr *, void *), void *arg)
{
	bool dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	static char buf[1 << 16];
	unsigned int seq;

	nlh->nlmsg_flags |= dump ? 0 : NLM_F_ACK;
	seq = nlh->nlmsg_seq;
	link->why[0] = '\0';
	if (mnl_socket_sendto(link->nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		ssize_t got = mnl_socket_recvfrom(link->nl, buf, sizeof(buf));
		int left = (int)got;

		if (got < 0)
			return -errno;
		for (struct nlmsghdr *it = (void *)buf; mnl_nlmsg_ok(it, left); it = mnl_nlmsg_next(it, &left)) {
			if (it->nlmsg_seq != seq)
				continue;
			if (it->nlmsg_type == NLMSG_ERROR) {
				take_extack(link, it);
				return ((struct nlmsgerr *)mnl_nlmsg_get_payload(it))->error;
			}
			if (it->nlmsg_type == NLMSG_DONE)	/* a dump says in its end what went wrong */
				return mnl_nlmsg_get_payload_len(it) >= sizeof(int) ? *(int *)mnl_nlmsg_get_payload(it) : 0;
			if (take)
				take(it, arg);
		}
	}
}

int link_open(struct link *link, const char *ns)
{
	int err;

	link_close(link);
	err = netns_enter(ns);
	return err ? err : link_open_here(link);
}

int link_open_here(struct link *link)
{
	struct timeval patience = { .tv_sec = 20 };
	char buf[512];
	struct nlmsghdr *nlh;
	int err, one = 1;

	link->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!link->nl || mnl_socket_bind(link->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	setsockopt(mnl_socket_get_fd(link->nl), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	mnl_socket_setsockopt(link->nl, NETLINK_EXT_ACK, &one, sizeof(one));
	link->family = GENL_ID_CTRL;
	nlh = link_message(link, buf, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, CORDON_GENL_NAME);
	err = link_talk(link, nlh, family_reply, link);
	if (err)
		link_close(link);
	return err;
}

int kernel_open(const char *ns)
{
	snprintf(home_ns, sizeof(home_ns), "%s", ns);
	return link_open(&home, ns);
}

/* The family's id changes when the module is loaded anew. */
struct link *kernel_link(void)
{
	if (!home.nl && link_open(&home, home_ns))
		return NULL;
	return &home;
}

void kernel_forget(void)
{
	link_close(&home);
}

static int take_counters(const struct nlmsghdr *nlh, void *arg)
{
	struct counters *c = arg;
	struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CORDON_A_COUNTERS && mnl_attr_get_payload_len(attr) == sizeof(c->v)) {
			memcpy(c->v, mnl_attr_get_payload(attr), sizeof(c->v));
			c->there = true;
		}
	}
	return MNL_CB_OK;
}

/* Without the module every counter is 0, so a case can run before it is loaded. */
bool kernel_counters(struct counters *c)
{
	char buf[256];

	memset(c, 0, sizeof(*c));
	for (int tries = 0; tries < 2 && !c->there && kernel_link(); tries++)
		if (link_talk(&home, link_message(&home, buf, CORDON_CMD_STATS_GET, 0), take_counters, c))
			kernel_forget();
	return c->there;
}

uint64_t counters_drops_at(const struct counters *now, const struct counters *before, int hook)
{
	uint64_t total = 0;

	for (int r = 1; r < __CORDON_REASON_MAX; r++)
		total += now->v[hook][r] - before->v[hook][r];
	return total;
}

uint64_t counters_drops(const struct counters *now, const struct counters *before)
{
	uint64_t total = 0;

	for (int h = 0; h < __CORDON_HOOK_MAX; h++)
		total += counters_drops_at(now, before, h);
	return total;
}

void describe_drops(const struct counters *now, const struct counters *before, char *out, size_t room)
{
	size_t at = 0;

	out[0] = '\0';
	for (int h = 0; h < __CORDON_HOOK_MAX; h++) {
		for (int r = 1; r < __CORDON_REASON_MAX && at < room; r++) {
			uint64_t more = now->v[h][r] - before->v[h][r];

			if (more)
				at += (size_t)snprintf(out + at, room - at, "%s%s/%s+%llu", at ? "," : "", hooks[h], reasons[r],
						       (unsigned long long)more);
		}
	}
	if (!at)
		snprintf(out, room, "none");
}

/* stats HOOK/REASON: the counter; without a name all that are not 0 */
void do_stats(const struct words *w)
{
	static const struct counters zero;
	struct counters now;
	char text[2000];
	struct want want;

	if (!kernel_counters(&now)) {
		answer("bad no counters");
		return;
	}
	if (w->n > 1 && want_parse(w->v[1].key, &want)) {
		answer("ok %llu", (unsigned long long)now.v[want.hook][want.reason]);
		return;
	}
	describe_drops(&now, &zero, text, sizeof(text));
	answer("ok %s", text);
}
