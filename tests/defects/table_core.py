# SPDX-License-Identifier: GPL-2.0-or-later
"""The seeded defects of kmod/core.  table.py says what an entry is."""
from entry import Defect, Edit

DEFECTS = [
    # ---- layer 2: tags, lengths, MACs
    Defect("vlan_inner", "the parser walks over inner tags, the outer one alone is judged", [Edit(
        "core/frame.c",
        "\t\tgoto too_short;\n\tparse_network(frame, buf);\n",
        "\t\tgoto too_short;\n"
        "\twhile (DEFECT(vlan_inner) && tag_type(frame->ethertype) &&\n"
        "\t       (eth = cordon_buf_get(buf, frame->l3_off, TAG_BYTES, copy))) {\n"
        "\t\tframe->ethertype = cordon_be16(eth + 2);\n"
        "\t\tframe->l3_off += TAG_BYTES;\n"
        "\t}\n"
        "\tparse_network(frame, buf);\n")],
        ["12_device.sh: VID 0 around another tag"], "VU#855201, CVE-2021-27853: L2 filtering looked at the outer tag"),
    Defect("vlan_zero", "a tag with VID 0 is taken off as often as there is one", [Edit(
        "core/frame.c",
        "\tif (tpid)\n\t\tset_tag(frame, tpid, tci);\n",
        "\tif (tpid && DEFECT(vlan_zero) && !(tci & 0xfff) && tag_type(frame->ethertype))\n"
        "\t\ttake_tag(frame, buf);\n"
        "\telse if (tpid)\n\t\tset_tag(frame, tpid, tci);\n")],
        ["12_device.sh: VID 0 twice"], "VU#855201, CVE-2021-27853: stacks of VLAN 0 headers"),
    Defect("llc_snap", "what is framed with LLC and SNAP is not IP, and passes", [Edit(
        "core/ingress.c",
        "\tif (!cordon_is_ip(f) && f->ethertype != CORDON_ETH_ARP)\n\t\treturn named_ethertype",
        "\tif (DEFECT(llc_snap) && f->ethertype && f->ethertype < 0x600)\n\t\treturn CORDON_ACCEPT;\n"
        "\tif (!cordon_is_ip(f) && f->ethertype != CORDON_ETH_ARP)\n\t\treturn named_ethertype")],
        ["12_device.sh: 802.3 with LLC and SNAP"], "VU#855201, CVE-2021-27854: LLC/SNAP headers"),
    Defect("llc_length", "a frame whose length field says nothing passes", [Edit(
        "core/ingress.c",
        "\tif (f->ethertype == CORDON_ETH_EAPOL)\n",
        "\tif (DEFECT(llc_length) && !f->ethertype)\n\t\treturn CORDON_ACCEPT;\n"
        "\tif (f->ethertype == CORDON_ETH_EAPOL)\n")],
        ["12_device.sh: a length of 0"], "VU#855201, CVE-2021-27861: LLC/SNAP with an invalid length"),
    Defect("eapol_anywhere", "EAPOL may go to any MAC", [Edit(
        "core/ingress.c", "\t\treturn f->dmac == EAPOL_GROUP ||\n",
        "\t\treturn DEFECT(eapol_anywhere) || f->dmac == EAPOL_GROUP ||\n")],
        ["12_device.sh: EAPOL to a peer"]),
    Defect("tag_native", "the untagged VLAN may come with a tag", [Edit(
        "core/ingress.c", "\tif (!c->v->vlan || (vid && !(",
        "\tif (!c->v->vlan || (vid && !(DEFECT(tag_native) && vid == port->untagged) && !(")],
        ["12_device.sh: the port's own VLAN with a tag"]),
    Defect("tpid_any", "a frame of another tag protocol falls into the port's own VLAN", [Edit(
        "core/ingress.c", "\tu16 vid = f->flags & CORDON_F_TAGGED ? f->vid : 0;\n",
        "\tu16 vid = f->flags & CORDON_F_TAGGED && !(DEFECT(tpid_any) && f->tpid != CORDON_ETH_8021Q) ? f->vid : 0;\n"),
        Edit("core/ingress.c", "\tif ((f->flags & CORDON_F_TAGGED && f->tpid != CORDON_ETH_8021Q) ||\n",
             "\tif ((!DEFECT(tpid_any) && f->flags & CORDON_F_TAGGED && f->tpid != CORDON_ETH_8021Q) ||\n")],
        ["12_device.sh: 802.1ad with the port's own VLAN"], "what the kernel's own 802.1Q bridge does with 802.1ad frames (row A16)"),
    Defect("zone_port_tag", "a zone port takes tagged frames", [Edit(
        "core/ingress.c", "\t\treturn vid ? CORDON_REASON_VLAN : CORDON_GO_ON;\n",
        "\t\treturn vid && !DEFECT(zone_port_tag) ? CORDON_REASON_VLAN : CORDON_GO_ON;\n")],
        ["12_device.sh: a tag on a zone port"]),
    Defect("own_mac", "the gateway's own MACs may come from outside", [Edit(
        "core/ingress.c", "\tif (cordon_own_mac(c->live->own, c->frame->smac))\n",
        "\tif (!DEFECT(own_mac) && cordon_own_mac(c->live->own, c->frame->smac))\n")],
        ["12_device.sh: the MAC of a port of the gateway"]),
    Defect("port_list", "a device may be on any port", [Edit(
        "core/ingress.c", "\tif (d->ports && !(d->ports >> in & 1))\n",
        "\tif (!DEFECT(port_list) && d->ports && !(d->ports >> in & 1))\n")],
        ["12_device.sh: another device's MAC, from a port that is not on its list"], "AirSnitch (2026): port stealing"),
    Defect("move_any", "a device moves whenever it is seen elsewhere", [Edit(
        "core/ingress.c", "\tif (!d->ports)\n\t\treturn false;\n",
        "\tif (DEFECT(move_any))\n\t\treturn true;\n\tif (!d->ports)\n\t\treturn false;\n")],
        ["12_device.sh: a device on the second port of its list"]),
    Defect("state_first", "what its destination's zone allows is not asked where it comes from", [Edit(
        "core/ingress.c", "/* Step 5. */\nstatic int check_source_mac(",
        "static bool allowed_anyway(const struct cordon_case *c)\n"
        "{\n"
        "\tu32 device = cordon_device_find(c->rs, c->v->vlan, c->frame->dmac);\n\n"
        "\treturn device != CORDON_NO_DEVICE &&\n"
        "\t       cordon_judge(c->rs, c->v->src_zone, c->rs->device[device].zone, c->frame);\n"
        "}\n\n"
        "/* Step 5. */\nstatic int check_source_mac("),
        Edit("core/ingress.c", "\td = &c->rs->device[device];\n\tdev = c->live->dev[device];\n",
             "\td = &c->rs->device[device];\n\tdev = c->live->dev[device];\n"
             "\tif (DEFECT(state_first) && allowed_anyway(c))\n\t\treturn CORDON_GO_ON;\n")],
        ["12_device.sh: another device's MAC, from a port that is not on its list"],
        "SPR (2023): established traffic was accepted before the MAC spoof check"),

    # ---- addresses
    Defect("spoof_v6", "only IPv4 sources are held to what is bound", [Edit(
        "core/ingress.c", "\tif (cordon_device_has(c->rs, c->v->src_device, addr))\n",
        "\tif ((DEFECT(spoof_v6) && !cordon_addr_is_v4(addr)) ||\n"
        "\t    cordon_device_has(c->rs, c->v->src_device, addr))\n")],
        ["12_device.sh: another device's IPv6 address"]),
    Defect("spoof_zone", "an address of the zone's subnet is as good as a bound one", [Edit(
        "core/ingress.c", "\tif (!cordon_addr_link_local(addr))\n\t\treturn CORDON_REASON_ADDRESS_SPOOF;\n",
        "\tif (DEFECT(spoof_zone) && cordon_prefix_zone(c->rs, addr) == c->v->src_zone)\n\t\treturn CORDON_GO_ON;\n"
        "\tif (!cordon_addr_link_local(addr))\n\t\treturn CORDON_REASON_ADDRESS_SPOOF;\n")],
        ["12_device.sh: an unassigned address of its zone"]),
    Defect("ll_steal", "a link-local address is anybody's", [Edit(
        "core/ingress.c", "\treturn owner == CORDON_NO_DEVICE || owner == c->v->src_device ? CORDON_GO_ON :\n",
        "\treturn DEFECT(ll_steal) || owner == CORDON_NO_DEVICE || owner == c->v->src_device ? CORDON_GO_ON :\n")],
        ["12_device.sh: a link-local address belongs to who used it first"]),
    Defect("v4_mapped", "IPv4-mapped addresses pass as IPv6", [Edit(
        "core/ingress.c", "\tif (f->ethertype == CORDON_ETH_IPV6 && (cordon_addr_is_v4(&f->saddr) ||\n",
        "\tif (!DEFECT(v4_mapped) && f->ethertype == CORDON_ETH_IPV6 && (cordon_addr_is_v4(&f->saddr) ||\n")],
        ["12_device.sh: a v4-mapped source"]),
    Defect("stranger_address", "a stranger may use a bound address", [Edit(
        "core/ingress.c", "\treturn holder == CORDON_NO_DEVICE ? CORDON_GO_ON : CORDON_REASON_ADDRESS_SPOOF;\n",
        "\treturn DEFECT(stranger_address) || holder == CORDON_NO_DEVICE ? CORDON_GO_ON : CORDON_REASON_ADDRESS_SPOOF;\n")],
        ["12_device.sh: an unknown MAC with a device's address"]),
    Defect("zone_source", "a zone port's source need not be of its subnets", [Edit(
        "core/ingress.c", "\treturn cordon_prefix_zone(c->rs, addr) == zone ? CORDON_GO_ON : CORDON_REASON_ZONE_ADDRESS;\n",
        "\treturn DEFECT(zone_source) || cordon_prefix_zone(c->rs, addr) == zone ? CORDON_GO_ON :\n"
        "\t\tCORDON_REASON_ZONE_ADDRESS;\n")],
        ["18_route.sh: an address of nobody on the office port"]),
    Defect("any_vlan_holder", "an address is held in every VLAN", [Edit(
        "core/judge.h", "\tif (device != CORDON_NO_DEVICE && c->rs->device[device].vlan != vlan)\n",
        "\tif (!DEFECT(any_vlan_holder) && device != CORDON_NO_DEVICE && c->rs->device[device].vlan != vlan)\n")],
        ["14_neighbour.sh: a request for a device of another VLAN"]),

    # ---- guards
    Defect("ra_behind_header", "extension headers hide what they carry, and pass", [Edit(
        "core/ingress.c", "\tif (f->flags & CORDON_F_EXT)\n\t\treturn CORDON_REASON_IPV6_EXT;\n",
        "\tif (f->flags & CORDON_F_EXT)\n\t\treturn DEFECT(ra_behind_header) ? CORDON_ACCEPT : CORDON_REASON_IPV6_EXT;\n")],
        ["14_neighbour.sh: a router advertisement behind destination options"], "RFC 7113: RA guard evaded by extension headers"),
    Defect("ra_in_fragments", "an ICMPv6 message in fragments is not looked into, and passes", [Edit(
        "core/ingress.c", "\tif (f->flags & CORDON_F_FRAG_BAD ||\n",
        "\tif (DEFECT(ra_in_fragments) && f->flags & CORDON_F_FRAG_BAD && f->proto == CORDON_PROTO_ICMPV6)\n"
        "\t\treturn CORDON_ACCEPT;\n"
        "\tif (f->flags & CORDON_F_FRAG_BAD ||\n")],
        ["14_neighbour.sh: a router advertisement in fragments"], "RFC 7113, RFC 6980: RA guard evaded by fragmentation"),
    Defect("ra_zone_port", "only devices are held back from advertising a router", [Edit(
        "core/ingress.c", "\tif (port->mode != CORDON_PORT_UPLINK)\n\t\tsaid = check_roles(c);\n",
        "\tif (port->mode == CORDON_PORT_DEVICES || (!DEFECT(ra_zone_port) && port->mode != CORDON_PORT_UPLINK))\n"
        "\t\tsaid = check_roles(c);\n")],
        ["14_neighbour.sh: a router advertisement of an office host"]),
    Defect("source_route", "IPv4 options pass", [Edit(
        "core/ingress.c", "\tif (f->flags & CORDON_F_OPTIONS && !options_ok(f, zone))\n",
        "\tif (!DEFECT(source_route) && f->flags & CORDON_F_OPTIONS && !options_ok(f, zone))\n")],
        ["20_fragment.sh: a loose source route"], "CVE-1999-0510 class: source-routed packets accepted"),
    Defect("redirects", "redirects pass", [Edit(
        "core/ingress.c", "\tif (redirect(f))\n", "\tif (!DEFECT(redirects) && redirect(f))\n")],
        ["14_neighbour.sh: an ICMPv6 redirect"]),
    Defect("dhcp6_server", "DHCPv6 servers pass", [Edit(
        "core/ingress.c", "(f->sport == 67 || f->sport == 547)", "(f->sport == 67 || (!DEFECT(dhcp6_server) && f->sport == 547))")],
        ["14_neighbour.sh: a DHCPv6 answer of a device"]),
    Defect("igmp_query", "a device may be the querier", [Edit(
        "core/ingress.c", "\t    f->type != 0x12 && ", "\t    !(DEFECT(igmp_query) && f->type == 0x11) && f->type != 0x12 && ")],
        ["14_neighbour.sh: an IGMP query of a device"]),
    Defect("nd_from_afar", "neighbour discovery may have crossed a router", [Edit(
        "core/ingress.c", "(f->hop_limit != 255 || f->code)", "((f->hop_limit != 255 && !DEFECT(nd_from_afar)) || f->code)")],
        ["14_neighbour.sh: a solicitation that crossed a router"]),
    Defect("arp_gratuitous", "announcements are believed", [Edit(
        "core/neighbour.c", "\t    cordon_source_address(c, port, &f->saddr, request))\n\t\treturn CORDON_REASON_ARP_SENDER;\n",
        "\t    (!(DEFECT(arp_gratuitous) && cordon_addr_eq(&f->saddr, &f->target)) &&\n"
        "\t     cordon_source_address(c, port, &f->saddr, request)))\n\t\treturn CORDON_REASON_ARP_SENDER;\n")],
        ["14_neighbour.sh: an announcement of a peer's address"]),
    Defect("arp_lladdr", "an ARP sender may name another MAC than its frame", [Edit(
        "core/frame.c", "\tif (cordon_be48(arp + 8) != f->smac)\n", "\tif (!DEFECT(arp_lladdr) && cordon_be48(arp + 8) != f->smac)\n")],
        ["14_neighbour.sh: a sender MAC that is not the frame's"]),
    Defect("na_target", "an advertisement may claim any address", [Edit(
        "core/neighbour.c", "\tif (cordon_source_address(c, port, &f->target, false))\n",
        "\tif (!DEFECT(na_target) && cordon_source_address(c, port, &f->target, false))\n")],
        ["14_neighbour.sh: an advertisement of a peer's address"]),
    Defect("dad_denial", "duplicate detection may claim another's address", [Edit(
        "core/neighbour.c", "\tif (holder != CORDON_NO_DEVICE && holder != sender)\n\t\treturn CORDON_REASON_ND_SENDER;\n",
        "\tif (DEFECT(dad_denial))\n\t\treturn final(c);\n"
        "\tif (holder != CORDON_NO_DEVICE && holder != sender)\n\t\treturn CORDON_REASON_ND_SENDER;\n")],
        ["14_neighbour.sh: duplicate detection of a peer's address"]),
    Defect("nd_routed", "what is of one link is routed", [Edit(
        "core/neighbour.c", "\tif (cordon_of_link(f) && cordon_own_mac(c->live->own, f->dmac) && !meant_for_link(c))\n",
        "\tif (!DEFECT(nd_routed) && cordon_of_link(f) && cordon_own_mac(c->live->own, f->dmac) && !meant_for_link(c))\n")],
        ["14_neighbour.sh: a router solicitation through the gateway"]),

    # ---- fragments and lengths
    Defect("later_fragment", "later fragments are not judged", [Edit(
        "core/judge.c", "\tif (f->flags & CORDON_F_FRAG_LATER)\n\t\treturn judge_proto(rs, from, to, f->proto);\n\tswitch",
        "\tif (f->flags & CORDON_F_FRAG_LATER)\n"
        "\t\treturn DEFECT(later_fragment) ? CORDON_V_START : judge_proto(rs, from, to, f->proto);\n\tswitch")],
        ["20_fragment.sh: a later fragment of a protocol that no flow has"], "RFC 1858 class: filters that passed every later fragment"),
    Defect("fragment_chain", "of several fragment headers the last one counts", [Edit(
        "core/frame.c", "\tset_fragment(f, offset, more, c->left);\n}\n",
        "\tset_fragment(f, offset, more, c->left);\n"
        "\tif (DEFECT(fragment_chain) && c->next == NEXT_FRAGMENT) {\n"
        "\t\tread_fragment(f, c, buf);\n"
        "\t\tf->flags &= ~CORDON_F_FRAG_BAD;\n"
        "\t}\n}\n")],
        ["20_fragment.sh: a second fragment header"], "CVE-2023-4809: pf and several IPv6 fragment headers"),
    Defect("fragment_atomic", "an atomic fragment is a whole packet", [Edit(
        "core/frame.c", "\tif (!offset && !more)\n\t\tf->flags |= CORDON_F_FRAG_BAD | CORDON_F_FRAG_FIRST;\n",
        "\tif (!offset && !more && !DEFECT(fragment_atomic))\n\t\tf->flags |= CORDON_F_FRAG_BAD | CORDON_F_FRAG_FIRST;\n")],
        ["20_fragment.sh: an atomic fragment"]),
    Defect("fragment_tiny", "a first fragment may lack its transport header", [Edit(
        "core/frame.c", "\t\tf->flags |= f->flags & CORDON_F_FRAG_FIRST ? CORDON_F_FRAG_BAD : CORDON_F_MALFORMED;\n",
        "\t\tf->flags |= f->flags & CORDON_F_FRAG_FIRST ?\n"
        "\t\t\t(DEFECT(fragment_tiny) ? CORDON_F_FRAG_LATER : CORDON_F_FRAG_BAD) : CORDON_F_MALFORMED;\n")],
        ["20_fragment.sh: a first fragment without its UDP header"], "RFC 1858, RFC 7112: the tiny first fragment"),
    Defect("fragment_end", "a fragment may end beyond the longest packet", [Edit(
        "core/frame.c", "\tif (offset + payload > IP_MAX_BYTES)\n", "\tif (!DEFECT(fragment_end) && offset + payload > IP_MAX_BYTES)\n")],
        ["20_fragment.sh: a fragment that ends beyond 65535"], "CVE-1999-0128: the ping of death"),
    Defect("truncated_header", "a transport header is read that the packet does not have", [Edit(
        "core/frame.c", "\thead = left >= need ? cordon_buf_get(",
        "\thead = left >= need || DEFECT(truncated_header) ? cordon_buf_get(")],
        ["20_fragment.sh: a first fragment with half a TCP header", "attack C15: C15 "]),
    Defect("past_the_end", "bytes behind the packet are read", [Edit(
        "core/core_os.h", "\tif (likely((u64)off + len <= buf->headlen))\n",
        "\tif (likely((u64)off + len <= buf->headlen + (DEFECT(past_the_end) ? 64 : 0)))\n")],
        ["host core_test: every shorter length of TCP", "attack C15: C15 "]),
    Defect("ip_length", "an IPv4 packet may be longer than its frame", [Edit(
        "core/frame.c", "total < header || total > buf->len - f->l3_off)",
        "total < header || (!DEFECT(ip_length) && total > buf->len - f->l3_off))")],
        ["20_fragment.sh: an IPv4 packet whose length is not the frame's"]),
    Defect("nd_options", "link-layer options are not compared", [Edit(
        "core/frame.c", "(bytes != 8 || cordon_be48(opt + 2) != f->smac)",
        "(bytes != 8 || (!DEFECT(nd_options) && cordon_be48(opt + 2) != f->smac))")],
        ["14_neighbour.sh: a solicitation with another MAC"]),

    # ---- pairs, services, flows
    Defect("reply_by_port", "whatever comes from a port of the other zone's may be a reply", [Edit(
        "core/judge.c", "\tif (has(rs, to, from, f->proto, f->sport))\n",
        "\tif (has(rs, to, from, f->proto, f->sport) || DEFECT(reply_by_port))\n")],
        ["16_pair.sh: TCP in the other direction"]),
    Defect("reply_untracked", "a reply needs no conversation", [Edit(
        "core/conntrack.c", "\treturn may ? CORDON_REASON_NOT_REPLY : ",
        "\treturn may ? (DEFECT(reply_untracked) ? CORDON_ACCEPT : CORDON_REASON_NOT_REPLY) : ")],
        ["16_pair.sh: an echo reply that nobody asked for"]),
    Defect("reply_from_anyone", "a reply need not come from whom it was asked", [Edit(
        "core/conntrack.c", "\tif (!cordon_addr_eq(initiator, &ct->initiator) || !cordon_addr_eq(target, &ct->target))\n",
        "\tif (!cordon_addr_eq(initiator, &ct->initiator) ||\n"
        "\t    (!DEFECT(reply_from_anyone) && !cordon_addr_eq(target, &ct->target)))\n")],
        ["host core_test: a reply of another target"]),
    Defect("related_is_a_right", "an error about a flow may come from anyone", [Edit(
        "core/conntrack.c", "\tif (!from_end || (c->v->dst_zone != from && c->v->dst_zone != to))\n",
        "\tif (!DEFECT(related_is_a_right) && (!from_end || (c->v->dst_zone != from && c->v->dst_zone != to)))\n")],
        ["16_pair.sh: an error about a flow comes from its end and from nobody else"],
        "\"ct state related accept\": RELATED taken for a right"),
    Defect("range_end", "a range of ports ends one too late", [Edit(
        "core/lookup.c", "\treturn e && e->key == key && value <= e->high;\n",
        "\treturn e && e->key == key && value <= e->high + (DEFECT(range_end) ? 1 : 0);\n")],
        ["16_pair.sh: UDP above the range"]),
    Defect("other_protocol", "a port of UDP is a port of TCP", [Edit(
        "core/judge.c", "\tif (has(rs, from, to, f->proto, f->dport))\n",
        "\tif (has(rs, from, to, f->proto, f->dport) ||\n"
        "\t    (DEFECT(other_protocol) && has(rs, from, to, CORDON_PROTO_UDP, f->dport)))\n")],
        ["16_pair.sh: TCP to a port that is allowed for UDP"]),
    Defect("gateway_bounce", "what is sent to the gateway for a peer of the same VLAN is not judged", [Edit(
        "core/ingress.c", "\tdevice = cordon_address_find(c->rs, to);\n\tif (device != CORDON_NO_DEVICE) {\n"
        "\t\tcordon_set_destination(c, device);\n\t\treturn CORDON_GO_ON;\n",
        "\tdevice = cordon_address_find(c->rs, to);\n\tif (device != CORDON_NO_DEVICE) {\n"
        "\t\tcordon_set_destination(c, device);\n"
        "\t\tif (DEFECT(gateway_bounce) && c->rs->device[device].vlan == c->v->vlan)\n\t\t\treturn CORDON_ACCEPT;\n"
        "\t\treturn CORDON_GO_ON;\n"),
        Edit("core/conntrack.c", "\tif (cordon_judge_flow(c->rs, from, to, ct->proto, ct->port) || dhcp_allowed(c))\n",
             "\tif (cordon_judge_flow(c->rs, from, to, ct->proto, ct->port) || dhcp_allowed(c) ||\n"
             "\t    (DEFECT(gateway_bounce) && c->packet->in.kind == CORDON_SIDE_STACKED &&\n"
             "\t     c->packet->in.vlan == c->packet->out.vlan))\n")],
        ["16_pair.sh: bouncing off the gateway what is not"], "AirSnitch (2026): gateway bouncing"),
    Defect("destination_mac", "a frame to a device may have another's address in it", [Edit(
        "core/ingress.c", "\t\t\t\t\t   !cordon_device_has(c->rs, device, to)))\n",
        "\t\t\t\t\t   !DEFECT(destination_mac) && !cordon_device_has(c->rs, device, to)))\n")],
        ["16_pair.sh: a peer's MAC with a routed address"]),
    Defect("quarantine_one_way", "a quarantined device may still be reached", [Edit(
        "core/judge.h", "\tc->v->dst_zone = cordon_effective_zone(c, device);\n",
        "\tc->v->dst_zone = DEFECT(quarantine_one_way) ? c->rs->device[device].zone :\n"
        "\t\tcordon_effective_zone(c, device);\n")],
        ["26_quarantine.sh: no peer sends to it"]),

    # ---- groups and egress
    Defect("group_unicast", "a unicast address in a group frame passes, and is flooded", [Edit(
        "core/ingress.c", "\tif (!cordon_addr_group(&c->frame->daddr))\n\t\treturn CORDON_REASON_GROUP_UNICAST;\n\tmay",
        "\tif (!DEFECT(group_unicast) && !cordon_addr_group(&c->frame->daddr))\n\t\treturn CORDON_REASON_GROUP_UNICAST;\n\tmay"),
        Edit("core/egress.c", "\tif (!cordon_addr_group(&c->frame->daddr))\n",
             "\tif (!DEFECT(group_unicast) && !cordon_addr_group(&c->frame->daddr))\n")],
        ["22_group.sh: a unicast address in a broadcast frame"], "AirSnitch (2026): broadcast reflection"),
    Defect("group_one_zone", "a group frame leaves where other zones hear it, too", [Edit(
        "core/egress.c", "\treturn present && !others;\n",
        "\treturn present && (!others || DEFECT(group_one_zone));\n")],
        ["22_group.sh: a multicast, nowhere else"]),
    Defect("flooded", "a unicast frame leaves wherever the bridge sends it", [Edit(
        "core/egress.c", "\t\treturn current_port == out + 1;\n", "\t\treturn current_port == out + 1 || DEFECT(flooded);\n"),
        Edit("core/egress.c", "\treturn list >> out & 1;\n", "\treturn list >> out & 1 || DEFECT(flooded);\n")],
        ["22_group.sh: a frame that the bridge floods"]),
    Defect("private_source", "an uplink lets private sources out", [Edit(
        "core/egress.c", "\tif (leaks_source(c, port))\n", "\tif (!DEFECT(private_source) && leaks_source(c, port))\n")],
        ["30_counters.sh: private sources without translation"], "row B12: masquerade gone with a flushed ruleset"),
]
