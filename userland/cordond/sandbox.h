/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving up what is not needed; the same with and without systemd. */
#ifndef CORDON_CORDOND_SANDBOX_H
#define CORDON_CORDOND_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

#include "userland/lib/failure.h"

/** struct identity - who the processes become; uid -1: as they are */
struct identity {
	uid_t uid;
	gid_t gid;
};

/** identity_find - @user NULL: nobody else. Return: 0, or -ENOENT with @f. */
int identity_find(const char *user, struct identity *id, struct failure *f);
/** sandbox_privileged - keep CAP_NET_ADMIN only, become @id, no new privileges */
int sandbox_privileged(const struct identity *id, struct failure *f);
/** sandbox_core - no capability at all, no new privileges, no core files; then the list of system calls unless @no_seccomp */
int sandbox_core(bool no_seccomp, struct failure *f);

#endif /* CORDON_CORDOND_SANDBOX_H */
