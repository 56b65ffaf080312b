#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
# modules: keys
#
# A flood of source MACs (attack A8), random ones and then such as share one hash, against a build whose key the attacker knows: the
# table of unknown sources stays as large as it is, an admitted device loses nothing, and a frame costs no more than one of a single MAC.
. "$(dirname "$0")/lib_lab.sh"
start_house
load_variant keys "the module whose key is known loads"
plain "its family is there" kernel ns=gw
arm house || exit 1
teach_bridge

MACS=10000
# Finding MACs of one hash takes 512 hashes each: on an emulated processor they are fewer.
[ -z "$CORDON_FULL" ] || [ "$CORDON_VEHICLE" != uml ] || MACS=100000
[ "$CORDON_FULL" != campaign ] || MACS=1000000

kernel_kb() { awk '/^(Slab|VmallocUsed|Percpu|PageTables):/ { sum += $2 } END { print sum }' /proc/meminfo; }
n_unknown() { in_ns gw cordon devices --unknown --direct --json | grep -c '"mac":'; }

# flooded NAME SMAC: what it takes is in $took_ms.
flooded() {
	local before
	before=$(kernel_kb)
	open_case plain "$1: none of $MACS passes, and who is admitted loses nothing"
	step stream other start at=d3 ms=20 udp from=d2 to=d3 sport=43001 dport=6000
	step flood n=$MACS want=drop:ingress/unknown-source udp from=d1 to=d2 smac="$2" src=10.10.8.8 dport=5000
	took_ms=$(lab_field ms)
	step stream other count
	step_if [ "$(lab_field arrived)" = "$(lab_field sent)" ]
	step stream other stop
	close_case
	echo "# $1: $MACS frames in $took_ms ms, kernel memory $before kB before and $(kernel_kb) kB after, unknown sources $(n_unknown)"
	plain_if "$1: the kernel's memory stays within 8 MiB of what it was" [ $(($(kernel_kb) - before)) -lt 8192 ]
}

flooded "one MAC" 02:00:00:00:00:98
one_ms=$took_ms
flooded "colliding MACs" @collide
plain_if "they do collide: of all no more are kept than one set has" [ "$(n_unknown)" -le 9 ]
plain_if "and cost no more than one MAC's, within the noise of this machine" [ "$took_ms" -lt $((one_ms * 4 + 1000)) ]
flooded "random MACs" @mac
plain_if "the table is full and no larger" [ "$(n_unknown)" -le 4096 ]
plain_if "and it is well filled" [ "$(n_unknown)" -gt 2000 ]
plain_if "a random MAC costs no more, either" [ "$took_ms" -lt $((one_ms * 4 + 1000)) ]
