#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Stored reports in the web service, on SQLite and on PostgreSQL: who sees which, the list and its filters, one report,
uploads, the API with tokens from the command line, how reports come in, and the quarantine.

usage: serve_reports.py MTASTS"""

import contextlib
import json
import pathlib
import re
import socket
import sys
import tempfile
import time
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import service as web  # noqa: E402
from mailbox_mails import demand, foreign, mail, report  # noqa: E402
from stores import Postgres, Sqlite  # noqa: E402

MTASTS = str(pathlib.Path(sys.argv[1]).resolve())


class Service(web.Service):
    def __init__(self, store):
        super().__init__(MTASTS, store, "--lmtp", "unix:{folder}/lmtp")
        self.create_admin("root")

    def lmtp(self, text):
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(20)
            talk.connect(f"{self.folder.name}/lmtp")
            file = talk.makefile("rb")
            for line in (b"", b"LHLO x\r\n", b"MAIL FROM:<a@b.example>\r\n", b"RCPT TO:<r@d>\r\n", b"DATA\r\n", text + b".\r\n"):
                talk.sendall(line)
                while (reply := file.readline())[3:4] == b"-":
                    pass
            return int(reply[:3])


def make_group(root, group, domains):
    """A group with these domains, and the browsers of an editor and of a viewer."""
    number = web.add_group(root, group)
    people = [web.Browser(root.service, f"{group}-{role}", web.add_user(root, f"{group}-{role}", {number: role}))
              for role in ("editor", "viewer")]
    for domain in domains:
        root.post(f"/admin/groups/{number}", do="domain-add", domain=domain)
    return number, *people


def rows(answer):
    return sorted(int(n) for n in re.findall(r'href="/reports/(\d+)"', answer.text))


def group_number(root, group):
    return re.search(rf'admin/groups/(\d+)">{group}<', root.get("/admin").text)[1]


def lists(service, alpha, beta, root):
    """Reports n are on d(n % 13).example: alpha has d1, beta d2."""
    for n in (1, 2, 14, 27, 40):
        demand(service.ask("POST", "/tlsrpt", report(n)).status == 201, f"report {n} is taken")
    mine, theirs, all_of_them = rows(alpha.get("/reports")), rows(beta.get("/reports")), rows(root.get("/reports"))
    demand(len(mine) == 4 and len(theirs) == 1 and not set(mine) & set(theirs), "each group its own", (mine, theirs))
    demand(all_of_them == sorted(mine + theirs), "an administrator sees all", all_of_them)
    for path in (f"/reports/{theirs[0]}", f"/reports/{theirs[0]}/raw", "/reports/999999", "/reports/x"):
        demand(alpha.get(path).status == 404, f"not there: {path}")
    page = alpha.get(f"/reports/{mine[0]}")
    demand(page.status == 200 and "Sender 1" in page.text and "d1.example" in page.text, "a report", page.text[-3000:])
    raw = alpha.get(f"/reports/{mine[0]}/raw")
    demand(json.loads(raw.text)["report-id"].endswith("-1"), "as it came")
    demand("attachment" in raw.headers["Content-Disposition"], "to download")
    demand(rows(alpha.get("/reports?domain=d1.example&since=2026-02-01")) == mine[3:], "since")
    demand(rows(alpha.get("/reports?domain=d2.example")) == [], "another's domain")
    sender = re.search(r'data-label="Sender">([^<]+)<', alpha.get("/reports").text)[1]
    demand(rows(alpha.get(f"/reports?sender={urllib.parse.quote(sender)}")), f"by sender: {sender}")
    demand(rows(alpha.get("/reports?sender=nobody")) == [], "by another sender")
    demand(rows(alpha.get("/reports?failures=1")) == [], "failures only")
    demand(alpha.get("/reports?since=nonsense").status == 422, "a wrong filter")
    table = alpha.get("/reports.csv")
    demand(table.text.count("\r\n") == 5 and "d1.example" in table.text and "d2" not in table.text, "CSV", table.text)
    demand(service.ask("GET", "/reports").headers["Location"].startswith("/login"), "nobody")


def shared(service, alpha, beta, root):
    """A report on d1 (alpha), d2 (beta) and a domain of nobody: each sees its own."""
    text = json.loads(report(1))
    text["organization-name"] = "Shared Sender Inc."
    text["report-id"] = "2026-05-01_d2.example"
    text["policies"] += [{"policy": {"policy-type": "sts", "policy-domain": name, "policy-string": ["version: STSv1"]},
                          "summary": {"total-successful-session-count": 3, "total-failure-session-count": failed},
                          "failure-details": [{"result-type": "certificate-expired", "failed-session-count": failed}] * bool(failed)}
                         for name, failed in (("d2.example", 4), ("nobodys.example", 0))]
    demand(service.ask("POST", "/tlsrpt", json.dumps(text)).status == 201, "it is taken")
    path = "/reports?sender=Shared+Sender+Inc."
    (number,) = rows(beta.get(path))
    for browser, own, others in ((alpha, "d1.example", ("d2.example", "nobodys")), (beta, "d2.example", ("d1.example", "nobodys"))):
        for address in (path, f"/reports/{number}"):
            page = browser.get(address).text
            demand("Shared Sender Inc." in page and own in page, f"{own}: {address}", page)
            demand(not any(name in page for name in others), f"{own} only: {address}", page)
        table = browser.get("/reports.csv?sender=Shared+Sender+Inc.").text
        demand(own in table and not any(name in table for name in others), f"{own} only: CSV", table)
        demand(browser.get(f"/reports/{number}/raw").status == 403, "not as it came")
        demand("and 2 others" in browser.get(path).text, "how many others")
    page = alpha.get(f"/reports/{number}").text
    demand("certificate-expired" not in page and "2 domains of other groups" in page, "nor what failed of others", page)
    page = beta.get(f"/reports/{number}").text
    demand("certificate-expired: 4" in page and "STSv1" in page and "2026-05-01_d2.example" in page, "its own policy", page)
    demand(">with failures<" in beta.get(path).text and ">with failures<" not in alpha.get(path).text, "the result of its own")
    for address in ("/reports?failures=1&sender=Shared+Sender+Inc.", "/d/{}.example/reports?failed=1", "/reports?failures=1&domain={}.example"):
        seen = [rows(browser.get(address.format(own))) for browser, own in ((alpha, "d1"), (beta, "d2"))]
        demand(number not in seen[0] and number in seen[1], f"what failed of others does not count: {address}", seen)
    row = re.search(rf'href="/reports/{number}".*?</tr>', alpha.get(f"/d/d1.example/reports?day={text['date-range']['start-datetime'][:10]}").text, re.S)
    demand('data-label="Failures">no<' in row[0], "nor in the column", row[0])
    demand(number in rows(root.get("/reports?failures=1")), "an administrator sees that it failed")
    demand(all(name in root.get(f"/reports/{number}").text for name in ("d1.example", "d2.example", "nobodys.example")), "all")
    demand(json.loads(root.get(f"/reports/{number}/raw").text) == text, "an administrator, as it came")
    secret = service.command("--create-token", "alpha-editor", "--group", "alpha", "--scope", "read", "--expires", "7").stdout.strip()
    bearer = {"Authorization": f"Bearer {secret}"}
    items = json.loads(service.ask("GET", "/api/v1/reports?sender=shared+sender+inc.", **bearer).text)["items"]
    failed = json.loads(service.ask("GET", "/api/v1/reports?failures=1&sender=shared+sender+inc.", **bearer).text)["items"]
    demand(not failed and not items[0]["failures"], "API: failures of its own", (failed, items))
    demand([(i["sender"], i["domains"], i["other_domains"]) for i in items] == [("Shared Sender Inc.", ["d1.example"], 2)], "API", items)
    demand("report_id" not in items[0], "nor an identifier that names another", items)
    one = service.ask("GET", f"/api/v1/reports/{number}", **bearer).text
    demand("d1.example" in one and "d2.example" not in one and "nobodys" not in one, "API, one", one)
    demand(service.ask("GET", f"/api/v1/reports/{number}/raw", **bearer).status == 403, "API, as it came")


def uploads(service, alpha, viewer, root):
    answer = alpha.upload("/reports", filename="a.json", file=report(53).encode())  # d1
    demand(answer.where == "/reports?stored=1&known=0&rejected=0", "stored", answer.where + answer.text)
    demand("New reports: 1" in alpha.get(answer.where).text, "it is said")
    demand(alpha.upload("/reports", filename="a.json", file=report(53).encode()).where == "/reports?stored=0&known=1&rejected=0", "known")
    answer = alpha.upload("/reports", filename="a.json", file=report(54).encode())  # d2
    demand(answer.where == "/reports?stored=0&known=0&rejected=1", "another's", answer.where)
    demand("Not stored: 1" in alpha.get(answer.where).text, "it is said")
    text = json.loads(report(79))  # d1, beside another's and one of nobody
    for name in ("d2.example", "nobodys.example"):
        mixed = text | {"policies": text["policies"] + [{**text["policies"][0], "policy": {
            "policy-type": "sts", "policy-domain": name}}]}
        answer = alpha.upload("/reports", filename="a.json", file=json.dumps(mixed).encode())
        demand(answer.where == "/reports?stored=0&known=0&rejected=1", f"also on {name}", answer.where)
    demand(not rows(root.get("/reports?domain=nobodys.example")), "nothing of it is stored")
    tlsa = text | {"policies": [{**text["policies"][0], "policy": {"policy-type": "tlsa", "policy-domain": "d2.example"}}],
                   "report-id": "2026-04-25_d1.example"}
    answer = alpha.upload("/reports", filename="s!d1.example!1777075200!1777161599.json", file=json.dumps(tlsa).encode())
    demand(answer.where == "/reports?stored=1&known=0&rejected=0" and not rows(root.get("/reports?domain=d2.example&since=2026-04-25")),
           "under the name of an MX host that is another's it is not counted", answer.where)
    tlsa["policies"][0]["policy"]["policy-domain"] = "mx.nobodys.example"
    answer = alpha.upload("/reports", filename="s!d1.example!1777075200!1777161599.json", file=json.dumps(tlsa).encode())
    demand(answer.where.startswith("/reports?stored=1"), "but of an MX host of nobody", answer.where)
    demand(alpha.upload("/reports", filename="a.eml", file=foreign(1)).where.endswith("rejected=1"), "no report")
    demand(viewer.upload("/reports", filename="a.json", file=report(66).encode()).status == 403, "a viewer does not store")
    demand(root.upload("/reports", filename="a.json", file=report(56).encode()).where.startswith("/reports?stored=1"), "an administrator")
    demand("Quarantine" in root.get("/intake").text and "upload:" not in root.get("/intake").text, "uploads are not kept")


def mx_names(service, alpha, beta, root):
    """What a group uploads counts for its own domains, and stays so whatever becomes of other names."""
    def tlsa(organization, mx, failed=0):
        return json.dumps(json.loads(report(1)) | {"organization-name": organization, "report-id": organization, "policies": [
            {"policy": {"policy-type": "tlsa", "policy-domain": mx},
             "summary": {"total-successful-session-count": 5, "total-failure-session-count": failed},
             "failure-details": [{"result-type": "validation-failure", "failed-session-count": failed}] * bool(failed)}]})

    def put(browser, text, recipient):
        answer = browser.upload("/reports", filename=f"s!{recipient}!1767312000!1767398399.json", file=text.encode())
        return re.findall(r"\d+", answer.where)

    def failures(domain, browser):
        return len(re.findall(">with failures<", browser.get(f"/reports?domain={domain}&sender=Later").text))

    def numbers(domain):
        return rows(root.get(f"/reports?domain={domain}&failures=1"))

    later = tlsa("Later", "mx.later.example", 4)
    demand(put(alpha, later, "d1.example") == ["1", "0", "0"], "stored")
    (number,) = rows(alpha.get("/reports?sender=Later"))
    demand(number in numbers("d1.example") and not numbers("mx.later.example"), "counted for its own domain")
    root.post(f"/admin/groups/{group_number(root, 'beta')}", do="domain-add", domain="mx.later.example")
    demand(beta.get(f"/reports/{number}").status == 404 and not rows(beta.get("/reports?domain=mx.later.example")), "nor for the name's later group")
    demand(put(alpha, later, "d1.example") == ["0", "1", "0"], "it comes again")
    demand(not numbers("mx.later.example"), "still not")
    # A report that beta has uploaded, and a revision by alpha that names the same domain and a later date.
    demand(put(beta, tlsa("Theirs", "d2.example", 3), "d2.example") == ["1", "0", "0"], "beta's own")
    before = rows(beta.get("/reports?domain=d2.example&failures=1"))
    demand(put(alpha, tlsa("Theirs", "d2.example"), "d1.example") == ["1", "0", "0"], "alpha's revision")
    after = beta.get("/reports?domain=d2.example&failures=1&sender=Theirs").text
    demand(rows(beta.get("/reports?domain=d2.example&failures=1")) == before and ">superseded<" not in after, "beta's counts as before", after)
    # The mail of its sender counts for all names, in place of what was uploaded.
    text = mail(1, later, "Content-Disposition: attachment; filename=s!d1.example!1767312000!1767398399.json\r\n")
    demand(service.lmtp(text) == 250, "delivered")
    (whole,) = rows(alpha.get("/reports?sender=Later"))
    demand(whole != number and rows(beta.get("/reports?sender=Later")) == [whole] and failures("d1.example", alpha) == 1, "one report, of both")
    demand(whole in numbers("mx.later.example"), "counted for both")
    demand(put(alpha, later, "d1.example") == ["0", "1", "0"] and rows(alpha.get("/reports?sender=Later")) == [whole], "known by now")


def uploaders(service, alpha, viewer, beta, root):
    """Who has uploaded a report, and by which name, is for their groups."""
    text = json.loads(report(1)) | {"report-id": "both", "organization-name": "Both Inc."}
    text["policies"] += [{**text["policies"][0], "policy": {"policy-type": "sts", "policy-domain": "d2.example"}}]
    demand(root.upload("/reports", filename="secret-root.json", file=json.dumps(text).encode()).where.startswith("/reports?stored=1"), "by an administrator")
    (number,) = rows(beta.get("/reports?sender=Both+Inc."))
    for browser in (alpha, viewer, beta):
        page = browser.get(f"/reports/{number}").text
        demand("<dd>upload</dd>" in page and "secret-root" not in page and "upload:root" not in page, "not by whom", page)
    demand("upload:root:secret-root.json" in root.get(f"/reports/{number}").text, "but to administrators")
    demand(alpha.upload("/reports", filename="ours.json", file=(json.dumps(json.loads(report(1)) | {"report-id": "ours", "organization-name": "Ours"})).encode())
           .where.startswith("/reports?stored=1"), "by a group")
    (number,) = rows(alpha.get("/reports?sender=Ours"))
    for browser in (alpha, viewer, root):
        demand("upload:alpha-editor:ours.json" in browser.get(f"/reports/{number}").text, "which sees it")
    theirs = json.loads(report(1)) | {"report-id": "colon", "organization-name": "Colon"}
    web.add_user(root, "x", {group_number(root, "beta"): "editor"})
    colon = web.Browser(service, "x:y", web.add_user(root, "x:y", {group_number(root, "alpha"): "editor"}))
    demand(colon.upload("/reports", filename="colon.json", file=json.dumps(theirs).encode()).where.startswith("/reports?stored=1"), "by a name with a colon")
    (number_of_colon,) = rows(alpha.get("/reports?sender=Colon"))
    demand("upload:x%3Ay:colon.json" in alpha.get(f"/reports/{number_of_colon}").text, "its group sees it")
    root.post(f"/admin/groups/{group_number(root, 'alpha')}", do="domain-drop", domain="d1.example")
    root.post(f"/admin/groups/{group_number(root, 'beta')}", do="domain-add", domain="d1.example")
    page = beta.get(f"/reports/{number}").text
    demand("<dd>upload</dd>" in page and "ours.json" not in page and "alpha-editor" not in page, "another that has the domain now does not", page)
    (number,) = rows(beta.get("/reports?sender=Colon"))
    page = beta.get(f"/reports/{number}").text
    demand("<dd>upload</dd>" in page and "colon.json" not in page, "nor who has a name that another's begins with", page)
    root.post(f"/admin/groups/{group_number(root, 'beta')}", do="domain-drop", domain="d1.example")
    root.post(f"/admin/groups/{group_number(root, 'alpha')}", do="domain-add", domain="d1.example")


def api(service, number):
    def token(user, *words):
        run = service.command("--create-token", user, *words)
        return run.returncode, run.stdout.strip(), run.stderr

    status, secret, _ = token("alpha-editor", "--group", "alpha", "--scope", "read", "--scope", "ingest", "--expires", "7")
    demand(status == 0 and re.fullmatch(r"mts_\w{40}", secret), "a token is printed", secret)
    for words, status, said in ((("nobody", "--group", "alpha"), 64, "unknown user"), (("alpha-editor", "--group", "x"), 64, "unknown group"),
                                (("alpha-editor", "--group", "beta"), 64, "not a member"), (("alpha-editor",), 64, "--group"),
                                (("alpha-editor", "--group", "alpha", "--scope", "all"), 64, "expected read")):
        run = token(*words)
        demand(run[0] == status and said in run[2] and not run[1], f"{words}", run)
    demand("alpha" in service.ask("GET", "/api/v1/account", Authorization=f"Bearer {secret}").text, "it works")
    for n in range(92, 92 + 13 * 60, 13):  # d1
        answer = service.ask("POST", "/api/v1/reports", report(n), Authorization=f"Bearer {secret}")
        demand(json.loads(answer.text)["new"] == 1, f"upload: {answer.status}", answer.text)
    answer = service.ask("POST", "/api/v1/reports", report(2), Authorization=f"Bearer {secret}")
    demand(json.loads(answer.text)["rejected"] == 1, "another's", answer.text)
    text = json.loads(report(92))
    text["policies"] += json.loads(report(2))["policies"]
    answer = json.loads(service.ask("POST", "/api/v1/reports", json.dumps(text), Authorization=f"Bearer {secret}").text)
    demand((answer["rejected"], answer["why"]) == (1, "not all of its domains belong to your groups"), "also another's", answer)
    seen, after = [], ""
    while after is not None:
        page = json.loads(service.ask("GET", f"/api/v1/reports?limit=20&cursor={after}", Authorization=f"Bearer {secret}").text)
        seen += [row["id"] for row in page["items"]]
        after = page.get("next")
    demand(len(seen) == len(set(seen)) == 67, "all pages, each once", len(seen))
    one = json.loads(service.ask("GET", f"/api/v1/reports/{seen[0]}", Authorization=f"Bearer {secret}").text)
    demand(one["format"] == "mtasts.report/1", "as the command line", one)
    demand(service.ask("GET", f"/api/v1/reports/{seen[0]}/raw", Authorization=f"Bearer {secret}").status == 200, "raw")
    status, only, _ = token("beta-viewer", "--group", "beta")
    demand(service.ask("GET", f"/api/v1/reports/{seen[0]}", Authorization=f"Bearer {only}").status == 404, "another group's")
    demand(service.ask("POST", "/api/v1/reports", report(2), Authorization=f"Bearer {only}").status == 403, "without the scope")
    demand(service.ask("GET", "/api/v1/reports").status == 401, "without a token")


def quarantine(service, alpha, root, number):
    demand(service.ask("POST", "/tlsrpt", report(3)).status == 400, "of nobody's domain")
    demand(service.lmtp(mail(9001, "{<script>")) == 250, "a broken one")
    page = root.get("/intake")
    ids = re.findall(r'href="/intake/(\d+)"', page.text)
    demand(page.status == 200 and "none of its domains is known" in page.text and len(ids) == 2, "what was rejected", page.text)
    demand("HTTPS (POST)" in page.text and "LMTP" in page.text and "Uploads" in page.text, "the ways")
    own = alpha.get("/intake").text
    demand("ask them to check the quarantine" in own, "they hear who sees what was rejected", own)
    demand("Quarantine" not in own and "Delivery methods" not in own, "for administrators only")
    demand(re.search(r'href="/reports/\d+"', own) and "Latest reports on your domains" in own, "what came for theirs", own)
    newest = re.search(r'href="/reports/(\d+)"', own).group(1)
    demand(alpha.get(f"/reports/{newest}").status == 200, "which they may read")
    demand("Latest reports" not in page.text, "an administrator sees all of it")
    demand("rua=" not in page.text and "--base-url" in page.text, "senders deliver to addresses with https only")
    demand(alpha.get(f"/intake/{ids[0]}").status == 404, "nor by number")
    shown = root.get(f"/intake/{ids[0]}").text
    demand("{&lt;script&gt;" in shown and "<script>" not in shown.replace("<script src", ""), "as text")
    demand(root.get(f"/intake/{ids[0]}/raw").headers["Content-Disposition"].endswith('.eml"'), "to download")
    demand(root.post(f"/intake/{ids[0]}", do="again").where == "/intake?rejected=1", "it is broken still")
    ids = re.findall(r'href="/intake/(\d+)"', root.get("/intake").text)
    demand(len(ids) == 2, "it is kept once", ids)
    demand(alpha.post(f"/intake/{ids[0]}", do="drop").status == 404, "not for others")
    root.post(f"/admin/groups/{number}", do="domain-add", domain="d3.example")
    before = len(rows(alpha.get("/reports?domain=d3.example")))
    demand([root.post(f"/intake/{i}", do="again").where for i in ids].count("/intake?done=stored") == 1, "read again")
    demand(before == 0 and len(rows(alpha.get("/reports?domain=d3.example"))) == 1, "and stored")
    (came,) = re.findall(r"<tr>(?:(?!</tr>).)*d3\.example(?:(?!</tr>).)*</tr>", alpha.get("/intake").text, re.S)
    demand("HTTPS (POST)" in came, "the method, and not from where", came)
    (left,) = re.findall(r'href="/intake/(\d+)"', root.get("/intake").text)
    demand(root.post(f"/intake/{left}", do="drop").where == "/intake?done=deleted", "deleted")
    demand("The quarantine is empty" in root.get("/intake").text, "empty")


def run(store):
    before = time.monotonic()
    service = Service(store.fresh())
    try:
        root = web.Browser(service, "root")
        number, alpha, viewer = make_group(root, "alpha", ["d1.example"])
        _, beta_editor, beta = make_group(root, "beta", ["d2.example"])
        lists(service, alpha, beta, root)
        uploads(service, alpha, viewer, root)
        api(service, number)
        quarantine(service, alpha, root, number)
        shared(service, alpha, beta, root)
        mx_names(service, alpha, beta_editor, root)
        uploaders(service, alpha, viewer, beta, root)
    finally:
        service.stop()
    print(f"{store.name}: {time.monotonic() - before:.1f} s")


with tempfile.TemporaryDirectory(prefix="mtasts-reports-") as files:
    run(Sqlite(files))
if Postgres.installed():
    server = Postgres()
    with contextlib.closing(server):
        run(server)
