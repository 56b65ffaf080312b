// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * helped ns=gw from=d1 to=d5 sport=43100 dport=443 helper=ftp [six]: an established TCP conversation in conntrack, with this helper
 * reading along; as nft's `ct helper set` would make it, which not every kernel of the tests has.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void put_tuple(struct nlmsghdr *nlh, int type, const struct host *from, const struct host *to, bool six, int sport, int dport)
{
	struct nlattr *tuple = mnl_attr_nest_start(nlh, (uint16_t)type), *part = mnl_attr_nest_start(nlh, CTA_TUPLE_IP);

	if (six) {
		mnl_attr_put(nlh, CTA_IP_V6_SRC, 16, &from->ip6);
		mnl_attr_put(nlh, CTA_IP_V6_DST, 16, &to->ip6);
	} else {
		mnl_attr_put(nlh, CTA_IP_V4_SRC, 4, &from->ip4);
		mnl_attr_put(nlh, CTA_IP_V4_DST, 4, &to->ip4);
	}
	mnl_attr_nest_end(nlh, part);
	part = mnl_attr_nest_start(nlh, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(nlh, CTA_PROTO_NUM, IPPROTO_TCP);
	mnl_attr_put_u16(nlh, CTA_PROTO_SRC_PORT, htons((uint16_t)sport));
	mnl_attr_put_u16(nlh, CTA_PROTO_DST_PORT, htons((uint16_t)dport));
	mnl_attr_nest_end(nlh, part);
	mnl_attr_nest_end(nlh, tuple);
}

static void put_state(struct nlmsghdr *nlh)
{
	struct nf_ct_tcp_flags liberal = { IP_CT_TCP_FLAG_BE_LIBERAL, IP_CT_TCP_FLAG_BE_LIBERAL };
	struct nlattr *info = mnl_attr_nest_start(nlh, CTA_PROTOINFO), *tcp = mnl_attr_nest_start(nlh, CTA_PROTOINFO_TCP);

	mnl_attr_put_u8(nlh, CTA_PROTOINFO_TCP_STATE, TCP_CONNTRACK_ESTABLISHED);
	mnl_attr_put(nlh, CTA_PROTOINFO_TCP_FLAGS_ORIGINAL, sizeof(liberal), &liberal);
	mnl_attr_put(nlh, CTA_PROTOINFO_TCP_FLAGS_REPLY, sizeof(liberal), &liberal);
	mnl_attr_nest_end(nlh, tcp);
	mnl_attr_nest_end(nlh, info);
}

static void make(const struct words *w, struct nlmsghdr *nlh, const struct host *from, const struct host *to)
{
	int sport = (int)word_num(w, "sport", 0), dport = (int)word_num(w, "dport", 0);
	bool six = word_has(w, "six");
	struct nfgenmsg *head;
	struct nlattr *help;

	nlh->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;
	nlh->nlmsg_seq = 1;
	head = mnl_nlmsg_put_extra_header(nlh, sizeof(*head));
	head->nfgen_family = six ? AF_INET6 : AF_INET;
	head->version = NFNETLINK_V0;
	put_tuple(nlh, CTA_TUPLE_ORIG, from, to, six, sport, dport);
	put_tuple(nlh, CTA_TUPLE_REPLY, to, from, six, dport, sport);
	mnl_attr_put_u32(nlh, CTA_TIMEOUT, htonl(300));
	mnl_attr_put_u32(nlh, CTA_STATUS, htonl(IPS_CONFIRMED | IPS_SEEN_REPLY | IPS_ASSURED));
	put_state(nlh);
	help = mnl_attr_nest_start(nlh, CTA_HELP);
	mnl_attr_put_strz(nlh, CTA_HELP_NAME, word(w, "helper"));
	mnl_attr_nest_end(nlh, help);
}

void do_helped(const struct words *w)
{
	const struct host *from = host_find(word(w, "from")), *to = host_find(word(w, "to"));
	struct mnl_socket *nl;
	char buf[1024];
	ssize_t got;
	int err = 0;

	if (!from || !to || !word(w, "helper") || netns_enter(word(w, "ns") ? word(w, "ns") : "gw")) {
		answer("bad helped from= to= sport= dport= helper=");
		return;
	}
	nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		answer("bad %s", strerror(errno));
		return;
	}
	make(w, mnl_nlmsg_put_header(buf), from, to);
	got = mnl_socket_sendto(nl, buf, ((struct nlmsghdr *)buf)->nlmsg_len);
	if (got >= 0)
		got = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	if (got < 0 || mnl_cb_run(buf, (size_t)got, 1, mnl_socket_get_portid(nl), NULL, NULL) < 0)
		err = errno;
	mnl_socket_close(nl);
	answer(err ? "bad %s" : "ok", strerror(err));
}
