#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 180
#
# Life goes on with the nftables layer in force too: the same cases, with the policy's own translation on the uplink.
LAYERS=both
. "$(dirname "$0")/28_life.sh"
