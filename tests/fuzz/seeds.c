// SPDX-License-Identifier: GPL-2.0-or-later
/* seeds [COUNT]: write COUNT generated inputs for each of frame_parse, ruleset_decode and decide below tests/fuzz/corpus/, and those of the daemon. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/oracle/core_side.h"
#include "tests/oracle/gen.h"
#include "userland/cordond/priv.h"

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

/* Little-endian length and bytes, behind a kind. */
static void piece(int kind, const void *bytes, size_t len)
{
	byte(kind);
	byte((int)(len & 255));
	byte((int)(len >> 8));
	memcpy(out + n_out, bytes, len);
	n_out += len;
}

static void text_piece(int kind, const char *text)
{
	piece(kind, text, strlen(text));
}

/* Each verb by each role, then an apply whose kernel fails at one operation after the other. */
static void daemon_seeds(void)
{
	static const char *const requests[] = {
		"{\"verb\":\"status\"}", "{\"verb\":\"devices\",\"unknown\":true}", "{\"verb\":\"device\",\"device\":\"cam1\"}",
		"{\"verb\":\"zones\"}", "{\"verb\":\"services\"}", "{\"verb\":\"stats\"}", "{\"verb\":\"watch\"}",
		"{\"verb\":\"explain\",\"src\":\"10.30.0.5\",\"dst\":\"cam1\",\"service\":\"tcp/443\"}",
		"{\"verb\":\"audit\",\"count\":3}", "{\"verb\":\"quarantine\",\"device\":\"02:00:00:00:00:01\",\"vlan\":0}",
		"{\"verb\":\"release\",\"device\":\"cam1\"}", "{\"verb\":\"disarm\",\"console\":true}",
	};
	static const char apply[] = "{\"verb\":\"apply\",\"source\":true,\"what\":\"apply\"}";
	static const char policy[] =
		"cordon: 1\ngateway: {ports: {p1: devices}, uplinks: [wan], management: console-only}\n"
		"zones: {cams: {}}\nflows:\n  - {from: gateway, to: wan, allow: [dns]}\n";
	size_t n = sizeof(requests) / sizeof(requests[0]);
	int number = 0;

	for (size_t i = 0; i < 4 * n; i++) {
		byte((int)(i & 3));
		word(0);
		text_piece(0, requests[i / 4]);
		save("daemon_request", number++);
	}
	for (int fails = -1; fails < 16; fails++) {
		byte(fails & 1 ? 3 : 7);
		byte(fails < 0 ? 0 : (1 << fails) & 255);
		byte(fails < 0 ? 0 : 1 << fails >> 8);
		text_piece(0, apply);
		text_piece(1, policy);
		save("daemon_request", number++);
	}
}

/* An apply as the core asks for it, the first @steps of it, then one request more. */
static void privileged_seed(int steps, uint16_t then, size_t len, int number)
{
	static const char nft[] = "table inet cordon {\n}\ntable bridge cordon {\n}\n";
	static const char add[8 + sizeof(nft)] = { 2 };
	static const uint8_t zeros[256];
	struct priv_begin begin = { .generation = 8, .length = 100 };
	char text[sizeof(add)];

	memcpy(text, add, sizeof(add));
	memcpy(text + 8, nft, sizeof(nft));
	byte(0);
	if (steps > 0)
		piece(PRIV_BEGIN & 255, &begin, sizeof(begin));
	if (steps > 1)
		piece(PRIV_DATA & 255, zeros, 104);
	if (steps > 2)
		piece(PRIV_STAGE & 255, "", 0);
	if (steps > 3)
		piece(PRIV_NFT_ADD & 255, text, sizeof(text) - 1);
	if (steps > 4)
		piece(PRIV_COMMIT & 255, "", 0);
	piece(then & 255, zeros, len);
	piece(PRIV_QUERY & 255, "\001", 1);
	save("priv_request", number);
}

static void privileged_seeds(void)
{
	static const size_t lengths[] = {
		sizeof(struct priv_query), sizeof(struct priv_begin), 5, 0, 0, 0, sizeof(struct priv_device), 0, 9, 8, 1, 0, 0, 0,
		sizeof(struct ct_flow), 0, CORDON_PORT_NAME_LEN, 0,
	};
	int number = 0;

	for (int steps = 0; steps <= 5; steps++)
		for (uint16_t type = PRIV_QUERY; type <= PRIV_REQUEST_END; type++)
			privileged_seed(steps, type, lengths[type - PRIV_QUERY], number++);
}

int main(int argc, char **argv)
{
	static struct o_policy p;
	static struct o_live live;
	static struct o_packet k;
	static char yaml[65536];
	int count = argc > 1 ? atoi(argv[1]) : 100;

	daemon_seeds();
	privileged_seeds();
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
