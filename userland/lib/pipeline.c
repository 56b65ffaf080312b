// SPDX-License-Identifier: GPL-2.0-or-later
/* The order of docs/architecture.md's apply; each step between two failpoints. */
#include "userland/lib/pipeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "userland/lib/ct.h"
#include "userland/lib/failpoint.h"
#include "userland/lib/links.h"

uint64_t pipeline_next_generation(uint64_t known, uint64_t running)
{
	uint64_t next = (known > running ? known : running) + 1;

	return running && ((next ^ running) & 1) == 0 ? next + 1 : next;
}

static int send_data(struct kernel *k, const struct compiled *c, struct failure *f)
{
	int err = failpoint("before-data", f);

	for (size_t at = 0; at < c->len && !err; at += KERNEL_DATA_BYTES) {
		size_t len = c->len - at < KERNEL_DATA_BYTES ? c->len - at : KERNEL_DATA_BYTES;

		err = k->ops->data(k, (uint32_t)at, c->blob + at, len, f);
	}
	return err ? err : failpoint("after-data", f);
}

static int check_digest(const struct compiled *c, const struct api_info *info, struct failure *f)
{
	if (info->has_digest && !memcmp(info->digest, c->digest, sizeof(c->digest)))
		return 0;
	return fail(f, CORDON_EXIT_FAILED, EBADMSG, "the module staged other bytes than were sent (digest differs)");
}

static int stage(struct kernel *k, const struct compiled *c, uint64_t generation, struct failure *f)
{
	struct api_info info;
	int err = failpoint("before-begin", f);

	if (c->len > CORDON_MAX_BLOB_BYTES)
		return fail(f, CORDON_EXIT_FAILED, EFBIG, "the ruleset is larger than the module takes");
	if (!err)
		err = k->ops->begin(k, (uint32_t)c->len, generation, f);
	if (!err)
		err = failpoint("after-begin", f);
	if (!err)
		err = send_data(k, c, f);
	if (!err)
		err = failpoint("before-stage", f);
	if (!err)
		err = k->ops->stage(k, &info, f);
	if (!err)
		err = check_digest(c, &info, f);
	return err ? err : failpoint("after-stage", f);
}

static int nft_add(struct kernel *k, const struct compiled *c, uint64_t generation, struct failure *f)
{
	char *text = NULL;
	int err = nft_render(c->policy, &c->pairs, &c->ids, generation, &text);

	if (err)
		return fail_sys(f, -err, "cannot write the policy as nftables text");
	err = k->ops->nft_add(k, text, generation, f);
	free(text);
	return err;
}

static int set_unmanaged(struct kernel *k, const struct link_names *names, struct failure *f)
{
	char *text = NULL;
	int err = nft_render_unmanaged((const char *const *)names->v, names->n, &text);

	if (err)
		return fail_sys(f, -err, "cannot name the unmanaged devices in nftables");
	err = k->ops->nft_run(k, text, f);
	free(text);
	return err;
}

int pipeline_unmanaged(struct kernel *k, const struct policy *policy, struct failure *f)
{
	struct link_names names = { 0 };
	int err = links_unmanaged(policy, &names, f);

	if (!err)
		err = set_unmanaged(k, &names, f);
	link_names_free(&names);
	return err;
}

static bool has_name(const struct link_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++) {
		if (!strcmp(names->v[i], name))
			return true;
	}
	return false;
}

/* Before the commit either policy may come to stand: only what is unmanaged in both may pass. */
static int unmanaged_in_both(struct kernel *k, const struct policy *new, const struct policy *old, struct failure *f)
{
	struct link_names names = { 0 }, others = { 0 };
	int err = links_unmanaged(new, &names, f);
	size_t kept = 0;

	if (!err)
		err = links_unmanaged(old, &others, f);
	for (size_t i = 0; i < names.n && !err; i++) {
		if (has_name(&others, names.v[i]))
			names.v[kept++] = names.v[i];
		else
			free(names.v[i]);
	}
	if (!err) {
		names.n = kept;
		err = set_unmanaged(k, &names, f);
	}
	link_names_free(&names);
	link_names_free(&others);
	return err;
}

int pipeline_nft(struct kernel *k, const struct compiled *c, uint64_t generation, struct failure *f)
{
	int err = nft_add(k, c, generation, f);

	if (!err)
		err = k->ops->nft_retire(k, generation, f);
	return err ? err : pipeline_unmanaged(k, c->policy, f);
}

int pipeline_clean(struct kernel *k, uint64_t running, struct failure *f)
{
	struct nft_state state;
	int err = k->ops->nft_state(k, &state, f);

	for (size_t i = 0; !err && running && i < state.n; i++) {
		if (state.generations[i] == running)
			return 0;
	}
	return err ? err : k->ops->nft_remove(k, f);
}

/*
 * nftables before the commit: on failure the old generation alone stands again, or nothing when there was none. When nobody knows what the old
 * policy manages, its set stays until the commit.
 */
static int prepare_nft(struct kernel *k, const struct compiled *c, uint64_t generation, const struct compiled *old,
		       uint64_t old_generation, struct failure *f)
{
	int err = failpoint("before-nft-add", f);

	if (!err)
		err = nft_add(k, c, generation, f);
	if (!err)
		err = failpoint("after-nft-add", f);
	if (!err)
		err = failpoint("before-unmanaged", f);
	if (!err && old)
		err = unmanaged_in_both(k, c->policy, old->policy, f);
	else if (!err && !old_generation)
		err = pipeline_unmanaged(k, c->policy, f);
	return err ? err : failpoint("after-unmanaged", f);
}

/* A commit whose answer was lost is still a commit: the module says which ruleset it enforces. */
static bool committed(struct kernel *k, const struct compiled *c, uint64_t generation)
{
	struct api_info info;

	return !kernel_info(k, &info, NULL) && info.armed && info.generation == generation &&
	       !check_digest(c, &info, NULL);
}

static int commit(struct kernel *k, const struct compiled *c, uint64_t generation, struct failure *f)
{
	struct api_info info;
	int err = failpoint("before-commit", f);

	if (err)
		return err;
	err = k->ops->commit(k, &info, f);
	return err && committed(k, c, generation) ? 0 : err;
}

static void back_out(struct kernel *k, const struct compiled *old, uint64_t old_generation)
{
	struct failure ignored = { 0 };

	k->ops->abort(k, &ignored);
	if (old_generation)
		k->ops->nft_retire(k, old_generation, &ignored);
	else
		k->ops->nft_remove(k, &ignored);
	if (old && old_generation)
		pipeline_unmanaged(k, old->policy, &ignored);
}

/* Behind the commit nothing fails the apply any more; the first complaint is kept. */
static void finish(struct kernel *k, const struct compiled *c, uint64_t generation, const struct compiled *old,
		   struct failure *warning)
{
	struct failure f = { 0 };
	int err = failpoint("before-nft-retire", &f);

	if (!err)
		err = k->ops->nft_retire(k, generation, &f);
	if (!err)
		err = failpoint("after-nft-retire", &f);
	if (!err)
		err = failpoint("before-open", &f);
	if (!err)
		err = pipeline_unmanaged(k, c->policy, &f);
	if (!err)
		err = failpoint("after-open", &f);
	if (err)
		*warning = f;
	err = failpoint("before-cut", &f);
	if (!err)
		err = ct_cut(k, c->ruleset, old ? old->ruleset : NULL, NULL, &f);
	if (!err)
		err = failpoint("after-cut", &f);
	if (err && !warning->sys)
		*warning = f;
}

int pipeline_install(struct kernel *k, const struct compiled *c, uint64_t generation, const struct compiled *old,
		     uint64_t old_generation, struct failure *warning, struct failure *f)
{
	int err = stage(k, c, generation, f);

	memset(warning, 0, sizeof(*warning));
	if (err) {
		struct failure ignored = { 0 };

		k->ops->abort(k, &ignored);
		return err;
	}
	err = prepare_nft(k, c, generation, old, old_generation, f);
	if (!err)
		err = commit(k, c, generation, f);
	if (err) {
		back_out(k, old, old_generation);
		return err;
	}
	if (failpoint("after-commit", warning))
		return 0;
	finish(k, c, generation, old, warning);
	return 0;
}
