// SPDX-License-Identifier: GPL-2.0-or-later
/* Frees a policy, complete or not. */
#include <stdlib.h>

#include "policy/policy.h"

static void ports_free(struct policy *policy)
{
	for (size_t i = 0; i < policy->n_ports; i++) {
		free(policy->ports[i].name);
		free(policy->ports[i].tagged);
	}
	free(policy->ports);
}

static void devices_free(struct policy *policy)
{
	for (size_t i = 0; i < policy->n_devices; i++) {
		free(policy->devices[i].name);
		free(policy->devices[i].ports);
		free(policy->devices[i].addresses);
	}
	free(policy->devices);
}

static void flows_free(struct policy *policy)
{
	for (size_t i = 0; i < policy->n_flows; i++) {
		free(policy->flows[i].from);
		free(policy->flows[i].to);
		free(policy->flows[i].entries.v);
		free(policy->flows[i].services);
	}
	free(policy->flows);
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	ports_free(policy);
	devices_free(policy);
	flows_free(policy);
	for (size_t i = 0; i < policy->n_zones; i++) {
		free(policy->zones[i].name);
		free(policy->zones[i].subnets);
		free(policy->zones[i].groups);
	}
	free(policy->zones);
	for (size_t i = 0; i < policy->n_services; i++) {
		free(policy->services[i].name);
		free(policy->services[i].entries.v);
	}
	free(policy->services);
	for (size_t i = 0; i < policy->n_files; i++)
		free(policy->files[i]);
	free(policy->files);
	free(policy);
}
