#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A service with data that outlives an upgrade of its program: accounts, reports, checks, a rule and its channel.

usage: upgrade.py fill PROGRAM STORE       by the older version
       upgrade.py look PROGRAM STORE       by the newer one, on what the older one left

tools/check-upgrade unpacks an older package for it.  What is expected is noted down beside the store."""

import json
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import domain_states  # noqa: E402
from service import Browser, Service, Token, add_domains, add_group, add_user, wait_until  # noqa: E402

WHAT, PROGRAM, STORE = sys.argv[1:4]
NOTES = pathlib.Path(STORE).with_name("expected.json")
DOMAINS = ["refused", "fine", "testing"]
started = []  # so that none outlives a failure


def demand(truth, what, seen=""):
    assert truth, f"upgrade: {what}: {str(seen)[:600]}"


def seen_by(token):
    """What must be the same before and after, by the API; None: the older version does not answer that yet."""
    def answer(path, member):
        found = token.get(path)
        demand(found.status in (200, 404), path, found.text)
        return found.json()[member] if found.status == 200 else None

    seen = {"reports": answer("/reports", "items"), "rules": answer("/rules", "items"), "webhooks": answer("/webhooks", "items")}
    seen = {name: sorted(one["id"] for one in items) if items is not None else None for name, items in seen.items()}
    for name in DOMAINS:
        for what, member in (("verdict", "state"), ("policies", "policies"), ("series", "sessions")):
            seen[f"{name}, {what}"] = answer(f"/domains/{name}.example/{what}", member)
        for policy in seen[f"{name}, policies"] or []:
            policy.pop("held_until")  # by the time of the question
    return seen


def stored(lines, *words):
    """With the command, as who maintains the service would."""
    done = subprocess.run([PROGRAM, *words, "--store", STORE], input="\n".join(json.dumps(one) for one in lines) + "\n",
                          text=True, capture_output=True)
    demand(done.returncode <= 3, words, done.stderr)


def fill():
    made = {name: pair for name, pair in domain_states.domains().items() if name in DOMAINS}
    stored([check for checks, _ in made.values() for check in checks], "watch", "--quiet", "--from", "-")
    stored([report for _, reports in made.values() for report in reports], "ingest", "-")
    service = Service(PROGRAM, STORE, "--no-watch")
    started.append(service)
    admin = Browser(service, service.create_admin("root"))
    group = add_group(admin, "Post")
    password = add_user(admin, "ada", {group: "admin"})
    add_domains(admin, group, [f"{name}.example" for name in DOMAINS])
    token = Token(Browser(service, "ada", password), group, "read", "domains", "admin")
    answer = token.ask("POST", "/webhooks", {"url": "https://hook.example/", "language": "en"})
    if answer.status == 201:
        answer = token.ask("POST", "/rules", {"kinds": ["problem", "silent"], "channels": [answer.json()["id"]]})
        demand(answer.status == 201, "a rule", answer.text)
    NOTES.write_text(json.dumps({"password": password, "secret": token.secret, "seen": seen_by(token), "reports": sum(len(made[name][1]) for name in DOMAINS)}))
    demand(service.stop() == 0, "it ends", service.said())


def look():
    notes = json.loads(NOTES.read_text())
    service = Service(PROGRAM, STORE, "--no-watch")
    started.append(service)
    admin, ada = Browser(service, "root"), Browser(service, "ada", notes["password"])
    token = Token.__new__(Token)
    token.service, token.secret = service, notes["secret"]
    # what the older one did not count is counted behind the start
    wait_until(lambda: "still being counted" not in ada.get("/overview").text, "all is counted", service.said)
    found = seen_by(token)
    changed = [name for name, value in notes["seen"].items() if value is not None and found[name] != value]
    demand(not changed, "what was there is there", [(name, notes["seen"][name], found[name]) for name in changed])
    demand(len(found["reports"]) == min(notes["reports"], 50) and found["refused, series"], "a page of reports, and their sums", found)
    for browser in (admin, ada):
        for path in ("/overview", "/domains", "/d/refused.example", "/reports", f"/reports/{found['reports'][0]}", "/alerts"):
            demand(browser.get(path).status == 200, path)
    page = ada.get(re.search(r'href="(/alerts/rules[^"]*)"', ada.get("/alerts").text)[1].replace("&amp;", "&"))
    demand(page.status == 200, "rules and channels")
    demand(service.stop() == 0, "it ends", service.said())
    print(f"upgrade: {len(found['reports'])} reports, {len(DOMAINS)} domains, {len(found['rules'])} rules are as they were")


try:
    {"fill": fill, "look": look}[WHAT]()
finally:
    for service in started:
        service.kill()
