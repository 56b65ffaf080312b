#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# timeout: 90
#
# log: true in a policy: what that pair's denial drops has a line in the daemon's log, and what another pair's drops has none.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
need_module
house_up
echo '  - {from: cams, to: staff, deny: all, log: true}' >> "$POLICY"
ok_if "the daemon starts" daemon_start
ok_if "apply" c apply
need_lab kernel ns=gw || exit 1
drops "a camera starts to the office" ingress/service udp from=d1 via=gw to=st sport=4000 dport=5353
line() { grep -q 'drop *service at ingress on p1 vlan 10 cam1 02:00:00:00:00:01 10\.10\.1\.1:4000 -> 10\.30\.0\.1:5353 .*from cams to staff' "$DAEMON/log"; }
ok_if "and that is logged, with device, addresses, ports and zones" wait_for 3 line
drops "a recorder starts to the office" ingress/service udp from=d2 via=gw to=st dport=5353
drops "the camera does it again" ingress/service udp from=d1 via=gw to=st sport=4001 dport=5353
again() { grep -q '10\.10\.1\.1:4001' "$DAEMON/log"; }
ok_if "which is logged" wait_for 3 again
not_ok_if "what the recorder did was not, though it came before" grep -q 'from video' "$DAEMON/log"
finish
