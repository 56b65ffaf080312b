// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What flows say together: management that a deny would cut (an error), and flows without effect
 * (warnings).
 */
#include <stdlib.h>
#include <string.h>

#include "policy/flows.h"
#include "policy/load.h"

/* Above this the quadratic search for contained flows is left out; it is a hint, not a check. */
#define CONTAINED_MAX_FLOWS 4096

#define ZONE_WORDS ((POLICY_ZONE_FIRST + LOAD_MAX_ZONES + 63) / 64)

/* A flow as sets, for quick comparison. */
struct shape {
	uint64_t from[ZONE_WORDS], to[ZONE_WORDS];
	struct entries_set set;
};

static bool has_zone(const uint64_t *zones, int zone)
{
	return zone >= 0 && zones[zone / 64] >> (zone % 64) & 1;
}

static bool within(const uint64_t *part, const uint64_t *whole)
{
	for (size_t i = 0; i < ZONE_WORDS; i++)
		if (part[i] & ~whole[i])
			return false;
	return true;
}

static int shape_make(const struct policy_flow *flow, struct shape *shape)
{
	memset(shape, 0, sizeof(*shape));
	for (size_t i = 0; i < flow->n_from; i++)
		shape->from[flow->from[i] / 64] |= (uint64_t)1 << (flow->from[i] % 64);
	for (size_t i = 0; i < flow->n_to; i++)
		shape->to[flow->to[i] / 64] |= (uint64_t)1 << (flow->to[i] % 64);
	return entries_to_set(&flow->entries, &shape->set);
}

static void shapes_free(struct shape *shapes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		entries_set_free(&shapes[i].set);
	free(shapes);
}

static struct shape *shapes_make(struct load *load)
{
	const struct policy *policy = load->policy;
	struct shape *shapes = calloc(policy->n_flows + 1, sizeof(*shapes));

	for (size_t i = 0; shapes && i < policy->n_flows; i++) {
		if (!shape_make(&policy->flows[i], &shapes[i]))
			continue;
		shapes_free(shapes, i);
		shapes = NULL;
	}
	load->no_memory |= !shapes;
	return shapes;
}

static void check_management(struct load *load, const struct shape *shapes)
{
	const struct policy *policy = load->policy;
	size_t management = 0;

	while (management < policy->n_flows && !policy->flows[management].management)
		management++;
	if (management == policy->n_flows)
		return;
	for (size_t i = 0; i < policy->n_flows; i++) {
		const struct policy_flow *flow = &policy->flows[i];

		if (!flow->deny || !has_zone(shapes[i].from, policy->management_zone) ||
		    !has_zone(shapes[i].to, POLICY_ZONE_GATEWAY) ||
		    !entries_set_meets(&shapes[i].set, &shapes[management].set))
			continue;
		policy_error(
			load->diags, flow->pos,
			"this deny would cut management from zone '%s'; leave that zone or its services out",
			policy->zones[policy->management_zone].name);
		policy_note(load->diags, policy->flows[management].pos, "management stands here");
	}
}

static bool takes_away(const struct flows_matrix *matrix, const struct policy_flow *flow,
		       const struct shape *shape)
{
	for (size_t i = 0; i < flow->n_from; i++)
		for (size_t j = 0; j < flow->n_to; j++)
			if (entries_set_meets(
				    &flows_cell(matrix, flow->from[i], flow->to[j])->allow,
				    &shape->set))
				return true;
	return false;
}

static void warn_idle_denies(struct load *load, const struct shape *shapes)
{
	const struct policy *policy = load->policy;
	struct flows_matrix matrix;

	if (flows_matrix_make(policy, &matrix)) {
		load->no_memory = true;
		return;
	}
	for (size_t i = 0; i < policy->n_flows; i++)
		if (policy->flows[i].deny && !policy->flows[i].log &&
		    !takes_away(&matrix, &policy->flows[i], &shapes[i]))
			policy_warning(load->diags, policy->flows[i].pos,
				       "this deny takes nothing away: no flow allows any of it");
	flows_matrix_free(&matrix);
}

/* Whether flow @a adds nothing to flow @b; of two equal ones the later is the idle one. */
static bool contained(const struct policy *policy, const struct shape *shapes, size_t a, size_t b)
{
	const struct policy_flow *inner = &policy->flows[a], *outer = &policy->flows[b];

	if (a == b || inner->deny != outer->deny || (inner->log && !outer->log) ||
	    !within(shapes[a].from, shapes[b].from) || !within(shapes[a].to, shapes[b].to) ||
	    !entries_set_contains(&shapes[b].set, &shapes[a].set))
		return false;
	return b < a || inner->log != outer->log || !within(shapes[b].from, shapes[a].from) ||
	       !within(shapes[b].to, shapes[a].to) ||
	       !entries_set_contains(&shapes[a].set, &shapes[b].set);
}

static void warn_contained(struct load *load, const struct shape *shapes)
{
	const struct policy *policy = load->policy;

	if (policy->n_flows > CONTAINED_MAX_FLOWS)
		return;
	for (size_t i = 0; i < policy->n_flows; i++) {
		size_t j = 0;

		if (policy->flows[i].management)
			continue;
		while (j < policy->n_flows && !contained(policy, shapes, i, j))
			j++;
		if (j == policy->n_flows)
			continue;
		policy_warning(load->diags, policy->flows[i].pos,
			       "this flow adds nothing: another one contains all of it");
		policy_note(load->diags, policy->flows[j].pos, "%s stands here",
			    policy->flows[j].management ? "management" : "the other flow");
	}
}

static void warn_silent_gateway(struct load *load)
{
	const struct policy *policy = load->policy;

	for (size_t i = 0; i < policy->n_flows; i++)
		for (size_t j = 0; j < policy->flows[i].n_from; j++)
			if (!policy->flows[i].deny &&
			    policy->flows[i].from[j] == POLICY_ZONE_GATEWAY)
				return;
	policy_warning(
		load->diags, load->gateway_pos,
		"no flow starts at gateway: the box itself cannot resolve names, set its clock or fetch updates");
}

void check_flows(struct load *load)
{
	struct shape *shapes = shapes_make(load);

	if (!shapes)
		return;
	check_management(load, shapes);
	if (!load->diags->errors) {
		warn_idle_denies(load, shapes);
		warn_contained(load, shapes);
		warn_silent_gateway(load);
	}
	shapes_free(shapes, load->policy->n_flows);
}
