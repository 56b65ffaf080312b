#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# Guards that a site may relax, in both positions: protocols, ICMP types, ethertypes, IP options, fragments, and who may be a DHCP
# server, a router, a querier. Groups have 22_group.sh.
. "$(dirname "$0")/lib_lab.sh"
start_house
plain "control: the other side's PROFINET arrives" try want=arrive at=d1 eth ethertype=0x8892 from=d2 to=d1
# Once there is conntrack for the bridge, it waits for the other fragments.
plain "control: a first fragment of a zone whose fragments are refused arrives" try want=arrive at=d1 udp frag=0,mf dport=5000 from=d6 to=d1
plain "control: a later fragment of a zone whose fragments are refused arrives" try want=arrive at=d1 udp frag=64 from=d6 to=d1
plain "control: a first IPv6 fragment of such a zone arrives" try want=arrive at=d1 udp6 frag=0,mf dport=5000 from=d6 to=d1
arm guards || exit 1

# ---- protocols and ICMP types, which are service entries
arrives "a protocol that a flow names" d2 proto ipproto=47 from=d1 to=d2
drops "another protocol" ingress/service proto ipproto=50 from=d1 to=d2
drops "the same protocol where no flow names it" ingress/service proto ipproto=47 from=d1 to=d4
arrives "an ICMP type that a flow names" d2 icmp type=13 from=d1 to=d2
drops "another ICMP type" ingress/service icmp type=15 from=d1 to=d2
drops "the same ICMP type where no flow names it" ingress/service icmp type=13 from=d1 to=d4

# ---- IP options: the cameras may record routes and alert routers
UDP="udp dport=5000 from=d1 to=d2"
arrives "record route" d2 $UDP opts=0707040000000000
arrives "router alert" d2 $UDP opts=94040000
arrives "both, with padding" d2 $UDP opts=010703049404000000000000
drops "a timestamp" ingress/ip-options $UDP opts=44040500
drops "a timestamp behind router alert" ingress/ip-options $UDP opts=9404000044040500
drops "a loose source route" ingress/ip-options $UDP opts=8307040a0a020200
drops "a strict source route behind record route" ingress/ip-options $UDP opts=070304018903040000000000
drops "padding alone" ingress/ip-options $UDP opts=01010100
drops "an option beyond the header" ingress/ip-options $UDP opts=0709040000000000
drops "something behind the end of the list" ingress/ip-options $UDP opts=9404000000000100
drops "router alert of a zone without the key" ingress/ip-options udp dport=6000 from=d2 to=d3 opts=94040000
drops "IGMP without its router alert, all the same" ingress/ip-options igmp opts=none from=d1 dst=239.1.2.3 group=239.1.2.3

# ---- fragments: tools and meters may not
drops "a first fragment of a zone whose fragments are refused" ingress/fragment udp frag=0,mf dport=5000 from=d6 to=d1
drops "a later fragment of a zone whose fragments are refused" ingress/fragment udp frag=64 from=d6 to=d1
drops "a first IPv6 fragment of such a zone" ingress/fragment udp6 frag=0,mf dport=5000 from=d6 to=d1
arrives "a whole packet of such a zone" d1 udp dport=5000 from=d6 to=d1

# ---- ethertypes: PROFINET from the cameras to video and among themselves
PN=ethertype=0x8892
arrives "an ethertype that a flow names" d2 eth $PN from=d1 to=d2
arrives "an ethertype inside its zone" d4 eth $PN from=d1 to=d4
allow "an ethertype to one device, nowhere else" try want=arrive at=d2 not=d3,d4,d6,gw eth $PN from=d1 to=d2
arrives "an ethertype behind a VID 0 tag" d2 eth $PN vlan=0 from=d1 to=d2
drops "the other direction, which no flow has" ingress/ethertype eth $PN from=d2 to=d1
drops "another ethertype" ingress/ethertype eth ethertype=0x8893 from=d1 to=d2
drops "an ethertype towards the gateway" ingress/ethertype eth $PN from=d1 to=gw
drops "an ethertype, where all of IP may be started" ingress/ethertype eth $PN from=d6 to=d1
drops "an ethertype of an unknown device" ingress/ethertype eth $PN from=d6 smac=02:00:00:00:00:99 to=d2
drops "an ethertype with another device's MAC" ingress/device-port eth $PN from=d6 smac=02:00:00:00:00:01 to=d2
arrives "an ethertype to a group, inside its zone" d4 eth $PN from=d1 dmac=01:0e:cf:00:00:00
both "an ethertype to a group, nowhere else" try want=arrive at=d4 not=d2,d3,d6 eth $PN from=d1 dmac=01:0e:cf:00:00:00
drops "an ethertype to a group, at ports of other zones" 'egress/ethertype*3' at=d2,d3,d6 eth $PN from=d1 dmac=01:0e:cf:00:00:00
drops "an ethertype to everybody, from a zone without it inside" ingress/ethertype eth $PN from=d2 dmac=ff:ff:ff:ff:ff:ff
drops "an ethertype to a link-local group (the bridge drops it, too)" ingress/ethertype eth $PN from=d1 dmac=01:80:c2:00:00:0e
drops "an ethertype to another VLAN" ingress/ethertype eth $PN from=d1 to=d5

# ---- roles: the tool on p6 has all of them, its zone is linked with the cameras'
ALL="dst=255.255.255.255"
RA="src=fe80::a6 dst=ff02::1"
arrives "a router's advertisement, where its zone is linked" d1 ra from=d6 $RA
both "a router's advertisement, nowhere else" try want=arrive at=d1,d4 not=d2,d3 ra from=d6 $RA
drops "a router's advertisement, at ports of other zones" 'egress/group*2' at=d2,d3 ra from=d6 $RA
drops "a router's advertisement from a global address" ingress/nd-sender ra from=d6 dst=ff02::1
drops "a router's advertisement from another port" ingress/device-port ra from=d1 smac=02:00:00:00:00:06 $RA
drops "the advertisement of a device without the role" ingress/ra-guard ra from=d1 src=fe80::a1 dst=ff02::1
arrives "a querier's MLD query" d4 mld type=130 from=d6 $RA
drops "a querier's MLD query, at ports of other zones" 'egress/group*2' at=d2,d3 mld type=130 from=d6 $RA
drops "the MLD query of a device without the role" ingress/querier mld type=130 from=d1 src=fe80::a1 dst=ff02::1
arrives "a querier's IGMP query" d4 igmp type=0x11 from=d6 dst=224.0.0.1
drops "a querier's IGMP query, at ports of other zones" 'egress/group*2' at=d2,d3 igmp type=0x11 from=d6 dst=224.0.0.1
drops "the IGMP query of a device without the role" ingress/querier igmp type=0x11 from=d1 dst=224.0.0.1
drops "a querier's DVMRP probe" ingress/querier igmp type=0x13 from=d6 dst=224.0.0.4
drops "a querier's report is not for the peers" 'egress/group*4' at=d1,d2,d3,d4 igmp type=0x16 from=d6 dst=239.1.2.3 group=239.1.2.3
arrives "a DHCP server's offer to all, where it may be asked" d1 udp from=d6 $ALL sport=67 dport=68
both "a DHCP server's offer to all, nowhere else" try want=arrive at=d1,d4 not=d2,d3 udp from=d6 $ALL sport=67 dport=68
arrives "a DHCP server's offer to one" d1 udp from=d6 to=d1 sport=67 dport=68
arrives "a DHCPv6 server's answer" d1 udp6 from=d6 to=d1 sport=547 dport=546
drops "a DHCP server's offer to a zone that may not ask it" ingress/pair udp from=d6 to=d2 sport=67 dport=68
drops "the offer of a device without the role" ingress/dhcp-server udp from=d1 to=d4 sport=67 dport=68
drops "the offer to all of a device without the role" ingress/dhcp-server udp from=d2 $ALL sport=67 dport=68
need_lab device quarantine of=d6
drops "a quarantined router's advertisement" ingress/ra-guard ra from=d6 $RA
drops "a quarantined querier's query" ingress/querier mld type=130 from=d6 $RA
drops "a quarantined DHCP server's offer" ingress/dhcp-server udp from=d6 to=d1 sport=67 dport=68

# ---- whole conversations, last: stacks that answer would say more than is asked above
house_alive d1 d2 d5 || exit 1
allow "large UDP of a zone whose fragments are judged" probe udp from=d1 to=d2 port=5000 size=4000 want=open
allow "large UDP of such a zone by IPv6" probe udp six from=d1 to=d2 port=5000 size=4000 want=open
allow "small UDP of a zone whose fragments are refused" probe udp from=d5 to=d1 port=5000 want=open
deny "large UDP of a zone whose fragments are refused" probe udp from=d5 to=d1 port=5000 size=4000 want=drop:ingress/fragment
deny "large UDP of such a zone by IPv6" probe udp six from=d5 to=d1 port=5000 size=4000 want=drop:ingress/fragment
