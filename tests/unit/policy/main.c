// SPDX-License-Identifier: GPL-2.0-or-later
/* The policy library's test program. Runs from the repository's root without arguments. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kmod/core/ruleset.h"
#include "tests/unit/policy/test.h"

static unsigned int cases, failures;

bool test_ok(bool good, const char *fmt, ...)
{
	va_list args;

	printf("%sok %u - policy: ", good ? "" : "not ", ++cases);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	failures += !good;
	return good;
}

void test_note(const char *fmt, ...)
{
	va_list args;

	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

char *test_read(const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	char *text = NULL;
	long size;

	if (!in)
		return NULL;
	if (!fseek(in, 0, SEEK_END) && (size = ftell(in)) >= 0 && !fseek(in, 0, SEEK_SET) &&
	    (text = malloc((size_t)size + 1))) {
		size_t got = fread(text, 1, (size_t)size, in);

		text[got] = '\0';
		if (len)
			*len = got;
	}
	fclose(in);
	return text;
}

bool test_write(const char *path, const char *text, size_t len)
{
	FILE *out = fopen(path, "wb");
	bool good = out && fwrite(text, 1, len, out) == len;

	if (out && fclose(out))
		good = false;
	return good;
}

bool test_updating(void)
{
	return getenv("UPDATE") != NULL;
}

bool test_same(const char *path, const char *text, size_t len)
{
	size_t golden_len = 0, line = 1;
	char *golden;
	bool same;

	if (test_updating())
		return test_write(path, text, len);
	golden = test_read(path, &golden_len);
	if (!golden) {
		test_note("%s: %s", path, strerror(errno));
		return false;
	}
	same = golden_len == len && !memcmp(golden, text, len);
	if (!same) {
		for (size_t i = 0; i < len && i < golden_len && golden[i] == text[i]; i++)
			line += text[i] == '\n';
		test_note("%s:%zu: differs from what was made", path, line);
	}
	free(golden);
	return same;
}

char *test_diags(const struct policy_diags *diags)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	policy_diags_print(diags, out, false);
	fclose(out);
	return text;
}

struct policy *test_policy(const char *text)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load_memory("test.yaml", text, strlen(text), &diags);
	char *said = policy ? NULL : test_diags(&diags);

	if (said)
		test_note("%s", said);
	free(said);
	policy_diags_free(&diags);
	return policy;
}

bool test_decodes(const uint8_t *blob, size_t len)
{
	struct cordon_decode_error error = { 0 };
	cordon_hash_key key = { { 1, 2 } };
	size_t bytes = cordon_ruleset_bytes(blob, len, &error);
	struct cordon_ruleset *rs = bytes ? calloc(1, bytes) : NULL;
	bool good = rs && !cordon_ruleset_decode(rs, blob, len, &key, &error);

	if (!good)
		test_note("at %u: %s", error.offset, error.what ? error.what : "?");
	free(rs);
	return good;
}

const char *test_directory(void)
{
	static char path[64];
	static unsigned int n;

	mkdir("build", 0755);
	mkdir("build/tests", 0755);
	snprintf(path, sizeof(path), "build/tests/policy.%d.%u", (int)getpid(), n++);
	mkdir(path, 0755);
	return path;
}

int main(void)
{
	test_values();
	test_entries();
	test_refused();
	test_files();
	test_model();
	test_pairs();
	test_compile();
	test_golden();
	test_edit();
	test_explain();
	test_verdicts();
	test_schema();
	test_documents();
	test_nomem();
	printf("1..%u\n", cases);
	return failures != 0;
}
