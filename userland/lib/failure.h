/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a call says why it failed: a sentence for people, an exit code for scripts, an errno for code. */
#ifndef CORDON_LIB_FAILURE_H
#define CORDON_LIB_FAILURE_H

/* Exit codes of the programs; documented in cordon(8). */
enum cordon_exit {
	CORDON_EXIT_OK = 0,
	CORDON_EXIT_FAILED = 1,		/* it was tried and did not work */
	CORDON_EXIT_USAGE = 2,		/* wrong arguments, or a policy with errors */
	CORDON_EXIT_DENIED = 3,		/* the caller may not do this */
	CORDON_EXIT_UNREACHABLE = 4,	/* no daemon, or no module */
	CORDON_EXIT_NOT_HELD = 5,	/* doctor has findings */
	CORDON_EXIT_UNKNOWN = 6,	/* the daemon went away before it answered: done or not */
};

/** struct failure - the last thing that went wrong; zero-initialise before use */
struct failure {
	int exit;	/* enum cordon_exit */
	int sys;	/* positive errno, 0: none */
	char text[640];
};

/**
 * fail - fill in a failure
 * @f: may be NULL
 * @exit: enum cordon_exit
 * @sys: positive errno; 0 counts as EIO in the return value
 *
 * Return: -@sys, for "return fail(...)".
 */
int fail(struct failure *f, int exit, int sys, const char *format, ...) __attribute__((format(printf, 4, 5)));
/** fail_sys - the same with ": strerror" behind the text */
int fail_sys(struct failure *f, int sys, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif /* CORDON_LIB_FAILURE_H */
