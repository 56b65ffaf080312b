// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every allocation of the library fails once: what then comes back is an error, never half a policy
 * or half a ruleset. The linker turns the calls of this program to the functions below; those of
 * libraries are not concerned.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/policy/test.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

/* Allocations until the one that fails; 0: none does. */
static size_t countdown;

static bool fails(void)
{
	return countdown && !--countdown;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

#define POLICY	   "tests/golden/policy/everything.yaml"
#define ROUNDS_MAX 100000

/* Each task: true when it went through; *broken when it neither did nor said so. */
static bool load_task(struct policy *unused, bool *broken)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(POLICY, &diags);
	bool good = policy != NULL;

	(void)unused;
	*broken = good == (diags.errors > 0);
	policy_free(policy);
	policy_diags_free(&diags);
	return good;
}

static bool compile_task(struct policy *policy, bool *broken)
{
	struct policy_zone_ids ids = { .n = 0 };
	uint8_t *blob = NULL;
	size_t len;
	int ret = policy_compile(policy, &ids, &blob, &len);

	*broken = ret && (ret != -ENOMEM || blob || ids.n);
	free(blob);
	return !ret;
}

static bool explain_task(struct policy *policy, bool *broken)
{
	struct policy_explain answer;
	char error[100];
	int ret = policy_explain(policy, "staff", "plain", "https", &answer, error, sizeof(error));

	*broken = ret ? ret != -ENOMEM : !answer.allowed;
	return !ret;
}

static bool edit_task(struct policy *policy, bool *broken)
{
	struct policy_edit edit = { .verb = POLICY_ADMIT,
				    .device = "02:00:00:00:00:77",
				    .zone = "plain" };
	char *text = NULL, *diff = NULL, error[100];
	int ret = policy_edit_make(POLICY, policy, &edit, &text, &diff, error, sizeof(error));

	*broken = ret ? ret != -ENOMEM : !text || !diff;
	if (!ret) {
		free(text);
		free(diff);
	}
	return !ret;
}

static void every_allocation(struct policy *policy,
			     bool (*task)(struct policy *policy, bool *broken), const char *name)
{
	bool good = false, broken = false;
	size_t n = 0;

	while (!broken && n < ROUNDS_MAX) {
		countdown = ++n;
		good = task(policy, &broken);
		/* Nothing failed, because there are no more allocations than that. */
		if (countdown)
			break;
	}
	countdown = 0;
	test_ok(good && !broken && n < ROUNDS_MAX,
		"%s copes with each of its %zu allocations failing", name, n - 1);
}

void test_nomem(void)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(POLICY, &diags);

	every_allocation(policy, load_task, "loading");
	every_allocation(policy, compile_task, "compiling");
	every_allocation(policy, explain_task, "explaining");
	every_allocation(policy, edit_task, "editing");
	policy_free(policy);
	policy_diags_free(&diags);
}
