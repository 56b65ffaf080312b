// SPDX-License-Identifier: GPL-2.0-or-later
/* Ingress, step by step of section 6.2 and 6.3. The camera speaks unless said otherwise: MAC ...:01 on lan2, 10.20.0.11. */
#include <stdio.h>

#include "judge_test.h"

static void headers(void)
{
	struct g_wire w = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554);
	struct scene s = scene();

	w_macs(&w, 1, 2);
	ingress("ingress: a camera starts rtsp to the recorder", LAN2, &w, NULL);
	s.in = on_port(LAN2, 0);
	s.no_ruleset = true;
	judge("ingress 1: no ruleset", &s, CORDON_HOOK_INGRESS, &w, "no-ruleset");
	w.smac[0] = 3;
	ingress("ingress 2: a group source MAC", LAN2, &w, "malformed");
	w_macs(&w, 1, 2);
	w.cut = 54;
	ingress("ingress 2: shorter than its header", LAN2, &w, "malformed");
	w.cut = 0;
	w_tag(&w, 0x8100, 0xe000);
	ingress("ingress 2: priority tag", LAN2, &w, NULL);
	w_tag(&w, 0x8100, 20);
	ingress("ingress 2: the untagged VLAN with a tag", LAN2, &w, "vlan");
	w_tag(&w, 0x88a8, 0);
	ingress("ingress 2: another TPID", LAN2, &w, "vlan");
	w_tag(&w, 0x8100, 30);
	ingress("ingress 2: a tagged VLAN where that MAC is nobody", LAN2, &w, "address-spoof");
	w.tag2 = true;
	w.tpid2 = 0x9100;
	ingress("ingress 2: two tags", LAN2, &w, "vlan");
	w = w_tcp("10.10.0.9", "10.20.0.11", 40000, 443);
	ingress("ingress: the office starts https to the camera", OFFICE, &w, NULL);
	w_tag(&w, 0x8100, 1);
	ingress("ingress 2: a tag on a zone port", OFFICE, &w, "vlan");
	w_tag(&w, 0x8100, 0);
	ingress("ingress 2: a priority tag on a zone port", OFFICE, &w, NULL);
	w = w_raw(0x888e);
	ingress("ingress 3: EAPOL to the box", LAN2, &w, NULL);
	w_macs(&w, 1, 2);
	ingress("ingress 3: EAPOL to another", LAN2, &w, "ethertype");
	w_macs(&w, W_OWN, W_OWN);
	ingress("ingress 3: EAPOL is no way to move a MAC", LAN2, &w, "own-mac");
	w = w_raw(0x05dc);
	ingress("ingress 3: LLC", LAN2, &w, "ethertype");
	w = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554);
	w.cut = 1;
	ingress("ingress 4: a cut packet", LAN2, &w, "malformed");
	w.cut = 0;
	w_macs(&w, W_OWN, 2);
	ingress("ingress 5: the box's MAC from outside", LAN2, &w, "own-mac");
}

/* Step 3: PROFINET, which cameras may send to video, and video to its own groups. */
static void ethertypes(void)
{
	struct g_wire w = w_raw(0x8892);
	struct scene s = scene();

	w_macs(&w, 1, 2);
	ingress("ingress 3: an ethertype that a flow names", LAN2, &w, NULL);
	ingress("ingress 3: ... on a zone port", OFFICE, &w, "ethertype");
	ingress("ingress 5: ... from a port that is not its own", LAN1, &w, "ethertype");
	s.in = on_port(LAN2, 0);
	s.dev[RECORDER].quarantined = 1;
	judge("ingress 3: ... to a quarantined device", &s, CORDON_HOOK_INGRESS, &w, "ethertype");
	w_macs(&w, 2, 1);
	ingress("ingress 3: ... the other way", LAN2, &w, "ethertype");
	w_macs(&w, 1, W_OWN);
	ingress("ingress 3: ... to the box", LAN2, &w, "ethertype");
	w_macs(&w, 1, 9);
	ingress("ingress 3: ... to nobody", LAN2, &w, "ethertype");
	w_macs(&w, 2, 0xff);
	ingress("ingress 3: ... to a group of its zone", LAN2, &w, NULL);
	w_macs(&w, 1, 0xff);
	ingress("ingress 3: ... to a group where no flow inside the zone has it", LAN2, &w, "ethertype");
	w_macs(&w, 2, 1);
	memcpy(w.dmac, (const u8[]){ 0x01, 0x80, 0xc2, 0, 0, 0x0f }, 6);
	ingress("ingress 3: ... to a link-local group", LAN2, &w, "ethertype");
	w_macs(&w, 1, 2);
	w.ethertype = 0x8893;
	ingress("ingress 3: an ethertype that no flow names", LAN2, &w, "ethertype");
}

/* Step 5: where a device may be. */
static void places(void)
{
	struct g_wire w = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554), desk = w_icmp("10.10.0.3", "10.20.0.11", 8);
	struct scene s = scene();

	w_macs(&w, 1, 2);
	w_macs(&desk, 3, W_OWN);
	s.in = on_port(LAN2, 0);
	judge("ingress 5: first sight", &s, CORDON_HOOK_INGRESS, &w, NULL);
	check(s.v.flags & CORDON_V_LEARN_PORT && s.v.src_device == CAMERA && s.v.dst_device == RECORDER && s.v.vlan == 20 &&
	      s.v.src_zone == CAMERAS && s.v.dst_zone == VIDEO && s.v.flags & CORDON_V_START, "ingress 5: ... is learned");
	s.dev[CAMERA].port = LAN2 + 1;
	judge("ingress 5: where it is", &s, CORDON_HOOK_INGRESS, &w, NULL);
	check(!(s.v.flags & CORDON_V_LEARN_PORT), "ingress 5: ... needs no learning");
	s.dev[CAMERA].port = LAN1 + 1;
	s.dev[CAMERA].seen_s = s.live.now_s;
	judge("ingress 5: it was where its list no longer has it", &s, CORDON_HOOK_INGRESS, &w, NULL);
	may_be_on(CAMERA, 1 << LAN1 | 1 << LAN2);
	s.dev[CAMERA].seen_s = s.live.now_s + 1;
	judge("ingress 5: another CPU saw it a second later", &s, CORDON_HOOK_INGRESS, &w, "device-port");
	s.dev[CAMERA].seen_s = s.live.now_s - 299;
	judge("ingress 5: it was elsewhere 299 s ago", &s, CORDON_HOOK_INGRESS, &w, "device-port");
	check(!(s.v.flags & CORDON_V_LEARN_PORT), "ingress 5: ... and a drop teaches nothing");
	s.dev[CAMERA].seen_s = s.live.now_s - 300;
	judge("ingress 5: it was elsewhere 300 s ago", &s, CORDON_HOOK_INGRESS, &w, NULL);
	s.dev[CAMERA].seen_s = s.live.now_s;
	s.live.ports_down = 1 << LAN1;
	judge("ingress 5: its old port is down", &s, CORDON_HOOK_INGRESS, &w, NULL);
	may_be_on(CAMERA, 1 << LAN2);
	s = scene();
	s.in = on_port(LAN1, 0);
	judge("ingress 5: a device without list", &s, CORDON_HOOK_INGRESS, &desk, NULL);
	s.dev[DESK].port = LAN2 + 1;
	s.live.ports_down = 1 << LAN2;
	judge("ingress 5: a device without list never moves", &s, CORDON_HOOK_INGRESS, &desk, "device-port");
	w = w_tcp("10.99.0.4", "10.20.0.11", 1, 443);
	w_macs(&w, 4, W_OWN);
	ingress("ingress 13: a device in quarantine", LAN1, &w, "quarantine");
	s = scene();
	s.in = on_port(LAN2, 0);
	s.dev[CAMERA].quarantined = 1;
	w = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554);
	w_macs(&w, 1, 2);
	judge("ingress 13: a quarantined device", &s, CORDON_HOOK_INGRESS, &w, "quarantine");
	check(s.v.src_zone == CORDON_ZONE_QUARANTINE, "ingress 13: ... is of zone quarantine");
}

static void guards(void)
{
	static const struct { const char *src, *dst; } martians[] = {
		{ "0.0.0.1", "10.30.0.2" }, { "127.0.0.1", "10.30.0.2" }, { "224.0.0.1", "10.30.0.2" }, { "255.255.255.255", "10.30.0.2" },
		{ "10.20.0.11", "0.0.0.0" }, { "10.20.0.11", "127.255.255.255" }, { "10.20.0.11", "240.0.0.0" },
		{ "10.20.0.11", "255.255.255.254" }, { "ff02::1", "fd00:30::2" }, { "::1", "fd00:30::2" },
		{ "::ffff:10.20.0.11", "fd00:30::2" }, { "fd00:20::11", "::" }, { "fd00:20::11", "::1" }, { "fd00:20::11", "::ffff:10.30.0.2" },
	};
	struct g_wire w;

	for (size_t i = 0; i < ARRAY_SIZE(martians); i++) {
		w = w_tcp(martians[i].src, martians[i].dst, 1, 554);
		ingress("ingress 6: martian", LAN2, &w, "martian");
	}
	w = w_tcp("fd00:20::11", "fd00:30::2", 1, 554);
	w_macs(&w, 1, 2);
	w_fragment(&w, 8, false, true, 8);
	ingress("ingress 7: a later fragment", LAN2, &w, NULL);
	w.proto = 60;
	ingress("ingress 7a: destination options behind a fragment header", LAN2, &w, "ipv6-ext");
	w = w_tcp("10.20.0.11", "10.30.0.2", 1, 554);
	w.n_opt = 4;
	ingress("ingress 7b: IPv4 options", LAN2, &w, "ip-options");
	w.n_opt = 0;
	w_fragment(&w, 0, true, true, 19);
	ingress("ingress 7c: a first fragment of 19 bytes of TCP", LAN2, &w, "fragment");
	w = w_icmp("10.20.0.11", "10.30.0.2", 5);
	ingress("ingress 7d: redirect", LAN2, &w, "redirect");
	w = w_icmp("fd00:20::11", "fd00:30::2", 137);
	ingress("ingress 7d: IPv6 redirect", WAN0, &w, "redirect");
	w = w_icmp("fe80::1", "ff02::1", 134);
	w.ttl = 255;
	w_macs(&w, 1, 0xff);
	ingress("ingress 7e: router advertisement of a device", LAN2, &w, "ra-guard");
	ingress("ingress 7e: router advertisement of an uplink", WAN0, &w, NULL);
	w.ttl = 254;
	ingress("ingress 7f: ... from afar", WAN0, &w, "nd-sender");
	w = w_udp("10.20.0.11", "255.255.255.255", 67, 68);
	ingress("ingress 7e: a DHCP server", LAN2, &w, "dhcp-server");
	w = w_udp("fd00:20::11", "fe80::ee", 547, 999);
	ingress("ingress 7e: a DHCPv6 server, whatever the destination port", OFFICE, &w, "dhcp-server");
	w = w_igmp("10.20.0.11", 0x16);
	ingress("ingress 10: an IGMP report", LAN2, &w, NULL);
	w.type = 0x11;
	ingress("ingress 7e: an IGMP query", LAN2, &w, "querier");
	w = w_mld("fe80::1", 130);
	ingress("ingress 7e: an MLD query", LAN2, &w, "querier");
	w.type = 131;
	ingress("ingress 10: an MLD report", LAN2, &w, NULL);
}

static struct g_wire w_opt(const char *hex, int n)
{
	struct g_wire w = w_udp("10.30.0.2", "10.30.0.2", 1, 6001);

	w_macs(&w, 2, 2);
	for (int i = 0; i < n; i++)
		w.opt[i] = (uint8_t)(hex[i]);
	w.n_opt = n;
	return w;
}

/* Step 7b and c: the recorder's zone may record routes and alert routers, and must not fragment. */
static void zone_guards(void)
{
	static const struct { const char *name, *bytes; int n; const char *reason; } lists[] = {
		{ "record route", "\x07\x07\x04\0\0\0\0\0", 8, NULL },
		{ "router alert", "\x94\x04\0\0", 4, NULL },
		{ "both, with padding", "\x01\x07\x03\x04\x94\x04\0\0\0\0\0\0", 12, NULL },
		{ "padding alone", "\x01\x01\x01\0", 4, "ip-options" },
		{ "timestamp", "\x44\x04\x05\0", 4, "ip-options" },
		{ "timestamp behind record route", "\x07\x03\x04\x01\x44\x04\x05\0", 8, "ip-options" },
		{ "loose source route", "\x83\x07\x04\x0a\x1e\0\x02\0", 8, "ip-options" },
		{ "strict source route behind router alert", "\x94\x04\0\0\x89\x03\x04\0", 8, "ip-options" },
		{ "record route of 2 bytes", "\x07\x02\0\0", 4, "ip-options" },
		{ "record route beyond the header", "\x07\x09\x04\0\0\0\0\0", 8, "ip-options" },
		{ "an option without length", "\x01\x01\x01\x07", 4, "ip-options" },
		{ "router alert of 5 bytes", "\x94\x05\0\0\0\0\0\0", 8, "ip-options" },
		{ "something behind the end of the list", "\x94\x04\0\0\0\0\x01\0", 8, "ip-options" },
	};
	struct g_wire w;
	char name[80];

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		w = w_opt(lists[i].bytes, lists[i].n);
		snprintf(name, sizeof(name), "ingress 7b: %s", lists[i].name);
		ingress(name, LAN2, &w, lists[i].reason);
	}
	w = w_opt("\x94\x04\0\0", 4);
	w.src = w_udp("10.20.0.11", "10.30.0.2", 1, 1).src;
	w_macs(&w, 1, 2);
	ingress("ingress 7b: router alert of another zone", LAN2, &w, "ip-options");
	w = w_opt("", 0);
	w_fragment(&w, 0, true, false, 8);
	ingress("ingress 7c: a first fragment of a zone that must not", LAN2, &w, "fragment");
	w_fragment(&w, 64, false, true, 8);
	ingress("ingress 7c: a later fragment of a zone that must not", LAN2, &w, "fragment");
}

/* Step 7e: what the recorder may say by its roles. */
static void roles(void)
{
	struct g_wire w = w_icmp("fe80::2", "ff02::1", 134);
	struct scene s = scene();

	w.ttl = 255;
	w_macs(&w, 2, 0xff);
	ingress("ingress 7e: router advertisement of a router", LAN2, &w, NULL);
	s.in = on_port(LAN2, 0);
	s.dev[RECORDER].quarantined = 1;
	judge("ingress 7e: ... in quarantine", &s, CORDON_HOOK_INGRESS, &w, "ra-guard");
	w.src = w_udp("fd00:30::2", "ff02::1", 1, 1).src;
	ingress("ingress 10: ... from a global address", LAN2, &w, "nd-sender");
	w = w_udp("10.30.0.2", "10.20.0.11", 67, 68);
	w_macs(&w, 2, 1);
	ingress("ingress 7e: a DHCP server, whom nobody may ask", LAN2, &w, "service");
	w = w_igmp("10.30.0.2", 0x11);
	w_macs(&w, 2, 0xff);
	ingress("ingress 7e: the IGMP query of a querier", LAN2, &w, NULL);
	w.type = 0x13;
	ingress("ingress 7e: a DVMRP probe of a querier", LAN2, &w, "querier");
	w = w_mld("fe80::2", 130);
	w_macs(&w, 2, 0xff);
	ingress("ingress 7e: the MLD query of a querier", LAN2, &w, NULL);
}

/* Step 9. */
static void sources(void)
{
	struct g_wire w = w_tcp("10.20.0.12", "10.30.0.2", 40000, 554);
	struct scene s = scene();

	ingress("ingress 9: another address of its own zone", LAN2, &w, "address-spoof");
	w = w_tcp("10.30.0.2", "10.30.0.2", 40000, 554);
	ingress("ingress 9: another device's address", LAN2, &w, "address-spoof");
	w = w_tcp("10.20.0.1", "10.30.0.2", 40000, 554);
	ingress("ingress 9: the box's address", LAN2, &w, "address-spoof");
	w = w_udp("0.0.0.0", "255.255.255.255", 68, 67);
	w_macs(&w, 1, 0xff);
	ingress("ingress 9: DHCP from nobody", LAN2, &w, NULL);
	w = w_udp("0.0.0.0", "10.20.0.1", 68, 67);
	ingress("ingress 9: unicast DHCP from nobody", LAN2, &w, "address-spoof");
	w = w_udp("::", "ff02::1:2", 546, 547);
	ingress("ingress 9: DHCPv6 from nobody", LAN2, &w, "address-spoof");
	w = w_icmp("fe80::1", "fe80::2", 1);
	w_macs(&w, 1, 2);
	s.in = on_port(LAN2, 0);
	judge("ingress 9: a link-local address that nobody has", &s, CORDON_HOOK_INGRESS, &w, NULL);
	check(s.v.flags & CORDON_V_LEARN_LL, "ingress 9: ... is learned");
	s.owner = CAMERA;
	judge("ingress 9: its own link-local address", &s, CORDON_HOOK_INGRESS, &w, NULL);
	check(!(s.v.flags & CORDON_V_LEARN_LL), "ingress 9: ... needs no learning");
	s.owner = RECORDER;
	judge("ingress 9: another's link-local address", &s, CORDON_HOOK_INGRESS, &w, "address-spoof");
	w = w_tcp("10.20.0.99", "10.30.0.2", 40000, 554);
	w_macs(&w, 0x77, 2);
	judge("ingress 13: a stranger", &s, CORDON_HOOK_INGRESS, &w, "unknown-source");
	check(s.v.flags == CORDON_V_UNKNOWN && s.v.src_zone == CORDON_ZONE_UNKNOWN && s.v.src_device == CORDON_NO_DEVICE,
	      "ingress 13: ... is said to be one");
	w = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554);
	w_macs(&w, 0x77, 2);
	ingress("ingress 9: a stranger with a bound address", LAN2, &w, "address-spoof");
	w = w_tcp("10.10.0.255", "10.20.0.11", 1, 443);
	ingress("ingress 9: the last address of the port's zone", OFFICE, &w, NULL);
	w = w_tcp("10.10.1.0", "10.20.0.11", 1, 443);
	ingress("ingress 9: the address behind it", OFFICE, &w, "zone-address");
	w = w_tcp("10.10.0.3", "10.20.0.11", 1, 443);
	ingress("ingress 9: a bound address on a zone port", OFFICE, &w, "zone-address");
	w = w_tcp("10.10.0.1", "10.20.0.11", 1, 443);
	ingress("ingress 9: the box's address on a zone port", OFFICE, &w, "zone-address");
	w = w_tcp("10.30.0.77", "203.0.113.1", 1, 22);
	ingress("ingress 9: a zone's address from an uplink", WAN1, &w, "zone-address");
	w = w_udp("0.0.0.0", "255.255.255.255", 68, 67);
	ingress("ingress 9: DHCP from nobody on an uplink", WAN1, &w, "zone-address");
}

/* Steps 11 to 13. */
static void destinations(void)
{
	struct g_wire w = w_udp("198.51.100.1", "203.0.113.9", 67, 68);

	ingress("ingress 11: a lease for the box", WAN0, &w, NULL);
	w_macs(&w, 1, 2);
	ingress("ingress 11: a lease for another", WAN0, &w, "not-for-us");
	w = w_udp("10.20.0.11", "10.30.0.2", 1, 5000);
	w_macs(&w, 1, 0xff);
	ingress("ingress 12a: a unicast address in a broadcast", LAN2, &w, "group-unicast");
	w = w_udp("10.20.0.11", "239.1.2.3", 1, 6000);
	w_macs(&w, 1, 0xff);
	ingress("ingress 12a: a group that the sender's zone may hear", LAN2, &w, NULL);
	w.dport = 5100;
	ingress("ingress 12a: a group that another zone would hear", LAN2, &w, "group");
	w = w_udp("10.20.0.11", "255.255.255.255", 68, 67);
	w_macs(&w, 1, 0xff);
	ingress("ingress 12a: DHCP that crosses to the gateway", LAN2, &w, NULL);
	w = w_udp("10.30.0.2", "255.255.255.255", 68, 67);
	w_macs(&w, 2, 0xff);
	ingress("ingress 12a: DHCP of a zone that may ask nobody", LAN2, &w, "group");
	w = w_udp("10.30.0.2", "239.2.255.255", 1, 6001);
	w_macs(&w, 2, 0xff);
	ingress("ingress 12a: a group that the zone lists", LAN2, &w, NULL);
	w.dst = w_udp("10.30.0.2", "239.3.0.0", 1, 1).dst;
	ingress("ingress 12a: a group that the zone does not list", LAN2, &w, "group");
	w = w_udp("fd00:30::2", "ff05::99", 1, 6001);
	w_macs(&w, 2, 0xff);
	ingress("ingress 12a: an IPv6 group that the zone lists", LAN2, &w, NULL);
	w = w_udp("10.20.0.11", "239.1.2.3", 1, 6000);
	w_macs(&w, 1, 2);
	ingress("ingress 12a: a group address to one MAC", LAN2, &w, "group-unicast");
	w = w_udp("10.20.0.11", "10.20.0.1", 1, 53);
	ingress("ingress 12b: dns to the box", LAN2, &w, NULL);
	w = w_tcp("198.51.100.1", "203.0.113.1", 1, 999);
	ingress("ingress 12b: to the box from a masquerading uplink", WAN0, &w, NULL);
	ingress("ingress 13: to the box from an uplink that does not", WAN1, &w, "service");
	w.dport = 22;
	ingress("ingress 13: ssh to the box from there", WAN1, &w, NULL);
	w = w_tcp("fd00:20::11", "fe80::2", 1, 554);
	ingress("ingress 12b: link-local through the box", LAN2, &w, "unknown-destination");
	w = w_tcp("10.20.0.11", "10.30.0.99", 1, 554);
	ingress("ingress 12b: by prefix", LAN2, &w, NULL);
	w = w_tcp("10.20.0.11", "198.51.100.1", 1, 554);
	ingress("ingress 13: cameras are not linked with wan", LAN2, &w, "pair");
	w = w_tcp("10.20.0.11", "10.30.0.2", 1, 555);
	w_macs(&w, 1, 2);
	ingress("ingress 13: a port next to the service", LAN2, &w, "service");
	w = w_tcp("10.20.0.11", "10.30.0.3", 1, 554);
	w_macs(&w, 1, 2);
	ingress("ingress 12c: an address that its MAC is not bound to", LAN2, &w, "unknown-destination");
	w_macs(&w, 1, 9);
	ingress("ingress 12c: a MAC that is nobody", LAN2, &w, "unknown-destination");
	w = w_tcp("10.30.0.2", "10.20.0.11", 554, 40000);
	w_macs(&w, 2, 1);
	ingress("ingress 13: a possible reply", LAN2, &w, NULL);
	w.sport = 555;
	ingress("ingress 13: no possible reply", LAN2, &w, "service");
	w = w_icmp("10.30.0.2", "10.20.0.11", 0);
	w_macs(&w, 2, 1);
	ingress("ingress 13: an echo reply", LAN2, &w, NULL);
	w.type = 14;
	ingress("ingress 13: a timestamp reply without right", LAN2, &w, "service");
	w.type = 3;
	ingress("ingress 13: an ICMP error", LAN2, &w, NULL);
	w.type = 10;
	ingress("ingress 13: another ICMP type", LAN2, &w, "service");
}

/* 6.3 */
static void neighbours(void)
{
	struct g_wire w = w_arp(1, "10.20.0.11", "10.30.0.2");
	struct scene s = scene();

	ingress("ARP for a linked device of the VLAN", LAN2, &w, NULL);
	w = w_arp(1, "10.20.0.11", "10.20.0.1");
	ingress("ARP for the box", LAN2, &w, NULL);
	w = w_arp(1, "10.20.0.11", "10.10.0.3");
	ingress("ARP for a device of another VLAN", LAN2, &w, "neighbour-target");
	s.in = on_port(LAN2, 0);
	s.own_elsewhere = true;
	w = w_arp(1, "10.20.0.11", "10.10.0.1");
	judge("ARP for an address that the box has on another link", &s, CORDON_HOOK_INGRESS, &w, "neighbour-target");
	w = w_tcp("10.20.0.11", "10.10.0.1", 40000, 53);
	w_macs(&w, 1, W_OWN);
	judge("ingress 12b: an address that the box has on another link", &s, CORDON_HOOK_INGRESS, &w, "not-for-us");
	s.own_elsewhere = false;
	w = w_arp(1, "10.99.0.4", "10.10.0.1");
	w_macs(&w, 4, 0xff);
	ingress("ARP for the box from a zone that is not linked", LAN1, &w, "neighbour-target");
	w = w_arp(1, "10.20.0.11", "10.20.0.11");
	ingress("ARP announcement", LAN2, &w, NULL);
	w = w_arp(1, "0.0.0.0", "10.30.0.2");
	ingress("ARP probe", LAN2, &w, NULL);
	w = w_arp(2, "0.0.0.0", "10.20.0.1");
	ingress("ARP reply of nobody", LAN2, &w, "arp-sender");
	w = w_arp(2, "10.30.0.2", "10.20.0.1");
	ingress("ARP reply for another's address", LAN2, &w, "arp-sender");
	w = w_arp(3, "10.20.0.11", "10.20.0.1");
	ingress("ARP operation 3", LAN2, &w, "arp-sender");
	w = w_nd("fe80::1", "ff02::1", 135, "fd00:30::2", true);
	w_macs(&w, 1, 0xff);
	ingress("NS for a linked device", LAN2, &w, NULL);
	ingress("NS for a device on a zone port", OFFICE, &w, "neighbour-target");
	w.data[3] ^= 1;
	ingress("NS with another MAC", LAN2, &w, "nd-sender");
	w = w_nd("::", "ff02::1", 135, "fd00:20::11", false);
	ingress("DAD for its own address", LAN2, &w, NULL);
	w = w_nd("::", "ff02::1", 135, "fd00:30::2", false);
	ingress("DAD for another's address", LAN2, &w, "nd-sender");
	w = w_nd("::", "ff02::1", 135, "fe80::5", false);
	s.in = on_port(LAN2, 0);
	s.owner = RECORDER;
	judge("DAD for another's link-local address", &s, CORDON_HOOK_INGRESS, &w, "nd-sender");
	w = w_nd("fd00:20::11", "ff02::1", 136, "fd00:20::11", true);
	w_macs(&w, 1, 0xff);
	ingress("NA to everyone", LAN2, &w, NULL);
	w = w_nd("fd00:20::11", "ff02::1", 136, "fd00:30::2", true);
	ingress("NA for another's address", LAN2, &w, "nd-sender");
	w = w_nd("fd00:20::11", "fd00:30::2", 136, "fd00:20::11", true);
	w_macs(&w, 1, 3);
	ingress("NA to a MAC that is nobody in the VLAN", LAN2, &w, "neighbour-target");
	w = w_icmp("fe80::1", "ff02::2", 133);
	w.ttl = 255;
	w_macs(&w, 1, 0xff);
	ingress("router solicitation", LAN2, &w, NULL);
}

void test_ingress(void)
{
	headers();
	ethertypes();
	places();
	guards();
	zone_guards();
	roles();
	sources();
	destinations();
	neighbours();
}
