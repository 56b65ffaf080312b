// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: any bytes as a policy. What loads must compile, what is compiled must be taken by
 * the kernel's decoder, the same policy must give the same bytes, and a refusal must have a reason
 * with a place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/core/ruleset.h"
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The parser library itself loses a buffer on some malformed texts; leaks of our own code are still
 * found.
 */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml\n";
}

static void expect(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "policy_load: %s\n", what);
	abort();
}

static void check_decodes(const uint8_t *blob, size_t len)
{
	struct cordon_decode_error error = { 0 };
	cordon_hash_key key = { { 1, 2 } };
	size_t bytes = cordon_ruleset_bytes(blob, len, &error);
	struct cordon_ruleset *rs = bytes ? calloc(1, bytes) : NULL;

	expect(rs && !cordon_ruleset_decode(rs, blob, len, &key, &error),
	       error.what ? error.what : "no ruleset");
	free(rs);
}

static void check_policy(const struct policy *policy)
{
	struct policy_zone_ids ids = { .n = 0 };
	uint8_t *first, *second;
	size_t first_len, second_len;

	expect(!policy_compile(policy, &ids, &first, &first_len), "what loads does not compile");
	check_decodes(first, first_len);
	/* With the ids of the first run as the old ones nothing may move. */
	expect(!policy_compile(policy, &ids, &second, &second_len), "a second compilation fails");
	expect(first_len == second_len && !memcmp(first, second, first_len),
	       "two compilations differ");
	free(first);
	free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load_memory("fuzz.yaml", (const char *)data, size, &diags);

	expect(!policy == (diags.errors > 0),
	       "a refusal without an error, or an error without a refusal");
	for (size_t i = 0; i < diags.n; i++)
		expect(diags.v[i].text && diags.v[i].pos.line && diags.v[i].pos.column,
		       "a message without text or place");
	if (policy)
		check_policy(policy);
	policy_free(policy);
	policy_diags_free(&diags);
	return 0;
}
