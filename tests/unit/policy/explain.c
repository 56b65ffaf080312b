// SPDX-License-Identifier: GPL-2.0-or-later
/* policy_explain(): the steps and the flow it names, and questions that mean nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/core/decide.h"
#include "tests/unit/policy/test.h"

static const char text[] =
	"cordon: 1\n"
	"gateway:\n"
	"  ports: {p1: devices, p2: {mode: devices, untagged: none, tagged: [1, 9]}, office: {zone: staff}}\n"
	"  uplinks: [wan0]\n"
	"  management: {from: staff, allow: ssh}\n"
	"zones: {staff: {subnets: [10.1.0.0/16]}, a: {subnets: [10.2.0.0/16]}, b: {}, empty: {}}\n"
	"devices:\n"
	"  a1: {mac: 02:00:00:00:00:01, zone: a, port: p1, addresses: [10.2.0.1]}\n"
	"  a2: {mac: 02:00:00:00:00:02, zone: a, port: p2, vlan: 1, addresses: [10.2.0.2]}\n"
	"  b1: {mac: 02:00:00:00:00:03, zone: b, port: p2, vlan: 9, addresses: [10.3.0.1]}\n"
	"  six: {mac: 02:00:00:00:00:04, zone: b, addresses: [\"fd00::4\"]}\n"
	"  shut: {mac: 02:00:00:00:00:05, zone: quarantine, port: p1, addresses: [10.2.0.5]}\n"
	"  twin: {mac: 02:00:00:00:00:01, zone: a, vlan: 9}\n"
	"  lost: {mac: 02:00:00:00:00:06, zone: a, vlan: 77, addresses: [10.2.0.6]}\n"
	"flows:\n"
	"  - {from: a, to: b, allow: [http, tcp/8000-8080]}\n"
	"  - {from: a, to: b, deny: tcp/8040}\n"
	"  - {from: a, to: a, allow: http}\n"
	"  - {from: a, to: wan, allow: [https, ping, proto/47]}\n"
	"  - {from: gateway, to: wan, allow: dns}\n"
	"  - {from: any, to: gateway, allow: dhcp}\n"
	"  - {from: a, to: [a, b], allow: ether/0x8892}\n";

static char *printed(const struct policy *policy, const char *src, const char *dst,
		     const char *service)
{
	struct policy_explain answer;
	char error[200], *said = NULL;
	size_t size;
	FILE *out = open_memstream(&said, &size);
	int ret = policy_explain(policy, src, dst, service, &answer, error, sizeof(error));

	if (ret) {
		fprintf(out, "%s\n", error);
	} else {
		fprintf(out, "%s by line %u: %s\n", answer.allowed ? "allowed" : "denied",
			answer.flow ? answer.flow->pos.line : 0, cordon_reason_name(answer.reason));
		for (size_t i = 0; i < answer.n_steps; i++)
			fprintf(out, "%s %s %s %d %s\n", answer.steps[i].direction,
				answer.steps[i].hook,
				answer.steps[i].port ? answer.steps[i].port : "-",
				answer.steps[i].accepted, answer.steps[i].detail);
	}
	fclose(out);
	return said;
}

static const struct {
	const char *src, *dst, *service, *expected;
} questions[] = {
	{ "a1", "b1", "http",
	  "allowed by line 16: accepted\nstart ingress p1 1 a -> b\nstart forward - 1 a -> b\nstart egress p2 1 a -> b\n"
	  "reply ingress p2 1 b -> a\nreply forward - 1 b -> a\nreply egress p1 1 b -> a\n" },
	{ "a1", "a2", "http",
	  "allowed by line 18: accepted\nstart ingress p1 1 a -> a\nstart bridge - 1 a -> a\nstart egress p2 1 a -> a\n"
	  "reply ingress p2 1 a -> a\nreply bridge - 1 a -> a\nreply egress p1 1 a -> a\n" },
	{ "a1", "b1", "tcp/8000-8080", "denied by line 17: service\nstart ingress p1 0 a -> b\n" },
	{ "a1", "b1", "tcp/8041-8080",
	  "allowed by line 16: accepted\nstart ingress p1 1 a -> b\nstart forward - 1 a -> b\n"
	  "start egress p2 1 a -> b\nreply ingress p2 1 b -> a\nreply forward - 1 b -> a\nreply egress p1 1 b -> a\n" },
	{ "10.2.0.1", "8.8.8.8", "https",
	  "allowed by line 19: accepted\nstart ingress p1 1 a -> wan\nstart forward - 1 a -> wan\n"
	  "start egress wan0 1 gateway -> wan\nreply ingress wan0 1 wan -> gateway\nreply forward - 1 wan -> a\nreply egress p1 1 wan -> a\n" },
	{ "a1", "wan", "proto/47",
	  "allowed by line 19: accepted\nstart ingress p1 1 a -> wan\nstart forward - 1 a -> wan\n"
	  "start egress wan0 1 gateway -> wan\nreply ingress wan0 1 wan -> gateway\nreply forward - 1 wan -> a\nreply egress p1 1 wan -> a\n" },
	{ "staff", "gateway", "ssh",
	  "allowed by line 5: accepted\nstart ingress office 1 staff -> gateway\nstart local-in - 1 staff -> gateway\n"
	  "reply local-out - 1 gateway -> staff\nreply egress office 1 gateway -> staff\n" },
	{ "gateway", "wan", "dns",
	  "allowed by line 20: accepted\nstart local-out - 1 gateway -> wan\nstart egress wan0 1 gateway -> wan\n"
	  "reply ingress wan0 1 wan -> gateway\nreply local-in - 1 wan -> gateway\n" },
	{ "shut", "a1", "http",
	  "denied by line 0: quarantine\nstart ingress p1 0 quarantine -> a\n" },
	{ "02:00:00:00:00:99", "a2", "http",
	  "denied by line 0: unknown-source\nstart ingress p1 0 unknown -> a\n" },
	{ "staff", "a1", "http", "denied by line 0: pair\nstart ingress office 0 staff -> a\n" },
	{ "b1", "a1", "http", "denied by line 0: service\nstart ingress p2 0 b -> a\n" },
	{ "a1", "six", "http",
	  "the two ends have no address of one family that 'http' could use\n" },
	{ "a1", "b1", "htp", "'htp' is no service; name a service or an entry such as tcp/443\n" },
	{ "a1", "b1", "tcp/0",
	  "'tcp/0' is no service; ports are 1-65535, as tcp/443 or tcp/5000-5100\n" },
	{ "a1", "a2", "ether/0x8892",
	  "allowed by line 22: accepted\nstart ingress p1 1 a -> a\nstart bridge - 1 a -> a\nstart egress p2 1 a -> a\n" },
	{ "a1", "a2", "ether/0x8893", "denied by line 0: ethertype\nstart ingress p1 0 a -> a\n" },
	{ "a1", "b1", "ether/0x8892", "denied by line 0: ethertype\nstart ingress p1 0 a -> b\n" },
	{ "a3", "b1", "http", "'a3' is no device, zone, MAC or address of this policy\n" },
	{ "empty", "b1", "http",
	  "zone 'empty' has no device to explain this with; name devices or addresses\n" },
	{ "gateway", "gateway", "ssh", "what the box says to itself is not judged\n" },
	{ "10.1.0.5", "10.1.0.6", "ssh",
	  "both are behind port 'office', where they talk without passing this box\n" },
	{ "02:00:00:00:00:01", "b1", "http",
	  "02:00:00:00:00:01 is 'a1' in VLAN 1 and 'twin' in VLAN 9; name the device\n" },
	{ "lost", "b1", "http", "no port carries VLAN 77, so device 'lost' cannot be anywhere\n" },
};

void test_explain(void)
{
	struct policy *policy = test_policy(text);

	if (!test_ok(policy != NULL, "the policy to be explained loads"))
		return;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		char *said =
			printed(policy, questions[i].src, questions[i].dst, questions[i].service);

		if (!test_ok(!strcmp(said, questions[i].expected), "explain %s %s %s",
			     questions[i].src, questions[i].dst, questions[i].service))
			test_note("said: %s", said);
		free(said);
	}
	policy_free(policy);
}
