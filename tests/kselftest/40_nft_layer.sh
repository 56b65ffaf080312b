#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# The nftables layer by itself. No cordon.ko here: a small table of ours writes the marks the module would write and judges nothing, so what is
# denied below is denied by nftables. The ruleset is the golden text of tests/golden/nft/topology.yaml. That the module's own marks do the
# same is 48_layers.sh.
. "$(dirname "$0")/lib_lab.sh"

RULES=/usr/share/cordon/golden-nft/topology.nft
T_DEVICES=4
need_tool nft
[ -e $RULES ] || skip_all "no golden texts in this guest"
without_module

topology_up || exit 1

# d2 is behind a trunk: frames leave p2 with their tag.
bridge -n gw -batch - <<-'VLANS'
	vlan del dev p2 vid 10
	vlan add dev p2 vid 10
VLANS
ip -n d2 -batch - <<-TRUNK
	addr flush dev eth0
	link add link eth0 name eth0.10 type vlan id 10
	addr add $(t_ip4 2)/24 dev eth0.10
	addr add $(t_ip6 2)/64 dev eth0.10 nodad
	link set eth0.10 up
TRUNK

gw_nft() { in_ns gw nft "$@"; }

# ---- the marks

# name, namespace, zone id as in the golden text, addresses, MAC
mapfile -t ENDPOINTS <<-ENDPOINTS
	d1 d1 5 $(t_ip4 1) $(t_ip6 1) $(mac_of 1)
	d2 d2 6 $(t_ip4 2) $(t_ip6 2) $(mac_of 2)
	d3 d3 7 $(t_ip4 3) $(t_ip6 3) $(mac_of 3)
	d4 d4 8 $(t_ip4 4) $(t_ip6 4) $(mac_of 4)
	office office 9 10.0.90.1 fd00:90::1 02:00:00:00:fd:01
	wan wan 2 203.0.113.1 2001:db8:113::1 02:00:00:00:fd:02
	gw10 gw 1 $(t_gw4 10) $(t_gw6 10) 02:00:00:00:ff:01
	gw20 gw 1 $(t_gw4 20) $(t_gw6 20) 02:00:00:00:ff:01
	gwdesk gw 1 10.0.90.254 fd00:90::fe 02:00:00:00:fe:01
	gwwan gw 1 203.0.113.254 2001:db8:113::fe 02:00:00:00:fe:02
ENDPOINTS

# "source . destination : mark," for every ordered pair; the marks without the valid bit and the parity, which write_marks adds.
four=
six=
for a in "${ENDPOINTS[@]}"; do
	read -r name _ zone v4 v6 _ <<< "$a"
	for b in "${ENDPOINTS[@]}"; do
		read -r other _ to to4 to6 _ <<< "$b"
		[ "$name" != "$other" ] || continue
		printf -v mark '0x%08x' $((zone << 22 | to << 14))
		four+="$v4 . $to4 : $mark,"
		six+="$v6 . $to6 : $mark,"
	done
done

# write_marks PARITY-AND-VALID-BITS: the module's part, without its judgement
write_marks() {
	local bits=$1
	gw_nft -f - <<-NFT
	table inet marks
	delete table inet marks
	table bridge marks
	delete table bridge marks
	table inet marks {
		map four { type ipv4_addr . ipv4_addr : mark; elements = { $four } }
		map six { type ipv6_addr . ipv6_addr : mark; elements = { $six } }
		chain set_mark {
			meta mark set 0x0
			meta mark set ip saddr . ip daddr map @four
			meta mark set ip6 saddr . ip6 daddr map @six
			meta mark != 0x0 meta mark set meta mark or $bits
		}
		chain forward { type filter hook forward priority filter - 1; jump set_mark; }
		chain input { type filter hook input priority filter - 1; jump set_mark; }
		chain output { type filter hook output priority filter - 1; jump set_mark; }
	}
	table bridge marks {
		map pairs {
			type ether_addr . ether_addr : mark
			elements = {
				$(mac_of 1) . $(mac_of 2) : $(printf 0x%08x $((bits | 5 << 22 | 6 << 14))),
				$(mac_of 2) . $(mac_of 1) : $(printf 0x%08x $((bits | 6 << 22 | 5 << 14)))
			}
		}
		chain forward {
			type filter hook forward priority filter - 1
			meta mark set 0x0
			meta mark set ether saddr . ether daddr map @pairs
			meta pkttype multicast ether saddr $(mac_of 1) meta mark set $(printf 0x%08x $((bits | 5 << 22)))
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

lab_start
for it in "${ENDPOINTS[@]}" "mgmt mgmt - 192.0.2.1 2001:db8:2::1 02:00:00:00:fd:03" "gwmgmt gw - 192.0.2.254 2001:db8:2::fe 02:00:00:00:fe:03" \
	"lo gw - 127.0.0.1 ::1 00:00:00:00:00:00" "x x - 198.51.100.2 fd00:51::2 02:00:00:00:51:02" "gwx gw - 198.51.100.1 fd00:51::1 02:00:00:00:51:01"; do
	read -r name ns _ ip4 ip6 mac <<< "$it"
	need_lab host name="$name" ns="$ns" tap="$name" ip4="$ip4" ip6="$ip6" mac="$mac"
done
need_lab tap name=d1 ns=d1 if=eth0

# allowed|denied KIND FROM TO [PORT]: a case for each family. What is denied is silent, and counted by whom it is denied: see denials_are.
silent_cells=0
one_family() {
	local want=$1 name=$2
	shift 2
	case_begin "$name"
	[ "$want" = open ] || silent_cells=$((silent_cells + 1))
	if lab probe "$@" want="$want"; then pass; else fail "$lab_answer"; fi
}
both_families() {
	local want=$1 word=$2 kind=$3 from=$4 to=$5 port=$6
	one_family "$want" "$word: $kind $from to $to ${port#port=}" "$kind" from="$from" to="$to" "$port"
	one_family "$want" "$word: $kind $from to $to ${port#port=} by IPv6" "$kind" six from="$from" to="$to" "$port"
}
allowed() { both_families open allowed tcp "$1" "$2" port="$3"; }
denied() { both_families "silence ms=60" denied tcp "$1" "$2" port="$3"; }
pings() { both_families open allowed ping "$1" "$2"; }
no_ping() { both_families "silence ms=60" denied ping "$1" "$2"; }

# drops: what all rules that drop have counted.
drops() {
	gw_nft list ruleset | awk '/counter packets/ { for (i = 1; i < NF; i++) if ($i == "packets") n += $(i + 1) } END { print n + 0 }'
}
denials_begin() {
	silent_cells=0
	drops_before=$(drops)
}
# denials_are NAME: every silent cell since denials_begin was a drop of nftables.
denials_are() {
	case_begin "$1"
	local dropped=$(($(drops) - drops_before))
	if [ $silent_cells -gt 0 ] && [ $dropped -ge $silent_cells ]; then pass; else fail "$dropped drops for $silent_cells silent cells"; fi
}

# ---- control: everything is open before

allowed d1 d2 80
allowed d2 d1 554
allowed d1 d3 80
allowed d3 d1 554
allowed d1 d4 554
allowed d1 gw10 22
allowed d3 gw20 53
allowed gw20 d3 554
allowed gw10 d1 80
allowed office gwdesk 80
allowed office d3 80
allowed d1 office 443
allowed d3 wan 443
allowed d1 wan 80
allowed wan d3 554
allowed d1 gwmgmt 22
pings d1 d2
pings d2 d1
pings d1 gw10
pings d1 mgmt
pings mgmt d1

# ---- no module: no key, no passage for managed ports

ok_if "the text loads" no_marks
denials_begin
no_ping d1 d2
denied d1 d3 554
denied d1 gw10 53
denied gw20 d3 80
denied office gwdesk 22
denied d1 gwmgmt 22
no_ping d1 mgmt
no_ping mgmt d1
denials_are "without marks it is nftables that denies"
allowed lo lo 80
allowed mgmt gwmgmt 22
pings gwmgmt mgmt
# Another's marks: on unmanaged interfaces they are not looked at, on managed ones they open nothing.
gw_nft 'table inet foreign { chain pre { type filter hook prerouting priority -200; meta mark set 0xc0000000; };
	chain out { type filter hook output priority -200; meta mark set 0xc0000000; }; }'
allowed mgmt gwmgmt 22
pings gwmgmt mgmt
no_ping d1 d3
gw_nft delete table inet foreign
resolved() { ip -n "$1" neigh show to "$2" | grep lladdr || { ip -n "$1" neigh; false; }; }
passes_unmarked() {
	lab probe ping $3 from=d1 to="$2" want=silence ms=60
	ok_if "$1" wait_for 2 resolved d1 "$4"
}
in_ns d1 ip neigh flush dev eth0
passes_unmarked "ARP passes" d2 "" "$(t_ip4 2)"
passes_unmarked "neighbour discovery passes" d2 six "$(t_ip6 2)"
passes_unmarked "with the gateway, too" gw10 six "$(t_gw6 10)"

setup_ns x
ip -n gw -batch - <<-'BRIDGE'
	link add brx type bridge
	link add vx type veth peer name vy netns x
	link set vx master brx up
	addr add 198.51.100.1/24 dev brx
	link set brx up
BRIDGE
ip -n x link set vy up
ip -n x addr add 198.51.100.2/24 dev vy
one_family "silence ms=200" "a bridge that nobody vouches for is denied" ping from=x to=gwx
gw_nft add element inet cordon unmanaged '{ "brx" }'
one_family open "one that is named unmanaged passes" ping from=x to=gwx retry
ip -n gw link del brx

# ---- with marks: what the policy says

ok_if "marks are written" write_marks 0xc0000000
denials_begin
allowed d1 d2 554
allowed d1 d2 8005
denied d1 d2 80
denied d2 d1 554
pings d1 d2
no_ping d2 d1
allowed d1 d3 554
denied d1 d3 80
denied d3 d1 554
denied d1 d4 554
allowed d1 gw10 53
denied d1 gw10 22
denied d3 gw20 53
allowed gw20 d3 80
denied gw20 d3 554
denied gw10 d1 80
allowed office gwdesk 22
denied office gwdesk 80
allowed office d1 80
allowed office d3 8005
denied office d3 80
denied d1 office 443
denied d3 wan 443
denied d1 wan 80
denied wan d3 554
translated() { lab probe tcp $1 from=d3 to=wan port=80 want=open && [ "$(lab_field peer)" = "$2" ]; }
ok_if "the uplink translates IPv4" translated "" 203.0.113.254
ok_if "the uplink translates IPv6" translated six 2001:db8:113::fe
one_family open "ping to the internet" ping from=d3 to=wan
denials_are "with marks it is nftables that denies"

# ---- errors belong to their flow

one_family icmp:11/0 "the gateway's time exceeded reaches who may start" ping ttl=1 from=d3 to=wan
one_family icmp:3/0 "and over IPv6" ping six ttl=1 from=d3 to=wan
one_family icmp:3/3 "control: a closed port answers" udp noserver from=office to=d1 port=9999
one_family "silence ms=60" "no answer for what is denied" udp noserver from=d1 to=d2 port=9999

# ---- groups

group_denials() { gw_nft list chain bridge cordon g1_cameras | awk '/counter/ { for (i = 1; i < NF; i++) if ($i == "packets") n = $(i + 1) } END { print n + 0 }'; }
counted_more() { [ "$(group_denials)" -gt "$before" ]; }
before=$(group_denials)
need_lab send udp from=d1 dst=239.1.1.1 dport=5353
ok_if "a group frame of a service that nobody has is denied" wait_for 2 counted_more

# ---- wrong marks

ok_if "marks of a generation that does not stand" write_marks 0x80000000
denials_begin
denied d1 d3 554
denied d1 d2 554
ok_if "marks without the valid bit" write_marks 0x40000000
denied d1 d3 554
denied d1 d2 554
denials_are "with wrong marks it is nftables that denies"

# ---- a swap under traffic: both generations' keys stand beside each other

ok_if "the next generation's text loads beside" gw_nft -f ${RULES%.nft}-even.nft
write_marks 0xc0000000
one_family open "packets of the old one pass" tcp from=d1 to=d3 port=554
write_marks 0x80000000
one_family open "packets of the new one pass" tcp from=d1 to=d3 port=554
one_family open "bridged, too" tcp from=d1 to=d2 port=554
one_family "silence ms=60" "what both deny is denied" tcp from=d1 to=d3 port=80
