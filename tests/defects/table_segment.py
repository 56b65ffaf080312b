# SPDX-License-Identifier: GPL-2.0-or-later
"""The seeded defects of kmod/segment.  table.py says what an entry is."""
from entry import Defect, Edit

DEFECTS = [
    # ---- what a packet is judged by
    Defect("established_first", "an established conversation is accepted before it is judged", [Edit(
        "segment/hook.c",
        "static unsigned int judge_tracked(struct judgement *j, struct sk_buff *skb, enum cordon_hook hook)\n{\n",
        "static unsigned int judge_tracked(struct judgement *j, struct sk_buff *skb, enum cordon_hook hook)\n{\n"
        "\tenum ip_conntrack_info info;\n\n"
        "\tif (DEFECT(established_first) && nf_ct_get(skb, &info) &&\n"
        "\t    (info == IP_CT_ESTABLISHED || info == IP_CT_ESTABLISHED_REPLY))\n"
        "\t\treturn NF_ACCEPT;\n")],
        ["24_swap.sh: a connection whose packets could be replies"], "\"ct state established accept\" as the first rule (row C1)"),
    Defect("expected_is_a_right", "what a conntrack helper expects is accepted", [Edit(
        "segment/hook.c", "\tcordon_ct_view(skb, &j->frame, &j->packet.ct);\n",
        "\tif (DEFECT(expected_is_a_right)) {\n"
        "\t\tenum ip_conntrack_info info;\n"
        "\t\tconst struct nf_conn *ct = nf_ct_get(skb, &info);\n\n"
        "\t\tif (ct && ct->master)\n\t\t\treturn NF_ACCEPT;\n\t}\n"
        "\tcordon_ct_view(skb, &j->frame, &j->packet.ct);\n")],
        ["stock 37_helper.sh: a connection that a helper expects"], "NAT slipstreaming (2020), row C7: RELATED trusted"),
    Defect("mark_trusted", "a packet that carries the mark has been judged", [Edit(
        "segment/hook.c", "\tdecide(j, hook);\n",
        "\tif (DEFECT(mark_trusted) && skb->mark & CORDON_MARK_VALID)\n\t\treturn NF_ACCEPT;\n"
        "\tdecide(j, hook);\n")],
        ["36_paths.sh: a mark that somebody else set"], "row C8: marks set by others"),
    Defect("verdict_mixed_up", "a drop is told with an error that means go on", [Edit(
        "segment/hook.c", "\tcordon_event_packet(j->cn, CORDON_EVENT_DROP, hook, &j->packet, &j->v, j->dev);\n\treturn NF_DROP;\n",
        "\tcordon_event_packet(j->cn, CORDON_EVENT_DROP, hook, &j->packet, &j->v, j->dev);\n"
        "\treturn DEFECT(verdict_mixed_up) && hook == CORDON_HOOK_FORWARD ? 0xffff0000 : NF_DROP;\n")],
        ["16_pair.sh: !KASAN: |BUG: |Kernel panic"], "CVE-2024-1086: a drop verdict mistaken for accept, double free"),
    Defect("bridged_twice", "a bridged frame is judged again in the forward hook", [Edit(
        "segment/hook.c", "\treturn nf_bridge_info_exists(skb) && skb->dev != state->in;\n",
        "\treturn !DEFECT(bridged_twice) && nf_bridge_info_exists(skb) && skb->dev != state->in;\n")],
        ["36_paths.sh: bridged frames are judged once", "attack C18: C18 "], "row C18: br_netfilter"),
    Defect("unmanaged_member", "an unmanaged port of a managed bridge reaches the box", [Edit(
        "segment/hook.c", "\tcordon_count(cn->counters, hook, v.reason);\n\treturn v.accept ? NF_ACCEPT : NF_DROP;\n",
        "\tcordon_count(cn->counters, hook, v.reason);\n"
        "\treturn v.accept || DEFECT(unmanaged_member) ? NF_ACCEPT : NF_DROP;\n")],
        ["36_paths.sh: nor the gateway, whatever address it claims"]),
    Defect("l3_port_open", "a port without Ethernet is not judged", [Edit(
        "segment/hook.c", "\tif (has_ethernet(state->in))\n\t\tparse_frame(&j.frame, skb, true);\n",
        "\tif (DEFECT(l3_port_open) && !has_ethernet(state->in))\n\t\treturn NF_ACCEPT;\n"
        "\tif (has_ethernet(state->in))\n\t\tparse_frame(&j.frame, skb, true);\n")],
        ["36_paths.sh: another zone's address is none of its own"]),
    Defect("bind_forgotten", "no port is learned", [Edit(
        "segment/hook.c", "\tif (likely(!(j->v.flags & CORDON_V_LEARN_PORT)))\n",
        "\tif (likely(!(j->v.flags & CORDON_V_LEARN_PORT)) || DEFECT(bind_forgotten))\n")],
        ["12_device.sh: a device on the second port of its list"]),
    Defect("tag_ignored", "a tag that the stack took out is forgotten", [Edit(
        "segment/hook.c", "\tif (skb_vlan_tag_present(skb)) {\n\t\ttpid",
        "\tif (skb_vlan_tag_present(skb) && !DEFECT(tag_ignored)) {\n\t\ttpid")],
        ["12_device.sh: 802.1ad with VID 0"]),
    # ---- limits, budgets and the watchdog
    Defect("limit_ignored", "a limit is reached and nothing happens", [Edit(
        "segment/meter.c", "\tif (!who->limit->cost[q].factor ||\n\t    cordon_limit_take(",
        "\tif (DEFECT(limit_ignored) || !who->limit->cost[q].factor ||\n\t    cordon_limit_take(")],
        ["34_limits.sh: who floods with 4 times"]),
    Defect("limit_uncounted", "what a limit drops is not the device's", [Edit(
        "segment/meter.c", "\tatomic64_inc(&who->meter->drops[q]);\n",
        "\tif (!DEFECT(limit_uncounted))\n\t\tatomic64_inc(&who->meter->drops[q]);\n")],
        ["34_limits.sh: who floods with 4 times"]),
    Defect("limit_fresh", "a commit gives everybody a fresh burst", [Edit(
        "segment/meter.c", "\t*slot = old ?: kmem_cache_zalloc(",
        "\t*slot = (DEFECT(limit_fresh) ? NULL : old) ?: kmem_cache_zalloc(")],
        ["34_limits.sh: 5 commits that keep the limit", "34_limits.sh: what a limit dropped is remembered"]),
    Defect("limit_down_ignored", "what a device gets is not limited", [Edit(
        "segment/meter.c", "\tif (!find(snap, v->dst_device, out, &who) ||\n",
        "\tif (DEFECT(limit_down_ignored) || !find(snap, v->dst_device, out, &who) ||\n")],
        ["34_limits.sh: and to those it may get"]),
    Defect("limit_port_ignored", "a routed segment has no limit", [Edit(
        "segment/meter.c", "\t} else if (side->kind == CORDON_SIDE_PORT) {\n\t\tlimit",
        "\t} else if (side->kind == CORDON_SIDE_PORT && !DEFECT(limit_port_ignored)) {\n\t\tlimit")],
        ["34_limits.sh: a routed segment is held as a whole"]),
    Defect("strangers_unlimited", "unknown sources have no budget", [Edit(
        "segment/meter.c", "\tif (unlikely(v->flags & CORDON_V_UNKNOWN))\n",
        "\tif (DEFECT(strangers_unlimited) && v->flags & CORDON_V_UNKNOWN)\n\t\treturn 0;\n"
        "\tif (unlikely(v->flags & CORDON_V_UNKNOWN))\n")],
        ["34_limits.sh: unknown sources share"]),
    Defect("charged_for_nothing", "a frame that is dropped at its second limit is paid for at the first", [Edit(
        "segment/meter.c", "\tif (who->limit->cost[q].factor)\n\t\tcordon_limit_give_back(",
        "\tif (who->limit->cost[q].factor && !DEFECT(charged_for_nothing))\n\t\tcordon_limit_give_back(")],
        ["34_limits.sh: a device is held to the bits"]),
    Defect("budget_endless", "no budget is ever used up", [Edit(
        "segment/budget.c", "\t\tif (ahead + n * one > all)\n",
        "\t\tif (ahead + n * one > all && !DEFECT(budget_endless))\n")],
        ["attack A17: A17 ", "attack B13: B13 ", "attack B8: B8 "], "rows A17, B8 and B13: a table that one device fills"),
    Defect("groups_uncounted", "a report is one group, however many it says it has", [Edit(
        "segment/hook.c", "max_t(u32, j->frame.groups, 1)", "max_t(u32, DEFECT(groups_uncounted) ? 1 : j->frame.groups, 1)")],
        ["attack B13: B13 "], "row B13: a bridge's table of groups that one device fills"),
    Defect("gate_once", "a stranger that was seen is let in", [Edit(
        "segment/unknown.c", "(new || !u->packets)", "(new || (!u->packets && !DEFECT(gate_once)))")],
        ["34_limits.sh: only so many are let in at once"]),
    Defect("neighbours_charged", "what finds a device is charged to it", [Edit(
        "segment/hook.c", "!cordon_mac_group(j->frame.dmac) && !finds;", "!cordon_mac_group(j->frame.dmac) && (DEFECT(neighbours_charged) || !finds);")],
        ["34_limits.sh: still found by its neighbours"]),
    Defect("watch_blind", "the watchdog looks at nothing", [Edit(
        "segment/watch.c", "\tif (cordon_events_heard(cn)) {\n",
        "\tif (cordon_events_heard(cn) && !DEFECT(watch_blind)) {\n")],
        ["attack C13: C13 ", "attack C9: C9 "], "row C13: what takes frames out of sight tells nobody"),
    Defect("ports_left_open", "a module that goes by force leaves its ports up", [Edit(
        "segment/port.c", "snap->tap[i]->dev->flags & IFF_UP)\n",
        "snap->tap[i]->dev->flags & IFF_UP && !DEFECT(ports_left_open))\n")],
        ["stock 33_forced_unload.sh: its ports are down then"], "row C9: rmmod -f"),
    # ---- where the hooks are
    Defect("egress_open", "the last guard lets everything out", [Edit(
        "segment/hook.c", "\tdecide(&j, CORDON_HOOK_EGRESS);\n",
        "\tdecide(&j, CORDON_HOOK_EGRESS);\n\tif (DEFECT(egress_open))\n\t\treturn NF_ACCEPT;\n")],
        ["22_group.sh: a multicast, nowhere else"]),
    Defect("ipv6_unhooked", "the forward hook sees IPv4 only", [Edit(
        "segment/hook.c", "\terr = nf_register_net_hooks(cn->net, cn->stack_hooks, CORDON_STACK_HOOKS);\n",
        "\tif (DEFECT(ipv6_unhooked))\n\t\tcn->stack_hooks[0].pf = NFPROTO_IPV4;\n"
        "\terr = nf_register_net_hooks(cn->net, cn->stack_hooks, CORDON_STACK_HOOKS);\n")],
        ["16_pair.sh: the same by IPv6 and UDP"]),
    Defect("behind_flowtable", "a flowtable comes before the ingress hook", [Edit(
        "segment/hook.c", "\t\tops[i].priority = i ? INT_MAX : INT_MIN;\n",
        "\t\tops[i].priority = i ? INT_MAX : DEFECT(behind_flowtable) ? 100 : INT_MIN;\n")],
        ["39_offload.sh: an offloaded conversation"], "row C2: the flowtable skips the forward hook"),
    Defect("before_rewrite", "the egress hook comes before those that rewrite", [Edit(
        "segment/hook.c", "\t\tops[i].dev = dev;\n\t\tops[i].priv = cn;\n",
        "\t\tops[i].dev = dev;\n\t\tops[i].priv = cn;\n"
        "\t\tif (i && DEFECT(before_rewrite))\n\t\t\tops[i].priority = INT_MIN;\n")],
        ["36_paths.sh: what a chain makes of a frame at egress is judged"]),
    Defect("unload_while_armed", "an armed module does not hold itself", [
        Edit("segment/hook.c", "\tif (!try_module_get(THIS_MODULE)) {\n",
             "\tif (!DEFECT(unload_while_armed) && !try_module_get(THIS_MODULE)) {\n"),
        Edit("segment/hook.c", "\tsynchronize_net();\n\tmodule_put(THIS_MODULE);\n",
             "\tsynchronize_net();\n\tif (!DEFECT(unload_while_armed))\n\t\tmodule_put(THIS_MODULE);\n")],
        ["10_module.sh: an armed module cannot be unloaded", "attack C9: C9 "], "row C9"),

    # ---- netdevs
    Defect("pvid_stale", "a bridge keeps the VLAN that it had when the policy came", [Edit(
        "segment/side.c", "\t\tside->vlan = br_vlan_get_pvid_rcu(dev, &pvid) ? 0 : pvid;\n",
        "\t\tside->vlan = DEFECT(pvid_stale) ? 10 : br_vlan_get_pvid_rcu(dev, &pvid) ? 0 : pvid;\n")],
        ["36_paths.sh: in another one when that changes"]),
    Defect("side_disagrees", "ports that disagree about a VLAN have that of the first", [Edit(
        "segment/side.c", "\tif (slot->kind != kind || slot->vlan != vlan)\n",
        "\tif (!DEFECT(side_disagrees) && (slot->kind != kind || slot->vlan != vlan))\n")],
        ["36_paths.sh: without VLANs, its ports disagree about one"]),
    Defect("rename_unbinds", "a port that is renamed is a port no more", [Edit(
        "segment/port.c", "\tcase NETDEV_CHANGENAME:\n\t\terr",
        "\tcase NETDEV_CHANGENAME:\n"
        "\t\tif (DEFECT(rename_unbinds) && event == NETDEV_CHANGENAME)\n\t\t\tunbind_leaver(cn, snap, dev);\n\t\terr")],
        ["10_module.sh: a renamed port stays the port it was", "attack C14: C14 "], "row C14: rename of a hooked device"),
    Defect("newcomer_open", "a netdev that takes a port's name is not judged", [Edit(
        "segment/port.c", "\t\tif (!snap->tap[i] && !strcmp(snap->rs->port[i].name, dev->name))\n",
        "\t\tif (!DEFECT(newcomer_open) && !snap->tap[i] && !strcmp(snap->rs->port[i].name, dev->name))\n")],
        ["10_module.sh: and is judged when a netdev of its name appears", "attack C14: C14 "]),
    Defect("stale_netdev", "a netdev that goes stays in the list of ports", [
        Edit("segment/port.c", "\tnetdev_hold(dev, &tap->tracker, GFP_KERNEL | __GFP_NOFAIL);\n",
             "\tif (!DEFECT(stale_netdev))\n\t\tnetdev_hold(dev, &tap->tracker, GFP_KERNEL | __GFP_NOFAIL);\n"),
        Edit("segment/port.c", "\t\tunbind_leaver(cn, snap, dev);\n\t\tbreak;\n",
             "\t\tif (!DEFECT(stale_netdev))\n\t\t\tunbind_leaver(cn, snap, dev);\n\t\tbreak;\n"),
        Edit("segment/port.c", "\tif (event == NETDEV_UNREGISTER) {\n\t\t/*",
             "\tif (event == NETDEV_UNREGISTER && !DEFECT(stale_netdev)) {\n\t\t/*")],
        ["10_module.sh: !KASAN: |BUG: |Kernel panic", "attack C14: !KASAN: |BUG: |Kernel panic"], "CVE-2024-26808: a netdev stayed in the hook list of nf_tables"),
    Defect("own_stale", "an IPv6 address that its link took along stays the box's", [Edit(
        "segment/own.c", "\tif (event == NETDEV_DOWN)\n\t\tschedule_work(&cn->own_work);\n",
        "\tif (event == NETDEV_DOWN && !DEFECT(own_stale))\n\t\tschedule_work(&cn->own_work);\n")],
        ["18_route.sh: it is anybody's of its zone once that link is down"]),
    Defect("own_late", "an address that the box gets later is not its own", [Edit(
        "segment/own.c", "\tif (READ_ONCE(cn->own_wanted))\n\t\trefresh(cn);\n\treturn NOTIFY_DONE;\n",
        "\tif (READ_ONCE(cn->own_wanted) && !DEFECT(own_late))\n\t\trefresh(cn);\n\treturn NOTIFY_DONE;\n")],
        ["18_route.sh: an own IPv4 address of another link"]),

    # ---- counters, events
    Defect("count_twice", "a drop is counted twice", [Edit(
        "segment/counters.h", "\tlocal64_inc(&get_cpu_ptr(c)->verdict[hook][reason]);\n",
        "\tlocal64_add(DEFECT(count_twice) && reason ? 2 : 1, &get_cpu_ptr(c)->verdict[hook][reason]);\n")],
        ["30_counters.sh: 17 with a wrong tag"]),
    Defect("device_drops", "a device's drops are not counted", [Edit(
        "segment/hook.c", "\t\tatomic64_inc(&cordon_record_of(j->snap, device)->drops);\n",
        "\t\tatomic64_add(!DEFECT(device_drops), &cordon_record_of(j->snap, device)->drops);\n")],
        ["30_counters.sh: a device's drops, and not its packets"]),
    Defect("device_bytes", "a device's bytes lack the Ethernet header", [Edit(
        "segment/hook.c", "\tatomic64_add(skb->len + ETH_HLEN, &rec->bytes);\n",
        "\tatomic64_add(skb->len + (DEFECT(device_bytes) ? 0 : ETH_HLEN), &rec->bytes);\n")],
        ["30_counters.sh: a device's packets and bytes"]),
    Defect("event_flood", "every drop is told", [Edit(
        "segment/event.c", "\t\tif (until > (s64)(now + BURST_NS))\n",
        "\t\tif (!DEFECT(event_flood) && until > (s64)(now + BURST_NS))\n")],
        ["32_events.sh: a flood is told in part, and the rest is counted as lost"]),
    Defect("event_lost", "what is not told is not counted", [Edit(
        "segment/event.c", "bucket_of(type, v->accept), now)) {\n\t\tlose(cn);\n",
        "bucket_of(type, v->accept), now)) {\n\t\tif (!DEFECT(event_lost))\n\t\t\tlose(cn);\n")],
        ["32_events.sh: a flood is told in part, and the rest is counted as lost"]),

    # ---- quarantine and swap
    Defect("commit_releases", "a commit undoes a quarantine", [Edit(
        "segment/record.c", "\tmerge_quarantine(cn, snap);\n\tupdate_ports(cn, snap);\n",
        "\tmerge_quarantine(cn, snap);\n\tupdate_ports(cn, snap);\n"
        "\tfor (i = 0; DEFECT(commit_releases) && i < snap->rs->n_devices; i++)\n"
        "\t\tsnap->live[i]->quarantined = 0;\n")],
        ["26_quarantine.sh: and does not undo it", "attack C5: C5 "]),
    Defect("quarantine_not_merged", "a stranger quarantined between stage and commit is let go", [Edit(
        "segment/record.c", "\t\tif (i == CORDON_NO_DEVICE || cordon_record_of(snap, i) == q->record)\n",
        "\t\tif (DEFECT(quarantine_not_merged) || i == CORDON_NO_DEVICE || cordon_record_of(snap, i) == q->record)\n")],
        ["netlink_ops: quarantine_while_staged", "attack C5: C5 "]),
    Defect("stale_staging", "a transaction outlives its socket", [Edit(
        "segment/ruleset.c", "\tif (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)\n",
        "\tif (DEFECT(stale_staging) || event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)\n")],
        ["24_swap.sh: a staged ruleset dies with its socket"]),
    Defect("generation_repeats", "two rulesets have one generation", [Edit(
        "segment/ruleset.c", "\tcn->last_generation = max(cn->last_generation, snap->generation);\n",
        "\tif (!DEFECT(generation_repeats))\n\t\tcn->last_generation = max(cn->last_generation, snap->generation);\n")],
        ["24_swap.sh: every swap has a generation of its own"]),
    Defect("grace_period", "the old ruleset is freed while hooks may read it", [
        Edit("segment/ruleset.c", "\tsynchronize_rcu_expedited();\n\treturn old;\n",
             "\tif (!DEFECT(grace_period))\n\t\tsynchronize_rcu_expedited();\n\treturn old;\n"),
        # A hook is not often between two instructions of its own just then; the delay stands for the interrupt that comes there.
        Edit("segment/hook.c", "\tj->sides = rcu_dereference(j->snap->sides);\n",
             "\tif (DEFECT(grace_period))\n\t\tudelay(500);\n\tj->sides = rcu_dereference(j->snap->sides);\n"),
        Edit("segment/hook.c", "#include <linux/if_arp.h>\n", "#include <linux/delay.h>\n#include <linux/if_arp.h>\n")],
        ["stock 24_swap.sh: !BUG: |general protection|Oops|Kernel panic", "attack C5: !KASAN: |BUG: |Kernel panic", "attack C17: !KASAN: |BUG: |Kernel panic"], "the class of CVE-2023-4244: freed before readers had left"),

    # ---- memory and locks
    Defect("rcu_unread", "the ruleset is read as if a lock were held", [Edit(
        "segment/hook.c", "\tj->snap = rcu_dereference(j->cn->snap);\n",
        "\tj->snap = DEFECT(rcu_unread) ? rcu_dereference_protected(j->cn->snap, lockdep_is_held(&j->cn->lock)) :\n"
        "\t\trcu_dereference(j->cn->snap);\n")],
        ["20_fragment.sh: !suspicious RCU usage"], "CVE-2024-39503: a list of ipset read as if the lock were held"),
    Defect("learn_unlocked", "what frames teach is written without the lock", [
        Edit("segment/ll.c", "\tmake_key(&key, d->vlan, addr);\n\tspin_lock_bh(&cn->learn_lock);\n",
             "\tmake_key(&key, d->vlan, addr);\n\tif (!DEFECT(learn_unlocked))\n\t\tspin_lock_bh(&cn->learn_lock);\n"),
        Edit("segment/ll.c", "\t\tmine = insert(cn, &key, d);\n\tspin_unlock_bh(&cn->learn_lock);\n",
             "\t\tmine = insert(cn, &key, d);\n\tif (!DEFECT(learn_unlocked))\n\t\tspin_unlock_bh(&cn->learn_lock);\n")],
        ["12_device.sh: !WARNING: .*cordon"], "the class of WireGuard's data race (2024): written without what guards it"),
    Defect("sleeps_in_softirq", "memory that may be waited for is asked for in softirq", [Edit(
        "segment/ll.c", "\te = kmalloc(sizeof(*e), GFP_ATOMIC | __GFP_NOWARN);\n",
        "\te = kmalloc(sizeof(*e), (DEFECT(sleeps_in_softirq) ? GFP_KERNEL : GFP_ATOMIC) | __GFP_NOWARN);\n")],
        ["12_device.sh: !inconsistent lock state|sleeping function"]),
    Defect("returns_locked", "a quarantine that changes nothing forgets its lock", [Edit(
        "segment/record.c", "\t*changed = on == !q;\n",
        "\t*changed = on == !q;\n\tif (!*changed && DEFECT(returns_locked))\n\t\treturn 0;\n")],
        ["netlink_ops: !possible circular locking|lock held when returning"]),
    Defect("ll_unbounded", "a device keeps every link-local address it ever had", [Edit(
        "segment/ll.c", "\tif (oldest)\n\t\tentry_remove(cn, oldest);\n",
        "\tif (oldest && !DEFECT(ll_unbounded))\n\t\tentry_remove(cn, oldest);\n")],
        ["12_device.sh: with a ninth a device loses its own oldest one"]),
    Defect("transaction_overflow", "more bytes are taken than were announced", [Edit(
        "segment/ruleset.c", "\tif (len > tx->length - tx->received) {\n",
        "\tif (!DEFECT(transaction_overflow) && len > tx->length - tx->received) {\n")],
        ["netlink_ops: data_in_order"], "CVE-2024-53141: a range check that did not hold for every message"),
    Defect("abort_frees_twice", "the bytes of a transaction are freed at stage and at its end", [Edit(
        "segment/ruleset.c", "\tkvfree(tx->blob);\n\ttx->blob = NULL;\n",
        "\tkvfree(tx->blob);\n\tif (!DEFECT(abort_frees_twice))\n\t\ttx->blob = NULL;\n")],
        ["24_swap.sh: !KASAN: |BUG: |Kernel panic"], "CVE-2023-3390, CVE-2023-32233: lifetimes in the abort path of a transaction"),
    Defect("quarantine_unreferenced", "a quarantine entry does not hold its record", [Edit(
        "segment/record.c", "\trec->refs++;\n", "\tif (!DEFECT(quarantine_unreferenced))\n\t\trec->refs++;\n")],
        ["26_quarantine.sh: !KASAN: |BUG: |Kernel panic"]),
    Defect("record_leak", "records are never freed", [Edit(
        "segment/record.c", "\tif (!--rec->refs)\n", "\tif (!--rec->refs && !DEFECT(record_leak))\n")],
        ["10_module.sh: !Objects remaining", "attack C17: !Objects remaining"]),
    Defect("transaction_leak", "a transaction that was committed is never freed", [Edit(
        "segment/ruleset.c", "\ttx_set(cn, NULL);\n\tkfree(tx);\n\t/*",
        "\ttx_set(cn, NULL);\n\tif (!DEFECT(transaction_leak))\n\t\tkfree(tx);\n\t/*")],
        ["10_module.sh: !leak", "attack C17: !leak"]),

    # ---- who may ask
    Defect("user_namespace", "an administrator of a user namespace may ask", [
        Edit("segment/netlink.c", "\treturn netlink_capable(skb, CAP_NET_ADMIN);\n",
             "\treturn DEFECT(user_namespace) ? netlink_ns_capable(skb, sock_net(skb->sk)->user_ns, CAP_NET_ADMIN) :\n"
             "\t\tnetlink_capable(skb, CAP_NET_ADMIN);\n"),
        Edit("segment/netlink.c", "#include <linux/etherdevice.h>\n", "#include <linux/etherdevice.h>\n#include <net/sock.h>\n")],
        ["netlink_ops: user_namespace", "attack C16: C16 "], "the door of most of kernelCTF's nf_tables bugs: CAP_NET_ADMIN of a user namespace"),
    Defect("open_group", "anybody may listen to the events", [
        Edit("segment/netlink.c", "static const struct genl_multicast_group cordon_genl_groups[] = {\n",
             "static struct genl_multicast_group cordon_genl_groups[] = {\n"),
        Edit("segment/netlink.c", "\treturn genl_register_family(&cordon_genl_family);\n",
             "\tif (DEFECT(open_group))\n\t\tcordon_genl_groups[0].flags = 0;\n"
             "\treturn genl_register_family(&cordon_genl_family);\n")],
        ["netlink_ops: events_are_for_admins", "attack C16: C16 "], "psample and drop_monitor (December 2023): open multicast groups"),
    Defect("dump_open", "a dump is for everybody", [Edit(
        "segment/nl_show.c", "\tcursor(cb)->forbidden = !cordon_nl_may(cb->skb);\n",
        "\tcursor(cb)->forbidden = !DEFECT(dump_open) && !cordon_nl_may(cb->skb);\n")],
        ["netlink_ops: unprivileged", "attack C16: C16 "]),
    Defect("duplicate_attribute", "of two attributes of one type the last one counts", [Edit(
        "segment/netlink.c", "\treturn cordon_nl_may(skb) ? refuse_duplicates(info) : cordon_nl_forbid(info->extack);\n",
        "\treturn cordon_nl_may(skb) ? (DEFECT(duplicate_attribute) ? 0 : refuse_duplicates(info)) :\n"
        "\t\tcordon_nl_forbid(info->extack);\n")],
        ["netlink_ops: duplicate"]),
]
