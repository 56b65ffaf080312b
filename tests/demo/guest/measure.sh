# SPDX-License-Identifier: GPL-2.0-or-later
# The matrix: all probers at once.
# shellcheck shell=bash disable=SC2154

# Loopback is not cordon's: every server must answer its own host first. A prober
# tries again by itself, so all of them are simply left to it.
servers_ready() {
	local name missing=0
	local -a jobs=()
	for name in "${NAMES[@]}"; do
		[ ! -e "$RUN/$name.ready" ] || continue
		ask "$name" probe 30000 "$DEMO/cells/self" > "$RUN/$name.self" &
		jobs+=($!)
	done
	wait "${jobs[@]}"
	for name in "${NAMES[@]}"; do
		[ ! -e "$RUN/$name.ready" ] || continue
		if [ -s "$RUN/$name.self" ] && ! grep -qv ' ok ' "$RUN/$name.self"; then
			touch "$RUN/$name.ready"
		else
			missing=1
		fi
	done
	return "$missing"
}

who_does_not_serve() {
	local name
	for name in "${NAMES[@]}"; do
		[ -e "$RUN/$name.ready" ] ||
			say "$name: $(grep -v ' ok ' "$RUN/$name.self" | cut -d' ' -f1,2 | tr '\n' ' ')"
	done
}

# Deadlines grow on a slow machine, but no denial is waited for longer than this.
limit() {
	local scaled=$(($1 * SLOW))
	echo $((scaled < 30000 ? scaled : 30000))
}

# probe_all TAG MILLISECONDS [FOLDER]: every cell of every endpoint, at the same time
probe_all() {
	local tag=$1 folder=${3:-$DEMO/cells} name
	local -a jobs=()
	for name in "${NAMES[@]}"; do
		: > "$RUN/$name.$tag"
		[ -s "$folder/$name" ] || continue
		ask "$name" probe "$(limit "$2")" "$folder/$name" > "$RUN/$name.$tag" &
		jobs+=($!)
	done
	wait "${jobs[@]}"
}

report_cells() {
	local tag=$1 name
	for name in "${NAMES[@]}"; do
		sed "s/^/# cell $tag $name /" "$RUN/$name.$tag"
	done
}

# Once more for every cell that did not connect yet, whatever the policy says.
probe_rest() {
	local tag=$1 name
	local -a jobs=()
	for name in "${NAMES[@]}"; do
		rm -f "$RUN/$name.again"
		grep ' ok ' "$RUN/$name.$tag" | cut -d' ' -f1 > "$RUN/$name.done"
		grep -v -w -F -f "$RUN/$name.done" "$DEMO/cells/$name" > "$RUN/$name.rest" || continue
		ask "$name" probe "$(limit "$2")" "$RUN/$name.rest" > "$RUN/$name.again" &
		jobs+=($!)
	done
	wait "${jobs[@]}"
	for name in "${NAMES[@]}"; do
		[ ! -e "$RUN/$name.again" ] && continue
		grep ' ok ' "$RUN/$name.$tag" > "$RUN/$name.done"
		cat "$RUN/$name.done" "$RUN/$name.again" > "$RUN/$name.$tag"
	done
}

# Is there a cell that should connect and did not yet?
is_missing() {
	local name
	for name in "${NAMES[@]}"; do
		grep ' ok ' "$RUN/$name.$1" | cut -d' ' -f1 |
			grep -q -v -x -F -f - "$DEMO/wanted/$name" && return 0
	done
	return 1
}

# Only the cells that should connect: what is shut by now gets no new chance.
measure_wanted() {
	local tag=$1 name
	mkdir -p "$RUN/wanted"
	for name in "${NAMES[@]}"; do
		grep -w -F -f "$DEMO/wanted/$name" "$DEMO/cells/$name" > "$RUN/wanted/$name"
	done
	probe_all "$tag" "$2" "$RUN/wanted"
	report_cells "$tag"
}

open_cells() { cat "$RUN"/*."$1" | grep -c ' ok '; }

# A slow machine gets more rounds, as long as they open something; all cells that
# are not open get them.
measure() {
	local tag=$1 round before=0 now
	probe_all "$tag" "$2"
	for round in 2 3 4 5 6 7 8 9 10; do
		is_missing "$tag" || break
		now=$(open_cells "$tag")
		[ "$round" -lt 5 ] || [ "$now" -gt "$before" ] || break
		before=$now
		[ "$round" = 2 ] || say "! round $round: $now cells are open so far"
		probe_rest "$tag" 12000
	done
	report_cells "$tag"
}
