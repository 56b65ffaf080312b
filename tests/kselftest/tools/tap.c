// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Taps: packet sockets that send raw frames and count canaries. A tap for all protocols sees a frame before the ingress hook, one that is
 * bound to single ethertypes (proto=0x0800,0x86dd) sees it behind the hook: the kernel hands those out last.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

struct tap taps[MAX_TAPS];
int n_taps;
static uint32_t current_run;

int netns_enter(const char *name)
{
	char path[128];
	int fd, err;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(name[0] ? path : "/proc/1/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	return err;
}

static int open_packet(int ifindex, unsigned int proto)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(proto), .sll_ifindex = ifindex };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1, room = 4 << 20;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at))) {
		close(fd);
		return -1;
	}
	return fd;
}

struct tap *tap_find(const char *name)
{
	for (int i = 0; name && i < n_taps; i++)
		if (!strcmp(taps[i].name, name))
			return &taps[i];
	return NULL;
}

static void tap_close(struct tap *tap)
{
	for (int i = 0; i < tap->n_fds; i++)
		close(tap->fd[i]);
	tap->n_fds = 0;
}

void taps_close(void)
{
	for (int i = 0; i < n_taps; i++)
		tap_close(&taps[i]);
	n_taps = 0;
}

/* An empty tap of this name, in place of one that there is. Return: NULL, no room. */
static struct tap *tap_begin(const char *name)
{
	struct tap *tap = tap_find(name);

	if (!tap && n_taps == MAX_TAPS)
		return NULL;
	if (tap)
		tap_close(tap);
	else
		tap = &taps[n_taps++];
	memset(tap, 0, sizeof(*tap));
	snprintf(tap->name, sizeof(tap->name), "%s", name);
	return tap;
}

/* An interface that came up a moment ago drops what is sent until the kernel has seen its carrier. */
static void wait_running(const struct words *w, int fd)
{
	long end = now_ms() + patience_ms(w, 2000);
	struct ifreq ifr = { .ifr_name = "" };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", word(w, "if"));
	while (!ioctl(fd, SIOCGIFFLAGS, &ifr) && (ifr.ifr_flags & (IFF_UP | IFF_RUNNING)) == IFF_UP && now_ms() < end)
		wait_fd(-1, 0, 2);
}

/* tap name=d1 ns=d1 if=eth0 [proto=0x0800,0x86dd] [inner] */
int tap_add(const struct words *w, const char **why)
{
	const char *protos = word(w, "proto"), *name = word(w, "name");
	struct tap *tap;

	*why = strerror(EINVAL);
	if (!name || !word(w, "ns") || !word(w, "if"))
		return -1;
	if (netns_enter(word(w, "ns"))) {
		*why = "no such namespace";
		return -1;
	}
	tap = tap_begin(name);
	if (!tap)
		return -1;
	tap->inner = word_has(w, "inner");
	tap->ifindex = (int)if_nametoindex(word(w, "if"));
	do {
		unsigned int proto = protos && protos[0] ? (unsigned int)strtoul(protos, NULL, 0) : ETH_P_ALL;
		int fd = tap->ifindex ? open_packet(tap->ifindex, proto) : -1;

		if (fd < 0) {
			*why = strerror(errno);
			return -1;
		}
		tap->fd[tap->n_fds++] = fd;
		protos = protos ? strchr(protos, ',') : NULL;
		protos = protos ? protos + 1 : NULL;
	} while (protos && tap->n_fds < 6);
	wait_running(w, tap->fd[0]);
	return 0;
}

const char *tap_adopt(const char *name, int fd)
{
	struct tap *tap = tap_begin(name);

	if (!tap)
		return "no more taps";
	tap->fd[tap->n_fds++] = fd;
	tap->vnet = true;
	return NULL;
}

void taps_begin_run(uint32_t run)
{
	taps_drain();
	current_run = run;
	for (int i = 0; i < n_taps; i++) {
		taps[i].arrived = 0;
		memset(taps[i].seen, 0, sizeof(taps[i].seen));
	}
}

static void canary_take(struct tap *tap, size_t len, uint32_t run, uint64_t seq)
{
	if (stream_take(run, seq, tap) || flood_take(run, seq, tap) || pour_take(run, seq, tap) || turns_take(run, seq, tap) ||
	    run != current_run || seq >= 64 * 64)
		return;
	if (tap->seen[seq / 64] >> (seq % 64) & 1)
		return;
	tap->seen[seq / 64] |= 1ULL << (seq % 64);
	tap->arrived++;
	tap->last_len = (unsigned int)len;
}

/* A packet put together of fragments has the canary of each. */
static void tap_take(struct tap *tap, const uint8_t *data, size_t len)
{
	size_t at = 0, found;
	uint32_t run;
	uint64_t seq;

	while (at < len && canary_find(data + at, len - at, &found, &run, &seq)) {
		canary_take(tap, len, run, seq);
		at += found + CANARY_BYTES;
	}
}

void taps_drain(void)
{
	static uint8_t data[65536];

	for (int i = 0; i < n_taps; i++) {
		for (int j = 0; j < taps[i].n_fds; j++) {
			ssize_t len;

			while ((len = read(taps[i].fd[j], data, sizeof(data))) > 0)
				tap_take(&taps[i], data, (size_t)len);
		}
	}
}

/* One system call where nothing has come, whatever the number of taps. */
void taps_drain_ready(void)
{
	struct pollfd fds[MAX_TAPS * 6];
	nfds_t n = 0;

	for (int i = 0; i < n_taps; i++)
		for (int j = 0; j < taps[i].n_fds; j++)
			fds[n++] = (struct pollfd){ .fd = taps[i].fd[j], .events = POLLIN };
	if (poll(fds, n, 0) > 0)
		taps_drain();
}

static void address(struct sockaddr_ll *to, const struct tap *tap, const uint8_t *frame, size_t len)
{
	*to = (struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_ifindex = tap->ifindex, .sll_halen = 6 };
	if (len >= 14)
		memcpy(&to->sll_protocol, frame + 12, sizeof(to->sll_protocol));
	memcpy(to->sll_addr, frame, 6);
}

int tap_send_many(struct tap *tap, uint8_t (*frames)[FRAME_ROOM], const size_t *len, int n)
{
	struct sockaddr_ll to[64];
	struct mmsghdr messages[64];
	struct iovec parts[64];
	int sent = 0, tries = 0;

	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < n; i++) {
		address(&to[i], tap, frames[i], len[i]);
		parts[i] = (struct iovec){ .iov_base = frames[i], .iov_len = len[i] };
		messages[i].msg_hdr = (struct msghdr){ .msg_name = &to[i], .msg_namelen = sizeof(to[i]), .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	while (sent < n) {
		int done = sendmmsg(tap->fd[0], messages + sent, (unsigned int)(n - sent), 0);

		if (done > 0)
			sent += done;
		else if ((errno != ENOBUFS && errno != EAGAIN) || ++tries > 1000)
			return -errno;
		else
			wait_fd(tap->fd[0], 0, 1);
	}
	return 0;
}

int tap_send(struct tap *tap, const uint8_t *frame, size_t len)
{
	struct sockaddr_ll to;

	address(&to, tap, frame, len);
	for (int tries = 0; tries < 1000; tries++) {
		if (sendto(tap->fd[0], frame, len, 0, (struct sockaddr *)&to, sizeof(to)) >= 0)
			return 0;
		if (errno != ENOBUFS && errno != EAGAIN)
			return -errno;
		wait_fd(tap->fd[0], 0, 1);
	}
	return -ENOBUFS;
}
