#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
#
# C12, C14, C17: ports that come and go, and the module under a flood.
. "$(dirname "$0")/lib_attack.sh"
start_house
P=$(blob attack)
slow_vehicle() { ! grep -q "User Mode" /proc/cpuinfo; }
port_alert() { lab events wait ms=1000 type=port port="$1" findings="$2"; }

# ---- C12

back_home() {
	ip -n aside link set p3 netns gw && ip -n gw link set p3 master br0 up && bridge -n gw vlan add dev p3 vid 10 pvid untagged &&
		wait_for 5 port_says p3 carrier 1 && wait_for 5 forwarding
}
gone() { lab events wait ms=1000 type=port port=p3 gone=1; }

row_C12() {
	local n
	title "a port in another namespace, and netdevs that stand on one"
	setup_ns aside guest > /dev/null
	cell port/4 d2 ingress/service "udp from=d3 to=d4 dport=5000" d2 "udp from=d3 to=d2 dport=6000" at=d4
	lab events clear
	check "a port is moved to another namespace" ip -n gw link set p3 netns aside
	if playing armed; then
		check "that is told within a second" gone
		check "the policy's port is absent" port_says p3 ifindex 0
	fi
	check "the port is down where it is" eval "! is_up aside p3"
	check "what comes to it reaches nobody" lab try want=silence ms=100 udp from=d3 to=d2 dport=6000
	if playing armed; then
		check "and comes home" back_home
	else
		ip -n aside link set p3 netns gw
		ip -n gw link set p3 master br0 up
		bridge -n gw vlan add dev p3 vid 10 pvid untagged
		wait_for 5 forwarding
	fi
	account_anew
	cell home/4 d4 ingress/service "udp from=d3 to=d4 dport=5000" d2 "udp from=d3 to=d2 dport=6000"
	cell home/6 d4 ingress/service "udp6 from=d3 to=d4 dport=5000" d2 "udp6 from=d3 to=d2 dport=6000"
	stacked
	ip netns del aside
	ip netns del guest
	canary_on
	for ((n = 0; n < $(many 20 10000); n++)); do
		ip netns add churn && ip netns del churn
	done
	canary_sent
	! playing armed || check "$n namespaces came and went, and nothing has passed" canary_off
	! playing control || lab stream canary stop
}

# macvlan in bridge mode, its other end in a container's namespace.
stacked() {
	lab events clear
	ip -n gw link add mv0 link office address 02:00:00:00:00:a5 type macvlan mode bridge
	! playing armed || check "what stands on a port is told within a second" port_alert office 2176
	ip -n gw link set mv0 netns guest
	ip -n guest link set mv0 up
	need_lab host name=mv ns=guest tap=mv mac=02:00:00:00:00:a5 ip4=10.30.0.5 ip6=fd00:30::5
	need_lab tap name=mv ns=guest if=mv0
	cell macvlan/4 mv ingress/not-for-us "udp from=st to=mv dport=5000" d1 "udp from=st to=d1 via=gwo dport=7000"
	cell macvlan/6 mv ingress/not-for-us "udp6 from=st to=mv dport=5000" d1 "udp6 from=st to=d1 via=gwo dport=7000"
	lab events clear
	ip -n guest link del mv0
	! playing armed || check "and when it is gone" port_alert office 0
}

# ---- C14

AT6="udp from=roamer tap=d6 to=d2 dport"
port6() {
	ip -n gw link del p6
	ip link add p6 ${1:+index "$1"} netns gw address 02:00:00:00:ee:06 type veth peer name eth0 address 02:00:00:00:00:06 netns d6 &&
		ip -n d6 link set eth0 up && ip -n gw link set p6 master br0 up && bridge -n gw vlan add dev p6 vid 10 pvid untagged &&
		wait_for 5 forwarding && need_lab tap name=d6 ns=d6 if=eth0
}
index_of() { ip -n gw link show "$1" | sed -n 's/^\([0-9]*\):.*/\1/p'; }

# churned N: the port is unplugged while frames come, and another netdev has its number and its name.
churned() {
	local n
	for ((n = 0; n < $1; n++)); do
		port6 "$index" && lab flood n=5 want=drop:ingress/service $AT6=4999 && lab flood n=5 want=arrive at=d2 $AT6=5000 || return 1
		add row_denied 5
	done
}

renamed() {
	local n
	for ((n = 0; n < $1; n++)); do
		ip -n gw link set p6 down && ip -n gw link set p6 name lan6 && ip -n gw link set lan6 up && wait_for 5 forwarding &&
			lab flood n=5 want=drop:ingress/service $AT6=4999 && ip -n gw link set lan6 down && ip -n gw link set lan6 name p6 &&
			ip -n gw link set p6 up && wait_for 5 forwarding && lab flood n=5 want=drop:ingress/service $AT6=4999 || return 1
		add row_denied 10
	done
}

row_C14() {
	local index
	title "ports that are renamed, unplugged and replaced under traffic"
	defect rename_unbinds stale_netdev newcomer_open
	if playing armed; then
		index=$(index_of p6)
		canary_on
		check "unplugged and replaced" churned "$(many 8 2000)"
		check "renamed and back" renamed "$(many 4 1000)"
		canary_sent
		check "nothing of what is denied has passed" canary_off
		account_anew
	fi
	cell unplugged/4 d2 ingress/service "$AT6=4999" d2 "$AT6=5000" told=02:00:00:00:00:07 of=roamer
}

# ---- C17

ko_and_args() { modprobe --show-depends cordon | sed -n 's/^insmod \(.*cordon\.ko\)/\1/p'; }

row_C17() {
	local ko args n=10
	title "loaded, armed, disarmed and unloaded under a flood"
	defect grace_period record_leak transaction_leak
	read -r ko args <<< "$(ko_and_args)"
	if [ "$ATTACK_COUNT" -ge 2000 ]; then
		n=20000
		! slow_vehicle || n=600
	fi
	if playing armed; then
		lab info disarm
		check "it is unloaded" rmmod cordon
	fi
	KINDS=("in=a at=d2 udp from=d1 to=d2 sport=43095 dport=4999" "in=a at=d2 udp6 from=d1 to=d2 sport=43095 dport=4999"
		"in=both at=d2 udp from=d1 to=d2 sport=43095 dport=5000" "in=a at=d5 udp from=d1 to=d5 via=gw sport=43095 dport=4999"
		"in=a at=d2 udp from=d8 to=d2 sport=43095 dport=5000")
	take_turns cycles $n module="$ko" ${args:+args="$args"} b="$P"
	playing control || armed_anew "$P"
}

bench
