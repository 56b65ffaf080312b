// SPDX-License-Identifier: GPL-2.0-or-later
/* The way to an answer: cordond's socket, else the kernel itself. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userland/cordon/cli.h"
#include "userland/cordon/direct_view.h"
#include "userland/lib/ipc.h"

int cli_fail(const struct cli *cli, const struct failure *f)
{
	if (cli->json)
		cli_json(json_pack("{s:b, s:i, s:s}", "ok", 0, "exit", f->exit, "error", f->text));
	else
		fprintf(stderr, "cordon: %s\n", f->text);
	return f->exit ? f->exit : CORDON_EXIT_FAILED;
}

int cli_json(json_t *o)
{
	int err = json_dumpf(o, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);

	putchar('\n');
	json_decref(o);
	return err ? CORDON_EXIT_FAILED : CORDON_EXIT_OK;
}

static int send_request(int fd, const json_t *request, const struct buf *source)
{
	char *text = json_dumps(request, JSON_COMPACT);
	int err = text ? ipc_send(fd, IPC_REQUEST, text, strlen(text)) : -ENOMEM;

	free(text);
	if (!err && source)
		err = ipc_send(fd, IPC_SOURCE, source->data, source->len);
	return err;
}

#define PATIENCE_MS 10000

/* Whoever waits is told for what, and what to do: a change may take long, and a daemon may hang. */
static void await_reply(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	while (poll(&one, 1, PATIENCE_MS) == 0)
		fprintf(stderr, "cordon: cordond has not answered yet; if it hangs, restart it (systemctl restart cordond): the module keeps enforcing\n");
}

static json_t *read_reply(int fd, struct failure *f)
{
	struct buf body = { 0 };
	json_t *reply = NULL;
	uint16_t type;
	int err;

	await_reply(fd);
	err = ipc_receive(fd, &type, IPC_MAX_REPLY, &body);

	if (!err && type == IPC_REPLY)
		reply = json_loadb((const char *)body.data, body.len, 0, NULL);
	buf_free(&body);
	if (err)
		fail(f, CORDON_EXIT_UNKNOWN, -err,
		     "cordond went away before it answered: whether the change was made is not known (see: cordon status)");
	else if (!json_is_object(reply))
		fail(f, CORDON_EXIT_FAILED, EBADMSG, "cordond sent an answer that cannot be read");
	else
		return reply;
	json_decref(reply);
	return NULL;
}

static json_t *check_reply(json_t *reply, struct failure *f)
{
	if (!reply || json_is_true(json_object_get(reply, "ok")))
		return reply;
	fail(f, (int)cli_number(reply, "exit"), EIO, "%s", cli_text(reply, "error"));
	json_decref(reply);
	return NULL;
}

json_t *cli_ask(const struct cli *cli, json_t *request, const struct buf *source, struct failure *f)
{
	json_t *reply = NULL;
	int fd = ipc_connect(cli->socket, f), err;

	if (fd >= 0) {
		err = send_request(fd, request, source);
		/* A refusal may come before all was read: the answer tells more than the broken pipe. */
		if (err && err != -EPIPE && err != -ECONNRESET)
			fail_sys(f, -err, "cannot send the request to cordond");
		else
			reply = check_reply(read_reply(fd, f), f);
		close(fd);
	}
	json_decref(request);
	return reply;
}

json_t *cli_view(const struct cli *cli, json_t *request, struct failure *f)
{
	json_t *reply;

	json_incref(request);
	reply = cli->direct || cli->policy_given ? NULL : cli_ask(cli, request, NULL, f);
	if (cli->direct || cli->policy_given)
		json_decref(request);
	/* Root sees for itself; others get the reason why the daemon does not answer. */
	if (!reply && (cli->direct || cli->policy_given || (f->exit == CORDON_EXIT_UNREACHABLE && geteuid() == 0)))
		reply = direct_view(cli, cli_text(request, "verb"), request, f);
	json_decref(request);
	return reply;
}

int cli_change(const struct cli *cli, json_t *request, const struct buf *source, json_t *shown, const char *done)
{
	struct failure f = { 0 };
	json_t *reply = cli_ask(cli, request, source, &f);

	if (!reply)
		return cli_fail(cli, &f);
	if (cli->json) {
		if (shown)
			json_object_update(reply, shown);
		return cli_json(reply);
	}
	if (json_object_get(reply, "generation"))
		printf("%s (generation %lld)\n", done, cli_number(reply, "generation"));
	else
		printf("%s\n", done);
	if (*cli_text(reply, "warning"))
		fprintf(stderr, "cordon: warning: %s\n", cli_text(reply, "warning"));
	json_decref(reply);
	return CORDON_EXIT_OK;
}
