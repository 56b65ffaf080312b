#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# Broadcast and multicast: a start like any other, and at every port only where all who hear it may be reached.
. "$(dirname "$0")/lib_lab.sh"
start_house
need_lab tap name=gw10 ns=gw if=br0.10 inner
need_lab host name=own ns=gw tap=gw10 mac=$GW_MAC ip4=10.10.0.254 ip6=fd00:10::fe
plain "control: a multicast reaches every port" try want=arrive at=d2,d3,d4,d6 udp from=d1 dst=239.1.1.1 dport=5000
plain "control: mDNS reaches every port" try want=arrive at=d2,d3,d4,d6 udp from=d1 dst=224.0.0.251 dport=5353
arm house || exit 1

arrives "a multicast, in the zone that may be reached" d2 udp from=d1 dst=239.1.1.1 dport=5000
both "a multicast, nowhere else" try want=arrive at=d2 not=d3,d4,d6 udp from=d1 dst=239.1.1.1 dport=5000
drops "a multicast, at ports with another zone too" 'egress/group*3' at=d3,d4,d6 udp from=d1 dst=239.1.1.1 dport=5000
arrives "an IPv6 multicast" d2 udp6 from=d1 dst=ff05::1234 dport=5000
both "an IPv6 multicast, nowhere else" try want=arrive at=d2 not=d3,d4,d6 udp6 from=d1 dst=ff02::1 dport=5000
arrives "a broadcast" d2 udp from=d1 dst=255.255.255.255 dport=5000
both "a broadcast, nowhere else" try want=arrive at=d2 not=d3,d4,d6 udp from=d1 dst=255.255.255.255 dport=5000
drops "a multicast to a service that no flow has" ingress/group udp from=d1 dst=239.1.1.1 dport=4999
drops "mDNS" ingress/group udp from=d1 dst=224.0.0.251 sport=5353 dport=5353
drops "mDNS by IPv6" ingress/group udp6 from=d1 dst=ff02::fb sport=5353 dport=5353
drops "SSDP" ingress/group udp from=d1 dst=239.255.255.250 dport=1900
drops "LLMNR by IPv6" ingress/group udp6 from=d1 dst=ff02::1:3 dport=5355
drops "NetBIOS" ingress/group udp from=d1 dst=255.255.255.255 sport=137 dport=137
drops "a zone that starts nothing" ingress/group udp from=d5 dst=239.1.1.1 dport=5000
drops "an unknown device" ingress/group udp from=d6 dst=239.1.1.1 dport=5000
drops "a group ping where no ping is allowed" ingress/group icmp from=d2 dst=224.0.0.1
drops "a group frame is never a reply" ingress/group udp from=d2 dst=239.1.1.1 sport=5000 dport=9
drops "inside a zone, at ports with another zone" 'egress/group*4' at=d1,d3,d4,d6 udp from=d2 dst=239.1.1.1 dport=6000
drops "a unicast address in a broadcast frame" ingress/group-unicast udp from=d1 to=d2 dmac=ff:ff:ff:ff:ff:ff dport=5000
drops "a unicast address in a multicast frame" ingress/group-unicast udp from=d1 to=d2 dmac=01:00:5e:01:01:01 dport=5000
drops "an IPv6 unicast address in a multicast frame" ingress/group-unicast udp6 from=d1 to=d2 dmac=33:33:00:00:00:01 dport=5000
drops "a subnet's broadcast address" ingress/group-unicast udp from=d1 dst=10.10.255.255 dmac=ff:ff:ff:ff:ff:ff dport=5000
drops "a group address in a unicast frame" ingress/group-unicast udp from=d1 dmac=d2 dst=239.1.1.1 dport=5000
drops "a group address in a frame to the gateway" ingress/group-unicast udp6 from=d1 dmac=gw dst=ff05::1234 dport=5000

allow "the gateway's own multicast, to a zone it may reach" try want=arrive at=d1 udp from=own dst=239.1.1.1 dport=9000
deny "the gateway's own multicast, at other zones' ports" try 'want=drop:egress/group*3' at=d2,d3,d6 udp from=own dst=239.1.1.1 dport=9000
allow "the gateway's own IPv6 multicast" try want=arrive at=d1 udp6 from=own dst=ff02::1 dport=9000
deny "the gateway's other multicast" try 'want=drop:egress/group*5' udp from=own dst=239.1.1.1 dport=9001
allow "the gateway's router advertisement" try want=arrive at=d1,d2,d3,d4,d6 ra from=own src=fe80::fe dst=ff02::1
allow "the gateway's MLD query" try want=arrive at=d1,d2,d3,d4,d6 mld type=130 from=own src=fe80::fe dst=ff02::1
allow "the gateway's ARP request" try want=arrive at=d1,d2,d3,d4,d6 arp from=own to=d1 dmac=ff:ff:ff:ff:ff:ff
allow "a broadcast of the office, to the gateway" try want=arrive at=office udp from=st dst=255.255.255.255 dport=7000
drops "mDNS of the office" ingress/group udp from=st dst=224.0.0.251 sport=5353 dport=5353
drops "a multicast from the internet" ingress/group udp from=wn dst=239.1.1.1 dport=5000
