#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A17: a sweep of addresses that nobody has, to fill the gateway's neighbour tables.
. "$(dirname "$0")/lib_attack.sh"
start_house

# neighbours [FAMILY]: those of one family go while those of the other are counted.
neighbours() { ip -n gw ${1:+"-$1"} neigh show | wc -l; }

row_A17() {
	local before
	title "a sweep of unassigned addresses fills the neighbour table"
	before=$(neighbours)
	cell own-zones/4 nobody forward/unknown-destination "udp from=d1 to=d5 via=gw dst=@10.20.3.64/26 dport=5000" \
		d5 "udp from=d1 to=d5 via=gw dport=5000" told=- control="they would go to nobody"
	cell own-zones/6 nobody forward/unknown-destination "udp6 from=d1 to=d5 via=gw dst=@fd00:20:3::/64 dport=5000" \
		d5 "udp6 from=d1 to=d5 via=gw dport=5000" control="they would go to nobody"
	! playing armed || check "not one neighbour more" test "$(neighbours)" -le "$before"
	sweep 4 "udp from=d1 to=wn via=gw dst=@198.51.100.0/25 dport=5000"
	sweep 6 "udp6 from=d1 to=wn via=gw dst=@2001:db8:1::/64 dport=5000"
}

# sweep FAMILY ATTACK: the frames go to nobody, so what shows is how many addresses the gateway has begun to look for.
sweep() {
	# Enough to tell all of them from the budget.
	local before drops n=$((ATTACK_COUNT > 204 ? ATTACK_COUNT : 204))
	before=$(neighbours "$1")
	playing control || drops=$(stat_of forward/limit-unresolved)
	need_lab flood n=$n want=some at=nobody ms=50 $2 || :
	if playing control; then
		check "uplink/$1: the gateway looks for them all" test $(($(neighbours "$1") - before)) -ge 100
		add row_live 1
	else
		check "uplink/$1: the gateway looks for few" test $(($(neighbours "$1") - before)) -le 70
		check "uplink/$1: the rest is dropped" test $(($(stat_of forward/limit-unresolved) - drops)) -ge $((n - 90))
		note_reasons forward/limit-unresolved
		add row_denied $n
	fi
	add row_cells 1
}

bench
