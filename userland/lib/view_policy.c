// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers from the policy: the zone matrix, services, and what decide() would say. */
#include "userland/lib/view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kmod/core/decide.h"
#include "policy/limits.h"
#include "policy/value.h"
#include "userland/lib/resolve.h"
#include "policy/value.h"

static int need_policy(const struct view *v, struct failure *f)
{
	return v->policy ? 0 : fail(f, CORDON_EXIT_FAILED, ENOENT, "no policy is active (apply one with: cordon apply)");
}

static json_t *entries_json(const struct policy_entries *entries)
{
	json_t *list = json_array();

	for (size_t i = 0; i < entries->n; i++)
		json_array_append_new(list, json_string(value_entry_text(&entries->v[i]).text));
	return list;
}

json_t *view_zones(const struct view *v, struct failure *f)
{
	json_t *zones, *pairs;

	if (need_policy(v, f))
		return NULL;
	zones = json_array();
	pairs = json_array();
	for (size_t i = 0; i < v->policy->n_zones; i++)
		json_array_append_new(zones, json_string(v->policy->zones[i].name));
	for (size_t i = 0; i < v->pairs->n; i++) {
		const struct policy_pair *p = &v->pairs->v[i];

		json_array_append_new(pairs, json_pack("{s:s, s:s, s:b, s:o}", "from", v->policy->zones[p->from].name,
						       "to", v->policy->zones[p->to].name, "log", p->log, "allow",
						       entries_json(&p->entries)));
	}
	return json_pack("{s:o, s:o}", "zones", zones, "pairs", pairs);
}

json_t *view_services(const struct view *v, struct failure *f)
{
	json_t *list;

	if (need_policy(v, f))
		return NULL;
	list = json_array();
	for (size_t i = 0; i < v->policy->n_services; i++) {
		const struct policy_service *s = &v->policy->services[i];

		json_array_append_new(list, json_pack("{s:s, s:b, s:o}", "name", s->name, "builtin", s->builtin,
						      "entries", entries_json(&s->entries)));
	}
	return json_pack("{s:o}", "services", list);
}

static json_t *vlans_json(const struct policy_port *port)
{
	json_t *list = json_array();

	if (port->untagged)
		json_array_append_new(list, json_integer(port->untagged));
	for (size_t i = 0; i < port->n_tagged; i++)
		json_array_append_new(list, json_integer(port->tagged[i]));
	return list;
}

static json_t *placed_port(const struct policy *policy, const struct policy_port *port)
{
	static const char *const mode[] = {
		[POLICY_PORT_DEVICES] = "devices", [POLICY_PORT_ZONE] = "zone", [POLICY_PORT_UPLINK] = "uplink",
	};
	json_t *o = json_pack("{s:s, s:s}", "name", port->name, "mode", mode[port->mode]);

	if (port->mode == POLICY_PORT_DEVICES)
		json_object_set_new(o, "vlans", vlans_json(port));
	else
		json_object_set_new(o, "zone", json_string(policy->zones[port->zone].name));
	return o;
}

static json_t *placed_device(const struct policy_device *d)
{
	json_t *ports = json_array();

	for (size_t i = 0; i < d->n_ports; i++)
		json_array_append_new(ports, json_integer(d->ports[i]));
	return json_pack("{s:s, s:i, s:o}", "name", d->name, "vlan", d->vlan, "ports", ports);
}

/* Where the policy lets devices be: "ports" of a device are numbers of the list of ports; none: it may be on any. */
json_t *view_placement(const struct view *v, struct failure *f)
{
	json_t *ports, *devices;

	if (need_policy(v, f))
		return NULL;
	ports = json_array();
	devices = json_array();
	for (size_t i = 0; i < v->policy->n_ports; i++)
		json_array_append_new(ports, placed_port(v->policy, &v->policy->ports[i]));
	for (size_t i = 0; i < v->policy->n_devices; i++)
		json_array_append_new(devices, placed_device(&v->policy->devices[i]));
	return json_pack("{s:o, s:o}", "ports", ports, "devices", devices);
}

json_t *view_limits(const uint64_t *rate)
{
	json_t *o = json_object();

	for (int q = 0; q < __CORDON_QUANTITY_MAX; q++) {
		enum cordon_quantity quantity = (enum cordon_quantity)q;

		if (rate[q])
			json_object_set_new(o, value_quantity_name(quantity),
					    json_string(value_rate_text(quantity, rate[q]).text));
	}
	return o;
}

/* The limits of a device, where @who is one. */
static void add_device_limits(const struct view *v, json_t *o, const char *key, const char *who)
{
	struct policy_limits limits;
	struct failure ignored;
	struct resolved r;
	json_t *list;

	if (resolve_device(v->policy, who, 0, &r, &ignored) || !r.device)
		return;
	limits = limits_of_device(v->policy, r.device);
	list = view_limits(limits.rate);
	if (json_object_size(list))
		json_object_set(o, key, list);
	json_decref(list);
}

static json_t *flow_json(const struct policy_flow *flow)
{
	const char *file = flow->pos.file ? flow->pos.file : "";
	const char *work = strstr(file, "/policy-"), *rest = work ? strchr(work + 1, '/') : NULL;

	return json_pack("{s:s, s:i, s:i, s:b, s:b, s:s}", "file", rest ? rest + 1 : file, "line", (int)flow->pos.line,
			 "column", (int)flow->pos.column, "deny", flow->deny, "management", flow->management,
			 "services", flow->services ? flow->services : "");
}

static json_t *step_json(const struct policy_explain_step *step)
{
	json_t *o = json_pack("{s:s, s:s, s:b, s:s}", "direction", step->direction, "hook", step->hook, "accepted",
			      step->accepted, "reason", cordon_reason_name(step->reason));

	if (step->port)
		json_object_set_new(o, "port", json_string(step->port));
	if (step->detail)
		json_object_set_new(o, "detail", json_string(step->detail));
	return o;
}

static const char *zone_of(const struct policy *policy, int zone)
{
	return zone >= 0 && (size_t)zone < policy->n_zones ? policy->zones[zone].name : "?";
}

json_t *view_explain(const struct view *v, const char *src, const char *dst, const char *service, struct failure *f)
{
	struct policy_explain answer;
	char error[256] = "";
	json_t *steps, *o;
	int err;

	if (need_policy(v, f))
		return NULL;
	memset(&answer, 0, sizeof(answer));
	err = policy_explain(v->policy, src, dst, service, &answer, error, sizeof(error));
	if (err) {
		fail(f, err == -EINVAL ? CORDON_EXIT_USAGE : CORDON_EXIT_FAILED, -err, "%s",
		     *error ? error : strerror(-err));
		return NULL;
	}
	steps = json_array();
	for (size_t i = 0; i < answer.n_steps; i++)
		json_array_append_new(steps, step_json(&answer.steps[i]));
	o = json_pack("{s:b, s:s, s:s, s:s, s:o}", "allowed", answer.allowed, "reason",
		      cordon_reason_name(answer.reason), "from", zone_of(v->policy, answer.from), "to",
		      zone_of(v->policy, answer.to), "steps", steps);
	if (answer.flow)
		json_object_set_new(o, "flow", flow_json(answer.flow));
	add_device_limits(v, o, "src_limits", src);
	add_device_limits(v, o, "dst_limits", dst);
	return o;
}

static bool carries(const struct policy *policy, size_t port, int zone)
{
	if (policy->ports[port].mode != POLICY_PORT_DEVICES)
		return policy->ports[port].zone == zone;
	for (size_t i = 0; i < policy->n_devices; i++) {
		const struct policy_device *d = &policy->devices[i];

		for (size_t j = 0; d->zone == zone && j < d->n_ports; j++) {
			if (d->ports[j] == (int)port)
				return true;
		}
		if (d->zone == zone && !d->n_ports)
			return true;
	}
	return false;
}

json_t *view_management(const struct policy *policy)
{
	json_t *ports, *o;

	if (policy->console_only)
		return json_pack("{s:b}", "console_only", 1);
	ports = json_array();
	for (size_t i = 0; i < policy->n_ports; i++) {
		if (carries(policy, i, policy->management_zone))
			json_array_append_new(ports, json_string(policy->ports[i].name));
	}
	o = json_pack("{s:s, s:o}", "from", zone_of(policy, policy->management_zone), "ports", ports);
	for (size_t i = 0; i < policy->n_flows; i++) {
		if (policy->flows[i].management && policy->flows[i].services)
			json_object_set_new(o, "allow", json_string(policy->flows[i].services));
	}
	return o;
}
