/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct kernel_ops for the core: every operation is a request to the privileged part. */
#ifndef CORDON_CORDOND_BROKER_H
#define CORDON_CORDOND_BROKER_H

#include "userland/lib/kernel.h"

/** broker_open - @fd: the request channel. Return: NULL: memory. */
struct kernel *broker_open(int fd);
void broker_close(struct kernel *k);

#endif /* CORDON_CORDOND_BROKER_H */
