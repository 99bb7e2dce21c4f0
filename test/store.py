#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the store keeps, through the program: checks, and what is said when it fails.

usage: store.py MTASTS        (run by the tests)"""

import json
import os
import pathlib
import re
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

import stores

TOP = pathlib.Path(__file__).resolve().parent.parent
HEALTHY = TOP / "fuzz/corpus/facts/healthy.json"
NOW = ("--now", "2026-11-20T00:00:00Z")  # ids in the advice are made of it
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
        self.assertEqual((stores.but_creation(result.stderr.decode()), result.returncode), ("", status), args)
        return result.stdout.decode()

    def fails(self, word, *args, status=70, **more):
        """One line on standard error that names `word`."""
        result = run(*args, **more)
        error = stores.but_creation(result.stderr.decode())
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


class OfTheService(Store):
    """The units store in /var/lib/mtasts: whoever may use it, and has no store, finds it."""

    # A /var/lib of our own, with a store in it; then the command, as somebody else if need be.
    SCENE = """mount -t tmpfs -o mode=755 tmpfs /var/lib && mkdir -m "$1" /var/lib/mtasts || exit 99
XDG_STATE_HOME=/var/lib "$2" check --save --quiet --from "$3" || exit 98
shift 3; exec "$@" """

    def there(self, *command, mode="755", status=0):
        spaces = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
        if subprocess.run([*spaces, "true"], capture_output=True).returncode:
            self.skipTest("no mount namespace")
        env = {"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "LC_ALL": "C", "HOME": str(self.folder)}
        env.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        done = subprocess.run([*spaces, "sh", "-c", self.SCENE, "sh", mode, MTASTS, HEALTHY, *map(str, command)],
                              capture_output=True, text=True, env=env, timeout=300)
        self.assertEqual(done.returncode, status, done)
        return done.stdout.splitlines()[1:], done.stderr

    def test_it_is_found(self):
        history, said = self.there(MTASTS, "history", "healthy.example")
        self.assertIn("healthy.example", history[0])
        self.assertIn("1 check", "\n".join(history))
        self.assertEqual(said, "")

    def test_ones_own_comes_first(self):
        self.good("check", "--from", HEALTHY, "--save", "--quiet", env={"HOME": str(self.folder)})
        self.good("check", "--from", HEALTHY, "--save", "--quiet", env={"HOME": str(self.folder)})
        self.there(MTASTS, "ingest", TOP / "test/reports/clean.json")
        where = self.folder / ".local/state/mtasts/mtasts.db"
        self.assertEqual(self.rows("SELECT count(*) FROM report", where), [(1,)])

    def test_who_may_not_read_it_is_told(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become somebody else")
        self.folder.chmod(0o755)
        history, said = self.there("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", MTASTS, "history",
                                   "healthy.example", mode="700", status=3)
        self.assertIn("nothing is stored yet", history[0])
        self.assertRegex(said, r"\Amtasts: /var/lib/mtasts/mtasts.db: no permission [^\n]+\n\Z")


class Named(Store):
    """A store that is not the one that was meant is neither passed over nor created in silence."""

    def test_readers_want_it_to_be_there(self):
        for command in (("history", "healthy.example"), ("plan", "--from", HEALTHY), ("rollback", "--from", HEALTHY),
                        ("report",)):
            for where in (self.where, self.folder / "nowhere/store.db"):
                self.fails(str(where), *command, "--store", where)
                self.assertFalse(where.exists())
        self.where.touch()  # nothing was ever stored in it
        self.fails(str(self.where), "history", "healthy.example", "--store", self.where)
        self.assertEqual(self.rows("SELECT * FROM sqlite_schema"), [])

    def test_an_emergency_is_served_where_it_is_there_and_fails(self):
        self.where.write_text("no database" * 100)
        text = self.fails(str(self.where), "rollback", "--from", HEALTHY, "--store", self.where)
        self.assertIn("healthy.example", text)

    def test_writers_say_once_that_they_create_it(self):
        for *command, status in (("check", "--from", HEALTHY, "--save", 0), ("watch", "--from", HEALTHY, 0),
                                 ("ingest", TOP / "test/reports/clean.json", 0)):
            where = self.folder / f"{command[0]}.db"
            first, second = (run(*command, "--store", where) for _ in range(2))
            self.assertEqual(first.stderr.decode(), f"mtasts: {where}: new database created\n")
            self.assertEqual((second.stderr, first.returncode, second.returncode), (b"", status, status))
            where.unlink()
            self.assertEqual(run(*command, "--quiet", "--store", where).stderr, b"")
        self.fails("nowhere", "check", "--from", HEALTHY, "--save", "--store", self.folder / "nowhere/store.db")

    def test_addresses_that_are_none(self):
        for where in ("postgress://h/d", "postgres:/h/d", "postgresql:d", "sqlite:///x.db", "https://h/d"):
            self.fails(where, "check", "--from", HEALTHY, "--save", "--store", where, status=64, cwd=self.folder)
            self.assertEqual(list(self.folder.iterdir()), [])
        run("check", "--from", HEALTHY, "--save", "--store", "12:30.db", cwd=self.folder)
        self.assertTrue((self.folder / "12:30.db").exists())


class Report(Store):
    """From the store `report` says what it says of the files."""

    def kept(self):
        run("ingest", "--store", self.where, TOP / "test/reports")
        return "--store", self.where

    def both(self, *args):
        """The text of either, of the files without what is not about a report that was read."""
        files, kept = (run("report", "--json", *NOW, *args, *source) for source in ((TOP / "test/reports",), self.kept()))
        self.assertEqual(kept.stderr, b"")
        self.assertEqual(kept.returncode, files.returncode)
        files, kept = json.loads(files.stdout), json.loads(kept.stdout)
        self.assertEqual((kept["duplicates"], kept["other_mails"], kept["rejected"]), (0, 0, []))
        self.assertEqual(kept["unread"], 0)
        for one in kept["deviations"]:  # the files have those of copies too
            self.assertIn(one, files["deviations"])
        for name in ("duplicates", "other_mails", "rejected", "unread", "deviations", "deviation_count"):
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
            kept = self.good("report", *form, *NOW, *self.kept(), status=2)
            files = run("report", *form, *NOW, TOP / "test/reports").stdout.decode()
            files = re.sub(r" \d+ (parts could not be read|Teile waren nicht lesbar)\.", "", files, count=1)
            if form == ("--lang", "de"):  # what was rejected and the copies follow
                kept, files = kept.split("\n\n")[0:2], files.split("\n\n")[0:2]
            self.assertEqual(kept, files)

    def test_time(self):
        """One that ends with the first second of the day after is not of that day; one without a range counts by
        the date of its mail."""
        folder = self.folder / "time"
        folder.mkdir()
        for name, begin, end in (("day", "2026-11-01T00:00:00Z", "2026-11-01T23:59:59Z"),
                                 ("midnight", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
                                 ("noon", "2026-11-01T12:00:00Z", "2026-11-02T11:59:59Z"),
                                 ("none", None, None)):
            one = {"organization-name": name, "report-id": name, "policies": [{
                "policy": {"policy-type": "sts", "policy-domain": "a.example"},
                "summary": {"total-successful-session-count": 1, "total-failure-session-count": 0}}]}
            if begin:
                one["date-range"] = {"start-datetime": begin, "end-datetime": end}
            (folder / f"{name}.json").write_text(json.dumps(one))
        mail = (folder / "none.json").read_text().replace("none", "mailed")
        (folder / "mailed.eml").write_text("Date: Tue, 3 Nov 2026 12:00:00 +0000\nTLS-Report-Domain: a.example\n"
                                           f"Content-Type: application/tlsrpt+json\n\n{mail}\n")
        run("ingest", "--store", self.where, folder)
        for expected, *args in (("day mailed midnight noon none",), ("mailed noon", "--since", "2026-11-02"),
                                ("mailed", "--since", "2026-11-03"), ("", "--since", "2026-11-04"),
                                ("", "--until", "2026-10-31"), ("day midnight noon", "--until", "2026-11-01"),
                                ("day midnight", "--until", "2026-11-01T12:00:00Z"),
                                ("day mailed midnight noon", "--since", "7d", "--now", "2026-11-08T12:00:00Z"),
                                ("", "--since", "24h", "--now", "2026-11-08T12:00:00Z"),
                                ("day midnight noon", "--since", "2w", "--until", "1w", "--now", "2026-11-09T12:00:00Z")):
            for source in ((folder,), ("--store", self.where)):
                got = json.loads(run("report", "--json", *args, *source).stdout)
                self.assertEqual(sorted(s["sender"] for s in got["senders"]), sorted(expected.split()), args)

    def test_a_revision_that_comes_again(self):
        """Files and store agree on which content counts: the latest by the dates of the mails, a copy being no news."""
        def content(letter, date):
            one = json.dumps({"organization-name": "S", "report-id": "1", "policies": [{
                "policy": {"policy-type": "sts", "policy-domain": "a.example"},
                "summary": {"total-successful-session-count": "xABC".index(letter)}}]})
            return (f"Date: Tue, {date} Nov 2026 12:00:00 +0000\nTLS-Report-Domain: a.example\n"
                    f"Content-Type: application/tlsrpt+json\n\n{one}\n") if date else one
        for number, (expected, *rows) in enumerate((("B", "A", "B", "A"), ("A", "A1", "B2", "A3"),
                                                    ("A", "A3", "B2", "A1"), ("A", "A", "B2", "A3"),
                                                    ("B", "A1", "B2", "A1", "B2"), ("C", "A1", "B2", "C2", "B2"))):
            folder, where = self.folder / f"again{number}", self.folder / f"again{number}.db"
            folder.mkdir()
            for place, row in enumerate(rows):
                (folder / f"{place}").write_text(content(row[0], row[1:]))
            for _ in range(2):  # a second time changes nothing
                run("ingest", "--store", where, folder)
                for source in ((folder,), ("--store", where)):
                    got = json.loads(run("report", "--json", *source).stdout)
                    self.assertEqual(got["sessions"]["successful"], "xABC".index(expected), (rows, source))
                    self.assertEqual([r["replaced"] for r in got["revisions"]], [len({r[0] for r in rows}) - 1])

    def test_required_dkim(self):
        got = json.loads(run("report", "--json", "--require-dkim", *self.kept()).stdout)
        self.assertEqual(got["reports"], 0)
        self.assertTrue(all("DKIM was not checked" in r["why"] for r in got["rejected"]))

    def test_nothing_kept(self):
        self.fails(str(self.where), "report", "--store", self.where)
        self.assertFalse(self.where.exists())
        self.assertIn("no TLS report was found", self.fails("mtasts ingest", "report", status=3, env={"HOME": str(self.folder)}))

    def test_usage(self):
        for word, *args in (("--store", "--store", self.where, "x"), ("--since", "--since", "yesterday"),
                            ("--until", "--until", "7"), ("--domain", "--domain", "a b"), ("--dkim", "--dkim"),
                            ("before", "--since", "1d", "--until", "2d")):
            self.fails(word if word != "--domain" else "a b", "report", *args, status=64)


class History(Store):
    """Four checks of two kinds, two policies, three reports."""

    def observe(self, day, broken=False, policy_id="20261101T000000"):
        facts = json.loads(HEALTHY.read_text().replace("20261101T000000", policy_id))
        facts["observed_at"] = f"2026-11-{day:02d}T12:00:00Z"
        if broken:
            del facts["policy_host"]["fetches"]
        run("check", "--from", "-", "--save", "--store", self.where, stdin=json.dumps(facts).encode())

    def ingest(self, day, sender, successful, failed, domain="healthy.example"):
        one = {"organization-name": sender, "report-id": f"{sender}-{day}",
               "date-range": {"start-datetime": f"2026-11-{day:02d}T00:00:00Z",
                              "end-datetime": f"2026-11-{day:02d}T23:59:59Z"},
               "policies": [{"policy": {"policy-type": "sts", "policy-domain": domain},
                             "summary": {"total-successful-session-count": successful,
                                         "total-failure-session-count": failed}}]}
        self.good("ingest", "--store", self.where, "-", stdin=json.dumps(one).encode())

    def fill(self):
        self.observe(10)
        self.observe(11)
        self.observe(12, broken=True)
        self.observe(13, policy_id="20261113T000000")
        self.ingest(11, "A", 10, 0)
        self.ingest(11, "B", 5, 2)
        self.ingest(12, "A", 7, 0)
        self.ingest(12, "A", 99, 99, domain="other.example")

    def history(self, *args, status=0):
        out = self.good("history", "--json", "--store", self.where, "--now", "2026-11-15T00:00:00Z",
                        *(args or ("healthy.example",)), status=status)
        lines = [json.loads(line) for line in out.splitlines()]
        return lines[0] if len(lines) == 1 else lines

    def test_changes_only(self):
        self.fill()
        got = self.history()
        self.assertEqual((got["format"], got["domain"], got["since"], got["checks"]),
                         ("mtasts.history/1", "healthy.example", None, 4))
        self.assertEqual([(c["first_observed_at"], c["last_observed_at"], c["checks"], c["verdict"], c["posture"],
                           c["delivery"]) for c in got["changes"]],
                         [("2026-11-10T12:00:00Z", "2026-11-11T12:00:00Z", 2, "ok", "enforce", "protected"),
                          ("2026-11-12T12:00:00Z", "2026-11-12T12:00:00Z", 1, got["changes"][1]["verdict"],
                           got["changes"][1]["posture"], got["changes"][1]["delivery"]),
                          ("2026-11-13T12:00:00Z", "2026-11-13T12:00:00Z", 1, "ok", "enforce", "protected")])
        self.assertNotEqual(got["changes"][1]["verdict"], "ok")
        healthy, broken, again = got["changes"]
        key = lambda c: (c["code"], c["severity"], c["subject"])
        self.assertTrue({c["code"] for c in broken["appeared"]})
        self.assertEqual({key(c) for c in again["gone"]}, {key(c) for c in broken["appeared"]})
        self.assertEqual({key(c) for c in again["appeared"]}, {key(c) for c in broken["gone"]})

    def test_each_check(self):
        self.fill()
        self.assertEqual([c["checks"] for c in self.history("--verbose", "healthy.example")["changes"]], [1, 1, 1, 1])

    def test_policies(self):
        """A sender may have fetched one until the look that saw another in its place, or until now."""
        self.fill()
        self.assertEqual([(p["id"], p["mode"], p["max_age"], p["first_seen"], p["last_seen"], p["held_until"])
                          for p in self.history()["policies"]],
                         [("20261101T000000", "enforce", 604800, "2026-11-10T12:00:00Z", "2026-11-11T12:00:00Z",
                           "2026-11-20T12:00:00Z"),
                          ("20261113T000000", "enforce", 604800, "2026-11-13T12:00:00Z", "2026-11-13T12:00:00Z",
                           "2026-11-22T00:00:00Z")])

    def test_reports_by_day_and_sender(self):
        self.fill()
        got = self.history()
        self.assertEqual(got["reports"], 3)
        self.assertEqual(got["days"], [
            {"day": "2026-11-11", "successful": 15, "failed": 2,
             "senders": [{"sender": "A", "successful": 10, "failed": 0}, {"sender": "B", "successful": 5, "failed": 2}]},
            {"day": "2026-11-12", "successful": 7, "failed": 0,
             "senders": [{"sender": "A", "successful": 7, "failed": 0}]}])

    def test_since_shows_what_held_then(self):
        self.fill()
        got = self.history("--since", "2026-11-12", "healthy.example")
        self.assertEqual([c["first_observed_at"] for c in got["changes"]],
                         ["2026-11-11T12:00:00Z", "2026-11-12T12:00:00Z", "2026-11-13T12:00:00Z"])
        self.assertEqual([d["day"] for d in got["days"]], ["2026-11-12"])
        self.assertEqual(len(got["policies"]), 2)
        got = self.history("--since", "36h", "healthy.example")
        self.assertEqual([c["first_observed_at"] for c in got["changes"]], ["2026-11-13T12:00:00Z"])
        self.assertEqual(len(self.history("--since", "2026-11-21", "--now", "2026-11-30T00:00:00Z",
                                          "healthy.example")["policies"]), 1)

    def test_nothing_later_than_now(self):
        self.fill()
        got = self.history("--now", "2026-11-11T12:30:00Z", "healthy.example")
        self.assertEqual((got["checks"], got["reports"], len(got["policies"])), (2, 2, 1))

    def test_nothing_kept(self):
        text = self.good("history", "new.example", status=3, env={"HOME": str(self.folder)})
        self.assertIn("mtasts check --save new.example", text)
        self.assertIn("mtasts ingest", text)
        self.observe(10)
        self.assertEqual(self.history("new.example", status=3)["changes"], [])
        self.assertEqual([line["domain"] for line in self.history("new.example", "healthy.example", status=3)],
                         ["new.example", "healthy.example"])

    def test_text(self):
        self.fill()
        for lang, words in (("en", ("OK since 2026-11-13 12:00", "resolved: ", "20261113T000000", "mode enforce, max_age 7 days, mx:",
                                    "senders may have it cached",
                                    "15 + 2 failed (B 5 + 2 failed, A 10)")),
                            ("de", ("2026-11-13 12:00", "20261113T000000", "B 5 + 2 "))):
            text = self.good("history", "--lang", lang, "--store", self.where, "--now", "2026-11-15T00:00:00Z",
                             "healthy.example")
            for word in words:
                self.assertIn(word, text)
        self.assertEqual(len(self.good("history", "--quiet", "--store", self.where, "healthy.example").splitlines()), 1)


@unittest.skipUnless(stores.Postgres.installed(), "PostgreSQL 15 is not installed (package postgresql-15)")
class PostgresHistory(History):
    @classmethod
    def setUpClass(cls):
        cls.backend = stores.Postgres()
        cls.addClassCleanup(cls.backend.close)

    def setUp(self):
        super().setUp()
        self.where = self.backend.fresh()

    def test_the_same_from_files_and_store(self):
        files = json.loads(run("report", "--json", *NOW, TOP / "test/reports").stdout)
        run("ingest", "--store", self.where, TOP / "test/reports")
        kept = json.loads(run("report", "--json", *NOW, "--store", self.where).stdout)
        for name in ("sessions", "days", "domains", "findings", "reports"):
            self.assertEqual(kept[name], files[name])


class Address(Store):
    """Where the store is, from the environment too; a password only from there, and never shown."""

    def test_the_environment_names_the_store(self):
        env = {"MTASTS_STORE": str(self.where)}
        self.assertIn(str(self.where), run("check", "--from", HEALTHY, "--save", env=env).stderr.decode())
        self.assertEqual(len(self.rows("SELECT * FROM checked")), 1)
        self.good("history", "healthy.example", env=env)
        other = self.folder / "other.db"  # the option goes first
        self.good("check", "--from", HEALTHY, "--save", "--quiet", "--store", other, env=env)
        self.assertTrue(other.exists())
        self.fails("nowhere.db", "report", env={"MTASTS_STORE": str(self.folder / "nowhere.db")})
        self.good("check", "--from", HEALTHY, env={"MTASTS_STORE": "postgresql://h/none"})  # nothing is stored

    def test_no_password_on_the_command_line(self):
        for where in ("postgresql://u:geheim@h/d", "postgres://h/d?user=u&password=geheim", "postgress://u:geheim@h/d",
                      "postgresql://u:geheim@[::1/d", "postgresql://h/d?sslpassword=geheim"):
            for command in (("check", "--from", HEALTHY, "--save"), ("history", "a.example"), ("report",),
                            ("ingest", "x"), ("watch", "a.example")):
                result = run(*command, "--store", where)
                self.assertEqual(result.returncode, 64, where)
                self.assertIn("MTASTS_STORE", result.stderr.decode())
                self.assertNotIn(b"geheim", result.stderr + result.stdout)

    def test_nor_shown_out_of_the_environment(self):
        for where, status in (("postgresql://u:geheim@127.0.0.1:1/x", 75), ("postgress://u:geheim@h/d", 64),
                              ("postgresql://u:geheim@[::1/d", 70), ("postgresql://u:ge%heim@h/d", 70),
                              ("postgresql://127.0.0.1:1/x?password=geheim", 75)):
            result = run("history", "a.example", env={"MTASTS_STORE": where})
            self.assertEqual(result.returncode, status, (where, result))
            self.assertNotIn(b"heim", result.stderr + result.stdout)

    def test_what_is_no_password(self):
        for where in ("postgresql://u@127.0.0.1:1/x", "postgresql://127.0.0.1:1/x?application_name=a@b",
                      "postgresql://[::1]:1/x"):
            self.fails("again later", "history", "a.example", "--store", where, status=75)


class Trouble(Store):
    def save_fails(self, word, where, **more):
        return self.fails(word, "check", "--from", HEALTHY, "--save", "--store", where, **more)

    def test_no_place(self):
        self.save_fails("cannot be opened", self.folder / "nowhere/store.db")
        self.save_fails("cannot be opened", self.folder)
        self.save_fails("run the same command again later", "postgresql://u@127.0.0.1:1/x", status=75)

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
        self.fails("newer mtasts", "history", "healthy.example", "--store", self.where)

    def test_older(self):
        """Whoever reads converts nothing, and says who does."""
        with sqlite3.connect(self.where) as db:
            db.executescript((TOP / "src/store/fixtures/v4-sqlite.sql").read_text())
        for command in (("history", "example.com"), ("report",)):
            self.fails("a command that writes converts it", *command, "--store", self.where)
            self.assertEqual(self.rows("PRAGMA user_version"), [(4,)])
        run("check", "--from", HEALTHY, "--save", "--store", self.where)
        self.good("history", "example.com", "--store", self.where)

    def test_no_room_and_the_diagnosis_is_still_shown(self):
        self.save()
        facts = json.loads(HEALTHY.read_bytes())
        facts["observed_at"] = "2026-11-24T15:00:00Z"
        two = b"\n".join(json.dumps({**facts, "domain": d}).encode() for d in ("a.example", "b.example"))
        size = self.where.stat().st_size
        before = self.rows("SELECT observed_at FROM checked")
        # One page more than the file has: the log beside it does not fit.
        out = self.fails("no space left", "check", "--json", "--from", "-", "--save", "--store", self.where, stdin=two,
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
    MTASTS = os.path.abspath(sys.argv.pop(1))
    unittest.main()
