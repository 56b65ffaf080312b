#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A1-A4, A7-A9: who sends, and from where.
. "$(dirname "$0")/lib_attack.sh"
start_house

CAM="udp from=d1 to=d2 dport=5000"
CAM6="udp6 from=d1 to=d2 dport=5000"
VIDEO="udp from=d2 to=d3 dport=6000"
VIDEO6="udp6 from=d2 to=d3 dport=6000"

row_A1() {
	title "another device's MAC from the attacker's own port"
	cell other-zone/4 d3 ingress/device-port "udp from=d1 to=d3 smac=d2 src=d2 dport=6000" d3 "$VIDEO"
	cell other-zone/6 d3 ingress/device-port "udp6 from=d1 to=d3 smac=d2 src=d2 dport=6000" d3 "$VIDEO6"
	cell same-zone/4 d2 ingress/device-port "udp from=d1 to=d2 smac=d4 src=d4 dport=5000" d2 "udp from=d4 to=d2 dport=5000"
	cell same-zone/6 d2 ingress/device-port "udp6 from=d1 to=d2 smac=d4 src=d4 dport=5000" d2 "udp6 from=d4 to=d2 dport=5000"
	cell announce/arp d3 ingress/device-port "arp from=d1 to=d3 smac=d2 spa=d2 tpa=d2 dmac=ff:ff:ff:ff:ff:ff" gw "arp from=d2 to=gw op=1 dmac=ff:ff:ff:ff:ff:ff"
	cell announce/nd d3 ingress/device-port "na from=d1 to=d3 smac=d2 src=d2 target=d2" d3 "na from=d2 to=d3"
	cell routed/4 d5 ingress/device-port "udp from=d3 to=d5 via=gw smac=d1 src=d1 dport=5000" d5 "udp from=d1 to=d5 via=gw dport=5000"
	cell routed/6 d5 ingress/device-port "udp6 from=d3 to=d5 via=gw smac=d1 src=d1 dport=5000" d5 "udp6 from=d1 to=d5 via=gw dport=5000"
	cell gateway/4 gw ingress/device-port "udp from=d3 to=gw smac=d1 src=d1 dport=53" gw "udp from=d1 to=gw dport=53"
	cell trunk/4 d2 ingress/device-port "udp from=d4 to=d2 smac=d1 src=d1 dport=5000" d2 "$CAM"
	cell trunk-tagged/4 gw ingress/device-port "udp from=d4t to=gw20 smac=d5 src=d5 dport=53" gw "arp from=d5 to=gw20 op=1 dmac=ff:ff:ff:ff:ff:ff"
}

carrier_of() { [ "$(in_ns gw cat "/sys/class/net/$1/carrier")" = 1 ]; }
fdb_of() { bridge -n gw fdb show br br0 | grep "^$1 " | grep -v permanent | sed 's/ master.*//'; }
whole_stream() { lab stream "$1" stop && [ "$(lab_field sent)" = "$(lab_field arrived)" ]; }
torn_stream() { lab stream "$1" stop && [ "$(lab_field arrived)" -lt "$(lab_field sent)" ]; }
learned_at() { [[ "$(fdb_of 02:00:00:00:00:02)" == *" dev $1"* ]]; }

row_A2() {
	title "port stealing: the victim's MAC as source, so that the bridge learns it anew"
	need_lab stream victim start at=d2 ms=1 udp from=d4 to=d2 sport=43000 dport=5010
	cell stolen/4 d3 ingress/device-port "udp from=d1 to=d3 smac=d2 src=d2 dport=6000" d3 "$VIDEO"
	if playing control; then
		check "the bridge has the victim on the attacker's port" learned_at p1
		check "and the victim has lost frames" torn_stream victim
	else
		check "the bridge has the victim where it is" learned_at p2
		check "and the victim has lost nothing" whole_stream victim
	fi
}

redirects_sent() { in_ns gw cat /proc/net/snmp | awk '/^Icmp:/ { if (!n++) { for (i = 1; i <= NF; i++) at[$i] = i } else print $at["OutRedirects"] }'; }

row_A3() {
	local before
	title "gateway bouncing: the gateway's MAC, a bridge peer's address"
	before=$(redirects_sent)
	bridge -n gw link set dev p1 isolated on
	bridge -n gw link set dev p2 isolated on
	bridge -n gw link set dev p4 isolated on
	cell other-zone/4 d2 ingress/service "udp from=d1 to=d2 via=gw dport=4999" d2 "udp from=d1 to=d2 via=gw dport=5000 not=d1"
	cell other-zone/6 d2 ingress/service "udp6 from=d1 to=d2 via=gw dport=4999" d2 "udp6 from=d1 to=d2 via=gw dport=5000 not=d1"
	cell same-zone/4 d4 ingress/pair "udp from=d1 to=d4 via=gw dport=5000" d2 "udp from=d1 to=d2 via=gw dport=5000 not=d1"
	cell same-zone/6 d4 ingress/pair "udp6 from=d1 to=d4 via=gw dport=5000" d2 "udp6 from=d1 to=d2 via=gw dport=5000 not=d1"
	bridge -n gw link set dev p1 isolated off
	bridge -n gw link set dev p2 isolated off
	bridge -n gw link set dev p4 isolated off
	! playing control || check "the gateway tells the attacker of the shorter way" test "$(redirects_sent)" -gt "$before"
}

row_A4() {
	title "a unicast packet in a frame to a group"
	cell broadcast/4 d2 ingress/group-unicast "udp from=d1 to=d2 dmac=ff:ff:ff:ff:ff:ff dport=5000" d2 "$CAM"
	cell broadcast/6 d2 ingress/group-unicast "udp6 from=d1 to=d2 dmac=ff:ff:ff:ff:ff:ff dport=5000" d2 "$CAM6"
	cell multicast/4 d2 ingress/group-unicast "udp from=d1 to=d2 dmac=@01:00:5e:00:00:01|01:00:5e:00:00:fb|01:00:5e:7f:ff:fa|33:33:00:00:00:01 dport=5000" d2 "$CAM"
	cell multicast/6 d2 ingress/group-unicast "udp6 from=d1 to=d2 dmac=@33:33:00:00:00:01|33:33:ff:00:00:02|01:00:5e:00:00:01|ff:ff:ff:ff:ff:ff dport=5000" d2 "$CAM6"
	cell zone-port/4 office ingress/group-unicast "tcp from=st to=d1 dmac=ff:ff:ff:ff:ff:ff dport=443" d1 "tcp from=st to=d1 via=gwo dport=443"
}

row_A7() {
	title "an address that is not the sender's, with its own MAC"
	cell peer/4 d2 ingress/address-spoof "udp from=d1 to=d2 src=@10.10.1.4|10.10.2.2|10.10.2.3|10.10.9.7|10.20.3.5 dport=5000" d2 "$CAM"
	cell peer/6 d2 ingress/address-spoof "udp6 from=d1 to=d2 src=@fd00:10:1::4|fd00:10:2::2|fd00:20:3::5 dport=5000" d2 "$CAM6"
	cell gateway/4 d2 ingress/address-spoof "udp from=d1 to=d2 src=@10.10.0.254|10.20.0.254|10.30.0.254|198.51.100.254|192.0.2.254 dport=5000" d2 "$CAM"
	cell gateway/6 d2 ingress/address-spoof "udp6 from=d1 to=d2 src=@fd00:10::fe|fd00:20::fe|2001:db8:1::fe dport=5000" d2 "$CAM6"
	cell nobody/4 d2 ingress/address-spoof "udp from=d1 to=d2 src=@172.16.0.0/12 dport=5000" d2 "$CAM"
	cell unassigned/4 d2 ingress/address-spoof "udp from=d1 to=d2 src=@10.10.64.0/18 dport=5000" d2 "$CAM"
	cell privacy/6 d2 ingress/address-spoof "udp6 from=d1 to=d2 src=@fd00:10:1::/64 dport=5000" d2 "$CAM6"
	cell martian/4 d2 ingress/martian "udp from=d1 to=d2 src=@0.0.0.7|127.0.0.1|127.8.9.10|224.0.0.5|239.255.255.250|240.0.0.1|255.255.255.255 dport=5000" d2 "$CAM"
	cell martian/6 d2 ingress/martian "udp6 from=d1 to=d2 src=@::1|::ffff:10.10.1.1|::ffff:10.10.2.2|ff02::1 dport=5000" d2 "$CAM6"
	cell routed/4 d5 ingress/address-spoof "udp from=d1 to=d5 via=gw src=@10.10.1.4|10.10.2.2|172.16.0.9 dport=5000" d5 "udp from=d1 to=d5 via=gw dport=5000"
	cell routed/6 d5 ingress/address-spoof "udp6 from=d1 to=d5 via=gw src=@fd00:10:1::4|fd00:10:2::2|fd00:10:1::99 dport=5000" d5 "udp6 from=d1 to=d5 via=gw dport=5000"
	cell zone-port/4 d1 ingress/zone-address "tcp from=st to=d1 via=gwo src=@10.10.1.4|10.20.3.5|172.16.0.9|10.30.1.7 dport=443" d1 "tcp from=st to=d1 via=gwo dport=443"
	cell zone-port/6 d1 ingress/zone-address "tcp6 from=st to=d1 via=gwo src=@fd00:10:1::4|fd00:20:3::5|2001:db8:9::9 dport=443" d1 "tcp6 from=st to=d1 via=gwo dport=443"
	cell uplink/4 d1 ingress/zone-address "udp from=wn to=d1 via=gww src=@10.30.0.1|10.10.2.2|10.20.3.5 sport=5000 dport=7000" d1 "udp from=st to=d1 via=gwo dport=7000"
}

row_A8() {
	title "a new source MAC in every frame"
	cell random-mac/4 d2 ingress/unknown-source "udp from=d8 to=d2 smac=@mac src=10.10.8.8 dport=5000" d2 "$CAM"
	cell random-mac/6 d2 ingress/unknown-source "udp6 from=d8 to=d2 smac=@mac src=fd00:10:8::8 dport=5000" d2 "$CAM6"
	cell device-port/4 d3 ingress/unknown-source "udp from=d1 to=d3 smac=@mac src=10.10.8.9 dport=6000" d2 "$CAM"
}

row_A9() {
	title "a quarantined device changes its MAC"
	cell own-mac/4 d2 ingress/quarantine "udp from=d7 to=d2 dport=5000" d2 "$CAM"
	cell own-mac/6 d2 ingress/quarantine "udp6 from=d7 to=d2 dport=5000" d2 "$CAM6"
	cell new-mac/4 d2 ingress/unknown-source "udp from=d7 to=d2 smac=@mac src=10.10.9.8 dport=5000" d2 "$CAM"
	cell new-mac/6 d2 ingress/unknown-source "udp6 from=d7 to=d2 smac=@mac src=fd00:10:9::8 dport=5000" d2 "$CAM6"
	cell new-mac-old-address/4 d2 ingress/address-spoof "udp from=d7 to=d2 smac=@mac src=10.10.9.7 dport=5000" d2 "$CAM"
	cell gateway/4 gw ingress/unknown-source "udp from=d7 to=gw smac=@mac src=10.10.9.8 dport=53" gw "udp from=d1 to=gw dport=53"
}

bench
