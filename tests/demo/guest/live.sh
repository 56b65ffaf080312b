# SPDX-License-Identifier: GPL-2.0-or-later
# What happens in the building while one watches. The attacks are played in the
# control run too, where they must succeed.
# shellcheck shell=bash disable=SC2154

STRANGER=02:00:00:00:0b:ad

reached() { grep -cv -e ' silent ' -e ' unreach ' "$1"; }
# tried CELLS ANSWERS: there is an answer to each of the attempts, and there were some.
tried() { [ -s "$1" ] && [ "$(wc -l < "$1")" -eq "$(wc -l < "$2")" ]; }
# nobody_reached CELLS ANSWERS; all_ok likewise.
nobody_reached() { tried "$1" "$2" && [ "$(reached "$2")" -eq 0 ]; }
all_ok() { tried "$1" "$2" && ! grep -qv ' ok ' "$2"; }
somebody_reached() { [ "$(grep -c ' ok ' "$1")" -gt 0 ]; }

# A host that shares a device's cable: NAME DEVICE MAC IPV4 IPV6
intruder() {
	local name=$1 device=$2 mac=$3 ip4=$4 ip6=$5
	namespace "$name"
	ip -n "$device" link add link eth0 name plug address "$mac" type macvlan mode private
	ip -n "$device" link set plug netns "$name" name eth0
	ip -n "$name" -batch - <<-END
		address add $ip4/24 dev eth0
		address add $ip6/64 dev eth0 nodad
		link set eth0 up
		route add default via 10.10.0.1
		route add default via fd00:10::1
	END
	start_prober "$name"
	until_ok 10 test -S "$RUN/$name.sock" || die "the prober of $name did not start"
}

remove_intruder() {
	kill "$(cat "$RUN/$1.prober.pid")"
	ip netns delete "$1"
}

# How many frames the other devices saw from the MAC they watch for.
frames_seen() {
	local name one sum=0
	for name in d2 d3 d4 d5 d6 d7 d8; do
		one=$(ask "$name" count)
		[ "$one" = 0 ] || say "! $name saw $one frames" >&2
		sum=$((sum + one))
	done
	echo "$sum"
}

live_unknown() {
	local name seen out=$RUN/unknown.out
	say "step an unknown device plugs in at the lobby camera's cable"
	for name in d2 d3 d4 d5 d6 d7 d8; do
		ask "$name" watch "$STRANGER" > /dev/null
	done
	intruder x1 d1 "$STRANGER" 10.10.0.13 fd00:10::13
	ask x1 probe "$(limit "$WAIT")" "$DEMO/cells/d1" > "$out"
	seen=$(frames_seen)
	if [ "$MODE" = cordon ]; then
		check "unknown device: none of its $(wc -l < "$out") attempts reached anybody" \
			nobody_reached "$DEMO/cells/d1" "$out"
		check "unknown device: the other devices saw $seen of its frames" test "$seen" -eq 0
		check "unknown device: cordon devices --unknown shows it" shows_unknown
	else
		check "unknown device: $(grep -c ' ok ' "$out") of $(wc -l < "$out") attempts connected" \
			somebody_reached "$out"
		check "unknown device: the other devices saw $seen of its frames" test "$seen" -gt 0
	fi
	remove_intruder x1
}

shows_unknown() { cordon devices --unknown | tee "$RUN/unknown.list" | grep -qi "$STRANGER"; }

# A host at the yard camera's cable has the lobby camera's MAC and address.
live_spoof() {
	local out=$RUN/spoof.out before
	say "step a host at p2 has the MAC and the addresses of the camera at p1"
	intruder s2 d2 "${MAC[d1]}" "${IP4[d1]}" "${IP6[d1]}"
	grep '^gateway/' "$DEMO/cells/d1" > "$RUN/owner.cells"
	[ "$MODE" != cordon ] || before=$(dropped device-port)
	ask s2 probe "$(limit "$WAIT")" "$DEMO/cells/d1" > "$out" &
	if [ "$MODE" = cordon ]; then
		ask d1 probe "$(limit "$WAIT")" "$RUN/owner.cells" > "$RUN/owner.out"
		wait $!
		check "spoofed MAC and address: none of $(wc -l < "$out") attempts reached anybody" \
			nobody_reached "$DEMO/cells/d1" "$out"
		check "spoofed MAC and address: cordon dropped $(($(dropped device-port) - before)) frames for their port" \
			test "$(dropped device-port)" -gt "$before"
		check "spoofed MAC and address: the real camera goes on" owner_served
	else
		wait $!
		check "spoofed MAC and address: $(grep -c ' ok ' "$out") of $(wc -l < "$out") attempts connected" \
			somebody_reached "$out"
	fi
	remove_intruder s2
}

# dropped REASON...: at ingress, so far.
dropped() { cordon stats | awk -v reasons=" $* " '$1 == "ingress" && index(reasons, " " $3 " ") { n += $4 } END { print n + 0 }'; }

owner_served() {
	tried "$RUN/owner.cells" "$RUN/owner.out" && ! grep -E '^gateway/(ping|dns|dns-tcp|ntp)/' "$RUN/owner.out" | grep -v ' ok '
}

# A camera with its own MAC takes the address of a recorder, which may more.
live_address() {
	local recorder=${IP4[d8]} before
	say "step a camera takes a recorder's address"
	at d2 ip address add "$recorder/32" dev eth0
	at d2 ip neigh flush dev eth0
	at d2 arping -q -U -c 2 -I eth0 "$recorder" > /dev/null 2>&1
	if [ "$MODE" = cordon ]; then
		# Of the address that it has taken it asks by ARP first.
		before=$(dropped address-spoof arp-sender)
		check "spoofed address: the camera gets no video with it" fails borrow "$recorder"
		check "spoofed address: cordon dropped $(($(dropped address-spoof arp-sender) - before)) frames for it" \
			test "$(dropped address-spoof arp-sender)" -gt "$before"
		check "spoofed address: the recorder itself still does" at d8 curl -sS -f -m 10 \
			-o /dev/null "http://${IP4[d1]}:554/"
	else
		check "spoofed address: the camera gets another's video with it" borrow "$recorder"
	fi
	at d2 ip address delete "$recorder/32" dev eth0
}

borrow() { at d2 curl -sS -f -m 4 -o /dev/null --interface "$1" "http://${IP4[d1]}:554/" 2>/dev/null; }
fails() { ! "$@"; }

# ---- running transfers

# pull LABEL FROM SERVER PORT: a long download, which the server sends at a steady
# rate; frames of it are counted at FROM
pull() {
	local label=$1 from=$2 server=$3 port=$4
	ask "$from" watch "${IP4[$server]}" "${IFACE[$from]}" > /dev/null
	background "$from" "$label" curl -sS -o /dev/null "http://${IP4[$server]}:$port/stream"
	until_ok 15 flows "$from" 10 || die "the transfer $label does not run"
}

flows() { [ "$(ask "$1" count)" -ge "$2" ]; }
stop_pull() { kill "$(cat "$RUN/$1.$2.pid")" 2>/dev/null; ask "$1" unwatch; }

# goes_on FROM COUNT: it was cut by nobody since then
goes_on() { until_ok 15 flows "$1" $(($2 + 4)); }

live_quarantine() {
	local before after other code list=$RUN/quarantine.cells
	local -a jobs=()
	say "step the busy lobby camera is quarantined; the yard camera is busy too"
	pull other d7 d2 554
	pull video d8 d1 554
	cordon quarantine camera-lobby > "$RUN/quarantine.log" 2>&1
	code=$?
	before=$(ask d8 count)
	other=$(ask d7 count)
	check "quarantine: the command says it is done" test "$code" -eq 0
	ask d1 probe "$(limit "$WAIT")" "$DEMO/cells/d1" > "$RUN/quarantine.out" &
	jobs+=($!)
	grep '^d1/' "$DEMO/cells/d8" > "$list"
	ask d8 probe "$(limit "$WAIT")" "$list" > "$RUN/quarantine.to" &
	jobs+=($!)
	wait "${jobs[@]}"
	after=$(ask d8 count)
	check "quarantine: $before frames of its transfer before the reply, $((after - before)) after it" \
		test "$after" -eq "$before"
	check "quarantine: the yard camera's transfer goes on, $(($(ask d7 count) - other)) frames meanwhile" \
		goes_on d7 "$other"
	check "quarantine: the camera reaches nobody" nobody_reached "$DEMO/cells/d1" "$RUN/quarantine.out"
	check "quarantine: nobody reaches the camera" nobody_reached "$list" "$RUN/quarantine.to"
	check "quarantine: status lists it first" lists_quarantine
	stop_pull d8 video
	stop_pull d7 other
	cordon release camera-lobby > /dev/null 2>&1
	check "release: the camera is served again" until_ok 10 owner_returns
}

lists_quarantine() { cordon status | head -n 1 | grep -q camera-lobby; }

owner_returns() {
	ask d1 probe "$(limit 2000)" "$RUN/owner.cells" > "$RUN/owner.out"
	owner_served
}

live_tighten() {
	local kept before after code
	say "step the policy is tightened: recorders may no longer fetch video"
	pull video d7 d2 554
	pull files staff1 d5 80
	sed 's/allow: \[rtsp, http, ping\]/allow: [http, ping]/' "$POLICY" > "$RUN/policy.new"
	cmp -s "$POLICY" "$RUN/policy.new" && die "the policy has no flow to take away"
	cp "$RUN/policy.new" "$POLICY"
	cordon apply > "$RUN/tighten.log" 2>&1
	code=$?
	before=$(ask d7 count)
	kept=$(ask staff1 count)
	check "tightened: cordon apply says it is done" test "$code" -eq 0
	grep -e '^d[12]/rtsp/' "$DEMO/cells/d7" > "$RUN/rtsp.cells"
	grep -e '^d[12]/http/' "$DEMO/cells/d7" > "$RUN/http.cells"
	ask d7 probe "$(limit 4000)" "$RUN/rtsp.cells" > "$RUN/rtsp.out"
	after=$(ask d7 count)
	check "tightened: $before frames of a video before the reply, $((after - before)) after it" \
		test "$after" -eq "$before"
	check "tightened: a flow that both policies allow goes on, $(($(ask staff1 count) - kept)) frames meanwhile" \
		goes_on staff1 "$kept"
	check "tightened: no new video connection" nobody_reached "$RUN/rtsp.cells" "$RUN/rtsp.out"
	ask d7 probe "$(limit 4000)" "$RUN/http.cells" > "$RUN/http.out"
	check "tightened: what is still allowed connects" all_ok "$RUN/http.cells" "$RUN/http.out"
	stop_pull d7 video
	stop_pull staff1 files
}

# ---- the daemon and the second layer go away

cordonds() { pgrep -x cordond; }

live_killed() {
	local before
	before=$(ruleset_id)
	say "step cordond is killed with -9"
	# shellcheck disable=SC2046
	kill -9 $(cordonds)
	until_ok 5 fails cordonds || die "cordond survives kill -9"
	measure killed "$WAIT"
	check "killed: no daemon came back by itself" fails cordonds
	say "step nft flush ruleset, with nobody to repair it"
	nft flush ruleset
	probe_all flushed "$WAIT"
	report_cells flushed
	say "step cordond starts again"
	check "restarted: cordond answers" start_daemon
	check "restarted: nftables is repaired" until_ok 20 tables_there
	check "restarted: the same generation and digest" same_ruleset "$before"
}

same_ruleset() {
	local now
	now=$(ruleset_id)
	[ -n "$now" ] && [ "$now" = "$1" ] && return
	say "! before: $1; now: $now"
	return 1
}

# Flushes until the process PID ends: counts in `flushes`, the slowest repair in
# `slowest_ms`. False as soon as a repair does not come.
flush_while() {
	local pid=$1 start took
	flushes=0 slowest_ms=0
	while kill -0 "$pid" 2> /dev/null; do
		nft flush ruleset
		start=$(date +%s%N)
		until_ok 20 tables_there || return 1
		took=$((($(date +%s%N) - start) / 1000000))
		flushes=$((flushes + 1))
		[ "$took" -le "$slowest_ms" ] || slowest_ms=$took
	done
}

live_flushed() {
	local flushes slowest_ms repaired probing
	say "step nft flush ruleset again and again, while cordond runs and everything is tried"
	probe_all flushing "$WAIT" &
	probing=$!
	flush_while "$probing"
	repaired=$?
	wait "$probing"
	report_cells flushing
	check "flushed: cordond repaired each of $flushes flushes, the slowest in $slowest_ms ms" \
		test "$repaired" -eq 0
	say "step the allowed cells once more"
	measure_wanted repaired 15000
}

# ---- the box itself

live_box() {
	local lease=$RUN/lease.wan0. before
	say "step the box itself: lease, names, time"
	before=$(grep -c . "$lease")
	kill -USR1 "$(cat "$RUN/gateway.udhcpc.pid")"
	check "the box renews its uplink lease" until_ok 20 renewed "$lease" "$before"
	check "the box resolves names" until_ok 10 nslookup -type=a demo.test
	check "the box reaches ntp" run_real ntp "${IP4[inet]}"
}

renewed() { [ "$(grep -c . "$1")" -gt "$2" ]; }

# Disarm, end the daemon, remove the module: the way out, on the console.
leave_no_trace() {
	say "step cordon is disarmed"
	cordon disarm --console > "$RUN/disarm.log" 2>&1
	# shellcheck disable=SC2046
	kill $(cordonds)
	until_ok 10 fails cordonds
	check "disarmed: the module can be removed" until_ok 10 rmmod cordon
}

live() {
	WAIT=5000
	live_unknown
	live_spoof
	live_address
	[ "$MODE" = cordon ] || return
	live_box
	live_quarantine
	live_killed
	live_flushed
	live_tighten
	leave_no_trace
}
