// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames from their description, e.g.
 *
 *   udp from=d1 to=d2 dport=5000          Ethernet and IPv4 or (udp6) IPv6 with right checksums, a canary as payload
 *   ... via=gw                            the destination MAC of another host
 *   ... smac= dmac= src= dst=             anything the hosts would give
 *   ... vlan=20 tpid=0x88a8 vlan2= tpid2= ethertype=0x88cc
 *   ... ttl= id= frag=OFFSET[,mf] opts=HEX|none ihl= ver= totlen= body=BYTES size=BYTES cut=BYTES
 *   ... data=HEX instead of the canary (such a frame is not counted)
 *   ... ext=60,43 (IPv6 extension headers of 8 bytes; 0 is hop-by-hop; "ra" is hop-by-hop with Router Alert; "none")
 *
 * The kinds are udp tcp icmp igmp proto arp eth, udp6 tcp6 icmp6 proto6 ns na rs ra mld redirect6.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t magic[4] = { 'c', 'R', 'd', 'N' };

void body_put16(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

void body_put32(uint8_t *p, uint32_t v)
{
	body_put16(p, v >> 16);
	body_put16(p + 2, v & 0xffff);
}

void canary_put(uint8_t *to, uint32_t run, uint64_t seq)
{
	memcpy(to, magic, sizeof(magic));
	memcpy(to + 4, &run, sizeof(run));
	memcpy(to + 8, &seq, sizeof(seq));
}

bool canary_find(const uint8_t *data, size_t len, size_t *where, uint32_t *run, uint64_t *seq)
{
	const uint8_t *at = len >= CANARY_BYTES ? memmem(data, len - CANARY_BYTES + sizeof(magic), magic, sizeof(magic)) : NULL;

	if (!at)
		return false;
	*where = (size_t)(at - data);
	memcpy(run, at + 4, sizeof(*run));
	memcpy(seq, at + 8, sizeof(*seq));
	return true;
}

size_t put_hex(const char *text, uint8_t *out, size_t room)
{
	size_t n = 0;
	unsigned int byte;

	while (n < room && text[0] && text[1] && sscanf(text, "%2x", &byte) == 1) {
		out[n++] = (uint8_t)byte;
		text += 2;
	}
	return n;
}

bool word_addr4(const struct words *w, const char *key, struct in_addr *to)
{
	const char *text = word(w, key);
	const struct host *h = host_find(text);

	if (h)
		*to = h->ip4;
	return !text || h || inet_pton(AF_INET, text, to) == 1;
}

bool word_addr6(const struct words *w, const char *key, struct in6_addr *to)
{
	const char *text = word(w, key);
	const struct host *h = host_find(text);

	if (h)
		*to = h->ip6;
	return !text || h || inet_pton(AF_INET6, text, to) == 1;
}

static bool word_mac(const struct words *w, const char *key, uint8_t mac[6])
{
	const char *text = word(w, key);
	const struct host *h = host_find(text);

	if (h)
		memcpy(mac, h->mac, 6);
	return !text || h || parse_mac(text, mac);
}

static bool read_ends(const struct words *w, struct ends *e, bool v6)
{
	const struct host *via = host_find(word(w, "via"));

	memset(e, 0, sizeof(*e));
	e->from = host_find(word(w, "from"));
	e->to = host_find(word(w, "to"));
	if (e->from) {
		memcpy(e->smac, e->from->mac, 6);
		e->src4 = e->from->ip4;
		e->src6 = e->from->ip6;
	}
	if (e->to) {
		memcpy(e->dmac, e->to->mac, 6);
		e->dst4 = e->to->ip4;
		e->dst6 = e->to->ip6;
	}
	if (via)
		memcpy(e->dmac, via->mac, 6);
	return word_mac(w, "smac", e->smac) && word_mac(w, "dmac", e->dmac) &&
	       (v6 ? word_addr6(w, "src", &e->src6) && word_addr6(w, "dst", &e->dst6) :
		     word_addr4(w, "src", &e->src4) && word_addr4(w, "dst", &e->dst4));
}

static uint32_t sum(const void *data, size_t len, uint32_t start)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		start += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	return start;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

/* The transport checksum; a fragment carries that of its own bytes, nobody checks it alone. */
static void set_checksum(struct part *part, const struct ends *e)
{
	uint32_t total = 0;
	uint16_t got;

	if (part->csum_at < 0 || part->len < (size_t)part->csum_at + 2)
		return;
	if (part->v6)
		total = sum(&e->src6, 16, sum(&e->dst6, 16, (uint32_t)(part->len + part->proto)));
	else if (part->proto == 6 || part->proto == 17)
		total = sum(&e->src4, 4, sum(&e->dst4, 4, (uint32_t)(part->len + part->proto)));
	body_put16(part->bytes + part->csum_at, 0);
	got = fold(sum(part->bytes, part->len, total));
	body_put16(part->bytes + part->csum_at, got || part->proto != 17 ? got : 0xffff);
}

static void read_frag(const struct words *w, unsigned int *offset, bool *more, bool *given)
{
	const char *text = word(w, "frag");

	*given = text != NULL;
	*offset = text ? (unsigned int)strtoul(text, NULL, 0) : 0;
	*more = text && strstr(text, ",mf");
}

static size_t put_ip4(const struct words *w, const struct ends *e, const struct part *part, uint8_t *ip)
{
	const char *opts = word(w, "opts");
	size_t header = 20;
	unsigned int offset;
	bool more, given;

	if (!opts && part->router_alert)
		opts = "94040000";
	if (opts && strcmp(opts, "none"))
		header += put_hex(opts, ip + 20, 40);
	while (header % 4)
		ip[header++] = 0;
	read_frag(w, &offset, &more, &given);
	ip[0] = (uint8_t)(word_num(w, "ver", 4) << 4 | word_num(w, "ihl", (long)(header / 4)));
	ip[1] = 0;
	body_put16(ip + 2, (unsigned int)word_num(w, "totlen", (long)(header + part->len)));
	body_put16(ip + 4, (unsigned int)word_num(w, "id", 7));
	body_put16(ip + 6, offset / 8 | (more ? 0x2000 : 0) | (word_has(w, "df") ? 0x4000 : 0));
	ip[8] = (uint8_t)word_num(w, "ttl", part->router_alert ? 1 : 64);
	ip[9] = part->proto;
	memcpy(ip + 12, &e->src4, 4);
	memcpy(ip + 16, &e->dst4, 4);
	body_put16(ip + 10, 0);
	body_put16(ip + 10, fold(sum(ip, header, 0)));
	memcpy(ip + header, part->bytes, part->len);
	return header + part->len;
}

/* One extension header of 8 bytes, next header filled by the following. */
static size_t put_extension(const char *name, size_t len, uint8_t *at, uint8_t *kind)
{
	static const uint8_t pad[8] = { 0, 0, 1, 4 }, alert[8] = { 0, 0, 5, 2, 0, 0, 1, 0 };

	memcpy(at, pad, 8);
	*kind = (uint8_t)strtoul(name, NULL, 0);
	if (len == 2 && !strncmp(name, "ra", 2)) {
		memcpy(at, alert, 8);
		*kind = 0;
	} else if (*kind == 43) {
		memset(at + 2, 0, 6);	/* routing type 0, no segments */
	}
	return 8;
}

static size_t put_chain(const struct words *w, const struct part *part, uint8_t *ip)
{
	const char *ext = word(w, "ext");
	uint8_t *next = ip + 6, kind;
	size_t at = 40;
	unsigned int offset;
	bool more, given;

	read_frag(w, &offset, &more, &given);
	if (given) {
		*next = 44;
		memset(ip + at, 0, 8);
		body_put16(ip + at + 2, (offset & 0xfff8) | more);
		body_put32(ip + at + 4, (uint32_t)word_num(w, "id", 7));
		next = ip + at;
		at += 8;
	}
	if (!ext && part->router_alert)
		ext = "ra";
	while (ext && ext[0] && strcmp(ext, "none")) {
		size_t len = strcspn(ext, ",");

		put_extension(ext, len, ip + at, &kind);
		*next = kind;
		next = ip + at;
		at += 8;
		ext += len + (ext[len] == ',');
	}
	*next = (uint8_t)word_num(w, "nexthdr", part->proto);
	return at;
}

static size_t put_ip6(const struct words *w, const struct ends *e, const struct part *part, uint8_t *ip)
{
	bool neighbour = part->proto == 58 && part->bytes[0] >= 133 && part->bytes[0] <= 137;
	size_t header = put_chain(w, part, ip);

	body_put32(ip, (uint32_t)word_num(w, "ver", 6) << 28);
	body_put16(ip + 4, (unsigned int)word_num(w, "totlen", (long)(header - 40 + part->len)));
	ip[7] = (uint8_t)word_num(w, "ttl", neighbour ? 255 : part->router_alert ? 1 : 64);
	memcpy(ip + 8, &e->src6, 16);
	memcpy(ip + 24, &e->dst6, 16);
	memcpy(ip + header, part->bytes, part->len);
	return header + part->len;
}

static size_t put_ethernet(const struct words *w, const struct ends *e, uint8_t *out)
{
	static const char *const vlan[] = { "vlan", "vlan2" }, *const tpid[] = { "tpid", "tpid2" };
	size_t at = 12;

	memcpy(out, e->dmac, 6);
	memcpy(out + 6, e->smac, 6);
	for (int i = 0; i < 2; i++) {
		long vid = word_num(w, vlan[i], i == 0 && e->from && e->from->vlan ? e->from->vlan : -1);

		if (vid < 0)
			continue;
		body_put16(out + at, (unsigned int)word_num(w, tpid[i], 0x8100));
		body_put16(out + at + 2, (unsigned int)vid);
		at += 4;
	}
	return at;
}

/* The group MAC of a group address, unless the description names another. */
static void group_mac(const struct words *w, struct ends *e, bool v6)
{
	const uint8_t *a = v6 ? e->dst6.s6_addr : (const uint8_t *)&e->dst4;

	if (word_has(w, "dmac") || word_has(w, "via"))
		return;
	if (v6 && a[0] == 0xff)
		memcpy(e->dmac, (uint8_t[]){ 0x33, 0x33, a[12], a[13], a[14], a[15] }, 6);
	else if (!v6 && e->dst4.s_addr == 0xffffffff)
		memset(e->dmac, 0xff, 6);
	else if (!v6 && a[0] >> 4 == 14)
		memcpy(e->dmac, (uint8_t[]){ 1, 0, 0x5e, a[1] & 0x7f, a[2], a[3] }, 6);
}

size_t frame_make(const struct words *w, uint32_t run, uint64_t seq, uint8_t *out, const char **why)
{
	static const struct { const char *name; int net; } kinds[] = {
		{ "udp", 4 }, { "tcp", 4 }, { "icmp", 4 }, { "igmp", 4 }, { "proto", 4 }, { "arp", 1 }, { "eth", 0 },
		{ "udp6", 6 }, { "tcp6", 6 }, { "icmp6", 6 }, { "proto6", 6 }, { "ns", 6 }, { "na", 6 }, { "rs", 6 }, { "ra", 6 },
		{ "mld", 6 }, { "redirect6", 6 },
	};
	static struct part part;
	const char *kind = NULL;
	struct ends ends;
	size_t len, i, trailer;
	int net = -1;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (word_has(w, kinds[i].name) && !word(w, kinds[i].name)[0])
			kind = kinds[i].name, net = kinds[i].net;
	*why = "what kind of frame?";
	if (!kind)
		return 0;
	*why = "an address that cannot be read";
	if (!read_ends(w, &ends, net == 6))
		return 0;
	memset(&part, 0, sizeof(part));
	part.csum_at = -1;
	part.v6 = net == 6;
	if (!body_make(w, kind, &ends, &part, why))
		return 0;
	if (word(w, "data"))	/* what a conntrack helper reads: bytes instead of a canary */
		part.len += put_hex(word(w, "data"), part.bytes + part.len, 1000);
	else
		part_canary(&part, run, seq, (size_t)word_num(w, "size", 0));
	if (word_has(w, "body"))
		part.len = (size_t)word_num(w, "body", 0);
	if (net == 4 || net == 6)
		group_mac(w, &ends, net == 6);
	if (!word_has(w, "nosum"))
		set_checksum(&part, &ends);
	if (word_has(w, "badsum") && part.csum_at >= 0)
		part.bytes[part.csum_at] ^= 0x55;
	len = put_ethernet(w, &ends, out);
	body_put16(out + len, (unsigned int)word_num(w, "ethertype", net == 4 ? 0x0800 : net == 6 ? 0x86dd : net == 1 ? 0x0806 : 0x88b5));
	len += 2;
	if (net == 4)
		len += put_ip4(w, &ends, &part, out + len);
	else if (net == 6)
		len += put_ip6(w, &ends, &part, out + len);
	else
		memcpy(out + len, part.bytes, part.len), len += part.len;
	trailer = word_has(w, "trailer") ? CANARY_BYTES : 0;
	if (trailer)
		canary_put(out + len, run, seq);
	len += trailer;
	return word_has(w, "cut") ? (size_t)word_num(w, "cut", 0) : len;
}
