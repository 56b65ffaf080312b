// SPDX-License-Identifier: GPL-2.0-or-later
/* seeds [COUNT]: write COUNT generated inputs for each of frame_parse, ruleset_decode and decide below tests/fuzz/corpus/. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/oracle/core_side.h"
#include "tests/oracle/gen.h"

static uint8_t out[65536 * 16];
static size_t n_out;

static void byte(int v)
{
	out[n_out++] = (uint8_t)v;
}

static void word(int v)
{
	byte(v >> 8);
	byte(v & 255);
}

static void save(const char *target, int number)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "tests/fuzz/corpus/%s/seed-%03d", target, number);
	file = fopen(path, "wb");
	FUZZ_MUST(file && fwrite(out, 1, n_out, file) == n_out && !fclose(file));
	n_out = 0;
}

static void frame_seed(const struct o_packet *k, int number)
{
	byte((k->l3 == 0 ? 0 : k->l3 == 0x0800 ? 1 : 2) | (k->tag ? 128 : 0));
	word(k->tpid);
	word(k->tci);
	byte(255);
	memcpy(out + n_out, k->bytes, (size_t)k->len);
	n_out += (size_t)k->len;
	save("frame_parse", number);
}

static void side(const struct o_side *s)
{
	byte(s->kind);
	byte(s->port);
	word(s->vlan);
}

static void address(const struct o_addr *a)
{
	byte(a->family == 6);
	for (int i = 0; i < (a->family == 6 ? 16 : 4); i++)
		byte(a->b[i]);
}

static void decide_seed(const struct o_packet *k, int policy, int live, int number)
{
	byte(policy);
	word(live);
	byte(k->hook);
	side(&k->in);
	side(&k->out);
	byte(k->ct.state);
	byte(k->ct.proto);
	word(k->ct.service);
	address(&k->ct.initiator);
	address(&k->ct.target);
	byte(k->l3 == 0x86dd);
	word(k->tag ? k->tpid : 0);
	word(k->tci);
	memcpy(out + n_out, k->bytes, (size_t)k->len);
	n_out += (size_t)k->len;
	save("decide", number);
}

int main(int argc, char **argv)
{
	static struct o_policy p;
	static struct o_live live;
	static struct o_packet k;
	static char yaml[65536];
	int count = argc > 1 ? atoi(argv[1]) : 100;

	for (int i = 0; i < count; i++) {
		struct g_rng r = { 7000 + (uint64_t)(i % 16) }, cr = { (uint64_t)i };
		struct g_case c = { .r = &cr, .p = &p, .live = &live, .k = &k };
		struct policy_diags diags = { 0 };
		struct core_side core;
		size_t len;

		g_policy(&r, &p);
		len = g_yaml(&r, &p, yaml, sizeof(yaml));
		FUZZ_MUST(oracle_prepare(&p));
		g_make(&c);
		frame_seed(&k, i);
		decide_seed(&k, i % 16, i, i);
		if (i >= 16)
			continue;
		FUZZ_MUST(!core_side_make(&core, &p, yaml, len, 0, &diags));
		policy_diags_free(&diags);
		memcpy(out, core.blob, core.blob_len);
		n_out = core.blob_len;
		save("ruleset_decode", i);
		core_side_free(&core);
	}
	return 0;
}
