#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# Who may start what to whom, bridged and routed, and what is a reply.
. "$(dirname "$0")/lib_lab.sh"
start_house alive
arm house || exit 1

# Bridged, across zones
allow "TCP to another zone" probe tcp from=d1 to=d2 port=443 want=open
allow "TCP to another zone by IPv6" probe tcp six from=d1 to=d2 port=443 want=open
allow "UDP to another zone" probe udp from=d1 to=d2 port=5000 want=open
allow "UDP to the last port of a range" probe udp from=d1 to=d2 port=5100 want=open
allow "UDP to another zone by IPv6" probe udp six from=d1 to=d2 port=5000 want=open
allow "ping another zone" probe ping from=d1 to=d2 want=open
allow "ping another zone by IPv6" probe ping six from=d1 to=d2 want=open
arrives "another protocol" d2 proto ipproto=47 from=d1 to=d2
deny "TCP to another port" probe tcp from=d1 to=d2 port=22 want=drop:ingress/service
deny "TCP to another port by IPv6" probe tcp six from=d1 to=d2 port=22 want=drop:ingress/service
deny "UDP below the range" probe udp from=d1 to=d2 port=4999 want=drop:ingress/service
deny "UDP above the range" probe udp from=d1 to=d2 port=5101 want=drop:ingress/service
deny "TCP to a port that is allowed for UDP" probe tcp from=d1 to=d2 port=5000 want=drop:ingress/service
drops "a protocol that no flow names" ingress/service proto ipproto=50 from=d1 to=d2
drops "SCTP" ingress/service proto ipproto=132 from=d1 to=d2
drops "IP in IP" ingress/service proto ipproto=4 from=d1 to=d2
drops "IPv6 in IPv4" ingress/service proto ipproto=41 from=d1 to=d2
drops "an ICMP timestamp request" ingress/service icmp type=13 from=d1 to=d2
drops "an ICMP address mask request" ingress/service icmp type=17 from=d1 to=d2
deny "TCP in the other direction" probe tcp from=d2 to=d1 port=443 want=drop:ingress/service
deny "UDP in the other direction by IPv6" probe udp six from=d2 to=d1 port=5000 want=drop:ingress/service
deny "ping in the other direction" probe ping from=d2 to=d1 want=drop:ingress/service
deny "ping in the other direction by IPv6" probe ping six from=d2 to=d1 want=drop:ingress/service
both "TCP started from the service's own port" probe tcp from=d2 to=d1 sport=443 port=9 want=drop:bridge/service
both "UDP started from the service's own port" probe udp from=d2 to=d1 sport=5000 port=9 want=drop:bridge/service
both "UDP started from the service's own port by IPv6" probe udp six from=d2 to=d1 sport=5000 port=9 want=drop:bridge/service
drops "a SYN+ACK that nobody asked for" bridge/not-reply tcp flags=SA from=d2 to=d1 sport=443 dport=4444
drops "an echo reply that nobody asked for" bridge/not-reply icmp type=0 from=d2 to=d1 icmpid=999
open_case both "a reply within a conversation, and the same ports as a start"
step try want=arrive at=d2 udp from=d1 to=d2 sport=41000 dport=5001
step try want=arrive at=d1 udp from=d2 to=d1 sport=5001 dport=41000
step try want=drop:bridge/service udp from=d2 to=d1 sport=5002 dport=41000
close_case

# Bridged, inside a zone and between zones that nothing links
allow "TCP inside a zone that a flow allows" probe tcp from=d2 to=d3 port=80 want=open
allow "TCP inside a zone by IPv6" probe tcp six from=d2 to=d3 port=80 want=open
deny "another service inside that zone" probe tcp from=d2 to=d3 port=22 want=drop:ingress/service
drops "a zone without a flow to itself" ingress/pair udp from=d5 to=d4t dport=5000
drops "a zone without a flow to itself by IPv6" ingress/pair udp6 from=d5 to=d4t dport=5000
drops "two devices of the zone of the starters" ingress/pair udp from=d1 to=d4 dport=5000
drops "a device that the policy quarantines, as target" ingress/quarantine udp from=d1 to=held dport=5000
drops "a device that the policy quarantines, as source" ingress/quarantine udp from=held to=d2 dport=5000
drops "a MAC of nobody" ingress/unknown-destination udp from=d1 to=d2 dmac=02:00:00:00:00:99 dport=5000
drops "a peer's MAC with another's address" ingress/unknown-destination udp from=d1 to=d2 dst=10.10.2.3 dport=5000
drops "a peer's MAC with a routed address" ingress/unknown-destination udp from=d1 to=d2 dst=8.8.8.8 dport=5000
drops "a peer's MAC with another's IPv6 address" ingress/unknown-destination udp6 from=d1 to=d2 dst=fd00:10:2::3 dport=5000

# Another VLAN, through the gateway
allow "TCP to another VLAN" probe tcp from=d1 to=d5 port=443 want=open
allow "TCP to another VLAN by IPv6" probe tcp six from=d1 to=d5 port=443 want=open
allow "UDP to another VLAN" probe udp from=d1 to=d5 port=5000 want=open
allow "ping another VLAN" probe ping from=d1 to=d5 want=open
allow "ping another VLAN by IPv6" probe ping six from=d1 to=d5 want=open
allow "TCP to a tagged device" probe tcp from=d1 to=d4t port=443 want=open
allow "ping a tagged device by IPv6" probe ping six from=d1 to=d4t want=open
deny "another service to another VLAN" probe tcp from=d1 to=d5 port=22 want=drop:ingress/service
deny "the other direction from another VLAN" probe tcp from=d5 to=d1 port=443 want=drop:ingress/service
both "from the service's own port in another VLAN" probe tcp from=d5 to=d1 sport=443 port=9 want=drop:forward/service
both "the same by IPv6 and UDP" probe udp six from=d5 to=d1 sport=5000 port=9 want=drop:forward/service
deny "a zone that nothing links with another VLAN's" probe tcp from=d2 to=d5 port=443 want=drop:ingress/pair
drops "an address of nobody in another zone's net" forward/unknown-destination udp from=d1 to=d5 via=gw dst=10.20.3.77 dport=5000
arrives "bouncing off the gateway what is allowed" d3 udp from=d2 to=d3 via=gw dport=6000
drops "bouncing off the gateway what is not" ingress/service udp from=d2 to=d3 via=gw dport=22
drops "bouncing off the gateway to another zone" ingress/pair udp from=d1 to=d4 via=gw dport=5000
drops "a link-local destination through the gateway" ingress/unknown-destination udp6 from=d1 to=gw dst=fe80::77 dport=5000

# ICMP errors
allow "an error about its own flow" probe udp noserver from=d1 to=d2 port=5003 want=icmp:3/3
allow "an error about its own IPv6 flow" probe udp noserver six from=d1 to=d2 port=5003 want=icmp:1/4
allow "an error about its own routed flow" probe udp noserver from=d1 to=d5 port=5003 want=icmp:3/3
drops "an error about a flow that does not exist" bridge/not-reply icmp type=3 code=3 about=udp from=d2 to=d1 isport=1234 idport=5004
drops "an IPv6 error about a flow that does not exist" bridge/not-reply icmp6 type=1 code=4 about=udp from=d2 to=d1 isport=1234 idport=5004
open_case both "an error about a flow comes from its end and from nobody else"
step send n=1 udp from=d1 to=d3 sport=42000 dport=5005
step try want=arrive at=d1 icmp type=3 code=3 about=udp from=d3 to=d1 isport=42000 idport=5005
step try want=drop:bridge/related icmp type=3 code=3 about=udp from=d2 to=d1 isrc=d1 idst=d3 isport=42000 idport=5005
close_case
drops "a forged path MTU between two that nothing links" ingress/pair icmp type=3 code=4 mtu=576 about=udp from=d4 to=d1 isport=42000 idport=5005
