#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plant one fault after the other in a copy of the core and see the differential test find each.

usage: faults.py [PATTERN]   (from the repository's root, after `make tests`; only faults whose name contains PATTERN)

Each fault is one exact text of one file of kmod/core and what stands there instead. A text that does not occur exactly once is a
failure of this test: the table then has to follow the code. The sources in the tree are never touched, and the core without the
fault must agree on the very cases that found it.
"""
import concurrent.futures, os, pathlib, re, subprocess, sys

CASES = 400000
CORE = pathlib.Path("kmod/core")
WORK = pathlib.Path("build/faults")
FLAGS = ["-std=gnu11", "-O2", "-w", "-fPIE", "-I.", "-Ikmod/uapi", "-Ikmod/core"]

FAULTS = [
    # name, file, what stands there, what stands there instead
    ("an aged device moves a second late", "ingress.c", "seen_s) >= CORDON_AGE_SECONDS", "seen_s) > CORDON_AGE_SECONDS"),
    ("a device without list may move", "ingress.c", "\tif (!d->ports)\n\t\treturn false;\n", ""),
    ("the port list is not looked at", "ingress.c", "if (d->ports && !(d->ports >> in & 1))", "if (0)"),
    ("own MACs may come from outside", "ingress.c", "if (cordon_own_mac(c->live->own, c->frame->smac))", "if (0)"),
    ("the box is spoken to by any of its addresses", "ingress.c", "if (!cordon_here(c, to))", "if (0)"),
    ("the box is asked for on any link", "neighbour.c", "return cordon_here(c, &c->frame->target) ? towards_gateway(c) :", "return 1 ? towards_gateway(c) :"),
    ("a second tag passes", "judge.h", "ethertype == CORDON_ETH_8021AD ||\n\t       ethertype == 0x9100", "0"),
    ("a zone port takes tagged frames", "ingress.c", "return vid ? CORDON_REASON_VLAN : CORDON_GO_ON;", "return CORDON_GO_ON;"),
    ("127.0.0.0/8 is no martian source", "ingress.c", "(v4 && v4 >> 24 == 0) || v4 >> 24 == 127 ||", "(v4 && v4 >> 24 == 0) ||"),
    ("IPv4-mapped addresses are no martians", "ingress.c", "if (f->ethertype == CORDON_ETH_IPV6 && (cordon_addr_is_v4(&f->saddr) ||",
     "if (0 && (cordon_addr_is_v4(&f->saddr) ||"),
    ("a role holds in quarantine", "judge.h", " &&\n\t       c->v->src_zone != CORDON_ZONE_QUARANTINE", ""),
    ("any role will do", "judge.h", "c->rs->device[c->v->src_device].roles & roles", "c->rs->device[c->v->src_device].roles"),
    ("a querier may say all of IGMP", "judge.h", "return f->proto == CORDON_PROTO_IGMP && f->type == 0x11;", "return f->proto == CORDON_PROTO_IGMP;"),
    ("an advertisement goes where one zone is linked", "egress.c", "if (!all_linked(c, word, zones))", "if (zones && !all_linked(c, word, zones & -zones))"),
    ("reports go where queries go", "egress.c", "(cordon_is_query(c->frame) && cordon_sender_is", "(cordon_is_membership(c->frame) && cordon_sender_is"),
    ("`all` has every ethertype", "lookup.c", " && kind != CORDON_ENTRY_ETHER", ""),
    ("an ethertype to a group of any zone", "egress.c", " &&\n\t\t      only_own_zone(c)", ""),
    ("an ethertype needs no port of its own at egress", "egress.c", "if (device == CORDON_NO_DEVICE || !on_port(c, device))\n\t\treturn CORDON_REASON_ETHERTYPE;", "if (device == CORDON_NO_DEVICE)\n\t\treturn CORDON_REASON_ETHERTYPE;"),
    ("link-local groups are groups", "judge.h", "return mac >> 4 == 0x0180c200000ULL;", "return false;"),
    ("an ethertype is no way to move a MAC", "ingress.c", "\tif (!said || accepted)\n\t\tsaid = check_source_mac(c, port);\n", "\tif (!said || (accepted && c->frame->ethertype == CORDON_ETH_EAPOL))\n\t\tsaid = check_source_mac(c, port);\n\telse if (accepted)\n\t\tsaid = 0;\n"),
    ("the bridge forwards every ethertype of two devices", "conntrack.c", "may = device != CORDON_NO_DEVICE &&\n\t\t      cordon_judge_ether(c->rs, c->v->src_zone, c->v->dst_zone, f);", "may = device != CORDON_NO_DEVICE;"),
    ("one option that a zone may use is enough", "ingress.c", "f->options && !(f->options & ~(zone->flags & CORDON_ZONE_F_OPTIONS))", "f->options & zone->flags & CORDON_ZONE_F_OPTIONS"),
    ("padding is an option", "ingress.c", "return f->options && !(", "return !("),
    ("an option may end behind the header", "frame.c", "bytes > known[i][2] || bytes > left", "bytes > known[i][2]"),
    ("behind the end of the list may stand anything", "frame.c", "\t\tif (opt[at])\n\t\t\tgoto other;\n", ";"),
    ("a zone's fragments are not refused", "ingress.c", "zone->flags & CORDON_ZONE_F_NO_FRAGMENTS))", "0))"),
    ("later fragments of a zone are not refused", "ingress.c", "f->flags & (CORDON_F_FRAG_FIRST | CORDON_F_FRAG_LATER) &&", "f->flags & CORDON_F_FRAG_FIRST &&"),
    ("redirects pass", "ingress.c", "if (redirect(f))", "if (0)"),
    ("DHCPv6 servers pass", "ingress.c", "(f->sport == 67 || f->sport == 547)", "f->sport == 67"),
    ("ND from afar passes", "ingress.c", "(f->hop_limit != 255 || f->code)", "f->code"),
    ("a stolen link-local address passes", "ingress.c", "return owner == CORDON_NO_DEVICE || owner == c->v->src_device ? CORDON_GO_ON :",
     "return 1 ? CORDON_GO_ON :"),
    ("no port is learned", "ingress.c", "c->v->flags |= CORDON_V_LEARN_PORT;", "(void)0;"),
    ("a port is learned again with every frame", "ingress.c", "\tif (current_port == in + 1)\n\t\treturn CORDON_GO_ON;\n", ""),
    ("no link-local address is learned", "ingress.c", "c->v->flags |= CORDON_V_LEARN_LL;", "(void)0;"),
    ("a stranger is not told of", "ingress.c", "c->v->flags |= CORDON_V_UNKNOWN;", "(void)0;"),
    ("a drop teaches", "decide.c", "v->flags &= CORDON_V_UNKNOWN;", "(void)0;"),
    ("a stranger may use a bound address", "ingress.c", "return holder == CORDON_NO_DEVICE ? CORDON_GO_ON : CORDON_REASON_ADDRESS_SPOOF;",
     "return CORDON_GO_ON;"),
    ("a zone port's source may be bound", "ingress.c",
     "\tif (cordon_own_addr(c->live->own, addr) ||\n\t    cordon_address_find(c->rs, addr) != CORDON_NO_DEVICE)\n\t\treturn CORDON_REASON_ZONE_ADDRESS;\n\tif (cordon_addr_link_local(addr))",
     "\tif (cordon_own_addr(c->live->own, addr))\n\t\treturn CORDON_REASON_ZONE_ADDRESS;\n\tif (cordon_addr_link_local(addr))"),
    ("DHCP from 0.0.0.0 may go anywhere", "ingress.c", "cordon_is_dhcp_client(f) &&\n\t\t\t(u32)f->daddr.lo == 0xffffffff", "cordon_is_dhcp_client(f)"),
    ("a unicast to a group MAC passes", "ingress.c",
     "\tif (!cordon_addr_group(&c->frame->daddr))\n\t\treturn CORDON_REASON_GROUP_UNICAST;\n\tmay", "\tmay"),
    ("a masquerading uplink is judged at ingress", "ingress.c", "if (!cordon_port_masquerades(port, c->frame))\n\t\t\treturn CORDON_GO_ON;",
     "return CORDON_GO_ON;"),
    ("the last fragment forgets to say so", "frame.c", "set_fragment(f, (frag & 0x1fff) * 8, frag & 0x2000, total - header);",
     "set_fragment(f, (frag & 0x0fff) * 8, frag & 0x2000, total - header);"),
    ("a fragment may end beyond 65535", "frame.c", "if (offset + payload > IP_MAX_BYTES)", "if (offset + payload > IP_MAX_BYTES + 1)"),
    ("the total length is not held to the frame", "frame.c", "total < header || total > buf->len - f->l3_off", "total < header"),
    ("TCP may be cut at 19 bytes", "frame.c", "case CORDON_PROTO_TCP:\n\t\treturn 20;", "case CORDON_PROTO_TCP:\n\t\treturn 19;"),
    ("any router alert will do", "frame.c", "!hop || memcmp(hop, exact, sizeof(exact))", "!hop || memcmp(hop, exact, sizeof(exact) - 2)"),
    ("a further extension header passes", "frame.c", "\tcase NEXT_SHIM6:\n", ""),
    ("link-layer options are not compared", "frame.c", "(bytes != 8 || cordon_be48(opt + 2) != f->smac)", "(bytes != 8)"),
    ("an ARP sender may lie", "frame.c", "if (cordon_be48(arp + 8) != f->smac)", "if (0)"),
    ("DAD for another's address passes", "neighbour.c", "if (holder != CORDON_NO_DEVICE && holder != sender)", "if (0)"),
    ("an NA may claim any target", "neighbour.c", "if (cordon_source_address(c, port, &f->target, false))", "if (0)"),
    ("ARP reaches unlinked zones", "neighbour.c",
     "return cordon_pair(c->rs, c->v->src_zone, c->v->dst_zone)->linked ? final(c) :", "return 1 ? final(c) :"),
    ("quarantine is not looked at", "judge.h", "return c->live->dev[device]->quarantined ? CORDON_ZONE_QUARANTINE :\n\t\tc->rs->device[device].zone;",
     "return c->rs->device[device].zone;"),
    ("an address holds in any VLAN", "judge.h", "if (device != CORDON_NO_DEVICE && c->rs->device[device].vlan != vlan)", "if (0)"),
    ("a reply is judged by its destination port", "judge.c", "if (has(rs, to, from, f->proto, f->sport))", "if (has(rs, to, from, f->proto, f->dport))"),
    ("timestamp replies need no right", "judge.c", "{ CORDON_PROTO_ICMP, 13, 14 }", "{ CORDON_PROTO_ICMP, 8, 14 }"),
    ("a later fragment always passes", "judge.c", "return judge_proto(rs, from, to, f->proto);\n\tswitch", "return CORDON_V_START;\n\tswitch"),
    ("the DHCP offer follows the wrong set", "judge.c", "(cordon_is_dhcp_server(f) && cordon_pair_has(rs, to, from,",
     "(cordon_is_dhcp_server(f) && cordon_pair_has(rs, from, to,"),
    ("no conntrack is as good as a reply", "conntrack.c", "return may ? CORDON_REASON_NOT_REPLY :", "return may ? CORDON_ACCEPT :"),
    ("a reply need not come from the target", "conntrack.c", "if (!cordon_addr_eq(initiator, &ct->initiator) || !cordon_addr_eq(target, &ct->target))",
     "if (!cordon_addr_eq(initiator, &ct->initiator))"),
    ("established flows outlive their right", "conntrack.c",
     "if (cordon_judge_flow(c->rs, from, to, ct->proto, ct->port) || dhcp_allowed(c))", "if (reply || cordon_judge_flow(c->rs, from, to, ct->proto, ct->port) || dhcp_allowed(c))"),
    ("an error may come from anyone", "conntrack.c", "if (!from_end || (c->v->dst_zone", "if ((c->v->dst_zone"),
    ("a link-local end is of the uplink", "conntrack.c", "\tif (link_local)\n\t\treturn CORDON_ZONE_UNKNOWN;\n", ""),
    ("a link-local end is looked for on the other side", "conntrack.c", "hook == CORDON_HOOK_LOCAL_OUT ? &c->packet->out :", "hook != CORDON_HOOK_LOCAL_OUT ? &c->packet->out :"),
    ("what is of the link is routed", "conntrack.c", "hook == CORDON_HOOK_FORWARD ? CORDON_REASON_GROUP : CORDON_ACCEPT", "CORDON_ACCEPT"),
    ("what is of the link may be meant for elsewhere", "neighbour.c", "cordon_own_mac(c->live->own, f->dmac) && !meant_for_link(c)", "0"),
    ("routed membership leaves", "egress.c", "cordon_of_link(f) && speaks_for_box(c)", "cordon_of_link(f)"),
    ("whoever comes first has the address of another's MAC", "judge.h", "if (addr->hi == 0xfe80ULL << 48 && (id >> 24 & 0xffff) == 0xfffe)", "if (0)"),
    ("an address of a MAC need not be of fe80::/64", "judge.h", "addr->hi == 0xfe80ULL << 48 && ", ""),
    ("managed to unmanaged passes", "conntrack.c", "\tif (in != out)\n\t\treturn CORDON_REASON_UNMANAGED;\n", "\tif (in != out)\n\t\treturn CORDON_ACCEPT;\n"),
    ("a group frame crosses zones", "judge.c", "(from == to || from == CORDON_ZONE_GATEWAY) &&\n\t       cordon_judge", "cordon_judge"),
    ("a zone's groups are not looked at", "judge.c", " &&\n\t       cordon_zone_may_group(rs, from, &f->daddr)", ""),
    ("an empty list of groups is none", "lookup.c", "return !(z->flags & CORDON_ZONE_F_GROUPS) ||", "return !z->group_count ||"),
    ("only the first zone present is asked", "egress.c", "if (!cordon_judge_group(c->rs, c->v->src_zone, zone, c->frame))\n\t\t\treturn false;\n", "return cordon_judge_group(c->rs, c->v->src_zone, zone, c->frame);\n"),
    ("an offer is for all", "egress.c", "!(all || (offers && asking))", "!(all && (!offers || asking))"),
    ("the box hears every group", "conntrack.c", "cordon_addr_group(&f->daddr))\n\t\treturn check_group", "hook != CORDON_HOOK_LOCAL_IN && cordon_addr_group(&f->daddr))\n\t\treturn check_group"),
    ("a group frame to a zone port needs no right", "egress.c", "if (cordon_judge_group(c->rs, c->v->src_zone, port->zone, c->frame) ||", "if (c->v->src_zone == CORDON_ZONE_GATEWAY ||"),
    ("a quarantined device's port is no obstacle to a group frame", "egress.c", "zones |= BIT_ULL(CORDON_ZONE_QUARANTINE);", ";"),
    ("a lease is offered to whom the gateway asks", "decode_pair.c", "rs->zone[to].serves[from >> 6] |= BIT_ULL(from & 63);", "rs->zone[from].serves[to >> 6] |= BIT_ULL(to & 63);"),
    ("the device's current port is not looked at", "egress.c", "return current_port == out + 1;", "return true;"),
    ("a port that the policy took away still counts at egress", "egress.c", "(!list || list >> (current_port - 1) & 1)", "1"),
    ("EAPOL may come from any MAC", "ingress.c", "\tif (!said || accepted)\n\t\tsaid = check_source_mac(c, port);\n", "\tif (!said)\n\t\tsaid = check_source_mac(c, port);\n\telse if (accepted)\n\t\tsaid = 0;\n"),
    ("the box's BPDUs need an untagged VLAN", "egress.c", "\tif (own && link_control(c->frame))\n\t\treturn accept(c, CORDON_V_FINAL);\n", ""),
    ("a tagged frame of the box is link control", "egress.c", "CORDON_F_TAGGED | CORDON_F_SHORT", "CORDON_F_SHORT"),
    ("the box's errors need a linked pair", "egress.c", "\tif (!may && tells_of_flow(c))\n\t\tmay = CORDON_V_REPLY;\n", ""),
    ("quarantine hears the box's errors", "egress.c", " && c->v->dst_zone != CORDON_ZONE_QUARANTINE", ""),
    ("all of the box's ICMP is an error", "egress.c", "cordon_is_icmp_error(c->frame);", "(c->frame->proto == 1 || c->frame->proto == 58);"),
    ("an uplink leaks private sources", "egress.c", "\tif (leaks_source(c, port))\n\t\treturn CORDON_REASON_MASQUERADE;\n", ""),
    ("bridged frames leave a zone port", "egress.c", "\tif (port->mode != CORDON_PORT_DEVICES)\n\t\treturn CORDON_REASON_EGRESS_PORT;\n", ""),
    ("a range ends one too late", "lookup.c", "return e && e->key == key && value <= e->high;", "return e && e->key == key && value <= e->high + 1;"),
    ("a prefix ends one too early", "lookup.c", "else if (cordon_addr_cmp(addr, &prefix[mid].last) > 0)", "else if (cordon_addr_cmp(addr, &prefix[mid].last) >= 0)"),
]


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def plant(number, fault):
    """Build and run one faulty core. Return: (found, what to say)."""
    name, file, old, new = fault
    text = (CORE / file).read_text()
    if text.count(old) != 1:
        return False, f"{file} has the text {old!r} {text.count(old)} times: the table must follow the code"
    work = WORK / str(number)
    work.mkdir(parents=True, exist_ok=True)
    for source in CORE.iterdir():
        if source.suffix in (".c", ".h"):
            (work / source.name).write_text(source.read_text())
    (work / file).write_text(text.replace(old, new))
    # A header reaches every file; a source only itself. The copies include each other, the rest of the tree's headers.
    sources = sorted(work.glob("*.c")) if file.endswith(".h") else [work / file]
    objects = []
    for source in sources:
        out = source.with_suffix(".o")
        built = run(os.environ.get("CC", "cc"), *FLAGS, "-c", "-o", str(out), str(source))
        if built.returncode:
            return False, f"the fault does not compile: {built.stdout[:400]}"
        objects.append(str(out))
    others = [str(o) for o in sorted(pathlib.Path("build/core").glob("*.o")) if o.name not in {s.with_suffix(".o").name for s in sources}]
    driver = [str(o) for o in sorted(pathlib.Path("build/tests/oracle").glob("*.o"))]
    program = str(work / "differential")
    linked = run(os.environ.get("CC", "cc"), "-o", program, *driver, *objects, *others, "build/libcordon-policy.a", "-lfyaml")
    if linked.returncode:
        return False, f"the fault does not link: {linked.stdout[:400]}"
    seed = str(number + 1)
    said = run("./" + program, "--quiet", "--seed", seed, "--cases", str(CASES))
    cases = re.search(r"^# (\d+) cases in", said.stdout, re.M)
    if said.returncode != 1 or not cases:
        return False, f"exit {said.returncode}, not found in {CASES} cases of seed {seed}"
    sound = run("build/tests/differential", "--quiet", "--seed", seed, "--cases", cases.group(1))
    if sound.returncode:
        return False, f"the core without the fault differs too, within {cases.group(1)} cases of seed {seed}"
    return True, f"after {cases.group(1)} cases of seed {seed}"


def main():
    wanted = [(i, f) for i, f in enumerate(FAULTS) if len(sys.argv) < 2 or sys.argv[1] in f[0]]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for (number, fault), (found, what) in zip(wanted, pool.map(lambda w: plant(*w), wanted)):
            print(f"{'' if found else 'not '}ok {number + 1} - planted fault is found: {fault[0]} ({what})", flush=True)
            failed += not found
    print(f"1..{len(FAULTS)}" if len(sys.argv) < 2 else "")
    sys.exit(1 if failed else 0)


main()
