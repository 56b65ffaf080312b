/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named places where a test build stops, dies or fails: CORDON_FAILPOINT=name:kill|sleep|error[:seconds]. Release builds contain nothing of it.
 */
#ifndef CORDON_LIB_FAILPOINT_H
#define CORDON_LIB_FAILPOINT_H

#include "userland/lib/failure.h"

#ifdef CORDON_FAILPOINTS
/** failpoint - Return: 0, or -EIO with @f when the failpoint says so */
int failpoint(const char *name, struct failure *f);
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
