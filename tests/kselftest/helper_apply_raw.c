// SPDX-License-Identifier: GPL-2.0-or-later
/* apply_raw SOCKET FILE: hand a policy to cordond without looking at it first, and print the reply; 0 when it was taken. */
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "apply_raw: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void put(int fd, const void *bytes, size_t len)
{
	if (write(fd, bytes, len) != (ssize_t)len)
		die("write");
}

/* userland/lib/ipc.h: length, type, nothing. */
static void put_head(int fd, uint32_t len, uint16_t type)
{
	struct {
		uint32_t len;
		uint16_t type, zero;
	} head = { htole32(len), htole16(type), 0 };

	put(fd, &head, sizeof(head));
}

static void put_block(int fd, const void *bytes, uint32_t len)
{
	uint32_t le = htole32(len);

	put(fd, &le, sizeof(le));
	put(fd, bytes, len);
}

static void ask(int fd, const char *text, uint32_t len)
{
	static const char request[] = "{\"verb\":\"apply\",\"source\":true,\"what\":\"raw\"}", name[] = "policy.yaml";
	uint32_t one = htole32(1);

	put_head(fd, sizeof(request) - 1, 1);
	put(fd, request, sizeof(request) - 1);
	put_head(fd, 4 + 4 + sizeof(name) - 1 + 4 + len, 2);
	put(fd, &one, sizeof(one));
	put_block(fd, name, sizeof(name) - 1);
	put_block(fd, text, len);
}

/* Return: whether the reply is one of success. */
static int hear(int fd)
{
	static char reply[65536];
	uint8_t head[8];
	uint32_t len;

	if (recv(fd, head, sizeof(head), MSG_WAITALL) != sizeof(head))
		die("no reply");
	memcpy(&len, head, sizeof(len));
	len = le32toh(len);
	if (len >= sizeof(reply) || recv(fd, reply, len, MSG_WAITALL) != (ssize_t)len)
		die("half a reply");
	puts(reply);
	return strstr(reply, "\"ok\":true") != NULL;
}

int main(int argc, char **argv)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	static char text[1 << 20];
	FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	size_t len;

	if (!file)
		die("which socket, which file?");
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", argv[1]);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die(argv[1]);
	ask(fd, text, len);
	return hear(fd) ? 0 : 1;
}
