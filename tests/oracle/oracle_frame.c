// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections 6.2 steps 2-4 and what steps 7, 8, 10 need: a frame's facts, read straight from its bytes. */
#include <string.h>

#include "oracle_int.h"

static int be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static struct o_addr address(int family, const uint8_t *p)
{
	struct o_addr a = { .family = family };

	memcpy(a.b, p, family == 4 ? 4 : 16);
	return a;
}

static bool is_tag(int type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* Return: how many bytes of transport header step 4 wants of this protocol. */
static int wanted(int family, int proto)
{
	if (proto == 6)
		return 20;
	if (proto == 17)
		return 8;
	if (family == 4 && (proto == 1 || proto == 2))
		return 8;
	if (family == 6 && proto == 58)
		return 8;
	return 0;
}

/* A whole NS or NA: target and options; p is the ICMPv6 message of n bytes. */
static void neighbour(struct o_frame *f, const uint8_t *p, int n)
{
	if (n < 24) {
		f->malformed = true;
		return;
	}
	f->has_target = true;
	f->target = address(6, p + 8);
	f->nd_options_ok = true;
	f->nd_lladdr_ok = true;
	for (int at = 24; at < n;) {
		int len;

		if (n - at < 8 || p[at + 1] == 0 || p[at + 1] * 8 > n - at) {
			f->nd_options_ok = false;
			return;
		}
		len = p[at + 1] * 8;
		if (p[at] == 1)
			f->nd_slla = true;
		if ((p[at] == 1 || p[at] == 2) && (len != 8 || memcmp(p + at + 2, f->smac, 6)))
			f->nd_lladdr_ok = false;
		at += len;
	}
}

/* The transport header of everything but a later fragment; p has n bytes. */
static void transport(struct o_frame *f, const uint8_t *p, int n)
{
	int want = wanted(f->family, f->proto);

	f->whole_l4 = n >= want;
	if (!f->whole_l4) {
		if (!f->fragment)
			f->malformed = true;	/* "a whole packet without its full ... header" */
		return;
	}
	if (f->proto == 6 || f->proto == 17) {
		f->sport = be16(p);
		f->dport = be16(p + 2);
	} else if (want) {
		f->type = p[0];
		f->code = p[1];
	}
	if (!f->fragment && (o_icmpv6(f, 135) || o_icmpv6(f, 136)))
		neighbour(f, p, n);
}

static void parse_ipv4(struct o_frame *f, const uint8_t *p, int n)
{
	static const uint8_t alert[4] = { 0x94, 0x04, 0x00, 0x00 };
	int header, total, offset;
	bool more;

	f->malformed = true;
	if (n < 20 || p[0] >> 4 != 4)
		return;
	header = (p[0] & 15) * 4;
	total = be16(p + 2);
	if (header < 20 || total < header || total > n)
		return;
	offset = (be16(p + 6) & 0x1fff) * 8;
	more = be16(p + 6) & 0x2000;
	f->fragment = offset || more;
	f->first = f->fragment && !offset;
	f->later = offset > 0;
	if (f->fragment && offset + (total - header) > 65535)
		return;
	f->malformed = p[9] == 58;
	f->family = 4;
	f->hop_limit = p[8];
	f->proto = p[9];
	f->src = address(4, p + 12);
	f->dst = address(4, p + 16);
	f->options = header > 20;
	f->n_option = header - 20;
	memcpy(f->option, p + 20, (size_t)f->n_option);
	f->router_alert = header == 24 && !memcmp(p + 20, alert, 4);
	if (!f->later)
		transport(f, p + header, total - header);
}

/* 7a: the next headers that nothing may carry */
static bool listed(int next)
{
	return next == 0 || next == 43 || next == 51 || next == 59 || next == 60 || next == 135 || next == 139 || next == 140;
}

/* The one fragment header that may stand directly behind the IPv6 header. Return: false: malformed. */
static bool fragment_header(struct o_frame *f, const uint8_t *p, int n)
{
	int offset, more;

	if (n < 8)
		return false;
	offset = be16(p + 2) & 0xfff8;
	more = p[3] & 1;
	f->fragment = true;
	f->first = !offset && more;
	f->later = offset > 0;
	f->atomic = !offset && !more;
	f->proto = p[0];
	f->ext_bad = listed(f->proto) || f->proto == 44;
	return offset + (n - 8) <= 65535;
}

static void parse_ipv6(struct o_frame *f, const uint8_t *p, int n)
{
	static const uint8_t alert[8] = { 58, 0, 5, 2, 0, 0, 1, 0 };
	int payload;

	f->malformed = true;
	if (n < 40 || p[0] >> 4 != 6)
		return;
	payload = be16(p + 4);
	if (payload > n - 40)
		return;
	f->family = 6;
	f->hop_limit = p[7];
	f->src = address(6, p + 8);
	f->dst = address(6, p + 24);
	f->proto = p[6];
	p += 40;
	n = payload;
	if (f->proto == 0) {
		f->router_alert = n >= 8 && !memcmp(p, alert, 8);
		f->ext_bad = !f->router_alert;
		if (f->router_alert)
			f->proto = 58;
		p += 8;
		n -= 8;
	} else if (f->proto == 44) {
		if (!fragment_header(f, p, n))
			return;
		p += 8;
		n -= 8;
	} else {
		f->ext_bad = listed(f->proto);
	}
	f->malformed = f->proto == 1 || f->proto == 2;
	if (!f->later && !f->ext_bad)
		transport(f, p, n);
}

static void parse_arp(struct o_frame *f, const uint8_t *p, int n)
{
	if (n < 28 || be16(p) != 1 || be16(p + 2) != 0x0800 || p[4] != 6 || p[5] != 4) {
		f->malformed = true;
		return;
	}
	f->arp_op = be16(p + 6);
	memcpy(f->sha, p + 8, 6);
	f->src = address(4, p + 14);
	f->has_target = true;
	f->target = address(4, p + 24);
}

/* Step 2's header. Return: its length, 0 when it is not whole. */
static int ethernet(const struct o_packet *k, struct o_frame *f)
{
	static const uint8_t zero[6];
	int header = 14;

	if (k->len < 14) {
		f->header_bad = f->header_short = true;
		return 0;
	}
	memcpy(f->dmac, k->bytes, 6);
	memcpy(f->smac, k->bytes + 6, 6);
	f->header_bad = o_group_mac(f->smac) || !memcmp(f->smac, zero, 6);
	f->ethertype = be16(k->bytes + 12);
	if (k->tag) {
		f->tagged = true;
		f->tpid = k->tpid;
		f->vid = k->tci & 0xfff;
	} else if (is_tag(f->ethertype)) {
		header = 18;
		if (k->len < 18) {
			f->header_bad = f->header_short = true;
			return 0;
		}
		f->tagged = true;
		f->tpid = f->ethertype;
		f->vid = be16(k->bytes + 14) & 0xfff;
		f->ethertype = be16(k->bytes + 16);
	}
	f->second_tag = f->tagged && is_tag(f->ethertype);
	return header;
}

void o_parse(const struct o_packet *k, struct o_frame *f)
{
	int header = 0;

	memset(f, 0, sizeof(*f));
	f->whole_l4 = true;	/* until transport() looks */
	f->proto = f->sport = f->dport = f->type = f->code = f->arp_op = f->vid = -1;
	if (k->l3) {
		f->ethertype = k->l3;
	} else {
		header = ethernet(k, f);
		if (!header)
			return;
	}
	if (f->ethertype == 0x0800)
		parse_ipv4(f, k->bytes + header, k->len - header);
	else if (f->ethertype == 0x86dd)
		parse_ipv6(f, k->bytes + header, k->len - header);
	else if (f->ethertype == 0x0806)
		parse_arp(f, k->bytes + header, k->len - header);
	if (f->malformed)
		f->proto = f->type = -1;
}
