// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames: every length is checked before a byte of the body is read. */
#include "userland/lib/ipc.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

void ipc_header(uint8_t out[IPC_HEADER_BYTES], uint32_t len, uint16_t type)
{
	uint32_t len_le = htole32(len);
	uint16_t type_le = htole16(type);

	memset(out, 0, IPC_HEADER_BYTES);
	memcpy(out, &len_le, sizeof(len_le));
	memcpy(out + 4, &type_le, sizeof(type_le));
}

int ipc_parse_header(const uint8_t in[IPC_HEADER_BYTES], uint32_t *len, uint16_t *type)
{
	uint32_t len_le;
	uint16_t type_le;

	memcpy(&len_le, in, sizeof(len_le));
	memcpy(&type_le, in + 4, sizeof(type_le));
	*len = le32toh(len_le);
	*type = le16toh(type_le);
	return in[6] || in[7] ? -EBADMSG : 0;
}

static int send_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int ipc_send(int fd, uint16_t type, const void *body, size_t len)
{
	uint8_t header[IPC_HEADER_BYTES];
	int err;

	if (len > UINT32_MAX)
		return -EMSGSIZE;
	ipc_header(header, (uint32_t)len, type);
	err = send_all(fd, header, sizeof(header));
	return err ? err : send_all(fd, body, len);
}

static int receive_all(int fd, void *bytes, size_t len)
{
	char *at = bytes;

	while (len) {
		ssize_t n = recv(fd, at, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EPIPE;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int ipc_receive(int fd, uint16_t *type, size_t max, struct buf *body)
{
	uint8_t header[IPC_HEADER_BYTES];
	uint32_t len;
	char *at;
	int err = receive_all(fd, header, sizeof(header));

	body->len = 0;
	if (!err)
		err = ipc_parse_header(header, &len, type);
	if (err)
		return err;
	if (len > max)
		return -EMSGSIZE;
	at = buf_extend(body, (size_t)len + 1);
	if (!at)
		return -ENOMEM;
	at[len] = '\0';
	body->len = len;
	return receive_all(fd, at, len);
}

int ipc_connect(const char *path, struct failure *f)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return fail_sys(f, ENAMETOOLONG, "cannot reach cordond at %s", path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail_sys(f, errno, "cannot open a socket");
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	err = errno;
	close(fd);
	return fail(f, err == EACCES ? CORDON_EXIT_DENIED : CORDON_EXIT_UNREACHABLE, err,
		    "cannot reach cordond at %s: %s%s", path, strerror(err),
		    err == EACCES ? " (are you in group cordon-viewer, cordon-operator or cordon-admin?)" : "");
}
