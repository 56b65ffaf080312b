// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The services that every policy has (docs/policy-language.md section 2), as the entries they stand
 * for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/mem.h"
#include "policy/value.h"

static const struct {
	const char *name;
	const char *entries[2];
} builtin[] = {
	{ "ssh", { "tcp/22" } },
	{ "telnet", { "tcp/23" } },
	{ "smtp", { "tcp/25" } },
	{ "dns", { "udp/53", "tcp/53" } },
	{ "dhcp", { NULL } },
	{ "tftp", { "udp/69" } },
	{ "http", { "tcp/80" } },
	{ "ntp", { "udp/123" } },
	{ "snmp", { "udp/161" } },
	{ "ldap", { "tcp/389" } },
	{ "https", { "tcp/443" } },
	{ "smb", { "tcp/445" } },
	{ "syslog", { "udp/514" } },
	{ "rtsp", { "tcp/554", "udp/554" } },
	{ "ldaps", { "tcp/636" } },
	{ "mqtt", { "tcp/1883" } },
	{ "mqtts", { "tcp/8883" } },
	{ "modbus", { "tcp/502" } },
	{ "bacnet", { "udp/47808" } },
	{ "opcua", { "tcp/4840" } },
	{ "coap", { "udp/5683" } },
	{ "coaps", { "udp/5684" } },
	{ "mdns", { "udp/5353" } },
	{ "ssdp", { "udp/1900" } },
	{ "http-alt", { "tcp/8080" } },
	{ "postgres", { "tcp/5432" } },
	{ "mysql", { "tcp/3306" } },
	{ "rdp", { "tcp/3389" } },
	{ "ping", { "icmp/8", "icmpv6/128" } },
};
#define BUILTIN_SERVICES (sizeof(builtin) / sizeof(builtin[0]))

bool builtin_service(const char *name)
{
	size_t i = 0;

	while (i < BUILTIN_SERVICES && strcmp(builtin[i].name, name) != 0)
		i++;
	return i < BUILTIN_SERVICES;
}

static int entries_make(const char *const texts[2], struct entries_set *set)
{
	struct policy_entry entry = { .kind = CORDON_ENTRY_DHCP };
	int ret = texts[0] ? 0 : entries_set_add(set, &entry);

	for (size_t i = 0; !ret && i < 2 && texts[i]; i++)
		ret = value_entry(texts[i], &entry) ? -EINVAL : entries_set_add(set, &entry);
	entries_set_normalise(set);
	return ret;
}

int builtin_services_add(struct policy *policy)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < BUILTIN_SERVICES; i++) {
		struct policy_service *service =
			policy_push(&policy->services, &policy->n_services, sizeof(*service));
		struct entries_set set = { 0 };

		if (!service)
			return -ENOMEM;
		service->builtin = true;
		service->name = strdup(builtin[i].name);
		ret = service->name ? entries_make(builtin[i].entries, &set) : -ENOMEM;
		if (!ret)
			ret = entries_from_set(&set, &service->entries);
		entries_set_free(&set);
	}
	return ret;
}
