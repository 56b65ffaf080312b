// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon admit MAC --zone Z [--name N] [--vlan V] [--port P] */
#include <stdio.h>

#include "userland/cordon/apply.h"
#include "userland/lib/text.h"

int cmd_admit(struct cli *cli)
{
	struct policy_edit edit = { .verb = POLICY_ADMIT, .device = cli->argv[0], .zone = cli->zone, .name = cli->name,
				    .vlan = cli->vlan, .port = cli->port };
	char what[160];
	uint8_t mac[6];

	if (!text_parse_mac(cli->argv[0], mac) || !cli->zone) {
		fprintf(stderr, "cordon: admit takes a MAC (xx:xx:xx:xx:xx:xx) and --zone ZONE\n");
		return CORDON_EXIT_USAGE;
	}
	snprintf(what, sizeof(what), "admit %s to %s", cli->argv[0], cli->zone);
	return cli_edit(cli, &edit, what);
}
