// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * timeout: 120
 *
 * Ports as the module sees them: netdevs that come, go, are renamed, move, are stacked upon; what PORT_GET finds and which event
 * tells of it.
 */
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <linux/netlink.h>
#include <unistd.h>

#include "lib_harness.h"
#include "lib_blob.h"
#include "lib_nl.h"

/* bash, because a shell of busybox would take its own ip. Return: exit status. */
static int sh(const char *fmt, ...)
{
	char line[1024];
	va_list args;
	int status;
	pid_t pid;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	pid = fork();
	if (!pid) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execlp("bash", "bash", "-c", line, (char *)NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

FIXTURE(port)
{
	struct nl nl;
	struct nl events;
};

static int commit(struct nl *nl, const char *port)
{
	struct blob blob;
	uint64_t id;
	int err;

	blob_make(&blob, port, 3);
	nl_begin(nl, CORDON_CMD_RULESET_BEGIN, false);
	nl_put_int(nl, CORDON_A_LENGTH, blob.len, 4);
	err = nl_send(nl);
	id = nl->answer.number[CORDON_A_TXID];
	nl_begin(nl, CORDON_CMD_RULESET_DATA, false);
	nl_put_int(nl, CORDON_A_TXID, id, 8);
	nl_put_int(nl, CORDON_A_OFFSET, 0, 4);
	nl_put(nl, CORDON_A_DATA, blob.bytes, blob.len);
	err = err ? err : nl_send(nl);
	for (uint8_t cmd = CORDON_CMD_RULESET_STAGE; cmd <= CORDON_CMD_RULESET_COMMIT && !err; cmd++) {
		nl_begin(nl, cmd, false);
		nl_put_int(nl, CORDON_A_TXID, id, 8);
		err = nl_send(nl);
	}
	return err;
}

/* p1, with a cable that is live. Return: as sh() */
static int plug_in(void)
{
	return sh("ip link add p1 type veth peer name q1 && ip link set p1 up && ip link set q1 up");
}

/* Reads the one port. Return: whether it is there. */
static bool look(struct nl *nl)
{
	nl_begin(nl, CORDON_CMD_PORT_GET, true);
	return !nl_send(nl) && nl->answer.messages == 1;
}

static bool finds(struct nl *nl, uint64_t bits)
{
	return look(nl) && (nl->answer.number[CORDON_A_FINDINGS] & bits) == bits;
}

static bool is(struct nl *nl, const char *name, uint64_t findings)
{
	bool ok = look(nl) && nl->answer.number[CORDON_A_FINDINGS] == findings &&
		  !strcmp((const char *)nl->answer.bytes[CORDON_A_PORT_NAME], name) &&
		  nl->answer.number[CORDON_A_IFINDEX] == if_nametoindex(name);

	if (!ok)
		fprintf(stderr, "# %s: findings %llx, wanted %s: %llx\n",
			(const char *)nl->answer.bytes[CORDON_A_PORT_NAME],
			(unsigned long long)nl->answer.number[CORDON_A_FINDINGS], name,
			(unsigned long long)findings);
	return ok;
}

/* Polls until the findings are so: carrier comes with a delay. */
static bool becomes(struct nl *nl, const char *name, uint64_t findings)
{
	for (int i = 0; i < 500; i++) {
		struct timespec tick = { .tv_nsec = 10000000 };

		if (look(nl) && nl->answer.number[CORDON_A_FINDINGS] == findings)
			break;
		nanosleep(&tick, NULL);
	}
	return is(nl, name, findings);
}

/* How many events of this type are waiting; reads all. */
static int events(struct nl *nl, uint8_t type)
{
	char buf[8192];
	int n = 0;

	for (;;) {
		struct pollfd p = { .fd = nl->fd, .events = POLLIN };
		ssize_t len;

		if (poll(&p, 1, 200) != 1)
			return n;
		len = recv(nl->fd, buf, sizeof(buf), 0);
		/* EVENT is the first attribute of each. */
		if (len > NLMSG_HDRLEN + 8 && buf[NLMSG_HDRLEN + 4 + 2] == CORDON_A_EVENT)
			n += buf[NLMSG_HDRLEN + 4 + 4] == type;
	}
}

FIXTURE_SETUP(port)
{
	int group;

	if (unshare(CLONE_NEWNET) || nl_open(&self->nl) || nl_open(&self->events))
		SKIP(return, "no module cordon");
	group = (int)self->events.group;
	ASSERT_EQ(0, setsockopt(self->events.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)));
	ASSERT_EQ(0, sh("ip link set lo up"));
}

FIXTURE_TEARDOWN(port)
{
	nl_close(&self->nl);
	nl_close(&self->events);
}

TEST_F(port, comes_and_goes)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_ABSENT));
	ASSERT_EQ(1, events(&self->events, CORDON_EVENT_COMMIT));
	ASSERT_EQ(0, sh("ip link add p1 type veth peer name q1"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_NO_CARRIER));
	ASSERT_EQ(0, sh("ip link set p1 up && ip link set q1 up"));
	ASSERT_TRUE(becomes(nl, "p1", 0));
	ASSERT_EQ(1, nl->answer.number[CORDON_A_CARRIER]);
	ASSERT_EQ(0, sh("ip link set q1 down"));
	ASSERT_TRUE(becomes(nl, "p1", CORDON_FINDING_NO_CARRIER));
	ASSERT_EQ(0, sh("ip link del p1"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_ABSENT));
	ASSERT_LE(4, events(&self->events, CORDON_EVENT_PORT));
}

TEST_F(port, keeps_its_netdev_when_renamed)
{
	struct nl *nl = &self->nl;
	unsigned int index;

	ASSERT_EQ(0, sh("ip link add p1 type veth peer name q1"));
	ASSERT_EQ(0, commit(nl, "p1"));
	index = if_nametoindex("p1");
	ASSERT_EQ(0, sh("ip link set p1 name x1"));
	ASSERT_TRUE(is(nl, "x1", CORDON_FINDING_NO_CARRIER | CORDON_FINDING_RENAMED));
	ASSERT_EQ(index, nl->answer.number[CORDON_A_IFINDEX]);
	ASSERT_STREQ("p1", (const char *)nl->answer.bytes[CORDON_A_POLICY_PORT]);
	/* A newcomer of that name is not the port, unless the old one leaves or a ruleset is staged anew. */
	ASSERT_EQ(0, sh("ip link add p1 type dummy"));
	ASSERT_TRUE(is(nl, "x1", CORDON_FINDING_NO_CARRIER | CORDON_FINDING_RENAMED));
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_NO_CARRIER));
	ASSERT_NE(index, nl->answer.number[CORDON_A_IFINDEX]);
	ASSERT_EQ(0, sh("ip link del p1"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_ABSENT));
	ASSERT_EQ(0, sh("ip link set x1 name p1"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_NO_CARRIER));
	ASSERT_EQ(0, sh("ip link set p1 name x1"));
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(is(nl, "x1", CORDON_FINDING_NO_CARRIER | CORDON_FINDING_RENAMED));
}

TEST_F(port, leaves_with_its_netdev)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, sh("ip link add p1 type veth peer name q1"));
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_EQ(0, sh("ip netns del away 2> /dev/null; ip netns add away && ip link set p1 netns away"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_ABSENT));
	ASSERT_EQ(0, sh("ip -n away link set p1 netns $PPID"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_NO_CARRIER));
	ASSERT_EQ(0, sh("ip netns del away"));
}

TEST_F(port, tells_what_stands_on_it)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, plug_in());
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(becomes(nl, "p1", 0));
	ASSERT_EQ(0, sh("ip link add link p1 name p1.7 type vlan id 7"));
	ASSERT_TRUE(is(nl, "p1", 0));
	ASSERT_EQ(0, sh("ip link add br7 type bridge && ip link set p1 master br7"));
	ASSERT_TRUE(is(nl, "p1", 0));
	ASSERT_EQ(0, sh("ip link add link br7 name br7.8 type vlan id 8"));
	ASSERT_TRUE(is(nl, "p1", 0));
	ASSERT_EQ(0, sh("ip link add link br7.8 name br7.8.9 type vlan id 9"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_STACKED));
	ASSERT_EQ(0, sh("ip link del br7.8.9"));
	ASSERT_TRUE(is(nl, "p1", 0));
	ASSERT_EQ(0, sh("ip link set p1 nomaster && ip link add link p1 name mac7 type macvlan"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_STACKED | CORDON_FINDING_DIVERTED));
	ASSERT_EQ(0, sh("ip link del mac7"));
	ASSERT_TRUE(is(nl, "p1", 0));
	ASSERT_EQ(0, sh("ip link set p1.7 up"));
	ASSERT_EQ(0, commit(nl, "p1.7"));
	ASSERT_TRUE(becomes(nl, "p1.7", CORDON_FINDING_LOWER));
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(becomes(nl, "p1", 0));
	if (!sh("ip link add vrf7 type vrf table 9")) {
		ASSERT_EQ(0, sh("ip link set p1 master vrf7"));
		ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_STACKED));
	}
}

TEST_F(port, sees_a_hook_before_its_own)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, plug_in());
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(becomes(nl, "p1", 0));
	ASSERT_EQ(0, sh("nft 'table netdev t { chain c { type filter hook ingress device p1 priority -500; }; }'"));
	ASSERT_TRUE(is(nl, "p1", 0));
	ASSERT_EQ(0, sh("nft 'table netdev t { chain d { type filter hook ingress device p1 priority -2147483648; }; }'"));
	ASSERT_TRUE(finds(nl, CORDON_FINDING_FLOWTABLE));
	ASSERT_EQ(0, sh("nft flush ruleset"));
	ASSERT_TRUE(is(nl, "p1", 0));
}

TEST_F(port, sees_a_hook_behind_its_own)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, plug_in());
	ASSERT_EQ(0, sh("nft 'table netdev t { chain c { type filter hook egress device p1 priority 2147483647; }; }'"));
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(becomes(nl, "p1", CORDON_FINDING_FLOWTABLE));
	ASSERT_EQ(0, sh("nft flush ruleset"));
	ASSERT_TRUE(is(nl, "p1", 0));
	ASSERT_EQ(0, sh("nft 'table netdev t { chain c { type filter hook egress device p1 priority 2147483647; }; }'"));
	ASSERT_TRUE(is(nl, "p1", 0));
	ASSERT_EQ(0, sh("nft flush ruleset"));
}

TEST_F(port, sees_tc)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, plug_in());
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(becomes(nl, "p1", 0));
	ASSERT_EQ(0, sh("tc qdisc add dev p1 clsact"));
	for (int i = 0; i < 2; i++) {
		const char *way = i ? "egress" : "ingress";

		ASSERT_EQ(0, sh("tc filter add dev p1 %s matchall action gact ok", way));
		ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_TC));
		ASSERT_EQ(0, sh("tc filter del dev p1 %s", way));
		ASSERT_TRUE(is(nl, "p1", 0));
	}
	ASSERT_EQ(0, sh("tc filter add dev p1 ingress matchall action gact ok"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_TC));
	ASSERT_EQ(0, sh("tc qdisc del dev p1 clsact"));
	ASSERT_TRUE(is(nl, "p1", 0));
}

/* It would be bound at the stage and never again, so the stage refuses. */
TEST_F(port, has_no_alternative_name)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, sh("ip link add x1 type veth peer name q1 && ip link property add dev x1 altname p1"));
	ASSERT_EQ(EINVAL, commit(nl, "p1"));
	ASSERT_EQ(0, sh("ip link property del dev x1 altname p1 && ip link set x1 name p1"));
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_NO_CARRIER));
}

/* The port of a ruleset that is only staged is bound, and let go when the transaction ends. */
TEST_F(port, staged_only)
{
	struct nl *nl = &self->nl, other;
	struct blob blob;

	ASSERT_EQ(0, commit(nl, "none"));
	ASSERT_EQ(0, nl_open(&other));
	blob_make(&blob, "p1", 3);
	nl_begin(&other, CORDON_CMD_RULESET_BEGIN, false);
	nl_put_int(&other, CORDON_A_LENGTH, blob.len, 4);
	ASSERT_EQ(0, nl_send(&other));
	uint64_t id = other.answer.number[CORDON_A_TXID];

	nl_begin(&other, CORDON_CMD_RULESET_DATA, false);
	nl_put_int(&other, CORDON_A_TXID, id, 8);
	nl_put_int(&other, CORDON_A_OFFSET, 0, 4);
	nl_put(&other, CORDON_A_DATA, blob.bytes, blob.len);
	ASSERT_EQ(0, nl_send(&other));
	nl_begin(&other, CORDON_CMD_RULESET_STAGE, false);
	nl_put_int(&other, CORDON_A_TXID, id, 8);
	ASSERT_EQ(0, nl_send(&other));
	for (int i = 0; i < 5; i++)
		ASSERT_EQ(0, sh("ip link add p1 type veth peer name q1 && ip link set p1 name x && ip link set x name p1 && ip link del p1"));
	ASSERT_EQ(0, sh("ip link add p1 type dummy && ip link set p1 up"));
	nl_begin(&other, CORDON_CMD_RULESET_COMMIT, false);
	nl_put_int(&other, CORDON_A_TXID, id, 8);
	ASSERT_EQ(0, nl_send(&other));
	ASSERT_TRUE(becomes(nl, "p1", 0));
	nl_close(&other);
}

/* Netdevs come and go under a ruleset that changes; the health checks say whether anything broke. */
TEST_F_TIMEOUT(port, storm, 100)
{
	struct nl *nl = &self->nl;
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		sh("for i in {1..30}; do printf '%%s\n' 'link add p1 type veth peer name q1' 'link add br7 type bridge' "
		   "'link set p1 master br7 up' \"addr add 10.0.0.$i/24 dev br7\" 'link add link br7 name br7.8 type vlan id 8' "
		   "'link set br7 up' \"addr add fd00::$i/64 dev p1\" 'link set p1 down' 'link set p1 name p2' "
		   "'link set p2 name p1' 'link del br7' 'link del p1'; done | ip -batch -");
		_exit(0);
	}
	for (int i = 0, status = 0; !waitpid(pid, &status, WNOHANG); i++) {
		ASSERT_EQ(0, commit(nl, i & 1 ? "p1" : "br7"));
		ASSERT_TRUE(look(nl));
		if (i % 8 == 7) {
			nl_begin(nl, CORDON_CMD_DISARM, false);
			ASSERT_EQ(0, nl_send(nl));
		}
	}
	ASSERT_EQ(0, commit(nl, "p1"));
	ASSERT_TRUE(is(nl, "p1", CORDON_FINDING_ABSENT));
}

/* Of a fixture of its own, which comes last: the namespaces of all the others let go of the module. */
FIXTURE(end) { };
FIXTURE_SETUP(end) { }
FIXTURE_TEARDOWN(end) { }

TEST_F(end, namespaces_let_go)
{
	int refs = nl_references();

	if (refs < 0)
		SKIP(return, "no module cordon");
	for (int i = 0; i < 6000 && refs > 0; i++) {
		struct timespec tick = { .tv_nsec = 10000000 };

		nanosleep(&tick, NULL);
		refs = nl_references();
	}
	ASSERT_EQ(0, refs);
}

TEST_HARNESS_MAIN
