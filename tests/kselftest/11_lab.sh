#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# The house without cordon: what later tests deny arrives here, so their denials are cordon's.
. "$(dirname "$0")/lib_lab.sh"
start_house alive

t=$(now_ms)
plain "a bridged peer" try want=arrive at=d2 udp from=d1 to=d2 dport=5000
plain "a bridged peer by IPv6" try want=arrive at=d2 udp6 from=d1 to=d2 dport=5000
plain "another MAC" try want=arrive at=d2 udp from=d1 to=d2 smac=02:00:00:00:00:99
plain "another device's MAC" try want=arrive at=d2 udp from=d1 to=d2 smac=02:00:00:00:00:03
plain "a routed peer" try want=arrive at=d5 udp from=d1 to=d5 via=gw dport=5000
plain "a routed peer by IPv6" try want=arrive at=d5 udp6 from=d1 to=d5 via=gw dport=5000
plain "the office" try want=arrive at=st udp from=d1 to=st via=gw dport=5000
plain "the uplink's host" try want=arrive at=wn udp from=d1 to=wn via=gw dport=5000
plain "the unmanaged port" try want=arrive at=mg udp from=d1 to=mg via=gw dport=5000
plain "a tagged device" try want=arrive at=d4 udp from=d5 to=d4t dport=5000
plain "the gateway" try want=arrive at=gw udp from=d1 to=gw dport=5000
plain "TCP to a peer" probe tcp from=d1 to=d2 port=22 want=open
plain "TCP to a peer by IPv6" probe tcp six from=d1 to=d2 port=22 want=open
plain "UDP to a routed peer" probe udp from=d1 to=d5 port=22 want=open
plain "ping a tagged peer" probe ping from=d1 to=d4t want=open
plain "ping the gateway by IPv6" probe ping six from=d1 to=gw want=open
plain "TCP from the office" probe tcp from=st to=d1 port=9 want=open
plain "TCP to the uplink's host by IPv6" probe tcp six from=d1 to=wn port=9 want=open
plain "ARP" try want=arrive at=d2,d3,d6 arp from=d1 to=d2 dmac=ff:ff:ff:ff:ff:ff
plain "a router advertisement" try want=arrive at=d2 ra from=d1 dst=ff02::1 src=fe80::1
plain "another ethertype" try want=arrive at=d2 eth from=d1 to=d2 ethertype=0x88cc
echo "# took $(($(now_ms) - t)) ms"
