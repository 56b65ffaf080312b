# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the shell tests share: cases, waiting, namespaces, topology T.
#
#   . "$(dirname "$0")/lib.sh"
#   plan 3                          # or nothing: the plan is printed at the end
#   case_begin "ping from A to B"   # names the case the next verdict is about
#   pass | fail "why" | skip "why"
#   ok_if "name" CMD ARGS...        # one case: CMD succeeds
#   not_ok_if "name" CMD ARGS...    # one case: CMD fails
#   is "name" "$got" "$want"        # one case: two strings are equal
#   wait_for SECONDS CMD ARGS...    # polls CMD until it succeeds or time is up
#   finish                          # plan and exit status; the trap calls it too

CORDON_SCALE=${CORDON_SCALE:-1}
case $CORDON_VARIANT in
accept | deny | defect) wait_share=4 ;;
*) wait_share=1 ;;
esac
KSFT_SKIP=4
case_name=
case_number=0
case_failed=0
case_planned=
namespaces=()
cleanups=()

echo "TAP version 13"

plan() {
	case_planned=$1
	echo "1..$1"
}

verdict() {
	local name=$case_name
	case_number=$((case_number + 1))
	echo "$1 $case_number - ${case_name:-unnamed}${2:+ # $2}"
	case_name=
	# With a seeded defect (tests/defects) one failing case is all that is asked for.
	[ "$1" = ok ] || [ -z "$CORDON_STOP" ] || [[ $name != *"$CORDON_STOP"* ]] || exit 1
}

case_begin() { case_name=$1; }
pass() { verdict ok; }
skip() { verdict ok "SKIP ${1:-no reason}"; }

fail() {
	case_failed=$((case_failed + 1))
	[ -z "$1" ] || echo "# ${case_name:-unnamed}: $1"
	verdict "not ok"
}

# The whole test cannot run here.
skip_all() {
	echo "1..0 # SKIP $1"
	trap - EXIT
	tear_down
	exit $KSFT_SKIP
}

# The command runs in this shell, so what it sets stays; its output becomes
# comments when the case fails.
case_output=${TMPDIR:-/tmp}/case.$$

run_quietly() { "$@" > "$case_output" 2>&1; }

show_output() {
	local line
	while IFS= read -r line; do
		echo "# $line"
	done < "$case_output"
}

ok_if() {
	case_begin "$1"
	shift
	if run_quietly "$@"; then
		pass
	else
		show_output
		fail "failed: $*"
	fi
}

not_ok_if() {
	case_begin "$1"
	shift
	if run_quietly "$@"; then
		show_output
		fail "should have failed: $*"
	else
		pass
	fi
}

is() {
	case_begin "$1"
	if [ "$2" = "$3" ]; then
		pass
	else
		fail "got '$2', want '$3'"
	fi
}

now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

# A pause that starts no process: reads from a pipe nobody writes to.
exec {idle_fd}<> <(:)
# shellcheck disable=SC2120
tick() { read -r -t "${1:-0.02}" -u "$idle_fd" _ || :; }

# wait_for SECONDS CMD...: polls; the time limit grows with a slow machine, and is short in a control build, where cases fail.
wait_for() {
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000 * CORDON_SCALE / wait_share))
	shift
	while ! "$@" > /dev/null 2>&1; do
		((${EPOCHREALTIME/./} < end)) || return 1
		tick
	done
}

# on_exit CMD...: run at the end, last one first.
on_exit() { cleanups=("$(printf '%q ' "$@")" "${cleanups[@]}"); }

tear_down() {
	local it
	for it in "${cleanups[@]}"; do
		eval "$it" > /dev/null 2>&1
	done
	for it in "${namespaces[@]}"; do
		ip netns pids "$it" 2> /dev/null | xargs -r kill -9 2> /dev/null
		ip netns del "$it" 2> /dev/null
	done
	namespaces=()
	cleanups=()
	rm -f "$case_output"
}

finish() {
	local status=$?
	trap - EXIT
	tear_down
	[ -n "$case_planned" ] || echo "1..$case_number"
	[ "$case_failed" -eq 0 ] || exit 1
	[ "$status" -eq 0 ] || echo "# ended with status $status"
	exit "$status"
}
trap finish EXIT

# ---- namespaces

# setup_ns NAME...: network namespaces with lo up; removed at the end.
setup_ns() {
	local ns
	for ns in "$@"; do
		ip netns add "$ns" || return 1
		namespaces+=("$ns")
		ip -n "$ns" link set lo up
	done
}

in_ns() {
	local ns=$1
	shift
	ip netns exec "$ns" "$@"
}

# link_ns NS_A DEV_A NS_B DEV_B: a veth pair, both ends up.
link_ns() {
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3" || return 1
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

# A MAC that says who it is: device N of topology T.
mac_of() { printf '02:00:00:00:00:%02x' "$1"; }

need_module() {
	[ ! -e /sys/module/cordon ] || return 0
	modprobe cordon 2> /dev/null || skip_all "cordon.ko does not load"
}

need_tool() {
	local tool
	for tool in "$@"; do
		command -v "$tool" > /dev/null || skip_all "no $tool here"
	done
}

# ---- topology T
#
#   d1..d8 --veth-- p1..p8 [br0, VLAN-aware]        netns gw
#   office host  --veth-- office                    10.0.90.0/24
#   wan host     --veth-- wan   (the uplink)        203.0.113.0/24
#   mgmt host    --veth-- mgmt  (not managed)       192.0.2.0/24
#
# Device N sits in VLAN T_VLAN[N] (untagged on its port) with address
# 10.0.<vlan>.N and fd00:<vlan>::N; the gateway is .254 and ::fe on br0.<vlan>.

declare -A T_VLAN=([1]=10 [2]=10 [3]=20 [4]=20 [5]=30 [6]=30 [7]=40 [8]=40)
T_DEVICES=${T_DEVICES:-8}

t_ip4() { echo "10.0.${T_VLAN[$1]}.$1"; }
t_ip6() { echo "fd00:${T_VLAN[$1]}::$1"; }
t_gw4() { echo "10.0.$1.254"; }
t_gw6() { echo "fd00:$1::fe"; }
t_vlans() { printf '%s\n' "${T_VLAN[@]}" | sort -un; }

t_ll6() { printf 'fe80::ff:fe00:%x' "$1"; }

t_sysctl() {
	local ns=$1
	shift
	in_ns "$ns" sysctl -qw "$@"
}

# One process a namespace: under User-Mode Linux a process costs a lot.
t_names() {
	local n
	for ((n = 1; n <= T_DEVICES; n++)); do
		echo "d$n"
	done
	printf '%s\n' gw office wan mgmt
}

t_gateway_links() {
	local vlan n
	echo "link add br0 address 02:00:00:00:ff:01 type bridge vlan_filtering 1" \
		"vlan_default_pvid 0 mcast_snooping 0 forward_delay 0 stp_state 0"
	echo "link set br0 up"
	for vlan in $(t_vlans); do
		echo "link add link br0 name br0.$vlan type vlan id $vlan"
		echo "addr add $(t_gw4 "$vlan")/24 dev br0.$vlan"
		echo "addr add $(t_gw6 "$vlan")/64 dev br0.$vlan nodad"
		echo "link set br0.$vlan up"
	done
	for ((n = 1; n <= T_DEVICES; n++)); do
		echo "link add p$n type veth peer name eth0 address $(mac_of "$n") netns d$n"
		echo "link set p$n master br0 up"
	done
}

t_gateway_vlans() {
	local vlan n
	for vlan in $(t_vlans); do
		echo "vlan add dev br0 vid $vlan self"
	done
	for ((n = 1; n <= T_DEVICES; n++)); do
		echo "vlan add dev p$n vid ${T_VLAN[$n]} pvid untagged"
	done
}

# t_segment_links NAME SUFFIX NET4 NET6: a routed port, one host behind it.
t_segment_links() {
	echo "link add $1 address 02:00:00:00:fe:$2 type veth" \
		"peer name eth0 address 02:00:00:00:fd:$2 netns $1"
	echo "addr add $3.254/24 dev $1"
	echo "addr add $4::fe/64 dev $1 nodad"
	echo "link set $1 up"
}

# t_host NS IP4 IP6 GW4 GW6 LINKLOCAL
t_host() {
	local ns=$1
	shift
	t_host_lines "$@" | ip -n "$ns" -batch -
}

t_host_lines() {
	echo "link set lo up"
	echo "link set eth0 addrgenmode none"
	echo "link set eth0 up"
	echo "addr add $1/24 dev eth0"
	echo "addr add $2/64 dev eth0 nodad"
	echo "addr add $5/64 dev eth0 nodad"
	echo "route add default via $3"
	echo "route add default via $4"
}

topology_up() {
	local n vlan
	mapfile -t -O "${#namespaces[@]}" namespaces < <(t_names)
	t_names | sed 's/^/netns add /' | ip -batch - || return 1
	{
		echo "link set lo up"
		t_gateway_links
		t_segment_links office 01 10.0.90 fd00:90
		t_segment_links wan 02 203.0.113 2001:db8:113
		t_segment_links mgmt 03 192.0.2 2001:db8:2
	} | ip -n gw -batch - || return 1
	t_gateway_vlans | bridge -n gw -batch - || return 1
	t_sysctl gw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	for ((n = 1; n <= T_DEVICES; n++)); do
		vlan=${T_VLAN[$n]}
		t_host "d$n" "$(t_ip4 "$n")" "$(t_ip6 "$n")" "$(t_gw4 "$vlan")" \
			"$(t_gw6 "$vlan")" "$(t_ll6 "$n")" || return 1
	done
	t_host office 10.0.90.1 fd00:90::1 10.0.90.254 fd00:90::fe fe80::fd01 || return 1
	t_host wan 203.0.113.1 2001:db8:113::1 203.0.113.254 2001:db8:113::fe fe80::fd02 || return 1
	t_host mgmt 192.0.2.1 2001:db8:2::1 192.0.2.254 2001:db8:2::fe fe80::fd03 || return 1
	wait_for 5 topology_ready
}

topology_ready() {
	[ "$(ip -n gw -o link show up | grep -c 'state UP')" -ge $((T_DEVICES + 4)) ]
}
