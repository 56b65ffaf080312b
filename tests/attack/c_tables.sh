#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 240
#
# C6: every table that frames fill, full. What is denied stays denied, what runs goes on.
. "$(dirname "$0")/lib_attack.sh"
start_house
P=$(blob attack)

# A flow that stays: both ends have spoken, so that a full table does not make room of it.
RUNS="udp from=d1 to=d2 sport=43060 dport=5000"
RUNS6="udp6 from=d1 to=d2 sport=43060 dport=5000"
ROUTED="udp from=d1 to=d5 via=gw sport=43061 dport=5000"
let_run() {
	local n
	for n in 1 2 3; do
		lab send n=1 $RUNS && lab send n=1 udp from=d2 to=d1 sport=5000 dport=43060
		lab send n=1 $RUNS6 && lab send n=1 udp6 from=d2 to=d1 sport=5000 dport=43060
		lab send n=1 $ROUTED && lab send n=1 udp from=d5 to=d1 via=gw20 sport=5000 dport=43061
	done
}

# while_full NAME: one attack of each kind that a full table might let through.
while_full() {
	cell "$1-mac/4" d3 ingress/device-port "udp from=d1 to=d3 smac=d2 src=d2 dport=6000" d2 "$RUNS"
	cell "$1-address/4" d2 ingress/address-spoof "udp from=d1 to=d2 src=@10.10.64.0/18 dport=5000" d2 "$RUNS"
	cell "$1-address/6" d2 ingress/address-spoof "udp6 from=d1 to=d2 src=@fd00:10:1::/64 dport=5000" d2 "$RUNS6"
	cell "$1-vlan/4" d2 ingress/vlan "udp from=d1 to=d2 vlan=10 dport=5000" d2 "$RUNS"
	cell "$1-arp/arp" d2 ingress/arp-sender "arp from=d1 to=d2 op=2 spa=10.10.0.254" d2 "$RUNS"
	cell "$1-service/4" d2 ingress/service "udp from=d1 to=d2 sport=@20000..60000 dport=4999" d2 "$RUNS"
	cell "$1-service/6" d2 ingress/service "udp6 from=d1 to=d2 sport=@20000..60000 dport=4999" d2 "$RUNS6"
	cell "$1-routed/4" d5 ingress/service "udp from=d1 to=d5 via=gw dport=4999" d5 "$ROUTED"
	cell "$1-quarantine/4" d2 ingress/quarantine "udp from=d7 to=d2 dport=5000" d2 "$RUNS"
	cell "$1-unknown/4" d2 ingress/unknown-source "udp from=d8 to=d2 smac=@mac src=10.10.8.8 dport=5000" d2 "$RUNS"
}

# ---- conntrack: full of flows that both ends confirmed, and ten times as many that want in
CONNTRACKS=400
fill_conntrack() {
	local sweep="@20000..$((20000 + CONNTRACKS - 1))"
	let_run
	lab flood n=$CONNTRACKS want=some at=d2 tcp from=d1 to=d2 sport=$sweep dport=443 flags=S seq=1000 &&
		lab flood n=$CONNTRACKS want=some at=d1 tcp from=d2 to=d1 sport=443 dport=$sweep flags=SA seq=2000 ack=1001 &&
		lab flood n=$CONNTRACKS want=some at=d2 tcp from=d1 to=d2 sport=$sweep dport=443 flags=A seq=1001 ack=2001 &&
		need_lab sysctl ns= net/netfilter/nf_conntrack_max=$((CONNTRACKS / 2)) &&
		lab flood n=$((CONNTRACKS * 10)) want=drop:ingress/service udp from=d1 to=d2 sport=@20000..60000 dport=4999
}
kernel_drops() { in_ns gw conntrack -S | sed 's/.* drop=\([0-9]*\).*/\1/' | awk '{ n += $1 } END { print n }'; }
# A start that the policy allows, in a full table: the kernel drops it, and counts it.
start_is_refused() {
	local before
	before=$(kernel_drops)
	lab try n=20 want=silence ms=100 udp from=d1 to=d2 sport=43999 dport=5050 && [ $(($(kernel_drops) - before)) = 20 ]
}
start_is_taken() { lab try n=3 want=arrive at=d2 udp from=d1 to=d2 sport=43998 dport=5050; }

# ---- what is quarantined without being in the policy
strangers() {
	local n
	for ((n = 0; n < $2; n++)); do
		printf 'device %s mac=02:00:00:aa:%02x:%02x vlan=10\n' "$1" $((n >> 8)) $((n & 255))
	done > "$BLOBS/strangers"
	command lab < <(echo "kernel ns=gw"; cat "$BLOBS/strangers") > "$BLOBS/said"
}
as_many_as_there_is_room() { strangers quarantine 4200 && [ "$(grep -c '^ok' "$BLOBS/said")" = 4097 ] && [ "$(grep -c 'bad No space' "$BLOBS/said")" = 104 ]; }

fill_fragments() {
	need_lab sysctl ns=gw net/ipv4/ipfrag_low_thresh=30000 net/ipv4/ipfrag_high_thresh=60000 net/ipv6/ip6frag_low_thresh=30000 net/ipv6/ip6frag_high_thresh=60000
	lab flood n=1000 want=some at=d2 ms=100 udp from=d1 to=d2 frag=0,mf id=@1..1000 sport=43062 dport=5000 size=64
	lab flood n=1000 want=some at=d2 ms=100 udp6 from=d1 to=d2 frag=0,mf id=@1..1000 sport=43062 dport=5000 size=64
	return 0
}

under_policy() { playing control || check "$@"; }

row_C6() {
	title "every table full"
	while_full empty
	under_policy "the conntrack table is full" fill_conntrack
	under_policy "a start is refused by the kernel, and counted" start_is_refused
	while_full conntrack
	need_lab sysctl ns= net/netfilter/nf_conntrack_max=65536
	under_policy "with room again a start is taken" start_is_taken
	under_policy "ten times as many strangers as there is room for" lab flood n=40960 want=drop:ingress/unknown-source udp from=d8 to=d2 smac=@mac src=10.10.8.8 dport=5000
	while_full strangers
	under_policy "ten times as many events as there is room for" lab flood n=5120 want=drop:ingress/service udp from=d1 to=d2 dport=4999
	while_full events
	under_policy "devices that nobody named are quarantined as long as there is room" as_many_as_there_is_room
	while_full quarantined
	! playing armed || strangers release 4200
	! playing armed || fill_fragments
	cell fragments/4 d2 ingress/service "udp from=d1 to=d2 frag=0,mf id=@1..60000 sport=43063 dport=4999 size=64" d2 "$RUNS" control=some
	while_full fragments
}

bench
