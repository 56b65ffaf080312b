#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# B4, B5, B8, B13: what only a router, a far end, a DHCP server or a querier says.
. "$(dirname "$0")/lib_attack.sh"
start_house
# A victim that takes its routes from whom it hears.
house_alive d3 || exit 1
need_lab sysctl ns=d3 net/ipv6/conf/eth0/accept_ra=2 net/ipv6/conf/eth0/accept_ra_defrtr=1 net/ipv6/conf/eth0/accept_redirects=1

CAM="udp from=d1 to=d2 dport=5000"
CAM6="udp6 from=d1 to=d2 dport=5000"
LL1=fe80::ff:fe00:1
ALL=ff:ff:ff:ff:ff:ff
RA="ra from=d1 src=$LL1 dst=ff02::1"

has_route() { ip -6 -n d3 route show default proto ra | grep -q "$LL1"; }
has_no_route() { ! has_route; }

row_B4() {
	title "rogue router advertisements"
	cell all-nodes/nd d2,d3 ingress/ra-guard "$RA lifetime=@0..9000" d2 "$CAM6"
	! playing control || check "the victim routes through the attacker" has_route
	! playing armed || check "the victim does not route through the attacker" has_no_route
	ip -6 -n d3 route flush proto ra
	cell unicast/nd d3 ingress/ra-guard "ra from=d1 to=d3 src=$LL1 lifetime=@0..9000" d2 "$CAM6"
	cell no-lladdr/nd d2,d3 ingress/ra-guard "$RA lladdr=@none|02:00:00:00:00:03" d2 "$CAM6"
	cell hop-limit/nd d2,d3 ingress/ra-guard "$RA ttl=@1|64|254" d2 "$CAM6"
	cell extension/nd d2,d3 ingress/ipv6-ext "$RA ext=@0|60|43|60,60|0,60" d2 "$CAM6"
	cell fragment/nd d2,d3 ingress/fragment "$RA frag=0,mf" d2 "$CAM6"
	cell atomic/nd d2,d3 ingress/fragment "$RA frag=0" d2 "$CAM6"
	cell fragment-extension/nd d2,d3 ingress/ipv6-ext "$RA frag=0,mf ext=@60|43" d2 "$CAM6"
	cell later-fragment/nd d2,d3 "ingress/group|ingress/service|ingress/accepted" "$RA frag=@8|16" d2 "$CAM6" told=- of=-
	cell vlan0/nd d2,d3 ingress/ra-guard "$RA vlan=0" d2 "udp6 from=d1 to=d2 vlan=0 dport=5000"
	cell gateway/nd gw ingress/ra-guard "ra from=d1 to=gw src=$LL1" gw "rs from=d1 src=$LL1 dst=ff02::2"
	cell stranger/nd d2,d3 ingress/ra-guard "ra from=d8 smac=@mac src=fe80::8 dst=ff02::1" d2 "$CAM6"
	cell zone-port/nd office ingress/ra-guard "ra from=st src=fe80::fd01 dst=ff02::1" office "rs from=st src=fe80::fd01 dst=ff02::2"
	ip -6 -n d3 route flush proto ra
}

# A flow that is alive, for errors to be about.
FLOW="udp from=d1 to=d2 sport=40000 dport=5000"
FLOW6="udp6 from=d1 to=d2 sport=40000 dport=5000"

row_B5() {
	title "ICMP redirects, and errors about a flow that is not the sender's"
	cell redirect/4 d2 ingress/redirect "icmp from=d1 to=d2 type=5 code=@0..3 about=udp" d2 "$CAM"
	cell redirect/6 d3 ingress/redirect "redirect6 from=d1 to=d3 src=@$LL1|fe80::fe" d2 "$CAM6"
	cell redirect-gateway/4 gw ingress/redirect "icmp from=d1 to=gw type=5 code=@0..3 about=udp" gw "icmp from=d1 to=gw type=8"
	lab send n=1 $FLOW
	lab send n=1 $FLOW6
	cell strangers-flow/4 d1 bridge/related "icmp from=d3 to=d1 type=@3|11|12 about=udp isrc=d1 idst=d2 isport=40000 idport=5000" \
		d1 "icmp from=d2 to=d1 type=3 about=udp isport=40000 idport=5000"
	cell strangers-flow/6 d1 bridge/related "icmp6 from=d3 to=d1 type=@1|3|4 about=udp isrc=d1 idst=d2 isport=40000 idport=5000" \
		d1 "icmp6 from=d2 to=d1 type=1 about=udp isport=40000 idport=5000"
	cell fake-mtu/4 d1 bridge/related "icmp from=d3 to=d1 type=3 code=4 mtu=@68|296|552 about=udp isrc=d1 idst=d2 isport=40000 idport=5000" \
		d1 "icmp from=d2 to=d1 type=3 code=4 mtu=1400 about=udp isport=40000 idport=5000"
	cell fake-mtu/6 d1 bridge/related "icmp6 from=d3 to=d1 type=2 mtu=@1280|1300 about=udp isrc=d1 idst=d2 isport=40000 idport=5000" \
		d1 "icmp6 from=d2 to=d1 type=2 mtu=1400 about=udp isport=40000 idport=5000"
	cell no-flow/4 d1 bridge/not-reply "icmp from=d2 to=d1 type=@3|11|12 about=udp isport=@1..9000 idport=5001" d1 "icmp from=d2 to=d1 type=3 about=udp isport=40000 idport=5000"
	cell no-flow/6 d1 bridge/not-reply "icmp6 from=d2 to=d1 type=@1|3|4 about=udp isport=@1..9000 idport=5001" d1 "icmp6 from=d2 to=d1 type=1 about=udp isport=40000 idport=5000"
	cell unlinked/4 d4 ingress/pair "icmp from=d1 to=d4 type=@3|11|12 about=udp" d2 "$CAM"
	cell unlinked/6 d4 ingress/pair "icmp6 from=d1 to=d4 type=@1|2|3|4 about=udp" d2 "$CAM6"
}

DISCOVER="udp from=d1 dmac=$ALL src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67"

# starved WHAT ATTACK OTHER REASON [LEAST]: of a flood of 1000 that the policy allows the box sees no more than the budget (LEAST or more are
# dropped), and another device's frame comes. A commit fills the budget.
starved() {
	local before
	if playing control; then
		cell "$1" gw "ingress/$4" "$2" gw "$3"
		return
	fi
	need_lab ruleset load ns=gw file="$(blob attack)"
	before=$(stat_of "ingress/$4")
	lab flood n=1000 want=some at=gw $2
	check "$1: beyond the budget they are dropped" test $(($(stat_of "ingress/$4") - before)) -ge "${5:-701}"
	check "$1: and another device is heard" lab try n=1 want=arrive at=gw $3
	note_reasons "ingress/$4"
	add row_cells 1
	add row_denied 1000
}

row_B8() {
	title "rogue DHCP servers, and starvation"
	cell offer/4 d2 ingress/dhcp-server "udp from=d1 to=d2 sport=67 dport=68 size=300" d2 "$CAM"
	cell offer-broadcast/4 d2,d3 ingress/dhcp-server "udp from=d1 to=d2 dmac=$ALL dst=255.255.255.255 sport=67 dport=68 size=300" d2 "$CAM"
	cell server-ports/4 d2 ingress/dhcp-server "udp from=d1 to=d2 sport=67 dport=@1..65535" d2 "$CAM"
	cell offer/6 d2 ingress/dhcp-server "udp6 from=d1 to=d2 src=$LL1 sport=547 dport=546" d2 "$CAM6"
	cell relay/4 gw ingress/dhcp-server "udp from=d1 to=gw sport=67 dport=67 size=300" d2 "$CAM"
	cell relay/6 gw ingress/dhcp-server "udp6 from=d1 to=gw src=$LL1 sport=547 dport=547" d2 "$CAM6"
	cell to-peer/4 d2 ingress/service "udp from=d1 to=d2 sport=68 dport=67" d2 "$CAM"
	cell strangers/4 gw ingress/group "udp from=d8 smac=@mac dmac=$ALL src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67 size=300" d2 "$CAM"
	starved "leases" "$DISCOVER size=300" "udp from=d4 dmac=$ALL src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67" limit-lease
	cell zone-port/4 office ingress/dhcp-server "udp from=st to=gwo sport=67 dport=68" d1 "udp from=st to=d1 via=gwo dport=7000"
	cell uplink-server/4 d1 ingress/dhcp-server "udp from=st to=d1 via=gwo sport=67 dport=68" d1 "udp from=st to=d1 via=gwo dport=7000"
}

row_B13() {
	title "somebody takes over as querier"
	cell igmp-query/4 d2,d3 ingress/querier "igmp from=d1 dst=224.0.0.1 type=0x11 group=@0.0.0.0|239.1.2.3" d2 "$CAM"
	cell igmp-others/4 d2,d3 ingress/querier "igmp from=d1 dst=224.0.0.1 type=@1..17|19..21|24..33|35..255 group=0.0.0.0" d2 "$CAM"
	cell mld-query/6 d2,d3 ingress/querier "mld from=d1 src=$LL1 dst=ff02::1 type=130 group=@::|ff05::1" d2 "$CAM6"
	cell routers/4 d2,d3 ingress/group "proto from=d1 dst=224.0.0.13 ipproto=103" d2 "$CAM"
	starved "igmp reports" "igmp from=d1 dst=@239.1.0.0/16 group=@239.1.0.0/16" "igmp from=d4 dst=239.9.9.9 group=239.9.9.9" limit-membership
	starved "mld reports" "mld from=d1 src=$LL1 dst=ff02::16 group=@ff05::/64" "mld from=d4 src=fe80::ff:fe00:4 dst=ff02::16 group=ff05::9" limit-membership
	# A budget of 100 groups is one report of 60; two more for each second that it takes.
	starved "igmp reports of many groups" "igmp from=d1 dst=224.0.0.22 type=0x22 records=60 group=@239.2.0.0/16" "igmp from=d4 dst=239.9.9.9 group=239.9.9.9" limit-membership 990
	starved "mld reports of many groups" "mld from=d1 src=$LL1 dst=ff02::16 records=60 group=@ff05::/64" "mld from=d4 src=fe80::ff:fe00:4 dst=ff02::16 group=ff05::9" limit-membership 990
	cell zone-port/4 office ingress/querier "igmp from=st dst=224.0.0.1 type=0x11 group=0.0.0.0" d1 "udp from=st to=d1 via=gwo dport=7000"
}

bench
