# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034  # what it sets is for the rows
#
# The attacker's bench. A file of rows reads this, defines a function row_ID for each of its rows and calls `bench`. Every row is played
# twice, first without cordon, then under policies/attack.yaml:
#
#   row_A1() {
#           title "another device's MAC from the attacker's port"
#           cell bridged/4 d3 ingress/device-port "udp from=d1 to=d3 smac=d2 src=d2 dport=6000" d3 "udp from=d2 to=d3 dport=6000"
#   }
#
#   cell PATH/FAMILY AT HOOK/REASON[|...] ATTACK TWIN_AT TWIN [OPTION...]
#
# Without cordon every frame of the attack has to arrive at the taps AT, else the row is void and fails. Under the policy the legitimate
# twin arrives whole at TWIN_AT; of the attack nothing arrives anywhere, the named counters rise by exactly the number sent, the
# attacker's record too (where it is a device and ingress judges), and an event names the source. Options:
#
#   control=some         of the attack only some frames have to arrive without cordon (the bridge drops what it cannot place)
#   control=DEFECT       the kernel itself refuses it: the control is that seeded defect (tests/defects), with which the cell fails
#   control=WHY          in words: nothing to attack without cordon
#   live=FRAME           what shows that the attack works without cordon, where of the sweep only a part does
#   told=MAC|-           the source that the event names (default: the sender's); -: the hook knows no source
#   of=HOST|-  vlan=VID  the record that counts the drops (default: the sender's)
#   before=CMD between=CMD after=CMD
#                        before the twin, between the twin and the attack, and behind the attack, under the policy only
#
# What a frame cannot show is code of its own in the row: `playing control`, `playing armed`, and `check NAME CMD...` (one case).
#
# Two states that take turns under running traffic are one cell, too (tools/turns.c): KINDS has the frames, each beginning with in= and at=.
#
#   KINDS=("in=a at=d2 udp from=d1 to=d2 dport=5000" "in=both at=d2 udp from=d4 to=d2 dport=5000")
#   take_turns NAME N quarantine=d1          without cordon all kinds arrive; under it, N turns: nothing leaks, nothing is lost
#
# `defect NAME...` names the seeded defects that the row has to see where there is nothing to attack without cordon. A row that loads
# the module anew or takes ports away ends with `account_anew`: counters began again.
#
# In the environment: ATTACK_ROWS (globs, comma-separated; default all), ATTACK_COUNT (frames an attack, default 200).

HOUSE_PORTS="1 2 3 4 5 6 7 8"
. "$(dirname "${BASH_SOURCE[0]}")/lib_lab.sh"
[ ! -d "$(dirname "${BASH_SOURCE[0]}")/attack-policies" ] || POLICIES=$(dirname "${BASH_SOURCE[0]}")/attack-policies

ATTACK_COUNT=${ATTACK_COUNT:-200}
# Fragments come in twos, threes and fours.
ATTACK_COUNT=$(((ATTACK_COUNT + 11) / 12 * 12))
# Live is shown by less: what arrives without cordon takes longer than what is dropped.
CONTROL_COUNT=$((ATTACK_COUNT / 10 > 48 ? (ATTACK_COUNT / 10 + 11) / 12 * 12 : 48))
TWIN_COUNT=$CONTROL_COUNT

declare -A row_titles row_live row_cells row_allowed row_denied row_leaks row_reasons row_failed row_void
phase=
account=() opened=()

title() { row_titles[$row]=$1; }
playing() { [ "$phase" = "$1" ]; }

defect() { row_void[$row]="DEFECT $*"; }

add() {
	local -n table=$1
	table[$row]=$((${table[$row]:-0} + $2))
}

# judged CMD...: the case that was begun; what it needs of a row is noted.
judged() {
	if lab "$@"; then
		verdict ok
	else
		case_failed=$((case_failed + 1))
		verdict "not ok" "${lab_answer//#/}"
		add row_failed 1
	fi
}

# check NAME CMD...: one case of the row being played.
check() {
	local name=$1
	shift
	local before=$case_failed
	ok_if "$row $phase: $name" "$@"
	[ "$case_failed" = "$before" ] && return
	echo "# the last answer: $lab_answer"
	add row_failed 1
	return 1
}

# add_answer TABLE NAME: the value of NAME=... in the last answer, if it has one.
add_answer() { ! lab_value "$2" || add "$1" "$REPLY"; }

# These set $REPLY.

# host_field NAME NUMBER: of the table of hosts.
host_field() {
	local line
	REPLY=
	for line in "${HOSTS[@]}"; do
		[ "${line%% *}" != "$1" ] || { set -- "$1" "$2" $line; shift $(($2 + 2)); REPLY=$1; return; }
	done
}

# value_of KEY FRAME: the last word KEY=... of a description.
value_of() {
	local word
	REPLY=
	for word in $2; do
		[ "${word%%=*}" != "$1" ] || REPLY=${word#*=}
	done
}

# source_mac FRAME: what an event calls its sender; - where every frame has another.
source_mac() {
	value_of smac "$1"
	[ -n "$REPLY" ] || value_of from "$1"
	case $REPLY in
	@*) REPLY=- ;;
	*:*) ;;
	roamer) REPLY=02:00:00:00:00:07 ;;
	held) REPLY=02:00:00:00:00:0c ;;
	gw | gw20) REPLY=$GW_MAC ;;
	*)
		host_field "$REPLY" 4
		REPLY=02:00:00:00:$REPLY
		;;
	esac
}

# sender_record FRAME HOOK/REASON: the device whose record counts its drops; nothing where there is none.
sender_record() {
	local smac
	REPLY=
	# Whoever sends a tag that its port has not is nobody.
	[[ "$2" = ingress* && "$2" != *ingress/vlan* ]] || return 0
	value_of smac "$1"
	smac=$REPLY
	value_of from "$1"
	case $REPLY:$smac in
	d[1-7]: | d4t: | roamer: | held:) ;;
	*) REPLY= ;;
	esac
}

# note_reasons HOOK/REASON[|...]
note_reasons() {
	local one
	for one in ${1//|/ }; do
		[[ " ${row_reasons[$row]} " == *" $one "* ]] || row_reasons[$row]="${row_reasons[$row]:+${row_reasons[$row]} }$one"
	done
}

control_of() {
	local want=arrive
	case $control in
	all) ;;
	some) want=some ;;
	*)
		row_void[$row]=$control
		return
		;;
	esac
	forget_learned
	case_begin "$row $name control: arrives at $at without cordon"
	judged flood attack="${row//[!0-9]/}" n="$CONTROL_COUNT" want=$want at="$at" ${live:-$attack}
	[ "${lab_answer:0:2}" != ok ] || add row_live 1
}

allowed_of() {
	case_begin "$row $name allowed: the twin arrives at $twin_at"
	judged flood attack="${row//[!0-9]/}" n="$TWIN_COUNT" want=arrive at="$twin_at" $twin
	add_answer row_allowed least
}

denied_of() {
	local words=()
	[ "$told" = - ] || words+=(told="$told")
	[ -z "$of" ] || [ "$of" = - ] || words+=(of="$of" of_vlan="$vlan")
	case_begin "$row $name denied: $drop"
	judged flood attack="${row//[!0-9]/}" n="$ATTACK_COUNT" want="drop:$drop" "${words[@]}" $attack
	add_answer row_denied sent
	add_answer row_leaks leaked
}

cell() {
	local name=$1 at=$2 drop=$3 attack=$4 twin_at=$5 twin=$6 control=all live told of vlan=10 before between after option
	shift 6
	source_mac "$attack"
	told=$REPLY
	sender_record "$attack" "$drop"
	of=$REPLY
	[ "$of" != d4t ] && [ "$of" != d5 ] || vlan=20
	for option in "$@"; do
		local "${option?}"
	done
	add row_cells 1
	note_reasons "$drop"
	if playing control; then
		control_of
	else
		[ -z "$before" ] || eval "$before"
		allowed_of
		[ -z "$between" ] || eval "$between"
		denied_of
		[ -z "$after" ] || eval "$after"
	fi
}

# add_kinds: the frames of KINDS.
add_kinds() {
	local kind
	lab turns clear
	for kind in "${KINDS[@]}"; do
		need_lab turns add $kind || return 1
	done
}

# take_turns NAME N ACTION...
take_turns() {
	local name=$1 n=$2
	shift 2
	add row_cells 1
	case_begin "$row $phase: $name: the kinds of frames"
	judged_if add_kinds
	if playing control; then
		case_begin "$row $name control: all arrive without cordon"
		judged turns free rounds="$CONTROL_COUNT"
		[ "${lab_answer:0:2}" != ok ] || add row_live 1
		return
	fi
	case_begin "$row $name denied: in $n turns nothing leaks and nothing is lost"
	judged turns run n="$n" "$@"
	echo "# $row $name: $lab_answer"
	add_answer row_allowed allowed
	add_answer row_denied denied
	add_answer row_leaks leaked
}

# judged_if CMD...: like judged, of any command.
judged_if() {
	if "$@" > "$case_output" 2>&1; then
		verdict ok
	else
		show_output
		case_failed=$((case_failed + 1))
		verdict "not ok"
		add row_failed 1
	fi
}

# many SMALL FULL: how often something is done, by the number of frames an attack; of the small number a quarter on an emulated debug kernel.
many() {
	if [ "$ATTACK_COUNT" -ge 2000 ]; then
		echo "$2"
	elif [ "$CORDON_VEHICLE" = debug ]; then
		echo $((($1 + 3) / 4))
	else
		echo "$1"
	fi
}

# The canary: frames that are denied for a reason of their own, all the time.
canary_on() { need_lab stream canary start at=d2 ms=1 udp from=d1 to=d2 src=10.10.1.4 sport=43090 dport=5000; }
canary_sent() { lab stream canary mark && lab stream canary wait n=20; }
# canary_off: succeeds when none has arrived since canary_sent.
canary_off() {
	lab stream canary stop
	add_answer row_denied sent
	add_answer row_leaks arrived
	[ "$(lab_field arrived)" = 0 ]
}

# armed_anew RULESET: after the module was away, as after arm; the events, too.
armed_anew() {
	modprobe cordon && need_lab kernel ns=gw && need_lab ruleset load ns=gw file="$1" && need_lab events open && account_anew
}

# offload_up PORT...: what is routed between these goes by a flowtable from the second packet of a flow on.
offload_up() {
	local ports
	ports=$(printf '%s, ' "$@")
	in_ns gw nft -f - <<-NFT
		table inet shortcut {
			flowtable ft { hook ingress priority 0; devices = { ${ports%, } }; }
			chain seen {
				type filter hook forward priority 10;
				counter
				meta l4proto { tcp, udp } flow add @ft
			}
		}
	NFT
}

offload_down() { in_ns gw nft delete table inet shortcut; }
forward_seen() { in_ns gw nft list chain inet shortcut seen | sed -n 's/.*counter packets \([0-9]*\).*/\1/p'; }

# offloaded AT FRAME...: the frames arrive, and the forward hook sees none of them.
offloaded() {
	local at=$1 seen
	shift
	lab flood n=5 want=arrive at="$at" "$@" && seen=$(forward_seen) && [ -n "$seen" ] && lab flood n=40 want=arrive at="$at" "$@" &&
		[ "$(forward_seen)" = "$seen" ]
}

# shake FROM TO SPORT DPORT [WORD...]: a TCP connection of the two, by hand, frames of the far end as it sends them.
shake() {
	local from=$1 to=$2 sport=$3 dport=$4 kind=tcp there=() back=() word
	shift 4
	for word in "$@"; do
		case $word in
		six) kind=tcp6 ;;
		back=*) back+=("${word#back=}") ;;
		*) there+=("$word") ;;
		esac
	done
	lab send n=1 $kind from="$from" to="$to" sport="$sport" dport="$dport" flags=S seq=1000 "${there[@]}" &&
		lab send n=1 $kind from="$to" to="$from" sport="$dport" dport="$sport" flags=SA seq=2000 ack=1001 "${back[@]}" &&
		lab send n=1 $kind from="$from" to="$to" sport="$sport" dport="$dport" flags=A seq=1001 ack=2001 "${there[@]}"
}

# What one row made the bridge and the neighbours believe is no other row's concern.
forget_learned() {
	lab bridge flush ns=gw dev=br0
	teach_bridge
}

row_selected() {
	local glob globs
	IFS=, read -ra globs <<< "${ATTACK_ROWS:-*}"
	for glob in "${globs[@]}"; do
		# shellcheck disable=SC2254  # a pattern it is
		case $1 in
		$glob) return 0 ;;
		esac
	done
	return 1
}

rows() {
	local name
	for name in $(compgen -A function row_ | grep '^row_[A-Z]' | sort -V); do
		! row_selected "${name#row_}" || echo "${name#row_}"
	done
}

play() {
	phase=$1
	for row in $(rows); do
		forget_learned
		"row_$row"
	done
}

# Every frame that a managed port received was judged once at ingress; every frame that left was accepted at egress. These set $REPLY.
counter_sum() {
	local files=() port value sum=0
	for port in p1 p2 p3 p4 p5 p6 p7 p8 office wan; do
		files+=("/sys/class/net/$port/statistics/$1")
	done
	while read -r value; do
		sum=$((sum + value))
	done < <(in_ns gw cat "${files[@]}" 2> /dev/null)
	REPLY=$sum
}

# judged_at HOOK [accepted]: all verdicts of a hook, or those that accepted.
judged_at() {
	local word sum
	stat_value "$1/accepted" || return 1
	sum=$REPLY
	if [ "$2" != accepted ]; then
		lab stats || return 1
		for word in ${lab_answer//,/ }; do
			[ "${word%%/*}" != "$1" ] || sum=$((sum + ${word##*+}))
		done
	fi
	REPLY=$sum
}

# accounts: received, judged, left, accepted at egress; read one after the other, so of one moment only when nothing is under way.
accounts() {
	local received judged left
	counter_sum rx_packets
	received=$REPLY
	judged_at ingress || return 1
	judged=$REPLY
	counter_sum tx_packets
	left=$REPLY
	judged_at egress accepted || return 1
	account=("$received" "$judged" "$left" "$REPLY")
}

account_holds() {
	accounts && [ $((account[0] - opened[0])) = $((account[1] - opened[1])) ] && [ $((account[2] - opened[2])) = $((account[3] - opened[3])) ]
}

# A frame between two of the readings would be in one of them alone.
account_open() {
	accounts || return 1
	opened=("${account[@]}")
	accounts && [ "${account[*]}" = "${opened[*]}" ]
}

account_anew() {
	playing control || wait_for 10 account_open
}

account_says() {
	account_holds
	local held=$?
	echo "received $((account[0] - opened[0])), judged $((account[1] - opened[1]));" \
		"left $((account[2] - opened[2])), accepted at egress $((account[3] - opened[3]))"
	return $held
}

row_line() {
	local control="${row_live[$row]:-0}/${row_cells[$row]:-0}" verdict=ok
	[ -z "${row_void[$row]}" ] || control="$control (${row_void[$row]})"
	[ "${row_failed[$row]:-0}" = 0 ] || verdict=FAIL
	echo "# row|$row|$verdict|$control|${row_allowed[$row]:-0}|${row_denied[$row]:-0}|${row_leaks[$row]:-0}|${row_reasons[$row]:--}|${row_titles[$row]}"
}

# bench [POLICY]: plays all rows of the file.
bench() {
	local row
	play control
	# A flow that the attack started before is none that its victim starts now.
	in_ns gw conntrack -F 2> /dev/null
	row_cells=()
	arm "${1:-attack}" || exit 1
	need_lab events open
	wait_for 10 account_open
	play armed
	row=all phase=armed
	wait_for 5 account_holds
	ok_if "accounting: received = judged at ingress, left = accepted at egress" account_says
	for row in $(rows); do
		row_line
	done
}
