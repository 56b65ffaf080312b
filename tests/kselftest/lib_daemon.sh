# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the tests of cordond share: a daemon in netns gw with its own state directory, and words from its JSON.

DAEMON=$(mktemp -d)
SOCKET=$DAEMON/run/cordond.sock
POLICY=$DAEMON/policy.yaml
CORDOND=${CORDOND:-cordond}
daemon_pid=
cp "$(dirname "${BASH_SOURCE[0]}")/policies/house.yaml" "$POLICY"
on_exit rm -rf "$DAEMON"
on_exit daemon_end

# c COMMAND...: cordon against this daemon.
c() {
	local command=$1
	shift
	in_ns gw cordon "$command" "$@" --socket "$SOCKET" --state-dir "$DAEMON/state" $(policy_option "$command")
}

policy_option() {
	case $1 in
	apply | admit | move | forget) echo "--policy $POLICY" ;;
	esac
}

answers() { in_ns gw cordon status --socket "$SOCKET" --json > "$DAEMON/status" 2> /dev/null && grep -q '"daemon"' "$DAEMON/status"; }

daemon_start() {
	rm -f "$SOCKET"
	(exec ip netns exec gw "$CORDOND" --foreground --state-dir "$DAEMON/state" --socket "$SOCKET" "$@") 2>> "$DAEMON/log" &
	daemon_pid=$!
	wait_for 30 test -S "$SOCKET" && answers
}

daemon_stop() {
	kill -TERM "$daemon_pid"
	wait "$daemon_pid"
}

daemon_end() {
	[ -z "$daemon_pid" ] || kill -9 "$daemon_pid" 2> /dev/null
	wait "$daemon_pid" 2> /dev/null
}

core_pid() { pgrep -f -- --role=core | head -1; }
priv_pid() { echo "$daemon_pid"; }
daemon_gone() { ! kill -0 "$daemon_pid" 2> /dev/null && [ -z "$(core_pid)" ]; }

# json_word FILE NAME: the value of the first "NAME": in pretty-printed JSON.
json_word() { sed -n "s/^ *\"$2\": *\"\\{0,1\\}\\([^\",]*\\)\"\\{0,1\\},\\{0,1\\}\$/\\1/p" "$1" | head -1; }
field() { c status --json > "$DAEMON/status" && json_word "$DAEMON/status" "$1"; }
direct() { in_ns gw cordon status --direct --json --state-dir "$DAEMON/state" > "$DAEMON/status" && json_word "$DAEMON/status" "$1"; }

kernel_words() { direct armed > /dev/null && echo "$(json_word "$DAEMON/status" armed) $(json_word "$DAEMON/status" generation) $(json_word "$DAEMON/status" digest)"; }

# present, drift, generations of cordon's tables.
nft_words() {
	direct armed > /dev/null || return 1
	sed -n '/"nft"/,$p' "$DAEMON/status" > "$DAEMON/nft"
	echo "$(json_word "$DAEMON/nft" present) $(json_word "$DAEMON/nft" drift) $(sed -n '/"generations"/,/]/p' "$DAEMON/nft" | grep -o '^ *[0-9]*' | tr -d ' \n')"
}

nft_is() { [ "$(nft_words)" = "$1" ]; }

# Whatever happens in the namespace: a link event reaches the subscriber.
watch_one() {
	local n
	for ((n = 0; n < 100; n++)); do
		ip -n gw link add watched type dummy 2> /dev/null
		ip -n gw link del watched 2> /dev/null
		grep -q '"event"' "$DAEMON/watch" && break
		tick 0.1
	done
	wait "$watcher"
}

# watch_kinds KIND...: all of them happen, and have reached the subscriber.
watch_kinds() {
	local kind
	ip -n gw -batch - <<-'LINKS'
		link add watched type dummy
		link set watched up
		neigh replace 192.0.2.9 lladdr 02:00:00:00:00:99 dev watched nud permanent
	LINKS
	bridge -n gw fdb add 02:00:00:00:00:98 dev watched
	ip -n gw link del watched
	for kind in "$@"; do
		grep -Eq "\"event\": ?\"$kind\"" "$DAEMON/watch" || return 1
	done
}

# reboot_box MODULE-COMMAND...: everything that is not on a disk is gone and made anew, the module by that command.
reboot_box() {
	local ns
	lab reset
	# Seen once on a slow machine: SIGTERM was sent, and lab went on.
	kill -9 "$lab_pid"
	wait "$lab_pid" 2> /dev/null
	for ns in "${namespaces[@]}"; do
		ip netns del "$ns"
	done
	namespaces=()
	wait_for 10 rmmod cordon && "$@" && house_up
}

show_log() { sed 's/^/# /' "$DAEMON/log"; }
