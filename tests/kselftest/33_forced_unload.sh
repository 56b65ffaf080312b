#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock
# taint: 8
#
# rmmod -f while armed (attack C9): the ports go down before the hooks go away. By force the kernel marks itself (taint R) and its
# locks as no more to be proven: not on the kernels that prove them.
. "$(dirname "$0")/lib_lab.sh"
start_house
DENIED="udp from=d1 to=d2 dport=4999"

MANAGED="p1 p2 p3 p4 p5 p6 office wan"

none_arrived() { lab stream canary stop && [ "$(lab_field sent)" -gt 20 ] && [ "$(lab_field arrived)" = 0 ]; }

plain "control: the canary arrives while nothing is armed" try want=arrive at=d2 $DENIED
arm house || exit 1
need_lab stream canary start at=d2 ms=1 $DENIED
lab stream canary mark && lab stream canary wait n=20
plain_not "an armed module is not unloaded" rmmod cordon
plain_if "by force it is" rmmod -f cordon
plain_if "its ports are down then" ports_are down $MANAGED
plain_if "the unmanaged one is not" is_up gw mgmt
plain_if "the log says so" eval 'dmesg | grep -q "unloaded by force while armed"'
lab stream canary mark && lab stream canary wait n=20
plain_if "nothing of what is denied has passed" none_arrived
plain_if "the module loads again" modprobe cordon
need_lab kernel ns=gw
plain_if "the ports come up by hand" eval "ports_set up $MANAGED && wait_for 5 forwarding"
arm house || exit 1
drops "and it is enforced again" ingress/service $DENIED
