#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 240
#
# C13, C18: ways past the hooks that somebody on the box opens, and the way through the bridge that meets the hooks of IP, too.
. "$(dirname "$0")/lib_attack.sh"
start_house
# told_of WHAT PORT FINDINGS ATTACH DETACH: an event within a second of each.
told_of() {
	! playing control || return 0
	lab events clear
	check "$1: attached" eval "$4"
	check "$1: told within a second" lab events wait ms=1000 type=port port="$2" findings="$3"
	lab events clear
	check "$1: taken off" eval "$5"
	check "$1: that is told, too" lab events wait ms=1000 type=port port="$2" findings=0
}

flowtable_before() {
	in_ns gw nft -f - <<-'NFT'
		table inet x {
			flowtable f { hook ingress priority -2147483648; devices = { p4 }; }
		}
	NFT
}

row_C13() {
	title "XDP, tc, a flowtable, macvlan on a managed port"
	defect watch_blind
	told_of xdp p1 16 "in_ns gw xdp p1" "ip -n gw link set dev p1 xdp off"
	told_of tc-redirect p2 1024 \
		"in_ns gw tc qdisc add dev p2 clsact && in_ns gw tc filter add dev p2 ingress matchall action mirred egress redirect dev p3" \
		"in_ns gw tc qdisc del dev p2 clsact"
	told_of tc-ingress p3 1024 "in_ns gw tc qdisc add dev p3 ingress && in_ns gw tc filter add dev p3 parent ffff: matchall action gact ok" \
		"in_ns gw tc qdisc del dev p3 ingress"
	told_of hook-before p1 256 \
		"in_ns gw nft add table netdev x && in_ns gw nft 'add chain netdev x i { type filter hook ingress device p1 priority -2147483648; }'" \
		"in_ns gw nft delete table netdev x"
	told_of flowtable-before p4 256 "flowtable_before" \
		"in_ns gw nft delete table inet x"
	told_of macvlan office 2176 "ip -n gw link add mv0 link office type macvlan" "ip -n gw link del mv0"
	told_of ipvlan office 2176 "ip -n gw link add iv0 link office type ipvlan" "ip -n gw link del iv0"
}

# judged_once BRIDGE FORWARD AT FRAME...: so many more are accepted at each of the two hooks.
judged_once() {
	local more_bridge=$1 more_forward=$2 at=$3 bridge forward
	shift 3
	bridge=$(stat_of bridge/accepted) forward=$(stat_of forward/accepted)
	lab flood n="$ATTACK_COUNT" want=arrive at="$at" "$@" && [ $(($(stat_of bridge/accepted) - bridge)) = "$more_bridge" ] &&
		[ $(($(stat_of forward/accepted) - forward)) = "$more_forward" ]
}

in_mode() {
	local six
	forget_learned
	for six in "" 6; do
		if playing armed; then
			check "$1: bridged IPv${six:-4} is judged once, by the bridge hook" judged_once "$ATTACK_COUNT" 0 d2 "udp$six" from=d1 to=d2 sport=43080 dport=5000
			check "$1: routed IPv${six:-4} is judged once, by the forward hook" judged_once 0 "$ATTACK_COUNT" d5 "udp$six" from=d1 to=d5 via=gw sport=43080 dport=5000
		fi
		cell "$1-bridge/${six:-4}" d1 bridge/service "udp$six from=d2 to=d1 sport=5000 dport=9" d2 "udp$six from=d1 to=d2 dport=5000"
		cell "$1-forward/${six:-4}" d1 forward/service "udp$six from=d5 to=d1 via=gw20 sport=5000 dport=9" d5 "udp$six from=d1 to=d5 via=gw dport=5000" told=-
		cell "$1-trunk/${six:-4}" d4 ingress/service "udp$six from=d1 to=d4t via=gw dport=4999" d4 "udp$six from=d1 to=d4t via=gw dport=5000"
		cell "$1-ingress/${six:-4}" d2 ingress/service "udp$six from=d1 to=d2 dport=4999" d2 "udp$six from=d1 to=d2 dport=5000"
	done
}

row_C18() {
	title "bridged frames meet the hooks of IP from inside the bridge"
	defect bridged_twice
	in_mode absent
	modprobe br_netfilter
	brnf_calls 0
	in_mode 0
	brnf_calls 1
	in_mode 1
	brnf_calls 0
	rmmod br_netfilter
}

bench
