// SPDX-License-Identifier: GPL-2.0-or-later
/* A case: two ends that a flow joins, the packet that passes between them at one place, then a few changes. */
#include <string.h>

#include "gen.h"

/** struct idea - what the packet shall be before it is changed */
struct idea {
	struct o_entry entry;
	bool reply, error;
};

static enum o_hook pick_hook(struct g_rng *r)
{
	int n = g_below(r, 100);

	return n < 43 ? O_INGRESS : n < 65 ? O_EGRESS : n < 78 ? O_FORWARD : n < 85 ? O_BRIDGE : n < 92 ? O_LOCAL_IN : O_LOCAL_OUT;
}

static int some_zone(struct g_case *c, const int *list, int n)
{
	int z = list[g_below(c->r, n)];

	return z == O_ANY ? O_FIRST + g_below(c->r, c->p->n_zones - O_FIRST) : z;
}

static bool fits(const struct g_case *c)
{
	const struct g_end *s = &c->src, *d = &c->dst;

	switch (c->k->hook) {
	case O_INGRESS:
		return s->kind != E_GATEWAY;
	case O_EGRESS:
		return d->kind != E_GATEWAY && d->kind != E_STRANGER;
	case O_FORWARD:
		return s->kind != E_GATEWAY && d->kind != E_GATEWAY;
	case O_LOCAL_IN:
		return s->kind != E_GATEWAY && d->kind == E_GATEWAY;
	case O_LOCAL_OUT:
		return s->kind == E_GATEWAY && d->kind != E_GATEWAY;
	default:
		return (s->kind == E_DEVICE || s->kind == E_STRANGER) && d->kind == E_DEVICE && s->vlan == d->vlan;
	}
}

/* One entry of a random flow, as one value at an edge or inside. */
static bool pick_entry(struct g_case *c, const struct o_flow *f, struct o_entry *e)
{
	struct o_entry all[32];
	int n = oracle_word(c->p, f->word[g_below(c->r, f->n_words)], all, 32);

	if (n < 1)
		return false;
	*e = all[g_below(c->r, n)];
	if (e->kind == 'a')
		*e = (struct o_entry){ "tui6pd"[g_below(c->r, 6)], 8, 8 };
	if (e->kind == 'p' && e->low == 8)
		e->low = e->high = 47;
	switch (g_below(c->r, 4)) {
	case 0:
		e->low = e->high;
		break;
	case 1:
		e->low += g_below(c->r, e->high - e->low + 1);
		break;
	}
	return true;
}

/* Find two ends for the hook: mostly joined by an allow, else any. */
static bool pick_ends(struct g_case *c, struct idea *idea)
{
	bool joined = g_chance(c->r, 90);

	for (int tries = 0; tries < 24; tries++) {
		const struct o_flow *f = &c->p->flow[g_below(c->r, c->p->n_flows ? c->p->n_flows : 1)];
		int a, b;

		if (!c->p->n_flows || (f->deny && joined))
			continue;
		if (!pick_entry(c, f, &idea->entry))
			continue;
		idea->reply = g_chance(c->r, 35);
		idea->error = g_chance(c->r, c->k->hook == O_INGRESS || c->k->hook == O_EGRESS ? 12 : 24);
		a = some_zone(c, f->from, f->n_from);
		b = some_zone(c, f->to, f->n_to);
		if (!joined)
			b = g_below(c->r, c->p->n_zones);
		if (!g_end_of_zone(c, idea->reply ? b : a, &c->src) || !g_end_of_zone(c, idea->reply ? a : b, &c->dst))
			continue;
		if (fits(c) && (c->src.device == O_NOBODY || c->src.device != c->dst.device || tries > 20))
			return true;
	}
	return false;
}

static void no_ends(struct g_case *c, struct idea *idea)
{
	for (int tries = 0; tries < 40; tries++) {
		c->k->hook = pick_hook(c->r);
		if (g_end_of_zone(c, g_below(c->r, c->p->n_zones), &c->src) &&
		    g_end_of_zone(c, g_below(c->r, c->p->n_zones), &c->dst) && fits(c))
			return;
	}
	/* there is at least one port of some kind: the box sends through it, or someone sends to the box */
	c->k->hook = O_LOCAL_OUT;
	g_end_of_zone(c, O_GATEWAY, &c->src);
	c->dst = c->src;
	c->dst.port = 0;
	idea->entry = (struct o_entry){ 't', 80, 80 };
}

static void side(struct g_case *c, const struct g_end *e, struct o_side *s)
{
	memset(s, 0, sizeof(*s));
	if (e->kind == E_GATEWAY || e->port == O_NOBODY)
		return;
	s->port = e->port;
	s->kind = O_PORT;
	if (c->p->port[e->port].mode == O_DEVICES) {
		s->vlan = e->vlan;
		if (g_chance(c->r, 60))
			s->kind = O_STACKED;
	}
	if (s->kind == O_STACKED)
		s->port = 0;
}

static void tag(struct g_case *c, const struct g_end *e)
{
	struct g_wire *w = &c->w;
	const struct o_port *port;

	w->tpid = 0x8100;
	if (e->port == O_NOBODY)
		return;
	port = &c->p->port[e->port];
	w->tag_inband = g_chance(c->r, 50);
	w->tci = g_below(c->r, 8) << 13;
	if (port->mode == O_DEVICES && port->untagged != e->vlan)
		w->tci |= e->vlan;
	else if (!g_chance(c->r, 10))
		return;
	w->tagged = true;
}

static void addresses(struct g_case *c, const struct idea *idea)
{
	struct g_wire *w = &c->w;
	const struct g_end *s = &c->src, *d = &c->dst;
	bool v6 = idea->entry.kind == '6' || (idea->entry.kind != 'i' && g_chance(c->r, 45));

	if (idea->entry.kind != 'i' && idea->entry.kind != '6') {
		if (v6 && !(s->a6.family && d->a6.family) && s->a4.family && d->a4.family)
			v6 = false;
		if (!v6 && !(s->a4.family && d->a4.family))
			v6 = true;
	}
	if (v6) {
		w->src = s->a6.family ? s->a6 : s->link_local;
		w->dst = d->a6.family ? d->a6 : d->link_local;
		if (g_chance(c->r, 6)) {
			w->src = s->link_local;
			w->dst = d->link_local;
		}
	} else {
		w->src = s->a4.family ? s->a4 : g_addr4(0x0a000001);
		w->dst = d->a4.family ? d->a4 : g_addr4(0x0a000002);
	}
	w->body = v6 ? W_IP6 : W_IP4;
	w->version = v6 ? 6 : 4;
	w->ethertype = v6 ? 0x86dd : 0x0800;
}

static void error_packet(struct g_case *c)
{
	static const int types4[] = { 3, 11, 12 }, types6[] = { 1, 2, 3, 4 };
	struct g_wire *w = &c->w;

	w->proto = w->body == W_IP4 ? 1 : 58;
	w->type = w->body == W_IP4 ? G_PICK(c->r, types4) : G_PICK(c->r, types6);
	w->n_data = 28;
}

static void service(struct g_case *c, const struct idea *idea)
{
	struct g_wire *w = &c->w;
	const struct o_entry *e = &idea->entry;
	int other = 1024 + g_below(c->r, 60000);
	bool v6 = w->body == W_IP6;

	w->n_data = g_below(c->r, 9);
	if (idea->error) {
		error_packet(c);
	} else if (e->kind == 't' || e->kind == 'u') {
		w->proto = e->kind == 't' ? 6 : 17;
		w->sport = idea->reply ? e->low : other;
		w->dport = idea->reply ? other : e->low;
	} else if (e->kind == 'i') {
		w->proto = 1;
		w->type = idea->reply ? (e->low == 8 ? 0 : 14) : e->low;
	} else if (e->kind == '6') {
		w->proto = 58;
		w->type = idea->reply ? 129 : 128;
	} else if (e->kind == 'd') {
		w->proto = 17;
		w->sport = v6 ? (idea->reply ? 547 : 546) : idea->reply ? 67 : 68;
		w->dport = v6 ? (idea->reply ? 546 : 547) : idea->reply ? 68 : 67;
	} else {
		w->proto = e->low;
	}
}

/* An ICMP error from someone else of the sender's zone than the one that the flow joins. */
static void wrong_sender(struct g_case *c, struct o_addr *real)
{
	struct g_end other;
	const struct o_addr *a;

	if (!g_end_of_zone(c, c->src.zone, &other))
		return;
	a = c->w.body == W_IP4 ? &other.a4 : &other.a6;
	if (a->family)
		*real = *a;
}

/* The view of conntrack that belongs to the packet. */
static void conntrack(struct g_case *c, const struct idea *idea)
{
	struct o_ct *ct = &c->k->ct;
	const struct g_wire *w = &c->w;
	const struct o_entry *e = &idea->entry;
	bool v6 = w->body == W_IP6, reply = idea->reply;

	memset(ct, 0, sizeof(*ct));
	if (g_chance(c->r, reply ? 20 : 30))
		return;
	if (idea->error) {
		ct->state = O_CT_RELATED;
		reply = g_chance(c->r, 70) ? reply : !reply;
	} else {
		ct->state = reply ? O_CT_REPLY : O_CT_ORIGINAL;
	}
	ct->initiator = reply ? w->dst : w->src;
	ct->target = reply ? w->src : w->dst;
	if (ct->state == O_CT_RELATED && g_chance(c->r, 45))
		wrong_sender(c, o_addr_eq(&ct->target, &w->src) ? &ct->target : &ct->initiator);
	ct->proto = e->kind == 't' ? 6 : e->kind == 'u' || e->kind == 'd' ? 17 : e->kind == 'i' ? 1 : e->kind == '6' ? 58 : e->low;
	ct->service = e->kind == 'd' ? (v6 ? 547 : 67) : e->kind == 'p' ? 0 : e->low;
}

static bool same_link(const struct g_case *c)
{
	return c->src.kind != E_HOST && c->dst.kind == E_DEVICE && c->src.vlan == c->dst.vlan && c->src.kind != E_GATEWAY;
}

/* MACs for a unicast that is bridged where both stand in one VLAN, else routed. */
static void macs(struct g_case *c)
{
	struct g_wire *w = &c->w;
	const uint8_t *own = c->live->own_mac[g_below(c->r, c->live->n_own_mac)];
	bool bridged = c->k->hook == O_BRIDGE || (same_link(c) && g_chance(c->r, 65));

	memcpy(w->smac, c->src.mac, 6);
	memcpy(w->dmac, c->dst.mac, 6);
	if (c->k->hook == O_INGRESS && !bridged && !g_chance(c->r, 2))
		memcpy(w->dmac, own, 6);
	if (c->k->hook == O_EGRESS && !bridged)
		memcpy(w->smac, own, 6);
}

static void to_group(struct g_case *c)
{
	static const uint32_t low4[] = { 0xe00000fb, 0xffffffff, 0xefffffff, 0xe0000000 };
	struct g_wire *w = &c->w;

	if (w->body == W_IP4)
		w->dst = g_addr4(G_PICK(c->r, low4));
	else
		w->dst = g_addr6(0xff020000, 0xfb);
	memset(w->dmac, 0xff, 6);
	if (w->body == W_IP6)
		w->dmac[0] = w->dmac[1] = 0x33;
}

static void dhcp(struct g_case *c, struct idea *idea)
{
	struct g_wire *w = &c->w;

	idea->entry = (struct o_entry){ 'd', 0, 0 };
	idea->error = false;
	idea->reply = g_chance(c->r, 40);
	addresses(c, idea);
	service(c, idea);
	conntrack(c, idea);
	macs(c);
	if (w->body == W_IP4 && !idea->reply && g_chance(c->r, 80)) {
		w->src = g_addr4(0);
		to_group(c);
		w->dst = g_addr4(0xffffffff);
	} else if (g_chance(c->r, 70)) {
		to_group(c);
	}
}

static void other_ethertype(struct g_case *c)
{
	static const int types[] = { 0x888e, 0x888e, 0x88cc, 0x05ff, 0x0600, 0x0027, 0x8863, 0x0805, 0x0807, 0x86dc, 0x86de };
	struct g_wire *w = &c->w;

	w->ethertype = G_PICK(c->r, types);
	w->body = W_RAW;
	macs(c);
	if (g_chance(c->r, 30)) {
		memcpy(w->dmac, (const uint8_t[]){ 0x01, 0x80, 0xc2, 0, 0, 0x03 }, 6);
		w->dmac[5] ^= (uint8_t)(g_chance(c->r, 20) ? 1 : 0);
	} else if (g_chance(c->r, 50)) {
		memcpy(w->dmac, c->live->own_mac[0], 6);
	}
}

static bool from_and_to(const struct o_flow *f, int zone)
{
	bool from = false, to = false;

	for (int i = 0; i < f->n_from; i++)
		from |= f->from[i] == zone || (f->from[i] == O_ANY && zone >= O_FIRST);
	for (int i = 0; i < f->n_to; i++)
		to |= f->to[i] == zone || (f->to[i] == O_ANY && zone >= O_FIRST);
	return from && to;
}

/* What the sender may start in its own zone, if there is something: nobody else hears a group. */
static void in_own_zone(struct g_case *c, struct idea *idea)
{
	for (int tries = 0; tries < 24 && c->p->n_flows; tries++) {
		const struct o_flow *f = &c->p->flow[g_below(c->r, c->p->n_flows)];

		if (f->deny || !from_and_to(f, c->src.zone) || !pick_entry(c, f, &idea->entry) ||
		    idea->entry.kind == 'e')
			continue;
		idea->reply = idea->error = false;
		return;
	}
}

/* A frame of an ethertype that a flow names. */
static void named_ethertype(struct g_case *c, const struct idea *idea)
{
	struct g_wire *w = &c->w;

	w->ethertype = idea->entry.low;
	w->body = W_RAW;
	macs(c);
	if (c->src.kind == E_DEVICE || c->src.kind == E_STRANGER)
		memcpy(w->smac, c->src.mac, 6);
	if (c->dst.kind == E_DEVICE)
		memcpy(w->dmac, c->dst.mac, 6);
	if (g_chance(c->r, 35))
		memcpy(w->dmac, (const uint8_t[]){ 0x01, 0x0e, 0xcf, 0, 0, 0 }, 6);
	else if (g_chance(c->r, 8))
		memcpy(w->dmac, (const uint8_t[]){ 0x01, 0x80, 0xc2, 0, 0, 0x0e }, 6);
}

static void data(struct g_case *c, struct idea *idea)
{
	bool group = c->k->hook != O_LOCAL_OUT && g_chance(c->r, c->k->hook == O_EGRESS ? 14 : 7);

	if (group && g_chance(c->r, 60))
		in_own_zone(c, idea);
	if (idea->entry.kind == 'e')
		idea->entry = (struct o_entry){ 't', 80, 80 };
	addresses(c, idea);
	service(c, idea);
	conntrack(c, idea);
	macs(c);
	if (group)
		to_group(c);
}

static void fill(struct g_case *c, struct idea *idea)
{
	bool l2 = c->k->hook == O_INGRESS || c->k->hook == O_EGRESS;
	int n = g_below(c->r, 100);

	c->w.ttl = 64;
	c->w.tpid = 0x8100;
	c->w.ext_next = -1;
	if (idea->entry.kind == 'e' && !idea->reply && (l2 || c->k->hook == O_BRIDGE)) {
		named_ethertype(c, idea);
		return;
	}
	if (idea->entry.kind == 'e')
		idea->entry = (struct o_entry){ 't', 80, 80 };
	if (n < (l2 ? 34 : c->k->hook == O_BRIDGE ? 14 : 4))
		g_neighbour(c);
	else if (n < (l2 ? 38 : c->k->hook == O_BRIDGE ? 18 : 6))
		g_membership(c);
	else if (n < (l2 ? 41 : c->k->hook == O_BRIDGE ? 20 : 7))
		g_router(c);
	else if (n < (l2 ? 44 : c->k->hook == O_BRIDGE ? 23 : 7))
		other_ethertype(c);
	else if (n < (l2 ? 49 : c->k->hook == O_BRIDGE ? 27 : 15))
		dhcp(c, idea);
	else
		data(c, idea);
}

static bool has_ethernet(enum o_hook hook)
{
	return hook == O_INGRESS || hook == O_EGRESS || hook == O_BRIDGE;
}

/* Fields to bytes; what the L3 hooks never see becomes something that they do. */
static void serialise(struct g_case *c)
{
	struct o_packet *k = c->k;
	const struct g_wire *w = &c->w;
	bool l2 = has_ethernet(k->hook);

	k->len = g_wire_put(w, l2, k->bytes, (int)sizeof(k->bytes));
	k->tag = l2 && w->tagged && !w->tag_inband;
	k->tpid = w->tpid;
	k->tci = w->tci;
	k->l3 = l2 ? 0 : w->ethertype;
}

void g_make(struct g_case *c)
{
	struct idea idea = { .entry = { 't', 80, 80 } };

	memset(&c->w, 0, sizeof(c->w));
	memset(&c->k->in, 0, sizeof(c->k->in));
	memset(&c->k->out, 0, sizeof(c->k->out));
	memset(&c->k->ct, 0, sizeof(c->k->ct));
	g_live(c->r, c->p, c->live);
	c->k->hook = pick_hook(c->r);
	if (!pick_ends(c, &idea))
		no_ends(c, &idea);
	side(c, &c->src, &c->k->in);
	side(c, &c->dst, &c->k->out);
	if (c->k->hook == O_INGRESS) {
		c->k->in = (struct o_side){ O_PORT, c->src.port, 0 };
		memset(&c->k->out, 0, sizeof(c->k->out));
		tag(c, &c->src);
	} else if (c->k->hook == O_EGRESS) {
		c->k->out = (struct o_side){ O_PORT, c->dst.port, 0 };
		memset(&c->k->in, 0, sizeof(c->k->in));
		tag(c, &c->dst);
		if (c->dst.device != O_NOBODY && !c->p->device[c->dst.device].n_ports && g_chance(c->r, 90))
			c->live->device[c->dst.device].port = c->dst.port;
	} else if (c->k->hook == O_BRIDGE && g_chance(c->r, 50)) {
		tag(c, &c->src);
	}
	fill(c, &idea);
	c->no_ruleset = g_chance(c->r, 1);
	for (int n = g_below(c->r, 20) * 3 / 20; n > 0; n--) {
		if (g_chance(c->r, 30))
			g_mutate_facts(c);
		else
			g_mutate(c);
	}
	serialise(c);
}
