// SPDX-License-Identifier: GPL-2.0-or-later
/* The socket of the daemon: every cell of verb x role as a client meets it, and frames that are refused. The kernel is one of memory. */
#include "userland/cordond/server.h"

#include <string.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>
#include <jansson.h>

#include "tests/fuzz/fake_kernel.h"
#include "tests/unit/userland/tap.h"
#include "userland/cordond/core.h"
#include "userland/lib/ipc.h"

static char directory[] = "/tmp/cordon-server-XXXXXX", socket_path[64];
static struct options options = { .state_dir = directory, .socket = socket_path };
static struct fake_kernel kernel;
static struct core core = { .options = &options, .kernel = &kernel.base };
static enum role role;

/* The peer's credentials are this process's own: the role is the test's. Linked with --wrap. */
enum role __wrap_roles_of(const struct roles *roles, uid_t uid, const gid_t *groups, size_t n);

enum role __wrap_roles_of(const struct roles *roles, uid_t uid, const gid_t *groups, size_t n)
{
	(void)roles;
	(void)uid;
	(void)groups;
	(void)n;
	return role;
}

static int connect_client(void)
{
	struct failure f = { 0 };

	return ipc_connect(socket_path, &f);
}

/* The reply, or NULL when the daemon closed without one. */
static json_t *reply_of(int fd)
{
	struct buf body = { 0 };
	json_t *o = NULL;
	uint16_t type = 0;
	char byte;

	shutdown(fd, SHUT_WR);
	for (int i = 0; i < 1000 && recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0; i++)
		event_base_loop(core.base, EVLOOP_NONBLOCK);
	if (recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && !ipc_receive(fd, &type, IPC_MAX_REPLY, &body) && type == IPC_REPLY)
		o = json_loadb((const char *)body.data, body.len, 0, NULL);
	buf_free(&body);
	close(fd);
	event_base_loop(core.base, EVLOOP_NONBLOCK);
	return o;
}

static json_t *ask(const char *request)
{
	int fd = connect_client();

	ipc_send(fd, IPC_REQUEST, request, strlen(request));
	return reply_of(fd);
}

static int exit_of(json_t *reply)
{
	int code = reply ? (int)json_integer_value(json_object_get(reply, "exit")) : -1;

	json_decref(reply);
	return code;
}

/* v(iewer) o(perator) a(dmin): who may. What is allowed may fail for other reasons than the role. */
static const struct cell {
	const char *verb, *may;
	bool awaits_source;
} cells[] = {
	{ "status", "voa", false },  { "devices", "voa", false }, { "device", "voa", false }, { "zones", "voa", false },
	{ "services", "voa", false }, { "explain", "voa", false }, { "stats", "voa", false }, { "watch", "oa", false },
	{ "audit", "oa", false },    { "apply", "a", true },	  { "quarantine", "a", false }, { "release", "a", false },
	{ "disarm", "a", false },    { "placement", "voa", false },
};

static void one_cell(const struct cell *cell)
{
	static const char letters[] = "nvoa";
	bool may = strchr(cell->may, letters[role]) != NULL;
	char request[64];
	json_t *reply;
	int code;

	snprintf(request, sizeof(request), "{\"verb\":\"%s\"}", cell->verb);
	kernel.changes = 0;
	reply = ask(request);
	code = exit_of(reply);
	if (!may)
		ok(code == CORDON_EXIT_DENIED && !kernel.changes, "%s may not %s", role_name(role), cell->verb);
	else if (cell->awaits_source)
		ok(code == -1 && !kernel.changes, "%s may %s: the policy is awaited", role_name(role), cell->verb);
	else
		ok(code >= 0 && code != CORDON_EXIT_DENIED, "%s may %s", role_name(role), cell->verb);
}

static void refused_frames(void)
{
	static const uint8_t long_request[IPC_HEADER_BYTES] = { 1, 0, 1, 0, IPC_REQUEST }, reserved[IPC_HEADER_BYTES] = { 1, 0, 0, 0, IPC_REQUEST, 0, 1 };
	int fd;

	role = ROLE_ADMIN;
	ok(exit_of(ask("")) == CORDON_EXIT_USAGE, "an empty request");
	ok(exit_of(ask("{\"verb\":\"load\"}")) == CORDON_EXIT_USAGE, "a verb that there is not");
	ok(exit_of(ask("{\"verb\":\"status\",\"verb\":\"disarm\"}")) == CORDON_EXIT_USAGE, "a key twice");
	fd = connect_client();
	send(fd, long_request, sizeof(long_request), 0);
	ok(exit_of(reply_of(fd)) == CORDON_EXIT_USAGE, "a request that says it is too long, before it is there");
	fd = connect_client();
	send(fd, reserved, sizeof(reserved), 0);
	ok(exit_of(reply_of(fd)) == CORDON_EXIT_USAGE, "a header with reserved bytes");
	fd = connect_client();
	ipc_send(fd, IPC_SOURCE, "x", 1);
	ok(exit_of(reply_of(fd)) == CORDON_EXIT_USAGE, "a policy that no request announced");
	fd = connect_client();
	ipc_send(fd, IPC_REQUEST, "{\"verb\":\"apply\"}", 16);
	ipc_send(fd, IPC_REQUEST, "{\"verb\":\"apply\"}", 16);
	ok(exit_of(reply_of(fd)) == CORDON_EXIT_USAGE, "a request where the policy is awaited");
}

static bool set_up(void)
{
	struct failure f = { 0 };

	if (!mkdtemp(directory))
		return false;
	snprintf(socket_path, sizeof(socket_path), "%s/s", directory);
	snprintf(core.work, sizeof(core.work), "%s/work", directory);
	api_list_init(&core.zones, sizeof(struct api_zone));
	fake_kernel_init(&kernel, 0, NULL);
	core.base = event_base_new();
	return core.base && !mkdir(core.work, 0700) && !store_open(directory, false, &core.store, &f) && !server_start(&core, &f);
}

static void tear_down(void)
{
	char command[128];

	server_stop(&core);
	store_close(core.store);
	event_base_free(core.base);
	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	if (system(command))
		printf("# %s stays behind\n", directory);
}

int main(void)
{
	ok(set_up(), "the daemon listens");
	ok(sizeof(cells) / sizeof(cells[0]) == VERB_COUNT, "no verb is missing here");
	for (role = ROLE_NONE; role <= ROLE_ADMIN; role++)
		for (size_t i = 0; i < VERB_COUNT; i++)
			one_cell(&cells[i]);
	refused_frames();
	tear_down();
	return tap_end();
}
