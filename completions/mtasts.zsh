#compdef mtasts
# SPDX-License-Identifier: MIT
# Completion of mtasts for zsh, generated.

@TABLES@

_mtasts() {
    local curcontext=$curcontext state line
    local -a subcommands specs
    _mtasts_specs ''
    _arguments -C -s -S $specs '1: :->subcommand' '*:: :->rest' && return
    case $state in
    subcommand)
        _mtasts_subcommands
        _describe -t subcommands 'subcommand' subcommands ;;
    rest)
        curcontext=${curcontext%:*:*}:mtasts-$words[1]:
        _mtasts_specs $words[1]
        _arguments -s -S $specs ;;
    esac
}

_mtasts "$@"
