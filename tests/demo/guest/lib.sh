# SPDX-License-Identifier: GPL-2.0-or-later
# What every part of the demo uses: names, namespaces, waiting, verdicts.
# shellcheck shell=bash disable=SC2034

RUN=/run/demo
DEMO=/demo
mkdir -p "$RUN"
exec 9<> <(:)			# nothing ever arrives here: read -t waits

say() { printf '# %s\n' "$*"; }
pause() { read -r -t "$1" -u 9 _ || :; }

checks=0
# check NAME COMMAND...: one line of the verdict
check() {
	local name=$1
	shift
	checks=$((checks + 1))
	if "$@"; then
		echo "ok $checks - $name"
	else
		echo "not ok $checks - $name"
	fi
}

# How much slower this machine is than an idle one of two cores.
SLOW=$(((${CORDON_SCALE:-1} + 3) / 4))

# until_ok SECONDS COMMAND...: polls
until_ok() {
	local end=$((SECONDS + $1 * SLOW))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		pause 0.1
	done
}

die() {
	local log
	say "fatal: $*"
	for log in "$RUN"/gateway.*.log "$RUN"/apply.log; do
		[ ! -s "$log" ] || tail -n 12 "$log" | sed "s|^|# ${log##*/}: |"
	done
	[ "$MODE" = control ] || cordon stats 2>&1 | sed 's/^/# stats: /'
	[ "$MODE" = control ] || nft list ruleset 2>&1 | grep 'packets [1-9]' | sed 's/^/# nft: /'
	echo "not ok $((checks + 1)) - $*"
	exit 1
}

# ---- endpoints: NAME DEVICE PORT VLAN MAC IPV4 IPV6 ZONE

declare -A DEVICE PORT VLAN MAC IP4 IP6 IFACE
NAMES=()
load_endpoints() {
	local name device port vlan mac ip4 ip6 _
	while read -r name device port vlan mac ip4 ip6 _; do
		case $name in ''|'#'*) continue ;; esac
		NAMES+=("$name")
		DEVICE[$name]=$device PORT[$name]=$port VLAN[$name]=$vlan
		MAC[$name]=$mac IP4[$name]=$ip4 IP6[$name]=$ip6
		IFACE[$name]=eth0
	done < "$DEMO/endpoints"
}

# Everything but the box itself and the internet.
is_inside() { case $1 in gateway|inet) return 1 ;; esac; }

# at NAME COMMAND...: runs it where that endpoint lives
at() {
	local -a enter
	way_to "$1"
	shift
	"${enter[@]}" "$@"
}

# way_to NAME: in $enter, the words that lead there
way_to() {
	enter=()
	[ "$1" = gateway ] || enter=(ip netns exec "$1")
}

# background NAME LABEL COMMAND...: a daemon of an endpoint, its output kept. The
# pid is the daemon's own, so signals reach it: no function may stand in between.
background() {
	local name=$1 label=$2
	local -a enter
	shift 2
	way_to "$name"
	"${enter[@]}" "$@" </dev/null >"$RUN/$name.$label.log" 2>&1 &
	echo $! > "$RUN/$name.$label.pid"
}

ask() {
	local name=$1
	shift
	prober ask "$RUN/$name.sock" "$@"
}

start_prober() {
	background "$1" prober prober serve "$RUN/$1.sock"
}
