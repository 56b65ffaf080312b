# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion of cordon(8)

function __cordon_names
    cordon $argv[1] --json 2>/dev/null | sed -n 's/^ *"name": "\(.*\)",\{0,1\}$/\1/p'
end

function __cordon_zones
    cordon zones --json 2>/dev/null | sed -n '/"zones"/,/]/s/^ *"\([a-z][a-z0-9_-]*\)",\{0,1\}$/\1/p'
end

complete -c cordon -f
complete -c cordon -n __fish_use_subcommand -a check -d 'check a policy and say what is wrong with it'
complete -c cordon -n __fish_use_subcommand -a apply -d 'put a policy into force'
complete -c cordon -n __fish_use_subcommand -a load -d 'put the last committed policy into force without a daemon'
complete -c cordon -n __fish_use_subcommand -a status -d 'quarantines, ruleset, ports, nftables'
complete -c cordon -n __fish_use_subcommand -a services -d 'services of the policy and the built-in ones'
complete -c cordon -n __fish_use_subcommand -a devices -d 'all devices'
complete -c cordon -n __fish_use_subcommand -a device -d 'one device'
complete -c cordon -n __fish_use_subcommand -a admit -d 'add a device to the policy and apply it'
complete -c cordon -n __fish_use_subcommand -a move -d 'move a device to another zone and apply it'
complete -c cordon -n __fish_use_subcommand -a forget -d 'remove a device from the policy and apply it'
complete -c cordon -n __fish_use_subcommand -a zones -d 'the matrix of who may start what'
complete -c cordon -n __fish_use_subcommand -a explain -d 'every step of a verdict'
complete -c cordon -n __fish_use_subcommand -a watch -d 'events as they happen'
complete -c cordon -n __fish_use_subcommand -a log -d 'the end of the audit log'
complete -c cordon -n __fish_use_subcommand -a stats -d 'accepted and dropped packets'
complete -c cordon -n __fish_use_subcommand -a quarantine -d 'cut a device off until it is released'
complete -c cordon -n __fish_use_subcommand -a release -d 'end a quarantine'
complete -c cordon -n __fish_use_subcommand -a disarm -d 'stop forwarding, then stop enforcing'
complete -c cordon -n __fish_use_subcommand -a doctor -d 'look for what keeps cordon from holding'
complete -c cordon -n __fish_use_subcommand -a coverage -d 'pairs of devices whose frames may pass the box by'
complete -c cordon -n __fish_use_subcommand -a version -d 'version of this program'
complete -c cordon -n __fish_use_subcommand -a help -d 'the list of commands'
complete -c cordon -n '__fish_seen_subcommand_from check apply load' -F
complete -c cordon -n '__fish_seen_subcommand_from device forget move explain quarantine release' -a '(__cordon_names devices)'
complete -c cordon -n '__fish_seen_subcommand_from move explain' -a '(__cordon_zones)'
complete -c cordon -n '__fish_seen_subcommand_from explain' -a '(__cordon_names services)'
complete -c cordon -l json -d 'JSON output'
complete -c cordon -l socket -r -F -d 'socket of cordond'
complete -c cordon -l state-dir -r -F -d 'state directory'
complete -c cordon -l policy -r -F -d 'policy file'
complete -c cordon -l colour -x -a 'auto always never' -d 'when to use colour'
complete -c cordon -n '__fish_seen_subcommand_from devices' -l unknown -d 'sources without a record'
complete -c cordon -n '__fish_seen_subcommand_from admit' -l zone -x -a '(__cordon_zones)'
complete -c cordon -n '__fish_seen_subcommand_from admit' -l name -x
complete -c cordon -n '__fish_seen_subcommand_from admit quarantine release' -l vlan -x
complete -c cordon -n '__fish_seen_subcommand_from admit' -l port -x
complete -c cordon -n '__fish_seen_subcommand_from disarm' -l console -d 'even when this connection would be cut'
complete -c cordon -n '__fish_seen_subcommand_from coverage' -l all -d 'each pair'
complete -c cordon -n '__fish_seen_subcommand_from watch log' -l count -x
complete -c cordon -n '__fish_seen_subcommand_from status devices device zones explain stats doctor coverage' -l direct -d 'ask the kernel, not the daemon'
complete -c cordon -n '__fish_seen_subcommand_from admit' -l address -x -d 'IP address, or none'
