#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what tests/qemu/packages lists; quick and silent when all is there.
set -eu
cd "$(dirname "$0")/../.."
list=tests/qemu/packages
cache=${CORDON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cordon}
full=${1:-}

names() { sed -n "s/#.*//; s/^$1\\([a-z0-9][a-z0-9.+-]*\\) *\$/\\1/p" "$list"; }

missing() {
	for name in "$@"; do
		state=$(dpkg-query -W -f='${db:Status-Status}' "$name" 2> /dev/null || :)
		[ "$state" = installed ] || echo "$name"
	done
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

updated=
update_once() {
	[ -z "$updated" ] || return 0
	echo "  apt-get update" >&2
	as_root apt-get -qq update
	updated=yes
}

install_all() {
	wanted=$(missing "$@")
	[ -n "$wanted" ] || return 0
	update_once
	echo "  installing $(echo "$wanted" | wc -w) packages" >&2
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
		-o Dpkg::Use-Pty=0 install $wanted > /dev/null
}

# The program itself when the package is installed anyhow, else its unpacked copy.
unpack() {
	root=$cache/extract/root
	[ ! -e "$cache/extract/$1.done" ] || return 0
	[ -n "$(missing "$1")" ] || return 0
	update_once
	work=$(mktemp -d)
	(cd "$work" && apt-get -qq download "$1" 2> /dev/null && mkdir -p "$root" && dpkg -x ./*.deb "$root")
	rm -rf "$work"
	: > "$cache/extract/$1.done"
}

command -v apt-get > /dev/null || {
	echo "no apt-get here: install by hand what $list names" >&2
	exit 0
}
# shellcheck disable=SC2046
install_all $(names '') $([ -z "$full" ] || names 'full ')
for name in $(names 'unpack '); do
	unpack "$name"
done
