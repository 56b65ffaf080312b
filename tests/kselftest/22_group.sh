#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# Broadcast and multicast: heard in the sender's own zone, if a flow inside it says so, and at ports where no other zone is.
. "$(dirname "$0")/lib_lab.sh"
start_house
need_lab tap name=gw10 ns=gw if=br0.10 inner
need_lab host name=own ns=gw tap=gw10 mac=$GW_MAC ip4=10.10.0.254 ip6=fd00:10::fe
plain "control: a multicast reaches every port" try want=arrive at=d2,d3,d4,d6 udp from=d1 dst=239.1.1.1 dport=5000
plain "control: mDNS reaches every port" try want=arrive at=d2,d3,d4,d6 udp from=d1 dst=224.0.0.251 dport=5353
arm guards || exit 1

arrives "a multicast, in its own zone" d4 udp from=d1 dst=239.1.1.1 dport=5000
both "a multicast, nowhere else" try want=arrive at=d4 not=d2,d3,d6 udp from=d1 dst=239.1.1.1 dport=5000
drops "a multicast, at the ports of other zones, whatever may be started there" 'egress/group*3' at=d2,d3,d6 udp from=d1 dst=239.1.1.1 dport=5000
arrives "an IPv6 multicast" d4 udp6 from=d1 dst=ff05::1234 dport=5000
both "an IPv6 multicast, nowhere else" try want=arrive at=d4 not=d2,d3,d6 udp6 from=d1 dst=ff02::1 dport=5000
arrives "a broadcast" d4 udp from=d1 dst=255.255.255.255 dport=5000
both "a broadcast, nowhere else" try want=arrive at=d4 not=d2,d3,d6 udp from=d1 dst=255.255.255.255 dport=5000
arrives "a multicast of another zone" d3 udp from=d2 dst=239.1.1.1 dport=6000
drops "a broadcast, at the gateway, whatever may be started there" local-in/group at=d1,d6 udp from=d2 dst=255.255.255.255 dport=6000
drops "a multicast to a service that no flow has" ingress/group udp from=d1 dst=239.1.1.1 dport=4999
drops "a group that the zone does not list" ingress/group udp from=d1 dst=239.2.1.1 dport=5000
drops "an IPv6 group that the zone does not list" ingress/group udp6 from=d1 dst=ff08::1234 dport=5000
arrives "a group of a zone that lists none" d3 udp from=d2 dst=239.2.1.1 dport=6000
arrives "an IPv6 group of a zone that lists none" d3 udp6 from=d2 dst=ff08::1234 dport=6000
drops "mDNS" ingress/group udp from=d1 dst=224.0.0.251 sport=5353 dport=5353
drops "mDNS by IPv6" ingress/group udp6 from=d1 dst=ff02::fb sport=5353 dport=5353
drops "SSDP" ingress/group udp from=d1 dst=239.255.255.250 dport=1900
drops "LLMNR by IPv6" ingress/group udp6 from=d1 dst=ff02::1:3 dport=5355
drops "NetBIOS" ingress/group udp from=d1 dst=255.255.255.255 sport=137 dport=137
drops "what only another zone may be asked" ingress/group udp from=st dst=239.1.1.1 dport=7000
drops "a broadcast of the office, to the gateway" ingress/group udp from=st dst=255.255.255.255 dport=7000
drops "a zone that starts nothing" ingress/group udp from=d5 dst=239.1.1.1 dport=5000
drops "an unknown device" ingress/group udp from=d6 smac=02:00:00:00:00:99 src=10.10.8.8 dst=239.1.1.1 dport=5000
drops "a group ping where no ping is allowed" ingress/group icmp from=d2 dst=224.0.0.1
drops "a group frame is never a reply" ingress/group udp from=d2 dst=239.1.1.1 sport=6000 dport=9
drops "a unicast address in a broadcast frame" ingress/group-unicast udp from=d1 to=d2 dmac=ff:ff:ff:ff:ff:ff dport=5000
drops "a unicast address in a multicast frame" ingress/group-unicast udp from=d1 to=d2 dmac=01:00:5e:01:01:01 dport=5000
drops "an IPv6 unicast address in a multicast frame" ingress/group-unicast udp6 from=d1 to=d2 dmac=33:33:00:00:00:01 dport=5000
drops "a subnet's broadcast address" ingress/group-unicast udp from=d1 dst=10.10.255.255 dmac=ff:ff:ff:ff:ff:ff dport=5000
drops "a group address in a unicast frame" ingress/group-unicast udp from=d1 dmac=d2 dst=239.1.1.1 dport=5000
drops "a group address in a frame to the gateway" ingress/group-unicast udp6 from=d1 dmac=gw dst=ff05::1234 dport=5000

# The bridge has forgotten where everybody is.
open_case both "a frame that the bridge floods leaves by its device's port alone"
step_if ip -n gw link set br0 type bridge fdb_flush
step try want=arrive at=d2 not=d3,d4,d6 udp from=d1 to=d2 dport=5000
close_case

# DHCP crosses as its flows say.
arrives "a request for a lease, at the gateway" gw udp from=d1 src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67
arrives "a request for a lease, at a server among the devices" d6 udp from=d1 src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67
drops "a request for a lease, at ports whose zones are not asked" 'egress/group*3' at=d2,d3,d4 udp from=d1 src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67
drops "a request for a lease of a zone that may ask nobody" ingress/group udp from=d2 src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67
allow "the gateway's broadcast offer, where one may ask" try want=arrive at=d1,d4 udp from=own dst=255.255.255.255 sport=67 dport=68
deny "the gateway's broadcast offer, where nobody may" try 'want=drop:egress/group*3' at=d2,d3,d6 udp from=own dst=255.255.255.255 sport=67 dport=68

allow "the gateway's own multicast, to a zone it may reach" try want=arrive at=d1,d4 udp from=own dst=239.1.1.1 dport=9000
deny "the gateway's own multicast, at other zones' ports" try 'want=drop:egress/group*3' at=d2,d3,d6 udp from=own dst=239.1.1.1 dport=9000
allow "the gateway's own IPv6 multicast" try want=arrive at=d1,d4 udp6 from=own dst=ff02::1 dport=9000
deny "the gateway's other multicast" try 'want=drop:egress/group*5' udp from=own dst=239.1.1.1 dport=9001
allow "the gateway's router advertisement" try want=arrive at=d1,d2,d3,d4,d6 ra from=own src=fe80::fe dst=ff02::1
allow "the gateway's MLD query" try want=arrive at=d1,d2,d3,d4,d6 mld type=130 from=own src=fe80::fe dst=ff02::1
allow "the gateway's ARP request" try want=arrive at=d1,d2,d3,d4,d6 arp from=own to=d1 dmac=ff:ff:ff:ff:ff:ff
drops "mDNS of the office" ingress/group udp from=st dst=224.0.0.251 sport=5353 dport=5353
drops "a multicast from the internet" ingress/group udp from=wn dst=239.1.1.1 dport=5000
