// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a client sends to the daemon's socket: frames, requests, policy sources, in every role. Each request gets one reply that is a JSON object
 * with "ok", or none when it was not whole; a role below admin changes nothing; an apply leaves the kernel at rest. Input: u8 role (bits 0-1), no
 * policy in force (bit 2), u16 which kernel operations fail, then pieces as u8 kind, u16 little-endian length, bytes. A kind is: 0 request
 * frame, 1 source frame holding one policy file, 2 source frame as it is, 3 bytes as they are.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "tests/fuzz/fake_kernel.h"
#include "tests/fuzz/fuzz.h"
#include "userland/cordond/core.h"
#include "userland/cordond/server.h"
#include "userland/lib/ipc.h"
#include "userland/lib/store_sql.h"

#define MOST_ROUNDS 100000

static const char policy_text[] =
	"cordon: 1\n"
	"gateway:\n"
	"  ports: {p1: devices, office: {zone: staff}}\n"
	"  uplinks: [wan]\n"
	"  management: {from: staff, allow: [ssh]}\n"
	"zones: {staff: {subnets: [10.30.0.0/24]}, cams: {subnets: [10.10.1.0/24]}}\n"
	"devices:\n"
	"  cam1: {mac: \"02:00:00:00:00:01\", port: p1, zone: cams, addresses: [10.10.1.1]}\n"
	"flows:\n"
	"  - {from: staff, to: cams, allow: [https]}\n";

static char directory[] = "/dev/shm/cordon-fuzz-XXXXXX";	/* no disk waits for an input */
static char socket_path[64], store_path[64];
static struct options options = { .state_dir = directory, .socket = socket_path, .no_seccomp = true };
static struct fake_kernel kernel;
static struct core core = { .options = &options };
static enum role role;

/* Linked with --wrap. */
enum role __wrap_roles_of(const struct roles *roles, uid_t uid, const gid_t *groups, size_t n);

enum role __wrap_roles_of(const struct roles *roles, uid_t uid, const gid_t *groups, size_t n)
{
	(void)roles;
	(void)uid;
	(void)groups;
	(void)n;
	return role;
}

/* The daemon between two inputs ----------------------------------------------------------------------------------- */

static void clean_up(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	if (system(command))
		fprintf(stderr, "%s stays behind\n", directory);
}

static void open_store(void)
{
	struct failure f = { 0 };
	char wal[80];

	store_close(core.store);
	unlink(store_path);
	snprintf(wal, sizeof(wal), "%s-wal", store_path);
	unlink(wal);
	FUZZ_MUST(!store_open(directory, false, &core.store, &f));
	FUZZ_MUST(!store_exec(core.store, "PRAGMA synchronous=OFF;", &f));
}

static void set_running(void)
{
	static const struct bundle_file file = { (char *)BUNDLE_MAIN, (char *)policy_text, sizeof(policy_text) - 1 };
	const struct bundle source = { (struct bundle_file *)&file, 1 };
	struct policy_diags diags = { 0 };
	struct compiled c;
	struct failure f = { 0 };

	FUZZ_MUST(!compiled_bundle(&source, core.work, NULL, &diags, &c, &f));
	policy_diags_free(&diags);
	running_set(&core, &c, 7);
}

static void set_up(void)
{
	struct failure f = { 0 };

	if (core.base)
		return;
	FUZZ_MUST(mkdtemp(directory));
	atexit(clean_up);
	snprintf(socket_path, sizeof(socket_path), "%s/s", directory);
	snprintf(store_path, sizeof(store_path), "%s/state.db", directory);
	snprintf(core.work, sizeof(core.work), "%s/work", directory);
	FUZZ_MUST(!mkdir(core.work, 0700));
	api_list_init(&core.zones, sizeof(struct api_zone));
	core.base = event_base_new();
	core.kernel = &kernel.base;
	fake_kernel_init(&kernel, 0, NULL);
	open_store();
	FUZZ_MUST(core.base && !server_start(&core, &f));
}

/* Whatever the last input changed is as before. */
static void reset(bool in_force)
{
	static int changes;

	if (sqlite3_total_changes(core.store->db) != changes) {
		open_store();
		changes = sqlite3_total_changes(core.store->db);
	}
	fake_kernel_init(&kernel, 0, NULL);
	core.disarmed = false;
	*core.trouble = '\0';
	if (!in_force)
		running_clear(&core);
	else if (!core.running.valid || core.running.generation != 7)
		set_running();
	fake_kernel_init(&kernel, 7, in_force ? core.running.c.digest : NULL);
}

/* A client -------------------------------------------------------------------------------------------------------- */

static uint8_t heard[1 << 20];
static size_t n_heard;

static int connect_client(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, socket_path, sizeof(socket_path));
	FUZZ_MUST(fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)));
	return fd;
}

/* Return: whether the daemon closed the connection. */
static bool listen_to(int fd)
{
	ssize_t n;

	event_base_loop(core.base, EVLOOP_NONBLOCK);
	do {
		n = recv(fd, heard + n_heard, sizeof(heard) - n_heard, 0);
		n_heard += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	return !n || errno == ECONNRESET;
}

static void say(int fd, const uint8_t *bytes, size_t len)
{
	while (len) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return;		/* it closed: the reply says why */
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
		if (listen_to(fd))
			return;
	}
}

static void say_frame(int fd, uint16_t type, const void *body, size_t len)
{
	uint8_t header[IPC_HEADER_BYTES];

	ipc_header(header, (uint32_t)len, type);
	say(fd, header, sizeof(header));
	say(fd, body, len);
}

static void say_policy(int fd, const uint8_t *text, size_t len)
{
	struct bundle_file file = { (char *)BUNDLE_MAIN, (char *)text, len };
	const struct bundle source = { &file, 1 };
	struct buf packed = { 0 };

	bundle_pack(&source, &packed);
	say_frame(fd, IPC_SOURCE, packed.data, packed.len);
	buf_free(&packed);
}

static void say_pieces(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		size_t head = size < 3 ? size : 3, len = size < 3 ? 0 : (size_t)(data[1] | data[2] << 8);
		int kind = data[0] & 3;

		data += head;
		size -= head;
		len = len < size ? len : size;
		if (kind == 0)
			say_frame(fd, IPC_REQUEST, data, len);
		else if (kind == 1)
			say_policy(fd, data, len);
		else if (kind == 2)
			say_frame(fd, IPC_SOURCE, data, len);
		else
			say(fd, data, len);
		data += len;
		size -= len;
	}
}

/* What must hold -------------------------------------------------------------------------------------------------- */

static void check_reply(void)
{
	uint32_t len;
	uint16_t type;
	json_t *o;

	if (!n_heard)
		return;
	FUZZ_MUST(n_heard >= IPC_HEADER_BYTES && !ipc_parse_header(heard, &len, &type) && type == IPC_REPLY);
	FUZZ_MUST(n_heard == IPC_HEADER_BYTES + len || n_heard == sizeof(heard));
	if (n_heard == sizeof(heard))
		return;
	o = json_loadb((const char *)heard + IPC_HEADER_BYTES, len, 0, NULL);
	FUZZ_MUST(json_is_object(o) && json_is_boolean(json_object_get(o, "ok")));
	if (json_is_false(json_object_get(o, "ok")))
		FUZZ_MUST(json_integer_value(json_object_get(o, "exit")) > 0 &&
			  *json_string_value(json_object_get(o, "error")));
	if (role == ROLE_NONE)
		FUZZ_MUST(json_integer_value(json_object_get(o, "exit")) == CORDON_EXIT_DENIED);
	json_decref(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd, changes, rounds = 0;

	if (size < 3 || size > (1 << 17))
		return 0;
	set_up();
	reset(!(data[0] & 4));
	role = (enum role)(data[0] & 3);
	kernel.fail = (uint32_t)(data[1] | data[2] << 8);
	changes = sqlite3_total_changes(core.store->db);
	n_heard = 0;
	fd = connect_client();
	say_pieces(fd, data + 3, size - 3);
	shutdown(fd, SHUT_WR);
	while (!listen_to(fd))
		FUZZ_MUST(++rounds < MOST_ROUNDS);
	close(fd);
	check_reply();
	FUZZ_MUST(role == ROLE_ADMIN || (!kernel.changes && sqlite3_total_changes(core.store->db) == changes));
	FUZZ_MUST(kernel.at == FAKE_RESTING);
	return 0;
}
