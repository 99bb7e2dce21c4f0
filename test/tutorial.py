#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The tutorial does what it says: its commands are run, in each language, and answer as quoted.

Runs in the lab:  lab/enter test/tutorial.py.  In docs/tutorial*.md, a line "$ COMMAND" of a block is a command; the lines
behind it are in its output, "..." leaves some out.  example.com is the domain of the lab that the comment before the
block names, since weeks pass between the sections.  Line breaks, ids and dates may differ."""

import datetime
import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

TOP = pathlib.Path(__file__).resolve().parent.parent
MTASTS = pathlib.Path(os.environ.get("MTASTS", TOP / "build/mtasts")).resolve()
REFUSED = "mx-cert-expired.example"


def report():
    """What a sender whose mail was held back wrote yesterday."""
    day = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
    return json.dumps({
        "organization-name": "Sender Inc.", "contact-info": "tls@sender.example", "report-id": "1@sender.example",
        "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"},
        "policies": [{
            "policy": {"policy-type": "sts", "policy-domain": REFUSED, "mx-host": [f"mx.{REFUSED}"],
                       "policy-string": ["version: STSv1", "mode: enforce", f"mx: mx.{REFUSED}", "max_age: 604800"]},
            "summary": {"total-successful-session-count": 0, "total-failure-session-count": 12},
            "failure-details": [{"result-type": "certificate-expired", "sending-mta-ip": "192.0.2.1",
                                 "receiving-mx-hostname": f"mx.{REFUSED}", "failed-session-count": 12}]}]})


def steps(text):
    """(domain of the lab, command, what is quoted of its output)"""
    domain = None
    for comment, block in re.findall(r"<!-- lab: (\S+) -->|^```\n(.*?)^```$", text, re.M | re.S):
        domain = comment or domain
        for command, quoted in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.M):
            yield domain, command, [part for part in re.split(r"^\.\.\.\n", quoted, flags=re.M) if part.strip()]


def even(text):
    """Line breaks, and the ids and dates of today, which differ each time."""
    return re.sub(r"\b\d{14}\b|\b20\d\d-\d\d-\d\d\b", "#", " ".join(text.split()))


def on_terminal(command, **options):
    """The exit status and what is shown, as a reader sees it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    process = subprocess.Popen(["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, **options)
    os.close(slave)
    said = b""
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:  # nobody has the other end open any more
            more = b""
        if not more:
            break
        said += more
    os.close(master)
    return process.wait(), said.decode(errors="replace")


def follow(path, home):
    """Faults of one language, and how many commands were run."""
    language = "de" if path.name.endswith(".de.md") else "en"
    mailbox = home / "Maildir/.tls-reports/new"
    mailbox.mkdir(parents=True)
    (mailbox / "report.json").write_text(report())
    environment = {**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8", "LANGUAGE": language, "NO_COLOR": "1",
                   "PATH": f"{MTASTS.parent}:{os.environ['PATH']}"}
    environment.pop("MTASTS_STORE", None)
    environment.pop("XDG_STATE_HOME", None)
    faults, count = [], 0
    for domain, command, quoted in steps(path.read_text()):
        status, said = on_terminal(command.replace("example.com", domain), cwd=home, env=environment)
        said = said.replace(domain, "example.com")
        count += 1
        if status not in (0, 1, 2, 3):
            faults.append(f"{path.name}: {command}: exit status {status}: {said[:500]}")
        faults += [f"{path.name}: {command} does not say: {part.strip()}\n    but: {said[:1500]}"
                   for part in quoted if even(part) not in even(said)]
    return faults, count


def main():
    if "MTASTS_LAB" not in os.environ:
        os.execv(TOP / "lab/enter", [str(TOP / "lab/enter"), __file__, *sys.argv[1:]])
    faults, count = [], 0
    for path in (TOP / "docs/tutorial.md", TOP / "docs/tutorial.de.md"):
        with tempfile.TemporaryDirectory() as home:
            more, commands = follow(path, pathlib.Path(home))
            faults, count = faults + more, count + commands
    print("\n".join(faults + [f"tutorial: {count} commands, {len(faults)} faults"]))
    return 1 if faults or not count else 0


sys.exit(main())
