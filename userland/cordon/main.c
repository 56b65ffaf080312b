// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon: the table of subcommands. */
#include <stdio.h>
#include <string.h>

#include <linux/cordon.h>

#include "userland/cordon/cli.h"
#include "userland/lib/log.h"

#ifndef CORDON_VERSION
#define CORDON_VERSION "0.1.0"
#endif

static int cmd_version(struct cli *cli)
{
	if (cli->json)
		return cli_json(json_pack("{s:s, s:i}", "version", CORDON_VERSION, "wire", CORDON_WIRE_VERSION));
	printf("cordon %s (wire version %d)\n", CORDON_VERSION, CORDON_WIRE_VERSION);
	return CORDON_EXIT_OK;
}

static int cmd_help(struct cli *cli);

const struct cli_command cli_commands[] = {
	{ "check", "[FILE]", "check a policy and say what is wrong with it", 0, 0, 1, cmd_check },
	{ "apply", "[FILE]", "put a policy into force", 0, 0, 1, cmd_apply },
	{ "load", "[FILE]", "put the last committed policy, or a file, into force without a daemon", 0, 0, 1, cmd_load },
	{ "status", "", "quarantines, ruleset, ports, nftables", CLI_DIRECT, 0, 0, cmd_status },
	{ "services", "", "services of the policy and the built-in ones", 0, 0, 0, cmd_services },
	{ "devices", "", "all devices; --unknown: sources without a record", CLI_UNKNOWN | CLI_DIRECT, 0, 0,
	  cmd_devices },
	{ "device", "DEV", "one device", CLI_DIRECT, 1, 1, cmd_device },
	{ "admit", "MAC --zone Z [--name N]", "add a device to the policy and apply it",
	  CLI_ZONE | CLI_NAME | CLI_VLAN | CLI_PORT | CLI_ADDRESS, 1, 1, cmd_admit },
	{ "move", "DEV ZONE", "move a device to another zone and apply it", 0, 2, 2, cmd_move },
	{ "forget", "DEV", "remove a device from the policy and apply it", 0, 1, 1, cmd_forget },
	{ "zones", "", "the matrix of who may start what", CLI_DIRECT, 0, 0, cmd_zones },
	{ "explain", "SRC DST SERVICE", "every step of a verdict, and the line of the policy that decided", CLI_DIRECT, 3,
	  3, cmd_explain },
	{ "watch", "", "events as they happen", CLI_COUNT, 0, 0, cmd_watch },
	{ "log", "", "the end of the audit log", CLI_COUNT, 0, 0, cmd_log },
	{ "stats", "", "accepted and dropped packets by hook and reason", CLI_DIRECT, 0, 0, cmd_stats },
	{ "quarantine", "DEV", "cut a device off until it is released", CLI_VLAN, 1, 1, cmd_quarantine },
	{ "release", "DEV", "end a quarantine", CLI_VLAN, 1, 1, cmd_release },
	{ "disarm", "[--console]", "stop forwarding, then stop enforcing", CLI_CONSOLE, 0, 0, cmd_disarm },
	{ "doctor", "", "look for what keeps cordon from holding", CLI_DIRECT, 0, 0, cmd_doctor },
	{ "coverage", "", "pairs of devices whose frames may pass the box by", CLI_ALL | CLI_DIRECT, 0, 0, cmd_coverage },
	{ "version", "", "version of this program", 0, 0, 0, cmd_version },
	{ "help", "", "this list", 0, 0, 1, cmd_help },
};

const size_t cli_command_count = sizeof(cli_commands) / sizeof(cli_commands[0]);

static void print_help(FILE *out)
{
	fprintf(out, "usage: cordon COMMAND [OPERANDS] [--json] [--policy FILE] [--socket PATH] [--state-dir DIR]\n"
		"              [--colour auto|always|never]\n\n");
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, "  %-10s %-24s %s\n", cli_commands[i].name, cli_commands[i].operands,
			cli_commands[i].summary);
	fprintf(out, "\nDEV is a name, a MAC or an address. See cordon(8).\n");
}

/* The commands as data: what completions and manuals are held to. */
static int help_json(void)
{
	json_t *commands = json_array();

	for (size_t i = 0; i < cli_command_count; i++) {
		const struct cli_command *c = &cli_commands[i];

		json_array_append_new(commands, json_pack("{s:s, s:s, s:s, s:o}", "name", c->name, "operands", c->operands,
							  "summary", c->summary, "options",
							  c->options ? cli_options(c->options) : json_array()));
	}
	return cli_json(json_pack("{s:o, s:o}", "commands", commands, "options", cli_options(0)));
}

static int cmd_help(struct cli *cli)
{
	if (cli->json)
		return help_json();
	print_help(stdout);
	return CORDON_EXIT_OK;
}

static const struct cli_command *find(const char *name)
{
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	if (!strcmp(name, "--version"))
		name = "version";
	for (size_t i = 0; i < cli_command_count; i++) {
		if (!strcmp(cli_commands[i].name, name))
			return &cli_commands[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct cli_command *command = argc > 1 ? find(argv[1]) : NULL;
	struct cli cli = { .socket = IPC_SOCKET, .state_dir = CLI_STATE_DIR, .policy = CLI_POLICY };
	int code;

	log_open("cordon");
	if (!command) {
		if (argc > 1)
			fprintf(stderr, "cordon: there is no command \"%s\"\n", argv[1]);
		print_help(stderr);
		return CORDON_EXIT_USAGE;
	}
	code = cli_parse(&cli, command, argc - 1, argv + 1);
	if (!code)
		code = command->run(&cli);
	if (fflush(stdout) || ferror(stdout))
		code = code ? code : CORDON_EXIT_FAILED;
	return code;
}
