// SPDX-License-Identifier: GPL-2.0-or-later
/* A policy as the text that a person would write. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include "gen.h"

struct text {
	char *p;
	size_t n, max;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->p + t->n, t->max - t->n, format, args);
	va_end(args);
	if (n > 0 && t->n + (size_t)n < t->max)
		t->n += (size_t)n;
}

static void put_addr(struct text *t, const struct o_addr *a, int len)
{
	char s[INET6_ADDRSTRLEN];

	inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->b, s, sizeof(s));
	if (len >= 0)
		put(t, a->family == 4 ? "%s/%d" : "\"%s/%d\"", s, len);
	else
		put(t, a->family == 4 ? "%s" : "\"%s\"", s);
}

static void put_words(struct text *t, struct g_rng *r, const char (*words)[32], int n)
{
	if (n == 1 && (!strcmp(words[0], "all") || g_chance(r, 50))) {
		put(t, "%s", words[0]);
		return;
	}
	for (int i = 0; i < n; i++)
		put(t, "%s%s", i ? ", " : "[", words[i]);
	put(t, "]");
}

static void put_zones(struct text *t, struct g_rng *r, const struct o_policy *p, const int *list, int n)
{
	bool bare = n == 1 && (list[0] == O_ANY || g_chance(r, 70));

	for (int i = 0; i < n; i++)
		put(t, "%s%s", i ? ", " : bare ? "" : "[", list[i] == O_ANY ? "any" : p->zone[list[i]].name);
	if (!bare)
		put(t, "]");
}

static void put_devices_port(struct text *t, const struct o_port *port)
{
	put(t, "{mode: devices");
	if (!port->untagged)
		put(t, ", untagged: none");
	else if (port->untagged != 1)
		put(t, ", untagged: %d", port->untagged);
	for (int j = 0; j < port->n_tagged; j++)
		put(t, "%s%d", j ? ", " : ", tagged: [", port->tagged[j]);
	put(t, "%s}\n", port->n_tagged ? "]" : "");
}

static void put_ports(struct text *t, struct g_rng *r, const struct o_policy *p)
{
	static const char *const masquerade[] = { "none", "ipv4", "ipv6", "both" };
	bool any = false;

	for (int i = 0; i < p->n_ports; i++) {
		const struct o_port *port = &p->port[i];

		if (port->mode == O_UPLINK)
			continue;
		put(t, "%s    %s: ", any ? "" : "  ports:\n", port->name);
		any = true;
		if (port->mode == O_ZONE)
			put(t, "{zone: %s}\n", p->zone[port->zone].name);
		else if (port->untagged == 1 && !port->n_tagged && g_chance(r, 70))
			put(t, "devices\n");
		else
			put_devices_port(t, port);
	}
	any = false;
	for (int i = 0; i < p->n_ports; i++) {
		const struct o_port *port = &p->port[i];

		if (port->mode != O_UPLINK)
			continue;
		put(t, "%s    %s: ", any ? "" : "  uplinks:\n", port->name);
		any = true;
		if (port->masquerade4 && !port->masquerade6 && g_chance(r, 50))
			put(t, "{}\n");
		else
			put(t, "{masquerade: %s}\n", masquerade[port->masquerade4 + 2 * port->masquerade6]);
	}
}

static void put_device(struct text *t, struct g_rng *r, const struct o_policy *p, const struct o_device *d)
{
	int def = d->n_ports ? p->port[d->port[0]].untagged : 1;

	put(t, "  %s:\n    mac: \"%02x:%02x:%02x:%02x:%02x:%02x\"\n    zone: %s\n", d->name,
	    d->mac[0], d->mac[1], d->mac[2], d->mac[3], d->mac[4], d->mac[5], p->zone[d->zone].name);
	if (d->n_ports == 1 && g_chance(r, 60)) {
		put(t, "    port: %s\n", p->port[d->port[0]].name);
	} else if (d->n_ports) {
		for (int j = 0; j < d->n_ports; j++)
			put(t, "%s%s", j ? ", " : "    port: [", p->port[d->port[j]].name);
		put(t, "]\n");
	}
	if (d->vlan != def || g_chance(r, 30))
		put(t, "    vlan: %d\n", d->vlan);
	if (d->dhcp_server || d->router || d->querier)
		put(t, "    roles: [%s%s%s%s%s]\n", d->querier ? "querier" : "", d->querier && (d->router || d->dhcp_server) ? ", " : "",
		    d->router ? "router" : "", d->router && d->dhcp_server ? ", " : "", d->dhcp_server ? "dhcp-server" : "");
	for (int j = 0; j < d->n_addr; j++) {
		put(t, "%s", j ? ", " : "    addresses: [");
		put_addr(t, &d->addr[j], -1);
	}
	if (d->n_addr)
		put(t, "]\n");
}

static void put_prefixes(struct text *t, const char *key, const struct o_prefix *list, int n)
{
	put(t, "    %s: [", key);
	for (int i = 0; i < n; i++) {
		put(t, "%s", i ? ", " : "");
		put_addr(t, &list[i].addr, list[i].len);
	}
	put(t, "]\n");
}

static void put_zone_section(struct text *t, const struct o_policy *p)
{
	put(t, "zones:\n");
	for (int z = O_FIRST; z < p->n_zones; z++) {
		const struct o_zone *zone = &p->zone[z];

		put(t, "  %s:", zone->name);
		put(t, "\n    fragments: %s\n", zone->no_fragments ? "refused" : "judged");
		put(t, "    ip-options: [%s%s%s%s%s]\n", zone->timestamp ? "timestamp" : "",
		    zone->timestamp && (zone->record_route || zone->router_alert) ? ", " : "",
		    zone->record_route ? "record-route" : "", zone->record_route && zone->router_alert ? ", " : "",
		    zone->router_alert ? "router-alert" : "");
		if (zone->n_subnets)
			put_prefixes(t, "subnets", zone->subnet, zone->n_subnets);
		if (zone->lists_groups)
			put_prefixes(t, "groups", zone->group, zone->n_groups);
	}
}

static void put_flows(struct text *t, struct g_rng *r, const struct o_policy *p)
{
	bool any = false;

	for (int i = 0; i < p->n_flows; i++) {
		const struct o_flow *f = &p->flow[i];

		if (i == p->management)
			continue;
		put(t, "%s  - {from: ", any ? "" : "flows:\n");
		any = true;
		put_zones(t, r, p, f->from, f->n_from);
		put(t, ", to: ");
		put_zones(t, r, p, f->to, f->n_to);
		put(t, ", %s: ", f->deny ? "deny" : "allow");
		put_words(t, r, f->word, f->n_words);
		put(t, "%s}\n", f->log ? ", log: true" : "");
	}
}

size_t g_yaml(struct g_rng *r, const struct o_policy *p, char *out, size_t max)
{
	struct text t = { out, 0, max };

	put(&t, "cordon: 1\ngateway:\n");
	put_ports(&t, r, p);
	if (p->management == O_NOBODY) {
		put(&t, "  management: console-only\n");
	} else {
		const struct o_flow *f = &p->flow[p->management];

		put(&t, "  management: {from: %s, allow: [", p->zone[f->from[0]].name);
		for (int i = 0; i < f->n_words; i++)
			put(&t, "%s%s", i ? ", " : "", f->word[i]);
		put(&t, "]}\n");
	}
	put_zone_section(&t, p);
	for (int i = 0; i < p->n_services; i++) {
		put(&t, "%s  %s: ", i ? "" : "services:\n", p->service[i].name);
		put_words(&t, r, p->service[i].word, p->service[i].n_words);
		put(&t, "\n");
	}
	for (int i = 0; i < p->n_devices; i++) {
		put(&t, "%s", i ? "" : "devices:\n");
		put_device(&t, r, p, &p->device[i]);
	}
	put_flows(&t, r, p);
	return t.n;
}
