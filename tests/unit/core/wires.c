// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "wires.h"

static struct o_addr text(const char *s)
{
	struct o_addr a = { .family = strchr(s, ':') ? 6 : 4 };

	if (inet_pton(a.family == 4 ? AF_INET : AF_INET6, s, a.b) != 1)
		abort();
	return a;
}

static void set_mac(uint8_t *mac, int last)
{
	if (last == 0xff) {
		memset(mac, 0xff, 6);
		return;
	}
	memset(mac, 0, 6);
	mac[0] = W_OWN_FIRST;
	mac[5] = (uint8_t)last;
}

void w_macs(struct g_wire *w, int from, int to)
{
	bool option = w->n_data == 8 && w->nd;

	set_mac(w->smac, from);
	set_mac(w->dmac, to);
	memcpy(w->sha, w->smac, 6);
	if (option)
		memcpy(w->data + 2, w->smac, 6);
}

void w_tag(struct g_wire *w, int tpid, int tci)
{
	w->tagged = w->tag_inband = true;
	w->tpid = tpid;
	w->tci = tci;
}

void w_fragment(struct g_wire *w, int offset, bool more, bool bare, int bytes)
{
	w->fragment = true;
	w->offset = offset / 8;
	w->more = more;
	w->bare = bare;
	w->n_data = bytes;
}

struct g_wire w_ip(const char *src, const char *dst, int proto)
{
	struct g_wire w = { .src = text(src), .dst = text(dst), .proto = proto, .ttl = 64, .ext_next = -1, .tpid = 0x8100 };
	bool v6 = w.src.family == 6;

	w.body = v6 ? W_IP6 : W_IP4;
	w.version = v6 ? 6 : 4;
	w.ethertype = v6 ? 0x86dd : 0x0800;
	w_macs(&w, 1, W_OWN);
	return w;
}

struct g_wire w_udp(const char *src, const char *dst, int sport, int dport)
{
	struct g_wire w = w_ip(src, dst, 17);

	w.sport = sport;
	w.dport = dport;
	return w;
}

struct g_wire w_tcp(const char *src, const char *dst, int sport, int dport)
{
	struct g_wire w = w_udp(src, dst, sport, dport);

	w.proto = 6;
	return w;
}

struct g_wire w_icmp(const char *src, const char *dst, int type)
{
	struct g_wire w = w_ip(src, dst, strchr(src, ':') ? 58 : 1);

	w.type = type;
	return w;
}

struct g_wire w_nd(const char *src, const char *dst, int type, const char *target, bool lladdr)
{
	struct g_wire w = w_icmp(src, dst, type);

	w.nd = true;
	w.ttl = 255;
	w.target = text(target);
	if (lladdr) {
		w.data[0] = type == 135 ? 1 : 2;
		w.data[1] = 1;
		memcpy(w.data + 2, w.smac, 6);
		w.n_data = 8;
	}
	return w;
}

struct g_wire w_mld(const char *src, int type)
{
	struct g_wire w = w_icmp(src, "ff02::16", type);

	memcpy(w.ext, (const uint8_t[]){ 58, 0, 5, 2, 0, 0, 1, 0 }, 8);
	w.n_ext = 8;
	w.ttl = 1;
	w.n_data = 20;
	w_macs(&w, 1, 0xff);
	return w;
}

struct g_wire w_igmp(const char *src, int type)
{
	struct g_wire w = w_ip(src, "224.0.0.22", 2);

	w.type = type;
	memcpy(w.opt, (const uint8_t[]){ 0x94, 4, 0, 0 }, 4);
	w.n_opt = 4;
	w_macs(&w, 1, 0xff);
	return w;
}

struct g_wire w_arp(int op, const char *sender, const char *target)
{
	struct g_wire w = { .body = W_ARP, .ethertype = 0x0806, .htype = 1, .ptype = 0x0800, .hlen = 6, .plen = 4, .op = op, .tpid = 0x8100 };

	w.src = text(sender);
	w.target = text(target);
	w_macs(&w, 1, op == 1 ? 0xff : W_OWN);
	return w;
}

struct g_wire w_raw(int ethertype)
{
	struct g_wire w = { .body = W_RAW, .ethertype = ethertype, .tpid = 0x8100 };

	w_macs(&w, 1, W_OWN);
	return w;
}
