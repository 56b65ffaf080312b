// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of verbs and roles. What is not in it is refused. */
#include <string.h>

#include "userland/cordond/roles.h"

#define V (1U << ROLE_VIEWER)
#define O (1U << ROLE_OPERATOR)
#define A (1U << ROLE_ADMIN)

static const struct verb verbs[] = {
	{ VERB_STATUS, "status", V | O | A, false },	{ VERB_DEVICES, "devices", V | O | A, false },
	{ VERB_DEVICE, "device", V | O | A, false },	{ VERB_ZONES, "zones", V | O | A, false },
	{ VERB_SERVICES, "services", V | O | A, false }, { VERB_EXPLAIN, "explain", V | O | A, false },
	{ VERB_STATS, "stats", V | O | A, false },	{ VERB_WATCH, "watch", O | A, false },
	{ VERB_AUDIT, "audit", O | A, false },		{ VERB_APPLY, "apply", A, true },
	{ VERB_QUARANTINE, "quarantine", A, false },	{ VERB_RELEASE, "release", A, false },
	{ VERB_DISARM, "disarm", A, false },		{ VERB_PLACEMENT, "placement", V | O | A, false },
};

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	}
	return NULL;
}

bool verb_allowed(const struct verb *verb, enum role role)
{
	return role != ROLE_NONE && (verb->roles >> role & 1);
}
