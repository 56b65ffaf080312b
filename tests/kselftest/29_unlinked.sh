#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# Zones that may not speak with the gateway still hear from it what became of the flows that it forwards.
. "$(dirname "$0")/lib_lab.sh"
start_house
house_alive d1 d2 wn || exit 1
need_lab host name=wn2 ns=wn tap=wn mac=02:00:00:00:fd:02 ip4=198.51.100.2 ip6=2001:db8:1::2
plain "control: the box pings a camera arrives" probe ping from=gw to=d1 want=open retry ms=3000
arm unlinked || exit 1
need_lab sysctl ns=gw net/ipv4/route/min_pmtu=552
in_ns gw ip -batch - <<-'ROUTES'
	route add 198.51.100.1 dev wan mtu 1400
	route add 198.51.100.2 dev wan mtu 1400
	route add 2001:db8:1::1 dev wan mtu 1400
	route add 2001:db8:1::2 dev wan mtu 1400
ROUTES

# ---- to a device
allow "fragmentation needed comes back" probe udp df noserver from=d1 to=wn2 port=5001 size=1450 want=icmp:3/4
allow "packet too big comes back" probe udp df noserver six from=d1 to=wn2 port=5001 size=1440 want=icmp:2/0
allow "a large transfer finds the path MTU" probe tcp from=d1 to=wn port=443 size=40000 want=open retry ms=4000
allow "a large transfer finds the path MTU by IPv6" probe tcp six from=d1 to=wn port=443 size=40000 want=open retry ms=4000
allow "an exceeded hop limit comes back" probe udp ttl=1 from=d1 to=wn port=33434 want=icmp:11/0
allow "an exceeded hop limit comes back by IPv6" probe udp six ttl=1 from=d1 to=wn port=33434 want=icmp:3/0

# ---- to a zone port
allow "an exceeded hop limit comes back to the uplink" probe tcp ttl=1 from=wn to=d1 port=443 want=icmp:11/0
allow "an exceeded hop limit comes back to the uplink by IPv6" probe tcp six ttl=1 from=wn to=d1 port=443 want=icmp:3/0

# ---- and nothing else
deny "the box pings a camera" probe ping from=gw to=d1 want=drop:local-out/pair
deny "the box pings the uplink's host" probe ping from=gww to=wn want=drop:local-out/pair

# ---- the box's own link control, on a trunk that has no untagged VLAN
need_lab tap name=p3 ns=gw if=p3 proto=0x88cc inner
need_lab host name=trunk ns=gw tap=p3 mac=$GW_MAC
arrives "LLDP of the box" d3 eth from=trunk to=d3 dmac=01:80:c2:00:00:0e ethertype=0x88cc
