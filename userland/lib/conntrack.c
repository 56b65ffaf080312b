// SPDX-License-Identifier: GPL-2.0-or-later
/* ctnetlink over libmnl. A socket per call: these are rare, and a dump must not mix with anything else. */
#include "userland/lib/conntrack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>

#include "userland/lib/genl.h"

#define BYTES 65536

static const uint8_t v4_mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

struct tuple {
	uint8_t src[16], dst[16];
	uint8_t proto;
	uint16_t sport, dport, icmp_id;
	uint8_t icmp_type, icmp_code;
};

struct table {
	const struct nlattr *tb[64];
};

static int index_attr(const struct nlattr *attr, void *data)
{
	struct table *t = data;

	if (mnl_attr_get_type(attr) < 64)
		t->tb[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

static void copy_address(const struct table *t, int v4, int v6, uint8_t out[16])
{
	if (t->tb[v4] && mnl_attr_get_payload_len(t->tb[v4]) == 4) {
		memcpy(out, v4_mapped, sizeof(v4_mapped));
		memcpy(out + 12, mnl_attr_get_payload(t->tb[v4]), 4);
	} else if (t->tb[v6] && mnl_attr_get_payload_len(t->tb[v6]) == 16) {
		memcpy(out, mnl_attr_get_payload(t->tb[v6]), 16);
	}
}

static uint16_t get16(const struct table *t, int type)
{
	return t->tb[type] && mnl_attr_get_payload_len(t->tb[type]) == 2 ? ntohs(mnl_attr_get_u16(t->tb[type])) : 0;
}

static uint8_t get8(const struct table *t, int a, int b)
{
	const struct nlattr *attr = t->tb[a] ? t->tb[a] : t->tb[b];

	return attr && mnl_attr_get_payload_len(attr) == 1 ? mnl_attr_get_u8(attr) : 0;
}

static void parse_tuple(const struct nlattr *attr, struct tuple *out)
{
	struct table t = { 0 }, ip = { 0 }, proto = { 0 };

	mnl_attr_parse_nested(attr, index_attr, &t);
	if (t.tb[CTA_TUPLE_IP])
		mnl_attr_parse_nested(t.tb[CTA_TUPLE_IP], index_attr, &ip);
	if (t.tb[CTA_TUPLE_PROTO])
		mnl_attr_parse_nested(t.tb[CTA_TUPLE_PROTO], index_attr, &proto);
	copy_address(&ip, CTA_IP_V4_SRC, CTA_IP_V6_SRC, out->src);
	copy_address(&ip, CTA_IP_V4_DST, CTA_IP_V6_DST, out->dst);
	out->proto = get8(&proto, CTA_PROTO_NUM, CTA_PROTO_NUM);
	out->sport = get16(&proto, CTA_PROTO_SRC_PORT);
	out->dport = get16(&proto, CTA_PROTO_DST_PORT);
	out->icmp_id = get16(&proto, CTA_PROTO_ICMP_ID);
	if (!out->icmp_id)
		out->icmp_id = get16(&proto, CTA_PROTO_ICMPV6_ID);
	out->icmp_type = get8(&proto, CTA_PROTO_ICMP_TYPE, CTA_PROTO_ICMPV6_TYPE);
	out->icmp_code = get8(&proto, CTA_PROTO_ICMP_CODE, CTA_PROTO_ICMPV6_CODE);
}

static bool parse_flow(const struct nlmsghdr *nlh, struct ct_flow *flow)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	struct tuple original = { 0 }, reply = { 0 };
	struct table t = { 0 };

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*nfg) ||
	    mnl_attr_parse(nlh, sizeof(*nfg), index_attr, &t) < 0 || !t.tb[CTA_TUPLE_ORIG] || !t.tb[CTA_TUPLE_REPLY])
		return false;
	memset(flow, 0, sizeof(*flow));
	parse_tuple(t.tb[CTA_TUPLE_ORIG], &original);
	parse_tuple(t.tb[CTA_TUPLE_REPLY], &reply);
	flow->family = nfg->nfgen_family;
	flow->proto = original.proto;
	memcpy(flow->src, original.src, 16);
	memcpy(flow->dst, original.dst, 16);
	memcpy(flow->reply_src, reply.src, 16);
	flow->sport = original.sport;
	flow->dport = original.dport;
	flow->reply_sport = reply.sport;
	flow->icmp_id = original.icmp_id;
	flow->icmp_type = original.icmp_type;
	flow->icmp_code = original.icmp_code;
	flow->has_zone = t.tb[CTA_ZONE] != NULL;
	flow->zone = get16(&t, CTA_ZONE);
	flow->has_id = t.tb[CTA_ID] && mnl_attr_get_payload_len(t.tb[CTA_ID]) == 4;
	flow->id = flow->has_id ? mnl_attr_get_u32(t.tb[CTA_ID]) : 0;
	return true;
}

/* Requests -------------------------------------------------------------------------------------------------------- */

static struct nlmsghdr *request(void *buffer, uint8_t type, uint16_t flags, uint8_t family)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = (uint16_t)(NFNL_SUBSYS_CTNETLINK << 8 | type);
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = 1;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	return nlh;
}

static struct mnl_socket *open_socket(struct failure *f)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	int one = 1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		fail_sys(f, errno, "cannot open conntrack netlink");
		if (nl)
			mnl_socket_close(nl);
		return NULL;
	}
	mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &one, sizeof(one));
	return nl;
}

struct walk {
	kernel_flow_cb cb;
	void *arg;
	struct failure *f;
	bool done;
};

static int one_message(struct walk *w, const struct nlmsghdr *nlh)
{
	struct ct_flow flow;

	if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
		const int *code = mnl_nlmsg_get_payload(nlh);

		w->done = true;
		if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*code) && *code)
			return fail_sys(w->f, -*code, "conntrack");
		return 0;
	}
	return w->cb && parse_flow(nlh, &flow) ? w->cb(&flow, w->arg) : 0;
}

static int talk(const struct nlmsghdr *out, struct walk *w)
{
	struct mnl_socket *nl = open_socket(w->f);
	char *buffer = malloc(BYTES);
	int err = 0;

	if (!nl || !buffer)
		err = -ENOMEM;
	else if (mnl_socket_sendto(nl, out, out->nlmsg_len) < 0)
		err = fail_sys(w->f, errno, "conntrack");
	while (!err && !w->done) {
		int len = (int)mnl_socket_recvfrom(nl, buffer, BYTES);
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)buffer;

		if (len < 0 && errno != EINTR)
			err = fail_sys(w->f, errno, "conntrack");
		for (; len > 0 && mnl_nlmsg_ok(nlh, len) && !err && !w->done; nlh = mnl_nlmsg_next(nlh, &len))
			err = one_message(w, nlh);
	}
	free(buffer);
	if (nl)
		mnl_socket_close(nl);
	return err;
}

/* Errors of a kernel that has no conntrack, or none over netlink. */
static bool no_conntrack(int err)
{
	return err == -EINVAL || err == -EOPNOTSUPP || err == -EPROTONOSUPPORT || err == -ENOENT;
}

int conntrack_dump(kernel_flow_cb cb, void *arg, struct failure *f)
{
	char buffer[256];
	struct walk w = { .cb = cb, .arg = arg, .f = f };
	int err = talk(request(buffer, IPCTNL_MSG_CT_GET, NLM_F_DUMP, AF_UNSPEC), &w);

	return no_conntrack(err) ? 0 : err;
}

static void put_tuple(struct nlmsghdr *nlh, const struct ct_flow *flow)
{
	struct nlattr *tuple = mnl_attr_nest_start(nlh, CTA_TUPLE_ORIG);
	struct nlattr *nest = mnl_attr_nest_start(nlh, CTA_TUPLE_IP);
	bool v4 = flow->family == AF_INET;

	mnl_attr_put(nlh, v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, v4 ? 4 : 16, v4 ? flow->src + 12 : flow->src);
	mnl_attr_put(nlh, v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, v4 ? 4 : 16, v4 ? flow->dst + 12 : flow->dst);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(nlh, CTA_PROTO_NUM, flow->proto);
	if (flow->proto == IPPROTO_ICMP || flow->proto == IPPROTO_ICMPV6) {
		v4 = flow->proto == IPPROTO_ICMP;
		mnl_attr_put_u16(nlh, v4 ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID, htons(flow->icmp_id));
		mnl_attr_put_u8(nlh, v4 ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE, flow->icmp_type);
		mnl_attr_put_u8(nlh, v4 ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE, flow->icmp_code);
	} else {
		mnl_attr_put_u16(nlh, CTA_PROTO_SRC_PORT, htons(flow->sport));
		mnl_attr_put_u16(nlh, CTA_PROTO_DST_PORT, htons(flow->dport));
	}
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_nest_end(nlh, tuple);
}

int conntrack_delete(const struct ct_flow *flow, struct failure *f)
{
	char buffer[512];
	struct walk w = { .f = f };
	struct nlmsghdr *nlh;
	int err;

	if (flow->family != AF_INET && flow->family != AF_INET6)
		return fail(f, CORDON_EXIT_FAILED, EINVAL, "a conntrack entry of an unknown family");
	nlh = request(buffer, IPCTNL_MSG_CT_DELETE, NLM_F_ACK, flow->family);
	put_tuple(nlh, flow);
	if (flow->has_zone)
		mnl_attr_put_u16(nlh, CTA_ZONE, htons(flow->zone));
	if (flow->has_id)
		mnl_attr_put_u32(nlh, CTA_ID, flow->id);
	err = talk(nlh, &w);
	return err == -ENOENT ? 0 : err;
}
