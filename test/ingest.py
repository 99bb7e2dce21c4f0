#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Reports put into the store: each once, whatever happens on the way.

usage: ingest.py MTASTS [--kills N] [CASE...]        (run by the tests)

The same cases run on SQLite and on a PostgreSQL that is started for them (skipped where there is none).
--kills: how often the program is killed at work, on each of them; few by default."""

import gzip
import json
import mailbox
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import stores

REPORTS = pathlib.Path(__file__).resolve().parent / "reports"
SIZE = 4500  # reports in the corpus: some batches
LESS = 1500  # two batches, where kills are many
MANY = 100
KILLS = {"SQLite": 8, "PostgreSQL": 4}  # that find the program at work
MTASTS = None


def environment():
    return {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/nowhere",
            **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}


def command(where, *paths):
    return [MTASTS, "ingest", "--json", "--store", where, *map(str, paths)]


def ingest(where, *paths, stdin=b"", **more):
    result = subprocess.run(command(where, *paths), input=stdin, capture_output=True, env=environment(), timeout=600,
                            **more)
    return (json.loads(result.stdout) if result.stdout else None), result.returncode, stores.but_creation(result.stderr.decode())


def report(number, sent=0):
    day = f"2026-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
    return json.dumps({
        "organization-name": f"Sender {number % 7}", "report-id": f"{day}-{number}", "contact-info": "a@b.example",
        "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"},
        "policies": [{"policy": {"policy-type": kind, "policy-domain": f"d{number % 13}.example"},
                      "summary": {"total-successful-session-count": number + sent, "total-failure-session-count": 0}}
                     for kind in ("sts", "tlsa")]})


def mail(number, text):
    return (f"From: sender{number % 7} <a@b.example>\nDate: Mon, 23 Nov 2026 15:00:00 +0000\n"
            f"Subject: Report Domain: d{number % 13}.example\nTLS-Report-Domain: d{number % 13}.example\n"
            "MIME-Version: 1.0\nContent-Type: application/tlsrpt+json\n\n" + text + "\n")


def corpus(folder, size=SIZE):
    """Files, packed files, one file with many, a mailbox, a Maildir; with copies and revisions among them.
    Returns what a whole run of it says."""
    folder = pathlib.Path(folder)
    (folder / "1").mkdir()
    for number in range(0, size // 3):
        text = report(number).encode()
        packed = number % 3 == 0
        (folder / "1" / f"{number:05d}.json{'.gz' if packed else ''}").write_bytes(
            gzip.compress(text, 1) if packed else text)
    (folder / "1" / "broken.json").write_text("{")
    (folder / "2.json").write_text("\n".join(report(n) for n in range(size // 3, 2 * size // 3)))
    with open(folder / "3.mbox", "w") as box:
        for number in range(2 * size // 3, size):
            box.write("From x\n" + mail(number, report(number)) + "\n")
    maildir = mailbox.Maildir(folder / "4", create=True)
    for number in range(0, 300):  # copies of what came before, and revisions
        maildir.add(mail(number, report(number, sent=number % 3)).encode())
    return {"new": size, "duplicates": 100, "revisions": 200, "rejected_count": 1}


class Ingest(unittest.TestCase):
    maxDiff = 2000
    backend = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="mtasts-ingest-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.backend = cls.open_backend()
        cls.addClassCleanup(cls.backend.close)

    def same(self, one, other):
        """Equal contents; a difference is shown shortly."""
        for left, right in zip(one, other):
            self.assertEqual(len(left), len(right))
            for a, b in zip(left, right):
                self.assertEqual(a, b)

    def test_each_once(self):
        where = self.backend.fresh()
        first, status, error = ingest(where, REPORTS)
        self.assertEqual((status, error), (1, ""))
        # one file has more of them than are listed: the last of its entries stands for the rest
        more = [int(r["why"].split(": ")[1]) for r in first["rejected"] if "not listed individually" in r["why"]]
        self.assertEqual(more, [1400])
        self.assertEqual(first["rejected_count"], len(first["rejected"]) - 1 + 1400)
        self.assertTrue(all(r["path"] and r["why"] for r in first["rejected"]))
        before = self.backend.content(where)
        again, status, _ = ingest(where, REPORTS)
        self.assertEqual((again["new"], again["revisions"], again["complete"]), (0, 0, True))
        self.assertEqual(again["duplicates"], first["new"] + first["duplicates"] + first["revisions"])
        self.same(self.backend.content(where), before)
        self.assertEqual(len(before[0]), first["new"] + first["revisions"])

    def test_counts_are_those_of_report(self):
        """What `report` calls one report is one here too."""
        run = subprocess.run([MTASTS, "report", "--json", REPORTS], capture_output=True, env=environment())
        told = json.loads(run.stdout)
        kept, _, _ = ingest(self.backend.fresh(), REPORTS)
        self.assertEqual(kept["new"], told["reports"])
        self.assertEqual(kept["rejected"], told["rejected"])
        self.assertEqual(kept["other_mails"], told["other_mails"])

    def test_stdin_mixtures_and_nothing(self):
        where = self.backend.fresh()
        plain = (REPORTS / "plain.json").read_bytes()
        got, status, _ = ingest(where, "-", REPORTS / "mail.eml", REPORTS / "maildir", stdin=plain)
        self.assertEqual((got["new"], got["duplicates"], status), (2, 2, 0))
        got, status, _ = ingest(where, REPORTS / "nowhere.json", REPORTS / "plain.json")
        self.assertEqual((got["duplicates"], len(got["rejected"]), status), (1, 1, 1))
        empty = self.folder / "empty"
        empty.mkdir()
        got, status, _ = ingest(where, empty)
        self.assertEqual((got["new"], status), (0, 0))

    def test_two_at_once(self):
        """Both read the same: each report is new for one of them."""
        folder = self.folder / "two"
        folder.mkdir()
        total = corpus(folder)
        alone, where = self.backend.fresh(), self.backend.fresh()
        ingest(alone, folder)
        both = [subprocess.Popen(command(where, folder), stdout=subprocess.PIPE, env=environment()) for _ in range(2)]
        said = [json.loads(process.communicate()[0]) for process in both]
        self.assertEqual([process.returncode for process in both], [1, 1])
        self.assertEqual(sum(s["new"] for s in said), total["new"])
        self.assertEqual(sum(s["revisions"] for s in said), total["revisions"])
        self.same(self.backend.content(where), self.backend.content(alone))

    def kill_after(self, where, folder, seconds):
        """True: it was at work."""
        process = subprocess.Popen(command(where, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=environment())
        time.sleep(seconds)
        process.kill()
        return process.wait() == -signal.SIGKILL

    def kept_so_far(self, where, expected):
        """How many reports a killed run left: each as it should be, with all of its policies."""
        self.assertTrue(self.backend.sound(where))
        reports, policies = self.backend.content(where)

        def but_dates(rows):  # a copy with a later mail may not have come yet
            rows = (row.split("|") if isinstance(row, str) else row for row in rows)
            return {(*row[:5], *row[6:]) for row in rows}
        self.assertEqual(len(reports), len(but_dates(reports) & but_dates(expected[0])))
        self.assertEqual(len(policies), 2 * len(reports))
        return len(reports)

    def test_killed_at_any_point(self):
        folder = self.folder / "kills"
        folder.mkdir()
        kills = KILLS[self.backend.name]
        total = corpus(folder, LESS if kills > MANY else SIZE)
        whole = self.backend.fresh()
        begin = time.monotonic()
        told, status, error = ingest(whole, folder)
        seconds = time.monotonic() - begin
        self.assertEqual(({k: told[k] for k in total}, status, error), (total, 1, ""))
        expected = self.backend.content(whole)
        chance = random.Random(8460)
        at_work = partial = rounds = 0
        while at_work < kills or not partial:
            where = self.backend.fresh()
            for _ in range(4):
                at_work += self.kill_after(where, folder, chance.uniform(0, 0.8 * seconds))
                partial += 0 < self.kept_so_far(where, expected) < len(expected[0])
            begin = time.monotonic()
            _, status, error = ingest(where, folder)
            seconds = time.monotonic() - begin  # the machine may have less to do now, or more
            self.assertEqual((status, error), (1, ""))
            self.same(self.backend.content(where), expected)
            rounds += 1
            self.assertLess(rounds, 100 + kills)
        print(f"{self.backend.name}: {at_work} kills at work, a whole run takes {seconds:.2f} s, "
              f"a part was kept after {partial} of them", file=sys.stderr)


class Sqlite(Ingest):
    @classmethod
    def open_backend(cls):
        return stores.Sqlite(cls.folder)

    def test_no_room_and_then_room(self):
        """A disk that fills up on the way: what was said to be kept is there, and the rest comes later."""
        folder = self.folder / "room"
        folder.mkdir()
        total = corpus(folder)
        whole, where = self.backend.fresh(), self.backend.fresh()
        ingest(whole, folder)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))
        told, status, error = ingest(where, folder, preexec_fn=limit)
        self.assertEqual((status, told["complete"]), (70, False))
        self.assertRegex(error, r"\Amtasts: [^\n]*no space left[^\n]*\n\Z")
        self.assertGreater(told["new"], 0)
        self.assertEqual(len(self.backend.content(where)[0]), told["new"])
        more, status, _ = ingest(where, folder)
        self.assertEqual((status, told["new"] + more["new"]), (1, total["new"]))
        self.same(self.backend.content(where), self.backend.content(whole))

    def test_a_writer_is_waited_for(self):
        where = self.backend.fresh()
        ingest(where, REPORTS / "plain.json")
        db = sqlite3.connect(where, isolation_level=None)
        db.execute("BEGIN EXCLUSIVE")
        process = subprocess.Popen(command(where, REPORTS / "mail.eml"), stdout=subprocess.PIPE, env=environment())
        time.sleep(1)
        self.assertIsNone(process.poll())
        db.execute("COMMIT")
        db.close()
        self.assertEqual(json.loads(process.communicate()[0])["duplicates"], 1)

    def test_standard_input_is_waited_for_without_the_lock(self):
        where = self.backend.fresh()
        process = subprocess.Popen(command(where, REPORTS / "plain.json", "-"), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, env=environment())
        for _ in range(200):
            time.sleep(0.05)
            if os.path.exists(where) and os.path.getsize(where) and \
                    self.backend.rows(where, "SELECT count(*) FROM sqlite_schema WHERE name = 'report'") == [(1,)] and \
                    self.backend.rows(where, "SELECT count(*) FROM report") == [(1,)]:
                break
        got, status, _ = ingest(where, REPORTS / "mail.eml")
        self.assertEqual((got["duplicates"], status), (1, 0))
        self.assertEqual(json.loads(process.communicate(b"")[0])["new"], 1)

    def test_damaged(self):
        where = self.backend.fresh()
        ingest(where, REPORTS)
        with open(where, "r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 65536)
        _, status, error = ingest(where, REPORTS)
        self.assertEqual(status, 70)
        self.assertRegex(error, r"\Amtasts: [^\n]*damaged[^\n]*\n\Z")

    def test_memory_does_not_grow_with_the_input(self):
        if any("asan" in part for part in pathlib.Path(MTASTS).resolve().parts):
            self.skipTest("memory figures mean nothing with sanitizers")
        folder = self.folder / "memory"
        folder.mkdir()
        with open(folder / "many.mbox", "w") as box:
            for number in range(20000):
                box.write("From x\n" + mail(number, report(number)) + "\n")
        peaks = []
        for paths in ([REPORTS / "plain.json"], [folder]):
            process = subprocess.Popen(command(self.backend.fresh(), *paths), stdout=subprocess.DEVNULL,
                                       env=environment())
            _, process.returncode, usage = os.wait4(process.pid, 0)
            self.assertEqual(process.returncode, 0)
            peaks.append(usage.ru_maxrss / 1024)
        self.assertLess(peaks[1], peaks[0] + 24, "MiB")


@unittest.skipUnless(stores.Postgres.installed(), "PostgreSQL 15 is not installed (package postgresql-15)")
class Postgres(Ingest):
    @classmethod
    def open_backend(cls):
        return stores.Postgres()

    def test_the_server_dies(self):
        folder = self.folder / "dies"
        folder.mkdir()
        corpus(folder)
        whole, where = self.backend.fresh(), self.backend.fresh()
        ingest(whole, folder)
        process = subprocess.Popen(command(where, folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment())
        for _ in range(500):
            if self.backend.content(where)[0]:
                break
            time.sleep(0.02)
        self.backend.stop(signal.SIGQUIT)
        out, error = process.communicate()
        self.backend.start()
        self.assertIn(process.returncode, (1, 75))  # 1: it was done before
        if process.returncode == 75:
            self.assertFalse(json.loads(out)["complete"])
            self.assertRegex(stores.but_creation(error.decode()), r"\Amtasts: [^\n]*(lost|opened)[^\n]*\n\Z")
            self.assertNotIn("tester@", error.decode())
        _, status, error = ingest(where, folder)
        self.assertEqual((status, error), (1, ""))
        self.same(self.backend.content(where), self.backend.content(whole))


del Ingest

if __name__ == "__main__":
    MTASTS = sys.argv.pop(1)
    if sys.argv[1:2] == ["--kills"]:
        KILLS = dict.fromkeys(KILLS, int(sys.argv[2]))
        del sys.argv[1:3]
    unittest.main()
