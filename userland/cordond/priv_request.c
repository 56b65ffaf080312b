// SPDX-License-Identifier: GPL-2.0-or-later
/* One request of the core: checked against the table, done, answered. A request that is not in the table gets no answer. */
#include "userland/cordond/priv_request.h"

#include <errno.h>
#include <string.h>

#include "userland/lib/ipc.h"
#include "userland/lib/log.h"

/* Answers --------------------------------------------------------------------------------------------------------- */

static int send_item(const void *bytes, size_t len, void *arg)
{
	struct priv *p = arg;

	return ipc_send(p->requests, PRIV_ITEM, bytes, len);
}

static int send_flow(const struct ct_flow *flow, void *arg)
{
	return send_item(flow, sizeof(*flow), arg);
}

static int do_info(struct priv *p, uint16_t type, struct failure *f)
{
	const struct kernel_ops *ops = p->kernel->ops;
	struct api_info info;
	int err = type == PRIV_STAGE ? ops->stage(p->kernel, &info, f) : ops->commit(p->kernel, &info, f);

	return err ? err : send_item(&info, sizeof(info), p);
}

static int do_nft_state(struct priv *p, struct failure *f)
{
	struct nft_state state;
	int err = p->kernel->ops->nft_state(p->kernel, &state, f);

	return err ? err : send_item(&state, sizeof(state), p);
}

/* Bodies were length-checked by the table; text must be text. */
static const char *text_at(const struct priv *p, size_t offset)
{
	const char *text = (const char *)p->body.data + offset;

	return memchr(text, '\0', p->body.len - offset) ? NULL : text;	/* a NUL stands behind the body */
}

static int do_nft_add(struct priv *p, struct failure *f)
{
	const char *text = text_at(p, sizeof(uint64_t));
	uint64_t generation;
	int err;

	memcpy(&generation, p->body.data, sizeof(generation));
	if (!text)
		return fail(f, CORDON_EXIT_FAILED, EINVAL, "a NUL in nftables text");
	err = p->kernel->ops->nft_add(p->kernel, text, generation, f);
	if (!err && p->state == PRIV_STAGED)
		p->state = PRIV_NFT_ADDED;
	return err;
}

static int do_nft(struct priv *p, uint16_t type, struct failure *f)
{
	const struct kernel_ops *ops = p->kernel->ops;
	uint64_t generation = 0;

	switch (type) {
	case PRIV_NFT_ADD:
		return do_nft_add(p, f);
	case PRIV_NFT_RETIRE:
		memcpy(&generation, p->body.data, sizeof(generation));
		return ops->nft_retire(p->kernel, generation, f);
	case PRIV_NFT_RUN:
		if (!text_at(p, 0))
			return fail(f, CORDON_EXIT_FAILED, EINVAL, "a NUL in nftables text");
		return ops->nft_run(p->kernel, text_at(p, 0), f);
	case PRIV_NFT_STATE:
		return do_nft_state(p, f);
	default:
		return ops->nft_remove(p->kernel, f);
	}
}

static int do_module(struct priv *p, uint16_t type, struct failure *f)
{
	const struct kernel_ops *ops = p->kernel->ops;
	struct priv_device device;
	struct priv_begin begin;
	uint32_t offset;

	switch (type) {
	case PRIV_QUERY:
		return ops->query(p->kernel, p->body.data[0], send_item, p, f);
	case PRIV_BEGIN:
		memcpy(&begin, p->body.data, sizeof(begin));
		return ops->begin(p->kernel, begin.length, begin.generation, f);
	case PRIV_DATA:
		memcpy(&offset, p->body.data, sizeof(offset));
		return ops->data(p->kernel, offset, p->body.data + sizeof(offset), p->body.len - sizeof(offset), f);
	case PRIV_ABORT:
		p->state = PRIV_IDLE;	/* whatever the module says to it */
		return ops->abort(p->kernel, f);
	case PRIV_DEVICE_SET:
		memcpy(&device, p->body.data, sizeof(device));
		return ops->device_set(p->kernel, device.mac, device.vlan, device.quarantined, f);
	case PRIV_DISARM:
		return ops->disarm(p->kernel, f);
	default:
		return do_info(p, type, f);
	}
}

static int do_system(struct priv *p, uint16_t type, struct failure *f)
{
	const struct kernel_ops *ops = p->kernel->ops;
	char name[CORDON_PORT_NAME_LEN];
	struct ct_flow flow;

	switch (type) {
	case PRIV_CT_DUMP:
		return ops->ct_dump(p->kernel, send_flow, p, f);
	case PRIV_CT_DELETE:
		memcpy(&flow, p->body.data, sizeof(flow));
		return ops->ct_delete(p->kernel, &flow, f);
	case PRIV_PORT_DOWN:
		memcpy(name, p->body.data, sizeof(name));
		name[sizeof(name) - 1] = '\0';
		return ops->port_down(p->kernel, name, f);
	default:
		return ops->forwarding_off(p->kernel, f);
	}
}

static int act(struct priv *p, uint16_t type, struct failure *f)
{
	if (type >= PRIV_NFT_ADD && type <= PRIV_NFT_REMOVE)
		return do_nft(p, type, f);
	return type >= PRIV_CT_DUMP ? do_system(p, type, f) : do_module(p, type, f);
}

/* Requests -------------------------------------------------------------------------------------------------------- */

static int reply(struct priv *p, int err, const struct failure *f)
{
	struct priv_done done = { .err = err, .exit = err ? f->exit : 0 };

	memcpy(done.text, f->text, sizeof(done.text));
	return ipc_send(p->requests, PRIV_DONE, &done, sizeof(done));
}

int priv_serve(struct priv *p)
{
	struct failure f = { 0 };
	uint16_t type;
	int err = ipc_receive(p->requests, &type, PRIV_MAX_TEXT, &p->body), may;

	if (err)
		return err;
	may = priv_may(p->state, type, p->body.len);
	if (may == -EPROTO) {
		log_error("the core sent a request that does not exist (type %u, %zu bytes)", type, p->body.len);
		return may;
	}
	if (may) {
		fail(&f, CORDON_EXIT_FAILED, EBUSY, "request %u is not possible in state %u", type, p->state);
		log_warn("%s", f.text);
		return reply(p, -EBUSY, &f);
	}
	err = act(p, type, &f);
	if (!err && priv_rule_for(type)->next != PRIV_KEEP)
		p->state = priv_rule_for(type)->next;
	if (p->body.room > (1U << 20))
		buf_free(&p->body);
	return reply(p, err, &f);
}
