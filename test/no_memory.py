#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Memory that runs out at any moment: the right result, or status 70 with one sentence; never a wrong
verdict, never a crash.

usage: test/no_memory.py [--all] PROGRAM LIBRARY SHIM      (a sample without --all)

PROGRAM is mtasts, LIBRARY is library_memory, which tries the readers of libmtasts, SHIM is
failing_malloc.so."""

import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
CORPUS = TOP / "fuzz/corpus"
FACTS = str(CORPUS / "facts/healthy.json")
SAMPLE = 8  # moments of each command, one allocation failing; half as many with all behind it failing too
LONGEST = 60

COMMANDS = (
    ("lint", str(CORPUS / "policy/google")),
    ("lint", "--json", "--mx", "mx.example.com", str(CORPUS / "policy/google")),
    ("lint", "--record", "v=STSv1; id=20261101T000000;"),
    ("lint", "--json", "--record", "v=STSv1; id=2026-11-01;"),
    ("lint", "--json", "--tlsrpt-record", "v=TLSRPTv1; rua=mailto:a@b.example"),
    ("lint", "--json", "--against", str(CORPUS / "policy/google"), str(CORPUS / "policy/microsoft")),
    ("check", "--from", FACTS),
    ("check", "--json", "--from", FACTS, "--now", "2099-01-01T00:00:00Z"),
    ("check", "--verbose", "--lang", "de", "--from", FACTS),
    ("report", "--json", str(CORPUS / "report/plain")),
    ("report", str(CORPUS / "mime")),
    ("report", "--csv", str(CORPUS / "gzip")),
    ("generate", "--from", FACTS),
    ("generate", "--json", "--mx", "mx.example.com", "example.com", "--now", "2026-11-24T00:00:00Z"),
    ("plan", "--json", "--from", FACTS),
    ("rollback", "--from", FACTS),
    ("commands", "--from", FACTS),
    ("explain", "mx-cert-expired"),
    ("explain", "--json", "--list"),
)

READERS = (
    ("record", "record", "*"), ("tlsrpt", "record", "*"), ("policy", "policy", "*"), ("report", "report", "*"),
    ("report", "../../test/reports", "*.json"),
)
FILES = 2  # of each kind, if not all; each moment is tried with them, as they are small


def library_commands(whole):
    """Names that are no ASCII too."""
    found = []
    for kind, folder, pattern in READERS:
        paths = sorted(CORPUS.joinpath(folder).resolve().glob(pattern))
        paths = [p for p in paths if p.is_file() and p.stat().st_size < 1 << 16]
        found += [(kind, str(p)) for p in (paths if whole else random.sample(paths, FILES))]
    return found


def run(program, args, shim=None, **environment):
    preload = {"LD_PRELOAD": shim} if shim else {}
    return subprocess.run([program, *args], capture_output=True, timeout=LONGEST, stdin=subprocess.DEVNULL,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "", **preload, **environment})


def allocations(program, args, shim):
    with tempfile.NamedTemporaryFile("r") as file:
        run(program, args, shim, FAIL_COUNT=file.name)
        return int(file.read())


def seen(done):
    """All that came out; a new id is made of the time."""
    return done.returncode, re.sub(rb"\b20\d{12}\b", b"TIME", done.stdout), done.stderr


def fault(done, right):
    """What is wrong with the run; None: nothing."""
    if done.returncode == 70 and re.search(rb"(\A|\n)mtasts: [^\n]+\n\Z", done.stderr):
        return None
    if seen(done) == seen(right):
        return None
    return f"status {done.returncode}, {len(done.stdout)} bytes of {len(right.stdout)}, {done.stderr[-200:]!r}"


def moments(count, sample):
    """All, or one in each part."""
    parts = min(sample, count)
    return [1 + random.randrange(i * count // parts, (i + 1) * count // parts) for i in range(parts)]


def inject(program, commands, shim, whole):
    trials, wrong = 0, []
    for args in commands:
        right = run(program, args)
        count = allocations(program, args, shim)
        if right.returncode not in (0, 1, 2, 3) or not count:
            wrong.append(f"{args}: status {right.returncode}, {count} allocations; is the test right?")
        for variable, sample in (("FAIL_AT", SAMPLE), ("FAIL_FROM", SAMPLE // 2)):
            for moment in moments(count, count if whole else sample):
                trials += 1
                found = fault(run(program, args, shim, **{variable: str(moment)}), right)
                if found:
                    wrong.append(f"{variable}={moment} {' '.join(args)}: {found}")
    return trials, wrong


def limit(program):
    """Less and less address space, as `ulimit -v` sets it."""
    trials, wrong = 0, []
    for args in (("lint", "--record", "v=STSv1; id=1;"), ("check", "--json", "--from", FACTS),
                 ("report", "--json", str(CORPUS / "report/plain"))):
        right = run(program, args)
        for megabytes in range(8, 256, 16):
            size = megabytes << 20
            done = subprocess.run([program, *args], capture_output=True, timeout=LONGEST, stdin=subprocess.DEVNULL,
                                  env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""},
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size)))
            trials += 1
            if done.returncode == 127 or b"error while loading shared libraries" in done.stderr or (
                    done.returncode < 0 and not done.stdout and megabytes < 48):
                continue  # the program was not even loaded
            found = fault(done, right)
            if found:
                wrong.append(f"{megabytes} MiB {' '.join(args)}: {found}")
    return trials, wrong


def name_commands(folder):
    for number, name in enumerate(("b\u00fccher.example", "\u2603.\u4f8b\u5b50.example")):
        path = pathlib.Path(folder, str(number))
        path.write_text(name)
        yield "name", str(path)


def main():
    program, library, shim = (os.path.abspath(word) for word in sys.argv[1:] if word != "--all")
    whole = "--all" in sys.argv
    seed = int(os.environ.get("SEED") or 8461)  # other moments: another number, or --all
    random.seed(seed)
    trials, wrong = inject(program, COMMANDS, shim, whole)
    with tempfile.TemporaryDirectory() as folder:
        names = list(name_commands(folder))
        of_library, faults = inject(library, library_commands(whole) + names, shim, whole)
    limits, more = limit(program)
    wrong += faults + more
    print("\n".join(wrong))
    print(f"{trials} allocations of the program failed, {of_library} of the library; {limits} limits; "
          f"{len(wrong)} wrong (SEED={seed})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
