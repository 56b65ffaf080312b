#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `make install` places: every file and no other, under DESTDIR and prefix, with nothing left to fill in.
cd "$(dirname "$0")/../../.." || exit 1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cases=0 failures=0

# ok STATUS NAME [WHY]
ok() {
	cases=$((cases + 1))
	if [ "$1" = 0 ]; then
		echo "ok $cases - $2"
	else
		failures=$((failures + 1))
		[ -z "$3" ] || printf '%s\n' "$3" | sed 's/^/# /'
		echo "not ok $cases - $2"
	fi
}

# As a user types it, whatever make runs this test.
install_to() { env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s install DESTDIR="$root/$1" "${@:2}" > "$root/log" 2>&1; }

# modes and names below $1 for prefix $2 and configuration directory $3
wanted() {
	local file
	echo "755 $1/bin/cordon"
	echo "755 $1/sbin/cordond"
	echo "644 $1/lib/systemd/system/cordond.service"
	echo "644 $1/lib/systemd/system/cordon-load.service"
	echo "644 $1/lib/sysusers.d/cordon.conf"
	echo "644 $1/share/bash-completion/completions/cordon"
	echo "644 $1/share/zsh/site-functions/_cordon"
	echo "644 $1/share/fish/vendor_completions.d/cordon.fish"
	for file in docs/man/*; do
		echo "644 $1/share/man/man${file##*.}/${file##*/}"
	done
	for file in docs/*.md docs/spec/*.yaml; do
		echo "644 $1/share/doc/cordon/${file##*/}"
	done
	for file in policy/examples/*.yaml; do
		echo "644 $1/share/doc/cordon/examples/${file##*/}"
	done
	for file in policy/schema/*.json; do
		echo "644 $1/share/cordon/${file##*/}"
	done
}

found() { find "$root/$1" -type f -printf '%m /%P\n' | sort; }

# the programs that a unit starts, as the unit names them
programs() { sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$root/$1$2/lib/systemd/system/"*.service | sort; }

check_tree() {
	local name=$1 prefix=$2 etc=$3 difference
	install_to "$name" prefix="$prefix"
	ok $? "make install prefix=$prefix" "$(cat "$root/log")"
	difference=$(diff <(wanted "$prefix" | sort) <(found "$name"))
	ok $? "every file, no other, each with its mode ($prefix)" "$difference"
	[ -d "$root/$name$etc/cordon" ]
	ok $? "a directory for the policy: $etc/cordon"
	difference=$(grep -rnE '@[a-z]+@' "$root/$name$prefix/lib")
	[ -z "$difference" ]
	ok $? "nothing is left to fill in ($prefix)" "$difference"
	difference=$(diff <(printf '%s\n' "$prefix/bin/cordon" "$prefix/sbin/cordond") <(programs "$name" "$prefix"))
	ok $? "the units start what was installed ($prefix)" "$difference"
}

check_tree usr /usr /etc
check_tree opt /opt/cordon /opt/cordon/etc

users=$root/usr/usr/lib/sysusers.d/cordon.conf
cmp -s userland/systemd/cordon.sysusers "$users"
ok $? "the users are those of the source"
for group in $(grep -o 'cordon-[a-z]*' userland/cordond/roles.c); do
	grep -q "^g $group " "$users"
	ok $? "group $group of the daemon is made"
done
user=$(sed -n 's/^User=//p' "$root/usr/usr/lib/systemd/system/cordond.service")
grep -q "^u $user " "$users"
ok $? "user $user of the unit is made"

echo "1..$cases"
[ $failures = 0 ]
