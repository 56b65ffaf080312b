# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A small site under a policy of policy/examples, with both layers: the ports and VLANs are the example's, every host is a
# network namespace with a stack, addresses, and nothing written down of its neighbours.
#
#   site_up HOSTS GATEWAY       two tables as text; the gateway is netns gw, its bridge br0
#   site_policy NAME            the example, checked and loaded in both layers
#
#   HOSTS    NAME PORT VLAN MAC IPV4/LEN IPV6/LEN    VLAN 10: untagged there; 10t: the host itself tags; -: PORT is routed
#   GATEWAY  WHERE MAC IPV4/LEN IPV6/LEN             WHERE: a VLAN, or a routed port. MAC - on a VLAN: the bridge's

LAYERS=both
. "$(dirname "${BASH_SOURCE[0]}")/lib_lab.sh"

site_tables() {
	site_hosts=$(grep . <<< "$1")
	site_gateway=$(grep . <<< "$2")
}

site_each() { cut -d' ' -f"$1" <<< "$site_hosts"; }

site_namespaces() {
	local ns
	for ns in gw $(site_each 1); do
		echo "netns add $ns"
		namespaces+=("$ns")
	done > "$BLOBS/batch"
	ip -batch "$BLOBS/batch"
}

site_quiet() {
	local ns
	for ns in $(site_each 1); do
		need_lab sysctl ns="$ns" net/ipv6/conf/default/router_solicitations=0 net/ipv6/conf/default/accept_ra=0 \
			net/ipv6/conf/default/addr_gen_mode=1 net/ipv4/icmp_ratemask=0 net/ipv6/icmp/ratelimit=0 || return 1
	done
	need_lab sysctl ns=gw net/ipv4/ip_forward=1 net/ipv6/conf/all/forwarding=1 net/ipv4/icmp_ratemask=0 net/ipv6/icmp/ratelimit=0
}

# MAC of the routed port $1.
site_port_mac() { awk -v where="$1" '$1 == where { print $2 }' <<< "$site_gateway"; }

site_links() {
	local name port vlan mac ip4 ip6
	echo "link set lo up"
	echo "link add br0 address $GW_MAC type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 1 forward_delay 0 stp_state 0"
	echo "link set br0 up"
	while read -r name port vlan mac ip4 ip6; do
		if [ "$vlan" = - ]; then
			echo "link add $port address $(site_port_mac "$port") type veth peer name eth0 address $mac netns $name"
			echo "link set $port up"
		else
			echo "link add $port type veth peer name eth0 address $mac netns $name"
			echo "link set $port master br0 up"
		fi
	done <<< "$site_hosts"
}

site_addresses() {
	local where mac ip4 ip6
	while read -r where mac ip4 ip6; do
		if [ "$mac" = - ]; then
			echo "link add link br0 name br0.$where type vlan id $where"
			where=br0.$where
			echo "link set $where up"
		fi
		echo "addr add $ip4 dev $where"
		echo "addr add $ip6 dev $where nodad"
	done <<< "$site_gateway"
}

site_vlans() {
	local name port vlan mac ip4 ip6
	awk '$2 == "-" { print "vlan add dev br0 vid " $1 " self" }' <<< "$site_gateway"
	while read -r name port vlan mac ip4 ip6; do
		case $vlan in
		-) ;;
		*t) echo "vlan add dev $port vid ${vlan%t}" ;;
		*) echo "vlan add dev $port vid $vlan pvid untagged" ;;
		esac
	done <<< "$site_hosts"
}

# The interface of a host by its VLAN.
site_dev() {
	case $1 in
	*t) echo "eth0.${1%t}" ;;
	*) echo eth0 ;;
	esac
}

# site_stack PORT VLAN IPV4 IPV6: what the host gives itself.
site_stack() {
	local dev where=${2%t} line
	dev=$(site_dev "$2")
	[ "$where" != - ] || where=$1
	echo "link set lo up"
	echo "link set eth0 up"
	[ "$dev" = eth0 ] || echo "link add link eth0 name $dev up type vlan id ${2%t}"
	echo "addr add $3 dev $dev"
	echo "addr add $4 dev $dev nodad"
	read -ra line <<< "$(grep "^$where " <<< "$site_gateway")"
	echo "route add default via ${line[2]%/*}"
	echo "route add default via ${line[3]%/*}"
}

site_lab() {
	local name port vlan mac ip4 ip6 tag
	while read -r name port vlan mac ip4 ip6; do
		tag=
		[ "$vlan" = "${vlan%t}" ] || tag=vlan=${vlan%t}
		need_lab host name="$name" ns="$name" tap="$name" mac="$mac" ip4="${ip4%/*}" ip6="${ip6%/*}" "$tag" || return 1
		need_lab tap name="$name" ns="$name" if=eth0 || return 1
	done <<< "$site_hosts"
	while read -r name mac ip4 ip6; do
		need_lab host name="gw-$name" ns=gw tap=gw mac=$GW_MAC ip4="${ip4%/*}" ip6="${ip6%/*}" || return 1
	done <<< "$site_gateway"
	need_lab tap name=gw ns=gw if=br0 inner
}

site_ready() { [ "$(ip -n gw -o link show up | grep -c 'state UP')" -gt "$(wc -l <<< "$site_hosts")" ]; }

site_build() {
	local name port vlan mac ip4 ip6
	site_tables "$@"
	lab_start
	site_namespaces && site_quiet && ip -n gw -batch - <<< "$(site_links)" && ip -n gw -batch - <<< "$(site_addresses)" &&
		bridge -n gw -batch - <<< "$(site_vlans)" || return 1
	while read -r name port vlan mac ip4 ip6; do
		ip -n "$name" -batch - <<< "$(site_stack "$port" "$vlan" "$ip4" "$ip6")" || return 1
	done <<< "$site_hosts"
	wait_for 5 site_ready && site_lab
}

site_up() {
	if ! site_build "$@"; then
		ok_if "plain: the site stands" false
		exit 1
	fi
}

# example NAME: where the example is: in a guest, installed, or beside the tests in the tree.
example() {
	local dir
	for dir in /usr/share/cordon /usr/share/doc/cordon /usr/local/share/doc/cordon \
		"$(dirname "${BASH_SOURCE[0]}")/../../policy"; do
		[ ! -e "$dir/examples/$1.yaml" ] || break
	done
	echo "$dir/examples/$1.yaml"
}

site_policy() {
	load_module
	load_layers "$(example "$1")" || exit 1
	need_lab kernel ns=gw && on_exit lab info disarm
}
