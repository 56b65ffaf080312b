// SPDX-License-Identifier: GPL-2.0-or-later
/* Colours, tables, JSON members. Text from outside is printed with control characters replaced. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/cordon.h>

#include "userland/cordon/cli.h"

static const char *code(const struct cli *cli, const char *sequence)
{
	return cli->colour ? sequence : "";
}

const char *cli_red(const struct cli *cli)
{
	return code(cli, "\033[31m");
}

const char *cli_green(const struct cli *cli)
{
	return code(cli, "\033[32m");
}

const char *cli_yellow(const struct cli *cli)
{
	return code(cli, "\033[33m");
}

const char *cli_bold(const struct cli *cli)
{
	return code(cli, "\033[1m");
}

const char *cli_off(const struct cli *cli)
{
	return code(cli, "\033[0m");
}

const char *cli_text(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

long long cli_number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

bool cli_true(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

size_t cli_port_names(const json_t *status, const char **names)
{
	const json_t *p;
	size_t i, n = 0;

	json_array_foreach(json_object_get(status, "ports"), i, p) {
		if (n < CORDON_MAX_PORTS)
			names[n++] = cli_text(p, "name");
	}
	return n;
}

void cli_table_start(struct cli_table *t, size_t columns)
{
	memset(t, 0, sizeof(*t));
	t->columns = columns;
}

static void clean(char *text)
{
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			*text = '?';
	}
}

void cli_cell(struct cli_table *t, const char *format, ...)
{
	char text[512];
	va_list args;
	char **cell;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	clean(text);
	if (t->cells == t->room) {
		t->room = t->room ? t->room * 2 : 64;
		cell = reallocarray(t->cell, t->room, sizeof(*cell));
		if (!cell)
			abort();
		t->cell = cell;
	}
	t->cell[t->cells] = strdup(*text ? text : "-");
	if (!t->cell[t->cells++])
		abort();
}

static int width(const struct cli_table *t, size_t column)
{
	size_t widest = 0;

	for (size_t i = column; i < t->cells; i += t->columns) {
		if (strlen(t->cell[i]) > widest)
			widest = strlen(t->cell[i]);
	}
	return (int)widest;
}

void cli_table_end(struct cli_table *t, const struct cli *cli)
{
	int widths[16] = { 0 };

	for (size_t c = 0; c < t->columns && c < 16; c++)
		widths[c] = width(t, c);
	for (size_t i = 0; i < t->cells; i++) {
		size_t column = i % t->columns;
		bool last = column + 1 == t->columns;

		printf("%s%-*s%s%s", i < t->columns ? cli_bold(cli) : "", last ? 0 : widths[column], t->cell[i],
		       i < t->columns ? cli_off(cli) : "", last ? "\n" : "  ");
		free(t->cell[i]);
	}
	free(t->cell);
	memset(t, 0, sizeof(*t));
}
