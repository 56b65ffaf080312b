/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets for tests by their fields: what the oracle's generator has, with names and addresses as text. */
#ifndef CORDON_TESTS_CORE_WIRES_H
#define CORDON_TESTS_CORE_WIRES_H

#include "tests/oracle/gen.h"

struct g_wire w_ip(const char *src, const char *dst, int proto);
struct g_wire w_udp(const char *src, const char *dst, int sport, int dport);
struct g_wire w_tcp(const char *src, const char *dst, int sport, int dport);
struct g_wire w_icmp(const char *src, const char *dst, int type);
/** w_nd - an NS (135) or NA (136); @lladdr: carries the sender's MAC as option 1 or 2 */
struct g_wire w_nd(const char *src, const char *dst, int type, const char *target, bool lladdr);
struct g_wire w_mld(const char *src, int type);
struct g_wire w_igmp(const char *src, int type);
struct g_wire w_arp(int op, const char *sender, const char *target);
struct g_wire w_raw(int ethertype);

/** w_from, w_to - the MAC 02:00:00:00:00:@last; W_OWN: the box's; w_to 0xff: broadcast */
enum { W_OWN = 0xee, W_OWN_FIRST = 0x02 };
void w_macs(struct g_wire *w, int from, int to);
void w_tag(struct g_wire *w, int tpid, int tci);
/** w_fragment - @offset in bytes; @bare: no transport header but @bytes of data */
void w_fragment(struct g_wire *w, int offset, bool more, bool bare, int bytes);

#endif /* CORDON_TESTS_CORE_WIRES_H */
