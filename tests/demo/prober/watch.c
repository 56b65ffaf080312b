// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counts frames that arrive from one MAC or one IPv4 address, on one interface
 * or on all of the namespace. The filter runs in the kernel.
 */
#include "prober.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#define SNAP 64

static int watch_fd = -1;
static unsigned long frames;

static bool parse_mac(const char *text, uint8_t mac[6])
{
	return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2],
		      &mac[3], &mac[4], &mac[5]) == 6;
}

static bool attach(int fd, struct sock_filter *code, size_t len)
{
	struct sock_fprog program = { .len = len, .filter = code };

	return !setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

/* Received frames whose source MAC is this one. */
static bool filter_mac(int fd, const uint8_t mac[6])
{
	uint32_t high = (uint32_t)mac[0] << 24 | mac[1] << 16 | mac[2] << 8 | mac[3];
	uint16_t low = mac[4] << 8 | mac[5];
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 5, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, high, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 10),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, low, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SNAP),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};

	return attach(fd, code, sizeof(code) / sizeof(code[0]));
}

/* Received IPv4 packets whose source address is this one. */
static bool filter_ipv4(int fd, uint32_t address)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 5, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 26),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(address), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SNAP),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};

	return attach(fd, code, sizeof(code) / sizeof(code[0]));
}

static bool set_filter(int fd, const char *from)
{
	struct in_addr address;
	uint8_t mac[6];

	if (inet_pton(AF_INET, from, &address) == 1)
		return filter_ipv4(fd, address.s_addr);
	return parse_mac(from, mac) && filter_mac(fd, mac);
}

int watch_start(const char *from, const char *interface)
{
	struct sockaddr_ll where = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int room = 8 << 20;

	watch_stop();
	if (interface) {
		where.sll_ifindex = if_nametoindex(interface);
		if (!where.sll_ifindex)
			return -1;
	}
	/* Protocol 0: nothing arrives before the filter is in place. */
	watch_fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (watch_fd < 0)
		return -1;
	setsockopt(watch_fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (!set_filter(watch_fd, from) || bind(watch_fd, (void *)&where, sizeof(where))) {
		watch_stop();
		return -1;
	}
	return 0;
}

void watch_count(FILE *out)
{
	uint8_t frame[SNAP];

	while (watch_fd >= 0 && recv(watch_fd, frame, sizeof(frame), 0) >= 0)
		frames++;
	fprintf(out, "%lu\n", frames);
}

void watch_stop(void)
{
	if (watch_fd >= 0)
		close(watch_fd);
	watch_fd = -1;
	frames = 0;
}
