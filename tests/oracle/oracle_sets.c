// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 2: services and flows, expanded into one bit per entry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle_int.h"

/* "Built-in services, which cannot be redefined" */
static const char *const builtin[][4] = {
	{ "ssh", "tcp/22" }, { "telnet", "tcp/23" }, { "smtp", "tcp/25" }, { "dns", "udp/53", "tcp/53" },
	{ "tftp", "udp/69" }, { "http", "tcp/80" }, { "ntp", "udp/123" }, { "snmp", "udp/161" }, { "ldap", "tcp/389" },
	{ "https", "tcp/443" }, { "smb", "tcp/445" }, { "syslog", "udp/514" }, { "rtsp", "tcp/554", "udp/554" },
	{ "ldaps", "tcp/636" }, { "mqtt", "tcp/1883" }, { "mqtts", "tcp/8883" }, { "modbus", "tcp/502" },
	{ "bacnet", "udp/47808" }, { "opcua", "tcp/4840" }, { "coap", "udp/5683" }, { "coaps", "udp/5684" },
	{ "mdns", "udp/5353" }, { "ssdp", "udp/1900" }, { "http-alt", "tcp/8080" }, { "postgres", "tcp/5432" },
	{ "mysql", "tcp/3306" }, { "rdp", "tcp/3389" }, { "ping", "icmp/8", "icmpv6/128" },
};

static int one(struct o_entry *out, int max, char kind, int low, int high)
{
	if (max < 1)
		return -1;
	*out = (struct o_entry){ kind, low, high };
	return 1;
}

/* tcp/PORT, tcp/LOW-HIGH, udp/..., icmp/TYPE, icmpv6/TYPE, proto/NUMBER */
static int inline_word(const char *word, struct o_entry *out, int max)
{
	static const struct { const char *prefix; char kind; } forms[] = {
		{ "tcp/", 't' }, { "udp/", 'u' }, { "icmp/", 'i' }, { "icmpv6/", '6' }, { "proto/", 'p' }, { "ether/", 'e' },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t n = strlen(forms[i].prefix);
		char *end;
		long low, high;

		if (strncmp(word, forms[i].prefix, n))
			continue;
		low = strtol(word + n, &end, forms[i].kind == 'e' ? 0 : 10);
		high = *end == '-' ? strtol(end + 1, &end, 10) : low;
		if (*end)
			return -1;
		return one(out, max, forms[i].kind, (int)low, (int)high);
	}
	return -1;
}

int oracle_word(const struct o_policy *p, const char *word, struct o_entry *out, int max)
{
	if (strchr(word, '/'))
		return inline_word(word, out, max);
	if (!strcmp(word, "dhcp"))
		return one(out, max, 'd', 0, 0);
	if (!strcmp(word, "all"))
		return one(out, max, 'a', 0, 0);
	for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++) {
		int n = 0;

		if (strcmp(builtin[i][0], word))
			continue;
		for (int j = 1; j < 4 && builtin[i][j]; j++)
			n += inline_word(builtin[i][j], out + n, max - n);
		return n;
	}
	for (int i = 0; i < p->n_services; i++) {
		int n = 0;

		if (strcmp(p->service[i].name, word))
			continue;
		for (int j = 0; j < p->service[i].n_words; j++) {
			int got = oracle_word(p, p->service[i].word[j], out + n, max - n);

			if (got < 0)
				return -1;
			n += got;
		}
		return n;
	}
	return -1;
}

static void put(uint8_t *bits, int i, bool on)
{
	if (on)
		bits[i / 8] |= (uint8_t)(1 << i % 8);
	else
		bits[i / 8] &= (uint8_t)~(1 << i % 8);
}

bool o_bit(const uint8_t *bits, int i)
{
	return bits[i / 8] >> i % 8 & 1;
}

bool o_any_bit(const uint8_t *bits, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if (bits[i])
			return true;
	return false;
}

static void apply(struct o_set *set, const struct o_entry *e, bool on)
{
	set->touched = true;
	switch (e->kind) {
	case 't':
		for (int i = e->low; i <= e->high; i++)
			put(set->tcp, i, on);
		break;
	case 'u':
		for (int i = e->low; i <= e->high; i++)
			put(set->udp, i, on);
		break;
	case 'i':
		if (e->low == 8)
			set->icmp8 = on;
		else
			set->icmp13 = on;
		break;
	case '6':
		set->icmpv6_128 = on;
		break;
	case 'p':
		put(set->proto, e->low, on);
		break;
	case 'd':
		set->dhcp = on;
		break;
	case 'e':
		put(set->ether, e->low, on);
		break;
	case 'a':	/* "every IP protocol, port and ICMP query type, and `dhcp`" */
		memset(set->tcp, on ? 0xff : 0, sizeof(set->tcp));
		memset(set->udp, on ? 0xff : 0, sizeof(set->udp));
		memset(set->proto, on ? 0xff : 0, sizeof(set->proto));
		set->icmp8 = set->icmp13 = set->icmpv6_128 = set->dhcp = on;
		if (!on)	/* "a `deny: all` takes them away, too" */
			memset(set->ether, 0, sizeof(set->ether));
		break;
	}
}

/* Whether a flow's list of zones names zone: itself, or `any`, which is every declared zone. */
static bool names(const int *list, int n, int zone)
{
	for (int i = 0; i < n; i++)
		if (list[i] == zone || (list[i] == O_ANY && zone >= O_FIRST))
			return true;
	return false;
}

static bool apply_flow(struct o_policy *p, const struct o_flow *flow)
{
	struct o_entry entries[32];

	for (int w = 0; w < flow->n_words; w++) {
		int n = oracle_word(p, flow->word[w], entries, 32);

		if (n < 0)
			return false;
		for (int a = 0; a < p->n_zones; a++) {
			for (int b = 0; b < p->n_zones; b++) {
				if (!names(flow->from, flow->n_from, a) || !names(flow->to, flow->n_to, b))
					continue;
				for (int i = 0; i < n; i++)
					apply(&p->set[a][b], &entries[i], !flow->deny);
			}
		}
	}
	return true;
}

bool oracle_prepare(struct o_policy *p)
{
	for (int a = 0; a < p->n_zones; a++)
		for (int b = 0; b < p->n_zones; b++)
			memset(&p->set[a][b], 0, sizeof(struct o_set));
	/* "an `allow` adds, and a `deny` always wins over every `allow`" */
	for (int deny = 0; deny < 2; deny++)
		for (int i = 0; i < p->n_flows; i++)
			if (p->flow[i].deny == deny && !apply_flow(p, &p->flow[i]))
				return false;
	for (int a = 0; a < p->n_zones; a++) {
		for (int b = 0; b < p->n_zones; b++) {
			struct o_set *s = &p->set[a][b];

			s->empty = !s->touched ||
				   (!o_any_bit(s->tcp, sizeof(s->tcp)) && !o_any_bit(s->udp, sizeof(s->udp)) &&
				    !o_any_bit(s->proto, sizeof(s->proto)) && !o_any_bit(s->ether, sizeof(s->ether)) && !s->icmp8 && !s->icmp13 &&
				    !s->icmpv6_128 && !s->dhcp);
		}
	}
	return true;
}
