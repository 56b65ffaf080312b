/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What coverage is judged from: the policy's places, the module's findings, links, flowtables. */
#ifndef CORDON_CLI_COVERAGE_WORLD_H
#define CORDON_CLI_COVERAGE_WORLD_H

#include "userland/cordon/cli.h"
#include "userland/lib/coverage.h"
#include "userland/lib/links.h"
#include "userland/lib/switching.h"

/** struct known_world - a coverage_world and what its names point into */
struct known_world {
	struct coverage_world world;
	json_t *placement, *status;
	struct link_names outside;
	char chip[CORDON_MAX_PORTS][SWITCH_ID_LEN];	/* of each port; "" none */
	bool complete;		/* the module has findings for every port, and flowtables could be read */
};

/** known_world_make - freed with known_world_free(), even after a failure. Return: 0, or a negative errno with @f */
int known_world_make(struct known_world *known, const struct cli *cli, struct failure *f);
void known_world_free(struct known_world *known);

#endif /* CORDON_CLI_COVERAGE_WORLD_H */
