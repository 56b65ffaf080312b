// SPDX-License-Identifier: GPL-2.0-or-later
/* Events of the module: events open; events clear; events wait N [want="type reason ..."]: the number that came, and the last of them. */
#include "kernel.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define LOG_ROOM 2048

static struct link feed;
static char log_text[LOG_ROOM][320];
static int n_log;

struct event {
	int type, reason, hook, ethertype, proto, sport, dport, szone, dzone;
	unsigned int findings, missing, ifindex;
	uint64_t lost;
	char mac[20], port[20];
};

static int take_event(const struct nlmsghdr *nlh, struct event *e)
{
	struct nlattr *attr;
	const uint8_t *b;

	memset(e, 0, sizeof(*e));
	e->reason = e->hook = -1;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		b = mnl_attr_get_payload(attr);
		switch (mnl_attr_get_type(attr)) {
		case CORDON_A_EVENT: e->type = b[0]; break;
		case CORDON_A_REASON: e->reason = b[0]; break;
		case CORDON_A_HOOK: e->hook = b[0]; break;
		case CORDON_A_PROTO: e->proto = b[0]; break;
		case CORDON_A_ETHERTYPE: e->ethertype = mnl_attr_get_u16(attr); break;
		case CORDON_A_SOURCE_PORT: e->sport = mnl_attr_get_u16(attr); break;
		case CORDON_A_DEST_PORT: e->dport = mnl_attr_get_u16(attr); break;
		case CORDON_A_SOURCE_ZONE: e->szone = b[0]; break;
		case CORDON_A_DEST_ZONE: e->dzone = b[0]; break;
		case CORDON_A_FINDINGS: e->findings = mnl_attr_get_u32(attr); break;
		case CORDON_A_HOOKS_MISSING: e->missing = mnl_attr_get_u32(attr); break;
		case CORDON_A_IFINDEX: e->ifindex = mnl_attr_get_u32(attr); break;
		case CORDON_A_LOST: e->lost = mnl_attr_get_u64(attr); break;
		case CORDON_A_MAC:
			snprintf(e->mac, sizeof(e->mac), "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
			break;
		case CORDON_A_PORT_NAME: snprintf(e->port, sizeof(e->port), "%s", (const char *)b); break;
		}
	}
	return 0;
}

static void describe(const struct event *e, char *out, size_t room)
{
	static const char *const types[] = { "?", "drop", "unknown", "commit", "disarm", "quarantine", "release", "port", "move", "hooks" };

	snprintf(out, room, "type=%s hook=%s reason=%s port=%s mac=%s ethertype=0x%04x proto=%d sport=%d dport=%d szone=%d dzone=%d findings=%u "
		 "missing=%u gone=%d lost=%llu",
		 e->type >= 0 && e->type < 10 ? types[e->type] : "?", e->hook < 0 ? "-" : hook_name(e->hook),
		 e->reason < 0 ? "-" : reason_name(e->reason), e->port[0] ? e->port : "-", e->mac[0] ? e->mac : "-",
		 (unsigned int)e->ethertype, e->proto, e->sport, e->dport, e->szone, e->dzone, e->findings, e->missing,
		 e->type == CORDON_EVENT_PORT && !e->ifindex, (unsigned long long)e->lost);
}

/* Every "key=value" word of the request has to stand in the event's description. */
static bool matches(const struct words *w, const char *text)
{
	char item[80], padded[400];

	snprintf(padded, sizeof(padded), " %s ", text);
	for (int i = 2; i < w->n; i++) {
		if (!strcmp(w->v[i].key, "n") || !strcmp(w->v[i].key, "ms"))
			continue;
		snprintf(item, sizeof(item), " %s=%s ", w->v[i].key, w->v[i].value);
		if (!strstr(padded, item))
			return false;
	}
	return true;
}

/* Reads what has come; everything since the last clear stays to be asked for. */
static void drain(void)
{
	static char buf[1 << 16];
	ssize_t got;

	while ((got = recv(mnl_socket_get_fd(feed.nl), buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		int left = (int)got;

		for (struct nlmsghdr *it = (void *)buf; mnl_nlmsg_ok(it, left); it = mnl_nlmsg_next(it, &left)) {
			struct event e;

			take_event(it, &e);
			if (n_log < LOG_ROOM)
				describe(&e, log_text[n_log++], sizeof(log_text[0]));
		}
	}
}

static int count(const struct words *w, const char **last)
{
	int found = 0;

	drain();
	for (int i = 0; i < n_log; i++) {
		if (matches(w, log_text[i])) {
			found++;
			*last = log_text[i];
		}
	}
	return found;
}

void events_forget(void)
{
	if (feed.nl)
		drain();
	n_log = 0;
}

uint64_t events_of(const char *mac)
{
	char item[40] = "type=drop ";
	uint64_t found = 0;

	if (feed.nl)
		drain();
	if (mac)
		snprintf(item, sizeof(item), " mac=%s ", mac);
	for (int i = 0; i < n_log; i++)
		found += !strncmp(log_text[i], "type=drop ", 10) && strstr(log_text[i], item);
	return found;
}

static void open_feed(const struct words *w)
{
	int err = link_open(&feed, word(w, "ns") ? word(w, "ns") : "gw"), room = 4 << 20;

	if (!err && mnl_socket_setsockopt(feed.nl, NETLINK_ADD_MEMBERSHIP, &feed.group, sizeof(feed.group)) < 0)
		err = -errno;
	if (!err)
		setsockopt(mnl_socket_get_fd(feed.nl), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (err)
		answer("bad %s", strerror(-err));
	else
		answer("ok");
}

void do_events(const struct words *w)
{
	const char *what = w->n > 1 ? w->v[1].key : "", *last = "";
	long end, n = word_num(w, "n", 1);
	int found;

	if (!strcmp(what, "open")) {
		open_feed(w);
		return;
	}
	if (!feed.nl) {
		answer("bad not open");
		return;
	}
	if (!strcmp(what, "clear")) {
		drain();
		n_log = 0;
		answer("ok");
		return;
	}
	end = now_ms() + patience_ms(w, 4000);
	while ((found = count(w, &last)) < n && now_ms() < end)
		wait_fd(mnl_socket_get_fd(feed.nl), POLLIN, 5);
	if (found < n && n_log)
		last = log_text[n_log - 1];
	answer("%s %d %s", found >= n ? "ok" : "bad", found, last);
}
