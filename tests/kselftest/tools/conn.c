// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Conversations that stay while the policy changes under them.
 *
 *   conn NAME tcp|udp|ping from= to= port= [six]    opens one (TCP: until it is established)
 *   conn NAME echo                                  64 bytes there and back: "ok", or "bad" and what dropped
 *   conn NAME push [say=TEXT]                       64 bytes, or a line (with _ for blanks), towards the server only
 *   conn NAME dead [want=drop:H/R|silence]          64 bytes are sent and nothing comes to either end; silence: whoever dropped it
 *   conn NAME close
 */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CONNS 16

struct conn {
	char name[16];
	int client, server, type;
	struct sockaddr_storage peer;
	socklen_t peer_len;
};

static struct conn conns[MAX_CONNS];

static struct conn *conn_find(const char *name, bool make)
{
	struct conn *free_one = NULL;

	for (int i = 0; i < MAX_CONNS; i++) {
		if (!strcmp(conns[i].name, name))
			return &conns[i];
		if (!conns[i].name[0] && !free_one)
			free_one = &conns[i];
	}
	if (!make || !free_one)
		return NULL;
	memset(free_one, 0, sizeof(*free_one));
	snprintf(free_one->name, sizeof(free_one->name), "%s", name);
	free_one->client = free_one->server = -1;
	return free_one;
}

static void conn_close(struct conn *c)
{
	struct linger reset = { 1, 0 };

	for (int i = 0; i < 2; i++) {
		int fd = i ? c->server : c->client;

		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
	}
	c->name[0] = '\0';
}

static bool conn_open(struct conn *c, const struct words *w)
{
	int family = word_has(w, "six") ? AF_INET6 : AF_INET, port = (int)word_num(w, "port", 0), listener;
	long end = now_ms() + patience_ms(w, 4000);
	struct endpoint at, local;

	c->type = word_has(w, "tcp") ? SOCK_STREAM : SOCK_DGRAM;
	listener = sock_open(w, "to", c->type, 0, family);
	if (listener < 0 || !endpoint_of(w, "to", "at", port, &at) || bind(listener, (void *)&at.addr, at.len))
		return false;
	c->client = sock_open(w, "from", c->type, 0, family);
	if (c->client < 0 || !endpoint_of(w, "from", "src", (int)word_num(w, "sport", 0), &local) ||
	    bind(c->client, (void *)&local.addr, local.len) || !endpoint_of(w, "to", "dst", port, &at))
		goto fail;
	if (c->type == SOCK_DGRAM) {
		c->server = listener;
		return !connect(c->client, (void *)&at.addr, at.len);
	}
	if (listen(listener, 1) || (connect(c->client, (void *)&at.addr, at.len) && errno != EINPROGRESS))
		goto fail;
	while (c->server < 0 && now_ms() < end) {
		wait_fd(listener, POLLIN, 5);
		c->server = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	}
	close(listener);
	return c->server >= 0;
fail:
	close(listener);
	return false;
}

/* Bytes of a socket read away; how many there were. */
static size_t swallow(int fd, struct conn *c)
{
	uint8_t in[4096];
	size_t total = 0;
	ssize_t got;

	for (;;) {
		c->peer_len = c == NULL ? 0 : sizeof(c->peer);
		got = recvfrom(fd, in, sizeof(in), 0, (void *)&c->peer, &c->peer_len);
		if (got <= 0)
			return total;
		total += (size_t)got;
	}
}

/* What is sent. Return: its length. */
static size_t message(const struct words *w, uint8_t data[static 64])
{
	const char *say = word(w, "say");
	size_t len = say ? strlen(say) : 64;

	memset(data, 0, 64);
	memcpy(data, "conn", 4);
	if (!say || len > 62)
		return 64;
	for (size_t i = 0; i < len; i++)
		data[i] = say[i] == '_' ? ' ' : (uint8_t)say[i];
	data[len++] = '\r';
	data[len++] = '\n';
	return len;
}

static void exchange(struct conn *c, const struct words *w, bool back, size_t *there, size_t *here, struct counters *before,
		     struct counters *now, bool stop_at_drop)
{
	long end = now_ms() + patience_ms(w, 3000);
	struct sockaddr_storage peer;
	uint8_t data[64];
	size_t len = message(w, data);
	socklen_t peer_len = 0;

	*there = *here = 0;
	kernel_counters(before);
	*now = *before;
	(void)!send(c->client, data, len, MSG_NOSIGNAL);
	while (now_ms() < end && (back ? *here < len : *there < len)) {
		size_t got = swallow(c->server, c);

		if (got) {
			*there += got;
			peer = c->peer;
			peer_len = c->peer_len;
		}
		if (got && back && c->type == SOCK_DGRAM)
			sendto(c->server, data, len, 0, (void *)&peer, peer_len);
		else if (got && back)
			(void)!send(c->server, data, len, MSG_NOSIGNAL);
		*here += swallow(c->client, c);
		kernel_counters(now);
		if (stop_at_drop && counters_drops(now, before))
			break;
		wait_fd(*there ? c->client : c->server, POLLIN, 2);
	}
	kernel_counters(now);
	*there += swallow(c->server, c);
	*here += swallow(c->client, c);
}

static void do_exchange(struct conn *c, const struct words *w, const char *what)
{
	struct counters before, now;
	bool dead = !strcmp(what, "dead"), back = strcmp(what, "push") != 0, wants, ok;
	struct want want = { .hook = -1 };
	size_t there, here;
	uint8_t data[64];
	char drops[500];

	exchange(c, w, back, &there, &here, &before, &now, dead);
	wants = dead && want_parse(word(w, "want"), &want);
	if (dead)
		ok = !there && !here && (want.silent || counters_drops(&now, &before));
	else
		ok = there >= message(w, data) && (!back || here >= message(w, data));
	if (wants && want.hook >= 0)
		ok = ok && now.v[want.hook][want.reason] > before.v[want.hook][want.reason];
	describe_drops(&now, &before, drops, sizeof(drops));
	answer("%s there=%zu back=%zu drops=%s", ok ? "ok" : "bad", there, here, drops);
}

void do_conn(const struct words *w)
{
	const char *name = w->n > 1 ? w->v[1].key : "", *what = w->n > 2 ? w->v[2].key : "";
	bool opens = !strcmp(what, "tcp") || !strcmp(what, "udp");
	struct conn *c = name[0] ? conn_find(name, opens) : NULL;

	if (!c) {
		answer("bad no such conversation");
		return;
	}
	if (opens) {
		bool ok = conn_open(c, w);

		answer(ok ? "ok" : "bad not open: %s", strerror(errno));
		if (!ok)
			conn_close(c);
	} else if (!strcmp(what, "close")) {
		conn_close(c);
		answer("ok");
	} else {
		do_exchange(c, w, what);
	}
}
