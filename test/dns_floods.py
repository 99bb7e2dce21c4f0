#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Name servers and zones that want work done: how many questions they get, and whether others wait for them.

Runs in the lab:  lab/enter test/dns_floods.py [CASE...].  lab/liar.py writes down the questions that its lies lead
to.  Each case is a function; no figure of time decides."""

import json
import os
import pathlib
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402

STATE = pathlib.Path("/var/lib/nsd")
MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
ASKED = STATE / "log/asked"
QUESTIONS = 150  # of one check: a dozen questions, an alias or a delegation a dozen steps deep
SERVERS = 400    # names of servers looked up for it, of 1,600; libunbound's ceiling is 64 for a question
HEALTHY = 40
SECONDS = 180    # for a hang; a domain has 60


def program(*words, stdin=b""):
    done = subprocess.run([MTASTS, *words], input=stdin, capture_output=True, timeout=SECONDS,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""})
    if done.returncode >= 64 or b"Sanitizer" in done.stderr:
        raise AssertionError(f"{words}: status {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()


def plan():
    return json.loads((STATE / "plan.json").read_text())


def codes(result):
    return {finding["code"] for finding in result["findings"]}


def of_a_scan(code):
    """A scan leaves out some looks (man page)."""
    return not code.startswith("tlsrpt-rua-https-") and not code.endswith(
        ("-differs-by-key", "-large-hello", "-tls13-only", "-caa-forbidden"))


def asked_for(domain):
    """(questions, names of servers) that the liar got about a domain."""
    lines = [line.split() for line in ASKED.read_text().splitlines()] if ASKED.exists() else []
    kinds = [kind for origin, kind, _ in lines if origin == domain]
    return len(kinds) - kinds.count("server"), kinds.count("server")


# ---- cases -----------------------------------------------------------------------------------------


def no_server_gets_questions_without_end():
    lies = {"cname-endless", "cname-long", "upward", "sideways", "parent", "sibling", "many-servers", "many-silent"}
    liars = [s for s in plan() if lies & set(s["lies"].values())]
    for s in liars:
        begun = asked_for(s["domain"])
        program("check", "--json", *s["options"], s["ask"])
        questions, servers = (now - before for now, before in zip(asked_for(s["domain"]), begun))
        print(f"{s['name']}: {questions} questions, {servers} names of servers")
        if not 0 < questions <= QUESTIONS or servers > SERVERS:
            raise AssertionError(f"{s['name']}: {questions} questions, {servers} names of servers")
    if {lie for s in liars for lie in s["lies"].values()} < lies:
        raise AssertionError("not all lies were tried")


def healthy(scenarios):
    found = [s for s in scenarios if s["delivery"] == "protected" and s["exit"] == 0 and s["dns"] == "nsd" and not s["flood"]
             and not s["nsec3"] and not s["behind"] and not s["options"] and not s["environment"]]
    return [s for s in found if not any(word in json.dumps([s["web"], s["mx"], s["reports"]])
                                        for word in ("drip", "slow", "limit", "hole", "silent"))][:HEALTHY]


def wrong_beside(hostile, looked_at, *words):
    """What a scan on one thread finds otherwise than it should, by domain."""
    names = "\n".join(s["ask"] for s in hostile + looked_at).encode()
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    output = program("scan", "--now", now, "--per-second", "60", "--threads", "1", "--jobs", "100", *words, "-", stdin=names)
    results = {r["domain"]: r for r in map(json.loads, output.splitlines())}
    if len(results) != len(hostile) + len(looked_at):
        raise AssertionError(f"{words}: {len(results)} results")
    return {s["domain"]: [f["detail"] for f in results[s["domain"]]["findings"]] for s in looked_at
            if codes(results[s["domain"]]) != set(filter(of_a_scan, s["codes"]))}


def nobody_waits_for_costly_zones_and_nobody_is_poisoned():
    """Domains whose answers want the thread to be busy, or want to be others' answers too.  On a machine with too much
    to do a peer may be late; what is wrong three times is a fault."""
    scenarios = [s for s in plan() if not s["behind"]]
    hostile = [s for s in scenarios if s["flood"] or s["nsec3"] or {"poison", "foreign-glue"} & set(s["lies"].values())]
    for words in ((), ("--resolver", "none")):
        looked_at = healthy(scenarios)
        if len(looked_at) < HEALTHY:
            raise AssertionError(f"only {len(looked_at)} healthy domains")
        for _ in range(3):
            wrong = wrong_beside(hostile, looked_at, *words)
            looked_at = [s for s in looked_at if s["domain"] in wrong]
            if not wrong:
                break
        if wrong:
            raise AssertionError(f"{words}: {wrong}")


CASES = [no_server_gets_questions_without_end, nobody_waits_for_costly_zones_and_nobody_is_poisoned]

if __name__ == "__main__":
    if "MTASTS_LAB" not in os.environ:
        os.execv(TOP / "lab/enter", ["enter", __file__, *sys.argv[1:]])
    cases.known(sys.argv[1:], [c.__name__ for c in CASES])
    sys.exit(cases.run([c for c in CASES if not sys.argv[1:] or c.__name__ in sys.argv[1:]]))
