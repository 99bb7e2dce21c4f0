#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""TLS reports beside a live check: each fault of the lab, as a sender would report it, comes out as
confirmed, a repaired one as not confirmed, an earlier policy as stale; live and from stored facts alike.

Runs in the lab:  lab/enter test/report_check.py"""

import datetime
import json
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
TODAY = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)

CONFIRMED, NOT_CONFIRMED, NEITHER = "report-confirmed", "report-not-confirmed", None
# domain, result type, host ("": none named), what the join says, a code that it names
CASES = [
    ("mx-cert-expired", "certificate-expired", "mx", CONFIRMED, "mx-cert-expired"),
    ("mx-cert-wrong-name", "certificate-host-mismatch", "mx", CONFIRMED, "mx-cert-name-mismatch"),
    ("mx-cert-self-signed", "certificate-not-trusted", "mx", CONFIRMED, "mx-cert-self-signed"),
    ("mx-cert-incomplete", "validation-failure", "mx", CONFIRMED, "mx-cert-chain-incomplete"),
    ("mx-starttls-missing", "starttls-not-supported", "mx", CONFIRMED, "mx-starttls-missing"),
    ("mx-none-covered", "validation-failure", "", CONFIRMED, "mx-none-covered"),
    ("policy-404", "sts-policy-fetch-error", "", CONFIRMED, "policy-not-found"),
    ("policy-cert-expired", "sts-webpki-invalid", "", CONFIRMED, "policy-cert-expired"),
    ("policy-mode-missing", "sts-policy-invalid", "", CONFIRMED, "policy-mode-missing"),
    ("policy-host-servfail", "sts-policy-fetch-error", "", CONFIRMED, ""),
    ("dane-mismatch", "tlsa-invalid", "mx", CONFIRMED, "dane-tlsa-mismatch"),
    ("healthy", "certificate-expired", "mx", NOT_CONFIRMED, None),
    ("healthy", "validation-failure", "mx", NOT_CONFIRMED, None),
    ("healthy", "starttls-not-supported", "old", NOT_CONFIRMED, None),  # no MX host any more
    ("healthy", "sts-policy-fetch-error", "", NOT_CONFIRMED, None),
    ("healthy", "sts-webpki-invalid", "", NOT_CONFIRMED, None),
    ("dane", "tlsa-invalid", "mx", NOT_CONFIRMED, None),
    ("mx-cert-expired", "starttls-not-supported", "mx", NOT_CONFIRMED, None),  # another fault is no proof
    ("mx-cert-expired", "sts-policy-invalid", "", NOT_CONFIRMED, None),
    ("mx-hole", "certificate-expired", "mx", NEITHER, None),  # what was not seen is not judged
    ("healthy", "dane-required", "mx", NOT_CONFIRMED, None),
    ("healthy", "a-new-word", "mx", NEITHER, None),
]


def stamp(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def report(domain, failures=(), strings=None, day=1):
    begin = TODAY - datetime.timedelta(days=day)
    policy = {"policy-type": "sts", "policy-domain": domain}
    if strings:
        policy["policy-string"] = strings
    return {"organization-name": "Sender", "contact-info": "tls@sender.example", "report-id": f"{domain}-{day}",
            "date-range": {"start-datetime": stamp(begin),
                           "end-datetime": stamp(begin + datetime.timedelta(seconds=86399))},
            "policies": [{"policy": policy, "failure-details": list(failures),
                          "summary": {"total-successful-session-count": 5,
                                      "total-failure-session-count": 3 * len(failures)}}]}


def failure(result_type, host):
    return {"result-type": result_type, "failed-session-count": 3,
            **({"receiving-mx-hostname": host} if host else {})}


def run(text, *options):
    done = subprocess.run([MTASTS, "report", "--json", *options, "-"], input=text.encode(), capture_output=True,
                          timeout=120, check=False)
    if done.stderr:
        raise AssertionError(done.stderr.decode())
    return json.loads(done.stdout)


def joins(got, domain, result_type):
    return [(f["code"], f["evidence"].get("codes") or "") for f in got["findings"]
            if f["code"] in (CONFIRMED, NOT_CONFIRMED) and f["evidence"].get("result_type") == result_type
            and f["evidence"].get("domain") == domain]


def demand(truth, what):
    if not truth:
        raise AssertionError(what)


def observed(domain):
    facts = subprocess.run([MTASTS, "observe", "--timeout", "15", domain], capture_output=True, timeout=60, check=True)
    path = pathlib.Path(os.environ.get("TMPDIR", "/tmp"), f"facts-{os.getpid()}.json")
    path.write_bytes(facts.stdout)
    return path


def case_each_fault():
    wrong = []
    for name, result_type, host, want, code in CASES:
        domain = f"{name}.example"
        text = json.dumps(report(domain, [failure(result_type, f"{host}.{domain}" if host else "")]))
        got = joins(run(text, "--check", "--timeout", "15"), domain, result_type)
        if [c for c, _ in got] != ([want] if want else []) or (code and code not in got[0][1].split(", ")):
            wrong.append(f"{domain} {result_type} {host}: {got}, not {want} {code}")
    demand(not wrong, "; ".join(wrong))


def case_stored_facts_say_the_same():
    domain = "mx-cert-expired.example"
    text = json.dumps(report(domain, [failure("certificate-expired", f"mx.{domain}")]))
    path = observed(domain)
    try:
        live, stored = run(text, "--check"), run(text, "--from", str(path))
    finally:
        path.unlink()
    demand(joins(live, domain, "certificate-expired") == joins(stored, domain, "certificate-expired") != [],
           "live and stored differ")


def case_an_earlier_policy():
    """Its latest date: the end of the last report with it, and its max_age."""
    domain = "healthy.example"
    now = ["version: STSv1", "mode: enforce", f"mx: mx.{domain}", "max_age: 2592000"]
    old = ["version: STSv1", "mode: testing", f"mx: mx.{domain}", "max_age: 864000"]
    got = run("\n".join(json.dumps(report(domain, strings=old, day=d)) for d in (3, 2)), "--check")
    stale = [f for f in got["findings"] if f["code"] == "report-stale-policy"]
    demand(len(stale) == 1, stale)
    until = (TODAY - datetime.timedelta(days=1) + datetime.timedelta(seconds=864000 - 1)).strftime("%Y-%m-%d")
    demand(stale[0]["evidence"]["until"] == until, f"{stale[0]['evidence']}, not {until}")
    demand(stale[0]["evidence"]["differs"] == "mode, max_age", stale[0]["evidence"])
    for strings, day in ((now, 1), (old, 20), (None, 1)):  # the same one; too old to live; not told
        got = run(json.dumps(report(domain, strings=strings, day=day)), "--check")
        demand(not [f for f in got["findings"] if f["code"] == "report-stale-policy"], f"{strings} {day}")


def case_text_says_what_is_now():
    domain = "mx-cert-expired.example"
    text = json.dumps(report(domain, [failure("certificate-expired", f"mx.{domain}")]))
    for options, words in ((["--check"], "persists (mx-cert-expired)"), ([], "(use --check)")):
        shown = subprocess.run([MTASTS, "report", *options, "-"], input=text.encode(), capture_output=True, check=False,
                               env={**os.environ, "LC_ALL": "C"}).stdout.decode()
        demand(words in shown, shown)


sys.exit(cases.run(cases.named(sys.modules[__name__], sys.argv[1:])))
