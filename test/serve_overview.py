#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""My domains by cause: /overview and /api/v1/causes over a store with recorded checks.

usage: serve_overview.py MTASTS"""

import datetime
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

from service import OWN, PASSWORD, Browser, Service, Token, wait_until

TOP = pathlib.Path(__file__).resolve().parent.parent
MTASTS = os.path.abspath(sys.argv[1])
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
failed = 0


def check(what, good, seen=""):
    global failed
    if not good:
        failed += 1
        print(f"FAILED: {what}: {seen}")


def facts(kind, domain, age_s=60):
    """A recording under another name; its MX host stays, so that several domains share it."""
    text = (TOP / f"test/recorded/{kind}.json").read_text().replace(f"mx.{kind}.example", "\0")
    one = json.loads(text.replace(f"{kind}.example", domain).replace("\0", f"mx.{kind}.example"))
    one["observed_at"] = (NOW - datetime.timedelta(seconds=age_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(one)


def report(domain, failures):
    day = (NOW - datetime.timedelta(days=1)).strftime("%Y-%m-%d")
    return json.dumps({
        "organization-name": "Sender", "contact-info": "r@sender.example", "report-id": domain,
        "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"},
        "policies": [{"policy": {"policy-type": "sts", "policy-domain": domain},
                      "summary": {"total-successful-session-count": 5, "total-failure-session-count": failures},
                      "failure-details": [{"result-type": "certificate-expired", "failed-session-count": failures}]}]})


def serve(store):
    return Service(MTASTS, store, "--no-watch")


def causes_of(token):
    answer = token.ask("GET", "/causes")
    check("the API answers", answer.status == 200, (answer.status, answer.text))
    return answer.json()


def store_all(store, texts, *command):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write("\n".join(texts) + "\n")
        file.flush()
        subprocess.run([MTASTS, *command, file.name], capture_output=True, check=False)


def make_store(store):
    for name in ("anna", "berta"):
        subprocess.run([MTASTS, "serve", "--store", store, "--create-admin", name], input=PASSWORD + "\n", text=True,
                       capture_output=True, check=True)
    checks = [facts("mx-cert-expired-testing", f"expired{n}.example") for n in range(3)]
    checks += [facts("short-but-fine", f"fine{n}.example") for n in range(4)]
    checks += [facts("mx-not-covered", f"alone{n}.example") for n in range(4)]
    store_all(store, checks, "watch", "--quiet", "--store", store, "--from")
    store_all(store, [report("expired0.example", 9), report("fine0.example", 2), report("alone0.example", 1)],
              "ingest", "--store", store)
    with sqlite3.connect(store) as db:
        db.execute("UPDATE account SET administrator = 0 WHERE name = 'berta'")
        db.execute("INSERT INTO tenant (id, name, created) VALUES (1, 'first', 1), (2, 'second', 1)")
        db.execute(OWN.format(group="CASE WHEN d.name = 'fine3.example' THEN 2 ELSE 1 END")
                   + " WHERE d.name GLOB '*[0-9].example'")
        db.execute("INSERT INTO domain (name) VALUES ('new.example')")
        db.execute(OWN.format(group=1) + " WHERE d.name = 'new.example'")
        db.execute("INSERT INTO member SELECT id, CASE name WHEN 'anna' THEN 1 ELSE 2 END, 'admin' FROM account")
    db.close()


def expect_first(causes):
    by_key = {cause["key"].split(":")[0] + ":" + cause["code"]: cause for cause in causes["causes"]}
    check("verdicts", causes["verdicts"] == {"critical": 7, "warning": 0, "unknown": 0, "ok": 3, "unchecked": 1},
          causes["verdicts"])
    check("domains", causes["domains"] == 11 and causes["complete"], causes)
    expired = by_key.get("cert:mx-cert-expired", {})
    check("one certificate of three domains", (expired.get("domains"), expired.get("sharing")) == (3, 3), causes["causes"])
    check("its sessions", expired.get("sessions_lost") == 9, expired)
    alone = by_key.get("code:mx-not-covered", {})
    check("hosts of their own are one row", alone.get("domains") == 4, causes["causes"])
    check("the step of what they share", expired.get("action") and "DOMAIN" not in expired["action"]
          and re.search(r"mx\.mx-cert-expired-testing\.example", expired["action"]), expired)
    check("no step of one domain for several", "alone" not in alone.get("action", "alone"), alone)
    check("the worst first", causes["causes"][0]["severity"] == "critical", causes["causes"][0])
    check("all sessions", causes["sessions_lost"] == 12, causes["sessions_lost"])
    return by_key


def forget(store):
    """As a store of an earlier version is after its schema was brought up to date."""
    with sqlite3.connect(store) as db:
        for table in ("domain_state", "domain_part", "session_day", "report_failure"):
            db.execute(f"DELETE FROM {table}")
        db.execute("UPDATE checked_code SET cause = NULL")
        db.execute("INSERT INTO rollup_todo SELECT 'reports', 0, MAX(id) FROM report")
        db.execute("INSERT INTO rollup_todo SELECT 'checks', 0, MAX(domain_id) FROM checked")
    db.close()


def grow_old(store):
    with sqlite3.connect(store) as db:
        for table in ("domain_state", "checked"):
            db.execute(f"UPDATE {table} SET observed_at = observed_at - 30 * 3600")
    db.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/store.db"
        make_store(store)
        service = serve(store)
        check("nobody sees it", service.get("/overview").status == 303)
        check("nor without a token", service.get("/api/v1/causes").status == 401)
        page = Browser(service, "berta").get("/overview")
        check("the other group's are fine", "1 fine" in page.text and "expired" not in page.text, page.text)
        check("to its list", 'href="/domains?verdict=ok"' in page.text, page.text)
        anna, berta = Browser(service, "anna"), Browser(service, "berta")
        check("a group that is not theirs", berta.get("/overview?group=1").status == 404)
        page = anna.get("/overview?group=1")
        check("the page", page.status == 200 and "mx-cert-expired" in page.text and "No check found" not in page.text, page.text)
        check("its list by verdict", "/domains?verdict=critical&amp;group=1" in page.text, page.text)
        check("both groups of an administrator", "4 fine" in anna.get("/overview").text)
        token = Token(anna, 1, "read")
        before = expect_first(causes_of(token))
        service.stop()
        forget(store)
        service.start()
        causes = wait_until(lambda: (found := causes_of(token))["complete"] and found, "all is counted anew", service.said)
        after = expect_first(causes)
        check("filled it is as it was", {**after["cert:mx-cert-expired"], "since": 0} == {**before["cert:mx-cert-expired"], "since": 0},
              after)
        service.stop()
        grow_old(store)
        service.start()
        check("nobody checks any more", "Last check 30 hours ago" in Browser(service, "anna").get("/overview").text)
        service.stop()
        service = serve(f"{folder}/empty.db")
        anna = Browser(service, service.create_admin("anna"))
        check("an empty one", "There are no domains here yet" in anna.get("/overview").text)
        service.stop()
    print(f"serve_overview: {failed} faults")
    return failed != 0


sys.exit(main())
