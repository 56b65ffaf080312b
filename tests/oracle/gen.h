/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generators for the comparison: random policies as the oracle's structs and as text, and random cases that stand one or two
 * fields from a packet that is allowed. Everything follows from the generator's state, so a seed replays a run.
 */
#ifndef CORDON_TESTS_GEN_H
#define CORDON_TESTS_GEN_H

#include "oracle.h"

struct g_rng {
	uint64_t state;
};

static inline uint64_t g_next(struct g_rng *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static inline int g_below(struct g_rng *r, int n)
{
	return (int)((g_next(r) >> 32) * (uint64_t)n >> 32);
}

static inline bool g_chance(struct g_rng *r, int percent)
{
	return g_below(r, 100) < percent;
}

#define G_PICK(r, array) ((array)[g_below(r, (int)(sizeof(array) / sizeof((array)[0])))])

/** struct g_wire - a packet by its fields; g_wire_put() makes bytes of it, also of impossible ones */
struct g_wire {
	uint8_t smac[6], dmac[6];
	bool tagged, tag_inband, tag2;
	int tpid, tci, tpid2;
	int ethertype;
	enum { W_RAW, W_IP4, W_IP6, W_ARP } body;
	struct o_addr src, dst;
	int version, ihl_delta, total_delta, ttl;
	uint8_t opt[40];
	int n_opt;
	bool fragment, more;
	int offset;		/* in units of 8 bytes */
	uint8_t ext[64];	/* IPv6 extension header before everything else; its first byte is set by g_wire_put() */
	int n_ext, ext_type, ext_next;	/* ext_next -1: what really follows */
	int proto;
	bool bare;		/* no transport header, only data */
	int sport, dport, type, code;
	bool nd;
	struct o_addr target;	/* ND and ARP */
	uint8_t data[96];	/* behind the transport header; ND: options */
	int n_data;
	int htype, ptype, hlen, plen, op;
	uint8_t sha[6], tha[6];
	int pad, cut;		/* bytes added and taken at the end */
};

/** struct g_end - someone who speaks: a device, a host on a zone port, the box, or a stranger on a devices port */
struct g_end {
	enum { E_DEVICE, E_HOST, E_GATEWAY, E_STRANGER } kind;
	int zone, device, port, vlan;
	uint8_t mac[6];
	struct o_addr a4, a6, link_local;	/* family 0: none */
};

/** struct g_case - one case under construction */
struct g_case {
	struct g_rng *r;
	const struct o_policy *p;
	struct o_live *live;
	struct o_packet *k;
	struct g_wire w;
	struct g_end src, dst;
	bool no_ruleset;
};

void g_policy(struct g_rng *r, struct o_policy *p);
/** g_yaml - the policy as text. Return: its length. */
size_t g_yaml(struct g_rng *r, const struct o_policy *p, char *out, size_t max);

void g_live(struct g_rng *r, const struct o_policy *p, struct o_live *live);
/** g_make - a whole case: live state, packet and facts */
void g_make(struct g_case *c);

struct o_addr g_addr4(uint32_t value);
struct o_addr g_addr6(uint32_t high, uint32_t low);
struct o_place g_place(struct g_rng *r, const struct o_policy *p);
struct o_addr g_addr_in(struct g_rng *r, const struct o_prefix *prefix);
struct o_addr g_eui64(const uint8_t *mac);
void g_addr_step(struct o_addr *a, int by);
void g_mac(uint8_t *mac, int kind, int index);

bool g_end_of_zone(struct g_case *c, int zone, struct g_end *e);
bool g_port_carries(const struct o_port *port, int vlan);
int g_random_port(struct g_case *c, enum o_mode mode);

void g_neighbour(struct g_case *c);
void g_membership(struct g_case *c);
void g_router(struct g_case *c);
void g_mutate(struct g_case *c);
void g_mutate_facts(struct g_case *c);
int g_wire_put(const struct g_wire *w, bool l2, uint8_t *out, int max);

#endif /* CORDON_TESTS_GEN_H */
