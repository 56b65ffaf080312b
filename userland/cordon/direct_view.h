/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading without a daemon: policy from the state database or a file, the rest from the kernel. */
#ifndef CORDON_CLI_DIRECT_VIEW_H
#define CORDON_CLI_DIRECT_VIEW_H

#include "userland/cordon/cli.h"
#include "userland/lib/compiled.h"
#include "userland/lib/store.h"

/** direct_view - view_answer() for @verb. Return: NULL with @f. */
json_t *direct_view(const struct cli *cli, const char *verb, const json_t *args, struct failure *f);
/** direct_work_dir - a directory in which a stored policy may be written out for a moment */
const char *direct_work_dir(void);
/**
 * direct_active - the last committed policy, compiled; its stored bytes, not new ones
 * @stored: receives the record; freed by the caller
 *
 * Return: 0; -ENOENT when there is none
 */
int direct_active(const struct cli *cli, struct stored *stored, struct compiled *c, struct failure *f);

#endif /* CORDON_CLI_DIRECT_VIEW_H */
