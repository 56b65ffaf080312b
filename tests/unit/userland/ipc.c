// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames over a socket pair: whole, cut, too long, malformed. */
#include "userland/lib/ipc.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/userland/tap.h"

static int ends[2];

static void open_pair(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		ends[0] = ends[1] = -1;
}

static void close_pair(void)
{
	close(ends[0]);
	close(ends[1]);
}

static void whole(void)
{
	struct buf body = { 0 };
	uint16_t type;

	open_pair();
	ok(!ipc_send(ends[0], IPC_REQUEST, "hello", 5) && !ipc_send(ends[0], IPC_REPLY, "", 0), "two frames go out");
	ok(!ipc_receive(ends[1], &type, 100, &body) && type == IPC_REQUEST && body.len == 5 &&
	   !strcmp((char *)body.data, "hello"), "the first comes in, terminated");
	ok(!ipc_receive(ends[1], &type, 100, &body) && type == IPC_REPLY && !body.len, "an empty one too");
	close(ends[0]);
	ok(ipc_receive(ends[1], &type, 100, &body) == -EPIPE, "the end of the stream");
	close(ends[1]);
	buf_free(&body);
}

static void refused(const char *name, const void *bytes, size_t len, size_t max, int want)
{
	struct buf body = { 0 };
	uint16_t type;

	open_pair();
	if (write(ends[0], bytes, len) != (ssize_t)len)
		ok(false, "write");
	close(ends[0]);
	ends[0] = -1;
	ok(ipc_receive(ends[1], &type, max, &body) == want, "%s", name);
	close_pair();
	buf_free(&body);
}

static void malformed(void)
{
	uint8_t header[IPC_HEADER_BYTES];

	ipc_header(header, 101, IPC_REQUEST);
	refused("longer than allowed", header, sizeof(header), 100, -EMSGSIZE);
	refused("a cut header", header, 3, 1000, -EPIPE);
	refused("a cut body", header, sizeof(header), 1000, -EPIPE);
	header[7] = 1;
	refused("reserved bytes that are not zero", header, sizeof(header), 1000, -EBADMSG);
	ipc_header(header, 0xffffffff, IPC_REQUEST);
	refused("four gigabytes", header, sizeof(header), IPC_MAX_SOURCE, -EMSGSIZE);
}

static void connecting(void)
{
	struct failure f = { 0 };
	char path[200];

	ok(ipc_connect("/nonexistent/socket", &f) < 0 && f.exit == CORDON_EXIT_UNREACHABLE, "no daemon: exit 4");
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ok(ipc_connect(path, &f) == -ENAMETOOLONG, "a path that does not fit");
}

int main(void)
{
	whole();
	malformed();
	connecting();
	return tap_end();
}
