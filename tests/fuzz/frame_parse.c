// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The frame parser: reads nothing outside the packet, and sees what the oracle's parser sees.
 * Input: mode (0 Ethernet, 1 IPv4, 2 IPv6; +128: a tag beside the frame), TPID, TCI, linear bytes, frame.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/oracle/core_side.h"
#include "tests/oracle/oracle_int.h"

#define HEAD 6
#define MOST 2000

static void same_addr(const struct cordon_addr *a, const struct o_addr *o)
{
	struct cordon_addr want = o->family == 4 ? cordon_addr4(o->b) : cordon_addr6(o->b);

	FUZZ_MUST(cordon_addr_eq(a, &want));
}

static bool has(const struct cordon_frame *f, unsigned int flag)
{
	return f->flags & flag;
}

static void compare_arp(const struct cordon_frame *f, const struct o_frame *o)
{
	FUZZ_MUST(f->type == (o->arp_op == 1 || o->arp_op == 2 ? o->arp_op : 0));
	FUZZ_MUST(has(f, CORDON_F_LLADDR_BAD) == !!memcmp(o->sha, o->smac, 6));
	same_addr(&f->saddr, &o->src);
	same_addr(&f->target, &o->target);
}

static void compare_nd(const struct cordon_frame *f, const struct o_frame *o)
{
	bool good = o->nd_options_ok && o->nd_lladdr_ok;

	same_addr(&f->target, &o->target);
	FUZZ_MUST(has(f, CORDON_F_LLADDR_BAD) == !good);
	FUZZ_MUST(!good || has(f, CORDON_F_SLLA) == o->nd_slla);
}

static void compare_ip(const struct cordon_frame *f, const struct o_frame *o)
{
	bool mld = o_icmpv6(o, 130) || o_icmpv6(o, 131) || o_icmpv6(o, 132) || o_icmpv6(o, 143);
	bool igmp = o->family == 4 && o->proto == 2;

	same_addr(&f->saddr, &o->src);
	same_addr(&f->daddr, &o->dst);
	FUZZ_MUST(f->proto == o->proto && f->hop_limit == o->hop_limit);
	FUZZ_MUST(has(f, CORDON_F_EXT) == (o->ext_bad || (o->family == 6 && o->whole_l4 && mld != o->router_alert)));
	FUZZ_MUST(has(f, CORDON_F_OPTIONS) == (o->family == 4 && (igmp ? !o->router_alert : o->options)));
	FUZZ_MUST(has(f, CORDON_F_FRAG_FIRST) == (o->first || o->atomic));
	FUZZ_MUST(has(f, CORDON_F_FRAG_LATER) == o->later);
	FUZZ_MUST(o->ext_bad || has(f, CORDON_F_FRAG_BAD) == o_fragment_bad(o));
	FUZZ_MUST(f->sport == (o->sport < 0 ? 0 : o->sport) && f->dport == (o->dport < 0 ? 0 : o->dport));
	FUZZ_MUST(f->type == (o->type < 0 ? 0 : o->type) && f->code == (o->code < 0 ? 0 : o->code));
	FUZZ_MUST(has(f, CORDON_F_ND) == o->has_target);
	if (o->has_target)
		compare_nd(f, o);
}

static void compare(const struct cordon_frame *f, const struct o_packet *k)
{
	struct o_frame o;

	o_parse(k, &o);
	FUZZ_MUST(has(f, CORDON_F_SHORT) == o.header_short);
	if (o.header_short)
		return;
	FUZZ_MUST(f->smac == cordon_be48(o.smac) && f->dmac == cordon_be48(o.dmac) && f->ethertype == o.ethertype);
	FUZZ_MUST(has(f, CORDON_F_TAGGED) == o.tagged && (!o.tagged || (f->tpid == o.tpid && f->vid == o.vid)));
	FUZZ_MUST(has(f, CORDON_F_MALFORMED) == o.malformed);
	if (o.malformed)
		return;
	if (o.ethertype == 0x0806)
		compare_arp(f, &o);
	else if (o.family)
		compare_ip(f, &o);
}

static void invariants(const struct cordon_frame *f)
{
	FUZZ_MUST(!has(f, CORDON_F_FRAG_FIRST) || !has(f, CORDON_F_FRAG_LATER));
	FUZZ_MUST(!has(f, CORDON_F_FRAG_LATER) || (!f->sport && !f->dport && !f->type && !f->code));
	FUZZ_MUST(!has(f, CORDON_F_SLLA) || has(f, CORDON_F_ND));
	FUZZ_MUST(f->vid < 4096 && (has(f, CORDON_F_TAGGED) || !f->vid));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct o_packet k;
	struct cordon_buf buf = { NULL, 0, 0, NULL, 0, false };
	struct cordon_frame whole, part;
	uint8_t *exact;

	if (size < HEAD || size - HEAD > MOST || (data[0] & 127) > 2)
		return 0;
	memset(&k, 0, offsetof(struct o_packet, bytes));
	k.len = (int)(size - HEAD);
	memcpy(k.bytes, data + HEAD, size - HEAD);
	k.l3 = (data[0] & 127) == 0 ? 0 : (data[0] & 127) == 1 ? 0x0800 : 0x86dd;
	k.tpid = cordon_be16(data + 1);
	k.tci = cordon_be16(data + 3);
	k.tag = data[0] & 128 && k.tpid && !k.l3;

	exact = malloc(size - HEAD + 1);	/* ends where the packet ends; no packet is no allocation of 0 */
	FUZZ_MUST(exact);
	buf.data = exact + 1;
	buf.len = buf.headlen = (uint32_t)k.len;
	memcpy(exact + 1, k.bytes, (size_t)k.len);
	for (int pass = 0; pass < 2; pass++) {
		struct cordon_frame *f = pass ? &part : &whole;

		memset(f, 0xa5, sizeof(*f));
		if (k.l3)
			cordon_frame_parse_l3(f, &buf, (uint16_t)k.l3);
		else
			cordon_frame_parse(f, &buf, k.tag ? (uint16_t)k.tpid : 0, k.tag ? (uint16_t)k.tci : 0);
		invariants(f);
		if (buf.headlen > data[5])	/* the second time the rest cannot be read at all */
			buf.headlen = data[5];
	}
	free(exact);
	compare(&whole, &k);
	return 0;
}
