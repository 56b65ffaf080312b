// SPDX-License-Identifier: GPL-2.0-or-later
/* policy_load(): policy.d, its order, names in two files, and files that cannot be read. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/policy/test.h"

static const char main_text[] =
	"cordon: 1\n"
	"gateway: {ports: {lan: devices, office: {zone: staff}}, management: console-only}\n"
	"zones: {staff: {subnets: [10.1.0.0/16]}}\n"
	"flows: [{from: gateway, to: staff, allow: ping}]\n";

struct directory {
	char root[80], policy[120], extra[120];
};

static struct directory directory_make(void)
{
	struct directory directory;

	snprintf(directory.root, sizeof(directory.root), "%s", test_directory());
	snprintf(directory.policy, sizeof(directory.policy), "%s/policy.yaml", directory.root);
	snprintf(directory.extra, sizeof(directory.extra), "%s/policy.d", directory.root);
	test_write(directory.policy, main_text, strlen(main_text));
	mkdir(directory.extra, 0755);
	return directory;
}

static void extra_write(const struct directory *directory, const char *name, const char *text)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", directory->extra, name);
	test_write(path, text, strlen(text));
}

/*
 * The messages of a load with the directory's name taken out; the policy's number of devices, or
 * -1.
 */
static char *load(const struct directory *directory, long *devices)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(directory->policy, &diags);
	char *said = test_diags(&diags), *at;
	size_t len = strlen(directory->root) + 1;

	while ((at = strstr(said, directory->root)))
		memmove(at, at + len, strlen(at + len) + 1);
	*devices = policy ? (long)policy->n_devices : -1;
	policy_free(policy);
	policy_diags_free(&diags);
	return said;
}

static void expect(const struct directory *directory, long devices, const char *expected,
		   const char *name)
{
	long got;
	char *said = load(directory, &got);

	if (!test_ok(got == devices && !strcmp(said, expected), "%s", name))
		test_note("%ld devices, said: %s", got, said);
	free(said);
}

static void several_files(void)
{
	struct directory directory = directory_make();

	expect(&directory, 0, "", "an empty policy.d adds nothing");
	extra_write(&directory, "20-b.yaml",
		    "cordon: 1\ndevices: {b: {mac: 02:00:00:00:00:02, zone: guests}}\n");
	extra_write(
		&directory, "10-a.yaml",
		"cordon: 1\nzones: {guests: {}}\ndevices: {a: {mac: 02:00:00:00:00:01, zone: staff}}\n");
	extra_write(&directory, "notes.txt", "not a policy");
	extra_write(&directory, ".hidden.yaml", "not a policy");
	expect(&directory, 2, "", "files of policy.d add up, others are left alone");
	extra_write(&directory, "30-c.yaml",
		    "cordon: 1\nzones: {staff: {}}\nservices: {x: tcp/1}\n"
		    "devices: {a: {mac: 02:00:00:00:00:03, zone: staff}}\n");
	extra_write(&directory, "40-d.yaml",
		    "cordon: 1\nservices: {x: tcp/2}\ngateway: {management: console-only}\n");
	expect(&directory, -1,
	       "policy.d/30-c.yaml:2:9: error: zone 'staff' is defined twice; a name stands in one file\n"
	       "policy.yaml:3:9: note: 'staff' is defined here already\n"
	       "policy.d/30-c.yaml:4:11: error: device 'a' is defined twice; a name stands in one file\n"
	       "policy.d/10-a.yaml:3:11: note: 'a' is defined here already\n"
	       "policy.d/40-d.yaml:2:12: error: service 'x' is defined twice; a name stands in one file\n"
	       "policy.d/30-c.yaml:3:12: note: 'x' is defined here already\n"
	       "policy.d/40-d.yaml:3:10: error: a second 'gateway'; it stands in one file only\n"
	       "policy.yaml:2:10: note: 'gateway' stands here already\n",
	       "names in two files are refused, both named");
}

static void broken_files(void)
{
	struct directory directory = directory_make();
	char loop[200], gone[200], sub[200], fifo[200];

	snprintf(loop, sizeof(loop), "%s/10-loop.yaml", directory.extra);
	snprintf(gone, sizeof(gone), "%s/20-gone.yaml", directory.extra);
	snprintf(sub, sizeof(sub), "%s/30-directory.yaml", directory.extra);
	snprintf(fifo, sizeof(fifo), "%s/40-fifo.yaml", directory.extra);
	test_ok(!symlink("10-loop.yaml", loop) && !symlink("nowhere", gone) && !mkdir(sub, 0755) &&
			!mkfifo(fifo, 0644),
		"the files that cannot be read are there");
	expect(&directory, -1,
	       "policy.d/10-loop.yaml:1:1: error: cannot be read: Too many levels of symbolic links; a policy is made of text files\n"
	       "policy.d/20-gone.yaml:1:1: error: cannot be read: No such file or directory; a policy is made of text files\n"
	       "policy.d/30-directory.yaml:1:1: error: cannot be read: Is a directory; a policy is made of text files\n"
	       "policy.d/40-fifo.yaml:1:1: error: not a regular file; a policy is a text file\n",
	       "a symlink loop, a dead link, a directory and a FIFO are refused");
}

static void unreadable(void)
{
	struct directory directory = directory_make();
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load("build/no-such-policy.yaml", &diags);
	char *said = test_diags(&diags);

	test_ok(!policy &&
			!strcmp(said,
				"build/no-such-policy.yaml:1:1: error: cannot be read: No such file or directory; a policy is made of text files\n"),
		"a policy that is not there is an error");
	free(said);
	policy_diags_free(&diags);
	rmdir(directory.extra);
	test_write(directory.extra, "", 0);
	expect(&directory, -1, "policy.d:1:1: error: cannot be read: Not a directory; a policy is made of text files\n",
	       "a file in the place of policy.d is refused");
	unlink(directory.extra);
	expect(&directory, 0, "", "policy.d need not be there");
	test_ok(!truncate(directory.policy, 65L << 20), "a policy is made sparse");
	expect(&directory, -1, "policy.yaml:1:1: error: the policy is larger than 64 MiB in all; split the network over several gateways\n",
	       "a sparse file of 65 MiB is refused by its size");
	unlink(directory.policy);
	rmdir(directory.root);
}

static void all_files_report(void)
{
	struct directory directory = directory_make();

	extra_write(&directory, "10-a.yaml", "cordon: 1\nzones: {guests: {subnets: [x]}}\n");
	extra_write(&directory, "20-b.yaml",
		    "cordon: 1\nflows: [{from: guests, to: stuff, allow: ping}]\n");
	expect(&directory, -1,
	       "policy.d/10-a.yaml:2:28: error: 'x' is no subnet of a zone; a subnet is such as 10.20.0.0/24 or \"fd00:20::/64\"\n"
	       "policy.d/20-b.yaml:2:28: error: there is no zone 'stuff'; did you mean 'staff'?\n",
	       "errors of all files are reported at once");
	extra_write(&directory, "10-a.yaml", "cordon: 1\nzones: [\n");
	extra_write(&directory, "20-b.yaml", "cordon: 1\nzones: ]\n");
	{
		long devices;
		char *said = load(&directory, &devices);

		test_ok(devices < 0 && strstr(said, "policy.d/10-a.yaml:") &&
				strstr(said, "policy.d/20-b.yaml:"),
			"syntax errors of all files are reported at once");
		free(said);
	}
}

void test_files(void)
{
	several_files();
	broken_files();
	unreadable();
	all_files_report();
}
