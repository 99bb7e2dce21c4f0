#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The completions of bash, zsh and fish offer every option of --help, the values of each, and codes.

usage: completions.py MTASTS BASH ZSH FISH        (run by the tests)

bash and fish are asked, each in one process; of zsh, what it would hand to its _arguments.  A shell that
is not installed is passed over: all of them are in tools/packages.txt."""

import functools
import json
import re
import shutil
import subprocess
import sys
import unittest

MTASTS = FILES = None
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/dev/null"}

ASK_BASH = r"""
compopt() { COMPREPLY+=("<$2>"); }
source "$1" || exit 1
while IFS= read -r COMP_LINE; do
    COMP_POINT=${#COMP_LINE}
    _mtasts
    echo "${COMPREPLY[*]}"
done
"""
ASK_FISH = r"""
source $argv[1]
while read --local line
    echo (complete -C "$line" | string split -f 1 \t)
end
"""
# What is called first has the subcommand still to come.
ASK_ZSH = r"""
_arguments() { if [[ $1 == -C ]] { state=rest; words=($command); return 1 }; print -rl -- "$@" }
for command in ${(s: :)2}; do print -r -- "== $command"; source $1; done
"""


@functools.cache
def output(*command, stdin=None):
    run = subprocess.run(command, input=stdin, capture_output=True, text=True, env=ENVIRONMENT, timeout=120)
    if run.returncode or run.stderr:
        raise AssertionError(f"{command}: {run.returncode}: {run.stderr}")
    return run.stdout


def heads(*command):
    return re.findall(r"^  (\S.*)$", output(MTASTS, *command, "--help", "--lang", "en"), re.M)


@functools.cache
def options():
    """Of each subcommand: each option with all its names, and whether a value follows."""
    commands = [head for head in heads() if not head.startswith("-")]
    return {command: [(re.findall(r"(--?[a-z0-9-]+)", head, re.I), not re.search(r"--[a-z0-9-]+$", head))
                      for head in heads(command) if head.startswith("-")] for command in commands}


def codes():
    listed = output(MTASTS, "explain", "--list", "--json", "--lang", "en").splitlines()
    return {json.loads(line)["code"] for line in listed}


def answers(shell, lines):
    """Of a shell that is asked: the set of words that it offers for each line."""
    ask = {"bash": ["bash", "--norc", "-c", ASK_BASH, "bash"], "fish": ["fish", "--no-config", "-c", ASK_FISH]}[shell]
    said = output(*ask, FILES[shell], stdin="".join(f"{line}\n" for line in lines)).splitlines()
    assert len(said) == len(lines), said
    return [set(line.split()) for line in said]


def installed(shell):
    return unittest.skipUnless(shutil.which(shell), f"{shell} is not installed")


class Completions(unittest.TestCase):
    maxDiff = None

    def each_option_is_offered(self, shell):
        commands = list(options())
        offered = answers(shell, [f"mtasts {command} -{hyphen}" for command in commands for hyphen in ("", "-")])
        for i, command in enumerate(commands):
            names = {name for option, _ in options()[command] for name in option}
            if shell == "bash":
                self.assertEqual(offered[2 * i], names, command)
            self.assertEqual({name for name in offered[2 * i] | offered[2 * i + 1]}, names, command)

    def values_are_offered(self, shell, cases):
        for (line, expected), offered in zip(cases.items(), answers(shell, cases), strict=True):
            with self.subTest(line=line):
                self.assertEqual(offered, expected if isinstance(expected, set) else set(expected.split()))

    COMMON = {
        "mtasts sca": "scan", "mtasts --lang de sca": "scan", "mtasts generate --mode t": "testing",
        "mtasts generate --mode ": "testing enforce none", "mtasts check --fail-on h": "high",
        "mtasts --lang ": "en de", "mtasts explain mx-cert-expires": "mx-cert-expires-soon",
        "mtasts explain certificate-host": "certificate-host-mismatch", "mtasts check --nonsense": "",
        "mtasts check exam": "",
    }

    @installed("bash")
    def test_bash_offers_each_option(self):
        self.each_option_is_offered("bash")

    @installed("bash")
    def test_bash_offers_values(self):
        self.values_are_offered("bash", {
            **self.COMMON, "mtasts generate --mode=t": "testing", "mtasts check --from ": "<default>",
            "mtasts check --from=": "<default>", "mtasts lint po": "<default>", "mtasts generate --out ": "<dirnames>",
            "mtasts generate -o ": "<dirnames>", "mtasts scan -o ": "<default>", "mtasts check --helo ": "",
            "mtasts explain ": codes(), "mtasts --json explain --lang=de ": codes(), "mtasts ": set(options()),
        })

    @installed("bash")
    def test_bash_knows_which_options_take_a_value(self):
        """Behind an option with a value the subcommand is still to come; behind one without it is there."""
        cases = [option for command in options() for option in options()[command]]
        asked = answers("bash", [f"mtasts {names[-1]} scan x" if value else f"mtasts {names[-1]} explain mx-cert-expires"
                                 for names, value in cases])
        for (names, value), offered in zip(cases, asked):
            self.assertEqual(offered, set() if value else {"mx-cert-expires-soon"}, names)

    @installed("fish")
    def test_fish_offers_each_option(self):
        self.each_option_is_offered("fish")

    @installed("fish")
    def test_fish_offers_values(self):
        self.values_are_offered("fish", {
            **self.COMMON, "mtasts generate --mode=t": "--mode=testing", "mtasts explain ": codes(),
            "mtasts generate --out /us": "/usr/", "mtasts lint /us": "/usr/", "mtasts check /us": "",
            "mtasts ": set(options()),
        })

    @installed("zsh")
    def test_zsh_offers_each_option(self):
        said = output("zsh", "-f", "-c", ASK_ZSH, "zsh", FILES["zsh"], " ".join(options()))
        for block in said.split("== ")[1:]:
            command, *specs = block.splitlines()
            offered = {m[1] for m in re.finditer(r"^\*?(?:\(\S+\))?(--?[a-z0-9-]+)", "\n".join(specs), re.M | re.I)}
            self.assertEqual(offered - {"-s", "-S"}, {name for names, _ in options()[command] for name in names}, command)
            with_value = {m[1] for m in re.finditer(r"^\*?(?:\(\S+\))?(--[a-z0-9-]+)=\[.*\]:\S+:", "\n".join(specs), re.M)}
            self.assertEqual(with_value, {names[-1] for names, value in options()[command] if value}, command)
        self.assertIn(":MODE:(testing enforce none)", said)
        self.assertIn("]:FILE:_files", said)
        self.assertIn("]:DIR:_files -/", said)
        self.assertEqual(set(re.search(r"^\*:ARGUMENT:\((domain-.*)\)$", said, re.M)[1].split()), codes())


if __name__ == "__main__":
    MTASTS = sys.argv[1]
    FILES = dict(zip(("bash", "zsh", "fish"), sys.argv[2:5], strict=True))
    unittest.main(argv=sys.argv[:1])
