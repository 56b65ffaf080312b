// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core_side.h"

/* What live->shell points to on the host: the oracle's facts in the core's numbers. */
struct owners {
	const struct core_side *side;
	const struct o_live *live;
};

static struct cordon_addr address(const struct o_addr *a)
{
	return a->family == 4 ? cordon_addr4(a->b) : a->family == 6 ? cordon_addr6(a->b) : (struct cordon_addr){ 0, 0 };
}

u32 cordon_ll_owner(const struct cordon_live *live, u16 vlan, const struct cordon_addr *addr)
{
	const struct owners *owners = live->shell;

	for (int i = 0; owners && i < owners->live->n_owners; i++) {
		const struct o_owner *o = &owners->live->owner[i];
		struct cordon_addr a = address(&o->addr);

		if (o->vlan == vlan && cordon_addr_eq(&a, addr))
			return owners->side->device[o->device];
	}
	return CORDON_NO_DEVICE;
}

bool cordon_own_here(const struct cordon_live *live, u8 port, u16 vlan, const struct cordon_addr *addr)
{
	const struct owners *owners = live->shell;

	for (int i = 0; i < owners->live->n_own_addr; i++) {
		const struct o_place *at = &owners->live->own_at[i];
		struct cordon_addr a = address(&owners->live->own_addr[i]);

		if (cordon_addr_eq(&a, addr) &&
		    (at->everywhere || (vlan ? at->vlan == vlan : !at->vlan && owners->side->port[at->port] == port)))
			return true;
	}
	return false;
}

static const char *map_zones(struct core_side *side, const struct o_policy *p)
{
	int found = 0;

	for (int i = 0; i < 256; i++)
		side->zone[i] = O_NOBODY;
	side->zone[CORDON_ZONE_GATEWAY] = O_GATEWAY;
	side->zone[CORDON_ZONE_WAN] = O_WAN;
	side->zone[CORDON_ZONE_UNKNOWN] = O_UNKNOWN;
	side->zone[CORDON_ZONE_QUARANTINE] = O_QUARANTINE;
	for (int id = CORDON_ZONE_FIRST; id < side->rs->dim; id++) {
		for (int z = O_FIRST; z < p->n_zones; z++) {
			if (!strcmp(side->rs->zone_name[id], p->zone[z].name)) {
				side->zone[id] = z;
				found++;
			}
		}
	}
	return found == p->n_zones - O_FIRST ? NULL : "the ruleset has other zones than the policy";
}

static const char *map(struct core_side *side, const struct o_policy *p)
{
	const struct cordon_ruleset *rs = side->rs;

	if (rs->n_ports != (u32)p->n_ports || rs->n_devices != (u32)p->n_devices)
		return "the ruleset has other ports or devices than the policy";
	for (int i = 0; i < p->n_ports; i++) {
		side->port[i] = O_NOBODY;
		for (u32 j = 0; j < rs->n_ports; j++)
			if (!strcmp(rs->port[j].name, p->port[i].name))
				side->port[i] = (int)j;
		if (side->port[i] == O_NOBODY)
			return "a port is missing";
	}
	for (int i = 0; i < p->n_devices; i++) {
		side->device[i] = cordon_device_find(rs, (u16)p->device[i].vlan, cordon_be48(p->device[i].mac));
		if (side->device[i] >= rs->n_devices)
			return "a device is missing";
		side->device_back[side->device[i]] = i;
	}
	return map_zones(side, p);
}

const char *core_side_make(struct core_side *side, const struct o_policy *p, const char *text, size_t len, int ids_taken,
			   struct policy_diags *diags)
{
	static const cordon_hash_key key = { { 0x0123456789abcdef, 0xfedcba9876543210 } };
	struct policy_zone_ids ids = { .n = 0 };
	struct cordon_decode_error err = { "", 0 };
	struct policy *policy;
	size_t bytes;
	int rc;

	memset(side, 0, sizeof(*side));
	for (; ids.n < (size_t)ids_taken; ids.n++) {
		snprintf(ids.v[ids.n].name, sizeof(ids.v[ids.n].name), "former-%zu", ids.n);
		ids.v[ids.n].id = (uint8_t)(CORDON_ZONE_FIRST + ids.n);
	}
	policy = policy_load_memory("policy.yaml", text, len, diags);
	if (!policy)
		return "the loader refuses the policy";
	rc = policy_compile(policy, &ids, &side->blob, &side->blob_len);
	policy_free(policy);
	if (rc)
		return "the compiler refuses the policy";
	bytes = cordon_ruleset_bytes(side->blob, side->blob_len, &err);
	if (!bytes)
		return err.what;
	side->rs = calloc(1, bytes);
	if (!side->rs || cordon_ruleset_decode(side->rs, side->blob, side->blob_len, &key, &err))
		return err.what;
	return map(side, p);
}

void core_side_free(struct core_side *side)
{
	free(side->rs);
	free(side->blob);
	memset(side, 0, sizeof(*side));
}

void core_frame(struct cordon_frame *frame, const struct o_packet *k)
{
	struct cordon_buf buf = { k->bytes, (u32)k->len, (u32)k->len, NULL, 0, false };

	if (k->l3)
		cordon_frame_parse_l3(frame, &buf, (u16)k->l3);
	else
		cordon_frame_parse(frame, &buf, k->tag ? (u16)k->tpid : 0, k->tag ? (u16)k->tci : 0);
}

static struct cordon_side convert_side(const struct core_side *side, const struct o_side *s)
{
	struct cordon_side out = { (u8)s->kind, 0, (u16)s->vlan };

	if (s->kind == O_PORT)
		out.port = (u8)side->port[s->port];
	return out;
}

static void convert_live(const struct core_side *side, const struct o_live *live, struct cordon_dev_live *dev,
			 const struct cordon_dev_live **index, struct cordon_live *out)
{
	for (u32 i = 0; i < side->rs->n_devices; i++) {
		const struct o_live_device *d = &live->device[side->device_back[i]];

		dev[i].quarantined = d->quarantined;
		dev[i].port = d->port == O_NOBODY ? 0 : (u8)(side->port[d->port] + 1);
		dev[i].seen_s = d->seen;
		index[i] = &dev[i];
		if (d->quarantined)
			out->quarantine_ports |= side->rs->device[i].ports ? side->rs->device[i].ports : ~0ULL;
	}
	for (u32 i = 0; i < side->rs->n_ports; i++)
		if (live->down[i])
			out->ports_down |= 1ULL << side->port[i];
}

static void convert_own(const struct o_live *live, struct cordon_own *own)
{
	struct cordon_addr addr[O_MAX_OWN];
	u64 mac[O_MAX_OWN];

	for (int i = 0; i < live->n_own_mac; i++)
		mac[i] = cordon_be48(live->own_mac[i]);
	for (int i = 0; i < live->n_own_addr; i++)
		addr[i] = address(&live->own_addr[i]);
	cordon_own_build(own, mac, (u32)live->n_own_mac, addr, (u32)live->n_own_addr);
}

void core_side_judge(const struct core_side *side, bool no_ruleset, const struct o_packet *k, const struct o_live *live,
		     struct cordon_verdict *v)
{
	static const enum cordon_hook hooks[] = {
		CORDON_HOOK_INGRESS, CORDON_HOOK_FORWARD, CORDON_HOOK_LOCAL_IN, CORDON_HOOK_LOCAL_OUT, CORDON_HOOK_BRIDGE,
		CORDON_HOOK_EGRESS,
	};
	static const u8 states[] = { CORDON_CT_NONE, CORDON_CT_ORIGINAL, CORDON_CT_REPLY, CORDON_CT_RELATED };
	static u64 own_memory[512];
	struct cordon_own *own = (struct cordon_own *)own_memory;
	struct cordon_dev_live dev[O_MAX_DEVICES];
	const struct cordon_dev_live *index[O_MAX_DEVICES];
	struct owners owners = { side, live };
	struct cordon_live core_live = { .dev = index, .own = own, .now_s = live->now, .shell = &owners };
	struct cordon_frame frame;
	struct cordon_packet packet = { .frame = &frame };

	convert_live(side, live, dev, index, &core_live);
	convert_own(live, own);
	core_frame(&frame, k);
	packet.in = convert_side(side, &k->in);
	packet.out = convert_side(side, &k->out);
	packet.ct.state = states[k->ct.state];
	if (k->ct.state != O_CT_NONE) {
		packet.ct.proto = (u8)k->ct.proto;
		packet.ct.port = (u16)k->ct.service;
		packet.ct.initiator = address(&k->ct.initiator);
		packet.ct.target = address(&k->ct.target);
	}
	memset(v, 0xa5, sizeof(*v));
	cordon_decide(no_ruleset ? NULL : side->rs, hooks[k->hook], &packet, &core_live, v);
}
