// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon devices [--unknown] */
#include <stdio.h>

#include "userland/cordon/cli.h"
#include "userland/lib/text.h"

static void heading(struct cli_table *t)
{
	static const char *const title[] = {
		"NAME", "MAC", "VLAN", "ZONE", "STATE", "PORT", "ADDRESS", "FIRST SEEN", "LAST SEEN", "PACKETS", "DROPS",
	};

	cli_table_start(t, sizeof(title) / sizeof(title[0]));
	for (size_t i = 0; i < t->columns; i++)
		cli_cell(t, "%s", title[i]);
}

static void row(struct cli_table *t, const json_t *d)
{
	char age[32] = "", known[32] = "";
	json_int_t idle = cli_number(d, "idle");

	if (json_object_get(d, "idle")) {
		text_age((uint64_t)idle, age, sizeof(age));
		text_age((uint64_t)(idle + cli_number(d, "last_seen") - cli_number(d, "first_seen")), known, sizeof(known));
	}
	cli_cell(t, "%s", cli_text(d, "name"));
	cli_cell(t, "%s", cli_text(d, "mac"));
	cli_cell(t, "%lld", cli_number(d, "vlan"));
	cli_cell(t, "%s", cli_text(d, "zone"));
	cli_cell(t, "%s", cli_text(d, "state"));
	cli_cell(t, "%s", cli_text(d, "port"));
	cli_cell(t, "%s", cli_text(d, "address"));
	cli_cell(t, "%s%s", known, *known ? " ago" : "");
	cli_cell(t, "%s%s", age, *age ? " ago" : "");
	cli_cell(t, "%lld", cli_number(d, "packets"));
	cli_cell(t, "%lld", cli_number(d, "drops"));
}

int cmd_devices(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *o = cli_view(cli, json_pack("{s:s, s:b}", "verb", "devices", "unknown", cli->unknown), &f);
	const json_t *d;
	struct cli_table t;
	size_t i;

	if (!o)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(o);
	heading(&t);
	json_array_foreach(json_object_get(o, "devices"), i, d)
		row(&t, d);
	cli_table_end(&t, cli);
	json_decref(o);
	return CORDON_EXIT_OK;
}
