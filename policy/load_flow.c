// SPDX-License-Identifier: GPL-2.0-or-later
/* The section `flows`. */
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"

/* One side of a flow while it is read: zones in the order of their index, each once. */
struct side {
	int **zones;
	size_t *n;
	bool seen[POLICY_ZONE_FIRST + LOAD_MAX_ZONES];
};

static void side_add(struct load *load, struct side *side, int zone)
{
	int *slot;

	/* More zones than there are ids is an error already; they only must not be stored. */
	if (zone < 0 || zone >= POLICY_ZONE_FIRST + LOAD_MAX_ZONES || side->seen[zone])
		return;
	side->seen[zone] = true;
	slot = load_push(load, side->zones, side->n, sizeof(*slot));
	if (slot)
		*slot = zone;
}

/* {wan: [cloud.example]}: a part of the language that nothing enforces yet. */
static bool names_hosts(const struct load *load, const struct yaml_node *node)
{
	return node->kind == YAML_MAPPING && node->n == 1 && node->first->next->kind == YAML_LIST &&
	       names_find(load->zone_names, load->policy->n_zones, node->first->text) >= 0;
}

static void side_element(struct load *load, struct side *side, const struct yaml_node *node,
			 bool in_list)
{
	const char *text;
	int zone;

	if (names_hosts(load, node)) {
		policy_error(load->diags, load_pos(load, node),
			     "names of hosts behind a zone need a newer cordon; name the zone alone");
		return;
	}
	text = load_word(load, node, "a zone, a list of zones, or 'any'");
	if (!text)
		return;
	if (!strcmp(text, "any")) {
		if (in_list)
			policy_error(
				load->diags, load_pos(load, node),
				"'any' in a list; it stands alone, and means every declared zone");
		for (size_t i = POLICY_ZONE_FIRST; i < load->policy->n_zones; i++)
			side_add(load, side, (int)i);
		return;
	}
	zone = names_zone(load, node, text);
	if (zone >= 0 && zone < POLICY_ZONE_FIRST + LOAD_MAX_ZONES && side->seen[zone])
		policy_error(load->diags, load_pos(load, node), "zone %s is listed twice; once is enough",
			     policy_quote(text));
	side_add(load, side, zone);
}

static void side_load(struct load *load, const struct yaml_node *node, int **zones, size_t *n)
{
	struct side side = { .zones = zones, .n = n };

	if (node->kind == YAML_LIST && !node->n)
		policy_error(load->diags, load_pos(load, node),
			     "an empty list; name at least one zone");
	if (node->kind != YAML_LIST) {
		side_element(load, &side, node, false);
		return;
	}
	yaml_each (element, node)
		side_element(load, &side, element, true);
}

static bool has_zone(const int *zones, size_t n, int zone)
{
	for (size_t i = 0; i < n; i++)
		if (zones[i] == zone)
			return true;
	return false;
}

static void flow_ends(struct load *load, const struct policy_flow *flow)
{
	if (has_zone(flow->from, flow->n_from, POLICY_ZONE_GATEWAY) &&
	    has_zone(flow->to, flow->n_to, POLICY_ZONE_GATEWAY))
		policy_error(
			load->diags, flow->pos,
			"a flow from gateway to gateway; what the box says to itself is not judged");
	if (has_zone(flow->from, flow->n_from, POLICY_ZONE_WAN) &&
	    has_zone(flow->to, flow->n_to, POLICY_ZONE_WAN))
		policy_error(load->diags, flow->pos,
			     "a flow from wan to wan; cordon is no transit router between uplinks");
}

static void flow_log(struct load *load, struct policy_flow *flow, const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR || node->quoted ||
	    (strcmp(node->text, "true") && strcmp(node->text, "false"))) {
		load_wrong_type(load, node, "true or false");
		return;
	}
	if (!flow->deny)
		policy_error(load->diags, load_pos(load, node),
			     "'log' in a flow that allows; it belongs to a 'deny'");
	flow->log = flow->deny && !strcmp(node->text, "true");
}

static void flow_load(struct load *load, const struct yaml_node *node)
{
	const struct yaml_node *values[LOAD_MAX_KEYS];
	struct policy_flow *flow;

	if (!load_mapping(load, node, LOAD_FLOW, values))
		return;
	flow = load_push(load, &load->policy->flows, &load->policy->n_flows, sizeof(*flow));
	if (!flow)
		return;
	flow->pos = load_pos(load, node);
	flow->deny = values[FLOW_DENY] != NULL;
	if (!values[FLOW_ALLOW] == !values[FLOW_DENY])
		policy_error(load->diags, flow->pos, "a flow has either 'allow' or 'deny'; write one of them");
	if (values[FLOW_FROM])
		side_load(load, values[FLOW_FROM], &flow->from, &flow->n_from);
	if (values[FLOW_TO])
		side_load(load, values[FLOW_TO], &flow->to, &flow->n_to);
	if (values[FLOW_ALLOW] && !values[FLOW_DENY])
		load_service_entries(load, values[FLOW_ALLOW], false, &flow->entries, &flow->services);
	if (values[FLOW_DENY])
		load_service_entries(load, values[FLOW_DENY], true, &flow->entries, &flow->services);
	if (values[FLOW_LOG])
		flow_log(load, flow, values[FLOW_LOG]);
	flow_ends(load, flow);
}

void load_flows(struct load *load)
{
	size_t n = 0;

	for (size_t i = 0; i < load->n_files; i++) {
		const struct yaml_node *section = load->files[i].sections[POLICY_FLOWS];

		load->doc = &load->files[i].doc;
		if (!section)
			continue;
		if (section->kind != YAML_LIST) {
			load_wrong_type(load, section, "a list of flows, or []");
			continue;
		}
		n += section->n;
		if (n > LOAD_MAX_FLOWS) {
			policy_error(load->diags, load_pos(load, section),
				     "%zu flows; a policy has at most %d", n, LOAD_MAX_FLOWS);
			return;
		}
		yaml_each (node, section)
			flow_load(load, node);
	}
}
