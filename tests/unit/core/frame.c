// SPDX-License-Identifier: GPL-2.0-or-later
/* The frame parser: fields, flags, and every length. */
#include <stdlib.h>

#include "core_test.h"
#include "wires.h"

/* The bytes end where the allocation ends, so that a sanitizer sees what is read beyond. */
static struct cordon_frame parse(const struct g_wire *w, int len)
{
	uint8_t bytes[512];
	int n = g_wire_put(w, true, bytes, sizeof(bytes));
	struct cordon_buf buf = { NULL, 0, 0, NULL, 0, false };
	struct cordon_frame f;
	uint8_t *copy;

	n = len >= 0 && len < n ? len : n;
	copy = malloc((size_t)n + !n);
	if (!copy)
		abort();
	memcpy(copy, bytes, (size_t)n);
	buf.data = copy;
	buf.len = buf.headlen = (u32)n;
	memset(&f, 0xa5, sizeof(f));
	cordon_frame_parse(&f, &buf, 0, 0);
	free(copy);
	return f;
}

/* Of a report whose first byte is @type: how many groups it is about. */
static unsigned int groups(struct g_wire w, uint8_t type, uint8_t high, uint8_t low)
{
	w.bare = 1;
	w.n_data = 8;
	memcpy(w.data, (const uint8_t[]){ type, 0, 0, 0, 0, 0, high, low }, 8);
	return parse(&w, -1).groups;
}

static void reports(void)
{
	struct g_wire igmp = w_igmp("10.0.0.1", 0x22), mld = w_mld("fe80::1", 143), icmp = w_icmp("10.0.0.1", "10.0.0.2", 0x22);

	check(groups(igmp, 0x22, 1, 2) == 258 && groups(mld, 143, 0, 7) == 7 && groups(mld, 143, 0, 0) == 0,
	      "parser: a report's number of groups");
	check(!groups(igmp, 0x16, 1, 2) && !groups(mld, 131, 1, 2) && !groups(icmp, 0x22, 1, 2) && !groups(icmp, 143, 1, 2),
	      "parser: what is no report of several has none");
}

/* All flags but TAGGED must be these. */
static void flags(const char *name, const struct g_wire *w, unsigned int want)
{
	struct cordon_frame f = parse(w, -1);

	check((f.flags & ~(unsigned int)CORDON_F_TAGGED) == want, "parser: %s (flags %#x, want %#x)", name, f.flags, want);
}

static void fields(void)
{
	struct g_wire w = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554);
	struct cordon_addr from = addr("10.20.0.11"), to = addr("10.30.0.2"), target = addr("fe80::7");
	struct cordon_frame f;

	w_tag(&w, 0x8100, 0xe01e);
	f = parse(&w, -1);
	check(f.smac == 0x020000000001 && f.dmac == 0x0200000000ee && f.tpid == 0x8100 && f.vid == 30 && f.ethertype == CORDON_ETH_IPV4 &&
	      f.flags == CORDON_F_TAGGED && f.l3_off == 18, "parser: Ethernet header and tag");
	check(f.proto == 6 && f.sport == 40000 && f.dport == 554 && f.hop_limit == 64 && cordon_addr_eq(&f.saddr, &from) &&
	      cordon_addr_eq(&f.daddr, &to), "parser: IPv4 and TCP");
	w = w_nd("fe80::1", "ff02::1:ff00:7", 135, "fe80::7", true);
	f = parse(&w, -1);
	check(f.proto == 58 && f.type == 135 && f.hop_limit == 255 && f.flags == (CORDON_F_ND | CORDON_F_SLLA) &&
	      cordon_addr_eq(&f.target, &target), "parser: a neighbour solicitation");
	w = w_arp(2, "10.20.0.11", "10.30.0.2");
	f = parse(&w, -1);
	check(f.type == 2 && !f.proto && f.flags == CORDON_F_ND && cordon_addr_eq(&f.saddr, &from) && cordon_addr_eq(&f.target, &to),
	      "parser: an ARP reply");
	w.op = 0x0102;
	f = parse(&w, -1);
	check(!f.type, "parser: ARP operation 0x0102 is not 2");
}

static void tag_beside(void)
{
	struct g_wire w = w_tcp("10.20.0.11", "10.30.0.2", 1, 2);
	uint8_t bytes[512];
	struct cordon_buf buf = { bytes, 0, 0, NULL, 0, false };
	struct cordon_frame f;

	buf.len = buf.headlen = (u32)g_wire_put(&w, true, bytes, sizeof(bytes));
	cordon_frame_parse(&f, &buf, 0x88a8, 0x2fff);
	check(f.flags == CORDON_F_TAGGED && f.tpid == 0x88a8 && f.vid == 0xfff && f.l3_off == 14, "parser: a tag beside the frame");
	w_tag(&w, 0x8100, 5);
	buf.len = buf.headlen = (u32)g_wire_put(&w, true, bytes, sizeof(bytes));
	cordon_frame_parse(&f, &buf, 0x8100, 7);
	check(f.vid == 7 && f.ethertype == 0x8100, "parser: a tag in the frame behind the one beside it is the ethertype");
	w = w_udp("fd00::1", "fd00::2", 3, 4);
	buf.len = buf.headlen = (u32)g_wire_put(&w, false, bytes, sizeof(bytes));
	cordon_frame_parse_l3(&f, &buf, CORDON_ETH_IPV6);
	check(!f.flags && !f.smac && !f.l3_off && f.sport == 3 && f.dport == 4, "parser: a packet without Ethernet header");
}

static struct cordon_frame parse_merged(u8 *bytes, int len, bool merged, u16 ethertype)
{
	struct cordon_buf buf = { bytes, (u32)len, (u32)len, NULL, 0, merged };
	struct cordon_frame f;

	cordon_frame_parse_l3(&f, &buf, ethertype);
	return f;
}

/* What the kernel merged beyond 65535 bytes: no length in the header, before IPv6 a jumbo option of the kernel's own. */
static void merged(void)
{
	struct g_wire w = w_tcp("10.20.0.11", "10.30.0.2", 1, 2);
	static u8 bytes[80000];
	struct cordon_frame f;

	g_wire_put(&w, false, bytes, 512);
	bytes[2] = bytes[3] = 0;
	f = parse_merged(bytes, sizeof(bytes), true, CORDON_ETH_IPV4);
	check(!f.flags && f.dport == 2, "parser: a merged IPv4 packet of 80000 bytes");
	f = parse_merged(bytes, sizeof(bytes), false, CORDON_ETH_IPV4);
	check(f.flags & CORDON_F_MALFORMED, "parser: ... from a wire is malformed");
	w = w_tcp("fd00::1", "fd00::2", 1, 2);
	g_wire_put(&w, false, bytes, 512);
	bytes[4] = bytes[5] = 0;
	f = parse_merged(bytes, sizeof(bytes), true, CORDON_ETH_IPV6);
	check(!f.flags && f.dport == 2, "parser: a merged IPv6 packet");
	memmove(bytes + 48, bytes + 40, 40);
	memcpy(bytes + 40, (const u8[]){ 6, 0, 0xc2, 4, 0, 1, 0x38, 0x58 }, 8);
	bytes[6] = 0;
	f = parse_merged(bytes, sizeof(bytes), true, CORDON_ETH_IPV6);
	check(!f.flags && f.proto == 6 && f.dport == 2, "parser: a merged IPv6 packet behind a jumbo option");
	f = parse_merged(bytes, sizeof(bytes), false, CORDON_ETH_IPV6);
	check(f.flags == CORDON_F_EXT, "parser: ... from a wire has an extension header");
	bytes[42] = 5;
	f = parse_merged(bytes, sizeof(bytes), true, CORDON_ETH_IPV6);
	check(f.flags == CORDON_F_EXT, "parser: another option is one, merged or not");
}

/* A frame without padding is malformed at every shorter length, and too short for its header below that. */
static void truncation(const char *name, struct g_wire w, int header)
{
	uint8_t bytes[512];
	int whole = g_wire_put(&w, true, bytes, sizeof(bytes));
	bool good = !(parse(&w, whole).flags & (CORDON_F_MALFORMED | CORDON_F_SHORT));

	for (int n = 0; n < whole; n++)
		good &= (parse(&w, n).flags & (CORDON_F_MALFORMED | CORDON_F_SHORT)) ==
			(n < header ? CORDON_F_SHORT : CORDON_F_MALFORMED);
	check(good, "parser: every shorter length of %s", name);
}

static void truncations(void)
{
	struct g_wire w = w_tcp("10.20.0.11", "10.30.0.2", 1, 2);

	truncation("TCP over IPv4", w, 14);
	w_tag(&w, 0x8100, 5);
	truncation("TCP over IPv4 with a tag", w, 18);
	truncation("UDP over IPv6", w_udp("fd00::1", "fd00::2", 1, 2), 14);
	truncation("ICMP", w_icmp("10.0.0.1", "10.0.0.2", 8), 14);
	truncation("IGMP", w_igmp("10.0.0.1", 0x16), 14);
	truncation("a neighbour solicitation", w_nd("fe80::1", "ff02::1", 135, "fe80::2", true), 14);
	truncation("MLD", w_mld("fe80::1", 143), 14);
	truncation("ARP", w_arp(1, "10.0.0.1", "10.0.0.2"), 14);
	w = w_udp("fd00::1", "fd00::2", 1, 2);
	w_fragment(&w, 0, true, false, 8);
	truncation("a first fragment of IPv6", w, 14);
}

static void ipv4_headers(void)
{
	struct g_wire w = w_udp("10.0.0.1", "10.0.0.2", 1, 2);

	flags("a good IPv4 header", &w, 0);
	w.pad = 18;
	flags("padding behind the total length", &w, 0);
	w.total_delta = 19;
	flags("a total length beyond the frame's end by one", &w, CORDON_F_MALFORMED);
	w.total_delta = -9;
	flags("a total length that cuts UDP at 7 bytes", &w, CORDON_F_MALFORMED);
	w.total_delta = -29;
	flags("a total length below the header length", &w, CORDON_F_MALFORMED);
	w = w_udp("10.0.0.1", "10.0.0.2", 1, 2);
	w.version = 6;
	flags("version 6 under ethertype IPv4", &w, CORDON_F_MALFORMED);
	w.version = 4;
	w.ihl_delta = -1;
	flags("a header length of 16", &w, CORDON_F_MALFORMED);
	w.ihl_delta = 0;
	w.proto = 58;
	flags("ICMPv6 in IPv4", &w, CORDON_F_MALFORMED);
	w.proto = 17;
	w.n_opt = 40;
	flags("60 bytes of header: options", &w, CORDON_F_OPTIONS);
	w = w_igmp("10.0.0.1", 0x16);
	flags("IGMP with router alert", &w, 0);
	w.opt[3] = 1;
	flags("IGMP with another router alert", &w, CORDON_F_OPTIONS);
	w.n_opt = 0;
	flags("IGMP without router alert", &w, CORDON_F_OPTIONS);
	w = w_udp("10.0.0.1", "10.0.0.2", 1, 2);
	memcpy(w.opt, (const uint8_t[]){ 0x94, 4, 0, 0 }, 4);
	w.n_opt = 4;
	flags("UDP with router alert", &w, CORDON_F_OPTIONS);
}

static void fragments(void)
{
	struct g_wire w = w_udp("10.0.0.1", "10.0.0.2", 1, 2);

	w_fragment(&w, 0, true, false, 0);
	flags("a first fragment with the whole UDP header", &w, CORDON_F_FRAG_FIRST);
	w_fragment(&w, 0, true, true, 7);
	flags("a first fragment with 7 bytes of UDP", &w, CORDON_F_FRAG_FIRST | CORDON_F_FRAG_BAD);
	w_fragment(&w, 8, false, true, 1);
	flags("a last fragment", &w, CORDON_F_FRAG_LATER);
	w_fragment(&w, 65528, false, true, 7);
	flags("a last fragment that ends at 65535", &w, CORDON_F_FRAG_LATER);
	w_fragment(&w, 65528, false, true, 8);
	flags("a last fragment that ends at 65536", &w, CORDON_F_FRAG_LATER | CORDON_F_MALFORMED);
	w = w_igmp("10.0.0.1", 0x16);
	w_fragment(&w, 8, false, true, 8);
	flags("a later fragment of IGMP", &w, CORDON_F_FRAG_LATER | CORDON_F_FRAG_BAD);
	w = w_udp("fd00::1", "fd00::2", 1, 2);
	w_fragment(&w, 0, false, false, 8);
	flags("an atomic fragment", &w, CORDON_F_FRAG_FIRST | CORDON_F_FRAG_BAD);
	w_fragment(&w, 65528, false, true, 8);
	flags("an IPv6 fragment that ends at 65536", &w, CORDON_F_FRAG_LATER | CORDON_F_MALFORMED);
	w = w_icmp("fd00::1", "fd00::2", 128);
	w_fragment(&w, 8, true, true, 8);
	flags("a later fragment of ICMPv6", &w, CORDON_F_FRAG_LATER);
	w_fragment(&w, 0, true, false, 8);
	flags("a first fragment of an echo", &w, CORDON_F_FRAG_FIRST);
	w.type = 134;
	flags("a first fragment of a router advertisement", &w, CORDON_F_FRAG_FIRST | CORDON_F_FRAG_BAD);
	w = w_udp("fd00::1", "fd00::2", 1, 2);
	w_fragment(&w, 0, true, false, 8);
	w.proto = 44;
	flags("a fragment header behind a fragment header", &w, CORDON_F_FRAG_FIRST | CORDON_F_EXT);
}

static void extensions(void)
{
	static const int listed[] = { 0, 43, 51, 59, 60, 135, 139, 140 };
	struct g_wire w;

	for (size_t i = 0; i < ARRAY_SIZE(listed); i++) {
		w = w_udp("fd00::1", "fd00::2", 1, 2);
		w.proto = listed[i];
		flags("a listed next header", &w, CORDON_F_EXT);
		w_fragment(&w, 8, false, true, 8);
		flags("a listed next header behind the fragment header", &w, CORDON_F_FRAG_LATER | CORDON_F_EXT);
	}
	w = w_ip("fd00::1", "fd00::2", 50);
	flags("ESP is a protocol", &w, 0);
	w.proto = 1;
	flags("ICMP in IPv6", &w, CORDON_F_MALFORMED);
	w.proto = 2;
	flags("IGMP in IPv6", &w, CORDON_F_MALFORMED);
	w = w_mld("fe80::1", 143);
	flags("MLD with its header", &w, 0);
	for (int i = 1; i < 8; i++) {
		w = w_mld("fe80::1", 143);
		w.ext[i] ^= 1;
		flags("MLD with one other byte in it", &w, CORDON_F_EXT);
	}
	w = w_mld("fe80::1", 128);
	flags("an echo with MLD's header", &w, CORDON_F_EXT);
	w = w_mld("fe80::1", 131);
	w.n_ext = 0;
	flags("MLD without its header", &w, CORDON_F_EXT);
	w = w_udp("fd00::1", "fd00::2", 1, 2);
	w.version = 4;
	flags("version 4 under ethertype IPv6", &w, CORDON_F_MALFORMED);
	w.version = 6;
	w.total_delta = 1;
	flags("a payload length beyond the frame's end by one", &w, CORDON_F_MALFORMED);
}

static void neighbours(void)
{
	struct g_wire w = w_nd("fe80::1", "ff02::1", 136, "fe80::1", true);

	flags("an advertisement with its option", &w, CORDON_F_ND);
	w.data[7] ^= 1;
	flags("an advertisement with another MAC", &w, CORDON_F_ND | CORDON_F_LLADDR_BAD);
	w.data[7] ^= 1;
	w.data[1] = 2;
	w.n_data = 16;
	flags("an option of 16 bytes with the right MAC", &w, CORDON_F_ND | CORDON_F_LLADDR_BAD);
	w.n_data = 15;
	flags("an option that is cut short", &w, CORDON_F_ND | CORDON_F_LLADDR_BAD);
	w.data[1] = 0;
	w.n_data = 8;
	flags("an option of no length", &w, CORDON_F_ND | CORDON_F_LLADDR_BAD);
	w = w_nd("fe80::1", "ff02::1", 135, "fe80::2", true);
	w.data[0] = 14;
	flags("an option of another kind", &w, CORDON_F_ND);
	w.n_data = 9;
	flags("one byte behind the options", &w, CORDON_F_ND | CORDON_F_LLADDR_BAD);
	w = w_arp(1, "10.0.0.1", "10.0.0.2");
	w.sha[0] ^= 4;
	flags("an ARP sender that is not the frame's source", &w, CORDON_F_ND | CORDON_F_LLADDR_BAD);
	w = w_arp(1, "10.0.0.1", "10.0.0.2");
	w.htype = 6;
	flags("ARP of hardware type 6", &w, CORDON_F_MALFORMED);
	w.htype = 1;
	w.plen = 16;
	flags("ARP with protocol addresses of 16 bytes", &w, CORDON_F_MALFORMED);
}

void test_frame(void)
{
	reports();
	fields();
	tag_beside();
	merged();
	truncations();
	ipv4_headers();
	fragments();
	extensions();
	neighbours();
}
