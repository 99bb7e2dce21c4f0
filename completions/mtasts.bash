# SPDX-License-Identifier: MIT
# Completion of mtasts for bash, generated.  Sorts of values: files, directories, text (nothing to
# offer) and words, which follow.

@TABLES@

# The words before the one to be completed.  Not COMP_WORDS, which is split at ":", "=" and "@" too.
_mtasts_words()
{
    local line=${COMP_LINE:0:COMP_POINT}
    read -ra before <<<"$line"
    word=
    if [[ $line != *[[:space:]] ]]; then
        word=${before[${#before[@]} - 1]}
        unset "before[${#before[@]} - 1]"
    fi
    before=("${before[@]:1}")
}

# The subcommand, and the option whose value comes next; each empty where there is none.
_mtasts_place()
{
    local at
    for at in "${before[@]}"; do
        if [[ -n $option ]]; then
            option=
        elif [[ $at == -?* ]]; then
            [[ $at == *=* || -z $(_mtasts_value "$command" "$at") ]] || option=$at
        elif [[ -z $command ]]; then
            command=$at
        fi
    done
}

# _mtasts_reply BEGINNING SORT [WORD...]
_mtasts_reply()
{
    case $2 in
    files) compopt -o default ;; # readline knows quotes and tildes
    directories) compopt -o dirnames ;;
    words) COMPREPLY=($(compgen -W "${*:3}" -- "$1")) ;;
    esac
}

_mtasts()
{
    local before word command= option=
    COMPREPLY=()
    _mtasts_words
    _mtasts_place
    if [[ -n $option ]]; then
        _mtasts_reply "$word" $(_mtasts_value "$command" "$option")
    elif [[ $word == --*=* ]]; then
        _mtasts_reply "${word#*=}" $(_mtasts_value "$command" "${word%%=*}")
    elif [[ $word == -* ]]; then
        _mtasts_reply "$word" words $(_mtasts_options "$command")
    elif [[ -z $command ]]; then
        _mtasts_reply "$word" words $(_mtasts_commands)
    else
        _mtasts_reply "$word" $(_mtasts_operands "$command")
    fi
}
complete -F _mtasts mtasts
