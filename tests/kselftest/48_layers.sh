#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# Each of the two layers, the module and nftables, denies by itself what the policy denies. `cordon load` puts both in place. Then
#
#   release module     nftables is flushed, and the module denies;
#   accept module      (CORDON_VARIANT=accept, booted by stage_control.py) it judges and writes its marks as ever and then accepts
#                      everything (kmod/segment/test.h): nftables denies, and the counter of the chain that has to do it says so.
#
# The same starts succeed before there is a policy, and again when neither layer denies.
. "$(dirname "$0")/lib_lab.sh"
need_tool cordon nft
start_house alive
load_module
need_lab kernel ns=gw || exit 1
on_exit lab info disarm
on_exit in_ns gw nft flush ruleset

load() { in_ns gw cordon load "$(dirname "$0")/policies/$1.yaml" --state-dir "$BLOBS/state"; }
flush() { in_ns gw nft flush ruleset; }
module_alone() { [ "${CORDON_VARIANT:-release}" = release ]; }

# name | the module's hook and reason | the chain of nftables | a start that the policy denies
mapfile -t DENIED <<-'DENIED'
	bridged, a start against the flow | ingress/service | bridge video.cams | tcp from=d2 to=d1 port=443
	bridged, a start against the flow, IPv6 | ingress/service | bridge video.cams | tcp six from=d2 to=d1 port=443
	bridged, another service | ingress/service | bridge cams.video | tcp from=d1 to=d2 port=22
	bridged, another service, IPv6 | ingress/service | bridge cams.video | udp six from=d1 to=d2 port=4999
	bridged, a ping against the flow | ingress/service | bridge video.cams | ping from=d2 to=d1
	bridged, nothing links them | ingress/pair | bridge - | udp from=d5 to=d4t port=5000
	bridged, nothing links them, IPv6 | ingress/pair | bridge - | tcp six from=d5 to=d4t port=443
	routed, a start against the flow | ingress/service | inet meters.cams | tcp from=d5 to=d1 port=443
	routed, a start against the flow, IPv6 | ingress/service | inet meters.cams | udp six from=d5 to=d1 port=5000
	routed, another service | ingress/service | inet cams.meters | tcp from=d1 to=d5 port=22
	routed, another service, IPv6 | ingress/service | inet cams.meters | tcp six from=d1 to=d5 port=22
	routed, nothing links them | ingress/pair | inet - | tcp from=d2 to=d5 port=443
	routed, nothing links them, IPv6 | ingress/pair | inet - | ping six from=d2 to=d5
	a device starts to the office | ingress/service | inet cams.staff | tcp from=d1 to=st port=443
	the internet starts to a device | ingress/service | inet wan.cams | tcp six from=wn to=d1 port=443
	the gateway's other port | ingress/service | inet cams.gateway | tcp from=d1 to=gw port=22
	the gateway's other port, IPv6 | ingress/service | inet cams.gateway | udp six from=d1 to=gw port=123
	the gateway starts another service | local-out/service | inet gateway.cams | tcp from=gw to=d1 port=22
DENIED

mapfile -t ALLOWED <<-'ALLOWED'
	bridged | tcp from=d1 to=d2 port=443
	bridged, IPv6 | tcp six from=d1 to=d2 port=443
	bridged ping | ping from=d1 to=d2
	routed | tcp from=d1 to=d5 port=443
	routed, IPv6 | udp six from=d1 to=d5 port=5000
	the office starts to a device | tcp from=st to=d1 port=443
	the gateway's resolver | udp from=d1 to=gw port=53
	the gateway starts to a device, IPv6 | tcp six from=gw to=d1 port=8080
	to the internet, IPv6 | tcp six from=d1 to=wn port=443
ALLOWED

# What the drops count: "FAMILY CHAIN N" a line. A listing takes seconds under User-Mode Linux, so one stands for many cases.
counted() {
	in_ns gw nft list ruleset | awk '$1 == "table" { family = $2 } $1 == "chain" { chain = $2 }
		/counter packets/ { for (i = 1; i < NF; i++) if ($i == "packets") n[family " " chain] += $(i + 1) }
		END { for (it in n) print it, n[it] }'
}

# watch_chains, denied_by ..., chains_counted PREFIX: one more case for every chain, that it dropped what was denied since.
declare -A expected
watch_chains() {
	expected=()
	module_alone || counted > "$BLOBS/before"
}
count_of() {
	local n
	n=$(grep "^$2 " "$BLOBS/$1")
	echo "${n##* }"
}
has_counted() { [ $(($(count_of after "$1") - $(count_of before "$1"))) -ge "${expected[$1]}" ]; }
chains_counted() {
	local chain
	module_alone && return
	counted > "$BLOBS/after"
	for chain in "${!expected[@]}"; do
		case_if deny "$1: ${expected[$chain]} starts were drops of $chain" has_counted "$chain"
	done
}

# denied_by WHERE FAMILY PAIR LAB-COMMAND...: step, denied by the one layer that is there; "-": by a chain that no pair leads out of.
denied_by() {
	local where=$1 chain="$2 g${generation}_$3"
	[ "$3" != - ] || chain="$2 forward"
	shift 3
	if module_alone; then
		step "$@" want=drop:"$where"
	else
		step "$@" want=silence ms=60
		expected[$chain]=$((${expected[$chain]:-0} + 1))
	fi
}

# denied_rows KIND PREFIX STEP: a case a line; STEP gets the line's fields.
denied_rows() {
	local line name where chain start
	for line in "${DENIED[@]}"; do
		IFS='|' read -r name where chain start <<< "$line"
		open_case "$1" "$2, ${name% }"
		"$3" $where "$chain" "$start"
		close_case
	done
}
open_start() { step probe $3 want=open; }
closed_start() { denied_by "$1" $2 probe $3; }
allowed_rows() {
	local line
	for line in "${ALLOWED[@]}"; do
		allow "$1, ${line%% |*}" probe ${line#*| } want=open
	done
}

denied_rows plain "control: before there is a policy" open_start

# ---- both layers, then one
case_if plain "both layers take the policy" load house
generation=1
allowed_rows "with both layers"
allow "with both layers, to the internet, translated" probe tcp from=d1 to=wn port=443 want=open
if module_alone; then
	case_if plain "nftables is flushed" flush
	allowed_rows "the module alone"
	denied_rows deny "the module alone" closed_start
else
	watch_chains
	denied_rows deny "nftables alone" closed_start
	chains_counted "nftables alone"
fi

# ---- established flows, whose right ends
open_flow() {
	open_case allow "$1: it stands"
	step conn "$2" "${@:3}"
	step conn "$2" echo
	close_case
}
open_flow "a bridged conversation" tcp4 tcp from=d1 to=d2 port=443
open_flow "a bridged conversation, IPv6" udp6 udp six from=d1 to=d2 port=5000
open_flow "a routed conversation" udp4 udp from=d1 to=d5 port=5000
open_flow "a routed conversation, IPv6" tcp6 tcp six from=d1 to=d5 port=443
if module_alone; then
	plain "the module takes a tighter policy" ruleset load ns=gw file="$(blob tight)"
else
	case_if plain "both layers take a tighter policy" load tight
	generation=2
fi
ended() {
	open_case deny "$1 ends with its right"
	denied_by "$3" $4 conn "$2" dead
	close_case
}
watch_chains
ended "a bridged conversation" tcp4 ingress/service "bridge cams.video"
ended "a bridged conversation, IPv6" udp6 ingress/service "bridge cams.video"
ended "a routed conversation" udp4 ingress/pair "inet -"
ended "a routed conversation, IPv6" tcp6 ingress/pair "inet -"
chains_counted "ended"

# ---- neither
neither() { if module_alone; then lab info disarm; else flush; fi; }
case_if plain "the layer that denied goes too" neither
# TCP has backed off since, and tries again when it has waited as long once more.
for flow in tcp4 udp6 udp4 tcp6; do
	plain "control: with neither, conversation $flow goes on" conn $flow echo ms=20000
done
denied_rows plain "control: with neither" open_start
