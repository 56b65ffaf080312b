// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon stats */
#include <stdio.h>

#include "userland/cordon/cli.h"

int cmd_stats(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *o = cli_view(cli, json_pack("{s:s}", "verb", "stats"), &f), *hook, *count;
	const char *name, *reason;
	struct cli_table t;

	if (!o)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(o);
	cli_table_start(&t, 3);
	cli_cell(&t, "HOOK");
	cli_cell(&t, "VERDICT");
	cli_cell(&t, "PACKETS");
	json_object_foreach(json_object_get(o, "hooks"), name, hook) {
		cli_cell(&t, "%s", name);
		cli_cell(&t, "accepted");
		cli_cell(&t, "%lld", cli_number(hook, "accepted"));
		json_object_foreach(json_object_get(hook, "drops"), reason, count) {
			cli_cell(&t, "%s", name);
			cli_cell(&t, "drop: %s", reason);
			cli_cell(&t, "%lld", (long long)json_integer_value(count));
		}
	}
	cli_table_end(&t, cli);
	if (cli_number(o, "events_lost"))
		printf("events lost: %lld\n", cli_number(o, "events_lost"));
	json_decref(o);
	return CORDON_EXIT_OK;
}
