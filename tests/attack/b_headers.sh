#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# B1, B2, B6: IPv4 options, IPv6 extension headers, other protocols and tunnels.
. "$(dirname "$0")/lib_attack.sh"
start_house

CAM="udp from=d1 to=d2 dport=5000"
CAM6="udp6 from=d1 to=d2 dport=5000"
# Every protocol that is not judged by ports or types, and has no header of its own to be whole.
PLAIN4="3..5|7..16|18..46|48..57|59..255"
PLAIN6="3..5|7..16|18..42|45..46|48..50|52..57|61..134|136..138|141..255"

row_B1() {
	title "IPv4 options, with every length"
	cell bridged/4 d2 ingress/ip-options "udp from=d1 to=d2 dport=5000 opts=@option" d2 "$CAM"
	cell bridged-tcp/4 d2 ingress/ip-options "tcp from=d1 to=d2 dport=443 opts=@option" d2 "tcp from=d1 to=d2 dport=443"
	cell routed/4 d5 ingress/ip-options "udp from=d1 to=d5 via=gw dport=5000 opts=@option" d5 "udp from=d1 to=d5 via=gw dport=5000" \
		live="udp from=d1 to=d5 via=gw dport=5000 opts=@0101|01010101|0707040000000000"
	cell gateway/4 gw ingress/ip-options "udp from=d1 to=gw dport=53 opts=@option" gw "udp from=d1 to=gw dport=53"
	cell zone-port/4 d1 ingress/ip-options "tcp from=st to=d1 via=gwo dport=443 opts=@option" d1 "tcp from=st to=d1 via=gwo dport=443" \
		live="tcp from=st to=d1 via=gwo dport=443 opts=@0101|01010101|0707040000000000"
	cell trunk/4 d2 ingress/ip-options "udp from=d4 to=d2 dport=5000 opts=@option" d2 "udp from=d4 to=d2 dport=5000"
	cell source-route/4 d2 ingress/ip-options "udp from=d1 to=d2 dport=5000 opts=@830704c6336401|890704c6336401|830b080a0a02020a140305" d2 "$CAM"
	cell igmp-others/4 d2 ingress/ip-options "igmp from=d1 dst=239.1.2.3 group=239.1.2.3 opts=@option" d2 "$CAM"
}

row_B2() {
	title "IPv6 extension headers: each, in chains of 1 to 64, routing headers"
	cell chain/6 d2 ingress/ipv6-ext "udp6 from=d1 to=d2 dport=5000 ext=@chain" d2 "$CAM6"
	cell chain-tcp/6 d2 ingress/ipv6-ext "tcp6 from=d1 to=d2 dport=443 ext=@chain" d2 "tcp6 from=d1 to=d2 dport=443"
	cell single/6 d2 ingress/ipv6-ext "udp6 from=d1 to=d2 dport=5000 ext=@0|43|51|60|135|139|140" d2 "$CAM6"
	cell hidden-port/6 d2 ingress/ipv6-ext "udp6 from=d1 to=d2 dport=4999 ext=@0|43|60|60,60|0,60" d2 "$CAM6"
	cell no-next/6 d2 ingress/ipv6-ext "udp6 from=d1 to=d2 dport=5000 nexthdr=59" d2 "$CAM6"
	cell router-alert/6 d2 ingress/ipv6-ext "udp6 from=d1 to=d2 dport=5000 ext=ra" d2 "$CAM6"
	cell behind-fragment/6 d2 ingress/ipv6-ext "udp6 from=d1 to=d2 dport=5000 frag=0,mf ext=@0|43|60|44|51" d2 "$CAM6"
	cell routed/6 d5 ingress/ipv6-ext "udp6 from=d1 to=d5 via=gw dport=5000 ext=@chain" d5 "udp6 from=d1 to=d5 via=gw dport=5000" \
		live="udp6 from=d1 to=d5 via=gw dport=5000 ext=@60|60,60|43"
	cell gateway/6 gw ingress/ipv6-ext "udp6 from=d1 to=gw dport=53 ext=@chain" gw "udp6 from=d1 to=gw dport=53"
	cell zone-port/6 d1 ingress/ipv6-ext "tcp6 from=st to=d1 via=gwo dport=443 ext=@chain" d1 "tcp6 from=st to=d1 via=gwo dport=443" \
		live="tcp6 from=st to=d1 via=gwo dport=443 ext=@60|60,60|43"
	cell trunk/6 d2 ingress/ipv6-ext "udp6 from=d4 to=d2 dport=5000 ext=@chain" d2 "udp6 from=d4 to=d2 dport=5000"
}

row_B6() {
	title "other protocols and tunnels"
	cell unlinked/4 d4 ingress/pair "proto from=d1 to=d4 ipproto=@$PLAIN4|47" d2 "proto from=d1 to=d2 ipproto=47"
	cell unlinked/6 d4 ingress/pair "proto6 from=d1 to=d4 ipproto=@$PLAIN6|47" d2 "proto6 from=d1 to=d2 ipproto=47"
	cell linked/4 d2 ingress/service "proto from=d1 to=d2 ipproto=@$PLAIN4" d2 "proto from=d1 to=d2 ipproto=47"
	cell linked/6 d2 ingress/service "proto6 from=d1 to=d2 ipproto=@$PLAIN6" d2 "proto6 from=d1 to=d2 ipproto=47"
	cell routed/4 d5 ingress/service "proto from=d1 to=d5 via=gw ipproto=@$PLAIN4|47" d5 "udp from=d1 to=d5 via=gw dport=5000"
	cell routed/6 d5 ingress/service "proto6 from=d1 to=d5 via=gw ipproto=@$PLAIN6|47" d5 "udp6 from=d1 to=d5 via=gw dport=5000"
	cell gateway/4 gw ingress/service "proto from=d1 to=gw ipproto=@$PLAIN4|47" gw "udp from=d1 to=gw dport=53"
	cell gateway/6 gw ingress/service "proto6 from=d1 to=gw ipproto=@$PLAIN6|47" gw "udp6 from=d1 to=gw dport=53"
	cell zone-port/4 d1 ingress/service "proto from=st to=d1 via=gwo ipproto=@$PLAIN4|47" d1 "tcp from=st to=d1 via=gwo dport=443"
	cell wan/4 wn ingress/service "proto from=d1 to=wn via=gw ipproto=@$PLAIN4|47" gw "udp from=d1 to=gw dport=53"
	cell udp-tunnels/4 d2 ingress/service "udp from=d1 to=d2 dport=@500|1194|1701|2123|2152|3544|4500|4754|4789|6081|8472|51820" d2 "$CAM"
	cell udp-tunnels/6 d2 ingress/service "udp6 from=d1 to=d2 dport=@500|1194|1701|2123|2152|3544|4500|4754|4789|6081|8472|51820" d2 "$CAM6"
	cell icmp-types/4 d2 ingress/service "icmp from=d1 to=d2 type=@1|2|4|6|7|9|10|13|15..255" d2 "icmp from=d1 to=d2 type=8"
	cell icmp-types/6 d2 ingress/service "icmp6 from=d1 to=d2 type=@5..127|138..142|144..255" d2 "icmp6 from=d1 to=d2 type=128"
}

bench
