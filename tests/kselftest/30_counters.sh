#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# Counters are exact: 17 frames are 17, at every hook, and per device.
. "$(dirname "$0")/lib_lab.sh"
start_house
arm house || exit 1
# Again after the spoofs, for the control build that accepts them.
teach_bridge
N=17

drops "$N with a wrong tag" ingress/vlan n=$N udp from=d1 to=d2 vlan=10
drops "$N of another ethertype" ingress/ethertype n=$N eth from=d1 to=d2 ethertype=0x88cc
drops "$N with the gateway's MAC" ingress/own-mac n=$N udp from=d1 to=d2 smac=$GW_MAC
drops "$N with another's MAC" ingress/device-port n=$N udp from=d1 to=d3 smac=02:00:00:00:00:02
teach_bridge
drops "$N from the loopback net" ingress/martian n=$N udp from=d1 to=d2 src=127.0.0.1
drops "$N with extension headers" ingress/ipv6-ext n=$N udp6 from=d1 to=d2 ext=60
drops "$N with options" ingress/ip-options n=$N udp from=d1 to=d2 opts=01010101
drops "$N router advertisements" ingress/ra-guard n=$N ra from=d1 src=fe80::a1 dst=ff02::1
drops "$N forged ARP requests" ingress/arp-sender n=$N arp from=d1 to=d2 spa=10.10.2.3
drops "$N with another's address" ingress/address-spoof n=$N udp from=d1 to=d2 src=10.10.1.4
drops "$N from an unknown device" ingress/unknown-source n=$N udp from=d6 to=d2
drops "$N between zones that nothing links" ingress/pair n=$N udp from=d5 to=d4t
drops "$N of another service" ingress/service n=$N udp from=d1 to=d2 dport=4999
drops "$N to a group that nobody listens to" ingress/group n=$N udp from=d1 dst=239.1.1.1 dport=4999
drops "$N to the quarantined" ingress/quarantine n=$N udp from=d1 to=held dport=5000
drops "$N to nobody" ingress/unknown-destination n=$N udp from=d1 to=d2 dmac=02:00:00:00:00:99 dport=5000
drops "$N starts from a service's port, bridged" bridge/service n=$N udp from=d2 to=d1 sport=5000 dport=9
drops "$N answers to nothing, bridged" bridge/not-reply n=$N icmp type=0 from=d2 to=d1 icmpid=998
drops "$N starts from a service's port, routed" forward/service n=$N udp from=d5 to=d1 via=gw sport=5000 dport=9
drops "$N to nobody, routed" forward/unknown-destination n=$N udp from=d1 to=d5 via=gw dst=10.20.3.78 dport=5000
drops "$N starts from a service's port, to the gateway" local-in/service n=$N udp from=d1 to=gw sport=9000 dport=9
drops "$N group frames, at four ports" 'egress/group*4' n=$N at=d1,d3,d4,d6 udp from=d2 dst=239.1.1.1 dport=6000
drops "$N ARP announcements, at four ports" 'egress/egress-port*4' n=$N at=d2,d3,d4,d6 arp from=d1 tpa=10.10.1.1 dmac=ff:ff:ff:ff:ff:ff
drops "$N private sources without translation" egress/masquerade n=$N at=wn udp from=d1 to=wn via=gw dport=5000

# more HOOK/REASON BY: the counter has risen by so much.
counted() { [ "$(stat_of "$1")" = "$2" ]; }
teach_bridge
open_case allow "what is accepted is counted at every hook it meets"
ingress=$(stat_of ingress/accepted) bridge=$(stat_of bridge/accepted)
step try n=$N want=arrive at=d2 udp from=d1 to=d2 dport=5000
step_if counted ingress/accepted $((ingress + N))
step_if counted bridge/accepted $((bridge + N))
close_case
open_case allow "what is routed too"
ingress=$(stat_of ingress/accepted) forward=$(stat_of forward/accepted)
step try n=$N want=arrive at=d5 udp from=d1 to=d5 via=gw dport=5000
step_if counted ingress/accepted $((ingress + N))
step_if counted forward/accepted $((forward + N))
close_case

open_case allow "a device's packets and bytes"
packets=$(of d1 packets) bytes=$(of d1 bytes)
step try n=$N want=arrive at=d2 udp from=d1 to=d2 dport=5000
step_if [ "$(of d1 packets)" = $((packets + N)) ]
step_if [ "$(of d1 bytes)" = $((bytes + N * 58)) ]
close_case
open_case deny "a device's drops, and not its packets"
packets=$(of d1 packets) drops=$(of d1 drops)
step try n=$N want=drop:ingress/service udp from=d1 to=d2 dport=4999
step_if [ "$(of d1 packets)" = "$packets" ]
step_if [ "$(of d1 drops)" = $((drops + N)) ]
close_case
open_case allow "a device's port and when it was seen"
step try want=arrive at=d2 udp from=d1 to=d2 dport=5000
step device get of=d1
step_if [ "$(lab_field port)" = p1 ]
step_if [ "$(lab_field last_seen)" -gt 0 ]
step_if [ "$(lab_field first_seen)" -le "$(lab_field last_seen)" ]
close_case
seen_again() {
	lab send n=1 udp from=d1 to=d2 dport=5000
	[ "$(of d1 last_seen)" -gt "$last" ]
}
open_case allow "when it was first seen stays, when it was last seen does not"
step try want=arrive at=d2 udp from=d1 to=d2 dport=5000
first=$(of d1 first_seen) last=$(of d1 last_seen)
step_if wait_for 5 seen_again
step_if [ "$(of d1 first_seen)" = "$first" ]
close_case
open_case plain "every device of the policy is listed, seen or not"
step info devices
step_if [ "$(grep -o 'mac=' <<< "$lab_answer" | wc -l)" = 8 ]
close_case
open_case plain "a source without a record is listed apart"
step send n=3 udp from=d6 to=d2 smac=02:00:00:00:00:9a dport=5000
listed_apart() { lab info unknown && grep -q mac=02:00:00:00:00:9a <<< "$lab_answer"; }
step_if wait_for 3 listed_apart
close_case
plain_not "and is no device" lab device get mac=02:00:00:00:00:9a
