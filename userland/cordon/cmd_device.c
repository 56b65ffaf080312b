// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon device DEV */
#include <stdio.h>

#include "userland/cordon/cli.h"
#include "userland/lib/text.h"

static void print_text(const json_t *o, const char *key, const char *title)
{
	if (*cli_text(o, key))
		printf("%-14s%s\n", title, cli_text(o, key));
}

static void print_list(const json_t *o, const char *key, const char *title)
{
	const json_t *list = json_object_get(o, key), *item;
	size_t i;

	if (!json_array_size(list))
		return;
	printf("%-14s", title);
	json_array_foreach(list, i, item)
		printf("%s%s", i ? ", " : "", json_string_value(item));
	putchar('\n');
}

static void print_age(const json_t *o)
{
	char age[32];

	if (!json_object_get(o, "idle"))
		return;
	text_age((uint64_t)cli_number(o, "idle"), age, sizeof(age));
	printf("%-14s%s ago (first at %lld s, last at %lld s after boot)\n", "last seen", age,
	       cli_number(o, "first_seen"), cli_number(o, "last_seen"));
}

static void print_limits(const json_t *o)
{
	const json_t *limits = json_object_get(o, "limits"), *drops = json_object_get(o, "limit_drops"), *rate;
	const char *quantity, *before = "";

	if (!limits)
		return;
	printf("%-14s", "limits");
	json_object_foreach((json_t *)limits, quantity, rate) {
		printf("%s%s %s (%lld beyond)", before, quantity, json_string_value(rate), cli_number(drops, quantity));
		before = ", ";
	}
	putchar('\n');
}

int cmd_device(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *o = cli_view(cli, json_pack("{s:s, s:s}", "verb", "device", "device", cli->argv[0]), &f);
	char bytes[32];

	if (!o)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(o);
	text_bytes((uint64_t)cli_number(o, "bytes"), bytes, sizeof(bytes));
	print_text(o, "name", "name");
	print_text(o, "mac", "mac");
	printf("%-14s%lld\n", "vlan", cli_number(o, "vlan"));
	print_text(o, "state", "state");
	print_text(o, "zone", "zone");
	print_text(o, "policy_zone", "policy zone");
	print_text(o, "port", "current port");
	print_list(o, "policy_ports", "policy ports");
	print_text(o, "address", "last address");
	print_list(o, "policy_addresses", "addresses");
	print_age(o);
	printf("%-14s%lld packets, %s accepted, %lld dropped\n", "traffic", cli_number(o, "packets"), bytes,
	       cli_number(o, "drops"));
	print_limits(o);
	json_decref(o);
	return CORDON_EXIT_OK;
}
