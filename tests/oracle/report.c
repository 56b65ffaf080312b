// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include "report.h"

static const char *const hooks[] = { "ingress", "forward", "local-in", "local-out", "bridge", "egress" };

static int reason_number(const char *name)
{
	for (int i = 1; i <= CORDON_REASON_MAX; i++)
		if (!strcmp(cordon_reason_name((u8)i), name))
			return i;
	return 0;
}

/* What a frame is, by its first bytes only. */
void tally_add(struct tally *t, const struct o_packet *k, const struct o_answer *a)
{
	bool inband = !k->l3 && !k->tag && k->len >= 18 && k->bytes[12] == 0x81 && k->bytes[13] == 0;
	int at = k->l3 ? 0 : inband ? 18 : 14, type = k->l3;
	const uint8_t *ip = k->bytes + at;

	t->cases++;
	t->accepted += a->accept;
	t->hook[k->hook][a->accept]++;
	if (!a->accept)
		t->reason[reason_number(a->reason)]++;
	if (!k->l3 && k->len >= at)
		type = k->bytes[at - 2] << 8 | k->bytes[at - 1];
	t->family[0] += type == 0x0800;
	t->family[1] += type == 0x86dd;
	t->family[2] += type == 0x0806;
	t->family[3] += type == 0x86dd && k->len >= at + 41 && ip[6] == 58 && (ip[40] == 135 || ip[40] == 136);
	t->family[4] += k->tag || inband;
}

static bool quota(int n, const char *what, uint64_t have, uint64_t want)
{
	printf("%sok %d - differential: %s: %" PRIu64 ", at least %" PRIu64 "\n", have >= want ? "" : "not ", n, what, have, want);
	return have >= want;
}

/* The hooks charge limits after decide(), which knows nothing of them. */
static bool decided(int reason)
{
	return reason < CORDON_REASON_LIMIT_PACKETS || reason > CORDON_REASON_LIMIT_UNRESOLVED;
}

bool tally_print(const struct tally *t)
{
	static const char *const families[] = { "IPv4", "IPv6", "ARP", "ND", "VLAN-tagged" };
	bool good;
	int n = 2;

	for (int h = 0; h < O_HOOKS; h++)
		printf("# %-10s %8" PRIu64 " accepted %8" PRIu64 " dropped\n", hooks[h], t->hook[h][1], t->hook[h][0]);
	good = quota(n++, "accepted", t->accepted, t->cases / 4);
	for (int i = 0; i < 5; i++)
		good &= quota(n++, families[i], t->family[i], t->cases / 10);
	for (int h = 0; h < O_HOOKS; h++) {
		good &= quota(n++, hooks[h], t->hook[h][0], t->cases / 100);
		good &= quota(n++, hooks[h], t->hook[h][1], t->cases / 100);
	}
	for (int i = 1; i <= CORDON_REASON_MAX; i++)
		if (decided(i))
			good &= quota(n++, cordon_reason_name((u8)i), t->reason[i], t->cases / 1000);
	printf("1..%d\n", n - 1);
	return good;
}

static const char *text(const struct o_addr *a)
{
	static char s[4][INET6_ADDRSTRLEN];
	static int i;

	i = (i + 1) % 4;
	if (!a->family)
		return "-";
	inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->b, s[i], sizeof(s[i]));
	return s[i];
}

static void side(const char *name, const struct o_policy *p, const struct o_side *s)
{
	static const char *const kinds[] = { "unmanaged", "port", "stacked" };

	printf("# %s: %s %s vlan %d\n", name, kinds[s->kind], s->kind == O_PORT ? p->port[s->port].name : "", s->vlan);
}

static void live_state(const struct o_policy *p, const struct o_live *live)
{
	printf("# own MACs:");
	for (int i = 0; i < live->n_own_mac; i++)
		printf(" %02x:%02x:..:%02x", live->own_mac[i][0], live->own_mac[i][1], live->own_mac[i][5]);
	printf("\n# own addresses:");
	for (int i = 0; i < live->n_own_addr; i++)
		printf(" %s", text(&live->own_addr[i]));
	printf("\n# down:");
	for (int i = 0; i < p->n_ports; i++)
		printf("%s%s", live->down[i] ? " " : "", live->down[i] ? p->port[i].name : "");
	printf("\n");
	for (int i = 0; i < p->n_devices; i++) {
		const struct o_live_device *d = &live->device[i];

		printf("# %s:%s on %s, seen %u s ago\n", p->device[i].name, d->quarantined ? " quarantined" : "",
		       d->port == O_NOBODY ? "none" : p->port[d->port].name, live->now - d->seen);
	}
	for (int i = 0; i < live->n_owners; i++)
		printf("# VLAN %d: %s belongs to %s\n", live->owner[i].vlan, text(&live->owner[i].addr),
		       p->device[live->owner[i].device].name);
}

void report_case(const struct o_policy *p, const struct o_packet *k, const struct o_live *live, bool no_ruleset)
{
	static const char *const states[] = { "none", "original", "reply", "error" };

	live_state(p, live);
	printf("# hook: %s%s\n", hooks[k->hook], no_ruleset ? ", no ruleset" : "");
	side("in", p, &k->in);
	side("out", p, &k->out);
	printf("# conntrack: %s", states[k->ct.state]);
	if (k->ct.state != O_CT_NONE)
		printf(", protocol %d, service %d, initiator %s, target %s", k->ct.proto, k->ct.service, text(&k->ct.initiator),
		       text(&k->ct.target));
	printf("\n");
	if (k->tag)
		printf("# tag beside the frame: %04x %04x\n", k->tpid, k->tci);
	if (k->l3)
		printf("# packet without Ethernet header, ethertype %04x\n", k->l3);
	printf("# bytes (%d):", k->len);
	for (int i = 0; i < k->len; i++)
		printf("%s%02x", i % 2 ? "" : " ", k->bytes[i]);
	printf("\n");
}

static const char *zone_name(const struct o_policy *p, int zone)
{
	return zone == O_NOBODY ? "-" : p->zone[zone].name;
}

void report_answers(const struct core_side *side, const struct o_policy *p, const struct o_answer *a, const struct cordon_verdict *v)
{
	printf("# oracle:  %s %s (%s -> %s), section 6 step %d%s%s%s\n", a->accept ? "accept" : "drop", a->accept ? "" : a->reason,
	       zone_name(p, a->src_zone), zone_name(p, a->dst_zone), a->step, a->stranger ? ", stranger" : "",
	       a->new_port ? ", new port" : "", a->new_owner ? ", new owner" : "");
	printf("# ruleset: %s %s (%s -> %s), flags %#x\n", v->accept ? "accept" : "drop",
	       v->reason <= CORDON_REASON_MAX ? cordon_reason_name(v->reason) : "?", zone_name(p, side->zone[v->src_zone]),
	       zone_name(p, side->zone[v->dst_zone]), v->flags);
}

void report_difference(const struct o_packet *k, const struct o_answer *a, const struct cordon_verdict *v)
{
	printf("%s step %d: oracle %s, ruleset %s\n", hooks[k->hook], a->step, a->accept ? "accept" : a->reason,
	       v->accept ? "accept" : v->reason <= CORDON_REASON_MAX ? cordon_reason_name(v->reason) : "?");
}
