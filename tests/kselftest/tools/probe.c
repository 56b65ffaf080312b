// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One real conversation between two hosts, both ends in this process:
 *
 *   probe tcp|udp|ping from=d1 to=d2 [six] [port=] [sport=] [src=] [dst=] [at=ADDR: where the server listens] [size=] [ttl=] [df] want=
 *
 * want=open           it answers (size bytes go there and back); retry: no drop or error on the way ends it, time does
 * want=drop:H/R       it does not, and that counter moves
 * want=gone           it does not, and some drop counter moves
 * want=silence ms=N   it does not for so long, and nothing comes to the other end
 * want=icmp:T/C       an ICMP error of this type and code comes back, that the socket takes for its own
 */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE_ROOM 60000

struct probe {
	const struct words *w;
	int type, family, client, listener, server;
	size_t size, sent, got, echoed, back;
	bool answered, peer;
	int error, icmp_type, icmp_code;
	struct sockaddr_storage from;	/* whom the server saw */
};

static uint8_t bytes[SIZE_ROOM];

static void set_options(struct probe *p)
{
	int ttl = (int)word_num(p->w, "ttl", 0), one = 1, level = p->family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int pmtu = word_has(p->w, "df") ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT;

	if (ttl)
		setsockopt(p->client, level, p->family == AF_INET6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl, sizeof(ttl));
	setsockopt(p->client, level, p->family == AF_INET6 ? IPV6_RECVERR : IP_RECVERR, &one, sizeof(one));
	if (p->type == SOCK_DGRAM)
		setsockopt(p->client, level, p->family == AF_INET6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &pmtu, sizeof(pmtu));
}

static const char *open_server(struct probe *p)
{
	struct endpoint at;

	if (p->type == SOCK_RAW || word_has(p->w, "noserver"))
		return NULL;
	p->listener = sock_open(p->w, "to", p->type, 0, p->family);
	if (p->listener < 0 || !endpoint_of(p->w, "to", "at", (int)word_num(p->w, "port", 0), &at))
		return "no server socket";
	if (bind(p->listener, (void *)&at.addr, at.len))
		return "the server's address cannot be bound";
	if (p->type == SOCK_STREAM && listen(p->listener, 4))
		return "no listening";
	if (p->type == SOCK_DGRAM) {
		p->server = p->listener;
		p->listener = -1;
	}
	return NULL;
}

static const char *open_client(struct probe *p)
{
	int proto = p->type != SOCK_RAW ? 0 : p->family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	struct endpoint local, remote;

	p->client = sock_open(p->w, "from", p->type, proto, p->family);
	if (p->client < 0 || !endpoint_of(p->w, "from", "src", (int)word_num(p->w, "sport", 0), &local) ||
	    !endpoint_of(p->w, "to", "dst", p->type == SOCK_RAW ? 0 : (int)word_num(p->w, "port", 0), &remote))
		return "no client socket";
	set_options(p);
	if (bind(p->client, (void *)&local.addr, local.len))
		return "the client's address cannot be bound";
	if (connect(p->client, (void *)&remote.addr, remote.len) && errno != EINPROGRESS)
		p->error = errno;
	return NULL;
}

static void send_ping(struct probe *p)
{
	uint8_t *b = bytes;
	uint32_t total = 0;

	b[0] = p->family == AF_INET6 ? 128 : 8;
	b[1] = b[2] = b[3] = 0;
	body_put16(b + 4, (unsigned int)getpid() & 0xffff);
	body_put16(b + 6, 1);
	if (p->family == AF_INET) {
		for (size_t i = 0; i < p->size; i += 2)
			total += (uint32_t)b[i] << 8 | (i + 1 < p->size ? b[i + 1] : 0);
		while (total >> 16)
			total = (total & 0xffff) + (total >> 16);
		body_put16(b + 2, ~total & 0xffff);
	}
	if (send(p->client, b, p->size, 0) < 0)
		p->error = errno;
	p->sent = p->size;
}

/* An ICMP error that the kernel matched to the client's socket. */
static void take_error(struct probe *p)
{
	char control[512], data[256];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

	if (recvmsg(p->client, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		const struct sock_extended_err *e = (void *)CMSG_DATA(c);

		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
			if (e->ee_origin != SO_EE_ORIGIN_ICMP && e->ee_origin != SO_EE_ORIGIN_ICMP6)
				continue;
			p->icmp_type = e->ee_type;
			p->icmp_code = e->ee_code;
		}
	}
}

static void take_answer(struct probe *p)
{
	static uint8_t in[SIZE_ROOM];
	ssize_t got = recv(p->client, in, sizeof(in), 0);

	if (got < 0 && errno != EAGAIN)
		p->error = errno;
	if (got <= 0)
		return;
	if (p->type == SOCK_RAW) {
		const uint8_t *icmp = p->family == AF_INET ? in + (in[0] & 15) * 4 : in;

		p->answered = icmp[0] == (p->family == AF_INET6 ? 129 : 0) &&
			      icmp[4] << 8 == ((getpid() & 0xffff) & 0xff00) && icmp[5] == (getpid() & 0xff);
		return;
	}
	p->back += (size_t)got;
	p->answered = p->back >= p->size;
}

/* The server sends back all that it gets. */
static void serve(struct probe *p)
{
	static uint8_t in[SIZE_ROOM];
	socklen_t len = sizeof(p->from);
	ssize_t got;

	if (p->type == SOCK_STREAM && p->server < 0) {
		p->server = accept4(p->listener, (void *)&p->from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		p->peer |= p->server >= 0;
	}
	if (p->server < 0)
		return;
	if (p->type == SOCK_STREAM) {
		got = recv(p->server, in, sizeof(in), 0);
		if (got > 0)
			p->got += (size_t)got;
		while (p->echoed < p->got) {
			got = send(p->server, in, p->got - p->echoed, MSG_NOSIGNAL);
			if (got <= 0)
				break;
			p->echoed += (size_t)got;
		}
		return;
	}
	got = recvfrom(p->server, in, sizeof(in), 0, (void *)&p->from, &len);
	if (got > 0) {
		p->peer = true;
		p->got += (size_t)got;
		sendto(p->server, in, (size_t)got, 0, (void *)&p->from, len);
	}
}

static void push(struct probe *p)
{
	ssize_t done;

	if (p->sent >= p->size)
		return;
	if (p->type == SOCK_RAW) {
		send_ping(p);
		return;
	}
	if (p->type == SOCK_STREAM && !wait_fd(p->client, POLLOUT, 0))
		return;
	done = send(p->client, bytes, p->size - p->sent, MSG_NOSIGNAL);
	if (done > 0)
		p->sent += (size_t)done;
	else if (errno != EAGAIN && errno != ENOTCONN)
		p->error = errno;
}

static bool over(const struct probe *p, const struct want *want, const struct counters *now, const struct counters *before)
{
	if (p->answered || p->icmp_type >= 0 || p->error)
		return true;
	return want->drop && counters_drops(now, before) > 0;
}

/* Where an answer is wanted and something was dropped, nobody waits long; but it may have been another's (a host's own multicast). */
static long end_after_drop(const struct probe *p, const struct want *want, long end)
{
	long soon = now_ms() + patience_ms(p->w, 3000) / 8;

	return want->drop || word_has(p->w, "retry") || soon > end ? end : soon;
}

static bool probe_ok(const struct probe *p, const struct want *want, const struct counters *now, const struct counters *before)
{
	int type, code;

	if (sscanf(word(p->w, "want"), "icmp:%d/%d", &type, &code) == 2)
		return p->icmp_type == type && p->icmp_code == code;
	if (!want->drop)
		return p->answered;
	if (p->answered || (p->peer && !word_has(p->w, "reached")))
		return false;
	if (want->silent)
		return true;
	if (want->hook < 0)
		return counters_drops(now, before) > 0;
	return now->v[want->hook][want->reason] > before->v[want->hook][want->reason];
}

static void hang_up(int fd)
{
	struct linger reset = { 1, 0 };

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
}

/*
 * A real program tries again when it hears that there is no way: whoever is looked for in vain for three seconds of a slow machine may
 * answer the next time. Return: whether a new try is under way.
 */
static bool try_again(struct probe *p, const struct want *want)
{
	if (want->drop || p->answered || strcmp(word(p->w, "want"), "open") || !word_has(p->w, "retry"))
		return false;
	hang_up(p->client);
	if (p->type == SOCK_STREAM) {
		hang_up(p->server);
		p->server = -1;
	}
	p->icmp_type = p->icmp_code = -1;
	p->error = 0;
	p->sent = p->got = p->echoed = p->back = 0;
	return !open_client(p);
}

static void run_probe(struct probe *p, const struct want *want)
{
	long end = now_ms() + (want->silent ? watch_ms(p->w, 500) : patience_ms(p->w, 3000));
	struct counters before, now;
	char drops[500], seen[64] = "-";
	const char *why;

	kernel_counters(&before);
	now = before;
	why = open_server(p);
	if (!why)
		why = open_client(p);
	if (why) {
		answer("bad %s: %s", why, strerror(errno));
		return;
	}
	while (now_ms() < end && (!over(p, want, &now, &before) || try_again(p, want))) {
		push(p);
		wait_fd(p->client, p->type == SOCK_STREAM && p->sent < p->size ? POLLIN | POLLOUT : POLLIN, 2);
		serve(p);
		take_error(p);
		take_answer(p);
		kernel_counters(&now);
		if (counters_drops(&now, &before))
			end = end_after_drop(p, want, end);
	}
	serve(p);
	take_error(p);
	kernel_counters(&now);
	if (p->peer)
		inet_ntop(p->family, p->family == AF_INET ? (void *)&((struct sockaddr_in *)&p->from)->sin_addr :
			  (void *)&((struct sockaddr_in6 *)&p->from)->sin6_addr, seen, sizeof(seen));
	describe_drops(&now, &before, drops, sizeof(drops));
	answer("%s %s peer=%s back=%zu icmp=%d/%d error=%s drops=%s", probe_ok(p, want, &now, &before) ? "ok" : "bad",
	       p->answered ? "answered" : p->peer ? "reached" : "silent", seen, p->back, p->icmp_type, p->icmp_code,
	       p->error ? strerror(p->error) : "none", drops);
}

void do_probe(const struct words *w)
{
	struct probe p = { .w = w, .client = -1, .listener = -1, .server = -1, .icmp_type = -1, .icmp_code = -1 };
	const char *text = word(w, "want");
	struct want want = { .hook = -1 };

	p.family = word_has(w, "six") ? AF_INET6 : AF_INET;
	p.type = word_has(w, "tcp") ? SOCK_STREAM : word_has(w, "udp") ? SOCK_DGRAM : word_has(w, "ping") ? SOCK_RAW : -1;
	p.size = (size_t)word_num(w, "size", 64);
	if (p.type < 0 || !text || p.size > SIZE_ROOM || p.size < 16 ||
	    (strcmp(text, "open") && strncmp(text, "icmp:", 5) && !want_parse(text, &want))) {
		answer("bad probe tcp|udp|ping want=open|drop:H/R|gone|icmp:T/C");
		return;
	}
	run_probe(&p, &want);
	hang_up(p.client);
	hang_up(p.server);
	hang_up(p.listener);
}
