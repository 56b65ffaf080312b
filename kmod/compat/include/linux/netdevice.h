/* SPDX-License-Identifier: GPL-2.0-only */
/* Netdevs as the newest kernel has them: this function has its name since 6.17. */
#ifndef CORDON_COMPAT_LINUX_NETDEVICE_H
#define CORDON_COMPAT_LINUX_NETDEVICE_H

#include <linux/version.h>

#include_next <linux/netdevice.h>

#if KERNEL_VERSION(6, 17, 0) > LINUX_VERSION_CODE
#define netif_get_port_parent_id dev_get_port_parent_id
#endif

#endif /* CORDON_COMPAT_LINUX_NETDEVICE_H */
