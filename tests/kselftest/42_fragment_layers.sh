#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# Fragments once more, with the nftables layer in force too: it reassembles, translates, and must let pass what the module accepts.
LAYERS=both
. "$(dirname "$0")/20_fragment.sh"
