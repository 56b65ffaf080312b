// SPDX-License-Identifier: GPL-2.0-or-later
/* Connections: limits on number, size and time before anything is parsed. */
#include "userland/cordond/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "userland/cordond/dispatch.h"
#include "userland/lib/failpoint.h"
#include "userland/lib/ipc.h"
#include "userland/lib/log.h"

#define MOST_CLIENTS 128
#define MOST_PER_UID 32		/* not for root: a reserved share */
#define REQUEST_SECONDS 30
#define WATCH_QUEUE_BYTES (1U << 20)

struct client {
	LIST_ENTRY(client) link;
	struct core *core;
	struct bufferevent *bev;
	struct caller caller;
	const struct verb *verb;	/* set when a source frame is awaited */
	json_t *request;
	uint64_t lost;
	bool watching, closing, journal_reply;
};

struct server {
	int fd;
	struct event *accept;
	LIST_HEAD(, client) clients;
	size_t n;
};

static void client_free(struct client *client)
{
	LIST_REMOVE(client, link);
	client->core->server->n--;
	json_decref(client->request);
	bufferevent_free(client->bev);
	free(client);
}

/* Replies --------------------------------------------------------------------------------------------------------- */

static void put_frame(struct client *client, uint16_t type, const char *text)
{
	uint8_t header[IPC_HEADER_BYTES];
	size_t len = strlen(text);

	ipc_header(header, (uint32_t)len, type);
	bufferevent_write(client->bev, header, sizeof(header));
	bufferevent_write(client->bev, text, len);
}

static void put_json(struct client *client, uint16_t type, const json_t *o)
{
	char *text = o ? json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;

	put_frame(client, type, text ? text : "{\"ok\":false,\"exit\":1,\"error\":\"out of memory\"}");
	free(text);
}

static void reply(struct client *client, json_t *o, const struct failure *f)
{
	if (!o)
		o = json_pack("{s:b, s:i, s:s}", "ok", 0, "exit", f->exit ? f->exit : CORDON_EXIT_FAILED, "error", f->text);
	put_json(client, IPC_REPLY, o);
	json_decref(o);
	client->closing = !client->watching;
	/* A subscriber is still read from, only to notice that it goes. */
	if (client->watching)
		bufferevent_set_timeouts(client->bev, NULL, NULL);
	else
		bufferevent_disable(client->bev, EV_READ);
}

static void refuse(struct client *client, int exit, const char *text)
{
	struct failure f = { .exit = exit };

	snprintf(f.text, sizeof(f.text), "%s", text);
	reply(client, NULL, &f);
}

static void run(struct client *client, const struct buf *source)
{
	struct failure f = { 0 };
	json_t *o;

	o = dispatch(client->core, &client->caller, client->verb, client->request, source, &f);
	failpoint("before-reply", NULL);
	client->journal_reply = client->verb->id == VERB_APPLY;
	client->watching = o && client->verb->id == VERB_WATCH;
	reply(client, o, &f);
}

/* Requests -------------------------------------------------------------------------------------------------------- */

static void take_request(struct client *client, const char *body, size_t len)
{
	const char *name;
	char text[160];

	client->request = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	name = json_string_value(json_object_get(client->request, "verb"));
	client->verb = name ? verb_find(name) : NULL;
	if (!client->verb) {
		refuse(client, CORDON_EXIT_USAGE, "the request is not JSON with a verb that this daemon knows");
		return;
	}
	if (!verb_allowed(client->verb, client->caller.role)) {
		snprintf(text, sizeof(text), "role %s may not %s", role_name(client->caller.role), name);
		log_warn("uid %u: %s", client->caller.uid, text);
		refuse(client, CORDON_EXIT_DENIED, text);
		return;
	}
	if (!client->verb->source)
		run(client, NULL);
}

static size_t most_bytes(const struct client *client)
{
	return client->verb ? IPC_MAX_SOURCE : IPC_MAX_REQUEST;
}

static void take_frame(struct client *client, struct evbuffer *in, uint16_t type, uint32_t len)
{
	struct buf source = { .len = len, .room = len };
	unsigned char *body;

	evbuffer_drain(in, IPC_HEADER_BYTES);
	body = len ? evbuffer_pullup(in, len) : (unsigned char *)"";
	if (!body) {
		refuse(client, CORDON_EXIT_FAILED, "out of memory");
	} else if (!client->verb && type == IPC_REQUEST) {
		take_request(client, (const char *)body, len);
	} else if (client->verb && type == IPC_SOURCE) {
		source.data = body;
		run(client, &source);
	} else {
		refuse(client, CORDON_EXIT_USAGE, "a frame that was not expected");
	}
	evbuffer_drain(in, len);
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct client *client = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	uint8_t header[IPC_HEADER_BYTES];
	uint32_t len;
	uint16_t type;

	if (client->watching) {
		bufferevent_setwatermark(bev, EV_READ, 0, 0);
		evbuffer_drain(in, evbuffer_get_length(in));
	}
	while (!client->closing && !client->watching &&
	       evbuffer_copyout(in, header, sizeof(header)) == (ssize_t)sizeof(header)) {
		if (ipc_parse_header(header, &len, &type) || len > most_bytes(client)) {
			refuse(client, CORDON_EXIT_USAGE, "the request is malformed or too long");
			return;
		}
		bufferevent_setwatermark(bev, EV_READ, sizeof(header) + len, 0);
		if (evbuffer_get_length(in) < sizeof(header) + len)
			return;
		bufferevent_setwatermark(bev, EV_READ, sizeof(header), 0);
		take_frame(client, in, type, len);
	}
}

static void on_write(struct bufferevent *bev, void *arg)
{
	struct client *client = arg;

	if (!client->closing || evbuffer_get_length(bufferevent_get_output(bev)))
		return;
	if (client->journal_reply) {
		store_journal(client->core->store, client->core->running.generation, "reply", NULL);
		failpoint("after-reply", NULL);
	}
	client_free(client);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;	/* end, error and timeout alike */
	client_free(arg);
}

/* Connections ----------------------------------------------------------------------------------------------------- */

static int identify(struct client *client, int fd)
{
	gid_t groups[1024];
	struct ucred peer;
	socklen_t len = sizeof(peer);
	size_t n = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	client->caller.uid = peer.uid;
	len = sizeof(groups) - sizeof(groups[0]);
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len))
		n = len / sizeof(groups[0]);
	groups[n++] = peer.gid;
	client->caller.role = roles_of(&client->core->roles, peer.uid, groups, n);
	snprintf(client->caller.name, sizeof(client->caller.name), "uid %u", peer.uid);
	return 0;
}

static size_t connections_of(const struct server *server, uint32_t uid)
{
	const struct client *client;
	size_t n = 0;

	LIST_FOREACH(client, &server->clients, link)
		n += client->caller.uid == uid;
	return n;
}

static bool too_many(const struct server *server, uint32_t uid)
{
	if (!uid)
		return server->n >= MOST_CLIENTS + MOST_PER_UID;
	return server->n >= MOST_CLIENTS || connections_of(server, uid) >= MOST_PER_UID;
}

static void greet(struct client *client)
{
	static const struct timeval limit = { .tv_sec = REQUEST_SECONDS };

	bufferevent_setcb(client->bev, on_read, on_write, on_event, client);
	bufferevent_set_timeouts(client->bev, &limit, &limit);
	bufferevent_enable(client->bev, EV_READ | EV_WRITE);
	if (client->caller.role == ROLE_NONE)
		refuse(client, CORDON_EXIT_DENIED,
		       "you are in none of the groups cordon-viewer, cordon-operator, cordon-admin");
	else if (too_many(client->core->server, client->caller.uid))
		refuse(client, CORDON_EXIT_FAILED, "too many connections");
}

static void on_accept(evutil_socket_t listener, short what, void *arg)
{
	struct core *core = arg;
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *client;

	(void)what;
	if (fd < 0)
		return;
	client = core->server->n < 2 * MOST_CLIENTS ? calloc(1, sizeof(*client)) : NULL;
	if (client) {
		client->core = core;
		client->bev = bufferevent_socket_new(core->base, fd, BEV_OPT_CLOSE_ON_FREE);
	}
	if (!client || !client->bev || identify(client, fd)) {
		if (client && client->bev)
			bufferevent_free(client->bev);
		else
			close(fd);
		free(client);
		return;
	}
	LIST_INSERT_HEAD(&core->server->clients, client, link);
	core->server->n++;
	greet(client);
}

/* Events ---------------------------------------------------------------------------------------------------------- */

bool server_watchers(const struct core *core)
{
	const struct client *client;

	LIST_FOREACH(client, &core->server->clients, link) {
		if (client->watching)
			return true;
	}
	return false;
}

static void tell_lost(struct client *client)
{
	json_t *o = json_pack("{s:s, s:I}", "event", "lost", "lost", (json_int_t)client->lost);

	put_json(client, IPC_EVENT, o);
	json_decref(o);
	client->lost = 0;
}

void server_event(struct core *core, const json_t *event)
{
	struct client *client;

	LIST_FOREACH(client, &core->server->clients, link) {
		if (!client->watching)
			continue;
		if (evbuffer_get_length(bufferevent_get_output(client->bev)) > WATCH_QUEUE_BYTES) {
			client->lost++;
			continue;
		}
		if (client->lost)
			tell_lost(client);
		put_json(client, IPC_EVENT, event);
	}
}

/* Listening ------------------------------------------------------------------------------------------------------- */

static int listen_at(const char *path, struct failure *f)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return fail_sys(f, ENAMETOOLONG, "cannot listen at %s", path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail_sys(f, errno, "cannot open a socket");
	unlink(path);	/* the lock says that no other cordond uses it */
	/* Anybody may connect: who may ask what is decided by the peer's credentials, with a sentence for those who may not. */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || chmod(path, 0666) < 0 || listen(fd, 64) < 0) {
		int err = fail_sys(f, errno, "cannot listen at %s", path);

		close(fd);
		return err;
	}
	return fd;
}

int server_start(struct core *core, struct failure *f)
{
	struct server *server = calloc(1, sizeof(*server));

	if (!server)
		return fail_sys(f, ENOMEM, "cannot listen");
	core->server = server;
	LIST_INIT(&server->clients);
	server->fd = listen_at(core->options->socket, f);
	if (server->fd < 0)
		return server->fd;
	server->accept = event_new(core->base, server->fd, EV_READ | EV_PERSIST, on_accept, core);
	if (!server->accept || event_add(server->accept, NULL))
		return fail_sys(f, ENOMEM, "cannot listen");
	return 0;
}

void server_stop(struct core *core)
{
	struct server *server = core->server;

	if (!server)
		return;
	while (!LIST_EMPTY(&server->clients))
		client_free(LIST_FIRST(&server->clients));
	if (server->accept)
		event_free(server->accept);
	if (server->fd >= 0) {
		close(server->fd);
		unlink(core->options->socket);
	}
	free(server);
	core->server = NULL;
}
