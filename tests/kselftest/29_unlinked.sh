#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# Zones that may not speak with the gateway still hear from it what became of the flows that it forwards.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_life.sh"
start_house
house_alive d1 d2 wn || exit 1
plain "control: the box pings a camera arrives" probe ping from=gw to=d1 want=open retry ms=3000
arm unlinked || exit 1
narrow_uplink

# ---- to a device
errors_come_back

# ---- to a zone port
allow "an exceeded hop limit comes back to the uplink" probe tcp ttl=1 from=wn to=d1 port=443 want=icmp:11/0
allow "an exceeded hop limit comes back to the uplink by IPv6" probe tcp six ttl=1 from=wn to=d1 port=443 want=icmp:3/0

# ---- and nothing else
deny "the box pings a camera" probe ping from=gw to=d1 want=drop:local-out/pair
deny "the box pings the uplink's host" probe ping from=gww to=wn want=drop:local-out/pair

# ---- the box's own link control, on a trunk that has no untagged VLAN
need_lab tap name=p3 ns=gw if=p3 proto=0x88cc inner
need_lab host name=trunk ns=gw tap=p3 mac=$GW_MAC
arrives "LLDP of the box" d3 eth from=trunk to=d3 dmac=01:80:c2:00:00:0e ethertype=0x88cc
