// SPDX-License-Identifier: GPL-2.0-or-later
/* struct kernel_ops on this process's own sockets. No policy here: every operation is one request. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "userland/lib/conntrack.h"
#include "userland/lib/failpoint.h"
#include "userland/lib/genl.h"
#include "userland/lib/kernel.h"

struct direct {
	struct kernel base;
	struct genl genl;
	uint64_t txid;
	struct nft_backend *nft;
	char buffer[GENL_BUFFER_BYTES];
};

static struct direct *of(struct kernel *k)
{
	return (struct direct *)k;
}

/* Module ---------------------------------------------------------------------------------------------------------- */

static bool is_dump(uint8_t cmd)
{
	return cmd == CORDON_CMD_DEVICE_GET || cmd == CORDON_CMD_UNKNOWN_GET || cmd == CORDON_CMD_PORT_GET ||
	       cmd == CORDON_CMD_ZONE_GET;
}

static int direct_query(struct kernel *k, uint8_t cmd, kernel_attrs_cb cb, void *arg, struct failure *f)
{
	struct direct *d = of(k);

	if (!is_dump(cmd) && cmd != CORDON_CMD_INFO_GET && cmd != CORDON_CMD_STATS_GET)
		return fail(f, CORDON_EXIT_FAILED, EINVAL, "command %u is no query", cmd);
	return genl_call(&d->genl, genl_request(&d->genl, d->buffer, cmd, is_dump(cmd)), cb, arg, f);
}

static int direct_begin(struct kernel *k, uint32_t length, uint64_t generation, struct failure *f)
{
	struct direct *d = of(k);
	struct nlmsghdr *nlh = genl_request(&d->genl, d->buffer, CORDON_CMD_RULESET_BEGIN, false);
	struct api_info info = { 0 };
	int err;

	mnl_attr_put_u32(nlh, CORDON_A_LENGTH, length);
	mnl_attr_put_u64(nlh, CORDON_A_GENERATION, generation);
	err = genl_call(&d->genl, nlh, api_parse_info, &info, f);
	d->txid = info.txid;
	return err;
}

static int direct_data(struct kernel *k, uint32_t offset, const void *bytes, size_t len, struct failure *f)
{
	struct direct *d = of(k);
	struct nlmsghdr *nlh = genl_request(&d->genl, d->buffer, CORDON_CMD_RULESET_DATA, false);

	if (!len || len > KERNEL_DATA_BYTES)
		return fail(f, CORDON_EXIT_FAILED, EINVAL, "%zu bytes of ruleset in one request", len);
	mnl_attr_put_u64(nlh, CORDON_A_TXID, d->txid);
	mnl_attr_put_u32(nlh, CORDON_A_OFFSET, offset);
	mnl_attr_put(nlh, CORDON_A_DATA, len, bytes);
	return genl_call(&d->genl, nlh, NULL, NULL, f);
}

static int transaction(struct kernel *k, uint8_t cmd, struct api_info *info, struct failure *f)
{
	struct direct *d = of(k);
	struct nlmsghdr *nlh = genl_request(&d->genl, d->buffer, cmd, false);

	mnl_attr_put_u64(nlh, CORDON_A_TXID, d->txid);
	if (info)
		memset(info, 0, sizeof(*info));
	return genl_call(&d->genl, nlh, info ? api_parse_info : NULL, info, f);
}

static int direct_stage(struct kernel *k, struct api_info *info, struct failure *f)
{
	return transaction(k, CORDON_CMD_RULESET_STAGE, info, f);
}

static int direct_commit(struct kernel *k, struct api_info *info, struct failure *f)
{
	return transaction(k, CORDON_CMD_RULESET_COMMIT, info, f);
}

static int direct_abort(struct kernel *k, struct failure *f)
{
	return transaction(k, CORDON_CMD_RULESET_ABORT, NULL, f);
}

static int direct_device_set(struct kernel *k, const uint8_t mac[6], uint16_t vlan, bool quarantined,
			     struct failure *f)
{
	struct direct *d = of(k);
	struct nlmsghdr *nlh = genl_request(&d->genl, d->buffer, CORDON_CMD_DEVICE_SET, false);

	mnl_attr_put(nlh, CORDON_A_MAC, 6, mac);
	mnl_attr_put_u16(nlh, CORDON_A_VLAN, vlan);
	mnl_attr_put_u8(nlh, CORDON_A_QUARANTINED, quarantined);
	return genl_call(&d->genl, nlh, NULL, NULL, f);
}

static int direct_disarm(struct kernel *k, struct failure *f)
{
	struct direct *d = of(k);

	return genl_call(&d->genl, genl_request(&d->genl, d->buffer, CORDON_CMD_DISARM, false), NULL, NULL, f);
}

/* nftables -------------------------------------------------------------------------------------------------------- */

static int nft_result(int err, const char *error, struct failure *f)
{
	if (!err)
		return 0;
	if (!*error)
		return fail_sys(f, -err, "nftables");
	return fail(f, CORDON_EXIT_FAILED, -err, "nftables: %s", error);
}

static int direct_nft_add(struct kernel *k, const char *text, uint64_t generation, struct failure *f)
{
	char error[512] = "";

	return nft_result(nft_add_text(of(k)->nft, text, generation, error, sizeof(error)), error, f);
}

static int direct_nft_retire(struct kernel *k, uint64_t generation, struct failure *f)
{
	char error[512] = "";
	int err = nft_result(nft_retire_others(of(k)->nft, generation, error, sizeof(error)), error, f);

	if (!err)
		err = failpoint("before-seal", f);
	if (!err)
		err = nft_result(nft_seal(of(k)->nft, error, sizeof(error)), error, f);
	return err ? err : failpoint("after-seal", f);
}

static int direct_nft_run(struct kernel *k, const char *text, struct failure *f)
{
	char error[512] = "";

	return nft_result(nft_run(of(k)->nft, text, error, sizeof(error)), error, f);
}

static int direct_nft_state(struct kernel *k, struct nft_state *out, struct failure *f)
{
	char error[512] = "";

	memset(out, 0, sizeof(*out));
	return nft_result(nft_read_back(of(k)->nft, out, error, sizeof(error)), error, f);
}

static int direct_nft_remove(struct kernel *k, struct failure *f)
{
	char error[512] = "";

	return nft_result(nft_remove(of(k)->nft, error, sizeof(error)), error, f);
}

/* Conntrack, sysctls, links --------------------------------------------------------------------------------------- */

static int direct_ct_dump(struct kernel *k, kernel_flow_cb cb, void *arg, struct failure *f)
{
	(void)k;
	return conntrack_dump(cb, arg, f);
}

static int direct_ct_delete(struct kernel *k, const struct ct_flow *flow, struct failure *f)
{
	(void)k;
	return conntrack_delete(flow, f);
}

/* A family that the kernel does not have forwards nothing. */
static int write_zero(const char *path, struct failure *f)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : fail_sys(f, errno, "cannot write %s", path);
	if (write(fd, "0\n", 2) != 2)
		err = fail_sys(f, errno, "cannot write %s", path);
	close(fd);
	return err;
}

static int direct_forwarding_off(struct kernel *k, struct failure *f)
{
	int err = write_zero("/proc/sys/net/ipv4/ip_forward", f);

	(void)k;
	return err ? err : write_zero("/proc/sys/net/ipv6/conf/all/forwarding", f);
}

static int link_down(struct mnl_socket *nl, unsigned int index, struct failure *f)
{
	char buffer[1024];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *ifi;
	ssize_t len;

	nlh->nlmsg_type = RTM_NEWLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = 1;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = (int)index;
	ifi->ifi_change = IFF_UP;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return fail_sys(f, errno, "cannot take a port down");
	len = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
	if (len < 0 || mnl_cb_run(buffer, (size_t)len, 1, mnl_socket_get_portid(nl), NULL, NULL) < 0)
		return fail_sys(f, errno, "cannot take a port down");
	return 0;
}

/* Only what the module itself says is a managed port may be taken down. */
static bool is_managed(struct kernel *k, const char *name)
{
	struct api_list ports;
	bool found = false;

	api_list_init(&ports, sizeof(struct api_port));
	if (!kernel_list(k, CORDON_CMD_PORT_GET, api_add_port, &ports, NULL)) {
		for (size_t i = 0; i < ports.n && !found; i++)
			found = !strcmp(api_at(&ports, struct api_port, i)->name, name);
	}
	api_list_free(&ports);
	return found;
}

static int direct_port_down(struct kernel *k, const char *name, struct failure *f)
{
	unsigned int index = if_nametoindex(name);
	struct mnl_socket *nl;
	int err;

	if (!index)
		return 0;	/* absent: it forwards nothing */
	if (!is_managed(k, name))
		return fail(f, CORDON_EXIT_FAILED, EPERM, "%s is no managed port", name);
	nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		err = fail_sys(f, errno, "cannot open rtnetlink");
	else
		err = link_down(nl, index, f);
	if (nl)
		mnl_socket_close(nl);
	return err;
}

static const struct kernel_ops direct_ops = {
	.query = direct_query, .begin = direct_begin, .data = direct_data, .stage = direct_stage,
	.commit = direct_commit, .abort = direct_abort, .device_set = direct_device_set, .disarm = direct_disarm,
	.nft_add = direct_nft_add, .nft_retire = direct_nft_retire, .nft_run = direct_nft_run,
	.nft_state = direct_nft_state, .nft_remove = direct_nft_remove, .ct_dump = direct_ct_dump,
	.ct_delete = direct_ct_delete, .forwarding_off = direct_forwarding_off, .port_down = direct_port_down,
};

struct kernel *direct_open(struct failure *f)
{
	struct direct *d = calloc(1, sizeof(*d));

	if (!d) {
		fail_sys(f, ENOMEM, "cannot open the kernel's sockets");
		return NULL;
	}
	d->base.ops = &direct_ops;
	if (genl_open(&d->genl, f)) {
		free(d);
		return NULL;
	}
	d->nft = nft_backend_open();
	if (!d->nft) {
		fail_sys(f, ENOMEM, "cannot open nftables");
		direct_close(&d->base);
		return NULL;
	}
	return &d->base;
}

void direct_close(struct kernel *k)
{
	struct direct *d = of(k);

	if (!d)
		return;
	if (d->nft)
		nft_backend_close(d->nft);
	genl_close(&d->genl);
	free(d);
}
