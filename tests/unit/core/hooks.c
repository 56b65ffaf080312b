// SPDX-License-Identifier: GPL-2.0-or-later
/* The conntrack hooks and egress: sections 6.5 and 6.7. */
#include "judge_test.h"

static struct scene sides(struct cordon_side in, struct cordon_side out)
{
	struct scene s = scene();

	s.in = in;
	s.out = out;
	return s;
}

static const struct cordon_side unmanaged;

static void managed(void)
{
	struct g_wire w = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554);
	struct scene s = sides(unmanaged, unmanaged);

	judge("forward 1: not cordon's", &s, CORDON_HOOK_FORWARD, &w, NULL);
	judge("local-in 1: not cordon's", &s, CORDON_HOOK_LOCAL_IN, &w, NULL);
	judge("local-out 1: not cordon's", &s, CORDON_HOOK_LOCAL_OUT, &w, NULL);
	judge("bridge 1: not cordon's", &s, CORDON_HOOK_BRIDGE, &w, NULL);
	s.no_ruleset = true;
	judge("forward 1: not cordon's, no ruleset", &s, CORDON_HOOK_FORWARD, &w, NULL);
	s.in = stacked(20);
	judge("forward 1: from managed to unmanaged", &s, CORDON_HOOK_FORWARD, &w, "unmanaged");
	judge("local-in 1: no ruleset", &s, CORDON_HOOK_LOCAL_IN, &w, "no-ruleset");
	s = sides(unmanaged, stacked(20));
	judge("bridge 1: from unmanaged to managed", &s, CORDON_HOOK_BRIDGE, &w, "unmanaged");
	s = sides(stacked(20), stacked(20));
	w.total_delta = 1;
	judge("forward 2: malformed", &s, CORDON_HOOK_FORWARD, &w, "malformed");
	w = w_raw(0x88cc);
	judge("bridge 2: LLDP", &s, CORDON_HOOK_BRIDGE, &w, "ethertype");
	w = w_raw(0x8892);
	w_macs(&w, 1, 2);
	judge("bridge 2: an ethertype that a flow names", &s, CORDON_HOOK_BRIDGE, &w, NULL);
	check(s.v.src_zone == CAMERAS && s.v.dst_zone == VIDEO, "bridge 2: ... with its zones, for nftables");
	w_macs(&w, 2, 1);
	judge("bridge 2: ... the other way", &s, CORDON_HOOK_BRIDGE, &w, "ethertype");
	w_macs(&w, 1, 9);
	judge("bridge 2: ... to nobody", &s, CORDON_HOOK_BRIDGE, &w, "ethertype");
	w_macs(&w, 2, 0xff);
	judge("bridge 2: ... to a group of its zone", &s, CORDON_HOOK_BRIDGE, &w, NULL);
	w = w_igmp("10.20.0.11", 0x16);
	judge("forward 2: IGMP", &s, CORDON_HOOK_FORWARD, &w, "group");
	judge("bridge 2: IGMP", &s, CORDON_HOOK_BRIDGE, &w, NULL);
	w = w_nd("fd00:20::11", "fd00:30::2", 135, "fd00:30::2", false);
	judge("forward 2: a neighbour solicitation", &s, CORDON_HOOK_FORWARD, &w, "group");
	w = w_udp("10.20.0.11", "239.1.2.3", 1, 5000);
	judge("forward 2: a group", &s, CORDON_HOOK_FORWARD, &w, "group");
	w_macs(&w, 1, 0xff);
	judge("bridge 2: a group", &s, CORDON_HOOK_BRIDGE, &w, NULL);
	w = w_udp("0.0.0.0", "255.255.255.255", 68, 67);
	judge("local-in 2: DHCP from nobody", &s, CORDON_HOOK_LOCAL_IN, &w, NULL);
	w = w_udp("10.20.0.11", "255.255.255.255", 68, 67);
	judge("local-in 4: DHCP to everybody", &s, CORDON_HOOK_LOCAL_IN, &w, NULL);
	w = w_udp("10.20.0.11", "239.1.2.3", 1, 53);
	judge("local-in 2: a group, of what the box may be asked", &s, CORDON_HOOK_LOCAL_IN, &w, "group");
	w = w_udp("198.51.100.1", "203.0.113.1", 67, 68);
	judge("local-in 4: a DHCP server among the devices", &s, CORDON_HOOK_LOCAL_IN, &w, "unknown-source");
	s = sides(on_port(WAN1, 0), unmanaged);
	judge("local-in 2: a lease", &s, CORDON_HOOK_LOCAL_IN, &w, NULL);
}

static void starts_and_replies(void)
{
	struct g_wire start = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554), reply = w_tcp("10.30.0.2", "10.20.0.11", 554, 40000);
	struct scene s = sides(stacked(20), stacked(20));

	judge("forward 4: a start without conntrack", &s, CORDON_HOOK_FORWARD, &start, NULL);
	judge("forward 4: a reply without conntrack", &s, CORDON_HOOK_FORWARD, &reply, "not-reply");
	s.ct = flow(CORDON_CT_REPLY, 6, 554, "10.20.0.11", "10.30.0.2");
	judge("forward 4: a reply", &s, CORDON_HOOK_FORWARD, &reply, NULL);
	check(s.v.flags == CORDON_V_REPLY && s.v.src_zone == VIDEO && s.v.dst_zone == CAMERAS, "forward 4: ... is known as one");
	s.ct = flow(CORDON_CT_REPLY, 6, 555, "10.20.0.11", "10.30.0.2");
	judge("forward 4: a reply of a flow that nothing allows any more", &s, CORDON_HOOK_FORWARD, &reply, "service");
	s.ct = flow(CORDON_CT_REPLY, 6, 554, "10.20.0.11", "10.30.0.3");
	judge("forward 4: a reply of another target", &s, CORDON_HOOK_FORWARD, &reply, "not-reply");
	s.ct = flow(CORDON_CT_ORIGINAL, 6, 554, "10.20.0.11", "10.30.0.2");
	judge("forward 4: original", &s, CORDON_HOOK_FORWARD, &start, NULL);
	s.ct = flow(CORDON_CT_ORIGINAL, 6, 554, "10.20.0.12", "10.30.0.2");
	judge("forward 4: original of another initiator", &s, CORDON_HOOK_FORWARD, &start, "not-reply");
	s.ct = (struct cordon_ct){ 0 };
	s.dev[RECORDER].quarantined = 1;
	judge("forward 4: to a quarantined device", &s, CORDON_HOOK_FORWARD, &start, "quarantine");
	s.dev[RECORDER].quarantined = 0;
	w_fragment(&start, 8, false, true, 8);
	judge("forward 4: a later fragment", &s, CORDON_HOOK_FORWARD, &start, "fragment");
	start = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554);
	w_macs(&start, 1, 2);
	judge("bridge 4: a start", &s, CORDON_HOOK_BRIDGE, &start, NULL);
	w_macs(&start, 9, 2);
	judge("bridge 3: from a stranger", &s, CORDON_HOOK_BRIDGE, &start, "unknown-source");
	w_macs(&start, 1, 9);
	judge("bridge 3: to nobody", &s, CORDON_HOOK_BRIDGE, &start, "unknown-destination");
	s.in = stacked(30);
	judge("forward 3: a source of another VLAN", &s, CORDON_HOOK_FORWARD, &start, "unknown-source");
	s = sides(stacked(20), stacked(30));
	judge("forward 3: a destination of another VLAN", &s, CORDON_HOOK_FORWARD, &start, "unknown-destination");
	s = sides(on_port(OFFICE, 0), stacked(20));
	start = w_tcp("10.10.0.3", "10.20.0.11", 1, 443);
	judge("forward 3: a bound source from a zone port", &s, CORDON_HOOK_FORWARD, &start, "zone-address");
	start = w_tcp("10.10.0.9", "10.20.0.11", 1, 443);
	judge("forward 4: from a zone port", &s, CORDON_HOOK_FORWARD, &start, NULL);
	s = sides(stacked(20), on_port(WAN1, 0));
	start = w_tcp("10.20.0.11", "10.10.0.9", 1, 443);
	judge("forward 3: a zone's address out of an uplink", &s, CORDON_HOOK_FORWARD, &start, "zone-address");
	start = w_tcp("10.20.0.11", "198.51.100.1", 1, 443);
	judge("forward 4: to an uplink that is not linked", &s, CORDON_HOOK_FORWARD, &start, "pair");
	s = sides(unmanaged, on_port(WAN1, 0));
	start = w_udp("203.0.113.1", "198.51.100.1", 1, 53);
	judge("local-out 4: dns", &s, CORDON_HOOK_LOCAL_OUT, &start, NULL);
}

static void errors(void)
{
	struct g_wire w = w_icmp("10.30.0.2", "10.20.0.11", 3);
	struct scene s = sides(stacked(20), stacked(20));

	s.ct = flow(CORDON_CT_RELATED, 6, 554, "10.20.0.11", "10.30.0.2");
	judge("forward 4: an error from the target", &s, CORDON_HOOK_FORWARD, &w, NULL);
	s.ct = flow(CORDON_CT_RELATED, 6, 554, "10.20.0.11", "10.30.0.9");
	judge("forward 4: an error from someone else", &s, CORDON_HOOK_FORWARD, &w, "related");
	s.ct = flow(CORDON_CT_RELATED, 6, 555, "10.20.0.11", "10.30.0.2");
	judge("forward 4: an error of a flow that nothing allows", &s, CORDON_HOOK_FORWARD, &w, "service");
	s = sides(unmanaged, stacked(20));
	w = w_icmp("10.20.0.1", "10.20.0.11", 11);
	s.ct = flow(CORDON_CT_RELATED, 6, 554, "10.20.0.11", "10.30.0.2");
	judge("local-out 4: an error of the box", &s, CORDON_HOOK_LOCAL_OUT, &w, NULL);
	s = sides(on_port(WAN1, 0), stacked(20));
	w = w_icmp("198.51.100.1", "10.20.0.11", 3);
	s.ct = flow(CORDON_CT_RELATED, 6, 554, "10.20.0.11", "10.30.0.2");
	judge("forward 4: an error from a zone that is no end", &s, CORDON_HOOK_FORWARD, &w, "related");
	s = sides(stacked(20), stacked(20));
	w = w_icmp("10.30.0.2", "10.20.0.11", 3);
	is_own("10.30.0.2");
	s.ct = flow(CORDON_CT_RELATED, 17, 53, "10.20.0.11", "10.30.0.2");
	judge("forward 4: an end that is bound and the box's", &s, CORDON_HOOK_FORWARD, &w, NULL);
}

/* Flows between link-local addresses: who an end is depends on the link. */
static void link_local_errors(void)
{
	struct g_wire w = w_icmp("fe80::1", "fe80::ee", 1);
	struct scene s = sides(stacked(20), unmanaged);

	s.ct = flow(CORDON_CT_RELATED, 17, 53, "fe80::1", "fe80::ee");
	judge("local-in 4: an error from nobody's link-local address", &s, CORDON_HOOK_LOCAL_IN, &w, "unknown-source");
	s.owner = CAMERA;
	judge("local-in 4: an error from a device's link-local address", &s, CORDON_HOOK_LOCAL_IN, &w, NULL);
	s.ct = flow(CORDON_CT_RELATED, 17, 54, "fe80::1", "fe80::ee");
	judge("local-in 4: ... of a flow that nothing allows", &s, CORDON_HOOK_LOCAL_IN, &w, "service");
	s = sides(unmanaged, stacked(20));
	s.owner = CAMERA;
	w = w_icmp("fe80::ee", "fe80::1", 1);
	s.ct = flow(CORDON_CT_RELATED, 17, 53, "fe80::1", "fe80::ee");
	judge("local-out 4: an error of the box to a link-local address", &s, CORDON_HOOK_LOCAL_OUT, &w, NULL);
	s = sides(on_port(WAN1, 0), unmanaged);
	w = w_icmp("fe80::1", "fe80::ee", 1);
	s.ct = flow(CORDON_CT_RELATED, 17, 53, "fe80::ee", "fe80::1");
	judge("local-in 4: an error from an uplink's link-local address", &s, CORDON_HOOK_LOCAL_IN, &w, NULL);
}

/* The address that the camera (02:00:00:00:00:01) makes of its MAC is its own, whoever was first. */
static void made_of_mac(void)
{
	struct g_wire w = w_udp("fe80::ff:fe00:1", "fd00:30::2", 40000, 5000);
	struct scene s = scene();

	s.in = on_port(LAN2, 0);
	w_macs(&w, 1, 2);
	s.owner = RECORDER;
	judge("ingress 9: the address of its own MAC", &s, CORDON_HOOK_INGRESS, &w, NULL);
	check(!(s.v.flags & CORDON_V_LEARN_LL), "ingress 9: ... is not to be learned");
	w_macs(&w, 2, 1);
	judge("ingress 9: the address of another's MAC", &s, CORDON_HOOK_INGRESS, &w, "address-spoof");
	s.owner = CORDON_NO_DEVICE;
	judge("ingress 9: ... though nobody has used it", &s, CORDON_HOOK_INGRESS, &w, "address-spoof");
	w_macs(&w, 9, 1);
	judge("ingress 9: ... by somebody unknown", &s, CORDON_HOOK_INGRESS, &w, "address-spoof");
}

/* What nft's reject sends: a packet of the box with the addresses of the flow that it ends. */
static void resets(void)
{
	struct g_wire w = w_tcp("10.30.0.2", "10.20.0.11", 554, 40000);
	struct scene s = sides(unmanaged, stacked(20));

	s.ct = flow(CORDON_CT_REPLY, 6, 554, "10.20.0.11", "10.30.0.2");
	judge("local-out 4: the box as another's target", &s, CORDON_HOOK_LOCAL_OUT, &w, "service");
	s.ct = flow(CORDON_CT_RELATED, 6, 554, "10.20.0.11", "10.30.0.2");
	judge("local-out 4: a reset of a flow", &s, CORDON_HOOK_LOCAL_OUT, &w, NULL);
	s.ct = flow(CORDON_CT_RELATED, 6, 555, "10.20.0.11", "10.30.0.2");
	judge("local-out 4: a reset of a flow that nothing allows", &s, CORDON_HOOK_LOCAL_OUT, &w, "service");
	w = w_tcp("10.30.0.2", "10.10.0.3", 554, 40000);
	s.ct = flow(CORDON_CT_RELATED, 6, 554, "10.20.0.11", "10.30.0.2");
	s.out = stacked(1);
	judge("local-out 4: a reset to someone else", &s, CORDON_HOOK_LOCAL_OUT, &w, "related");
}

static void leaving(void)
{
	struct g_wire w = w_tcp("10.20.0.11", "10.30.0.2", 40000, 554);
	struct scene s = scene();

	w_macs(&w, 1, 2);
	egress("egress 5: bridged to a device that is on its listed port", LAN2, &w, NULL);
	s.out = on_port(LAN2, 0);
	s.dev[RECORDER].port = LAN1 + 1;
	judge("egress 5: to a device last seen where its list no longer has it", &s, CORDON_HOOK_EGRESS, &w, NULL);
	may_be_on(RECORDER, 1 << LAN1 | 1 << LAN2);
	judge("egress 5: to a device that is elsewhere", &s, CORDON_HOOK_EGRESS, &w, "egress-port");
	may_be_on(RECORDER, 1 << LAN1);
	s.dev[RECORDER].port = LAN2 + 1;
	judge("egress 5: to a device that may not be there any more", &s, CORDON_HOOK_EGRESS, &w, "egress-port");
	may_be_on(RECORDER, 1 << LAN2);
	s.dev[RECORDER].port = 0;
	s.no_ruleset = true;
	judge("egress 1: no ruleset", &s, CORDON_HOOK_EGRESS, &w, "no-ruleset");
	w_macs(&w, 1, 9);
	egress("egress 5: to a MAC that is nobody", LAN2, &w, "unknown-destination");
	w_macs(&w, 1, 2);
	w_tag(&w, 0x8100, 99);
	egress("egress 1: another VLAN", LAN2, &w, "vlan");
	w.tagged = false;
	egress("egress 3: bridged out of a zone port", OFFICE, &w, "egress-port");
	w_macs(&w, W_OWN, 2);
	w.dport = 555;
	egress("egress 5: routed, without right", LAN2, &w, "service");
	w.dport = 554;
	egress("egress 5: routed", LAN2, &w, NULL);
	w.total_delta = 1;
	egress("egress 2: malformed", LAN2, &w, "malformed");
	w = w_raw(0x88cc);
	w_macs(&w, W_OWN, 0xff);
	egress("egress 1: LLDP of the box", LAN2, &w, NULL);
	w_tag(&w, 0x8100, 99);
	egress("egress 1: ... in a VLAN that the port has not", LAN2, &w, "vlan");
	w.tagged = false;
	w_macs(&w, 1, 0xff);
	egress("egress 2: LLDP of a device", LAN2, &w, "ethertype");
	w = w_raw(0x8892);
	w_macs(&w, 1, 2);
	egress("egress 2: an ethertype that a flow names", LAN2, &w, NULL);
	egress("egress 2: ... at another port", LAN1, &w, "ethertype");
	egress("egress 2: ... at a zone port", OFFICE, &w, "ethertype");
	w_macs(&w, 2, 1);
	egress("egress 2: ... the other way", LAN2, &w, "ethertype");
	w_macs(&w, 2, 0xff);
	egress("egress 2: ... to a group where another zone is", LAN2, &w, "ethertype");
	w = w_arp(1, "10.20.0.11", "10.30.0.2");
	egress("egress 3: ARP to where the target is", LAN2, &w, NULL);
	w = w_arp(1, "10.20.0.11", "10.10.0.3");
	egress("egress 3: ARP to where the target is not", LAN2, &w, "egress-port");
	w = w_mld("fe80::1", 143);
	egress("egress 3: a bridged MLD report", LAN2, &w, "group");
	w = w_mld("fe80::1", 130);
	egress("egress 3: a query of nobody's role", LAN2, &w, "group");
}

/* Step 3: what the recorder says by its roles. */
static void roles(void)
{
	struct g_wire w = w_icmp("fe80::2", "ff02::1", 134);
	struct scene s = scene();

	w.ttl = 255;
	w_macs(&w, 2, 0xff);
	s.out = on_port(LAN2, 0);
	judge("egress 3: router advertisement, where all zones are linked", &s, CORDON_HOOK_EGRESS, &w, NULL);
	s.live.quarantine_ports = 1 << LAN2;
	judge("egress 3: ... and a quarantined device is there", &s, CORDON_HOOK_EGRESS, &w, "group");
	w_tag(&w, 0x8100, 30);
	egress("egress 3: ... in a VLAN where it is nobody", LAN2, &w, "group");
	w = w_mld("fe80::2", 130);
	w_macs(&w, 2, 0xff);
	egress("egress 3: the query of a querier", LAN2, &w, NULL);
	w.type = 131;
	egress("egress 3: the report of a querier", LAN2, &w, "group");
}

static void groups(void)
{
	struct g_wire w = w_udp("10.20.0.30", "239.1.2.3", 1, 6000);
	struct scene s = scene();

	w_macs(&w, 5, 0xff);
	w_tag(&w, 0x8100, 30);
	s.out = on_port(LAN2, 0);
	judge("egress 4: a group where nobody but the sender's zone is", &s, CORDON_HOOK_EGRESS, &w, NULL);
	s.live.quarantine_ports = 1 << LAN2;
	judge("egress 4: ... and a quarantined device is there", &s, CORDON_HOOK_EGRESS, &w, "group");
	w_macs(&w, 1, 0xff);
	w.tagged = false;
	egress("egress 4: a group where another zone is", LAN2, &w, "group");
	w.dport = 5000;
	egress("egress 4: ... that the sender may start this to", LAN2, &w, "group");
	w = w_udp("10.20.0.1", "239.1.2.3", 1, 9000);
	w_macs(&w, W_OWN, 0xff);
	egress("egress 4: the box's group where one zone may not hear it", LAN2, &w, "group");
	w_tag(&w, 0x8100, 30);
	egress("egress 4: ... and where all zones may", LAN2, &w, NULL);
	w.tagged = false;
	w.dst = w_udp("10.10.0.9", "10.20.0.11", 1, 1).dst;
	egress("egress 4: a unicast address in a broadcast", LAN2, &w, "group-unicast");
	w = w_udp("10.20.0.1", "255.255.255.255", 67, 68);
	w_macs(&w, W_OWN, 0xff);
	egress("egress 4: an offer where one zone may ask", LAN2, &w, NULL);
	egress("egress 4: an offer where none may ask", LAN1, &w, "group");
	w = w_udp("0.0.0.0", "255.255.255.255", 68, 67);
	w_macs(&w, W_OWN, 0xff);
	egress("egress 4: the box asks for a lease", WAN0, &w, NULL);
	egress("egress 4: ... but not in the office", OFFICE, &w, "group");
	w = w_tcp("10.20.0.11", "198.51.100.1", 1, 443);
	w_macs(&w, W_OWN, 9);
	egress("egress 6: a private source on a masquerading uplink", WAN0, &w, "masquerade");
	w = w_tcp("203.0.113.1", "198.51.100.1", 1, 443);
	w_macs(&w, W_OWN, 9);
	egress("egress 6: the box's source there", WAN0, &w, NULL);
	egress("egress 7: ... on an uplink that does not", WAN1, &w, "service");
	w = w_udp("203.0.113.1", "198.51.100.1", 1, 53);
	w_macs(&w, W_OWN, 9);
	egress("egress 7: dns", WAN1, &w, NULL);
	w = w_udp("203.0.113.1", "10.30.0.99", 1, 53);
	w_macs(&w, W_OWN, 9);
	egress("egress 7: a zone's address out of an uplink", WAN1, &w, "zone-address");
}

void test_hooks(void)
{
	managed();
	starts_and_replies();
	errors();
	link_local_errors();
	made_of_mac();
	resets();
	leaving();
	roles();
	groups();
}
