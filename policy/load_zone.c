// SPDX-License-Identifier: GPL-2.0-or-later
/* The section `zones`. */
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/value.h"

/** struct prefix_list - a key whose value is a list of prefixes */
struct prefix_list {
	const char *wanted;	/* "a list of subnets" */
	const char *like;	/* "a subnet such as 10.20.0.0/24" */
	const char *what;	/* "no subnet of a zone" */
	const char *(*value)(const char *text, struct policy_prefix *out);
};

static void prefix_load(struct load *load, const struct prefix_list *list,
			const struct yaml_node *node, struct policy_prefix **prefixes, size_t *n)
{
	const char *text = load_word(load, node, list->like);
	struct policy_prefix prefix = { .pos = load_pos(load, node) }, *slot;
	const char *fault = text ? list->value(text, &prefix) : NULL;

	if (fault)
		policy_error(load->diags, prefix.pos, "%s is %s; %s", policy_quote(text),
			     list->what, fault);
	if (!text || fault)
		return;
	slot = load_push(load, prefixes, n, sizeof(*slot));
	if (slot)
		*slot = prefix;
}

static void prefixes_load(struct load *load, const struct prefix_list *list,
			  const struct yaml_node *value, struct policy_prefix **prefixes, size_t *n)
{
	if (value->kind != YAML_LIST) {
		load_wrong_type(load, value, list->wanted);
		return;
	}
	yaml_each (node, value)
		prefix_load(load, list, node, prefixes, n);
}

static bool zone_name_good(struct load *load, const struct yaml_node *key)
{
	static const char *const reserved[] = { "any", "all" };

	for (size_t i = 0; i < POLICY_ZONE_FIRST; i++) {
		if (strcmp(load->policy->zones[i].name, key->text) != 0)
			continue;
		policy_error(load->diags, load_pos(load, key),
			     "zone %s is built in; it is used without being declared",
			     policy_quote(key->text));
		return false;
	}
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (strcmp(reserved[i], key->text) != 0)
			continue;
		policy_error(load->diags, load_pos(load, key),
			     "%s is reserved; choose another name for the zone",
			     policy_quote(key->text));
		return false;
	}
	if (value_zone_name(key->text))
		return true;
	policy_error(load->diags, load_pos(load, key),
		     "%s is no name of a zone; 1-30 of a-z, 0-9, '_' and '-', a letter first",
		     policy_quote(key->text));
	return false;
}

static uint8_t ip_options(struct load *load, const struct yaml_node *node)
{
	static const char *const names[] = { "record-route", "timestamp", "router-alert", NULL };
	uint8_t set = load_word_set(load, node, names, "a list of IP options", "IP option");

	return (set & 1 ? CORDON_ZONE_F_RECORD_ROUTE : 0) |
	       (set & 2 ? CORDON_ZONE_F_TIMESTAMP : 0) | (set & 4 ? CORDON_ZONE_F_ROUTER_ALERT : 0);
}

static bool fragments_refused(struct load *load, const struct yaml_node *node)
{
	const char *text = load_word(load, node, "'judged' or 'refused'");

	if (text && strcmp(text, "judged") && strcmp(text, "refused"))
		policy_error(load->diags, load_pos(load, node),
			     "%s is nothing to do with fragments; write 'judged' or 'refused'",
			     policy_quote(text));
	return text && !strcmp(text, "refused");
}

static void zone_load(struct load *load, const struct yaml_node *key)
{
	static const struct prefix_list subnets = {
		"a list of subnets", "a subnet such as 10.20.0.0/24", "no subnet of a zone",
		value_prefix
	};
	static const struct prefix_list groups = { "a list of groups",
						   "groups such as 239.1.0.0/16",
						   "no group to send to", value_group };
	const struct yaml_node *values[LOAD_MAX_KEYS];
	struct policy_zone *zone;

	if (!zone_name_good(load, key))
		return;
	zone = load_push(load, &load->policy->zones, &load->policy->n_zones, sizeof(*zone));
	if (!zone)
		return;
	zone->pos = load_pos(load, key);
	zone->name = load_copy(load, key->text);
	if (!load_mapping(load, key->next, LOAD_ZONE, values))
		return;
	if (values[ZONE_LIMITS])
		load_limits(load, values[ZONE_LIMITS], &zone->limits);
	if (values[ZONE_SUBNETS])
		prefixes_load(load, &subnets, values[ZONE_SUBNETS], &zone->subnets,
			      &zone->n_subnets);
	if (values[ZONE_IP_OPTIONS])
		zone->guards |= ip_options(load, values[ZONE_IP_OPTIONS]);
	if (values[ZONE_FRAGMENTS] && fragments_refused(load, values[ZONE_FRAGMENTS]))
		zone->guards |= CORDON_ZONE_F_NO_FRAGMENTS;
	zone->groups_given = values[ZONE_GROUPS];
	if (zone->groups_given)
		prefixes_load(load, &groups, values[ZONE_GROUPS], &zone->groups, &zone->n_groups);
}

static const char *zone_name(const struct policy *policy, size_t i)
{
	return policy->zones[i].name ? policy->zones[i].name : "";
}

static struct policy_pos zone_pos(const struct policy *policy, size_t i)
{
	return policy->zones[i].pos;
}

void load_zones(struct load *load)
{
	const struct policy *policy = load->policy;

	for (size_t i = 0; i < load->n_files; i++) {
		const struct yaml_node *section = load->files[i].sections[POLICY_ZONES];

		load->doc = &load->files[i].doc;
		if (section && section->kind != YAML_MAPPING) {
			load_wrong_type(load, section, "a mapping of zone names, or {}");
		} else if (section) {
			yaml_each_pair (key, section)
				zone_load(load, key);
		}
	}
	load->zone_names = names_sort(load, policy->n_zones, zone_name);
	names_twice(load, load->zone_names, policy->n_zones, "zone", zone_pos);
	if (policy->n_zones > POLICY_ZONE_FIRST + LOAD_MAX_ZONES)
		policy_error(load->diags, policy->zones[POLICY_ZONE_FIRST + LOAD_MAX_ZONES].pos,
			     "%zu zones; a policy has at most %d",
			     policy->n_zones - POLICY_ZONE_FIRST, LOAD_MAX_ZONES);
}
