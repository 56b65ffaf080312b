// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Policy in, nftables text out. Every tests/golden/nft/NAME.yaml and policy/examples/NAME.yaml has its text beside it or in
 * tests/golden/nft/NAME.nft; one of them also as an even generation. UPDATE=1 writes the texts anew; read the difference before committing it. Runs in the top directory.
 */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "nft/nft.h"
#include "tests/unit/nft/tap.h"

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!f)
		return NULL;
	if (getdelim(&text, &size, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

static bool write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	bool good = f && fputs(text, f) >= 0;

	return f && !fclose(f) && good;
}

static char *render(const struct policy *policy, uint64_t generation)
{
	struct policy_pairs pairs = { 0 };
	struct policy_zone_ids ids = { .n = 0 };
	uint8_t *blob = NULL;
	size_t len;
	char *text = NULL;

	if (!policy_pairs_make(policy, &pairs) && !policy_compile(policy, &ids, &blob, &len))
		nft_render(policy, &pairs, &ids, generation, &text);
	policy_pairs_free(&pairs);
	free(blob);
	return text;
}

static char *render_file(const char *path, uint64_t generation)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(path, &diags);
	char *text = policy ? render(policy, generation) : NULL;

	if (!policy)
		policy_diags_print(&diags, stdout, false);
	policy_free(policy);
	policy_diags_free(&diags);
	return text;
}

/* The first line that differs, for the reader of the log. */
static void tell(const char *golden, const char *seen, const char *text)
{
	unsigned int line = 1;

	for (; *seen && *seen == *text; seen++, text++)
		line += *seen == '\n';
	printf("# %s:%u differs; UPDATE=1 rewrites it\n", golden, line);
}

static void check(const char *path, uint64_t generation)
{
	const char *name = strrchr(path, '/') + 1;
	char golden[512], error[200] = "", title[300];
	char *text = render_file(path, generation), *expected;

	snprintf(golden, sizeof(golden), "tests/golden/nft/%.*s%s.nft", (int)strcspn(name, "."), name,
		 generation == 1 ? "" : "-even");
	if (text && getenv("UPDATE") && !write_file(golden, text))
		printf("# cannot write %s: %s\n", golden, strerror(errno));
	expected = read_file(golden);
	if (text && expected && strcmp(text, expected))
		tell(golden, expected, text);
	snprintf(title, sizeof(title), "nft text of %s, generation %u", path, (unsigned int)generation);
	ok(text && expected && !strcmp(text, expected), title);
	snprintf(title, sizeof(title), "nft text of %s, generation %u, is verified", path, (unsigned int)generation);
	if (!ok(text && !nft_verify(text, error, sizeof(error)), title))
		printf("# %s\n", error);
	free(text);
	free(expected);
}

int main(void)
{
	glob_t found = { 0 };

	glob("tests/golden/nft/*.yaml", 0, NULL, &found);
	glob("policy/examples/*.yaml", GLOB_APPEND, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check(found.gl_pathv[i], 1);
	check("tests/golden/nft/topology.yaml", 2);
	ok(found.gl_pathc >= 5, "there are goldens");
	globfree(&found);
	return tap_end();
}
