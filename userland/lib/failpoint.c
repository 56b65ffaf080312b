// SPDX-License-Identifier: GPL-2.0-or-later
/* Failpoints; an empty file in release builds. */
#include "userland/lib/failpoint.h"

#ifdef CORDON_FAILPOINTS

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userland/lib/file.h"

/*
 * The steps of an apply. "data" is a part of the staging, "seal" of what retires the old from nftables; "unmanaged" closes there, before the
 * commit, and "open" opens, behind it.
 */
static const char *const steps[] = {
	"receive", "validate", "clean", "intent", "begin", "data", "stage", "nft-add", "unmanaged", "commit", "nft-retire",
	"seal", "open", "cut", "active", "audit", "reply",
};

static const char *const sides[] = { "before-", "after-" };

void failpoint_list(void)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		printf("%s%s\n%s%s\n", sides[0], steps[i], sides[1], steps[i]);
}

static void known(const char *name)
{
	for (size_t i = 0; i < 2 * sizeof(steps) / sizeof(steps[0]); i++) {
		size_t len = strlen(sides[i & 1]);

		if (!strncmp(name, sides[i & 1], len) && !strcmp(name + len, steps[i / 2]))
			return;
	}
	fprintf(stderr, "failpoint %s is not in the list\n", name);
	abort();
}

int failpoint(const char *name, struct failure *f)
{
	const char *path = getenv("CORDON_FAILPOINT");
	size_t len = strlen(name);
	char want[64];

	known(name);
	if (!path || file_read_line(path, want, sizeof(want)) || strncmp(want, name, len) || want[len] != ':')
		return 0;
	if (!strcmp(want + len, ":kill"))
		kill(getpid(), SIGKILL);
	return fail(f, CORDON_EXIT_FAILED, EIO, "failpoint %s", name);
}

#endif
