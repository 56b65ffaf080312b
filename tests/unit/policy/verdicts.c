// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The examples' verdict tables, written by hand: SRC DST SERVICE allowed|denied [# why]. decide()
 * must give every one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/core/decide.h"
#include "tests/unit/policy/test.h"

static const char *const examples[] = { "building", "clinic", "plant" };

static bool line_holds(const struct policy *policy, const char *src, const char *dst,
		       const char *service, const char *verdict)
{
	struct policy_explain answer;
	char error[200];

	if (policy_explain(policy, src, dst, service, &answer, error, sizeof(error))) {
		test_note("%s", error);
		return false;
	}
	if (answer.allowed == !strcmp(verdict, "allowed") &&
	    (answer.allowed || !strcmp(verdict, "denied")))
		return true;
	test_note("it is %s: %s", answer.allowed ? "allowed" : "denied",
		  cordon_reason_name(answer.reason));
	return false;
}

static void table_run(const char *example, const struct policy *policy, char *table)
{
	char *save = NULL;
	size_t n = 0, denied = 0;

	for (char *line = strtok_r(table, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char src[64], dst[64], service[64], verdict[16];

		if (*line == '#')
			continue;
		if (sscanf(line, "%63s %63s %63s %15s", src, dst, service, verdict) != 4) {
			test_ok(false, "%s: a line without four words: %s", example, line);
			continue;
		}
		n++;
		denied += !strcmp(verdict, "denied");
		test_ok(line_holds(policy, src, dst, service, verdict), "%s: %s %s %s is %s",
			example, src, dst, service, verdict);
	}
	test_ok(n >= 30 && denied >= 10 && n - denied >= 10,
		"%s has %zu verdicts, %zu of them denied", example, n, denied);
}

void test_verdicts(void)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct policy_diags diags = { 0 };
		char path[64], *table;
		struct policy *policy;

		snprintf(path, sizeof(path), "policy/examples/%s.yaml", examples[i]);
		policy = policy_load(path, &diags);
		snprintf(path, sizeof(path), "policy/examples/%s.verdicts", examples[i]);
		table = test_read(path, NULL);
		if (test_ok(policy && !diags.n && table, "example %s loads without a word",
			    examples[i]))
			table_run(examples[i], policy, table);
		free(table);
		policy_free(policy);
		policy_diags_free(&diags);
	}
}
