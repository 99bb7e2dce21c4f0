#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The domains of groups, through the built program, on SQLite and on PostgreSQL: the list, its filters, sorts and pages,
import, tags, removal, the CSV file, the API; two groups that never see each other's; a long import (MANY=20000 for
as many as the limit).

usage: serve_domains.py MTASTS"""

import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from service import PASSWORD, Browser, Service, Token, add_group, add_user
from stores import Postgres, Sqlite

MTASTS = str(pathlib.Path(sys.argv[1]).resolve())
RECORDED = pathlib.Path(__file__).resolve().parent / "recorded"
TMP = tempfile.TemporaryDirectory(prefix="mtasts-domains-")
CHECKED = ("mx-cert-expired-testing", "tlsrpt-missing", "mx-null", "mx-hole", "many-names")
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("MTASTS_")} | {"XDG_STATE_HOME": TMP.name, "LC_ALL": "C"}
faults = 0


def check(what, good, seen=""):
    global faults
    if not good:
        faults += 1
        print(f"FAIL: {what}: {str(seen)[:600]!r}")


def first_start(service):
    Browser(service).get("/healthz")
    secret = re.search(r"/setup#(\S+)", service.said())[1]
    admin = Browser(service)
    admin.get("/setup")
    check("the first administrator", admin.post("/setup", code=secret, name="root", password=PASSWORD).status == 303)
    admin.get("/account")
    return admin


def domains_of(answer):
    """Of the domains that a page lists."""
    return re.findall(r'<th scope="row">(?:<a href="[^"]*">)?([^<]+)', answer.text)


def signed_in(admin, name, roles=None):
    """A new user's browser."""
    return Browser(admin.service, name, add_user(admin, name, roles))


def save_checks(store):
    """Of recorded observations, as they stand there: their names are those of the lab."""
    for name in CHECKED:
        subprocess.run([MTASTS, "check", "--from", RECORDED / f"{name}.json", "--save", "--store", store], env=ENVIRONMENT,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


# ---- import ----------------------------------------------------------------------------------------


def importing(admin, one, two):
    page = admin.get("/domains")
    check("an empty list says so", page.status == 200 and "No domains yet" in page.text and "domains/import" in page.text, page.text)
    admin.get("/domains/import")
    listed = "".join(f"{name}.example\n" for name in CHECKED) + "Ada &lt;x\nb\u00fccher.example, a@plain.example\nplain.example\n<b>no</b>\n"
    listed = listed.replace("&lt;", "<")
    page = admin.upload("/domains/import", domains=listed, group=one, tags="First team:a", do="preview")
    check("a preview", page.status == 200 and "nothing has been changed yet" in page.text, page.text)
    check("with counts", re.findall(r"<dd>(\d+)</dd>", page.text) == ["7", "0", "0", "1", "3"], re.findall(r"<dd>(\d+)</dd>", page.text))
    check("refused lines have numbers and reasons", re.findall(r'<th scope="row">(\d+)</th><td[^>]*><code>([^<]*)</code>', page.text) ==
          [("6", "Ada"), ("6", "&lt;x"), ("9", "&lt;b&gt;no&lt;/b&gt;")], page.text)
    check("nothing was stored", "No domains yet" in admin.get("/domains").text)
    kept = re.search(r"<textarea[^>]*hidden[^>]*>([^<]*)</textarea>", page.text)[1]
    admin.form_token = re.search(r'name="token" value="([^"]+)"', page.text)[1]
    answer = admin.upload("/domains/import", domains=kept, group=one, tags="First team:a", do="add")
    check("confirmed", answer.status == 303 and answer.where == "/domains?done=domains-add", (answer.status, answer.where, answer.text))
    answer = admin.upload("/domains/import", domains=kept, group=one, tags="", do="add")
    check("again is fine", answer.status == 303, answer.text)
    page = admin.upload("/domains/import", group=two, file="domain,verdict,tags\r\nother.example,x,\"red, blue\"\r\nmx-null.example,,\r\n", do="preview")
    check("what is another group's stays there", re.findall(r"<dd>(\d+)</dd>", page.text) == ["1", "0", "1", "0", "0"] and
          "<li>mx-null.example</li>" in page.text, page.text)
    answer = admin.upload("/domains/import", group=two, file="domain,verdict,tags\r\nother.example,x,\"red, blue\"\r\nmx-null.example,,\r\n", do="add")
    check("a file", answer.status == 303, answer.text)
    check("an empty list is an error", admin.upload("/domains/import", domains=" \n", group=one, do="preview").status == 422)
    check("a tag that is none", admin.upload("/domains/import", domains="a.example", tags="=x", group=one, do="preview").status == 422)
    page = admin.get("/domains?sort=name")
    check("all are there", domains_of(page) == ["many-names.example", "mx-cert-expired-testing.example", "mx-hole.example", "mx-null.example",
                                              "other.example", "plain.example", "tlsrpt-missing.example", "xn--bcher-kva.example"], domains_of(page))
    check("the log knows", "Added domains" in admin.get("/admin/audit").text)


# ---- the list --------------------------------------------------------------------------------------


def listing(admin, one):
    page = admin.get("/domains")
    names = domains_of(page)
    check("the worst first", names[-1] == "mx-null.example" and "8 domains" in page.text, names)
    check("what is not checked says so", page.text.count("not checked yet</td>") == 3, page.text.count("not checked yet"))
    check("verdicts have a shape and a word", re.search(r'class="mark bad" aria-hidden="true"></span>\s*critical', page.text), page.text)
    for sort in ("name", "posture", "certificate", "changed", "failures", "verdict"):
        up, down = (admin.get(f"/domains?sort={sign}{sort}") for sign in ("", "-"))
        check(f"sorted by {sort}", up.status == down.status == 200 and sorted(domains_of(up)) == sorted(domains_of(down)) == sorted(names), sort)
        check(f"and said of {sort}", 'aria-sort="' in up.text and f"sort=-{sort}" in up.text, up.text)
    check("an unknown order", admin.get("/domains?sort=x").status == 422)
    for query, expected in (("q=MX-", 3), ("q=https://plain.example/x", 1), ("q=b%C3%BCcher.example", 1), ("tag=first", 7), ("tag=red", 1), ("verdict=unchecked", 3),
                            ("posture=testing", None), (f"group={one}", 7), (f"group={one}&tag=red", 0), ("q=%25", 0)):
        page = admin.get(f"/domains?{query}")
        check(f"filtered by {query}", page.status == 200 and (expected is None or len(domains_of(page)) == expected), domains_of(page))
        if expected == 0:
            check("without hits it says which filter", "No domain matches" in page.text and "Remove " in page.text, page.text)
    check("a group that is none", admin.get("/domains?group=x").status == 404)
    check("a place that is none", admin.get("/domains?cursor=x").status == 422)
    seen, query = [], "/domains?sort=name&limit=3"
    while query:
        page = admin.get(query)
        seen += domains_of(page)
        link = re.search(r'rel="next" href="([^"]+)"', page.text)
        query = "/domains" + link[1].replace("&amp;", "&") + "&limit=3" if link else None
    check("page by page", seen == sorted(names), seen)
    link = re.search(r'rel="prev" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    check("and back", domains_of(admin.get("/domains" + link + "&limit=3")) == sorted(names)[3:6], link)


def exported(admin):
    answer = admin.get("/domains.csv?sort=name")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    check("the file", answer.status == 200 and answer.headers["Content-Type"].startswith("text/csv") and
          "attachment" in answer.headers["Content-Disposition"], answer.headers)
    check("has all", [row["domain"] for row in rows] == sorted(row["domain"] for row in rows) and len(rows) == 8, rows)
    check("and their tags", rows[0]["tags"] == "first team:a" and rows[4]["tags"] == "blue red", rows)
    check("and lines end as RFC 4180 has it", answer.text.count("\r\n") == 9 == answer.text.count("\n"))
    check("filtered", admin.get("/domains.csv?tag=red").text.count("\r\n") == 2)
    page = admin.upload("/domains/import", file=answer.text, group=re.search(r"group=(\d+)|$", "")[1] or "1", do="preview")
    check("is read again", "Preview" in page.text and re.findall(r"<dd>(\d+)</dd>", page.text)[-1] == "0", page.text)


def tagging(admin, viewer, editor, one):
    check("a viewer may not", viewer.post("/domains", do="tag", new_tag="x", q="mx-").status == 403)
    check("a viewer sees no buttons", "new_tag" not in viewer.get("/domains").text)
    editor.get("/domains")
    answer = editor.post("/domains", do="tag", new_tag="Later", q="mx-")
    check("an editor may", answer.status == 303 and answer.where == "/domains?q=mx-&done=domains-tag", answer.where)
    check("those of the filter", len(domains_of(editor.get("/domains?tag=later"))) == 3)
    check("a tag that is none", editor.post("/domains", do="tag", new_tag="<b>").status == 422)
    editor.post("/domains", do="untag", new_tag="later", q="null")
    check("and back", len(domains_of(editor.get("/domains?tag=later"))) == 2)
    check("the log counts", "later (3)" in admin.get("/admin/audit").text, admin.get("/admin/audit").text)


def removing(admin, editor, one):
    check("an editor may not", editor.post("/domains", do="remove-confirmed", q="plain", expected="1").status == 303 and
          len(domains_of(editor.get("/domains?q=plain"))) == 1)
    admin.get("/domains")
    page = admin.post("/domains", do="remove", q="plain")
    check("it is asked first", page.status == 200 and 'name="expected" value="1"' in page.text and "plain" in page.text, page.text)
    answer = admin.post("/domains", do="remove-confirmed", q="plain", expected="2")
    check("another number removes nothing", "error=differs" in answer.where and len(domains_of(admin.get("/domains?q=plain"))) == 1, answer.where)
    check("said", "the number of domains that match the filter has changed" in admin.get(answer.where).text)
    answer = admin.post("/domains", do="remove-confirmed", q="plain", expected="1")
    check("the same one does", "done=domains-drop" in answer.where and not domains_of(admin.get("/domains?q=plain")), answer.where)
    admin.upload("/domains/import", domains="plain.example", group=one, tags="", do="add")
    check("its tags are gone", not re.search(r'plain\.example.*?class="chip">first', admin.get("/domains?q=plain").text, re.S))


# ---- two groups ------------------------------------------------------------------------------------


def apart(service, admin, one, two, stranger):
    page = stranger.get("/domains")
    check("only their own", domains_of(page) == ["other.example"], domains_of(page))
    for path in (f"/domains?group={one}", f"/domains.csv?group={one}"):
        check(f"{path} is not there", stranger.get(path).status == 404, path)
    check("no other tags", "team:a" not in page.text and "first" not in page.text)
    for path in ("/domains?q=mx-", "/domains?tag=first", "/domains?verdict=critical", "/domains?cursor=0.mx-a.example", "/domains?before=0.mz.example&sort=name"):
        check(f"nothing of others by {path}", not [d for d in domains_of(stranger.get(path)) if d != "other.example"], path)
    check("the file has their own", stranger.get("/domains.csv").text.count("\r\n") == 2)
    stranger.post("/domains", do="tag", new_tag="mine")
    check("a tag for all is for their own", not domains_of(admin.get(f"/domains?group={one}&tag=mine")) and len(domains_of(admin.get("/domains?tag=mine"))) == 1)
    stranger.post("/domains", do="remove-confirmed", q="mx-", expected="3")
    check("nothing of others is removed", len(domains_of(admin.get("/domains?q=mx-"))) == 3)
    page = stranger.upload("/domains/import", domains="mx-null.example\nnobodys.example\nother.example", group=two, do="preview")
    check("who claims a domain does not learn whether others have it", re.findall(r"<dd>(\d+)</dd>", page.text) == ["2", "1", "0", "0"] and
          "In another group" not in page.text, page.text)
    check("nor imported into", stranger.upload("/domains/import", domains="new.example", group=one, do="add").status == 404)
    nobody = Browser(service)
    check("who is not signed in is asked to", nobody.get("/domains").where.startswith("/login") and nobody.get("/domains.csv").status in (303, 401, 403))


# ---- the API ---------------------------------------------------------------------------------------


def programs(admin, viewer, stranger, one, two):
    reads, all_of_it = Token(admin, one, "read"), Token(admin, one, "read", "domains")
    other = Token(stranger, two, "read", "domains")

    page = reads.ask("GET", "/domains?sort=name&limit=3")
    first = page.json()
    check("a page", page.status == 200 and [i["domain"] for i in first["items"]] == ["many-names.example", "mx-cert-expired-testing.example", "mx-hole.example"], page.text)
    check("leads on", first["next"] and f"cursor={first['next']}" in page.headers["Link"] and page.headers["Link"].endswith('>; rel="next"'), page.headers)
    rest = reads.ask("GET", f"/domains?sort=name&limit=10&cursor={first['next']}").json()
    check("to the rest", len(rest["items"]) == 4 and rest["next"] is None, rest)
    tag = page.headers["ETag"]
    check("not sent twice", reads.ask("GET", "/domains?sort=name&limit=3", If_None_Match=tag).status == 304)
    one_of = reads.ask("GET", "/domains/mx-cert-expired-testing.example")
    found = one_of.json()
    check("one", found["verdict"] == "warning" or found["verdict"] == "critical", found)
    check("with its state", found["cause"] and found["cause"]["since"] and found["posture"] == "testing" and found["next"]["step"] == "repair", found)
    check("changed by readers: no", reads.ask("PATCH", "/domains/mx-null.example", {"tags": []}).status == 403)
    answer = all_of_it.ask("PATCH", "/domains/mx-cert-expired-testing.example", {"tags": ["New", "x"]}, If_Match='"0"')
    check("changed meanwhile", answer.status == 412, answer.text)
    answer = all_of_it.ask("PATCH", "/domains/mx-cert-expired-testing.example", {"tags": ["New", "x"]}, If_Match=one_of.headers["ETag"])
    check("changed", answer.status == 200 and answer.json()["tags"] == ["new", "x"], answer.text)
    check("a tag that is none", all_of_it.ask("PATCH", "/domains/mx-null.example", {"tags": ["<"]}).status == 422)
    answer = all_of_it.ask("POST", "/domains/import?dry_run=1&tags=z", "new1.example\nno\nmx-null.example\nother.example\n", "text/csv")
    check("tried", answer.json() == {"stored": False, "added": 2, "present": 1, "repeated": 0, "taken": [],
                                     "refused": [{"line": 2, "given": "no", "reason": "This is not a domain name."}]}, answer.text)
    answer = other.ask("POST", "/domains/import?dry_run=1", "mx-null.example\nnobodys.example\n", "text/csv").json()
    check("nor by the API", (answer["added"], answer["taken"]) == (2, []), answer)
    answer = all_of_it.ask("POST", "/domains", {"domains": ["new1.example", "b\u00fccher.example"], "tags": ["z"]})
    check("stored", answer.status == 200 and answer.json()["stored"] and answer.json()["added"] == 1, answer.text)
    check("again", all_of_it.ask("POST", "/domains", {"domains": ["new1.example"]}).status == 200)
    for body in ("[]", "{", {"domains": "x"}, {"domains": [1]}, {"domains": []}):
        check(f"refused: {body}", all_of_it.ask("POST", "/domains", body).status == 422, body)
    for method, path in (("GET", "/domains/mx-null.example"), ("PATCH", "/domains/mx-null.example"), ("DELETE", "/domains/mx-null.example")):
        check(f"{method} of another group's", other.ask(method, path, {"tags": []} if method == "PATCH" else None).status == 404, path)
    check("only their own", [i["domain"] for i in other.ask("GET", "/domains").json()["items"]] == ["other.example"])
    check("a group of others", other.ask("GET", f"/domains?group={one}").status == 404)
    check("removed", all_of_it.ask("DELETE", "/domains/plain.example").status == 204 and all_of_it.ask("GET", "/domains/plain.example").status == 404)
    check("without a token", Browser(admin.service).get("/api/v1/domains").status == 401)


def changing(store, admin, stranger, one, two):
    """What a second check of a domain changed, for programs."""
    name = "mx-cert-expired-testing"
    reads, other = Token(admin, one, "read"), Token(stranger, two, "read")

    def listed(query="", token=reads, **headers):
        return token.ask("GET", f"/changes{query}", **headers)

    check("no changes yet", listed().json() == {"items": [], "next": None}, listed().text)
    facts = json.loads((RECORDED / f"{name}.json").read_text().replace("mode: testing", "mode: enforce"))
    facts["observed_at"] = "2026-11-30T02:04:18Z"
    pathlib.Path(f"{TMP.name}/later.json").write_text(json.dumps(facts))
    subprocess.run([MTASTS, "check", "--from", f"{TMP.name}/later.json", "--save", "--store", store], env=ENVIRONMENT,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    answer = listed()
    items = answer.json()["items"]
    by_code = {item["code"]: item for item in items}
    mode = by_code.get("mode-changed", {})
    check("changes", {"mode-changed", "delivery-changed", "policy-changed-id-same"} <= set(by_code), answer.text)
    check("as watch has them", mode.get("text") == "Policy mode changed from testing to enforce." and mode["severity"] == "info" and
          mode["evidence"] == {"seen_at": "2026-11-30T02:04:18Z", "before": "testing", "after": "enforce"}, mode)
    check("with their domain and time", {(i["domain"], i["seen_at"]) for i in items} == {(f"{name}.example", "2026-11-30T02:04:18Z")}, items)
    german = {i["code"]: i for i in listed(Accept_Language="de").json()["items"]}
    check("in German", german["mode-changed"]["text"] != mode["text"] and german["mode-changed"]["evidence"] == mode["evidence"], german)
    check("not sent twice", listed(If_None_Match=answer.headers["ETag"]).status == 304)
    pages, cursor = [], ""
    for _ in items:
        page = listed(f"?limit=1&tag=new&cursor={cursor}")
        pages += page.json()["items"]
        cursor = page.json()["next"]
        link = page.headers.get("Link", "")
        check("leads on", (f"limit=1&tag=new&cursor={cursor}>" in link) if cursor else not link, (cursor, link))
    check("page by page", pages == items and cursor is None, pages)
    for query, all_of_them in (("?domain=" + name + ".example", True), ("?domain=mx-null.example", False), ("?domain=other.example", False),
                               ("?tag=x", True), ("?tag=no-such", False), ("?since=2026-11-30T02:04:18Z", True), ("?since=2026-11-30T02:04:19Z", False)):
        check(f"changes{query}", listed(query).json()["items"] == (items if all_of_them else []), query)
    for query in ("limit=0", "limit=501", "limit=x", "cursor=x", "cursor=1.2", "since=yesterday", "domain=a..b", "tag=%3C"):
        check(f"refused: {query}", listed("?" + query).status == 422, query)
    check("nothing of another group", listed(token=other).json()["items"] == [] and listed(f"?domain={name}.example", other).json()["items"] == [])
    check("not without the scope", listed(token=Token(admin, one, "check")).status == 403)


def failures_of_a_week(store, admin, one):
    """What failed long ago is not among the failures of seven days, in the list and of one domain."""
    name = "mx-cert-expired-testing.example"
    report = {"organization-name": "S", "report-id": "old", "contact-info": "a@s.example",
              "date-range": {"start-datetime": "2026-01-02T00:00:00Z", "end-datetime": "2026-01-02T23:59:59Z"},
              "policies": [{"policy": {"policy-type": "sts", "policy-domain": name},
                            "summary": {"total-successful-session-count": 1, "total-failure-session-count": 7}}]}
    pathlib.Path(f"{TMP.name}/old.json").write_text(json.dumps(report))
    subprocess.run([MTASTS, "ingest", f"{TMP.name}/old.json", "--store", store], env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)
    reads = Token(admin, one, "read")
    row = reads.ask("GET", f"/domains/{name}").json()
    check("of one", row["failed_7_days"] == 0, row)
    check("as in the list", row in reads.ask("GET", "/domains").json()["items"], row)


# ---- many ------------------------------------------------------------------------------------------


def many(admin, group, count):
    """At least 2,000: more than one statement takes, and a page of each query below is full."""
    listed = "".join(f"d{i:05}.many.example\n" for i in range(count))
    before = time.monotonic()
    page = admin.upload("/domains/import", file=listed, group=group, tags="many", do="preview")
    read = time.monotonic() - before
    check("a long list", f"<dd>{count:,}</dd>" in page.text, page.text[:2000])
    kept = re.search(r"<textarea[^>]*hidden[^>]*>([^<]*)</textarea>", page.text)[1]
    before = time.monotonic()
    check("is stored", admin.upload("/domains/import", domains=kept, group=group, tags="many", do="add").status == 303)
    stored = time.monotonic() - before
    times = []
    for query in ("", "?sort=name", "?sort=-name", "?sort=failures", "?sort=certificate", "?tag=many", "?q=d01", "?sort=name&cursor=0.d01500.many.example",
                  "?verdict=unchecked&cursor=-99.d01500.many.example"):
        for _ in range(2):
            before = time.monotonic()
            page = admin.get("/domains" + query)
            times.append(time.monotonic() - before)
            check(f"a page of {query}", page.status == 200 and len(domains_of(page)) == 50, (query, len(domains_of(page))))
    before = time.monotonic()
    check("the file of all", admin.get("/domains.csv?tag=many").text.count("\r\n") == count + 1)
    file = time.monotonic() - before
    times.sort()
    print(f"  {count} domains: preview {read:.2f} s, stored {stored:.2f} s, pages p50 {times[len(times) // 2] * 1000:.0f} ms, "
          f"p95 {times[int(len(times) * .95)] * 1000:.0f} ms, CSV {file:.2f} s")


def run(backend, count):
    before = time.monotonic()
    store = backend.fresh()
    service = Service(MTASTS, store, "--no-watch")
    admin = first_start(service)
    one, two = add_group(admin, "One"), add_group(admin, "Two")
    viewer = signed_in(admin, "vera", {one: "viewer"})
    editor = signed_in(admin, "ed", {one: "editor"})
    stranger = signed_in(admin, "sam", {two: "admin"})
    importing(admin, one, two)
    save_checks(store)
    listing(admin, one)
    exported(admin)
    tagging(admin, viewer, editor, one)
    removing(admin, editor, one)
    apart(service, admin, one, two, stranger)
    programs(admin, viewer, stranger, one, two)
    changing(store, admin, stranger, one, two)
    failures_of_a_week(store, admin, one)
    many(admin, one, int(os.environ.get("MANY", count)))
    check("it ends well", service.stop() == 0)
    print(f"{backend.name}: {time.monotonic() - before:.1f} s")


run(Sqlite(TMP.name), 5000)
if Postgres.installed() and "--sqlite" not in sys.argv:
    server = Postgres()
    try:
        run(server, 2000)
    finally:
        server.close()
sys.exit(faults > 0)
