#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# C16: who may speak to the module.
. "$(dirname "$0")/lib_attack.sh"
start_house
CAM="udp from=d1 to=d2 dport=5000"

# asked NAME LAB-WORDS...: requests are frames of another kind: so many were made, so many got through.
asked() {
	local name=$1
	shift
	check "$name" lab asks "$@"
	add_answer row_denied refused
	add_answer row_leaks passed
}

generation() { lab info && lab_field generation; }

# Two write at once: the later begin wins, the other's commit is refused, and the policy is wholly one's.
two_writers() {
	lab ruleset staged ns=gw file="$(blob attack-tight)" && apart "ruleset load ns=gw file=$(blob attack)" && ! lab ruleset commit && lab ruleset close
}
dies_with_its_socket() {
	local before
	before=$(generation)
	lab ruleset staged ns=gw file="$(blob attack-tight)" && lab info && [[ "$lab_answer" == *staged=1* ]] && lab ruleset close &&
		lab info && [[ "$lab_answer" != *staged=1* ]] && [ "$(generation)" = "$before" ]
}
admin() { lab asks as=admin ns=gw n="$TWIN_COUNT"; }

row_C16() {
	title "the netlink family, asked by those who may not"
	defect user_namespace open_group dump_open
	cell before/4 d2 ingress/service "udp from=d1 to=d2 dport=4999" d2 "$CAM"
	! playing armed || requests
	cell after/4 d2 ingress/service "udp from=d1 to=d2 dport=4999" d2 "$CAM"
}

requests() {
	local n=$((ATTACK_COUNT / 10))
	asked "without capabilities nothing is answered" as=nobody ns=gw n=$n
	asked "nor in the namespace where the module is not armed" as=nobody ns=mg n=$n
	asked "the administrator of a user namespace gets none" as=userns ns=gw n=$n
	asked "nor in a network namespace of his own" as=owner n=$n
	asked "another version of the family opens nothing" as=nobody ns=gw n=$n version=9
	asked "nor to the administrator of a user namespace" as=userns ns=gw n=$n version=9
	check "the administrator of the box gets all" admin
	check "whatever version he names, as generic netlink has it" lab asks as=admin ns=gw n=5 version=9
	add_answer row_allowed asked
	check "many requests in one message leave it answering" lab asks ns=gw batch=$((ATTACK_COUNT >= 2000 ? 1000000 : 10000))
	check "of two writers one is refused" two_writers
	check "what is staged dies with its socket" dies_with_its_socket
}

bench
