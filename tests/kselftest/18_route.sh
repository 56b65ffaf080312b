#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# The office, the uplink, the gateway's own services and sockets, and what is not managed.
. "$(dirname "$0")/lib_lab.sh"
start_house alive
need_lab host name=lo ns=gw tap=gw ip4=127.0.0.1 ip6=::1
plain "control: another's MAC arrives at a zone port" try want=arrive at=office udp from=st to=gwo dmac=02:00:00:00:00:99 dport=22
plain "control: a device reaches the unmanaged port" probe tcp from=d1 to=mg port=443 want=open
plain "control: a private source leaves the uplink" try want=arrive at=wn udp from=d1 to=wn via=gw dport=5000
# refused NS ADDRESS PORT: somebody answers a connection with a reset.
refused() {
	! in_ns "$1" timeout $((3 * CORDON_SCALE)) bash -c "exec 3<> /dev/tcp/$2/$3" 2> "$BLOBS/refusal" && grep -q refused "$BLOBS/refusal"
}
reject() {
	in_ns gw nft "table inet rejecting { chain f { type filter hook forward priority 10; $1 reject with tcp reset; }; }"
}
reject "tcp dport 443"
case_if plain "control: what a forward chain rejects is reset" refused d1 10.20.3.5 443
in_ns gw nft delete table inet rejecting
arm house || exit 1
nat_up

# The office, a zone port
allow "the office starts to a device" probe tcp from=st to=d1 port=443 want=open
allow "the office starts to a device by IPv6" probe tcp six from=st to=d1 port=443 want=open
allow "the office starts UDP to another VLAN" probe udp from=st to=d5 port=7000 want=open
allow "the office pings a device by IPv6" probe ping six from=st to=d2 want=open
deny "another service from the office" probe tcp from=st to=d1 port=22 want=drop:ingress/service
deny "a device starts to the office" probe tcp from=d1 to=st port=443 want=drop:ingress/service
both "a device starts to the office from the service's port" probe tcp from=d1 to=st sport=443 port=9 want=drop:forward/service
both "the same by IPv6" probe tcp six from=d1 to=st sport=443 port=9 want=drop:forward/service
deny "the office starts to the uplink" probe tcp from=st to=wn port=443 want=drop:ingress/pair
drops "a device's address on the office port" ingress/zone-address udp from=st to=gwo src=10.10.1.1 dport=22
drops "an address of a device's zone on the office port" ingress/zone-address udp from=st to=gwo src=10.10.1.200 dport=22
drops "an address of nobody on the office port" ingress/zone-address udp from=st to=gwo src=172.16.5.5 dport=22
drops "the gateway's address on the office port" ingress/zone-address udp from=st to=gwo src=10.10.0.254 dport=22
drops "a device's IPv6 address on the office port" ingress/zone-address udp6 from=st to=gwo src=fd00:10:1::1 dport=22
drops "another's MAC on the office port" ingress/not-for-us udp from=st to=gwo dmac=02:00:00:00:00:99 dport=22

# The gateway's services
allow "management" probe tcp from=st to=gwo port=22 want=open
allow "management by IPv6" probe tcp six from=st to=gwo port=22 want=open
allow "the office pings the gateway" probe ping from=st to=gwo want=open
deny "the office to another port of the gateway" probe tcp from=st to=gwo port=80 want=drop:ingress/service
allow "a device asks the gateway's resolver" probe udp from=d1 to=gw port=53 want=open
allow "a device asks it by TCP and IPv6" probe tcp six from=d1 to=gw port=53 want=open
deny "a device does not reach the gateway by its address in another VLAN" probe udp from=d1 to=gw20 port=53 want=drop:ingress/not-for-us
deny "a device to another port of the gateway" probe tcp from=d1 to=gw port=22 want=drop:ingress/service
deny "a device to another port, by the address of the office side" probe tcp from=d1 to=gwo port=22 want=drop:ingress/not-for-us
deny "a device to another port, by the address of the unmanaged side" probe tcp from=d1 to=gwm port=22 want=drop:ingress/not-for-us
deny "a zone that may not talk to the gateway" probe udp from=d2 to=gw port=53 want=drop:ingress/pair
both "a device answers the gateway what it never asked" probe tcp from=d1 to=gw sport=8080 port=9 want=drop:local-in/service

# The gateway's own
allow "the gateway starts to a device" probe tcp from=gw to=d1 port=8080 want=open
allow "the gateway pings a device by IPv6" probe ping six from=gw to=d1 want=open
deny "the gateway's other services to it" probe tcp from=gw to=d1 port=22 want=drop:local-out/service
deny "the gateway to a zone without a flow" probe udp from=gw to=d2 port=9000 want=drop:local-out/pair
allow "the gateway's resolver asks upstream" probe udp from=gww to=wn port=53 want=open
allow "the gateway pings upstream by IPv6" probe ping six from=gww to=wn want=open
deny "the gateway's other services upstream" probe tcp from=gww to=wn port=80 want=drop:local-out/service

# The uplink
open_case allow "a device starts to the internet and is translated"
step probe tcp from=d1 to=wn port=443 want=open
step_if [ "$(lab_field peer)" = 198.51.100.254 ]
close_case
open_case allow "by IPv6 it is not"
step probe tcp six from=d1 to=wn port=443 want=open
step_if [ "$(lab_field peer)" = fd00:10:1::1 ]
close_case
allow "a device pings the internet" probe ping from=d1 to=wn want=open
allow "UDP to the internet" probe udp from=d1 to=wn port=5000 want=open
deny "another service to the internet" probe tcp from=d1 to=wn port=22 want=drop:ingress/service
deny "a zone without a flow to the internet" probe tcp from=d2 to=wn port=443 want=drop:ingress/pair
deny "the internet starts to a device" probe tcp from=wn to=d1 port=443 want=drop:ingress/service
deny "the internet starts to a device by IPv6" probe tcp six from=wn to=d1 port=443 want=drop:ingress/service
deny "the internet starts to a zone that nothing links with it" probe tcp six from=wn to=d2 port=443 want=drop:ingress/pair
both "the internet starts to the gateway" probe tcp from=wn to=gww port=22 want=drop:local-in/service
deny "the internet starts to the gateway by IPv6" probe tcp six from=wn to=gww port=22 want=drop:ingress/service
drops "a device's address from the uplink" ingress/zone-address udp from=wn to=gww src=10.10.1.1 dport=5000
drops "an office address from the uplink" ingress/zone-address udp from=wn to=gww src=10.30.0.7 dport=5000
drops "the gateway's address from the uplink" ingress/zone-address udp from=wn to=gww src=198.51.100.254 dport=5000

# Unmanaged
plain "the unmanaged port: TCP to the gateway" probe tcp from=mg to=gwm port=22 want=open
plain "the unmanaged port: TCP by IPv6" probe tcp six from=mg to=gwm port=22 want=open
plain "the unmanaged port: ping from the gateway" probe ping from=gwm to=mg want=open
plain "the gateway to itself" probe tcp from=lo to=lo port=22 want=open
plain "the gateway to itself by IPv6" probe udp six from=lo to=lo port=22 want=open
plain "the gateway to its own address on the bridge" probe tcp from=gw to=gw port=22 want=open
deny "from the unmanaged port to a device" probe tcp from=mg to=d1 port=443 want=drop:forward/unmanaged
deny "from the unmanaged port to the office by IPv6" probe ping six from=mg to=st want=drop:forward/unmanaged
both "from a device to the unmanaged port" probe tcp from=d1 to=mg port=443 want=drop:forward/unmanaged

# Without nftables nothing translates, and then nothing private leaves.
open_case both "with nftables flushed no private source leaves the uplink"
step probe udp from=d1 to=wn port=5001 want=open
step_if in_ns gw nft flush ruleset
step probe udp from=d1 to=wn port=5002 want=drop:egress/masquerade
step probe udp from=gww to=wn port=53 want=open
close_case
allow "by IPv6 nothing is translated and all still works" probe tcp six from=d1 to=wn port=443 want=open
open_case allow "and it works again with the translation back"
step_if nat_up
step probe udp from=d1 to=wn port=5003 want=open
close_case

# Resets that the gateway makes in a flow's name go to the flow's ends, and nowhere else.
reject "tcp dport 443"
case_if allow "a rejected start of a device is reset" refused d1 10.20.3.5 443
case_if allow "by IPv6" refused d1 fd00:20:3::5 443
case_if allow "to the internet" refused d1 198.51.100.1 443
in_ns gw nft delete table inet rejecting
reject "tcp sport 443"
# The client hears nothing, and no reset to the server is dropped.
unanswered() { ! lab probe tcp from=d1 to=d5 port=443 want=open ms=1000; }
open_case allow "a rejected answer is reset"
drops=$(stat_of local-out/service)
sent=$(stat_of local-out/accepted)
step_if unanswered
step_if [ "$(stat_of local-out/service)" = "$drops" ]
step_if [ "$(stat_of local-out/accepted)" -gt "$sent" ]
close_case
in_ns gw nft delete table inet rejecting

# An own IPv6 address that its link took along is own no more.
ip -n gw link add away0 type veth peer name away1
# With no other address there, nothing tells once more that the last one has gone.
ip -n gw link set away0 addrgenmode none
ip -n gw link set away1 up
ip -n gw link set away0 up
ip -n gw addr add fd00:30::77/128 dev away0 nodad
drops "an own address of another link on the office port" ingress/zone-address icmp6 type=128 from=st to=gwo src=fd00:30::77
ip -n gw addr add 10.30.0.77/32 dev away0
drops "an own IPv4 address of another link on the office port" ingress/zone-address icmp type=8 from=st to=gwo src=10.30.0.77
ip -n gw link set away0 down
case_if allow "it is anybody's of its zone once that link is down" \
	wait_for 3 lab try want=arrive at=office icmp6 type=128 from=st to=gwo src=fd00:30::77
ip -n gw link del away0

# ICMP errors about flows between link-local addresses
ip -n d1 addr add fe80::a1/64 dev eth0 nodad
ip -n gw addr add fe80::fe/64 dev br0.10 nodad
ip -n d1 neigh replace fe80::fe lladdr $GW_MAC dev eth0 nud permanent
ip -n gw neigh replace fe80::a1 lladdr 02:00:00:00:00:01 dev br0.10 nud permanent
# unreachable NS ADDRESS PORT: a socket is told that nobody listens.
unreachable() {
	in_ns "$1" timeout $((5 * CORDON_SCALE)) bash -c "exec 3<> /dev/udp/$2/$3; while echo >&3; do read -rt 0.1 -u 3; done" 2>&1 | grep -q refused
}
case_if allow "a device hears that the gateway's port is closed, between link-local addresses" unreachable d1 fe80::fe%eth0 53
case_if allow "so does the gateway of a device's" unreachable gw fe80::a1%br0.10 9000
