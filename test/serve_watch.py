#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Domains of groups and batches through the web service: looked at on a schedule and on request, by one of several
services, whatever is killed, and never told of what is our own fault.

Runs in the lab:  lab/enter test/serve_watch.py [--kills N] [CASE...].  Time that passes while nobody runs is made up
in the store.  --kills: how often a service is killed in each of the two cases about that."""

import contextlib
import functools
import hashlib
import json
import os
import pathlib
import random
import re
import socket
import sqlite3
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
import schemas  # noqa: E402
import service as web  # noqa: E402
import stores  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
LAB = pathlib.Path(os.environ["MTASTS_LAB"])
TOKEN = "mts_" + "t" * 40
OTHER = "mts_" + "u" * 40
DOMAINS = ["healthy.example", "mx-cert-expired.example", "policy-404.example", "dual-stack.example"]
CHANGED = "three-mx.example"  # no other case has it
HOLE = "198.19.0.53"  # what is sent there is swallowed
KILLS = 4
wait_until = functools.partial(web.wait_until, seconds=120)  # far longer than anything takes


def demand(truth, what, seen=""):
    if not truth:
        raise AssertionError(f"{what}\n{seen}")


SLOW = re.compile("silent|slow|timeout|dead|drop|hang|bogus|lame|loop|stall|trickle|huge|many|flood")


def zones():
    """Many domains, a check of which is quick."""
    return sorted(path.name for path in (LAB / "zones").iterdir()
                  if path.name.endswith(".example") and not SLOW.search(path.name))


# ---- stores ----------------------------------------------------------------------------------------


class Store:
    """Of SQLite, or a database of PostgreSQL."""

    def __init__(self, where, postgres=None):
        self.where, self.postgres = where, postgres

    def run(self, sql):
        if self.postgres:
            out = self.postgres.psql(self.where.rsplit("/", 1)[1].split("?")[0], sql).stdout
            return [tuple(line.split("|")) for line in out.splitlines()]
        with contextlib.closing(sqlite3.connect(self.where, timeout=60)) as db:
            rows = [tuple(str(one) for one in row) for row in db.execute(sql).fetchall()]
            db.commit()
            return rows

    def claim(self, domains):
        """Whose they are: group 1."""
        names = ", ".join(f"'{domain}'" for domain in domains)
        rows = ", ".join(f"('{domain}')" for domain in domains)
        self.run(f"INSERT INTO domain (name) VALUES {rows} ON CONFLICT DO NOTHING")
        self.run(web.OWN.format(group=1) + f" WHERE d.name IN ({names})")
        # as whoever adds domains makes them due: a service that is not told looks for them twice a minute
        self.run("INSERT INTO watched (domain_id, due, ill, blind)"
                 f" SELECT id, 0, 0, 0 FROM domain WHERE name IN ({names}) ON CONFLICT DO NOTHING")

    def user(self, number, token):
        """A group, a user in it and their token."""
        digest = hashlib.sha256(token.encode()).hexdigest()
        blob = f"decode('{digest}', 'hex')" if self.postgres else f"x'{digest}'"
        self.run(f"INSERT INTO tenant (name, created) VALUES ('g{number}', 1)")
        self.run("INSERT INTO account (name, administrator, disabled, created)"
                 f" VALUES ('u{number}', 0, 0, 1)")
        self.run(f"INSERT INTO member (account, tenant, role) VALUES ({number}, {number}, 'editor')")
        self.run("INSERT INTO api_token (label, hash, account, tenant, name, scopes, created)"
                 f" VALUES ('{token[:12]}', {blob}, {number}, {number}, 't', 'read check', 1)")

    def minutes_pass(self):
        """Claims of those who were killed are over."""
        self.run("UPDATE batch_domain SET due = 0 WHERE number IS NULL")


class Service(web.Service):
    def __init__(self, store, *options):
        super().__init__(MTASTS, store.where, *options, env=dict(os.environ))

    def ask(self, method, path, body=None, token=None, **fields):
        fields = {"content_type": "application/json"} | fields
        return super().ask(method, path, body, **fields, **({"authorization": f"Bearer {token}"} if token else {}))

    def stop(self):
        demand(super().stop() == 0, "the service ends well", self.said())


@contextlib.contextmanager
def sqlite_store():
    with tempfile.TemporaryDirectory(prefix="mtasts-serve-watch-") as folder:
        yield Store(f"{folder}/store.db")


@contextlib.contextmanager
def service(store, *options):
    one = Service(store, *options)
    try:
        yield one
        one.stop()
    finally:
        one.kill()


def checks(store):
    return store.run("SELECT d.name, COUNT(*) FROM checked c JOIN domain d ON d.id = c.domain_id GROUP BY d.name"
                     " ORDER BY d.name")


def verdicts(store):
    return dict(store.run("SELECT d.name, w.verdict FROM watched w JOIN domain d ON d.id = w.domain_id"
                          " WHERE w.verdict IS NOT NULL"))


# ---- the schedule ----------------------------------------------------------------------------------


def case_a_new_domain_is_checked_at_once_then_it_waits():
    with sqlite_store() as store, service(store) as one:
        store.user(1, TOKEN)
        store.claim(DOMAINS)
        wait_until(lambda: len(verdicts(store)) == len(DOMAINS), "all are checked", one.said)
        found = verdicts(store)
        demand(found["healthy.example"] == "ok" and found["mx-cert-expired.example"] == "critical", "verdicts", found)
        demand(all(count == "1" for _, count in checks(store)), "each once", checks(store))
        wait_until(lambda: one.metric('mtasts_domains{verdict="critical"}'), "they are counted")
        demand(one.metric("mtasts_check_seconds_count") >= len(DOMAINS), "times are counted")
        demand(one.metric("mtasts_watch_paused") == 0, "nothing is paused")
        due = store.run("SELECT MIN(due) FROM watched")[0][0]
        demand(int(due) > time.time() + 1500, "the next check is in half an hour at the earliest", due)
        demand(one.ask("GET", "/readyz").text == "store: ok\nchecks: ok\n", "/readyz")


def case_a_dead_resolver_is_no_news_of_a_domain():
    with sqlite_store() as store, service(store, "--resolver", HOLE, "--timeout", "5") as one:
        store.user(1, TOKEN)
        store.claim(DOMAINS)
        if one.metric("mtasts_watch_paused") != 1:
            wait_until(lambda: one.metric("mtasts_watch_paused") == 1, "checks pause", one.said)
        demand(one.ask("GET", "/readyz").text == "store: ok\nchecks: paused\n", "/readyz says so")
        time.sleep(3)
        demand(checks(store) == [], "no check of a domain", checks(store))


def case_switched_off():
    with sqlite_store() as store, service(store, "--no-watch") as one:
        store.user(1, TOKEN)
        store.claim(DOMAINS[:1])
        time.sleep(4)
        demand(checks(store) == [] and one.metric("mtasts_domains_due") is None, "nothing is checked")


class Resolver:
    """Passes questions on to the lab's, as long as it lives."""

    def __init__(self):
        self.theirs = re.match(r"([^@ ,]+)@?(\d*)", os.environ.get("MTASTS_RESOLVER", "198.18.0.53"))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.alive = True
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            question, client = self.socket.recvfrom(65536)
            if self.alive:
                threading.Thread(target=self.answer, args=(question, client), daemon=True).start()

    def answer(self, question, client):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as up, contextlib.suppress(OSError):
            up.settimeout(5)
            up.sendto(question, (self.theirs[1], int(self.theirs[2] or 53)))
            self.socket.sendto(up.recv(65536), client)


def case_a_resolver_that_dies_and_comes_back():
    resolver = Resolver()
    with sqlite_store() as store, service(store, "--resolver", f"127.0.0.1@{resolver.port}", "--timeout", "6") as one:
        store.user(1, TOKEN)
        store.claim(DOMAINS[:2])
        wait_until(lambda: len(verdicts(store)) == 2, "all are checked", one.said)
        before = checks(store)
        resolver.alive = False
        store.claim(DOMAINS[2:])  # nothing of them is cached
        wait_until(lambda: one.metric("mtasts_watch_paused") == 1, "checks pause", one.said)
        demand(checks(store) == before, "no check of a domain", checks(store))
        resolver.alive = True
        wait_until(lambda: one.metric("mtasts_watch_paused") == 0, "they go on", one.said)
        store.run("UPDATE watched SET due = 0 WHERE looked IS NULL")  # some minutes later
        found = wait_until(lambda: len(verdicts(store)) == len(DOMAINS) and verdicts(store), "all are checked", one.said)
        demand(found["policy-404.example"] != "unknown" and found["dual-stack.example"] == "ok", "verdicts", found)


def case_a_domain_changes_and_its_owner_asks():
    policy = LAB / f"www/mta-sts.{CHANGED}/mta-sts.txt"
    text = policy.read_text()
    with sqlite_store() as store, service(store) as one:
        store.user(1, TOKEN)
        root = web.Browser(one, one.create_admin("root"))
        answer = root.post("/admin/groups/1", do="domain-add", domain=CHANGED)
        demand(answer.status == 303, "it is added", answer.status)
        wait_until(lambda: verdicts(store) == {CHANGED: "ok"}, "it is checked", one.said)
        try:
            policy.write_text("nonsense\n")
            store.run("UPDATE watched SET due = 0")
            wait_until(lambda: verdicts(store).get(CHANGED) not in ("ok", None), "the schedule sees it", one.said)
        finally:
            policy.write_text(text)
        due = int(store.run("SELECT due FROM watched")[0][0])
        demand(due < time.time() + 4000, "it is checked again within an hour", due)
        before = int(checks(store)[0][1])
        answer = root.post(f"/d/{CHANGED}/check")
        demand(answer.status == 303 and "/c/" in answer.headers["Location"], "an owner asks", answer.status)
        wait_until(lambda: verdicts(store)[CHANGED] == "ok", "the owner sees it", one.said)
        demand(int(checks(store)[0][1]) == before + 1, "and so does the history", checks(store))
        page = one.ask("GET", answer.headers["Location"])
        demand(page.status == 200 and CHANGED in page.text, "the check has a page")
        for language, words in (("en", "Scheduled checks"), ("de", "Regelmäßige Prüfungen")):
            page = root.get(f"/admin/watch?lang={language}")
            demand(page.status == 200 and f"<h1>{words}</h1>" in page.text, "the state has a page", page.text)
        demand("<h1>Scheduled checks" not in one.ask("GET", "/admin/watch").text, "nobody else sees it")


def run_kills(store, kills, done, pass_time):
    """Killed at random moments, then left alone until all is done."""
    for _ in range(kills):
        one = Service(store)
        with contextlib.suppress(AssertionError):
            time.sleep(random.uniform(0.05, 2.5))
        one.kill()
        pass_time()
    with service(store) as one:
        wait_until(lambda: done(one), "all is done", one.said)
        return one


def case_killed_at_any_moment_each_domain_is_checked():
    names = zones()[:50]
    with sqlite_store() as store:
        with service(store, "--no-watch"):
            store.user(1, TOKEN)
        store.claim(names)
        # claims of the killed are over, what was checked stays as it is
        run_kills(store, KILLS, lambda one: len(verdicts(store)) == len(names),
                  lambda: store.run("UPDATE watched SET due = 0 WHERE looked IS NULL"))
        counts = dict(checks(store))
        demand(set(counts) <= set(names) and len(counts) >= len(names) - 2, "each has a check", len(counts))
        again = [name for name, count in counts.items() if count != "1"]
        demand(not again, "none was checked twice whose check was stored", again)
        demand(store.run("PRAGMA integrity_check") == [("ok",)], "the store is sound")


def case_two_services_share_a_store():
    if not stores.Postgres.installed():
        return
    names = zones()[:100]  # more than one of them takes at a time
    server = stores.Postgres()
    try:
        store = Store(server.fresh(), server)
        with service(store, "--no-watch"):
            store.user(1, TOKEN)
        with service(store) as one, service(store) as two:
            store.claim(names)
            wait_until(lambda: len(verdicts(store)) == len(names), "all are checked", one.said)
            time.sleep(1)
            counts = dict(checks(store))
            demand(all(count == "1" for count in counts.values()), "each by one of them", counts)
            done = [each.metric('mtasts_watch_checks_total{result="stored"}') for each in (one, two)]
            demand(all(done), "both have worked", done)
    finally:
        server.close()


def case_a_clean_stop_leaves_nothing_claimed():
    """What one service had taken and not looked at, the other takes at once, not when the claim is over."""
    names = zones()[:100]
    with contextlib.ExitStack() as stack:
        if stores.Postgres.installed():
            server = stores.Postgres()
            stack.callback(server.close)
            store = Store(server.fresh(), server)
        else:
            store = stack.enter_context(sqlite_store())
        with service(store, "--no-watch"):
            store.user(1, TOKEN)
        claimed = f"SELECT COUNT(*) FROM watched WHERE looked IS NULL AND due > {int(time.time())}"
        one = Service(store)
        stack.callback(lambda: (one.process.kill(), one.process.wait()))
        store.claim(names)
        wait_until(lambda: store.run(claimed)[0][0] != "0", "some are taken", one.said)
        one.stop()
        left = len(names) - len(verdicts(store))
        demand(left, "it was stopped at work")
        demand(store.run(claimed)[0][0] == "0", "it leaves no claims", store.run("SELECT * FROM watched"))
        with service(store) as two:
            wait_until(lambda: len(verdicts(store)) == len(names), "the other takes them at once", two.said)
        counts = dict(checks(store))
        demand(all(count == "1" for count in counts.values()), "each was looked at once", counts)


# ---- batches ---------------------------------------------------------------------------------------


BATCHES = "/api/v1/batches"


def add_batch(one, names, token=TOKEN, **fields):
    answer = one.ask("POST", BATCHES, {"name": "lab", "domains": names}, token, **fields)
    demand(answer.status == 202, "a batch is taken", answer.text)
    found = json.loads(answer.text)
    demand(answer.headers["Location"] == f"{BATCHES}/{found['id']}", "Location", answer.headers)
    return found


def results(one, batch, cursor=0):
    """Lines behind a cursor, and the next cursor; None: there will be no more."""
    answer = one.ask("GET", f"{BATCHES}/{batch}/results?cursor={cursor}&limit=7", token=TOKEN)
    demand(answer.status == 200 and answer.headers["Content-Type"] == "application/x-ndjson", "results", answer.text)
    link = re.search(r"cursor=(\d+)>; rel=\"next\"", answer.headers.get("Link", ""))
    return [json.loads(line) for line in answer.text.splitlines()], int(link[1]) if link else None


def all_results(one, batch, lines, cursor):
    while cursor is not None:
        more, following = results(one, batch, cursor)
        lines += more
        if not more:
            return following
        cursor = following
    return None


def case_a_batch_is_worked_off_and_read_as_it_comes():
    checker = schemas.Checker()
    with sqlite_store() as store, service(store, "--no-watch") as one:
        store.user(1, TOKEN)
        store.user(2, OTHER)
        found = add_batch(one, [*DOMAINS, "-", DOMAINS[0], "München.example"], idempotency_key="a")
        demand(found["domains"] == len(DOMAINS) + 1 and found["state"] == "queued", "it is queued", found)
        demand([line["line"] for line in found["refused"]] == [len(DOMAINS) + 1] and found["refused_count"] == 1,
               "the line that is none is told", found)
        again = one.ask("POST", BATCHES, {"domains": [*DOMAINS, "münchen.example"]}, TOKEN, idempotency_key="a")
        demand(again.status == 202 and json.loads(again.text)["id"] == found["id"], "a repetition", again.text)
        other = one.ask("POST", BATCHES, {"domains": DOMAINS[:1]}, TOKEN, idempotency_key="a")
        demand(other.status == 422, "another one with that key", other.text)
        lines, cursor = [], 0
        def read():
            nonlocal cursor
            cursor = all_results(one, found["id"], lines, cursor)
            return cursor is None
        wait_until(read, "all results", one.said)
        demand(sorted(line["domain"] for line in lines) == sorted([*DOMAINS, "xn--mnchen-3ya.example"]), "each once", lines)
        for line in lines:
            checker.document(line["domain"], json.dumps(line))
        demand(not checker.faults, "each is a check", checker.faults)
        state = json.loads(one.ask("GET", f"{BATCHES}/{found['id']}", token=TOKEN).text)
        demand(state["state"] == "done" and state["counts"] == {"waiting": 0, "running": 0, "done": len(lines)}, "done", state)
        demand(sum(state["verdicts"].values()) == len(lines) and state["ended_at"], "verdicts", state)
        page = json.loads(one.ask("GET", f"{BATCHES}?limit=1", token=TOKEN).text)
        demand([item["id"] for item in page["items"]] == [found["id"]] and page["next"] is None, "the list", page)
        for method, path in (("GET", ""), ("GET", "/results"), ("DELETE", "")):
            answer = one.ask(method, f"{BATCHES}/{found['id']}{path}", token=OTHER)
            absent = one.ask(method, f"{BATCHES}/99999{path}", token=OTHER)
            demand(answer.status == 404 and json.loads(answer.text)["code"] == json.loads(absent.text)["code"] == "no-such-batch",
                   f"{method} {path} of another group, as if there were none", answer.text)
        demand(json.loads(one.ask("GET", BATCHES, token=OTHER).text)["items"] == [], "the list of another group")
        demand(one.ask("GET", BATCHES).status == 401, "nobody")
        demand(one.ask("DELETE", f"{BATCHES}/{found['id']}", token=TOKEN).status == 409, "it is over")
        demand(checks(store) == [], "no part of any history")


def case_lists_and_their_faults():
    with sqlite_store() as store, service(store, "--no-watch", "--resolver", HOLE) as one:
        store.user(1, TOKEN)
        answer = one.ask("POST", f"{BATCHES}?name=mine", b"domain;tags\nhealthy.example;x\n-;\n", TOKEN, content_type="text/csv")
        found = json.loads(answer.text)
        demand(answer.status == 202 and found["domains"] == 1 and found["name"] == "mine", "a table", answer.text)
        demand(one.ask("DELETE", f"{BATCHES}/{found['id']}", token=TOKEN).status == 204, "it is cancelled")
        state = json.loads(one.ask("GET", f"{BATCHES}/{found['id']}", token=TOKEN).text)
        demand(state["state"] == "cancelled" and state["counts"]["waiting"] == 0, "cancelled", state)
        for body, status, code in (({"domains": []}, 422, "no-domains"), ({"domains": ["-"]}, 422, "no-domains"),
                                   ({"domains": "a.example"}, 422, "wrong-member"), ([], 400, "no-json"),
                                   ({"domains": ["a.example"], "colour": 1}, 422, "wrong-member"),
                                   ({"name": "x" * 300, "domains": ["a.example"]}, 422, "wrong-member"),
                                   ({"domains": [f"d{i}.example" for i in range(20001)]}, 422, "wrong-member")):
            answer = one.ask("POST", BATCHES, body, TOKEN)
            demand(answer.status == status and json.loads(answer.text)["code"] == code, f"{str(body)[:60]}", answer.text)
        many = "\n".join(f"d{i}.example" for i in range(20000)).encode()
        begun = time.monotonic()
        first = one.ask("POST", BATCHES, many, TOKEN, content_type="text/plain")
        demand(first.status == 202 and json.loads(first.text)["domains"] == 20000, "20,000", first.text[:200])
        print(f"  20,000 domains were taken in {time.monotonic() - begun:.2f} s")
        demand(one.ask("POST", BATCHES, many + b"\nx.example", TOKEN, content_type="text/plain").status == 422, "one more")
        demand(one.ask("POST", BATCHES, many, TOKEN, content_type="text/plain").status == 202, "40,000")
        demand(one.ask("POST", BATCHES, many, TOKEN, content_type="text/plain").status == 429, "60,000")
        demand(one.ask("GET", f"{BATCHES}/99", token=TOKEN).status == 404, "none")
        page = json.loads(one.ask("GET", f"{BATCHES}?limit=2", token=TOKEN).text)
        rest = json.loads(one.ask("GET", f"{BATCHES}?limit=2&cursor={page['next']}", token=TOKEN).text)
        demand(len(page["items"]) == 2 and len(rest["items"]) == 1 and rest["next"] is None, "pages", rest)


def case_killed_at_any_moment_each_domain_of_a_batch_has_one_result():
    names = zones()[:60]
    with sqlite_store() as store:
        with service(store, "--no-watch") as one:
            store.user(1, TOKEN)
            batch = add_batch(one, names)["id"]
            lines, cursor = [], 0
            cursor = all_results(one, batch, lines, cursor)
        def read(one):
            nonlocal cursor
            cursor = all_results(one, batch, lines, cursor)
            return cursor is None
        run_kills(store, KILLS, read, store.minutes_pass)
        got = sorted(line["domain"] for line in lines)
        demand(got == sorted(names), "each once, across all kills", set(names) ^ set(got))
        numbers = [int(row[0]) for row in store.run("SELECT number FROM batch_domain ORDER BY number")]
        demand(numbers == list(range(1, len(names) + 1)), "numbered without gaps", numbers)


def case_a_clean_stop_leaves_no_domain_of_a_batch_claimed():
    names = zones()[:60]
    with sqlite_store() as store:
        with service(store, "--no-watch") as one:
            store.user(1, TOKEN)
            add_batch(one, names)
            claimed = f"SELECT COUNT(*) FROM batch_domain WHERE number IS NULL AND due > {int(time.time()) + 100}"
            wait_until(lambda: store.run(claimed)[0][0] != "0", "some are taken", one.said)
        left = [row[0] for row in store.run("SELECT domain FROM batch_domain WHERE number IS NULL")]
        demand(left, "it was stopped at work")
        demand(store.run(claimed)[0][0] == "0", "it leaves no claims", store.run("SELECT * FROM batch_domain"))
        demand(store.run("SELECT COUNT(*) FROM batch_domain WHERE number IS NULL AND tries > 0")[0][0] == "0", "nor tries")
        with service(store, "--no-watch") as two:
            wait_until(lambda: store.run("SELECT COUNT(*) FROM batch_domain WHERE number IS NULL")[0][0] == "0", "they are checked at once", two.said)


def main():
    global KILLS
    if sys.argv[1:2] == ["--kills"]:
        KILLS = int(sys.argv[2])
        del sys.argv[1:3]
    sys.exit(cases.run(cases.named(sys.modules[__name__], sys.argv[1:]), beside=3))  # they wait more than they compute


main()
