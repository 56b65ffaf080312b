# SPDX-License-Identifier: GPL-2.0-or-later
# The real programs: one run for each pair and service that the list names.
# shellcheck shell=bash disable=SC2154,SC2016

run_real() {
	local service=$1 to=$2
	case $service in
	ping) ping -n -c 1 -W $((5 * SLOW)) "$to" ;;
	dns) nslookup -type=a demo.test "$to" ;;
	ntp) chronyd -Q -t $((15 * SLOW)) "server $to iburst maxsamples 1" "user root" ;;
	http) fetch "http://$(host "$to")/" ;;
	rtsp) fetch "http://$(host "$to"):554/" ;;
	https) fetch "https://$(host "$to")/index.html" ;;
	mqtt) publish -h "$to" ;;
	mqtts) publish -h "$to" -p 8883 --cafile "$DEMO/cert.pem" --insecure ;;
	ssh) timeout $((20 * SLOW)) dbclient -y -y -i "$RUN/etc/user.key" "root@$to" true ;;
	esac
}

host() { case $1 in *:*) echo "[$1]" ;; *) echo "$1" ;; esac; }
fetch() { curl -sS --http1.1 -g -k -f -m $((15 * SLOW)) -o /dev/null "$1"; }
publish() { timeout $((15 * SLOW)) mosquitto_pub -q 1 -t demo/telemetry -m "21.5 C" "$@"; }

# Runs inside the namespace: reads ID SERVICE ADDRESS lines, says at once what
# became of each. A program that timed out on a busy machine is run again, aloud.
real_worker() {
	local name=$1 id service to output result
	while read -r id service to; do
		for _ in 1 2 3; do
			output=$(run_real "$service" "$to" < /dev/null 2>&1) && result=ok && break
			result="failed $(tail -n 1 <<< "$output")"
			echo "# ! $name $id $result"
		done
		echo "# real $name $id $result"
	done
}

# Two workers for each endpoint, one an IP version.
real_programs() {
	local name family
	local -a jobs=()
	export -f run_real host fetch publish real_worker
	export RUN DEMO SLOW
	for name in "${NAMES[@]}"; do
		for family in 4 6; do
			grep "/$family " "$DEMO/real/$name" > "$RUN/$name.list$family" || continue
			at "$name" bash -c 'real_worker "$1"' - "$name" < "$RUN/$name.list$family" &
			jobs+=($!)
		done
	done
	wait "${jobs[@]}"
}
