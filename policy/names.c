// SPDX-License-Identifier: GPL-2.0-or-later
/* Look-up of names by a sorted index: the same for four zones and a million devices. */
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/value.h"

static int name_compare(const void *left, const void *right)
{
	const struct load_name *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	return a->index < b->index ? -1 : a->index > b->index;
}

struct load_name *names_sort(struct load *load, size_t n,
			     const char *(*name)(const struct policy *policy, size_t i))
{
	struct load_name *names = n ? calloc(n, sizeof(*names)) : NULL;

	if (!names) {
		load->no_memory |= n > 0;
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		names[i] = (struct load_name){ .name = name(load->policy, i), .index = i };
	qsort(names, n, sizeof(*names), name_compare);
	return names;
}

long names_find(const struct load_name *names, size_t n, const char *text)
{
	size_t low = 0, high = names ? n : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(names[middle].name, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && names && !strcmp(names[low].name, text) ? (long)names[low].index : -1;
}

void names_twice(struct load *load, const struct load_name *names, size_t n, const char *what,
		 struct policy_pos (*pos)(const struct policy *policy, size_t i))
{
	for (size_t i = 1; names && i < n; i++) {
		if (strcmp(names[i - 1].name, names[i].name) != 0)
			continue;
		policy_error(load->diags, pos(load->policy, names[i].index),
			     "%s %s is defined twice; a name stands in one file", what,
			     policy_quote(names[i].name));
		policy_note(load->diags, pos(load->policy, names[i - 1].index),
			    "%s is defined here already", policy_quote(names[i].name));
	}
}

static const char *zone_word(const void *arg, size_t i)
{
	const struct policy *policy = arg;

	return policy->zones[i].name;
}

static void unknown_zone(struct load *load, const struct yaml_node *node, const char *text)
{
	const char *near = policy_nearest(text, load->policy->n_zones, zone_word, load->policy);
	struct policy_pos pos = load_pos(load, node);

	if (strchr(text, '/') || strchr(text, ':') || text[strspn(text, "0123456789.")] == '\0')
		policy_error(
			load->diags, pos,
			"%s is an address where a zone is named; declare a zone with this subnet",
			policy_quote(text));
	else if (strchr(text, '.'))
		policy_error(load->diags, pos,
			     "%s is the name of a host, which needs a newer cordon; name a zone",
			     policy_quote(text));
	else if (!value_zone_name(text))
		policy_error(load->diags, pos, "%s is no zone; a zone has a name such as cameras",
			     policy_quote(text));
	else if (near)
		policy_error(load->diags, pos, "there is no zone %s; did you mean '%s'?",
			     policy_quote(text), near);
	else
		policy_error(load->diags, pos, "there is no zone %s; declare it under 'zones'",
			     policy_quote(text));
}

int names_zone(struct load *load, const struct yaml_node *node, const char *text)
{
	long zone = names_find(load->zone_names, load->policy->n_zones, text);

	if (zone < 0)
		unknown_zone(load, node, text);
	return (int)zone;
}
