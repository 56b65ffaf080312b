// SPDX-License-Identifier: GPL-2.0-or-later
/* Every cell of verb x role, against a table written by hand. */
#include "userland/cordond/roles.h"

#include <string.h>

#include "tests/unit/userland/tap.h"

static const struct cell {
	const char *verb;
	const char *may;	/* n(one) v(iewer) o(perator) a(dmin): a letter per role that may */
} cells[] = {
	{ "status", "voa" },	{ "devices", "voa" }, { "device", "voa" }, { "zones", "voa" }, { "services", "voa" },
	{ "explain", "voa" },	{ "stats", "voa" },   { "watch", "oa" },   { "audit", "oa" },  { "apply", "a" },
	{ "quarantine", "a" },	{ "release", "a" },   { "disarm", "a" },   { "placement", "voa" },
};

static void table(void)
{
	static const char letters[] = "nvoa";

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		const struct verb *verb = verb_find(cells[i].verb);

		ok(verb != NULL, "%s is a verb", cells[i].verb);
		for (int role = ROLE_NONE; verb && role <= ROLE_ADMIN; role++)
			ok(verb_allowed(verb, (enum role)role) == (strchr(cells[i].may, letters[role]) != NULL),
			   "%s %s", role_name((enum role)role), cells[i].verb);
	}
	ok(sizeof(cells) / sizeof(cells[0]) == VERB_COUNT, "no verb is missing here");
	ok(!verb_find("") && !verb_find("Status") && !verb_find("load"), "what is no verb");
}

static void groups(void)
{
	const struct roles roles = { .gid = { (gid_t)-1, 10, 20, 30 } };
	const struct roles none = { .gid = { (gid_t)-1, (gid_t)-1, (gid_t)-1, (gid_t)-1 } };
	const gid_t viewer[] = { 5, 10 }, both[] = { 10, 30 }, other[] = { 5, (gid_t)-1 };

	ok(roles_of(&roles, 0, NULL, 0) == ROLE_ADMIN, "root is admin");
	ok(roles_of(&roles, 1000, viewer, 2) == ROLE_VIEWER, "a viewer by a supplementary group");
	ok(roles_of(&roles, 1000, both, 2) == ROLE_ADMIN, "the strongest role counts");
	ok(roles_of(&roles, 1000, other, 2) == ROLE_NONE, "other groups give nothing");
	ok(roles_of(&none, 1000, other, 2) == ROLE_NONE, "groups that do not exist give nothing");
}

int main(void)
{
	table();
	groups();
	return tap_end();
}
