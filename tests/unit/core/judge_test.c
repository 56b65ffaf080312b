// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "judge_test.h"

/* The box: MAC 02:00:00:00:00:ee, 10.10.0.1, 10.20.0.1, 203.0.113.1, fd00:20::1, fe80::ee */
static const char *const own_text[] = { "10.10.0.1", "10.20.0.1", "203.0.113.1", "fd00:20::1", "fe80::ee" };
static struct cordon_addr own_addr[16];
static u32 n_own;
static u64 own_memory[128];

static struct cordon_ruleset *ruleset(void)
{
	static struct cordon_ruleset *rs;
	struct cordon_decode_error err;
	size_t len;

	if (!rs) {
		u8 *bytes = network(&len);

		rs = decode(bytes, len, &err);
		free(bytes);
	}
	return rs;
}

void may_be_on(int device, u64 ports)
{
	ruleset()->device[device].ports = ports;
}

u32 cordon_ll_owner(const struct cordon_live *live, u16 vlan, const struct cordon_addr *address)
{
	(void)vlan;
	(void)address;
	return ((const struct scene *)live->shell)->owner;
}

bool cordon_own_here(const struct cordon_live *live, u8 port, u16 vlan, const struct cordon_addr *address)
{
	(void)port;
	(void)vlan;
	(void)address;
	return !((const struct scene *)live->shell)->own_elsewhere;
}

void is_own(const char *address)
{
	static const u64 mac = 0x020000000000 + W_OWN;

	own_addr[n_own++] = addr(address);
	cordon_own_build((struct cordon_own *)own_memory, &mac, 1, own_addr, n_own);
}

struct scene scene(void)
{
	struct scene s = { .owner = CORDON_NO_DEVICE };

	n_own = 0;
	for (size_t i = 0; i < ARRAY_SIZE(own_text); i++)
		is_own(own_text[i]);
	s.live.now_s = 1000000;
	return s;
}

struct cordon_side on_port(int port, int vlan)
{
	return (struct cordon_side){ CORDON_SIDE_PORT, (u8)port, (u16)vlan };
}

struct cordon_side stacked(int vlan)
{
	return (struct cordon_side){ CORDON_SIDE_STACKED, 0, (u16)vlan };
}

struct cordon_ct flow(int state, int proto, int service, const char *initiator, const char *target)
{
	return (struct cordon_ct){ (u8)state, (u8)proto, (u16)service, addr(initiator), addr(target) };
}

void judge(const char *name, struct scene *s, enum cordon_hook hook, const struct g_wire *w, const char *reason)
{
	bool l2 = hook == CORDON_HOOK_INGRESS || hook == CORDON_HOOK_EGRESS || hook == CORDON_HOOK_BRIDGE;
	const struct cordon_dev_live *index[DEVICES];
	struct cordon_frame frame;
	struct cordon_packet packet = { &frame, s->in, s->out, s->ct };
	uint8_t bytes[512];
	struct cordon_buf buf = { bytes, 0, 0, NULL, 0, false };
	bool good;

	for (int i = 0; i < DEVICES; i++)
		index[i] = &s->dev[i];
	s->live.dev = index;
	s->live.own = (struct cordon_own *)own_memory;
	s->live.shell = s;
	buf.len = buf.headlen = (u32)g_wire_put(w, l2, bytes, sizeof(bytes));
	if (l2)
		cordon_frame_parse(&frame, &buf, 0, 0);
	else
		cordon_frame_parse_l3(&frame, &buf, (u16)w->ethertype);
	memset(&s->v, 0xa5, sizeof(s->v));
	cordon_decide(s->no_ruleset ? NULL : ruleset(), hook, &packet, &s->live, &s->v);
	good = s->v.accept == !reason && !strcmp(cordon_reason_name(s->v.reason), reason ? reason : "accepted");
	check(good, "%s: %s", name, cordon_reason_name(s->v.reason));
}

void ingress(const char *name, int port, const struct g_wire *w, const char *reason)
{
	struct scene s = scene();

	s.in = on_port(port, 0);
	judge(name, &s, CORDON_HOOK_INGRESS, w, reason);
}

void egress(const char *name, int port, const struct g_wire *w, const char *reason)
{
	struct scene s = scene();

	s.out = on_port(port, 0);
	judge(name, &s, CORDON_HOOK_EGRESS, w, reason);
}
