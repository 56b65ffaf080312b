// SPDX-License-Identifier: GPL-2.0-or-later
/* Flowtables of whatever table that hand their flows to hardware. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "nft/kernel.h"

#define RECEIVE_BYTES 65536

/* One flowtable: what of it is needed. */
struct flowtable {
	struct nft_state *out;
	const struct nlattr *hook;
	uint32_t flags;
};

static int add(struct nft_state *out, const char *device)
{
	for (size_t i = 0; i < out->n_offload; i++)
		if (!strcmp(out->offload[i], device))
			return MNL_CB_OK;
	if (out->n_offload == sizeof(out->offload) / sizeof(out->offload[0]) || strlen(device) >= sizeof(out->offload[0])) {
		errno = E2BIG;
		return MNL_CB_ERROR;
	}
	memcpy(out->offload[out->n_offload++], device, strlen(device) + 1);
	return MNL_CB_OK;
}

static int take_device(const struct nlattr *attr, void *data)
{
	const struct flowtable *ft = data;

	if (mnl_attr_get_type(attr) == NFTA_DEVICE_NAME && !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		return add(ft->out, mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int take_hook(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == NFTA_FLOWTABLE_HOOK_DEVS)
		return mnl_attr_parse_nested(attr, take_device, data);
	return MNL_CB_OK;
}

static int take_attr(const struct nlattr *attr, void *data)
{
	struct flowtable *ft = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type == NFTA_FLOWTABLE_FLAGS && !mnl_attr_validate(attr, MNL_TYPE_U32))
		ft->flags = ntohl(mnl_attr_get_u32(attr));
	else if (type == NFTA_FLOWTABLE_HOOK)
		ft->hook = attr;
	return MNL_CB_OK;
}

static int take_flowtable(const struct nlmsghdr *nlh, void *data)
{
	struct flowtable ft = { .out = data };

	if (mnl_attr_parse(nlh, sizeof(struct nfgenmsg), take_attr, &ft) < 0)
		return MNL_CB_ERROR;
	if (!ft.hook || !(ft.flags & NFT_FLOWTABLE_HW_OFFLOAD))
		return MNL_CB_OK;
	return mnl_attr_parse_nested(ft.hook, take_hook, &ft);
}

static ssize_t ask(struct mnl_socket *nl, unsigned int seq)
{
	char buf[128];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETFLOWTABLE;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = seq;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = AF_UNSPEC;
	nfg->version = NFNETLINK_V0;
	return mnl_socket_sendto(nl, nlh, nlh->nlmsg_len);
}

static int receive_all(struct mnl_socket *nl, unsigned int seq, struct nft_state *out)
{
	char *buf = malloc(RECEIVE_BYTES);
	int more = buf ? MNL_CB_OK : MNL_CB_ERROR, err;
	ssize_t n;

	while (more > MNL_CB_STOP) {
		n = mnl_socket_recvfrom(nl, buf, RECEIVE_BYTES);
		more = n < 0 ? MNL_CB_ERROR : mnl_cb_run(buf, n, seq, mnl_socket_get_portid(nl), take_flowtable, out);
	}
	err = more < 0 ? -errno : 0;
	free(buf);
	return err;
}

int nft_offloads_read(struct nft_state *out)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	unsigned int seq = time(NULL);
	int err;

	if (!nl)
		return -errno;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) || ask(nl, seq) < 0)
		err = -errno;
	else
		err = receive_all(nl, seq, out);
	mnl_socket_close(nl);
	return err;
}
