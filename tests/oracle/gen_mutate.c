// SPDX-License-Identifier: GPL-2.0-or-later
/* One change to a packet's fields, one step over a boundary where there is one. */
#include <string.h>

#include "gen.h"

static bool l2(const struct g_case *c)
{
	return c->k->hook == O_INGRESS || c->k->hook == O_EGRESS || c->k->hook == O_BRIDGE;
}

static void any_mac(struct g_case *c, uint8_t *mac)
{
	switch (g_below(c->r, 6)) {
	case 0:
		memcpy(mac, c->live->own_mac[g_below(c->r, c->live->n_own_mac)], 6);
		break;
	case 1:
		mac[0] ^= 1;
		break;
	case 2:
		memset(mac, 0, 6);
		mac[5] = (uint8_t)g_below(c->r, 2);
		break;
	case 3:
		mac[5] = (uint8_t)(mac[5] + (g_chance(c->r, 50) ? 1 : -1));
		break;
	default:
		if (c->p->n_devices)
			memcpy(mac, c->p->device[g_below(c->r, c->p->n_devices)].mac, 6);
		break;
	}
}

static void m_smac(struct g_case *c)
{
	any_mac(c, c->w.smac);
	if (g_chance(c->r, 70))
		memcpy(c->w.sha, c->w.smac, 6);
}

static void m_dmac(struct g_case *c)
{
	if (g_chance(c->r, 30))
		memset(c->w.dmac, 0xff, 6);
	else
		any_mac(c, c->w.dmac);
}

static void m_tag(struct g_case *c)
{
	static const int vids[] = { 0, 1, 2, 3, 10, 20, 30, 4094, 4095 }, tpids[] = { 0x8100, 0x88a8, 0x9100, 0x8101, 0x88a7 };
	struct g_wire *w = &c->w;

	switch (g_below(c->r, 5)) {
	case 0:
		w->tagged = !w->tagged;
		break;
	case 1:
		w->tag2 = true;
		w->tpid2 = G_PICK(c->r, tpids);
		break;
	case 2:
		w->tpid = G_PICK(c->r, tpids);
		break;
	default:
		w->tagged = true;
		w->tpid = 0x8100;
		w->tci = (w->tci & 0xe000) | G_PICK(c->r, vids);
		break;
	}
}

static void m_ethertype(struct g_case *c)
{
	static const int types[] = { 0x0800, 0x0806, 0x86dd, 0x888e, 0x88cc, 0x05dc, 0x0000, 0x8100, 0x88a8, 0x9100 };

	if (l2(c))
		c->w.ethertype = G_PICK(c->r, types);
}

static struct o_addr strange(struct g_case *c, int family)
{
	static const uint32_t v4[] = {
		0, 1, 0x00ffffff, 0x01000000, 0x7effffff, 0x7f000000, 0x7f000001, 0x7fffffff, 0x80000000, 0xdfffffff,
		0xe0000000, 0xefffffff, 0xf0000000, 0xfffffffe, 0xffffffff, 0xa9fe0001,
	};
	static const uint32_t v6[][2] = {
		{ 0, 0 }, { 0, 1 }, { 0, 2 }, { 0xff000000, 0 }, { 0xfeffffff, 1 }, { 0xfe800000, 0xdead }, { 0xfebfffff, 1 },
		{ 0xfec00000, 1 }, { 0xfe7fffff, 1 }, { 0x00010000, 0 }, { 0xff020000, 1 },
	};
	struct o_addr a;
	int i;

	if (family == 4)
		return g_addr4(G_PICK(c->r, v4));
	i = g_below(c->r, (int)(sizeof(v6) / sizeof(v6[0])));
	a = g_addr6(v6[i][0], v6[i][1]);
	if (g_chance(c->r, 20)) {	/* IPv4-mapped, or next to it */
		struct o_addr v = c->p->n_devices ? c->p->device[g_below(c->r, c->p->n_devices)].addr[0] : g_addr4(0x0a000001);

		a = g_addr6(0, 0);
		a.b[10] = 0xff;
		a.b[11] = g_chance(c->r, 70) ? 0xff : 0xfe;
		memcpy(a.b + 12, v.b, 4);
	}
	return a;
}

static void any_addr(struct g_case *c, struct o_addr *a)
{
	int family = c->w.body == W_IP6 ? 6 : 4, d, n;

	switch (g_below(c->r, 7)) {
	case 0:
		*a = strange(c, family);
		break;
	case 1:
		g_addr_step(a, g_chance(c->r, 50) ? 1 : -1);
		break;
	case 2:
		for (int i = 0, k = 0; i < c->live->n_own_addr; i++)
			if (c->live->own_addr[i].family == family && !g_below(c->r, ++k))
				*a = c->live->own_addr[i];
		break;
	case 3:		/* an edge of a subnet, or just outside */
		d = O_FIRST + g_below(c->r, c->p->n_zones - O_FIRST);
		n = c->p->zone[d].n_subnets;
		if (n && c->p->zone[d].subnet[0].addr.family == family) {
			*a = g_addr_in(c->r, &c->p->zone[d].subnet[0]);
			g_addr_step(a, g_below(c->r, 3) - 1);
		}
		break;
	case 4:
		if (family == 6 && c->p->n_devices && g_chance(c->r, 50)) {
			*a = g_eui64(c->p->device[g_below(c->r, c->p->n_devices)].mac);
			a->b[g_chance(c->r, 50) ? 11 : g_below(c->r, 16)] ^= (uint8_t)g_chance(c->r, 20);
		} else if (family == 6) {
			*a = g_addr6(0xfe800000, 0x10000u + (uint32_t)g_below(c->r, c->p->n_devices + 1));
		}
		break;
	default:
		for (int i = 0, k = 0; i < c->p->n_devices; i++)
			for (int j = 0; j < c->p->device[i].n_addr; j++)
				if (c->p->device[i].addr[j].family == family && !g_below(c->r, ++k))
					*a = c->p->device[i].addr[j];
		break;
	}
}

static void m_src(struct g_case *c)
{
	any_addr(c, &c->w.src);
}

static void m_dst(struct g_case *c)
{
	if (c->w.body == W_ARP)
		any_addr(c, &c->w.target);
	else
		any_addr(c, &c->w.dst);
}

static void m_target(struct g_case *c)
{
	if (c->w.nd || c->w.body == W_ARP)
		any_addr(c, &c->w.target);
}

static void m_port(struct g_case *c)
{
	static const int edges[] = { 0, 53, 66, 67, 68, 69, 546, 547, 548, 65535, 443 };
	int *port = g_chance(c->r, 50) ? &c->w.sport : &c->w.dport;

	*port = g_chance(c->r, 50) ? (*port + (g_chance(c->r, 50) ? 1 : 65535)) & 0xffff : G_PICK(c->r, edges);
}

static void m_proto(struct g_case *c)
{
	static const int protos[] = { 0, 1, 2, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 132, 135, 139, 140, 255 };

	c->w.proto = G_PICK(c->r, protos);
}

static void m_type(struct g_case *c)
{
	static const int types[] = { 0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 0x11, 0x12, 0x16, 0x17, 0x22, 128, 129, 130, 131, 132, 133,
				     134, 135, 136, 137, 143 };

	if (g_chance(c->r, 20))
		c->w.code ^= 1;
	else if (g_chance(c->r, 25))
		c->w.ttl = 254 + g_below(c->r, 2);
	else
		c->w.type = G_PICK(c->r, types);
}

static void m_fragment(struct g_case *c)
{
	static const int offsets[] = { 0, 0, 1, 2, 185, 8190, 8191 };
	struct g_wire *w = &c->w;

	w->fragment = true;
	w->offset = G_PICK(c->r, offsets);
	w->more = g_chance(c->r, w->offset ? 50 : 80);
	if (w->offset || g_chance(c->r, 25)) {
		w->bare = true;
		w->n_data = g_chance(c->r, 50) ? 7 + g_below(c->r, 3) : g_below(c->r, 26);
	}
}

/* One or two options as hosts write them, or nearly. */
static void option_list(struct g_case *c)
{
	static const int kinds[] = { 7, 7, 68, 68, 148, 148, 131, 137, 130 };
	struct g_wire *w = &c->w;
	int n = 0;

	for (int i = 1 + g_below(c->r, 2); i > 0; i--) {
		int kind = G_PICK(c->r, kinds), len = kind == 148 ? 4 : kind == 68 ? 4 + g_below(c->r, 9) : 3 + g_below(c->r, 5);

		if (g_chance(c->r, 30))
			w->opt[n++] = 1;
		w->opt[n] = (uint8_t)kind;
		w->opt[n + 1] = (uint8_t)(g_chance(c->r, 15) ? g_below(c->r, 41) : len);
		memset(w->opt + n + 2, 4, 2);
		n += len;
	}
	w->n_opt = (n + 3) / 4 * 4;
	memset(w->opt + n, g_chance(c->r, 60) ? 0 : 1, (size_t)(w->n_opt - n));
	if (n < w->n_opt && g_chance(c->r, 10))
		w->opt[w->n_opt - 1] = 9;
}

static void m_options(struct g_case *c)
{
	static const int lengths[] = { 0, 4, 4, 4, 8, 40 };
	struct g_wire *w = &c->w;
	bool was = w->n_opt == 4;

	if (w->proto != 2 && g_chance(c->r, 60)) {
		option_list(c);
		return;
	}
	w->n_opt = G_PICK(c->r, lengths);
	if (!was || g_chance(c->r, 30))
		memcpy(w->opt, (const uint8_t[]){ 0x94, 0x04, 0, 0 }, 4);
	if (g_chance(c->r, 60))
		w->opt[g_below(c->r, 4)] ^= (uint8_t)(1 << g_below(c->r, 8));
}

static void m_ext(struct g_case *c)
{
	static const int types[] = { 0, 0, 0, 0, 43, 44, 51, 59, 60, 135, 139, 140, 50 };
	struct g_wire *w = &c->w;

	if (w->n_ext && g_chance(c->r, 25)) {
		w->n_ext = 0;
		return;
	}
	if (!w->n_ext || g_chance(c->r, 20))
		memcpy(w->ext, (const uint8_t[]){ 58, 0, 5, 2, 0, 0, 1, 0 }, 8);
	w->n_ext = g_chance(c->r, 90) ? 8 : 16;
	w->ext_type = G_PICK(c->r, types);
	if (g_chance(c->r, 50))
		w->ext[1 + g_below(c->r, 7)] ^= (uint8_t)(1 << g_below(c->r, 8));
	if (g_chance(c->r, 10))
		w->ext_next = G_PICK(c->r, types);
}

static void m_length(struct g_case *c)
{
	struct g_wire *w = &c->w;
	int step = g_chance(c->r, 50) ? 1 : -1;

	switch (g_below(c->r, 7)) {
	case 0:
		w->total_delta = step * (g_chance(c->r, 70) ? 1 : 1 + g_below(c->r, 40));
		break;
	case 1:
		w->ihl_delta = step;
		break;
	case 2:
		w->version ^= g_chance(c->r, 50) ? 2 : 1;
		break;
	case 3:
		w->pad = 1 + g_below(c->r, 20);
		break;
	case 4:		/* a transport header that just fits, or just not */
		w->bare = true;
		w->n_data = (int[]){ 7, 8, 19, 20, 0, 4, 24, 23 }[g_below(c->r, 8)];
		break;
	default:
		w->cut = g_chance(c->r, 40) ? 1 : g_chance(c->r, 70) ? 1 + g_below(c->r, 30) : 1 + g_below(c->r, 80);
		break;
	}
}

static void m_nd_options(struct g_case *c)
{
	struct g_wire *w = &c->w;
	int at = w->n_data >= 8 ? g_below(c->r, w->n_data / 8) * 8 : 0;

	if (!w->nd)
		return;
	switch (g_below(c->r, 6)) {
	case 0:
		w->data[at + 1] = (uint8_t)g_below(c->r, 3);
		break;
	case 1:
		w->data[at] = (uint8_t)g_below(c->r, 4);
		break;
	case 2:
		w->data[at + 2 + g_below(c->r, 6)] ^= 1;
		break;
	case 3:
		w->n_data += w->n_data < 80 ? 1 + g_below(c->r, 8) : 0;
		break;
	case 4:
		w->n_data = w->n_data ? w->n_data - 1 : 0;
		break;
	default:
		w->data[w->n_data] = (uint8_t)(1 + g_below(c->r, 2));
		w->data[w->n_data + 1] = 1;
		memcpy(w->data + w->n_data + 2, w->smac, 6);
		w->n_data += 8;
		break;
	}
}

static void m_arp(struct g_case *c)
{
	struct g_wire *w = &c->w;

	if (w->body != W_ARP)
		return;
	switch (g_below(c->r, 7)) {
	case 0:
		w->htype ^= 1 << g_below(c->r, 16);
		break;
	case 1:
		w->ptype ^= 1 << g_below(c->r, 16);
		break;
	case 2:
		w->hlen += g_below(c->r, 3) - 1;
		break;
	case 3:
		w->plen += g_below(c->r, 3) - 1;
		break;
	case 4:
		w->op = (int[]){ 0, 1, 2, 3, 0x0100, 0x0101, 0x0201 }[g_below(c->r, 7)];
		break;
	case 5:
		w->sha[g_below(c->r, 6)] ^= 1;
		break;
	default:
		w->target = w->src;
		break;
	}
}

void g_mutate(struct g_case *c)
{
	static void (*const l2_only[])(struct g_case *) = { m_smac, m_dmac, m_tag, m_ethertype };
	static void (*const ip[])(struct g_case *) = {
		m_src, m_src, m_dst, m_dst, m_port, m_port, m_proto, m_type, m_type, m_fragment, m_fragment, m_options, m_ext, m_length,
	};
	static void (*const neighbour[])(struct g_case *) = { m_target, m_target, m_nd_options, m_arp, m_src, m_type, m_length };

	if (l2(c) && g_chance(c->r, 25))
		G_PICK(c->r, l2_only)(c);
	else if ((c->w.nd || c->w.body == W_ARP) && g_chance(c->r, 85))
		G_PICK(c->r, neighbour)(c);
	else
		G_PICK(c->r, ip)(c);
}
