#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the store keeps, through the program: checks, and what is said when it fails.

usage: store.py MTASTS        (run by the tests)"""

import json
import os
import pathlib
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent
HEALTHY = TOP / "fuzz/corpus/facts/healthy.json"
MTASTS = None


def run(*args, env=None, stdin=b"", **more):
    plain = {"PATH": os.environ["PATH"], "LC_ALL": "C", **(env or {})}
    plain.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
    return subprocess.run([MTASTS, *map(str, args)], input=stdin, capture_output=True, env=plain, timeout=300,
                          **more)


class Store(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mtasts-store-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.where = self.folder / "store.db"

    def good(self, *args, status=0, **more):
        result = run(*args, **more)
        self.assertEqual((result.stderr.decode(), result.returncode), ("", status), args)
        return result.stdout.decode()

    def fails(self, word, *args, status=70, **more):
        """One line on standard error that names `word`."""
        result = run(*args, **more)
        error = result.stderr.decode()
        self.assertEqual(result.returncode, status, error)
        self.assertRegex(error, r"\Amtasts: [^\n]+\n\Z")
        self.assertIn(word, error)
        return result.stdout.decode()

    def rows(self, sql, where=None):
        with sqlite3.connect(where or self.where) as db:
            return db.execute(sql).fetchall()

    def save(self, *args, **more):
        return self.good("check", "--from", HEALTHY, "--save", "--store", self.where, *args, **more)


class Save(Store):
    def test_a_check_is_kept_once_with_its_facts_and_policy(self):
        plain = self.good("check", "--from", HEALTHY)
        self.assertEqual(self.save(), plain)
        self.assertEqual(self.save(), plain)
        self.assertEqual(stat.S_IMODE(self.where.stat().st_mode), 0o600)
        (facts, *check), = self.rows("SELECT facts, observed_at, verdict, posture, delivery FROM checked")
        self.assertEqual(check, [1795446000, "ok", "enforce", "protected"])
        self.assertEqual(json.loads(facts), json.loads(HEALTHY.read_bytes()))
        self.assertEqual(self.rows("SELECT policy_id, mode, max_age, first_seen, last_seen FROM policy_seen"),
                         [("20261101T000000", "enforce", 604800, 1795446000, 1795446000)])

    def test_codes_are_those_of_the_output(self):
        facts = json.loads(HEALTHY.read_bytes())
        del facts["policy_host"]["fetches"]
        text = json.dumps(facts).encode()
        out = run("check", "--from", "-", "--save", "--store", self.where, "--json", stdin=text).stdout
        findings = json.loads(out)["findings"]
        self.assertTrue(findings)
        self.assertEqual(self.rows("SELECT code, severity, subject FROM checked_code ORDER BY place"),
                         [(f["code"], f["severity"], f["subject"]) for f in findings])
        self.assertEqual(self.rows("SELECT * FROM policy_seen"), [])

    def test_default_place(self):
        for env, place in (({"XDG_STATE_HOME": f"{self.folder}/state", "HOME": "/nowhere"}, "state"),
                           ({"HOME": f"{self.folder}/home"}, "home/.local/state"),
                           ({"XDG_STATE_HOME": "relative", "HOME": f"{self.folder}/b"}, "b/.local/state")):
            self.good("check", "--from", HEALTHY, "--save", env=env)
            where = self.folder / place / "mtasts/mtasts.db"
            self.assertEqual(self.rows("SELECT count(*) FROM checked", where), [(1,)])
            self.assertEqual(stat.S_IMODE(where.parent.stat().st_mode), 0o700)
        self.fails("XDG_STATE_HOME", "check", "--from", HEALTHY, "--save")

    def test_what_was_interrupted_is_no_check(self):
        facts = json.loads(HEALTHY.read_bytes())
        facts["interrupted"] = True
        run("check", "--from", "-", "--save", "--store", self.where, stdin=json.dumps(facts).encode())
        self.assertEqual(self.rows("SELECT * FROM checked"), [])

    def test_usage(self):
        for word, *args in (("--save", "--store", self.where), ("--now", "--save", "--now", "2026-11-23T15:00:00Z"),
                            ("--store", "--save", "--store", "")):
            self.fails(word, "check", "--from", HEALTHY, *args, status=64)
        self.assertFalse(self.where.exists())


class Report(Store):
    """From the store `report` says what it says of the files."""

    def kept(self):
        run("ingest", "--store", self.where, TOP / "test/reports")
        return "--store", self.where

    def both(self, *args):
        """The text of either, of the files without what is not about a report that was read."""
        files, kept = (run("report", "--json", *args, *source) for source in ((TOP / "test/reports",), self.kept()))
        self.assertEqual(kept.stderr, b"")
        self.assertEqual(kept.returncode, files.returncode)
        files, kept = json.loads(files.stdout), json.loads(kept.stdout)
        self.assertEqual((kept["duplicates"], kept["other_mails"], kept["rejected"]), (0, 0, []))
        for name in ("duplicates", "other_mails", "rejected"):
            del files[name], kept[name]
        for revision in files["revisions"] + kept["revisions"]:
            self.assertGreater(revision.pop("replaced"), 0)
        self.assertEqual(kept, files)
        return kept

    def test_the_same_from_files_and_store(self):
        whole = self.both()
        self.assertGreater(whole["reports"], 10)
        one = self.both("--domain", "A.example.")
        self.assertEqual([d["domain"] for d in one["domains"]], ["a.example"])
        self.assertEqual(one["sessions"]["successful"], one["domains"][0]["successful"])
        of_whole, = (d for d in whole["domains"] if d["domain"] == "a.example")
        self.assertEqual(one["domains"][0], of_whole)
        self.assertEqual(self.both("--domain", "nowhere.example")["reports"], 0)

    def test_csv_and_text(self):
        for form in (("--csv",), ("--lang", "de"), ("--quiet",)):
            kept = self.good("report", *form, *self.kept(), status=2)
            files = run("report", *form, TOP / "test/reports").stdout.decode()
            if form == ("--lang", "de"):  # what was rejected and the copies follow
                kept, files = kept.split("\n\n")[0:2], files.split("\n\n")[0:2]
            self.assertEqual(kept, files)

    def test_time(self):
        """All is of 1 November 2026, but for one that ends at half past seven the day after and one of no day.
        One that ends with the first second of the day after is not of that day."""
        everything = self.both()["reports"]
        days = [d["day"] for d in self.both("--since", "2026-11-01", "--until", "2026-11-01")["days"]]
        self.assertEqual(days, ["2026-11-01"])
        most = everything - 1
        for number, *args in ((1, "--since", "2026-11-02"), (0, "--since", "2026-11-03"), (0, "--until", "2026-10-31"),
                              (most, "--since", "2026-11-01T23:00:00Z"), (most, "--until", "2026-11-02"),
                              (most - 1, "--until", "2026-11-01T00:00:01Z"),
                              (most, "--since", "7d", "--now", "2026-11-08T12:00:00Z"),
                              (0, "--since", "7d", "--now", "2026-11-10T12:00:00Z"),
                              (most, "--since", "2w", "--until", "24h", "--now", "2026-11-10T12:00:00Z")):
            self.assertEqual(self.both(*args)["reports"], number, args)

    def test_required_dkim(self):
        got = json.loads(run("report", "--json", "--require-dkim", *self.kept()).stdout)
        self.assertEqual(got["reports"], 0)
        self.assertTrue(all("DKIM was not looked at" in r["why"] for r in got["rejected"]))

    def test_nothing_kept(self):
        self.assertIn("no TLS report was found", self.fails("mtasts ingest", "report", "--store", self.where, status=3))
        self.assertFalse(self.where.exists())

    def test_usage(self):
        for word, *args in (("--store", "--store", self.where, "x"), ("--since", "--since", "yesterday"),
                            ("--until", "--until", "7"), ("--domain", "--domain", "a b"), ("--dkim", "--dkim"),
                            ("before", "--since", "1d", "--until", "2d")):
            self.fails(word if word != "--domain" else "a b", "report", *args, status=64)


class Trouble(Store):
    def save_fails(self, word, where, **more):
        return self.fails(word, "check", "--from", HEALTHY, "--save", "--store", where, **more)

    def test_no_place(self):
        self.save_fails("cannot be opened", self.folder / "nowhere/store.db")
        self.save_fails("cannot be opened", self.folder)
        self.save_fails("cannot be opened", "postgresql://u:geheim@127.0.0.1:1/x")

    def test_not_ours(self):
        with sqlite3.connect(self.where) as db:
            db.execute("CREATE TABLE other (a)")
        self.save_fails("another program", self.where)
        text = self.folder / "text"
        text.write_text("these are notes\n" * 100)
        self.save_fails("damaged", text)
        self.assertEqual(text.read_text(), "these are notes\n" * 100)

    def test_newer(self):
        self.save()
        with sqlite3.connect(self.where) as db:
            db.execute("PRAGMA user_version=99")
        self.save_fails("newer mtasts", self.where)

    def test_no_room_and_the_diagnosis_is_still_shown(self):
        self.save()
        facts = json.loads(HEALTHY.read_bytes())
        facts["observed_at"] = "2026-11-24T15:00:00Z"
        two = b"\n".join(json.dumps({**facts, "domain": d}).encode() for d in ("a.example", "b.example"))
        size = self.where.stat().st_size
        before = self.rows("SELECT observed_at FROM checked")
        # One page more than the file has: the log beside it does not fit.
        out = self.fails("no room", "check", "--json", "--from", "-", "--save", "--store", self.where, stdin=two,
                         preexec_fn=lambda: limit_files(min(size, 8192)))
        self.assertEqual([json.loads(line)["domain"] for line in out.splitlines()], ["a.example", "b.example"])
        self.assertEqual(self.rows("SELECT observed_at FROM checked"), before)


def limit_files(size):
    """A disk that is full: no file may grow beyond this, and writing says so instead of a signal."""
    import resource
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


if __name__ == "__main__":
    MTASTS = sys.argv.pop(1)
    unittest.main()
