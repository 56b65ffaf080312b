#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# timeout: 240
# short: uml
#
# What cordon's verbs promise beside doing their work (60_daemon.sh): --json, exit codes, changes of devices that are shown, applied as one
# generation and taken back when they are refused, load, a quarantine over a reboot.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
need_module
house_up
OWN=$DAEMON/policy.d/90-devices.yaml

# exits CODE NAME COMMAND...: output in $DAEMON/out, complaints in $DAEMON/errors.
exits() {
	local want=$1 status
	case_begin "$2"
	shift 2
	"$@" > "$DAEMON/out" 2> "$DAEMON/errors"
	status=$?
	if [ $status = "$want" ]; then pass; else fail "exit $status, not $want: $(head -c 300 "$DAEMON/out" "$DAEMON/errors")"; fi
}
says() { ok_if "it says $1" grep -qE -- "$1" "$DAEMON/out"; }
complains() { ok_if "it complains: $1" grep -qE -- "$1" "$DAEMON/errors"; }
as() { in_ns gw setpriv --reuid "$1" --regid "$1" --init-groups cordon "${@:2}" --socket "$SOCKET"; }

# ---- without a daemon, without a policy

exits 2 "2: wrong arguments as JSON" c stats --bogus --json
says '"exit": 2'
says 'stats does not take the option --bogus; usage: cordon stats'
exits 4 "4: watch without a daemon" c watch
exits 4 "4: apply without a daemon" c apply
exits 4 "4: quarantine without a daemon" c quarantine cam1
exits 4 "the same as JSON" c quarantine cam1 --json
says '"exit": 4'
exits 2 "2: an unknown verb" in_ns gw cordon frobnicate
exits 2 "2: an operand too many" c status now
exits 2 "2: an option of another verb" c status --zone cams
exits 5 "5: doctor has findings" c doctor
exits 1 "1: load without a committed policy" c load
sed 's/to: video,/to: vidoe,/' "$POLICY" > "$DAEMON/bad.yaml"
exits 2 "2: load of a file compiles first" c load "$DAEMON/bad.yaml"
complains "bad.yaml:30:22: error: there is no zone 'vidoe'"
is "nothing is armed by it" "$(direct armed)" false
is "and nothing is in nftables" "$(in_ns gw nft list tables)" ""

# ---- every verb as JSON

chmod 755 "$DAEMON"
ok_if "the daemon starts" daemon_start
exits 0 "apply as JSON" c apply --json
says '"generation": 1'
exits 0 "check as JSON" c check "$POLICY" --json
says '"ok": true'
exits 2 "check of a bad policy as JSON" c check "$DAEMON/bad.yaml" --json
says '"line": 30'
says '"column": 22'
exits 2 "apply of a bad policy as JSON" c apply "$DAEMON/bad.yaml" --json
says '"exit": 2'
exits 0 "status as JSON" c status --json
says '"hooks_missing": \[\]'
exits 0 "services as JSON" c services --json
says '"name": "modbus"'
exits 0 "devices as JSON" c devices --json
says '"name": "cam1"'
exits 0 "device as JSON" c device 02:00:00:00:00:01 --json
says '"name": "cam1"'
exits 0 "zones as JSON" c zones --json
says '"cams"'
exits 0 "explain as JSON" c explain cam1 video2 tcp/443 --json
says '"allowed": true'
exits 0 "stats as JSON" c stats --json
says '"ingress"'
exits 0 "log as JSON" c log --json
says '"action": "apply"'
exits 0 "quarantine as JSON" c quarantine cam1 --json
says '"ok": true'
exits 0 "release as JSON" c release cam1 --json
says '"ok": true'
exits 1 "1: release of what is not quarantined, as JSON" c release cam1 --json
says '"exit": 1'
exits 1 "1: a device that nobody knows" c device 02:00:00:00:00:99

# ---- limits

sed 's|\(cam1: {.*\)}$|\1, limits: {packets: 5000/s, up: 20mbit/s}}|' "$POLICY" > "$DAEMON/limits.yaml"
exits 0 "a policy with limits is applied" c apply "$DAEMON/limits.yaml"
exits 0 "device" c device cam1
says '^limits +packets 5000/s \(0 beyond\), up 20mbit/s \(0 beyond\)$'
exits 0 "device as JSON" c device cam1 --json
says '"up": "20mbit/s"'
says '"limit_drops": \{'
exits 0 "explain" c explain cam1 video2 tcp/443
says '^limits of cam1: packets 5000/s, up 20mbit/s$'
exits 0 "the policy without them again" c apply "$POLICY"
exits 0 "device" c device cam1
is "no limits are shown then" "$(grep -c limits "$DAEMON/out")" 0

# ---- what is seen

need_lab kernel ns=gw
plain "a stranger speaks" send n=3 udp from=d1 to=d2 smac=02:00:00:00:00:99 src=10.10.1.99 dport=443
stranger_listed() { c devices --unknown | grep 02:00:00:00:00:99; }
ok_if "it is seen" wait_for 5 stranger_listed
exits 0 "devices --unknown" c devices --unknown --json
says '02:00:00:00:00:99'
is "devices without it leaves the stranger out" "$(c devices | grep -c 02:00:00:00:00:99)" 0
in_ns gw cordon watch --socket "$SOCKET" --json > "$DAEMON/watch" &
watcher=$!
dropped() {
	lab send n=1 udp from=d1 to=d2 dport=4999
	grep -q '"reason":"service"' "$DAEMON/watch"
}
ok_if "watch tells a drop with its reason" wait_for 10 dropped
kill $watcher
wait $watcher 2> /dev/null
service_drops() { c stats --json | sed -n 's/.*"service": \([0-9]*\).*/\1/p' | head -1; }
before=$(service_drops)
plain "three more are dropped" send n=3 udp from=d1 to=d2 dport=4999
three_more() { [ "$(service_drops)" = $((before + 3)) ]; }
ok_if "stats counts them" wait_for 5 three_more

# ---- devices change: shown, one generation, or nothing

generation=$(field generation)
exits 0 "admit" c admit 02:00:00:00:00:77 --zone cams --name new1 --port p3
says '^\+ new1: 02:00:00:00:00:77 in zone cams, port p3, VLAN 10$'
is "the change is shown first" "$(grep -n '' "$DAEMON/out" | grep -E 'new1|applied' | cut -d: -f1 | tr '\n' ' ')" "2 3 "
is "it is one generation" "$(field generation)" $((generation + 1))
is "the kernel has the device in its zone" "$(c device new1 | sed -n 's/^zone *//p')" cams
exits 0 "move" c move new1 video
says '^- new1: .* in zone cams'
says '^\+ new1: .* in zone video'
is "it is one generation more" "$(field generation)" $((generation + 2))
is "the device is in its new zone" "$(c device new1 | sed -n 's/^zone *//p')" video
exits 0 "forget, as JSON" c forget new1 --json
says '"change": "- new1: .* in zone video'
is "it is the third generation" "$(field generation)" $((generation + 3))
exits 1 "the device is gone" c device new1
exits 0 "admit it again" c admit 02:00:00:00:00:77 --zone cams --name new1 --port p3
cp "$OWN" "$DAEMON/own"
generation=$(field generation)
exits 2 "2: admit to a zone that is not there" c admit 02:00:00:00:00:78 --zone nowhere --name new2
exits 2 "2: admit of a MAC that is there" c admit 02:00:00:00:00:01 --zone cams --name new3 --port p1
exits 2 "2: admit of something that is no MAC" c admit new4 --zone cams
exits 2 "2: move to a zone that is not there" c move new1 nowhere
exits 2 "2: forget of a device that is not there" c forget nobody
exits 2 "2: a hand-written device is not rewritten" c forget cam1
complains 'policy.yaml:[0-9]+'
ok_if "none of them changed the file" cmp "$OWN" "$DAEMON/own"
chmod -R a+rwX "$DAEMON/policy.d"
exits 3 "3: a viewer may not admit" as 1003 admit 02:00:00:00:00:79 --zone cams --name new5 --policy "$POLICY"
complains "viewer may not apply"
says '^\+ new5: '
ok_if "the file is written back" cmp "$OWN" "$DAEMON/own"
exits 3 "3: an operator may not quarantine" as 1002 quarantine cam1
exits 0 "a viewer may look" as 1003 devices
exits 3 "3: but not watch" as 1003 watch
is "none of them is a generation" "$(field generation)" "$generation"
daemon_stop
exits 4 "4: admit without a daemon" c admit 02:00:00:00:00:7a --zone cams --name new6
ok_if "the file is written back then, too" cmp "$OWN" "$DAEMON/own"

# ---- several changes at once, and one whose answer does not come

ok_if "the daemon starts for more" daemon_start
many_at_once() {
	local n pid pids=() status=0
	for n in 1 2 3 4 5 6; do
		c admit 02:00:00:00:01:0$n --zone cams --name many$n --port p3 > "$DAEMON/many$n" 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	return $status
}
ok_if "six admits at once" many_at_once
is "the policy has all of them" "$(grep -c 'many[1-6]' "$OWN")" 6
is "and so has the kernel" "$(c devices | grep -c 'many[1-6]')" 6
# The core takes the request, and dies before it answers.
lost() {
	local client
	kill -STOP "$(core_pid)"
	c "$@" &
	client=$!
	wait_for 20 eval "! grep -q many1 '$OWN'"
	kill -9 "$(core_pid)"
	wait "$daemon_pid"
	wait "$client"
}
stuck() {
	local client
	kill -STOP "$(core_pid)"
	c status 2> "$DAEMON/waits" > /dev/null &
	client=$!
	wait_for 30 grep -q "has not answered yet" "$DAEMON/waits"
	kill -CONT "$(core_pid)"
	wait "$client"
}
exits 0 "a daemon that hangs is waited for" stuck
ok_if "and the caller told so" grep -q "has not answered yet" "$DAEMON/waits"
exits 6 "6: forget, and the daemon is gone" lost forget many1
complains "keeps the change"
ok_if "and starts again" daemon_start
exits 0 "apply" c apply
exits 1 "what was to be forgotten does not come back" c device many1
generation=$(field generation)
daemon_stop

# ---- a quarantine lives through a reboot: module and nftables gone, the state directory left

ok_if "the daemon starts again" daemon_start
exits 0 "a device is cut off" c quarantine cam4
exits 0 "all is disarmed" c disarm
daemon_stop
ok_if "the module goes" rmmod cordon
ok_if "and comes back, knowing nothing" modprobe cordon
is "nothing is armed" "$(direct armed)" false
exits 0 "load restores, as JSON" c load --json
says "\"generation\": $generation"
says '"quarantines": 1'
is "nftables too" "$(nft_words)" "true false $generation"
is "status lists the quarantine first" "$(c status | head -1 | cut -d' ' -f1,3)" "QUARANTINED cam4"
exits 0 "a daemon starts on it" daemon_start
is "and keeps it" "$(c status | head -1 | cut -d' ' -f1,3)" "QUARANTINED cam4"
exits 1 "1: a name that no policy explains" c release cam9
complains "no device is called cam9"
export SSH_CONNECTION="10.30.0.1 50000 10.30.0.254 22"
exits 3 "3: disarm over a connection that it would cut, as JSON" c disarm --json
says '"exit": 3'
is "it is still armed" "$(field armed)" true
exits 0 "but --console says that there is another way" c disarm --console --json
says '"ok": true'
daemon_stop
exits 0 "the daemon starts disarmed" daemon_start
exits 1 "1: a name means nothing there" c release cam4
complains "no policy is in force"
exits 0 "a MAC and a VLAN do" c release 02:00:00:00:00:04 --vlan 10
show_log
