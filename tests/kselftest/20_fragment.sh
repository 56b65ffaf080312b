#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
#
# Fragments: what is whole when it is put together passes as a whole; what could hide something does not.
. "$(dirname "$0")/lib_lab.sh"
start_house alive
plain "control: a first fragment without its UDP header arrives" try want=arrive at=d3 udp frag=0,mf body=4 trailer from=d2 to=d3
plain "control: a later fragment arrives" try want=arrive at=d3 udp frag=64 from=d2 to=d3
plain "control: an atomic fragment arrives" try want=arrive at=d3 udp6 frag=0 from=d2 to=d3
plain "control: a later fragment of TCP inside a zone without any arrives" try want=arrive at=d4 tcp frag=64 from=d5 to=d4t
plain "control: a later ICMP fragment where no query is allowed arrives" try want=arrive at=d3 icmp frag=64 from=d2 to=d3
plain "control: an IGMP fragment arrives" try want=arrive at=d2,d3 igmp frag=0,mf from=d1 dst=239.1.2.3 group=239.1.2.3
arm house || exit 1
nat_up

allow "large UDP, bridged" probe udp from=d1 to=d2 port=5000 size=4000 want=open
allow "large UDP, bridged, by IPv6" probe udp six from=d1 to=d2 port=5000 size=4000 want=open
allow "very large UDP, bridged" probe udp from=d1 to=d2 port=5000 size=30000 want=open
allow "large UDP, routed" probe udp from=d1 to=d5 port=5000 size=4000 want=open
allow "large UDP, routed, by IPv6" probe udp six from=d1 to=d5 port=5000 size=4000 want=open
allow "large UDP to a tagged device" probe udp from=d1 to=d4t port=5000 size=4000 want=open
allow "large UDP to the gateway" probe udp from=d1 to=gw port=53 size=4000 want=open
allow "large UDP to the gateway by IPv6" probe udp six from=d1 to=gw port=53 size=4000 want=open
allow "large UDP from the office" probe udp from=st to=d1 port=7000 size=4000 want=open
allow "large UDP from the office by IPv6" probe udp six from=st to=d5 port=7000 size=4000 want=open
allow "large UDP to the internet" probe udp from=d1 to=wn port=5000 size=4000 want=open
allow "large UDP to the internet by IPv6" probe udp six from=d1 to=wn port=5000 size=4000 want=open
allow "a large ping" probe ping from=d1 to=d2 size=4000 want=open
allow "a large ping by IPv6" probe ping six from=d1 to=d5 size=4000 want=open
deny "large UDP to another port, bridged" probe udp from=d1 to=d2 port=4999 size=4000 want=drop:ingress/service
deny "large UDP to another port, routed" probe udp from=d1 to=d5 port=4999 size=4000 want=drop:ingress/service
deny "large UDP between zones that nothing links" probe udp from=d2 to=d5 port=5000 size=4000 want=drop:ingress/pair

plain "a later fragment alone goes nowhere, bridged" try want=silence ms=60 at=d2 udp frag=64 id=901 from=d1 to=d2
plain "a later fragment alone goes nowhere, routed" try want=silence ms=60 at=d5 udp frag=64 id=902 from=d1 to=d5 via=gw
plain "a later IPv6 fragment alone goes nowhere" try want=silence ms=60 at=d2 udp6 frag=64 id=903 from=d1 to=d2
drops "a later fragment of a protocol that no flow has" ingress/service udp frag=64 from=st to=gwo
drops "a later fragment of TCP inside a zone without any" ingress/pair tcp frag=64 from=d5 to=d4t
drops "a later ICMP fragment where no query is allowed" ingress/service icmp frag=64 from=d2 to=d3
drops "a first fragment without its UDP header" ingress/fragment udp frag=0,mf body=4 trailer from=d1 to=d2
drops "a first fragment without its UDP header on a zone port" ingress/fragment udp frag=0,mf body=4 trailer from=st to=gwo
drops "a first fragment with half a TCP header" ingress/fragment tcp frag=0,mf body=16 trailer from=st to=gwo dport=22
drops "a first IPv6 fragment without its UDP header" ingress/fragment udp6 frag=0,mf body=4 trailer from=st to=gwo
drops "an atomic fragment" ingress/fragment udp6 frag=0 from=d1 to=d2 dport=5000
drops "an atomic fragment on a zone port" ingress/fragment udp6 frag=0 from=st to=gwo
drops "a fragment that ends beyond 65535" ingress/malformed udp frag=65528 size=64 from=st to=gwo
drops "an IPv6 fragment that ends beyond 65535" ingress/malformed udp6 frag=65528 size=64 from=st to=gwo
drops "a second fragment header" ingress/ipv6-ext udp6 frag=0,mf ext=44 from=st to=gwo
drops "destination options behind a fragment header" ingress/ipv6-ext udp6 frag=0,mf ext=60 from=st to=gwo
drops "an IGMP fragment" ingress/fragment igmp frag=0,mf from=d1 dst=239.1.2.3 group=239.1.2.3
drops "an IPv4 packet whose length is not the frame's" ingress/malformed udp totlen=9000 from=st to=gwo
drops "an IPv6 packet whose length is not the frame's" ingress/malformed udp6 totlen=9000 from=st to=gwo
drops "an IPv4 packet of version 5" ingress/malformed udp ver=5 from=st to=gwo
drops "an IPv4 header of 16 bytes" ingress/malformed udp ihl=4 from=st to=gwo
drops "ICMPv6 in IPv4" ingress/malformed proto ipproto=58 from=d1 to=d2
drops "ICMP in IPv6" ingress/malformed proto6 ipproto=1 from=d1 to=d2
drops "IGMP in IPv6" ingress/malformed proto6 ipproto=2 from=d1 to=d2

# Headers that choose their own way
drops "a record route" ingress/ip-options udp opts=0707040a000000 from=d1 to=d2 dport=5000
drops "a loose source route" ingress/ip-options udp opts=8307040a0a0202 from=d1 to=d2 dport=5000
drops "a strict source route on a zone port" ingress/ip-options tcp opts=8907040a0a0202 from=st to=gwo dport=22
drops "a router alert that is not IGMP's" ingress/ip-options udp opts=94040000 from=d1 to=d2 dport=5000
drops "options of nothing" ingress/ip-options udp opts=01010101 from=d1 to=d2 dport=5000
drops "hop-by-hop options" ingress/ipv6-ext udp6 ext=0 from=d1 to=d2 dport=5000
drops "a routing header" ingress/ipv6-ext udp6 ext=43 from=d1 to=d2 dport=5000
drops "destination options" ingress/ipv6-ext udp6 ext=60 from=d1 to=d2 dport=5000
drops "an authentication header" ingress/ipv6-ext udp6 nexthdr=51 from=d1 to=d2 dport=5000
drops "no next header" ingress/ipv6-ext udp6 nexthdr=59 from=d1 to=d2 dport=5000
drops "mobility, HIP and shim6 headers: one of them" ingress/ipv6-ext udp6 nexthdr=135 from=d1 to=d2 dport=5000
drops "two of them" ingress/ipv6-ext udp6 nexthdr=139 from=d1 to=d2 dport=5000
drops "three of them" ingress/ipv6-ext udp6 nexthdr=140 from=d1 to=d2 dport=5000
drops "eight headers in a row" ingress/ipv6-ext udp6 ext=60,60,60,60,60,60,60,60 from=d1 to=d2 dport=5000
drops "a router alert before UDP" ingress/ipv6-ext udp6 ext=ra from=d1 to=d2 dport=5000
