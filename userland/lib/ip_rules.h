/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORDON_LIB_IP_RULES_H
#define CORDON_LIB_IP_RULES_H

#include <stdint.h>

/**
 * ip_rules_mark - an ip rule of this namespace, IPv4 or IPv6, that goes by a mark with bits of @mask
 * @mark: the mark it goes by
 *
 * Return: 1 and @mark; 0: there is none; -errno: the rules cannot be read.
 */
int ip_rules_mark(uint32_t mask, uint32_t *mark);

#endif
