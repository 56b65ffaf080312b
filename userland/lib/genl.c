// SPDX-License-Identifier: GPL-2.0-or-later
/* Generic netlink over libmnl. Replies of other sequence numbers are ignored, never trusted. */
#include "userland/lib/genl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/cordon.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "userland/lib/names.h"

#define RECEIVE_BYTES 65536

/* Refusals -------------------------------------------------------------------------------------------------------- */

struct ack {
	const char *text;
	uint32_t offset;
	uint32_t missing;
	bool has_offset, has_missing;
};

static int ack_attr(const struct nlattr *attr, void *data)
{
	struct ack *ack = data;
	uint16_t len = mnl_attr_get_payload_len(attr);

	switch (mnl_attr_get_type(attr)) {
	case NLMSGERR_ATTR_MSG:
		if (len && ((const char *)mnl_attr_get_payload(attr))[len - 1] == '\0')
			ack->text = mnl_attr_get_str(attr);
		break;
	case NLMSGERR_ATTR_OFFS:
		ack->has_offset = len == sizeof(uint32_t);
		ack->offset = ack->has_offset ? mnl_attr_get_u32(attr) : 0;
		break;
	case NLMSGERR_ATTR_MISS_TYPE:
		ack->has_missing = len == sizeof(uint32_t);
		ack->missing = ack->has_missing ? mnl_attr_get_u32(attr) : 0;
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static void parse_ack(const struct nlmsghdr *nlh, struct ack *ack)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t skip = sizeof(*err);

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += MNL_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	if (skip < mnl_nlmsg_get_payload_len(nlh))
		mnl_attr_parse(nlh, (unsigned int)skip, ack_attr, ack);
}

static const char *attr_at(const struct nlmsghdr *request, uint32_t offset)
{
	const struct nlattr *attr;

	if (!request || offset > request->nlmsg_len || request->nlmsg_len - offset < sizeof(*attr))
		return NULL;
	attr = (const struct nlattr *)((const char *)request + offset);
	return name_attr(mnl_attr_get_type(attr));
}

void netlink_refusal(const struct nlmsghdr *error, const struct nlmsghdr *request, struct failure *f)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(error);
	struct ack ack = { 0 };
	char where[64] = "";
	int sys;

	if (mnl_nlmsg_get_payload_len(error) < sizeof(*err)) {
		fail(f, CORDON_EXIT_FAILED, EBADMSG, "the kernel sent a short error message");
		return;
	}
	sys = -err->error;
	parse_ack(error, &ack);
	if (ack.has_missing)
		snprintf(where, sizeof(where), " (attribute %s is missing)", name_attr((uint16_t)ack.missing));
	else if (ack.has_offset && attr_at(request, ack.offset))
		snprintf(where, sizeof(where), " (attribute %s)", attr_at(request, ack.offset));
	fail(f, sys == EPERM || sys == EACCES ? CORDON_EXIT_DENIED : CORDON_EXIT_FAILED, sys, "%s%s",
	     ack.text ? ack.text : strerror(sys), where);
}

/* Calls ----------------------------------------------------------------------------------------------------------- */

struct nlmsghdr *genl_request(struct genl *g, void *buffer, uint8_t cmd, bool dump)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = g->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK);
	nlh->nlmsg_seq = ++g->seq ? g->seq : ++g->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = CORDON_GENL_VERSION;
	return nlh;
}

struct call {
	const struct nlmsghdr *request;
	genl_attrs_cb cb;
	void *arg;
	struct failure *f;
	bool done;
	bool interrupted;
};

/* The end of a request: an acknowledgement, a refusal, or the end of a dump with its errno. */
static int finish(struct call *call, const struct nlmsghdr *nlh)
{
	const int *code = mnl_nlmsg_get_payload(nlh);

	call->done = true;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*code))
		return nlh->nlmsg_type == NLMSG_DONE ? 0 : fail(call->f, CORDON_EXIT_FAILED, EBADMSG, "short netlink error");
	if (nlh->nlmsg_type == NLMSG_ERROR && *code) {
		netlink_refusal(nlh, call->request, call->f);
		return *code;
	}
	if (nlh->nlmsg_type == NLMSG_DONE && *code < 0)
		return fail_sys(call->f, -*code, "the kernel ended the dump");
	if (call->interrupted)
		return fail(call->f, CORDON_EXIT_FAILED, EAGAIN, "the kernel's table changed while it was read");
	return 0;
}

static int deliver(struct call *call, const struct nlmsghdr *nlh)
{
	const char *payload = mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		call->interrupted = true;
	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
		return finish(call, nlh);
	if (len < GENL_HDRLEN)
		return fail(call->f, CORDON_EXIT_FAILED, EBADMSG, "short netlink message");
	return call->cb ? call->cb(payload, len - GENL_HDRLEN, call->arg) : 0;
}

/* One datagram of answers. Only messages of this request count; events that arrive between them are another socket's. */
static int deliver_all(struct genl *g, struct call *call, const void *buffer, int len)
{
	const struct nlmsghdr *nlh = buffer;
	int err = 0;

	for (; mnl_nlmsg_ok(nlh, len) && !err && !call->done; nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_seq == call->request->nlmsg_seq && nlh->nlmsg_pid == g->port)
			err = deliver(call, nlh);
	}
	return err;
}

int genl_call(struct genl *g, struct nlmsghdr *request, genl_attrs_cb cb, void *arg, struct failure *f)
{
	struct call call = { .request = request, .cb = cb, .arg = arg, .f = f };
	char *buffer = malloc(RECEIVE_BYTES);
	ssize_t len;
	int err = 0;

	if (!buffer)
		return fail_sys(f, ENOMEM, "netlink buffer");
	if (mnl_socket_sendto(g->socket, request, request->nlmsg_len) < 0)
		err = fail_sys(f, errno, "cannot send to the kernel");
	while (!err && !call.done) {
		len = mnl_socket_recvfrom(g->socket, buffer, RECEIVE_BYTES);
		if (len < 0 && errno == EINTR)
			continue;
		err = len < 0 ? fail_sys(f, errno, "cannot read from the kernel") :
				deliver_all(g, &call, buffer, (int)len);
	}
	free(buffer);
	return err;
}

/* Opening --------------------------------------------------------------------------------------------------------- */

static int group_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr **tb = data;

	if (mnl_attr_get_type(attr) <= CTRL_ATTR_MCAST_GRP_MAX)
		tb[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

static void read_groups(struct genl *g, const struct nlattr *groups)
{
	const struct nlattr *group;

	mnl_attr_for_each_nested(group, groups) {
		const struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1] = { 0 };

		mnl_attr_parse_nested(group, group_attr, tb);
		if (tb[CTRL_ATTR_MCAST_GRP_NAME] && tb[CTRL_ATTR_MCAST_GRP_ID] &&
		    !strcmp(mnl_attr_get_str(tb[CTRL_ATTR_MCAST_GRP_NAME]), CORDON_GENL_MCGRP_EVENTS))
			g->group = mnl_attr_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
}

static int family_attr(const struct nlattr *attr, void *data)
{
	struct genl *g = data;

	switch (mnl_attr_get_type(attr)) {
	case CTRL_ATTR_FAMILY_ID:
		g->family = mnl_attr_get_u16(attr);
		break;
	case CTRL_ATTR_MCAST_GROUPS:
		read_groups(g, attr);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static int family_reply(const void *attrs, size_t len, void *arg)
{
	return mnl_attr_parse_payload(attrs, len, family_attr, arg) < 0 ? -EBADMSG : 0;
}

static int resolve(struct genl *g, struct failure *f)
{
	char buffer[512];
	struct nlmsghdr *nlh;
	int err;

	g->family = GENL_ID_CTRL;
	nlh = genl_request(g, buffer, CTRL_CMD_GETFAMILY, false);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, CORDON_GENL_NAME);
	err = genl_call(g, nlh, family_reply, g, f);
	if (err == -ENOENT)
		return fail(f, CORDON_EXIT_UNREACHABLE, ENOENT,
			    "the kernel module cordon is not loaded (load it with: modprobe cordon)");
	return err;
}

int genl_open(struct genl *g, struct failure *f)
{
	int one = 1, err;

	memset(g, 0, sizeof(*g));
	g->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!g->socket)
		return fail_sys(f, errno, "cannot open a netlink socket");
	if (mnl_socket_bind(g->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(g->socket, NETLINK_EXT_ACK, &one, sizeof(one)) < 0 ||
	    mnl_socket_setsockopt(g->socket, NETLINK_CAP_ACK, &one, sizeof(one)) < 0) {
		err = fail_sys(f, errno, "cannot set up the netlink socket");
		genl_close(g);
		return err;
	}
	g->port = mnl_socket_get_portid(g->socket);
	err = resolve(g, f);
	if (err)
		genl_close(g);
	return err;
}

void genl_close(struct genl *g)
{
	if (g->socket)
		mnl_socket_close(g->socket);
	g->socket = NULL;
}

int genl_fd(const struct genl *g)
{
	return mnl_socket_get_fd(g->socket);
}

int genl_subscribe(struct genl *g, struct failure *f)
{
	int group = (int)g->group, size = 4 << 20;

	if (!group)
		return fail(f, CORDON_EXIT_FAILED, ENOENT, "the module has no event group");
	if (setsockopt(genl_fd(g), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(genl_fd(g), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (mnl_socket_setsockopt(g->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return fail_sys(f, errno, "cannot subscribe to cordon's events");
	return 0;
}

static void deliver_events(struct genl *g, const void *buffer, int len, genl_attrs_cb cb, void *arg)
{
	const struct nlmsghdr *nlh = buffer;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		size_t payload = mnl_nlmsg_get_payload_len(nlh);

		if (nlh->nlmsg_type == g->family && payload >= GENL_HDRLEN)
			cb(mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN), payload - GENL_HDRLEN, arg);
	}
}

int genl_receive(struct genl *g, genl_attrs_cb cb, void *arg, uint64_t *lost, struct failure *f)
{
	char buffer[RECEIVE_BYTES / 4];

	for (int i = 0; i < 256; i++) {
		ssize_t len = recv(genl_fd(g), buffer, sizeof(buffer), MSG_DONTWAIT);

		if (len >= 0)
			deliver_events(g, buffer, (int)len, cb, arg);
		else if (errno == ENOBUFS)
			++*lost;
		else if (errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			return fail_sys(f, errno, "cannot read events");
	}
	return 0;
}
