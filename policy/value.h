/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of the language as text -> data. Functions that return a sentence say what would be
 * right; NULL means the value is good and the result is set.
 */
#ifndef CORDON_POLICY_VALUE_H
#define CORDON_POLICY_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/model.h"

#define VALUE_VLAN_MAX 4094

bool value_zone_name(const char *text);	  /* [a-z][a-z0-9_-]{0,29}; also for services */
bool value_device_name(const char *text); /* [a-z0-9][a-z0-9._-]{0,62} */
bool value_port_name(const char *text);

/** value_number - decimal digits without sign or leading zero, at most @max */
bool value_number(const char *text, uint32_t max, uint32_t *out);
const char *value_mac(const char *text, uint8_t mac[6]);
const char *value_address(const char *text, uint8_t addr[16]);
const char *value_prefix(const char *text, struct policy_prefix *out);
/** value_group - a prefix of multicast or broadcast addresses */
const char *value_group(const char *text, struct policy_prefix *out);
/** value_entry - tcp/443, udp/1-9, icmp/8, proto/47; @text has a '/' */
const char *value_entry(const char *text, struct policy_entry *out);

/** value_rate - 5000/s, 20mbit/s: per second, in packets, connections or bits */
const char *value_rate(const char *text, enum cordon_quantity quantity, uint64_t *out);
/** value_rate_shape - what is asked for, for messages */
const char *value_rate_shape(enum cordon_quantity quantity);
/** value_quantity_name - as the language calls it: "packets", "up", ... */
const char *value_quantity_name(enum cordon_quantity quantity);
/** value_role_names - of CORDON_ROLE_*, lowest bit first, up to NULL */
extern const char *const value_role_names[];

bool value_is_ipv4(const uint8_t addr[16]);
/** value_prefix_contains - whether @addr shares the first @len bits of @prefix */
bool value_prefix_contains(const uint8_t prefix[16], unsigned int len, const uint8_t addr[16]);
bool value_prefixes_overlap(const struct policy_prefix *a, const struct policy_prefix *b);

/* Text of an address, a prefix or a MAC; the struct lives as long as the full expression. */
struct value_text {
	char text[56];
};
struct value_text value_address_text(const uint8_t addr[16]);
struct value_text value_prefix_text(const struct policy_prefix *prefix);
struct value_text value_mac_text(const uint8_t mac[6]);
struct value_text value_entry_text(const struct policy_entry *entry);
struct value_text value_rate_text(enum cordon_quantity quantity, uint64_t rate);

#endif /* CORDON_POLICY_VALUE_H */
