#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
#
# ARP, neighbour discovery, routers, queriers and DHCP servers: who may say what, and who hears it.
. "$(dirname "$0")/lib_lab.sh"
start_house
ALL=dmac=ff:ff:ff:ff:ff:ff
plain "control: a short neighbour solicitation arrives" try want=arrive at=office ns from=st to=gwo body=20 trailer
plain "control: a forged announcement arrives" try want=arrive at=d2,d3,gw arp from=d1 $ALL spa=10.10.0.254 tpa=10.10.0.254
plain "control: a router advertisement in fragments arrives" try want=arrive at=d2 ra from=d1 src=fe80::1 dst=ff02::1 frag=0,mf
plain "control: a solicitation in fragments arrives" try want=arrive at=d2 ns from=d1 dst=ff02::1:ff00:2 target=fd00:10:2::2 frag=0,mf
plain "control: an IGMP report is routed" try want=arrive at=d5 igmp type=0x16 from=d2 to=d5 dst=10.20.3.5 via=gw opts=94040000 ttl=64
arm house || exit 1

# ARP
arrives "a request for a linked peer" d2 arp from=d1 to=d2 $ALL
both "a request for a linked peer, and nowhere else" try want=arrive at=d2 not=d3,d4,d6 arp from=d1 to=d2 $ALL
arrives "a request for the gateway" gw arp from=d1 to=gw $ALL
both "a request for the gateway, and no peer hears it" try want=arrive at=gw not=d2,d3,d4,d6 arp from=d1 to=gw $ALL
arrives "a unicast reply to a linked peer" d1 arp op=2 from=d2 to=d1
arrives "a unicast reply to the gateway" gw arp op=2 from=d1 to=gw
arrives "a probe without an address" d2 arp from=d1 to=d2 $ALL spa=0.0.0.0
arrives "an announcement of its own address, to the gateway" gw arp from=d1 $ALL tpa=10.10.1.1
drops "an announcement, to the peers" 'egress/egress-port*4' at=d2,d3,d4,d6 arp from=d1 $ALL tpa=10.10.1.1
drops "a request for a peer that no flow links" ingress/neighbour-target arp from=d5 to=d4t $ALL
drops "a request for a quarantined peer" ingress/neighbour-target arp from=d1 to=held $ALL
drops "a request for an address of nobody" ingress/neighbour-target arp from=d1 $ALL tpa=10.10.5.5
drops "a request for a device of another VLAN" ingress/neighbour-target arp from=d1 to=d5 $ALL
drops "a request for an office host" ingress/neighbour-target arp from=d1 to=st $ALL
drops "a reply to a peer that no flow links" ingress/neighbour-target arp op=2 from=d5 to=d4t
drops "a request of an unknown device for the gateway" ingress/neighbour-target arp from=d6 to=gw $ALL
drops "a sender address of a peer" ingress/arp-sender arp from=d1 to=d2 $ALL spa=10.10.1.4
drops "a sender address of nobody" ingress/arp-sender arp from=d1 to=d2 $ALL spa=10.10.1.77
drops "a sender address of the gateway" ingress/arp-sender arp from=d1 to=d2 $ALL spa=10.10.0.254
drops "an announcement of the gateway's address" ingress/arp-sender arp from=d1 $ALL spa=10.10.0.254 tpa=10.10.0.254
drops "an announcement of a peer's address" ingress/arp-sender arp from=d1 $ALL spa=10.10.2.2 tpa=10.10.2.2
drops "a reply with a peer's address" ingress/arp-sender arp op=2 from=d1 to=d4 spa=10.10.2.2
drops "a sender MAC that is not the frame's" ingress/arp-sender arp from=d1 to=d2 $ALL sha=02:00:00:00:00:03
drops "a reverse ARP request" ingress/arp-sender arp op=3 from=d1 to=d2 $ALL
drops "ARP of another hardware" ingress/malformed arp from=d1 to=d2 $ALL htype=6
arrives "an office host asks for the gateway" office arp from=st to=gwo $ALL
drops "an office host asks for a device" ingress/neighbour-target arp from=st to=d1 $ALL
drops "an office host with a device's address" ingress/arp-sender arp from=st to=gwo $ALL spa=10.10.1.1
arrives "the uplink's host asks for the gateway" uplink arp from=wn to=gww $ALL

# Neighbour discovery
SOLICIT2="dst=ff02::1:ff00:2 target=fd00:10:2::2"
arrives "a solicitation for a linked peer" d2 ns from=d1 $SOLICIT2
both "a solicitation for a linked peer, and nowhere else" try want=arrive at=d2 not=d3,d4,d6 ns from=d1 $SOLICIT2
arrives "a solicitation for the gateway" gw ns from=d1 dst=ff02::1:ff00:fe target=fd00:10::fe
arrives "a unicast advertisement to a linked peer" d1 na from=d2 to=d1
arrives "an advertisement to all, at the gateway" gw na from=d2 dst=ff02::1
drops "an advertisement to all, at the peers" 'egress/group*4' at=d1,d3,d4,d6 na from=d2 dst=ff02::1
arrives "duplicate detection of its own address" gw ns from=d1 src=:: dst=ff02::1:ff00:1 target=fd00:10:1::1
arrives "duplicate detection of a link-local address" gw ns from=d1 src=:: dst=ff02::1:ff00:1 target=fe80::a1
drops "duplicate detection is not for the peers" 'egress/group*4' at=d2,d3,d4,d6 ns from=d1 src=:: dst=ff02::1:ff00:1 target=fd00:10:1::1
drops "a solicitation for a peer that no flow links" ingress/neighbour-target ns from=d5 dst=ff02::1:ff00:4 target=fd00:20:3::4
drops "a solicitation for an address of nobody" ingress/neighbour-target ns from=d1 dst=ff02::1:ff00:9 target=fd00:10:9::9
drops "a solicitation for a group" ingress/nd-sender ns from=d1 dst=ff02::1:ff00:1 target=ff02::1
drops "an advertisement of a peer's address" ingress/nd-sender na from=d1 to=d4 target=fd00:10:2::2
drops "an advertisement of the gateway's address" ingress/nd-sender na from=d1 dst=ff02::1 target=fd00:10::fe
drops "an advertisement with another MAC" ingress/nd-sender na from=d1 to=d2 lladdr=02:00:00:00:00:99
drops "a solicitation with another MAC" ingress/nd-sender ns from=d1 $SOLICIT2 lladdr=02:00:00:00:00:99
drops "a solicitation that crossed a router" ingress/nd-sender ns from=d1 $SOLICIT2 ttl=254
drops "a solicitation with a code" ingress/nd-sender ns from=d1 $SOLICIT2 code=1
drops "a solicitation from a peer's address" ingress/address-spoof ns from=d1 $SOLICIT2 src=fd00:10:1::4
drops "duplicate detection of a peer's address" ingress/nd-sender ns from=d1 src=:: dst=ff02::1:ff00:2 target=fd00:10:2::2
drops "duplicate detection of the gateway's address" ingress/nd-sender ns from=d1 src=:: dst=ff02::1:ff00:fe target=fd00:10::fe
drops "duplicate detection with a link-layer option" ingress/nd-sender ns from=d1 src=:: dst=ff02::1:ff00:1 target=fd00:10:1::1 lladdr=02:00:00:00:00:01
drops "a solicitation without its target" ingress/malformed ns from=st to=gwo body=20 trailer
drops "a solicitation in fragments" ingress/fragment ns from=d1 $SOLICIT2 frag=0,mf
drops "a solicitation behind destination options" ingress/ipv6-ext ns from=d1 $SOLICIT2 ext=60

# Routers
arrives "a router solicitation" gw rs from=d1 src=fe80::a1 dst=ff02::2
drops "a router solicitation is not for the peers" 'egress/group*4' at=d2,d3,d4,d6 rs from=d1 src=fe80::a1 dst=ff02::2
drops "a router advertisement of a device" ingress/ra-guard ra from=d1 src=fe80::a1 dst=ff02::1
drops "a router advertisement to one peer" ingress/ra-guard ra from=d1 to=d2 src=fe80::a1
drops "a router advertisement of an office host" ingress/ra-guard ra from=st src=fe80::55 dst=ff02::1
drops "a router advertisement in fragments" ingress/fragment ra from=d1 src=fe80::a1 dst=ff02::1 frag=0,mf
drops "a router advertisement behind destination options" ingress/ipv6-ext ra from=d1 src=fe80::a1 dst=ff02::1 ext=60
drops "a router advertisement behind a VID 0 tag" ingress/ra-guard ra from=d1 src=fe80::a1 dst=ff02::1 vlan=0
arrives "a router advertisement on the uplink" uplink ra from=wn src=fe80::99 dst=ff02::1
drops "a router advertisement from a global address" ingress/nd-sender ra from=wn dst=ff02::1
drops "an ICMP redirect" ingress/redirect icmp type=5 code=1 from=d1 to=d2 about=udp
drops "an ICMPv6 redirect" ingress/redirect redirect6 from=d1 to=d2 src=fe80::a1
drops "a redirect on the uplink" ingress/redirect redirect6 from=wn to=gww src=fe80::99

# Group membership
arrives "an MLDv2 report" gw mld from=d1 src=fe80::a1 dst=ff02::16 group=ff05::1234
arrives "an MLDv1 report" gw mld type=131 from=d1 src=fe80::a1 dst=ff05::1234 group=ff05::1234
arrives "an MLD report without an address yet" gw mld from=d1 src=:: dst=ff02::16 group=ff02::1:ff00:1
drops "an MLD report without router alert" ingress/ipv6-ext mld from=d1 src=fe80::a1 dst=ff02::16 group=ff05::1234 ext=none
drops "an MLD report with another hop-by-hop header" ingress/ipv6-ext mld from=d1 src=fe80::a1 dst=ff02::16 group=ff05::1234 ext=0
drops "an MLD query of a device" ingress/querier mld type=130 from=d1 src=fe80::a1 dst=ff02::1
arrives "an MLD query on the uplink" uplink mld type=130 from=wn src=fe80::99 dst=ff02::1
arrives "an IGMPv3 report" gw igmp type=0x22 from=d1 dst=224.0.0.22
arrives "an IGMPv2 report" gw igmp type=0x16 from=d1 dst=239.1.2.3 group=239.1.2.3
drops "an IGMP report is not for the peers" 'egress/group*4' at=d2,d3,d4,d6 igmp type=0x16 from=d1 dst=239.1.2.3 group=239.1.2.3
drops "an IGMP report without router alert" ingress/ip-options igmp from=d1 dst=239.1.2.3 group=239.1.2.3 opts=none
drops "an IGMP query of a device" ingress/querier igmp type=0x11 from=d1 dst=224.0.0.1
drops "a DVMRP probe" ingress/querier igmp type=0x13 from=d1 dst=224.0.0.4

# DHCP servers
drops "a DHCP offer of a device" ingress/dhcp-server udp sport=67 dport=68 from=d1 to=d2
drops "a DHCP offer of a device to all" ingress/dhcp-server udp sport=67 dport=68 from=d1 dst=255.255.255.255
drops "a DHCPv6 answer of a device" ingress/dhcp-server udp6 sport=547 dport=546 from=d1 to=d2
drops "a DHCP offer of an office host" ingress/dhcp-server udp sport=67 dport=68 from=st to=gwo
arrives "a DHCP answer on the uplink" uplink udp sport=67 dport=68 from=wn to=gww

# What has a meaning on one link only is not routed, whatever address it is sent to.
FAR6="via=gw dst=fd00:20:3::5 ttl=255"
ALERT4="dst=10.20.3.5 via=gw opts=94040000 ttl=64"
drops "a router solicitation through the gateway" ingress/not-for-us rs from=d2 to=d5 $FAR6
drops "a solicitation for the gateway, through the gateway" ingress/not-for-us ns from=d1 to=d5 $FAR6 target=fd00:10::fe
drops "an advertisement through the gateway" ingress/not-for-us na from=d1 to=d5 $FAR6
drops "an MLD report through the gateway" ingress/not-for-us mld from=d2 to=d5 via=gw dst=fd00:20:3::5 ttl=64
drops "an IGMP report through the gateway" ingress/not-for-us igmp type=0x16 from=d2 to=d5 $ALERT4
drops "one of a quarantined device to the internet" ingress/not-for-us igmp type=0x16 from=held to=wn via=gw dst=198.51.100.1 opts=94040000 ttl=64
drops "one of the internet to a device" ingress/not-for-us igmp type=0x16 from=wn to=gww dst=10.10.1.1 opts=94040000 ttl=64
arrives "a solicitation to the gateway's own address" gw ns from=d1 to=gw target=fd00:10::fe
