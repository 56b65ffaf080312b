#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 60
# vehicles: stock
#
# What a conntrack helper expects is no right: an expected connection is a start of its own. The kernels that we build have no
# nft_objref, which attaches a helper.
. "$(dirname "$0")/lib_lab.sh"
start_house
house_alive d1 d5 || exit 1
arm house || exit 1

# Who listens to FTP's commands expects the data connection that they name.
in_ns gw nft -f - <<-'NFT'
	table ip helping {
		ct helper ftp { type "ftp" protocol tcp; }
		chain pre { type filter hook prerouting priority 0; tcp dport 443 ct helper set "ftp"; }
	}
NFT
expects() { in_ns gw conntrack -L expect 2> /dev/null | grep -q "dport=5001"; }
# d1 tells d5 to connect to its port 5001. The frame is one: it takes the expectation with it.
open_case both "a connection that a helper expects is a start of its own"
step conn ftp tcp from=d1 to=d5 port=443
step conn ftp push say=USER_lab
step conn ftp push say=PORT_10,10,1,1,19,137
step_if wait_for 3 expects
step try n=1 want=drop:forward/service tcp flags=S from=d5 to=d1 via=gw sport=443 dport=5001
step conn ftp close
close_case
