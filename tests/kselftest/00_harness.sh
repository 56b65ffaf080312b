#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# The guest itself: has it what every other test builds on?
. "$(dirname "$0")/lib.sh"

ok_if "a namespace is made" setup_ns here
ip netns del here

ok_if "topology T comes up" topology_up
ok_if "a device reaches its neighbour" wait_for 5 in_ns d1 ping -qnc1 -W2 "$(t_ip4 2)"
ok_if "a device reaches its gateway by IPv6" in_ns d1 ping -qnc1 -W5 "$(t_gw6 10)"
ok_if "a device is routed to another VLAN" in_ns d1 ping -qnc1 -W5 "$(t_ip4 3)"
ok_if "a device is routed to the uplink" in_ns d1 ping -qnc1 -W5 203.0.113.1
ip -n gw link set br0.20 down
not_ok_if "a VLAN without its gateway is cut off" in_ns d1 ping -qnc1 -W1 "$(t_ip4 3)"

nft_gw() { in_ns gw nft "$@"; }
ok_if "nft inet with conntrack, nat, reject" nft_gw -f - <<-'NFT'
	table inet t {
		chain f { type filter hook forward priority 0; ct state established accept; reject; }
		chain n { type nat hook postrouting priority 100; oifname "wan" masquerade; }
	}
NFT
ok_if "nft bridge with conntrack" nft_gw -f - <<-'NFT'
	table bridge t {
		chain f { type filter hook forward priority 0; ct state new counter; meta ibrname "br0" accept; }
	}
NFT
ok_if "nft netdev ingress" nft_gw -f - <<-'NFT'
	table netdev t {
		chain i { type filter hook ingress device p1 priority -500; counter; }
	}
NFT
ok_if "nft netdev egress" nft_gw -f - <<-'NFT'
	table netdev u {
		chain e { type filter hook egress device p1 priority -500; counter; }
	}
NFT
ok_if "nft inet ingress and flowtable" nft_gw -f - <<-'NFT'
	table inet u {
		flowtable ft { hook ingress priority 0; devices = { wan, office }; }
		chain i { type filter hook ingress device p2 priority 0; counter; }
		chain f { type filter hook forward priority 1; ip protocol tcp flow add @ft; }
	}
NFT
ok_if "the ruleset goes at once" nft_gw flush ruleset
ok_if "conntrack lists" in_ns gw conntrack -L

is "br_netfilter is not loaded unasked" "$(ls -d /sys/module/br_netfilter 2> /dev/null)" ""
case_begin "kmemleak is there on debug kernels"
case $CORDON_VEHICLE in
uml | debug) if [ -w /sys/kernel/debug/kmemleak ]; then pass; else fail "no kmemleak"; fi ;;
*) pass ;;
esac
is "an unprivileged user is one" "$(setpriv --reuid 1004 --regid 1004 --clear-groups id -u)" 1004
not_ok_if "a deadline ends a wait" wait_for 1 false
