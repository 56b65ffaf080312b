# SPDX-License-Identifier: GPL-2.0-or-later
# Real servers: the same on every endpoint, so that what is denied is
# denied by the gateway and not by an empty port.
# shellcheck shell=bash disable=SC2154

WWW=/run/demo/www

prepare_servers() {
	mkdir -p "$WWW" /root/.ssh "$RUN/etc"
	echo "cordon demo" > "$WWW/index.html"
	truncate -s 1G "$WWW/stream"
	printf '/bin/bash\n/bin/sh\n' > /etc/shells
	dropbearkey -t ed25519 -f "$RUN/etc/host.key" >/dev/null 2>&1
	dropbearkey -t ed25519 -f "$RUN/etc/user.key" 2>/dev/null |
		grep '^ssh-' > /root/.ssh/authorized_keys
	chmod 700 /root /root/.ssh
	chmod 600 /root/.ssh/authorized_keys
	printf '%s\n' "listener 1883" "listener 8883" "certfile $DEMO/cert.pem" \
		"keyfile $DEMO/key.pem" "allow_anonymous true" "user root" "log_dest stderr" \
		> "$RUN/etc/mosquitto.conf"
	lighttpd_conf > "$RUN/etc/lighttpd.conf"
}

lighttpd_conf() {
	cat <<-END
		server.modules = ( "mod_openssl" )
		server.document-root = "$WWW"
		server.bind = "[::]"
		server.port = 80
		server.set-v6only = "disable"
		index-file.names = ( "index.html" )
		\$SERVER["socket"] == "[::]:554" { }
		\$HTTP["url"] == "/stream" { connection.kbytes-per-second = 128 }
		\$SERVER["socket"] == "[::]:443" {
			ssl.engine = "enable"
			ssl.pemfile = "$DEMO/cert.pem"
			ssl.privkey = "$DEMO/key.pem"
		}
	END
}

chrony_conf() {
	printf '%s\n' "local stratum 8" allow "cmdport 0" "bindcmdaddress /" "user root" \
		"pidfile $RUN/$1.chronyd.pid2"
}

# The devices' own resolver; gateway and inet have a larger one each.
small_dnsmasq() {
	background "$1" dnsmasq dnsmasq -k --log-facility=- --conf-file=/dev/null --user=root --pid-file= \
		--no-resolv --no-hosts --bind-dynamic --host-record="demo.test,${IP4[inet]}"
}

start_servers() {
	local name=$1
	background "$name" lighttpd lighttpd -D -f "$RUN/etc/lighttpd.conf" -m /usr/lib/lighttpd
	background "$name" mosquitto mosquitto -c "$RUN/etc/mosquitto.conf"
	background "$name" dropbear dropbear -F -E -m -s -r "$RUN/etc/host.key" -p 22 \
		-P "$RUN/$name.dropbear.pid2"
	chrony_conf "$name" > "$RUN/etc/chrony.$name"
	background "$name" chronyd chronyd -x -d -f "$RUN/etc/chrony.$name"
	case $name in gateway|inet) ;; *) small_dnsmasq "$name" ;; esac
}

# inet: leases for the uplink, router advertisements, names.
start_inet() {
	background inet dnsmasq dnsmasq -k --log-facility=- --conf-file=/dev/null --user=root --pid-file= \
		--no-resolv --no-hosts --bind-dynamic --dhcp-authoritative --no-ping \
		--host-record="demo.test,${IP4[inet]},${IP6[inet]}" \
		--dhcp-leasefile="$RUN/inet.leases" --enable-ra \
		--dhcp-range="${WAN4%.*}.0,static,255.255.255.0,120" \
		--dhcp-host="$WAN_MAC,$WAN4" \
		--dhcp-option=option:dns-server,"${IP4[inet]}" \
		--dhcp-range="${WAN6%%::*}::,ra-only,64" --ra-param=eth0,high,10
}

# The gateway: fixed leases as the policy has them, RA, a forwarding resolver.
start_dnsmasq() {
	local kind vid where ip4 ip6 name
	local -a words=()
	while read -r kind vid ip4 ip6; do
		case $kind in vlan) where=br0.$vid ;; office) where=office ;; *) continue ;; esac
		words+=("--dhcp-range=${ip4%.*}.0,static,255.255.255.0,1h"
			"--dhcp-range=${ip6%%::*}::,static,64,1h" "--ra-param=$where,high,10")
	done < "$DEMO/gateway"
	for name in "${NAMES[@]}"; do
		is_inside "$name" || continue
		words+=("--dhcp-host=${MAC[$name]},${IP4[$name]}")
	done
	background gateway dnsmasq dnsmasq -k --log-facility=- --conf-file=/dev/null --user=root --pid-file= \
		--no-hosts --bind-dynamic --resolv-file=/etc/resolv.conf --cache-size=0 \
		--no-ping --dhcp-authoritative --enable-ra --no-dhcp-interface=wan0 \
		--dhcp-leasefile="$RUN/gateway.leases" "${words[@]}"
}
