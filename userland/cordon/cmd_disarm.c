// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon disarm [--console] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "userland/cordon/cli.h"
#include "userland/cordon/session.h"
#include "userland/lib/disarm.h"
#include "userland/lib/links.h"
#include "userland/lib/store.h"

static void print_management(const json_t *management)
{
	const json_t *port;
	size_t i;

	if (!management || cli_true(management, "console_only"))
		return;
	fprintf(stderr, "this cuts the management path: %s from zone %s on", cli_text(management, "allow"),
		cli_text(management, "from"));
	json_array_foreach(json_object_get(management, "ports"), i, port)
		fprintf(stderr, " %s", json_string_value(port));
	fputc('\n', stderr);
}

/* Refuse to saw off the branch: the caller's own connection must not run over a managed port. */
static int check_session(const struct cli *cli, const json_t *status, struct failure *f)
{
	const char *names[CORDON_MAX_PORTS];
	char peer[64], interface[32] = "";
	size_t n = cli_port_names(status, names);

	if (cli->console || !session_peer(peer, sizeof(peer)))
		return 0;
	if (links_route_to(peer, interface, sizeof(interface)))
		return fail(f, CORDON_EXIT_DENIED, EPERM,
			    "cannot tell which interface your connection from %s uses: run it on the console, or with --console",
			    peer);
	if (links_on_port(names, n, interface))
		return fail(f, CORDON_EXIT_DENIED, EPERM,
			    "your own connection from %s uses the managed port %s and would be cut: run it on the console, or with --console",
			    peer, interface);
	return 0;
}

/* Without a daemon root does it here; the audit entry is written first, so that there is no disarming without one. */
static int disarm_directly(const struct cli *cli, struct failure *f)
{
	struct kernel *k = direct_open(f);
	struct store *store = NULL;
	bool disarmed;
	int err = k ? store_open(cli->state_dir, false, &store, f) : -EIO;

	if (!err)
		err = store_audit(store, (uint32_t)getuid(), "cordon", "disarm", "without daemon", f);
	if (!err)
		err = disarm_recorded(k, store, &disarmed, f);
	store_close(store);
	direct_close(k);
	return err;
}

static int disarm(const struct cli *cli, struct failure *f)
{
	json_t *reply = cli_ask(cli, json_pack("{s:s, s:b}", "verb", "disarm", "console", cli->console), NULL, f);

	if (reply) {
		json_decref(reply);
		return 0;
	}
	if (f->exit == CORDON_EXIT_UNREACHABLE && geteuid() == 0)
		return disarm_directly(cli, f);
	return -EIO;
}

int cmd_disarm(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *status = cli_view(cli, json_pack("{s:s}", "verb", "status"), &f);
	int err;

	if (!status)
		return cli_fail(cli, &f);
	err = check_session(cli, status, &f);
	if (!err) {
		print_management(json_object_get(status, "management"));
		err = disarm(cli, &f);
	}
	json_decref(status);
	if (err)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(json_pack("{s:b}", "ok", 1));
	printf("disarmed: forwarding is off, the device ports are down, nothing is enforced\n");
	return CORDON_EXIT_OK;
}
