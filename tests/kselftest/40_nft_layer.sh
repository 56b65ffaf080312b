#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock
# timeout: 240
#
# The nftables layer by itself. No cordon.ko here: a small table of ours writes the marks the module would write and judges nothing, so what is
# denied below is denied by nftables. The ruleset is the golden text of tests/golden/nft/topology.yaml.
. "$(dirname "$0")/lib.sh"

RULES=/usr/share/cordon/golden-nft/topology.nft
need_tool nft busybox ping conntrack
[ -e $RULES ] || skip_all "no golden texts in this guest"
[ ! -e /sys/module/cordon ] || rmmod cordon 2> /dev/null || skip_all "cordon.ko is armed"

topology_up || exit 1

# d2 is behind a trunk: frames leave p2 with their tag.
bridge -n gw vlan del dev p2 vid 10
bridge -n gw vlan add dev p2 vid 10
in_ns d2 ip addr flush dev eth0
in_ns d2 ip link add link eth0 name eth0.10 type vlan id 10
in_ns d2 ip addr add "$(t_ip4 2)/24" dev eth0.10
in_ns d2 ip addr add "$(t_ip6 2)/64" dev eth0.10 nodad
in_ns d2 ip link set eth0.10 up

gw_nft() { in_ns gw nft "$@"; }

# ---- the marks

# name, zone id as in the golden text, addresses
endpoints() {
	echo "d1 5 $(t_ip4 1) $(t_ip6 1)"
	echo "d2 6 $(t_ip4 2) $(t_ip6 2)"
	echo "d3 7 $(t_ip4 3) $(t_ip6 3)"
	echo "d4 8 $(t_ip4 4) $(t_ip6 4)"
	echo "office 9 10.0.90.1 fd00:90::1"
	echo "wan 2 203.0.113.1 2001:db8:113::1"
	echo "gw10 1 $(t_gw4 10) $(t_gw6 10)"
	echo "gw20 1 $(t_gw4 20) $(t_gw6 20)"
	echo "gwdesk 1 10.0.90.254 fd00:90::fe"
	echo "gwwan 1 203.0.113.254 2001:db8:113::fe"
}

# elements FAMILY-COLUMN: "source . destination : mark," for every ordered pair
elements() {
	local a b zone_a zone_b address
	while read -r a zone_a address; do
		while read -r b zone_b to; do
			[ "$a" = "$b" ] && continue
			printf '%s . %s : 0x%08x,\n' "$address" "$to" $((PARITY | zone_a << 22 | zone_b << 14))
		done < <(endpoints | awk -v c="$1" '{print $1, $2, $c}')
	done < <(endpoints | awk -v c="$1" '{print $1, $2, $c}')
}

# write_marks PARITY-AND-VALID-BITS: the module's part, without its judgement
write_marks() {
	local PARITY=$1 hook
	gw_nft -f - <<-NFT
	table inet marks
	delete table inet marks
	table bridge marks
	delete table bridge marks
	table inet marks {
		map four { type ipv4_addr . ipv4_addr : mark; elements = { $(elements 3) } }
		map six { type ipv6_addr . ipv6_addr : mark; elements = { $(elements 4) } }
		chain set_mark {
			meta mark set 0x0
			meta mark set ip saddr . ip daddr map @four
			meta mark set ip6 saddr . ip6 daddr map @six
		}
		chain forward { type filter hook forward priority filter - 1; jump set_mark; }
		chain input { type filter hook input priority filter - 1; jump set_mark; }
		chain output { type filter hook output priority filter - 1; jump set_mark; }
	}
	table bridge marks {
		map pairs {
			type ether_addr . ether_addr : mark
			elements = {
				$(mac_of 1) . $(mac_of 2) : $(printf 0x%08x $((PARITY | 5 << 22 | 6 << 14))),
				$(mac_of 2) . $(mac_of 1) : $(printf 0x%08x $((PARITY | 6 << 22 | 5 << 14)))
			}
		}
		chain forward {
			type filter hook forward priority filter - 1
			meta mark set 0x0
			meta mark set ether saddr . ether daddr map @pairs
			meta pkttype multicast ether saddr $(mac_of 1) meta mark set $(printf 0x%08x $((PARITY | 5 << 22)))
		}
	}
	NFT
}
no_marks() { gw_nft flush ruleset && gw_nft -f $RULES && gw_nft -f - <<< "$RETIRE"; }

# Transaction 2 of a first apply: both sets of managed names are the same.
RETIRE=$(for family in inet bridge; do
	echo "add element $family cordon managed0 { \"p1\", \"p2\", \"p3\", \"p4\", \"office\", \"wan\" }"
done)

# ---- traffic

serve() {
	local ns=$1 port
	shift
	for port in "$@"; do
		in_ns "$ns" busybox httpd -p "[::]:$port" -h /var/empty
	done
}
# busybox starts in a fraction of curl's time; the server ends the connection.
connect() { in_ns "$1" busybox nc -w $((1 + CORDON_SCALE)) "$2" "$3" < /dev/null; }
pings() { in_ns "$1" ping -qnc1 -W$((CORDON_SCALE)) "$2"; }

mkdir -p /var/empty
serve d2 80 554 8005
serve d3 80 554 8005
serve d1 80 554
serve d4 554
serve office 443 80
serve wan 80 443
serve gw 22 53 80

# Cells run together, because each denied one waits for its time to end: allowed|denied NS TARGET-V4 TARGET-V6 PORT, then cells.
cells=()
cell() { cells+=("$*"); }
allowed() {
	cell allowed "$1" "$2" "$4"
	cell allowed "$1" "$3" "$4"
}
denied() {
	cell denied "$1" "$2" "$4"
	cell denied "$1" "$3" "$4"
}
run_cell() { connect "$2" "$3" "$4" > /dev/null 2>&1 && echo allowed || echo denied; }
cells() {
	local i it
	for i in "${!cells[@]}"; do
		run_cell ${cells[i]} > "/tmp/cell.$i" &
	done
	wait
	for i in "${!cells[@]}"; do
		read -r it < "/tmp/cell.$i"
		set -- ${cells[i]}
		is "$1: $2 -> $3 port $4" "$it" "$1"
	done
	cells=()
}

# ---- control: everything is open before

allowed d1 "$(t_ip4 2)" "$(t_ip6 2)" 80
allowed d2 "$(t_ip4 1)" "$(t_ip6 1)" 554
allowed d1 "$(t_ip4 3)" "$(t_ip6 3)" 80
allowed d3 "$(t_ip4 1)" "$(t_ip6 1)" 554
allowed d1 "$(t_ip4 4)" "$(t_ip6 4)" 554
allowed d1 "$(t_gw4 10)" "$(t_gw6 10)" 22
allowed d3 "$(t_gw4 20)" "$(t_gw6 20)" 53
allowed gw "$(t_ip4 3)" "$(t_ip6 3)" 554
allowed gw "$(t_ip4 1)" "$(t_ip6 1)" 80
allowed office 10.0.90.254 fd00:90::fe 80
allowed office "$(t_ip4 3)" "$(t_ip6 3)" 80
allowed d1 10.0.90.1 fd00:90::1 443
allowed d3 203.0.113.1 2001:db8:113::1 443
allowed d1 203.0.113.1 2001:db8:113::1 80
allowed wan "$(t_ip4 3)" "$(t_ip6 3)" 554
cells
ok_if "control: bridged ping" pings d1 "$(t_ip4 2)"
ok_if "control: ping of the gateway" pings d1 "$(t_gw6 10)"

# ---- no module: no key, no passage for managed ports

ok_if "the text loads" no_marks
not_ok_if "no mark: bridged is denied" pings d1 "$(t_ip4 2)"
denied d1 "$(t_ip4 3)" "$(t_ip6 3)" 554
denied d1 "$(t_gw4 10)" "$(t_gw6 10)" 53
denied gw "$(t_ip4 3)" "$(t_ip6 3)" 80
denied office 10.0.90.254 fd00:90::fe 22
cell denied d1 192.0.2.254 22
cells
not_ok_if "no mark: managed to unmanaged is denied" pings d1 192.0.2.1
not_ok_if "no mark: unmanaged to managed is denied" pings mgmt "$(t_ip4 1)"
ok_if "the box reaches itself" connect gw 127.0.0.1 80
ok_if "an unmanaged interface reaches the box" connect mgmt 192.0.2.254 22
ok_if "and the box it" pings gw 192.0.2.1
resolved() { ip -n "$1" neigh show to "$2" | grep lladdr || { ip -n "$1" neigh; false; }; }
in_ns d1 ip neigh flush dev eth0
in_ns d1 ping -qnc1 -W1 "$(t_ip4 2)" > /dev/null 2>&1
ok_if "ARP passes" resolved d1 "$(t_ip4 2)"
in_ns d1 ping -qnc1 -W1 "$(t_ip6 2)" > /dev/null 2>&1
ok_if "neighbour discovery passes" resolved d1 "$(t_ip6 2)"
in_ns d1 ping -qnc1 -W1 "$(t_gw6 10)" > /dev/null 2>&1
ok_if "with the gateway, too" resolved d1 "$(t_gw6 10)"

ip -n gw link add brx type bridge
ip -n gw link add vx type veth peer name vy
ip -n gw link set vx master brx up
ip -n gw link set vy up
ip -n gw addr add 198.51.100.1/24 dev brx
ip -n gw link set brx up
setup_ns x
ip -n gw link set vy netns x
in_ns x ip link set vy up
in_ns x ip addr add 198.51.100.2/24 dev vy
not_ok_if "a bridge that nobody vouches for is denied" wait_for 1 pings x 198.51.100.1
gw_nft add element inet cordon unmanaged '{ "brx" }'
ok_if "one that is named unmanaged passes" wait_for 5 pings x 198.51.100.1
ip -n gw link del brx

# ---- with marks: what the policy says

ok_if "marks are written" write_marks 0xc0000000
allowed d1 "$(t_ip4 2)" "$(t_ip6 2)" 554
allowed d1 "$(t_ip4 2)" "$(t_ip6 2)" 8005
denied d1 "$(t_ip4 2)" "$(t_ip6 2)" 80
denied d2 "$(t_ip4 1)" "$(t_ip6 1)" 554
ok_if "bridged ping, tagged at one end" pings d1 "$(t_ip4 2)"
ok_if "bridged IPv6 ping, tagged at one end" pings d1 "$(t_ip6 2)"
not_ok_if "ping back is denied" pings d2 "$(t_ip4 1)"
not_ok_if "IPv6 ping back is denied" pings d2 "$(t_ip6 1)"
allowed d1 "$(t_ip4 3)" "$(t_ip6 3)" 554
denied d1 "$(t_ip4 3)" "$(t_ip6 3)" 80
denied d3 "$(t_ip4 1)" "$(t_ip6 1)" 554
denied d1 "$(t_ip4 4)" "$(t_ip6 4)" 554
allowed d1 "$(t_gw4 10)" "$(t_gw6 10)" 53
denied d1 "$(t_gw4 10)" "$(t_gw6 10)" 22
denied d3 "$(t_gw4 20)" "$(t_gw6 20)" 53
allowed gw "$(t_ip4 3)" "$(t_ip6 3)" 80
denied gw "$(t_ip4 3)" "$(t_ip6 3)" 554
denied gw "$(t_ip4 1)" "$(t_ip6 1)" 80
allowed office 10.0.90.254 fd00:90::fe 22
denied office 10.0.90.254 fd00:90::fe 80
allowed office "$(t_ip4 1)" "$(t_ip6 1)" 80
allowed office "$(t_ip4 3)" "$(t_ip6 3)" 8005
denied office "$(t_ip4 3)" "$(t_ip6 3)" 80
denied d1 10.0.90.1 fd00:90::1 443
allowed d3 203.0.113.1 2001:db8:113::1 80
denied d3 203.0.113.1 2001:db8:113::1 443
denied d1 203.0.113.1 2001:db8:113::1 80
denied wan "$(t_ip4 3)" "$(t_ip6 3)" 554
cells
is "the uplink translates IPv4" \
	"$(in_ns gw conntrack -L -p tcp -s "$(t_ip4 3)" --dport 80 2> /dev/null | grep -c 'dst=203.0.113.254 ')" 1
is "the uplink translates IPv6" \
	"$(in_ns gw conntrack -L -f ipv6 -p tcp -s "$(t_ip6 3)" --dport 80 2> /dev/null | grep -c 'dst=2001:db8:113::fe ')" 1
ok_if "ping to the internet" pings d3 203.0.113.1

# ---- errors belong to their flow

ttl_error() { in_ns "$1" ping -nc1 -W$((CORDON_SCALE)) -t1 "$2" 2>&1 | grep -q "$3"; }
ok_if "the gateway's time exceeded reaches who may start" ttl_error d3 203.0.113.1 "Time to live exceeded"
ok_if "and over IPv6" ttl_error d3 2001:db8:113::1 "Hop limit"
unreachable() { in_ns "$1" bash -c "exec 3<> /dev/udp/$2/$3; echo >&3; read -t $CORDON_SCALE -u 3 x; echo >&3" 2>&1 | grep -q refused; }
ok_if "control: a closed port answers" unreachable office "$(t_ip4 1)" 9999
not_ok_if "no answer for what is denied" unreachable d1 "$(t_ip4 2)" 9999

# ---- groups

denials() { gw_nft list chain bridge cordon "$1" | awk '/counter/ { for (i = 1; i < NF; i++) if ($i == "packets") n = $(i + 1) } END { print n + 0 }'; }
shout() { in_ns d1 bash -c "echo hello > /dev/udp/239.1.1.1/$1"; }
in_ns d1 ip route add 239.0.0.0/8 dev eth0
before=$(denials g1_cameras)
shout 5353
tick 0.2
is "a group frame of a service that nobody has is denied" $(($(denials g1_cameras) - before > 0)) 1

# ---- wrong marks

ok_if "marks of a generation that does not stand" write_marks 0x80000000
denied d1 "$(t_ip4 3)" "$(t_ip6 3)" 554
denied d1 "$(t_ip4 2)" "$(t_ip6 2)" 554
cells
ok_if "marks without the valid bit" write_marks 0x40000000
denied d1 "$(t_ip4 3)" "$(t_ip6 3)" 554
denied d1 "$(t_ip4 2)" "$(t_ip6 2)" 554
cells

# ---- a swap under traffic: both generations' keys stand beside each other

ok_if "the next generation's text loads beside" gw_nft -f ${RULES%.nft}-even.nft
write_marks 0xc0000000
ok_if "packets of the old one pass" connect d1 "$(t_ip4 3)" 554
write_marks 0x80000000
ok_if "packets of the new one pass" connect d1 "$(t_ip4 3)" 554
ok_if "bridged, too" connect d1 "$(t_ip4 2)" 554
not_ok_if "what both deny is denied" connect d1 "$(t_ip4 3)" 80
