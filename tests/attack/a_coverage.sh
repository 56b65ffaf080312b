#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# modules: foil
#
# A14, A15: what no gateway can drop, because its processor never has the frame. cordon says so: `cordon doctor` finds hardware that forwards,
# `cordon coverage` lists the pairs of devices, docs/threat-model.md has the rest.
. "$(dirname "$0")/lib_attack.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
cp "$POLICIES/coverage.yaml" "$POLICY"
start_house

# h1 and h2 behind p9, on a switch.
switch_up() {
	local n
	for n in sw h1 h2; do
		ip netns add $n
		namespaces+=("$n")
	done
	need_lab sysctl ns=h1 net/ipv6/conf/all/disable_ipv6=1 net/ipv6/conf/default/disable_ipv6=1
	need_lab sysctl ns=h2 net/ipv6/conf/all/disable_ipv6=1 net/ipv6/conf/default/disable_ipv6=1
	need_lab sysctl ns=sw net/ipv6/conf/all/disable_ipv6=1 net/ipv6/conf/default/disable_ipv6=1
	ip -n sw link add sw0 type bridge forward_delay 0
	ip -n sw link set sw0 up
	ip -n sw link add s0 type veth peer name p9 netns gw
	ip -n sw link add s1 type veth peer name eth0 address 02:00:00:00:00:21 netns h1
	ip -n sw link add s2 type veth peer name eth0 address 02:00:00:00:00:22 netns h2
	for n in 0 1 2; do
		ip -n sw link set s$n master sw0 up
	done
	ip -n h1 link set eth0 up
	ip -n h2 link set eth0 up
	to_bridge p9
	need_lab tap name=h1 ns=h1 if=eth0 && need_lab tap name=h2 ns=h2 if=eth0
	need_lab host name=h1 ns=h1 tap=h1 mac=02:00:00:00:00:21 ip4=10.10.1.21 ip6=fd00:10:1::21
	need_lab host name=h2 ns=h2 tap=h2 mac=02:00:00:00:00:22 ip4=10.10.1.22 ip6=fd00:10:1::22
	wait_for 5 linked
}

linked() { ! ip -n sw -o link show master sw0 | grep -qv 'state UP'; }

to_bridge() {
	ip -n gw link set "$1" master br0 up
	bridge -n gw vlan add dev "$1" vid 10 pvid untagged
}

# The switch's port of h2 becomes a port of the gateway.
own_port() {
	ip -n sw link set s2 down nomaster netns gw name p10
	to_bridge p10
	sed -i '/far:/s/port: p9/port: p10/' "$POLICY"
	c apply
}

chip_up() {
	local n
	for n in 1 2; do
		ip -n gw link add f$n type foil
		to_bridge f$n
	done
}

chip_down() {
	ip -n gw link del f1
	ip -n gw link del f2
}

flowtable_up() {
	in_ns gw nft add table inet fast
	in_ns gw nft 'add flowtable inet fast f { hook ingress priority 0; devices = { f1 }; flags offload; }'
}

found() { c doctor --json > "$DAEMON/doctor"; grep -A1 "\"id\": \"$1\"" "$DAEMON/doctor" | grep -q "\"text\": .*$2"; }
not_found() { c doctor --json > "$DAEMON/doctor"; grep -q '"findings"' "$DAEMON/doctor" && ! grep -q "\"id\": \"$1\"" "$DAEMON/doctor"; }

# unseen A B CAUSE-PLACE: the pair is listed, in either order, and the command says so by its exit status.
unseen() {
	c coverage --all > "$DAEMON/pairs"
	[ $? = 5 ] && grep -E "^($1, $2|$2, $1):" "$DAEMON/pairs" | grep -q " $3\(,\|\$\)"
}
not_unseen() { c coverage --all > "$DAEMON/pairs"; [ -s "$DAEMON/pairs" ] && ! grep -E "^($1, $2|$2, $1):" "$DAEMON/pairs" | grep -q " $3\(,\|\$\)"; }
all_seen() { c coverage > "$DAEMON/pairs" && grep -q '^every pair .* has to pass' "$DAEMON/pairs"; }

behind_one_switch() {
	lab send n=1 udp from=h2 to=h1 dport=1
	lab send n=1 udp from=h1 to=h2 dport=1
	if playing armed; then
		check "frames on the switch pass the gateway by" lab try want=arrive at=h2 udp from=h1 to=h2 dport=4999
		check "and the pair is listed" unseen near far "same-port p9"
		check "a port for each" own_port
		check "the pair is not listed" not_unseen near far "same-port p9"
	fi
	cell one-switch/4 h2 ingress/pair "udp from=h1 to=h2 dport=4999" d2 "udp from=h1 to=d2 dport=5000" told=02:00:00:00:00:21
	cell one-switch/6 h2 ingress/pair "udp6 from=h1 to=h2 dport=4999" d2 "udp6 from=h1 to=d2 dport=5000" told=02:00:00:00:00:21
}

# refused WORDS: the apply is, and nothing has changed.
refused() {
	local before
	before=$(kernel_words)
	! c apply > "$DAEMON/out" 2>&1 && grep -q "policy.yaml:[0-9]*:[0-9]*: error: port f[12] $1" "$DAEMON/out" && [ "$(kernel_words)" = "$before" ]
}

alerted() { grep -q "alert: port $1 $2" "$DAEMON/log"; }
not_alerted() { ! grep -q 'alert: port' "$DAEMON/log"; }

in_hardware() {
	check "no alert so far" not_alerted
	chip_up
	check "the daemon raises an alert" wait_for 15 alerted f1 "has hw-tc-offload on"
	check "hw-tc-offload is found" found port-hw-tc "port f1"
	check "a switch chip is found" found port-hw-forward "port f2"
	check "pairs of the chip are listed" unseen chip1 chip2 "switch-chip 5a"
	check "pairs with an offloading port are listed" unseen cam1 chip1 "offload f1"
	check "an apply goes through: alert" c apply
	sed -i 's/offload: alert/offload: refuse/' "$POLICY"
	check "refuse: hw-tc-offload" refused "has hw-tc-offload on"
	in_ns gw ethtool -K f1 hw-tc-offload off
	in_ns gw ethtool -K f2 hw-tc-offload off
	check "switched off, it is not found" not_found port-hw-tc
	check "an alert of the chip" wait_for 15 alerted f2 "is a port of a switch chip"
	check "refuse: a switch chip" refused "is a port of a switch chip"
	echo N > /sys/module/foil/parameters/chip
	check "no chip is found" not_found port-hw-forward
	check "a flowtable that offloads" flowtable_up
	check "is found" found hw-flowtable "port f1"
	check "an alert of the flowtable" wait_for 15 alerted f1 "is in a flowtable that offloads"
	check "its pairs are listed" unseen cam1 chip1 "offload f1"
	check "refuse: a flowtable" refused "is in a flowtable that offloads"
	in_ns gw nft delete table inet fast
	check "without it there is no finding" not_found hw-flowtable
	check "and every pair has to pass the box" all_seen
	check "refuse: an apply goes through" c apply
	chip_down
}

row_A14() {
	title "a switch, a chip, a card or a flowtable forwards without the processor"
	behind_one_switch
	! playing armed || in_hardware
}

row_A15() {
	local words
	title "the radio side: said in docs/threat-model.md, with what helps"
	row_void[$row]="out of reach; a page"
	! playing armed || for words in "group key" "rogue access point" "machine on the side" "A15" "VLAN for each device" "PPSK"; do
		check "the page says: $words" grep -qi "$words" "$(dirname "$0")/threat-model.md"
	done
}

# As `bench` does it, with the daemon's policy; p9 and p10 are not in its account.
switch_up
play control
row_cells=()
need_module
ok_if "the daemon starts" daemon_start
ok_if "and applies" c apply
need_lab kernel ns=gw
need_lab events open
play armed
for row in $(rows); do
	row_line
done
rmmod foil
