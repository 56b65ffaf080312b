# SPDX-License-Identifier: GPL-2.0-or-later
# The building's wires: bridge, VLANs, office, uplink, one namespace a device.
# shellcheck shell=bash disable=SC2154,SC2153,SC2004

INET_MAC=02:00:00:00:99:01
WAN_MAC=02:00:00:00:99:02

# Quiet, quick, and able to ping without being asked for a group.
namespace() {
	ip netns add "$1"
	ip netns exec "$1" sysctl -qw net.ipv4.ping_group_range="0 0" \
		net.ipv6.conf.all.autoconf=0 net.ipv6.conf.default.autoconf=0
	ip -n "$1" link set lo up
}

# A namespace at the end of a cable: NAME PORT MAC
cable() {
	ip link add "$2" type veth peer name eth0 address "$3" netns "$1"
}

gateway_vlan() {
	local vid=$1 ip4=$2 ip6=$3
	bridge vlan add dev br0 vid "$vid" self
	ip -batch - <<-END
		link add link br0 name br0.$vid type vlan id $vid
		link set br0.$vid up
		address add $ip4 dev br0.$vid
		address add $ip6 dev br0.$vid nodad
	END
}

# A device on a bridge port; with VLAN 10t it tags its frames itself.
device_port() {
	local name=$1 port=${PORT[$1]} vid=${VLAN[$1]%t}
	namespace "$name"
	cable "$name" "$port" "${MAC[$name]}"
	ip link set "$port" master br0 up
	if [ "$vid" = "${VLAN[$name]}" ]; then
		bridge vlan add dev "$port" vid "$vid" pvid untagged
	else
		bridge vlan add dev "$port" vid "$vid"
		ip -n "$name" link add link eth0 name "eth0.$vid" type vlan id "$vid"
		IFACE[$name]=eth0.$vid
	fi
}

build_bridge() {
	local name
	ip link add br0 address "$GATEWAY_MAC" type bridge vlan_filtering 1 \
		vlan_default_pvid 0 stp_state 0 forward_delay 0
	ip link set br0 up
	for name in "${NAMES[@]}"; do
		case ${PORT[$name]} in p?) device_port "$name" ;; esac
	done
}

build_gateway() {
	local kind vid ip4 ip6
	sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.ping_group_range="0 0"
	namespace staff1
	cable staff1 office "${MAC[staff1]}"
	ip link set office up
	while read -r kind vid ip4 ip6; do
		case $kind in
		vlan)
			gateway_vlan "$vid" "$ip4" "$ip6"
			;;
		office)
			ip address add "$ip4" dev office
			ip address add "$ip6" dev office nodad
			;;
		esac
	done < "$DEMO/gateway"
}

# The internet: one host with a DHCP server, a resolver and everything else.
build_uplink() {
	local name
	namespace inet
	ip link add wan0 address "$WAN_MAC" type veth peer name eth0 address "$INET_MAC" netns inet
	sysctl -qw net.ipv6.conf.wan0.accept_ra=2 net.ipv6.conf.wan0.autoconf=1
	ip link set wan0 up
	ip -n inet -batch - <<-END
		address add ${IP4[inet]}/24 dev eth0
		address add ${IP6[inet]}/64 dev eth0 nodad
		link set eth0 up
	END
	# Return routes: without cordon nothing stands between inet and the house.
	for name in "${NAMES[@]}"; do
		is_inside "$name" || continue
		echo "route add ${IP4[$name]} via ${WAN4}"
		echo "route add ${IP6[$name]} via ${WAN6}"
	done | ip -n inet -batch -
}

# Brings a device up as its owner would: link, DHCP lease, its IPv6 address.
plug_in() {
	local name=$1 face=${IFACE[$1]}
	ip -n "$name" link set eth0 up
	ip -n "$name" link set "$face" up
	ip -n "$name" address add "${IP6[$name]}/64" dev "$face"
	background "$name" udhcpc udhcpc -f -i "$face" -s "$DEMO/udhcpc.sh" -t 20 -T 2 -A 2 -S
}

has_lease() { ip -n "$1" -4 address show dev "${IFACE[$1]}" | grep -qF "inet ${IP4[$1]}/"; }
has_route6() { ip -n "$1" -6 route show default | grep -q via; }
is_settled() { ! ip -n "$1" -6 address show dev "${IFACE[$1]}" | grep -q tentative; }
