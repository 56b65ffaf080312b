// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon watch [--count N] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userland/cordon/cli.h"
#include "userland/lib/event.h"

static void print_event(const struct cli *cli, json_t *event)
{
	char line[EVENT_LINE_BYTES];

	if (cli->json) {
		json_dumpf(event, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		event_line(event, line, sizeof(line));
		printf("%s\n", line);
	}
	fflush(stdout);
}

/* Events until the daemon ends or --count is reached. */
static int follow(const struct cli *cli, int fd, struct failure *f)
{
	struct buf body = { 0 };
	uint64_t n = 0;
	uint16_t type;
	int err = 0;

	while (!err && (!cli->count || n < cli->count)) {
		json_t *event = NULL;

		err = ipc_receive(fd, &type, IPC_MAX_REQUEST, &body);
		if (!err && type == IPC_EVENT)
			event = json_loadb((const char *)body.data, body.len, 0, NULL);
		if (event) {
			print_event(cli, event);
			n++;
		}
		json_decref(event);
	}
	buf_free(&body);
	return err ? fail(f, CORDON_EXIT_UNREACHABLE, -err, "cordond went away") : 0;
}

static int start(int fd, struct failure *f)
{
	static const char request[] = "{\"verb\":\"watch\"}";
	struct buf body = { 0 };
	json_t *reply = NULL;
	uint16_t type = 0;
	int err = ipc_send(fd, IPC_REQUEST, request, strlen(request));

	if (!err)
		err = ipc_receive(fd, &type, IPC_MAX_REQUEST, &body);
	if (!err && type == IPC_REPLY)
		reply = json_loadb((const char *)body.data, body.len, 0, NULL);
	buf_free(&body);
	if (!cli_true(reply, "ok"))
		err = fail(f, reply ? (int)cli_number(reply, "exit") : CORDON_EXIT_UNREACHABLE, EIO, "%s",
			   reply ? cli_text(reply, "error") : "cordond went away");
	json_decref(reply);
	return err;
}

int cmd_watch(struct cli *cli)
{
	struct failure f = { 0 };
	int fd = ipc_connect(cli->socket, &f), err;

	if (fd < 0)
		return cli_fail(cli, &f);
	err = start(fd, &f);
	if (!err)
		err = follow(cli, fd, &f);
	close(fd);
	return err ? cli_fail(cli, &f) : CORDON_EXIT_OK;
}
