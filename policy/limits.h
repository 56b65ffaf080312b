/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The limits that hold for each device and zone port, and the distinct ones of a policy. */
#ifndef CORDON_POLICY_LIMITS_H
#define CORDON_POLICY_LIMITS_H

#include "policy/model.h"

/** struct limits - distinct limits, ascending as the ruleset wants them */
struct limits {
	struct policy_limits *v;
	size_t n;
};

/** limits_of_device - its own ones, and for quantities that it says nothing of its zone's */
struct policy_limits limits_of_device(const struct policy *policy,
				      const struct policy_device *device);
/** limits_of_port - those of a zone port's zone; none for other ports */
struct policy_limits limits_of_port(const struct policy *policy, const struct policy_port *port);

/** limits_make - collect them. Return: 0; -ENOMEM; -EFBIG when there are more than 65535. */
int limits_make(const struct policy *policy, struct limits *out);
void limits_free(struct limits *limits);
/** limits_index - position of @one in @limits + 1; 0: it limits nothing */
uint16_t limits_index(const struct limits *limits, const struct policy_limits *one);

#endif /* CORDON_POLICY_LIMITS_H */
