#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 90
#
# br_netfilter shows bridged frames to the IP hooks, so the nftables layer meets them in both its tables.
LAYERS=both
. "$(dirname "$0")/lib_lab.sh"
start_house alive
plain_if "br_netfilter is there" modprobe br_netfilter
on_exit modprobe -r br_netfilter
brnf_calls 1 || exit 1
arm house || exit 1
for ns in d1 d2; do
	ip -n "$ns" neigh flush nud permanent
done
allow "a peer is found by ARP" probe ping from=d1 to=d2 want=open retry ms=3000
allow "a peer is found by neighbour discovery" probe ping six from=d1 to=d2 want=open retry ms=3000
allow "TCP, bridged" probe tcp from=d1 to=d2 port=443 want=open
allow "TCP, bridged, by IPv6" probe tcp six from=d1 to=d2 port=443 want=open
allow "TCP, routed" probe tcp from=d1 to=d5 port=443 want=open
drops "a peer's other port" ingress/service tcp from=d1 to=d2 dport=9
finish
