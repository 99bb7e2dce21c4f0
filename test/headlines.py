#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The first line of all recorded observations: domain, verdict word, worst finding, how many more, what becomes of mail.

usage: headlines.py MTASTS        (run by the tests)

Findings above a note count.  The first of them is named with its code, "and N more" are the others; where there is none,
the line says that no problems were found.  What is said of mail is what `delivery` says, whatever else is found."""

import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FACTS = [path for path in sorted([*(HERE / "recorded").glob("*.json"), *(HERE / "golden/facts").glob("*.json")])
         if path.name != "expected.json"]
WORDS = {"en": {"ok": "OK", "warning": "WARNING", "critical": "CRITICAL", "unknown": "NOT JUDGED"},
         "de": {"ok": "OK", "warning": "WARNUNG", "critical": "KRITISCH", "unknown": "NICHT BEURTEILT"}}
VERDICTS = {"info": "ok", "low": "ok", "medium": "warning", "unknown": "unknown", "high": "critical", "critical": "critical"}
NOTHING = {"en": "no problems found.", "de": "keine Probleme gefunden."}
MORE = {"en": r"(?: and (\d+) more)?", "de": r"(?: und (\d+) weiterer? Befunde?)?"}
LIMITED = {"en": "As far as can be seen from here: ", "de": "Soweit von hier aus erkennbar: "}

# What of mail is said to whom.  Where no mail server takes a connection, that is said whatever the policy asks for.
NOBODY = {"en": r"No mail server of the domain can be reached; mail is delayed and eventually bounces\.",
          "de": r"Kein Mailserver der Domain ist erreichbar; Mail verzögert sich und kommt schließlich als unzustellbar zurück\."}
MAIL = {
    "en": {
        "protected": r"Mail is protected\.",
        "reported": r"Mail is delivered in any case \(testing mode\)[;,] .*",
        "unprotected": r"Mail is delivered without protection\.|DANE protects mail from senders that use it; .*",
        "partly-refused": r"Senders that follow MTA-STS refuse some .*|.*DANE.* only to the others\. .*",
        "refused": r"Mail is refused: senders that follow MTA-STS .*|.*(?:Senders with DANE|Postfix) (?:do|does) not deliver mail: .*|.* cannot deliver at all\.",
        "undeliverable": r"No mail can be delivered.*|Senders behind validating resolvers .*|The domain accepts no mail \(null MX\)\.",
        "unknown": r"Mail delivery could not be judged from here\.",
    },
    "de": {
        "protected": r"Mail ist geschützt\.",
        "reported": r"Mail wird in jedem Fall zugestellt \(Modus testing\)[;,] .*",
        "unprotected": r"Mail wird ohne Schutz zugestellt\.|DANE schützt Mail von sendenden Servern, die es anwenden; .*",
        "partly-refused": r"Sendende Server mit MTA-STS stellen an einen Teil .*|.*DANE.* nur an die übrigen zu\. .*",
        "refused": r"Mail wird abgewiesen: Sendende Server mit MTA-STS .*|.*(?:Sendende Server mit DANE stellen|Postfix stellt) nicht zu: .*|.* kann gar nicht zustellen\.",
        "undeliverable": r"Mail (?:dorthin )?ist unzustellbar.*|Sendende Server hinter validierenden Resolvern .*|Die Domain nimmt keine Mail an \(Null-MX\)\.",
        "unknown": r"Die Zustellung von Mail ließ sich von hier aus nicht beurteilen\.",
    },
}
# How a connection fails that is the mail server's doing.
CLOSED = {"refused", "timeout", "reset", "closed", "failed"}


def nobody_answers(facts, said):
    """All addresses of the mail servers were tried, and none took a connection."""
    sessions = [session for host in facts.get("mx", []) for session in host.get("sessions", [])]
    ours = any(f["code"] == "mx-port25-blocked" for f in said["findings"])
    return bool(sessions) and not ours and all(s["phase"] == "connect" and s["outcome"] in CLOSED for s in sessions)


def mail_fault(mail, facts, said, language):
    """Why that is not to be said of mail."""
    nobody = re.fullmatch(NOBODY[language], mail)
    if said["delivery"] == "undeliverable" or not (nobody or nobody_answers(facts, said)):
        return None if re.fullmatch(MAIL[language][said["delivery"]], mail) else f"mail is {said['delivery']}"
    return None if nobody else "no mail server answers"


def check(mtasts, language, *more):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                   **{name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")}}
    done = subprocess.run([mtasts, "check", "--lang", language, *more, "--from", "-"], capture_output=True, env=environment,
                          input="".join(path.read_text() for path in FACTS).encode(), timeout=300)
    assert done.returncode in (0, 1, 2, 3) and not done.stderr, done
    return done.stdout.decode().splitlines()


def faults(line, facts, said, language):
    """What is wrong with a first line."""
    counted = [f for f in said["findings"] if f["severity"] != "info"]
    worst = counted[0]["severity"] if counted else "info"
    word = WORDS[language][VERDICTS[worst]]
    code = re.escape(f"({counted[0]['code']})") + MORE[language] + r"\." if counted else re.escape(NOTHING[language])
    found = re.fullmatch(rf"{re.escape(said['domain'])}(?: \(.*?\))?: {word}: (.*?){code} (.+[.?])", line)
    if not found:
        yield "shape"
        return
    if counted and int(found[2] or 0) != len(counted) - 1:
        yield f"{len(counted)} findings"
    if counted and not found[1].strip() or VERDICTS[worst] != said["verdict"]:
        yield "finding and verdict"
    if line != f"{line.split(': ', 1)[0]}: {said['headline']}":
        yield "JSON says: " + said["headline"]
    mail = found[found.re.groups]
    limited = mail.startswith(LIMITED[language])
    if limited and said["verdict"] != "unknown" or not limited and said["verdict"] == "unknown" and said["delivery"] != "unknown":
        yield "limits"
    mail = mail.removeprefix(LIMITED[language])
    fault = mail_fault(mail[0].upper() + mail[1:], facts, said, language)
    if fault:
        yield fault


def main():
    mtasts, wrong, seen = sys.argv[1], 0, set()
    observed = [json.loads(path.read_text()) for path in FACTS]
    for language in WORDS:
        objects = [json.loads(line) for line in check(mtasts, language, "--json")]
        lines = check(mtasts, language, "--quiet")
        assert len(lines) == len(objects) == len(FACTS)
        for line, facts, said in zip(lines, observed, objects):
            seen.add(said["delivery"])
            for fault in faults(line, facts, said, language):
                wrong += 1
                print(f"{line}\n  {fault}")
    missing = set(MAIL["en"]) - seen
    print(f"headlines: {len(FACTS)} observations, {wrong} faults" + (f"; never {', '.join(missing)}" if missing else ""))
    sys.exit(bool(wrong or missing))


main()
