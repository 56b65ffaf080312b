// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers from the module: status, devices, counters. */
#include "userland/lib/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/core/decide.h"
#include "policy/value.h"
#include "userland/lib/names.h"
#include "userland/lib/resolve.h"
#include "userland/lib/text.h"

const char *view_zone_name(const struct api_list *zones, uint8_t id)
{
	const char *builtin = name_zone_builtin(id);

	for (size_t i = 0; zones && !builtin && i < zones->n; i++) {
		if (api_at(zones, struct api_zone, i)->id == id)
			return api_at(zones, struct api_zone, i)->name;
	}
	return builtin ? builtin : "?";
}

static json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

/* Devices --------------------------------------------------------------------------------------------------------- */

static void add_times(json_t *o, const struct api_device *d)
{
	uint64_t now = time_boot_s();

	if (!d->seen)
		return;
	json_object_set_new(o, "first_seen", number(d->first_seen));
	json_object_set_new(o, "last_seen", number(d->last_seen));
	json_object_set_new(o, "idle", number(now > d->last_seen ? now - d->last_seen : 0));
}

static const char *device_state(const struct api_device *d, bool unknown)
{
	if (d->quarantined)
		return "quarantined";
	if (unknown)
		return "unknown";
	return d->seen ? "seen" : "never seen";
}

/* Each quantity that is limited: the limit, and the frames that were beyond it. */
static void add_limits(json_t *o, const struct api_device *d)
{
	json_t *drops = json_object();

	for (int q = 0; q < __CORDON_QUANTITY_MAX; q++)
		if (d->limits[q])
			json_object_set_new(drops, value_quantity_name((enum cordon_quantity)q), number(d->limit_drops[q]));
	json_object_set_new(o, "limits", view_limits(d->limits));
	json_object_set_new(o, "limit_drops", drops);
}

static json_t *device_json(const struct view *v, const struct api_list *zones, const struct api_device *d, bool unknown)
{
	const struct policy_device *named = name_index_find(v->names, d->mac, d->vlan);
	char mac[TEXT_MAC_LEN], address[TEXT_ADDRESS_LEN];
	json_t *o = json_object();

	text_mac(d->mac, mac);
	if (named)
		json_object_set_new(o, "name", json_string(named->name));
	json_object_set_new(o, "mac", json_string(mac));
	json_object_set_new(o, "vlan", number(d->vlan));
	json_object_set_new(o, "zone", json_string(unknown ? "unknown" : view_zone_name(zones, d->zone)));
	if (d->policy_zone)
		json_object_set_new(o, "policy_zone", json_string(view_zone_name(zones, d->policy_zone)));
	json_object_set_new(o, "state", json_string(device_state(d, unknown)));
	json_object_set_new(o, "quarantined", json_boolean(d->quarantined));
	if (*d->port)
		json_object_set_new(o, "port", json_string(d->port));
	if (d->has_address) {
		text_address(d->address, address);
		json_object_set_new(o, "address", json_string(address));
	}
	add_times(o, d);
	json_object_set_new(o, "packets", number(d->packets));
	json_object_set_new(o, "bytes", number(d->bytes));
	json_object_set_new(o, "drops", number(d->drops));
	if (d->limited)
		add_limits(o, d);
	return o;
}

/* The zones' names, empty when the module has no ruleset. */
static void read_zones(const struct view *v, struct api_list *zones)
{
	api_list_init(zones, sizeof(struct api_zone));
	if (kernel_list(v->kernel, CORDON_CMD_ZONE_GET, api_add_zone, zones, NULL))
		zones->n = 0;
}

static int need_kernel(const struct view *v, struct failure *f)
{
	return v->kernel ? 0 : fail(f, CORDON_EXIT_UNREACHABLE, ENOENT, "the kernel module is not reachable");
}

json_t *view_devices(const struct view *v, bool unknown, struct failure *f)
{
	struct api_list devices, zones;
	json_t *list, *o = NULL;

	if (need_kernel(v, f))
		return NULL;
	api_list_init(&devices, sizeof(struct api_device));
	read_zones(v, &zones);
	if (!kernel_list(v->kernel, unknown ? CORDON_CMD_UNKNOWN_GET : CORDON_CMD_DEVICE_GET, api_add_device, &devices,
			 f)) {
		list = json_array();
		for (size_t i = 0; i < devices.n; i++)
			json_array_append_new(list, device_json(v, &zones, api_at(&devices, struct api_device, i),
								unknown));
		o = json_pack("{s:o}", "devices", list);
	}
	api_list_free(&devices);
	api_list_free(&zones);
	return o;
}

static void add_policy_facts(const struct view *v, json_t *o, const struct policy_device *d)
{
	json_t *ports = json_array(), *addresses = json_array();
	char address[TEXT_ADDRESS_LEN];

	for (size_t i = 0; i < d->n_ports; i++)
		json_array_append_new(ports, json_string(v->policy->ports[d->ports[i]].name));
	for (size_t i = 0; i < d->n_addresses; i++) {
		text_address(d->addresses[i].addr, address);
		json_array_append_new(addresses, json_string(address));
	}
	json_object_set_new(o, "policy_ports", ports);
	json_object_set_new(o, "policy_addresses", addresses);
}

static json_t *find_device(const struct view *v, const struct api_list *zones, const struct resolved *who, uint8_t cmd,
			   struct failure *f)
{
	struct api_list devices;
	json_t *o = NULL;

	api_list_init(&devices, sizeof(struct api_device));
	if (kernel_list(v->kernel, cmd, api_add_device, &devices, f))
		devices.n = 0;
	for (size_t i = 0; i < devices.n && !o; i++) {
		const struct api_device *d = api_at(&devices, struct api_device, i);

		if (!memcmp(d->mac, who->mac, 6) && (d->vlan == who->vlan || !who->device))
			o = device_json(v, zones, d, cmd == CORDON_CMD_UNKNOWN_GET);
	}
	api_list_free(&devices);
	return o;
}

json_t *view_device(const struct view *v, const char *who, struct failure *f)
{
	struct resolved r;
	struct api_list zones;
	json_t *o;

	if (!who || need_kernel(v, f) || resolve_device(v->policy, who, 0, &r, f))
		return NULL;
	read_zones(v, &zones);
	o = find_device(v, &zones, &r, CORDON_CMD_DEVICE_GET, f);
	if (!o)
		o = find_device(v, &zones, &r, CORDON_CMD_UNKNOWN_GET, f);
	if (o && r.device)
		add_policy_facts(v, o, r.device);
	if (!o)
		fail(f, CORDON_EXIT_FAILED, ENOENT, "the module has not seen %s", who);
	api_list_free(&zones);
	return o;
}

/* Status ---------------------------------------------------------------------------------------------------------- */

json_t *view_bits(uint32_t bits, const char *(*name)(unsigned int bit))
{
	json_t *list = json_array();

	for (unsigned int bit = 0; bit < 32; bit++) {
		if (bits >> bit & 1)
			json_array_append_new(list, json_string(name(bit) ? name(bit) : "newer"));
	}
	return list;
}

static json_t *ports_json(const struct view *v, const struct api_list *zones, struct failure *f)
{
	struct api_list ports;
	json_t *list = json_array();

	api_list_init(&ports, sizeof(struct api_port));
	if (kernel_list(v->kernel, CORDON_CMD_PORT_GET, api_add_port, &ports, f))
		ports.n = 0;
	for (size_t i = 0; i < ports.n; i++) {
		const struct api_port *p = api_at(&ports, struct api_port, i);
		json_t *o = json_pack("{s:s, s:s, s:s, s:b, s:b, s:o}", "name", p->name, "policy_name", p->policy_name,
				      "mode", name_port_mode(p->mode), "present", p->ifindex != 0, "carrier",
				      p->carrier, "findings", view_bits(p->findings, name_finding));

		if (p->zone)
			json_object_set_new(o, "zone", json_string(view_zone_name(zones, p->zone)));
		if (p->mode == CORDON_PORT_DEVICES)
			json_object_set_new(o, "devices", number(p->devices));
		json_array_append_new(list, o);
	}
	api_list_free(&ports);
	return list;
}

static json_t *nft_json(const struct view *v)
{
	struct failure f = { 0 };
	struct nft_state state;
	json_t *list, *offload;

	if (v->kernel->ops->nft_state(v->kernel, &state, &f))
		return json_pack("{s:b, s:s}", "present", 0, "error", f.text);
	list = json_array();
	for (size_t i = 0; i < state.n; i++)
		json_array_append_new(list, number(state.generations[i]));
	offload = json_array();
	for (size_t i = 0; i < state.n_offload; i++)
		json_array_append_new(offload, json_string(state.offload[i]));
	return json_pack("{s:b, s:o, s:b, s:s, s:o}", "present", state.present, "generations", list, "drift", state.drift,
			 "drift_text", state.drift_text, "offload", offload);
}

static json_t *quarantines_json(const struct view *v, const struct api_list *zones)
{
	struct api_list devices;
	json_t *list = json_array();

	api_list_init(&devices, sizeof(struct api_device));
	if (kernel_list(v->kernel, CORDON_CMD_DEVICE_GET, api_add_device, &devices, NULL))
		devices.n = 0;
	for (size_t i = 0; i < devices.n; i++) {
		const struct api_device *d = api_at(&devices, struct api_device, i);

		if (d->quarantined)
			json_array_append_new(list, device_json(v, zones, d, false));
	}
	api_list_free(&devices);
	return list;
}

json_t *view_status(const struct view *v, struct failure *f)
{
	char digest[2 * CORDON_DIGEST_BYTES + 1] = "";
	struct api_info info;
	struct api_list zones;
	json_t *o;

	if (need_kernel(v, f) || kernel_info(v->kernel, &info, f))
		return NULL;
	if (info.has_digest)
		text_hex(info.digest, sizeof(info.digest), digest, sizeof(digest));
	read_zones(v, &zones);
	o = json_pack("{s:o, s:{s:s, s:i}, s:b, s:I, s:s, s:i}", "quarantines", quarantines_json(v, &zones), "module",
		      "version", info.version, "wire", (int)info.wire, "armed", info.armed, "generation",
		      (json_int_t)info.generation, "digest", digest, "devices", (int)info.devices);
	json_object_set_new(o, "hooks_missing", view_bits(info.hooks_missing, name_place));
	json_object_set_new(o, "ports", ports_json(v, &zones, f));
	json_object_set_new(o, "nft", nft_json(v));
	if (v->policy)
		json_object_set_new(o, "management", view_management(v->policy));
	api_list_free(&zones);
	return o;
}

json_t *view_stats(const struct view *v, struct failure *f)
{
	struct api_stats stats = { .lost = 0 };
	json_t *hooks;

	if (need_kernel(v, f) || v->kernel->ops->query(v->kernel, CORDON_CMD_STATS_GET, api_parse_stats, &stats, f))
		return NULL;
	hooks = json_object();
	for (uint8_t hook = 0; hook < __CORDON_HOOK_MAX; hook++) {
		json_t *reasons = json_object();

		for (uint8_t r = 1; r < __CORDON_REASON_MAX; r++) {
			if (stats.count[hook][r])
				json_object_set_new(reasons, cordon_reason_name(r), number(stats.count[hook][r]));
		}
		json_object_set_new(hooks, name_hook(hook), json_pack("{s:I, s:o}", "accepted",
				    (json_int_t)stats.count[hook][CORDON_REASON_NONE], "drops", reasons));
	}
	return json_pack("{s:o, s:I}", "hooks", hooks, "events_lost", (json_int_t)stats.lost);
}

/* Dispatch -------------------------------------------------------------------------------------------------------- */

static const char *arg(const json_t *args, const char *name)
{
	return json_string_value(json_object_get(args, name));
}

json_t *view_answer(const struct view *v, const char *verb, const json_t *args, struct failure *f)
{
	if (!strcmp(verb, "status"))
		return view_status(v, f);
	if (!strcmp(verb, "devices"))
		return view_devices(v, json_is_true(json_object_get(args, "unknown")), f);
	if (!strcmp(verb, "stats"))
		return view_stats(v, f);
	if (!strcmp(verb, "zones"))
		return view_zones(v, f);
	if (!strcmp(verb, "services"))
		return view_services(v, f);
	if (!strcmp(verb, "placement"))
		return view_placement(v, f);
	if (!strcmp(verb, "device") && arg(args, "device"))
		return view_device(v, arg(args, "device"), f);
	if (!strcmp(verb, "explain") && arg(args, "src") && arg(args, "dst") && arg(args, "service"))
		return view_explain(v, arg(args, "src"), arg(args, "dst"), arg(args, "service"), f);
	fail(f, CORDON_EXIT_USAGE, EINVAL, "the request \"%s\" lacks an argument", verb);
	return NULL;
}
