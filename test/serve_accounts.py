#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Accounts of the web service, through the built program, on SQLite and on PostgreSQL: the first start,
signing in and its limits, second factors, sessions, tokens, groups that never see each other's things,
forged forms, and where a sign-in may lead.

usage: serve_accounts.py MTASTS"""

import base64
import concurrent.futures
import hashlib
import hmac
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time

import jsonschema
from dkim_sign import Keys
from service import PASSWORD, Browser, Service, add_group, add_user, environment
from stores import Postgres, Sqlite

MTASTS = str(pathlib.Path(sys.argv[1]).resolve())
TMP = tempfile.TemporaryDirectory(prefix="mtasts-accounts-")
dns = Keys({})
faults = 0


def check(what, good, seen=""):
    global faults
    if not good:
        faults += 1
        print(f"FAIL: {what}: {str(seen)[:300]!r}")


def serve(store):
    return Service(MTASTS, store, "--resolver", dns.address, "--trust-anchor", "none")


def totp(secret, at):
    key = base64.b32decode(secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7fffffff) % 1000000:06d}"


# ---- the first start -------------------------------------------------------------------------------


def first_start(service):
    Browser(service).get("/healthz")  # sockets are open before the link is printed, answers come behind it
    found = re.search(rf" http://127\.0\.0\.1:{service.port}/setup#(\S+)", service.said())
    check("a link is printed", found, service.said())
    secret = found[1]
    visitors = [Browser(service) for _ in range(4)]
    check("the page is there", visitors[0].get("/setup").status == 200)
    check("the secret is not in it", secret not in visitors[0].get("/setup").text)
    check("nobody without it", visitors[0].post("/setup", code="x", name="eve", password=PASSWORD).status == 403)
    check("no short password", visitors[0].post("/setup", code=secret, name="eve", password="short").status == 422)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda i: visitors[i].post("/setup", code=secret, name=f"admin{i}", password=PASSWORD), range(1, 4)))
    check("one of several wins", sorted(a.status for a in answers) == [303, 403, 403], [a.status for a in answers])
    winner = [a.status for a in answers].index(303) + 1
    visitors[winner].get("/account")
    check("the link is over", Browser(service).get("/setup").status == 404)
    check("so is its file", not list(pathlib.Path(TMP.name).rglob("*.first-start")))
    return visitors[winner], f"admin{winner}"


# ---- signing in ------------------------------------------------------------------------------------


def signing_in(service, name):
    browser = Browser(service)
    answer = browser.sign_in(name)
    check("the password lets in", answer.status == 303 and answer.where == "/overview", answer.status)
    check("the cookie", all(word in browser.last_cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/")), browser.last_cookie)
    check("plain HTTP on loopback: no Secure", "Secure" not in browser.last_cookie, browser.last_cookie)
    check("pages behind it are not kept", browser.get("/account").headers["Cache-Control"] == "no-store")
    wrong, unknown = Browser(service).sign_in(name, "wrong"), Browser(service).sign_in("nobody", PASSWORD)
    without = re.compile(r' value="[^"]*"')
    check("wrong and unknown look alike", wrong.status == unknown.status == 403 and
          without.sub("", wrong.text) == without.sub("", unknown.text))
    guesser = Browser(service)
    statuses = [guesser.sign_in(f"guess{i}", "x").status for i in range(7)]
    check("five from an address", statuses == [403] * 5 + [429] * 2, statuses)
    with concurrent.futures.ThreadPoolExecutor(8) as at_once:
        statuses = sorted(at_once.map(lambda one: one.sign_in("target", "x").status, [Browser(service) for _ in range(34)]))
    check("thirty of an account", statuses == [403] * 30 + [429] * 4, statuses)
    late = Browser(service).sign_in("target", "x")
    check("and says when", 0 < int(late.headers.get("Retry-After", 0)) <= 60, late.headers)
    many = Browser(service)
    check("who signs in well is not counted", [many.sign_in(name).status for _ in range(7)] == [303] * 7)
    return browser


def leading_on(service, name):
    for path, where in (("/account/factor", "/account/factor"), ("//evil.example/", "/overview"), ("/\\evil.example", "/overview"),
                        ("https://evil.example/", "/overview"), ("/a\r\nX: y", "/overview"), ("", "/overview")):
        answer = Browser(service).sign_in(name, next=path)
        check(f"after the sign-in to {path!r}", answer.status == 303 and answer.where == where, answer.where)
    check("who is not signed in is led there", Browser(service).get("/admin/groups/1").where == "/login?next=%2Fadmin%2Fgroups%2F1")


def forging(service, browser):
    good = browser.form_token
    other = Browser(service)
    for what, form, headers in (
            ("without a token", {"token": ""}, {}), ("with a made up token", {"token": good[:-1] + "x"}, {}),
            ("from another site", {}, {"Origin": "https://evil.example"}),
            ("from another site by its own word", {}, {"Sec_Fetch_Site": "cross-site"})):
        if what.startswith("from"):
            continue  # see serve.py
        check(f"a form {what}", browser.post("/admin/groups", headers, name="forged", **form).status == 403, what)
    check("nothing came of it", "forged" not in browser.get("/admin").text)
    check("a form of nobody", other.post("/admin/groups", name="forged").status == 403)


# ---- users about themselves ------------------------------------------------------------------------


def second_factor(service, name):
    browser = Browser(service)
    browser.sign_in(name)
    check("set up", browser.post("/account/factor").where == "/account/factor")
    page = browser.get("/account/factor")
    secret, uri = page.secrets()[:2]
    check("for an app", uri.startswith("otpauth://totp/mtasts:") and secret.replace(" ", "") in uri, uri)
    check("not on before a code", Browser(service).sign_in(name).status == 303)
    check("not with a wrong code", browser.post("/account/factor/confirm", code="000000").where == "/account/factor?error=wrong")
    answer = browser.post("/account/factor/confirm", code=totp(secret, time.time() - 30))
    codes = answer.secrets()
    check("recovery codes are shown", answer.status == 200 and len(codes) == 10 and len(set(codes)) == 10, answer.status)
    visitor = Browser(service)
    first = visitor.sign_in(name)
    ticket = re.search(r'name="ticket" value="([^"]+)"', first.text)
    check("a code is asked for", first.status == 200 and ticket, first.status)
    check("the password alone is not enough", visitor.get("/account").status == 303)
    code = totp(secret, time.time())
    check("a wrong code", visitor.post("/login/code", ticket=ticket[1], code="12345").status == 403)
    check("the code", visitor.post("/login/code", ticket=ticket[1], code=code).status == 303)
    check("is in", visitor.get("/account").status == 200)
    again = Browser(service)
    ticket = re.search(r'name="ticket" value="([^"]+)"', again.sign_in(name).text)[1]
    check("a code counts once", again.post("/login/code", ticket=ticket, code=code).status == 403)
    check("a recovery code does", again.post("/login/code", ticket=ticket, code=codes[0].upper()).status == 303)
    again = Browser(service)
    ticket = re.search(r'name="ticket" value="([^"]+)"', again.sign_in(name).text)[1]
    check("once", again.post("/login/code", ticket=ticket, code=codes[0]).status == 403)
    check("a sign-in that nobody began", again.post("/login/code", ticket="x", code=code).status == 403)
    visitor.get("/account")
    check("off only with the password", visitor.post("/account/recovery", before="wrong", do="off").where == "/account?error=wrong")
    check("off", visitor.post("/account/recovery", before=PASSWORD, do="off").where == "/account?done=factor-off")
    check("without a code again", Browser(service).sign_in(name).status == 303)


def sessions(service, name):
    one, two, three = Browser(service, agent="Lynx <b>"), Browser(service), Browser(service)
    for browser in (one, two, three):
        browser.sign_in(name)
    page = one.get("/account").text
    check("all are listed", page.count("End session") >= 2 and "Lynx &lt;b&gt;" in page and "<b>" not in page)
    ids = re.findall(r'name="id" value="(\d+)"', page)
    check("the last but one ends", one.post("/account/sessions", id=ids[0]).where == "/account?done=session-end")
    check("of the two one is out", sorted(b.get("/account").status for b in (two, three)) == [200, 303])
    one.get("/account")
    check("all others end", one.post("/account/sessions", id="others").where == "/account?done=sessions-end")
    check("they are out", [b.get("/account").status for b in (one, two, three)] == [200, 303, 303])
    cookie = dict(one.cookies)
    check("signing out", one.post("/logout").where == "/" and not one.cookies, one.cookies)
    one.cookies = cookie
    check("ends the session, not only the cookie", one.get("/account").status == 303)


def password(service, admin):
    answer = admin.post("/admin/users", name="Paula")
    first = answer.secrets()[0]
    paula, other = Browser(service), Browser(service)
    check("the first password", paula.sign_in("paula", first).status == 303 and other.sign_in("paula", first).status == 303)
    check("needs the old one", paula.post("/account/password", before="x", after=PASSWORD).where == "/account?error=wrong")
    check("is changed", paula.post("/account/password", before=first, after=PASSWORD).where == "/account?done=password")
    check("and ends other sessions", paula.get("/account").status == 200 and other.get("/account").status == 303)
    check("the old one is over", Browser(service).sign_in("paula", first).status == 403)
    check("no right to administer", paula.get("/admin").status == 403 and
          paula.post("/admin/users", name="x").status == 404 and paula.get("/admin/audit").status == 404)
    user = re.search(r'Paula|paula</th>.*?admin/users/(\d+)', admin.get("/admin").text, re.S)[1]
    check("disabled", admin.post(f"/admin/users/{user}", do="disable").where == "/admin?done=user-rights")
    check("is out", paula.get("/account").status == 303 and Browser(service).sign_in("paula").status == 403)
    check("deleted", admin.post(f"/admin/users/{user}", do="delete").where == "/admin?done=user-drop")


def guessing(service, admin):
    """In a session that somebody left open."""
    gus = Browser(service)
    gus.sign_in("gus", admin.post("/admin/users", name="gus").secrets()[0])
    answers = [gus.post("/account/password", before=f"guess{i}", after=PASSWORD) for i in range(4)] + \
        [gus.post("/account/recovery", before="guess", do="off") for i in range(3)]
    check("a password is guessed five times", [a.status for a in answers] == [303] * 5 + [429] * 2, [a.status for a in answers])
    check("and when again", 0 < int(answers[-1].headers.get("Retry-After", 0)) <= 60, answers[-1].headers)


def last_administrator(admin):
    user = re.search(r"admin/users/(\d+)", admin.get("/admin").text)[1]
    for what in ("disable", "demote", "delete"):
        check(f"the last administrator: {what}", admin.post(f"/admin/users/{user}", do=what).where == "/admin?error=last")


def rights(service, admin):
    """Each change is of one right, and leaves the other as it was."""
    secret = admin.post("/admin/users", name="rita").secrets()[0]
    user = max(re.findall(r"admin/users/(\d+)", admin.get("/admin").text), key=int)

    def may(what):
        admin.post(f"/admin/users/{user}", do=what)
        browser = Browser(service)
        browser.sign_in("rita", secret)
        return browser.get("/admin").status

    seen = [may(what) for what in ("promote", "disable", "promote", "enable", "demote")]
    check("rights change one by one", [status == 200 for status in seen] == [True, False, False, True, False], seen)
    admin.post(f"/admin/users/{user}", do="delete")


# ---- groups ----------------------------------------------------------------------------------------


def claims(service, store, people, admin):
    """Two groups claim a domain; who proves it owns it, at once when asked for and by itself."""
    name = "_mtasts-challenge.shared.example"

    def post(user, do):
        browser, own = people[user]
        return browser.post(f"/admin/groups/{own}", do=do, domain="shared.example").where.split("?")[-1]

    def look(user, expected):
        """What was answered before is kept for some seconds."""
        deadline = time.monotonic() + 20
        while (seen := post(user, "domain-look")) != expected and time.monotonic() < deadline:
            time.sleep(0.3)
        return seen

    def row(user):
        browser, own = people[user]
        return re.search(r">shared.example</th>.*?</tr>", browser.get(f"/admin/groups/{own}").text, re.S)[0]

    dns.records[name] = "v=spf1 -all"
    for user in people:
        check(f"{user} claims it", post(user, "domain-add") == "done=domain-add")
    proofs = {user: re.search(r"TXT (?:&quot;|\")(\w+)", row(user))[1] for user in people}
    check("each has a proof of its own", len(set(proofs.values())) == 2, proofs)
    seen = look("anna", "error=proof-other")
    check("another record is none", seen == "error=proof-other", (seen, dns.asked))
    dns.records[name] = proofs["bert"]
    store.change(service.store, "UPDATE domain_claim SET due = 1")
    deadline = time.monotonic() + 30
    while "not confirmed" in row("bert") and time.monotonic() < deadline:
        time.sleep(0.3)
        store.change(service.store, "UPDATE domain_claim SET due = 1")
    check("by itself", "not confirmed" not in row("bert"), row("bert"))
    seen = post("anna", "domain-look")
    check("not by what another published", seen == "error=proof-other", seen)
    check("an administrator takes nothing away", admin.post(f"/admin/groups/{people['anna'][1]}", do="domain-prove",
                                                            domain="shared.example").where.endswith("error=taken"))
    dns.records[name] = proofs["anna"]
    seen = look("anna", "done=domain-prove")
    check("who proves it owns it", seen == "done=domain-prove", seen)
    check("and the other no longer", "not confirmed" in row("bert") and "not confirmed" not in row("anna"), row("bert"))
    del dns.records[name]
    seen = look("bert", "error=proof-absent")
    check("nothing is there", seen == "error=proof-absent", seen)


def user_number(service, store, name):
    row = store.rows(service.store, f"SELECT id FROM account WHERE name = '{name}'")[0]
    return int(row[0] if isinstance(row, tuple) else row)


def groups(service, store, admin):
    """Two groups, each with a user and a domain; neither sees anything of the other."""
    people = {}
    for number, (group, user, domain) in enumerate((("Alpha", "anna", "a.example"), ("Beta", "bert", "b.example"))):
        admin.post("/admin/groups", name=group)
        secret = admin.post("/admin/users", name=user).secrets()[0]
        links = re.findall(r'admin/groups/(\d+)">([^<]+)<', admin.get("/admin").text)
        number = next(n for n, name in links if name == group)
        admin.post(f"/admin/groups/{number}", do="member-set", name=user, role="admin")
        browser = Browser(service)
        browser.sign_in(user, secret)
        added = browser.post(f"/admin/groups/{number}", do="domain-add", domain=domain)
        check("a domain is added", added.where == f"/admin/groups/{number}?done=domain-add", added.where)
        page = browser.get(f"/admin/groups/{number}").text
        check("which is to be proven", f"_mtasts-challenge.{domain}" in page)
        people[user] = browser, number
    for user, other, domain in (("anna", "bert", "b.example"), ("bert", "anna", "a.example")):
        browser, own = people[user]
        number = people[other][1]
        seen = browser.get("/admin").text + browser.get("/account").text + browser.get(f"/admin/groups/{own}").text
        check(f"{user} sees nothing of {other}", other not in seen and domain not in seen)
        answers = [browser.get(f"/admin/groups/{number}"), browser.get("/admin/groups/999999"), browser.get("/admin/audit")]
        for do, form in (("rename", {"name": "x"}), ("delete", {}), ("member-set", {"name": user, "role": "admin"}),
                         ("domain-add", {"domain": "c.example"}), ("domain-drop", {"domain": domain})):
            answers.append(browser.post(f"/admin/groups/{number}", do=do, **form))
        check("all is not found", [a.status for a in answers] == [404] * len(answers), [a.status for a in answers])
        check("only the service confirms", browser.post(f"/admin/groups/{own}", do="domain-prove", domain=domain).status == 404)
        answer = browser.post("/account/tokens", name="x", group=number, read="yes", days="1")
        check("no token of the other", answer.status == 422, answer.status)
        seen = [browser.post(f"/admin/groups/{own}", do="member-set", name=name, role="viewer") for name in (other, "nobody-at-all")]
        check("nor who is there", [a.where for a in seen] == [f"/admin/groups/{own}?error=unknown"] * 2 and other not in browser.get(f"/admin/groups/{own}").text,
              [a.where for a in seen])
    browser, own = people["anna"]
    admin.post(f"/admin/groups/{own}", do="member-set", name="bert", role="viewer")
    check("an administrator adds anybody", "bert" in browser.get(f"/admin/groups/{own}").text)
    check("who is known is changed", browser.post(f"/admin/groups/{own}", do="member-set", name="bert", role="editor").where.endswith("?done=member-set"))
    check("and removed", browser.post(f"/admin/groups/{own}", do="member-drop", user=user_number(service, store, "bert")).where.endswith("?done=member-drop"))
    check("who is not known any more", "bert" not in browser.get(f"/admin/groups/{own}").text)
    check("my domains are an overview", browser.get("/overview").status == 200)
    claims(service, store, people, admin)
    check("an administrator confirms", admin.post(f"/admin/groups/{own}", do="domain-prove", domain="a.example").where.endswith("prove"))
    check("and it is seen", "confirmed" in browser.get(f"/admin/groups/{own}").text)
    check("a name with markup", admin.post("/admin/groups", name="<script>alert(1)</script>").status == 303)
    check("is text", "<script>alert" not in admin.get("/admin").text)
    return browser, own


# ---- tokens ----------------------------------------------------------------------------------------


def tokens(service, browser, group, store):
    answer = browser.post("/account/tokens", name="ci", group=group, read="yes", check="yes", days="30")
    token = answer.secrets()[0]
    check("a token is shown once", re.fullmatch(r"mts_[0-9A-Za-z]{40}", token) and token not in browser.get("/account").text, token)
    program = Browser(service)
    seen = program.get("/api/v1/account", Authorization=f"Bearer {token}")
    told = json.loads(seen.text)
    check("it is its user's", told["user"] == "anna" and told["scopes"] == ["read", "check"], told)
    check("in its group", [g["name"] for g in told["groups"]] == ["Alpha"], told)
    for what, header in (("another", token[:-1] + ("0" if token[-1] != "0" else "1")), ("a short one", token[:-1]), ("none", "")):
        check(f"{what} is refused", program.get("/api/v1/account", Authorization=f"Bearer {header}").status == 401)
    refused = program.get("/api/v1/account")
    check("without one", refused.status == 401 and "Bearer" in refused.headers["WWW-Authenticate"], refused.status)
    program.cookies = dict(browser.cookies)
    check("cookies do not count", program.get("/api/v1/account").status == 401)
    check("a token opens no page", Browser(service).get("/account", Authorization=f"Bearer {token}").status == 303)
    bare = store.rows(service.store, "SELECT * FROM api_token")
    check("it is not in the store", token[13:] not in str(bare))
    store.change(service.store, "UPDATE api_token SET expires = 1")
    check("it expires", Browser(service).get("/api/v1/account", Authorization=f"Bearer {token}").status == 401)
    other = browser.post("/account/tokens", name="ci2", group=group, read="yes", days="30").secrets()[0]
    ids = re.findall(r'tokens/revoke".*?name="id" value="(\d+)"', browser.get("/account").text, re.S)
    check("it is revoked", browser.post("/account/tokens/revoke", id=ids[-1]).where == "/account?done=token-drop")
    check("and over", Browser(service).get("/api/v1/account", Authorization=f"Bearer {other}").status == 401)


def tokens_of_programs(service, browser, group, store):
    """A token makes others, and none that may more than itself."""
    def ask(method, path, token, body=None, **headers):
        return Browser(service).ask(method, f"/api/v1/tokens{path}", json.dumps(body) if body is not None else None,
                                    Authorization=f"Bearer {token}", Content_Type="application/json", **headers)

    own = browser.post("/account/tokens", name="maker", group=group, read="yes", admin="yes", days="30").secrets()[0]
    page = json.loads(ask("GET", "", own).text)
    mine = [t for t in page["items"] if t["current"]]
    check("a list of tokens", page["next"] is None and len(mine) == 1 and mine[0]["label"] == own[:12] and mine[0]["scopes"] == ["read", "admin"], page)
    check("without secrets", own[12:] not in str(page))
    answer = ask("POST", "", own, {"name": "made", "scopes": ["read"], "days": 3})
    made = json.loads(answer.text)
    check("a token is made", answer.status == 201 and answer.headers["Cache-Control"] == "no-store" and re.fullmatch(r"mts_[0-9A-Za-z]{40}", made["token"]) and
          made["scopes"] == ["read"], answer.text)
    told = json.loads(Browser(service).get("/api/v1/account", Authorization=f"Bearer {made['token']}").text)
    check("it works, in the same group", told["scopes"] == ["read"] and [str(g["id"]) for g in told["groups"]] == [group], told)
    longest = json.loads(ask("POST", "", own, {"name": "longest", "scopes": ["admin", "read"]}).text)
    check("it ends with the one that made it", longest["expires_at"] == mine[0]["expires_at"], longest)
    for what, body in (("another scope", {"name": "x", "scopes": ["check"]}), ("more scopes", {"name": "x", "scopes": ["read", "domains"]}),
                       ("a longer end", {"name": "x", "scopes": ["read"], "days": 31}), ("no scope", {"name": "x", "scopes": []}),
                       ("an unknown one", {"name": "x", "scopes": ["root"]}), ("another group", {"name": "x", "scopes": ["read"], "group": 1}),
                       ("no name", {"scopes": ["read"]}), ("days of 0", {"name": "x", "scopes": ["read"], "days": 0})):
        check(f"{what}: no token", ask("POST", "", own, body).status == 422, what)
    check("not by one that only reads", ask("POST", "", made["token"], {"name": "x", "scopes": ["read"]}).status == 403 and
          ask("GET", "", made["token"]).status == 403)
    others = store.rows(service.store, "SELECT MIN(id) FROM api_token WHERE name <> 'made'")
    other = int(others[0][0] if isinstance(others[0], tuple) else others[0])
    theirs = other not in [t["id"] for t in page["items"]]
    check("nobody else's is revoked", not theirs or ask("DELETE", f"/{other}", own).status == 404)
    check("nor one that is not there", ask("DELETE", "/999999", own).status == 404)
    check("it is revoked", ask("DELETE", f"/{made['id']}", own).status == 204)
    check("and over", Browser(service).get("/api/v1/account", Authorization=f"Bearer {made['token']}").status == 401)
    maker = json.loads(ask("POST", "", own, {"name": "between", "scopes": ["read", "admin"], "days": 2}).text)
    last = json.loads(ask("POST", "", maker["token"], {"name": "last", "scopes": ["read"], "days": 1}).text)
    made_by = {t["id"]: t["made_by"] for t in json.loads(ask("GET", "", own).text)["items"]}
    check("who made which", made_by[mine[0]["id"]] is None and made_by[maker["id"]] == mine[0]["id"] and made_by[last["id"]] == maker["id"], made_by)
    check("it works", Browser(service).get("/api/v1/account", Authorization=f"Bearer {last['token']}").status == 200)
    check("its maker is revoked", browser.post("/account/tokens/revoke", id=str(maker["id"])).where == "/account?done=token-drop")
    for token in maker, last:
        check("and what it made is over", Browser(service).get("/api/v1/account", Authorization=f"Bearer {token['token']}").status == 401)
    logged = str(store.rows(service.store, "SELECT action, object FROM audit ORDER BY id DESC LIMIT 5"))
    check("the log has it", "token-add" in logged and "token-drop" in logged and "longest" in logged, logged)


def many_tokens(service, admin, store):
    """One ceiling for the page, programs and the command line; what has expired makes room; none may more than its user."""
    group = add_group(admin, "Many")
    secret = add_user(admin, "many", {group: "admin"})
    browser = Browser(service)
    browser.sign_in("many", secret)
    for i in range(99):
        browser.post("/account/tokens", name=f"t{i}", group=group, admin="yes", days="9")
    last = browser.post("/account/tokens", name="last", group=group, admin="yes", days="9").secrets()[0]
    answer = browser.post("/account/tokens", name="x", group=group, admin="yes", days="9")
    check("100 tokens, and no more on the page", answer.where == "/account?error=tokens" and
          "at most 100 API tokens" in browser.get(answer.where).text, answer.where)

    def ask(token, path="tokens", body='{"name": "x", "scopes": ["admin"]}'):
        answer = Browser(service).ask("POST" if body else "GET", f"/api/v1/{path}", body, Authorization=f"Bearer {token}", Content_Type="application/json")
        return answer.status, json.loads(answer.text)
    told = ask(last)
    check("nor by programs", (told[0], told[1]["code"]) == (409, "too-many"), told)
    told = subprocess.run([MTASTS, "serve", "--store", service.store, "--create-token", "many", "--group", "Many"], capture_output=True, text=True,
                          env=environment(TMP.name))
    check("nor on the command line", told.returncode == 64 and "at most 100 API tokens" in told.stderr, told)
    store.change(service.store, "UPDATE api_token SET expires = 1 WHERE name = 't0'")
    made = ask(last)
    check("one that has expired makes room", made[0] == 201 and ask(last)[0] == 409, made)
    for role in "viewer", "editor":
        admin.post(f"/admin/groups/{group}", do="member-set", name="many", role=role)
        roles = [ask(token, "account", None)[1]["groups"][0]["role"] for token in (last, made[1]["token"])]
        check(f"{role}s' tokens are those of {role}s", roles == [role, role], roles)
    admin.post(f"/admin/groups/{group}", do="member-drop", user=user_number(service, store, "many"))
    told = ask(made[1]["token"], "account", None)
    check("and those of nobody nobody's", told[1]["groups"] == [], told)


def languages(service, browser):
    """What a user has chosen counts in each of their browsers, until they choose something else there."""
    german = {"Accept_Language": "de"}
    check("as the browser says", 'lang="de"' in browser.ask("GET", "/account", **german).text[:300])
    check("chosen", browser.post("/account/language", language="en").where == "/account?done=language")
    check("wins over the browser", 'lang="en"' in browser.ask("GET", "/account", **german).text[:300])
    check("is selected", '<option value="en" lang="en" selected>' in browser.get("/account").text)
    check("does not count for others", 'lang="de"' in Browser(service).ask("GET", "/", **german).text[:300])
    browser.get("/preferences?lang=de")
    check("a choice in the browser wins", 'lang="de"' in browser.get("/account").text[:300])
    check("until there is a new one", browser.post("/account/language", language="en").status == 303 and
          'lang="en"' in browser.ask("GET", "/account", **german).text[:300])
    check("an address wins", 'lang="de"' in browser.get("/account?lang=de").text[:300])
    check("no other language", browser.post("/account/language", language="fr").status == 422)
    check("taken back", browser.post("/account/language", language="").status == 303 and
          'lang="de"' in browser.ask("GET", "/account", **german).text[:300])


def needs(service, browser, admin, group):
    """What a description says of a call, the program does: no token, one without the scope, one of an administrator."""
    tokens = {scope: browser.post("/account/tokens", name=scope, group=group, **{scope: "yes"}, days="1").secrets()[0]
              for scope in ("read", "check", "ingest", "domains", "admin")}
    paths = json.loads(Browser(service).get("/openapi.json").text)["paths"]
    calls = [(method.upper(), re.sub(r"\{\w+\}", "1", path), call["security"], "{}" if "requestBody" in call else None)
             for path, methods in paths.items() for method, call in methods.items()]
    for method, path, security, body in calls:
        check(f"{method} {path}: says so", {"token": []} in security or {} not in security, security)
        if {} in security:
            continue
        scopes = [scope for way in security for scope in way["token"]]
        refused = Browser(service).ask(method, path, body)
        check(f"{method} {path}: a stranger", refused.status == 401 and "Bearer" in refused.headers["WWW-Authenticate"], refused.status)
        other = next(token for scope, token in tokens.items() if scope not in scopes)
        if scopes:
            refused = Browser(service).ask(method, path, body, Authorization=f"Bearer {other}")
            check(f"{method} {path}: without the scope", refused.status == 403 and
                  f'scope="{" ".join(scopes)}"' in refused.headers["WWW-Authenticate"], (refused.status, refused.text))
    check("some are not public", any({} not in security for _, _, security, _ in calls))
    token = admin.post("/account/tokens", name="all", group=group, admin="yes", days="1").secrets()[0]
    told = json.loads(Browser(service).get("/api/v1/account", Authorization=f"Bearer {token}").text)
    check("an administrator's token is of one group", [(str(g["id"]), g["role"]) for g in told["groups"]] == [(group, "admin")], told)


def as_described(service, browser, group):
    """What each route of the API answers is as the description says, problems too, and those in both languages."""
    token = browser.post("/account/tokens", name="every", group=group, days="1",
                         **{scope: "yes" for scope in ("read", "check", "ingest", "domains", "admin")}).secrets()[0]
    document = json.loads(Browser(service).get("/openapi.json").text)
    seen = set()
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            what = f"{method.upper()} {path}"
            answers = [Browser(service).ask(method.upper(), re.sub(r"\{\w+\}", "0", path), "{}" if "requestBody" in call else None,
                                            Authorization=f"Bearer {token}", Accept_Language=language) for language in ("en", "de")]
            for answer in answers:
                seen.add(answer.status // 100)
                told = call["responses"].get(str(answer.status)) or (answer.status >= 400 and call["responses"].get("default"))
                check(f"{what}: {answer.status} is described", told, list(call["responses"]))
                kind = answer.headers.get("Content-Type", "").split(";")[0]
                content = (told or {}).get("content", {}).get(kind, {})
                check(f"{what}: so is {kind}", answer.status in (204, 304) or content or not told, told)
                if kind.endswith("json") and "schema" in content:
                    validator = jsonschema.Draft202012Validator({**content["schema"], "components": document["components"]})
                    wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(answer.text))]
                    check(f"{what}: as its schema says", not wrong, wrong)
            english, german = answers
            if english.status >= 400 and english.status == german.status:
                check(f"{what}: in German, too", json.loads(english.text)["detail"] != json.loads(german.text)["detail"], english.text)
    check("of all kinds", seen >= {2, 4}, seen)


# ---- the rest --------------------------------------------------------------------------------------


def log(admin, name):
    text = admin.get("/admin/audit").text
    for what in ("Signed in", "Failed to sign in", "Created a group", "Added a domain", "Created an API token", "Deleted a user",
                 "Turned on two-factor authentication", "Became the first administrator", "Lost a domain to a group that confirmed its ownership"):
        older = text
        while what not in older and (following := re.search(r"admin/audit\?before=(\d+)", older)):
            older = admin.get(f"/admin/audit?before={following[1]}").text
        check(f"the log has: {what}", what in older)
    check("with who and from where", name in text and "127.0." in text)


def secrets_of_store(service, store):
    rows = str([store.rows(service.store, f"SELECT * FROM {table}") for table in ("account", "login_session", "recovery_code")])
    check("no password in the store", PASSWORD not in rows and "$y$" in rows)


def created_by_command(store):
    where = store.fresh()
    for name, secret, status in (("root", PASSWORD, 0), ("Root", PASSWORD + "2", 0), ("root", "q7", 64), ("a b", PASSWORD, 64)):
        done = subprocess.run([MTASTS, "serve", "--no-config", "--create-admin", name, "--store", where], input=secret + "\n", text=True,
                              capture_output=True, env=environment(TMP.name))
        check(f"--create-admin {name}", done.returncode == status and secret not in done.stderr, done.stderr)
    service = serve(where)
    check("no first start then", "setup#" not in service.said() and Browser(service).get("/setup").status == 404)
    check("the first password is over", Browser(service).sign_in("root").status == 403)
    check("the second lets in", Browser(service).sign_in("root", PASSWORD + "2").status == 303)
    service.stop()


def ready(store):
    """Anybody may ask, so asking does not cost the store a commit each."""
    service = serve(store.fresh())
    browser = Browser(service)
    browser.get("/healthz")
    store.change(service.store, "CREATE TABLE counted (n)")
    for event in ("INSERT", "UPDATE"):
        store.change(service.store, f"CREATE TRIGGER counts_{event} AFTER {event} ON alert_place WHEN new.name = 'readyz'"
                                    " BEGIN INSERT INTO counted VALUES (1); END")
    time.sleep(1.1)  # what it found at the beginning holds for a second
    begun = time.monotonic()
    answers = [browser.get("/readyz").text for _ in range(200)]
    most = 2 + (time.monotonic() - begun)
    (written,), = store.rows(service.store, "SELECT COUNT(*) FROM counted")
    check("all are answered", len(set(answers)) == 1 and answers[0].startswith("store: ok\n"), set(answers))
    check("it is tried, once a second", 1 <= written <= most < 100, (written, most))
    service.stop()
    pathlib.Path(service.store + ".first-start").unlink()


def failing(store):
    """Who asks is told that the store failed, and the log why."""
    import sqlite3
    service = serve(store.fresh())
    Browser(service).get("/healthz")
    with sqlite3.connect(service.store) as db:
        db.execute("DROP TABLE account")
    answers = [Browser(service).sign_in("root") for _ in range(2)]
    check("the store failed", [a.status for a in answers] == [503, 503], [a.status for a in answers])
    check("why, once", service.said().count("no such table") == 1, service.said())
    check("in the log only", "no such table" not in answers[0].text)
    check("ready", Browser(service).get("/readyz").text.startswith("store: ok\n"))
    store.change(service.store, "CREATE TRIGGER refused BEFORE INSERT ON alert_place BEGIN SELECT RAISE(FAIL, 'refused'); END")
    time.sleep(1.1)  # what it found holds for a second
    ready = Browser(service).get("/readyz")
    check("not ready where it cannot be written", ready.status == 503 and ready.text.startswith("store: failed\n"), ready.text)
    store.change(service.store, "DROP TRIGGER refused")
    time.sleep(1.1)
    check("ready again", Browser(service).get("/readyz").status == 200)
    service.stop()
    pathlib.Path(service.store + ".first-start").unlink()


def kept(service, admin):
    """A session outlives the service."""
    check("ends well", service.stop() == 0)
    service.start()
    check("the session is still there", admin.get("/account").status == 200)
    check("there is no first start any more", "setup#" not in service.said())


def run(store):
    before = time.monotonic()
    service = serve(store.fresh())
    admin, name = first_start(service)
    signing_in(service, name)
    leading_on(service, name)
    forging(service, admin)
    second_factor(service, name)
    sessions(service, name)
    admin.cookies.clear()
    admin.form_token = ""
    admin.sign_in(name)
    password(service, admin)
    guessing(service, admin)
    last_administrator(admin)
    rights(service, admin)
    browser, group = groups(service, store, admin)
    tokens(service, browser, group, store)
    tokens_of_programs(service, browser, group, store)
    many_tokens(service, admin, store)
    languages(service, browser)
    as_described(service, browser, group)
    needs(service, browser, admin, group)
    log(admin, name)
    secrets_of_store(service, store)
    kept(service, admin)
    service.stop()
    created_by_command(store)
    if isinstance(store, Sqlite):
        ready(store)
        failing(store)
    print(f"{store.name}: {time.monotonic() - before:.1f} s")


run(Sqlite(TMP.name))
if Postgres.installed():
    server = Postgres()
    try:
        run(server)
    finally:
        server.close()
sys.exit(faults > 0)
