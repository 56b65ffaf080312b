#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# timeout: 120
# short: uml
#
# A device nobody knows plugs in, is admitted by its MAC alone, and then it works: what admit is not told it takes from what was seen.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
need_module
house_up
house_alive d2 || exit 1
# An address of the zone that d6 is going to be in; the policy has no record of it.
ip -n d6 -batch - <<-'STACK'
	addr add 10.10.1.6/16 dev eth0
	neigh replace 10.10.2.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
STACK
ip -n d2 neigh replace 10.10.1.6 lladdr 02:00:00:00:00:06 dev eth0 nud permanent
need_lab host name=guest ns=d6 tap=d6 mac=02:00:00:00:00:06 ip4=10.10.1.6
ok_if "the daemon starts" daemon_start
plain "control: without a policy the guest reaches its peer" probe tcp from=guest to=d2 port=443 want=open retry ms=3000
ok_if "apply" c apply
need_lab kernel ns=gw || exit 1
deny "an unknown device reaches nobody" probe tcp from=guest to=d2 port=443 want=gone
listed() { c devices --unknown | grep '02:00:00:00:00:06' | grep -q '10\.10\.1\.6'; }
ok_if "it is listed with its address" wait_for 3 listed
ok_if "admit, by MAC and zone" eval "c admit 02:00:00:00:00:06 --zone cams --name guest > $DAEMON/admit"
is "the change is shown" "$(grep '^+ ' "$DAEMON/admit")" "+ guest: 02:00:00:00:00:06 in zone cams, VLAN 10, 10.10.1.6"
allow "and it reaches what its zone may" probe tcp from=guest to=d2 port=443 want=open retry ms=3000
deny "and nothing else" probe tcp from=guest to=d2 port=22 want=gone
ok_if "forget" c forget guest
deny "a device that is forgotten reaches nobody" probe tcp from=guest to=d2 port=443 want=gone
case_begin "an address of another zone is refused, and the file stays as it was"
before=$(cat "$(dirname "$POLICY")/policy.d/90-devices.yaml")
c admit 02:00:00:00:00:06 --zone video --address 10.10.1.6 > "$DAEMON/out" 2>&1
status=$?
if [ $status = 2 ] && grep -q '90-devices.yaml:[0-9]*:[0-9]*: error: ' "$DAEMON/out" &&
	[ "$before" = "$(cat "$(dirname "$POLICY")/policy.d/90-devices.yaml")" ]; then
	pass
else
	fail "exit $status, $(head -3 "$DAEMON/out")"
fi
finish
