// SPDX-License-Identifier: GPL-2.0-or-later
/* See limits.h. */
#include <errno.h>
#include <stdlib.h>

#include "policy/limits.h"

static int compare(const void *left, const void *right)
{
	const struct policy_limits *a = left, *b = right;

	for (size_t q = 0; q < __CORDON_QUANTITY_MAX; q++)
		if (a->rate[q] != b->rate[q])
			return a->rate[q] < b->rate[q] ? -1 : 1;
	return 0;
}

static bool none(const struct policy_limits *limits)
{
	const struct policy_limits zero = { { 0 } };

	return !compare(limits, &zero);
}

struct policy_limits limits_of_device(const struct policy *policy,
				      const struct policy_device *device)
{
	struct policy_limits out = device->limits;

	for (size_t q = 0; q < __CORDON_QUANTITY_MAX; q++)
		if (!out.rate[q])
			out.rate[q] = policy->zones[device->zone].limits.rate[q];
	return out;
}

struct policy_limits limits_of_port(const struct policy *policy, const struct policy_port *port)
{
	const struct policy_limits zero = { { 0 } };

	return port->mode == POLICY_PORT_ZONE ? policy->zones[port->zone].limits : zero;
}

static void add(struct limits *limits, const struct policy_limits *one)
{
	if (!none(one))
		limits->v[limits->n++] = *one;
}

/* Neighbours that are equal become one. */
static void distinct(struct limits *limits)
{
	size_t n = 0;

	for (size_t i = 0; i < limits->n; i++)
		if (!n || compare(&limits->v[n - 1], &limits->v[i]) != 0)
			limits->v[n++] = limits->v[i];
	limits->n = n;
}

int limits_make(const struct policy *policy, struct limits *out)
{
	struct policy_limits one;

	out->n = 0;
	out->v = calloc(policy->n_devices + policy->n_ports + 1, sizeof(*out->v));
	if (!out->v)
		return -ENOMEM;
	for (size_t i = 0; i < policy->n_ports; i++) {
		one = limits_of_port(policy, &policy->ports[i]);
		add(out, &one);
	}
	for (size_t i = 0; i < policy->n_devices; i++) {
		one = limits_of_device(policy, &policy->devices[i]);
		add(out, &one);
	}
	qsort(out->v, out->n, sizeof(*out->v), compare);
	distinct(out);
	return out->n > UINT16_MAX ? -EFBIG : 0;
}

void limits_free(struct limits *limits)
{
	free(limits->v);
}

uint16_t limits_index(const struct limits *limits, const struct policy_limits *one)
{
	const struct policy_limits *found =
		limits->n ? bsearch(one, limits->v, limits->n, sizeof(*one), compare) : NULL;

	return found ? (uint16_t)(found - limits->v + 1) : 0;
}
