#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# The ways through the stack that are not the house's: br_netfilter, bridges that know no VLANs or have addresses of their own, a
# bridge with a port that nobody manages, a chain that rewrites at egress, a zone port that is a bridge, or without Ethernet.
. "$(dirname "$0")/lib_lab.sh"
start_house
# d3 and d5 stay silent where frames are counted: nothing answers them.
house_alive d1 d2 mg || exit 1
arm house || exit 1
N=5
FLOW="udp from=d1 to=d3 dport=5000"
# And the bridge knows where d3 is: a flooded frame is judged at each port.
bridge -n gw fdb replace 02:00:00:00:00:03 dev p3 vlan 10 master static
counted() { [ "$(stat_of "$1")" = "$2" ]; }

# ---- br_netfilter: a bridged frame that visits the forward hook was judged by the bridge hook, and once
plain_if "br_netfilter is there" modprobe br_netfilter
# It trims and reassembles what crosses any bridge of the kernel: not for the tests that follow.
on_exit modprobe -r br_netfilter
brnf_calls 1
open_case allow "bridged frames are judged once"
# Other frames cross the bridge as well; judged twice it would be twice as many.
many=40
once() { [ $(($(stat_of bridge/accepted) - bridge)) -ge $many ] && [ $(($(stat_of bridge/accepted) - bridge)) -lt $((2 * many)) ]; }
bridge=$(stat_of bridge/accepted) forward=$(stat_of forward/accepted)
step try n=$many want=arrive at=d3 $FLOW
step_if once
step_if counted forward/accepted "$forward"
close_case
open_case allow "what came over the bridge and is routed is judged in forward"
forward=$(stat_of forward/accepted)
step try n=$N want=arrive at=d5 udp from=d1 to=d5 via=gw dport=5000
step_if counted forward/accepted $((forward + N))
close_case
drops "bridged answers to nothing still are none" bridge/not-reply n=$N icmp type=0 from=d2 to=d1 icmpid=998
drops "routed starts from a service's port still are none" forward/service n=$N udp from=d5 to=d1 via=gw sport=5000 dport=9
house_alive d5 || exit 1
# d5 has just come up: a report of its own that is dropped says nothing about these.
allow "TCP to a peer" probe tcp from=d1 to=d2 port=443 want=open retry
allow "TCP to a routed peer" probe tcp from=d1 to=d5 port=443 want=open retry
brnf_calls 0

# ---- a port of the bridge that is no port of the policy
ip link add u1 netns gw type veth peer name eth1 address 02:00:00:00:00:0e netns mg
ip -n gw link set u1 master br0 up
# It says nothing of its own: that would be counted with what it is made to say.
need_lab sysctl ns=mg net/ipv6/conf/eth1/disable_ipv6=1
ip -n mg link set eth1 up
bridge -n gw vlan add dev u1 vid 10 pvid untagged
need_lab host name=u ns=mg tap=u mac=02:00:00:00:00:0e ip4=10.10.1.1 ip6=fd00:10:1::1
need_lab tap name=u ns=mg if=eth1
# No other hook accepts that frame first.
deny "an unmanaged bridge port reaches no device" try want=drop:bridge/unmanaged n=$N udp from=u to=d2 dport=5000
deny "nor the gateway, whatever address it claims" try want=drop:local-in/unmanaged at=gw n=$N icmp type=8 from=u to=gw
deny "nor what is routed" try want=drop:local-in/unmanaged at=d5 n=$N udp from=u to=d5 via=gw dport=5000
ip -n gw link del u1

# ---- a chain at egress
in_ns gw nft -f - <<-'NFT'
	table netdev rewrite {
		chain out { type filter hook egress device p3 priority 0; udp dport 5000 udp dport set 9; }
	}
NFT
drops "what a chain makes of a frame at egress is judged" egress/service n=$N $FLOW
in_ns gw nft delete table netdev rewrite
arrives "which it was without one" d3 $FLOW

# ---- marks that others set carry no right
in_ns gw nft -f - <<-'NFT'
	table bridge marks {
		chain pre { type filter hook prerouting priority -400; meta mark set 0xffffffff; }
	}
	table inet marks {
		chain pre { type filter hook prerouting priority -400; meta mark set 0xffffffff; }
	}
NFT
drops "a mark that somebody else set opens nothing, bridged" bridge/not-reply n=$N icmp type=0 from=d2 to=d1 icmpid=997
drops "a mark that somebody else set opens nothing, routed" forward/service n=$N udp from=d5 to=d1 via=gw sport=5000 dport=9
in_ns gw nft delete table bridge marks
in_ns gw nft delete table inet marks

# ---- addresses on the bridge itself
on_bridge() {
	ip -n gw addr flush dev br0.10
	ip -n gw addr replace 10.10.0.254/16 dev br0
	ip -n gw neigh replace 10.10.1.1 lladdr 02:00:00:00:00:01 dev br0 nud permanent
}
on_bridge
bridge -n gw vlan add dev br0 vid 10 pvid untagged self
allow "a VLAN-aware bridge is in its PVID" probe ping from=d1 to=gw want=open
bridge -n gw vlan add dev br0 vid 20 pvid untagged self
bridge -n gw vlan add dev br0 vid 10 untagged self
drops "in another one when that changes" ingress/not-for-us n=$N icmp type=8 from=d1 to=gw
bridge -n gw vlan add dev br0 vid 20 self
bridge -n gw vlan add dev br0 vid 10 pvid untagged self
allow "and back" probe ping from=d1 to=gw want=open
ip -n gw link set br0 type bridge vlan_filtering 0
drops "without VLANs, its ports disagree about one" ingress/not-for-us n=$N icmp type=8 from=d1 to=gw
ip -n gw link set p5 nomaster
allow "or agree" probe ping from=d1 to=gw want=open
arrives "and forwards" d3 $FLOW

# anothers_address KIND NAME DEV: a host of the office's takes a camera's address, at its end DEV of the cable.
anothers_address() {
	local drop
	open_case "$1" "$2"
	ip -n mg addr add 10.10.2.2/32 dev "$3"
	drop=$(stat_of ingress/zone-address)
	in_ns mg ping -qnc2 -W1 -I 10.10.2.2 10.30.0.254 > /dev/null
	step_if counted ingress/zone-address $((drop + 2))
	close_case
}

# ---- a zone port that is a bridge: nobody manages its member, and the port's own hooks judge what comes and goes
ip -n gw link del office
ip -n gw link add office address 02:00:00:00:fe:01 type bridge forward_delay 0
ip -n gw link add o1 type veth peer name o9 address 02:00:00:00:fd:09 netns mg
ip -n gw link set o1 master office up
ip -n gw link set office up
ip -n mg link set o9 up
ip -n gw addr add 10.30.0.254/24 dev office
ip -n mg addr add 10.30.0.9/24 dev o9
ip -n mg route add 10.10.0.0/16 via 10.30.0.254 dev o9
ok_if "allow: staff pings the gateway over a bridge" in_ns mg ping -qnc2 -W5 -I 10.30.0.9 10.30.0.254
ok_if "allow: and a camera" in_ns mg ping -qnc2 -W5 -I 10.30.0.9 10.10.1.1
anothers_address both "another zone's address is none of that bridge's" o9
ip -n gw link del o1

# ---- a zone port without Ethernet
ip -n gw link del office
modprobe -q ipip
ip -n gw link add office type ipip local 192.0.2.254 remote 192.0.2.1 dev mgmt
ip -n mg link add tun7 type ipip local 192.0.2.1 remote 192.0.2.254 dev eth0
ip -n gw addr add 10.30.0.254/24 dev office
ip -n mg addr add 10.30.0.7/24 dev tun7
ip -n gw link set office up
ip -n mg link set tun7 up
ip -n mg route add 10.10.0.0/16 via 10.30.0.254 dev tun7
plain_if "a tunnel is the port of its name" port_says office findings 0
ok_if "allow: staff pings the gateway through it" in_ns mg ping -qnc2 -W5 10.30.0.254
ok_if "allow: and a camera" in_ns mg ping -qnc2 -W5 -I 10.30.0.7 10.10.1.1
anothers_address deny "another zone's address is none of its own" tun7
