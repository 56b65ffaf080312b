// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * policy_compile(): the kernel's decoder takes the bytes, they are always the same, and zone ids
 * live as long as their names.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/policy/test.h"

static const char head[] =
	"cordon: 1\ngateway: {ports: {lan: devices}, management: console-only}\n";

static struct policy *with_zones(unsigned int first, unsigned int n)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct policy *policy;

	fprintf(out, "%szones:\n", head);
	for (unsigned int i = first; i < first + n; i++)
		fprintf(out, "  z%u: {subnets: [10.%u.0.0/16]}\n", i, i % 256);
	fprintf(out, "flows: [{from: any, to: any, allow: https}]\n");
	fclose(out);
	policy = test_policy(text);
	free(text);
	return policy;
}

static int compile(const struct policy *policy, struct policy_zone_ids *ids)
{
	uint8_t *blob;
	size_t len;
	int ret = policy_compile(policy, ids, &blob, &len);

	if (ret)
		return ret;
	if (!test_decodes(blob, len))
		ret = -EINVAL;
	free(blob);
	return ret;
}

static unsigned int id_of(const struct policy_zone_ids *ids, const char *name)
{
	for (size_t i = 0; i < ids->n; i++)
		if (!strcmp(ids->v[i].name, name))
			return ids->v[i].id;
	return 0;
}

static void zone_ids(void)
{
	struct policy *first = with_zones(0, 3), *second = with_zones(1, 3),
		      *third = with_zones(0, 4);
	struct policy_zone_ids ids = { .n = 0 };

	test_ok(!compile(first, &ids) && ids.n == 3 && id_of(&ids, "z0") == 5 &&
			id_of(&ids, "z1") == 6 && id_of(&ids, "z2") == 7,
		"zones get the lowest ids");
	test_ok(!compile(second, &ids) && ids.n == 3 && id_of(&ids, "z1") == 6 &&
			id_of(&ids, "z2") == 7 && id_of(&ids, "z3") == 8 && !id_of(&ids, "z0"),
		"a name keeps its id, a new one takes none that was in use");
	test_ok(!compile(third, &ids) && id_of(&ids, "z0") == 5 && id_of(&ids, "z3") == 8,
		"an id that is free again is taken");
	policy_free(first);
	policy_free(second);
	policy_free(third);
}

static void zone_ids_run_out(void)
{
	struct policy *half = with_zones(0, 200), *other = with_zones(200, 49),
		      *rest = with_zones(200, 48), *full = with_zones(0, 248);
	struct policy_zone_ids ids = { .n = 0 }, before;

	test_ok(!compile(full, &ids) && ids.n == 248 && id_of(&ids, "z247") == CORDON_ZONE_LAST,
		"248 zones have ids");
	memset(&ids, 0, sizeof(ids));
	compile(half, &ids);
	before = ids;
	test_ok(compile(other, &ids) == -ENOSPC && !memcmp(&before, &ids, sizeof(ids)),
		"more old and new zones than ids are refused, the ids stay");
	test_ok(!compile(rest, &ids) && id_of(&ids, "z200") == 205,
		"as many old and new zones as ids are taken");
	policy_free(half);
	policy_free(other);
	policy_free(rest);
	policy_free(full);
}

/* A foreign or damaged list of ids changes nothing but the ids. */
static void odd_ids(void)
{
	struct policy *policy = with_zones(0, 2);
	struct policy_zone_ids ids = { .n = 3 };

	snprintf(ids.v[0].name, sizeof(ids.v[0].name), "gateway");
	ids.v[0].id = CORDON_ZONE_GATEWAY;
	snprintf(ids.v[1].name, sizeof(ids.v[1].name), "z0");
	ids.v[1].id = 253;
	snprintf(ids.v[2].name, sizeof(ids.v[2].name), "z1");
	ids.v[2].id = 99;
	test_ok(!compile(policy, &ids) && id_of(&ids, "z0") == 5 && id_of(&ids, "z1") == 99,
		"ids that no zone may have are not kept");
	policy_free(policy);
}

static void same_bytes(void)
{
	/* The same policy, its devices and subnets written in another order. */
	static const char *const texts[] = {
		"zones: {a: {subnets: [10.2.0.0/16, 10.1.0.0/16, 10.1.2.0/24]}}\nflows: [{from: gateway, to: a, allow: [http, ssh]}]\n"
		"devices:\n  x: {mac: 02:00:00:00:00:02, zone: a, addresses: [10.1.0.3, 10.1.0.2]}\n"
		"  y: {mac: 02:00:00:00:00:01, zone: a, port: lan}\n",
		"zones: {a: {subnets: [10.1.2.0/24, 10.1.0.0/16, 10.2.0.0/16]}}\nflows:\n  - {from: gateway, to: a, allow: tcp/80}\n"
		"  - {from: gateway, to: a, allow: tcp/22}\ndevices:\n  y: {mac: 02:00:00:00:00:01, vlan: 1, zone: a, port: [lan]}\n"
		"  x: {mac: 02:00:00:00:00:02, zone: a, addresses: [10.1.0.2, 10.1.0.3]}\n",
	};
	uint8_t *blob[2] = { NULL, NULL };
	size_t len[2] = { 0, 0 };

	for (size_t i = 0; i < 2; i++) {
		struct policy_zone_ids ids = { .n = 0 };
		char text[1024];
		struct policy *policy;

		snprintf(text, sizeof(text), "%s%s", head, texts[i]);
		policy = test_policy(text);
		if (policy)
			policy_compile(policy, &ids, &blob[i], &len[i]);
		policy_free(policy);
	}
	test_ok(blob[0] && blob[1] && len[0] == len[1] && !memcmp(blob[0], blob[1], len[0]) &&
			test_decodes(blob[0], len[0]),
		"the bytes do not depend on the order of the text");
	free(blob[0]);
	free(blob[1]);
}

static void nothing_at_all(void)
{
	struct policy *policy = test_policy(head);
	struct policy_zone_ids ids = { .n = 0 };

	test_ok(policy && !compile(policy, &ids) && !ids.n, "a policy without zones compiles");
	policy_free(policy);
}

void test_compile(void)
{
	zone_ids();
	zone_ids_run_out();
	odd_ids();
	same_bytes();
	nothing_at_all();
}
