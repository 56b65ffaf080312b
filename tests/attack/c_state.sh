#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
#
# C1-C5: what is under way while the policy changes.
. "$(dirname "$0")/lib_attack.sh"
. "$(dirname "$0")/lib_daemon.sh"
start_house
nat_up

P=$(blob attack) Q=$(blob attack-tight)
HERE=$(blob attack-here) THERE=$(blob attack-there)
cp "$POLICIES/attack.yaml" "$POLICY"
tighten() { need_lab ruleset load ns=gw file="$Q"; }
loosen() { need_lab ruleset load ns=gw file="$P"; }
hold() { need_lab device quarantine of="$1" vlan="${2:-10}"; }
free() { need_lab device release of="$1" vlan="${2:-10}"; }

# outlives NAME AT HOOK/REASON FRAME [OPTION...]: the frame of a flow that runs, before and after the policy is tightened.
outlives() {
	local name=$1 at=$2 drop=$3 frame=$4
	shift 4
	cell "$name" "$at" "$drop" "$frame" "$at" "$frame" between=tighten after=loosen "$@"
}

DATA="flags=PA seq=1001 ack=2001"
BACK="flags=PA seq=2001 ack=1001"

row_C1() {
	title "a flow that runs outlives the policy that allowed it"
	outlives udp/4 d2 ingress/service "udp from=d1 to=d2 sport=43000 dport=5000"
	outlives udp/6 d2 ingress/service "udp6 from=d1 to=d2 sport=43000 dport=5000"
	outlives udp-back/4 d1 ingress/service "udp from=d2 to=d1 sport=5001 dport=43001" "before=lab send udp from=d1 to=d2 sport=43001 dport=5001"
	outlives udp-back/6 d1 ingress/service "udp6 from=d2 to=d1 sport=5001 dport=43001" "before=lab send udp6 from=d1 to=d2 sport=43001 dport=5001"
	outlives ping/4 d2 ingress/service "icmp from=d1 to=d2"
	outlives ping/6 d2 ingress/service "icmp6 from=d1 to=d2"
	outlives tcp/4 d2 ingress/service "tcp from=d1 to=d2 sport=43002 dport=443 $DATA" "before=shake d1 d2 43002 443"
	outlives tcp/6 d2 ingress/service "tcp6 from=d1 to=d2 sport=43002 dport=443 $DATA" "before=shake d1 d2 43002 443 six"
	outlives tcp-back/4 d1 ingress/service "tcp from=d2 to=d1 sport=443 dport=43003 $BACK" "before=shake d1 d2 43003 443"
	outlives trunk-tcp/4 d2 ingress/service "tcp from=d4 to=d2 sport=43002 dport=443 $DATA" "before=shake d4 d2 43002 443"
	outlives routed-udp/4 d5 ingress/pair "udp from=d1 to=d5 via=gw sport=43004 dport=5000"
	outlives routed-udp/6 d5 ingress/pair "udp6 from=d1 to=d5 via=gw sport=43004 dport=5000"
	outlives routed-tcp/4 d5 ingress/pair "tcp from=d1 to=d5 via=gw sport=43005 dport=443 $DATA" "before=shake d1 d5 43005 443 via=gw back=via=gw20"
	outlives routed-tcp/6 d5 ingress/pair "tcp6 from=d1 to=d5 via=gw sport=43005 dport=443 $DATA" "before=shake d1 d5 43005 443 six via=gw back=via=gw20"
	outlives routed-back/4 d1 ingress/pair "udp from=d5 to=d1 via=gw20 sport=5002 dport=43006" "before=lab send udp from=d1 to=d5 via=gw sport=43006 dport=5002"
	outlives routed-trunk/4 d4 ingress/pair "udp from=d1 to=d4t via=gw sport=43007 dport=5000"
	outlives zone-port/4 d1 ingress/service "udp from=st to=d1 via=gwo sport=43008 dport=7000"
	outlives zone-port/6 d1 ingress/service "udp6 from=st to=d1 via=gwo sport=43008 dport=7000"
	outlives uplink/4 wn ingress/service "udp from=d1 to=wn via=gw sport=43009 dport=5000"
	outlives gateway/4 gw ingress/service "icmp from=d1 to=gw"
	outlives gateway/6 gw ingress/service "icmp6 from=d1 to=gw"
}

# by_flowtable NAME AT FRAME [OPTION...]: the same, of a flow that no hook behind ingress sees any more.
by_flowtable() {
	local name=$1 at=$2 drop=$3 frame=$4
	shift 4
	outlives "$name" "$at" "$drop" "$frame" "between=stands $name $at \"$frame\"; tighten" "$@"
}

stands() { check "$1 goes past the forward hook" offloaded "$2" $3; }
flows_of() { in_ns gw conntrack -L 2> /dev/null | grep -c "$1"; }
has_flow() { [ "$(flows_of "$1")" -gt 0 ]; }
lacks_flow() { [ "$(flows_of "$1")" = 0 ]; }

both_speak() {
	local frame="udp from=d1 to=d5 via=gw sport=43011 dport=5000"
	lab send n=1 $frame && lab send n=1 udp from=d5 to=d1 via=gw20 sport=5000 dport=43011 && lab send n=2 $frame
}

# By the daemon, which owns the conntracks: those that the policy of the moment denies are gone with the answer, others are not.
conntracks() {
	if ! check "the daemon starts" daemon_start || ! check "and applies the policy" c apply; then
		return
	fi
	lab send n=3 udp from=d1 to=d5 via=gw sport=43020 dport=5000
	lab send n=3 udp from=d4 to=d2 sport=43021 dport=5060
	lab send n=3 udp from=d1 to=d2 sport=43022 dport=5000
	check "three flows run" eval "has_flow sport=43020 && has_flow sport=43021 && has_flow sport=43022"
	check "a device is quarantined" c quarantine cam1
	check "its flows are gone with the answer" eval "lacks_flow sport=43020 && lacks_flow sport=43022"
	check "others are not" has_flow sport=43021
	check "it is released" c release cam1
	lab send n=3 udp from=d1 to=d5 via=gw sport=43020 dport=5000
	lab send n=3 udp from=d1 to=d2 sport=43022 dport=5060
	cp "$POLICIES/attack-tight.yaml" "$POLICY"
	check "the policy is tightened" c apply
	check "the flow that it denies is gone with the answer" lacks_flow sport=43020
	check "those that it allows are not" eval "has_flow sport=43021 && has_flow sport=43022"
}

row_C2() {
	title "a flow that a flowtable carries past the forward hook"
	offload_up p1 p4 p5 office
	by_flowtable udp/4 d5 ingress/pair "udp from=d1 to=d5 via=gw sport=43010 dport=5000"
	by_flowtable udp/6 d5 ingress/pair "udp6 from=d1 to=d5 via=gw sport=43010 dport=5000"
	by_flowtable udp-back/4 d1 ingress/pair "udp from=d5 to=d1 via=gw20 sport=5000 dport=43011" "before=both_speak"
	by_flowtable tcp/4 d5 ingress/pair "tcp from=d1 to=d5 via=gw sport=43012 dport=443 $DATA" "before=shake d1 d5 43012 443 via=gw back=via=gw20"
	by_flowtable tcp/6 d5 ingress/pair "tcp6 from=d1 to=d5 via=gw sport=43012 dport=443 $DATA" "before=shake d1 d5 43012 443 six via=gw back=via=gw20"
	by_flowtable trunk/4 d4 ingress/pair "udp from=d1 to=d4t via=gw sport=43013 dport=5000"
	by_flowtable zone-port/4 d1 ingress/service "udp from=st to=d1 via=gwo sport=43014 dport=7000"
	by_flowtable zone-port/6 d1 ingress/service "udp6 from=st to=d1 via=gwo sport=43014 dport=7000"
	by_flowtable quarantine/4 d5 ingress/quarantine "udp from=d1 to=d5 via=gw sport=43015 dport=5000" "between=stands quarantine/4 d5 \"udp from=d1 to=d5 via=gw sport=43015 dport=5000\"; hold d1" "after=free d1"
	by_flowtable quarantine/6 d5 ingress/quarantine "udp6 from=d1 to=d5 via=gw sport=43015 dport=5000" "between=stands quarantine/6 d5 \"udp6 from=d1 to=d5 via=gw sport=43015 dport=5000\"; hold d1" "after=free d1"
	by_flowtable peer-quarantine/4 d1 ingress/quarantine "udp from=st to=d1 via=gwo sport=43016 dport=7000" "between=stands peer-quarantine/4 d1 \"udp from=st to=d1 via=gwo sport=43016 dport=7000\"; hold d1" "after=free d1"
	offload_down
	playing armed && conntracks && back_to_the_module
}

# Without the daemon and its layer again.
back_to_the_module() {
	daemon_stop
	daemon_pid=
	in_ns gw nft delete table inet cordon
	in_ns gw nft delete table bridge cordon
	loosen
	cp "$POLICIES/attack.yaml" "$POLICY"
}

# A program for `turns`: a: cordon release, b: cordon quarantine.
command_of_a_turn() {
	cat > "$BLOBS/turn" <<-SCRIPT
		#!/bin/bash
		verb=release
		[ \$1 = a ] || verb=quarantine
		exec ip netns exec gw cordon \$verb cam1 --socket $SOCKET --state-dir $DAEMON/state > $BLOBS/turned 2>&1
	SCRIPT
	chmod +x "$BLOBS/turn"
}

by_command() {
	playing control || { check "the daemon starts" daemon_start && check "and applies the policy" c apply && command_of_a_turn; }
	take_turns command $(($(many 5 1000) * 2)) script="$BLOBS/turn"
	! playing armed || grep -q . "$BLOBS/turned" && sed 's/^/# /' "$BLOBS/turned"
	playing control || back_to_the_module
}

row_C3() {
	title "a device is quarantined while it sends"
	KINDS=("in=a at=d2 udp from=d1 to=d2 sport=43030 dport=5000" "in=a at=d2 udp6 from=d1 to=d2 sport=43030 dport=5000"
		"in=a at=d1 udp from=d2 to=d1 sport=5000 dport=43030" "in=both at=d2 udp from=d4 to=d2 sport=43030 dport=5000")
	take_turns bridged $(($(many 50 1000) * 2)) quarantine=d1
	KINDS=("in=a at=d5 udp from=d1 to=d5 via=gw sport=43031 dport=5000" "in=a at=d5 udp6 from=d1 to=d5 via=gw sport=43031 dport=5000"
		"in=a at=d1 udp from=st to=d1 via=gwo sport=43031 dport=7000" "in=both at=d5 udp from=d4 to=d5 via=gw sport=43031 dport=5000")
	take_turns routed $(($(many 50 1000) * 2)) quarantine=d1
	offload_up p1 p4 p5 office
	take_turns offloaded $(($(many 50 1000) * 2)) quarantine=d1
	! playing armed || check "and it was offloaded" offloaded d5 udp from=d1 to=d5 via=gw sport=43031 dport=5000
	by_command
	offload_down
}

row_C4() {
	title "a device changes its zone while it sends"
	local family to via dport
	KINDS=()
	for family in udp udp6; do
		for to in "d2 d2" "d5 d5 via=gw"; do
			read -r at to via <<< "$to"
			for dport in "a 5001" "b 5002" "never 5003"; do
				KINDS+=("in=${dport% *} at=$at $family from=d1 to=$to $via sport=43040 dport=${dport#* }")
			done
		done
	done
	take_turns bridged-routed "$(many 20 2000)" a="$HERE" b="$THERE"
	KINDS=("in=a at=d4 udp from=d1 to=d4t via=gw sport=43041 dport=5001" "in=b at=d4 udp from=d1 to=d4t via=gw sport=43041 dport=5002"
		"in=never at=d4 udp from=d1 to=d4t via=gw sport=43041 dport=5003" "in=never at=d4 udp from=d1 to=d4t via=gw sport=43041 dport=5004")
	take_turns trunk "$(many 20 2000)" a="$HERE" b="$THERE"
	offload_up p1 p4 p5
	take_turns offloaded "$(many 20 2000)" a="$HERE" b="$THERE"
	offload_down
	playing control || loosen
}

row_C5() {
	title "the policy is swapped under load"
	KINDS=("in=both at=d2 udp from=d1 to=d2 sport=43050 dport=5060" "in=both at=d2 udp6 from=d1 to=d2 sport=43050 dport=5060"
		"in=a at=d2 udp from=d1 to=d2 sport=43050 dport=5000" "in=a at=d2 udp6 from=d1 to=d2 sport=43050 dport=5000"
		"in=b at=d1 tcp from=d2 to=d1 sport=43050 dport=8443" "in=b at=d1 tcp6 from=d2 to=d1 sport=43050 dport=8443"
		"in=a at=d5 udp from=d1 to=d5 via=gw sport=43050 dport=5000" "in=never at=d3 udp from=d1 to=d3 sport=43050 dport=4999")
	take_turns bridged-routed "$(many 20 10000)" a="$P" b="$Q"
	offload_up p1 p4 p5 office
	KINDS=("in=both at=d1 tcp from=st to=d1 via=gwo sport=43051 dport=443" "in=both at=d1 tcp6 from=st to=d1 via=gwo sport=43051 dport=443"
		"in=a at=d1 udp from=st to=d1 via=gwo sport=43051 dport=7000" "in=a at=d5 udp from=d1 to=d5 via=gw sport=43051 dport=5000"
		"in=a at=d5 udp6 from=d1 to=d5 via=gw sport=43051 dport=5000" "in=a at=d4 udp from=d1 to=d4t via=gw sport=43051 dport=5000")
	take_turns offloaded "$(many 20 10000)" a="$P" b="$Q"
	offload_down
	playing control || loosen
	cell between-stage-and-commit/4 d2 ingress/quarantine "udp from=d1 to=d2 sport=43052 dport=5060" d2 "udp from=d1 to=d2 sport=43052 dport=5060" "between=lab ruleset staged file=$Q; hold d1; lab ruleset commit; lab ruleset close" "after=free d1; loosen"
	cell between-stage-and-commit/6 d2 ingress/quarantine "udp6 from=d1 to=d2 sport=43052 dport=5060" d2 "udp6 from=d1 to=d2 sport=43052 dport=5060" "between=lab ruleset staged file=$Q; hold d1; lab ruleset commit; lab ruleset close" "after=free d1; loosen"
	defect grace_period quarantine_not_merged commit_releases
}

bench
