#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What check shows on a terminal of 80 columns and 24 lines, through a pty: all recorded observations, both languages.

usage: terminal.py MTASTS        (run by the tests)

Nothing scrolls away, the prompt has its line too; what is left out is counted.  Where the output is no terminal, it is
the whole text, whatever the size of the window."""

import concurrent.futures
import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import termios

HERE = pathlib.Path(__file__).resolve().parent
FACTS = [path for path in sorted([*(HERE / "recorded").glob("*.json"), *(HERE / "golden/facts").glob("*.json")])
         if path.name != "expected.json"]
COLUMNS, LINES = 80, 24
LEFT_OUT = re.compile(r"^\.\.\. (?:and|und) (\d+) (?:more findings?|weiterer? Befunde?): mtasts check --full (\S+)$", re.M)
NEXT = re.compile(r": mtasts (?:(?:rollback|generate|plan) (\S+)|explain (\S+))$")
SGR = re.compile(r"\x1b\[[0-9;]*m")
MTASTS = sys.argv[1]
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm",
               **{name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")}}


def piped(*words):
    done = subprocess.run([MTASTS, "check", *words], capture_output=True, env=ENVIRONMENT, timeout=300)
    assert done.returncode in (0, 1, 2, 3) and not done.stderr, done
    return done.stdout.decode()


def on_terminal(*words, lines=LINES):
    """All that the program writes to a terminal of that size."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, COLUMNS, 0, 0))
    process = subprocess.Popen([MTASTS, "check", *words], stdin=subprocess.DEVNULL, stdout=theirs,
                               stderr=subprocess.PIPE, env=ENVIRONMENT)
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        text += piece
    os.close(ours)
    assert process.wait() in (0, 1, 2, 3) and not process.stderr.read(), words
    process.stderr.close()
    return SGR.sub("", text.decode().replace("\r\n", "\n"))


def rows(text):
    return sum(max(1, -(-len(line) // COLUMNS)) for line in text.splitlines())


def not_shown(findings, text):
    """How many; those with one code are one heading."""
    shown = set(re.findall(r"\[([a-z0-9-]+)\]$", text, re.M))
    return sum(f["code"] not in shown for f in findings)


def faults(path, language, said):
    text = on_terminal("--lang", language, "--from", str(path))
    findings = said["findings"]
    left_out = LEFT_OUT.search(text)
    if not text.startswith(f"{said['domain']}"):
        yield "no headline"
    if rows(text) + 1 > LINES:
        yield f"{rows(text)} rows"
    if left_out and (len(findings) <= 3 or left_out[2] != said["domain"]):
        yield "left out"
    missing = not_shown(findings, text)
    if missing != (int(left_out[1]) if left_out else 0):
        yield f"{missing} findings are not shown, it says {left_out and left_out[1]}"
    last = NEXT.search(text.rstrip("\n"))
    if not last or (last[1] or said["domain"]) != said["domain"] or (last[2] and last[2] != findings[0]["code"]):
        yield "what comes next"
    worst = findings[0] if findings and findings[0]["severity"] != "info" else None
    if worst and worst["commands"] and worst["commands"][0] not in text.replace("\n", " "):
        yield "no command"
    if path.parent.name == "facts":  # a few are enough for this
        yield from whole_where_wanted(path, language, text)


def whole_where_wanted(path, language, text):
    """The same short text through a pipe, and the full one on a terminal, where it is asked for."""
    words = ("--lang", language, "--from", str(path))
    if piped("--short", *words) != text:
        yield "--short through a pipe differs"
    full = piped(*words)
    if piped("--full", *words) != full or not on_terminal("--full", *words).startswith(full.rstrip("\n")):
        yield "--full on a terminal differs from what a pipe gets"
    if rows(on_terminal(*words, lines=200)) < rows(text):
        yield "less on a larger terminal"
    if not on_terminal("--quiet", *words) == piped("--quiet", *words) == full.split("\n")[0] + "\n":
        yield "--quiet"


def main():
    wrong = 0
    said = [json.loads(piped("--json", "--from", str(path))) for path in FACTS]
    jobs = [(path, language, one) for path, one in zip(FACTS, said) for language in ("en", "de")]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for (path, language, _), found in zip(jobs, pool.map(lambda job: list(faults(*job)), jobs)):
            for fault in found:
                wrong += 1
                print(f"{path.stem}, {language}: {fault}")
    both = subprocess.run([MTASTS, "check", "--full", "--short", "example.com"], capture_output=True, env=ENVIRONMENT)
    wrong += both.returncode != 64
    print(f"terminal: {len(jobs)} pages, {wrong} faults")
    sys.exit(bool(wrong))


main()
