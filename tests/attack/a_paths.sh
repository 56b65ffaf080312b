#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A13: the ways through a bridge that meet other hooks.
. "$(dirname "$0")/lib_attack.sh"
start_house

both_families() {
	cell "$1/4" "$2" ingress/service "udp from=d1 to=$2 dport=4999" "$2" "udp from=d1 to=$2 dport=5000"
	cell "$1/6" "$2" ingress/service "udp6 from=d1 to=$2 dport=4999" "$2" "udp6 from=d1 to=$2 dport=5000"
	cell "$1-unlinked/4" d4 ingress/pair "udp from=d1 to=d4 dport=5000" "$2" "udp from=d1 to=$2 dport=5000"
}

br_netfilter() {
	need_lab sysctl ns=gw net/bridge/bridge-nf-call-iptables="$1" net/bridge/bridge-nf-call-ip6tables="$1" net/bridge/bridge-nf-call-arptables="$1"
}

row_A13() {
	title "bridged peers: br_netfilter, hairpin, another bridge, a bridge without VLANs"
	both_families plain d2
	modprobe br_netfilter
	br_netfilter 0
	both_families br_netfilter-0 d2
	br_netfilter 1
	both_families br_netfilter-1 d2
	br_netfilter 0
	modprobe -r br_netfilter
	bridge -n gw link set dev p1 hairpin on
	both_families hairpin d2
	cell hairpin-self/4 d1 ingress/pair "udp from=d1 to=d4 dmac=d4 dst=d4 dport=5000" d2 "udp from=d1 to=d2 dport=5000" at=d4
	bridge -n gw link set dev p1 hairpin off
	ip -n gw link add br1 address 02:00:00:00:ff:09 type bridge vlan_filtering 1 vlan_default_pvid 0 forward_delay 0
	ip -n gw link set br1 up
	move_to br1
	both_families second-bridge d2
	move_to br0
	both_families moved-back d2
	ip -n gw link set br0 type bridge vlan_filtering 0
	cell no-vlans/4 d2 ingress/service "udp from=d1 to=d2 dport=4999" d2 "udp from=d1 to=d2 dport=5000"
	cell no-vlans/6 d2 ingress/service "udp6 from=d1 to=d2 dport=4999" d2 "udp6 from=d1 to=d2 dport=5000"
	ip -n gw link set br0 type bridge vlan_filtering 1
	on_exit rmmod br_netfilter
}

# d1, d2 and d4 on another bridge, as they were.
move_to() {
	local n
	for n in 1 2 4; do
		ip -n gw link set "p$n" nomaster
		ip -n gw link set "p$n" master "$1"
		bridge -n gw vlan add dev "p$n" vid 10 pvid untagged
	done
	bridge -n gw vlan add dev p4 vid 20
	[ "$1" = br0 ] || bridge -n gw vlan add dev "$1" vid 10 self
	wait_for 5 forwarding
}

bench
