// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every operation of the netlink family, asked by somebody:
 *
 *   asks as=nobody ns=gw n=10       without a capability: all are refused (EPERM), listening to the events, too
 *   asks as=userns ns=gw n=10       administrator of a user namespace of his own: the same
 *   asks as=owner n=10              ... and of a network namespace of his own, in that: the same, but for the events, which are his
 *   asks as=admin ns=gw n=10        the real one: none of those that change nothing is refused
 *   ... version=9                   with another version of the family in the header: nothing of it changes
 *   asks batch=1000 ns=gw           so many requests in one message; then the module still answers
 */
#include "kernel.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

struct asked {
	unsigned long asked, refused, other;
	bool group_refused;
	int error;		/* in the child, before it could ask */
};

/** struct op - one operation; @reads: it changes nothing */
struct op {
	uint8_t cmd;
	bool dump, reads;
};

static const struct op ops[] = {
	{ CORDON_CMD_INFO_GET, false, true },	    { CORDON_CMD_RULESET_BEGIN, false, false },
	{ CORDON_CMD_RULESET_DATA, false, false },  { CORDON_CMD_RULESET_STAGE, false, false },
	{ CORDON_CMD_RULESET_COMMIT, false, false }, { CORDON_CMD_RULESET_ABORT, false, false },
	{ CORDON_CMD_DISARM, false, false },	    { CORDON_CMD_DEVICE_GET, false, true },
	{ CORDON_CMD_DEVICE_GET, true, true },	    { CORDON_CMD_DEVICE_SET, false, false },
	{ CORDON_CMD_UNKNOWN_GET, true, true },	    { CORDON_CMD_PORT_GET, true, true },
	{ CORDON_CMD_ZONE_GET, true, true },	    { CORDON_CMD_STATS_GET, false, true },
};

#define N_OPS (sizeof(ops) / sizeof(ops[0]))

static struct nlmsghdr *request(struct link *link, char *buf, const struct op *op, uint8_t version)
{
	struct nlmsghdr *nlh = link_message(link, buf, op->cmd, op->dump ? NLM_F_DUMP : 0);
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	bool device = !op->dump && (op->cmd == CORDON_CMD_DEVICE_GET || op->cmd == CORDON_CMD_DEVICE_SET);

	((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->version = version;
	if (op->cmd == CORDON_CMD_RULESET_BEGIN)
		mnl_attr_put_u32(nlh, CORDON_A_LENGTH, 4096);
	if (op->cmd >= CORDON_CMD_RULESET_DATA && op->cmd <= CORDON_CMD_RULESET_ABORT)
		mnl_attr_put_u64(nlh, CORDON_A_TXID, 1);
	if (op->cmd == CORDON_CMD_RULESET_DATA) {
		mnl_attr_put_u32(nlh, CORDON_A_OFFSET, 0);
		mnl_attr_put(nlh, CORDON_A_DATA, sizeof(mac), mac);
	}
	if (device) {
		mnl_attr_put(nlh, CORDON_A_MAC, sizeof(mac), mac);
		mnl_attr_put_u16(nlh, CORDON_A_VLAN, 10);
	}
	if (op->cmd == CORDON_CMD_DEVICE_SET)
		mnl_attr_put_u8(nlh, CORDON_A_QUARANTINED, 0);
	return nlh;
}

/* Return: 0 or an errno. */
static int become(const char *who)
{
	if (!strcmp(who, "admin"))
		return 0;
	if (!strcmp(who, "nobody"))
		return setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY) ? errno : 0;
	return unshare(CLONE_NEWUSER | (!strcmp(who, "owner") ? CLONE_NEWNET : 0)) ? errno : 0;
}

static void ask_all(struct asked *out, bool admin, uint8_t version, long n)
{
	struct link link = { .nl = NULL };
	char buf[512];
	int group_fd, err;

	err = link_open_here(&link);
	if (err) {
		out->error = -err;
		return;
	}
	for (long i = 0; i < n; i++) {
		for (size_t j = 0; j < N_OPS; j++) {
			if (admin && !ops[j].reads)
				continue;
			err = link_talk(&link, request(&link, buf, &ops[j], version), NULL, NULL);
			out->asked++;
			out->refused += err == -EPERM;
			out->other += err && err != -EPERM;
		}
	}
	group_fd = mnl_socket_get_fd(link.nl);
	out->group_refused = setsockopt(group_fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &link.group, sizeof(link.group)) && errno == EPERM;
}

/* In a process of its own, so that this one stays who it is. */
static void ask_as(const struct words *w, const char *who)
{
	struct asked *out = mmap(NULL, sizeof(*out), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool admin = !strcmp(who, "admin"), owner = !strcmp(who, "owner"), ok;
	pid_t pid;

	memset(out, 0, sizeof(*out));
	pid = fork();
	if (!pid) {
		out->error = word(w, "ns") && netns_enter(word(w, "ns")) ? ENOENT : become(who);
		if (!out->error)
			ask_all(out, admin, (uint8_t)word_num(w, "version", CORDON_GENL_VERSION), word_num(w, "n", 1));
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	if (admin)
		ok = !out->refused && !out->other && !out->group_refused;
	else
		ok = out->refused == out->asked && (owner || out->group_refused);
	answer("%s asked=%lu refused=%lu passed=%lu group=%s%s%s", ok && out->asked && !out->error ? "ok" : "bad", out->asked,
	       out->refused, out->asked - out->refused, out->group_refused ? "refused" : "open", out->error ? " " : "",
	       out->error ? strerror(out->error) : "");
	munmap(out, sizeof(*out));
}

static int take_any(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	*(int *)arg += 1;
	return MNL_CB_OK;
}

static void batch(const struct words *w, long n)
{
	struct link link = { .nl = NULL };
	size_t one = NLMSG_ALIGN(NLMSG_HDRLEN + GENL_HDRLEN), at = 0;
	char *buf = calloc((size_t)n, one), single[256];
	int err = link_open(&link, word(w, "ns") ? word(w, "ns") : "gw"), room = 64 << 20, answers = 0;

	if (err || !buf) {
		answer("bad %s", strerror(-err));
		return;
	}
	setsockopt(mnl_socket_get_fd(link.nl), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	for (long i = 0; i < n; i++, at += one)
		link_message(&link, buf + at, CORDON_CMD_INFO_GET, 0);
	err = mnl_socket_sendto(link.nl, buf, at) < 0 ? errno : 0;
	free(buf);
	link_close(&link);
	if (!err)
		err = -link_talk(kernel_link(), link_message(kernel_link(), single, CORDON_CMD_INFO_GET, 0), take_any, &answers);
	answer("%s asked=%ld refused=0 answers=%d%s%s", !err && answers ? "ok" : "bad", n, answers, err ? " " : "", err ? strerror(err) : "");
}

void do_asks(const struct words *w)
{
	if (word(w, "batch"))
		batch(w, word_num(w, "batch", 1));
	else if (word(w, "as"))
		ask_as(w, word(w, "as"));
	else
		answer("bad asks as=nobody|userns|owner|admin, or batch=N");
}
