// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crash_client REPLY: a client of cordond that stays, for 70_crash.sh, which needs no program start between one kill and the next, and the
 * moment at which a request was sent. Reads lines from stdin, answers on stdout:
 *
 *	apply SOCKET FILE	"sent" when all is sent, then "reply" or "lost"
 *	status SOCKET		"reply" or "lost"
 *
 * A reply stands in the file REPLY, a line: a shell reads a pipe byte by byte. It waits CONNECT_MS for somebody to listen.
 */
#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "userland/lib/ipc.h"

#define CONNECT_MS 120000
#define MOST_BYTES (1U << 20)

static const char *reply_path;

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Return: the connection, or -1 when nobody listened for CONNECT_MS. */
static int reach(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	long end = now_ms() + CONNECT_MS;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	while (now_ms() < end) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd < 0)
			return -1;
		if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
			return fd;
		close(fd);
		poll(NULL, 0, 2);
	}
	return -1;
}

static int put(int fd, const void *bytes, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = send(fd, (const char *)bytes + done, len - done, MSG_NOSIGNAL);

		if (n <= 0)
			return -1;
		done += (size_t)n;
	}
	return 0;
}

static int put_frame(int fd, uint16_t type, const void *body, size_t len)
{
	struct {
		uint32_t len;
		uint16_t type, zero;
	} header = { htole32((uint32_t)len), htole16(type), 0 };

	return put(fd, &header, sizeof(header)) || put(fd, body, len) ? -1 : 0;
}

/* bundle_pack() of one file: how many, then length and bytes of name and text. Return: bytes, 0: it cannot be read. */
static size_t pack(const char *path, char *out, size_t room)
{
	static const char name[] = "policy.yaml";
	const uint32_t one = htole32(1), name_len = htole32(sizeof(name) - 1);
	size_t at = 2 * sizeof(one) + sizeof(name) - 1 + sizeof(one), len;
	FILE *file = fopen(path, "r");
	uint32_t le;

	if (!file)
		return 0;
	len = fread(out + at, 1, room - at, file);
	fclose(file);
	le = htole32((uint32_t)len);
	memcpy(out, &one, sizeof(one));
	memcpy(out + sizeof(one), &name_len, sizeof(name_len));
	memcpy(out + 2 * sizeof(one), name, sizeof(name) - 1);
	memcpy(out + at - sizeof(le), &le, sizeof(le));
	return at + len;
}

static uint32_t length_of(const char *header)
{
	uint32_t le;

	memcpy(&le, header, sizeof(le));
	return le32toh(le);
}

/* Return: whether the line stands in the file. */
static bool keep(const char *text, size_t len)
{
	FILE *file = fopen(reply_path, "w");
	bool good = file && fwrite(text, 1, len, file) == len && fputc('\n', file) != EOF;

	return file && !fclose(file) && good;
}

/* The reply's frame, whole; what is cut off is lost. */
static void take_reply(int fd)
{
	static char bytes[MOST_BYTES + 1];
	size_t have = 0;
	uint32_t len = 0;

	while (have < IPC_HEADER_BYTES || have < IPC_HEADER_BYTES + len) {
		ssize_t n = recv(fd, bytes + have, MOST_BYTES - have, 0);

		if (n <= 0)
			break;
		have += (size_t)n;
		if (have >= IPC_HEADER_BYTES)
			len = length_of(bytes);
	}
	puts(have >= IPC_HEADER_BYTES && have == IPC_HEADER_BYTES + len && keep(bytes + IPC_HEADER_BYTES, len) ? "reply" : "lost");
}

static void apply(const char *path, const char *file)
{
	static const char request[] = "{\"verb\":\"apply\",\"source\":true,\"what\":\"apply\"}";
	static char source[MOST_BYTES];
	size_t len = pack(file, source, sizeof(source));
	int fd = len ? reach(path) : -1;

	/* A daemon that dies meanwhile is no error of this program: the reply is lost. */
	if (fd >= 0 && !put_frame(fd, IPC_REQUEST, request, sizeof(request) - 1))
		put_frame(fd, IPC_SOURCE, source, len);
	puts("sent");
	fflush(stdout);
	take_reply(fd);
	close(fd);
}

static void status(const char *path)
{
	static const char request[] = "{\"verb\":\"status\"}";
	int fd = reach(path);

	if (fd >= 0)
		put_frame(fd, IPC_REQUEST, request, sizeof(request) - 1);
	take_reply(fd);
	close(fd);
}

int main(int argc, char **argv)
{
	char line[512], path[200], file[200];

	if (argc != 2)
		return 2;
	reply_path = argv[1];
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "apply %199s %199s", path, file) == 2)
			apply(path, file);
		else if (sscanf(line, "status %199s", path) == 1)
			status(path);
		else
			return 2;
		fflush(stdout);
	}
	return 0;
}
