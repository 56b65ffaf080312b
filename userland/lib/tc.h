/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traffic control, as far as it touches frames before cordon does. */
#ifndef CORDON_LIB_TC_H
#define CORDON_LIB_TC_H

#include <stddef.h>

#include "userland/lib/failure.h"
#include "userland/lib/links.h"

/** tc_before_us - those of @ports whose qdisc "clsact" or "ingress" may redirect frames before cordon sees them. Return: 0, -errno. */
int tc_before_us(const char *const *ports, size_t n_ports, struct link_names *out, struct failure *f);

#endif /* CORDON_LIB_TC_H */
