// SPDX-License-Identifier: GPL-2.0-or-later
/* Groups to roles. */
#include "userland/cordond/roles.h"

#include <grp.h>
#include <stdint.h>

static const char *const groups[] = { "", "cordon-viewer", "cordon-operator", "cordon-admin" };

void roles_load(struct roles *roles)
{
	for (int role = ROLE_NONE; role <= ROLE_ADMIN; role++) {
		const struct group *group = *groups[role] ? getgrnam(groups[role]) : NULL;

		roles->gid[role] = group ? group->gr_gid : (gid_t)-1;
	}
}

enum role roles_of(const struct roles *roles, uid_t uid, const gid_t *list, size_t n)
{
	if (uid == 0)
		return ROLE_ADMIN;
	for (int role = ROLE_ADMIN; role > ROLE_NONE; role--) {
		for (size_t i = 0; i < n; i++) {
			if (roles->gid[role] != (gid_t)-1 && list[i] == roles->gid[role])
				return (enum role)role;
		}
	}
	return ROLE_NONE;
}

const char *role_name(enum role role)
{
	static const char *const names[] = { "none", "viewer", "operator", "admin" };

	return names[role];
}
