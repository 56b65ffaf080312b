#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
#
# policy/examples/plant.yaml in both layers: the floor reports to the DMZ, customers reach it, nobody gets further.
. "$(dirname "$0")/lib_site.sh"
site_up "
plc cella 210 02:fa:00:00:0a:01 10.210.0.11/24 fd00:210:0:1::11/48
robot cellb 220t 02:fa:00:00:22:02 10.220.0.12/24 fd00:220::12/64
broker dmz1 301t 02:fa:00:00:31:01 10.30.1.10/24 fd00:301::10/64
api dmz2 302t 02:fa:00:00:32:01 10.30.2.10/24 2001:db8:302::10/64
erp core - 02:00:00:00:fd:01 10.40.2.5/23 fd00:402::5/64
db data - 02:00:00:00:fd:04 10.40.1.5/24 fd00:401::5/64
wn wan0 - 02:00:00:00:fd:02 198.51.100.1/24 2001:db8:1::1/64
" "
210 - 10.210.0.254/24 fd00:210::fe/48
220 - 10.220.0.254/24 fd00:220::fe/64
301 - 10.30.1.254/24 fd00:301::fe/64
302 - 10.30.2.254/24 2001:db8:302::fe/64
core 02:00:00:00:fe:01 10.40.2.1/23 fd00:402::1/64
data 02:00:00:00:fe:04 10.40.1.1/24 fd00:401::1/64
wan0 02:00:00:00:fe:02 198.51.100.254/24 2001:db8:1::fe/64
"
OPEN="want=open retry ms=4000"
plain "control: a controller reaches a database" probe tcp from=plc to=db port=5432 $OPEN
plain "control: a controller reaches the internet" probe tcp six from=plc to=wn port=443 $OPEN
plain "control: the DMZ reaches a controller" probe tcp from=api to=plc port=502 $OPEN
plain "control: business systems reach a robot" probe tcp from=erp to=robot port=80 $OPEN
plain "control: the internet reaches the broker" probe tcp six from=wn to=broker port=8883 $OPEN
site_policy plant

for family in "" six; do
	by=${family:+, IPv6}
	allow "a controller reports to the broker$by" probe tcp $family from=plc to=broker port=8883 $OPEN
	allow "a robot does, tagged on both sides$by" probe tcp $family from=robot to=broker port=8884 $OPEN
	allow "business systems read a database$by" probe tcp $family from=erp to=db port=5432 $OPEN
	allow "they use the API$by" probe tcp $family from=erp to=api port=8443 $OPEN
	deny "a controller does not reach a database$by" probe tcp $family from=plc to=db port=5432 want=drop:ingress/pair
	deny "nor the internet$by" probe tcp $family from=plc to=wn port=443 want=drop:ingress/pair
	deny "the DMZ does not reach a controller$by" probe tcp $family from=api to=plc port=502 want=drop:ingress/pair
	deny "business systems do not reach a robot$by" probe tcp $family from=erp to=robot port=80 want=drop:ingress/pair
	deny "the internet does not reach the broker$by" probe tcp $family from=wn to=broker port=8883 want=drop:ingress/pair
done
allow "customers reach the API, which has a public IPv6 address" probe tcp six from=wn to=api port=443 $OPEN
deny "not by IPv4, where its answers would show a private one" probe tcp reached from=wn to=api port=443 want=drop:egress/masquerade
