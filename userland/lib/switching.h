/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of forwarding beside it: switch chips under ports, VLANs of bridge members. rtnetlink; no privilege is needed. */
#ifndef CORDON_LIB_SWITCHING_H
#define CORDON_LIB_SWITCHING_H

#include <stddef.h>

#include "userland/lib/coverage.h"
#include "userland/lib/failure.h"

#define SWITCH_ID_LEN 65	/* 32 bytes as hex */

/**
 * switching_chips - the switch chip under each port
 * @id: room for @n; "" where there is none, or no such interface
 *
 * Return: 0, or a negative errno with @f.
 */
int switching_chips(const char *const *ports, size_t n, char (*id)[SWITCH_ID_LEN], struct failure *f);
/**
 * switching_vlans - the VLANs that each member of a bridge carries; all where the bridge does not look at VLANs
 * @members: their names are given, their VLANs are filled in
 *
 * Return: 0, or a negative errno with @f.
 */
int switching_vlans(struct coverage_member *members, size_t n, struct failure *f);

#endif /* CORDON_LIB_SWITCHING_H */
