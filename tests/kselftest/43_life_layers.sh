#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock debug
# timeout: 180
#
# Life goes on with the nftables layer in force too: the same cases, with the policy's own translation on the uplink.
# Not on User-Mode Linux: it has 16 KiB of stack for a process and its soft interrupts together, which did not suffice here.
LAYERS=both
. "$(dirname "$0")/28_life.sh"
