#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock uml
# timeout: 240
# short: uml
#
# Malformed policies against a running daemon: each is refused with file:line:column, what is wrong and what would be right, exit 2; and
# what runs is not touched: the same generation and digest, the same nft ruleset with its counters, the module's counters where they were.
# tests/golden/policy/refused.txt has every message that there is; here are those that a user is most likely to meet.
. "$(dirname "$0")/lib_lab.sh"
. "$(dirname "$0")/lib_daemon.sh"
need_tool cordon cordond
need_module
house_up
BAD=$DAEMON/bad.yaml

# What runs, as text; the module's side by the resident prober.
running() {
	local it
	for it in info "info devices" stats; do
		need_lab "$it" && echo "$lab_answer"
	done
	in_ns gw nft list ruleset
}

# refused NAME MESSAGE [AT]: $BAD is refused with MESSAGE (an expression) at AT (file:line:column).
refused() {
	local status at=${3:-bad.yaml:[0-9]+:[0-9]+}
	case_begin "$1 is refused"
	c apply "$BAD" > "$DAEMON/out" 2> "$DAEMON/errors"
	status=$?
	if [ $status = 2 ] && [ ! -s "$DAEMON/out" ] && grep -qE "$at: error: $2" "$DAEMON/errors"; then
		pass
	else
		fail "exit $status: $(head -c 300 "$DAEMON/errors")"
	fi
	running > "$DAEMON/now"
	case_begin "what runs is not touched by $1"
	if cmp -s "$DAEMON/before" "$DAEMON/now"; then pass; else fail "$(diff "$DAEMON/before" "$DAEMON/now" | head -5)"; fi
}

# with EXPRESSION NAME MESSAGE [AT]: the same of the running policy, changed by sed.
with() {
	sed -E "$1" "$POLICY" > "$BAD"
	cmp -s "$BAD" "$POLICY" && fail "the policy was not changed: $1"
	shift
	refused "$@"
}

ok_if "the daemon starts" daemon_start
ok_if "a policy runs" c apply
generation=$(field generation)
need_lab kernel ns=gw
plain "packets are counted" send n=3 udp from=d1 to=d2 dport=4999
all_counted() { [ "$(stat_of ingress/service)" = 3 ]; }
ok_if "as dropped for their service" wait_for 5 all_counted
running > "$DAEMON/before"
words=$(kernel_words)
ok_if "a ruleset is there" grep -q 'table bridge cordon' "$DAEMON/before"

with 's/subnets: \[10.10.1.0.24.*/subnets: 7}/' "a wrong type" "found a number; this is a list of subnets" bad.yaml:16:19
with 's/^devices:/device:/' "an unknown key" "unknown key 'device' in a policy; did you mean 'devices'\?" bad.yaml:20:1
with '/^  staff:/p' "a duplicate key" "duplicate key 'staff'; a key stands once in a mapping" bad.yaml:20:3
with 's/video: \{subnets: \[10.10.2.0.24/video: {subnets: [10.10.1.128\/25/' "overlapping subnets" \
	"subnet 10.10.1.128/25 of zone 'video' overlaps 10.10.1.0/24 of zone 'cams'; an address belongs to one zone" bad.yaml:17:21
with 's/02:00:00:00:00:02/02:00:00:00:00:03/' "two devices with one MAC" \
	"devices 'video2' and 'video3' both have 02:00:00:00:00:03 in VLAN 10; a MAC in a VLAN is one device" bad.yaml:25:17
with 's/from: cams, to: video,/from: cams, to: vidoe,/' "a flow to an undefined zone" "there is no zone 'vidoe'; did you mean 'video'\?" bad.yaml:30:22
with 's/udp.7000/udp\/70000/' "a service with port 70000" "'udp/70000' is no service entry; ports are 1-65535" bad.yaml:33:67
with 's/^flows:/&\n  - {from: staff, to: gateway, deny: [ssh]}/' "a deny that would cut management" \
	"this deny would cut management from zone 'staff'; leave that zone or its services out" bad.yaml:30:5

{ cat "$POLICY"; printf '# \0\n'; } > "$BAD"
refused "a NUL byte" "NUL byte; a policy is UTF-8 text"
{ cat "$POLICY"; printf '# \377\n'; } > "$BAD"
refused "invalid UTF-8" "invalid UTF-8; save the file as UTF-8"
head -c 1000000 /dev/zero | tr '\0' '[' > "$BAD"
refused "a megabyte of nesting" "nested more than 16 deep; a policy needs far less"
mv "$BAD" "$DAEMON/1"
cat "$DAEMON/"{1,1,1,1,1,1,1,1,1,1} > "$DAEMON/10"
cat "$DAEMON/"{10,10,10,10,10,10,10,10,10,10} > "$BAD"
refused "100 MB of nesting" "the policy is larger than 64 MiB"
rm "$DAEMON/1" "$DAEMON/10"
rm "$BAD"
ln -s bad.yaml "$BAD"
refused "a symbolic link to itself" "cannot be read: Too many levels of symbolic links; a policy is made of text files" bad.yaml:1:1
rm "$BAD"
cp "$POLICY" "$BAD"
mkdir "$DAEMON/policy.d"
ln -s 10-loop.yaml "$DAEMON/policy.d/10-loop.yaml"
refused "a symbolic link to itself in policy.d" "cannot be read: Too many levels of symbolic links; a policy is made of text files" policy.d/10-loop.yaml:1:1
rm -r "$DAEMON/policy.d"

is "it is the same ruleset to the last bit" "$(kernel_words)" "$words"

# The daemon trusts no client: the same without the check that cordon makes.
raw() { in_ns gw apply_raw "$SOCKET" "$1" > "$DAEMON/reply" 2>&1; }
ok_if "control: the daemon takes a good policy from any client" raw "$POLICY"
ok_if "with a new generation" grep -q "\"generation\":$((generation + 1))" "$DAEMON/reply"
running > "$DAEMON/before"
for it in "to: video,/to: vidoe," "udp.7000/udp\\/70000" "^devices:/device:"; do
	sed "s/$it/" "$POLICY" > "$BAD"
	case_begin "the daemon itself refuses $it"
	if raw "$BAD"; then
		fail "it took it: $(cat "$DAEMON/reply")"
	elif grep -q '"exit":2' "$DAEMON/reply" && grep -qE 'policy.yaml:[0-9]+:[0-9]+: error' "$DAEMON/reply"; then
		pass
	else
		fail "$(cat "$DAEMON/reply")"
	fi
done
running > "$DAEMON/now"
ok_if "and keeps what runs" cmp "$DAEMON/before" "$DAEMON/now"
show_log
