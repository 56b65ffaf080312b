# SPDX-License-Identifier: GPL-2.0-or-later
# cordon itself: module, daemon, policy.
# shellcheck shell=bash disable=SC2154

POLICY=/etc/cordon/policy.yaml

daemon_answers() { cordon status --json | grep -q '"daemon": *{'; }

start_daemon() {
	background gateway cordond cordond --foreground
	until_ok 20 daemon_answers
}

start_cordon() {
	modprobe cordon || die "cordon.ko does not load"
	mkdir -p /etc/cordon /var/lib/cordon /run/cordon
	cp /usr/share/cordon/examples/building.yaml "$POLICY"
	start_daemon || die "cordond does not answer"
	cordon apply > "$RUN/apply.log" 2>&1 || { sed 's/^/# ! /' "$RUN/apply.log"; die "cordon apply failed"; }
	sed 's/^/# ! /' "$RUN/apply.log"
}

# Generation and digest: what must be the same before and after.
ruleset_id() { cordon status --json | tr -d ' \n' | grep -o '"\(generation\|digest\)":[^,}]*' | sort -u; }

tables_there() { nft list table inet cordon && nft list table bridge cordon; } >/dev/null 2>&1
