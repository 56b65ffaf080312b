// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * policy_edit_make(): the text of policy.d/90-devices.yaml that admit, move and forget make, and
 * what they refuse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/policy/test.h"

static const char main_text[] =
	"cordon: 1\n"
	"gateway:\n"
	"  ports: {lan: {mode: devices, untagged: 20, tagged: [30]}, trunk: {mode: devices, untagged: none, tagged: [30]},\n"
	"    office: {zone: staff}}\n"
	"  management: console-only\n"
	"zones: {staff: {subnets: [10.1.0.0/16]}, cameras: {}, video: {}}\n"
	"flows: [{from: gateway, to: staff, allow: ping}]\n"
	"devices:\n"
	"  hand: {mac: 02:00:00:00:00:01, zone: cameras, port: lan, addresses: [10.2.0.1]}\n"
	"  twin-a: {mac: 02:00:00:00:00:0a, zone: cameras, vlan: 20}\n"
	"  twin-b: {mac: 02:00:00:00:00:0a, zone: cameras, vlan: 30}\n";

static char root[80], policy_path[120], devices_path[160];

static struct policy *load(void)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(policy_path, &diags);
	char *said = policy ? NULL : test_diags(&diags);

	if (said)
		test_note("%s", said);
	free(said);
	policy_diags_free(&diags);
	return policy;
}

/*
 * Make an edit; carry it out if it is good. Return: whether text and difference, or the sentence,
 * are as expected.
 */
static bool edit(const struct policy_edit *what, const char *expected_text,
		 const char *expected_diff, const char *expected_error)
{
	struct policy *policy = load();
	char *text = NULL, *diff = NULL, error[256] = "";
	bool good;
	int ret;

	if (!policy)
		return false;
	ret = policy_edit_make(policy_path, policy, what, &text, &diff, error, sizeof(error));
	policy_free(policy);
	if (ret) {
		char *at = strstr(error, root);

		while (at) {
			memmove(at, at + strlen(root) + 1, strlen(at + strlen(root) + 1) + 1);
			at = strstr(error, root);
		}
		if (!expected_error || strcmp(error, expected_error) != 0)
			test_note("said: %s", error);
		return expected_error && !strcmp(error, expected_error);
	}
	good = !expected_error && !strcmp(text, expected_text) && !strcmp(diff, expected_diff);
	if (!good)
		test_note("made: %s%s", text, diff);
	test_write(devices_path, text, strlen(text));
	policy = load();
	good &= policy != NULL;
	policy_free(policy);
	free(text);
	free(diff);
	return good;
}

#define FILE_HEAD                                                                                  \
	"# Written by cordon (admit, move, forget); comments here are not kept.\ncordon: 1\ndevices:"
#define CAM2                                                                                       \
	"  cam2:\n    mac: 02:00:00:00:00:02\n    zone: cameras\n    port: [\"lan\"]\n    vlan: 30\n"

static void changes(void)
{
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_ADMIT,
					    .device = "02:00:00:00:00:02",
					    .zone = "cameras",
					    .name = "cam2",
					    .vlan = 30,
					    .port = "lan" },
		     FILE_HEAD "\n" CAM2,
		     "+ cam2: 02:00:00:00:00:02 in zone cameras, port lan, VLAN 30\n", NULL),
		"admit makes the file");
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_ADMIT,
					    .device = "02:00:00:00:00:03",
					    .zone = "quarantine" },
		     FILE_HEAD
		     "\n" CAM2
		     "  dev-020000000003:\n    mac: 02:00:00:00:00:03\n    zone: quarantine\n",
		     "+ dev-020000000003: 02:00:00:00:00:03 in zone quarantine, VLAN 1\n", NULL),
		"admit names what has no name");
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_MOVE,
					    .device = "02:00:00:00:00:03",
					    .zone = "video" },
		     FILE_HEAD "\n" CAM2
			       "  dev-020000000003:\n    mac: 02:00:00:00:00:03\n    zone: video\n",
		     "- dev-020000000003: 02:00:00:00:00:03 in zone quarantine, VLAN 1\n"
		     "+ dev-020000000003: 02:00:00:00:00:03 in zone video, VLAN 1\n",
		     NULL),
		"move changes the zone alone");
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_ADMIT,
					    .device = "02:00:00:00:00:04",
					    .zone = "staff",
					    .name = "pc",
					    .addresses = (const char *[]){ "10.1.0.7", "fd00::7" },
					    .n_addresses = 2 },
		     FILE_HEAD "\n" CAM2
			       "  dev-020000000003:\n    mac: 02:00:00:00:00:03\n    zone: video\n"
			       "  pc:\n    mac: 02:00:00:00:00:04\n    zone: staff\n"
			       "    addresses: [\"10.1.0.7\", \"fd00::7\"]\n",
		     "+ pc: 02:00:00:00:00:04 in zone staff, VLAN 1, 10.1.0.7, fd00::7\n", NULL),
		"admit with addresses");
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_FORGET, .device = "pc" },
		     FILE_HEAD "\n" CAM2
			       "  dev-020000000003:\n    mac: 02:00:00:00:00:03\n    zone: video\n",
		     "- pc: 02:00:00:00:00:04 in zone staff, VLAN 1, 10.1.0.7, fd00::7\n", NULL),
		"forget says all that goes");
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_FORGET, .device = "cam2" },
		     FILE_HEAD
		     "\n  dev-020000000003:\n    mac: 02:00:00:00:00:03\n    zone: video\n",
		     "- cam2: 02:00:00:00:00:02 in zone cameras, port lan, VLAN 30\n", NULL),
		"forget takes one device out");
}

static void keeps_all(void)
{
	static const char before[] =
		"cordon: 1\ndevices:\n  cam9: {mac: 02:00:00:00:00:09, zone: staff, port: [lan, trunk], vlan: 30, roles: [router, querier], addresses: [10.1.0.9, \"fd00::9\"], limits: {down: 1500kbit/s, packets: 50/s}}\n";

	test_write(devices_path, before, strlen(before));
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_ADMIT,
					    .device = "02:00:00:00:00:08",
					    .zone = "video" },
		     FILE_HEAD
		     "\n  cam9:\n    mac: 02:00:00:00:00:09\n    zone: staff\n    port: [\"lan\", \"trunk\"]\n    vlan: 30\n"
		     "    limits: {packets: 50/s, down: 1500kbit/s}\n"
		     "    roles: [router, querier]\n"
		     "    addresses: [\"10.1.0.9\", \"fd00::9\"]\n  dev-020000000008:\n    mac: 02:00:00:00:00:08\n    zone: video\n",
		     "+ dev-020000000008: 02:00:00:00:00:08 in zone video, VLAN 1\n", NULL),
		"what else the file says of devices is kept");
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_FORGET, .device = "10.1.0.9" },
		     FILE_HEAD
		     "\n  dev-020000000008:\n    mac: 02:00:00:00:00:08\n    zone: video\n",
		     "- cam9: 02:00:00:00:00:09 in zone staff, port lan, trunk, VLAN 30, 10.1.0.9, fd00::9\n", NULL),
		"a device is found by its address");
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_FORGET, .device = "dev-020000000008" },
		     FILE_HEAD " {}\n",
		     "- dev-020000000008: 02:00:00:00:00:08 in zone video, VLAN 1\n", NULL),
		"the last device leaves an empty file that loads");
}

static const char *const no_address[] = { "10.1.0" };

static void refusals(void)
{
	static const struct {
		struct policy_edit edit;
		const char *error;
	} bad[] = {
		{ { .verb = POLICY_MOVE, .device = "hand", .zone = "video" },
		  "device 'hand' stands in policy.yaml:9; change it there" },
		{ { .verb = POLICY_FORGET, .device = "10.2.0.1" },
		  "device 'hand' stands in policy.yaml:9; change it there" },
		{ { .verb = POLICY_FORGET, .device = "nobody" }, "there is no device 'nobody'" },
		{ { .verb = POLICY_FORGET, .device = "02:00:00:00:00:0a" },
		  "'02:00:00:00:00:0a' is 'twin-a' and 'twin-b'; name the device" },
		{ { .verb = POLICY_ADMIT, .device = "cam", .zone = "video" },
		  "'cam' cannot be admitted; a MAC address is six bytes such as 02:00:00:00:00:01" },
		{ { .verb = POLICY_ADMIT, .device = "02:00:00:00:00:05", .zone = "vidoe" },
		  "there is no zone 'vidoe' for a device; did you mean 'video'?" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:05",
		    .zone = "video",
		    .addresses = no_address,
		    .n_addresses = 1 },
		  "'10.1.0' is no address of a device; an address is such as 10.20.0.11 or \"fd00:20::11\"" },
		{ { .verb = POLICY_ADMIT, .device = "02:00:00:00:00:05", .zone = "wan" },
		  "there is no zone 'wan' for a device" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:05",
		    .zone = "video",
		    .name = "A" },
		  "'A' is no name of a device; 1-63 of a-z, 0-9, '.', '_' and '-', a letter or digit first" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:05",
		    .zone = "video",
		    .name = "staff" },
		  "'staff' is the name of a zone; choose another" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:05",
		    .zone = "video",
		    .name = "hand" },
		  "there is a device 'hand' already, in policy.yaml:9" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:01",
		    .zone = "video",
		    .port = "lan" },
		  "02:00:00:00:00:01 in VLAN 20 is device 'hand' already, in policy.yaml:9" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:05",
		    .zone = "video",
		    .port = "office" },
		  "port 'office' takes no devices" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:05",
		    .zone = "video",
		    .port = "lam" },
		  "there is no port 'lam'" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:05",
		    .zone = "video",
		    .port = "trunk" },
		  "port 'trunk' has no untagged VLAN; give the VLAN" },
		{ { .verb = POLICY_ADMIT,
		    .device = "02:00:00:00:00:05",
		    .zone = "video",
		    .vlan = 4095 },
		  "4095 is no VLAN; VLAN ids are 1-4094" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		test_ok(edit(&bad[i].edit, NULL, NULL, bad[i].error), "edit refuses: %s",
			bad[i].error);
}

static void foreign_file(void)
{
	static const char text[] = "cordon: 1\nzones: {guests: {}}\n";

	test_write(devices_path, text, strlen(text));
	test_ok(edit(&(struct policy_edit){ .verb = POLICY_ADMIT,
					    .device = "02:00:00:00:00:05",
					    .zone = "video" },
		     NULL, NULL,
		     "policy.d/90-devices.yaml:2: a zone stands in the file that cordon rewrites; move it to another file of policy.d"),
		"edit refuses to lose what is not a device");
}

void test_edit(void)
{
	snprintf(root, sizeof(root), "%s", test_directory());
	snprintf(policy_path, sizeof(policy_path), "%s/policy.yaml", root);
	snprintf(devices_path, sizeof(devices_path), "%s/policy.d", root);
	mkdir(devices_path, 0755);
	snprintf(devices_path, sizeof(devices_path), "%s/policy.d/90-devices.yaml", root);
	test_write(policy_path, main_text, strlen(main_text));
	changes();
	keeps_all();
	refusals();
	foreign_file();
}
