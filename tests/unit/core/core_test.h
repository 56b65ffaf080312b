/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the core's unit tests share: TAP, rulesets written record by record, and one small network. */
#ifndef CORDON_TESTS_CORE_TEST_H
#define CORDON_TESTS_CORE_TEST_H

#include "kmod/core/decide.h"

/** check - one case */
bool check(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** struct blob - ruleset bytes under construction; records must come in the order that the format wants */
struct blob {
	struct { u8 *p; size_t n, count; } part[__CORDON_SECT_MAX];
	u32 unknown_rate;	/* 0: 256 */
};

void blob_zone(struct blob *b, u8 id, const char *name);
/** blob_port - @vids ends with 0 */
void blob_port(struct blob *b, const char *name, u8 mode, u8 zone, u8 flags, u16 untagged, const u16 *vids);
void blob_pair(struct blob *b, u8 from, u8 to, u8 flags);
/** blob_entry - of the last pair */
void blob_entry(struct blob *b, u8 kind, u8 proto, u16 low, u16 high);
void blob_device(struct blob *b, u64 mac, u16 vlan, u64 ports, u8 zone);
/** blob_address - of the last device */
void blob_address(struct blob *b, const char *address);
void blob_prefix(struct blob *b, const char *address, u8 len, u8 zone);
/** blob_limit - @rate by enum cordon_quantity */
void blob_limit(struct blob *b, const u64 *rate);
/** blob_device_limit - of the last device: index of the limit + 1 */
void blob_device_limit(struct blob *b, u16 limit);
/** blob_port_limit - likewise of the last port */
void blob_port_limit(struct blob *b, u16 limit);
/** blob_device_roles - of the last device */
void blob_device_roles(struct blob *b, u8 roles);
/** blob_zone_flags - of zone @id, which is there */
void blob_zone_flags(struct blob *b, u8 id, u8 flags);
void blob_group(struct blob *b, const char *address, u8 len, u8 zone);
/** blob_finish - the bytes, malloc'ed; @b is empty then */
u8 *blob_finish(struct blob *b, size_t *len);
/** blob_record - where record @i of section @s lies in finished bytes */
u8 *blob_record(u8 *bytes, int s, u32 i);

/** decode - a ruleset of the bytes, to be freed; NULL with @err filled: they are refused */
struct cordon_ruleset *decode(const u8 *bytes, size_t len, struct cordon_decode_error *err);

struct cordon_addr addr(const char *text);
/** network - the ruleset that most tests are about; see network.c */
u8 *network(size_t *len);

enum { LAN1, LAN2, OFFICE, WAN0, WAN1 };	/* its ports */
enum { STAFF = CORDON_ZONE_FIRST, CAMERAS, VIDEO };

void test_small(void);
void test_frame(void);
void test_decode(void);
void test_lookup(void);
void test_ingress(void);
void test_hooks(void);
void test_edges(void);
void test_limit(void);

#endif /* CORDON_TESTS_CORE_TEST_H */
