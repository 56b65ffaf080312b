// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon move DEV ZONE */
#include <stdio.h>

#include "userland/cordon/apply.h"

int cmd_move(struct cli *cli)
{
	struct policy_edit edit = { .verb = POLICY_MOVE, .device = cli->argv[0], .zone = cli->argv[1] };
	char what[160];

	snprintf(what, sizeof(what), "move %s to %s", cli->argv[0], cli->argv[1]);
	return cli_edit(cli, &edit, what);
}
