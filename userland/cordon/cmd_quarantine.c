// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon quarantine DEV, cordon release DEV */
#include "userland/cordon/cli.h"

static json_t *request(const struct cli *cli, const char *verb)
{
	return json_pack("{s:s, s:s, s:i}", "verb", verb, "device", cli->argv[0], "vlan", (int)cli->vlan);
}

int cmd_quarantine(struct cli *cli)
{
	return cli_change(cli, request(cli, "quarantine"), NULL, NULL, "quarantined");
}

int cmd_release(struct cli *cli)
{
	return cli_change(cli, request(cli, "release"), NULL, NULL, "released");
}
