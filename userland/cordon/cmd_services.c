// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon services: the running policy's, or only the built-in ones when there is no policy. */
#include <stdio.h>
#include <string.h>

#include "policy/policy.h"
#include "userland/cordon/cli.h"
#include "userland/lib/view.h"

/* The smallest policy there is knows every built-in service. */
static json_t *builtin_services(struct failure *f)
{
	static const char text[] = "cordon: 1\ngateway: {uplinks: [wan], management: console-only}\n";
	struct policy_diags diags = { 0 };
	struct view v = { .policy = policy_load_memory("built-in", text, strlen(text), &diags) };
	json_t *o = v.policy ? view_services(&v, f) : NULL;

	policy_free((struct policy *)v.policy);
	policy_diags_free(&diags);
	return o;
}

static void row(struct cli_table *t, const json_t *service)
{
	const json_t *list = json_object_get(service, "entries"), *e;
	char text[400] = "";
	size_t i, used = 0;

	json_array_foreach(list, i, e) {
		int n = snprintf(text + used, sizeof(text) - used, "%s%s", i ? " " : "", json_string_value(e));

		used += n > 0 ? (size_t)n : 0;
		if (used >= sizeof(text))
			break;
	}
	cli_cell(t, "%s", cli_text(service, "name"));
	cli_cell(t, "%s", cli_true(service, "builtin") ? "built in" : "policy");
	cli_cell(t, "%s", text);
}

int cmd_services(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *o = cli_view(cli, json_pack("{s:s}", "verb", "services"), &f);
	const json_t *service;
	struct cli_table t;
	size_t i;

	if (!o && !cli->policy_given)
		o = builtin_services(&f);
	if (!o)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(o);
	cli_table_start(&t, 3);
	cli_cell(&t, "SERVICE");
	cli_cell(&t, "FROM");
	cli_cell(&t, "ENTRIES");
	json_array_foreach(json_object_get(o, "services"), i, service)
		row(&t, service);
	cli_table_end(&t, cli);
	json_decref(o);
	return CORDON_EXIT_OK;
}
