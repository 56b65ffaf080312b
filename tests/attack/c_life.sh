#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# modules: foil
# timeout: 300
#
# C9-C11: the module and its daemon come and go.
. "$(dirname "$0")/lib_attack.sh"
. "$(dirname "$0")/lib_daemon.sh"
start_house
P=$(blob attack)
cp "$POLICIES/attack.yaml" "$POLICY"
CAM="udp from=d1 to=d2 dport=5000"
CAM6="udp6 from=d1 to=d2 dport=5000"

loaded() { [ -e /sys/module/cordon ]; }
refused() { ! rmmod cordon && loaded; }

BRIDGED=$(printf 'p%s ' $HOUSE_PORTS)

ports_up() {
	ports_set up $BRIDGED
	need_lab sysctl ns=gw net/ipv4/ip_forward=1 net/ipv6/conf/all/forwarding=1
	wait_for 5 forwarding
}
no_layers() {
	in_ns gw nft delete table inet cordon
	in_ns gw nft delete table bridge cordon
}

# ---- C9

row_C9() {
	title "the module is unloaded, or its hooks are taken away"
	defect unload_while_armed
	if playing control; then
		no_unload_without
	else
		unloading
	fi
	cell armed-again/4 d2 ingress/service "udp from=d1 to=d2 dport=4999" d2 "$CAM"
}

unloading() {
	canary_on
	check "an armed module is not unloaded" refused
	check "the daemon starts" daemon_start
	check "and applies the policy" c apply
	check "with it, it is not" refused
	daemon_end
	daemon_pid=
	check "nor when the daemon is killed" refused
	hooks_missed
	canary_sent
	check "nothing of what is denied has passed" canary_off
	account_anew
	forced_disarm
}

# What is to be seen without the module: nothing is refused, everything passes.
no_unload_without() {
	canary_on
	canary_sent
	lab stream canary stop
	check "without cordon the canary arrives" [ "$(lab_field arrived)" = "$(lab_field sent)" ]
}

missed() { lab events wait ms=1000 type=hooks missing="$1"; }
port_alert() { lab events wait ms=1000 type=port port="$1" findings="$2"; }

hooks_missed() {
	local it family hook bits
	# A hook of family inet is two places, for IPv4 and IPv6.
	for it in "1 2 3" "1 1 12" "7 2 64" "7 3 256"; do
		read -r family hook bits <<< "$it"
		lab events clear
		check "hook $hook of family $family is taken away" in_ns gw modprobe foil family="$family" hook="$hook"
		check "and is missed within a second" missed "$bits"
		rmmod foil
		check "it is told when it is back" missed 0
	done
	for hook in 0 1; do
		lab events clear
		check "hook $hook of port p1 is taken away" in_ns gw modprobe foil family=5 hook=$hook port=p1
		check "and is missed within a second" port_alert p1 512
		canary_sent
		rmmod foil
		check "it is told when it is back" port_alert p1 0
	done
}

forced_disarm() {
	canary_on
	check "it is disarmed by force" c disarm --console
	check "the ports are down then" ports_are down $BRIDGED
	check "it is unloaded" rmmod cordon
	canary_sent
	check "nothing of what is denied has passed" canary_off
	no_layers
	ports_up
	armed_anew "$P"
}

# ---- C10

# boots: as at boot: the module, the last policy, then the ports; frames wait at every door.
boots() {
	lab info disarm
	rmmod cordon
	ports_set down $BRIDGED
	canary_on
	lab stream first start at=d2 ms=1 udp from=d4 to=d2 sport=43091 dport=5000
	modprobe cordon && in_ns gw cordon load --state-dir "$BLOBS/boot" "$POLICIES/attack.yaml" && ports_up
}
row_C10() {
	title "frames that wait while the box boots"
	cell boot/4 d2 ingress/service "udp from=d1 to=d2 dport=4999" d2 "$CAM"
	! playing armed || boot_again_and_again
}

boot_again_and_again() {
	local n
	for ((n = 0; n < $(many 3 200); n++)); do
		boots > /dev/null || { check "boot $n" false; break; }
		lab stream first wait n=30
		lab stream first stop
		[ "$(lab_field arrived)" -gt 0 ] || check "boot $n: what is allowed passes afterwards" false
		canary_sent
		canary_off || { check "boot $n: nothing of what is denied has passed" false; break; }
	done
	check "$n boots, the canary at the door" [ "$n" = "$(many 3 200)" ]
	no_layers
	need_lab kernel ns=gw
	need_lab ruleset load ns=gw file="$P"
	need_lab events open
	account_anew
}

# ---- C11

unchanged() {
	cell "$1-service/4" d2 ingress/service "udp from=d1 to=d2 dport=4999" d2 "$CAM"
	cell "$1-service/6" d2 ingress/service "udp6 from=d1 to=d2 dport=4999" d2 "$CAM6"
	cell "$1-mac/4" d3 ingress/device-port "udp from=d1 to=d3 smac=d2 src=d2 dport=6000" d3 "udp from=d2 to=d3 dport=6000"
	cell "$1-routed/4" d5 ingress/service "udp from=d1 to=d5 via=gw dport=4999" d5 "udp from=d1 to=d5 via=gw dport=5000"
	cell "$1-routed/6" d5 ingress/service "udp6 from=d1 to=d5 via=gw dport=4999" d5 "udp6 from=d1 to=d5 via=gw dport=5000"
	cell "$1-quarantine/4" d2 ingress/quarantine "udp from=d7 to=d2 dport=5000" d2 "$CAM"
}

row_C11() {
	local core
	title "the daemon hangs, or is killed"
	if playing armed; then
		check "the daemon starts" daemon_start
		check "and applies the policy" c apply
		core=$(core_pid)
	fi
	unchanged daemon
	! playing armed || kill -STOP "$daemon_pid" "$core"
	unchanged hung
	if playing armed; then
		kill -CONT "$daemon_pid" "$core"
		daemon_end
		daemon_pid=
	fi
	unchanged killed
	! playing armed || no_layers
}

bench
