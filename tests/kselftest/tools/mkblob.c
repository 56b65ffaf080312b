// SPDX-License-Identifier: GPL-2.0-or-later
/* mkblob POLICY BLOB: the ruleset bytes of a policy, for the tests that stage rulesets by hand. */
#include <stdio.h>
#include <stdlib.h>

#include "policy/policy.h"

int main(int argc, char **argv)
{
	struct policy_diags diags = { 0 };
	struct policy_zone_ids ids = { .n = 0 };
	struct policy *policy;
	uint8_t *blob;
	size_t len;
	FILE *out;

	if (argc != 3)
		return 2;
	policy = policy_load(argv[1], &diags);
	policy_diags_print(&diags, stderr, false);
	if (!policy || policy_compile(policy, &ids, &blob, &len))
		return 1;
	out = fopen(argv[2], "we");
	if (!out || fwrite(blob, 1, len, out) != len || fclose(out))
		return 1;
	free(blob);
	policy_free(policy);
	return 0;
}
