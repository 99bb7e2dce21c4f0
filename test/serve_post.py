#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""POST /tlsrpt of mtasts serve: reports are stored, each once, and confirmed only then.

usage: serve_post.py MTASTS [--kills N] [CASE...]        (run by the tests)"""

import base64
import concurrent.futures
import contextlib
import gzip
import http.client
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
import service as web  # noqa: E402
from mailbox_mails import demand, foreign, ids_of, mail, report, stored, wait_until  # noqa: E402

MTASTS = None
KILLS = 5


class Service(web.Service):
    def post(self, body, path="/tlsrpt", **more):
        """Status, text, and the field Retry-After; status 0 where it did not answer."""
        try:
            answer = self.ask("POST", path, body, **more)
            return answer.status, answer.text, answer.headers["Retry-After"]
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error), None


@contextlib.contextmanager
def service(*options):
    with tempfile.TemporaryDirectory(prefix="post-") as folder:
        own = Service(MTASTS, f"{folder}/store.db", *options)
        try:
            yield own
        finally:
            own.kill()


def client(number):
    """One of many addresses of this machine."""
    return f"127.{number // 60000 + 1}.{number // 250 % 240 + 1}.{number % 250 + 1}"


def case_reports_are_stored():
    """JSON or gzip by content, whatever the type says."""
    with service("--any-domain") as own:
        demand(own.post(report(1), content_type="application/tlsrpt+json")[:2] == (201, "stored\n"), "JSON")
        demand(own.post(gzip.compress(report(2).encode()), content_type="application/tlsrpt+gzip")[0] == 201, "gzip")
        demand(own.post(gzip.compress(report(3).encode()), content_type="text/plain")[0] == 201, "another type")
        demand(own.post(report(4), path="/tlsrpt/group-7")[0] == 201, "a word behind it")
        demand(own.post(report(1))[:2] == (200, "seen before\n"), "seen before")
        demand(stored(own.store) == ids_of([1, 2, 3, 4]), "stored")
        with contextlib.closing(sqlite3.connect(own.store)) as store:
            sources = {row[0] for row in store.execute("SELECT source FROM report")}
        demand(sources == {"https:127.0.0.1"}, sources)


def case_what_is_no_report_is_refused_with_a_reason():
    with service("--any-domain") as own:
        for body, words in (("", "empty"), ("{", ""), ("hello", ""), (b"\x1f\x8b\x08\x00broken", ""),
                            (base64.b64encode(os.urandom(2000)), ""), (foreign(1), "")):
            status, text, _ = own.post(body)
            demand(status == 400 and words in text, f"{body[:20]!r}: {status} {text}")
        demand(own.post(b"x" * (11 << 20))[0] in (413, 0), "too large")
        demand(own.get("/tlsrpt").status == 405, "GET")
        demand(stored(own.store) == [], "nothing is stored")
        bomb = gzip.compress(gzip.compress(b"0" * (300 << 20), 9), 9)
        demand(own.post(bomb)[0] == 400, "a bomb")
        demand(own.post(report(1))[0] == 201, "and on it goes")


def case_only_of_domains_that_are_known():
    with service() as own:
        status, text, _ = own.post(report(1))  # of d1.example
        demand(status == 400 and "domain" in text, f"unknown: {status} {text}")
        with contextlib.closing(sqlite3.connect(own.store)) as store:
            store.execute("INSERT INTO domain (name) VALUES ('d1.example')")
            store.execute("INSERT INTO checked (domain_id, observed_at, verdict, posture, delivery, facts)"
                          " SELECT id, 1, 'ok', 'none', 'protected', x'7b7d' FROM domain WHERE name = 'd1.example'")
            store.commit()
        demand(own.post(report(1))[0] == 201, "known")
        demand(own.post(report(2))[0] == 400, "another one")
        demand(stored(own.store) == ids_of([1]), "stored")


def case_one_address_is_limited():
    with service("--any-domain") as own:
        seen = [own.post(report(n)) for n in range(200)]
        limited = [retry for status, _, retry in seen if status == 429]
        demand(limited and all(int(retry) >= 1 for retry in limited), "429 with Retry-After")
        demand(len(limited) < 150, "not all", len(limited))
        demand(own.post(report(300), client="127.0.0.9")[0] == 201, "another address")


def case_killed_at_any_moment():
    """What was confirmed is there, and nothing twice."""
    with service("--any-domain") as own, concurrent.futures.ThreadPoolExecutor(8) as pool:
        confirmed, todo, number = set(), list(range(150 * KILLS)), 0
        for _ in range(KILLS):
            part = [todo.pop() for _ in range(min(150, len(todo)))]
            answers = [(n, pool.submit(own.post, report(n), client=client(number + i))) for i, n in enumerate(part)]
            number += len(part)
            time.sleep(random.random() * 0.2)
            own.kill()
            for n, answer in answers:
                if answer.result()[0] in (200, 201):
                    confirmed.add(n)
                else:
                    todo.append(n)
            demand(set(ids_of(confirmed)) <= set(stored(own.store)), "what was confirmed is there")
            own.start()
        for n in todo:
            number += 1
            demand(own.post(report(n), client=client(number))[0] in (200, 201), "again")
        demand(stored(own.store) == ids_of(range(150 * KILLS)), "each once")


# ---- the service, its spawner and its readers killed ---------------------------------------------------------


def children(pid):
    with contextlib.suppress(OSError):  # it has just ended
        for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
            yield from map(int, (thread / "children").read_text().split())


def running(program):
    """All that run it, whoever their parent is by now."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(entry / "exe") == program:
                yield int(entry.name)


def kill_one(own):
    """The service, its spawner, or one that reads what came."""
    spawner = next(children(own.process.pid), None)
    readers = list(children(spawner)) if spawner else []
    victim = random.choice([own.process.pid, spawner or own.process.pid, *readers[:1]])
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    return victim == own.process.pid


def case_service_spawner_and_readers_killed_at_any_moment():
    """What was confirmed is there, nothing twice, and no process outlives the service."""
    with tempfile.TemporaryDirectory(prefix="post-") as folder, concurrent.futures.ThreadPoolExecutor(8) as pool:
        program = shutil.copy(MTASTS, folder)
        shutil.copy(pathlib.Path(MTASTS).with_name("mtasts-mail.so"), folder)
        own = Service(program, f"{folder}/store.db", "--any-domain")
        confirmed, todo, number = set(), list(range(40 * KILLS)), 0
        archive = gzip.compress(b"".join(b"From a@b.example Mon Nov 23 15:00:00 2026\r\n" + mail(n) for n in range(500)), 1)
        try:
            for _ in range(KILLS):
                part = [todo.pop() for _ in range(min(40, len(todo)))]
                uploads = [pool.submit(own.post, archive, "/api/v1/reports/read", content_type="application/octet-stream") for _ in range(2)]
                answers = [(n, pool.submit(own.post, report(n), client=client(number + i))) for i, n in enumerate(part)]
                number += len(part)
                time.sleep(random.random() * 0.3)
                over = kill_one(own)
                for n, answer in answers:
                    if answer.result()[0] in (200, 201):
                        confirmed.add(n)
                    else:
                        todo.append(n)
                concurrent.futures.wait(uploads)
                demand(set(ids_of(confirmed)) <= set(stored(own.store)), "what was confirmed is there")
                if over:
                    own.process.wait()
                    wait_until(lambda: not list(running(program)), "what it began ends, too")
                    own.start()
            for n in todo:
                number += 1
                demand(own.post(report(n), client=client(number))[0] in (200, 201), "again", own.said())
            demand(stored(own.store) == ids_of(range(40 * KILLS)), "each once")
            demand(own.stop() == 0, "it ends well", own.said())
            wait_until(lambda: not list(running(program)), "nothing is left")
        finally:
            own.kill()


def main(args):
    global MTASTS, KILLS
    MTASTS = os.path.abspath(args[0])
    args = args[1:]
    if args[:1] == ["--kills"]:
        KILLS = int(args[1])
        args = args[2:]
    return cases.run(cases.named(sys.modules[__name__], args), beside=3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
