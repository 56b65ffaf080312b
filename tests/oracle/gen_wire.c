// SPDX-License-Identifier: GPL-2.0-or-later
/* Fields to bytes, and small values. */
#include <string.h>

#include "gen.h"

struct out {
	uint8_t *p;
	int n, max;
};

static void byte(struct out *o, int v)
{
	if (o->n < o->max)
		o->p[o->n++] = (uint8_t)v;
}

static void word(struct out *o, int v)
{
	byte(o, v >> 8);
	byte(o, v);
}

static void bytes(struct out *o, const uint8_t *p, int n)
{
	for (int i = 0; i < n; i++)
		byte(o, p[i]);
}

static void zeros(struct out *o, int n)
{
	for (int i = 0; i < n; i++)
		byte(o, 0);
}

static void address(struct out *o, const struct o_addr *a, int family)
{
	bytes(o, a->b, family == 4 ? 4 : 16);
}

static void transport(struct out *o, const struct g_wire *w)
{
	int type = w->proto == 1 || w->proto == 2 || w->proto == 58;

	if (w->bare) {
		bytes(o, w->data, w->n_data);
		return;
	}
	if (w->proto == 6) {
		word(o, w->sport);
		word(o, w->dport);
		zeros(o, 8);
		byte(o, 0x50);
		zeros(o, 7);
	} else if (w->proto == 17) {
		word(o, w->sport);
		word(o, w->dport);
		word(o, 8 + w->n_data);
		word(o, 0);
	} else if (type) {
		byte(o, w->type);
		byte(o, w->code);
		zeros(o, 6);
		if (w->nd)
			address(o, &w->target, 6);
	}
	bytes(o, w->data, w->n_data);
}

static void ipv4(struct out *o, const struct g_wire *w, int payload)
{
	int header = 20 + w->n_opt;

	byte(o, w->version << 4 | ((header / 4 + w->ihl_delta) & 15));
	byte(o, 0);
	word(o, header + payload + w->total_delta);
	word(o, 0x1234);
	word(o, (w->fragment ? w->more << 13 | (w->offset & 0x1fff) : 0x4000));
	byte(o, w->ttl);
	byte(o, w->proto);
	word(o, 0);
	address(o, &w->src, 4);
	address(o, &w->dst, 4);
	bytes(o, w->opt, w->n_opt);
}

static void ipv6(struct out *o, const struct g_wire *w, int payload)
{
	int next = w->fragment ? 44 : w->proto;

	byte(o, w->version << 4);
	zeros(o, 3);
	word(o, payload + w->n_ext + (w->fragment ? 8 : 0) + w->total_delta);
	byte(o, w->n_ext ? w->ext_type : next);
	byte(o, w->ttl);
	address(o, &w->src, 6);
	address(o, &w->dst, 6);
	if (w->n_ext) {
		byte(o, w->ext_next >= 0 ? w->ext_next : next);
		bytes(o, w->ext + 1, w->n_ext - 1);
	}
	if (w->fragment) {
		byte(o, w->proto);
		byte(o, 0);
		word(o, w->offset << 3 | w->more);
		zeros(o, 4);
	}
}

static void arp(struct out *o, const struct g_wire *w)
{
	word(o, w->htype);
	word(o, w->ptype);
	byte(o, w->hlen);
	byte(o, w->plen);
	word(o, w->op);
	bytes(o, w->sha, 6);
	address(o, &w->src, 4);
	bytes(o, w->tha, 6);
	address(o, &w->target, 4);
}

int g_wire_put(const struct g_wire *w, bool l2, uint8_t *out, int max)
{
	uint8_t payload[512];
	struct out o = { out, 0, max }, l4 = { payload, 0, sizeof(payload) };

	if (l2) {
		bytes(&o, w->dmac, 6);
		bytes(&o, w->smac, 6);
		if (w->tagged && w->tag_inband) {
			word(&o, w->tpid);
			word(&o, w->tci);
		}
		if (w->tag2) {
			word(&o, w->tpid2);
			word(&o, w->tci);
		}
		word(&o, w->ethertype);
	}
	transport(&l4, w);
	if (w->body == W_IP4)
		ipv4(&o, w, l4.n);
	else if (w->body == W_IP6)
		ipv6(&o, w, l4.n);
	else if (w->body == W_ARP)
		arp(&o, w);
	else
		zeros(&o, 40);
	if (w->body == W_IP4 || w->body == W_IP6)
		bytes(&o, payload, l4.n);
	zeros(&o, w->pad);
	return w->cut < o.n ? o.n - w->cut : 0;
}

struct o_addr g_addr4(uint32_t value)
{
	struct o_addr a = { .family = 4 };

	for (int i = 0; i < 4; i++)
		a.b[i] = (uint8_t)(value >> (24 - 8 * i));
	return a;
}

/* high::low */
struct o_addr g_addr6(uint32_t high, uint32_t low)
{
	struct o_addr a = { .family = 6 };

	for (int i = 0; i < 4; i++) {
		a.b[i] = (uint8_t)(high >> (24 - 8 * i));
		a.b[12 + i] = (uint8_t)(low >> (24 - 8 * i));
	}
	return a;
}

/* The next or the one before, as far as by says. */
void g_addr_step(struct o_addr *a, int by)
{
	for (int i = (a->family == 4 ? 4 : 16) - 1; i >= 0 && by; i--) {
		int v = a->b[i] + by;

		a->b[i] = (uint8_t)v;
		by = v < 0 ? -1 : v > 255;
	}
}

/* The first, the last or any address of a prefix. */
struct o_addr g_addr_in(struct g_rng *r, const struct o_prefix *prefix)
{
	struct o_addr a = prefix->addr;
	int bits = a.family == 4 ? 32 : 128, how = g_below(r, 8);

	for (int i = prefix->len; i < bits; i++) {
		int bit = how == 0 ? 0 : how == 1 ? 1 : g_below(r, 2);

		if (bit)
			a.b[i / 8] |= (uint8_t)(0x80 >> i % 8);
	}
	return a;
}

/* 02:<kind>:00:00:00:<index> */
void g_mac(uint8_t *mac, int kind, int index)
{
	memset(mac, 0, 6);
	mac[0] = 2;
	mac[1] = (uint8_t)kind;
	mac[5] = (uint8_t)index;
}
