// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon status: quarantines first. */
#include <stdio.h>
#include <string.h>

#include "userland/cordon/cli.h"

static void print_quarantines(const struct cli *cli, const json_t *list)
{
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
		printf("%sQUARANTINED%s  %s %s vlan %lld\n", cli_red(cli), cli_off(cli), cli_text(o, "name"),
		       cli_text(o, "mac"), cli_number(o, "vlan"));
	if (!json_array_size(list))
		printf("quarantines  none\n");
}

static void print_nft(const struct cli *cli, const json_t *nft)
{
	const json_t *list = json_object_get(nft, "generations"), *g;
	bool bad = !cli_true(nft, "present") || cli_true(nft, "drift");
	size_t i;

	printf("nftables     %s%s%s", bad ? cli_red(cli) : cli_green(cli),
	       !cli_true(nft, "present") ? "absent" : bad ? "drift" : "in place", cli_off(cli));
	json_array_foreach(list, i, g)
		printf("%s%lld", i ? ", " : ", generation ", (long long)json_integer_value(g));
	if (*cli_text(nft, "drift_text") && bad)
		printf(" (%s)", cli_text(nft, "drift_text"));
	if (*cli_text(nft, "error"))
		printf(" (%s)", cli_text(nft, "error"));
	putchar('\n');
}

static void join(const json_t *list, char *out, size_t room)
{
	const json_t *o;
	size_t i, used = 0;

	out[0] = '\0';
	json_array_foreach(list, i, o) {
		int n = snprintf(out + used, room - used, "%s%s", i ? "," : "", json_string_value(o));

		used += n > 0 ? (size_t)n : 0;
		if (used >= room)
			break;
	}
}

static void print_ports(const struct cli *cli, const json_t *ports)
{
	struct cli_table t;
	const json_t *p;
	char findings[256];
	size_t i;

	if (!json_array_size(ports))
		return;
	cli_table_start(&t, 6);
	cli_cell(&t, "PORT");
	cli_cell(&t, "MODE");
	cli_cell(&t, "ZONE");
	cli_cell(&t, "LINK");
	cli_cell(&t, "DEVICES");
	cli_cell(&t, "FINDINGS");
	json_array_foreach(ports, i, p) {
		join(json_object_get(p, "findings"), findings, sizeof(findings));
		cli_cell(&t, "%s", cli_text(p, "name"));
		cli_cell(&t, "%s", cli_text(p, "mode"));
		cli_cell(&t, "%s", cli_text(p, "zone"));
		cli_cell(&t, "%s", !cli_true(p, "present") ? "absent" : cli_true(p, "carrier") ? "up" : "down");
		if (json_object_get(p, "devices"))
			cli_cell(&t, "%lld", cli_number(p, "devices"));
		else
			cli_cell(&t, "-");
		cli_cell(&t, "%s", findings);
	}
	cli_table_end(&t, cli);
}

int cmd_status(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *o = cli_view(cli, json_pack("{s:s}", "verb", "status"), &f);
	const json_t *module;
	bool armed;

	if (!o)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(o);
	module = json_object_get(o, "module");
	armed = cli_true(o, "armed");
	print_quarantines(cli, json_object_get(o, "quarantines"));
	printf("state        %s%s%s\n", armed ? cli_green(cli) : cli_red(cli), armed ? "enforcing" : "NOT ARMED",
	       cli_off(cli));
	if (armed)
		printf("ruleset      generation %lld, %lld devices, digest %.16s...\n", cli_number(o, "generation"),
		       cli_number(o, "devices"), cli_text(o, "digest"));
	printf("module       %s, wire version %lld\n", cli_text(module, "version"), cli_number(module, "wire"));
	print_nft(cli, json_object_get(o, "nft"));
	if (json_object_get(o, "daemon"))
		printf("daemon       %s\n", cli_text(json_object_get(o, "daemon"), "state"));
	else
		printf("daemon       %snot running%s\n", cli_yellow(cli), cli_off(cli));
	print_ports(cli, json_object_get(o, "ports"));
	json_decref(o);
	return CORDON_EXIT_OK;
}
