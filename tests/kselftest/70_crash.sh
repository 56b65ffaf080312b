#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# form: long
# timeout: 900
#
# cordond is killed with -9 at every failpoint of an apply, and at CRASH_KILLS (100; 30 under QEMU) random times between request and reply. After each restart module,
# nftables and database hold exactly the old or exactly the new policy, and an acknowledged one is never lost.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
CORDOND=${CORDOND_TEST:-/usr/libexec/cordon/tests/cordond}
need_tool cordon "$CORDOND"
need_module
case ${CORDON_VEHICLE:-uml} in
uml) KILLS=${CRASH_KILLS:-100} ;;
*) KILLS=${CRASH_KILLS:-30} ;;	# emulation is slow: the hundred run where it is not
esac
RANDOM=${CRASH_SEED:=$((EPOCHSECONDS % 32768))}
echo "# CRASH_SEED=$CRASH_SEED"

# Everything happens in this namespace: entering it for each command costs more than the command.
if [ -z "$CRASH_INSIDE" ]; then
	setup_ns gw
	ip -n gw -batch - <<-'LINKS'
		link add p1 type dummy
		link add office type dummy
		link add wan type dummy
		link set p1 up
		link set office up
		link set wan up
	LINKS
	trap - EXIT
	CRASH_INSIDE=1 CRASH_SEED=$CRASH_SEED ip netns exec gw bash "$0" | grep --line-buffered -v '^TAP version'
	status=${PIPESTATUS[0]}
	tear_down
	exit "$status"
fi

in_ns() {
	shift
	"$@"
}

policy() {
	cat <<-POLICY
		cordon: 1
		gateway:
		  ports: {p1: devices, office: {zone: staff}}
		  uplinks: [wan]
		  management: {from: staff, allow: [ssh]}
		zones: {staff: {subnets: [10.30.0.0/24]}, cams: {subnets: [10.10.1.0/24]}}
		devices:
		  cam1: {mac: "02:00:00:00:00:01", port: p1, zone: cams, addresses: [10.10.1.1]}
		flows:
		  - {from: staff, to: cams, allow: [$1]}
		  - {from: gateway, to: wan, allow: [dns]}
	POLICY
}
policy https > "$DAEMON/a.yaml"
policy ping > "$DAEMON/b.yaml"

# Commands cost more than anything else here: what follows starts none but cordond, pgrep and cordon.
start() {
	rm -f "$SOCKET"
	CORDON_FAILPOINT=$1 "$CORDOND" --foreground --state-dir "$DAEMON/state" --socket "$SOCKET" 2>> "$DAEMON/log" &
	daemon_pid=$!
	core=
	wait_for 60 test -S "$SOCKET" && core=$(pgrep -P "$daemon_pid")
}

gone() { ! kill -0 "$daemon_pid" && ! kill -0 "$core"; }

kill_both() {
	kill -9 "$core" "$daemon_pid" 2> /dev/null
	wait "$daemon_pid" 2> /dev/null
	return 0
}

apply() { cordon apply "$DAEMON/$1.yaml" --socket "$SOCKET" > "$DAEMON/applied" 2>&1; }

# value_of NAME: the value of "NAME": in $status, in $value.
value_of() {
	value=
	[[ $status =~ \"$1\":\ ?\"?([^\",]*) ]] && value=${BASH_REMATCH[1]}
}

# What stands after a start, in $now: a digest; fails when its three places do not agree.
standing() {
	local generation flat
	now=
	cordon status --socket "$SOCKET" --json > "$DAEMON/status" || return 1
	status=$(< "$DAEMON/status")
	value_of found
	found=$value
	value_of generation
	generation=$value
	value_of recorded
	[ "$value" = "$generation" ] || return 1
	value_of running
	[ "$value" = "$generation" ] || return 1
	flat=${status//[[:space:]]/}
	[[ $flat == *"\"nft\":{\"present\":true,\"generations\":[$generation],\"drift\":false,"* ]] || return 1
	value_of digest
	now=$value
	[ -n "$now" ]
}

# judge NAME NEXT ACKNOWLEDGED: after a restart. Sets $is_new; complains when neither the old nor the new policy stands everywhere.
judge() {
	standing || { trouble="$1: module, nftables and database differ: ${status//[[:space:]]/}"; return 1; }
	is_new=0
	if [ "$now" = "${digest[$2]}" ]; then
		is_new=1
	elif [ "$now" != "${digest[$current]}" ]; then
		trouble="$1: neither old nor new: $now"
		return 1
	fi
	if [ "$3" = 0 ] && [ $is_new = 0 ]; then
		trouble="$1: an acknowledged policy is lost"
		return 1
	fi
	[ $is_new = 0 ] || current=$2
}

other() { [ "$1" = a ] && echo b || echo a; }

declare -A digest
start
ok_if "the first policy" apply a
standing
digest[a]=$now
ok_if "the second policy" apply b
standing
digest[b]=$now
is "they differ" "$([ "${digest[a]}" != "${digest[b]}" ] && echo yes)" yes
current=b
old=0 new=0

# ---- every failpoint

mapfile -t points < <("$CORDOND" --list-failpoints)
is "there are failpoints before and after each step" "${#points[@]}" 26
kill_both
for point in "${points[@]}"; do
	case_begin "killed at $point"
	next=$(other $current)
	trouble=
	start "$point:kill" || trouble="the daemon does not start"
	apply "$next"
	acknowledged=$?
	wait_for 30 gone || trouble="the failpoint did not kill"
	kill_both
	start || trouble="the daemon does not start again"
	[ -n "$trouble" ] || judge "$point" "$next" $acknowledged
	kill_both
	if [ -n "$trouble" ]; then
		fail "$trouble"
	else
		old=$((old + 1 - is_new)) new=$((new + is_new))
		pass
	fi
done
echo "# failpoints: $old times old, $new times new"

# ---- errors instead of kills: refused and nothing changed, or taken whole

stands() { standing && [ "$now" = "$1" ]; }

for point in "${points[@]}"; do
	case_begin "an error at $point"
	next=$(other $current)
	start "$point:error"
	before=$current
	apply "$next" && current=$next
	if wait_for 15 stands "${digest[$current]}"; then
		pass
	else
		fail "was $before, asked for $next, should be $current: $(cat "$DAEMON/applied") ${status//[[:space:]]/}"
	fi
	kill_both
done

# ---- random times

start
t=$(now_ms)
for ((n = 0; n < 4; n++)); do
	current=$(other $current)
	apply $current || echo "# apply: $(cat "$DAEMON/applied")"
done
usual=$((($(now_ms) - t) * 1000 / 4))
t=$(now_ms)
for ((n = 0; n < 4; n++)); do
	cordon check "$DAEMON/a.yaml" > /dev/null 2>&1
done
early=$((($(now_ms) - t) * 200))	# before the request: the client's own check, less a fifth
echo "# an apply takes $usual us, its first $early us before the request"

old=0 new=0 counted=0 trouble=
for ((n = 0; n < KILLS * 4 && counted < KILLS; n++)); do
	next=$(other $current)
	delay=$((early + (usual - early) * (RANDOM % 1000) / 950))
	cordon apply "$DAEMON/$next.yaml" --socket "$SOCKET" > "$DAEMON/applied" 2>&1 &
	client=$!
	tick "$(printf '%d.%06d' $((delay / 1000000)) $((delay % 1000000)))"
	if ((RANDOM % 2)); then kill -9 "$core"; else kill -9 "$daemon_pid"; fi
	wait "$client"
	acknowledged=$?
	wait_for 30 gone
	kill_both
	start || trouble="run $n: the daemon does not start again"
	[ -z "$trouble" ] || break
	judge "run $n" "$next" $acknowledged || break
	case $found in
	receive | intent | active)
		counted=$((counted + 1))
		old=$((old + 1 - is_new)) new=$((new + is_new))
		;;
	esac
done
echo "# random times: $n kills, $counted between request and reply: $old times old, $new times new"
case_begin "every restart finds exactly the old or the new policy"
if [ -z "$trouble" ]; then pass; else fail "$trouble"; fi
is "enough kills fell between request and reply" "$counted" "$KILLS"
case_begin "both outcomes occurred"
if [ "$old" -ge $((KILLS / 10)) ] && [ "$new" -ge $((KILLS / 10)) ]; then pass; else fail "$old old, $new new"; fi

ok_if "the audit log is whole" eval "! cordon doctor --socket '$SOCKET' --state-dir '$DAEMON/state' | grep -q audit-log"
[ "$case_failed" = 0 ] || tail -40 "$DAEMON/log" | sed 's/^/# /'
cordon disarm --console --socket "$SOCKET" > /dev/null 2>&1
kill_both
