// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon forget DEV */
#include <stdio.h>

#include "userland/cordon/apply.h"

int cmd_forget(struct cli *cli)
{
	struct policy_edit edit = { .verb = POLICY_FORGET, .device = cli->argv[0] };
	char what[160];

	snprintf(what, sizeof(what), "forget %s", cli->argv[0]);
	return cli_edit(cli, &edit, what);
}
