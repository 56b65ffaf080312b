// SPDX-License-Identifier: GPL-2.0-or-later
/* policy_pairs_make() and policy_flow_for(): what flows add up to, and which one decided. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/value.h"
#include "tests/unit/policy/test.h"

static const char text[] =
	"cordon: 1\n"
	"gateway: {ports: {s: {zone: a}, lan: devices}, uplinks: [w], management: {from: a, allow: [ssh]}}\n"
	"zones: {a: {subnets: [10.1.0.0/16]}, b: {}, c: {}}\n"
	"flows:\n"
	"  - {from: a, to: gateway, allow: [https, tcp/23]}\n"
	"  - {from: a, to: [b, c], allow: all}\n"
	"  - {from: a, to: c, deny: [ssh, proto/0, proto/255, dhcp, icmp/13]}\n"
	"  - {from: b, to: c, allow: http}\n"
	"  - {from: b, to: c, deny: tcp/1-1024}\n"
	"  - {from: c, to: any, deny: all, log: true}\n"
	"  - {from: c, to: a, allow: https}\n"
	"  - {from: b, to: b, allow: [udp/1-9, udp/10-19, udp/5-12]}\n"
	"  - {from: gateway, to: wan, allow: ntp}\n";

/* Pairs as text, one a line. */
static char *printed(const struct policy *policy)
{
	struct policy_pairs pairs;
	char *out_text = NULL;
	size_t size;
	FILE *out = open_memstream(&out_text, &size);

	if (policy_pairs_make(policy, &pairs))
		return NULL;
	for (size_t i = 0; i < pairs.n; i++) {
		fprintf(out, "%s %s%s", policy->zones[pairs.v[i].from].name,
			policy->zones[pairs.v[i].to].name, pairs.v[i].log ? " log" : "");
		for (size_t j = 0; j < pairs.v[i].entries.n; j++)
			fprintf(out, " %s", value_entry_text(&pairs.v[i].entries.v[j]).text);
		fprintf(out, "\n");
	}
	policy_pairs_free(&pairs);
	fclose(out);
	return out_text;
}

static unsigned int decided(const struct policy *policy, int from, int to, const char *entry_text)
{
	struct policy_entry entry = { .kind = CORDON_ENTRY_ALL };
	const struct policy_flow *flow;

	if (strchr(entry_text, '/'))
		value_entry(entry_text, &entry);
	flow = policy_flow_for(policy, from, to, &entry);
	return flow ? flow->pos.line : 0;
}

void test_pairs(void)
{
	static const char expected[] =
		"gateway wan udp/123\n"
		"a gateway tcp/22-23 tcp/443\n"
		"a b all\n"
		"a c icmp/8 tcp/0-21 tcp/23-65535 udp/0-65535 icmpv6/128 proto/2-5 proto/7-16 proto/18-57 proto/59-254\n"
		"b b udp/1-19\n"
		"c a log\n"
		"c b log\n"
		"c c log\n";
	const int a = POLICY_ZONE_FIRST, b = a + 1, c = a + 2;
	struct policy *policy = test_policy(text);
	char *said = policy ? printed(policy) : NULL;

	if (!test_ok(said && !strcmp(said, expected),
		     "flows add up, denies take away, management merges"))
		test_note("said: %s", said ? said : "-");
	if (policy) {
		test_ok(decided(policy, a, POLICY_ZONE_GATEWAY, "tcp/22") == 2,
			"management decides on its services");
		test_ok(decided(policy, a, c, "tcp/22") == 7 &&
				decided(policy, a, c, "tcp/23") == 6,
			"a deny decides before an allow");
		test_ok(decided(policy, a, c, "tcp/20-30") == 7,
			"a deny of a part decides on the whole");
		test_ok(decided(policy, a, b, "all") == 6 && !decided(policy, b, a, "tcp/1"),
			"no flow speaks of it: default deny");
		test_ok(decided(policy, b, b, "udp/3-15") == 12 &&
				!decided(policy, b, b, "udp/3-20"),
			"an allow decides on what it contains");
	}
	free(said);
	policy_free(policy);
}
