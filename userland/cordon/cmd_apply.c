// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon apply [FILE]: check here, where the files and their names are; then hand the same bytes to the daemon. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "policy/policy.h"
#include "userland/cordon/apply.h"
#include "userland/lib/bundle.h"

/* The daemon checks again what it enforces; here the messages carry the user's own paths. */
int cli_check(const struct cli *cli, const char *path)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(path, &diags);
	struct failure f = { .exit = CORDON_EXIT_USAGE, .sys = EINVAL };
	int code = CORDON_EXIT_OK;

	policy_diags_print(&diags, stderr, isatty(STDERR_FILENO) && cli->colour);
	if (!policy) {
		snprintf(f.text, sizeof(f.text), "%s has errors: the running policy stays as it was", path);
		code = cli_fail(cli, &f);
	}
	policy_free(policy);
	policy_diags_free(&diags);
	return code;
}

int cli_apply(const struct cli *cli, const struct bundle *source, const char *what, json_t *shown)
{
	struct failure f = { 0 };
	struct buf packed = { 0 };
	int code;

	bundle_pack(source, &packed);
	if (packed.failed) {
		fail_sys(&f, ENOMEM, "cannot send the policy");
		code = cli_fail(cli, &f);
	} else {
		code = cli_change(cli, json_pack("{s:s, s:b, s:s}", "verb", "apply", "source", 1, "what", what),
				  &packed, shown, "applied");
	}
	buf_free(&packed);
	return code;
}

int cli_lock(const char *path)
{
	char copy[PATH_MAX];
	int fd = -1;

	if (snprintf(copy, sizeof(copy), "%s", path) < (int)sizeof(copy))
		fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || !flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	fprintf(stderr, "cordon: waiting for another change of this policy to end\n");
	while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
		;
	return fd;
}

int cmd_apply(struct cli *cli)
{
	const char *path = cli->argc ? cli->argv[0] : cli->policy;
	struct failure f = { 0 };
	struct bundle source;
	int lock = cli_lock(path), code = cli_check(cli, path);

	if (!code && bundle_read(path, &source, &f)) {
		code = cli_fail(cli, &f);
	} else if (!code) {
		code = cli_apply(cli, &source, "apply", NULL);
		bundle_free(&source);
	}
	if (lock >= 0)
		close(lock);
	return code;
}
