// SPDX-License-Identifier: GPL-2.0-or-later
/* One request at a time, answered in full before the next. When the privileged part is gone the core has nothing left to do. */
#include "userland/cordond/broker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "userland/cordond/priv.h"
#include "userland/lib/ipc.h"
#include "userland/lib/log.h"

struct broker {
	struct kernel base;
	int fd;
	struct buf in;
	struct buf out;
};

typedef int (*item_cb)(const void *bytes, size_t len, void *arg);

static void gone(void)
{
	log_error("the privileged part is gone");
	exit(CORDON_EXIT_FAILED);
}

static int take_done(const struct buf *in, struct failure *f)
{
	const struct priv_done *done = (const struct priv_done *)in->data;

	if (in->len != sizeof(*done))
		gone();
	if (!done->err)
		return 0;
	return fail(f, done->exit, -done->err, "%.*s", (int)sizeof(done->text) - 1, done->text);
}

/* Items go to @cb until it fails; the answer is read to its end all the same. */
static int call(struct kernel *k, uint16_t type, const void *body, size_t len, item_cb cb, void *arg, struct failure *f)
{
	struct broker *b = (struct broker *)k;
	uint16_t got;
	int err = 0, done;

	if (ipc_send(b->fd, type, body, len))
		gone();
	for (;;) {
		if (ipc_receive(b->fd, &got, PRIV_MAX_TEXT, &b->in))
			gone();
		if (got == PRIV_DONE)
			break;
		if (got == PRIV_ITEM && cb && !err)
			err = cb(b->in.data, b->in.len, arg);
	}
	done = take_done(&b->in, f);
	if (!done && err)
		return fail_sys(f, -err, "cannot read the kernel's answer");
	return done;
}

struct room {
	void *at;
	size_t len;
};

static int copy_item(const void *bytes, size_t len, void *arg)
{
	struct room *room = arg;

	if (len != room->len)
		return -EBADMSG;
	memcpy(room->at, bytes, len);
	return 0;
}

/* A body of a head and a tail, e.g. an offset and bytes. */
static int call_parts(struct kernel *k, uint16_t type, const void *head, size_t head_len, const void *tail,
		      size_t tail_len, struct failure *f)
{
	struct broker *b = (struct broker *)k;

	b->out.len = 0;
	buf_put(&b->out, head, head_len);
	buf_put(&b->out, tail, tail_len);
	if (b->out.failed) {
		buf_free(&b->out);
		return fail_sys(f, ENOMEM, "cannot make a request");
	}
	return call(k, type, b->out.data, b->out.len, NULL, NULL, f);
}

static int broker_query(struct kernel *k, uint8_t cmd, kernel_attrs_cb cb, void *arg, struct failure *f)
{
	struct priv_query query = { .cmd = cmd };

	return call(k, PRIV_QUERY, &query, sizeof(query), cb, arg, f);
}

static int broker_begin(struct kernel *k, uint32_t length, uint64_t generation, struct failure *f)
{
	struct priv_begin begin = { .generation = generation, .length = length };

	return call(k, PRIV_BEGIN, &begin, sizeof(begin), NULL, NULL, f);
}

static int broker_data(struct kernel *k, uint32_t offset, const void *bytes, size_t len, struct failure *f)
{
	return call_parts(k, PRIV_DATA, &offset, sizeof(offset), bytes, len, f);
}

static int broker_stage(struct kernel *k, struct api_info *info, struct failure *f)
{
	struct room room = { info, sizeof(*info) };

	return call(k, PRIV_STAGE, NULL, 0, copy_item, &room, f);
}

static int broker_commit(struct kernel *k, struct api_info *info, struct failure *f)
{
	struct room room = { info, sizeof(*info) };

	return call(k, PRIV_COMMIT, NULL, 0, copy_item, &room, f);
}

static int broker_abort(struct kernel *k, struct failure *f)
{
	return call(k, PRIV_ABORT, NULL, 0, NULL, NULL, f);
}

static int broker_device_set(struct kernel *k, const uint8_t mac[6], uint16_t vlan, bool quarantined, struct failure *f)
{
	struct priv_device device = { .vlan = vlan, .quarantined = quarantined };

	memcpy(device.mac, mac, sizeof(device.mac));
	return call(k, PRIV_DEVICE_SET, &device, sizeof(device), NULL, NULL, f);
}

static int broker_disarm(struct kernel *k, struct failure *f)
{
	return call(k, PRIV_DISARM, NULL, 0, NULL, NULL, f);
}

static int broker_nft_add(struct kernel *k, const char *text, uint64_t generation, struct failure *f)
{
	return call_parts(k, PRIV_NFT_ADD, &generation, sizeof(generation), text, strlen(text), f);
}

static int broker_nft_retire(struct kernel *k, uint64_t generation, struct failure *f)
{
	return call(k, PRIV_NFT_RETIRE, &generation, sizeof(generation), NULL, NULL, f);
}

static int broker_nft_run(struct kernel *k, const char *text, struct failure *f)
{
	return *text ? call(k, PRIV_NFT_RUN, text, strlen(text), NULL, NULL, f) : 0;
}

static int broker_nft_state(struct kernel *k, struct nft_state *out, struct failure *f)
{
	struct room room = { out, sizeof(*out) };

	memset(out, 0, sizeof(*out));
	return call(k, PRIV_NFT_STATE, NULL, 0, copy_item, &room, f);
}

static int broker_nft_remove(struct kernel *k, struct failure *f)
{
	return call(k, PRIV_NFT_REMOVE, NULL, 0, NULL, NULL, f);
}

struct flows {
	kernel_flow_cb cb;
	void *arg;
};

static int flow_item(const void *bytes, size_t len, void *arg)
{
	const struct flows *flows = arg;
	struct ct_flow flow;

	if (len != sizeof(flow))
		return -EBADMSG;
	memcpy(&flow, bytes, sizeof(flow));
	return flows->cb(&flow, flows->arg);
}

static int broker_ct_dump(struct kernel *k, kernel_flow_cb cb, void *arg, struct failure *f)
{
	struct flows flows = { cb, arg };

	return call(k, PRIV_CT_DUMP, NULL, 0, flow_item, &flows, f);
}

static int broker_ct_delete(struct kernel *k, const struct ct_flow *flow, struct failure *f)
{
	return call(k, PRIV_CT_DELETE, flow, sizeof(*flow), NULL, NULL, f);
}

static int broker_forwarding_off(struct kernel *k, struct failure *f)
{
	return call(k, PRIV_FORWARDING_OFF, NULL, 0, NULL, NULL, f);
}

static int broker_port_down(struct kernel *k, const char *name, struct failure *f)
{
	char body[CORDON_PORT_NAME_LEN] = "";

	if (strlen(name) >= sizeof(body))
		return fail(f, CORDON_EXIT_FAILED, EINVAL, "%s is no interface name", name);
	memcpy(body, name, strlen(name));
	return call(k, PRIV_PORT_DOWN, body, sizeof(body), NULL, NULL, f);
}

static const struct kernel_ops broker_ops = {
	.query = broker_query, .begin = broker_begin, .data = broker_data, .stage = broker_stage,
	.commit = broker_commit, .abort = broker_abort, .device_set = broker_device_set, .disarm = broker_disarm,
	.nft_add = broker_nft_add, .nft_retire = broker_nft_retire, .nft_run = broker_nft_run,
	.nft_state = broker_nft_state, .nft_remove = broker_nft_remove, .ct_dump = broker_ct_dump,
	.ct_delete = broker_ct_delete, .forwarding_off = broker_forwarding_off, .port_down = broker_port_down,
};

struct kernel *broker_open(int fd)
{
	struct broker *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->base.ops = &broker_ops;
	b->fd = fd;
	return &b->base;
}

void broker_close(struct kernel *k)
{
	struct broker *b = (struct broker *)k;

	if (!b)
		return;
	buf_free(&b->in);
	buf_free(&b->out);
	free(b);
}
