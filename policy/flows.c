// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows -> pairs of zones: all that is allowed from one to the other, minus all that is denied. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/flows.h"
#include "policy/mem.h"

/*
 * Sets are normalised when they outgrow this, so that a thousand equal flows cost as much as one.
 */
#define SET_SLACK 4096

static int cell_add(struct flows_cell *cell, const struct policy_flow *flow)
{
	struct entries_set *set = flow->deny ? &cell->deny : &cell->allow;

	cell->log |= flow->log;
	if (entries_set_add_all(set, &flow->entries))
		return -ENOMEM;
	if (set->n > SET_SLACK)
		entries_set_normalise(set);
	return 0;
}

static int matrix_add(struct flows_matrix *matrix, const struct policy_flow *flow)
{
	int ret = 0;

	for (size_t i = 0; i < flow->n_from; i++)
		for (size_t j = 0; !ret && j < flow->n_to; j++)
			ret = cell_add(&matrix->cells[(size_t)flow->from[i] * matrix->n_zones +
						      (size_t)flow->to[j]],
				       flow);
	return ret;
}

int flows_matrix_make(const struct policy *policy, struct flows_matrix *matrix)
{
	size_t n = policy->n_zones * policy->n_zones;
	int ret = 0;

	matrix->n_zones = policy->n_zones;
	matrix->cells = calloc(n, sizeof(*matrix->cells));
	if (!matrix->cells)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < policy->n_flows; i++)
		ret = matrix_add(matrix, &policy->flows[i]);
	if (ret) {
		flows_matrix_free(matrix);
		return ret;
	}
	for (size_t i = 0; i < n; i++) {
		entries_set_normalise(&matrix->cells[i].allow);
		entries_set_normalise(&matrix->cells[i].deny);
	}
	return 0;
}

void flows_matrix_free(struct flows_matrix *matrix)
{
	for (size_t i = 0; matrix->cells && i < matrix->n_zones * matrix->n_zones; i++) {
		entries_set_free(&matrix->cells[i].allow);
		entries_set_free(&matrix->cells[i].deny);
	}
	free(matrix->cells);
	matrix->cells = NULL;
}

static int pair_add(struct policy_pairs *pairs, struct flows_cell *cell, int from, int to)
{
	struct policy_pair *pair;
	int ret = entries_set_subtract(&cell->allow, &cell->deny);

	if (ret || (!cell->allow.n && !cell->log))
		return ret;
	pair = policy_push(&pairs->v, &pairs->n, sizeof(*pair));
	if (!pair)
		return -ENOMEM;
	pair->from = from;
	pair->to = to;
	pair->log = cell->log;
	return entries_from_set(&cell->allow, &pair->entries);
}

int policy_pairs_make(const struct policy *policy, struct policy_pairs *out)
{
	struct flows_matrix matrix;
	int ret = flows_matrix_make(policy, &matrix);

	*out = (struct policy_pairs){ 0 };
	if (ret)
		return ret;
	for (size_t i = 0; !ret && i < matrix.n_zones * matrix.n_zones; i++)
		ret = pair_add(out, &matrix.cells[i], (int)(i / matrix.n_zones),
			       (int)(i % matrix.n_zones));
	flows_matrix_free(&matrix);
	if (ret)
		policy_pairs_free(out);
	return ret;
}

void policy_pairs_free(struct policy_pairs *pairs)
{
	for (size_t i = 0; i < pairs->n; i++)
		free(pairs->v[i].entries.v);
	free(pairs->v);
	*pairs = (struct policy_pairs){ 0 };
}

static bool zones_have(const int *zones, size_t n, int zone)
{
	for (size_t i = 0; i < n; i++)
		if (zones[i] == zone)
			return true;
	return false;
}

/*
 * Whether @flow speaks of @want between the two zones: a deny of any of it, an allow of all of it.
 */
static bool speaks_of(const struct policy_flow *flow, int from, int to,
		      const struct entries_set *want)
{
	struct entries_set set;
	bool answer;

	if (!zones_have(flow->from, flow->n_from, from) || !zones_have(flow->to, flow->n_to, to) ||
	    entries_to_set(&flow->entries, &set))
		return false;
	answer = flow->deny ? entries_set_meets(&set, want) : entries_set_contains(&set, want);
	entries_set_free(&set);
	return answer;
}

const struct policy_flow *policy_flow_for(const struct policy *policy, int from, int to,
					  const struct policy_entry *entry)
{
	const struct policy_entries one = { .v = (struct policy_entry *)entry, .n = 1 };
	const struct policy_flow *found = NULL;
	struct entries_set want;

	if (entries_to_set(&one, &want))
		return NULL;
	for (size_t i = 0; i < policy->n_flows; i++) {
		const struct policy_flow *flow = &policy->flows[i];

		if ((found && !flow->deny) || !speaks_of(flow, from, to, &want))
			continue;
		found = flow;
		if (flow->deny)
			break;
	}
	entries_set_free(&want);
	return found;
}
