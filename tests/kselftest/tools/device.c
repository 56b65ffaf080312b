// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands that ask the module about one device or about itself, quarantine, disarm. */
#include "kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct facts {
	const uint8_t *mac;	/* only this one; NULL: all */
	int n;
	char text[3000];
	size_t at;
};

static void note(struct facts *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void note(struct facts *f, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(f->text + f->at, sizeof(f->text) - f->at, fmt, args);
	va_end(args);
	if (n > 0 && (size_t)n < sizeof(f->text) - f->at)
		f->at += (size_t)n;
}

/* "NAME=1,2,3,4 " */
static void note_row(struct facts *f, const char *name, const struct nlattr *attr)
{
	uint64_t row[__CORDON_QUANTITY_MAX] = { 0 };

	if (mnl_attr_get_payload_len(attr) == sizeof(row))
		memcpy(row, mnl_attr_get_payload(attr), sizeof(row));
	note(f, "%s=%llu", name, (unsigned long long)row[0]);
	for (int q = 1; q < __CORDON_QUANTITY_MAX; q++)
		note(f, ",%llu", (unsigned long long)row[q]);
	note(f, " ");
}

/* Fields by name, so that a shell test can pick: "packets=3 zone=5 ...". */
static int take_facts(const struct nlmsghdr *nlh, void *arg)
{
	static const struct { int attr, bytes; const char *name; } table[] = {
		{ CORDON_A_ARMED, 1, "armed" }, { CORDON_A_GENERATION, 8, "generation" }, { CORDON_A_ZONE, 1, "zone" },
		{ CORDON_A_POLICY_ZONE, 1, "policy_zone" }, { CORDON_A_QUARANTINED, 1, "quarantined" },
		{ CORDON_A_PACKETS, 8, "packets" }, { CORDON_A_BYTES, 8, "bytes" }, { CORDON_A_DROPS, 8, "drops" },
		{ CORDON_A_VLAN, 2, "vlan" }, { CORDON_A_IFINDEX, 4, "ifindex" }, { CORDON_A_FINDINGS, 4, "findings" },
		{ CORDON_A_CARRIER, 1, "carrier" }, { CORDON_A_DEVICES, 4, "devices" }, { CORDON_A_TXID, 8, "txid" },
		{ CORDON_A_LOST, 8, "lost" }, { CORDON_A_EVENT, 1, "event" }, { CORDON_A_FIRST_SEEN, 4, "first_seen" },
		{ CORDON_A_LAST_SEEN, 4, "last_seen" },
	};
	struct facts *f = arg;
	struct nlattr *attr;
	const uint8_t *bytes;

	f->n++;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		int type = mnl_attr_get_type(attr);

		bytes = mnl_attr_get_payload(attr);
		for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
			unsigned long long value = 0;

			if (table[i].attr != type || mnl_attr_get_payload_len(attr) < table[i].bytes)
				continue;
			memcpy(&value, bytes, (size_t)table[i].bytes);
			note(f, "%s=%llu ", table[i].name, value);
		}
		if (type == CORDON_A_MAC)
			note(f, "mac=%02x:%02x:%02x:%02x:%02x:%02x ", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
		if (type == CORDON_A_LIMITS)
			note_row(f, "limits", attr);
		if (type == CORDON_A_LIMIT_DROPS)
			note_row(f, "beyond", attr);
		if (type == CORDON_A_PORT_NAME)
			note(f, "port=%s ", (const char *)bytes);
		if (type == CORDON_A_POLICY_PORT)
			note(f, "policy_port=%s ", (const char *)bytes);
		if (type == CORDON_A_STAGED)
			note(f, "staged=1 ");
	}
	note(f, "; ");
	return MNL_CB_OK;
}

static void finish(struct link *link, int err, const struct facts *f)
{
	if (err)
		answer("bad %s%s%s", strerror(-err), link->why[0] ? ": " : "", link->why);
	else
		answer("ok %s", f->text);
}

/* The number behind " NAME=" in what the kernel says, 0 without one. */
static uint64_t asked(struct nlmsghdr *nlh, const char *name)
{
	struct facts f = { .n = 0 };
	const char *at;
	char padded[40];

	if (link_talk(kernel_link(), nlh, take_facts, &f))
		return 0;
	memmove(f.text + 1, f.text, sizeof(f.text) - 1);
	f.text[0] = ' ';
	snprintf(padded, sizeof(padded), " %s=", name);
	at = strstr(f.text, padded);
	return at ? strtoull(at + strlen(padded), NULL, 10) : 0;
}

uint64_t device_drops(const struct words *w)
{
	const struct host *h = host_find(word(w, "of"));
	struct link *link = kernel_link();
	struct nlmsghdr *nlh;
	char buf[512];

	if (!link || !h)
		return 0;
	nlh = link_message(link, buf, CORDON_CMD_DEVICE_GET, 0);
	mnl_attr_put(nlh, CORDON_A_MAC, 6, h->mac);
	mnl_attr_put_u16(nlh, CORDON_A_VLAN, (uint16_t)word_num(w, "of_vlan", 10));
	return asked(nlh, "drops");
}

uint64_t events_lost(void)
{
	struct link *link = kernel_link();
	char buf[256];

	return link ? asked(link_message(link, buf, CORDON_CMD_STATS_GET, 0), "lost") : 0;
}

const char *device_hold(const uint8_t mac[6], int vlan, bool on)
{
	struct link *link = kernel_link();
	struct nlmsghdr *nlh;
	char buf[512];
	int err;

	if (!link)
		return "no module";
	nlh = link_message(link, buf, CORDON_CMD_DEVICE_SET, 0);
	mnl_attr_put(nlh, CORDON_A_MAC, 6, mac);
	mnl_attr_put_u16(nlh, CORDON_A_VLAN, (uint16_t)vlan);
	mnl_attr_put_u8(nlh, CORDON_A_QUARANTINED, on);
	err = link_talk(link, nlh, NULL, NULL);
	return err ? strerror(-err) : NULL;
}

const char *module_disarm(void)
{
	struct link *link;
	char buf[256];
	int err;

	kernel_forget();	/* loaded anew it has another family id */
	link = kernel_link();
	err = link ? link_talk(link, link_message(link, buf, CORDON_CMD_DISARM, 0), NULL, NULL) : -ENOENT;
	return err ? strerror(-err) : NULL;
}

/* device get|quarantine|release mac= vlan= */
void do_device(const struct words *w)
{
	struct facts f = { .n = 0 };
	struct link *link = kernel_link();
	char buf[512];
	struct nlmsghdr *nlh;
	uint8_t mac[6];
	bool get = w->n > 1 && !strcmp(w->v[1].key, "get");
	const struct host *h = host_find(word(w, "of"));

	if (h)
		memcpy(mac, h->mac, 6);
	if (!link || w->n < 2 || (!h && !parse_mac(word(w, "mac"), mac))) {
		answer("bad no module, or device get|quarantine|release mac= vlan=");
		return;
	}
	nlh = link_message(link, buf, get ? CORDON_CMD_DEVICE_GET : CORDON_CMD_DEVICE_SET, 0);
	mnl_attr_put(nlh, CORDON_A_MAC, 6, mac);
	mnl_attr_put_u16(nlh, CORDON_A_VLAN, (uint16_t)word_num(w, "vlan", 10));
	if (!get)
		mnl_attr_put_u8(nlh, CORDON_A_QUARANTINED, !strcmp(w->v[1].key, "quarantine"));
	finish(link, link_talk(link, nlh, take_facts, &f), &f);
}

/* info | info devices | info unknown | info ports | info stats | info disarm; ns= asks in another namespace */
void do_info(const struct words *w)
{
	static const struct { const char *name; uint8_t cmd; bool dump; } table[] = {
		{ "info", CORDON_CMD_INFO_GET, false }, { "devices", CORDON_CMD_DEVICE_GET, true },
		{ "unknown", CORDON_CMD_UNKNOWN_GET, true }, { "ports", CORDON_CMD_PORT_GET, true },
		{ "disarm", CORDON_CMD_DISARM, false }, { "stats", CORDON_CMD_STATS_GET, false },
	};
	const char *what = w->n > 1 && strcmp(w->v[1].key, "ns") ? w->v[1].key : "info";
	struct facts f = { .n = 0 };
	struct link *link, other = { .nl = NULL };
	char buf[256];
	int err;

	link = word_has(w, "ns") ? link_open(&other, word(w, "ns")) ? NULL : &other : kernel_link();
	for (size_t i = 0; link && i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, what))
			continue;
		err = link_talk(link, link_message(link, buf, table[i].cmd, table[i].dump ? NLM_F_DUMP : 0), take_facts, &f);
		if (err == -ENOENT && link != &other) {		/* the module was loaded anew: another family id */
			kernel_forget();
			link = kernel_link();
			if (!link)
				break;
			err = link_talk(link, link_message(link, buf, table[i].cmd, table[i].dump ? NLM_F_DUMP : 0), take_facts, &f);
		}
		finish(link, err, &f);
		link_close(&other);
		return;
	}
	answer("bad %s", link ? "what is that?" : "no module");
}
