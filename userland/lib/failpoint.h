/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named places where a test build dies or fails: before-STEP and after-STEP of every step of an apply. CORDON_FAILPOINT names a file that holds
 * "before-commit:kill" or "after-cut:error"; it is read anew at each place, so what a running daemon shall do can be changed. Release builds
 * contain nothing of it.
 */
#ifndef CORDON_LIB_FAILPOINT_H
#define CORDON_LIB_FAILPOINT_H

#include "userland/lib/failure.h"

#ifdef CORDON_FAILPOINTS
/** failpoint - Return: 0, or -EIO with @f when the file says so. A name that is of no step ends the process. */
int failpoint(const char *name, struct failure *f);
/** failpoint_list - print every name, a line each, in the order of an apply */
void failpoint_list(void);
#else
static inline int failpoint(const char *name, struct failure *f)
{
	(void)name;
	(void)f;
	return 0;
}
#endif

#endif /* CORDON_LIB_FAILPOINT_H */
