#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 180
#
# cordond and cordon: apply, refuse, read, quarantine, edit, repair, restart, load, disarm.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
need_module
house_up
not_running() { ! kill -0 "$1" && [ -z "$(core_pid)" ]; }

# The three groups are there, as an installation makes them; the daemon looks them up when it starts.
gid_of() { grep "^cordon-$1:" /etc/group | cut -d: -f3; }
# as ROLE COMMAND...: cordon as an ordinary user with this supplementary group; nobody: with another.
as() {
	local gid=1004
	[ "$1" = nobody ] || gid=$(gid_of "$1")
	in_ns gw setpriv --reuid 1004 --regid 1004 --groups "$gid" cordon "${@:2}" --socket "$SOCKET" > "$DAEMON/out" 2>&1
}
# may NAME ROLE COMMAND...
may() { ok_if "$1" as "${@:2}"; }
# may_not NAME SENTENCE ROLE COMMAND...: the daemon's own refusal, not that of the file system.
may_not() {
	case_begin "$1"
	as "${@:3}"
	local status=$?
	if [ $status = 3 ] && grep -q "$2" "$DAEMON/out"; then pass; else fail "exit $status: $(head -1 "$DAEMON/out")"; fi
}
chmod 755 "$DAEMON"

NOTIFIED=$(command -v notified helper_notified | head -1)
"$NOTIFIED" "$DAEMON/notify" > "$DAEMON/heard" &
on_exit kill $!
wait_for 5 test -S "$DAEMON/notify"
export NOTIFY_SOCKET=$DAEMON/notify
ok_if "the daemon starts" daemon_start
ok_if "the service manager hears that it is ready" wait_for 5 grep -qx READY=1 "$DAEMON/heard"
unset NOTIFY_SOCKET
is "nothing is enforced yet" "$(field armed)" false
ok_if "check accepts the policy" cordon check "$POLICY"
ok_if "apply" c apply
is "the module is armed" "$(field armed)" true
is "with generation 1" "$(field generation)" 1
is "nftables hold it too" "$(nft_words)" "true false 1"

case_begin "a bad policy is refused with 2 and changes nothing"
sed 's/to: video,/to: nowhere,/' "$POLICY" > "$DAEMON/bad.yaml"
before=$(kernel_words)
c apply "$DAEMON/bad.yaml" > "$DAEMON/out" 2>&1
status=$?
if [ $status = 2 ] && grep -q 'bad.yaml:[0-9]*:[0-9]*: error: ' "$DAEMON/out" && [ "$before" = "$(kernel_words)" ]; then
	pass
else
	fail "exit $status, $(head -1 "$DAEMON/out")"
fi

ok_if "apply again" c apply
is "a new generation of the other parity" "$(field generation)" 2
is "one generation in nftables" "$(nft_words)" "true false 2"

is "devices are listed by name" "$(c devices | grep -c '^cam1 ')" 1
ok_if "one device by its address" c device 10.10.1.1
ok_if "stats" c stats
is "services" "$(c services | grep -c '^modbus')" 1
is "zones are a matrix" "$(c zones | grep -c ' cams ')" 1
is "explain says yes" "$(c explain cam1 video2 tcp/443 --json | grep -c '"allowed": true')" 1
is "explain says no" "$(c explain video2 cam1 tcp/443 --json | grep -c '"allowed": false')" 1
ok_if "explain names the line" eval "c explain cam1 video2 tcp/443 | grep -q 'policy.yaml:[0-9]*:'"

may "a viewer may look" viewer status
may_not "but not at the audit log" "role viewer may not audit" viewer log
may_not "nor quarantine" "role viewer may not quarantine" viewer quarantine cam1
may "an operator may look at the audit log" operator log
may_not "but not quarantine" "role operator may not quarantine" operator quarantine cam1
may "an admin may quarantine" admin quarantine cam1
may "and release" admin release cam1

ok_if "quarantine" c quarantine cam1
is "status lists it first" "$(c status | head -1 | cut -d' ' -f1,3)" "QUARANTINED cam1"
ok_if "apply with a quarantine" c apply
is "it outlives an apply" "$(c status | head -1 | cut -d' ' -f1,3)" "QUARANTINED cam1"
ok_if "the daemon stops" daemon_stop
ok_if "the service manager hears that too" grep -qx STOPPING=1 "$DAEMON/heard"
# A boot: a namespace in which nothing was loaded, and the same state.
setup_ns boot
loaded() { ip netns exec boot cordon "$@" --state-dir "$DAEMON/state"; }
ok_if "a boot loads the last policy" loaded load
is "the quarantine is there before the daemon" "$(loaded status --direct | head -1 | cut -d' ' -f1,3)" "QUARANTINED cam1"
ok_if "and the ruleset" eval "loaded status --direct --json | grep -q '\"armed\": true'"
ok_if "the daemon starts again" daemon_start
is "it outlives a restart" "$(c status | head -1 | cut -d' ' -f1,3)" "QUARANTINED cam1"
ok_if "release" c release cam1
is "no quarantine is left" "$(c status | head -1)" "quarantines  none"
not_ok_if "what is not quarantined cannot be released" c release cam1

ok_if "admit" c admit 02:00:00:00:00:77 --zone cams --name new1 --port p3
ok_if "the new device is there" c device new1
ok_if "move" c move new1 video
is "it is in its new zone" "$(c device new1 | sed -n 's/^zone *//p')" video
ok_if "forget" c forget new1
not_ok_if "the device is gone" c device new1
not_ok_if "a hand-written device is not rewritten" c forget cam1

generation=$(field generation)
in_ns gw nft flush ruleset
ok_if "a flush is repaired" wait_for 15 nft_is "true false $generation"
in_ns gw nft add rule inet cordon forward accept 2> /dev/null || in_ns gw nft add chain inet cordon strange
ok_if "a drift is repaired" wait_for 15 nft_is "true false $generation"

in_ns gw cordon watch --socket "$SOCKET" --count 1 --json > "$DAEMON/watch" &
watcher=$!
ok_if "watch sees events" watch_one
in_ns gw cordon watch --socket "$SOCKET" --json > "$DAEMON/watch" &
watcher=$!
ok_if "of links, neighbours and the bridge's forwarding database" wait_for 10 watch_kinds link neighbour fdb
kill $watcher

may_not "a user in no group is turned away" "in none of the groups" nobody status

is "the core has no capability" "$(grep -h CapEff "/proc/$(core_pid)/status" | cut -f2)" 0000000000000000
is "the privileged part has one" "$(grep -h CapEff "/proc/$(priv_pid)/status" | cut -f2)" 0000000000001000

generation=$(field generation)
kill -9 "$(core_pid)"
ok_if "the privileged part ends with the core" wait_for 5 daemon_gone
is "the policy stays in force" "$(kernel_words | cut -d' ' -f1,2)" "true $generation"
ok_if "it starts again" daemon_start
is "at the same generation" "$(field generation)" "$generation"
kill -9 "$(priv_pid)"
ok_if "the core ends with the privileged part" wait_for 5 daemon_gone
ok_if "status works without a daemon" c status

ok_if "in the background it returns when it is ready" in_ns gw "$CORDOND" --state-dir "$DAEMON/state" --socket "$SOCKET"
ok_if "and serves" answers
background=$(pgrep -f -- "^$CORDOND --state-dir $DAEMON/state --socket $SOCKET\$")
ok_if "it stops" kill -TERM "$background"
ok_if "both processes end" wait_for 10 not_running "$background"
not_ok_if "a start that fails says so" in_ns gw "$CORDOND" --state-dir /proc/nowhere --socket "$SOCKET"

ok_if "disarm without a daemon" c disarm
is "nothing is armed" "$(direct armed)" false
is "forwarding is off" "$(in_ns gw cat /proc/sys/net/ipv4/ip_forward)" 0
is "a device port is down" "$(ip -n gw -o link show up dev p1)" ""
ok_if "load restores the last policy" c load
is "the same generation" "$(direct generation)" "$generation"
is "nftables too" "$(nft_words)" "true false $generation"

# As the service runs it: an ordinary user with one ambient capability, and a state directory that knows nothing yet.
mkdir "$DAEMON/user"
chown 1004:1004 "$DAEMON/user"
SOCKET=$DAEMON/user/cordond.sock
(exec ip netns exec gw setpriv --reuid 1004 --regid 1004 --clear-groups --inh-caps +net_admin --ambient-caps +net_admin \
	--bounding-set=-all,+net_admin "$CORDOND" --foreground --state-dir "$DAEMON/user" --socket "$SOCKET") 2>> "$DAEMON/log" &
daemon_pid=$!
ok_if "the daemon runs as an ordinary user" wait_for 30 answers
is "it leaves a ruleset that it does not know in force" "$(field armed) $(json_word "$DAEMON/status" recorded)" "true 0"
ok_if "and takes a new policy" c apply
is "its core has no capability" "$(grep -h CapPrm "/proc/$(core_pid)/status" | cut -f2)" 0000000000000000
in_ns gw sysctl -qw net.ipv4.ip_forward=1
ok_if "it can disarm" c disarm
is "forwarding is off again" "$(in_ns gw cat /proc/sys/net/ipv4/ip_forward)" 0
is "status says so" "$(c status | sed -n 's/^daemon *//p')" disarmed
ok_if "it stops" daemon_stop

show_log
