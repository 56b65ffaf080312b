// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon check [FILE] */
#include <stdio.h>
#include <unistd.h>

#include "policy/policy.h"
#include "userland/cordon/cli.h"

static json_t *diags_json(const struct policy_diags *diags)
{
	static const char *const level[] = { "error", "warning", "note" };
	json_t *list = json_array();

	for (size_t i = 0; i < diags->n; i++) {
		const struct policy_diag *d = &diags->v[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:i, s:s}", "level", level[d->level], "file",
						      d->pos.file ? d->pos.file : "", "line", (int)d->pos.line, "column",
						      (int)d->pos.column, "text", d->text));
	}
	return list;
}

int cmd_check(struct cli *cli)
{
	const char *path = cli->argc ? cli->argv[0] : cli->policy;
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(path, &diags);
	int code = policy ? CORDON_EXIT_OK : CORDON_EXIT_USAGE;

	if (cli->json) {
		cli_json(json_pack("{s:b, s:s, s:o}", "ok", policy != NULL, "policy", path, "messages",
				   diags_json(&diags)));
	} else {
		policy_diags_print(&diags, stderr, isatty(STDERR_FILENO) && cli->colour);
		if (policy)
			printf("%s: %zu zones, %zu devices, %zu flows: ok\n", path,
			       policy->n_zones - POLICY_ZONE_FIRST, policy->n_devices, policy->n_flows);
	}
	policy_free(policy);
	policy_diags_free(&diags);
	return code;
}
