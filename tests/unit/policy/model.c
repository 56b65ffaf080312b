// SPDX-License-Identifier: GPL-2.0-or-later
/* What a good policy becomes: defaults, expansion, warnings, sizes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/policy/test.h"

static const char rich[] =
	"cordon: 1\n"
	"gateway:\n"
	"  ports:\n"
	"    lan1: devices\n"
	"    lan2: {mode: devices, untagged: 20, tagged: [40, 30]}\n"
	"    lan3: {mode: devices, untagged: none, tagged: [20, 30]}\n"
	"    office: {zone: staff}\n"
	"  uplinks: {wan0: {masquerade: both}, wan1: {}, wan2: {masquerade: none}}\n"
	"  management: {from: staff, allow: ssh}\n"
	"zones: {staff: {subnets: [10.1.0.0/16]}, cameras: {}, video: {}}\n"
	"services: {b: [a, tcp/81], a: [tcp/80, http, c], c: udp/9}\n"
	"devices:\n"
	"  one: {mac: 02:00:00:00:00:01, zone: cameras}\n"
	"  two: {mac: 02:00:00:00:00:02, zone: cameras, port: lan2, addresses: [10.9.0.2, \"fd00::2\"]}\n"
	"  three: {mac: 02:00:00:00:00:02, zone: quarantine, port: [lan3, lan2], vlan: 30, addresses: [10.1.0.3]}\n"
	"flows:\n"
	"  - {from: any, to: [video, gateway], allow: b}\n"
	"  - {from: gateway, to: wan, allow: all}\n"
	"  - {from: staff, to: video, deny: [b], log: true}\n";

static void ports(const struct policy *policy)
{
	const struct policy_port *p = policy->ports;

	test_ok(policy->n_ports == 7 && !strcmp(p[0].name, "lan1") &&
			p[0].mode == POLICY_PORT_DEVICES && p[0].untagged == 1 && !p[0].n_tagged,
		"a devices port has VLAN 1 untagged");
	test_ok(p[1].untagged == 20 && p[1].n_tagged == 2 && p[1].tagged[0] == 30 &&
			p[1].tagged[1] == 40 && p[2].untagged == 0,
		"tagged VLANs are sorted, 'none' is no VLAN");
	test_ok(p[3].mode == POLICY_PORT_ZONE && p[3].zone == POLICY_ZONE_FIRST,
		"a zone port has its zone");
	test_ok(p[4].mode == POLICY_PORT_UPLINK && p[4].masquerade4 && p[4].masquerade6 &&
			p[5].masquerade4 && !p[5].masquerade6 && !p[6].masquerade4 &&
			p[6].zone == POLICY_ZONE_WAN,
		"uplinks masquerade ipv4 unless they say otherwise");
}

static void devices(const struct policy *policy)
{
	const struct policy_device *d = policy->devices;

	test_ok(policy->n_devices == 3 && d[0].vlan == 1 && !d[0].n_ports && !d[0].vlan_given,
		"a device without a port is in VLAN 1");
	test_ok(d[1].vlan == 20 && d[1].n_ports == 1 && d[1].ports[0] == 1 &&
			d[1].n_addresses == 2 && d[1].addresses[0].addr[11] == 0xff,
		"a device is in the untagged VLAN of its port");
	test_ok(d[2].zone == POLICY_ZONE_QUARANTINE && d[2].vlan_given && d[2].n_ports == 2,
		"one MAC may be two devices of two VLANs, one in quarantine");
}

static void flows(const struct policy *policy)
{
	const struct policy_flow *f = policy->flows;

	test_ok(policy->n_flows == 4 && f[0].management && f[0].from[0] == POLICY_ZONE_FIRST &&
			f[0].to[0] == POLICY_ZONE_GATEWAY &&
			policy->management_zone == POLICY_ZONE_FIRST && !policy->console_only,
		"management is a flow");
	test_ok(!policy->refuse_offload, "hardware-offload is an alert");
	test_ok(f[1].n_from == 3 && f[1].n_to == 2 && !strcmp(f[1].services, "b"),
		"any is every declared zone");
	test_ok(f[1].entries.n == 2 && f[1].entries.v[0].low == 80 &&
			f[1].entries.v[0].high == 81 && f[1].entries.v[1].proto == 17,
		"services are resolved in any order and merged");
	test_ok(f[2].entries.n == 1 && f[2].entries.v[0].kind == CORDON_ENTRY_ALL && f[3].deny &&
			f[3].log,
		"all is one entry");
	test_ok(f[3].pos.line == 19 && f[3].pos.column == 5, "a flow knows where it stands");
}

static void warnings(void)
{
	static const char text[] =
		"cordon: 1\n"
		"gateway: {ports: {lan: devices, s: {zone: a}}, management: {from: a, allow: [ssh, http]}}\n"
		"zones: {a: {}, b: {subnets: [10.0.0.0/8, 10.1.0.0/16]}, c: {}}\n"
		"devices: {d: {mac: 02:00:00:00:00:01, zone: b, vlan: 9}, e: {mac: 02:00:00:00:00:02, zone: a, addresses: [192.0.2.1]}}\n"
		"flows:\n"
		"  - {from: a, to: b, allow: [http, https]}\n"
		"  - {from: a, to: b, allow: https}\n"
		"  - {from: [a, b], to: b, allow: all}\n"
		"  - {from: a, to: gateway, allow: ssh}\n"
		"  - {from: b, to: a, deny: all}\n"
		"  - {from: b, to: a, deny: ssh, log: true}\n"
		"  - {from: a, to: b, deny: telnet}\n"
		"  - {from: a, to: b, deny: telnet}\n";
	static const char expected[] =
		"w.yaml:2:10: warning: no flow starts at gateway: the box itself cannot resolve names, set its clock or fetch updates\n"
		"w.yaml:2:33: warning: zone 'a' of port 's' has no subnets: nothing from there is accepted\n"
		"w.yaml:3:42: warning: subnet 10.1.0.0/16 of zone 'b' is inside another of its subnets\n"
		"w.yaml:3:30: note: 10.0.0.0/8 stands here\n"
		"w.yaml:3:57: warning: zone 'c' is used by no port, device or flow\n"
		"w.yaml:4:11: warning: device 'd' is in VLAN 9, which no port carries: it cannot be seen\n"
		"w.yaml:6:5: warning: this flow adds nothing: another one contains all of it\n"
		"w.yaml:8:5: note: the other flow stands here\n"
		"w.yaml:7:5: warning: this flow adds nothing: another one contains all of it\n"
		"w.yaml:6:5: note: the other flow stands here\n"
		"w.yaml:9:5: warning: this flow adds nothing: another one contains all of it\n"
		"w.yaml:2:60: note: management stands here\n"
		"w.yaml:10:5: warning: this deny takes nothing away: no flow allows any of it\n"
		"w.yaml:13:5: warning: this flow adds nothing: another one contains all of it\n"
		"w.yaml:12:5: note: the other flow stands here\n";
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load_memory("w.yaml", text, strlen(text), &diags);
	char *said = test_diags(&diags);

	if (!test_ok(policy && !strcmp(said, expected),
		     "flows and zones without effect are warned of, in order"))
		test_note("said: %s", said);
	free(said);
	policy_free(policy);
	policy_diags_free(&diags);
}

static void json(void)
{
	static const char text[] =
		"{\"cordon\": 1, \"gateway\": {\"ports\": {\"lan\": \"devices\"}, \"management\": \"console-only\", \"hardware-offload\": \"refuse\"},\r\n"
		" \"zones\": {\"a\": {\"subnets\": [\"10.0.0.0/8\"]}}, \"devices\": {}, \"services\": {}, \"flows\": []}\r\n";
	struct policy *policy = test_policy(text);

	test_ok(policy && policy->console_only && policy->refuse_offload && policy->management_zone == -1 &&
			policy->n_zones == POLICY_ZONE_FIRST + 1,
		"JSON is a policy, and so are CRLF line ends");
	policy_free(policy);
}

/* Sort-based checks stay sort-based. */
static void many_devices(void)
{
	const unsigned int n = 200000;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct policy *policy;
	clock_t start;
	double seconds;

	fprintf(out,
		"cordon: 1\ngateway: {ports: {lan: devices}, management: console-only}\nzones: {a: {subnets: [10.0.0.0/8]}}\n"
		"flows: [{from: gateway, to: a, allow: ping}]\ndevices:\n");
	for (unsigned int i = 0; i < n; i++)
		fprintf(out,
			"  d%u: {mac: 02:00:%02x:%02x:%02x:%02x, zone: a, addresses: [10.%u.%u.%u]}\n",
			i, i >> 24, i >> 16 & 255, i >> 8 & 255, i & 255, i >> 16, i >> 8 & 255,
			i & 255);
	fclose(out);
	start = clock();
	policy = test_policy(text);
	seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	test_ok(policy && policy->n_devices == n && seconds < 60, "%u devices load (%.1f s)", n,
		seconds);
	policy_free(policy);
	free(text);
}

/* Services that contain each other do not grow beyond what they mean. */
static void doubling_services(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct policy *policy;

	fprintf(out,
		"cordon: 1\ngateway: {ports: {lan: devices}, management: console-only}\nzones: {a: {}}\n"
		"flows: [{from: gateway, to: a, allow: s2000}]\nservices:\n  s0: tcp/1\n");
	for (unsigned int i = 1; i <= 2000; i++)
		fprintf(out, "  s%u: [s%u, s%u, tcp/%u]\n", i, i - 1, i - 1, i + 1);
	fclose(out);
	policy = test_policy(text);
	test_ok(policy && policy->flows[0].entries.n == 1 &&
			policy->flows[0].entries.v[0].high == 2001,
		"a chain of 2000 services that each name the one before twice is one range");
	policy_free(policy);
	free(text);
}

void test_model(void)
{
	struct policy *policy = test_policy(rich);

	if (test_ok(policy != NULL, "a policy with everything loads")) {
		ports(policy);
		devices(policy);
		flows(policy);
	}
	policy_free(policy);
	warnings();
	json();
	many_devices();
	doubling_services();
}
