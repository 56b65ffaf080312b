// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bad policies and the exact messages they get: tests/golden/policy/refused.txt, whose head says
 * how it is written; and those that cannot stand in a text file.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/policy/test.h"

#define TABLE "tests/golden/policy/refused.txt"

static const char head[] =
	"cordon: 1\n"
	"gateway: {ports: {lan: devices, office: {zone: staff}}, uplinks: [wan0], management: console-only}\n"
	"zones: {staff: {subnets: [10.1.0.0/16]}, cameras: {subnets: [10.2.0.0/16, \"fd00:2::/64\"]}}\n";

/* A case: "=== name", the policy, ">>>", its messages. */
struct refusal {
	char *name, *policy, *expected;
};

static char *policy_text(const char *text)
{
	bool with_head = !strncmp(text, "%head\n", 6);
	size_t size = sizeof(head) + strlen(text) + 1;
	char *full = malloc(size);

	if (full)
		snprintf(full, size, "%s%s", with_head ? head : "", with_head ? text + 6 : text);
	return full;
}

static char *load_and_print(const char *text, bool *refused)
{
	struct policy_diags diags = { 0 };
	char *full = policy_text(text), *said;
	struct policy *policy = policy_load_memory("policy.yaml", full, strlen(full), &diags);

	*refused = !policy;
	said = test_diags(&diags);
	policy_free(policy);
	policy_diags_free(&diags);
	free(full);
	return said;
}

/* Cut the next case out of @text, which is changed. */
static char *next_case(char *text, struct refusal *refusal)
{
	char *end, *divider;

	if (strncmp(text, "=== ", 4) != 0)
		return NULL;
	refusal->name = text + 4;
	end = strchr(text, '\n');
	*end = '\0';
	refusal->policy = end + 1;
	divider = strstr(refusal->policy, "\n>>>\n");
	if (!divider)
		return NULL;
	divider[1] = '\0';
	refusal->expected = divider + 5;
	end = strstr(refusal->expected, "\n=== ");
	if (!end)
		return refusal->expected + strlen(refusal->expected);
	*end = '\0';
	return end + 1;
}

/* Whether each error also says what would be right. */
static bool all_helpful(const char *said)
{
	for (const char *at = strstr(said, " error: "); at; at = strstr(at + 1, " error: ")) {
		size_t len = strcspn(at, "\n");

		if (!memmem(at, len, ";", 1) && !memmem(at, len, "needs", 5)) {
			test_note("no help: %.*s", (int)len, at);
			return false;
		}
	}
	return true;
}

static void table_run(char *text, FILE *updated)
{
	struct refusal refusal;
	char *next = strstr(text, "\n=== ");
	size_t n = 0;

	if (next)
		*next++ = '\0';
	fprintf(updated, "%s", text);
	while (next && (next = next_case(next, &refusal))) {
		size_t len = strlen(refusal.expected);
		bool refused, same;
		char *said = load_and_print(refusal.policy, &refused);

		fprintf(updated, "\n=== %s\n%s>>>\n%s", refusal.name, refusal.policy, said);
		/* The blank line between cases belongs to none. */
		same = !strncmp(said, refusal.expected, strlen(said)) && len <= strlen(said) + 1;
		if (!test_ok(refused && (same || test_updating()), "refuses %s", refusal.name))
			test_note("said: %s", said);
		if (!all_helpful(said))
			test_ok(false, "%s: says what would be right", refusal.name);
		free(said);
		n++;
	}
	test_ok(n >= 60, "at least 60 malformed policies are refused (%zu)", n);
}

static bool says(const char *text, size_t len, const char *expected)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load_memory("policy.yaml", text, len, &diags);
	char *said = test_diags(&diags);
	bool good = !policy && !strncmp(said, expected, strlen(expected));

	if (!good)
		test_note("said: %.300s", said);
	policy_free(policy);
	policy_diags_free(&diags);
	free(said);
	return good;
}

static void refuse_bytes(void)
{
	static const char nul[] = "cordon: 1\nzo\0nes: {}\n";
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ "cordon: 1\n# \xff\n",
		  "policy.yaml:2:3: error: invalid UTF-8; save the file as UTF-8\n" },
		{ "cordon: 1\n# \xc3\xa4\xc3\n",
		  "policy.yaml:2:4: error: invalid UTF-8; save the file as UTF-8\n" },
		{ "\xed\xa0\x80",
		  "policy.yaml:1:1: error: invalid UTF-8; save the file as UTF-8\n" },
		{ "\xc0\xaf", "policy.yaml:1:1: error: invalid UTF-8; save the file as UTF-8\n" },
		{ "\xf4\x90\x80\x80",
		  "policy.yaml:1:1: error: invalid UTF-8; save the file as UTF-8\n" },
		{ "\xe2\x82", "policy.yaml:1:1: error: invalid UTF-8; save the file as UTF-8\n" },
		{ "cordon: 1\rzones: {}\n",
		  "policy.yaml:1:10: error: odd line separator; lines end with LF or CRLF\n" },
		{ "cordon: 1\xe2\x80\xa8",
		  "policy.yaml:1:10: error: odd line separator; lines end with LF or CRLF\n" },
		{ "\xef\xbb\xbf%a",
		  "policy.yaml:1:2: error: directives are not part of the policy language; remove the line with '%'\n" },
		{ "a\x1b[31m",
		  "policy.yaml:1:2: error: control character; a policy is UTF-8 text with tabs and line ends only\n" },
	};

	test_ok(says(nul, sizeof(nul) - 1,
		     "policy.yaml:2:3: error: NUL byte; a policy is UTF-8 text\n"),
		"refuses a NUL byte");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		test_ok(says(bad[i].text, strlen(bad[i].text), bad[i].message),
			"refuses bad bytes, case %zu", i + 1);
}

/* @unit again and again behind @start, @bytes in all. */
static void refuse_flood(const char *start, const char *unit, size_t bytes, const char *expected,
			 const char *name)
{
	size_t unit_len = strlen(unit), used = strlen(start);
	char *text = malloc(bytes + unit_len);

	memcpy(text, start, used);
	for (; used + unit_len <= bytes; used += unit_len)
		memcpy(text + used, unit, unit_len);
	test_ok(says(text, used, expected), "refuses %s", name);
	free(text);
}

static void refuse_floods(void)
{
	static const char deep[] = ": error: nested more than 16 deep; a policy needs far less\n";
	static const char endless[] = ": error: no value is complete within 128 KiB from here";
	static const char large[] = "policy.yaml:1:1: error: the policy is larger than 64 MiB; split the network over several gateways\n";
	const size_t mib = 1 << 20;
	char expected[200];

	refuse_flood("", "[", 100 * mib, large, "100 MB of nesting");
	snprintf(expected, sizeof(expected), "policy.yaml:1:17%s", deep);
	refuse_flood("", "[", 60 * mib, expected, "60 MB of lists in lists");
	snprintf(expected, sizeof(expected), "policy.yaml:1:65%s", deep);
	refuse_flood("", "{a: ", 60 * mib, expected, "60 MB of mappings in mappings");
	snprintf(expected, sizeof(expected), "policy.yaml:17:1%s", deep);
	refuse_flood("", "[\n", 60 * mib, expected,
		     "60 MB of lists in lists on lines of their own");
	snprintf(expected, sizeof(expected), "policy.yaml:1:33%s", deep);
	refuse_flood("", "- ", 60 * mib, expected, "60 MB of block lists in block lists");
	snprintf(expected, sizeof(expected), "policy.yaml:1:1%s", endless);
	refuse_flood("", "\n", 60 * mib, expected, "60 MB of empty lines");
	refuse_flood("\"", "x", 60 * mib, expected, "60 MB of an open string");
	snprintf(expected, sizeof(expected), "policy.yaml:1:1%s", endless);
	refuse_flood("[", "a,", 60 * mib, expected, "60 MB in one line");
	refuse_flood("cordon: 1\nflows:\n", "- {}\n", 60 * mib, "policy.yaml:", "12 million flows");
}

/* The worst of them, in a process that may have no more than so much memory. */
static void floods_bounded(void)
{
	const struct rlimit room = { 400U << 20, 400U << 20 };
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		static char text[50 << 20];
		struct policy_diags diags = { 0 };

		memset(text, '[', sizeof(text));
		setrlimit(RLIMIT_AS, &room);
		_exit(policy_load_memory("policy.yaml", text, sizeof(text), &diags) ||
		      !strstr(test_diags(&diags), "nested more than 16 deep"));
	}
	if (child > 0)
		waitpid(child, &status, 0);
	test_ok(WIFEXITED(status) && !WEXITSTATUS(status), "50 MB of nesting in 400 MB of memory");
}

void test_refused(void)
{
	char *table = test_read(TABLE, NULL), *updated = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&updated, &size);

	if (test_ok(table && out, "the table of bad policies is there"))
		table_run(table, out);
	if (out)
		fclose(out);
	if (test_updating() && updated)
		test_write(TABLE, updated, size);
	free(updated);
	free(table);
	refuse_bytes();
	refuse_floods();
	floods_bounded();
}
