#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The page of a domain and its API, through the built program, on SQLite and on PostgreSQL: every state, what failed
and what it is now, filters, tables, plan and rollback, and that another group's domain is not there.

usage: serve_domain.py MTASTS"""

import csv
import html
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import domain_states
from service import Browser, Service, Token, add_domains, add_group
from stores import Postgres, Sqlite

MTASTS = str(pathlib.Path(sys.argv[1]).resolve())
TMP = tempfile.TemporaryDirectory(prefix="mtasts-domain-")
faults = 0


def check(what, good, seen=""):
    global faults
    if not good:
        faults += 1
        print(f"FAIL: {what}: {str(seen)[:400]!r}")


def settle(admin, names):
    """A group with the domains, and a token of it."""
    group = add_group(admin, "Demo")
    add_domains(admin, group, [f"{name}.example" for name in names])
    admin.bearer = Token(admin, group, "read")


def api(admin, domain, what, **query):
    return admin.bearer.get(f"/domains/{domain}.example/{what}", **query)


# ---- states ------------------------------------------------------------------------------------------

SENTENCES = {
    "refused": "Mail is refused", "off": "no sender can use", "unknown": "could not be", "stale": "The last check is from",
    "failing": "Senders report failures", "soon": "expires in", "absent": "without protection",
    "one-sender": "Only Mail.ru reports failures", "ready": "you can switch to mode enforce now",
    "silent": "No report from Microsoft Corporation for 1", "empty": "No report has arrived yet", "testing": "testing mode",
    "fine": "Mail is protected.", "unchecked": "has not been checked yet",
}


def states(admin, whole):
    """whole: with every page of each, and in German."""
    for name, words in SENTENCES.items():
        answer = api(admin, name, "verdict")
        verdict = json.loads(answer.text)
        check(f"{name}: the state", verdict["state"] == name, verdict)
        page = admin.get(f"/d/{name}.example")
        check(f"{name}: the page", page.status == 200 and f"<h1>{name}.example</h1>" in page.text, page.text)
        check(f"{name}: one heading", page.text.count("<h1") == 1)
        if not whole:
            continue
        german = admin.get(f"/d/{name}.example?lang=de").text
        check(f"{name}: German", 'lang="de"' in german and words not in german)
        check(f"{name}: no markup of strangers", "<script>alert" not in page.text)
        for what in ("plan", "rollback", "history", "reports"):
            check(f"{name}: {what}", admin.get(f"/d/{name}.example/{what}").status == 200)
        answer = api(admin, name, "plan")
        check(f"{name}: plan of the API", answer.status == (409 if name == "unchecked" else 200), answer.text)


def hostile(admin):
    page = admin.get("/d/hostile.example").text
    check("markup of senders", "<img src=x" not in page and "<script>alert" not in page and "&lt;img src=x" in page, page)
    picked = admin.get("/d/hostile.example?sender=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&mx=%3Cb%3E&ip=%00").text
    check("markup of the query", "<script>alert" not in picked and "<b>" not in picked, picked)


def json_rows(admin, name, what, member, **query):
    return json.loads(api(admin, name, what, **query).text)[member]


def now(admin):
    rows = json_rows(admin, "refused", "failures", "failures")
    check("persists", [(r["now"], r["codes"], r["sessions"]) for r in rows] == [("persists", "mx-cert-expired", 42)], rows)
    rows = json_rows(admin, "one-sender", "failures", "failures")
    check("one sender", [(r["now"], r["senders"], r["sessions"]) for r in rows] == [("one-sender", "Mail.ru", 126)], rows)
    rows = json_rows(admin, "failing", "failures", "failures")
    check("not seen", [r["now"] for r in rows] == ["not-seen"], rows)
    page = admin.get("/d/refused.example").text
    check("on the page", "still failing (mx-cert-expired)" in page and "explain/report-certificate-expired" in page, page)


def series(admin):
    rows = json_rows(admin, "refused", "series", "sessions")
    check("a row a day", len(rows) == 20 and [r["day"] for r in rows] == sorted(r["day"] for r in rows), rows)
    check("sums", (rows[-1]["successful"], rows[-1]["failed"], rows[-3]["successful"]) == (400, 42, 150), rows[-3:])
    rows = json_rows(admin, "refused", "series", "failures", by="sender,mx,type")
    check("split", [(r["sender"], r["mx"], r["result_type"], r["failed"]) for r in rows] ==
          [("Google Inc.", "mx.refused.example", "certificate-expired", 40),
           ("Microsoft Corporation", "mx.refused.example", "certificate-expired", 2)], rows)
    rows = json_rows(admin, "refused", "series", "sessions", sender="microsoft corporation", days="30")
    check("one sender", rows[-2]["successful"] == 50 and rows[-1]["failed"] == 2, rows[-2:])
    check("no such host", not json_rows(admin, "refused", "series", "failures", mx="mx9.refused.example"))
    check("one address", sum(r["failed"] for r in json_rows(admin, "refused", "series", "failures", ip="198.51.100.17")) == 42)
    rows = json.loads(api(admin, "refused", "failures", group="sender").text)["groups"]
    check("sums by sender", [(r["name"], r["sessions"]) for r in rows] == [("Google Inc.", 40), ("Microsoft Corporation", 2)],
          rows)
    check("a wrong group", api(admin, "refused", "failures", group="colour").status == 422)
    days = [f"{domain_states.NOW - n * domain_states.DAY:%Y-%m-%d}" for n in (5, 3)]
    rows = json.loads(api(admin, "refused", "series", **{"from": days[0], "to": days[1]}).text)
    check("from and to", rows["days"] == 3 and [r["day"] for r in rows["sessions"]][::2] == days, rows)
    check("a wrong split", api(admin, "refused", "series", by="colour").status == 422)
    table = list(csv.DictReader(io.StringIO(admin.get("/d/refused.example/series.csv?days=30").text)))
    check("as a table", len(table) == 40 and table[-1]["sender"] == "Microsoft Corporation", table[-1:])
    table = list(csv.DictReader(io.StringIO(admin.get("/d/refused.example/failures.csv").text)))
    check("failures as a table", [(r["sessions"], r["now"]) for r in table] == [("42", "persists")], table)
    check("what changed, in the drawing", "mx lines of the policy changed" in admin.get("/d/testing.example").text and
          "detected: mx-cert-expired" in admin.get("/d/refused.example").text)
    page = admin.get("/d/testing.example").text
    check("a new certificate, in the drawing, its legend and a table", "new certificate: mx.testing.example" in page and
          "</svg> New certificate</span>" in page and re.search(
              r'<h2>New certificates</h2>.*?<td data-label="Host">mx\.testing\.example <span class="faint">MX host</span>', page, re.S), page)
    check("the same, in the history", "<h2>New certificates</h2>" in admin.get("/d/testing.example/history").text)
    check("nothing where none changed", "New certificate" not in admin.get("/d/fine.example").text)
    made = json_rows(admin, "testing", "series", "new_certificates")
    check("in the API", [(one["service"], one["host"]) for one in made] == [("smtp", "mx.testing.example")] and
          made[0]["at"] > f"{domain_states.NOW - domain_states.DAY:%Y-%m-%d}", made)
    check("none in the API", json_rows(admin, "fine", "series", "new_certificates") == [])
    page = admin.get("/d/refused.example?days=30&sender=Google+Inc.").text
    check("what is picked", '<option value="Google Inc." selected' in page and "Show everything" in page, page)


def reports(admin):
    """All of them page by page, those of a day, and those with failures."""
    path, rows = "/d/refused.example/reports", []
    while path and len(rows) < 200:
        page = admin.get(path).text
        rows += re.findall(r'<tr>\n<th scope="row"><a href="/reports/[0-9]+">([^<]*)<', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = html.unescape(found[1]) if found else ""
    check("each report once", len(rows) == 40 and rows.count("Google Inc.") == 20, rows)
    page = admin.get("/d/refused.example").text
    found = re.search(r'href="(/d/refused\.example/reports\?failed=yes&amp;day=[0-9-]+)"', page)
    check("a day with failures leads to its reports", found, page)
    page = admin.get(html.unescape(found[1])).text if found else ""
    check("of that day, with failures", page.count('<th scope="row">') == 2 and "Reports for 20" in page, page)
    page = admin.get("/d/refused.example/reports?failed=yes").text
    check("with failures", page.count('<th scope="row">') == 2 and 'aria-current="page">With failures' in page, page)
    found = re.search(r'<th scope="row"><a href="(/reports/[0-9]+)">', page)
    check("a row leads to its report", found and admin.get(found[1]).status == 200, page)
    for wrong in ("after=x", "after=1-x", "after=99999999999999999999-1", "day=2026-13-40", "day=nonsense"):
        check(wrong, admin.get(f"/d/refused.example/reports?{wrong}").status == 200)
    check("other's", admin.get("/d/other.example/reports").status == 404)


def others(admin):
    """The rest of the API, and what the command line prints."""
    senders = {r["sender"]: r for r in json_rows(admin, "silent", "senders", "senders")}
    check("who is silent", [(n, r["silent"], r["usual_interval_days"]) for n, r in sorted(senders.items())] ==
          [("Google Inc.", False, 1), ("Microsoft Corporation", True, 1)], senders)
    policies = json_rows(admin, "fine", "policies", "policies")
    check("policies", [(p["mode"], p["mx"]) for p in policies] == [("enforce", ["mx.fine.example"])], policies)
    history = json.loads(api(admin, "refused", "history").text)
    printed = json.loads(subprocess.run([MTASTS, "history", "--no-config", "--store", admin.service.store, "--json", "--now", history["now"],
                                         "refused.example"], env=admin.service.env, capture_output=True, text=True).stdout)
    check("history as printed, at the same time", history == printed, [(k, history[k], printed.get(k)) for k in history if history[k] != printed.get(k)])
    plan = json.loads(api(admin, "ready", "plan").text)
    check("plan", (plan["format"], plan["next_mode"]) == ("mtasts.plan/1", "enforce"), plan)
    check("rollback", json.loads(api(admin, "refused", "rollback").text)["format"] == "mtasts.rollback/1")
    first = api(admin, "fine", "senders")
    again = admin.bearer.ask("GET", "/domains/fine.example/senders", If_None_Match=first.headers["ETag"])
    check("the same once only", again.status == 304 and not again.text, again.status)


def strangers(admin):
    nobody = Browser(admin.service)
    check("nobody", nobody.get("/d/fine.example").status in (303, 401))
    check("nobody at the API", nobody.get("/api/v1/domains/fine.example/verdict").status == 401)
    for path in ("/d/other.example", "/d/other.example/plan", "/d/not%20a%20name", "/d/other.example/series.csv"):
        check(f"not the group's: {path}", admin.get(path).status == 404)
    for what in ("verdict", "history", "policies", "series", "failures", "senders", "plan", "rollback"):
        check(f"not the token's: {what}", api(admin, "other", what).status == 404)
    check("no check of it", admin.post("/d/other.example/check").status == 404)
    answers = [admin.post("/d/fine.example/check") for _ in range(32)]
    check("so many checks of a group", [a.status for a in answers[:30]] == [303] * 30 and answers[31].status == 429,
          [a.status for a in answers])
    check("when again", 0 < int(answers[31].headers["Retry-After"]) <= 120 and "Your group" in answers[31].text, answers[31].text)


def run(driver):
    before = time.monotonic()
    store = driver.fresh()
    which = domain_states.domains()
    domain_states.fill(MTASTS, store, TMP.name, which)
    service = Service(MTASTS, store, "--no-watch")
    try:
        admin = Browser(service, service.create_admin("anna"))
        settle(admin, which)
        states(admin, isinstance(driver, Sqlite))
        hostile(admin)
        now(admin)
        series(admin)
        reports(admin)
        others(admin)
        strangers(admin)
    finally:
        check("it ends", service.stop() == 0)
    print(f"{driver.name}: {time.monotonic() - before:.1f} s")


run(Sqlite(TMP.name))
if Postgres.installed():
    server = Postgres()
    try:
        run(server)
    finally:
        server.close()
sys.exit(faults > 0)
