/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may ask what: three groups, one table of verb x role. */
#ifndef CORDON_CORDOND_ROLES_H
#define CORDON_CORDOND_ROLES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum role { ROLE_NONE, ROLE_VIEWER, ROLE_OPERATOR, ROLE_ADMIN };

/** struct roles - group ids of cordon-admin, cordon-operator, cordon-viewer by role; -1: no such group */
struct roles {
	gid_t gid[ROLE_ADMIN + 1];
};

/** roles_load - look the groups up; once, before the sandbox */
void roles_load(struct roles *roles);
/** roles_of - the strongest role of a peer; uid 0 is admin */
enum role roles_of(const struct roles *roles, uid_t uid, const gid_t *groups, size_t n);
const char *role_name(enum role role);

enum verb_id {
	VERB_STATUS, VERB_DEVICES, VERB_DEVICE, VERB_ZONES, VERB_SERVICES, VERB_EXPLAIN, VERB_STATS, VERB_WATCH,
	VERB_AUDIT, VERB_APPLY, VERB_QUARANTINE, VERB_RELEASE, VERB_DISARM, VERB_PLACEMENT, VERB_COUNT,
};

/** struct verb - one row of the table */
struct verb {
	enum verb_id id;
	const char *name;
	unsigned int roles;	/* mask of 1 << enum role */
	bool source;		/* an IPC_SOURCE frame follows */
};

/** verb_find - NULL: there is no such verb */
const struct verb *verb_find(const char *name);
bool verb_allowed(const struct verb *verb, enum role role);

#endif /* CORDON_CORDOND_ROLES_H */
