#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The database server goes away in every phase of what is done with it, and comes back.

usage: restarts.py MTASTS [--points N] [CASE...]        (run by the tests)

Between the program and a PostgreSQL of the test's own stands a gate that counts the messages of the program.  At
one of them it cuts the connection, before the server has it or before the answer comes back, or has the server
stopped and started, or killed at once when it got the message.  Then the same command is run again, and all must
be there once.  --points: at how many messages of each command, and two of these ways; few by default.  With 0 at
all of them, each in all four ways."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import stores  # noqa: E402

POINTS = 4
SOCKET = ".s.PGSQL.5432"
HEALTHY = json.loads((TOP / "fuzz/corpus/facts/healthy.json").read_text())
DOMAINS = ("a.example", "b.example", "c.example")
STARTER = concurrent.futures.ThreadPoolExecutor(1)  # the server dies with the thread that started it
BEFORE, AFTER, RESTART, CRASH = "before the server has it", "before the answer", "server restarted", "server killed"
MTASTS = None


def environment():
    return {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/nowhere",
            **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}


class Gate:
    """What is between the program and the server; point 0: it only counts."""

    def __init__(self, backend, point=0, way=BEFORE):
        self.backend, self.point, self.way = backend, point, way
        self.folder = tempfile.mkdtemp(prefix="mtasts-gate-")
        self.messages = 0
        self.lock = threading.Lock()
        self.connections = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{self.folder}/{SOCKET}")
        self.listener.listen()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def address(self, where):
        return where.replace(self.backend.folder.replace("/", "%2F"), self.folder.replace("/", "%2F"))

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for connection in self.connections:
            connection.join()
        shutil.rmtree(self.folder)

    def accept(self):
        while True:
            try:
                program, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(threading.Thread(target=self.serve, args=(program,), daemon=True))
            self.connections[-1].start()

    @staticmethod
    def message(program, first):
        """One whole message; None: the end."""
        def exactly(size):
            data = b""
            while len(data) < size:
                piece = program.recv(size - len(data))
                if not piece:
                    return None
                data += piece
            return data
        kind = b"" if first else exactly(1)
        length = exactly(4) if kind is not None else None
        rest = exactly(struct.unpack("!I", length)[0] - 4) if length else None
        return None if rest is None else kind + length + rest

    def serve(self, program):
        """Until it ends, or the point is reached."""
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(f"{self.backend.folder}/{SOCKET}")
        except OSError:
            program.close()
            return
        cut = threading.Event()
        back = threading.Thread(target=self.answers, args=(server, program, cut), daemon=True)
        back.start()
        first = True
        try:
            while (data := self.message(program, first)) is not None:
                first = False
                with self.lock:  # a command may have several connections
                    self.messages += 1
                    reached = self.messages == self.point
                if reached:
                    self.reach(server, data, cut)
                    break
                server.sendall(data)
        except OSError:
            pass
        for end in (server, program):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        back.join()
        server.close()
        program.close()

    def reach(self, server, data, cut):
        if self.way in (RESTART, CRASH):
            if self.way == CRASH:
                cut.set()
                server.sendall(data)
            self.backend.stop(signal.SIGINT if self.way == RESTART else signal.SIGQUIT)
            STARTER.submit(self.backend.start).result()
        elif self.way == AFTER:
            cut.set()
            server.sendall(data)
            server.shutdown(socket.SHUT_WR)
            while server.recv(65536):  # the server has done it
                pass

    @staticmethod
    def answers(server, program, cut):
        try:
            while not cut.is_set() and (data := server.recv(65536)):
                if not cut.is_set():
                    program.sendall(data)
        except OSError:
            pass
        with contextlib.suppress(OSError):
            if not cut.is_set():  # the server has gone, perhaps at the point of another connection
                program.shutdown(socket.SHUT_RDWR)


@unittest.skipUnless(stores.Postgres.installed(), "PostgreSQL 15 is not installed (package postgresql-15)")
class Restarts(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.backend = stores.Postgres()
        cls.addClassCleanup(cls.backend.close)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="mtasts-restarts-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.chmod(cls.folder, 0o755)
        for number in range(6):
            text = json.dumps({
                "organization-name": "S", "report-id": f"{number % 5}", "contact-info": "a@s.example",
                "date-range": {"start-datetime": "2026-11-01T00:00:00Z", "end-datetime": "2026-11-01T23:59:59Z"},
                "policies": [{"policy": {"policy-type": "sts", "policy-domain": "a.example"},
                              "summary": {"total-successful-session-count": number, "total-failure-session-count": 0}}]})
            (cls.folder / f"{number}.json").write_text(text)

    def run_on(self, where, *args, stdin=b""):
        return subprocess.run([MTASTS, *map(str, args), "--store", where], input=stdin, capture_output=True,
                              env=environment(), timeout=120)

    def through(self, gate, where, *args, stdin=b""):
        try:
            return self.run_on(gate.address(where), *args, stdin=stdin)
        finally:
            gate.close()

    def points(self, total):
        """Some of all messages, at random in equal parts of them; the last is the farewell."""
        count = min(POINTS or total, total)
        return [1 + total * i // count for i in range(count)]

    def demand_told(self, result, what):
        """Again later, in one line that says so; or nothing was left to do."""
        error = stores.but_creation(result.stderr.decode())
        if result.returncode == 75:
            self.assertRegex(error, r"\Amtasts: [^\n]*run the same command again[^\n]*\n\Z", what)
            self.assertNotIn("tester@", error)
        else:
            self.assertEqual(error, "", what)
        return result.returncode == 75

    def each_point(self, total, act, spare=1):
        """act(point, way) gives whether it was interrupted; so many of the last points may not be reached."""
        points = self.points(total)
        some = {points[len(points) // 2]} if POINTS else set(points)
        trials = interrupted = 0
        for point in points:
            for way in (BEFORE, AFTER, RESTART, CRASH) if point in some else (BEFORE, AFTER):
                with self.subTest(point=point, way=way):
                    trials += 1
                    interrupted += act(point, way)
        print(f"{self.id().rsplit('.', 1)[1]}: {total} messages, {trials} trials, {interrupted} interruptions",
              file=sys.stderr)
        self.assertGreaterEqual(interrupted, len(points) - spare)

    def test_ingest(self):
        """Two batches: what is kept before standard input is read, and what comes from there."""
        files = [self.folder / f"{number}.json" for number in range(5)]
        command, rest = ("ingest", "--json", *files, "-"), (self.folder / "5.json").read_bytes()

        def work(where, gate=None):
            return self.through(gate, where, *command, stdin=rest) if gate else self.run_on(where, *command, stdin=rest)
        whole, gate = self.backend.fresh(), Gate(self.backend)
        self.assertEqual(work(whole, gate).returncode, 0)
        expected = self.backend.content(whole)

        def act(point, way):
            where = self.backend.fresh()
            result = work(where, Gate(self.backend, point, way))
            again = self.demand_told(result, (point, way))
            if result.stdout and again:
                told = json.loads(result.stdout)
                self.assertFalse(told["complete"])
                self.assertGreaterEqual(len(self.backend.content(where)[0]), told["new"] + told["revisions"])
            done = work(where)
            self.assertEqual((done.returncode, stores.but_creation(done.stderr.decode())), (0, ""))
            self.assertEqual(self.backend.content(where), expected)
            return again
        self.each_point(gate.messages, act)

    def facts(self, hour, renewed=False):
        facts = json.loads(json.dumps(HEALTHY))
        facts["observed_at"] = f"2026-11-02T{hour:02d}:00:00Z"
        if renewed:
            facts["mx"][0]["sessions"][0]["tls"]["chain"][0].update(not_after="2027-12-01T00:00:00Z", sha256="77")
        return "\n".join(json.dumps(facts).replace("healthy.example", name) for name in DOMAINS).encode()

    def test_watch(self):
        log = self.folder / "log"
        command = ("watch", "--json", "--from", "-", "--jobs", "1", "--notify", f"cat >> {log}")

        def look(where, hour, gate=None, **more):
            text = self.facts(hour, **more)
            return self.through(gate, where, *command, stdin=text) if gate else self.run_on(where, *command, stdin=text)

        def begin():
            log.unlink(missing_ok=True)
            where = self.backend.fresh()
            self.assertEqual(look(where, 0).returncode, 0)
            return where
        where, gate = begin(), Gate(self.backend)
        self.assertEqual(look(where, 6, gate, renewed=True).returncode, 0)

        def act(point, way):
            where = begin()
            result = look(where, 6, Gate(self.backend, point, way), renewed=True)
            again = self.demand_told(result, (point, way))
            self.assertEqual(len(result.stdout.splitlines()), len(DOMAINS))  # what was seen is said all the same
            for hour in (6, 12):  # the same again, and the next one
                self.assertEqual(look(where, hour, renewed=True).returncode, 0)
            told = [json.loads(line) for line in log.read_text().splitlines()]
            renewed = [s["domain"] for s in told if "certificate-renewed" in [n["code"] for n in s["notes"]]]
            self.assertEqual(set(renewed), set(DOMAINS))
            self.assertEqual(self.backend.rows(where, "SELECT count(*), count(DISTINCT observed_at) FROM checked"), ["9|3"])
            return again
        self.each_point(gate.messages, act, spare=1 if POINTS else 20)  # batches are as large as time has it

    def read_only(self, *command, marks=()):
        where = self.backend.fresh()
        self.run_on(where, "ingest", *(self.folder / f"{number}.json" for number in range(6)))
        self.run_on(where, "check", "--save", "--from", "-", stdin=json.dumps(HEALTHY).encode())
        gate = Gate(self.backend)
        whole = self.through(gate, where, *command)
        before = self.backend.content(where)

        def act(point, way):
            result = self.through(Gate(self.backend, point, way), where, *command)
            again = self.demand_told(result, (point, way))
            if not again:
                self.assertEqual((result.returncode, result.stdout), (whole.returncode, whole.stdout))
            elif result.stdout:  # nothing that could be taken for the whole
                self.assertNotEqual(result.stdout, whole.stdout)
            self.assertEqual(self.run_on(where, *command).stdout, whole.stdout)
            return again
        self.each_point(gate.messages, act)
        self.assertEqual(self.backend.content(where), before)

    def test_report(self):
        self.read_only("report", "--json", "--now", "2026-11-20T00:00:00Z")

    def test_history(self):
        self.read_only("history", "--json", "--now", "2026-12-20T00:00:00Z", "healthy.example")

    def test_stopped_before_it_begins(self):
        where = self.backend.fresh()
        self.backend.stop(signal.SIGINT)
        try:
            for command in (("ingest", self.folder / "0.json"), ("report",), ("history", "a.example"),
                            ("watch", "--from", "-"), ("check", "--save", "--from", "-")):
                result = self.run_on(where, *command, stdin=json.dumps(HEALTHY).encode())
                self.assertEqual(result.returncode, 75, command)
                self.assertTrue(self.demand_told(result, command))
        finally:
            STARTER.submit(self.backend.start).result()
        self.assertEqual(self.run_on(where, "ingest", self.folder / "0.json").returncode, 0)


if __name__ == "__main__":
    MTASTS = os.path.abspath(sys.argv.pop(1))
    if sys.argv[1:2] == ["--points"]:
        POINTS = int(sys.argv[2])
        del sys.argv[1:3]
    unittest.main(verbosity=0)
