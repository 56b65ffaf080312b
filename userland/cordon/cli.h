/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every subcommand of cordon shares: options, the way to the daemon or the kernel, output. */
#ifndef CORDON_CLI_H
#define CORDON_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "policy/policy.h"
#include "userland/lib/failure.h"
#include "userland/lib/ipc.h"

#define CLI_POLICY "/etc/cordon/policy.yaml"
#define CLI_STATE_DIR "/var/lib/cordon"

/* Options that a subcommand takes besides --json, --socket, --state-dir, --policy and --colour. */
enum {
	CLI_UNKNOWN = 1 << 0,
	CLI_ZONE = 1 << 1,
	CLI_NAME = 1 << 2,
	CLI_VLAN = 1 << 3,
	CLI_PORT = 1 << 4,
	CLI_CONSOLE = 1 << 5,
	CLI_COUNT = 1 << 6,
	CLI_DIRECT = 1 << 7,
	CLI_ADDRESS = 1 << 8,
	CLI_ALL = 1 << 9,
};

/** struct cli - the parsed command line */
struct cli {
	const char *socket;
	const char *state_dir;
	const char *policy;		/* file */
	bool policy_given;
	bool json;
	bool colour;			/* of standard output */
	bool unknown, console, direct, all;
	const char *zone, *name, *port;
	uint16_t vlan;			/* 0: not given */
	uint64_t count;			/* 0: not given */
	const char *address[POLICY_EDIT_ADDRESSES];
	size_t n_address;
	int argc;			/* operands */
	char **argv;
};

/** struct cli_command - one subcommand; run() returns an exit code */
struct cli_command {
	const char *name;
	const char *operands;
	const char *summary;
	unsigned int options;
	int least, most;
	int (*run)(struct cli *cli);
};

extern const struct cli_command cli_commands[];
extern const size_t cli_command_count;

/** cli_parse - options and operands behind the subcommand. Return: 0, or CORDON_EXIT_USAGE with a message printed. */
int cli_parse(struct cli *cli, const struct cli_command *command, int argc, char **argv);

/** cli_options - the names of the options that go with these bits, or with 0 of those that every subcommand takes */
json_t *cli_options(unsigned int bits);

/** cli_fail - print a failure; Return: its exit code */
int cli_fail(const struct cli *cli, const struct failure *f);
/** cli_json - print an object for --json and give up the reference; Return: CORDON_EXIT_OK */
int cli_json(json_t *o);

/** cli_ask - one request to the daemon; @source may be NULL. Return: the reply, or NULL with @f. */
json_t *cli_ask(const struct cli *cli, json_t *request, const struct buf *source, struct failure *f);
/** cli_view - a reading verb: from the daemon, or from the kernel and the state database when no daemon answers */
json_t *cli_view(const struct cli *cli, json_t *request, struct failure *f);
/**
 * cli_change - a changing verb that only the daemon does; prints failure or @done and the reply's warnings
 * @shown: borrowed; with --json it stands beside the reply; NULL: nothing
 */
int cli_change(const struct cli *cli, json_t *request, const struct buf *source, json_t *shown, const char *done);

/* Output; colour codes are empty when colour is off. */
const char *cli_red(const struct cli *cli);
const char *cli_green(const struct cli *cli);
const char *cli_yellow(const struct cli *cli);
const char *cli_bold(const struct cli *cli);
const char *cli_off(const struct cli *cli);

/** struct cli_table - rows of text, printed with columns as wide as their widest cell */
struct cli_table {
	size_t columns, cells, room;
	char **cell;
};

void cli_table_start(struct cli_table *t, size_t columns);
void cli_cell(struct cli_table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** cli_table_end - print and free; the first row is the heading */
void cli_table_end(struct cli_table *t, const struct cli *cli);

/* Members of a JSON object as C values; absent: "" or 0. */
const char *cli_text(const json_t *o, const char *key);
long long cli_number(const json_t *o, const char *key);
bool cli_true(const json_t *o, const char *key);
/** cli_port_names - the managed ports of a status reply; @names: room for CORDON_MAX_PORTS. Return: how many */
size_t cli_port_names(const json_t *status, const char **names);

int cmd_admit(struct cli *cli);
int cmd_apply(struct cli *cli);
int cmd_check(struct cli *cli);
int cmd_coverage(struct cli *cli);
int cmd_device(struct cli *cli);
int cmd_devices(struct cli *cli);
int cmd_disarm(struct cli *cli);
int cmd_doctor(struct cli *cli);
int cmd_explain(struct cli *cli);
int cmd_forget(struct cli *cli);
int cmd_load(struct cli *cli);
int cmd_log(struct cli *cli);
int cmd_move(struct cli *cli);
int cmd_quarantine(struct cli *cli);
int cmd_release(struct cli *cli);
int cmd_services(struct cli *cli);
int cmd_stats(struct cli *cli);
int cmd_status(struct cli *cli);
int cmd_watch(struct cli *cli);
int cmd_zones(struct cli *cli);

#endif /* CORDON_CLI_H */
