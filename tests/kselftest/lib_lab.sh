# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034  # what it sets is for the tests
#
# What the enforcement tests share: the house, the resident prober `lab` (tools/), and cases that are one line each.
#
#   . "$(dirname "$0")/lib_lab.sh"
#   house_up [alive]              # the topology below; alive: the hosts have addresses and a stack that answers
#   arm house                     # policies/house.yaml into the module, nothing else: no nftables layer
#
# A test that sets LAYERS=both before it reads this gets both layers from arm: the policy through `cordon load`.
#
# Every case says by its first word what it hangs on, and stage_control.py holds the two control builds to it. A denied frame that
# arrives nowhere when all is accepted either arrives before the module is armed (plain "control: NAME arrives" ...), or NAME ends with
# "(the bridge drops it, too)".
#
#   allow NAME LAB-COMMAND...     one acceptance: fails under deny-all only
#   deny  NAME LAB-COMMAND...     one denial: fails under accept-all only
#   both  NAME LAB-COMMAND...     verdicts of both kinds: fails under both
#   plain NAME LAB-COMMAND...     no verdict: passes under both
#
#   arrives NAME TAP FRAME...     allow try: 3 frames arrive at TAP
#   drops NAME HOOK/REASON FRAME  deny (ingress) or both (any later hook: what came before accepted) try: none arrives anywhere
#   open_case KIND NAME; step LAB-COMMAND...; step_if CMD...; close_case     a case of several steps
#
# The house (netns gw):
#
#   d1..d6 --veth-- p1..p6 [br0, VLAN-aware]    p1 p2 p3 p6: VLAN 10; p4: VLAN 10, 20 tagged; p5: VLAN 20
#   d7, d8 where HOUSE_PORTS has them: p7, p8, VLAN 10
#   st --veth-- office, wn --veth-- wan (uplink), mg --veth-- mgmt (not managed)

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# In a kernel tree the programs lie beside the tests.
PATH=$PATH:$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

HOUSE_PORTS=${HOUSE_PORTS:-1 2 3 4 5 6}
GW_MAC=02:00:00:00:ff:01
POLICIES=$(dirname "${BASH_SOURCE[0]}")/policies
BLOBS=$(mktemp -d)
on_exit rm -rf "$BLOBS"

# ---- lab

lab_start() {
	coproc LAB { exec lab; }
	lab_in=${LAB[1]} lab_out=${LAB[0]} lab_pid=$LAB_PID
	on_exit kill -9 "$lab_pid"
}

# lab COMMAND...: sets $lab_answer, succeeds when it says ok.
lab() {
	lab_answer="bad no answer"
	printf '%s\n' "$*" >&"$lab_in"
	read -r -t $((120 * CORDON_SCALE)) -u "$lab_out" lab_answer
	[ "${lab_answer:0:2}" = ok ]
}

need_lab() {
	lab "$@" || { echo "# lab $*: $lab_answer"; return 1; }
}

# lab_value NAME: sets $REPLY to the value of NAME=... in the last answer. (A subshell costs more than most of what is asked.)
lab_value() {
	REPLY=${lab_answer#*"$1="}
	[ "$REPLY" != "$lab_answer" ] || return 1
	REPLY=${REPLY%%[ ;]*}
}
lab_field() { lab_value "$1" && echo "$REPLY"; }

# ---- cases

# one_case KIND NAME LAB-COMMAND...
one_case() {
	case_begin "$1: $2"
	shift 2
	if lab "$@"; then
		verdict ok
	else
		case_failed=$((case_failed + 1))
		verdict "not ok" "${lab_answer//#/}"
	fi
}

allow() { one_case allow "$@"; }
deny() { one_case deny "$@"; }
both() { one_case both "$@"; }
plain() { one_case plain "$@"; }

arrives() {
	local name=$1 at=$2
	shift 2
	allow "$name" try want=arrive "at=$at" "$@"
}

drops() {
	local name=$1 where=$2 kind=both
	shift 2
	[ "${where%%/*}" != ingress ] || kind=deny
	one_case $kind "$name" try "want=drop:$where" "$@"
}

open_case() {
	case_begin "$1: $2"
	case_trouble=
}

step() {
	lab "$@" || case_trouble="${case_trouble:-$*: $lab_answer}"
}

step_if() {
	"$@" > /dev/null 2>&1 || case_trouble="${case_trouble:-failed: $*}"
}

close_case() {
	if [ -z "$case_trouble" ]; then
		verdict ok
	else
		case_failed=$((case_failed + 1))
		verdict "not ok" "${case_trouble//#/}"
	fi
}

# case_if KIND NAME CMD...: a case that is a command.
case_if() {
	local kind=$1 name=$2
	shift 2
	ok_if "$kind: $name" "$@"
}

# plain_if NAME CMD...: a case that is a command, without any verdict of the module in it.
plain_if() {
	local name=$1
	shift
	ok_if "plain: $name" "$@"
}

plain_not() {
	local name=$1
	shift
	not_ok_if "plain: $name" "$@"
}

# port_says PORT FIELD VALUE: what the module says of a managed port.
port_says() {
	local rest
	lab info ports || return 1
	rest=${lab_answer#*policy_port="$1" }
	[[ "$rest" != "$lab_answer" && " ${rest%%;*}" == *" $2=$3 "* ]]
}

# device_says HOST FIELD VALUE [VLAN]
device_says() {
	lab device get of="$1" vlan="${4:-10}" && [[ " $lab_answer " == *" $2=$3 "* ]]
}

# of HOST FIELD: of the device's record.
of() { lab device get of="$1" && lab_field "$2"; }

# stat_value HOOK/REASON: sets $REPLY to the counter.
stat_value() {
	lab stats "$1" || return 1
	REPLY=${lab_answer#ok }
}
stat_of() { stat_value "$1" && echo "$REPLY"; }

is_up() { ip -n "$1" link show "$2" | grep -q '[<,]UP[,>]'; }

# ports_are up|down PORT...: of the gateway, all of them.
ports_are() {
	local want=$1 port is
	shift
	for port in "$@"; do
		is=down
		! is_up gw "$port" || is=up
		[ $is = "$want" ] || return 1
	done
}

# ports_set up|down PORT...
ports_set() {
	local want=$1 port
	shift
	for port in "$@"; do
		echo "link set $port $want"
	done | ip -n gw -batch -
}

# Whether every port of the bridge forwards.
forwarding() {
	local ports
	read -ra ports <<< "$HOUSE_PORTS"
	[ "$(bridge -n gw link show | grep -c 'state forwarding')" -ge ${#ports[@]} ]
}

# brnf_calls 0|1: whether br_netfilter sends bridged packets through the hooks of IP.
brnf_calls() { need_lab sysctl ns=gw net/bridge/bridge-nf-call-iptables="$1" net/bridge/bridge-nf-call-ip6tables="$1"; }

# A test that brings a module of its own, or does without.
without_module() { [ ! -e /sys/module/cordon ] || rmmod cordon 2> /dev/null || skip_all "cordon.ko is armed"; }

# load_variant VARIANT NAME: a control build of the module, one that the test's head names.
load_variant() {
	without_module
	modprobe -qa nf_conntrack_bridge nf_defrag_ipv6 2> /dev/null
	plain_if "$2" insmod "/tests/$1/cordon.ko"
	on_exit rmmod cordon
}

# A frame of each: a bridge that knows where everybody is floods nothing, and what it floods meets the bridge hook once a port.
teach_bridge() {
	local it from to port
	for it in "d1 d2 5000" "d2 d3 6000" "d3 d2 6000" "d4 d2 5000"; do
		read -r from to port <<< "$it"
		lab send n=1 udp from="$from" to="$to" dport="$port"
	done
}

# apart COMMAND...: lab commands, a line each, by a process of its own, so that the streams of the resident one keep running.
apart() {
	local line
	for line in "$@"; do
		echo "$line"
	done > "$BLOBS/apart"
	command lab < "$BLOBS/apart" > "$BLOBS/said"
	! grep -v '^ok' "$BLOBS/said"
}

# ---- policies

# blob NAME: policies/NAME.yaml, compiled; its path.
blob() {
	[ -e "$BLOBS/$1" ] || mkblob "$POLICIES/$1.yaml" "$BLOBS/$1" || return 1
	echo "$BLOBS/$1"
}

load_module() { need_module; }

arm() {
	load_module
	if [ "$LAYERS" = both ]; then
		load_layers "$POLICIES/$1.yaml" || return 1
	else
		need_lab ruleset load ns=gw file="$(blob "$1")" || return 1
	fi
	need_lab kernel ns=gw && on_exit lab info disarm
}

# load_layers FILE: a policy into the module and into nftables, as at boot.
load_layers() {
	need_tool cordon
	ok_if "plain: the policy is loaded in both layers" in_ns gw cordon load --state-dir "$BLOBS/state" "$1" &&
		in_ns gw nft list table inet cordon > /dev/null && in_ns gw nft list table bridge cordon > /dev/null
}

# ---- the house

# Everybody but the gateway.
house_hosts() {
	local n
	for n in $HOUSE_PORTS; do
		echo "d$n"
	done
	echo st wn mg
}

house_namespaces() {
	local ns
	for ns in gw $(house_hosts); do
		echo "netns add $ns"
		namespaces+=("$ns")
	done > "$BLOBS/batch"
	ip -batch "$BLOBS/batch"
}

house_links() {
	local n
	for n in $HOUSE_PORTS; do
		echo "link add p$n netns gw address 02:00:00:00:ee:0$n type veth peer name eth0 address $(mac_of "$n") netns d$n"
	done
	echo "link add office netns gw address 02:00:00:00:fe:01 type veth peer name eth0 address 02:00:00:00:fd:01 netns st"
	echo "link add wan netns gw address 02:00:00:00:fe:02 type veth peer name eth0 address 02:00:00:00:fd:02 netns wn"
	echo "link add mgmt netns gw address 02:00:00:00:fe:03 type veth peer name eth0 address 02:00:00:00:fd:03 netns mg"
}

house_gateway() {
	local n
	echo "link set lo up"
	echo "link add br0 address $GW_MAC type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping ${HOUSE_SNOOPING:-0}" \
		"forward_delay 0 stp_state 0"
	for n in $HOUSE_PORTS; do
		echo "link set p$n master br0 up"
	done
	for n in br0 office wan mgmt; do
		echo "link set $n up"
	done
	for n in 10 20; do
		echo "link add link br0 name br0.$n type vlan id $n"
		echo "link set br0.$n up"
		echo "addr add 10.$n.0.254/16 dev br0.$n"
		echo "addr add fd00:$n::fe/32 dev br0.$n nodad"
	done
	echo "addr add 10.30.0.254/24 dev office"
	echo "addr add fd00:30::fe/64 dev office nodad"
	echo "addr add 198.51.100.254/24 dev wan"
	echo "addr add 2001:db8:1::fe/64 dev wan nodad"
	echo "addr add 192.0.2.254/24 dev mgmt"
	echo "addr add 2001:db8:2::fe/64 dev mgmt nodad"
}

house_vlans() {
	local n
	for n in 10 20; do
		echo "vlan add dev br0 vid $n self"
	done
	for n in $HOUSE_PORTS; do
		[ "$n" = 5 ] || echo "vlan add dev p$n vid 10 pvid untagged"
	done
	echo "vlan add dev p4 vid 20"
	echo "vlan add dev p5 vid 20 pvid untagged"
}

# The hosts: name, namespace, interface there, where, suffix of the MAC, IPv4, IPv6.
mapfile -t HOSTS <<-'HOSTS'
	d1 d1 eth0 10 00:01 10.10.1.1 fd00:10:1::1
	d2 d2 eth0 10 00:02 10.10.2.2 fd00:10:2::2
	d3 d3 eth0 10 00:03 10.10.2.3 fd00:10:2::3
	d4 d4 eth0 10 00:04 10.10.1.4 fd00:10:1::4
	d4t d4 eth0.20 20 00:44 10.20.3.4 fd00:20:3::4
	d5 d5 eth0 20 00:05 10.20.3.5 fd00:20:3::5
	d6 d6 eth0 10 00:06 10.10.7.6 fd00:10:7::6
	st st eth0 office fd:01 10.30.0.1 fd00:30::1
	wn wn eth0 wan fd:02 198.51.100.1 2001:db8:1::1
	mg mg eth0 mgmt fd:03 192.0.2.1 2001:db8:2::1
HOSTS
[[ " $HOUSE_PORTS " != *" 7 "* ]] || HOSTS+=("d7 d7 eth0 10 00:17 10.10.9.7 fd00:10:9::7")
[[ " $HOUSE_PORTS " != *" 8 "* ]] || HOSTS+=("d8 d8 eth0 10 00:18 10.10.8.8 fd00:10:8::8")

# The gateway as a host behind an interface sees it: MAC, IPv4, IPv6, prefix lengths.
declare -A GATEWAY=(
	[10]="$GW_MAC 10.10.0.254 fd00:10::fe 16 32" [20]="$GW_MAC 10.20.0.254 fd00:20::fe 16 32"
	[office]="02:00:00:00:fe:01 10.30.0.254 fd00:30::fe 24 64" [wan]="02:00:00:00:fe:02 198.51.100.254 2001:db8:1::fe 24 64"
	[mgmt]="02:00:00:00:fe:03 192.0.2.254 2001:db8:2::fe 24 64"
)

house_neighbours() {
	local line name ns dev where mac ip4 ip6
	for line in "${HOSTS[@]}"; do
		read -r name ns dev where mac ip4 ip6 <<< "$line"
		case $where in
		10 | 20) where=br0.$where ;;
		esac
		echo "neigh replace $ip4 lladdr 02:00:00:00:$mac dev $where nud permanent"
		echo "neigh replace $ip6 lladdr 02:00:00:00:$mac dev $where nud permanent"
	done
}

# host_stack NAME: addresses, routes and fixed neighbours of one host; ARP and ND are other tests' concern.
host_stack() {
	local line name ns dev where mac ip4 ip6 gwmac gw4 gw6 plen plen6
	local pname pns pdev pwhere pmac pip4 pip6
	for line in "${HOSTS[@]}"; do
		[ "${line%% *}" != "$1" ] || read -r name ns dev where mac ip4 ip6 <<< "$line"
	done
	read -r gwmac gw4 gw6 plen plen6 <<< "${GATEWAY[$where]}"
	[ "$dev" != eth0.20 ] || echo "link add link eth0 name eth0.20 address 02:00:00:00:$mac up type vlan id 20"
	echo "addr add $ip4/$plen dev $dev"
	echo "addr add $ip6/$plen6 dev $dev nodad"
	echo "route add default via $gw4"
	echo "route add default via $gw6"
	echo "neigh replace $gw4 lladdr $gwmac dev $dev nud permanent"
	echo "neigh replace $gw6 lladdr $gwmac dev $dev nud permanent"
	for line in "${HOSTS[@]}"; do
		read -r pname pns pdev pwhere pmac pip4 pip6 <<< "$line"
		[ "$pwhere" = "$where" ] && [ "$pname" != "$name" ] || continue
		echo "neigh replace $pip4 lladdr 02:00:00:00:$pmac dev $dev nud permanent"
		echo "neigh replace $pip6 lladdr 02:00:00:00:$pmac dev $dev nud permanent"
	done
}

# house_alive NAME...: these hosts get a stack. d4 has one for d4t alone: two in one namespace would answer for each other.
house_alive() {
	local name ns
	for name in "$@"; do
		ns=${name%t}
		[ "$name" != st ] || ns=st
		need_lab sysctl ns="$ns" net/ipv6/conf/all/disable_ipv6=0 net/ipv6/conf/default/disable_ipv6=0 \
			net/ipv6/conf/eth0/disable_ipv6=0 || return 1
		ip -n "$ns" -batch - <<< "$(host_stack "$name")" || return 1
	done
}

lab_hosts() {
	local line name ns dev where mac ip4 ip6 vlan
	for line in "${HOSTS[@]}"; do
		read -r name ns dev where mac ip4 ip6 <<< "$line"
		vlan=
		[ "$name" != d4t ] || vlan=vlan=20
		need_lab host name="$name" ns="$ns" tap="$ns" mac="02:00:00:00:$mac" ip4="$ip4" ip6="$ip6" "$vlan" || return 1
		[ "$name" = d4t ] || need_lab tap name="$ns" ns="$ns" if=eth0 || return 1
	done
	need_lab host name=roamer ns=d3 tap=d3 mac=02:00:00:00:00:07 ip4=10.10.1.7 ip6=fd00:10:1::7
	need_lab host name=held ns=d6 tap=d6 mac=02:00:00:00:00:0c ip4=10.10.9.12
	need_lab host name=gw ns=gw tap=gw mac=$GW_MAC ip4=10.10.0.254 ip6=fd00:10::fe
	need_lab host name=gw20 ns=gw tap=gw mac=$GW_MAC ip4=10.20.0.254 ip6=fd00:20::fe
	need_lab host name=gwo ns=gw tap=office mac=02:00:00:00:fe:01 ip4=10.30.0.254 ip6=fd00:30::fe
	need_lab host name=gww ns=gw tap=uplink mac=02:00:00:00:fe:02 ip4=198.51.100.254 ip6=2001:db8:1::fe
	need_lab host name=gwm ns=gw tap=mgmt mac=02:00:00:00:fe:03 ip4=192.0.2.254 ip6=2001:db8:2::fe
	# What reached the gateway itself: br0 gets what is for the box; on routed ports single ethertypes are seen behind the hook.
	need_lab tap name=gw ns=gw if=br0 inner
	need_lab tap name=office ns=gw if=office proto=0x0800,0x86dd,0x0806,0x88cc inner
	need_lab tap name=uplink ns=gw if=wan proto=0x0800,0x86dd,0x0806 inner
}

house_quiet() {
	local ns
	# A softirq that comes late (a busy machine under User-Mode Linux) loses nothing: frames wait here twice, between the hooks' counts.
	sysctl -qw net.core.netdev_max_backlog=20000 || return 1
	for ns in $(house_hosts); do
		need_lab sysctl ns="$ns" net/ipv6/conf/all/disable_ipv6=1 net/ipv6/conf/default/disable_ipv6=1 \
			net/ipv6/conf/default/accept_dad=0 net/ipv6/conf/default/router_solicitations=0 \
			net/ipv6/conf/default/addr_gen_mode=1 net/ipv4/icmp_ratemask=0 net/ipv6/icmp/ratelimit=0 || return 1
	done
	need_lab sysctl ns=gw net/ipv4/ip_forward=1 net/ipv6/conf/all/forwarding=1 net/ipv6/conf/default/accept_dad=0 \
		net/ipv6/conf/all/accept_dad=0 net/ipv4/conf/all/rp_filter=0 net/ipv4/conf/default/rp_filter=0 \
		net/ipv4/icmp_ratemask=0 net/ipv6/icmp/ratelimit=0 net/ipv6/conf/default/router_solicitations=0
}

house_up() {
	local ns
	lab_start
	house_namespaces || return 1
	house_quiet || return 1
	ip -batch - <<< "$(house_links)" || return 1
	ip -n gw -batch - <<< "$(house_gateway)" || return 1
	bridge -n gw -batch - <<< "$(house_vlans)" || return 1
	for ns in $(house_hosts); do
		ip -n "$ns" -batch - <<< $'link set lo up\nlink set eth0 up' || return 1
	done
	ip -n gw -batch - <<< "$(house_neighbours)" || return 1
	[ "$1" != alive ] || house_alive d1 d2 d3 d4t d5 st wn mg || return 1
	wait_for 5 house_ready || return 1
	lab_hosts
}

house_ready() {
	[ "$(ip -n gw -o link show up | grep -c 'state UP')" -ge 12 ]
}

start_house() {
	if ! house_up "$@"; then
		ok_if "plain: the house stands" false
		exit 1
	fi
}

# The uplink's translation, that is nftables' work and not the module's. The nftables layer has its own.
nat_up() {
	[ "$LAYERS" != both ] || return 0
	in_ns gw nft -f - <<-'NFT'
		table ip labnat {
			chain post { type nat hook postrouting priority 100; oifname "wan" masquerade; }
		}
	NFT
}
