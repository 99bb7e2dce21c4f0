#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts watch without a network: stored facts follow each other, and what changed is told.

usage: watch.py MTASTS [--kills N] [--passes N] [CASE...]        (run by the tests)

--kills: how often a pass is killed at work, few times by default; --passes: how many passes Passes makes."""

import copy
import datetime
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import prometheus  # noqa: E402
import stores  # noqa: E402

HEALTHY = json.loads((TOP / "fuzz/corpus/facts/healthy.json").read_text())
BEGIN = datetime.datetime(2026, 11, 2, tzinfo=datetime.timezone.utc)
DOMAIN = "healthy.example"
KILLS = 6
PASSES = 48
MTASTS = None


def at(hours):
    return (BEGIN + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(hours):
    return int(BEGIN.timestamp()) + round(hours * 3600)


# ---- what happens to a domain -----------------------------------------------------------------------


def well(facts):
    pass


def expired(facts):
    facts["mx"][0]["sessions"][0]["tls"]["chain"][0]["not_after"] = "2026-10-30T00:00:00Z"


def renewed(facts):
    facts["mx"][0]["sessions"][0]["tls"]["chain"][0].update(not_after="2027-12-01T00:00:00Z", sha256="77")


def testing(facts):
    fetch = facts["policy_host"]["fetches"][0]
    fetch["body"] = fetch["body"].replace("enforce", "testing")


def second_mx(facts):
    text = json.dumps(facts["mx"][0]).replace("mx1", "mx2").replace("192.0.2.25", "192.0.2.26")
    facts["mx"].append(json.loads(text))
    facts["mx_answer"]["records"].append({"host": "mx2.healthy.example", "preference": 10})


def silent_resolver(facts):
    for answer in (facts["sts_txt"], facts["policy_host"]["a"], facts["policy_host"]["aaaa"],
                   facts["mx_answer"], facts["tlsrpt_txt"], facts["domain_soa"]):
        answer.update(outcome="timeout")
        answer.pop("records", None)
    facts["policy_host"]["fetches"] = []
    facts["mx"] = []


def no_record(facts):
    facts["sts_txt"].update(outcome="nxdomain")
    facts["sts_txt"].pop("records")


class Watch(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mtasts-watch-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.where = self.folder / "store.db"
        self.log = self.folder / "log"
        self.keep = f"cat >> {self.log}"

    def facts(self, hours, change=well, domain=DOMAIN):
        facts = copy.deepcopy(HEALTHY)
        facts["observed_at"] = at(hours)
        change(facts)
        return json.dumps(facts).replace(DOMAIN, domain)

    def command(self, *args):
        return [MTASTS, *map(str, args), "--store", str(self.where)]

    def environment(self, **more):
        plain = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **more}
        plain.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        return plain

    def run_on(self, facts, *args, **more):
        more = {"stdout": subprocess.PIPE, **more}
        result = subprocess.run(self.command("watch", "--from", "-", *args), input=facts.encode(),
                                stderr=subprocess.PIPE, env=self.environment(), timeout=60, **more)
        result.stderr = stores.but_creation(result.stderr)
        return result

    def watch(self, hours, change=well, *args, status=0, error=""):
        """One pass; what it says."""
        result = self.run_on(self.facts(hours, change), *args)
        self.assertEqual(result.returncode, status, result)
        if error:
            self.assertRegex(result.stderr.decode(), r"\A(mtasts: [^\n]+\n)+\Z")
            self.assertIn(error, result.stderr.decode())
        else:
            self.assertEqual(result.stderr.decode(), "")
        return result.stdout.decode()

    def told(self, hours, change=well, *args, **more):
        """The object of one pass, and the codes of its changes."""
        story = json.loads(self.watch(hours, change, "--json", *args, **more))
        self.assertEqual(story["format"], "mtasts.watch/1")
        return story, [note["code"] for note in story["notes"][:story["changes"]]]

    def handed(self):
        """What the command of --notify got."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def rows(self, sql):
        with sqlite3.connect(self.where) as db:
            return db.execute(sql).fetchall()


class Changes(Watch):
    def test_the_first_look_is_no_change(self):
        story, codes = self.told(0, expired, status=2)
        self.assertEqual((codes, story["since"], story["findings"]), ([], None, ["mx-cert-expired", "policy-max-age-low"]))

    def test_nothing(self):
        self.told(0)
        story, codes = self.told(6)
        self.assertEqual((codes, story["since"], story["observed_at"]), ([], at(0), at(6)))
        self.assertIn("no changes since 2026-11-02 06:00 UTC", self.watch(12))

    def test_the_first_line_ends_with_that_of_check(self):
        answer = "CRITICAL: the certificate of mx1.healthy.example has expired (mx-cert-expired). Mail is refused: "
        self.assertIn("no problems found. Mail is protected.", " ".join(self.watch(0).split()))
        story, _ = self.told(6, expired, status=2)
        self.assertTrue(story["check_headline"].startswith(answer), story)
        text = " ".join(self.watch(7, expired, status=2).split("\n\n")[0].split())
        self.assertIn("no changes since 2026-11-02 06:00 UTC. " + answer, text)

    def test_what_people_change(self):
        for name, change, status, wanted in (
                ("certificate", renewed, 0, ["certificate-renewed"]),
                ("policy, not the id", testing, 0,
                 ["delivery-changed", "mode-changed", "policy-changed-id-same", "finding-appeared", "finding-gone"]),
                ("MX, not the policy", second_mx, 2,
                 ["delivery-changed", "verdict-changed", "mx-appeared", "mx-changed-policy-same",
                  "finding-appeared"]),
                ("record", no_record, 2,
                 ["posture-changed", "delivery-changed", "verdict-changed", "record-gone", "finding-appeared",
                  "finding-gone"]),
                ("expiry", expired, 2, ["delivery-changed", "verdict-changed", "finding-appeared"])):
            with self.subTest(name):
                self.where.unlink(missing_ok=True)
                self.told(0)
                self.assertEqual(self.told(6, change, status=status)[1], wanted)
                self.assertEqual(self.told(12, change, status=status)[1], [])

    def test_a_new_id_that_follows_the_policy(self):
        def new_id(facts):
            testing(facts)
            facts["sts_txt"]["records"][0]["text"] = "v=STSv1; id=20261201T000000;"
        self.told(0)
        self.assertIn("policy-changed-id-same", self.told(6, testing)[1])
        self.told(12, testing)
        self.assertEqual(self.told(18, new_id)[1], ["id-followed"])

    def test_a_finding_is_told_in_its_own_words(self):
        self.told(0)
        story, _ = self.told(6, expired, status=2)
        note = next(n for n in story["notes"] if n["code"] == "finding-appeared")
        self.assertEqual((note["severity"], note["evidence"]["finding"], note["evidence"]["subject"]),
                         ("critical", "mx-cert-expired", "mx1.healthy.example"))
        self.assertIn("expired on 2026-10-30", note["text"])
        story, _ = self.told(12)
        note = next(n for n in story["notes"] if n["code"] == "finding-gone")
        self.assertIn("certificate has expired (mx1.healthy.example)", note["text"])

    def test_a_silent_resolver_changes_nothing(self):
        self.told(0)
        story, codes = self.told(6, silent_resolver, status=3)
        self.assertEqual((codes, story["seen"], story["verdict"]), ([], False, "unknown"))
        self.assertEqual(self.rows("SELECT count(*) FROM checked"), [(1,)])
        self.assertEqual(self.told(12)[1], [])

    def test_a_change_behind_an_outage_is_told_after_it(self):
        self.told(0)
        self.told(6, silent_resolver, status=3)
        self.assertIn("certificate-renewed", self.told(12, renewed)[1])

    def test_what_was_not_seen_for_long_is_still_known(self):
        def no_mx(facts):
            facts["mx_answer"].update(outcome="timeout")
            facts["mx_answer"].pop("records")
            facts["mx"] = []
        lines = [self.facts(0)] + [self.facts(n, no_mx) for n in range(1, 40)]
        self.run_on("\n".join(lines))
        self.assertIn("mx-appeared", self.told(41, second_mx, status=2)[1])

    def test_several_documents_are_one_story_of_each_domain(self):
        lines = [self.facts(0), self.facts(6, renewed), self.facts(0, domain="other.example"),
                 self.facts(12, testing), self.facts(6, no_record, domain="other.example")]
        result = self.run_on("\n".join(lines), "--json")
        stories = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual([s["domain"] for s in stories], [DOMAIN, "other.example"])
        codes = [n["code"] for n in stories[0]["notes"]]
        self.assertLess(codes.index("certificate-renewed"), codes.index("mode-changed"))
        self.assertIn("record-gone", [n["code"] for n in stories[1]["notes"]])

    def test_checks_that_others_kept_are_told(self):
        self.told(0)
        (self.folder / "facts").write_text(self.facts(3, renewed))
        subprocess.run(self.command("check", "--save", "--from", self.folder / "facts"), check=True,
                       env=self.environment(), stdout=subprocess.DEVNULL)
        self.assertEqual(self.told(6, renewed)[1], ["certificate-renewed"])

    def test_earlier_facts_turn_nothing_back(self):
        self.told(0)
        self.told(12, renewed)
        self.assertEqual(self.told(6)[1], [])
        self.assertEqual(self.told(18, renewed)[1], [])

    def test_two_checks_of_one_second(self):
        """The second is told as any other, and once."""
        self.told(0)
        self.assertEqual(self.told(0, renewed)[1], ["certificate-renewed"])
        self.assertEqual(self.told(0, renewed)[1], [])
        self.assertEqual(self.told(6, renewed)[1], [])
        self.assertEqual(self.rows("SELECT count(*) FROM checked"), [(3,)])

    def test_many_checks_of_one_second_in_one_file(self):
        self.told(0)
        lines = [self.facts(6, change) for change in (renewed, testing, renewed, testing)]
        result = self.run_on("\n".join(lines), "--json")
        codes = [n["code"] for n in json.loads(result.stdout)["notes"]]
        # two of the four are what came before, byte for byte
        self.assertEqual((codes.count("certificate-renewed"), codes.count("mode-changed")), (1, 1))
        self.assertEqual(self.told(12, testing)[1], [])

    def test_a_check_that_is_kept_late(self):
        """Observed before what was told, kept after it: no reason to lose what it showed."""
        self.told(0)
        self.told(12)
        codes = self.told(6, expired, status=2)[1]
        self.assertIn("finding-appeared", codes)
        self.assertEqual(self.told(18)[1], [])

    def test_a_clock_that_is_set_back(self):
        self.told(0)
        self.told(100)
        self.assertEqual(self.told(50, renewed)[1], ["certificate-renewed"])
        self.assertEqual(self.told(51, renewed)[1], [])
        self.told(101, renewed)
        self.assertEqual(self.told(102, renewed)[1], [])

    def test_what_could_not_be_told_before_the_clock_was_set_back(self):
        self.told(0)
        self.watch(100, renewed, "--quiet", "--notify", "false", status=70, error="status 1")
        self.watch(101, testing, "--quiet", "--notify", "false", status=70, error="status 1")
        self.assertEqual(self.told(50)[1], [])
        self.assertEqual(self.told(51)[1], [])
        self.assertLessEqual({"certificate-renewed", "mode-changed"}, set(self.told(102, testing)[1]))

    def test_old_checks_are_forgotten(self):
        day = 24
        for hours in range(0, 5 * day, 6):
            self.told(hours, well, "--keep", "2", "--now", at(hours))
        self.assertEqual(self.rows("SELECT min(observed_at), count(*) FROM checked"),
                         [(seconds(5 * day - 6 - 2 * day), 9)])
        self.assertEqual(self.rows("SELECT count(*) FROM checked_code WHERE check_id NOT IN (SELECT id FROM checked)"),
                         [(0,)])
        # the last one that was told is kept, and what comes long after it is compared with it
        self.assertEqual(self.told(90 * day, renewed, "--keep", "2", "--now", at(90 * day))[1], ["certificate-renewed"])
        self.assertEqual(self.rows("SELECT count(*) FROM checked"), [(1,)])

    def test_what_was_not_told_is_not_forgotten(self):
        command = f"test -e {self.folder}/works && {self.keep}"
        self.watch(0, well, "--notify", command)
        self.watch(6, renewed, "--notify", command, status=70, error="status 1")
        self.watch(2400, testing, "--notify", command, "--keep", "1", "--now", at(2400), status=70, error="status 1")
        self.assertEqual(self.rows("SELECT observed_at FROM checked ORDER BY 1"), [(seconds(0),), (seconds(2400),)])
        (self.folder / "works").touch()
        self.watch(2401, testing, "--notify", command)
        story, = self.handed()
        self.assertEqual(story["since"], at(0))
        self.assertIn("mode-changed", [n["code"] for n in story["notes"][:story["changes"]]])

    def test_facts_of_the_future_make_nothing_old(self):
        facts = json.loads(self.facts(0))
        for when in (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "2199-01-01T00:00:00Z"):
            self.run_on(json.dumps({**facts, "observed_at": when}), "--keep", "1")
        self.assertEqual(self.rows("SELECT count(*) FROM checked"), [(2,)])

    def test_quiet_is_silent_about_nothing(self):
        self.watch(0)
        self.assertEqual(self.watch(6, well, "--quiet"), "")
        self.assertEqual(self.watch(12, well, "--quiet", "--json"), "")
        self.assertIn("was renewed", self.watch(18, renewed, "--quiet"))

    def test_german(self):
        self.watch(0)
        text = self.watch(6, expired, "--lang", "de", status=2)
        self.assertIn("geändert", text)
        text = self.watch(12, well, "--lang", "de")
        self.assertIn("Das Zertifikat des MX-Hosts ist abgelaufen", text)

    def test_exit_status_is_of_what_is_found_now(self):
        self.watch(0, expired, status=2)
        self.watch(6, expired, status=2)
        self.watch(12, expired, "--fail-on", "critical", status=2)
        self.watch(18)


class Repair(Watch):
    def report(self, sender, begins, successful, failed):
        """A report of a day, come in an hour after its end."""
        text = json.dumps({
            "organization-name": sender, "report-id": f"{begins}@{sender}", "contact-info": f"tls@{sender}",
            "date-range": {"start-datetime": at(begins), "end-datetime": at(begins + 24)},
            "policies": [{"policy": {"policy-type": "sts", "policy-domain": DOMAIN},
                          "summary": {"total-successful-session-count": successful,
                                      "total-failure-session-count": failed}}]})
        result = subprocess.run(self.command("ingest", "-"), input=text.encode(), capture_output=True,
                                env=self.environment())
        self.assertEqual(result.returncode, 0, result)
        with sqlite3.connect(self.where) as db:
            db.execute("UPDATE report SET received_at = ? WHERE begins = ?", (seconds(begins + 25), seconds(begins)))

    def test_forty_eight_hours(self):
        self.told(0)
        self.assertEqual(self.told(6, expired, status=2)[0]["repair"], "broken")
        self.report("a.example", 0, 10, 3)
        self.report("b.example", 0, 10, 1)
        story, codes = self.told(30)
        self.assertEqual((story["repair"], story["live_clean_since"], story["senders_outstanding"]),
                         ("counting", at(30), ["a.example", "b.example"]))
        self.assertIn("reports-failing", codes)
        self.report("a.example", 48, 10, 0)
        story, codes = self.told(74)
        self.assertEqual((story["repair"], story["senders_confirmed"], story["senders_outstanding"], codes),
                         ("counting", ["a.example"], ["b.example"], []))
        self.assertEqual(self.told(78)[0]["repair"], "waiting")
        self.report("b.example", 72, 10, 0)
        story, codes = self.told(98)
        self.assertEqual((story["repair"], codes), ("done", ["repair-done"]))
        self.assertEqual(self.told(99)[1], [])

    def test_a_report_with_failures_starts_them_anew(self):
        self.told(0, expired, status=2)
        story, _ = self.told(6)
        self.assertEqual(story["repair_done_at"], at(54))
        self.report("a.example", 24, 10, 2)
        story, codes = self.told(54)
        self.assertEqual((story["repair"], story["senders_failing"], codes),
                         ("counting", ["a.example"], ["reports-failing"]))
        self.report("a.example", 48, 10, 0)
        self.assertEqual(self.told(95)[0]["repair"], "counting")
        self.assertEqual(self.told(96)[1], ["repair-done"])

    def test_the_text_says_when(self):
        self.watch(0, expired, status=2)
        self.assertIn("resolved at 2026-11-04 06:00 UTC", " ".join(self.watch(6).split()))


class Notify(Watch):
    def test_only_what_changed(self):
        self.watch(0, well, "--notify", self.keep)
        self.watch(6, well, "--notify", self.keep)
        self.assertEqual(self.handed(), [])
        self.watch(12, renewed, "--notify", self.keep)
        self.watch(18, renewed, "--notify", self.keep)
        self.assertEqual([(s["domain"], s["changes"]) for s in self.handed()], [(DOMAIN, 1)])

    def test_the_command_knows_the_domain_and_writes_to_standard_error(self):
        self.watch(0, well, "--notify", "echo $MTASTS_DOMAIN")
        result = self.run_on(self.facts(6, renewed), "--notify", "echo $MTASTS_DOMAIN", "--json")
        self.assertEqual(result.stderr, b"healthy.example\n")
        json.loads(result.stdout)

    def test_a_command_that_fails_loses_nothing(self):
        command = f"test -e {self.folder}/works && {self.keep}"
        self.watch(0, well, "--notify", command)
        self.watch(6, expired, "--notify", command, status=70, error="status 1")
        self.watch(12, well, "--notify", command, status=70, error=DOMAIN)
        (self.folder / "works").touch()
        self.watch(18, renewed, "--notify", command)
        story, = self.handed()
        codes = [n["code"] for n in story["notes"][:story["changes"]]]
        self.assertEqual((story["since"], codes.count("delivery-changed")), (at(0), 2))
        self.assertEqual([n["evidence"]["seen_at"] for n in story["notes"] if n["code"] == "delivery-changed"],
                         [at(6), at(12)])
        self.assertIn("certificate-renewed", codes)
        self.watch(24, renewed, "--notify", command)
        self.assertEqual(len(self.handed()), 1)

    def test_what_is_owed_is_handed_over_in_an_outage_too(self):
        command = f"test -e {self.folder}/works && {self.keep}"
        self.watch(0, well, "--notify", command)
        self.watch(6, renewed, "--notify", command, status=70, error="status 1")
        (self.folder / "works").touch()
        text = self.watch(12, silent_resolver, "--notify", command, status=3)
        self.assertIn("was renewed", text)
        self.watch(18, renewed, "--notify", command)
        story, = self.handed()
        self.assertEqual((story["seen"], story["changes"], story["observed_at"]), (False, 1, at(6)))

    def test_a_command_that_hangs_is_ended_with_its_children(self):
        mark = f"sleep 60.{random.randrange(10**9)}"
        command = f"{mark} & {mark}; true"
        self.watch(0, well, "--notify", command)
        begun = time.monotonic()
        self.watch(6, renewed, "--notify", command, "--timeout", "1", status=70, error="timed out")
        self.assertLess(time.monotonic() - begun, 20)
        running = subprocess.run(["ps", "axo", "args"], capture_output=True, text=True, check=True).stdout
        self.assertNotIn(mark, running)

    def test_one_that_hangs_does_not_hold_up_the_others(self):
        names = [f"d{n}.example" for n in range(6)]
        command = f"case $MTASTS_DOMAIN in d0*) sleep 60;; *) {self.keep};; esac"
        for hours, change in ((0, well), (6, renewed)):
            lines = "\n".join(self.facts(hours, change, name) for name in names)
            self.run_on(lines, "--notify", command, "--timeout", "2", "--jobs", "2")
        self.assertEqual(sorted(s["domain"] for s in self.handed()), names[1:])

    def test_a_command_need_not_read(self):
        self.watch(0, well, "--notify", "exec <&-; true")
        self.watch(6, renewed, "--notify", "exec <&-; true")

    def test_each_listener_for_itself(self):
        self.watch(0, well, "--notify", self.keep)
        self.watch(1)
        self.assertEqual(self.told(6, renewed)[1], ["certificate-renewed"])
        self.watch(12, renewed, "--notify", self.keep)
        self.assertEqual(len(self.handed()), 1)

    def test_more_changes_than_anybody_reads(self):
        """They are counted, and do not keep the listener where it is."""
        def lines(name):
            def change(facts):
                fetch = facts["policy_host"]["fetches"][0]
                fetch["body"] = fetch["body"].rstrip() + "\n" + "".join(f"mx: {name}{n}.bc\n" for n in range(900))
            return change
        self.told(0)
        self.run_on("\n".join(self.facts(n, lines("ab"[n % 2])) for n in range(1, 6)), "--notify", "false")
        story, codes = self.told(6, lines("a"), status=1)
        self.assertEqual((len(codes), codes[-1]), (story["changes"], "changes-left-out"))
        self.assertEqual(len(codes), 1001)
        left_out = int(story["notes"][1000]["evidence"]["count"])
        self.assertGreater(1000 + left_out, 9 * 900)
        self.assertEqual(self.told(12, lines("a"), status=1)[1], [])

    def test_what_could_not_be_written_is_told_again(self):
        self.watch(0)
        with open("/dev/full", "w") as full:
            result = self.run_on(self.facts(6, renewed), stdout=full)
        self.assertEqual(result.returncode, 70)
        self.assertIn(b"standard output", result.stderr)
        self.assertEqual(self.told(12, renewed)[1], ["certificate-renewed"])


class Killed(Watch):
    def test_killed_at_any_moment_each_change_is_told(self):
        """Each check turns the domain over; the pass is killed until the check is in the store."""
        rng = random.Random(5)
        least, kills, number = 24, 0, 2
        metrics = ("--prometheus", self.folder / "m.prom")
        self.watch(0, well, "--notify", self.keep)
        begun = time.monotonic()
        self.watch(1, expired, "--notify", self.keep, status=2)
        usual = time.monotonic() - begun
        while number < least or number % 2 or kills < KILLS:
            facts = self.facts(number, well if number % 2 == 0 else expired)
            while self.rows(f"SELECT count(*) FROM checked WHERE observed_at = {seconds(number)}") == [(0,)]:
                process = subprocess.Popen(self.command("watch", "--from", "-", "--notify", self.keep, *metrics),
                                           stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL, env=self.environment())
                process.stdin.write(facts.encode())
                process.stdin.close()
                time.sleep(rng.uniform(0.1, 1) * usual)
                process.send_signal(signal.SIGKILL)
                kills += process.wait() == -signal.SIGKILL
            number += 1
            begun = time.monotonic()
            self.watch(number, well if number % 2 == 0 else expired, "--notify", self.keep, *metrics,
                       status=2 * (number % 2))
            usual = time.monotonic() - begun  # the machine may have less to do now, or more
            number += 1
        rounds = number
        self.watch(rounds, well, "--notify", self.keep, *metrics)
        time.sleep(0.2)  # a command that outlived its parent
        print(f"watch: {kills} kills at work, {rounds} checks", file=sys.stderr)
        self.assertTrue(stores.Sqlite(self.folder).sound(self.where))
        self.assertEqual([p.name for p in self.folder.iterdir() if "prom" in p.name], ["m.prom"])
        self.assertEqual(self.rows("SELECT count(*) FROM checked"), [(rounds + 1,)])
        covered = set()
        for story in self.handed():
            since, until = (datetime.datetime.fromisoformat(story[k].replace("Z", "+00:00"))
                            for k in ("since", "observed_at"))
            steps = [n for n in range(1, rounds + 1)
                     if since < BEGIN + datetime.timedelta(hours=n) <= until]
            turns = [n for n in story["notes"] if n["code"] == "delivery-changed"]
            self.assertGreaterEqual(len(turns), len([n for n in steps if n < rounds]))
            covered.update(steps)
        self.assertEqual(covered, set(range(1, rounds + 1)) - ({rounds} if rounds % 2 else set()))


class Passes(Watch):
    """Many passes over a few domains: neither the store, nor memory, nor the time of a pass grows with them."""
    DOMAINS = 10
    KEEP = 2  # days

    def one(self, number):
        """Pass `number` of every three hours; its processor time and peak of memory."""
        lines = "\n".join(self.facts(3 * number, renewed if number % 7 == 0 else well, f"d{n}.example")
                          for n in range(self.DOMAINS))
        with tempfile.TemporaryFile() as given:
            given.write(lines.encode())
            given.seek(0)
            process = subprocess.Popen(
                self.command("watch", "--quiet", "--from", "-", "--notify", "true", "--keep", self.KEEP,
                             "--now", at(3 * number)), stdin=given, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, env=self.environment())
            error = stores.but_creation(process.stderr.read())
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
            process.stderr.close()
        self.assertEqual((status, error), (0, b""))
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss

    def test_nothing_grows(self):
        part = PASSES // 4
        sizes, times, peaks = [], [], []
        for number in range(PASSES):
            cpu, peak = self.one(number)
            times.append(cpu)
            peaks.append(peak)
            sizes.append(self.where.stat().st_size)
        self.assertEqual(self.rows("SELECT count(*) FROM checked"), [(self.DOMAINS * (8 * self.KEEP + 1),)])
        second, last = (sum(times[begin:begin + part]) for begin in (part, 3 * part))
        print(f"watch: {PASSES} passes of {self.DOMAINS} domains: {second / part * 1000:.1f} ms of processor a pass in the "
              f"second quarter, {last / part * 1000:.1f} in the last; store {sizes[PASSES // 2]} at half and {sizes[-1]} bytes; "
              f"peak {peaks[part]} and {peaks[-1]} KiB", file=sys.stderr)
        self.assertLessEqual(sizes[-1], 1.1 * sizes[PASSES // 2])
        self.assertLess(last, 10 * second)
        if not any("asan" in folder for folder in pathlib.Path(MTASTS).resolve().parts):
            self.assertLess(max(peaks[-part:]), 1.2 * max(peaks[part:2 * part]))


class Metrics(Watch):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "mtasts.prom"

    def metrics(self, hours, change=well, **more):
        self.watch(hours, change, "--prometheus", self.file, **more)
        return prometheus.parse(self.file.read_text())

    def sample(self, samples, name, **labels):
        return samples[(name, tuple(sorted({"domain": DOMAIN, **labels}.items())))]

    def test_values(self):
        samples = self.metrics(0, expired, status=2)
        self.assertEqual(self.sample(samples, "mtasts_finding", code="mx-cert-expired", severity="critical",
                                     subject="mx1.healthy.example"), 1)
        self.assertEqual(self.sample(samples, "mtasts_policy_max_age_seconds"), 604800)
        self.assertEqual(self.sample(samples, "mtasts_delivery", delivery="refused"), 1)
        self.assertFalse([labels for name, labels in samples if ("delivery", "protected") in labels])
        self.assertEqual(self.sample(samples, "mtasts_verdict"), 2)
        self.assertEqual(self.sample(samples, "mtasts_changes_total"), 0)
        version = subprocess.run([MTASTS, "--version"], capture_output=True, text=True).stdout.split()[1]
        self.assertEqual(samples[("mtasts_build_info", (("version", version),))], 1)
        self.assertLess(abs(samples[("mtasts_last_pass_timestamp_seconds", ())] - time.time()), 600)
        self.assertEqual(self.sample(samples, "mtasts_policy_mode", mode="enforce"), 1)
        self.assertEqual(self.sample(samples, "mtasts_certificate_expiry_timestamp_seconds", service="smtp",
                                     host="mx1.healthy.example", address="192.0.2.25"),
                         datetime.datetime(2026, 10, 30, tzinfo=datetime.timezone.utc).timestamp())
        self.assertEqual(self.sample(samples, "mtasts_check_timestamp_seconds"), seconds(0))
        self.assertEqual(self.sample(samples, "mtasts_check_duration_seconds"), 0.21)
        self.assertEqual(self.sample(samples, "mtasts_check_success"), 1)

    def test_one_hot(self):
        self.watch(0, expired, "--one-hot", "--prometheus", self.file, status=2)
        samples = prometheus.parse(self.file.read_text())
        self.assertEqual(self.sample(samples, "mtasts_verdict"), 2)
        for verdict in ("ok", "warning", "critical", "unknown"):
            self.assertEqual(self.sample(samples, "mtasts_verdict_state", verdict=verdict), verdict == "critical")
        self.assertEqual(self.sample(samples, "mtasts_delivery", delivery="refused"), 1)
        self.assertEqual(self.sample(samples, "mtasts_delivery", delivery="protected"), 0)

    def test_changes_are_counted_on(self):
        counts = [self.sample(self.metrics(hours, change, status=2 * (change is expired)), "mtasts_changes_total")
                  for hours, change in ((0, well), (6, well), (12, expired), (18, expired), (24, well))]
        self.assertEqual(counts[:2], [0, 0])
        self.assertGreater(counts[2], 0)
        self.assertEqual(counts[3], counts[2])
        self.assertGreater(counts[4], counts[3])
        self.file.write_text("this is none of ours\n")
        self.assertEqual(self.sample(self.metrics(30), "mtasts_changes_total"), 0)

    def test_what_was_not_delivered_is_not_counted(self):
        self.metrics(0)
        self.watch(6, expired, "--notify", "false", "--prometheus", self.file, status=70, error="notification")
        self.assertEqual(self.sample(prometheus.parse(self.file.read_text()), "mtasts_changes_total"), 0)

    def test_what_was_not_seen_stands_as_it_was(self):
        self.metrics(0)
        samples = self.metrics(6, silent_resolver, status=3)
        self.assertEqual(self.sample(samples, "mtasts_check_success"), 0)
        self.assertEqual(self.sample(samples, "mtasts_check_timestamp_seconds"), seconds(0))
        self.assertEqual(self.sample(samples, "mtasts_policy_max_age_seconds"), 604800)

    def test_hostile_text_is_escaped(self):
        def hostile(facts):
            second_mx(facts)
            name = 'mx"\\"\\010}{,1.example'  # all that a name may hold
            facts["mx"][1]["name"] = facts["mx_answer"]["records"][1]["host"] = name
        samples = self.metrics(0, hostile, status=2)
        subjects = {dict(labels).get("subject", "") for name, labels in samples if name == "mtasts_finding"}
        self.assertTrue(any('mx"' in s and "}{,1.example" in s and "\n" not in s for s in subjects), subjects)

    def test_the_file_is_replaced_whole(self):
        self.metrics(0)
        before = self.file.stat().st_ino
        self.metrics(6)
        self.assertNotEqual(self.file.stat().st_ino, before)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o644)
        self.assertEqual({p.name for p in self.folder.iterdir() if "prom" in p.name}, {"mtasts.prom"})

    def test_a_place_that_cannot_be_written(self):
        self.file = self.folder / "nowhere" / "mtasts.prom"
        self.watch(0, well, "--prometheus", self.file, status=70, error="nowhere")

    def test_the_reader_is_strict(self):
        head = "# HELP a b\n# TYPE a gauge\n"
        for bad in ("a 1\n", head + "a 1", head + "a 1\na 2\n", head + 'a{b="c} 1\n', head + "b 1\n",
                    head + 'a{b="\\x"} 1\n', head + "a one\n", head + 'a{b="1",b="2"} 1\n', head + "\n"):
            with self.assertRaises(ValueError, msg=bad):
                prometheus.parse(bad)
        self.assertEqual(prometheus.parse(head + 'a{b="c\\n\\"\\\\"} 1\n'), {("a", (("b", 'c\n"\\'),)): 1})


class Trouble(Watch):
    def test_wrong_usage(self):
        for word, *args in (("--interval", "--interval", "0", DOMAIN), ("--interval", "--interval", "5x", DOMAIN),
                            ("--interval", "--interval", "31d", DOMAIN), ("--interval", "--interval", "h", DOMAIN),
                            ("--interval", "--interval", "99999999999999d", DOMAIN),
                            ("cannot be combined", "--from", "x", DOMAIN), ("cannot be combined", "--from", "x", "--interval", "6h"),
                            ("domain",), ("--save", "--save", DOMAIN), ("not a domain", "not a domain")):
            result = subprocess.run(self.command("watch", *args), capture_output=True, env=self.environment())
            self.assertEqual(result.returncode, 64, args)
            self.assertIn(word, result.stderr.decode())
            self.assertFalse(self.where.exists())

    def test_a_store_that_is_none(self):
        self.where.write_text("no database, but longer than the head of one would be\n" * 10)
        result = self.run_on(self.facts(0, expired), "--prometheus", str(self.folder / "m.prom"))
        self.assertEqual(result.returncode, 70)
        self.assertRegex(result.stderr.decode(), r"\Amtasts: [^\n]*store.db[^\n]*\n\Z")
        self.assertIn("mx-cert-expired", result.stdout.decode())
        self.assertIn("mx-cert-expired", (self.folder / "m.prom").read_text())

    def test_a_store_that_is_full(self):
        """A limit on the size of files stands for a full disk."""
        names = [f"d{n}.example" for n in range(40)]
        self.run_on("\n".join(self.facts(0, well, name) for name in names))
        room = self.where.stat().st_size // 2  # less than the log of one batch of all domains
        lines = "\n".join(self.facts(6, renewed, name) for name in names)
        result = subprocess.run(
            ["prlimit", f"--fsize={room}", "sh", "-c", 'trap "" XFSZ; exec "$@"', "sh",
             *self.command("watch", "--from", "-", "--json", "--notify", self.keep)],
            input=lines.encode(), capture_output=True, env=self.environment(), timeout=60)
        self.assertEqual(result.returncode, 70, result)
        self.assertRegex(result.stderr.decode(), r"\Amtasts: [^\n]*store.db[^\n]*\n\Z")
        stories = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual({(s["domain"], s["changes"]) for s in stories}, {(name, 1) for name in names})
        again = [json.loads(line) for line in
                 self.run_on("\n".join(self.facts(12, renewed, n) for n in names), "--json").stdout.splitlines()]
        self.assertEqual({(s["domain"], s["changes"]) for s in again}, {(name, 1) for name in names})


class Units(unittest.TestCase):
    def setUp(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze here")
        folder = tempfile.TemporaryDirectory(prefix="mtasts-units-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        sandbox = (TOP / "systemd/sandbox").read_text()
        for path in (TOP / "systemd").glob("*.service.in"):
            unit = path.stem
            self.assertIn(f"'{unit}'", (TOP / "systemd/meson.build").read_text(), "it is installed")
            text = (TOP / f"systemd/{unit}.in").read_text()
            text = text.replace("@bindir@/mtasts", MTASTS).replace("@sandbox@", sandbox)
            self.assertNotIn("@", text.replace("@system-service", "").replace("@privileged", "").replace("@resources", ""))
            (self.folder / unit).write_text(text)
        for unit in ("mtasts-collect.socket", "mtasts-policyd.socket", "mtasts-send-reports.timer", "mtasts-serve.socket", "mtasts-watch.timer"):
            shutil.copy(TOP / "systemd" / unit, self.folder)

    def analyze(self, *args):
        return subprocess.run(["systemd-analyze", *map(str, args)], capture_output=True, text=True)

    def test_systemd_understands_them(self):
        result = self.analyze("verify", "--man=no", *self.folder.iterdir())
        self.assertEqual((result.stdout + result.stderr, result.returncode), ("", 0))

    def test_the_sandbox_is_tight(self):
        for unit in self.folder.glob("*.service"):
            threshold = 13 if "AF_NETLINK" in unit.read_text() else 12
            result = self.analyze("security", "--offline=true", f"--threshold={threshold}", unit)
            if "Unknown" in result.stderr or "unrecognized" in result.stderr:
                self.skipTest("this systemd-analyze does not judge units offline")
            self.assertEqual(result.returncode, 0, result.stdout[-3000:] + result.stderr)


if __name__ == "__main__":
    MTASTS = os.path.abspath(sys.argv.pop(1))
    while sys.argv[1:2] in (["--kills"], ["--passes"]):
        globals()[sys.argv[1][2:].upper()] = int(sys.argv[2])
        del sys.argv[1:3]
    unittest.main(verbosity=0)
