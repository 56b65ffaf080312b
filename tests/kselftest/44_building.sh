#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 180
#
# Life goes on under policy/examples/building.yaml, module and nftables, on the example's own ports and VLANs.
. "$(dirname "$0")/lib_site.sh"
. "$(dirname "$0")/lib_life.sh"
need_tool dnsmasq udhcpc ping
site_up "
d1 p1 10 02:00:00:00:00:01 10.10.0.11/24 fd00:10::11/64
d2 p2 10 02:00:00:00:00:02 10.10.0.12/24 fd00:10::12/64
d3 p3 20 02:00:00:00:00:03 10.20.0.13/24 fd00:20::13/64
d5 p5 30 02:00:00:00:00:05 10.30.0.15/24 fd00:30::15/64
d6 p6 30 02:00:00:00:00:06 10.30.0.16/24 fd00:30::16/64
d7 p7 40 02:00:00:00:00:07 10.40.0.17/24 fd00:40::17/64
d8 p8 10t 02:00:00:00:00:08 10.10.0.18/24 fd00:10::18/64
st office - 02:00:00:00:fd:01 10.50.0.20/24 fd00:50::20/64
wn wan0 - 02:00:00:00:fd:02 198.51.100.1/24 2001:db8:1::1/64
mg mgmt - 02:00:00:00:fd:03 192.0.2.1/24 2001:db8:2::1/64
" "
10 - 10.10.0.1/24 fd00:10::1/64
20 - 10.20.0.1/24 fd00:20::1/64
30 - 10.30.0.1/24 fd00:30::1/64
40 - 10.40.0.1/24 fd00:40::1/64
office 02:00:00:00:fe:01 10.50.0.1/24 fd00:50::1/64
wan0 02:00:00:00:fe:02 198.51.100.254/24 2001:db8:1::fe/64
mgmt 02:00:00:00:fe:03 192.0.2.254/24 2001:db8:2::fe/64
"
OPEN="want=open retry ms=4000"

# ---- what is denied below works without cordon
plain "control: a camera reaches another" probe tcp from=d1 to=d2 port=80 $OPEN
plain "control: a camera reaches the internet" probe tcp six from=d1 to=wn port=443 $OPEN
plain "control: a sensor reaches the office" probe tcp from=d3 to=st port=443 $OPEN
plain "control: staff log in to a recorder" probe tcp from=st to=d7 port=22 $OPEN
plain "control: large UDP reaches a recorder's other port" probe udp from=d1 to=d8 port=5000 size=4000 $OPEN
plain "control: the management network reaches a camera" probe tcp from=mg to=d1 port=80 $OPEN
site_policy building

# ---- neighbours, the box's own traffic, the unmanaged interface
for ns in gw d1 d2 d3 d5 d7 d8 st wn; do
	ip -n $ns neigh flush all
done
for family in "" six; do
	by=${family:+, IPv6}
	allow "a recorder finds a camera in its VLAN$by" probe tcp $family from=d8 to=d1 port=80 $OPEN
	allow "a recorder upstairs finds a camera by the router$by" probe tcp $family from=d7 to=d2 port=554 $OPEN
	allow "a sensor finds its broker$by" probe tcp $family from=d3 to=d5 port=8883 $OPEN
	allow "staff find a sensor$by" probe ping $family from=st to=d3 $OPEN
	allow "a broker finds the internet$by" probe tcp $family from=d5 to=wn port=443 $OPEN
	allow "a camera finds the box$by" probe ping $family from=d1 to=gw-10 $OPEN
	allow "the box finds a camera$by" probe ping $family from=gw-10 to=d2 $OPEN
	allow "the box asks for a name$by" probe udp $family from=gw-wan0 to=wn port=53 $OPEN
	allow "the box fetches an update$by" probe tcp $family from=gw-wan0 to=wn port=443 $OPEN
	allow "staff log in to the box$by" probe tcp $family from=st to=gw-office port=22 $OPEN
	allow "the unmanaged interface reaches the box$by" probe tcp $family from=mg to=gw-mgmt port=8080 $OPEN
	allow "and the box what is behind it$by" probe udp $family from=gw-mgmt to=mg port=514 $OPEN
done
deny "a camera does not even find another" probe tcp from=d1 to=d2 port=80 want=drop:ingress/neighbour-target
deny "nor the internet" probe tcp six from=d1 to=wn port=443 want=drop:ingress/pair
deny "a sensor does not reach the office" probe tcp from=d3 to=st port=443 want=drop:ingress/service
deny "staff do not log in to a recorder" probe tcp from=st to=d7 port=22 want=drop:ingress/service
deny "the management network does not reach a camera" probe tcp from=mg to=d1 port=80 want=gone

# ---- fragments
allow "large UDP, bridged, from a tagged device" probe udp from=d8 to=d1 port=554 size=4000 $OPEN
allow "large UDP, bridged, from a tagged device, IPv6" probe udp six from=d8 to=d1 port=554 size=4000 $OPEN
allow "large UDP, routed" probe udp from=d7 to=d1 port=554 size=4000 $OPEN
allow "large UDP, routed, IPv6" probe udp six from=d7 to=d1 port=554 size=4000 $OPEN
allow "large UDP to the box" probe udp from=d3 to=gw-20 port=53 size=4000 $OPEN
allow "large UDP to the box, IPv6" probe udp six from=d3 to=gw-20 port=53 size=4000 $OPEN
allow "large UDP to the internet" probe udp from=st to=wn port=53 size=4000 $OPEN
allow "large UDP to the internet, IPv6" probe udp six from=st to=wn port=53 size=4000 $OPEN
allow "a large ping, bridged" probe ping from=d1 to=d8 size=4000 $OPEN
allow "a large ping, routed, IPv6" probe ping six from=d3 to=d5 size=4000 $OPEN
deny "large UDP to another port" probe udp from=d1 to=d8 port=5000 size=4000 want=drop:ingress/service

# ---- errors and path MTU
need_lab sysctl ns=gw net/ipv4/route/min_pmtu=552
in_ns gw ip -batch - <<-'ROUTES'
	route add 198.51.100.1 dev wan0 mtu 1400
	route add 198.51.100.2 dev wan0 mtu 1400
	route add unreachable 198.51.100.77
	route add 2001:db8:1::1 dev wan0 mtu 1400
	route add 2001:db8:1::2 dev wan0 mtu 1400
	route add 10.30.0.15 dev br0.30 mtu 1400
ROUTES
need_lab host name=wn2 ns=wn tap=wn mac=02:00:00:00:fd:02 ip4=198.51.100.2 ip6=2001:db8:1::2
allow "a large transfer finds the path MTU" probe tcp from=d5 to=wn port=443 size=40000 $OPEN
allow "a large transfer finds the path MTU, IPv6" probe tcp six from=d6 to=wn port=443 size=40000 $OPEN
allow "a large transfer between zones finds the path MTU" probe tcp from=d3 to=d5 port=1883 size=40000 $OPEN
allow "fragmentation needed comes back" probe udp df noserver from=st to=wn2 port=53 size=1450 want=icmp:3/4
allow "packet too big comes back" probe udp df noserver six from=st to=wn2 port=53 size=1440 want=icmp:2/0
allow "an exceeded hop limit of a ping comes back" probe ping ttl=1 from=d5 to=wn want=icmp:11/0
allow "an exceeded hop limit of a ping between zones comes back, IPv6" probe ping six ttl=1 from=d3 to=d5 want=icmp:3/0
allow "the far end's port unreachable comes back, through the translation" probe udp noserver from=st to=wn port=123 want=icmp:3/3
allow "and without it, IPv6" probe udp noserver six from=d7 to=d1 port=554 want=icmp:1/4
allow "a bridged peer's port unreachable comes back" probe udp noserver from=d8 to=d1 port=554 want=icmp:3/3
allow "host unreachable comes back to a ping" probe ping from=d5 to=wn dst=198.51.100.77 want=icmp:3/1
# traced HOST FAR BOX: hop by hop with echoes, as traceroute -I does: the first answers for the hop limit, the second is the far end.
traced() {
	in_ns "$1" ping -n -c1 -t1 -W$((2 * CORDON_SCALE)) "$2" | grep "From $3 .*\(Time to live\|Hop limit\)" &&
		in_ns "$1" ping -n -c1 -t2 -W$((2 * CORDON_SCALE)) "$2" | grep "bytes from $2:"
}
case_if allow "a trace to the internet shows the box and the far end" traced d5 198.51.100.1 10.30.0.1
case_if allow "a trace between zones does" traced d3 10.30.0.16 10.20.0.1
case_if allow "a trace from the office does, IPv6" traced st fd00:20::13 fd00:50::1

# ---- leases: from a device without an address, also one that tags
dnsmasq_in gw --interface=br0.10 --dhcp-range=10.10.0.0,static,255.255.255.0 --dhcp-host=02:00:00:00:00:01,10.10.0.11 \
	--dhcp-host=02:00:00:00:00:08,10.10.0.18 --dhcp-option=3,10.10.0.1 --dhcp-range=fd00:10::,ra-only,64 --enable-ra
dnsmasq_in wn --interface=eth0 --dhcp-range=198.51.100.200,198.51.100.200,255.255.255.0
leased() { lease "$1" "$2" && has_address "$1" "$2" "$3"; }
ip -n d1 addr flush dev eth0
ip -n d8 -4 addr flush dev eth0.10
case_if allow "a camera without an address gets the policy's" leased d1 eth0 10.10.0.11
case_if allow "a recorder that tags gets its" leased d8 eth0.10 10.10.0.18
allow "and they work together" probe tcp from=d8 to=d1 port=554 $OPEN
case_if allow "the box itself gets a lease on its uplink" leased gw wan0 198.51.100.200

# ---- autoconfiguration: the policy names fd00:10::11, which is the camera's interface identifier behind the advertised prefix
autoconf_on d1 eth0 ::11
case_if plain "duplicate detection ends" wait_for 6 settled d1 eth0 fe80::ff:fe00:1
case_if plain "a router is solicited" wait_for 2 solicited d1
case_if allow "an address is made of the box's advertisement, and nobody else has it" wait_for 10 settled d1 eth0 fd00:10::11
case_if allow "with a default route" wait_for 1 has_route d1
allow "and it works" probe ping six from=d1 to=gw-10 $OPEN

# ---- group membership: one camera joins, the other does not
# A querier may rely on what it has heard when all have had the time to answer.
ip -n gw link set br0 type bridge mcast_query_response_interval 50
ip -n gw link set br0 type bridge mcast_querier 1
plain "a camera joins a group" join of=d1 group=239.1.1.1
plain "a camera joins an IPv6 group" join of=d1 group=ff05::1234
case_if allow "the bridge has learned of it" wait_for 5 member p1 239.1.1.1
case_if allow "the bridge has learned of the IPv6 group" wait_for 5 member p1 ff05::1234
drops "a recorder's stream to the group does not cross zones" ingress/group udp from=d8 dst=239.1.1.1 dport=554
drops "an IPv6 stream does not" ingress/group udp6 from=d8 dst=ff05::1234 dport=554
