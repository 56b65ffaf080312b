#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# Swap, read-back, drift and repair through libnftables on this kernel, bridge conntrack and all.
PROGRAM=/usr/libexec/cordon/tests/nft_kernel
if [ ! -x $PROGRAM ]; then
	echo "1..0 # SKIP no nft_kernel in this guest"
	exit 4
fi
exec $PROGRAM
