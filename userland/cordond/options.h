/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's command line. */
#ifndef CORDON_CORDOND_OPTIONS_H
#define CORDON_CORDOND_OPTIONS_H

#include <stdbool.h>

/* Descriptors that the core inherits from the privileged part. */
enum {
	CORE_FD_REQUESTS = 3,
	CORE_FD_EVENTS = 4,
	CORE_FD_LOCK = 5,
	CORE_FD_READY = 6,	/* a byte is written to it when the daemon is ready; /dev/null in the foreground */
};

struct options {
	const char *state_dir;
	const char *socket;
	const char *policy;	/* applied at the first start only, when there is no committed policy; NULL: none */
	const char *user;	/* both processes run as this user; NULL: as they were started */
	bool foreground;
	bool core;		/* this process is the core */
	bool no_seccomp;
};

/** options_parse - Return: 0; 1 when the program has done its work (--help, --version); 2 on bad usage */
int options_parse(struct options *o, int argc, char **argv);

#endif /* CORDON_CORDOND_OPTIONS_H */
