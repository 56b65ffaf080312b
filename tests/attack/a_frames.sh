#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A10-A12, A16: tags, encapsulations and ethertypes.
. "$(dirname "$0")/lib_attack.sh"
start_house

CAM="udp from=d1 to=d2 dport=5000"
CAM6="udp6 from=d1 to=d2 dport=5000"
METER="arp from=d4t to=gw20 op=1 dmac=ff:ff:ff:ff:ff:ff"
TAGS="0x8100|0x88a8|0x9100"

row_A10() {
	title "VLAN hopping: tags that are not the port's, one or two of them"
	cell access/4 d2,gw ingress/vlan "udp from=d1 to=d2 vlan=@1|10|20|4095 dport=5000" d2 "udp from=d1 to=d2 vlan=0 dport=5000" control=some
	cell access/6 d2 ingress/vlan "udp6 from=d1 to=d2 vlan=@1|10|20|4095 dport=5000" d2 "udp6 from=d1 to=d2 vlan=0 dport=5000" control=some
	cell access/arp d2,gw ingress/vlan "arp from=d1 to=d2 vlan=@1|10|20|4095 dmac=ff:ff:ff:ff:ff:ff" gw "arp from=d1 to=gw dmac=ff:ff:ff:ff:ff:ff" control=some
	cell access-double/4 d2 ingress/vlan "udp from=d1 to=d2 vlan=@0|1|10|20|4095 tpid=@$TAGS vlan2=@0|1|10|20|4095 tpid2=@$TAGS dport=5000" d2 "$CAM" control=some
	cell access-double/6 d2 ingress/vlan "udp6 from=d1 to=d2 vlan=@0|1|10|20|4095 tpid=@$TAGS vlan2=@0|1|10|20|4095 tpid2=@$TAGS dport=5000" d2 "$CAM6" control=some
	cell trunk/4 d2,d5 ingress/vlan "udp from=d4 to=d2 vlan=@1|10|30|4094|4095 dport=5000" d2 "udp from=d4 to=d2 dport=5000" control=some
	cell trunk-double/4 d5,gw ingress/vlan "udp from=d4t to=d5 vlan=20 vlan2=@0|1|10|20|4095 tpid2=@$TAGS dport=5000" gw "$METER" control=some
	cell trunk-double/6 d5,gw ingress/vlan "udp6 from=d4t to=d5 vlan=20 vlan2=@0|1|10|20|4095 tpid2=@$TAGS dport=5000" gw "$METER" control=some
	cell zone-port/4 d1,office ingress/vlan "tcp from=st to=d1 via=gwo vlan=@1|10|20|30|4095 dport=443" d1 "tcp from=st to=d1 via=gwo vlan=0 dport=443" control=some
}

row_A11() {
	title "VLAN 0 stacks, LLC and SNAP, lengths that lie (VU#855201)"
	local ra="ra from=d1 dmac=33:33:00:00:00:01 dst=ff02::1 src=fe80::ff:fe00:1"
	cell vlan0-twice/4 d2 ingress/vlan "udp from=d1 to=d2 vlan=0 vlan2=0 tpid2=@$TAGS dport=5000" d2 "udp from=d1 to=d2 vlan=0 dport=5000" control=some
	cell vlan0-twice/6 d2 ingress/vlan "udp6 from=d1 to=d2 vlan=0 vlan2=0 tpid2=@$TAGS dport=5000" d2 "udp6 from=d1 to=d2 vlan=0 dport=5000" control=some
	cell vlan0-twice/arp d2 ingress/vlan "arp from=d1 to=d2 op=2 vlan=0 vlan2=0" gw "arp from=d1 to=gw dmac=ff:ff:ff:ff:ff:ff vlan=0" control=some
	cell vlan0-twice/ra d2,d3 ingress/vlan "$ra vlan=0 vlan2=0" d2 "udp6 from=d1 to=d2 vlan=0 dport=5000" control=some
	cell vlan0-once/ra d2,d3 ingress/ra-guard "$ra vlan=0" d2 "udp6 from=d1 to=d2 vlan=0 dport=5000"
	cell snap/4 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@38..60 payload=aaaa0300000008004500001c000100004011" d2 "$CAM"
	cell snap/6 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@40..70 payload=aaaa0300000086dd6000000000083aff" d2 "$CAM6"
	cell snap/arp d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@36..60 payload=aaaa03000000080600010800060400" d2 "$CAM"
	cell snap/ra d2 ingress/ethertype "eth from=d1 to=d2 dmac=33:33:00:00:00:01 ethertype=@40..90 payload=aaaa0300000086dd6000000000183aff" d2 "$CAM6"
	cell snap-vlan0/4 d2 ingress/ethertype "eth from=d1 to=d2 vlan=0 ethertype=@38..60 payload=aaaa0300000008004500001c" d2 "$CAM" control=some
	cell length-lies/4 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@0..1499 payload=aaaa0300000008004500" d2 "$CAM"
	cell llc/other d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@3..60 payload=@424203|e0e003|fefe03|ffff|f0f003" d2 "$CAM"
	cell zone-port/4 office ingress/ethertype "eth from=st to=gwo ethertype=0x88cc payload=aaaa030000000800" d1 "tcp from=st to=d1 via=gwo dport=443"
}

row_A12() {
	title "every other ethertype"
	cell below-ip/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@0..2047" d2 "$CAM"
	cell to-arp/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@2049..2053" d2 "$CAM"
	cell to-tag/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@2055..33023" d2 "$CAM"
	cell to-ipv6/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@33025..34524" d2 "$CAM"
	cell to-eapol/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@34526..34957" d2 "$CAM"
	cell eapol/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=0x888e" gw "eth from=d1 to=gw ethertype=0x888e"
	cell to-qinq/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@34959..34983" d2 "$CAM"
	cell to-9100/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@34985..37119" d2 "$CAM"
	cell rest/2 d2 ingress/ethertype "eth from=d1 to=d2 ethertype=@37121..65535" d2 "$CAM"
	cell gateway/2 gw ingress/ethertype "eth from=d1 to=gw ethertype=@0x8863|0x8864|0x8847|0x8892|0x88a4|0x88e5|0x88cc|0x8809|0x0842|0x88f7" gw "eth from=d1 to=gw ethertype=0x888e"
	cell group/2 d2,d3 ingress/ethertype "eth from=d1 to=d2 dmac=ff:ff:ff:ff:ff:ff ethertype=@0x8863|0x8892|0x88a4|0x0842|0x88cc" d2 "$CAM"
}

row_A16() {
	title "another tag protocol falls into the port's own VLAN"
	cell access/4 d2 ingress/vlan "udp from=d1 to=d2 vlan=@0..4095 tpid=@0x88a8|0x9100 dport=5000" d2 "$CAM" control=some
	cell access/6 d2 ingress/vlan "udp6 from=d1 to=d2 vlan=@0..4095 tpid=@0x88a8|0x9100 dport=5000" d2 "$CAM6" control=some
	cell access/arp d2 ingress/vlan "arp from=d1 to=d2 op=2 vlan=@0..4095 tpid=@0x88a8|0x9100" gw "arp from=d1 to=gw dmac=ff:ff:ff:ff:ff:ff" control=some
	cell access-q/4 d2,gw ingress/vlan "udp from=d1 to=d2 vlan=@1..4095 tpid=0x8100 dport=5000" d2 "$CAM" live="udp from=d1 to=d2 vlan=10 dport=5000" at=d2
	cell trunk/4 d2,d5,gw ingress/vlan "udp from=d4 to=d2 vlan=@0..4095 tpid=@0x88a8|0x9100 dport=5000" d2 "udp from=d4 to=d2 dport=5000" control=some
	cell trunk-q/4 d2,gw ingress/vlan "udp from=d4 to=d2 vlan=@21..4095 tpid=0x8100 dport=5000" d2 "udp from=d4 to=d2 dport=5000" live="udp from=d4 to=d2 vlan=10 dport=5000" at=d2
	cell zone-port/4 office,d1 ingress/vlan "tcp from=st to=d1 via=gwo vlan=@0..4095 tpid=0x88a8 dport=443" d1 "tcp from=st to=d1 via=gwo dport=443" control=some
}

bench
