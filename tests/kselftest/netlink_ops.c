// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * timeout: 120
 *
 * Every netlink operation x {missing, short, long, unknown, foreign, duplicate attribute, unprivileged, user namespace, other
 * namespace}: which errno, and which sentence. Then the transaction: what it takes when, and whose it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <unistd.h>

#include "lib_harness.h"
#include "lib_blob.h"
#include "lib_nl.h"

#define MAC "\x02\x00\x00\x00\x00\x01"
#define STRANGER "\x02\x00\x00\x00\x00\x99"
#define NOBODY 65534

struct attr {
	uint16_t type;
	uint16_t len;
	uint64_t value;		/* integers, up to 8 bytes */
	const void *data;
	const char *missing;	/* the sentence without it; NULL: it may be missing */
	int long_error;		/* errno of one byte too many or too few; 0: EINVAL, the kernel's own */
};

#define ASSERT_REFUSED(nl, err, sentence) do {		\
	ASSERT_EQ((err), (nl)->answer.error);		\
	ASSERT_STREQ((sentence), (nl)->answer.text);	\
	ASSERT_EQ(0, (nl)->answer.messages);		\
} while (0)

static void put(struct nl *nl, const struct attr *a, int longer)
{
	char data[96] = { 0 };

	memcpy(data, a->data ? a->data : &a->value, a->data ? a->len : sizeof(a->value));
	nl_put(nl, a->type, data, (size_t)(a->len + longer));
}

FIXTURE(op)
{
	struct nl nl;
};

FIXTURE_VARIANT(op)
{
	uint8_t cmd;
	bool dump;
	struct attr attr[4];
	/* What the operation says in a namespace where nothing is, with the transaction of another. */
	int away_error;
	const char *away_text;
	int away_messages;
};

#define FORBIDDEN "needs CAP_NET_ADMIN in the initial user namespace"
#define NO_TX "this socket has no such transaction; a later begin may have replaced it"
#define TXID { CORDON_A_TXID, 8, 1, NULL, "the transaction id is missing", 0 }
#define DEVICE_MAC { CORDON_A_MAC, 6, 0, MAC, "the MAC is missing", ERANGE }
#define DEVICE_VLAN { CORDON_A_VLAN, 2, 1, NULL, "the VLAN is missing", 0 }

FIXTURE_VARIANT_ADD(op, info_get) { .cmd = CORDON_CMD_INFO_GET, .away_messages = 1 };
FIXTURE_VARIANT_ADD(op, ruleset_begin) {
	.cmd = CORDON_CMD_RULESET_BEGIN,
	.attr = { { CORDON_A_LENGTH, 4, 4096, NULL, "the length of the ruleset is missing", 0 },
		  { CORDON_A_GENERATION, 8, 7, NULL, NULL, 0 } },
	.away_messages = 1,
};
FIXTURE_VARIANT_ADD(op, ruleset_data) {
	.cmd = CORDON_CMD_RULESET_DATA,
	.attr = { TXID, { CORDON_A_OFFSET, 4, 0, NULL, "the offset is missing", 0 },
		  { CORDON_A_DATA, 1, 7, NULL, "the data is missing", ERANGE } },
	.away_error = ENOENT, .away_text = NO_TX,
};
FIXTURE_VARIANT_ADD(op, ruleset_stage) {
	.cmd = CORDON_CMD_RULESET_STAGE, .attr = { TXID }, .away_error = ENOENT, .away_text = NO_TX,
};
FIXTURE_VARIANT_ADD(op, ruleset_commit) {
	.cmd = CORDON_CMD_RULESET_COMMIT, .attr = { TXID }, .away_error = ENOENT, .away_text = NO_TX,
};
FIXTURE_VARIANT_ADD(op, ruleset_abort) {
	.cmd = CORDON_CMD_RULESET_ABORT, .attr = { TXID }, .away_error = ENOENT, .away_text = NO_TX,
};
FIXTURE_VARIANT_ADD(op, device_get) {
	.cmd = CORDON_CMD_DEVICE_GET, .attr = { DEVICE_MAC, DEVICE_VLAN },
	.away_error = ENOENT, .away_text = "neither the ruleset nor quarantine has this device",
};
FIXTURE_VARIANT_ADD(op, device_dump) { .cmd = CORDON_CMD_DEVICE_GET, .dump = true };
FIXTURE_VARIANT_ADD(op, device_set) {
	.cmd = CORDON_CMD_DEVICE_SET,
	.attr = { DEVICE_MAC, DEVICE_VLAN,
		  { CORDON_A_QUARANTINED, 1, 0, NULL, "the quarantine state is missing", 0 } },
};
FIXTURE_VARIANT_ADD(op, unknown_dump) { .cmd = CORDON_CMD_UNKNOWN_GET, .dump = true };
FIXTURE_VARIANT_ADD(op, port_dump) { .cmd = CORDON_CMD_PORT_GET, .dump = true };
FIXTURE_VARIANT_ADD(op, zone_dump) { .cmd = CORDON_CMD_ZONE_GET, .dump = true, .away_messages = 4 };
FIXTURE_VARIANT_ADD(op, stats_get) { .cmd = CORDON_CMD_STATS_GET, .away_messages = 1 };
FIXTURE_VARIANT_ADD(op, disarm) {
	.cmd = CORDON_CMD_DISARM,
	.away_error = ENOENT, .away_text = "no ruleset is committed in this network namespace",
};

/* A namespace of its own, with a socket in it. Return: 0 or -1. */
static int enter(struct nl *nl)
{
	return unshare(CLONE_NEWNET) || nl_open(nl) ? -1 : 0;
}

FIXTURE_SETUP(op)
{
	if (enter(&self->nl))
		SKIP(return, "no module cordon");
}

FIXTURE_TEARDOWN(op)
{
	nl_close(&self->nl);
}

/* The operation with all its attributes but @skip, and @at longer by @longer. Return: its errno. */
static int request(struct nl *nl, const FIXTURE_VARIANT(op) *v, int skip, int at, int longer)
{
	nl_begin(nl, v->cmd, v->dump);
	for (int i = 0; i < 4 && v->attr[i].type; i++)
		if (i != skip)
			put(nl, &v->attr[i], i == at ? longer : 0);
	return nl_send(nl);
}

/* A message that is cut off after @len bytes, 20 being the two headers. Return: its errno. */
static int cut(struct nl *nl, const FIXTURE_VARIANT(op) *v, size_t len)
{
	nl_begin(nl, v->cmd, v->dump);
	nl->len = len;
	return nl_send(nl);
}

/* The headers, and an attribute that says to be @says long where 4 bytes more are. */
static int stump(struct nl *nl, const FIXTURE_VARIANT(op) *v, uint16_t says)
{
	static const uint8_t nothing[4];
	struct nlattr *nla;

	nl_begin(nl, v->cmd, v->dump);
	nla = (struct nlattr *)(nl->request + nl->len);
	nl_put(nl, CORDON_A_MAC, nothing, sizeof(nothing));
	nla->nla_len = says;
	return nl_send(nl);
}

TEST_F(op, missing)
{
	cut(&self->nl, variant, NLMSG_HDRLEN);
	ASSERT_REFUSED(&self->nl, EINVAL, "");
	for (int i = 0; i < 4 && variant->attr[i].type; i++) {
		request(&self->nl, variant, i, -1, 0);
		if (!variant->attr[i].missing) {
			ASSERT_EQ(0, self->nl.answer.error);
			continue;
		}
		ASSERT_REFUSED(&self->nl, EINVAL, variant->attr[i].missing);
		ASSERT_EQ(variant->attr[i].type, self->nl.answer.missing);
	}
}

static const char *length_text(const struct attr *a)
{
	return a->long_error ? "binary attribute size out of range" : "invalid attribute length";
}

#define LEFTOVER "bytes leftover after parsing attributes"

TEST_F(op, short)
{
	cut(&self->nl, variant, NLMSG_HDRLEN + GENL_HDRLEN - 1);
	ASSERT_REFUSED(&self->nl, EINVAL, "");
	cut(&self->nl, variant, NLMSG_HDRLEN + GENL_HDRLEN + NLA_HDRLEN - 1);
	ASSERT_REFUSED(&self->nl, EINVAL, LEFTOVER);
	stump(&self->nl, variant, NLA_HDRLEN - 1);
	ASSERT_REFUSED(&self->nl, EINVAL, LEFTOVER);
	for (int i = 0; i < 4 && variant->attr[i].type; i++) {
		const struct attr *a = &variant->attr[i];

		request(&self->nl, variant, -1, i, -1);
		ASSERT_REFUSED(&self->nl, a->long_error ? a->long_error : EINVAL, length_text(a));
		ASSERT_NE(-1, self->nl.answer.offset);
		request(&self->nl, variant, -1, i, -a->len);
		ASSERT_REFUSED(&self->nl, a->long_error ? a->long_error : EINVAL, length_text(a));
	}
}

TEST_F(op, long)
{
	stump(&self->nl, variant, NLA_HDRLEN + 5);
	ASSERT_REFUSED(&self->nl, EINVAL, LEFTOVER);
	for (int i = 0; i < 4 && variant->attr[i].type; i++) {
		const struct attr *a = &variant->attr[i];
		/* Data may have any length up to its limit; bounds below tries that. */
		if (a->type == CORDON_A_DATA)
			continue;
		request(&self->nl, variant, -1, i, 1);
		ASSERT_REFUSED(&self->nl, a->long_error ? a->long_error : EINVAL, length_text(a));
		ASSERT_NE(-1, self->nl.answer.offset);
	}
}

static void with_extra(struct nl *nl, const FIXTURE_VARIANT(op) *v, uint16_t type)
{
	nl_begin(nl, v->cmd, v->dump);
	for (int i = 0; i < 4 && v->attr[i].type; i++)
		put(nl, &v->attr[i], 0);
	nl_put_int(nl, type, 1, 4);
	nl_send(nl);
}

TEST_F(op, unknown)
{
	with_extra(&self->nl, variant, CORDON_A_MAX + 1);
	ASSERT_REFUSED(&self->nl, EINVAL, "Unknown attribute type");
	with_extra(&self->nl, variant, 0x3fff);
	ASSERT_REFUSED(&self->nl, EINVAL, "Unknown attribute type");
	ASSERT_NE(-1, self->nl.answer.offset);
}

/* DEVICE_GET has one policy for its two forms. */
static bool takes_attributes(const FIXTURE_VARIANT(op) *v)
{
	return v->attr[0].type || v->cmd == CORDON_CMD_DEVICE_GET;
}

/* One that the family has, but not this operation. */
TEST_F(op, foreign)
{
	with_extra(&self->nl, variant, CORDON_A_HOOK);
	ASSERT_REFUSED(&self->nl, EINVAL, "Unknown attribute type");
	with_extra(&self->nl, variant, CORDON_A_WIRE_VERSION);
	ASSERT_REFUSED(&self->nl, EINVAL, takes_attributes(variant) ? "Unsupported attribute" :
		       "Unknown attribute type");
}

TEST_F(op, duplicate)
{
	/* Twice what it does not take even once. */
	nl_begin(&self->nl, variant->cmd, variant->dump);
	nl_put_int(&self->nl, CORDON_A_HOOK, 1, 4);
	nl_put_int(&self->nl, CORDON_A_HOOK, 1, 4);
	nl_send(&self->nl);
	ASSERT_REFUSED(&self->nl, EINVAL, "Unknown attribute type");
	for (int i = 0; i < 4 && variant->attr[i].type; i++) {
		nl_begin(&self->nl, variant->cmd, variant->dump);
		for (int j = 0; j < 4 && variant->attr[j].type; j++)
			put(&self->nl, &variant->attr[j], 0);
		put(&self->nl, &variant->attr[i], 0);
		nl_send(&self->nl);
		ASSERT_REFUSED(&self->nl, EINVAL, "the attribute is given twice");
		ASSERT_NE(-1, self->nl.answer.offset);
	}
}

TEST_F(op, unprivileged)
{
	struct nl nl;

	/* A privileged process with a socket that one without privilege opened. */
	ASSERT_EQ(0, seteuid(NOBODY));
	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_EQ(0, seteuid(0));
	request(&nl, variant, -1, -1, 0);
	ASSERT_REFUSED(&nl, EPERM, FORBIDDEN);
	ASSERT_EQ(0, setgid(NOBODY));
	ASSERT_EQ(0, setuid(NOBODY));
	request(&nl, variant, -1, -1, 0);
	ASSERT_REFUSED(&nl, EPERM, FORBIDDEN);
	/* Nor may it use the socket that a privileged process opened. */
	request(&self->nl, variant, -1, -1, 0);
	ASSERT_REFUSED(&self->nl, EPERM, FORBIDDEN);
}

TEST_F(op, user_namespace)
{
	struct nl nl;

	ASSERT_EQ(0, unshare(CLONE_NEWUSER | CLONE_NEWNET));
	ASSERT_EQ(0, nl_open(&nl));
	request(&nl, variant, -1, -1, 0);
	ASSERT_REFUSED(&nl, EPERM, FORBIDDEN);
}

static int begin(struct nl *nl, uint32_t length, uint64_t *id)
{
	nl_begin(nl, CORDON_CMD_RULESET_BEGIN, false);
	nl_put_int(nl, CORDON_A_LENGTH, length, 4);
	nl_send(nl);
	*id = nl->answer.number[CORDON_A_TXID];
	return nl->answer.error;
}

static int data(struct nl *nl, uint64_t id, uint32_t offset, const void *bytes, size_t len)
{
	nl_begin(nl, CORDON_CMD_RULESET_DATA, false);
	nl_put_int(nl, CORDON_A_TXID, id, 8);
	nl_put_int(nl, CORDON_A_OFFSET, offset, 4);
	nl_put(nl, CORDON_A_DATA, bytes, len);
	return nl_send(nl);
}

static int with_id(struct nl *nl, uint8_t cmd, uint64_t id)
{
	nl_begin(nl, cmd, false);
	nl_put_int(nl, CORDON_A_TXID, id, 8);
	return nl_send(nl);
}

static int simple(struct nl *nl, uint8_t cmd)
{
	nl_begin(nl, cmd, false);
	return nl_send(nl);
}

static int device(struct nl *nl, uint8_t cmd, const char *mac, int quarantined)
{
	nl_begin(nl, cmd, false);
	nl_put(nl, CORDON_A_MAC, mac, 6);
	nl_put_int(nl, CORDON_A_VLAN, 1, 2);
	if (quarantined >= 0)
		nl_put_int(nl, CORDON_A_QUARANTINED, (uint64_t)quarantined, 1);
	return nl_send(nl);
}

/* Up to and with stage. Return: 0 or the first errno. */
static int stage(struct nl *nl, const struct blob *blob, uint64_t *id)
{
	int err = begin(nl, (uint32_t)blob->len, id);

	if (!err)
		err = data(nl, *id, 0, blob->bytes, blob->len);
	return err ? err : with_id(nl, CORDON_CMD_RULESET_STAGE, *id);
}

static int arm(struct nl *nl, const char *port, unsigned int devices)
{
	struct blob blob;
	uint64_t id;
	int err;

	blob_make(&blob, port, devices);
	err = stage(nl, &blob, &id);
	return err ? err : with_id(nl, CORDON_CMD_RULESET_COMMIT, id);
}

TEST_F(op, other_namespace)
{
	struct blob blob;
	struct nl away;
	uint64_t id;

	ASSERT_EQ(0, arm(&self->nl, "none", 3));
	ASSERT_EQ(0, device(&self->nl, CORDON_CMD_DEVICE_SET, MAC, 1));
	blob_make(&blob, "none", 2);
	ASSERT_EQ(0, stage(&self->nl, &blob, &id));

	ASSERT_EQ(0, enter(&away));
	nl_begin(&away, variant->cmd, variant->dump);
	for (int i = 0; i < 4 && variant->attr[i].type; i++) {
		if (variant->attr[i].type == CORDON_A_TXID)
			nl_put_int(&away, CORDON_A_TXID, id, 8);
		else
			put(&away, &variant->attr[i], 0);
	}
	nl_send(&away);
	ASSERT_EQ(variant->away_error, away.answer.error);
	ASSERT_STREQ(variant->away_text ? variant->away_text : "", away.answer.text);
	ASSERT_EQ(variant->away_messages, away.answer.messages);
	if (away.answer.has[CORDON_A_ARMED])
		ASSERT_EQ(0, away.answer.number[CORDON_A_ARMED]);
	nl_close(&away);

	/* Here everything is as it was. */
	ASSERT_EQ(0, simple(&self->nl, CORDON_CMD_INFO_GET));
	ASSERT_EQ(1, self->nl.answer.number[CORDON_A_ARMED]);
	ASSERT_EQ(3, self->nl.answer.number[CORDON_A_DEVICES]);
	ASSERT_TRUE(self->nl.answer.has[CORDON_A_STAGED]);
	ASSERT_EQ(0, device(&self->nl, CORDON_CMD_DEVICE_GET, MAC, -1));
	ASSERT_EQ(1, self->nl.answer.number[CORDON_A_QUARANTINED]);
	ASSERT_EQ(0, with_id(&self->nl, CORDON_CMD_RULESET_COMMIT, id));
}

FIXTURE(tx)
{
	struct nl nl;
	struct blob blob;
	uint64_t id;
};

FIXTURE_SETUP(tx)
{
	if (enter(&self->nl))
		SKIP(return, "no module cordon");
	blob_make(&self->blob, "none", 3);
}

FIXTURE_TEARDOWN(tx)
{
	nl_close(&self->nl);
}

TEST_F(tx, bounds)
{
	struct nl *nl = &self->nl;
	static const char zeros[61441];

	ASSERT_EQ(ERANGE, begin(nl, sizeof(struct cordon_blob_header) - 1, &self->id));
	ASSERT_STREQ("integer out of range", nl->answer.text);
	ASSERT_EQ(ERANGE, begin(nl, CORDON_MAX_BLOB_BYTES + 1, &self->id));
	ASSERT_EQ(ERANGE, with_id(nl, CORDON_CMD_RULESET_STAGE, 0));
	ASSERT_EQ(0, begin(nl, 100000, &self->id));
	ASSERT_NE(0, self->id);
	ASSERT_EQ(ERANGE, data(nl, self->id, 0, zeros, 61441));
	ASSERT_STREQ("binary attribute size out of range", nl->answer.text);
	ASSERT_EQ(ERANGE, data(nl, self->id, 0, zeros, 0));
	ASSERT_EQ(0, data(nl, self->id, 0, zeros, 61440));
	ASSERT_EQ(EINVAL, device(nl, CORDON_CMD_DEVICE_SET, "\x01\x00\x00\x00\x00\x01", 1));
	ASSERT_STREQ("a device has a unicast MAC that is not all zero", nl->answer.text);
	ASSERT_EQ(EINVAL, device(nl, CORDON_CMD_DEVICE_GET, "\x00\x00\x00\x00\x00\x00", -1));
	ASSERT_EQ(ERANGE, device(nl, CORDON_CMD_DEVICE_SET, MAC, 2));
}

TEST_F(tx, vlan_bounds)
{
	static const struct { uint16_t vlan; int error; } tries[] = {
		{ 0, ERANGE }, { 4095, ERANGE }, { 4096, ERANGE }, { 65535, ERANGE }, { 4094, ENOENT },
	};

	for (unsigned int i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		nl_begin(&self->nl, CORDON_CMD_DEVICE_GET, false);
		nl_put(&self->nl, CORDON_A_MAC, MAC, 6);
		nl_put_int(&self->nl, CORDON_A_VLAN, tries[i].vlan, 2);
		ASSERT_EQ(tries[i].error, nl_send(&self->nl));
	}
}

TEST_F(tx, a_dump_takes_no_attributes)
{
	nl_begin(&self->nl, CORDON_CMD_DEVICE_GET, true);
	nl_put(&self->nl, CORDON_A_MAC, MAC, 6);
	nl_send(&self->nl);
	ASSERT_REFUSED(&self->nl, EINVAL, "a dump takes no attributes");
}

TEST_F(tx, unknown_commands)
{
	static const uint8_t cmds[] = { CORDON_CMD_UNSPEC, CORDON_CMD_EVENT, __CORDON_CMD_MAX, 255 };

	for (unsigned int i = 0; i < sizeof(cmds); i++)
		ASSERT_EQ(EOPNOTSUPP, simple(&self->nl, cmds[i]));
	nl_begin(&self->nl, CORDON_CMD_INFO_GET, true);
	ASSERT_EQ(EOPNOTSUPP, nl_send(&self->nl));
	ASSERT_EQ(EOPNOTSUPP, simple(&self->nl, CORDON_CMD_PORT_GET));
}

TEST_F(tx, data_in_order)
{
	struct nl *nl = &self->nl;
	size_t half = self->blob.len / 2, len = self->blob.len;

	ASSERT_EQ(0, begin(nl, (uint32_t)len, &self->id));
	data(nl, self->id, 1, self->blob.bytes, half);
	ASSERT_REFUSED(nl, EINVAL, "the offset must be where the bytes so far end");
	ASSERT_EQ(0, data(nl, self->id, 0, self->blob.bytes, half));
	data(nl, self->id, 0, self->blob.bytes, half);
	ASSERT_REFUSED(nl, EINVAL, "the offset must be where the bytes so far end");
	data(nl, self->id, (uint32_t)half, self->blob.bytes, len - half + 1);
	ASSERT_REFUSED(nl, EINVAL, "more bytes than begin announced");
	with_id(nl, CORDON_CMD_RULESET_STAGE, self->id);
	ASSERT_REFUSED(nl, EINVAL, "fewer bytes came than begin announced");
	with_id(nl, CORDON_CMD_RULESET_COMMIT, self->id);
	ASSERT_REFUSED(nl, EINVAL, "the transaction is not staged");
	ASSERT_EQ(0, data(nl, self->id, (uint32_t)half, self->blob.bytes + half, len - half));
	ASSERT_EQ(0, with_id(nl, CORDON_CMD_RULESET_STAGE, self->id));
	ASSERT_EQ(3, nl->answer.number[CORDON_A_DEVICES]);
	with_id(nl, CORDON_CMD_RULESET_STAGE, self->id);
	ASSERT_REFUSED(nl, EINVAL, "the transaction is staged already");
	data(nl, self->id, (uint32_t)len, self->blob.bytes, 1);
	ASSERT_REFUSED(nl, EINVAL, "the transaction is staged already");
	ASSERT_EQ(0, with_id(nl, CORDON_CMD_RULESET_COMMIT, self->id));
	with_id(nl, CORDON_CMD_RULESET_COMMIT, self->id);
	ASSERT_REFUSED(nl, ENOENT, NO_TX);
}

TEST_F(tx, wrong_bytes_change_nothing)
{
	struct nl *nl = &self->nl;
	struct blob bad = self->blob;

	ASSERT_EQ(0, arm(nl, "none", 2));
	bad.bytes[0] ^= 1;
	stage(nl, &bad, &self->id);
	ASSERT_REFUSED(nl, EINVAL, "magic is not CORDONRS");
	with_id(nl, CORDON_CMD_RULESET_COMMIT, self->id);
	ASSERT_REFUSED(nl, EINVAL, "the transaction is not staged");
	for (size_t i = 0; i < self->blob.len; i++) {
		bad = self->blob;
		bad.bytes[i] ^= 0x80;
		if (!stage(nl, &bad, &self->id))
			continue;	/* a MAC may well be another one */
		ASSERT_EQ(EINVAL, nl->answer.error);
		ASSERT_STRNE("", nl->answer.text);
	}
	ASSERT_EQ(0, simple(nl, CORDON_CMD_INFO_GET));
	ASSERT_EQ(2, nl->answer.number[CORDON_A_DEVICES]);
	ASSERT_EQ(1, nl->answer.number[CORDON_A_GENERATION]);
}

TEST_F(tx, one_at_a_time)
{
	struct nl *nl = &self->nl, other;
	uint64_t id;

	ASSERT_EQ(0, stage(nl, &self->blob, &self->id));
	ASSERT_EQ(0, nl_open(&other));
	with_id(&other, CORDON_CMD_RULESET_COMMIT, self->id);
	ASSERT_REFUSED(&other, ENOENT, NO_TX);
	with_id(&other, CORDON_CMD_RULESET_ABORT, self->id);
	ASSERT_REFUSED(&other, ENOENT, NO_TX);
	ASSERT_EQ(0, begin(&other, 4096, &id));
	with_id(nl, CORDON_CMD_RULESET_COMMIT, self->id);
	ASSERT_REFUSED(nl, ENOENT, NO_TX);
	/* A request that begin refuses leaves the other one's transaction alone. */
	ASSERT_EQ(ERANGE, begin(nl, 1, &self->id));
	ASSERT_EQ(0, data(&other, id, 0, "x", 1));
	nl_close(&other);
}

TEST_F(tx, ends_with_its_socket)
{
	struct nl *nl = &self->nl, other;
	uint64_t id;

	ASSERT_EQ(0, nl_open(&other));
	ASSERT_EQ(0, stage(&other, &self->blob, &id));
	ASSERT_EQ(0, simple(nl, CORDON_CMD_INFO_GET));
	ASSERT_TRUE(nl->answer.has[CORDON_A_STAGED]);
	ASSERT_EQ(0, nl->answer.number[CORDON_A_ARMED]);
	nl_close(&other);
	ASSERT_EQ(0, simple(nl, CORDON_CMD_INFO_GET));
	ASSERT_FALSE(nl->answer.has[CORDON_A_STAGED]);
}

TEST_F(tx, generations_ascend)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, arm(nl, "none", 1));
	nl_begin(nl, CORDON_CMD_RULESET_BEGIN, false);
	nl_put_int(nl, CORDON_A_LENGTH, 4096, 4);
	nl_put_int(nl, CORDON_A_GENERATION, 1, 8);
	nl_send(nl);
	ASSERT_REFUSED(nl, EINVAL, "the generation must be above the committed one");
	ASSERT_EQ(0, stage(nl, &self->blob, &self->id));
	ASSERT_EQ(2, nl->answer.number[CORDON_A_GENERATION]);
	ASSERT_EQ(CORDON_WIRE_VERSION, nl->answer.number[CORDON_A_WIRE_VERSION]);
	ASSERT_EQ(0, with_id(nl, CORDON_CMD_RULESET_ABORT, self->id));
	ASSERT_EQ(0, simple(nl, CORDON_CMD_INFO_GET));
	ASSERT_EQ(1, nl->answer.number[CORDON_A_GENERATION]);
	ASSERT_EQ(0, simple(nl, CORDON_CMD_DISARM));
	ASSERT_EQ(0, simple(nl, CORDON_CMD_INFO_GET));
	ASSERT_EQ(0, nl->answer.number[CORDON_A_GENERATION]);
	ASSERT_EQ(0, arm(nl, "none", 1));
	ASSERT_EQ(2, nl->answer.number[CORDON_A_GENERATION]);
}

TEST_F(tx, quarantine_outlives_rulesets)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_SET, MAC, 1));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_SET, STRANGER, 1));
	ASSERT_EQ(0, arm(nl, "none", 3));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_GET, MAC, -1));
	ASSERT_EQ(CORDON_ZONE_QUARANTINE, nl->answer.number[CORDON_A_ZONE]);
	ASSERT_EQ(5, nl->answer.number[CORDON_A_POLICY_ZONE]);
	nl_begin(nl, CORDON_CMD_DEVICE_GET, true);
	ASSERT_EQ(0, nl_send(nl));
	ASSERT_EQ(4, nl->answer.messages);
	/* Without the device, with it again, without any ruleset. */
	ASSERT_EQ(0, arm(nl, "none", 0));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_GET, MAC, -1));
	ASSERT_EQ(0, nl->answer.number[CORDON_A_POLICY_ZONE]);
	ASSERT_EQ(0, arm(nl, "other", 3));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_GET, MAC, -1));
	ASSERT_EQ(1, nl->answer.number[CORDON_A_QUARANTINED]);
	ASSERT_EQ(0, simple(nl, CORDON_CMD_DISARM));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_GET, MAC, -1));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_SET, MAC, 0));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_SET, MAC, 0));
	ASSERT_EQ(ENOENT, device(nl, CORDON_CMD_DEVICE_GET, MAC, -1));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_GET, STRANGER, -1));
}

TEST_F(tx, quarantine_while_staged)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, stage(nl, &self->blob, &self->id));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_SET, MAC, 1));
	ASSERT_EQ(0, with_id(nl, CORDON_CMD_RULESET_COMMIT, self->id));
	ASSERT_EQ(0, device(nl, CORDON_CMD_DEVICE_GET, MAC, -1));
	ASSERT_EQ(1, nl->answer.number[CORDON_A_QUARANTINED]);
	ASSERT_EQ(5, nl->answer.number[CORDON_A_POLICY_ZONE]);
}

TEST_F(tx, strangers_are_bounded)
{
	char mac[6] = { 2, 1 };
	int i, err = 0;

	for (i = 0; i < 5000 && !err; i++) {
		mac[3] = (char)(i >> 8);
		mac[4] = (char)i;
		err = device(&self->nl, CORDON_CMD_DEVICE_SET, mac, 1);
	}
	ASSERT_REFUSED(&self->nl, ENOSPC, "4096 devices that no ruleset names are quarantined already");
	ASSERT_EQ(4097, i);
	nl_begin(&self->nl, CORDON_CMD_DEVICE_GET, true);
	ASSERT_EQ(0, nl_send(&self->nl));
	ASSERT_EQ(4096, self->nl.answer.messages);
}

/* An armed namespace holds the module, and its end lets go of it. */
TEST_F(tx, an_armed_module_stays)
{
	ASSERT_EQ(0, arm(&self->nl, "lo", 3));
	ASSERT_EQ(-1, syscall(SYS_delete_module, "cordon", O_NONBLOCK));
	ASSERT_EQ(EWOULDBLOCK, errno);
	ASSERT_EQ(0, simple(&self->nl, CORDON_CMD_INFO_GET));
	ASSERT_EQ(1, self->nl.answer.number[CORDON_A_ARMED]);
}

TEST_F(tx, events_are_for_admins)
{
	struct nl nl;
	int group = (int)self->nl.group;

	ASSERT_NE(0, group);
	ASSERT_EQ(0, setsockopt(self->nl.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)));
	ASSERT_EQ(0, setuid(NOBODY));
	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_EQ(-1, setsockopt(nl.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)));
	ASSERT_EQ(EPERM, errno);
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
