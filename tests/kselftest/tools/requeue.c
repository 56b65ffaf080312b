// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * requeue ns=gw num=7 [mark=0x80000000]: a thread that takes every packet of that queue (nft: queue num 7) and hands it back with
 * "accept", and with that mark. It ends with lab.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#define ACCEPT 1

static struct mnl_socket *nl;
static uint16_t queue;
static uint32_t mark;
static bool marks;

static struct nlmsghdr *message(char *buf, int type)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *head;

	nlh->nlmsg_type = (uint16_t)(NFNL_SUBSYS_QUEUE << 8 | type);
	nlh->nlmsg_flags = NLM_F_REQUEST;
	head = mnl_nlmsg_put_extra_header(nlh, sizeof(*head));
	head->nfgen_family = AF_UNSPEC;
	head->version = NFNETLINK_V0;
	head->res_id = htons(queue);
	return nlh;
}

static bool configure(void)
{
	struct nfqnl_msg_config_cmd bind = { .command = NFQNL_CFG_CMD_BIND };
	struct nfqnl_msg_config_params copy = { .copy_range = htonl(64), .copy_mode = NFQNL_COPY_PACKET };
	struct nlmsghdr *nlh;
	uint32_t most = htonl(1 << 16);
	char buf[256];

	nlh = message(buf, NFQNL_MSG_CONFIG);
	mnl_attr_put(nlh, NFQA_CFG_CMD, sizeof(bind), &bind);
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return false;
	nlh = message(buf, NFQNL_MSG_CONFIG);
	mnl_attr_put(nlh, NFQA_CFG_PARAMS, sizeof(copy), &copy);
	mnl_attr_put_u32(nlh, NFQA_CFG_QUEUE_MAXLEN, most);
	return mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) >= 0;
}

static int hand_back(const struct nlmsghdr *nlh, void *nothing)
{
	struct nfqnl_msg_verdict_hdr verdict = { .verdict = htonl(ACCEPT) };
	struct nlattr *attr;
	char buf[256];

	(void)nothing;
	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attr) == NFQA_PACKET_HDR)
			verdict.id = ((struct nfqnl_msg_packet_hdr *)mnl_attr_get_payload(attr))->packet_id;
	nlh = message(buf, NFQNL_MSG_VERDICT);
	mnl_attr_put((struct nlmsghdr *)buf, NFQA_VERDICT_HDR, sizeof(verdict), &verdict);
	if (marks)
		mnl_attr_put_u32((struct nlmsghdr *)buf, NFQA_MARK, htonl(mark));
	mnl_socket_sendto(nl, buf, nlh->nlmsg_len);
	return MNL_CB_OK;
}

static void *serve(void *nothing)
{
	static char buf[1 << 16];
	ssize_t got;

	for (;;) {
		got = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (got > 0)
			mnl_cb_run(buf, (size_t)got, 0, 0, hand_back, NULL);
		else if (got < 0 && errno != EINTR && errno != ENOBUFS)
			return nothing;
	}
}

void do_requeue(const struct words *w)
{
	int room = 4 << 20;
	pthread_t thread;

	if (nl || netns_enter(word(w, "ns") ? word(w, "ns") : "gw")) {
		answer("bad one queue, and a namespace");
		return;
	}
	queue = (uint16_t)word_num(w, "num", 0);
	marks = word_has(w, "mark");
	mark = (uint32_t)word_num(w, "mark", 0);
	nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 || !configure()) {
		answer("bad %s", strerror(errno));
		return;
	}
	setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	answer(pthread_create(&thread, NULL, serve, NULL) ? "bad no thread" : "ok");
}
