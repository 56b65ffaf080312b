// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's number of the namespace's nftables ruleset: the same number, the same ruleset, whoever changes it. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "nft/kernel.h"

static int take_id(const struct nlattr *attr, void *id)
{
	if (mnl_attr_get_type(attr) == NFTA_GEN_ID && !mnl_attr_validate(attr, MNL_TYPE_U32))
		*(uint32_t *)id = ntohl(mnl_attr_get_u32(attr));
	return MNL_CB_OK;
}

static int take_answer(const struct nlmsghdr *nlh, void *id)
{
	return mnl_attr_parse(nlh, sizeof(struct nfgenmsg), take_id, id);
}

static ssize_t ask(struct mnl_socket *nl, unsigned int seq)
{
	char buf[128];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = seq;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = AF_UNSPEC;
	nfg->version = NFNETLINK_V0;
	return mnl_socket_sendto(nl, nlh, nlh->nlmsg_len);
}

uint32_t nft_genid(void)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	unsigned int seq = time(NULL);
	char buf[1024];
	uint32_t id = 0;
	ssize_t n = -1;

	if (!nl)
		return 0;
	if (!mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) && ask(nl, seq) > 0)
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	if (n > 0 && mnl_cb_run(buf, n, seq, mnl_socket_get_portid(nl), take_answer, &id) < 0)
		id = 0;
	mnl_socket_close(nl);
	return id;
}
