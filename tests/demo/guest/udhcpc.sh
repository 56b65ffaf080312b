#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a DHCP client does with its lease. On wan0 it also takes the resolver.
# shellcheck disable=SC2154
case $1 in
deconfig)
	ip link set "$interface" up
	;;
bound|renew)
	echo "$1 $ip $lease $(cut -d' ' -f1 /proc/uptime)" >> "/run/demo/lease.$interface.$(ip netns identify $$)"
	ip address replace "$ip/$mask" dev "$interface"
	[ -z "$router" ] || ip route replace default via "${router%% *}" dev "$interface"
	if [ "$interface" = wan0 ]; then
		printf 'nameserver %s\n' "${dns%% *}" > /etc/resolv.conf
	fi
	;;
esac
