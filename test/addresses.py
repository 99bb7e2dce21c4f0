#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Special-purpose addresses: no command connects to them, and what an inner host says is not told.

Runs in the lab:  lab/enter test/addresses.py.  lab/trap.py listens at them and writes down who knocks; the
servers of the lab's inner network (lab/plan.py) are written down as well."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402

LOGS = pathlib.Path("/var/lib/nsd/log")
MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
NOBODY = ["policy-host-nobody.example", "policy-host-nobody-beside.example", "policy-host-alias-loopback.example",
          "mx-nobody.example", "mx-alias-loopback.example", "name-server-loopback.example", "policy-host-loopback.example",
          "mx-loopback.example", "policy-host-nobody-ipv6.example", "mx-nobody-ipv6.example"]
INNER = "private-network.example"
SAID_INSIDE = ("STARTTLS", "Lab Intermediate", "version: STSv1", "ESMTP")
REPORT = {
    "organization-name": "Sender", "contact-info": "tls@sender.example", "report-id": "inner",
    "date-range": {"start-datetime": "2026-11-01T00:00:00Z", "end-datetime": "2026-11-01T23:59:59Z"},
    "policies": [{"policy": {"policy-type": "sts", "policy-domain": INNER},
                  "summary": {"total-successful-session-count": 5, "total-failure-session-count": 1},
                  "failure-details": [{"result-type": "certificate-expired", "failed-session-count": 1,
                                       "receiving-mx-hostname": "mx." + INNER}]}]}


def program(*words, allow=False, stdin=b""):
    done = subprocess.run([MTASTS, *words], input=stdin, capture_output=True, timeout=180,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "", "MTASTS_ALLOW_PRIVATE": "1" if allow else ""})
    if done.returncode >= 64 or b"Sanitizer" in done.stderr:
        raise AssertionError(f"{words}: status {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()


def written(log):
    return (LOGS / log).read_text().splitlines() if (LOGS / log).exists() else []


def during(log, action):
    """What the action gives, and what was written down meanwhile."""
    before = len(written(log))
    return action(), written(log)[before:]


def demand(condition, what):
    if not condition:
        raise AssertionError(what)


def codes(result):
    return {f["code"] for f in result["findings"]}


# ---- cases -----------------------------------------------------------------------------------------


def the_trap_hears_a_knock():
    def knock():
        for address in ("127.0.0.1", "::1", "0.0.0.0", "64:ff9b::7f00:1", "169.254.169.254", "2001:0:808:808:0:0:80ff:fffe"):
            with socket.create_connection((address, 25), timeout=10) as sock:
                demand(b"secret" in sock.recv(100), f"no trap at {address}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"?", ("127.0.0.1", 53))
        with socket.create_connection(("127.0.0.1", 443), timeout=10) as sock:
            sock.recv(100)  # by now the datagram is written down
    _, heard = during("trapped", knock)
    demand(len(heard) == 8, f"written down: {heard}")


def nothing_connects_to_nobody():
    for words in (["check", "--json"], ["observe"], ["scan", "-"], ["scan", "--allow-private", "-"],
                  ["check", "--resolver", "none", "--json"], ["watch", "--store", "{store}"], ["plan"], ["generate"]):
        with tempfile.TemporaryDirectory() as folder:
            words = [w.replace("{store}", folder + "/store.db") for w in words]
            names = [] if words[0] == "scan" else NOBODY
            runs = [[*words, name] for name in names] if words[0] in ("plan", "generate") else [[*words, *names]]
            for run in runs:
                _, heard = during("trapped", lambda run=run: program(*run, stdin="\n".join(NOBODY).encode()))
                demand(not heard, f"{run}: connected to {heard}")


def findings_say_what_senders_see():
    for line in program("check", "--json", *NOBODY).splitlines():
        result = json.loads(line)
        named = [f for f in result["findings"] if f["code"].endswith("-private") or f["code"].endswith("private-address")]
        demand(named or result["domain"].startswith("name-server"), f"{result['domain']}: {codes(result)}")
        demand("the-secret-of-an-inner-host" not in line, f"{result['domain']}: it was read")


def a_person_looks_at_the_inner_network():
    out, heard = during("inner", lambda: program("check", "--verbose", INNER))
    demand(sorted(set(heard)) == ["192.168.64.25 25", "192.168.64.80 443"], f"looked at {heard}")
    demand("reachable only from this network" in " ".join(out.split()), out)
    demand("STARTTLS" in out, "the transcript lacks what the host said")


def a_scan_does_not():
    out, heard = during("inner", lambda: program("scan", "-", stdin=INNER.encode()))
    result = json.loads(out)
    demand(not heard, f"connected to {heard}")
    demand(codes(result) == {"mx-address-private", "policy-host-private-address"}, f"found {codes(result)}")
    demand((result["posture"], result["delivery"]) == ("broken", "undeliverable"), f"{result['posture']} {result['delivery']}")
    demand(not any(word in out for word in SAID_INSIDE), f"what an inner host says is told: {out}")


def a_scan_does_with_leave():
    for words, allow in ((["scan", "--allow-private", "-"], False), (["scan", "-"], True)):
        out, heard = during("inner", lambda: program(*words, allow=allow, stdin=INNER.encode()))
        demand(sorted(set(heard)) == ["192.168.64.25 25", "192.168.64.80 443"], f"{words}: looked at {heard}")
        demand(json.loads(out)["posture"] == "enforce", out)


def reports_lead_to_no_inner_host():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "report.json")
        path.write_text(json.dumps(REPORT))
        out, heard = during("inner", lambda: program("report", "--check", "--verbose", str(path)))
        demand(not heard, f"connected to {heard}")
        demand(not any(word in out for word in SAID_INSIDE[:2]), out)
        _, heard = during("inner", lambda: program("report", "--check", "--allow-private", str(path)))
        demand(heard, "--allow-private has no effect")


CASES = [the_trap_hears_a_knock, nothing_connects_to_nobody, findings_say_what_senders_see,
         a_person_looks_at_the_inner_network, a_scan_does_not, a_scan_does_with_leave, reports_lead_to_no_inner_host]
sys.exit(cases.run(CASES, again=False))  # one connection is one too many
