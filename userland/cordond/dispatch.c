// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs to functions. */
#include "userland/cordond/dispatch.h"

#include <string.h>

#include "userland/lib/view.h"

static json_t *daemon_json(const struct core *core)
{
	uint64_t recorded = 0;

	store_active_id(core->store, &recorded, NULL);
	return json_pack("{s:s, s:b, s:I, s:I, s:s}", "state", *core->trouble ? core->trouble : "ok", "disarmed",
			 core->disarmed, "running", (json_int_t)core->running.generation, "recorded",
			 (json_int_t)recorded, "found", core->last_step);
}

static json_t *read_verb(struct core *core, const struct verb *verb, const json_t *args, struct failure *f)
{
	struct view v = { .kernel = core->kernel, .store = core->store, .names = core->running.names };
	json_t *o;

	if (core->running.valid) {
		v.policy = core->running.c.policy;
		v.pairs = &core->running.c.pairs;
	}
	o = view_answer(&v, verb->name, args, f);
	if (o && verb->id == VERB_STATUS)
		json_object_set_new(o, "daemon", daemon_json(core));
	return o;
}

json_t *dispatch(struct core *core, const struct caller *caller, const struct verb *verb, const json_t *args,
		 const struct buf *source, struct failure *f)
{
	json_t *o;

	switch (verb->id) {
	case VERB_APPLY:
		o = core_apply(core, caller, args, source, f);
		break;
	case VERB_QUARANTINE:
		o = core_quarantine(core, caller, args, f);
		break;
	case VERB_RELEASE:
		o = core_release(core, caller, args, f);
		break;
	case VERB_DISARM:
		o = core_disarm(core, caller, args, f);
		break;
	case VERB_AUDIT:
		o = core_audit(core, args, f);
		break;
	case VERB_WATCH:
		o = json_object();
		break;
	default:
		o = read_verb(core, verb, args, f);
		break;
	}
	if (o)
		json_object_set_new(o, "ok", json_true());
	return o;
}
