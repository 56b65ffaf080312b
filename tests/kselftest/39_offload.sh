#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
#
# What a flowtable knows of a conversation is no right: an offloaded flow ends with its right.
. "$(dirname "$0")/lib_lab.sh"
start_house
house_alive d1 d2 d5 || exit 1
arm house || exit 1

# A conversation that the flowtable carries meets no forward hook.
in_ns gw nft -f - <<-'NFT'
	table inet offloading {
		flowtable fast { hook ingress priority 0; devices = { p1, p5 }; }
		chain f { type filter hook forward priority 10; udp dport 5000 flow add @fast; udp sport 5000 flow add @fast; }
	}
NFT
offloaded() {
	local before
	lab conn fast echo || return 1
	before=$(stat_of forward/accepted)
	lab conn fast echo && [ "$(stat_of forward/accepted)" = "$before" ]
}
open_case both "an offloaded conversation ends with its right, before the flowtable sees it"
step conn fast udp from=d1 to=d5 port=5000
step_if wait_for 3 offloaded
step ruleset load ns=gw file="$(blob tight)"
step conn fast dead want=drop:ingress/pair
step conn fast close
step ruleset load ns=gw file="$(blob house)"
close_case
in_ns gw nft delete table inet offloading
