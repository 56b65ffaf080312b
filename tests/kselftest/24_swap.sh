#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 120
#
# A policy replaced under traffic: what the new one lacks ends at once, what both have loses nothing, and nothing half.
. "$(dirname "$0")/lib_lab.sh"
if ! house_up; then
	plain_if "the house stands" false
	exit 1
fi
# d3 stays silent: streams of frames end there and nothing answers them.
house_alive d1 d2 d5 || exit 1
P=$(blob house) Q=$(blob tight)
arm house || exit 1
generation() { lab info && lab_field generation; }

# swap POLICY...: one after the other, by a process of its own while the streams run.
swap() {
	local file lines=()
	for file in "$@"; do
		lines+=("ruleset load ns=gw file=$file")
	done
	apart "${lines[@]}"
}

open_case both "a tightened UDP flow ends at once"
step stream tight start at=d3 udp from=d1 to=d3 sport=43000 dport=5000
step stream tight wait n=30
step_if [ "$(lab_field arrived)" = "$(lab_field sent)" ]
step_if swap "$Q"
step stream tight mark
step stream tight wait n=30
step_if [ "$(lab_field arrived)" = 0 ]
step stream tight stop
close_case
need_lab ruleset load file="$P"

open_case both "a tightened IPv6 flow through the gateway ends at once"
step stream tight start at=d4 udp6 from=d1 to=d4t via=gw sport=43001 dport=5000
step stream tight wait n=30
step_if [ "$(lab_field arrived)" = "$(lab_field sent)" ]
step_if swap "$Q"
step stream tight mark
step stream tight wait n=30
step_if [ "$(lab_field arrived)" = 0 ]
step stream tight stop
close_case
need_lab ruleset load file="$P"

open_case both "a tightened TCP connection ends at once, its replies too"
step conn tcp1 tcp from=d1 to=d2 port=443
step conn tcp1 echo
step_if swap "$Q"
step conn tcp1 dead want=drop:ingress/service
step conn tcp1 close
close_case
deny "and cannot be opened again" probe tcp from=d1 to=d2 port=443 want=drop:ingress/service
need_lab ruleset load file="$P"
# By ports alone what the client sends could be a reply then: only the conversation tells that it is none.
open_case both "a connection whose packets could be replies under the new policy ends, too"
step conn tcp2 tcp from=d1 to=d2 sport=8443 port=443
step conn tcp2 echo
step_if swap "$Q"
step conn tcp2 dead want=drop:bridge/service
step conn tcp2 close
close_case
deny "ping of the old policy ends" probe ping from=d1 to=d2 want=drop:ingress/service
allow "what only the new policy has works" probe tcp from=d2 to=d1 port=8443 want=open
need_lab ruleset load file="$P"
allow "what only the old policy has works again with it" probe tcp from=d1 to=d2 port=443 want=open
deny "and what only the new one had does not" probe tcp from=d2 to=d1 port=8443 want=drop:ingress/service

open_case allow "a flow that both allow loses nothing in 20 swaps"
step stream kept start at=d3 ms=1 udp from=d1 to=d3 sport=43002 dport=5060
step_if swap "$Q" "$P" "$Q" "$P" "$Q" "$P" "$Q" "$P" "$Q" "$P" "$Q" "$P" "$Q" "$P" "$Q" "$P" "$Q" "$P" "$Q" "$P"
step stream kept wait n=300
step stream kept stop
step_if [ "$(lab_field arrived)" = "$(lab_field sent)" ]
close_case
open_case allow "a conversation that both allow goes on over swaps"
step conn udp1 udp from=d1 to=d2 port=5070
step conn udp1 echo
step_if swap "$Q"
step conn udp1 echo
step_if swap "$P"
step conn udp1 echo
step conn udp1 close
close_case
open_case plain "every swap has a generation of its own"
before=$(generation)
step ruleset load file="$P"
step_if [ "$(generation)" -gt "$before" ]
close_case

# Stage without commit
staged() { lab info && [[ "$lab_answer" == *staged=1* ]]; }
not_now_staged() { ! staged; }
not_now() { ! lab "$@"; }
open_case plain "a staged ruleset is told of"
step ruleset staged file="$Q"
step_if staged
close_case
arrives "and judges nothing: the old flow goes on" d3 udp from=d1 to=d3 dport=5000
drops "and what only it has stays denied" ingress/service tcp from=d2 to=d1 dport=8443
plain "it can be given up" ruleset abort
plain_if "and is then not there to commit" not_now ruleset commit
plain_not "nor told of" staged
need_lab ruleset close
open_case plain "a staged ruleset dies with its socket"
step ruleset staged file="$Q"
step_if staged
step ruleset close
step_if not_now_staged
close_case
open_case plain "a new transaction ends the older one"
step ruleset staged file="$Q"
old=$(lab_field txid)
step ruleset begin file="$P"
step_if not_now ruleset commit txid="$old"
step ruleset close
close_case
arrives "after all that the old policy judges" d3 udp from=d1 to=d3 dport=5000

# What is refused
for fault in flip=0 flip=8 flip=12 flip=40 cut=100 cut=20 flip=200 flip=600; do
	open_case plain "damaged bytes are refused: $fault"
	step_if not_now ruleset load file="$Q" $fault
	step ruleset close
	close_case
done
plain_not "and none of them is staged" staged
arrives "and the old policy goes on after every refusal" d3 udp from=d1 to=d3 dport=5000
drops "with all its denials" ingress/service udp from=d1 to=d3 dport=4999

open_case both "a quarantine between stage and commit survives the commit"
step ruleset staged file="$Q"
step try want=arrive at=d3 udp from=d1 to=d3 dport=5061
step device quarantine of=d1
step ruleset commit
step ruleset close
step try want=drop:ingress/quarantine udp from=d1 to=d3 dport=5061
step device release of=d1
step try want=arrive at=d3 udp from=d1 to=d3 dport=5061
close_case
