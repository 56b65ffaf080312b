// SPDX-License-Identifier: GPL-2.0-or-later
/* Limits of devices and zones, and what unknown sources share. */
#include <string.h>

#include "policy/load.h"
#include "policy/value.h"

/* One quantity; @out keeps its value where the text is none. */
static void rate_load(struct load *load, const struct yaml_node *node, enum cordon_quantity quantity,
		      uint64_t *out)
{
	const char *text = load_word(load, node, value_rate_shape(quantity)), *fault;

	if (!text)
		return;
	fault = value_rate(text, quantity, out);
	if (fault)
		policy_error(load->diags, load_pos(load, node), "%s is no limit; %s",
			     policy_quote(text), fault);
}

void load_limits(struct load *load, const struct yaml_node *node, struct policy_limits *out)
{
	const struct yaml_node *values[LOAD_MAX_KEYS];

	if (!load_mapping(load, node, LOAD_LIMITS, values))
		return;
	if (!node->n)
		policy_error(
			load->diags, load_pos(load, node),
			"limits without any; name 'packets', 'up', 'down' or 'connections', or leave 'limits' out");
	for (int q = 0; q < __CORDON_QUANTITY_MAX; q++)
		if (values[q])
			rate_load(load, values[q], (enum cordon_quantity)q, &out->rate[q]);
}

void load_unknown(struct load *load, const struct yaml_node *node)
{
	const struct yaml_node *values[LOAD_MAX_KEYS];
	uint64_t rate = POLICY_UNKNOWN_PACKETS;

	if (!load_mapping(load, node, LOAD_UNKNOWN, values) || !values[UNKNOWN_PACKETS])
		return;
	rate_load(load, values[UNKNOWN_PACKETS], CORDON_QUANTITY_PACKETS, &rate);
	load->policy->unknown_packets = (uint32_t)rate;
}
