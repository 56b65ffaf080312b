// SPDX-License-Identifier: GPL-2.0-or-later
/* Ordinary sockets in the namespaces of the hosts. */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool wait_fd(int fd, short events, long ms)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, ms > 0 ? (int)ms : 0) > 0;
}

/* The address of a host, or the one given instead of it, in the family of the command ("six": IPv6). */
bool endpoint_of(const struct words *w, const char *host_key, const char *addr_key, int port, struct endpoint *out)
{
	const struct host *h = host_find(word(w, host_key));
	struct sockaddr_in *v4 = (void *)&out->addr;
	struct sockaddr_in6 *v6 = (void *)&out->addr;

	memset(out, 0, sizeof(*out));
	if (word_has(w, "six")) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		if (h)
			v6->sin6_addr = h->ip6;
		out->len = sizeof(*v6);
		return word_addr6(w, addr_key, &v6->sin6_addr);
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons((uint16_t)port);
	if (h)
		v4->sin_addr = h->ip4;
	out->len = sizeof(*v4);
	return word_addr4(w, addr_key, &v4->sin_addr);
}

/* join of=d2 group=239.1.1.1 [if=eth0]: a member of the group from now on */
void do_join(const struct words *w)
{
	struct in_addr group4 = { .s_addr = 0 };
	struct group_req req = { .gr_interface = 0 };
	struct sockaddr_in6 *v6 = (void *)&req.gr_group;
	struct sockaddr_in *v4 = (void *)&req.gr_group;
	const char *group = word(w, "group");
	bool six = group && strchr(group, ':');
	int fd = sock_open(w, "of", SOCK_DGRAM, 0, six ? AF_INET6 : AF_INET);

	req.gr_interface = if_nametoindex(word(w, "if") ? word(w, "if") : "eth0");
	v4->sin_family = six ? AF_INET6 : AF_INET;
	if (six)
		word_addr6(w, "group", &v6->sin6_addr);
	else if (word_addr4(w, "group", &group4))
		v4->sin_addr = group4;
	if (fd < 0 || setsockopt(fd, six ? IPPROTO_IPV6 : IPPROTO_IP, MCAST_JOIN_GROUP, &req, sizeof(req)))
		answer("bad %s", strerror(errno));
	else
		answer("ok");	/* the socket stays */
}

int sock_open(const struct words *w, const char *host_key, int type, int proto, int family)
{
	const struct host *h = host_find(word(w, host_key));
	int fd, one = 1;

	if (!h || netns_enter(h->ns))
		return -1;
	fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, proto);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (family == AF_INET6 && type != SOCK_RAW)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	return fd;
}
