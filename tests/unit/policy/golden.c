// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Golden files: tests/golden/policy/NAME.yaml and the examples are compiled; NAME.hex holds the
 * ruleset bytes, NAME.diag the messages. A change of the encoding shows here as a difference of
 * bytes that somebody must have read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/policy/test.h"

#define GOLDEN "tests/golden/policy/"

static const struct {
	const char *policy, *name;
} goldens[] = {
	{ GOLDEN "minimal.yaml", "minimal" },
	{ GOLDEN "everything.yaml", "everything" },
	{ GOLDEN "warnings.yaml", "warnings" },
	{ "policy/examples/building.yaml", "building" },
	{ "policy/examples/clinic.yaml", "clinic" },
	{ "policy/examples/plant.yaml", "plant" },
};

/* 16 bytes a line. */
static char *hex_dump(const uint8_t *bytes, size_t len, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	for (size_t i = 0; i < len; i++)
		fprintf(out, "%02x%s", bytes[i], i % 16 == 15 || i + 1 == len ? "\n" : " ");
	fclose(out);
	return text;
}

static void compare(const char *policy_path, const char *name)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(policy_path, &diags);
	struct policy_zone_ids ids = { .n = 0 };
	char path[128], *said = test_diags(&diags), *hex;
	uint8_t *blob = NULL;
	size_t len = 0, size;

	snprintf(path, sizeof(path), GOLDEN "%s.diag", name);
	test_ok(policy && test_same(path, said, strlen(said)), "%s says what its golden file says",
		name);
	test_ok(policy && !policy_compile(policy, &ids, &blob, &len) && test_decodes(blob, len),
		"%s: the kernel's decoder takes it", name);
	hex = hex_dump(blob, len, &size);
	snprintf(path, sizeof(path), GOLDEN "%s.hex", name);
	test_ok(test_same(path, hex, size), "%s compiles to the bytes of its golden file", name);
	free(hex);
	free(said);
	free(blob);
	policy_free(policy);
	policy_diags_free(&diags);
}

void test_golden(void)
{
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++)
		compare(goldens[i].policy, goldens[i].name);
}
