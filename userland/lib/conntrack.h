/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's conntrack table over nfnetlink: list it, delete an entry. */
#ifndef CORDON_LIB_CONNTRACK_H
#define CORDON_LIB_CONNTRACK_H

#include "userland/lib/kernel.h"

/** conntrack_dump - deliver every entry of both families; a kernel without ctnetlink has none. Return: 0 or a negative errno. */
int conntrack_dump(kernel_flow_cb cb, void *arg, struct failure *f);
/** conntrack_delete - delete one entry; one that is gone already is success */
int conntrack_delete(const struct ct_flow *flow, struct failure *f);

#endif /* CORDON_LIB_CONNTRACK_H */
