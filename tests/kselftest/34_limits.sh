#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
#
# Limits: who floods is held to what the policy grants, to 2 % over 10 s (4 s in a short run); nobody else notices; every frame is one
# that arrived or one that was counted under its own reason. The same floods pass under the same policy without limits.
. "$(dirname "$0")/lib_lab.sh"
start_house
arm unlimited || exit 1

# Who sends what where, at which rate (a second), and what it is beyond.
packets="pps=800 at=d2 over=ingress/limit-packets udp from=d1 to=d2 dport=5000"
packets6="pps=800 at=d2 over=ingress/limit-packets udp6 from=d1 to=d2 dport=5000"
up="pps=360 bits at=d2 over=ingress/limit-up udp from=d4 to=d2 dport=5000 size=1000"
down="pps=400 bits at=d3 over=egress/limit-down udp from=d2 to=d3 dport=6000 size=1000"
bridged="pps=250 at=d2 over=bridge/limit-connections udp from=roamer to=d2 dport=5000 sport=@1024..65000"
routed="pps=250 at=d5 over=forward/limit-connections udp from=roamer to=d5 via=gw dport=5000 sport=@1024..65000"
office="pps=800 at=d2 over=ingress/limit-packets udp from=st to=d2 via=gwo dport=7000 src=@10.30.0.1|10.30.0.9"
to_office="pps=400 bits at=st over=egress/limit-down udp from=d2 to=st via=gw dport=6100 size=1000"
strangers="pps=400 at=d2 over=ingress/limit-unknown udp from=d6 to=d2 dport=5500 src=10.10.8.8 smac=@02:00:00:00:00:98|02:00:00:00:00:99"

# For so long each.
how="" long="seconds=4"
[ -z "$CORDON_FULL" ] || long="seconds=10"
# The control builds ask what passes, not how much.
[ "$CORDON_VARIANT" != accept ] && [ "$CORDON_VARIANT" != deny ] || long="seconds=1"
# A debug kernel is too slow for an even flood: half as many, and never more than the limit.
if [ "$CORDON_VEHICLE" = debug ]; then
	how=atmost long="seconds=2"
	for it in packets packets6 up down bridged routed office to_office strangers; do
		declare -n flood=$it
		read -r pps rest <<< "$flood"
		flood="pps=$((${pps#pps=} / 2)) $rest"
	done
fi

teach_bridge

for it in packets packets6 up down bridged routed office to_office strangers; do
	allow "unlimited, the flood of $it passes" pour seconds=1 limit=none ${!it}
done

# Each first sends what is denied: that makes it known, not let in.
only_some_are_let_in() {
	local n i macs mac before began=$SECONDS
	before=$(stat_of ingress/unknown-source)
	for ((n = 0; n < 16; n++)); do
		macs=@
		for ((i = 0; i < 50; i++)); do
			printf -v mac '02:00:00:01:%02x:%02x' $n $i
			macs+=$mac\|
		done
		lab flood n=50 want=drop:ingress/service ms=1 udp from=d6 to=d2 src=10.10.8.8 smac="${macs%|}" dport=4999
		lab flood n=50 want=some at=d2 ms=1 udp from=d6 to=d2 src=10.10.8.8 smac="${macs%|}" dport=5500
	done
	# 256 at once, and 16 a second.
	[ $(($(stat_of ingress/unknown-source) - before)) -ge $((800 - 256 - 16 * (SECONDS - began + 2))) ]
}
case_if plain "of sources that nobody knows only so many are let in at once" only_some_are_let_in

case_if plain "the limits come" lab ruleset load file="$(blob limits)"
teach_bridge
open_case both "who floods with 4 times its packets is held from the first frame on, and nobody else loses one"
step events open
before=$(of d1 drops)
step stream other start at=d3 ms=20 udp from=d2 to=d3 sport=43001 dport=6000
step pour cold $how $long limit=200 $packets
over=$(lab_field all)
step stream other count
step_if [ "$(lab_field arrived)" = "$(lab_field sent)" ]
step stream other stop
step events wait n=1 type=drop reason=limit-packets mac=02:00:00:00:00:01
step device get of=d1
step_if [ "$(lab_field drops)" = $((before + over)) ]
step_if [ "$(lab_field beyond)" = "$over,0,0,0" ]
close_case
both "its IPv6 is held to the same" pour $how $long limit=200 $packets6
# What one limit drops is not charged to the other, of 300 packets.
both "a device is held to the bits it may send" pour $how $long limit=1000000 $up
both "and to those it may get, whoever sends them" pour $how $long limit=1000000 $down
open_case allow "who gets more than it may is still found by its neighbours"
step stream more start at=d3 ms=1 udp from=d2 to=d3 dport=6000 size=1000
step stream more wait n=50
step flood n=200 want=arrive at=d3 arp from=d2 to=d3 op=2
step stream more stop
close_case
both "and to the connections it may start, bridged; the limit is its zone's" pour $how $long limit=50 $bridged
both "and routed" pour $how $long limit=50 $routed
both "a routed segment is held as a whole" pour $how $long limit=200 $office
both "and gets no more than it may" pour $how $long limit=1000000 $to_office
both "unknown sources share what they are granted" pour $how $long limit=100 $strangers

# Each commit that gave a fresh burst would give 1 % of 10 s more, or 2.5 % of 4 s.
commits() {
	local n
	for n in 1 2 3 4 5; do
		tick "$(awk -v s="${long#seconds=}" 'BEGIN { print s * 0.15 }')"
		apart "ruleset load ns=gw file=$(blob limits)"
	done
}
open_case both "5 commits that keep the limit give no fresh burst"
lab info
generation=$(lab_field generation)
commits &
step pour $how $long limit=200 $packets
wait $!
lab info
step_if [ "$(lab_field generation)" = $((generation + 5)) ]
close_case
open_case plain "what a limit dropped is remembered over a commit and over quarantine"
before=$(of d1 beyond)
step device quarantine of=d1
step ruleset load file="$(blob limits)"
step device release of=d1
step_if [ "$(of d1 beyond)" = "$before" ]
close_case
open_case allow "without limits all passes again"
step ruleset load file="$(blob unlimited)"
step pour seconds=1 limit=none $packets
close_case
plain_not "a device without limits has none to show" of d1 beyond
