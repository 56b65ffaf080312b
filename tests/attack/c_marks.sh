#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 240
#
# C7, C8, C8b: what others in the kernel say of a packet: helpers, marks, zones, queues.
LAYERS=both
. "$(dirname "$0")/lib_attack.sh"
start_house
N() { in_ns gw nft -f -; }

START="udp from=d1 to=d5 via=gw sport=43070 dport=5000"
DENIED="udp from=d5 to=d1 via=gw20 sport=5000 dport=9"
DENIED6="udp6 from=d5 to=d1 via=gw20 sport=5000 dport=9"

# ---- C7: a conversation in which d1 asks to be called back, by hand

LOGIN=5553455220610d0a
PORT4=504f52542031302c31302c312c312c3135362c36340d0a		# PORT 10,10,1,1,156,64: 40000
PORT6=45505254207c327c666430303a31303a313a3a317c34303030307c0d0a	# EPRT |2|fd00:10:1::1|40000|

helper_up() {
	modprobe nf_conntrack_ftp
	N <<-'NFT'
		table inet helpers {
			chain related { type filter hook prerouting priority -10; ct state related counter; }
		}
	NFT
}
related_seen() { in_ns gw nft list chain inet helpers related | sed -n 's/.*counter packets \([0-9]*\).*/\1/p'; }

# asks_to_be_called PATH FAMILY SPORT: the helper expects a connection to d1's port 40000, of d5's (routed) or d2's (bridged).
asks_to_be_called() {
	local peer=d5 via="via=gw" six="" data=$PORT4
	[ "$1" = routed ] || peer=d2 via=""
	[ "$2" = 4 ] || six=6 data=$PORT6
	need_lab helped from=d1 to=$peer sport="$3" dport=443 helper=ftp ${six:+six} &&
		lab send n=1 "tcp$six" from=d1 to=$peer $via sport="$3" dport=443 flags=PA seq=1001 ack=2001 data=$LOGIN &&
		lab send n=1 "tcp$six" from=d1 to=$peer $via sport="$3" dport=443 flags=PA seq=1009 ack=2001 data="$data"
}

# the_call PATH FAMILY: sets REPLY to the packet that is expected.
the_call() {
	REPLY="from=d5 to=d1 via=gw20 sport=443 dport=40000"
	[ "$1" = routed ] || REPLY="from=d2 to=d1 sport=443 dport=40000"
	[ "$2" = 4 ] && REPLY="tcp $REPLY" || REPLY="tcp6 $REPLY"
}

# A firewall that takes RELATED for a right.
naive() {
	N <<-'NFT'
		table inet naive {
			chain f { type filter hook forward priority 0; ct state established,related accept; tcp sport 443 ct state new drop; }
		}
	NFT
}

naive_lets_in() {
	the_call "$1" "$2"
	lab try n=1 want=silence ms=100 at=d1 $REPLY && asks_to_be_called "$1" "$2" 43100 && lab flood n=1 want=arrive at=d1 $REPLY
}

# expected HOOK PATH FAMILY: ten expectations, each of which the packet that comes is the one of: all are dropped.
expected() {
	local n before
	before=$(related_seen)
	the_call "$2" "$3"
	for n in 1 2 3 4 5 6 7 8 9 10; do
		asks_to_be_called "$2" "$3" $((43100 + n)) && lab flood n=1 want="drop:$1/service" $REPLY || return 1
	done
	[ $(($(related_seen) - before)) = 10 ]
}

# called_back PATH HOOK
called_back() {
	local family
	for family in 4 6; do
		if playing control; then
			naive
			check "$1, IPv$family: who takes RELATED for a right lets in what he drops otherwise" naive_lets_in "$1" $family
			in_ns gw nft delete table inet naive
		else
			check "$1, IPv$family: what is expected is dropped as a start of its own, ten times" expected "$2" "$1" $family
		fi
	done
}

row_C7() {
	title "a conntrack helper expects a connection"
	helper_up
	called_back routed forward
	# Helpers are in the hooks of IP: of what is bridged they see nothing but by br_netfilter.
	modprobe br_netfilter
	brnf_calls 1
	called_back bridged bridge
	rmmod br_netfilter
	the_call routed 4
	cell expected/4 d1 forward/service "$REPLY" d5 "$START" told=- "before=asks_to_be_called routed 4 43130" of=-
	the_call routed 6
	cell expected/6 d1 forward/service "$REPLY" d5 "udp6 from=d1 to=d5 via=gw dport=5000" told=- "before=asks_to_be_called routed 6 43131" of=-
	cell error-of-another/4 d1 bridge/related "icmp type=3 code=3 from=d3 to=d1 about=udp isrc=d1 idst=d2 isport=43071 idport=5000" d1 "icmp type=3 code=3 from=d2 to=d1 about=udp isrc=d1 idst=d2 isport=43071 idport=5000" "before=lab send udp from=d1 to=d2 sport=43071 dport=5000"
	in_ns gw nft delete table inet helpers
}

# ---- C8: others' marks

# marked MARK: every chain that there is sets it, before and behind cordon's hooks.
marked() {
	N <<-NFT
		table netdev marks {
			chain in { type filter hook ingress devices = { p1, p2, p3, p4, p5, office, wan } priority 0; meta mark set $1; }
			chain out { type filter hook egress devices = { p1, p2, p3, p4, p5, office, wan } priority 0; meta mark set $1; }
		}
		table bridge marks {
			chain pre { type filter hook prerouting priority -300; meta mark set $1; meta priority set "1:1"; }
			chain before { type filter hook forward priority -210; meta mark set $1; }
			chain after { type filter hook forward priority 10; meta mark set $1; }
			chain in { type filter hook input priority -210; meta mark set $1; }
		}
		table inet marks {
			chain pre { type filter hook prerouting priority -150; meta mark set $1; ct mark set $1; meta priority set "1:1"; }
			chain before { type filter hook forward priority -10; meta mark set $1; }
			chain after { type filter hook forward priority 20; meta mark set $1; }
			chain in { type filter hook input priority -10; meta mark set $1; }
			chain out { type route hook output priority -10; meta mark set $1; }
			chain post { type filter hook postrouting priority 0; meta mark set $1; }
		}
	NFT
}
unmarked() {
	local family
	for family in netdev bridge inet; do
		in_ns gw nft delete table $family marks
	done
}

# none_the_wiser NAME: what is denied at each hook, and what is allowed.
none_the_wiser() {
	cell "$1-ingress/4" d2 ingress/service "udp from=d1 to=d2 dport=4999" d2 "udp from=d1 to=d2 dport=5000"
	cell "$1-ingress/6" d2 ingress/service "udp6 from=d1 to=d2 dport=4999" d2 "udp6 from=d1 to=d2 dport=5000"
	cell "$1-bridge/4" d1 bridge/service "udp from=d2 to=d1 sport=5000 dport=9" d2 "udp from=d1 to=d2 dport=5000"
	cell "$1-bridge/6" d1 bridge/service "udp6 from=d2 to=d1 sport=5000 dport=9" d2 "udp6 from=d1 to=d2 dport=5000"
	cell "$1-forward/4" d1 forward/service "$DENIED" d5 "$START" told=-
	cell "$1-forward/6" d1 forward/service "$DENIED6" d5 "udp6 from=d1 to=d5 via=gw dport=5000" told=-
	cell "$1-local/4" gw local-in/not-reply "icmp type=0 from=d1 to=gw icmpid=998" gw "icmp from=d1 to=gw" told=- control=some
}

# The bit that says judged, both generations, all bits, and the zones of a pair that has everything.
MARKS="0xffffffff 0x80000000 0xc0000000 0x81418000"

row_C8() {
	title "marks, priorities, conntrack zones and queues of others"
	local mark
	for mark in $MARKS; do
		marked "$mark"
		none_the_wiser "$mark"
		unmarked
	done
	N <<-'NFT'
		table inet zones {
			chain pre { type filter hook prerouting priority -300; ct zone set 7; }
		}
		table bridge zones {
			chain pre { type filter hook prerouting priority -300; ct zone set 7; }
		}
	NFT
	none_the_wiser zone
	in_ns gw nft delete table inet zones
	in_ns gw nft delete table bridge zones
	N <<-'NFT'
		table inet queues {
			chain f { type filter hook forward priority -10; queue num 7; }
		}
	NFT
	playing armed || need_lab requeue num=7 mark=0x81418000
	none_the_wiser queue
	in_ns gw nft delete table inet queues
	untracked
}

# What nobody tracks is no answer to anything. (The second layer lets nothing untracked pass that starts a flow, either.)
untracked() {
	N <<-'NFT'
		table inet raw {
			chain pre { type filter hook prerouting priority -300; udp sport 5000 notrack; udp dport 4999 notrack; }
		}
		table bridge raw {
			chain pre { type filter hook prerouting priority -300; udp sport 5000 notrack; udp dport 4999 notrack; }
		}
	NFT
	cell untracked-ingress/4 d2 ingress/service "udp from=d1 to=d2 dport=4999" d2 "udp from=d1 to=d2 dport=5000"
	cell untracked-bridge/4 d1 bridge/not-reply "udp from=d2 to=d1 sport=5000 dport=43072" d2 "udp from=d1 to=d2 sport=43072 dport=5000"
	cell untracked-bridge/6 d1 bridge/not-reply "udp6 from=d2 to=d1 sport=5000 dport=43072" d2 "udp6 from=d1 to=d2 sport=43072 dport=5000"
	cell untracked-forward/4 d1 forward/not-reply "udp from=d5 to=d1 via=gw20 sport=5000 dport=43070" d5 "$START" told=-
	cell untracked-forward/6 d1 forward/not-reply "udp6 from=d5 to=d1 via=gw20 sport=5000 dport=43070" d5 "udp6 from=d1 to=d5 via=gw sport=43070 dport=5000" told=-
	in_ns gw nft delete table inet raw
	in_ns gw nft delete table bridge raw
}

# ---- C8b: marks that come back from where others have saved them

row_C8b() {
	title "marks that are saved and restored, with cordon's nftables layer gone"
	need_lab sysctl ns=gw net/ipv4/fwmark_reflect=1 net/ipv6/fwmark_reflect=1 net/ipv4/tcp_fwmark_accept=1
	N <<-'NFT'
		table inet saved {
			chain restore { type filter hook prerouting priority -150; meta mark set ct mark; }
			chain save { type filter hook postrouting priority 150; ct mark set meta mark; }
			chain own { type route hook output priority -150; meta mark set ct mark; }
		}
		table bridge saved {
			chain restore { type filter hook prerouting priority -150; meta mark set ct mark; }
			chain save { type filter hook postrouting priority 150; ct mark set meta mark; }
		}
	NFT
	none_the_wiser both-layers
	if ! playing control; then
		in_ns gw nft delete table inet cordon
		in_ns gw nft delete table bridge cordon
	fi
	none_the_wiser flushed
	in_ns gw nft delete table inet saved
	in_ns gw nft delete table bridge saved
	need_lab sysctl ns=gw net/ipv4/fwmark_reflect=0 net/ipv6/fwmark_reflect=0 net/ipv4/tcp_fwmark_accept=0
}

bench
