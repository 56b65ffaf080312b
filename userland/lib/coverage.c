// SPDX-License-Identifier: GPL-2.0-or-later
/* Pairs of ends, by places that they may share. */
#include "userland/lib/coverage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void coverage_add_vlan(struct coverage_vlans *set, uint16_t vlan)
{
	set->bits[vlan / 32 & 127] |= 1U << vlan % 32;
}

bool coverage_has_vlan(const struct coverage_vlans *set, uint16_t vlan)
{
	return set->bits[vlan / 32 & 127] >> vlan % 32 & 1;
}

const char *coverage_cause_name(enum coverage_cause cause)
{
	static const char *const name[COVERAGE_CAUSES] = {
		"same-port", "any-port", "unmanaged-member", "switch-chip", "offload", "taken", "vlans", "segment", "outside",
	};

	return name[cause];
}

/* One pair -------------------------------------------------------------------------------------------------------- */

/* Two ends under judgement, and what becomes of it. */
struct judging {
	const struct coverage_world *world;
	const struct coverage_end *a, *b;
	coverage_found_fn found;
	void *arg;
	bool unseen;
};

static void say(struct judging *j, enum coverage_cause cause, size_t place)
{
	j->unseen |= cause < COVERAGE_VLANS;
	if (j->found)
		j->found(cause, place, j->arg);
}

static void behind_one_port(struct judging *j)
{
	uint64_t shared = j->a->ports & j->b->ports;
	enum coverage_cause cause = j->a->anywhere || j->b->anywhere ? COVERAGE_ANY_PORT : COVERAGE_SAME_PORT;

	if (j->a->segment || j->b->segment)
		return;
	for (size_t p = 0; p < j->world->n_ports; p++) {
		if (shared >> p & 1)
			say(j, j->a->vlan == j->b->vlan ? cause : COVERAGE_VLANS, p);
	}
}

static void behind_one_member(struct judging *j)
{
	if (!j->a->anywhere || !j->b->anywhere || j->a->vlan != j->b->vlan)
		return;
	for (size_t m = 0; m < j->world->n_members; m++) {
		if (coverage_has_vlan(&j->world->members[m].vlans, j->a->vlan))
			say(j, COVERAGE_MEMBER, m);
	}
}

static uint64_t ports_of_chip(const struct coverage_world *world, size_t chip)
{
	uint64_t ports = 0;

	for (size_t p = 0; p < world->n_ports; p++) {
		if (world->ports[p].chip == (int)chip)
			ports |= UINT64_C(1) << p;
	}
	return ports;
}

/* On two ports of a chip; one port alone is no matter of the chip. */
static void on_one_chip(struct judging *j)
{
	for (size_t chip = 0; chip < CORDON_MAX_PORTS; chip++) {
		uint64_t ports = ports_of_chip(j->world, chip), a = ports & j->a->ports, b = ports & j->b->ports;

		if (a && b && (a != b || a & (a - 1)))
			say(j, COVERAGE_CHIP, chip);
	}
}

static void on_a_port_that_bypasses(struct judging *j)
{
	uint64_t either = j->a->ports | j->b->ports;

	for (size_t p = 0; p < j->world->n_ports; p++) {
		if (!(either >> p & 1))
			continue;
		if (j->world->ports[p].offload)
			say(j, COVERAGE_OFFLOAD, p);
		if (j->world->ports[p].taken)
			say(j, COVERAGE_TAKEN, p);
	}
}

bool coverage_judge(const struct coverage_world *world, const struct coverage_end *a, const struct coverage_end *b,
		    coverage_found_fn found, void *arg)
{
	struct judging j = { .world = world, .a = a, .b = b, .found = found, .arg = arg };

	behind_one_port(&j);
	behind_one_member(&j);
	on_one_chip(&j);
	on_a_port_that_bypasses(&j);
	return j.unseen;
}

/* All pairs ------------------------------------------------------------------------------------------------------- */

static uint64_t carrying(const struct coverage_world *world, uint16_t vlan)
{
	uint64_t ports = 0;

	for (size_t p = 0; p < world->n_ports; p++) {
		if (world->ports[p].mode == CORDON_PORT_DEVICES && coverage_has_vlan(&world->ports[p].vlans, vlan))
			ports |= UINT64_C(1) << p;
	}
	return ports;
}

static int by_place(const void *one, const void *other)
{
	const struct coverage_end *a = one, *b = other;

	if (a->segment != b->segment)
		return a->segment - b->segment;
	if (a->anywhere != b->anywhere)
		return a->anywhere - b->anywhere;
	if (a->vlan != b->vlan)
		return a->vlan - b->vlan;
	return (a->ports > b->ports) - (a->ports < b->ports);
}

static size_t run_of(const struct coverage_world *world, size_t first)
{
	size_t n = 1;

	while (first + n < world->n_ends && !by_place(&world->ends[first], &world->ends[first + n]))
		n++;
	return n;
}

struct counting {
	struct coverage *out;
	uint64_t pairs;		/* that are alike */
	int err;
};

static void count(enum coverage_cause cause, size_t place, void *arg)
{
	struct counting *c = arg;
	struct coverage *out = c->out;
	struct coverage_group *groups;

	for (size_t i = 0; i < out->n_groups; i++) {
		if (out->groups[i].cause == cause && out->groups[i].place == place) {
			out->groups[i].pairs += c->pairs;
			return;
		}
	}
	groups = reallocarray(out->groups, out->n_groups + 1, sizeof(*groups));
	if (!groups) {
		c->err = -ENOMEM;
		return;
	}
	out->groups = groups;
	out->groups[out->n_groups++] = (struct coverage_group){ .cause = cause, .place = place, .pairs = c->pairs };
}

static void count_run(const struct coverage_world *world, size_t first, size_t n, struct counting *c)
{
	for (size_t other = first, m; other < world->n_ends; other += m) {
		m = run_of(world, other);
		c->pairs = other == first ? (uint64_t)n * (n - 1) / 2 : (uint64_t)n * m;
		c->out->pairs += c->pairs;
		if (c->pairs && coverage_judge(world, &world->ends[first], &world->ends[other], count, c))
			c->out->unseen += c->pairs;
	}
}

/* What is no pair of the policy's ends, and yet has to be said. */
static void count_hosts(const struct coverage_world *world, struct counting *c)
{
	c->pairs = 0;
	for (size_t p = 0; p < world->n_ports; p++) {
		if (world->ports[p].mode == CORDON_PORT_ZONE)
			count(COVERAGE_SEGMENT, p, c);
	}
	for (size_t m = 0; m < world->n_members; m++)
		count(COVERAGE_OUTSIDE, m, c);
}

static int by_cause(const void *one, const void *other)
{
	const struct coverage_group *a = one, *b = other;

	if (a->cause != b->cause)
		return (int)a->cause - (int)b->cause;
	return (a->place > b->place) - (a->place < b->place);
}

int coverage_make(struct coverage_world *world, struct coverage *out)
{
	struct counting c = { .out = out };

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < world->n_ends; i++) {
		if (world->ends[i].anywhere)
			world->ends[i].ports = carrying(world, world->ends[i].vlan);
	}
	if (world->n_ends)
		qsort(world->ends, world->n_ends, sizeof(*world->ends), by_place);
	for (size_t i = 0, n; i < world->n_ends; i += n) {
		n = run_of(world, i);
		count_run(world, i, n, &c);
	}
	count_hosts(world, &c);
	if (out->n_groups)
		qsort(out->groups, out->n_groups, sizeof(*out->groups), by_cause);
	if (c.err)
		coverage_free(out);
	return c.err;
}

void coverage_free(struct coverage *c)
{
	free(c->groups);
	memset(c, 0, sizeof(*c));
}
