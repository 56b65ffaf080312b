# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What hosts and routers do of themselves, for the tests that show that it goes on: leases, autoconfiguration, group membership,
# errors about what was forwarded.
#
#   narrow_uplink               the way from the house's uplink to wn, and to wn2, another address of the same host, is 1400 bytes wide
#   errors_come_back            the cases: d1 hears from the gateway what became of what it sent there
#   dnsmasq_in NS OPTION...     leases and advertisements, served in a namespace
#   lease NS DEV OPTION...      one lease asked for with udhcpc, and put on the interface
#   autoconf_on NS DEV [TOKEN]  the link comes up anew as a host's that makes its own addresses

narrow_uplink() {
	local to
	need_lab sysctl ns=gw net/ipv4/route/min_pmtu=552
	for to in 198.51.100.1 198.51.100.2 2001:db8:1::1 2001:db8:1::2; do
		echo "route add $to dev wan mtu 1400"
	done | in_ns gw ip -batch -
	# What is learned of a path to one address is not known of the other.
	need_lab host name=wn2 ns=wn tap=wn mac=02:00:00:00:fd:02 ip4=198.51.100.2 ip6=2001:db8:1::2
}

errors_come_back() {
	allow "a large transfer finds the path MTU" probe tcp from=d1 to=wn port=443 size=40000 want=open retry ms=4000
	allow "a large transfer finds the path MTU by IPv6" probe tcp six from=d1 to=wn port=443 size=40000 want=open retry ms=4000
	allow "fragmentation needed comes back" probe udp df noserver from=d1 to=wn2 port=5001 size=1450 want=icmp:3/4
	allow "packet too big comes back" probe udp df noserver six from=d1 to=wn2 port=5001 size=1440 want=icmp:2/0
	allow "an exceeded hop limit comes back" probe udp ttl=1 from=d1 to=wn port=33434 want=icmp:11/0
	allow "an exceeded hop limit comes back by IPv6" probe udp six ttl=1 from=d1 to=wn port=33434 want=icmp:3/0
}

dnsmasq_in() {
	local ns=$1
	shift
	ip netns exec "$ns" dnsmasq --conf-file=/dev/null --port=0 --no-ping --user=root --pid-file= --leasefile-ro --bind-dynamic \
		--dhcp-authoritative "$@" --keep-in-foreground --log-facility="$BLOBS/dnsmasq-$ns" &
	on_exit kill $!
}

# What udhcpc runs.
lease_script() {
	cat > "$BLOBS/lease" <<-'LEASE'
		#!/bin/bash
		[ "$1" = bound ] || [ "$1" = renew ] || exit 0
		ip addr replace "$ip/$mask" dev "$interface"
		[ -z "$router" ] || ip route replace default via "${router%% *}"
	LEASE
	chmod +x "$BLOBS/lease"
}

lease() {
	[ -e "$BLOBS/lease" ] || lease_script
	in_ns "$1" udhcpc -i "$2" -n -q -f -t 6 -T 1 -s "$BLOBS/lease" "${@:3}"
}

has_address() { ip -n "$1" addr show dev "$2" | grep -q " $3/"; }

autoconf_on() {
	local ns=$1 dev=$2 token=$3 conf=net/ipv6/conf/$2
	ip -n "$ns" link set "$dev" down
	# The mode comes last: setting it makes the link-local address at once, as the others say.
	need_lab sysctl ns="$ns" "$conf/accept_ra=1" "$conf/autoconf=1" "$conf/accept_dad=1" "$conf/dad_transmits=1" \
		"$conf/router_solicitations=3" "$conf/router_solicitation_delay=0" "$conf/addr_gen_mode=0" || return 1
	[ -z "$token" ] || ip -n "$ns" token set "$token" dev "$dev"
	ip -n "$ns" link set "$dev" up
}

# solicited NS: how many advertisements the host has asked for.
solicited() { [ "$(in_ns "$1" awk '$1 == "Icmp6OutRouterSolicits" { print $2 }' /proc/net/snmp6)" -gt 0 ]; }
has_route() { ip -n "$1" -6 route show default | grep -q "via fe80:"; }
settled() { ip -n "$1" -6 addr show dev "$2" -tentative | grep -q " $3/"; }
member() { bridge -n gw mdb show dev br0 | grep "port $1 " | grep -q "grp $2 "; }
