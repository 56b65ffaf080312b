/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The box's links by libnl-route-3: which stackable devices stand on no managed port, which port a route uses. */
#ifndef CORDON_LIB_LINKS_H
#define CORDON_LIB_LINKS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/model.h"
#include "userland/lib/failure.h"

/** struct link_names - interface names, malloc'ed */
struct link_names {
	char **v;
	size_t n;
};

void link_names_free(struct link_names *names);
/** links_unmanaged - stackable devices (bridge, VLAN, bond, macvlan, ...) with no port of @policy below or in them */
int links_unmanaged(const struct policy *policy, struct link_names *out, struct failure *f);
/** links_on_port - is the interface one of @ports, or stacked on one? True when the links cannot be read. */
bool links_on_port(const char *const *ports, size_t n_ports, const char *interface);
/** links_route_to - the interface that a packet to @address (text) leaves by. Return: 0, -EINVAL no address, -ENETUNREACH */
int links_route_to(const char *address, char *interface, size_t room);
/** links_mixed_bridges - names of interfaces that are unmanaged members of a bridge with a managed port */
int links_mixed_bridges(const char *const *ports, size_t n_ports, struct link_names *out, struct failure *f);

#endif /* CORDON_LIB_LINKS_H */
