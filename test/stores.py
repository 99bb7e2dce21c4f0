# SPDX-License-Identifier: MIT
"""Stores for the tests: files of SQLite, and databases of a PostgreSQL that the test starts itself.

The server listens on a socket in a folder of its own, never on an address, and runs as the user of
the test; root, whom it refuses, lends it the user nobody.  It ends with the test, whatever ends that."""

import ctypes
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

# of the newest release that is installed
POSTGRES = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), default=pathlib.Path("/nonexistent"),
               key=lambda folder: int(folder.parent.name))
NOBODY = 65534
REPORTS = """SELECT r.submitter, r.report_id, r.begins, r.ends, r.revision, r.mailed_at, r.source, r.trust, r.part,
 r.wrapping, r.file_name, r.header_domain, r.header_submitter, r.subject, {raw} FROM report r
 ORDER BY r.identity, r.revision"""
POLICIES = """SELECT r.submitter, r.report_id, r.revision, p.place, d.name, p.type, p.successful, p.failed
 FROM report r JOIN report_policy p ON p.report = r.id LEFT JOIN domain d ON d.id = p.domain_id
 ORDER BY r.identity, r.revision, p.place"""


def but_creation(stderr):
    """Standard error without the line that a store was created by this call: it can only be the first."""
    pattern = r"\Amtasts: [^\n]+: new database created\n"
    return re.sub(pattern if isinstance(stderr, str) else pattern.encode(), stderr[:0], stderr)


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.number = 0

    def fresh(self):
        self.number += 1
        return str(self.folder / f"{self.number}.db")

    def rows(self, where, sql):
        with sqlite3.connect(where, timeout=60) as db:
            return db.execute(sql).fetchall()

    change = rows

    def texts(self, where, sql):
        """Of rows of one column."""
        return [row[0] for row in self.rows(where, sql)]

    def content(self, where):
        """All of the reports but when they came in, in an order that does not depend on it either."""
        if not os.path.exists(where) or not self.rows(where, "SELECT 1 FROM sqlite_schema WHERE name = 'report'"):
            return [], []
        return self.rows(where, REPORTS.format(raw="hex(r.raw)")), self.rows(where, POLICIES)

    def sound(self, where):
        return not os.path.exists(where) or (self.rows(where, "PRAGMA integrity_check") == [("ok",)]
                and self.rows(where, "PRAGMA foreign_key_check") == [])

    def close(self):
        pass


def lend(parent):
    """Before exec: as nobody if we are root, and never longer than the test."""
    def prepare():
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(98)
    return prepare


class Postgres:
    name = "PostgreSQL"

    @staticmethod
    def installed():
        return (POSTGRES / "postgres").exists() and shutil.which("psql")

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="mtasts-pg-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        self.number = 0
        self.server = None
        subprocess.run([POSTGRES / "initdb", "-D", "data", "-U", "tester", "--auth=trust", "--no-sync",
                        "--encoding=UTF8", "--locale=C"], cwd=self.folder, preexec_fn=lend(os.getpid()),
                       stdout=subprocess.DEVNULL, check=True)
        self.start()

    def start(self):
        with open(f"{self.folder}/log", "ab") as log:
            self.server = subprocess.Popen(
                [POSTGRES / "postgres", "-D", "data", "-c", "listen_addresses=", "-c",
                 f"unix_socket_directories={self.folder}", "-c", "shared_buffers=16MB"],
                cwd=self.folder, preexec_fn=lend(os.getpid()), stdout=log, stderr=log)
        for _ in range(600):
            if self.psql("postgres", "SELECT 1", check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"the server did not start: {pathlib.Path(self.folder, 'log').read_text()}")

    def stop(self, how=signal.SIGINT):
        self.server.send_signal(how)
        self.server.wait()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)

    def psql(self, database, sql, check=True):
        return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "tester", database],
                              input=f"SET search_path = mtasts, public; {sql}", capture_output=True, text=True,
                              check=check)

    def fresh(self):
        self.number += 1
        self.psql("postgres", f"CREATE DATABASE store{self.number}")
        return f"postgresql://tester@{self.folder.replace('/', '%2F')}/store{self.number}"

    def rows(self, where, sql):
        return self.psql(where.rsplit("/", 1)[1], sql).stdout.splitlines()

    change = texts = rows

    def content(self, where):
        if self.rows(where, "SELECT to_regclass('mtasts.report') IS NULL") == ["t"]:
            return [], []
        return self.rows(where, REPORTS.format(raw="encode(r.raw, 'hex')")), self.rows(where, POLICIES)

    def sound(self, where):
        return True
