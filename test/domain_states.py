# SPDX-License-Identifier: MIT
"""Domains in every state that the page of a domain knows: checks and reports of the last weeks, made of one
recorded observation."""

import datetime
import json
import pathlib
import subprocess

RECORDED = pathlib.Path(__file__).resolve().parent / "recorded"
BASE = "mx-cert-expired-testing"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
GOOGLE, MICROSOFT, RU = "Google Inc.", "Microsoft Corporation", "Mail.ru"


def written(at):
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def facts(name, days_ago, mode="enforce", ends=70, absent=False, broken=False, blind=False, max_age=2592000, old_mx=False,
          old_cert=False):
    """One check; ends: days from then on that the mail server's certificate still lasts."""
    at = NOW - days_ago * DAY - datetime.timedelta(minutes=2)
    text = (RECORDED / f"{BASE}.json").read_text().replace(f"{BASE}.example", f"{name}.example")
    made = json.loads(text.replace("mode: testing", f"mode: {mode}"))
    made["observed_at"] = written(at)
    for fetch in made["policy_host"]["fetches"]:
        leaf = fetch["tls"]["chain"][0]
        leaf["not_before"], leaf["not_after"] = written(at - 20 * DAY), written(at + 70 * DAY)
        fetch["body"] = fetch["body"].replace("max_age: 2592000", f"max_age: {max_age}")
        if old_mx:
            end = "\r\n" if "\r\n" in fetch["body"] else "\n"
            fetch["body"] = fetch["body"].replace("mx: ", f"mx: old.{name}.example{end}mx: ", 1)
        if broken:
            leaf["dns_names"] = ["www.elsewhere.example"]
    for session in made["mx"][0]["sessions"]:
        leaf = session["tls"]["chain"][0]
        leaf["not_before"], leaf["not_after"] = written(at + (ends - 90) * DAY), written(at + ends * DAY)
        if old_cert:
            leaf["sha256"] = "0" * 64
        if blind:
            for member in ("tls", "greeting", "greeting_code", "ehlo_code", "capabilities", "starttls_offered",
                           "starttls_code", "starttls"):
                session.pop(member, None)
            session["outcome"], session["phase"] = "timeout", "connect"
    if blind:
        made["port25_controls"] = [{"host": "gmail-smtp-in.l.google.com", "address": "192.178.1.27", "outcome": "timeout"}]
    if absent:
        made["sts_txt"].pop("records", None)
        made["sts_txt"]["outcome"] = "nxdomain"
        made["policy_host"]["a"] = {**made["policy_host"]["a"], "outcome": "nxdomain"}
        made["policy_host"]["a"].pop("records", None)
        made["policy_host"]["fetches"] = []
    return made


def report(name, days_ago, sender, good, bad=0, kind="certificate-expired", host=None):
    day = (NOW - days_ago * DAY).strftime("%Y-%m-%d")
    details = [{"result-type": kind, "failed-session-count": bad, "sending-mta-ip": "198.51.100.17",
                **({"receiving-mx-hostname": f"mx.{name}.example"} if host else {})}] if bad else []
    return {"organization-name": sender, "contact-info": "a@b.example", "report-id": f"{sender}-{name}-{days_ago}",
            "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"},
            "policies": [{"policy": {"policy-type": "sts", "policy-domain": f"{name}.example",
                                     "policy-string": ["version: STSv1", "mode: enforce", f"mx: mx.{name}.example",
                                                       "max_age: 2592000"]},
                          "summary": {"total-successful-session-count": good, "total-failure-session-count": bad},
                          "failure-details": details}]}


def daily(name, first=20, last=1, good=100, sender=GOOGLE):
    return [report(name, d, sender, good) for d in range(first, last - 1, -1)]


def domains():
    """{name: (checks, reports)}; what is named like its state but with what is behind a dot."""
    both = lambda name, last=1: daily(name, last=last) + daily(name, last=last, sender=MICROSOFT, good=50)
    good = lambda name, **more: [facts(name, d, **more) for d in range(25, -1, -1)]
    made = {
        "refused": ([facts("refused", 5), facts("refused", 2, ends=-1), facts("refused", 0, ends=-3)],
                    both("refused", 2) + [report("refused", 1, GOOGLE, 300, 40, host=True),
                                            report("refused", 1, MICROSOFT, 100, 2, host=True)]),
        "off": ([facts("off", 0, broken=True)], both("off")),
        "unknown": ([facts("unknown", 0, blind=True)], both("unknown")),
        "stale": ([facts("stale", 3)], both("stale")),
        "failing": (good("failing"), both("failing", 2) + [
            report("failing", 1, GOOGLE, 9, 3, "starttls-not-supported", True),
            report("failing", 1, MICROSOFT, 9, 4, "starttls-not-supported", True)]),
        "soon": ([facts("soon", 0, ends=6)], both("soon")),
        "absent": ([facts("absent", 0, absent=True)], []),
        "one-sender": (good("one-sender"), both("one-sender") + [
            report("one-sender", d, RU, 0, 14, "sts-policy-fetch-error") for d in range(9, 0, -1)]),
        "ready": (good("ready", mode="testing", max_age=604800), both("ready")),
        "silent": (good("silent"), daily("silent") + daily("silent", 40, 12, sender=MICROSOFT)),
        "empty": ([facts("empty", 0)], []),
        "testing": ([facts("testing", 4, mode="testing", max_age=604800, old_mx=True, old_cert=True),
                     facts("testing", 0, mode="testing", max_age=604800)], both("testing")),
        "fine": (good("fine"), both("fine")),
        "unchecked": ([], []),
    }
    hostile = '"><script>alert(1)</script>'
    made["hostile"] = (good("hostile"), daily("hostile", sender=f"<img src=x onerror=alert(1)> {hostile}") + [
        report("hostile", 1, hostile, 3, 5, hostile, True)])
    return made


def fill(mtasts, store, folder, which):
    """Stores all of it."""
    folder = pathlib.Path(folder)
    lines = [json.dumps(one, separators=(",", ":")) for checks, _ in which.values() for one in checks]
    (folder / "facts.jsonl").write_text("\n".join(lines) + "\n")
    reports = folder / "reports.jsonl"
    reports.write_text("\n".join(json.dumps(one) for _, made in which.values() for one in made) + "\n")
    for command in (["watch", "--quiet", "--from", folder / "facts.jsonl"], ["ingest", reports]):
        done = subprocess.run([mtasts, command[0], "--no-config", "--store", store, *command[1:]], capture_output=True,
                              text=True)
        if done.returncode > 3:
            raise SystemExit(f"{command[0]}: {done.stderr}")
