#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# Guards that a site may relax, in both positions: who may be a DHCP server, a router, a querier.
. "$(dirname "$0")/lib_lab.sh"
start_house
arm guards || exit 1

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
drops "a DHCP server's other packets from its port" ingress/service udp from=d6 to=d1 sport=67 dport=5000
drops "the offer of a device without the role" ingress/dhcp-server udp from=d1 to=d4 sport=67 dport=68
drops "the offer to all of a device without the role" ingress/dhcp-server udp from=d2 $ALL sport=67 dport=68
need_lab device quarantine of=d6
drops "a quarantined router's advertisement" ingress/ra-guard ra from=d6 $RA
drops "a quarantined querier's query" ingress/querier mld type=130 from=d6 $RA
drops "a quarantined DHCP server's offer" ingress/dhcp-server udp from=d6 to=d1 sport=67 dport=68
