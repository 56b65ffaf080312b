#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# modules: wire
#
# Against a module of another wire version nothing is done: each program says which two versions meet, and leaves kernel, nftables
# and state as they are.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
need_module
house_up || exit 1

# What a program might have changed. The module's answer as bytes on the wire: our programs do not go on to read it.
world() {
	in_ns gw nft list ruleset
	lab kernel ns=gw && lab info && echo "$lab_answer"
	(cd "$DAEMON/state" && sha256sum state.db)
	in_ns gw cat /proc/sys/net/ipv4/ip_forward
}

# refuses NAME STATUS COMMAND...: it ends so, names both versions, and the world is as before.
refuses() {
	local name=$1 want=$2 status
	shift 2
	case_begin "$name"
	world > "$DAEMON/before"
	timeout $((30 * CORDON_SCALE)) "$@" > "$DAEMON/out" 2>&1
	status=$?
	world > "$DAEMON/after"
	if [ $status != "$want" ]; then
		fail "exit $status: $(head -3 "$DAEMON/out" | tr '\n' ' ')"
	elif ! grep -q "speaks wire version $((VERSION + 1)), this program speaks $VERSION: " "$DAEMON/out"; then
		fail "$(head -3 "$DAEMON/out" | tr '\n' ' ')"
	elif ! cmp -s "$DAEMON/before" "$DAEMON/after"; then
		fail "$(diff "$DAEMON/before" "$DAEMON/after" | head -5 | tr '\n' ' ')"
	else
		pass
	fi
}
WHERE="--socket $SOCKET --state-dir $DAEMON/state"

ok_if "control: the daemon starts" daemon_start
ok_if "control: apply" c apply
ok_if "control: quarantine" c quarantine cam1
ok_if "control: the daemon stops" daemon_stop
VERSION=$(cordon version | sed -n 's/.*wire version \([0-9]*\).*/\1/p')
ok_if "after a reboot another module is there" reboot_box insmod /tests/wire/cordon.ko

refuses "cordond" 1 ip netns exec gw cordond --foreground $WHERE
not_ok_if "it left no socket" test -S "$SOCKET"
refuses "load of the last policy" 1 ip netns exec gw cordon load $WHERE
refuses "load of a file" 1 ip netns exec gw cordon load "$POLICY" $WHERE

ok_if "control: with the right module" reboot_box modprobe cordon
ok_if "the daemon starts" daemon_start
is "and restores the policy" "$(field armed)" true
is "with the quarantine" "$(c status | head -1 | cut -d' ' -f1,3)" "QUARANTINED cam1"
ok_if "the daemon stops" daemon_stop
show_log
