// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * decide(): any bytes at any hook under random policies and live states get the oracle's verdict, and a verdict is whole.
 * Input: policy, live state, hook, in side (kind, port, VLAN), out side, conntrack (state, protocol, service, initiator, target:
 * family and bytes), tag (flag, TPID, TCI), frame. Short inputs read as zeroes.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/oracle/core_side.h"
#include "tests/oracle/gen.h"

#define POLICIES 16

struct input {
	const uint8_t *p;
	size_t n;
};

static int byte(struct input *in)
{
	if (!in->n)
		return 0;
	in->n--;
	return *in->p++;
}

static int word(struct input *in)
{
	int high = byte(in);

	return high << 8 | byte(in);
}

static struct o_addr address(struct input *in, const struct o_policy *p)
{
	int how = byte(in);
	struct o_addr a = { .family = how & 1 ? 6 : 4 };

	for (int i = 0; i < (a.family == 4 ? 4 : 16); i++)
		a.b[i] = (uint8_t)byte(in);
	if (how & 2 && p->n_devices && p->device[how >> 2 & 7 % p->n_devices].n_addr)
		a = p->device[how >> 2 & 7 % p->n_devices].addr[0];
	return a;
}

static void side(struct input *in, const struct o_policy *p, struct o_side *s)
{
	s->kind = (enum o_side_kind)(byte(in) % 3);
	s->port = byte(in) % p->n_ports;
	s->vlan = word(in) & 4095;
	if (s->kind != O_PORT)
		s->port = 0;
}

/* The policies are the same in every process, or a corpus would mean nothing. */
static const struct o_policy *policy(int number, const struct core_side **side)
{
	static struct o_policy *policies[POLICIES];
	static struct core_side sides[POLICIES];
	static char yaml[65536];

	number %= POLICIES;
	if (!policies[number]) {
		struct g_rng r = { 7000 + (uint64_t)number };
		struct policy_diags diags = { 0 };
		size_t len;

		policies[number] = calloc(1, sizeof(**policies));
		FUZZ_MUST(policies[number]);
		g_policy(&r, policies[number]);
		len = g_yaml(&r, policies[number], yaml, sizeof(yaml));
		FUZZ_MUST(oracle_prepare(policies[number]));
		FUZZ_MUST(!core_side_make(&sides[number], policies[number], yaml, len, 0, &diags));
		policy_diags_free(&diags);
	}
	*side = &sides[number];
	return policies[number];
}

static void whole(const struct cordon_verdict *v, enum o_hook hook)
{
	unsigned int learn = CORDON_V_LEARN_PORT | CORDON_V_LEARN_LL, how = CORDON_V_START | CORDON_V_REPLY | CORDON_V_FINAL;

	FUZZ_MUST(v->accept <= 1 && v->reason <= CORDON_REASON_MAX && v->accept == (v->reason == CORDON_REASON_NONE));
	FUZZ_MUST(!v->accept == !(v->flags & how));
	FUZZ_MUST(!(v->flags & learn) || (v->accept && hook == O_INGRESS && v->src_device != CORDON_NO_DEVICE));
	FUZZ_MUST(!(v->flags & CORDON_V_UNKNOWN) || (hook == O_INGRESS && v->src_zone == CORDON_ZONE_UNKNOWN));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct o_packet k;
	static struct o_live live;
	struct input in = { data, size };
	const struct core_side *core;
	const struct o_policy *p = policy(byte(&in), &core);
	struct g_rng r = { (uint64_t)word(&in) };
	struct o_answer answer;
	struct cordon_verdict v;

	g_live(&r, p, &live);
	k.hook = (enum o_hook)(byte(&in) % O_HOOKS);
	side(&in, p, &k.in);
	side(&in, p, &k.out);
	if (k.hook == O_INGRESS)
		k.in.kind = O_PORT;
	if (k.hook == O_EGRESS)
		k.out.kind = O_PORT;
	k.ct.state = (enum o_ct_state)(byte(&in) & 3);
	k.ct.proto = byte(&in);
	k.ct.service = word(&in);
	k.ct.initiator = address(&in, p);
	k.ct.target = address(&in, p);
	k.l3 = byte(&in) & 1 ? 0x86dd : 0x0800;
	k.tpid = word(&in);
	k.tci = word(&in);
	k.tag = k.tpid != 0;
	if (k.hook == O_INGRESS || k.hook == O_EGRESS || k.hook == O_BRIDGE)
		k.l3 = 0;
	else
		k.tag = false;
	k.len = in.n < 2000 ? (int)in.n : 2000;
	if (k.len)
		memcpy(k.bytes, in.p, (size_t)k.len);
	/* an ICMP flow is of the family of its addresses */
	if (k.ct.proto == (k.ct.initiator.family == 4 ? 58 : 1))
		k.ct.proto = 6;
	answer = oracle_judge(p, &k, &live);
	core_side_judge(core, false, &k, &live, &v);
	whole(&v, k.hook);
	FUZZ_MUST(v.accept == answer.accept);
	FUZZ_MUST(v.accept || !strcmp(answer.reason, cordon_reason_name(v.reason)));
	return 0;
}
