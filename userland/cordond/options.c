// SPDX-License-Identifier: GPL-2.0-or-later
/* Option parsing. */
#include "userland/cordond/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "userland/lib/failpoint.h"
#include "userland/lib/ipc.h"

#ifndef CORDON_VERSION
#define CORDON_VERSION "0.1.0"
#endif

enum { OPT_STATE = 256, OPT_SOCKET, OPT_POLICY, OPT_USER, OPT_FOREGROUND, OPT_ROLE, OPT_SECCOMP, OPT_HELP, OPT_VERSION,
       OPT_FAILPOINTS };

static const struct option long_options[] = {
	{ "state-dir", required_argument, NULL, OPT_STATE }, { "socket", required_argument, NULL, OPT_SOCKET },
	{ "policy", required_argument, NULL, OPT_POLICY }, { "user", required_argument, NULL, OPT_USER },
	{ "foreground", no_argument, NULL, OPT_FOREGROUND }, { "role", required_argument, NULL, OPT_ROLE },
	{ "no-seccomp", no_argument, NULL, OPT_SECCOMP }, { "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
#ifdef CORDON_FAILPOINTS
	{ "list-failpoints", no_argument, NULL, OPT_FAILPOINTS },
#endif
	{ NULL, 0, NULL, 0 },
};

static void help(FILE *out)
{
	fprintf(out,
		"usage: cordond [--foreground] [--state-dir DIR] [--socket PATH] [--policy FILE] [--user NAME] [--no-seccomp]\n");
}

static int set_role(struct options *o, const char *role)
{
	o->core = !strcmp(role, "core");
	return o->core ? 0 : 2;
}

static int set(struct options *o, int option)
{
	switch (option) {
	case OPT_STATE:
		o->state_dir = optarg;
		return 0;
	case OPT_SOCKET:
		o->socket = optarg;
		return 0;
	case OPT_POLICY:
		o->policy = optarg;
		return 0;
	case OPT_USER:
		o->user = optarg;
		return 0;
	case OPT_FOREGROUND:
		o->foreground = true;
		return 0;
	case OPT_SECCOMP:
		o->no_seccomp = true;
		return 0;
	case OPT_ROLE:
		return set_role(o, optarg);
	case OPT_HELP:
		help(stdout);
		return 1;
	case OPT_VERSION:
		printf("cordond %s\n", CORDON_VERSION);
		return 1;
#ifdef CORDON_FAILPOINTS
	case OPT_FAILPOINTS:
		failpoint_list();
		return 1;
#endif
	default:
		help(stderr);
		return 2;
	}
}

int options_parse(struct options *o, int argc, char **argv)
{
	int option, err = 0;

	memset(o, 0, sizeof(*o));
	o->state_dir = "/var/lib/cordon";
	o->socket = IPC_SOCKET;
	while (!err && (option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		err = set(o, option);
	if (!err && optind != argc) {
		help(stderr);
		err = 2;
	}
	return err;
}
