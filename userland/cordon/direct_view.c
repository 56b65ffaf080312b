// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers without cordond; needs root for what the kernel tells, the policy file alone for the rest. */
#include "userland/cordon/direct_view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "userland/lib/resolve.h"
#include "userland/lib/stored_policy.h"
#include "userland/lib/view.h"

const char *direct_work_dir(void)
{
	return access("/run", W_OK) ? "/tmp" : "/run";
}

int direct_active(const struct cli *cli, struct stored *stored, struct compiled *c, struct failure *f)
{
	struct store *store;
	int err = store_open(cli->state_dir, true, &store, f), found;

	if (err)
		return err;
	found = store_active(store, stored, f);
	store_close(store);
	if (found < 0)
		return found;
	if (!found)
		return fail(f, CORDON_EXIT_FAILED, ENOENT, "no policy was ever committed here (%s)", cli->state_dir);
	err = stored_compile(stored, direct_work_dir(), c, f);
	if (err)
		stored_free(stored);
	return err;
}

/* The policy that answers: the file that was named, the last committed one, or the default file. */
static int load_policy(const struct cli *cli, bool needed, struct compiled *c, struct failure *f)
{
	struct policy_diags diags = { 0 };
	struct stored stored = { 0 };
	int err;

	if (!cli->policy_given && !direct_active(cli, &stored, c, f)) {
		stored_free(&stored);
		return 0;
	}
	if (!needed && !cli->policy_given)
		return -ENOENT;
	err = compiled_load(cli->policy, NULL, &diags, c, f);
	if (err == -EINVAL)
		policy_diags_print(&diags, stderr, false);
	policy_diags_free(&diags);
	return err;
}

static bool needs_policy(const char *verb)
{
	return !strcmp(verb, "zones") || !strcmp(verb, "services") || !strcmp(verb, "explain") ||
	       !strcmp(verb, "placement");
}

json_t *direct_view(const struct cli *cli, const char *verb, const json_t *args, struct failure *f)
{
	struct compiled c = { 0 };
	struct failure policy_failure = { 0 };
	struct view v = { 0 };
	json_t *answer = NULL;

	if (!load_policy(cli, needs_policy(verb), &c, &policy_failure)) {
		v.policy = c.policy;
		v.pairs = &c.pairs;
		v.names = name_index_make(c.policy);
	} else if (needs_policy(verb)) {
		*f = policy_failure;
		return NULL;
	}
	if (!needs_policy(verb))
		v.kernel = direct_open(f);
	if (needs_policy(verb) || v.kernel)
		answer = view_answer(&v, verb, args, f);
	direct_close(v.kernel);
	name_index_free(v.names);
	compiled_free(&c);
	return answer;
}
