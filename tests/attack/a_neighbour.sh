#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A5, A6: what ARP and neighbour discovery can be made to say.
. "$(dirname "$0")/lib_attack.sh"
start_house
# Two victims that believe what they hear, if it reaches them.
house_alive d2 d3 || exit 1
need_lab sysctl ns=d2 net/ipv4/neigh/eth0/locktime=0 net/ipv4/conf/eth0/arp_accept=1 net/ipv6/conf/eth0/accept_redirects=1
need_lab sysctl ns=d3 net/ipv4/neigh/eth0/locktime=0 net/ipv4/conf/eth0/arp_accept=1 net/ipv6/conf/eth0/accept_redirects=1

ALL=ff:ff:ff:ff:ff:ff
ASK="arp from=d1 to=gw dmac=$ALL"
CAM6="udp6 from=d1 to=d2 dport=5000"
LL1=fe80::ff:fe00:1
GW4=10.10.0.254 GW6=fd00:10::fe

believes() { ip -n "$1" neigh show "$2" | grep -q "$3"; }

# The victims as they were: they know the gateway.
remember() {
	local host
	for host in d2 d3; do
		ip -n $host neigh replace $GW4 lladdr $GW_MAC dev eth0 nud reachable
		ip -n $host neigh replace $GW6 lladdr $GW_MAC dev eth0 nud reachable
	done
}

row_A5() {
	title "ARP that lies about who has an address"
	remember
	cell reply-gateway/arp d2 ingress/arp-sender "arp from=d1 to=d2 op=2 spa=$GW4" gw "$ASK"
	! playing control || check "the victim takes the attacker for the gateway" believes d2 $GW4 02:00:00:00:00:01
	! playing armed || check "the victim still knows the gateway" believes d2 $GW4 $GW_MAC
	remember
	cell reply-peer/arp d2 ingress/arp-sender "arp from=d1 to=d2 op=2 spa=@10.10.1.4|10.10.2.3|10.10.9.7|10.20.3.5" gw "$ASK"
	cell announce-gateway/arp d2,d3 ingress/arp-sender "arp from=d1 dmac=$ALL op=@1|2 spa=$GW4 tpa=$GW4" gw "arp from=d4 dmac=$ALL spa=d4 tpa=d4"
	! playing control || check "an announcement turns them both" believes d3 $GW4 02:00:00:00:00:01
	! playing armed || check "an announcement turns neither" believes d3 $GW4 $GW_MAC
	cell announce-peer/arp d2,d3 ingress/arp-sender "arp from=d1 dmac=$ALL op=@1|2 spa=10.10.1.4 tpa=10.10.1.4" gw "arp from=d4 dmac=$ALL spa=d4 tpa=d4"
	cell request-forged/arp d2 ingress/arp-sender "arp from=d1 to=d2 spa=@$GW4|10.10.1.4|10.10.2.3 dmac=@$ALL|02:00:00:00:00:02" gw "$ASK"
	cell sender-mac/arp d2 ingress/arp-sender "arp from=d1 to=d2 op=@1|2 sha=@02:00:00:00:00:03|$GW_MAC|02:00:00:00:00:99" gw "$ASK"
	cell other-operation/arp d2 ingress/arp-sender "arp from=d1 to=d2 op=@0|3|4|8|9|25|65535" gw "$ASK"
	cell other-hardware/arp d2 ingress/malformed "arp from=d1 to=d2 htype=@0|6|15|32|65535" gw "$ASK"
	cell other-zone/arp d4 ingress/neighbour-target "arp from=d1 to=d4 dmac=$ALL" gw "$ASK"
	cell quarantine/arp d2 ingress/neighbour-target "arp from=d7 to=d2 dmac=$ALL" gw "$ASK"
	cell zone-port/arp office ingress/arp-sender "arp from=st to=gwo op=@1|2 spa=@10.10.1.4|10.30.0.254|172.16.0.9" office "arp from=st to=gwo dmac=$ALL"
}

row_A6() {
	title "neighbour discovery that lies"
	remember
	cell na-gateway/nd d2 ingress/nd-sender "na from=d1 to=d2 target=$GW6 src=$LL1" d2 "na from=d1 to=d2"
	! playing control || check "the victim takes the attacker for the gateway" believes d2 $GW6 02:00:00:00:00:01
	! playing armed || check "the victim still knows the gateway" believes d2 $GW6 $GW_MAC
	remember
	cell na-peer/nd d2 ingress/nd-sender "na from=d1 to=d2 target=@fd00:10:1::4|fd00:10:2::3|fd00:10:9::7|fe80::ff:fe00:4 src=$LL1" d2 "na from=d1 to=d2"
	cell na-all/nd d2,d3 ingress/nd-sender "na from=d1 dst=ff02::1 target=@$GW6|fd00:10:1::4 src=$LL1" d2 "na from=d1 to=d2"
	cell na-source/nd d2 ingress/address-spoof "na from=d1 to=d2 target=d1 src=@fd00:10:1::4|$GW6" d2 "na from=d1 to=d2"
	cell na-lladdr/nd d2 ingress/nd-sender "na from=d1 to=d2 lladdr=@02:00:00:00:00:03|$GW_MAC|02:00:00:00:00:99" d2 "na from=d1 to=d2"
	cell ns-lladdr/nd d2 ingress/nd-sender "ns from=d1 to=d2 lladdr=@02:00:00:00:00:03|$GW_MAC|02:00:00:00:00:99" d2 "ns from=d1 to=d2"
	cell ns-source/nd d2 ingress/address-spoof "ns from=d1 to=d2 src=@fd00:10:1::4|$GW6|fd00:10:1::99" d2 "ns from=d1 to=d2"
	cell dad-denial/nd d2 ingress/nd-sender "ns from=d1 src=:: dst=ff02::1:ff00:2 target=@fd00:10:2::2|$GW6|fd00:10:1::4" gw "ns from=d1 src=:: dst=ff02::1:ff00:1 target=d1"
	cell dad-with-lladdr/nd d2 ingress/nd-sender "ns from=d1 src=:: dst=ff02::1:ff00:1 target=d1 lladdr=02:00:00:00:00:01" gw "ns from=d1 src=:: dst=ff02::1:ff00:1 target=d1"
	cell redirect/nd d2 ingress/redirect "redirect6 from=d1 to=d2 src=@$LL1|fe80::fe target=@fd00:10:1::1|fd00:10:1::4" d2 "$CAM6"
	cell hop-limit/nd d2 ingress/nd-sender "na from=d1 to=d2 ttl=@0|1|64|254" d2 "na from=d1 to=d2"
	cell code/nd d2 ingress/nd-sender "na from=d1 to=d2 code=@1..255" d2 "na from=d1 to=d2"
	cell fragment/nd d2 ingress/fragment "na from=d1 to=d2 frag=0,mf target=$GW6 src=$LL1" d2 "na from=d1 to=d2"
	cell atomic/nd d2 ingress/fragment "na from=d1 to=d2 frag=0 target=$GW6 src=$LL1" d2 "na from=d1 to=d2"
	cell extension/nd d2 ingress/ipv6-ext "na from=d1 to=d2 ext=@0|60|43|60,60|0,60 target=$GW6 src=$LL1" d2 "na from=d1 to=d2"
	cell fragment-extension/nd d2 ingress/ipv6-ext "na from=d1 to=d2 frag=0,mf ext=60 target=$GW6 src=$LL1" d2 "na from=d1 to=d2"
	cell other-zone/nd d4 ingress/neighbour-target "ns from=d1 to=d4" d2 "ns from=d1 to=d2"
	cell zone-port/nd office ingress/nd-sender "na from=st to=gwo target=@fd00:10:1::4|fd00:30::fe|fd00:20:3::5" office "na from=st to=gwo"
}

bench
