// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frame parser. Reads through cordon_buf_get() only, so no byte outside the packet is ever
 * touched and the layout of an skb makes no difference. Any context. The numbers of steps are
 * those of docs/policy-language.md section 6.2.
 */
#include "frame.h"

#define ETH_BYTES 14
#define TAG_BYTES 4
#define ARP_BYTES 28
#define IPV4_BYTES 20
#define IPV6_BYTES 40
#define IPV6_FRAG_BYTES 8
#define IPV6_HBH_MLD_BYTES 8
#define IPV6_JUMBO_BYTES 8
#define ND_BYTES 24
#define IP_MAX_BYTES 65535

enum {
	NEXT_HOP = 0,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_AUTH = 51,
	NEXT_NONE = 59,
	NEXT_DEST = 60,
	NEXT_MOBILITY = 135,
	NEXT_HIP = 139,
	NEXT_SHIM6 = 140,
};

enum { IGMP_V3_REPORT = 0x22, MLD_V2_REPORT = 143 };
enum { ND_SOLICIT = 135, ND_ADVERT = 136, ND_OPT_SOURCE = 1, ND_OPT_TARGET = 2 };

static bool tag_type(u16 type)
{
	return type == CORDON_ETH_8021Q || type == CORDON_ETH_8021AD || type == 0x9100;
}

static bool mld_type(u8 type)
{
	return (type >= 130 && type <= 132) || type == 143;
}

static void parse_arp(struct cordon_frame *f, const struct cordon_buf *buf)
{
	static const u8 ethernet_ipv4[6] = { 0, 1, 8, 0, 6, 4 };
	u8 copy[ARP_BYTES];
	const u8 *arp = cordon_buf_get(buf, f->l3_off, ARP_BYTES, copy);
	u16 op;

	if (!arp || memcmp(arp, ethernet_ipv4, sizeof(ethernet_ipv4))) {
		f->flags |= CORDON_F_MALFORMED;
		return;
	}
	op = cordon_be16(arp + 6);
	f->type = op == 1 || op == 2 ? (u8)op : 0;
	if (cordon_be48(arp + 8) != f->smac)
		f->flags |= CORDON_F_LLADDR_BAD;
	f->saddr = cordon_addr4(arp + 14);
	f->target = cordon_addr4(arp + 24);
	f->flags |= CORDON_F_ND;
}

/*
 * RFC 4861 4.6: options of 8-byte units. One that lies about a MAC, or cannot be read, condemns
 * the packet.
 */
static void parse_nd_options(struct cordon_frame *f, const struct cordon_buf *buf, u32 off,
			     u32 left)
{
	u8 copy[8];
	const u8 *opt;
	u32 bytes;

	while (left) {
		opt = left >= 8 ? cordon_buf_get(buf, off, 8, copy) : NULL;
		bytes = opt ? opt[1] * 8U : 0;
		if (!bytes || bytes > left)
			goto bad;
		if (opt[0] == ND_OPT_SOURCE)
			f->flags |= CORDON_F_SLLA;
		if ((opt[0] == ND_OPT_SOURCE || opt[0] == ND_OPT_TARGET) &&
		    (bytes != 8 || cordon_be48(opt + 2) != f->smac))
			goto bad;
		off += bytes;
		left -= bytes;
	}
	return;
bad:
	f->flags |= CORDON_F_LLADDR_BAD;
}

static void parse_nd(struct cordon_frame *f, const struct cordon_buf *buf, u32 off, u32 left)
{
	u8 copy[ND_BYTES];
	const u8 *nd = left >= ND_BYTES ? cordon_buf_get(buf, off, ND_BYTES, copy) : NULL;

	if (!nd) {
		f->flags |= CORDON_F_MALFORMED;
		return;
	}
	f->target = cordon_addr6(nd + 8);
	f->flags |= CORDON_F_ND;
	parse_nd_options(f, buf, off + ND_BYTES, left - ND_BYTES);
}

static u32 transport_bytes(u8 proto)
{
	switch (proto) {
	case CORDON_PROTO_TCP:
		return 20;
	case CORDON_PROTO_UDP:
	case CORDON_PROTO_ICMP:
	case CORDON_PROTO_ICMPV6:
	case CORDON_PROTO_IGMP:
		return 8;
	}
	return 0;
}

static void parse_icmpv6(struct cordon_frame *f, const struct cordon_buf *buf, u32 off, u32 left,
			 bool router_alert)
{
	bool whole = !(f->flags & CORDON_F_FRAG_FIRST);

	if (router_alert != mld_type(f->type))
		f->flags |= CORDON_F_EXT;
	if (!whole && ((f->type >= 130 && f->type <= 137) || f->type == 143))
		f->flags |= CORDON_F_FRAG_BAD;
	if (whole && (f->type == ND_SOLICIT || f->type == ND_ADVERT))
		parse_nd(f, buf, off, left);
}

/* The number of group records: RFC 3376 section 4.2, RFC 3810 section 5.2. */
static u16 report_groups(const struct cordon_frame *f, const u8 *head)
{
	bool report = f->proto == CORDON_PROTO_IGMP ? f->type == IGMP_V3_REPORT :
		f->proto == CORDON_PROTO_ICMPV6 && f->type == MLD_V2_REPORT;

	return report ? cordon_be16(head + 6) : 0;
}

static void parse_transport(struct cordon_frame *f, const struct cordon_buf *buf, u32 off, u32 left,
			    bool router_alert)
{
	u32 need = transport_bytes(f->proto);
	u8 copy[8];
	const u8 *head;

	if (!need || f->flags & CORDON_F_FRAG_LATER)
		return;
	head = left >= need ? cordon_buf_get(buf, off, sizeof(copy), copy) : NULL;
	if (!head) {
		f->flags |= f->flags & CORDON_F_FRAG_FIRST ? CORDON_F_FRAG_BAD : CORDON_F_MALFORMED;
		return;
	}
	if (f->proto == CORDON_PROTO_TCP || f->proto == CORDON_PROTO_UDP) {
		f->sport = cordon_be16(head);
		f->dport = cordon_be16(head + 2);
		return;
	}
	f->type = head[0];
	f->code = head[1];
	f->groups = report_groups(f, head);
	if (f->proto == CORDON_PROTO_ICMPV6)
		parse_icmpv6(f, buf, off, left, router_alert);
}

/*
 * Step 7b: the only option that needs nobody's leave is the Router Alert of IGMP, and IGMP always
 * has it (RFC 2113, RFC 3376 section 4).
 */
static bool ipv4_options_ok(const struct cordon_frame *f, const struct cordon_buf *buf,
			    u32 header_bytes)
{
	static const u8 router_alert[4] = { 0x94, 4, 0, 0 };
	u8 copy[4];
	const u8 *opt;

	if (f->proto != CORDON_PROTO_IGMP)
		return header_bytes == IPV4_BYTES;
	if (header_bytes != IPV4_BYTES + sizeof(router_alert))
		return false;
	opt = cordon_buf_get(buf, f->l3_off + IPV4_BYTES, sizeof(copy), copy);
	return opt && !memcmp(opt, router_alert, sizeof(router_alert));
}

/* One option at @opt, of at most @left bytes. Return: its length; 0: wrong. */
static u32 read_option(struct cordon_frame *f, const u8 *opt, u32 left)
{
	static const u8 known[][4] = {	/* kind, fewest and most bytes, what it is */
		{ 7, 3, 40, CORDON_OPT_RECORD_ROUTE },
		{ 68, 4, 40, CORDON_OPT_TIMESTAMP },
		{ 148, 4, 4, CORDON_OPT_ROUTER_ALERT },
	};
	u32 bytes = left >= 2 ? opt[1] : 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (opt[0] != known[i][0])
			continue;
		if (bytes < known[i][1] || bytes > known[i][2] || bytes > left)
			return 0;
		f->options |= known[i][3];
		return bytes;
	}
	return 0;
}

/* RFC 791 3.1: options, no-operations between them, zeros behind the end of the list. */
static void parse_options(struct cordon_frame *f, const struct cordon_buf *buf, u32 bytes)
{
	enum { END = 0, NOP = 1, MOST = 40 };
	u8 copy[MOST];
	const u8 *opt = bytes <= MOST ?
		cordon_buf_get(buf, f->l3_off + IPV4_BYTES, bytes, copy) : NULL;
	u32 at = 0, used;

	if (!opt || f->proto == CORDON_PROTO_IGMP)
		goto other;
	while (at < bytes && opt[at] != END) {
		used = opt[at] == NOP ? 1 : read_option(f, opt + at, bytes - at);
		if (!used)
			goto other;
		at += used;
	}
	for (; at < bytes; at++)
		if (opt[at])
			goto other;
	return;
other:
	f->options |= CORDON_OPT_OTHER;
}

static void set_fragment(struct cordon_frame *f, u32 offset, bool more, u32 payload)
{
	if (!offset && !more)
		return;
	f->flags |= offset ? CORDON_F_FRAG_LATER : CORDON_F_FRAG_FIRST;
	if (offset + payload > IP_MAX_BYTES)
		f->flags |= CORDON_F_MALFORMED;
	if (f->proto == CORDON_PROTO_IGMP)
		f->flags |= CORDON_F_FRAG_BAD;
}

static void parse_ipv4(struct cordon_frame *f, const struct cordon_buf *buf)
{
	u8 copy[IPV4_BYTES];
	const u8 *ip = cordon_buf_get(buf, f->l3_off, IPV4_BYTES, copy);
	u32 header, total, frag;

	if (!ip || ip[0] >> 4 != 4)
		goto malformed;
	header = (ip[0] & 15) * 4U;
	total = cordon_be16(ip + 2);
	if (!total && buf->merged)
		total = buf->len - f->l3_off;
	if (header < IPV4_BYTES || total < header || total > buf->len - f->l3_off)
		goto malformed;
	f->hop_limit = ip[8];
	f->proto = ip[9];
	f->saddr = cordon_addr4(ip + 12);
	f->daddr = cordon_addr4(ip + 16);
	if (f->proto == CORDON_PROTO_ICMPV6)
		goto malformed;
	frag = cordon_be16(ip + 6);
	set_fragment(f, (frag & 0x1fff) * 8, frag & 0x2000, total - header);
	if (!ipv4_options_ok(f, buf, header)) {
		f->flags |= CORDON_F_OPTIONS;
		parse_options(f, buf, header - IPV4_BYTES);
	}
	parse_transport(f, buf, f->l3_off + header, total - header, false);
	return;
malformed:
	f->flags |= CORDON_F_MALFORMED;
}

static bool ipv6_extension(u8 next)
{
	switch (next) {
	case NEXT_HOP:
	case NEXT_ROUTING:
	case NEXT_FRAGMENT:
	case NEXT_AUTH:
	case NEXT_NONE:
	case NEXT_DEST:
	case NEXT_MOBILITY:
	case NEXT_HIP:
	case NEXT_SHIM6:
		return true;
	}
	return false;
}

/* The cursor over an IPv6 header chain. */
struct chain {
	u32 off;
	u32 left;
	u8 next;
	bool router_alert;
};

/* Step 7a: the one hop-by-hop header that MLD carries (RFC 3810 section 5), byte for byte. */
static void skip_router_alert(struct chain *c, const struct cordon_buf *buf)
{
	static const u8 exact[IPV6_HBH_MLD_BYTES] = { CORDON_PROTO_ICMPV6, 0, 5, 2, 0, 0, 1, 0 };
	u8 copy[IPV6_HBH_MLD_BYTES];
	const u8 *hop = c->left >= sizeof(exact) ?
		cordon_buf_get(buf, c->off, sizeof(exact), copy) : NULL;

	if (c->next != NEXT_HOP || !hop || memcmp(hop, exact, sizeof(exact)))
		return;
	c->next = CORDON_PROTO_ICMPV6;
	c->off += sizeof(exact);
	c->left -= sizeof(exact);
	c->router_alert = true;
}

/*
 * A packet merged from others beyond 65535 bytes has no length in its header; some kernels put a
 * jumbo option (RFC 2675) before it themselves. No frame on a wire is like that.
 */
static void skip_jumbo(struct chain *c, const struct cordon_buf *buf)
{
	u8 copy[IPV6_JUMBO_BYTES];
	const u8 *hop;

	c->left = buf->len - c->off;
	hop = cordon_buf_get(buf, c->off, sizeof(copy), copy);
	if (c->next != NEXT_HOP || !hop || hop[1] || hop[2] != 0xc2 || hop[3] != 4)
		return;
	c->next = hop[0];
	c->off += IPV6_JUMBO_BYTES;
	c->left -= IPV6_JUMBO_BYTES;
}

static void read_fragment(struct cordon_frame *f, struct chain *c, const struct cordon_buf *buf)
{
	u8 copy[IPV6_FRAG_BYTES];
	const u8 *frag;
	u32 offset;
	bool more;

	if (c->next != NEXT_FRAGMENT)
		return;
	frag = c->left >= IPV6_FRAG_BYTES ? cordon_buf_get(buf, c->off, IPV6_FRAG_BYTES, copy) :
		NULL;
	if (!frag) {
		f->flags |= CORDON_F_MALFORMED;
		return;
	}
	c->next = frag[0];
	c->off += IPV6_FRAG_BYTES;
	c->left -= IPV6_FRAG_BYTES;
	offset = cordon_be16(frag + 2) & 0xfff8;
	more = frag[3] & 1;
	if (!offset && !more)
		f->flags |= CORDON_F_FRAG_BAD | CORDON_F_FRAG_FIRST;
	set_fragment(f, offset, more, c->left);
}

static void parse_ipv6(struct cordon_frame *f, const struct cordon_buf *buf)
{
	u8 copy[IPV6_BYTES];
	const u8 *ip = cordon_buf_get(buf, f->l3_off, IPV6_BYTES, copy);
	struct chain c = { .off = f->l3_off + IPV6_BYTES };

	if (!ip || ip[0] >> 4 != 6)
		goto malformed;
	c.left = cordon_be16(ip + 4);
	c.next = ip[6];
	if (!c.left && buf->merged)
		skip_jumbo(&c, buf);
	if (c.left > buf->len - c.off)
		goto malformed;
	f->hop_limit = ip[7];
	f->saddr = cordon_addr6(ip + 8);
	f->daddr = cordon_addr6(ip + 24);
	skip_router_alert(&c, buf);
	read_fragment(f, &c, buf);
	f->proto = c.next;
	if (ipv6_extension(c.next)) {
		f->flags |= CORDON_F_EXT;
		return;
	}
	if (c.next == CORDON_PROTO_ICMP || c.next == CORDON_PROTO_IGMP)
		goto malformed;
	parse_transport(f, buf, c.off, c.left, c.router_alert);
	return;
malformed:
	f->flags |= CORDON_F_MALFORMED;
}

static void parse_network(struct cordon_frame *f, const struct cordon_buf *buf)
{
	switch (f->ethertype) {
	case CORDON_ETH_IPV4:
		parse_ipv4(f, buf);
		break;
	case CORDON_ETH_IPV6:
		parse_ipv6(f, buf);
		break;
	case CORDON_ETH_ARP:
		parse_arp(f, buf);
		break;
	}
}

static void set_tag(struct cordon_frame *f, u16 tpid, u16 tci)
{
	f->flags |= CORDON_F_TAGGED;
	f->tpid = tpid;
	f->vid = tci & 0xfff;
}

/* An outer tag that is still in the frame. Return: false when the frame ends inside it. */
static bool take_tag(struct cordon_frame *f, const struct cordon_buf *buf)
{
	u8 copy[TAG_BYTES];
	const u8 *tag = cordon_buf_get(buf, ETH_BYTES, TAG_BYTES, copy);

	if (!tag)
		return false;
	set_tag(f, f->ethertype, cordon_be16(tag));
	f->ethertype = cordon_be16(tag + 2);
	f->l3_off += TAG_BYTES;
	return true;
}

void cordon_frame_parse(struct cordon_frame *frame, const struct cordon_buf *buf, u16 tpid, u16 tci)
{
	u8 copy[ETH_BYTES];
	const u8 *eth = cordon_buf_get(buf, 0, ETH_BYTES, copy);

	memset(frame, 0, sizeof(*frame));
	if (!eth)
		goto too_short;
	frame->dmac = cordon_be48(eth);
	frame->smac = cordon_be48(eth + 6);
	frame->ethertype = cordon_be16(eth + 12);
	frame->l3_off = ETH_BYTES;
	if (tpid)
		set_tag(frame, tpid, tci);
	else if (tag_type(frame->ethertype) && !take_tag(frame, buf))
		goto too_short;
	parse_network(frame, buf);
	return;
too_short:
	frame->flags = CORDON_F_SHORT;
}

void cordon_frame_parse_l3(struct cordon_frame *frame, const struct cordon_buf *buf, u16 ethertype)
{
	memset(frame, 0, sizeof(*frame));
	frame->ethertype = ethertype;
	parse_network(frame, buf);
}
