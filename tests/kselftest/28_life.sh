#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 180
#
# Life goes on: what hosts and routers do of themselves still works under a policy.
HOUSE_SNOOPING=1
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_life.sh"
need_tool dnsmasq udhcpc traceroute
if ! house_up; then
	plain_if "the house stands" false
	exit 1
fi
house_alive d1 d2 d5 st wn || exit 1
arm life || exit 1
nat_up

# ---- errors and path MTU
narrow_uplink
ip -n gw route add unreachable 198.51.100.77
errors_come_back
allow "an exceeded hop limit of a ping comes back" probe ping ttl=1 from=d1 to=wn want=icmp:11/0
allow "the far end's port unreachable comes back, through the translation" probe udp noserver from=d1 to=wn port=33436 want=icmp:3/3
allow "and by IPv6" probe udp noserver six from=d1 to=wn port=33436 want=icmp:1/4
allow "host unreachable comes back to a ping" probe ping from=d1 to=wn dst=198.51.100.77 want=icmp:3/1
allow "a bridged peer's port unreachable comes back" probe udp noserver from=d1 to=d2 port=5003 want=icmp:3/3
traced() { in_ns d1 traceroute -n -q1 -w2 -m3 198.51.100.1 | tr '\n' ' ' | grep -q ' 1  10.10.0.254 .* 2  198.51.100.1 '; }
case_if allow "traceroute shows the gateway and the far end" traced

# ---- neighbours that nobody wrote down
forget() {
	local ns
	ip -n gw neigh flush nud permanent
	for ns in d1 d2 d5 wn; do
		ip -n "$ns" neigh flush nud permanent
	done
}
forget
allow "a peer is found by ARP" probe ping from=d1 to=d2 want=open retry ms=3000
allow "a peer is found by neighbour discovery" probe ping six from=d1 to=d2 want=open retry ms=3000
allow "the gateway is found" probe ping from=d1 to=gw want=open retry ms=3000
allow "the gateway is found by neighbour discovery" probe ping six from=d1 to=gw want=open retry ms=3000
allow "the gateway finds a device" probe ping from=gw to=d2 want=open retry ms=3000
allow "the gateway finds a device by IPv6" probe ping six from=gw to=d2 want=open retry ms=3000
allow "both sides of a routed pair are found" probe tcp from=d1 to=d5 port=443 want=open retry ms=3000
allow "both sides of a routed pair are found by IPv6" probe tcp six from=d1 to=d5 port=443 want=open retry ms=3000
allow "the uplink's host is found" probe ping from=d1 to=wn want=open retry ms=3000

# ---- leases
allow "a request for a lease arrives" try want=arrive at=gw udp from=d4 src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67
drops "of a zone without the service it does not" ingress/group udp from=d2 src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67
drops "nor of an unknown device" ingress/group udp from=d6 src=0.0.0.0 dst=255.255.255.255 sport=68 dport=67
dnsmasq_in gw --interface=br0.10 --dhcp-range=10.10.1.0,static,255.255.0.0 --dhcp-host=02:00:00:00:00:01,10.10.1.1 \
	--dhcp-option=3,10.10.0.254 --dhcp-range=fd00:10:1::,ra-only,64 --enable-ra
dnsmasq_in wn --interface=eth0 --dhcp-range=198.51.100.200,198.51.100.200,255.255.255.0
ip -n d1 addr flush dev eth0
case_if allow "a device without an address gets its lease" lease d1 eth0
case_if allow "and has the address that the policy names" has_address d1 eth0 10.10.1.1
allow "and works with it" probe ping from=d1 to=gw want=open retry ms=3000
ip -n d1 addr flush dev eth0
case_if allow "a device that wants its answer as a broadcast gets it" lease d1 eth0 -B
case_if allow "the box itself gets a lease on its uplink" lease gw wan
case_if allow "and has it" has_address gw wan 198.51.100.200

# ---- autoconfiguration
ip -n gw addr add fd00:10:1::fe/64 dev br0.10 nodad
autoconf_on d1 eth0
case_if plain "duplicate detection ends" wait_for 6 settled d1 eth0 fe80::ff:fe00:1
case_if plain "a router is solicited" wait_for 2 solicited d1
case_if allow "an address is made of the gateway's advertisement, and nobody else has it" wait_for 10 settled d1 eth0 fd00:10:1::ff:fe00:1
case_if allow "with a default route" wait_for 1 has_route d1
need_lab host name=auto ns=d1 tap=d1 mac=02:00:00:00:00:01 ip6=fd00:10:1::ff:fe00:1
allow "and it works" probe ping six from=auto to=gw dst=fd00:10:1::fe want=open retry ms=3000

# ---- group membership
# The first query takes the place of the reports that are still to be sent: the answer to it comes within the response interval.
ip -n gw link set br0 type bridge mcast_query_response_interval 50
ip -n gw link set br0 type bridge mcast_querier 1
plain "a device joins a group" join of=d2 group=239.1.1.1
plain "a device joins an IPv6 group" join of=d2 group=ff05::1234
case_if allow "the bridge has learned of it" wait_for 5 member p2 239.1.1.1
case_if allow "the bridge has learned of the IPv6 group" wait_for 5 member p2 ff05::1234
arrives "the group's traffic arrives" d2 udp from=d3 dst=239.1.1.1 dport=5000
arrives "the IPv6 group's traffic arrives" d2 udp6 from=d3 dst=ff05::1234 dport=5000
