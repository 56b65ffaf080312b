// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The apply: receive -> validate -> journal the intent -> pipeline (module, nftables, cut) -> mark active -> audit -> reply. Whatever fails
 * leaves the old policy in force, and says so.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "userland/cordond/core.h"
#include "userland/lib/failpoint.h"
#include "userland/lib/hardware.h"
#include "userland/lib/log.h"
#include "userland/lib/pipeline.h"
#include "userland/lib/text.h"

/** struct apply - one apply under way */
struct apply {
	struct core *core;
	const struct caller *caller;
	const char *what;
	struct compiled c;
	uint64_t generation;
	size_t warnings;
	struct failure late;	/* what failed behind the commit */
	bool kept;		/* refused, and in force all the same */
};

static int receive(struct apply *a, const struct buf *source, struct bundle *bundle, struct failure *f)
{
	int err = failpoint("before-receive", f);

	if (!err)
		err = store_journal(a->core->store, 0, "receive", f);
	if (!err)
		err = bundle_unpack(source->data, source->len, bundle, f);
	return err ? err : failpoint("after-receive", f);
}

static int validate(struct apply *a, const struct bundle *bundle, struct failure *f)
{
	struct core *core = a->core;
	struct policy_diags diags = { 0 };
	int err = failpoint("before-validate", f);

	if (!err)
		err = compiled_bundle(bundle, core->work, core->running.valid ? &core->running.c.ids : NULL, &diags, &a->c,
				      f);
	if (err && diags.errors)
		compiled_first_error(&diags, f->text, sizeof(f->text));
	a->warnings = diags.n - diags.errors;
	policy_diags_free(&diags);
	return err ? err : failpoint("after-validate", f);
}

/* Whoever asks for a refusal wants it before anything is touched. At a restart the committed policy stands whatever the hardware does. */
static int check_hardware(struct apply *a, struct failure *f)
{
	struct nft_state state;
	int err;

	if (!a->c.policy->refuse_offload)
		return 0;
	err = a->core->kernel->ops->nft_state(a->core->kernel, &state, f);
	return err ? err : hardware_check(a->c.policy, &state, f);
}

static int clean(struct core *core, uint64_t running, struct failure *f)
{
	int err = failpoint("before-clean", f);

	if (!err)
		err = pipeline_clean(core->kernel, running, f);
	return err ? err : failpoint("after-clean", f);
}

/* Makes up for the record of a policy that is in force without one. */
static int record_late(struct core *core, struct failure *f)
{
	int err = core->running.unrecorded ? store_mark_active(core->store, core->running.generation, f) : 0;

	if (!err)
		core->running.unrecorded = false;
	return err;
}

static int intend(struct apply *a, const struct buf *source, struct failure *f)
{
	struct core *core = a->core;
	struct api_info info;
	uint64_t known = 0;
	int err = kernel_info(core->kernel, &info, f);

	if (!err)
		err = store_max_generation(core->store, &known, f);
	if (!err)
		err = record_late(core, f);
	if (err)
		return err;
	a->generation = pipeline_next_generation(known, info.armed ? info.generation : 0);
	err = clean(core, info.armed ? info.generation : 0, f);
	if (!err)
		err = failpoint("before-intent", f);
	if (!err)
		err = store_put_intent(core->store, a->generation, a->caller->name, &a->c, source, f);
	return err ? err : failpoint("after-intent", f);
}

/* The module's generation that stands, whether or not this daemon knows its policy. */
static uint64_t standing(const struct core *core)
{
	struct api_info info;

	return !kernel_info(core->kernel, &info, NULL) && info.armed ? info.generation : 0;
}

static int install(struct apply *a, struct failure *f)
{
	struct core *core = a->core;
	const struct running *old = &core->running;

	return pipeline_install(core->kernel, &a->c, a->generation, old->valid ? &old->c : NULL, standing(core),
				&a->late, f);
}

/*
 * There is no old policy to put back: the new one is looked after like any other, and its intent stays, so that the next apply or the next start
 * records it.
 */
static void keep(struct apply *a, struct failure *f)
{
	char why[sizeof(f->text)];

	snprintf(why, sizeof(why), "%s", f->text);
	a->kept = true;
	running_set(a->core, &a->c, a->generation);
	a->core->running.unrecorded = true;
	core_trouble(a->core, "generation %llu is in force but not recorded: %.200s", (unsigned long long)a->generation, why);
	fail(f, CORDON_EXIT_FAILED, EIO, "generation %llu is in force, but the state database does not record it: %.500s",
	     (unsigned long long)a->generation, why);
}

/*
 * The new policy is in force but cannot be recorded: the old one is put back, under a new number, so that a restart finds what was acknowledged.
 * When the number cannot be recorded either, the restart knows the old policy by its digest.
 */
static void put_back(struct apply *a, struct failure *f)
{
	struct running *old = &a->core->running;
	uint64_t generation = pipeline_next_generation(a->generation, a->generation);
	struct failure late = { 0 }, why = { 0 };

	if (!old->valid || pipeline_install(a->core->kernel, &old->c, generation, &a->c, a->generation, &late, &why)) {
		keep(a, f);
		return;
	}
	old->generation = generation;
	if (store_renumber(a->core->store, generation, &late))
		core_trouble(a->core, "the state database cannot be written: %s", late.text);
}

static int record(struct apply *a, struct failure *f)
{
	int err = failpoint("before-active", f);

	if (!err)
		err = store_mark_active(a->core->store, a->generation, f);
	if (err) {
		put_back(a, f);
		return err;
	}
	a->core->disarmed = false;
	store_meta_set(a->core->store, "disarmed", "", NULL);
	return 0;
}

static void audit(struct apply *a, const char *action, const char *outcome)
{
	char detail[512];
	struct failure f = { 0 };

	snprintf(detail, sizeof(detail), "%s: generation %llu: %.300s", a->what, (unsigned long long)a->generation, outcome);
	failpoint("before-audit", NULL);
	if (store_audit(a->core->store, a->caller->uid, a->caller->name, action, detail, &f))
		core_trouble(a->core, "the audit log cannot be written: %s", f.text);
	failpoint("after-audit", NULL);
}

static json_t *done(struct apply *a)
{
	char digest[2 * CORDON_DIGEST_BYTES + 1];
	json_t *o;

	text_hex(a->c.digest, sizeof(a->c.digest), digest, sizeof(digest));
	audit(a, "apply", digest);
	log_info("%s: generation %llu is in force (%s)", a->what, (unsigned long long)a->generation, a->caller->name);
	core_trouble(a->core, "%s", "");
	o = json_pack("{s:I, s:s, s:i}", "generation", (json_int_t)a->generation, "digest", digest, "policy_warnings",
		      (int)a->warnings);
	if (a->late.sys) {
		log_warn("%s", a->late.text);
		json_object_set_new(o, "warning", json_string(a->late.text));
		repair_links_soon(a->core);
	}
	running_set(a->core, &a->c, a->generation);
	repair_soon(a->core);
	return o;
}

static int steps(struct apply *a, const struct buf *source, struct failure *f)
{
	struct bundle bundle = { 0 };
	int err = receive(a, source, &bundle, f);

	if (!err)
		err = validate(a, &bundle, f);
	bundle_free(&bundle);
	if (!err)
		err = check_hardware(a, f);
	if (!err)
		err = intend(a, source, f);
	if (!err)
		err = install(a, f);
	return err ? err : record(a, f);
}

json_t *core_apply(struct core *core, const struct caller *caller, const json_t *args, const struct buf *source,
		   struct failure *f)
{
	const char *what = json_string_value(json_object_get(args, "what"));
	struct apply a = { .core = core, .caller = caller, .what = what ? what : "apply" };
	json_t *o = NULL;
	int err = steps(&a, source, f);

	if (!err) {
		failpoint("after-active", NULL);
		o = done(&a);
	} else {
		log_warn("%s refused (%s): %s", a.what, caller->name, f->text);
		if (a.generation && !a.kept)
			store_mark_aborted(core->store, a.generation, NULL);
		audit(&a, "refused", f->text);
	}
	compiled_free(&a.c);
	return o;
}
