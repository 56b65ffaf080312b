// SPDX-License-Identifier: GPL-2.0-or-later
/* Failpoints; an empty file in release builds. */
#include "userland/lib/failpoint.h"

#ifdef CORDON_FAILPOINTS

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const names[] = {
	"before-receive", "after-receive", "before-validate", "after-validate", "before-intent", "after-intent",
	"before-begin", "after-begin", "before-data", "after-data", "before-stage", "after-stage",
	"before-nft-add", "after-nft-add", "before-commit", "after-commit", "before-nft-retire", "after-nft-retire",
	"before-cut", "after-cut", "before-active", "after-active", "before-audit", "after-audit",
	"before-reply", "after-reply",
};

void failpoint_list(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		printf("%s\n", names[i]);
}

static void known(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(name, names[i]))
			return;
	}
	fprintf(stderr, "failpoint %s is not in the list\n", name);
	abort();
}

int failpoint(const char *name, struct failure *f)
{
	const char *want = getenv("CORDON_FAILPOINT");
	size_t len = strlen(name);
	struct timespec nap = { .tv_sec = 1 };

	known(name);
	if (!want || strncmp(want, name, len) || want[len] != ':')
		return 0;
	want += len + 1;
	if (!strcmp(want, "kill"))
		kill(getpid(), SIGKILL);
	if (!strncmp(want, "sleep", 5)) {
		if (want[5] == ':')
			nap.tv_sec = strtol(want + 6, NULL, 10);
		nanosleep(&nap, NULL);
	}
	if (!strcmp(want, "error"))
		return fail(f, CORDON_EXIT_FAILED, EIO, "failpoint %s", name);
	return 0;
}

#endif
