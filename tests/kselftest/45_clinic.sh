#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
#
# policy/examples/clinic.yaml in both layers: who works there can, who must not touch a patient's device cannot.
. "$(dirname "$0")/lib_site.sh"
site_up "
monitor ward1 102 02:c1:00:00:00:11 10.102.0.11/24 fd00:102:0:1::11/48
station ward2 102 02:c1:00:00:00:22 10.102.0.130/24 fd00:102:0:2::22/48
pumps server1 103t 02:c1:00:00:00:41 10.103.0.129/24 fd00:103:0:2::41/48
ehr server2 104 02:c1:00:00:00:61 10.104.0.70/24 fd00:104:0:2::61/48
desk office - 02:00:00:00:fd:01 10.110.0.5/22 fd00:110::5/64
visitor guest - 02:00:00:00:fd:04 172.20.0.5/16 fd00:200::5/64
wn wan0 - 02:00:00:00:fd:02 198.51.100.1/24 2001:db8:1::1/64
" "
102 - 10.102.0.254/24 fd00:102::fe/48
103 - 10.103.0.254/24 fd00:103::fe/48
104 - 10.104.0.254/24 fd00:104::fe/48
office 02:00:00:00:fe:01 10.110.0.1/22 fd00:110::1/64
guest 02:00:00:00:fe:04 172.20.0.1/16 fd00:200::1/64
wan0 02:00:00:00:fe:02 198.51.100.254/24 2001:db8:1::fe/64
"
OPEN="want=open retry ms=4000"
plain "control: a station reaches a monitor's log-in" probe tcp from=station to=monitor port=22 $OPEN
plain "control: a monitor reaches the records" probe tcp from=monitor to=ehr port=2575 $OPEN
plain "control: an office reaches a monitor" probe tcp six from=desk to=monitor port=24105 $OPEN
plain "control: a guest reaches the records" probe tcp from=visitor to=ehr port=443 $OPEN
plain "control: a guest reaches a mail server" probe tcp from=visitor to=wn port=25 $OPEN
site_policy clinic

for family in "" six; do
	by=${family:+, IPv6}
	allow "a monitor's waves reach the station, bridged$by" probe udp $family from=monitor to=station port=24105 size=4000 $OPEN
	allow "the station reports to the records, routed$by" probe tcp $family from=station to=ehr port=2575 $OPEN
	allow "the pumps' server does, from a tagged VLAN$by" probe tcp $family from=pumps to=ehr port=2575 $OPEN
	allow "an office works with the records$by" probe tcp $family from=desk to=ehr port=443 $OPEN
	allow "a guest reaches the internet$by" probe tcp $family from=visitor to=wn port=8080 $OPEN
	deny "a station does not log in to a monitor$by" probe tcp $family from=station to=monitor port=22 want=drop:ingress/service
	deny "a monitor does not reach the records$by" probe tcp $family from=monitor to=ehr port=2575 want=drop:ingress/pair
	deny "an office does not reach a monitor$by" probe tcp $family from=desk to=monitor port=24105 want=drop:ingress/pair
	deny "a guest does not reach the records$by" probe tcp $family from=visitor to=ehr port=443 want=drop:ingress/pair
	deny "nor a mail server$by" probe tcp $family from=visitor to=wn port=25 want=drop:ingress/service
done
