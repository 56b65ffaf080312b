#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# modules: foil wire
# timeout: 240
# short: stock
#
# Each finding of `cordon doctor`: provoked, seen, mended, gone. And the guard of `cordon disarm`.
# "port-newer" needs a module that is newer than itself: tests/unit/userland/doctor.c plays it.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
need_module
modprobe -n foil || skip_all "no foil.ko here"
house_up
g() { in_ns gw "$@"; }

doctor() { g cordon doctor --socket "$SOCKET" --state-dir "$DAEMON/state" --json > "$DAEMON/doctor"; }
# finds ID WORDS: an answer at all, and this finding in it.
finds() { doctor; grep -A1 "\"id\": \"$1\"" "$DAEMON/doctor" | grep -q "\"text\": .*$2"; }
lacks() { doctor; grep -q '"findings"' "$DAEMON/doctor" && ! grep -q "\"id\": \"$1\"" "$DAEMON/doctor"; }

# finding ID PROVOKE MEND [WORDS]: two cases.
finding() {
	eval "$2" > "$DAEMON/step" 2>&1
	ok_if "$1 is found${4:+: $4}" wait_for 15 finds "$1" "$4" || sed 's/^/# /' "$DAEMON/step" "$DAEMON/doctor"
	eval "$3" > "$DAEMON/step" 2>&1
	ok_if "$1 is gone${4:+: $4}" wait_for 15 lacks "$1" || sed 's/^/# /' "$DAEMON/step" "$DAEMON/doctor"
}

ok_if "the daemon starts" daemon_start
g sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
modprobe nf_conntrack_bridge 2> /dev/null
finding not-armed : "c apply"
finding forwarding-v4 "g sysctl -qw net.ipv4.ip_forward=0" "g sysctl -qw net.ipv4.ip_forward=1"
finding forwarding-v6 "g sysctl -qw net.ipv6.conf.all.forwarding=0" "g sysctl -qw net.ipv6.conf.all.forwarding=1"
finding mark-rule "g ip rule add not fwmark 0xca6c table 51820" "g ip rule del not fwmark 0xca6c table 51820" "0xca6c"
finding mark-rule "g ip -6 rule add fwmark 0x80000/0xff0000 table 52" "g ip -6 rule del fwmark 0x80000/0xff0000 table 52" "0x80000"
finding port-no-carrier "ip -n d1 link set eth0 down" "ip -n d1 link set eth0 up"
finding port-renamed "ip -n gw link set p6 down; ip -n gw link set p6 name q6" "ip -n gw link set q6 name p6; ip -n gw link set p6 up"
finding port-zone-in-bridge "ip -n gw link set office master br0" "ip -n gw link set office nomaster"
finding port-stacked "ip -n gw link add mv0 link office type macvlan" "ip -n gw link del mv0"
finding port-diverted "ip -n gw link add mv0 link office type macvlan" "ip -n gw link del mv0"
finding port-tc "g tc qdisc add dev p1 clsact; g tc filter add dev p1 ingress matchall action gact ok" "g tc qdisc del dev p1 clsact"
finding unmanaged-member "ip -n gw link add x0 type dummy; ip -n gw link set x0 master br0" "ip -n gw link del x0"
finding port-foreign-hook "g nft add table netdev x; g nft 'add chain netdev x i { type filter hook ingress device p1 priority -2147483648; }'" \
	"g nft delete table netdev x; c apply"
finding port-tc "g tc qdisc add dev p2 ingress; g tc filter add dev p2 parent ffff: matchall action gact ok" "g tc qdisc del dev p2 ingress" "port p2"
finding port-xdp "g xdp p1" "ip -n gw link set dev p1 xdp off"
foil_up() {
	ip -n gw link del p6
	ip -n gw link add p6 type foil
	ip -n gw link set p6 up
}
p6_up() {
	ip -n gw link del p6
	ip -n gw link add p6 type veth peer name eth0 netns d6
	ip -n gw link set p6 up
	ip -n d6 link set eth0 up
}
finding port-hw-tc foil_up "g ethtool -K p6 hw-tc-offload off"
flowtable_up() {
	foil_up
	g ethtool -K p6 hw-tc-offload off
	g nft add table inet x
	g nft 'add flowtable inet x f { hook ingress priority 0; devices = { p6 }; flags offload; }'
}
finding hw-flowtable flowtable_up "g nft delete table inet x" "a flowtable .* port p6"
finding port-hw-forward : p6_up
rmmod foil
vlan_up() {
	ip -n gw link del p6
	ip -n gw link add x0 type dummy
	ip -n gw link set x0 up
	ip -n gw link add link x0 name p6 type vlan id 7
	ip -n gw link set p6 up
}
finding port-lower vlan_up "ip -n gw link del x0; p6_up"

# Somebody in the kernel takes a hook away. Families and hooks by number: inet, bridge, netdev.
for it in "1 2 IPv4 forward" "1 1 IPv4 input" "1 3 IPv4 output" "7 2 bridge forward" "7 1 bridge input" "7 3 bridge output"; do
	read -r family hook words <<< "$it"
	finding hook-missing "g modprobe foil family=$family hook=$hook" "rmmod foil" "at $words"
done
finding port-unhooked "g modprobe foil family=5 hook=0 port=p1" "rmmod foil" "port p1"
finding port-unhooked "g modprobe foil family=5 hook=1 port=p2" "rmmod foil" "port p2"
# Another policy: the same one under another number would be recognised.
sed 's/udp.7000/udp\/7001/' "$POLICY" > "$DAEMON/other.yaml"
not_ok_if "load does not work against a daemon" c load "$POLICY"
finding state-generation "daemon_stop; c load $DAEMON/other.yaml; daemon_start" "c apply"

finding daemon-state "daemon_stop; c load $DAEMON/other.yaml; daemon_start" "c apply"
modprobe br_netfilter
on_exit modprobe -r br_netfilter
finding br-netfilter "g sysctl -qw net.bridge.bridge-nf-call-iptables=1" \
	"g sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0"
finding br-netfilter-vlan "g sysctl -qw net.bridge.bridge-nf-filter-vlan-tagged=1" \
	"g sysctl -qw net.bridge.bridge-nf-filter-vlan-tagged=0"

# Without the daemon nobody mends.
daemon_stop
finding daemon : daemon_start
daemon_stop
finding nft-drift "g nft add chain inet cordon strange" daemon_start
daemon_stop
finding nft-absent "g nft flush ruleset" daemon_start
daemon_stop
finding state-db "mv $DAEMON/state/state.db $DAEMON/aside" "mv $DAEMON/aside $DAEMON/state/state.db"
# An apply by root stands in the audit log: a letter of it, in a file that somebody edits.
finding audit-log "cp $DAEMON/state/state.db $DAEMON/aside; LC_ALL=C sed -i s/uid\ 0apply/uid\ 0applY/g $DAEMON/state/state.db" \
	"cp $DAEMON/aside $DAEMON/state/state.db"
# Another hand commits a ruleset to the module alone.
finding nft-generation "need_lab ruleset load ns=gw file=$(blob house)" "daemon_start; c apply"
finding port-absent "ip -n gw link del p6" p6_up

# A kernel with nf_tables inside it cannot lose it, nor what it needs: only where they are modules.
nft_away() {
	local n
	g nft flush ruleset
	echo /bin/false > /proc/sys/kernel/modprobe
	for ((n = 0; n < 20; n++)); do
		[ -e /sys/module/nf_tables ] || return 0
		rmmod $(awk '/^(nft_|nf_tables |nf_flow_table_inet )/ { print $1 }' /proc/modules) 2> /dev/null
	done
}
loader=$(cat /proc/sys/kernel/modprobe)
if grep -q '^nf_tables ' /proc/modules; then
	daemon_stop
	finding kernel-feature "g nft flush ruleset; echo /bin/false > /proc/sys/kernel/modprobe; rmmod nft_masq" \
		"echo $loader > /proc/sys/kernel/modprobe" masquerading
	finding nft-unreadable nft_away "echo $loader > /proc/sys/kernel/modprobe; daemon_start"
fi

case_begin "disarm refuses a caller behind a managed port"
SSH_CONNECTION="10.30.0.1 50000 10.30.0.254 22" c disarm > "$DAEMON/out" 2>&1
status=$?
if [ $status = 3 ] && grep -q "managed port office" "$DAEMON/out"; then pass; else fail "exit $status: $(cat "$DAEMON/out")"; fi
is "it is still armed" "$(field armed)" true
case_begin "disarm names the management path"
SSH_CONNECTION="192.0.2.1 50000 192.0.2.254 22" c disarm > "$DAEMON/out" 2>&1
status=$?
if [ $status = 0 ] && grep -q "zone staff on office" "$DAEMON/out"; then pass; else fail "exit $status: $(cat "$DAEMON/out")"; fi
is "nothing is armed" "$(direct armed)" false
is "it is in the audit log" "$(c log --count 1 | grep -c ' disarm ')" 1
daemon_stop
case_begin "unreachable is found by a user without a daemon"
in_ns gw setpriv --reuid 1004 --regid 1004 --clear-groups cordon doctor --socket "$SOCKET" --json > "$DAEMON/doctor"
if [ $? = 5 ] && grep -q '"unreachable"' "$DAEMON/doctor"; then pass; else fail "$(tr -d '\n' < "$DAEMON/doctor")"; fi
ok_if "unreachable is gone for who may ask the kernel" lacks unreachable
# The kernel loads the module for whoever asks for its family, unless it cannot.
finding module "echo /bin/false > /proc/sys/kernel/modprobe; rmmod cordon" "echo $loader > /proc/sys/kernel/modprobe; modprobe cordon"
rmmod cordon
insmod /tests/wire/cordon.ko
refusal() { g timeout $((30 * CORDON_SCALE)) cordond --foreground --state-dir "$DAEMON/state" --socket "$SOCKET" > "$DAEMON/out" 2>&1; }
not_ok_if "cordond does not start against a module of another wire version" refusal
ok_if "and says so" grep -q 'speaks wire version [0-9]*, this program speaks [0-9]' "$DAEMON/out"
finding wire-version : "rmmod cordon; modprobe cordon"
show_log
