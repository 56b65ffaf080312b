// SPDX-License-Identifier: GPL-2.0-or-later
/* Which flows a policy ends. */
#include "userland/lib/ct.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/userland/tap.h"
#include "userland/lib/compiled.h"
#include "userland/lib/text.h"

#define HEAD "cordon: 1\ngateway:\n  ports: {p1: devices, office: {zone: staff}}\n  uplinks: [wan]\n" \
	"  management: console-only\nzones: {staff: {subnets: [10.30.0.0/24]}, cams: {subnets: [10.10.1.0/24]}}\n" \
	"devices:\n  cam1: {mac: \"02:00:00:00:00:01\", port: p1, zone: cams, addresses: [10.10.1.1]}\nflows:\n" \
	"  - {from: cams, to: gateway, allow: [dhcp, ping]}\n"
#define WIDE HEAD "  - {from: staff, to: cams, allow: [https]}\n  - {from: gateway, to: wan, allow: [https]}\n" \
	"  - {from: cams, to: wan, allow: all}\n"

static struct compiled compile(const char *text)
{
	struct policy_diags diags = { 0 };
	struct bundle b = { 0 };
	struct compiled c = { 0 };
	struct failure f = { 0 };

	bundle_set(&b, BUNDLE_MAIN, text, strlen(text), NULL);
	if (compiled_bundle(&b, "/tmp", NULL, &diags, &c, &f)) {
		printf("# %s\n", f.text);
		exit(1);
	}
	policy_diags_free(&diags);
	bundle_free(&b);
	return c;
}

static struct ct_flow flow(uint8_t proto, const char *from, const char *to, uint16_t port)
{
	struct ct_flow f = { .family = AF_INET, .proto = proto, .reply_sport = port, .dport = port,
			     .icmp_type = (uint8_t)port };

	text_parse_address(from, f.src);
	text_parse_address(to, f.dst);
	memcpy(f.reply_src, f.dst, 16);
	return f;
}

static bool ended(const struct ct_judge *judge, uint8_t proto, const char *from, const char *to, uint16_t port)
{
	struct ct_flow f = flow(proto, from, to, port);

	return ct_ended(judge, &f);
}

static struct cordon_own *own(void)
{
	struct cordon_own *o = malloc(cordon_own_bytes(0, 1));
	uint8_t bytes[16];
	struct cordon_addr addr;

	text_parse_address("10.10.1.254", bytes);
	addr = (struct cordon_addr){ cordon_be64(bytes), cordon_be64(bytes + 8) };
	cordon_own_build(o, NULL, 0, &addr, 1);
	return o;
}

int main(void)
{
	struct compiled wide = compile(WIDE), narrow = compile(HEAD);
	struct cordon_own *o = own();
	struct api_device held = { .mac = { 2, 0, 0, 0, 0, 1 }, .vlan = 1 };
	struct ct_judge judge = { .now = wide.ruleset, .own = o };

	ok(!ended(&judge, IPPROTO_TCP, "10.30.0.5", "10.10.1.1", 443), "an allowed flow stays");
	ok(ended(&judge, IPPROTO_TCP, "10.30.0.5", "10.10.1.1", 22), "another service ends");
	ok(ended(&judge, IPPROTO_TCP, "10.10.1.1", "10.30.0.5", 443), "the other direction ends");
	ok(!ended(&judge, IPPROTO_UDP, "10.10.1.1", "10.10.1.254", 67), "dhcp stays");
	ok(!ended(&judge, IPPROTO_ICMP, "10.10.1.1", "10.10.1.254", 8), "ping stays");
	ok(!ended(&judge, 47, "10.10.1.1", "192.0.2.1", 0), "any protocol stays under all");
	ok(!ended(&judge, IPPROTO_TCP, "192.0.2.7", "10.10.1.254", 22), "the box's own flows elsewhere are not touched");
	judge.quarantined = &held;
	judge.n_quarantined = 1;
	ok(ended(&judge, IPPROTO_TCP, "10.30.0.5", "10.10.1.1", 443), "a flow to a quarantined device ends");
	judge.n_quarantined = 0;
	judge.before = wide.ruleset;
	judge.now = narrow.ruleset;
	ok(ended(&judge, IPPROTO_TCP, "10.30.0.5", "10.10.1.1", 443), "a tightened flow ends");
	ok(ended(&judge, IPPROTO_TCP, "10.10.1.254", "192.0.2.1", 443), "the box's own flow that was allowed ends");
	ok(!ended(&judge, IPPROTO_TCP, "10.10.1.254", "192.0.2.1", 22), "one that never was cordon's stays");
	free(o);
	compiled_free(&wide);
	compiled_free(&narrow);
	return tap_end();
}
