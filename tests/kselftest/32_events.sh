#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# Events: what a drop says of itself, how often, and what else is told.
. "$(dirname "$0")/lib_lab.sh"
start_house
arm house || exit 1
teach_bridge
plain "the events can be listened to" events open

open_case deny "a drop tells hook, reason, port, MAC, protocol and ports"
step events clear
step try n=1 want=drop:ingress/service udp from=d1 to=d2 sport=1111 dport=4999
step events wait type=drop hook=ingress reason=service port=p1 mac=02:00:00:00:00:01 proto=17 sport=1111 dport=4999
close_case
open_case deny "a spoofed MAC is told with the port it came from"
step events clear
step try n=1 want=drop:ingress/device-port udp from=d1 to=d3 smac=02:00:00:00:00:02 src=10.10.2.2 dport=6000
step events wait type=drop reason=device-port port=p1 mac=02:00:00:00:00:02
close_case
teach_bridge
open_case deny "a drop that is not IP tells its ethertype"
step events clear
step try n=1 want=drop:ingress/ethertype eth from=d1 to=d2 ethertype=0x88cc
step events wait type=drop reason=ethertype ethertype=0x88cc
close_case
open_case both "a drop of the bridge hook"
step events clear
step try n=1 want=drop:bridge/service udp from=d2 to=d1 sport=5000 dport=9
step events wait type=drop hook=bridge reason=service proto=17 sport=5000
close_case
open_case both "a drop at egress tells the port that it did not leave"
step events clear
step try n=1 want=drop:egress/masquerade at=wn udp from=d1 to=wn via=gw dport=5000
step events wait type=drop hook=egress reason=masquerade port=wan
close_case
open_case plain "an unknown source is told once"
step events clear
step send n=20 udp from=d6 to=d2 smac=02:00:00:00:00:a1 src=10.10.8.9 dport=5000
step events wait type=unknown mac=02:00:00:00:00:a1 port=p6
step events wait n=1 ms=50 type=unknown mac=02:00:00:00:00:a1
step_if [ "${lab_answer:0:5}" = "ok 1 " ]
close_case
open_case plain "and another one again"
step events clear
step send n=1 udp from=d6 to=d2 smac=02:00:00:00:00:a2 src=10.10.8.9 dport=5000
step events wait type=unknown mac=02:00:00:00:00:a2
close_case
open_case plain "quarantine and release"
step events clear
step device quarantine of=d1
step events wait type=quarantine mac=02:00:00:00:00:01
step device release of=d1
step events wait type=release mac=02:00:00:00:00:01
close_case
open_case plain "a commit"
step events clear
step ruleset load file="$(blob house)"
step events wait type=commit
close_case
open_case plain "a port that loses its carrier, and has it again"
step events clear
step_if ip -n d6 link set eth0 down
step events wait type=port port=p6
step events clear
step_if ip -n d6 link set eth0 up
step events wait type=port port=p6
close_case
open_case allow "a device that moves"
step send n=1 udp from=roamer to=d2 dport=5000
step events clear
step_if ip -n d3 link set eth0 down
step_if wait_for 5 port_says p3 carrier 0
step try n=1 want=arrive at=d2 udp from=d6 to=d2 smac=02:00:00:00:00:07 src=10.10.1.7 dport=5000
step events wait type=move mac=02:00:00:00:00:07 port=p6
step_if ip -n d3 link set eth0 up
close_case

told() { lab events wait n=1 ms=1 type=drop reason=service && set -- $lab_answer && echo "$2"; }
open_case deny "a flood is told in part, and the rest is counted as lost"
# told=: of all drops meanwhile, somebody's own stack's too, each is told or lost.
step flood n=3000 want=drop:ingress/service told=02:00:00:00:00:01 udp from=d1 to=d2 dport=4998
# 100 at once and one each 10 ms, as long as it took. The module's clock here is the tick's: it may be a tick or two behind (10 ms each
# under User-Mode Linux) when the flood begins.
allowed=$((103 + $(lab_field ms) / 10))
seen=$(told)
step_if [ "${seen:-0}" -le "$allowed" ]
step_if [ "${seen:-0}" -gt 0 ]
step_if [ "${seen:-0}" -lt 3000 ]
close_case
open_case plain "disarming"
step events clear
step info disarm
step events wait type=disarm
close_case
