// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vehicles: uml debug
 * timeout: 240
 *
 * Memory that is not there: each operation is asked again and again, and each time a later one of its allocations fails
 * (/proc/self/fail-nth), until none is left to fail. Whatever fails, the answer is an errno and the running ruleset is untouched;
 * the health checks then look for splats and leaks.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib_blob.h"
#include "lib_nl.h"

#define MAC "\x02\x00\x00\x00\x00\x01"
#define MOST 2000	/* allocations that one operation may make */
#define FAULTS "/sys/kernel/debug/"

static int nth_fd = -1;

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return ok;
}

/* Sleeping allocations fail, too, and nobody prints where. Return: whether this kernel can do it. */
static bool faults_ready(void)
{
	static const char *const quiet[] = { "failslab", "fail_page_alloc", "fail_usercopy" };
	char path[96];

	mount("none", "/sys/kernel/debug", "debugfs", 0, NULL);
	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
		snprintf(path, sizeof(path), FAULTS "%s/verbose", quiet[i]);
		if (!write_text(path, "0"))
			return false;
	}
	nth_fd = open("/proc/self/fail-nth", O_RDWR);
	return nth_fd >= 0 && write_text(FAULTS "failslab/ignore-gfp-wait", "N") &&
	       write_text(FAULTS "fail_page_alloc/ignore-gfp-wait", "N");
}

/* The @n-th allocation from now on fails; 0: none. Writing is a copy from user space that may be the one. */
static void fail_nth(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	while (pwrite(nth_fd, text, (size_t)len, 0) < 0)
		;
}

/* Return: whether one has failed. */
static bool failed(void)
{
	char text[16] = "1";
	ssize_t n = pread(nth_fd, text, sizeof(text) - 1, 0);

	fail_nth(0);
	return n > 0 && text[0] == '0';
}

/* The answer was lost: no memory for it, or the copy of it (or what poll() says) to us failed. */
static bool lost(int err)
{
	return err == ENOBUFS || err == EFAULT || err == ETIMEDOUT;
}

/* BEGIN and DATA. Return: the transaction, 0: there is none. */
static uint64_t begin(struct nl *nl, const char *port)
{
	struct blob blob;
	uint64_t id;

	blob_make(&blob, port, 3);
	nl_begin(nl, CORDON_CMD_RULESET_BEGIN, false);
	nl_put_int(nl, CORDON_A_LENGTH, blob.len, 4);
	if (nl_send(nl))
		return 0;
	id = nl->answer.number[CORDON_A_TXID];
	nl_begin(nl, CORDON_CMD_RULESET_DATA, false);
	nl_put_int(nl, CORDON_A_TXID, id, 8);
	nl_put_int(nl, CORDON_A_OFFSET, 0, 4);
	nl_put(nl, CORDON_A_DATA, blob.bytes, blob.len);
	return nl_send(nl) ? 0 : id;
}

static int end(struct nl *nl, uint8_t cmd, uint64_t id)
{
	nl_begin(nl, cmd, false);
	nl_put_int(nl, CORDON_A_TXID, id, 8);
	return nl_send(nl);
}

static bool arm(struct nl *nl, const char *port)
{
	uint64_t id = begin(nl, port);

	return id && !end(nl, CORDON_CMD_RULESET_STAGE, id) && !end(nl, CORDON_CMD_RULESET_COMMIT, id);
}

/* Return: the generation that is enforced, 0: none. */
static uint64_t generation(struct nl *nl)
{
	nl_begin(nl, CORDON_CMD_INFO_GET, false);
	if (nl_send(nl) || !nl->answer.number[CORDON_A_ARMED])
		return 0;
	return nl->answer.number[CORDON_A_GENERATION];
}

static bool quarantined(struct nl *nl)
{
	nl_begin(nl, CORDON_CMD_DEVICE_GET, false);
	nl_put(nl, CORDON_A_MAC, MAC, 6);
	nl_put_int(nl, CORDON_A_VLAN, 1, 2);
	return !nl_send(nl) && nl->answer.number[CORDON_A_QUARANTINED];
}

static int quarantine(struct nl *nl, int on)
{
	nl_begin(nl, CORDON_CMD_DEVICE_SET, false);
	nl_put(nl, CORDON_A_MAC, MAC, 6);
	nl_put_int(nl, CORDON_A_VLAN, 1, 2);
	nl_put_int(nl, CORDON_A_QUARANTINED, (uint64_t)on, 1);
	return nl_send(nl);
}

FIXTURE(fault)
{
	struct nl nl;
	uint64_t generation;
};

FIXTURE_SETUP(fault)
{
	ASSERT_TRUE(faults_ready());
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, nl_open(&self->nl));
	ASSERT_EQ(0, system("ip link set lo up; ip link add p1 type veth peer name q1; ip link set p1 up"));
	ASSERT_TRUE(arm(&self->nl, "p1"));
	self->generation = generation(&self->nl);
	ASSERT_NE(0, self->generation);
}

FIXTURE_TEARDOWN(fault)
{
	nl_close(&self->nl);
}

FIXTURE_VARIANT(fault)
{
	uint8_t cmd;
	bool dump;
	int steps;	/* of a transaction before: 1 begin and data, 2 stage */
};

#define OP(name, ...) FIXTURE_VARIANT_ADD(fault, name) { __VA_ARGS__ }
OP(info, .cmd = CORDON_CMD_INFO_GET);
OP(begin, .cmd = CORDON_CMD_RULESET_BEGIN);
OP(bytes, .cmd = CORDON_CMD_RULESET_DATA, .steps = 1);
OP(stage, .cmd = CORDON_CMD_RULESET_STAGE, .steps = 1);
OP(commit, .cmd = CORDON_CMD_RULESET_COMMIT, .steps = 2);
OP(abort, .cmd = CORDON_CMD_RULESET_ABORT, .steps = 2);
OP(device, .cmd = CORDON_CMD_DEVICE_GET);
OP(devices, .cmd = CORDON_CMD_DEVICE_GET, .dump = true);
OP(set, .cmd = CORDON_CMD_DEVICE_SET);
OP(unknown, .cmd = CORDON_CMD_UNKNOWN_GET, .dump = true);
OP(ports, .cmd = CORDON_CMD_PORT_GET, .dump = true);
OP(zones, .cmd = CORDON_CMD_ZONE_GET, .dump = true);
OP(stats, .cmd = CORDON_CMD_STATS_GET);
OP(disarm, .cmd = CORDON_CMD_DISARM);

/* Fills in what the operation needs. */
static void request(struct nl *nl, const FIXTURE_VARIANT(fault) *op, uint64_t id)
{
	nl_begin(nl, op->cmd, op->dump);
	if (op->cmd == CORDON_CMD_RULESET_BEGIN)
		nl_put_int(nl, CORDON_A_LENGTH, 1000000, 4);
	if (op->steps)
		nl_put_int(nl, CORDON_A_TXID, id, 8);
	if (op->cmd == CORDON_CMD_RULESET_DATA) {
		nl_put_int(nl, CORDON_A_OFFSET, 0, 4);
		nl_put(nl, CORDON_A_DATA, "x", 1);
	}
	if ((op->cmd == CORDON_CMD_DEVICE_GET && !op->dump) || op->cmd == CORDON_CMD_DEVICE_SET) {
		nl_put(nl, CORDON_A_MAC, MAC, 6);
		nl_put_int(nl, CORDON_A_VLAN, 1, 2);
	}
	if (op->cmd == CORDON_CMD_DEVICE_SET)
		nl_put_int(nl, CORDON_A_QUARANTINED, 1, 1);
}

/* The transaction that the operation is a step of; DATA begins one that has no bytes yet. */
static bool prepare(struct nl *nl, const FIXTURE_VARIANT(fault) *op, uint64_t *id)
{
	*id = 0;
	if (op->cmd == CORDON_CMD_RULESET_DATA) {
		nl_begin(nl, CORDON_CMD_RULESET_BEGIN, false);
		nl_put_int(nl, CORDON_A_LENGTH, 1000, 4);
		if (nl_send(nl))
			return false;
		*id = nl->answer.number[CORDON_A_TXID];
	} else if (op->steps) {
		*id = begin(nl, "p1");
	}
	return (!op->steps || *id) && (op->steps < 2 || !end(nl, CORDON_CMD_RULESET_STAGE, *id));
}

/* What may have changed when the answer was @err: only what was asked for, and nothing if it was refused. */
static bool consistent(struct nl *nl, const FIXTURE_VARIANT(fault) *op, int err, uint64_t *before)
{
	bool refused = err && !lost(err);
	uint64_t now = generation(nl);

	if (op->cmd == CORDON_CMD_RULESET_COMMIT) {
		if (now != *before && (refused || now <= *before))
			return false;
		*before = now;
	} else if (op->cmd == CORDON_CMD_DISARM) {
		if (now != *before && (refused || now))
			return false;
		if (!now && !arm(nl, "p1"))
			return false;
		*before = generation(nl);
	} else if (now != *before) {
		return false;
	}
	if (op->cmd != CORDON_CMD_DEVICE_SET)
		return !quarantined(nl);
	return !(refused && quarantined(nl)) && !quarantine(nl, 0);
}

TEST_F_TIMEOUT(fault, each_allocation, 120)
{
	unsigned int n, faults = 0;
	int err = 0;

	for (n = 1; n < MOST; n++) {
		struct nl nl;
		uint64_t id;
		bool fired;

		ASSERT_EQ(0, nl_open(&nl));
		ASSERT_TRUE(prepare(&nl, variant, &id));
		request(&nl, variant, id);
		fail_nth(n);
		err = nl_send(&nl);
		fired = failed();
		faults += fired && err;
		ASSERT_TRUE(!err || (fired && (err == ENOMEM || lost(err)))) TH_LOG("allocation %u: errno %d", n, err);
		ASSERT_TRUE(consistent(&self->nl, variant, err, &self->generation)) TH_LOG("allocation %u: errno %d", n, err);
		nl_close(&nl);
		if (!fired)
			break;
	}
	ASSERT_EQ(0, err);
	ASSERT_LT(n, MOST);
	ASSERT_LE(2, faults);
}

/* The first transaction of a namespace also makes its tables and registers the hooks of the stack. */
TEST_F_TIMEOUT(fault, first_transaction, 120)
{
	unsigned int n, faults = 0;
	struct nl nl;
	uint64_t id;
	bool fired;
	int err;

	if (variant->cmd != CORDON_CMD_RULESET_STAGE && variant->cmd != CORDON_CMD_RULESET_BEGIN)
		return;
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, system("ip link add p1 type veth peer name q1"));
	for (n = 1; n < MOST; n++) {
		ASSERT_EQ(0, nl_open(&nl));
		ASSERT_TRUE(prepare(&nl, variant, &id));
		request(&nl, variant, id);
		fail_nth(n);
		err = nl_send(&nl);
		fired = failed();
		faults += fired && err;
		ASSERT_TRUE(!err || (fired && (err == ENOMEM || lost(err)))) TH_LOG("allocation %u: errno %d", n, err);
		ASSERT_EQ(0, generation(&nl));
		nl_close(&nl);
		if (!fired)
			break;
	}
	ASSERT_EQ(0, err);
	ASSERT_LE(5, faults);
	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_TRUE(arm(&nl, "p1"));
	nl_close(&nl);
}

TEST_HARNESS_MAIN
