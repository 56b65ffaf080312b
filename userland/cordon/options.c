// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line behind a subcommand. Options may stand before and after operands. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userland/cordon/cli.h"
#include "userland/lib/text.h"

enum {
	OPT_JSON = 256, OPT_SOCKET, OPT_STATE, OPT_POLICY, OPT_COLOUR, OPT_UNKNOWN, OPT_ZONE, OPT_NAME, OPT_VLAN,
	OPT_PORT, OPT_CONSOLE, OPT_COUNT, OPT_DIRECT, OPT_ADDRESS, OPT_ALL,
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPT_JSON }, { "socket", required_argument, NULL, OPT_SOCKET },
	{ "state-dir", required_argument, NULL, OPT_STATE }, { "policy", required_argument, NULL, OPT_POLICY },
	{ "colour", required_argument, NULL, OPT_COLOUR }, { "unknown", no_argument, NULL, OPT_UNKNOWN },
	{ "zone", required_argument, NULL, OPT_ZONE }, { "name", required_argument, NULL, OPT_NAME },
	{ "vlan", required_argument, NULL, OPT_VLAN }, { "port", required_argument, NULL, OPT_PORT },
	{ "console", no_argument, NULL, OPT_CONSOLE }, { "count", required_argument, NULL, OPT_COUNT },
	{ "direct", no_argument, NULL, OPT_DIRECT }, { "address", required_argument, NULL, OPT_ADDRESS },
	{ "all", no_argument, NULL, OPT_ALL }, { NULL, 0, NULL, 0 },
};

static unsigned int needs(int option)
{
	static const unsigned int bit[] = {
		[OPT_UNKNOWN - 256] = CLI_UNKNOWN, [OPT_ZONE - 256] = CLI_ZONE, [OPT_NAME - 256] = CLI_NAME,
		[OPT_VLAN - 256] = CLI_VLAN, [OPT_PORT - 256] = CLI_PORT, [OPT_CONSOLE - 256] = CLI_CONSOLE,
		[OPT_COUNT - 256] = CLI_COUNT, [OPT_DIRECT - 256] = CLI_DIRECT,
		[OPT_ADDRESS - 256] = CLI_ADDRESS, [OPT_ALL - 256] = CLI_ALL,
	};

	return bit[option - 256];
}

json_t *cli_options(unsigned int bits)
{
	json_t *names = json_array();

	for (const struct option *o = long_options; o->name; o++) {
		if (bits ? needs(o->val) & bits : !needs(o->val))
			json_array_append_new(names, json_string(o->name));
	}
	return names;
}

static int usage(const struct cli *cli, const struct cli_command *command, const char *what)
{
	struct failure f = { 0 };

	fail(&f, CORDON_EXIT_USAGE, EINVAL, cli->json ? "%s; usage: cordon %s %s" : "%s\nusage: cordon %s %s", what,
	     command->name, command->operands);
	return cli_fail(cli, &f);
}

/* Whoever reads the answer as JSON also does so when another option is wrong. */
static bool asks_for_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--json"))
			return true;
	}
	return false;
}

static bool set_number(struct cli *cli, int option)
{
	uint64_t value;

	if (!text_parse_number(optarg, option == OPT_VLAN ? 4094 : UINT64_MAX, &value) || !value)
		return false;
	if (option == OPT_VLAN)
		cli->vlan = (uint16_t)value;
	else
		cli->count = value;
	return true;
}

static bool set_colour(struct cli *cli)
{
	if (strcmp(optarg, "auto"))
		cli->colour = !strcmp(optarg, "always");
	return !strcmp(optarg, "auto") || !strcmp(optarg, "always") || !strcmp(optarg, "never");
}

static bool add_address(struct cli *cli)
{
	if (cli->n_address == POLICY_EDIT_ADDRESSES)
		return false;
	cli->address[cli->n_address++] = optarg;
	return true;
}

static void set_text(struct cli *cli, int option)
{
	switch (option) {
	case OPT_SOCKET:
		cli->socket = optarg;
		break;
	case OPT_STATE:
		cli->state_dir = optarg;
		break;
	case OPT_POLICY:
		cli->policy = optarg;
		cli->policy_given = true;
		break;
	case OPT_ZONE:
		cli->zone = optarg;
		break;
	case OPT_NAME:
		cli->name = optarg;
		break;
	case OPT_PORT:
		cli->port = optarg;
		break;
	default:
		break;
	}
}

static bool set(struct cli *cli, int option)
{
	cli->unknown |= option == OPT_UNKNOWN;
	cli->console |= option == OPT_CONSOLE;
	cli->direct |= option == OPT_DIRECT;
	cli->all |= option == OPT_ALL;
	if (option == OPT_VLAN || option == OPT_COUNT)
		return set_number(cli, option);
	if (option == OPT_COLOUR)
		return set_colour(cli);
	if (option == OPT_ADDRESS)
		return add_address(cli);
	set_text(cli, option);
	return true;
}

int cli_parse(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
	char what[96];
	int option;

	cli->colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	cli->json = asks_for_json(argc, argv);
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == '?' || (needs(option) && !(needs(option) & command->options))) {
			snprintf(what, sizeof(what), "%s does not take the option %s", command->name, argv[optind - 1]);
			return usage(cli, command, what);
		}
		if (!set(cli, option)) {
			snprintf(what, sizeof(what), "\"%s\" is no value of that option", optarg);
			return usage(cli, command, what);
		}
	}
	cli->argc = argc - optind;
	cli->argv = argv + optind;
	if (cli->argc < command->least || cli->argc > command->most)
		return usage(cli, command, cli->argc < command->least ? "an operand is missing" : "too many operands");
	return 0;
}
