// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon log [--count N]: the audit log's end. */
#include <stdio.h>
#include <time.h>

#include "userland/cordon/cli.h"

static void row(struct cli_table *t, const json_t *entry)
{
	time_t when = (time_t)cli_number(entry, "time");
	struct tm local;
	char text[32] = "";

	if (localtime_r(&when, &local))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local);
	cli_cell(t, "%lld", cli_number(entry, "seq"));
	cli_cell(t, "%s", text);
	cli_cell(t, "%s", cli_text(entry, "actor"));
	cli_cell(t, "%s", cli_text(entry, "action"));
	cli_cell(t, "%s", cli_text(entry, "detail"));
}

int cmd_log(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *o = cli_ask(cli, json_pack("{s:s, s:I}", "verb", "audit", "count", (json_int_t)cli->count), NULL, &f);
	const json_t *entry;
	struct cli_table t;
	size_t i;

	if (!o)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(o);
	cli_table_start(&t, 5);
	cli_cell(&t, "ENTRY");
	cli_cell(&t, "TIME");
	cli_cell(&t, "WHO");
	cli_cell(&t, "WHAT");
	cli_cell(&t, "DETAIL");
	json_array_foreach(json_object_get(o, "entries"), i, entry)
		row(&t, entry);
	cli_table_end(&t, cli);
	json_decref(o);
	return CORDON_EXIT_OK;
}
