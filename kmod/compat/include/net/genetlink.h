/* SPDX-License-Identifier: GPL-2.0-only */
/* Generic netlink as the newest kernel has it: pre_doit() takes a split op since 6.2. */
#ifndef CORDON_COMPAT_NET_GENETLINK_H
#define CORDON_COMPAT_NET_GENETLINK_H

#include <linux/version.h>

#include_next <net/genetlink.h>

#if KERNEL_VERSION(6, 2, 0) > LINUX_VERSION_CODE
#define genl_split_ops genl_ops
#endif

#endif /* CORDON_COMPAT_NET_GENETLINK_H */
