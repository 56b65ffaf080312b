// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon zones: who may start what, as a picture. Rows start, columns are reached; a number stands for a list below. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userland/cordon/cli.h"

static const json_t *pair_of(const json_t *pairs, const char *from, const char *to)
{
	const json_t *p;
	size_t i;

	json_array_foreach(pairs, i, p) {
		if (!strcmp(cli_text(p, "from"), from) && !strcmp(cli_text(p, "to"), to))
			return p;
	}
	return NULL;
}

static bool is_all(const json_t *allow)
{
	return json_array_size(allow) == 1 && !strcmp(json_string_value(json_array_get(allow, 0)), "all");
}

/* Numbers of equal sets are equal: the picture shows which pairs have the same rights. */
static size_t set_number(json_t *sets, json_t *allow)
{
	size_t i;
	json_t *set;

	json_array_foreach(sets, i, set) {
		if (json_equal(set, allow))
			return i + 1;
	}
	json_array_append(sets, allow);
	return json_array_size(sets);
}

/* Heads of the columns: their zones' numbers, so that 250 zones still fit beside each other. */
static void print_heads(const struct cli *cli, size_t n, int width)
{
	printf("%*s", width + 6, "");
	for (size_t i = 0; i < n; i++)
		printf("%s%4zu%s", cli_bold(cli), i + 1, cli_off(cli));
	putchar('\n');
}

static void print_row(const struct cli *cli, const json_t *o, json_t *sets, size_t row, int width)
{
	const json_t *zones = json_object_get(o, "zones"), *to;
	const char *from = json_string_value(json_array_get(zones, row));
	size_t i;

	printf("%s%4zu%s %-*s ", cli_bold(cli), row + 1, cli_off(cli), width, from);
	json_array_foreach(zones, i, to) {
		const json_t *p = pair_of(json_object_get(o, "pairs"), from, json_string_value(to));
		json_t *allow = json_object_get(p, "allow");

		if (!json_array_size(allow))
			printf("%s%4s%s", cli_red(cli), cli_true(p, "log") ? "!" : ".", cli_off(cli));
		else if (is_all(allow))
			printf("%s%4s%s", cli_green(cli), "all", cli_off(cli));
		else
			printf("%s%3s%c%s", cli_green(cli), "", (char)('a' + (set_number(sets, allow) - 1) % 26),
			       cli_off(cli));
	}
	putchar('\n');
}

static void print_sets(const json_t *sets)
{
	const json_t *set, *e;
	size_t i, j;

	json_array_foreach(sets, i, set) {
		printf("  %c%s  ", (char)('a' + i % 26), i >= 26 ? "'" : " ");
		json_array_foreach(set, j, e)
			printf("%s%s", j ? " " : "", json_string_value(e));
		putchar('\n');
	}
}

static void print_matrix(const struct cli *cli, const json_t *o)
{
	const json_t *zones = json_object_get(o, "zones"), *zone;
	json_t *sets = json_array();
	int width = 4;
	size_t i;

	json_array_foreach(zones, i, zone) {
		if ((int)json_string_length(zone) > width)
			width = (int)json_string_length(zone);
	}
	printf("rows may start towards columns:\n");
	print_heads(cli, json_array_size(zones), width);
	json_array_foreach(zones, i, zone)
		print_row(cli, o, sets, i, width);
	printf("\n  .   nothing    !   nothing, and logged\n");
	print_sets(sets);
	json_decref(sets);
}

int cmd_zones(struct cli *cli)
{
	struct failure f = { 0 };
	json_t *o = cli_view(cli, json_pack("{s:s}", "verb", "zones"), &f);

	if (!o)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(o);
	print_matrix(cli, o);
	json_decref(o);
	return CORDON_EXIT_OK;
}
