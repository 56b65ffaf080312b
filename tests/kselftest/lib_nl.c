// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib_nl.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 60000

static struct nlmsghdr *header(struct nl *nl)
{
	return (struct nlmsghdr *)nl->request;
}

static void begin(struct nl *nl, uint16_t family, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl = (struct genlmsghdr *)(nl->request + NLMSG_HDRLEN);

	memset(nl->request, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	header(nl)->nlmsg_type = family;
	header(nl)->nlmsg_flags = NLM_F_REQUEST | flags;
	header(nl)->nlmsg_seq = ++nl->seq;
	genl->cmd = cmd;
	genl->version = CORDON_GENL_VERSION;
	nl->len = NLMSG_HDRLEN + GENL_HDRLEN;
}

void nl_begin(struct nl *nl, uint8_t cmd, bool dump)
{
	begin(nl, nl->family, cmd, dump ? NLM_F_DUMP : NLM_F_ACK);
}

void nl_put(struct nl *nl, uint16_t type, const void *data, size_t len)
{
	struct nlattr *nla = (struct nlattr *)(nl->request + nl->len);

	if (nl->len + NLA_HDRLEN + NLA_ALIGN(len) > sizeof(nl->request))
		_exit(99);
	nla->nla_type = type;
	nla->nla_len = (uint16_t)(NLA_HDRLEN + len);
	memset(nla + 1, 0, NLA_ALIGN(len));
	if (len)
		memcpy(nla + 1, data, len);
	nl->len += NLA_HDRLEN + NLA_ALIGN(len);
}

void nl_put_int(struct nl *nl, uint16_t type, uint64_t value, size_t len)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;
	const void *data = len == 1 ? &u8 : len == 2 ? &u16 : len == 4 ? (const void *)&u32 : &value;

	nl_put(nl, type, data, len);
}

static uint64_t as_number(const uint8_t *data, size_t len)
{
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (len) {
	case 1:
		return *data;
	case 2:
		memcpy(&u16, data, 2);
		return u16;
	case 4:
		memcpy(&u32, data, 4);
		return u32;
	case 8:
		memcpy(&u64, data, 8);
		return u64;
	}
	return len;
}

/* Calls @take for each attribute in @len bytes. */
static void each(const uint8_t *at, size_t len, void (*take)(void *, int, const uint8_t *, size_t), void *arg)
{
	while (len >= NLA_HDRLEN) {
		const struct nlattr *nla = (const void *)at;
		size_t step = NLA_ALIGN(nla->nla_len);

		if (nla->nla_len < NLA_HDRLEN || nla->nla_len > len)
			return;
		take(arg, nla->nla_type & NLA_TYPE_MASK, at + NLA_HDRLEN, nla->nla_len - NLA_HDRLEN);
		at += step;
		len -= step < len ? step : len;
	}
}

static void take_reply(void *arg, int type, const uint8_t *data, size_t len)
{
	struct nl_answer *a = arg;

	if (type > CORDON_A_MAX)
		return;
	a->has[type] = true;
	a->number[type] = as_number(data, len);
	memcpy(a->bytes[type], data, len < sizeof(a->bytes[type]) ? len : sizeof(a->bytes[type]));
}

static void take_extack(void *arg, int type, const uint8_t *data, size_t len)
{
	struct nl_answer *a = arg;

	if (type == NLMSGERR_ATTR_MSG)
		memcpy(a->text, data, len < NL_TEXT ? len : NL_TEXT - 1);
	else if (type == NLMSGERR_ATTR_OFFS)
		a->offset = (int)as_number(data, len);
	else if (type == NLMSGERR_ATTR_MISS_TYPE)
		a->missing = (int)as_number(data, len);
}

static void take_error(struct nl_answer *a, const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = (const void *)((const char *)h + NLMSG_HDRLEN);
	size_t skip = sizeof(*e);

	a->error = -e->error;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		skip += e->msg.nlmsg_len - NLMSG_HDRLEN;
	if (h->nlmsg_flags & NLM_F_ACK_TLVS)
		each((const uint8_t *)e + NLMSG_ALIGN(skip), h->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(skip),
		     take_extack, a);
}

/* The end of a dump may carry an error like an acknowledgement. */
static void take_done(struct nl_answer *a, const struct nlmsghdr *h)
{
	int error = 0;

	if (h->nlmsg_len >= NLMSG_HDRLEN + sizeof(error))
		memcpy(&error, (const char *)h + NLMSG_HDRLEN, sizeof(error));
	a->error = error < 0 ? -error : 0;
	if (h->nlmsg_flags & NLM_F_ACK_TLVS)
		each((const uint8_t *)h + NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(error)),
		     h->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(sizeof(error)), take_extack, a);
}

/* Return: whether this was the end. */
static bool take_message(struct nl *nl, const struct nlmsghdr *h)
{
	size_t head = NLMSG_HDRLEN + GENL_HDRLEN;

	if (h->nlmsg_seq != nl->seq)
		return false;
	if (h->nlmsg_type == NLMSG_ERROR) {
		take_error(&nl->answer, h);
		return true;
	}
	if (h->nlmsg_type == NLMSG_DONE) {
		take_done(&nl->answer, h);
		return true;
	}
	memset(nl->answer.has, 0, sizeof(nl->answer.has));
	nl->answer.messages++;
	each((const uint8_t *)h + head, h->nlmsg_len - head, take_reply, &nl->answer);
	return false;
}

int nl_send(struct nl *nl)
{
	static char buf[1 << 18];
	struct pollfd p = { .fd = nl->fd, .events = POLLIN };

	memset(&nl->answer, 0, sizeof(nl->answer));
	nl->answer.missing = -1;
	nl->answer.offset = -1;
	header(nl)->nlmsg_len = (uint32_t)nl->len;
	if (send(nl->fd, nl->request, nl->len, 0) < 0)
		return nl->answer.error = errno;
	while (poll(&p, 1, PATIENCE_MS) == 1) {
		ssize_t n = recv(nl->fd, buf, sizeof(buf), 0);
		struct nlmsghdr *h = (struct nlmsghdr *)buf;

		if (n < 0)
			return nl->answer.error = errno;
		for (unsigned int left = (unsigned int)n; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left))
			if (take_message(nl, h))
				return nl->answer.error;
	}
	return nl->answer.error = ETIMEDOUT;
}

/* What CTRL_CMD_GETFAMILY says, picked out of its own attribute numbers. */
struct family {
	uint16_t id;
	uint32_t group;
};

static void take_group_entry(void *arg, int type, const uint8_t *data, size_t len)
{
	if (type == CTRL_ATTR_MCAST_GRP_ID)
		((struct family *)arg)->group = (uint32_t)as_number(data, len);
}

static void take_group(void *arg, int type, const uint8_t *data, size_t len)
{
	(void)type;
	each(data, len, take_group_entry, arg);
}

static void take_family(void *arg, int type, const uint8_t *data, size_t len)
{
	if (type == CTRL_ATTR_FAMILY_ID)
		((struct family *)arg)->id = (uint16_t)as_number(data, len);
	else if (type == CTRL_ATTR_MCAST_GROUPS)
		each(data, len, take_group, arg);
}

int nl_references(void)
{
	FILE *f = fopen("/sys/module/cordon/refcnt", "r");
	int n = -1;

	if (!f)
		return -1;
	if (fscanf(f, "%d", &n) != 1)
		n = -1;
	fclose(f);
	return n;
}

static void load_module(void)
{
	if (access("/sys/module/cordon", F_OK) && !getuid() && system("modprobe -q cordon"))
		fprintf(stderr, "# no module cordon to load\n");
}

int nl_open(struct nl *nl)
{
	const int on = 1;
	struct family family = { 0 };
	char buf[8192];
	ssize_t n;

	memset(nl, 0, offsetof(struct nl, request));
	load_module();
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (nl->fd < 0)
		return -1;
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	begin(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	nl_put(nl, CTRL_ATTR_FAMILY_NAME, CORDON_GENL_NAME, sizeof(CORDON_GENL_NAME));
	header(nl)->nlmsg_len = (uint32_t)nl->len;
	if (send(nl->fd, nl->request, nl->len, 0) < 0)
		return -1;
	n = recv(nl->fd, buf, sizeof(buf), 0);
	if (n > NLMSG_HDRLEN + GENL_HDRLEN && ((struct nlmsghdr *)buf)->nlmsg_type == GENL_ID_CTRL)
		each((uint8_t *)buf + NLMSG_HDRLEN + GENL_HDRLEN, (size_t)n - NLMSG_HDRLEN - GENL_HDRLEN,
		     take_family, &family);
	nl->family = family.id;
	nl->group = family.group;
	return nl->family ? 0 : -1;
}

void nl_close(struct nl *nl)
{
	close(nl->fd);
}
