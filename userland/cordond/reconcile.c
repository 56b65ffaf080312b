// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * After a start: module, nftables and database hold exactly the old or exactly the new policy. The journal's intent says what was under way,
 * the module says how far it came: its commit is the point of no return.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "userland/cordond/core.h"
#include "userland/lib/ct.h"
#include "userland/lib/log.h"
#include "userland/lib/pipeline.h"
#include "userland/lib/stored_policy.h"

static bool same_digest(const struct api_info *info, const struct stored *s)
{
	return info->armed && info->has_digest && !memcmp(info->digest, s->digest, sizeof(s->digest));
}

static bool enforced(const struct api_info *info, const struct stored *s)
{
	return same_digest(info, s) && info->generation == s->generation;
}

static bool nft_exact(struct core *core, uint64_t generation)
{
	struct nft_state state;
	struct failure f = { 0 };

	return !core->kernel->ops->nft_state(core->kernel, &state, &f) && state.present && !state.drift &&
	       state.n == 1 && state.generations[0] == generation;
}

/* Quarantines: what the module has and the database lacks is kept, what the database has goes into the module. */

static void adopt(struct core *core, const struct stored_quarantine *known, size_t n)
{
	struct api_list devices;

	api_list_init(&devices, sizeof(struct api_device));
	if (kernel_list(core->kernel, CORDON_CMD_DEVICE_GET, api_add_device, &devices, NULL))
		devices.n = 0;
	for (size_t i = 0; i < devices.n; i++) {
		const struct api_device *d = api_at(&devices, struct api_device, i);
		struct stored_quarantine q = { .vlan = d->vlan, .since = time(NULL), .actor = "found in the module" };
		bool stored = !d->quarantined;

		for (size_t j = 0; j < n && !stored; j++)
			stored = known[j].vlan == d->vlan && !memcmp(known[j].mac, d->mac, 6);
		memcpy(q.mac, d->mac, sizeof(q.mac));
		if (!stored)
			store_quarantine_add(core->store, &q, NULL);
	}
	api_list_free(&devices);
}

static int quarantines(struct core *core, struct failure *f)
{
	struct stored_quarantine *v;
	size_t n;
	int err = store_quarantines(core->store, &v, &n, f);

	if (err)
		return err;
	adopt(core, v, n);
	for (size_t i = 0; i < n && !err; i++)
		err = core->kernel->ops->device_set(core->kernel, v[i].mac, v[i].vlan, true, f);
	free(v);
	return err;
}

/* Generations ----------------------------------------------------------------------------------------------------- */

/* The commit happened: the rest of the apply is made up for. */
static int roll_forward(struct core *core, const struct stored *intent, const struct cordon_ruleset *before,
			struct failure *f)
{
	struct compiled c;
	char detail[64];
	int err = stored_compile(intent, core->work, &c, f);

	if (err)
		return err;
	err = pipeline_nft(core->kernel, &c, intent->generation, f);
	if (!err)
		err = ct_cut(core->kernel, c.ruleset, before, NULL, f);
	if (!err)
		err = store_mark_active(core->store, intent->generation, f);
	if (err) {
		compiled_free(&c);
		return err;
	}
	snprintf(detail, sizeof(detail), "generation %llu, after a restart", (unsigned long long)intent->generation);
	store_audit(core->store, 0, "cordond", "apply", detail, f);
	log_info("completed the apply of generation %llu", (unsigned long long)intent->generation);
	running_set(core, &c, intent->generation);
	return 0;
}

int core_restore(struct core *core, struct failure *f)
{
	struct failure late = { 0 };
	struct running *r = &core->running;
	int err = core->kernel->ops->nft_remove(core->kernel, f);

	if (!err)
		err = pipeline_install(core->kernel, &r->c, r->generation, NULL, 0, &late, f);
	if (err)
		return err;
	if (late.sys)
		log_warn("%s", late.text);
	log_info("generation %llu is in force again", (unsigned long long)r->generation);
	return 0;
}

/* The active generation, when no intent was committed. */
static int settle(struct core *core, const struct api_info *info, struct stored *active, struct failure *f)
{
	struct compiled c;
	int err = 0;

	/* Put back after an apply that could not be recorded: the same policy under a later number. */
	if (same_digest(info, active) && info->generation != active->generation) {
		active->generation = info->generation;
		err = store_renumber(core->store, info->generation, f);
	}
	if (!err)
		err = stored_compile(active, core->work, &c, f);
	if (err)
		return err;
	running_set(core, &c, active->generation);
	if (!info->armed)
		return core_restore(core, f);
	if (!enforced(info, active)) {
		running_clear(core);
		core_trouble(core, "the module enforces generation %llu, which the state database does not know: apply a policy",
			     (unsigned long long)info->generation);
		return 0;
	}
	/* The set of unmanaged devices is no part of what is exact: it follows the links. */
	return nft_exact(core, active->generation) ? pipeline_unmanaged(core->kernel, core->running.c.policy, f) :
	       pipeline_nft(core->kernel, &core->running.c, active->generation, f);
}

static int resolve_intent(struct core *core, const struct api_info *info, const struct stored *intent,
			  const struct stored *active, bool *forward, struct failure *f)
{
	struct compiled before = { 0 };
	int err;

	*forward = enforced(info, intent);
	if (!*forward) {
		log_info("generation %llu was not committed: dropped", (unsigned long long)intent->generation);
		return store_mark_aborted(core->store, intent->generation, f);
	}
	if (active)
		stored_compile(active, core->work, &before, NULL);
	err = roll_forward(core, intent, before.ruleset, f);
	compiled_free(&before);
	return err;
}

static int generations(struct core *core, const struct api_info *info, struct failure *f)
{
	struct stored active = { 0 }, intent = { 0 };
	int has_active = store_active(core->store, &active, f), has_intent = 0, err = 0;
	bool forward = false;

	if (has_active >= 0)
		has_intent = store_intent(core->store, &intent, f);
	if (has_active < 0 || has_intent < 0)
		err = has_active < 0 ? has_active : has_intent;
	else if (has_intent)
		err = resolve_intent(core, info, &intent, has_active ? &active : NULL, &forward, f);
	if (!err && !forward && has_active)
		err = settle(core, info, &active, f);
	else if (!err && !forward && info->armed)
		core_trouble(core, "the module enforces generation %llu, but no policy is recorded: apply one",
			     (unsigned long long)info->generation);
	else if (!err && !forward)
		core_trouble(core, "no policy was applied yet");
	stored_free(&active);
	stored_free(&intent);
	return err;
}

int reconcile(struct core *core, struct failure *f)
{
	struct api_info info;
	char value[8];
	uint64_t last;
	int err = kernel_info(core->kernel, &info, f);

	if (!err)
		err = store_last_step(core->store, core->last_step, sizeof(core->last_step), &last, f);
	if (!err)
		err = store_meta_get(core->store, "disarmed", value, sizeof(value), f);
	if (err)
		return err;
	core->disarmed = !strcmp(value, "1") && !info.armed;
	/* A disarming that did not come to its end: what is armed now is restored after a reboot, too. */
	if (info.armed && *value)
		err = store_meta_set(core->store, "disarmed", "", f);
	if (err)
		return err;
	err = quarantines(core, f);
	if (err)
		return err;
	if (core->disarmed)
		core_trouble(core, "disarmed");
	/* On failure the module keeps enforcing what it has; the daemon stays to say what is wrong and to take a new policy. */
	else if (generations(core, &info, f))
		core_trouble(core, "%s", f->text);
	return store_journal(core->store, core->running.generation, "start", f);
}
