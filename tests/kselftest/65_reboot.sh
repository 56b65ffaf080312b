#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# timeout: 120
# short: stock
#
# What a reboot leaves: the state database, and nothing in the kernel. Module and tables go, the namespaces are made anew; then
# `cordon load`, as early boot does, or cordond alone brings back the policy, and every quarantine before the first frame passes.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
need_module
house_up || exit 1
FLOW="udp from=d1 to=d2 dport=5000"
OTHER="udp from=d4 to=d2 dport=5000"

head_line() { c status | head -1 | cut -d' ' -f1,3; }

# running COMMAND...: while frames of the quarantined device come without a pause.
running() {
	need_lab stream held start at=d2 $FLOW sport=43000 && "$@"
}

# Since the module knows the device, frames came and none was accepted.
never_passed() {
	local drops
	lab stream held wait n=100 || :
	device_says d1 packets 0 && drops=$(lab_field drops) && [ "$drops" -gt 0 ] && lab stream held stop
}

# held NAME: quarantine is what the kernel knows, and what frames meet; its neighbour works.
held() {
	case_if plain "$1: the module holds the quarantine" device_says d1 quarantined 1
	drops "$1: its frames are dropped" ingress/quarantine $FLOW
	arrives "$1: another device's arrive" d2 $OTHER
}

free() {
	need_lab kernel ns=gw
	case_if plain "$1: the module holds no quarantine" device_says d1 quarantined 0
	arrives "$1: its frames arrive" d2 $FLOW
}

ok_if "the daemon starts" daemon_start
ok_if "apply" c apply
need_lab kernel ns=gw
arrives "control: its frames arrive" d2 $FLOW
ok_if "quarantine" c quarantine cam1
held "before the reboot"
generation=$(field generation)
ok_if "the daemon stops" daemon_stop

ok_if "a reboot" reboot_box modprobe cordon
ok_if "load" running c load
need_lab kernel ns=gw
ok_if "no frame passed since the policy is in force" never_passed
held "load after a reboot"
is "at the same generation" "$(direct generation)" "$generation"

ok_if "a second reboot" reboot_box modprobe cordon
ok_if "the daemon alone" running daemon_start
need_lab kernel ns=gw
ok_if "no frame passed since the policy is in force" never_passed
held "the daemon after a reboot"
is "at the same generation" "$(field generation)" "$generation"
is "status lists it first" "$(head_line)" "QUARANTINED cam1"

ok_if "release" c release cam1
free "released"
ok_if "the daemon stops" daemon_stop
ok_if "a third reboot" reboot_box modprobe cordon
ok_if "load" c load
free "load after the release"
ok_if "a fourth reboot" reboot_box modprobe cordon
ok_if "the daemon alone" daemon_start
free "the daemon after the release"
is "status lists none" "$(c status | head -1)" "quarantines  none"
ok_if "the daemon stops" daemon_stop

# A disarming that does not come to its end is none, after a reboot either.
sealed() {
	in_ns gw bash -c 'cd /proc/sys/net/ipv4 && mount --bind ip_forward ip_forward && mount -o remount,bind,ro ip_forward && "$@"' - "$@"
}
not_ok_if "disarm fails when forwarding cannot be closed" sealed cordon disarm --console --state-dir "$DAEMON/state" --socket "$SOCKET"
is "the module is still armed" "$(direct armed)" true
ok_if "a fifth reboot" reboot_box modprobe cordon
ok_if "the daemon alone" daemon_start
is "arms it again" "$(field armed)" true
ok_if "the daemon stops" daemon_stop
show_log
