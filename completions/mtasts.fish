# SPDX-License-Identifier: MIT
# Completion of mtasts for fish, generated.

# One of these subcommands, or none yet.
function __mtasts_is
    __fish_seen_subcommand_from $argv; or not __mtasts_has
end

complete -c mtasts -f

@TABLES@
