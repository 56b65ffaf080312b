// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands behind the network header of a frame:
 *
 *   udp, udp6        sport= dport= (1024 + run, 9) udplen= nosum (no checksum: what fragments that are made apart have)
 *   tcp, tcp6        sport= dport= flags=S|SA|A|R|F|P seq= ack=
 *   icmp, icmp6      type= code= id=; an error quotes a packet: about=udp|tcp|icmp isrc= idst= isport= idport= mtu=
 *   igmp             type= group=; type=0x22 records=N: a report of N groups from that one on
 *   proto, proto6    proto=
 *   arp              op= sha= spa= tha= tpa=
 *   ns, na           target= lladdr=MAC|none (option 1 in ns, 2 in na) flags= (na)
 *   ra, rs           lladdr=MAC; lifetime= (ra)
 *   mld              type=130|131|132|143 group= records=N (143)
 *   redirect6        target=
 *   eth              payload=HEX
 */
#include "lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct part *part, const void *data, size_t len)
{
	memcpy(part->bytes + part->len, data, len);
	part->len += len;
}

/* The canary is the payload; neighbour discovery has it in an option that nobody knows. */
void part_canary(struct part *part, uint32_t run, uint64_t seq, size_t more)
{
	bool neighbour = part->proto == 58 && part->bytes[0] >= 133 && part->bytes[0] <= 137;
	uint8_t *at = part->bytes + part->len;

	if (neighbour) {
		at[0] = 253;
		at[1] = 3;
		canary_put(at + 8, run, seq);
		part->len += 24;
		return;
	}
	canary_put(at, run, seq);
	part->len += more > CANARY_BYTES ? more : CANARY_BYTES;
	if (part->proto == 17 && part->csum_at == 6)
		body_put16(part->bytes + 4, part->udp_bytes ? part->udp_bytes : (unsigned int)part->len);
}

static bool later_fragment(const struct words *w)
{
	return word_num(w, "frag", 0) > 0;
}

static void make_udp(const struct words *w, struct part *part)
{
	part->proto = 17;
	if (later_fragment(w))
		return;
	part->csum_at = 6;
	part->udp_bytes = (unsigned int)word_num(w, "udplen", 0);
	body_put16(part->bytes, (unsigned int)word_num(w, "sport", 40000));
	body_put16(part->bytes + 2, (unsigned int)word_num(w, "dport", 9));
	part->len = 8;
}

static void make_tcp(const struct words *w, struct part *part)
{
	static const struct { char letter; uint8_t bit; } bits[] = { { 'F', 1 }, { 'S', 2 }, { 'R', 4 }, { 'P', 8 }, { 'A', 16 } };
	const char *flags = word(w, "flags");

	part->proto = 6;
	if (later_fragment(w))
		return;
	part->csum_at = 16;
	body_put16(part->bytes, (unsigned int)word_num(w, "sport", 40000));
	body_put16(part->bytes + 2, (unsigned int)word_num(w, "dport", 9));
	body_put32(part->bytes + 4, (uint32_t)word_num(w, "seq", 1000));
	body_put32(part->bytes + 8, (uint32_t)word_num(w, "ack", 0));
	part->bytes[12] = 5 << 4;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (strchr(flags ? flags : "S", bits[i].letter))
			part->bytes[13] |= bits[i].bit;
	body_put16(part->bytes + 14, 65000);
	part->len = 20;
}

/* The start of the packet that an ICMP error is about: by default what the sender of the error got from its destination. */
static bool quote(const struct words *w, const struct ends *e, struct part *part)
{
	const char *about = word(w, "about");
	uint8_t proto = !strcmp(about, "tcp") ? 6 : !strcmp(about, "udp") ? 17 : part->v6 ? 58 : 1;
	struct in_addr s4 = e->dst4, d4 = e->src4;
	struct in6_addr s6 = e->dst6, d6 = e->src6;
	uint8_t ip[48] = { 0 };
	size_t header = part->v6 ? 40 : 20;

	if (part->v6 ? !word_addr6(w, "isrc", &s6) || !word_addr6(w, "idst", &d6) :
		       !word_addr4(w, "isrc", &s4) || !word_addr4(w, "idst", &d4))
		return false;
	if (part->v6) {
		ip[0] = 0x60;
		body_put16(ip + 4, 24);
		ip[6] = proto;
		ip[7] = 63;
		memcpy(ip + 8, &s6, 16);
		memcpy(ip + 24, &d6, 16);
	} else {
		ip[0] = 0x45;
		body_put16(ip + 2, 44);
		ip[8] = 63;
		ip[9] = proto;
		memcpy(ip + 12, &s4, 4);
		memcpy(ip + 16, &d4, 4);
	}
	body_put16(ip + header, (unsigned int)word_num(w, "isport", 40000));
	body_put16(ip + header + 2, (unsigned int)word_num(w, "idport", 9));
	if (proto == 17)
		body_put16(ip + header + 4, 24);
	if (proto == 1 || proto == 58) {
		memset(ip + header, 0, 8);
		ip[header] = proto == 1 ? 8 : 128;
		body_put16(ip + header + 4, (unsigned int)word_num(w, "iid", 7));
	}
	add(part, ip, header + 8);
	return true;
}

static bool make_icmp(const struct words *w, const struct ends *e, struct part *part)
{
	part->proto = part->v6 ? 58 : 1;
	if (later_fragment(w))
		return true;
	part->csum_at = 2;
	part->bytes[0] = (uint8_t)word_num(w, "type", part->v6 ? 128 : 8);
	part->bytes[1] = (uint8_t)word_num(w, "code", 0);
	body_put32(part->bytes + 4, (uint32_t)word_num(w, "mtu", 0));
	if (!word_has(w, "about") && !word_has(w, "mtu"))
		body_put16(part->bytes + 4, (unsigned int)word_num(w, "icmpid", 7));
	part->len = 8;
	return !word_has(w, "about") || quote(w, e, part);
}

/* What follows the header of a report: records=N of them, each saying that nothing is left out of a group, from @first on. */
static void add_records(const struct words *w, const void *first, size_t address_bytes, struct part *part)
{
	long n = word_num(w, "records", 1), most = (long)((1400 - 8) / (4 + address_bytes));
	uint8_t record[4 + 16] = { 4 }, *low = record + 4 + address_bytes - 2;
	unsigned int group;

	memcpy(record + 4, first, address_bytes);
	group = (unsigned int)(low[0] << 8 | low[1]);
	n = n < most ? n : most;
	body_put16(part->bytes + 6, (unsigned int)n);
	for (long i = 0; i < n; i++) {
		body_put16(low, group + (unsigned int)i);
		add(part, record, 4 + address_bytes);
	}
}

static bool make_igmp(const struct words *w, struct part *part)
{
	struct in_addr group = { .s_addr = 0 };

	part->proto = 2;
	part->csum_at = 2;
	part->router_alert = true;
	part->bytes[0] = (uint8_t)word_num(w, "type", 0x16);
	if (!word_addr4(w, "group", &group))
		return false;
	part->len = 8;
	if (part->bytes[0] == 0x22)
		add_records(w, &group, 4, part);
	else
		memcpy(part->bytes + 4, &group, 4);
	return true;
}

static bool make_arp(const struct words *w, const struct ends *e, struct part *part)
{
	static const uint8_t fixed[6] = { 0, 1, 8, 0, 6, 4 };
	struct in_addr spa = e->src4, tpa = e->dst4;
	uint8_t sha[6], tha[6] = { 0 };
	const char *value;

	memcpy(sha, e->smac, 6);
	if (word_num(w, "op", 1) == 2)
		memcpy(tha, e->dmac, 6);
	value = word(w, "sha");
	if ((value && !parse_mac(value, sha)) || !word_addr4(w, "spa", &spa) || !word_addr4(w, "tpa", &tpa))
		return false;
	memcpy(part->bytes, fixed, 6);
	body_put16(part->bytes, (unsigned int)word_num(w, "htype", 1));
	body_put16(part->bytes + 6, (unsigned int)word_num(w, "op", 1));
	memcpy(part->bytes + 8, sha, 6);
	memcpy(part->bytes + 14, &spa, 4);
	memcpy(part->bytes + 18, tha, 6);
	memcpy(part->bytes + 24, &tpa, 4);
	part->len = 28;
	return true;
}

static void add_lladdr(const struct words *w, const struct ends *e, uint8_t option, struct part *part)
{
	const char *value = word(w, "lladdr");
	uint8_t bytes[8] = { option, 1 };

	if (value && !strcmp(value, "none"))
		return;
	memcpy(bytes + 2, e->smac, 6);
	if (value)
		parse_mac(value, bytes + 2);
	add(part, bytes, 8);
}

static bool make_nd(const struct words *w, const struct ends *e, uint8_t type, struct part *part)
{
	struct in6_addr target = type == 135 ? e->dst6 : e->src6;
	uint8_t *b = part->bytes;

	part->proto = 58;
	part->csum_at = 2;
	b[0] = (uint8_t)word_num(w, "type", type);
	b[1] = (uint8_t)word_num(w, "code", 0);
	part->len = type == 133 ? 8 : type == 134 ? 16 : type == 137 ? 40 : 24;
	if (!word_addr6(w, "target", &target))
		return false;
	if (type == 134) {
		b[4] = 64;
		body_put16(b + 6, (unsigned int)word_num(w, "lifetime", 1800));
	} else if (type != 133) {
		memcpy(b + 8, &target, 16);
	}
	if (type == 136)
		b[4] = (uint8_t)word_num(w, "flags", 0x60);
	if (type == 137)
		memcpy(b + 24, &e->dst6, 16);
	if (type == 135 && IN6_IS_ADDR_UNSPECIFIED(&e->src6) && !word_has(w, "lladdr"))
		return true;
	add_lladdr(w, e, type == 136 || type == 137 ? 2 : 1, part);
	return true;
}

static bool make_mld(const struct words *w, struct part *part)
{
	struct in6_addr group = in6addr_any;
	uint8_t type = (uint8_t)word_num(w, "type", 143);

	part->proto = 58;
	part->csum_at = 2;
	part->router_alert = true;
	part->bytes[0] = type;
	if (!word_addr6(w, "group", &group))
		return false;
	part->len = 8;
	if (type == 143)
		add_records(w, &group, 16, part);
	else
		add(part, &group, 16);
	return true;
}

bool body_make(const struct words *w, const char *kind, const struct ends *ends, struct part *part, const char **why)
{
	static const struct { const char *name; uint8_t type; } nd[] = {
		{ "rs", 133 }, { "ra", 134 }, { "ns", 135 }, { "na", 136 }, { "redirect6", 137 },
	};

	*why = "an address inside that cannot be read";
	for (size_t i = 0; i < sizeof(nd) / sizeof(nd[0]); i++)
		if (!strcmp(kind, nd[i].name))
			return make_nd(w, ends, nd[i].type, part);
	if (!strncmp(kind, "udp", 3))
		make_udp(w, part);
	else if (!strncmp(kind, "tcp", 3))
		make_tcp(w, part);
	else if (!strncmp(kind, "icmp", 4))
		return make_icmp(w, ends, part);
	else if (!strncmp(kind, "proto", 5))
		part->proto = (uint8_t)word_num(w, "ipproto", 47);
	else if (!strcmp(kind, "igmp"))
		return make_igmp(w, part);
	else if (!strcmp(kind, "arp"))
		return make_arp(w, ends, part);
	else if (!strcmp(kind, "mld"))
		return make_mld(w, part);
	else if (word(w, "payload"))
		part->len = put_hex(word(w, "payload"), part->bytes, 1000);
	return true;
}
