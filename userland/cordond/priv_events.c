// SPDX-License-Identifier: GPL-2.0-or-later
/* Event channel: one datagram per event, dropped and counted when the core is slow. */
#include "userland/cordond/priv_events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

#include "userland/cordond/priv.h"
#include "userland/lib/ipc.h"
#include "userland/lib/log.h"

#define MOST_BYTES 2048

static bool pass_on(struct priv_events *e, uint16_t type, const void *bytes, size_t len)
{
	uint8_t frame[IPC_HEADER_BYTES + MOST_BYTES];

	if (len > MOST_BYTES)
		return false;
	ipc_header(frame, (uint32_t)len, type);
	if (len)
		memcpy(frame + IPC_HEADER_BYTES, bytes, len);
	return send(e->channel, frame, IPC_HEADER_BYTES + len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

static int one_event(const void *attrs, size_t len, void *arg)
{
	struct priv_events *e = arg;

	if (e->lost && pass_on(e, PRIV_EVENT_LOST, &e->lost, sizeof(e->lost)))
		e->lost = 0;
	if (!pass_on(e, PRIV_EVENT_MODULE, attrs, len))
		e->lost++;
	return 0;
}

void priv_events_module(struct priv_events *e)
{
	struct failure f = { 0 };

	if (genl_receive(&e->genl, one_event, e, &e->lost, &f))
		log_warn("%s", f.text);
}

/* What changed does not matter: the core reads back what stands. */
void priv_events_nft(struct priv_events *e)
{
	char buffer[4096];

	while (recv(mnl_socket_get_fd(e->nft), buffer, sizeof(buffer), MSG_DONTWAIT) >= 0 || errno == ENOBUFS)
		;
	pass_on(e, PRIV_EVENT_NFT, NULL, 0);
}

static struct mnl_socket *open_nft(void)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	int group = NFNLGRP_NFTABLES;

	if (!nl)
		return NULL;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(nl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0) {
		mnl_socket_close(nl);
		return NULL;
	}
	return nl;
}

int priv_events_open(struct priv_events *e, int channel, struct failure *f)
{
	int err;

	memset(e, 0, sizeof(*e));
	e->channel = channel;
	err = genl_open(&e->genl, f);
	if (!err)
		err = genl_subscribe(&e->genl, f);
	if (err)
		return err;
	e->nft = open_nft();
	if (!e->nft)
		log_warn("no nftables notifications: changes are found by polling only");
	return 0;
}

void priv_events_close(struct priv_events *e)
{
	genl_close(&e->genl);
	if (e->nft)
		mnl_socket_close(e->nft);
}

int priv_events_module_fd(const struct priv_events *e)
{
	return genl_fd(&e->genl);
}

int priv_events_nft_fd(const struct priv_events *e)
{
	return e->nft ? mnl_socket_get_fd(e->nft) : -1;
}
