# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# bash completion of cordon(8)

_cordon_json() { cordon "$@" --json 2> /dev/null; }
_cordon_devices() { _cordon_json devices | sed -n 's/^ *"name": "\(.*\)",\{0,1\}$/\1/p'; }
_cordon_zones() { _cordon_json zones | sed -n '/"zones"/,/]/s/^ *"\([a-z][a-z0-9_-]*\)",\{0,1\}$/\1/p'; }
_cordon_services() { _cordon_json services | sed -n 's/^ *"name": "\(.*\)",\{0,1\}$/\1/p'; }

_cordon_operands() {
	case $1:$2 in
	check:1 | apply:1 | load:1) compgen -f -- "$3" ;;
	device:1 | move:1 | forget:1 | quarantine:1 | release:1) compgen -W "$(_cordon_devices)" -- "$3" ;;
	move:2) compgen -W "$(_cordon_zones)" -- "$3" ;;
	explain:1 | explain:2) compgen -W "$(_cordon_devices) $(_cordon_zones)" -- "$3" ;;
	explain:3) compgen -W "$(_cordon_services)" -- "$3" ;;
	esac
}

_cordon_options() {
	echo "--json --socket --state-dir --policy --colour"
	case $1 in
	coverage) echo "--all --direct" ;;
	devices) echo "--unknown --direct" ;;
	admit) echo "--zone --name --vlan --port --address" ;;
	watch | log) echo "--count" ;;
	quarantine | release) echo "--vlan" ;;
	disarm) echo "--console" ;;
	status | device | zones | explain | stats | doctor) echo "--direct" ;;
	esac
}

_cordon() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
	local commands="check apply load status services devices device admit move forget zones explain watch log stats quarantine release disarm doctor coverage version help"

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
		return
	fi
	case $before in
	--policy | --socket) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	--state-dir) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
	--colour) mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$word") ;;
	--zone) mapfile -t COMPREPLY < <(compgen -W "$(_cordon_zones)" -- "$word") ;;
	*)
		if [[ $word == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$(_cordon_options "$command")" -- "$word")
		else
			mapfile -t COMPREPLY < <(_cordon_operands "$command" $((COMP_CWORD - 1)) "$word")
		fi
		;;
	esac
}
complete -F _cordon cordon
