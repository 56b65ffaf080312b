/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which two ends may speak without the gateway's kernel seeing a frame of it. Pure: from where the policy lets devices be, and from what is
 * known of ports and links, and from nothing else.
 */
#ifndef CORDON_LIB_COVERAGE_H
#define CORDON_LIB_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/cordon.h>

/** enum coverage_cause - why; from COVERAGE_VLANS on it is said, but no pair counts as unseen for it */
enum coverage_cause {
	COVERAGE_SAME_PORT,	/* both may be behind one port, in one VLAN */
	COVERAGE_ANY_PORT,	/* the same, because the policy does not say where one of them is */
	COVERAGE_MEMBER,	/* both may be behind an unmanaged member of the bridge */
	COVERAGE_CHIP,		/* their ports are on one switch chip */
	COVERAGE_OFFLOAD,	/* a port hands flows to its hardware */
	COVERAGE_TAKEN,		/* something on a port takes frames before cordon */
	COVERAGE_VLANS,		/* behind one port and kept apart by VLANs alone */
	COVERAGE_SEGMENT,	/* hosts of one routed segment among each other */
	COVERAGE_OUTSIDE,	/* whoever is behind an unmanaged member of the bridge */
	COVERAGE_CAUSES,
};

/** struct coverage_vlans - a set of VLANs */
struct coverage_vlans {
	uint32_t bits[4096 / 32];
};

/** struct coverage_port - a managed port */
struct coverage_port {
	const char *name;
	uint8_t mode;			/* CORDON_PORT_* */
	struct coverage_vlans vlans;	/* of a `devices` port */
	int chip;			/* number of its switch chip, below CORDON_MAX_PORTS; -1: none */
	bool offload;			/* hw-tc-offload, or in a flowtable that offloads */
	bool taken;			/* XDP, tc, macvlan, ...: see cordon doctor */
};

/** struct coverage_member - an unmanaged interface in a bridge that has managed ports */
struct coverage_member {
	const char *name;
	struct coverage_vlans vlans;
};

/** struct coverage_end - a device, or all that is behind a routed port */
struct coverage_end {
	const char *name;
	uint16_t vlan;		/* of a device */
	bool segment;		/* of a routed port: @ports is that port */
	bool anywhere;		/* the policy lists no port: @ports is set by coverage_make() */
	uint64_t ports;		/* bits by index */
};

struct coverage_world {
	struct coverage_port *ports;		/* at most CORDON_MAX_PORTS */
	size_t n_ports;
	struct coverage_member *members;
	size_t n_members;
	struct coverage_end *ends;
	size_t n_ends;
};

/** struct coverage_group - pairs with one cause at one place */
struct coverage_group {
	enum coverage_cause cause;
	size_t place;		/* COVERAGE_MEMBER, _OUTSIDE: index of a member; _CHIP: number of the chip; else index of a port */
	uint64_t pairs;
};

struct coverage {
	uint64_t pairs;		/* of all ends */
	uint64_t unseen;	/* pairs with at least one cause */
	struct coverage_group *groups;
	size_t n_groups;
};

void coverage_add_vlan(struct coverage_vlans *set, uint16_t vlan);
bool coverage_has_vlan(const struct coverage_vlans *set, uint16_t vlan);

/**
 * coverage_make - count all pairs, by cause and place
 * @world: its ends are sorted, and those without a port list get the ports that carry their VLAN
 * @out: freed with coverage_free()
 *
 * Ends that may be at the same places are judged once: the work grows with the square of the places, not of the devices.
 *
 * Return: 0, -ENOMEM.
 */
int coverage_make(struct coverage_world *world, struct coverage *out);
void coverage_free(struct coverage *c);

typedef void (*coverage_found_fn)(enum coverage_cause cause, size_t place, void *arg);

/** coverage_judge - each cause of one pair, behind coverage_make(). Return: whether the pair may go unseen */
bool coverage_judge(const struct coverage_world *world, const struct coverage_end *a, const struct coverage_end *b,
		    coverage_found_fn found, void *arg);

/** coverage_cause_name - as it is printed: "same-port", ... */
const char *coverage_cause_name(enum coverage_cause cause);

#endif /* CORDON_LIB_COVERAGE_H */
