// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon explain SRC DST SERVICE */
#include <stdio.h>

#include "userland/cordon/cli.h"

static void print_step(const struct cli *cli, const json_t *step)
{
	bool accepted = cli_true(step, "accepted");

	printf("  %-6s %-10s %-10s %s%s%s", cli_text(step, "direction"), cli_text(step, "hook"), cli_text(step, "port"),
	       accepted ? cli_green(cli) : cli_red(cli), accepted ? "accept" : "drop: ", cli_off(cli));
	printf("%s%s%s\n", accepted ? "" : cli_text(step, "reason"), *cli_text(step, "detail") ? "  " : "",
	       cli_text(step, "detail"));
}

static void print_flow(const json_t *flow)
{
	if (!flow)
		printf("no flow of the policy speaks of it: denied by default\n");
	else
		printf("%s:%lld:%lld: %s%s %s\n", cli_text(flow, "file"), cli_number(flow, "line"),
		       cli_number(flow, "column"), cli_true(flow, "management") ? "management " : "",
		       cli_true(flow, "deny") ? "deny" : "allow", cli_text(flow, "services"));
}

/* Beyond these even what is allowed is dropped. */
static void print_limits(const char *who, const json_t *limits)
{
	const char *quantity, *before = " ";
	const json_t *rate;

	if (!limits)
		return;
	printf("limits of %s:", who);
	json_object_foreach((json_t *)limits, quantity, rate) {
		printf("%s%s %s", before, quantity, json_string_value(rate));
		before = ", ";
	}
	putchar('\n');
}

int cmd_explain(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *o = cli_view(cli, json_pack("{s:s, s:s, s:s, s:s}", "verb", "explain", "src", cli->argv[0], "dst",
					    cli->argv[1], "service", cli->argv[2]), &f);
	const json_t *step;
	size_t i;
	bool allowed;

	if (!o)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(o);
	allowed = cli_true(o, "allowed");
	printf("%s -> %s, %s: %s%s%s%s%s\n", cli_text(o, "from"), cli_text(o, "to"), cli->argv[2],
	       allowed ? cli_green(cli) : cli_red(cli), allowed ? "allowed" : "denied", cli_off(cli),
	       allowed ? "" : ": ", allowed ? "" : cli_text(o, "reason"));
	json_array_foreach(json_object_get(o, "steps"), i, step)
		print_step(cli, step);
	print_flow(json_object_get(o, "flow"));
	print_limits(cli->argv[0], json_object_get(o, "src_limits"));
	print_limits(cli->argv[1], json_object_get(o, "dst_limits"));
	json_decref(o);
	return CORDON_EXIT_OK;
}
