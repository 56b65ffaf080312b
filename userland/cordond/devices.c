// SPDX-License-Identifier: GPL-2.0-or-later
/* Quarantine, release, disarm, audit log. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "userland/cordond/core.h"
#include "userland/lib/ct.h"
#include "userland/lib/disarm.h"
#include "userland/lib/log.h"
#include "userland/lib/text.h"

/* A MAC that the policy lacks is looked for where it was seen. */
static void find_vlan(struct core *core, uint8_t cmd, struct resolved *r)
{
	struct api_list seen;

	api_list_init(&seen, sizeof(struct api_device));
	if (!kernel_list(core->kernel, cmd, api_add_device, &seen, NULL)) {
		for (size_t i = 0; i < seen.n; i++) {
			const struct api_device *d = api_at(&seen, struct api_device, i);

			if (!memcmp(d->mac, r->mac, sizeof(r->mac)))
				r->vlan = d->vlan;
		}
	}
	api_list_free(&seen);
}

static int resolve(struct core *core, const json_t *args, struct resolved *r, struct failure *f)
{
	const char *who = json_string_value(json_object_get(args, "device"));
	json_int_t vlan = json_integer_value(json_object_get(args, "vlan"));
	int err;

	if (!who || vlan < 0 || vlan > 4094)
		return fail(f, CORDON_EXIT_USAGE, EINVAL, "the request names no device");
	err = resolve_device(core->running.valid ? core->running.c.policy : NULL, who, (uint16_t)vlan, r, f);
	if (!err && !r->device && !vlan) {
		find_vlan(core, CORDON_CMD_UNKNOWN_GET, r);
		find_vlan(core, CORDON_CMD_DEVICE_GET, r);
	}
	return err;
}

void core_cut(struct core *core, struct failure *warning)
{
	if (core->running.valid)
		ct_cut(core->kernel, core->running.c.ruleset, core->running.c.ruleset, NULL, warning);
}

static int audit(struct core *core, const struct caller *caller, const char *action, const struct resolved *r,
		 struct failure *f)
{
	char mac[TEXT_MAC_LEN], detail[160];

	text_mac(r->mac, mac);
	snprintf(detail, sizeof(detail), "%s vlan %u%s%s", mac, r->vlan, r->device ? " " : "",
		 r->device ? r->device->name : "");
	log_info("%s: %s (%s)", action, detail, caller->name);
	return store_audit(core->store, caller->uid, caller->name, action, detail, f);
}

static json_t *answer(const struct resolved *r, const struct failure *warning)
{
	char mac[TEXT_MAC_LEN];
	json_t *o;

	text_mac(r->mac, mac);
	o = json_pack("{s:s, s:i}", "mac", mac, "vlan", (int)r->vlan);
	if (r->device)
		json_object_set_new(o, "name", json_string(r->device->name));
	if (warning->sys)
		json_object_set_new(o, "warning", json_string(warning->text));
	return o;
}

/* Recorded first: after a crash in between the device is cut off, never the other way round. */
json_t *core_quarantine(struct core *core, const struct caller *caller, const json_t *args, struct failure *f)
{
	struct stored_quarantine q = { .since = time(NULL) };
	struct failure warning = { 0 };
	struct resolved r;
	int known;

	if (resolve(core, args, &r, f))
		return NULL;
	memcpy(q.mac, r.mac, sizeof(q.mac));
	q.vlan = r.vlan;
	snprintf(q.actor, sizeof(q.actor), "%s", caller->name);
	snprintf(q.name, sizeof(q.name), "%s", r.device ? r.device->name : "");
	known = store_quarantine_add(core->store, &q, f);
	if (known < 0)
		return NULL;
	if (core->kernel->ops->device_set(core->kernel, r.mac, r.vlan, true, f)) {
		if (!known)
			store_quarantine_remove(core->store, r.mac, r.vlan, NULL);
		return NULL;
	}
	core_cut(core, &warning);
	return audit(core, caller, "quarantine", &r, f) ? NULL : answer(&r, &warning);
}

static bool is_quarantined(struct core *core, const struct resolved *r)
{
	struct api_list devices;
	bool found = false;

	api_list_init(&devices, sizeof(struct api_device));
	if (!kernel_list(core->kernel, CORDON_CMD_DEVICE_GET, api_add_device, &devices, NULL)) {
		for (size_t i = 0; i < devices.n && !found; i++) {
			const struct api_device *d = api_at(&devices, struct api_device, i);

			found = d->quarantined && d->vlan == r->vlan && !memcmp(d->mac, r->mac, 6);
		}
	}
	api_list_free(&devices);
	return found;
}

/* Audited before it takes effect. A crash between the module and the record leaves the device cut off after the restart. */
json_t *core_release(struct core *core, const struct caller *caller, const json_t *args, struct failure *f)
{
	struct failure warning = { 0 };
	struct resolved r;

	if (resolve(core, args, &r, f))
		return NULL;
	if (!is_quarantined(core, &r)) {
		fail(f, CORDON_EXIT_FAILED, ENOENT, "%s is not quarantined",
		     json_string_value(json_object_get(args, "device")));
		return NULL;
	}
	if (audit(core, caller, "release", &r, f) ||
	    core->kernel->ops->device_set(core->kernel, r.mac, r.vlan, false, f) ||
	    store_quarantine_remove(core->store, r.mac, r.vlan, f))
		return NULL;
	return answer(&r, &warning);
}

json_t *core_disarm(struct core *core, const struct caller *caller, const json_t *args, struct failure *f)
{
	bool console = json_is_true(json_object_get(args, "console"));

	if (store_audit(core->store, caller->uid, caller->name, "disarm", console ? "on the console" : "", f))
		return NULL;
	log_warn("disarm (%s)", caller->name);
	/* When the module is still armed what could be closed stays closed, and the ruleset is looked after as before. */
	if (disarm_recorded(core->kernel, core->store, &core->disarmed, f))
		return NULL;
	core_trouble(core, "disarmed");
	return json_object();
}

static void audit_entry(uint64_t seq, int64_t wall, uint32_t uid, const char *actor, const char *action,
			const char *detail, void *list)
{
	json_array_append_new(list, json_pack("{s:I, s:I, s:I, s:s, s:s, s:s}", "seq", (json_int_t)seq, "time",
					      (json_int_t)wall, "uid", (json_int_t)uid, "actor", actor, "action", action,
					      "detail", detail));
}

json_t *core_audit(struct core *core, const json_t *args, struct failure *f)
{
	json_int_t n = json_integer_value(json_object_get(args, "count"));
	json_t *list = json_array();

	if (store_audit_list(core->store, n > 0 && n < 100000 ? (uint32_t)n : 50, audit_entry, list, f)) {
		json_decref(list);
		return NULL;
	}
	return json_pack("{s:o}", "entries", list);
}
