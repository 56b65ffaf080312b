#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# modules: tap
#
# A netdev that takes a port's name and cannot be hooked stays closed: it does not get the name, or does not come up. The module is
# one that cannot hook netdevs of group 77.
. "$(dirname "$0")/lib_lab.sh"
start_house
load_variant tap "the module that cannot hook every netdev loads"
arm house || exit 1
hooked() { [ "$(ip -n gw link show "$1" | sed -n 's/^\([0-9]*\):.*/\1/p')" = "$(lab info ports; rest=${lab_answer#*policy_port="$1" }; rest=${rest#*ifindex=}; echo "${rest%% *}")" ]; }

ip -n gw link del p1
ip -n gw link add x1 type veth peer name x2
ip -n gw link set x1 group 77
plain_not "it cannot be renamed to a port's name" ip -n gw link set x1 name p1
ip -n gw link set x1 netns mg
ip -n mg link set x1 name p1
plain_if "from another namespace it comes with the name" ip -n mg link set p1 netns gw
plain_not "but does not come up" ip -n gw link set p1 up
plain_not "it is down" is_up gw p1
plain_if "the refusal says why" grep -q "cannot register its hooks" <(ip -n gw link set p1 up 2>&1)
plain_not "it is not the port" hooked p1
ip -n gw link set p1 group 0
plain_if "once it can be hooked it comes up" ip -n gw link set p1 up
plain_if "and is the port" hooked p1
