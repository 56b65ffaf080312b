#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
# shellcheck disable=SC1091,SC2034,SC2154
# The demo's guest half: builds the building, measures it, plays the attacks.
# With `control` in /demo/mode nothing of cordon is loaded: the attacks must work.
# Lines `# cell`, `# real` are facts for the host, which judges them.

. /demo/lib.sh
. /demo/net.sh
. /demo/servers.sh
. /demo/cordon.sh
. /demo/measure.sh
. /demo/real.sh
. /demo/live.sh

MODE=$(cat "$DEMO/mode")
[ "$MODE" = cordon ] && FIRST=9000 || FIRST=25000
WAN4=198.51.100.2
WAN6=2001:db8:f::ff:fe00:9902
GATEWAY_MAC=02:00:00:00:99:00

step() { say "step $*"; }

devices_ready() {
	local name
	for name in "${NAMES[@]}"; do
		is_inside "$name" || continue
		[ ! -e "$RUN/$name.plugged" ] || continue
		{ has_lease "$name" && has_route6 "$name" && is_settled "$name"; } || return 1
		touch "$RUN/$name.plugged"
	done
}

who_is_not_ready() {
	local name
	for name in "${NAMES[@]}"; do
		is_inside "$name" || continue
		has_lease "$name" || say "$name has no lease: $(tail -n 1 "$RUN/$name.udhcpc.log")"
		has_route6 "$name" || say "$name has no IPv6 route"
	done
}

uplink_ready() {
	ip -4 address show dev wan0 | grep -qF "inet $WAN4/" &&
		ip -6 address show dev wan0 | grep -qF "$WAN6/64" &&
		ip -6 route show default | grep -q via
}

main() {
	local name
	load_endpoints
	step "cables, bridge, VLANs"
	build_bridge
	build_gateway
	build_uplink
	prepare_servers
	if [ "$MODE" = cordon ]; then
		step "cordon: module, daemon, policy"
		start_cordon
	fi
	step "uplink"
	start_inet
	background gateway udhcpc udhcpc -f -i wan0 -s "$DEMO/udhcpc.sh" -t 20 -T 2 -A 2 -S
	until_ok 30 uplink_ready || { ip address show wan0; die "the uplink did not come up"; }
	start_dnsmasq
	step "devices plug in"
	for name in "${NAMES[@]}"; do
		is_inside "$name" || continue
		plug_in "$name"
	done
	step "servers and probers on every endpoint"
	for name in "${NAMES[@]}"; do
		start_servers "$name"
		start_prober "$name"
	done
	until_ok 90 devices_ready || { who_is_not_ready; die "a device got no address"; }
	until_ok 90 servers_ready || { who_does_not_serve; die "a server did not start"; }
	step "every service of everyone, tried from everyone else"
	measure first "$FIRST"
	if [ "$MODE" = cordon ]; then
		step "real programs for every pair that they serve"
		real_programs
	fi
	live
	echo "1..$checks"
}

main
