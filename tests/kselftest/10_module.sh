#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# The module's life: loading, arming, what an armed module refuses, ports that come and go, namespaces that end.
. "$(dirname "$0")/lib_lab.sh"
start_house
need_lab kernel ns=gw > /dev/null
on_exit lab info disarm
loaded() { [ -e /sys/module/cordon ]; }
gone() { ! loaded; }
forwards() { bridge -n gw link show dev "$1" | grep -q forwarding; }
armed() { lab info && [ "$(lab_field armed)" = "$1" ]; }
P=$(blob house)
FLOW="udp from=d1 to=d2 dport=5000"
# A zone that starts nothing, to a device of that zone.
OTHER="udp from=d5 to=d4t dport=5000"

plain_if "it loads" modprobe cordon
plain_if "and is not armed" armed 0
plain "control: what is not armed drops nothing" try want=arrive at=d2 udp from=d1 to=d2 dport=4999
plain_if "it unloads" rmmod cordon
modprobe cordon
plain "it is armed" ruleset load ns=gw file="$P"
plain_if "it says so" armed 1
arrives "an allowed frame arrives" d2 $FLOW
drops "another does not" ingress/service udp from=d1 to=d2 dport=4999
plain_not "an armed module cannot be unloaded" rmmod cordon
plain_if "and is still there" loaded
arrives "and still judges" d2 $FLOW

# Ports
plain_if "every port of the policy is found" port_says office findings 0
open_case both "a renamed port stays the port it was"
step_if ip -n gw link set p1 down
step_if ip -n gw link set p1 name lan1
step_if ip -n gw link set lan1 up
step_if port_says p1 findings 64
step_if wait_for 5 forwards lan1
step try want=arrive at=d2 $FLOW
step try want=drop:ingress/service udp from=d1 to=d2 dport=4999
close_case
open_case plain "and is whole again with its old name"
step_if ip -n gw link set lan1 down
step_if ip -n gw link set lan1 name p1
step_if ip -n gw link set p1 up
step_if wait_for 5 port_says p1 findings 0
step_if wait_for 5 forwards p1
close_case
port6() {
	ip link add p6 netns gw address 02:00:00:00:ee:06 type veth peer name eth0 address 02:00:00:00:00:06 netns d6 &&
		ip -n d6 link set eth0 up && ip -n gw link set p6 master br0 up && bridge -n gw vlan add dev p6 vid 10 pvid untagged
}
AT6="udp from=d6 to=d2 smac=02:00:00:00:00:07 src=10.10.1.7"
open_case plain "a port that is removed is told as absent"
step_if ip -n gw link del p6
step_if port_says p6 ifindex 0
close_case
open_case both "and is judged when a netdev of its name appears"
step_if port6
step_if wait_for 5 port_says p6 carrier 1
step_if wait_for 5 forwards p6
step tap name=d6 ns=d6 if=eth0
step try want=drop:ingress/service $AT6 dport=4999
step try want=arrive at=d2 $AT6 dport=5000
close_case
open_case both "a port is moved to another namespace, and back"
step_if ip netns add aside
step_if ip -n gw link set p5 netns aside
step_if port_says p5 ifindex 0
step_if ip -n aside link set p5 netns gw
step_if ip -n gw link set p5 master br0 up
step_if bridge -n gw vlan add dev p5 vid 20 pvid untagged
step_if wait_for 5 port_says p5 carrier 1
step_if wait_for 5 forwards p5
step try want=drop:ingress/pair $OTHER
step try want=arrive at=d5 udp from=d1 to=d5 via=gw dport=5000
close_case
ip netns del aside
open_case both "a port that is missing when it is armed is judged when it comes"
step info disarm
step_if ip -n gw link del p6
step ruleset load file="$P"
step_if port_says p6 ifindex 0
step_if port6
step_if wait_for 5 port_says p6 carrier 1
step_if wait_for 5 forwards p6
step tap name=d6 ns=d6 if=eth0
step try want=drop:ingress/service $AT6 dport=4999
step try want=arrive at=d2 $AT6 dport=5000
close_case
open_case deny "a port that leaves its bridge is judged as before"
step_if ip -n gw link set p6 nomaster
step tap name=p6 ns=gw if=p6 proto=0x0800 inner
step try want=drop:ingress/address-spoof $AT6 src=10.10.2.2 dport=5000
step_if ip -n gw link set p6 master br0
step_if bridge -n gw vlan add dev p6 vid 10 pvid untagged
close_case

# Namespaces
setup_ns other
open_case plain "another namespace has a state of its own"
step info info ns=other
step_if [ "$(lab_field armed)" = 0 ]
close_case
open_case plain "and its traffic is nobody's"
step_if link_ns other x0 mg x1
step tap name=x0 ns=other if=x0
step tap name=x1 ns=mg if=x1
step host name=x0 ns=other tap=x0 mac=02:00:00:00:00:01 ip4=10.10.1.1
step try want=arrive at=x1 udp from=x0 dmac=02:00:00:00:00:02 dst=10.10.2.2 dport=4999
close_case

# Disarming
plain "it is disarmed" info disarm
plain_if "and says so" armed 0
plain "then all passes" try want=arrive at=d2 udp from=d1 to=d2 dport=4999
plain_if "and it unloads" rmmod cordon
reload() {
	modprobe cordon && lab ruleset load ns=gw file="$P" && lab info disarm && rmmod cordon
}
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	reload || break
done > /dev/null 2>&1
plain_if "20 times loaded, armed, disarmed, unloaded" [ "$n" = 20 ]
modprobe cordon
need_lab ruleset load ns=gw file="$P"
arrives "and it judges as at first" d2 $FLOW
open_case plain "the namespace is deleted while it is armed"
step_if ip netns del gw
step reset
step_if wait_for 20 rmmod cordon
close_case
plain_if "and the module is gone" gone
