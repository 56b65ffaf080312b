#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
#
# Who sends: MAC, port and VLAN make the device; a frame that is not its device's own is dropped before the bridge learns anything.
. "$(dirname "$0")/lib_lab.sh"
start_house

fdb_lacks() { ! bridge -n gw fdb show dev "$1" | grep -q "$2"; }

# Rows that nothing could receive otherwise are shown to arrive before cordon is there.
plain "control: a group source MAC arrives" try want=arrive at=office udp from=st to=gwo smac=03:00:00:00:00:01
plain "control: the gateway's MAC as source arrives" try want=arrive at=d2 udp from=d1 to=d2 smac=02:00:00:00:ee:06
plain "control: a source of the loopback net arrives" try want=arrive at=d2 udp from=d1 to=d2 src=127.0.0.1
plain "control: 802.1ad arrives" try want=arrive at=d2 udp from=d1 to=d2 vlan=10 tpid=0x88a8
plain "control: a known MAC from a wrong port arrives" try want=arrive at=d2 udp from=d1 to=d2 smac=02:00:00:00:00:05
arm house || exit 1

# Identity
arrives "a device with its own MAC and address" d2 udp from=d1 to=d2 dport=5000
arrives "the same by IPv6" d2 udp6 from=d1 to=d2 dport=5000
drops "an unknown MAC" ingress/unknown-source udp from=d1 to=d2 smac=02:00:00:00:00:99 src=10.10.8.8 dport=5000
drops "an unknown MAC by IPv6" ingress/unknown-source udp6 from=d1 to=d2 smac=02:00:00:00:00:99 src=fd00:10:8::8 dport=5000
drops "an unknown MAC towards the gateway" ingress/unknown-source udp from=d1 to=gw smac=02:00:00:00:00:99 src=10.10.8.8 dport=53
drops "an unknown MAC with a device's address" ingress/address-spoof udp from=d6 to=d2 src=10.10.1.1 dport=5000
drops "the gateway's own MAC" ingress/own-mac udp from=d1 to=d2 smac=$GW_MAC dport=5000
drops "the MAC of a port of the gateway" ingress/own-mac udp from=d1 to=d2 smac=02:00:00:00:ee:06 dport=5000
drops "a group source MAC (the bridge drops it, too)" ingress/malformed udp from=d1 to=d2 smac=03:00:00:00:00:01 dport=5000
drops "a group source MAC on a zone port" ingress/malformed udp from=st to=gwo smac=03:00:00:00:00:01 dport=22
drops "no source MAC on a zone port" ingress/malformed udp from=st to=gwo smac=00:00:00:00:00:00 dport=22
drops "no source MAC (the bridge drops it, too)" ingress/malformed udp from=d1 to=d2 smac=00:00:00:00:00:00 dport=5000
drops "another device's MAC, from a port that is not on its list" ingress/device-port udp from=d1 to=d3 smac=02:00:00:00:00:02 src=10.10.2.2 dport=6000
drops "the same with its IPv6" ingress/device-port udp6 from=d1 to=d3 smac=02:00:00:00:00:02 src=fd00:10:2::2 dport=6000
drops "the same as an ARP announcement" ingress/device-port arp from=d1 smac=02:00:00:00:00:02 dmac=ff:ff:ff:ff:ff:ff spa=10.10.2.2 tpa=10.10.2.2
drops "a device's MAC in another VLAN" ingress/unknown-source udp from=d5 to=d4t smac=02:00:00:00:00:01 src=10.20.9.9 dport=5000
both "nobody learned from all that: the victim's frames still come" try want=arrive at=d2 not=d1 udp from=d4 to=d2 dport=5000
open_case deny "and the bridge has not moved the victim to the spoofer's port"
step_if fdb_lacks p1 02:00:00:00:00:02
close_case
# Where the control build that accepts everything has let the spoofs through, the bridge learns anew.
teach_bridge

# One device, two ports it may be on
open_case both "a device on the second port of its list, and then not on the first too"
step try want=arrive at=d2 udp from=d6 to=d2 smac=02:00:00:00:00:07 src=10.10.1.7 dport=5000
step try want=drop:ingress/device-port udp from=roamer to=d2 dport=5000
close_case
open_case both "it moves when the old port has lost its carrier, and not back"
step_if ip -n d6 link set eth0 down
step_if wait_for 5 port_says p6 carrier 0
step try want=arrive at=d2 udp from=roamer to=d2 dport=5000
step_if ip -n d6 link set eth0 up
step_if wait_for 5 port_says p6 carrier 1
step try want=drop:ingress/device-port udp from=d6 to=d2 smac=02:00:00:00:00:07 src=10.10.1.7 dport=5000
close_case

teach_bridge

# Addresses
drops "another device's address" ingress/address-spoof udp from=d1 to=d2 src=10.10.1.4 dport=5000
drops "an unassigned address of its zone" ingress/address-spoof udp from=d1 to=d2 src=10.10.1.99 dport=5000
drops "an address of nobody" ingress/address-spoof udp from=d1 to=d2 src=172.16.0.1 dport=5000
drops "the gateway's address" ingress/address-spoof udp from=d1 to=d2 src=10.10.0.254 dport=5000
drops "another device's IPv6 address" ingress/address-spoof udp6 from=d1 to=d2 src=fd00:10:1::4 dport=5000
drops "a privacy address" ingress/address-spoof udp6 from=d1 to=d2 src=fd00:10:1::a:b:c:d dport=5000
drops "the gateway's IPv6 address" ingress/address-spoof udp6 from=d1 to=d2 src=fd00:10::fe dport=5000
drops "no IPv4 address, not DHCP" ingress/address-spoof udp from=d1 to=d2 src=0.0.0.0 dport=5000
drops "no IPv6 address, not DAD" ingress/address-spoof udp6 from=d1 to=d2 src=:: dport=5000
arrives "a link-local address that is nobody's yet" d2 udp6 from=d1 to=d2 src=fe80::1 dport=5000
open_case both "a link-local address belongs to who used it first"
step try want=arrive at=d2 udp6 from=d1 to=d2 src=fe80::1111 dport=5000
step try want=drop:ingress/address-spoof udp6 from=d4 to=d2 src=fe80::1111 dport=5000
close_case
open_case both "with a ninth a device loses its own oldest one, and nobody else's"
step try want=arrive at=d2 udp6 from=d4 to=d2 src=fe80::4444 dport=5000
for i in 1 2 3 4 5 6 7 8 9; do
	step try n=1 want=arrive at=d2 udp6 from=d1 to=d2 src=fe80::9$i dport=5000
done
step try want=drop:ingress/address-spoof udp6 from=d1 to=d2 src=fe80::4444 dport=5000
step try want=drop:ingress/address-spoof udp6 from=d4 to=d2 src=fe80::92 dport=5000
step try want=arrive at=d2 udp6 from=d4 to=d2 src=fe80::91 dport=5000
step try want=drop:ingress/address-spoof udp6 from=d1 to=d2 src=fe80::91 dport=5000
close_case
arrives "the gateway is reached by its address" gw udp from=d1 to=gw dport=53
drops "but not by that of another VLAN" ingress/not-for-us udp from=d1 to=gw dst=10.20.0.254 dport=53
drops "nor by that of a zone port" ingress/not-for-us udp from=d1 to=gw dst=10.30.0.254 dport=53
drops "nor by that of a port that is not managed, by IPv6" ingress/not-for-us udp6 from=d1 to=gw dst=2001:db8:2::fe dport=53
drops "nor from a zone port by that of a VLAN" ingress/not-for-us tcp from=st to=gwo dst=10.10.0.254 dport=22
open_case allow "an address of the loopback netdev is everywhere"
step_if ip -n gw addr add 10.99.0.1/32 dev lo
step try want=arrive at=gw udp from=d1 to=gw dst=10.99.0.1 dport=53
step_if ip -n gw addr del 10.99.0.1/32 dev lo
close_case

teach_bridge

# Martians
drops "a source of the loopback net" ingress/martian udp from=d1 to=d2 src=127.0.0.1 dport=5000
drops "a source of the group net" ingress/martian udp from=d1 to=d2 src=224.0.0.5 dport=5000
drops "a source of net 0" ingress/martian udp from=d1 to=d2 src=0.0.0.7 dport=5000
drops "a broadcast source" ingress/martian udp from=d1 to=d2 src=255.255.255.255 dport=5000
drops "a destination of the loopback net" ingress/martian udp from=d1 to=gw dst=127.0.0.1 dport=53
drops "a destination of net 240" ingress/martian udp from=d1 to=gw dst=240.0.0.1 dport=53
drops "the IPv6 loopback as source" ingress/martian udp6 from=d1 to=d2 src=::1 dport=5000
drops "the IPv6 loopback as destination" ingress/martian udp6 from=d1 to=gw dst=::1 dport=53
drops "an IPv6 group as source" ingress/martian udp6 from=d1 to=d2 src=ff02::1 dport=5000
drops "a v4-mapped source" ingress/martian udp6 from=d1 to=d2 src=::ffff:10.10.1.1 dport=5000
drops "a v4-mapped destination" ingress/martian udp6 from=d1 to=d2 dst=::ffff:10.10.2.2 dport=5000

teach_bridge

# VLANs
arrives "priority-tagged is untagged" d2 udp from=d1 to=d2 vlan=0 dport=5000
drops "a tag that the port has not (the bridge drops it, too)" ingress/vlan udp from=d1 to=d2 vlan=20 dport=5000
drops "the port's own VLAN with a tag" ingress/vlan udp from=d1 to=d2 vlan=10 dport=5000
drops "802.1ad with the port's own VLAN" ingress/vlan udp from=d1 to=d2 vlan=10 tpid=0x88a8 dport=5000
drops "802.1ad with VID 0" ingress/vlan udp from=d1 to=d2 vlan=0 tpid=0x88a8 dport=5000
drops "two tags" ingress/vlan udp from=d4 to=d2 vlan=20 vlan2=10 dport=5000
drops "VID 0 around another tag" ingress/vlan udp from=d1 to=d2 vlan=0 vlan2=10 dport=5000
drops "VID 0 twice" ingress/vlan udp from=d1 to=d2 vlan=0 vlan2=0 dport=5000
drops "802.1ad inside 802.1Q" ingress/vlan udp from=d4 to=d2 vlan=20 vlan2=10 tpid2=0x88a8 dport=5000
drops "VID 4095 (the bridge drops it, too)" ingress/vlan udp from=d1 to=d2 vlan=4095 dport=5000
teach_bridge
arrives "a trunk's untagged device" d2 udp from=d4 to=d2 dport=5000
allow "a trunk's tagged device" try want=arrive at=gw arp from=d4t to=gw20 op=1 dmac=ff:ff:ff:ff:ff:ff
drops "a trunk's tagged device without its tag" ingress/unknown-source udp from=d4 to=gw smac=02:00:00:00:00:44 src=10.20.3.99 dport=53
drops "a tag on a zone port" ingress/vlan udp from=st to=gwo vlan=30 dport=22

# Ethertypes. The bridge hands LLDP to nobody but the port's own listeners.
need_lab tap name=p1 ns=gw if=p1 proto=0x88cc inner
drops "LLDP" ingress/ethertype eth from=d1 to=d2 dmac=01:80:c2:00:00:0e ethertype=0x88cc
drops "PPPoE discovery" ingress/ethertype eth from=d1 to=d2 ethertype=0x8863
drops "a PPPoE session with IP in it" ingress/ethertype eth from=d1 to=d2 ethertype=0x8864 payload=1100000100300021
drops "802.3 with LLC and SNAP" ingress/ethertype eth from=d1 to=d2 ethertype=40 payload=aaaa030000000800
drops "an STP BPDU" ingress/ethertype eth from=d1 to=d2 dmac=01:80:c2:00:00:00 ethertype=38 payload=424203
drops "a length of 0" ingress/ethertype eth from=d1 to=d2 ethertype=0
drops "PROFINET" ingress/ethertype eth from=d1 to=d2 ethertype=0x8892
drops "MPLS" ingress/ethertype eth from=d1 to=d2 ethertype=0x8847
drops "MACsec" ingress/ethertype eth from=d1 to=d2 ethertype=0x88e5
drops "EAPOL to a peer" ingress/ethertype eth from=d1 to=d2 ethertype=0x888e
drops "LLDP on a zone port" ingress/ethertype eth from=st to=gwo ethertype=0x88cc
allow "EAPOL to the gateway" try want=arrive at=gw eth from=d1 to=gw ethertype=0x888e
