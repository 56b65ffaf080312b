#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 240
#
# C15: one frame in every layout that an skb can have. p6 is a TAP, and d6's side of it writes frames cut anywhere.
. "$(dirname "$0")/lib_attack.sh"
start_house
ip -n gw link del p6
need_lab vnet open name=t6 ns=gw if=p6 frags
ip -n gw link set p6 master br0 up
bridge -n gw vlan add dev p6 vid 10 pvid untagged
in_ns gw ethtool -K p6 gro off
# Frames are handed on as they come, not eight at a time.
need_lab sysctl ns= net/core/gro_normal_batch=1
need_lab host name=t6 ns=gw tap=t6 mac=02:00:00:00:00:07 ip4=10.10.1.7 ip6=fd00:10:1::7
ME="told=02:00:00:00:00:07 of=t6"
# Cut into linear part and fragments behind every byte, and the fragments into pieces.
CUT="cut_at=@1..62"
CUT6="cut_at=@1..84"
PIECES="frag_bytes=@0|3|7|16"

# layouts NAME AT HOOK/REASON FRAME TWIN-AT TWIN [OPTION...]: both cut, the attack in one fragment and in many.
layouts() {
	local name=$1 at=$2 drop=$3 frame=$4 twin_at=$5 twin=$6 cut=$CUT
	shift 6
	[ "${name##*/}" = 4 ] || cut=$CUT6
	cell "cut-$name" "$at" "$drop" "$frame $cut" "$twin_at" "$twin $cut" "$@"
	cell "pieces-$name" "$at" "$drop" "$frame $cut $PIECES" "$twin_at" "$twin $cut $PIECES" "$@"
}

row_C15() {
	local cam="udp from=t6 to=d2 dport=5000" cam6="udp6 from=t6 to=d2 dport=5000"
	title "frames cut at every byte, in fragments, and super-packets"
	defect truncated_header past_the_end
	layouts service/4 d2 ingress/service "udp from=t6 to=d2 dport=4999" d2 "$cam" $ME
	layouts service/6 d2 ingress/service "udp6 from=t6 to=d2 dport=4999" d2 "$cam6" $ME
	layouts tcp/4 d2 ingress/service "tcp from=t6 to=d2 dport=80" d2 "tcp from=t6 to=d2 dport=443" $ME
	layouts tcp/6 d2 ingress/service "tcp6 from=t6 to=d2 dport=80" d2 "tcp6 from=t6 to=d2 dport=443" $ME
	layouts mac/4 d3 ingress/device-port "udp from=t6 to=d3 smac=d2 src=d2 dport=6000" d2 "$cam"
	layouts address/4 d2 ingress/address-spoof "udp from=t6 to=d2 src=10.10.1.4 dport=5000" d2 "$cam" $ME
	layouts address/6 d2 ingress/address-spoof "udp6 from=t6 to=d2 src=fd00:10:1::4 dport=5000" d2 "$cam6" $ME
	layouts vlan/4 d2 ingress/vlan "udp from=t6 to=d2 vlan=10 dport=5000" d2 "udp from=t6 to=d2 vlan=0 dport=5000" told=02:00:00:00:00:07
	layouts options/4 d2 ingress/ip-options "udp from=t6 to=d2 dport=5000 opts=83070400000000" d2 "$cam" $ME
	layouts headers/6 d2 ingress/ipv6-ext "udp6 from=t6 to=d2 dport=5000 ext=60,60" d2 "$cam6" $ME
	layouts arp/arp d2 ingress/arp-sender "arp from=t6 to=d2 op=2 spa=10.10.0.254" gw "arp from=t6 to=gw dmac=ff:ff:ff:ff:ff:ff" $ME
	layouts nd/6 d2 ingress/nd-sender "na from=t6 to=d2 target=fd00:10::fe" d2 "$cam6" $ME
	layouts ra/6 d2 ingress/ra-guard "ra from=t6 dmac=33:33:00:00:00:01 dst=ff02::1 src=fe80::ff:fe00:7" d2 "$cam6" $ME
	layouts routed/4 d5 ingress/service "udp from=t6 to=d5 via=gw dport=4999" d5 "udp from=t6 to=d5 via=gw dport=5000" $ME
	layouts routed/6 d5 ingress/service "udp6 from=t6 to=d5 via=gw dport=4999" d5 "udp6 from=t6 to=d5 via=gw dport=5000" $ME
	super_packets
}

super_packets() {
	local tcp="flags=PA seq=1001 ack=2001 size=4000 gso=tcp4 mss=1000 cut_at=@54|60|66|120" tcp6="flags=PA seq=1001 ack=2001 size=4000 gso=tcp6 mss=1000 cut_at=@74|80|90|140"
	cell gso-tcp/4 d2 ingress/service "tcp from=t6 to=d2 dport=80 $tcp" d2 "tcp from=t6 to=d2 dport=443 $tcp" $ME
	cell gso-tcp/6 d2 ingress/service "tcp6 from=t6 to=d2 dport=80 $tcp6" d2 "tcp6 from=t6 to=d2 dport=443 $tcp6" $ME
	cell gso-routed/4 d5 ingress/service "tcp from=t6 to=d5 via=gw dport=80 $tcp" d5 "tcp from=t6 to=d5 via=gw dport=443 $tcp" $ME
	cell gso-udp/4 d2 ingress/service "udp from=t6 to=d2 dport=4999 size=4000 gso=udp mss=1000 cut_at=@42|60" d2 "$cam" $ME control=some
	cell gso-address/4 d2 ingress/address-spoof "tcp from=t6 to=d2 src=10.10.1.4 dport=443 $tcp" d2 "$cam" $ME
}

bench
