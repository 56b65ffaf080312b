#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# B7, B9-B12: groups, the gateway's addresses, who starts, names, and private sources on the uplink.
. "$(dirname "$0")/lib_attack.sh"
start_house

CAM="udp from=d1 to=d2 dport=5000"
CAM6="udp6 from=d1 to=d2 dport=5000"
GW="udp from=d1 to=gw dport=53"
GW6="udp6 from=d1 to=gw dport=53"
ALL=ff:ff:ff:ff:ff:ff

row_B7() {
	title "multicast and broadcast into other zones"
	cell mdns/4 d2,d3,d4 ingress/group "udp from=d1 dst=224.0.0.251 sport=5353 dport=5353" d2 "$CAM"
	cell mdns/6 d2,d3,d4 ingress/group "udp6 from=d1 dst=ff02::fb sport=5353 dport=5353" d2 "$CAM6"
	cell ssdp/4 d2,d3,d4 ingress/group "udp from=d1 dst=239.255.255.250 dport=1900" d2 "$CAM"
	cell llmnr/4 d2,d3,d4 ingress/group "udp from=d1 dst=224.0.0.252 dport=5355" d2 "$CAM"
	cell llmnr/6 d2,d3,d4 ingress/group "udp6 from=d1 dst=ff02::1:3 dport=5355" d2 "$CAM6"
	cell groups/4 d2,d3,d4 ingress/group "udp from=d1 dst=@224.0.1.0/24 dport=4999" d2 "$CAM"
	cell groups/6 d2,d3,d4 ingress/group "udp6 from=d1 dst=@ff02::/64 dport=4999" d2 "$CAM6"
	cell broadcast/4 d2,d3,d4 ingress/group "udp from=d1 dmac=$ALL dst=255.255.255.255 dport=4999" d2 "$CAM"
	cell subnet-broadcast/4 d2,d3,d4 ingress/group-unicast "udp from=d1 dmac=$ALL dst=@10.10.255.255|10.10.1.255 dport=5000" d2 "$CAM"
	cell ping-all/4 d2,d3,d4 ingress/group "icmp from=d4 dst=224.0.0.1 type=13" d2 "udp from=d4 to=d2 dport=5000" at=d1,d2,d3
	cell unicast-mac/4 d2 ingress/group-unicast "udp from=d1 to=d2 dmac=d2 dst=@224.0.0.251|239.1.1.1 dport=5000" d2 "$CAM"
	cell quarantined/4 d2,d3,d4 ingress/group "udp from=d7 dst=224.0.0.251 dport=5353" d2 "$CAM"
	cell stranger/4 d2,d3,d4 ingress/group "udp from=d8 smac=@mac src=10.10.8.8 dst=224.0.0.251 dport=5353" d2 "$CAM"
}

row_B9() {
	title "the gateway's other addresses, and link-local ones of other links"
	cell ports/4 gw ingress/service "udp from=d1 to=gw dport=@1..52|54..66|68..65535" gw "$GW"
	cell ports/6 gw ingress/service "udp6 from=d1 to=gw dport=@1..52|54..546|548..65535" gw "$GW6"
	cell ports-tcp/4 gw ingress/service "tcp from=d1 to=gw dport=@1..52|54..65535" gw "tcp from=d1 to=gw dport=53"
	cell weak-host/4 gw ingress/not-for-us "udp from=d1 to=gw dst=@10.20.0.254|10.30.0.254|198.51.100.254|192.0.2.254 dport=53" gw "$GW"
	cell weak-host/6 gw ingress/not-for-us "udp6 from=d1 to=gw dst=@fd00:20::fe|fd00:30::fe|2001:db8:1::fe|2001:db8:2::fe dport=53" gw "$GW6"
	cell weak-host/arp gw ingress/neighbour-target "arp from=d1 to=gw tpa=@10.20.0.254|10.30.0.254|198.51.100.254|192.0.2.254" gw "arp from=d1 to=gw"
	cell weak-host/nd gw ingress/neighbour-target "ns from=d1 to=gw target=@fd00:20::fe|fd00:30::fe|2001:db8:1::fe" gw "ns from=d1 to=gw"
	cell weak-host-office/4 office ingress/not-for-us "icmp from=st to=gwo dst=@10.10.0.254|10.20.0.254|198.51.100.254 type=8" office "icmp from=st to=gwo type=8"
	cell weak-host-wan/4 uplink ingress/not-for-us "tcp from=wn to=gww dst=@10.10.0.254|10.20.0.254|10.30.0.254 dport=443" d1 "udp from=st to=d1 via=gwo dport=7000"
	cell video/4 gw ingress/pair "udp from=d2 to=gw dport=53" gw "$GW"
	cell link-local/4 gw ingress/address-spoof "udp from=d1 to=gw src=@169.254.0.0/16 dport=53" gw "$GW"
	cell link-local-target/6 gw ingress/unknown-destination "udp6 from=d1 to=gw dst=@fe80::/64 dport=53" gw "$GW6"
}

row_B10() {
	title "the other direction: whoever may not start, does not"
	cell syn/4 d1 ingress/service "tcp from=d2 to=d1 dport=443 flags=S" d2 "tcp from=d1 to=d2 dport=443 flags=S"
	cell from-service-port/4 d1 bridge/service "tcp from=d2 to=d1 sport=443 dport=@1024..65535 flags=@S|SA|A|PA|FA" d2 "tcp from=d1 to=d2 dport=443 flags=S" drop="bridge/service|bridge/not-reply"
	cell from-service-port/6 d1 bridge/service "tcp6 from=d2 to=d1 sport=443 dport=@1024..65535 flags=@S|SA|A|PA|FA" d2 "tcp6 from=d1 to=d2 dport=443 flags=S" drop="bridge/service|bridge/not-reply"
	cell from-service-port-routed/4 d1 forward/service "tcp from=d5 to=d1 via=gw sport=443 dport=@1024..65535 flags=@S|SA|A|PA|FA" d5 "tcp from=d1 to=d5 via=gw dport=443 flags=S" drop="forward/service|forward/not-reply"
	cell reset/4 d1 bridge/not-reply "tcp from=d2 to=d1 sport=443 dport=@1024..65535 flags=@R|RA" d2 "tcp from=d1 to=d2 dport=443 flags=S" drop="bridge/service|bridge/not-reply"
	cell udp-reversed/4 d1 bridge/service "udp from=d2 to=d1 sport=5000 dport=@1024..65535" d2 "$CAM"
	cell udp-reversed/6 d1 bridge/service "udp6 from=d2 to=d1 sport=5000 dport=@1024..65535" d2 "$CAM6"
	cell udp-reversed-routed/4 d1 forward/service "udp from=d5 to=d1 via=gw sport=5000 dport=@1024..65535" d5 "udp from=d1 to=d5 via=gw dport=5000"
	cell echo-reply/4 d1 bridge/not-reply "icmp from=d2 to=d1 type=0 icmpid=@1..65535" d2 "icmp from=d1 to=d2 type=8"
	cell echo-reply/6 d1 bridge/not-reply "icmp6 from=d2 to=d1 type=129 icmpid=@1..65535" d2 "icmp6 from=d1 to=d2 type=128"
	cell gateway-reversed/4 gw local-in/service "udp from=d1 to=gw sport=9000 dport=@1024..65535" gw "$GW" at=gw
	cell syn-with-data/4 d1 ingress/service "tcp from=d2 to=d1 dport=443 flags=SP size=400" d2 "tcp from=d1 to=d2 dport=443 flags=SP size=400"
}

row_B11() {
	title "resolvers other than the gateway's"
	cell outside/4 wn ingress/service "udp from=d1 to=wn via=gw dport=53" gw "$GW"
	cell outside/6 wn ingress/service "udp6 from=d1 to=wn via=gw dport=53" gw "$GW6"
	cell outside-tcp/4 wn ingress/service "tcp from=d1 to=wn via=gw dport=@53|853" gw "tcp from=d1 to=gw dport=53"
	cell peer/4 d2 ingress/service "udp from=d1 to=d2 dport=53" gw "$GW"
}

row_B12() {
	title "nftables flushed: private sources on the uplink"
	nat_up
	lab send n=1 udp from=d1 to=wn via=gw sport=41000 dport=5000
	in_ns gw nft delete table ip labnat
	cell new-flow/4 wn egress/masquerade "udp from=d1 to=wn via=gw sport=41001 dport=@5000..5100" gw "$GW" told=-
	cell old-flow/4 wn egress/masquerade "udp from=d1 to=wn via=gw sport=41000 dport=5000" gw "$GW" told=-
	cell icmp/4 wn egress/masquerade "icmp from=d1 to=wn via=gw type=8" gw "$GW" told=-
}

bench
