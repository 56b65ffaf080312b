/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handing a policy to the daemon; shared by apply, admit, move and forget. */
#ifndef CORDON_CLI_APPLY_H
#define CORDON_CLI_APPLY_H

#include "policy/policy.h"
#include "userland/cordon/cli.h"
#include "userland/lib/bundle.h"

/** cli_check - print what is wrong with the policy in @path, and what to look at. Return: CORDON_EXIT_OK, or another when it has errors. */
int cli_check(const struct cli *cli, const char *path);
/** cli_apply - send @source, print the outcome and, with --json, @shown; @what stands in the audit log. Return: exit code. */
int cli_apply(const struct cli *cli, const struct bundle *source, const char *what, json_t *shown);
/**
 * cli_lock - one change of the policy in @path at a time, from reading it to the daemon's answer; waits, and says so
 *
 * Return: a descriptor to close; -1: its directory cannot be opened, which reading it will say better.
 */
int cli_lock(const char *path);
/**
 * cli_edit - make a policy change, show it, write policy.d/90-devices.yaml, apply
 *
 * When it is refused the file is written back; when nobody knows (CORDON_EXIT_UNKNOWN) the file keeps the change.
 */
int cli_edit(struct cli *cli, const struct policy_edit *edit, const char *what);

#endif /* CORDON_CLI_APPLY_H */
