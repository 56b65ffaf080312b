#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 1800
# short: uml
#
# cordond is killed with -9 at every failpoint of an apply, and at CRASH_KILLS random times between request and reply: one of its two processes, by
# chance. After each restart module, nftables and database hold exactly the old or exactly the new policy, and an acknowledged one is never lost.
# CRASH_KILLS is 100; QEMU, which emulates, does 20 of them on the stock kernel and 8 on the debug one, but all in a campaign.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
CORDOND=${CORDOND_TEST:-/usr/libexec/cordon/tests/cordond}
here=$(realpath "$0")
PATH=$PATH:${here%/*}
CLIENT=$(command -v crash_client helper_crash_client | head -1)
need_tool cordon "$CORDOND" "${CLIENT:-crash_client}"
need_module
case ${CORDON_VEHICLE:-uml}:$CORDON_FULL in
uml:* | *:campaign) KILLS=${CRASH_KILLS:-100} ;;
stock:*) KILLS=${CRASH_KILLS:-20} ;;
*) KILLS=${CRASH_KILLS:-8} ;;
esac
LEAST=$((KILLS >= 100 ? 10 : 1))	# of each outcome
RANDOM=${CRASH_SEED:=$((EPOCHSECONDS % 32768))}

# Everything happens in this namespace: entering it for each command costs more than the command.
if [ -z "$CRASH_INSIDE" ]; then
	setup_ns gw
	ip -n gw -batch - <<-'LINKS'
		link add p1 type dummy
		link add office type dummy
		link add wan type dummy
		link add br9 type bridge
		link add p2 type dummy
		link set p2 master br9
		link set p1 up
		link set p2 up
		link set br9 up
		link set office up
		link set wan up
	LINKS
	trap - EXIT
	CRASH_INSIDE=1 CRASH_SEED=$CRASH_SEED ip netns exec gw bash "$0" | grep --line-buffered -v '^TAP version'
	status=${PIPESTATUS[0]}
	tear_down
	exit "$status"
fi
echo "# CRASH_SEED=$CRASH_SEED"

in_ns() {
	shift
	"$@"
}

policy() {
	cat <<-POLICY
		cordon: 1
		gateway:
		  ports: {p1: devices, $2office: {zone: staff}}
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
# The bridge br9 is managed under b alone: under a nftables lets it pass by its name.
policy https "" > "$DAEMON/a.yaml"
policy ping "p2: devices, " > "$DAEMON/b.yaml"

# ---- the daemon and its client; a program start costs more than anything else here: what follows starts none but cordond

coproc CLIENT_IO { exec "$CLIENT" "$DAEMON/reply"; }
exec {to_client}>&"${CLIENT_IO[1]}" {from_client}<&"${CLIENT_IO[0]}"

# arm NAME:kill|error; arm: nothing any more. The running daemon obeys.
arm() { echo "$1" > "$DAEMON/failpoint"; }

start() {
	CORDON_FAILPOINT=$DAEMON/failpoint "$CORDOND" --foreground --state-dir "$DAEMON/state" --socket "$SOCKET" 2>> "$DAEMON/log" &
	daemon_pid=$!
}

# The core is the daemon's only child.
find_core() {
	local line
	for ((core = daemon_pid + 1; core < daemon_pid + 200; core++)); do
		{ read -r line < "/proc/$core/stat"; } 2> /dev/null || continue
		line=${line##*) }
		line=${line#* }
		[ "${line%% *}" != "$daemon_pid" ] || return 0
	done
	return 1
}

kill_both() {
	kill -9 "$core" "$daemon_pid" 2> /dev/null
	wait "$daemon_pid" 2> /dev/null
	return 0
}

# state_of PID: its letter in $state, Z once it ended and nobody asked for its status; fails when there is no such process.
state_of() {
	{ read -r state < "/proc/$1/stat"; } 2> /dev/null || return 1
	state=${state##*) }
	state=${state%% *}
}

ended() { ! state_of "$1" || [ "$state" = Z ]; }
gone() { ended "$daemon_pid" && ended "$core"; }

# both_states: what the two processes do, for a complaint.
both_states() {
	local pid
	for pid in "$daemon_pid" "$core"; do
		state_of "$pid" && echo "$pid is $state in $(cat "/proc/$pid/wchan" "/proc/$pid/syscall" 2> /dev/null | tr '\0\n' '  ')"
	done
}

heard() { read -r -t $((120 * CORDON_SCALE)) -u "$from_client" word; }

# Whether a whole reply came, then in $reply.
replied() {
	reply=
	heard && [ "$word" = reply ] && read -r reply < "$DAEMON/reply"
}

# Leaves the client at the moment at which the request is sent; answered takes the rest.
ask_apply() {
	echo "apply $SOCKET $DAEMON/$1.yaml" >&"$to_client"
	heard
}

# Whether the policy was acknowledged.
answered() { replied && [[ $reply == *'"ok":true'* ]]; }

apply() { ask_apply "$1" && answered; }

# value_of NAME: the value of "NAME": in $status, in $value.
value_of() {
	value=
	[[ $status =~ \"$1\":\"?([^\",}]*) ]] && value=${BASH_REMATCH[1]}
}

# What stands, in $now: a digest; fails when the three places do not agree.
standing() {
	local generation
	now=
	echo "status $SOCKET" >&"$to_client"
	replied || return 1
	status=$reply
	value_of found
	found=$value
	value_of generation
	generation=$value
	value_of recorded
	[ "$value" = "$generation" ] || return 1
	value_of running
	[ "$value" = "$generation" ] || return 1
	[[ $status == *"\"nft\":{\"present\":true,\"generations\":[$generation],\"drift\":false,"* ]] || return 1
	value_of digest
	now=$value
	[ -n "$now" ]
}

# judge NAME NEXT ACKNOWLEDGED: after a restart. Sets $is_new; complains when neither the old nor the new policy stands everywhere.
judge() {
	standing || { trouble="$1: module, nftables and database differ: $reply"; return 1; }
	is_new=0
	if [ "$now" = "${digest[$2]}" ]; then
		is_new=1
	elif [ "$now" != "${digest[$current]}" ]; then
		trouble="$1: neither old nor new: $now"
		return 1
	fi
	if [ "$3" = yes ] && [ $is_new = 0 ]; then
		trouble="$1: an acknowledged policy is lost"
		return 1
	fi
	[ $is_new = 0 ] || current=$2
}

# Whether both tables let pass exactly what the policy that stands does not manage.
open_as() {
	local family
	for family in inet bridge; do
		if nft list set $family cordon unmanaged | grep -q '"br9"'; then
			[ "$1" = a ] || return 1
		else
			[ "$1" = b ] || return 1
		fi
	done
}

other() { [ "$1" = a ] && next=b || next=a; }

declare -A digest
arm
start
arm before-active:error
not_ok_if "a first policy that cannot be recorded is no success" apply a
arm
ok_if "the reply says that it is in force" eval '[[ $reply == *"is in force, but the state database does not record it"* ]]'
nft flush ruleset
looked_after() { nft list table inet cordon && nft list table bridge cordon; }
ok_if "and it is looked after" wait_for 30 looked_after
find_core
kill_both
start
ok_if "the next start records it" wait_for 15 standing
ok_if "the first policy" apply a
ok_if "stands in module, nftables and database" standing
digest[a]=$now
ok_if "the second policy" apply b
ok_if "stands as well" standing
digest[b]=$now
is "they differ" "$([ "${digest[a]}" != "${digest[b]}" ] && echo yes)" yes
current=b
old=0 new=0

# ---- every failpoint that the program knows

mapfile -t points < <("$CORDOND" --list-failpoints)
case_begin "there are failpoints before and after each step"
missing=
for ((n = 0; n < ${#points[@]}; n += 2)); do
	[[ ${points[n]} == before-* && ${points[n + 1]} == "after-${points[n]#before-}" ]] || missing+=" ${points[n]}"
done
if [ "${#points[@]}" -ge 32 ] && [ -z "$missing" ]; then pass; else fail "${#points[@]} points, unpaired:$missing"; fi

t=$(now_ms)
for point in "${points[@]}"; do
	case_begin "killed at $point"
	other $current
	trouble='' acknowledged=no
	find_core || trouble="the daemon does not run"
	arm "$point:kill"
	apply "$next" && acknowledged=yes
	wait_for 30 gone || trouble="the failpoint did not kill"
	arm
	kill_both
	start
	[ -n "$trouble" ] || judge "$point" "$next" $acknowledged
	[ -n "$trouble" ] || open_as $current || trouble="$point: nftables opens another policy's devices"
	if [ -n "$trouble" ]; then
		fail "$trouble"
	else
		old=$((old + 1 - is_new)) new=$((new + is_new))
		pass
	fi
done

case_begin "killed once more while a restart completes the apply"
other $current
trouble=''
find_core || trouble="the daemon does not run"
arm after-commit:kill
apply "$next"
wait_for 30 gone || trouble="the failpoint did not kill"
arm before-seal:kill
kill_both
start
core=$daemon_pid	# whether or not it came to have one
wait_for 60 gone || trouble="the restart had nothing to complete"
arm
kill_both
start
[ -n "$trouble" ] || judge "the second restart" "$next" no
[ -n "$trouble" ] || [ $is_new = 1 ] || trouble="what was committed is not in force"
if [ -z "$trouble" ]; then pass; else fail "$trouble"; fi
echo "# failpoints: $old times old, $new times new, $(($(now_ms) - t)) ms"

# ---- errors instead of kills: refused and nothing changed, or taken whole

stands() { standing && [ "$now" = "$1" ]; }

t=$(now_ms)
for point in "${points[@]}"; do
	case_begin "an error at $point"
	other $current
	before=$current said=
	arm "$point:error"
	apply "$next" && current=$next
	said=$reply
	arm
	if wait_for 15 stands "${digest[$current]}" && wait_for 5 open_as $current; then
		pass
	else
		fail "was $before, asked for $next, should be $current: $said ${reply}"
	fi
done
echo "# errors: $(($(now_ms) - t)) ms"

# ---- random times: each of the apply's fifths in turn, a random moment of it

t=${EPOCHREALTIME/./}
for ((n = 0; n < 8; n++)); do
	other $current
	apply $next && current=$next
done
usual=$(((${EPOCHREALTIME/./} - t) / 8))
echo "# from request to reply $usual us"

t=$(now_ms)
old=0 new=0 counted=0 trouble=
for ((n = 0; n < KILLS * 3 && counted < KILLS; n++)); do
	other $current
	find_core || { trouble="run $n: the daemon does not start"; break; }
	victim=$core acknowledged=no
	((RANDOM % 2)) || victim=$daemon_pid
	delay=$((usual * (n % 5 * 1000 + RANDOM % 1000) / 5000))
	printf -v delay '%d.%06d' $((delay / 1000000)) $((delay % 1000000))
	ask_apply "$next"
	tick "$delay"
	kill -9 "$victim"
	answered && acknowledged=yes
	wait_for 30 gone || trouble="run $n: killing $victim does not end both: $(both_states)"
	kill_both
	[ -z "$trouble" ] || break
	start
	judge "run $n" "$next" $acknowledged || break
	# The journal's last word before the kill: the request was there, and no reply yet.
	case $acknowledged-$found in
	no-receive | no-intent | no-active)
		counted=$((counted + 1))
		old=$((old + 1 - is_new)) new=$((new + is_new))
		;;
	esac
	# The machine's pace changes, and the aim with it.
	if [ $acknowledged = yes ]; then
		usual=$((usual * 9 / 10))
	elif ((n % 5 == 4 && !is_new)); then
		usual=$((usual * 11 / 10))
	fi
done
echo "# random times: $n kills, $counted between request and reply: $old times old, $new times new, $(($(now_ms) - t)) ms"
case_begin "every restart finds exactly the old or the new policy"
if [ -z "$trouble" ]; then pass; else fail "$trouble"; fi
is "enough kills fell between request and reply" "$counted" "$KILLS"
case_begin "the old policy stood often enough"
if [ "$old" -ge $LEAST ]; then pass; else fail "$old times, $LEAST are wanted"; fi
case_begin "the new policy stood often enough"
if [ "$new" -ge $LEAST ]; then pass; else fail "$new times, $LEAST are wanted"; fi

ok_if "the audit log is whole" eval "! cordon doctor --socket '$SOCKET' --state-dir '$DAEMON/state' | grep -q audit-log"
[ "$case_failed" = 0 ] || tail -40 "$DAEMON/log" | sed 's/^/# /'
find_core
kill_both

cordon disarm --console --socket "$SOCKET" --state-dir "$DAEMON/state" > /dev/null 2>&1
exec {to_client}>&- {from_client}<&-
