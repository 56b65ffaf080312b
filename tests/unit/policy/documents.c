// SPDX-License-Identifier: GPL-2.0-or-later
/* docs/policy-language.md, the schema and the loader say the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/value.h"
#include "tests/unit/policy/test.h"

#define LANGUAGE "docs/policy-language.md"

static void example(const char *language)
{
	struct policy_diags diags = { 0 };
	const char *start = strstr(language, "```yaml\n"),
		   *end = start ? strstr(start, "\n```") : NULL;
	struct policy *policy = NULL;
	char *said;

	if (end)
		policy =
			policy_load_memory("example", start + 8, (size_t)(end - start) - 7, &diags);
	said = test_diags(&diags);
	if (!test_ok(policy && !diags.n, "the example of the language page loads without a word"))
		test_note("said: %s", said);
	free(said);
	policy_free(policy);
	policy_diags_free(&diags);
}

/* "`name` tcp/22", as the page lists them; dhcp and ping have forms of their own there. */
static bool documented(const char *language, const struct policy_service *service)
{
	char text[128];
	int used = snprintf(text, sizeof(text), "`%s` ", service->name);

	if (strcmp(service->name, "dhcp") && strcmp(service->name, "dns") &&
	    strcmp(service->name, "rtsp"))
		for (size_t i = 0; i < service->entries.n; i++)
			used += snprintf(text + used, sizeof(text) - (size_t)used, "%s%s",
					 i ? " " : "",
					 value_entry_text(&service->entries.v[i]).text);
	return strstr(language, text);
}

static void services(const char *language, const char *schema)
{
	struct policy *policy = test_policy(
		"cordon: 1\ngateway: {ports: {a: devices}, management: console-only}\n");
	bool good = policy != NULL;

	for (size_t i = 0; good && i < policy->n_services; i++) {
		const struct policy_service *service = &policy->services[i];
		char quoted[64];

		snprintf(quoted, sizeof(quoted), "\"%s\"", service->name);
		good = service->builtin && documented(language, service) && strstr(schema, quoted);
		if (!good)
			test_note("%s", service->name);
	}
	test_ok(good && policy->n_services == 29,
		"the language page and the schema name every built-in service");
	policy_free(policy);
}

void test_documents(void)
{
	char *language = test_read(LANGUAGE, NULL),
	     *schema = test_read("policy/schema/cordon.schema.json", NULL);

	if (test_ok(language && schema, "the language page and the schema are there")) {
		example(language);
		services(language, schema);
	}
	free(language);
	free(schema);
}
