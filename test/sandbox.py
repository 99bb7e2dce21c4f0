#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the program has given up, tried from inside it: test/intruder.c is loaded into it and tries to open, write,
run, listen and connect when a subcommand has done its work.

usage: sandbox.py MTASTS INTRUDER        (run by the tests)"""

import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent
FACTS = str(TOP / "fuzz/corpus/facts/healthy.json")
MTASTS = INTRUDER = None
POLICY = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"
REPORT = ('{"report-id":"1","policies":[{"policy":{"policy-type":"sts","policy-domain":"d.example"},'
          '"summary":{"total-successful-session-count":5,"total-failure-session-count":0}}]}')
LANDLOCK_CREATE_RULESET = 444  # on every machine
ALONE = {"connect": "EAFNOSUPPORT"}
ABROAD = {"connect": "done"}


def landlock_version():
    return ctypes.CDLL(None).syscall(LANDLOCK_CREATE_RULESET, None, 0, 1)


class Parser(unittest.TestCase):
    """Whoever ends the process that parses harms nothing: another one goes on, and the store has each report once."""
    REPORTS = 20000
    MAIL = "From a@b.example Mon Nov 23 00:00:00 2026\nFrom: a@b.example\nContent-Type: application/tlsrpt+json\n\n"

    def children(self, pid):
        try:
            return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []

    def test_killed_while_it_works(self):
        with tempfile.TemporaryDirectory() as folder:
            box, store = f"{folder}/mbox", f"{folder}/s.db"
            pathlib.Path(box).write_text("".join(
                self.MAIL + REPORT.replace('"1"', f'"{n}"') + "\n\n" for n in range(self.REPORTS)))
            ingest = subprocess.Popen([MTASTS, "ingest", "--json", "--store", store, box], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
            killed = set()
            while ingest.poll() is None and len(killed) < 4:
                for child in set(self.children(ingest.pid)) - killed:
                    time.sleep(0.05)
                    os.kill(int(child), signal.SIGKILL)
                    killed.add(child)
                time.sleep(0.01)
            out, error = ingest.communicate(timeout=200)
            self.assertEqual(ingest.returncode, 0, error)
            self.assertTrue(killed)
            result = json.loads(out)
            self.assertEqual((result["new"], result["duplicates"], result["rejected"]), (self.REPORTS, 0, []), out)


class Inside(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("away", "work", "home"):
            (self.folder / name).mkdir()
        (self.folder / "away/secret").write_text("a stranger must not see this\n")
        (self.folder / "work/policy").write_text(POLICY)
        (self.folder / "work/report.json").write_text(REPORT)
        (self.folder / "work/list").write_text("")

    def tell(self, *words, stdin="", **environment):
        """What the intruder told, and the exit status."""
        run = subprocess.run(
            [MTASTS, *words], input=stdin, capture_output=True, text=True, timeout=120, cwd=self.folder / "work",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder / "home"),
                 "LD_PRELOAD": INTRUDER, "INTRUDER": str(self.folder / "away"), **environment})
        lines = [line.split(" ") for line in run.stderr.splitlines()]
        return {line[0]: line[1] for line in lines if len(line) == 2}, run

    def refused(self, network, *words, stdin="", statuses=(0,), **environment):
        told, run = self.tell(*words, stdin=stdin, **environment)
        wanted = {"read": "EACCES", "write": "EACCES", "run": "refused", "listen": "EPERM", "sniff": "EAFNOSUPPORT",
                  **network}
        if landlock_version() < 1:
            told["read"] = told["write"] = "EACCES"
        self.assertEqual(told, wanted, (words, run))
        self.assertIn(run.returncode, statuses, run)
        self.assertFalse((self.folder / "away/left-behind").exists() and landlock_version() >= 1)

    def test_what_computes_has_no_network(self):
        self.refused(ALONE, "lint", "policy", statuses=(0, 1))
        self.refused(ALONE, "explain", "max_age")
        self.refused(ALONE, "check", "--from", FACTS)
        self.refused(ALONE, "check", "--from", "-", stdin=pathlib.Path(FACTS).read_text())
        self.refused(ALONE, "generate", "--from", FACTS, "--out", "new/files", statuses=(0, 1))
        self.refused(ALONE, "report", "report.json")
        self.refused(ALONE, "report", "-", stdin=REPORT)

    def test_the_store_is_within_reach_and_nothing_else(self):
        self.refused(ALONE, "ingest", "report.json")
        self.refused(ALONE, "ingest", "report.json", "--store", "other.db")
        self.refused(ALONE, "report", "--store", "other.db")
        self.refused(ALONE, "check", "--from", FACTS, "--save")
        self.refused(ALONE, "ingest", "report.json", MTASTS_STORE=str(self.folder / "home/of-the-environment.db"))
        self.refused(ALONE, "watch", "--from", FACTS)
        self.refused(ALONE, "history", "healthy.example", statuses=(0, 3))

    def test_what_looks_has_a_network_to_connect_to(self):
        self.refused(ABROAD, "scan", "list")
        self.refused(ABROAD, "scan", "list", "--output", "results")
        self.refused(ABROAD, "check", "--resolver", "127.0.0.1@1", "--timeout", "1", "d.example", statuses=(3,))
        self.refused(ABROAD, "send-reports", "--organization", "Sender", "--mail-from", "a@b.example")

    def accepts(self, command, request, expected, role=""):
        """A service accepts where it listens and nowhere else."""
        web = self.folder / "work/web"
        service = subprocess.Popen(
            [MTASTS, command, "--no-config", "--listen", f"{role}unix:{web}"], stderr=subprocess.PIPE, text=True,
            cwd=self.folder / "work",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder / "home"), "LD_PRELOAD": INTRUDER,
                 "INTRUDER": str(self.folder / "away")})
        answer = b""
        with socket.socket(socket.AF_UNIX) as s:
            for _ in range(400):
                if s.connect_ex(str(web)) == 0:
                    break
                time.sleep(0.05)
            s.settimeout(60)
            s.sendall(request)
            while expected not in answer and (more := s.recv(4096)):
                answer += more
        service.terminate()
        _, error = service.communicate(timeout=60)
        told = dict(line.split(" ") for line in error.splitlines() if len(line.split(" ")) == 2)
        wanted = {"read": "EACCES", "write": "EACCES", "run": "refused", "listen": "EPERM", "sniff": "EAFNOSUPPORT", **ABROAD}
        if landlock_version() < 1:
            told["read"] = told["write"] = "EACCES"
        self.assertIn(expected, answer)
        self.assertEqual(told, wanted, error)
        self.assertFalse(web.exists())

    def test_the_web_service(self):
        self.accepts("serve", b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"store: ok")

    def test_the_policy_daemon(self):
        self.accepts("policyd", b"12:postfix .tld,", b"9:NOTFOUND ,")

    def test_the_collector(self):
        self.accepts("collect", b'{"domain": "d.example", "tlsrpt-record": "v=TLSRPTv1; rua=mailto:a@d.example"}\n', b"",
                     role="lines=")
        (self.folder / "work/log").write_text("Nov 22 10:00:00 mail postfix/smtp[7]: TLSRPT: status=success, domain=d.example\n")
        self.refused(ALONE, "collect", "audit", "log", statuses=(1,))
        self.refused(ABROAD, "collect", "--from-log", "--resolver", "127.0.0.1@1", "log")

    def test_a_folder_of_reports_may_hold_links(self):
        (self.folder / "work/reports").mkdir()
        (self.folder / "work/reports/link.json").symlink_to(self.folder / "home/report.json")
        (self.folder / "home/report.json").write_text(REPORT)
        told, run = self.tell("report", "--json", "reports")
        self.assertIn('"reports":1', run.stdout)
        self.assertNotEqual(told["write"], "done" if landlock_version() >= 1 else "")

    def test_the_command_of_notify_has_all_that_it_had(self):
        """It runs in a process that was begun before."""
        changed = pathlib.Path(FACTS).read_text().replace('"id=', '"id=9')
        told = self.folder / "away/told"
        notify = ("--notify", f"cat {self.folder}/away/secret - > {told}; true")
        later = ("--now", "2030-01-01T00:00:00Z")
        self.tell("watch", "--from", "-", *notify, stdin=pathlib.Path(FACTS).read_text())
        self.tell("watch", "--from", "-", *notify, *later, stdin=changed)
        if told.exists():  # something did change
            self.assertIn("a stranger must not see this", told.read_text())

    def test_it_can_be_switched_off(self):
        told, run = self.tell("lint", "policy", MTASTS_SANDBOX="off")
        self.assertEqual({told[name] for name in ("read", "write", "run", "connect")}, {"done"}, run)
        self.assertEqual(told["listen"], "EINVAL")  # it is not bound: nobody refused


if __name__ == "__main__":
    MTASTS, INTRUDER = map(os.path.abspath, sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
