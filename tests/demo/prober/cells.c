// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a list of cells at the same time. A line of the list is
 *
 *     ID KIND ADDRESS PORT
 *
 * and one line comes back for each: ID RESULT MILLISECONDS. RESULT is
 *
 *     ok       the server answered in its protocol
 *     silent   nothing came until the deadline
 *     unreach  no route, no neighbour, or a router said so, until the deadline
 *     refused  the far end answered with a reset or port unreachable, and never
 *              better until the deadline
 *     closed   it accepted and closed without a word
 *     odd      it answered with something else
 *
 * Datagrams are sent again each second; a connection that fails is tried again
 * until the deadline.
 */
#include "prober.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define AGAIN_MS 1000

struct cell {
	char id[64];
	const struct kind *kind;
	struct sockaddr_storage to;
	socklen_t to_len;
	int fd;
	bool connecting;
	long next_ms;			/* when to send or to try again */
	const char *result;		/* NULL while it runs */
	const char *trouble;		/* why the last attempt failed */
	long took_ms;
	uint16_t seq;
	uint8_t got[512];
	size_t got_len;
};

struct run {
	struct cell *cells;
	size_t count;
	long start_ms;
};

static bool set_address(struct cell *cell, const char *address, int port)
{
	struct sockaddr_in *v4 = (void *)&cell->to;
	struct sockaddr_in6 *v6 = (void *)&cell->to;

	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		cell->to_len = sizeof(*v4);
		return true;
	}
	if (inet_pton(AF_INET6, address, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	cell->to_len = sizeof(*v6);
	return true;
}

static void finish(struct run *run, struct cell *cell, const char *result)
{
	cell->result = result;
	cell->took_ms = now_ms() - run->start_ms;
	if (cell->fd >= 0)
		close(cell->fd);
	cell->fd = -1;
}

static bool from_far_end(int error)
{
	return error == ECONNREFUSED || error == ECONNRESET || error == EPIPE;
}

/* An attempt failed: once more later. A word of the far end is not forgotten. */
static void trouble(struct cell *cell, int error)
{
	if (from_far_end(error))
		cell->trouble = "refused";
	else if (!cell->trouble || strcmp(cell->trouble, "refused"))
		cell->trouble = error == ETIMEDOUT ? "silent" : "unreach";
	cell->next_ms = now_ms() + AGAIN_MS;
	if (cell->kind->type == SOCK_STREAM && cell->fd >= 0) {
		close(cell->fd);
		cell->fd = -1;
	}
}

static int open_socket(struct cell *cell)
{
	int family = cell->to.ss_family, protocol = 0;

	if (cell->kind->icmp)
		protocol = family == AF_INET ? IPPROTO_ICMP : (int)IPPROTO_ICMPV6;
	return socket(family, cell->kind->type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

static void send_datagram(struct cell *cell)
{
	uint8_t echo[64];
	const void *data = cell->kind->say;
	size_t len = cell->kind->say_len;

	if (cell->kind->icmp) {
		len = kind_echo(cell->to.ss_family, ++cell->seq, echo, sizeof(echo));
		data = echo;
	}
	cell->next_ms = now_ms() + AGAIN_MS;
	if (send(cell->fd, data, len, MSG_NOSIGNAL) < 0 && errno != EAGAIN)
		trouble(cell, errno);
}

/* Starts an attempt, or says a datagram once more. */
static void begin(struct run *run, struct cell *cell)
{
	if (cell->fd < 0) {
		cell->fd = open_socket(cell);
		if (cell->fd < 0) {
			finish(run, cell, "odd");
			return;
		}
		cell->got_len = 0;
		if (connect(cell->fd, (void *)&cell->to, cell->to_len) && errno != EINPROGRESS) {
			int error = errno;

			close(cell->fd);
			cell->fd = -1;
			trouble(cell, error);
			return;
		}
		cell->connecting = cell->kind->type == SOCK_STREAM;
	}
	if (cell->kind->type == SOCK_DGRAM)
		send_datagram(cell);
	else
		cell->next_ms = -1;
}

static void connected(struct cell *cell)
{
	socklen_t len = sizeof(int);
	int error = 0;

	getsockopt(cell->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error) {
		trouble(cell, error);
		return;
	}
	cell->connecting = false;
	if (cell->kind->say &&
	    send(cell->fd, cell->kind->say, cell->kind->say_len, MSG_NOSIGNAL) < 0)
		trouble(cell, errno);
}

static void receive(struct run *run, struct cell *cell)
{
	ssize_t n = recv(cell->fd, cell->got + cell->got_len,
			 sizeof(cell->got) - cell->got_len, 0);
	enum answer answer;

	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			trouble(cell, errno);
		return;
	}
	if (n == 0 && cell->kind->type == SOCK_STREAM) {
		finish(run, cell, cell->got_len ? "odd" : "closed");
		return;
	}
	cell->got_len += n;
	if (cell->kind->icmp)
		answer = kind_is_reply(cell->to.ss_family, cell->got, cell->got_len) ?
			 ANSWER_OK : ANSWER_ODD;
	else
		answer = cell->kind->judge(cell->got, cell->got_len);
	if (answer != ANSWER_MORE)
		finish(run, cell, answer == ANSWER_OK ? "ok" : "odd");
	else if (cell->got_len == sizeof(cell->got))
		finish(run, cell, "odd");
}

static void event(struct run *run, struct cell *cell, short events)
{
	if (cell->connecting) {
		if (events & (POLLOUT | POLLERR | POLLHUP))
			connected(cell);
	} else if (events & (POLLIN | POLLERR | POLLHUP)) {
		receive(run, cell);
	}
}

/* Fills the poll set; returns how long poll may wait, -1 when all is done. */
static int prepare(struct run *run, struct pollfd *fds, long deadline)
{
	long now = now_ms(), wake = deadline;
	bool busy = false;

	for (size_t i = 0; i < run->count; i++) {
		struct cell *cell = &run->cells[i];

		fds[i].fd = -1;
		fds[i].revents = 0;
		if (!cell->result && cell->next_ms >= 0 && cell->next_ms <= now)
			begin(run, cell);
		if (cell->result)
			continue;
		busy = true;
		fds[i].fd = cell->fd;
		fds[i].events = cell->connecting ? POLLOUT : POLLIN;
		if (cell->next_ms >= 0 && cell->next_ms < wake)
			wake = cell->next_ms;
	}
	if (!busy)
		return -1;
	return wake > now ? wake - now : 0;
}

static void run_all(struct run *run, struct pollfd *fds, long deadline)
{
	int wait;

	while (now_ms() < deadline && (wait = prepare(run, fds, deadline)) >= 0) {
		if (poll(fds, run->count, wait) <= 0)
			continue;
		for (size_t i = 0; i < run->count; i++)
			if (fds[i].revents && !run->cells[i].result)
				event(run, &run->cells[i], fds[i].revents);
	}
	for (size_t i = 0; i < run->count; i++) {
		struct cell *cell = &run->cells[i];

		if (!cell->result)
			finish(run, cell, cell->trouble ? cell->trouble : "silent");
	}
}

static struct cell *read_list(FILE *list, size_t *count)
{
	struct cell *cells = NULL;
	char line[256], kind[32], address[64];
	size_t n = 0, room = 0;
	int port;

	while (fgets(line, sizeof(line), list)) {
		if (n == room) {
			room = room ? 2 * room : 64;
			cells = realloc(cells, room * sizeof(*cells));
			if (!cells)
				return NULL;
		}
		memset(&cells[n], 0, sizeof(cells[n]));
		cells[n].fd = -1;
		if (sscanf(line, "%63s %31s %63s %d", cells[n].id, kind, address, &port) != 4)
			continue;
		cells[n].kind = kind_find(kind);
		if (!cells[n].kind || !set_address(&cells[n], address, port))
			cells[n].result = "odd";
		n++;
	}
	*count = n;
	return cells;
}

int cells_run(FILE *list, long deadline_ms, FILE *out)
{
	struct run run = { .start_ms = now_ms() };
	struct pollfd *fds;

	run.cells = read_list(list, &run.count);
	fds = calloc(run.count + 1, sizeof(*fds));
	if (!run.cells || !fds) {
		free(run.cells);
		free(fds);
		fprintf(out, "error no cells\n");
		return -1;
	}
	run_all(&run, fds, run.start_ms + deadline_ms);
	for (size_t i = 0; i < run.count; i++)
		fprintf(out, "%s %s %ld\n", run.cells[i].id, run.cells[i].result,
			run.cells[i].took_ms);
	free(run.cells);
	free(fds);
	return 0;
}
