// SPDX-License-Identifier: GPL-2.0-or-later
/* See value.h. Pure functions on NUL-terminated text. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/entries.h"
#include "policy/value.h"

static const uint8_t mapped_any[16] = { [10] = 0xff, 0xff };
#define MAPPED_BYTES 12

static bool name_of(const char *text, const char *first, const char *rest, size_t max)
{
	size_t len = strlen(text);

	return len >= 1 && len <= max && strchr(first, text[0]) && strspn(text, rest) == len;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"

/* The ruleset's field holds the name and a NUL. */
bool value_zone_name(const char *text)
{
	return name_of(text, LETTERS, LETTERS DIGITS "_-",
		       sizeof(((struct cordon_blob_zone *)NULL)->name) - 1);
}

bool value_device_name(const char *text)
{
	return name_of(text, LETTERS DIGITS, LETTERS DIGITS "._-", 63);
}

/*
 * What the kernel takes, less what would be a pattern, a quote or an escape to those who read the
 * name later.
 */
bool value_port_name(const char *text)
{
	size_t len = strlen(text);

	if (len < 1 || len >= CORDON_PORT_NAME_LEN || !strcmp(text, ".") || !strcmp(text, "..") ||
	    !strcmp(text, "lo"))
		return false;
	for (; *text; text++)
		if (*text <= 0x20 || *text >= 0x7f || strchr("/:*\"\\", *text))
			return false;
	return true;
}

bool value_number(const char *text, uint32_t max, uint32_t *out)
{
	uint64_t value = 0;
	size_t len = strlen(text);

	if (!len || len > 10 || strspn(text, DIGITS) != len || (text[0] == '0' && len > 1))
		return false;
	for (; *text; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	if (value > max)
		return false;
	*out = (uint32_t)value;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const char *value_mac(const char *text, uint8_t mac[6])
{
	static const uint8_t zero[6];

	if (strlen(text) != 17)
		return "a MAC address is six bytes such as 02:00:00:00:00:01";
	for (size_t i = 0; i < 6; i++) {
		int high = hex_digit(text[i * 3]), low = hex_digit(text[i * 3 + 1]);

		if (high < 0 || low < 0 || (i < 5 && text[i * 3 + 2] != ':'))
			return "a MAC address is six bytes such as 02:00:00:00:00:01";
		mac[i] = (uint8_t)(high << 4 | low);
	}
	if (mac[0] & 1)
		return "a device has a unicast address: the lowest bit of the first byte is 0";
	return memcmp(mac, zero, 6) ? NULL : "a device has a MAC address other than all zero";
}

bool value_is_ipv4(const uint8_t addr[16])
{
	return !memcmp(addr, mapped_any, MAPPED_BYTES);
}

bool value_prefix_contains(const uint8_t prefix[16], unsigned int len, const uint8_t addr[16])
{
	unsigned int bytes = len / 8, bits = len % 8;

	if (memcmp(prefix, addr, bytes) != 0)
		return false;
	return !bits || ((prefix[bytes] ^ addr[bytes]) >> (8 - bits)) == 0;
}

bool value_prefixes_overlap(const struct policy_prefix *a, const struct policy_prefix *b)
{
	return a->len <= b->len ? value_prefix_contains(a->addr, a->len, b->addr)
				: value_prefix_contains(b->addr, b->len, a->addr);
}

/*
 * Addresses that no device or subnet may have: section 6.2 step 6 drops them, or they are never
 * routed.
 */
static const struct reserved {
	uint8_t addr[16];
	uint8_t len;
	bool subnets_only;
	const char *what;
} reserved[] = {
	{ { [10] = 0xff, 0xff, 0 }, 96 + 8, false, "0.0.0.0/8 is unspecified" },
	{ { [10] = 0xff, 0xff, 127 }, 96 + 8, false, "127.0.0.0/8 is loopback" },
	{ { [10] = 0xff, 0xff, 169, 254 }, 96 + 16, true, "169.254.0.0/16 is link-local" },
	{ { [10] = 0xff, 0xff, 224 }, 96 + 3, false, "224.0.0.0/3 is multicast or reserved" },
	{ { 0 }, 128, false, "::/128 is unspecified" },
	{ { [15] = 1 }, 128, false, "::1/128 is loopback" },
	{ { 0xfe, 0x80 }, 10, false, "fe80::/10 is link-local; a device has these without a word" },
	{ { 0xff }, 8, false, "ff00::/8 is multicast" },
};

static const char *reserved_find(const struct policy_prefix *prefix, bool subnet)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		struct policy_prefix area = { .len = reserved[i].len };

		memcpy(area.addr, reserved[i].addr, 16);
		if ((subnet || !reserved[i].subnets_only) && value_prefixes_overlap(&area, prefix))
			return reserved[i].what;
	}
	return NULL;
}

const char *const value_role_names[] = { "dhcp-server", "router", "querier", NULL };

static const char written_as_mapped[] = "write an IPv4 address as such, without ::ffff:";

static const char *address_parse(const char *text, uint8_t addr[16], bool *ipv4)
{
	memcpy(addr, mapped_any, 16);
	*ipv4 = inet_pton(AF_INET, text, addr + 12) == 1;
	if (*ipv4)
		return NULL;
	if (inet_pton(AF_INET6, text, addr) != 1)
		return "an address is such as 10.20.0.11 or \"fd00:20::11\"";
	return value_is_ipv4(addr) ? written_as_mapped : NULL;
}

const char *value_address(const char *text, uint8_t addr[16])
{
	struct policy_prefix whole = { .len = 128 };
	bool ipv4;
	const char *fault = address_parse(text, addr, &ipv4);

	if (fault)
		return fault;
	memcpy(whole.addr, addr, 16);
	return reserved_find(&whole, false);
}

static bool host_bits_set(const struct policy_prefix *prefix)
{
	for (unsigned int bit = prefix->len; bit < 128; bit++)
		if (prefix->addr[bit / 8] & (0x80 >> bit % 8))
			return true;
	return false;
}

/* @shape: what the text should look like */
static const char *prefix_parse(const char *text, const char *shape, struct policy_prefix *out)
{
	const char *slash = strchr(text, '/'), *fault;
	char addr[INET6_ADDRSTRLEN];
	uint32_t len;
	bool ipv4;

	if (!slash || (size_t)(slash - text) >= sizeof(addr))
		return shape;
	memcpy(addr, text, (size_t)(slash - text));
	addr[slash - text] = '\0';
	fault = address_parse(addr, out->addr, &ipv4);
	if (fault)
		return fault == written_as_mapped ? fault : shape;
	if (!value_number(slash + 1, ipv4 ? 32 : 128, &len))
		return ipv4 ? "the length of an IPv4 prefix is 0-32"
			    : "the length of an IPv6 prefix is 0-128";
	out->len = (uint8_t)(ipv4 ? len + 96 : len);
	if (host_bits_set(out))
		return "no bit behind the prefix length may be set";
	if (!ipv4 && out->len < 96 && value_prefix_contains(out->addr, out->len, mapped_any))
		return "::ffff:0:0/96 stands for IPv4; write IPv4 subnets as such";
	return NULL;
}

const char *value_prefix(const char *text, struct policy_prefix *out)
{
	const char *fault = prefix_parse(
		text, "a subnet is such as 10.20.0.0/24 or \"fd00:20::/64\"", out);

	return fault ? fault : reserved_find(out, true);
}

const char *value_group(const char *text, struct policy_prefix *out)
{
	static const struct policy_prefix all[] = {
		{ .addr = { [10] = 0xff, 0xff, 224 }, .len = 96 + 4 },
		{ .addr = { [10] = 0xff, 0xff, 255, 255, 255, 255 }, .len = 128 },
		{ .addr = { 0xff }, .len = 8 },
	};
	const char *fault = prefix_parse(
		text, "groups are such as 239.1.2.3/32, 239.1.0.0/16 or \"ff05::/16\"", out);

	for (size_t i = 0; !fault && i < sizeof(all) / sizeof(all[0]); i++)
		if (out->len >= all[i].len &&
		    value_prefix_contains(all[i].addr, all[i].len, out->addr))
			return NULL;
	return fault ? fault :
		       "groups lie in 224.0.0.0/4 or \"ff00::/8\", or are 255.255.255.255/32";
}

static const struct {
	const char *name;
	uint8_t proto;
	const char *shape;
} protocols[] = {
	{ "tcp", 6, "ports are 1-65535, as tcp/443 or tcp/5000-5100" },
	{ "udp", 17, "ports are 1-65535, as udp/53 or udp/5000-5100" },
	{ "icmp", 1,
	  "the ICMP types of a service are queries: icmp/8 (echo) and icmp/13 (timestamp)" },
	{ "icmpv6", 58, "the ICMPv6 type of a service is a query: icmpv6/128 (echo)" },
	{ "proto", 0,
	  "proto/NUMBER is an IP protocol, 0-255 without 1, 6, 17 and 58, which have names" },
};

/* ether/TYPE, the one entry below IP: 0x and hexadecimal digits, or decimal. */
static const char *ether_entry(const char *text, struct policy_entry *out)
{
	char *end = NULL;
	uint32_t type = 0;

	if (!strncmp(text, "0x", 2) && isxdigit((unsigned char)text[2]))
		type = (uint32_t)strtoul(text + 2, &end, 16);
	if (end ? *end != '\0' : !value_number(text, UINT16_MAX, &type))
		type = 0;
	if (!entries_named_ethertype(type))
		return "ether/TYPE is an ethertype from 0x600 such as ether/0x8892, none of IPv4, IPv6, ARP, EAPOL and VLAN tags";
	*out = (struct policy_entry){ .kind = CORDON_ENTRY_ETHER,
				      .low = (uint16_t)type,
				      .high = (uint16_t)type };
	return NULL;
}

static bool port_range(const char *text, uint32_t *low, uint32_t *high)
{
	const char *dash = strchr(text, '-');
	char first[8];

	if (!dash) {
		if (!value_number(text, 65535, low) || !*low)
			return false;
		*high = *low;
		return true;
	}
	if ((size_t)(dash - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(dash - text));
	first[dash - text] = '\0';
	return value_number(first, 65535, low) && *low && value_number(dash + 1, 65535, high) &&
	       *low <= *high;
}

const char *value_entry(const char *text, struct policy_entry *out)
{
	const char *slash = strchr(text, '/');
	size_t i = 0, n = sizeof(protocols) / sizeof(protocols[0]),
	       len = slash ? (size_t)(slash - text) : 0;
	uint32_t low = 0, high = 0;
	bool good;

	if (!strncmp(text, "ether/", 6))
		return ether_entry(text + 6, out);
	while (i < n &&
	       (strlen(protocols[i].name) != len || memcmp(protocols[i].name, text, len) != 0))
		i++;
	if (i == n)
		return "an entry is tcp/PORT, udp/PORT, icmp/TYPE, icmpv6/TYPE, proto/NUMBER, ether/TYPE or the name of a service";
	if (protocols[i].proto == 6 || protocols[i].proto == 17) {
		good = port_range(slash + 1, &low, &high);
	} else {
		good = value_number(slash + 1, 255, &low) &&
		       (protocols[i].proto ? entries_query_type(protocols[i].proto, low)
					   : !entries_own_kind(low));
		high = low;
	}
	if (!good)
		return protocols[i].shape;
	*out = (struct policy_entry){ .kind = protocols[i].proto ? CORDON_ENTRY_RANGE
								 : CORDON_ENTRY_PROTO,
				      .proto = protocols[i].proto,
				      .low = (uint16_t)low,
				      .high = (uint16_t)high };
	return NULL;
}

static bool counts_bits(enum cordon_quantity quantity)
{
	return quantity == CORDON_QUANTITY_UP || quantity == CORDON_QUANTITY_DOWN;
}

/* Units by what they stand for; those of bits begin at 1. */
static const struct unit {
	const char *name;
	uint64_t factor;
} units[] = {
	{ "/s", 1 },
	{ "bit/s", 1 },
	{ "kbit/s", 1000 },
	{ "mbit/s", 1000000 },
	{ "gbit/s", 1000000000 },
};

static const struct unit *unit_find(const char *text, enum cordon_quantity quantity)
{
	bool bits = counts_bits(quantity);

	for (size_t i = bits; i < (bits ? sizeof(units) / sizeof(units[0]) : 1); i++)
		if (!strcmp(units[i].name, text))
			return &units[i];
	return NULL;
}

const char *value_rate_shape(enum cordon_quantity quantity)
{
	return counts_bits(quantity) ? "a rate such as 20mbit/s" : "a rate such as 5000/s";
}

const char *value_quantity_name(enum cordon_quantity quantity)
{
	static const char *const names[__CORDON_QUANTITY_MAX] = { "packets", "up", "down",
								  "connections" };

	return names[quantity];
}

const char *value_rate(const char *text, enum cordon_quantity quantity, uint64_t *out)
{
	bool bits = counts_bits(quantity);
	size_t len = strspn(text, DIGITS);
	const struct unit *unit = unit_find(text + len, quantity);
	char digits[16];
	uint32_t value;
	uint64_t rate;

	if (len && !text[len])
		return bits ? "write its unit: bit/s, kbit/s, mbit/s or gbit/s, as 20mbit/s"
			    : "write its unit: 5000/s is 5000 a second";
	if (!unit || !len || len >= sizeof(digits) || (text[0] == '0' && len > 1))
		return bits ? "write a whole number and bit/s, kbit/s, mbit/s or gbit/s, as 20mbit/s"
			    : "write a whole number and /s, as 5000/s";
	memcpy(digits, text, len);
	digits[len] = '\0';
	if (!value_number(digits, UINT32_MAX, &value))
		value = UINT32_MAX;
	rate = value * unit->factor;
	if (bits && (rate < CORDON_RATE_BITS_MIN || rate > CORDON_RATE_BITS_MAX))
		return "'up' and 'down' are 1kbit/s to 100gbit/s";
	if (!bits && (!rate || rate > CORDON_RATE_MAX))
		return "'packets' and 'connections' are 1/s to 10000000/s";
	*out = rate;
	return NULL;
}

struct value_text value_rate_text(enum cordon_quantity quantity, uint64_t rate)
{
	size_t unit = counts_bits(quantity);
	struct value_text out;

	while (unit && unit + 1 < sizeof(units) / sizeof(units[0]) &&
	       rate % units[unit + 1].factor == 0)
		unit++;
	snprintf(out.text, sizeof(out.text), "%llu%s",
		 (unsigned long long)(rate / units[unit].factor), units[unit].name);
	return out;
}

struct value_text value_address_text(const uint8_t addr[16])
{
	struct value_text out = { "" };

	if (value_is_ipv4(addr))
		inet_ntop(AF_INET, addr + 12, out.text, sizeof(out.text));
	else
		inet_ntop(AF_INET6, addr, out.text, sizeof(out.text));
	return out;
}

struct value_text value_prefix_text(const struct policy_prefix *prefix)
{
	struct value_text out = value_address_text(prefix->addr);
	size_t used = strlen(out.text);

	snprintf(out.text + used, sizeof(out.text) - used, "/%u",
		 value_is_ipv4(prefix->addr) ? prefix->len - 96U : prefix->len);
	return out;
}

struct value_text value_mac_text(const uint8_t mac[6])
{
	struct value_text out;

	snprintf(out.text, sizeof(out.text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5]);
	return out;
}

struct value_text value_entry_text(const struct policy_entry *entry)
{
	struct value_text out = { "all" };
	const char *name = "proto";

	if (entry->kind == CORDON_ENTRY_ALL)
		return out;
	if (entry->kind == CORDON_ENTRY_DHCP) {
		memcpy(out.text, "dhcp", 5);
		return out;
	}
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (entry->kind == CORDON_ENTRY_RANGE && protocols[i].proto == entry->proto)
			name = protocols[i].name;
	if (entry->kind == CORDON_ENTRY_ETHER && entry->low == entry->high)
		snprintf(out.text, sizeof(out.text), "ether/0x%04x", entry->low);
	else if (entry->kind == CORDON_ENTRY_ETHER)
		snprintf(out.text, sizeof(out.text), "ether/0x%04x-0x%04x", entry->low, entry->high);
	else if (entry->low == entry->high)
		snprintf(out.text, sizeof(out.text), "%s/%u", name, entry->low);
	else
		snprintf(out.text, sizeof(out.text), "%s/%u-%u", name, entry->low, entry->high);
	return out;
}
