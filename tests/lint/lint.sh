#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything that can be said of the sources without running them, fastest
# first. lint.sh [CHECK...] runs only those named.
set -u
cd "$(dirname "$0")/../.." || exit 1
out=build/lint
mkdir -p "$out"
failed=0

tracked() { git ls-files --cached --others --exclude-standard -- "$@" | sort -u | while read -r f; do [ ! -f "$f" ] || echo "$f"; done; }
source_tree() { /usr/bin/python3 tests/qemu/kernels.py source; }

# Files with a line like $1 among their first $2.
begins_with() { xargs -r awk -v n="$2" "FNR > n { nextfile } /$1/ { print FILENAME; nextfile }"; }

check_spdx() {
	tracked | grep -vE '^COPYING$|\.(json|patch|verdicts|md|tsv|txt|expected|nft|bin|hex|png|svg)$|settings$|^tests/(fuzz/corpus|golden)/' > "$out/spdx"
	tracked 'kmod/*.c' 'kmod/*.h' > "$out/spdx-kmod"
	begins_with SPDX-License-Identifier 3 < "$out/spdx" | grep -vxFf - "$out/spdx" | sed 's/$/: no SPDX line/' > "$out/spdx-bad"
	begins_with 'GPL-2.0-only|Linux-syscall-note' 1 < "$out/spdx-kmod" | grep -vxFf - "$out/spdx-kmod" |
		sed 's/$/: kmod is GPL-2.0-only/' >> "$out/spdx-bad"
	cat "$out/spdx-bad"
	[ ! -s "$out/spdx-bad" ]
}

check_lengths() { /usr/bin/python3 tests/lint/lengths.py $(tracked '*.c' '*.h' '*.py' '*.sh'); }

check_versions() { ! grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION' $(tracked 'kmod/*' | grep -v '^kmod/compat/'); }

# One version, wherever a user meets it.
check_release() {
	local version
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
	grep -q "MODULE_VERSION \"$version\"" kmod/segment/version.h && grep -q "/usr/src/cordon-$version\$" README.md &&
		grep -q "dkms install cordon/$version\$" README.md
}

check_sleep() { ! grep -nE '(^|[;&|( ])(sleep|usleep) ' $(tracked 'tests/*.sh' 'tests/demo/guest/*' | grep -v '^tests/lint/'); }

check_private_paths() { ! grep -nE '(^|[^a-z])/(work|root)/[a-z]' $(tracked | grep -v '^tests/lint/lint.sh$'); }

check_shellcheck() {
	command -v shellcheck > /dev/null || return 0
	shellcheck -x -P SCRIPTDIR -S warning -e SC2086,SC2046,SC2154,SC2034 $(tracked '*.sh' .ci/run)
}

check_python() { /usr/bin/python3 -m py_compile $(tracked '*.py'); }

check_checkpatch() {
	local src
	src=$(source_tree) || return 1
	perl "$src/scripts/checkpatch.pl" --no-tree --no-summary --strict --terse --show-types \
		--ignore FILE_PATH_CHANGES,LINUX_VERSION_CODE -f $(tracked 'kmod/*.c' 'kmod/*.h') > "$out/checkpatch" 2>&1
	cat "$out/checkpatch"
	[ ! -s "$out/checkpatch" ]
}

check_kernel_doc() {
	local src
	src=$(source_tree) || return 1
	perl "$src/scripts/kernel-doc" -none $(tracked 'kmod/*.c' 'kmod/*.h') > "$out/kernel-doc" 2>&1
	cat "$out/kernel-doc"
	[ ! -s "$out/kernel-doc" ]
}

# W=1 and sparse see every file anew: a build directory of their own.
check_module() {
	rm -rf "build/kmod-lint"
	/usr/bin/python3 tests/qemu/modules.py lint > "$out/module" 2>&1
	local status=$?
	grep -vE '^  (CC|CHECK|LD|MODPOST)' "$out/module"
	[ $status = 0 ] && ! grep -qE 'warning|error' "$out/module"
}

# Every file anew with one compiler, in a copy of the tree.
mirrored() {
	rm -rf "${out:?}/$CC"
	mkdir -p "$out/$CC"
	tracked | cpio -pdL --quiet "$out/$CC" 2> /dev/null
	make --no-print-directory -s -k -j"$(nproc)" -C "$out/$CC" userland CC="$CC"
}

check_gcc() { CC=gcc mirrored; }
check_clang() { CC=clang mirrored; }

run() {
	local start=$SECONDS text
	if text=$("check_$1" 2>&1); then
		printf 'ok   %-16s %3d s\n' "$1" $((SECONDS - start))
	else
		printf 'FAIL %-16s %3d s\n' "$1" $((SECONDS - start))
		printf '%s\n' "$text" | head -n "${LINT_LINES:-60}" | sed 's/^/     /'
		failed=$((failed + 1))
	fi
}

all="spdx versions release sleep private_paths lengths python shellcheck checkpatch kernel_doc module gcc clang"
count=0
[ $# -gt 0 ] || set -- $all
for name in "$@"; do
	count=$((count + 1))
	run "$name"
done
echo "lint: $((count - failed)) of $count checks clean"
[ "$failed" = 0 ]
