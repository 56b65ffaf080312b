// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cordon admit MAC --zone Z [--name N] [--vlan V] [--port P] [--address A]...
 *
 * What is not said of the device is taken from what was seen of it: a record without its VLAN and address would be a device that can say nothing.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "userland/cordon/apply.h"
#include "userland/lib/text.h"

#define NO_ADDRESS "none"

/* The sources without a record; NULL when nobody can say. */
static json_t *unknown_devices(const struct cli *cli)
{
	struct failure f = { 0 };

	return cli_view(cli, json_pack("{s:s, s:b}", "verb", "devices", "unknown", 1), &f);
}

/* The one that has this MAC, in this VLAN if one is given; @n: how many there are. */
static const json_t *find_seen(const json_t *reply, const uint8_t mac[6], uint16_t vlan, size_t *n)
{
	const json_t *one, *found = NULL;
	uint8_t seen[6];
	size_t i;

	*n = 0;
	json_array_foreach(json_object_get(reply, "devices"), i, one) {
		if (!text_parse_mac(cli_text(one, "mac"), seen) || memcmp(seen, mac, 6) ||
		    (vlan && cli_number(one, "vlan") != vlan))
			continue;
		found = one;
		(*n)++;
	}
	return found;
}

/* A link-local address is learned, never written down. */
static bool can_be_bound(const char *address)
{
	uint8_t addr[16];

	return *address && text_parse_address(address, addr) && !IN6_IS_ADDR_LINKLOCAL((struct in6_addr *)addr);
}

static int complete(const struct cli *cli, const json_t *reply, const uint8_t mac[6], struct policy_edit *edit,
		    const char **address)
{
	size_t n;
	const json_t *seen = find_seen(reply, mac, edit->vlan, &n);

	if (n > 1) {
		fprintf(stderr, "cordon: %s was seen in %zu VLANs: say which with --vlan\n", cli->argv[0], n);
		return CORDON_EXIT_USAGE;
	}
	if (seen && !edit->vlan && !edit->port)
		edit->vlan = (uint16_t)cli_number(seen, "vlan");
	if (seen && !cli->n_address && can_be_bound(cli_text(seen, "address"))) {
		*address = cli_text(seen, "address");
		edit->addresses = address;
		edit->n_addresses = 1;
	}
	return CORDON_EXIT_OK;
}

int cmd_admit(struct cli *cli)
{
	struct policy_edit edit = { .verb = POLICY_ADMIT, .device = cli->argv[0], .zone = cli->zone, .name = cli->name,
				    .vlan = cli->vlan, .port = cli->port, .addresses = cli->address,
				    .n_addresses = cli->n_address };
	const char *address;
	json_t *reply;
	char what[160];
	uint8_t mac[6];
	int code;

	if (!text_parse_mac(cli->argv[0], mac) || !cli->zone) {
		fprintf(stderr, "cordon: admit takes a MAC (xx:xx:xx:xx:xx:xx) and --zone ZONE\n");
		return CORDON_EXIT_USAGE;
	}
	if (cli->n_address == 1 && !strcmp(cli->address[0], NO_ADDRESS))
		edit.n_addresses = 0;
	snprintf(what, sizeof(what), "admit %s to %s", cli->argv[0], cli->zone);
	reply = unknown_devices(cli);
	code = complete(cli, reply, mac, &edit, &address);
	if (!code)
		code = cli_edit(cli, &edit, what);
	json_decref(reply);
	return code;
}
