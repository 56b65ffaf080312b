#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# B3: fragments of 1288 bytes, as IPv6 asks of all but the last; the first 8 bytes of a datagram are its UDP header, and each fragment
# carries a canary of its own.
. "$(dirname "$0")/lib_attack.sh"
start_house

CAM="udp from=d1 to=d2 dport=5000"
CAM6="udp6 from=d1 to=d2 dport=5000"

# orders FRAGMENT...: every order of them, in one list; sizes go the same way.
orders() {
	local taken=$1 i
	shift
	if [ $# = 0 ]; then
		printf '%s|' $taken
		return
	fi
	for ((i = 1; i <= $#; i++)); do
		orders "$taken ${!i}" "${@:1:i-1}" "${@:i+1}"
	done
}

# sizes ORDERS: how long the data is behind the UDP header of the first fragment, and in the others.
sizes() {
	local one
	for one in ${1//|/ }; do
		[ "${one%%,*}" = 0 ] && printf '1280|' || printf '1288|'
	done
}

TWO="$(orders "" 0,mf 1288)" THREE="$(orders "" 0,mf 1288,mf 2576)" FOUR="$(orders "" 0,mf 1288,mf 2576,mf 3864)"

# fragments KIND ORDERS EACH WORDS: datagrams of EACH fragments, sent in these orders.
fragments() {
	local kind=$1 list=${2%|} each=$3 rest=$4
	local lengths
	lengths=$(sizes "$list")
	echo "$kind $rest frag=@=$list size=@=${lengths%|} id=@step$each udplen=$((each * 1288)) nosum"
}

row_B3() {
	title "fragments: tiny, out of order, overlapping, without a first, atomic"
	cell tiny/4 d2 ingress/fragment "udp from=d1 to=d2 frag=0,mf body=@1..7 trailer dport=5000 id=@step1" d2 "$CAM"
	cell tiny/6 d2 ingress/fragment "udp6 from=d1 to=d2 frag=0,mf body=@1..7 trailer dport=5000 id=@step1" d2 "$CAM6"
	cell tiny-tcp/4 d2 ingress/fragment "tcp from=d1 to=d2 frag=0,mf body=@8..19 trailer dport=443 id=@step1" d2 "tcp from=d1 to=d2 dport=443"
	cell tiny-tcp/6 d2 ingress/fragment "tcp6 from=d1 to=d2 frag=0,mf body=@8..19 trailer dport=443 id=@step1" d2 "tcp6 from=d1 to=d2 dport=443"
	cell atomic/6 d2 ingress/fragment "udp6 from=d1 to=d2 frag=0 dport=5000 id=@step1" d2 "$CAM6"
	cell twice/6 d2 ingress/ipv6-ext "udp6 from=d1 to=d2 frag=0,mf ext=44 dport=5000 id=@step1" d2 "$CAM6"
	cell beyond/4 d2 ingress/malformed "udp from=d1 to=d2 frag=@65504|65512|65520|65528 size=64 id=@step1" d2 "$CAM"
	cell beyond/6 d2 ingress/malformed "udp6 from=d1 to=d2 frag=@65504|65512|65520|65528 size=64 id=@step1" d2 "$CAM6"
	cell later-unlinked/4 d4 ingress/pair "udp from=d1 to=d4 frag=@8|64|1480|32768 id=@step1" d2 "$CAM"
	cell later-unlinked/6 d4 ingress/pair "udp6 from=d1 to=d4 frag=@8|64|1480|32768 id=@step1" d2 "$CAM6"
	cell other-protocol/4 d2 ingress/service "proto from=d1 to=d2 ipproto=@50|51|103 frag=@8|64 id=@step1" d2 "$CAM"
	cell zone-port/4 office ingress/fragment "udp from=st to=gwo frag=0,mf body=4 trailer id=@step1" d1 "udp from=st to=d1 via=gwo dport=7000"
	unfinished bridged/4 d2 "udp from=d1 to=d2"
	unfinished bridged/6 d2 "udp6 from=d1 to=d2"
	unfinished routed/4 d5 "udp from=d1 to=d5 via=gw"
	unfinished routed/6 d5 "udp6 from=d1 to=d5 via=gw"
	wrong_port bridged/4 d2 "udp" "from=d1 to=d2"
	wrong_port bridged/6 d2 "udp6" "from=d1 to=d2"
	wrong_port routed/4 d5 "udp" "from=d1 to=d5 via=gw"
	wrong_port routed/6 d5 "udp6" "from=d1 to=d5 via=gw"
}

# What no hook of cordon's can drop, because the kernel keeps it and waits for the rest that never comes: nothing arrives, and cordon
# accepts each fragment at ingress exactly once.
unfinished() {
	local name=$1 at=$2 ends=$3
	cell "$name-only-later" "$at" ingress/accepted "$ends frag=@1288|64|1480|32768 id=@step1" "$at" "$ends dport=5000" told=- of=-
	cell "$name-no-last" "$at" ingress/accepted "$ends dport=5000 frag=@=0,mf|1288,mf size=@=1280|1288 id=@step2 udplen=3864 nosum" "$at" "$ends dport=5000" told=- of=-
	cell "$name-overlap" "$at" ingress/accepted "$ends dport=5000 frag=@=0,mf|1280 size=@=1280|1288 id=@step2 udplen=2568 nosum" "$at" "$ends dport=5000" told=- of=-
	cell "$name-gap" "$at" ingress/accepted "$ends dport=5000 frag=@=0,mf|1296 size=@=1280|1288 id=@step2 udplen=2584 nosum" "$at" "$ends dport=5000" told=- of=-
	cell "$name-last-first-overlap" "$at" ingress/accepted "$ends dport=5000 frag=@=2568|0,mf|1280,mf size=@=1288|1272|1296 id=@step3 udplen=3856 nosum" "$at" "$ends dport=5000" told=- of=-
}

# The first fragment is dropped for its port, so what follows never is a packet; in every order of two, three and four. Its twin is whole.
wrong_port() {
	local name=$1 at=$2 kind=$3 ends=$4 each list
	for each in 2 3 4; do
		list=TWO
		[ $each = 2 ] || list=THREE
		[ $each != 4 ] || list=FOUR
		cell "$name-$each" "$at" "ingress/service|ingress/accepted" "$(fragments "$kind" "${!list}" $each "$ends dport=4999")" \
			"$at" "$(fragments "$kind" "${!list}" $each "$ends dport=5000")" told=- of=-
	done
}

bench
