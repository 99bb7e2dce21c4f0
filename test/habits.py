#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each row of docs/habits.md: what is typed here answers as the table says, and what is typed there works too.

Runs in the lab:  lab/enter test/habits.py [WORD]   (only rows with that word).  The third column is typed into a
shell; the words of the fourth in backticks must be in what it prints, in any order, and its exit status is the one
named (else 0).  Of the second column, dig, curl and openssl are there and are run as well."""

import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
MTASTS = pathlib.Path(os.environ.get("MTASTS", TOP / "build/mtasts")).resolve()
TABLE = TOP / "docs/habits.md"
THERE = ("dig", "curl")  # programs of the second column that the lab has
MAIL = """From sender@sender.example Mon Feb  9 00:10:00 2026
From: sender@sender.example
To: tls-reports@example.com
Subject: Report Domain: example.com Submitter: sender.example Report-ID: <1>
MIME-Version: 1.0
Content-Type: application/tlsrpt+json

{}

"""


def rows():
    """(line, what, there, here, words, status) of each row."""
    for number, line in enumerate(TABLE.read_text().splitlines(), 1):
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) != 4 or set(cells[0]) <= set("-") or cells[2] == "here":
            continue
        status = re.search(r"exit (\d+)$", cells[3])
        yield (number, cells[0], cells[1].strip("`"), re.fullmatch("`(.*)`", cells[2])[1],
               re.findall("`([^`]*)`", cells[3]), int(status[1]) if status else 0)


def files(folder):
    """What the table says is there."""
    sample = json.loads(subprocess.run([MTASTS, "explain", "--json", "tls-rpt-report"], check=True,
                                       capture_output=True).stdout)["sample"]
    report = "\n".join(line["text"] for line in sample)
    (folder / "names.txt").write_text("healthy.example\nmx-cert-expired.example\n")
    (folder / "mta-sts.txt").write_text("version: STSv1\nmode: enforce\nmx: mx.healthy.example\nmax_age: 2592000\n")
    (folder / "report.json.gz").write_bytes(gzip.compress(report.encode()))
    (folder / "reports.mbox").write_text(MAIL.format(report))


def typed(command, folder):
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)


def plain(text):
    """As it is, and once more without line ends: the program wraps its lines."""
    return text + " " + " ".join(text.split())


def fault_of(row):
    number, what, there, here, words, status = row
    with tempfile.TemporaryDirectory() as folder:
        files(pathlib.Path(folder))
        result = typed(here, folder)
        out = plain(result.stdout + result.stderr)
        missing = [word for word in words if word not in out]
        if result.returncode != status or missing:
            return (f"{TABLE.name}:{number}: {what}: {here}\n  status {result.returncode}, expected {status}; "
                    f"missing: {missing}\n  {(result.stdout + result.stderr)[:1500]}")
        if there.split()[0] in THERE and len(there.split()) > 2:
            result = typed(there, folder)
            if result.returncode and "file:" not in there:
                return f"{TABLE.name}:{number}: {what}: {there}\n  status {result.returncode}: {result.stderr[:500]}"
    return None


def main():
    os.environ.update(PATH=f"{MTASTS.parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
    os.environ.pop("LANGUAGE", None)
    chosen = [row for row in rows() if all(word in " ".join(map(str, row)) for word in sys.argv[1:])]
    if not chosen:
        sys.exit(f"no such case: {' '.join(sys.argv[1:])}")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        faults = [fault for fault in pool.map(fault_of, chosen) if fault]
    print("\n".join([*faults, f"habits: {len(chosen)} rows, {len(faults)} failed"]))
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("| ") and " | here | " not in line]
    if not sys.argv[1:] and len(lines) != len(chosen):
        sys.exit(f"habits: {len(lines)} rows in the file, which are not all understood")
    return bool(faults)


sys.exit(main())
