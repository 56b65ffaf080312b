// SPDX-License-Identifier: GPL-2.0-or-later
/* Which pairs may go unseen: worlds made by hand, counted by hand, and a large one counted pair by pair. */
#include "userland/lib/coverage.h"

#include <string.h>

#include "tests/unit/userland/tap.h"

#define BIT(n) (UINT64_C(1) << (n))

static struct coverage_port ports[CORDON_MAX_PORTS];
static struct coverage_end ends[600];
static struct coverage_member members[4];
static struct coverage_world world;
static struct coverage result;

/* Ports 0..3 carry VLAN 10, port 3 VLAN 20 as well; port 4 is a segment, port 5 the uplink. No end, no chip, no member. */
static void fresh(void)
{
	coverage_free(&result);
	memset(ports, 0, sizeof(ports));
	memset(members, 0, sizeof(members));
	for (size_t p = 0; p < 6; p++)
		ports[p] = (struct coverage_port){ .name = "p", .mode = CORDON_PORT_DEVICES, .chip = -1 };
	for (size_t p = 0; p < 4; p++)
		coverage_add_vlan(&ports[p].vlans, 10);
	coverage_add_vlan(&ports[3].vlans, 20);
	ports[4].mode = CORDON_PORT_ZONE;
	ports[5].mode = CORDON_PORT_UPLINK;
	world = (struct coverage_world){ .ports = ports, .n_ports = 6, .ends = ends, .members = members };
}

static void device(uint16_t vlan, uint64_t at)
{
	ends[world.n_ends++] = (struct coverage_end){ .name = "d", .vlan = vlan, .anywhere = !at, .ports = at };
}

static void segment(size_t port)
{
	ends[world.n_ends++] = (struct coverage_end){ .name = "s", .segment = true, .ports = BIT(port) };
}

static void member(uint16_t vlan)
{
	members[world.n_members].name = "x";
	coverage_add_vlan(&members[world.n_members++].vlans, vlan);
}

/* pairs of a group; -1: there is no such group */
static long long pairs(enum coverage_cause cause, size_t place)
{
	for (size_t i = 0; i < result.n_groups; i++) {
		if (result.groups[i].cause == cause && result.groups[i].place == place)
			return (long long)result.groups[i].pairs;
	}
	return -1;
}

static bool is(uint64_t all, uint64_t unseen, size_t groups)
{
	if (coverage_make(&world, &result))
		return false;
	printf("# %llu pairs, %llu unseen, %zu groups\n", (unsigned long long)result.pairs,
	       (unsigned long long)result.unseen, result.n_groups);
	return result.pairs == all && result.unseen == unseen && result.n_groups == groups;
}

static void seen(void)
{
	fresh();
	ok(is(0, 0, 1) && pairs(COVERAGE_SEGMENT, 4) == 0, "nobody: the segment alone is named");
	device(10, BIT(0));
	device(10, BIT(1));
	device(20, BIT(3));
	segment(4);
	segment(5);
	ok(is(10, 0, 1), "a port for each: every pair is seen");
}

static void one_port(void)
{
	fresh();
	device(10, BIT(0));
	device(10, BIT(0));
	device(10, BIT(0));
	device(10, BIT(1));
	ok(is(6, 3, 2) && pairs(COVERAGE_SAME_PORT, 0) == 3, "three behind one port");
	fresh();
	device(10, BIT(0) | BIT(1));
	device(10, BIT(1) | BIT(2));
	device(10, BIT(2));
	ok(is(3, 2, 3) && pairs(COVERAGE_SAME_PORT, 1) == 1 && pairs(COVERAGE_SAME_PORT, 2) == 1, "lists that overlap");
	fresh();
	device(10, BIT(0) | BIT(1));
	device(10, BIT(0) | BIT(1));
	ok(is(1, 1, 3), "two shared ports are two groups and one pair");
	fresh();
	device(10, BIT(3));
	device(20, BIT(3));
	ok(is(1, 0, 2) && pairs(COVERAGE_VLANS, 3) == 1, "different VLANs behind one port are said, and not unseen");
}

static void anywhere(void)
{
	fresh();
	device(10, 0);
	device(10, BIT(0));
	device(20, BIT(3));
	ok(is(3, 1, 3) && pairs(COVERAGE_ANY_PORT, 0) == 1 && pairs(COVERAGE_VLANS, 3) == 1,
	   "a device without a port list meets whoever has its VLAN");
	fresh();
	device(10, 0);
	device(10, 0);
	ok(is(1, 1, 5) && pairs(COVERAGE_ANY_PORT, 2) == 1, "two of them meet on every port of the VLAN");
	fresh();
	device(30, 0);
	device(30, 0);
	ok(is(1, 0, 1), "no port carries their VLAN: nowhere");
}

static void unmanaged(void)
{
	fresh();
	member(20);
	device(20, 0);
	device(20, 0);
	device(10, 0);
	ok(is(3, 1, 5) && pairs(COVERAGE_MEMBER, 0) == 1 && pairs(COVERAGE_OUTSIDE, 0) == 0 && pairs(COVERAGE_VLANS, 3) == 2,
	   "an unmanaged member that carries the VLAN of two devices without a list");
	fresh();
	member(10);
	device(10, BIT(0));
	device(10, BIT(1));
	ok(is(1, 0, 2) && pairs(COVERAGE_OUTSIDE, 0) == 0, "devices that are said to be elsewhere are not there");
}

static void hardware(void)
{
	fresh();
	ports[0].chip = ports[1].chip = ports[4].chip = 0;
	ports[2].chip = 2;
	device(10, BIT(0));
	device(10, BIT(1));
	device(10, BIT(2));
	segment(4);
	ok(is(6, 3, 2) && pairs(COVERAGE_CHIP, 0) == 3, "three ports on one chip, a segment's among them");
	fresh();
	ports[0].chip = 0;
	device(10, BIT(0));
	device(20, BIT(0));
	ok(is(1, 0, 2) && pairs(COVERAGE_CHIP, 0) == -1, "one port alone is no matter of its chip");
	fresh();
	ports[0].chip = ports[1].chip = 0;
	device(10, BIT(0) | BIT(1));
	device(20, BIT(0) | BIT(1));
	ok(is(1, 1, 4) && pairs(COVERAGE_CHIP, 0) == 1, "two lists of the same two ports are");
	fresh();
	ports[0].offload = true;
	ports[2].taken = true;
	device(10, BIT(0));
	device(10, BIT(1));
	device(10, BIT(2));
	segment(5);
	ok(is(6, 5, 3) && pairs(COVERAGE_OFFLOAD, 0) == 3 && pairs(COVERAGE_TAKEN, 2) == 3,
	   "whoever speaks with a port that bypasses");
}

static void count_causes(enum coverage_cause cause, size_t place, void *sum)
{
	(void)cause;
	(void)place;
	++*(unsigned long long *)sum;
}

/* By classes of places as coverage_make() does it, and pair by pair. */
static void large(void)
{
	unsigned long long unseen = 0, causes = 0, counted = 0;
	uint32_t state = 1;

	fresh();
	ports[1].chip = ports[2].chip = 1;
	ports[3].offload = true;
	member(10);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		state = state * 1664525 + 1013904223;
		device(state >> 31 ? 20 : 10, state >> 29 & 3 ? state >> 20 & 15 : 0);
	}
	if (!ok(!coverage_make(&world, &result), "600 devices"))
		return;
	for (size_t i = 0; i < world.n_ends; i++) {
		for (size_t j = i + 1; j < world.n_ends; j++)
			unseen += coverage_judge(&world, &ends[i], &ends[j], count_causes, &causes);
	}
	for (size_t i = 0; i < result.n_groups; i++)
		counted += result.groups[i].pairs;
	ok(result.pairs == 600 * 599 / 2, "all pairs");
	ok(result.unseen == unseen && unseen > 0 && unseen < result.pairs, "unseen %llu", unseen);
	ok(counted == causes, "causes %llu", causes);
}

int main(void)
{
	seen();
	one_port();
	anywhere();
	unmanaged();
	hardware();
	large();
	coverage_free(&result);
	return tap_end();
}
