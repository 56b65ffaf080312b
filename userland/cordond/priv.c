// SPDX-License-Identifier: GPL-2.0-or-later
/* The privileged loop. A request that is not in the table ends both processes: the core that sent it is not to be trusted. */
#include "userland/cordond/priv.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "userland/cordond/priv_events.h"
#include "userland/lib/ipc.h"
#include "userland/lib/log.h"

#define LAST_WORDS_MS 5000	/* for a core that closed its channel to end by itself */

struct priv {
	struct kernel *kernel;
	enum priv_state state;
	int requests;
	int child;
	struct buf body;
};

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

/* Return: 0, or a negative errno that ends the process. */
static int serve(struct priv *p)
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

/* Loop ------------------------------------------------------------------------------------------------------------ */

static int signal_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Return: exit code when the process shall end, else -1. */
static int on_signal(const struct priv *p, int fd)
{
	struct signalfd_siginfo info;
	int status = 0;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return -1;
	if (info.ssi_signo != SIGCHLD) {
		kill(p->child, SIGTERM);
		return -1;	/* the core ends, then SIGCHLD says how */
	}
	if (waitpid(p->child, &status, WNOHANG) != p->child)
		return -1;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	log_error("the core was killed by signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return 1;
}

static int loop(struct priv *p, struct priv_events *events, int signals)
{
	struct pollfd fds[4] = {
		{ .fd = signals, .events = POLLIN }, { .fd = p->requests, .events = POLLIN },
		{ .fd = priv_events_module_fd(events), .events = POLLIN },
		{ .fd = priv_events_nft_fd(events), .events = POLLIN },
	};
	int code = -1, err = 0, ready;

	while (code < 0) {
		ready = poll(fds, 4, err ? LAST_WORDS_MS : -1);
		if (ready < 0 && errno != EINTR)
			return 1;
		if (fds[0].revents)
			code = on_signal(p, signals);
		/* The end of the channel is the end of the core; its exit code comes with SIGCHLD. */
		if (code < 0 && !err && fds[1].revents)
			err = serve(p);
		if (err)
			fds[1].fd = -1;
		if (fds[2].revents)
			priv_events_module(events);
		if (fds[3].revents)
			priv_events_nft(events);
		if (err == -EPROTO || (err && !ready))
			kill(p->child, SIGKILL);
	}
	return code;
}

int priv_run(int requests, int event_channel, int child)
{
	struct priv p = { .requests = requests, .child = child };
	struct priv_events events;
	struct failure f = { 0 };
	int signals = signal_fd(), code = 1;

	p.kernel = direct_open(&f);
	if (!p.kernel || signals < 0 || priv_events_open(&events, event_channel, &f)) {
		log_error("%s", f.text);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		direct_close(p.kernel);
		return f.exit ? f.exit : 1;
	}
	code = loop(&p, &events, signals);
	priv_events_close(&events);
	direct_close(p.kernel);
	buf_free(&p.body);
	return code;
}
