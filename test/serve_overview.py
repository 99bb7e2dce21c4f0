#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""My domains by cause: /overview and /api/v1/causes over a store with recorded checks.

usage: serve_overview.py MTASTS"""

import datetime
import json
import os
import pathlib
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent
MTASTS = os.path.abspath(sys.argv[1])
PASSWORD = "correct horse battery staple"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
failed = 0


def check(what, good, seen=""):
    global failed
    if not good:
        failed += 1
        print(f"FAILED: {what}: {seen}")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


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


class Service:
    def __init__(self, store):
        self.port, self.cookie = free_port(), ""
        self.process = subprocess.Popen([MTASTS, "serve", "--no-watch", "--store", store, "--listen", f"127.0.0.1:{self.port}"],
                                        stderr=subprocess.DEVNULL)
        for _ in range(600):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.1)

    def ask(self, path, form=None, **fields):
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, fields)
        request.add_header("Origin", f"http://127.0.0.1:{self.port}")
        if self.cookie:
            request.add_header("Cookie", self.cookie)
        opener = urllib.request.build_opener(NoRedirect)
        try:
            answer = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer.status, answer.read().decode()

    def sign_in(self, name):
        self.cookie = ""
        status, _ = self.ask("/login", {"name": name, "password": PASSWORD})
        check(f"{name} signs in", status == 303, status)

    def token(self, group):
        page = self.ask("/account")[1]
        token = re.search(r'name="token" value="([^"]*)"', page) or re.search(r'type="hidden" name="([^"]*)" value="([^"]*)"', page)
        name, value = ("token", token.group(1)) if token.re.groups == 1 else token.groups()
        page = self.ask("/account/tokens", {name: value, "name": "t", "group": group, "read": "yes", "days": "1"})[1]
        return re.search(r"mts_[A-Za-z0-9_-]+", page).group(0)

    def causes(self, token):
        status, text = self.ask("/api/v1/causes", None, Authorization=f"Bearer {token}")
        check("the API answers", status == 200, (status, text))
        return json.loads(text)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


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
        db.execute("INSERT INTO tenant_domain SELECT id, CASE WHEN name = 'fine3.example' THEN 2 ELSE 1 END, 1, '', 1 FROM domain"
                   " WHERE name GLOB '*[0-9].example'")
        db.execute("INSERT INTO domain (name) VALUES ('new.example')")
        db.execute("INSERT INTO tenant_domain SELECT id, 1, 1, '', 1 FROM domain WHERE name = 'new.example'")
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
        service = Service(store)
        check("nobody sees it", service.ask("/overview")[0] == 303)
        check("nor without a token", service.ask("/api/v1/causes")[0] == 401)
        service.sign_in("berta")
        page = service.ask("/overview")[1]
        check("the other group's are fine", "1 fine" in page and "expired" not in page, page)
        check("to its list", 'href="/domains?verdict=ok"' in page, page)
        check("a group that is not theirs", service.ask("/overview?group=1")[0] == 404)
        service.sign_in("anna")
        status, page = service.ask("/overview?group=1")
        check("the page", status == 200 and "mx-cert-expired" in page and "No check found" not in page, page)
        check("its list by verdict", "/domains?verdict=critical&amp;group=1" in page, page)
        check("both groups of an administrator", "4 fine" in service.ask("/overview")[1])
        token = service.token(1)
        before = expect_first(service.causes(token))
        service.stop()
        forget(store)
        service = Service(store)
        for _ in range(100):
            causes = service.causes(token)
            if causes["complete"]:
                break
            time.sleep(0.1)
        after = expect_first(causes)
        check("filled it is as it was", {**after["cert:mx-cert-expired"], "since": 0} == {**before["cert:mx-cert-expired"], "since": 0},
              after)
        service.stop()
        grow_old(store)
        service = Service(store)
        service.sign_in("anna")
        check("nobody checks any more", "Last check 30 hours ago" in service.ask("/overview")[1])
        service.stop()
        subprocess.run([MTASTS, "serve", "--store", f"{folder}/empty.db", "--create-admin", "anna"], input=PASSWORD + "\n",
                       text=True, capture_output=True, check=True)
        service = Service(f"{folder}/empty.db")
        service.sign_in("anna")
        check("an empty one", "There are no domains here yet" in service.ask("/overview")[1])
        service.stop()
    print(f"serve_overview: {failed} faults")
    return failed != 0


sys.exit(main())
