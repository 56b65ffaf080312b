#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The test build's parameter: one seeded defect a load, by its name, and none without it.
. "$(dirname "$0")/lib.sh"
awake() { cat /sys/module/cordon/parameters/defect; }
both() { modprobe cordon defect=vlan_zero defect=own_mac; }
change() { echo own_mac > /sys/module/cordon/parameters/defect; }

ok_if "it loads without a name" modprobe cordon
is "and no defect is awake" "$(awake)" ""
ok_if "it unloads" rmmod cordon
not_ok_if "a name that no defect has fails the load" modprobe cordon defect=nonsense
not_ok_if "so does none at all" modprobe cordon defect=
not_ok_if "so do two" both
ok_if "one wakes" modprobe cordon defect=vlan_zero
is "it is the one" "$(awake)" vlan_zero
not_ok_if "nobody changes that while it is loaded" change
ok_if "and it unloads" rmmod cordon
