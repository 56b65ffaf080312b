/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What flows add up to per pair of zones, before it is turned into entries. */
#ifndef CORDON_POLICY_FLOWS_H
#define CORDON_POLICY_FLOWS_H

#include "policy/entries.h"
#include "policy/policy.h"

/** struct flows_cell - one ordered pair of zones; the sets are normal */
struct flows_cell {
	struct entries_set allow;
	struct entries_set deny;
	bool log;
};

/** struct flows_matrix - a cell per (from, to): cells[from * n_zones + to] */
struct flows_matrix {
	struct flows_cell *cells;
	size_t n_zones;
};

int flows_matrix_make(const struct policy *policy, struct flows_matrix *matrix);
void flows_matrix_free(struct flows_matrix *matrix);

static inline const struct flows_cell *flows_cell(const struct flows_matrix *matrix, int from,
						  int to)
{
	return &matrix->cells[(size_t)from * matrix->n_zones + (size_t)to];
}

#endif /* CORDON_POLICY_FLOWS_H */
