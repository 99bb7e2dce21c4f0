#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Markup in everything that strangers and users write, through the pages of an owner in Chromium: facts of a check,
fields and file names of reports, what is rejected, names of groups, users, tokens and browsers, webhooks and rules.
No script runs, nothing of it becomes an element, and every page is what it is otherwise (test/browser/look.mjs).

usage: browser_hostile.py MTASTS [--screenshots DIR]

Exits 77 where Chromium, Node.js or the modules are missing (tools/install-browser)."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import domain_states
from service import PASSWORD, Browser, Service, add_domains, add_group

HERE = pathlib.Path(__file__).resolve().parent
MTASTS = os.path.abspath(sys.argv[1])
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>'
TEXT = "hostile-text.example"  # its records, banners and certificates


def report(number, domain):
    """Markup in each field that a report has."""
    day = (domain_states.NOW - domain_states.DAY).strftime("%Y-%m-%d")
    return json.dumps({
        "organization-name": f"Sender {MARKUP}", "contact-info": MARKUP, "report-id": f"{number} {MARKUP}",
        "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"},
        "policies": [{"policy": {"policy-type": "sts", "policy-domain": domain, "policy-string": [MARKUP, "version: STSv1"], "mx-host": [MARKUP]},
                      "summary": {"total-successful-session-count": 3, "total-failure-session-count": 9},
                      "failure-details": [{"result-type": kind, "failed-session-count": 3, "receiving-mx-hostname": MARKUP, "receiving-mx-helo": MARKUP,
                                           "sending-mta-ip": MARKUP, "additional-information": MARKUP, "failure-reason-code": MARKUP}
                                          for kind in ("certificate-expired", "validation-failure", MARKUP)]}]})


def fill(service, admin):
    facts = (HERE / f"recorded/{TEXT.removesuffix('.example')}.json").read_text()
    states = domain_states.domains()["hostile"][0]
    subprocess.run([MTASTS, "watch", "--no-config", "--quiet", "--from", "-", "--store", service.store], env=service.env, capture_output=True,
                   input="\n".join([json.dumps(json.loads(facts)), *map(json.dumps, states)]) + "\n", text=True)
    group = add_group(admin, "Strangers")
    add_domains(admin, group, [TEXT, "hostile.example"])
    admin.get("/admin")
    admin.post("/admin/groups", name=MARKUP)
    admin.post("/admin/users", name=MARKUP.replace(" ", "/"))
    admin.post(f"/admin/groups/{group}", do="member-set", name="anna", role="admin")
    admin.post("/account/tokens", name=MARKUP, group=group, read="yes", days="9")
    admin.upload("/domains/import", domains=f"tagged.example\n{MARKUP}\n", group=group, tags="red", do="add")
    for number, domain in enumerate((TEXT, "hostile.example", "hostile.example")):
        admin.upload("/reports", file=report(number, domain), filename=f"{number}{MARKUP.replace('/', '').replace(chr(34), '')}.json")
    service.ask("POST", "/tlsrpt", report(9, "nobodys.example"))
    service.ask("POST", "/tlsrpt", "{" + MARKUP)
    admin.get("/alerts/rules")
    admin.post("/alerts/channels", group=group, kind="webhook", target=f"https://hook.example/{MARKUP.replace(' ', '')}", language="en", digest="none", hour="6")
    Browser(service, "anna", agent=MARKUP)
    return group


def main():
    if not CHROMIUM or not shutil.which("node") or not (HERE / "browser/node_modules").is_dir():
        print("browser_hostile: Chromium, Node.js or the modules are missing")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        service = Service(MTASTS, f"{folder}/store.db", "--no-watch", "--private-webhooks", "--alert-delay", "1")
        try:
            admin = Browser(service, service.create_admin("anna"))
            group = fill(service, admin)
            shown = admin.get("/d/hostile.example").text + admin.get("/reports").text
            if "&lt;script&gt;alert(1)" not in shown:
                print("browser_hostile: the markup is not on the pages")
                return 1
            pages = ["overview", "domains", "domains/import", f"d/{TEXT}", "d/hostile.example", "d/hostile.example/history", "d/hostile.example/reports",
                     f"d/{TEXT}/plan", f"d/{TEXT}/rollback", "reports", "reports/first", "reports?sender=%3Cimg+src%3Dx%3E", "alerts", "alerts/rules",
                     "alerts/first", "intake", "intake/first", "account", "admin", f"admin/groups/{group}", f"admin/groups/{group + 1}", "admin/audit"]
            environment = {**os.environ, "CHROMIUM": CHROMIUM, "HOME": folder, "USER_NAME": "anna", "PASSWORD": PASSWORD}
            return subprocess.run(["node", HERE / "browser/owner.mjs", f"{service.origin}/", *[f"--own={page}" for page in pages], *sys.argv[2:]],
                                  env=environment).returncode
        finally:
            service.stop()


sys.exit(main())
