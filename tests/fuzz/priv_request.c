// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the privileged part reads from the core: it acts only in the order of an apply (fake_kernel.c checks that), answers each request exactly
 * once, and a request that the table does not have ends it without an answer. Input: u8 which operations fail, then requests as
 * u8 type - 0x100 (255: the rest of the input goes to the channel as it is), u16 little-endian length, body.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/fake_kernel.h"
#include "tests/fuzz/fuzz.h"
#include "userland/cordond/priv_request.h"
#include "userland/lib/ipc.h"

#define RAW 255

static uint8_t sent[1 << 17];	/* one answer at most */

/* Reads what was answered. Return: how many PRIV_DONE frames; all else must be items. */
static unsigned int answers(int fd)
{
	ssize_t n = recv(fd, sent, sizeof(sent), MSG_DONTWAIT);
	unsigned int done = 0;
	uint32_t len;
	uint16_t type;

	for (ssize_t at = 0; at < n; at += IPC_HEADER_BYTES + len) {
		FUZZ_MUST(n - at >= IPC_HEADER_BYTES && !ipc_parse_header(sent + at, &len, &type));
		FUZZ_MUST(len <= n - at - IPC_HEADER_BYTES && !done);
		FUZZ_MUST(type == PRIV_ITEM || (type == PRIV_DONE && len == sizeof(struct priv_done)));
		done += type == PRIV_DONE;
	}
	return done;
}

static bool is_request(uint16_t type, size_t len)
{
	return priv_may(PRIV_IDLE, type, len) != -EPROTO;
}

static size_t feed(int fd, const uint8_t *data, size_t size, bool *good)
{
	uint8_t header[IPC_HEADER_BYTES];
	uint16_t type = 0x100 + data[0];
	size_t len = size < 3 ? 0 : (size_t)(data[1] | data[2] << 8), head = size < 3 ? size : 3;

	if (data[0] == RAW) {
		*good = false;
		FUZZ_MUST(send(fd, data + 1, size - 1, 0) == (ssize_t)size - 1);
		return size;
	}
	if (len > size - head)
		len = size - head;
	ipc_header(header, (uint32_t)len, type);
	FUZZ_MUST(send(fd, header, sizeof(header), 0) == sizeof(header));
	FUZZ_MUST(send(fd, data + head, len, 0) == (ssize_t)len);
	*good = is_request(type, len);
	return head + len;
}

static void requests(struct priv *p, int fd, const uint8_t *data, size_t size)
{
	bool good = true;

	while (size && good) {
		size_t used = feed(fd, data, size, &good);

		data += used;
		size -= used;
		if (!good)
			break;
		FUZZ_MUST(!priv_serve(p));
		FUZZ_MUST(answers(fd) == 1);
	}
	shutdown(fd, SHUT_WR);
	/* Raw bytes may hold requests; a request out of the table is the last. */
	while (!priv_serve(p))
		FUZZ_MUST(answers(fd) == 1);
	FUZZ_MUST(!answers(fd));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_kernel kernel;
	static const uint8_t digest[CORDON_DIGEST_BYTES];
	struct priv p = { .kernel = &kernel.base };
	int ends[2], room = 1 << 20;

	if (!size || size > (1 << 17))
		return 0;
	fake_kernel_init(&kernel, 7, digest);
	kernel.fail = data[0];
	FUZZ_MUST(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	p.requests = ends[0];
	requests(&p, ends[1], data + 1, size - 1);
	buf_free(&p.body);
	close(ends[0]);
	close(ends[1]);
	return 0;
}
