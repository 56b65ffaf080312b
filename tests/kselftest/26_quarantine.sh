#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
#
# Quarantine: at once, in both directions, over commits, and back.
. "$(dirname "$0")/lib_lab.sh"
if ! house_up; then
	plain_if "the house stands" false
	exit 1
fi
house_alive d1 d2 d5 st || exit 1
arm house || exit 1

open_case both "a running transfer ends with the quarantine"
step conn tcp1 tcp from=d1 to=d2 port=443
step conn tcp1 echo
step device quarantine of=d1
step conn tcp1 dead want=drop:ingress/quarantine
step conn tcp1 close
close_case
deny "the quarantined device starts nothing" probe tcp from=d1 to=d2 port=443 want=drop:ingress/quarantine
deny "nor by IPv6" probe ping six from=d1 to=d2 want=drop:ingress/quarantine
deny "nor through the gateway" probe udp from=d1 to=d5 port=5000 want=drop:ingress/quarantine
deny "nor to the gateway" probe udp from=d1 to=gw port=53 want=drop:ingress/quarantine
deny "nobody starts to it from the office" probe tcp from=st to=d1 port=443 want=drop:ingress/quarantine
deny "nor the gateway" probe tcp from=gw to=d1 port=8080 want=drop:local-out/quarantine
drops "no peer sends to it" ingress/quarantine udp from=d2 to=d1 sport=5000 dport=40000
drops "it asks for nobody's MAC" ingress/neighbour-target arp from=d1 to=d2 dmac=ff:ff:ff:ff:ff:ff
drops "it says nothing to a group" ingress/group udp from=d1 dst=239.1.1.1 dport=5000
drops "another MAC from its port is no better" ingress/unknown-source udp from=d1 to=d2 smac=02:00:00:00:00:98 src=10.10.8.8 dport=5000
arrives "its neighbours are not touched" d2 udp from=d4 to=d2 dport=5000
plain_if "the module says so" device_says d1 quarantined 1
plain_if "and in which zone it is" device_says d1 zone 4
plain "a commit comes" ruleset load file="$(blob house)"
deny "and does not undo it" probe tcp from=d1 to=d2 port=443 want=drop:ingress/quarantine
plain "it is released" device release of=d1
plain_if "the module says that too" device_says d1 quarantined 0
allow "and works again" probe tcp from=d1 to=d2 port=443 want=open
allow "by IPv6 too" probe ping six from=d1 to=d2 want=open

open_case both "a stream of frames ends with the answer to the request"
step stream s start at=d3 udp from=d1 to=d3 sport=43005 dport=5000
step stream s wait n=30
step_if [ "$(lab_field arrived)" = "$(lab_field sent)" ]
step device quarantine of=d1
step stream s mark
step stream s wait n=30
step_if [ "$(lab_field arrived)" = 0 ]
step stream s stop
step device release of=d1
close_case
open_case both "the device at the far end of a conversation is quarantined"
step conn udp1 udp from=d1 to=d2 port=5000
step conn udp1 echo
step device quarantine of=d2
step conn udp1 dead want=drop:ingress/quarantine
step device release of=d2
step conn udp1 echo
step conn udp1 close
close_case
open_case both "10 quarantines and releases, each one seen by the next frame"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	step device quarantine of=d1
	step try n=1 want=drop:ingress/quarantine udp from=d1 to=d3 dport=5000
	step device release of=d1
	step try n=1 want=arrive at=d3 udp from=d1 to=d3 dport=5000
done
close_case
open_case plain "a MAC that the ruleset lacks can be quarantined beforehand"
step device quarantine mac=02:00:00:00:00:77
step device get mac=02:00:00:00:00:77
step_if [ "$(lab_field quarantined)" = 1 ]
step device release mac=02:00:00:00:00:77
close_case
plain_not "a group MAC cannot" lab device quarantine mac=03:00:00:00:00:77
open_case both "a quarantine outlives disarming and arming"
step device quarantine of=d1
step info disarm
step ruleset load file="$(blob house)"
step try want=drop:ingress/quarantine udp from=d1 to=d3 dport=5000
step device release of=d1
step try want=arrive at=d3 udp from=d1 to=d3 dport=5000
close_case
