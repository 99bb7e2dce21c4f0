#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""docs/service.md does what it says, in each language: its commands are run, its nginx passes requests on, and a backup
brings back what was there.

usage: service_guide.py MTASTS

A line "$ COMMAND" of a block is a command; systemctl, apt and journalctl are those of this test, which starts and stops
the service and nginx, and the paths of the system lead into a folder of its own."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import stores  # noqa: E402
from service import free_port  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parent.parent
MTASTS = os.path.abspath(sys.argv[1])
REPORT = (TOP / "test/reports/all-types.json").read_text()
SHIM = """#!/bin/sh
echo "$(basename "$0") $*" >&2
"""


def demand(truth, what):
    if not truth:
        raise AssertionError(what)


class Machine:
    """What the guide is about: a service, nginx, and where they keep their things."""

    def __init__(self, folder, postgres):
        self.folder, self.port, self.tls = pathlib.Path(folder), free_port(), free_port()
        self.postgres, self.service, self.nginx, self.log = postgres, None, None, self.folder / "log"
        for name in ("var/lib/mtasts", "var/backups", "bin"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "conf").write_text("")
        self.log.write_text("")
        for name in ("systemctl", "apt"):
            (self.folder / "bin" / name).write_text(SHIM)
            (self.folder / "bin" / name).chmod(0o755)
        (self.folder / "bin/journalctl").write_text(f"#!/bin/sh\ngrep 'first start' {self.log}\n")
        (self.folder / "bin/journalctl").chmod(0o755)
        os.symlink(MTASTS, self.folder / "bin/mtasts")
        self.store = self.folder / "var/lib/mtasts/mtasts.db"
        self.environment = {**os.environ, "PATH": f"{self.folder}/bin:{stores.POSTGRES}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def start(self):
        with open(self.log, "ab") as log:
            self.service = subprocess.Popen(
                [MTASTS, "serve", "--config", self.folder / "conf", "--listen", f"127.0.0.1:{self.port}", "--store", self.store],
                stderr=log, stdin=subprocess.DEVNULL, env=self.environment)
        for _ in range(600):
            if socket.socket().connect_ex(("127.0.0.1", self.port)) == 0:
                return
            demand(self.service.poll() is None, self.log.read_text())
            time.sleep(0.05)

    def stop(self):
        if self.service:
            self.service.send_signal(signal.SIGTERM)
            demand(self.service.wait(60) == 0, self.log.read_text())
            self.service = None

    def serve_nginx(self, server):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=mtasts.example.com", "-keyout", self.folder / "key", "-out", self.folder / "cert"],
                       check=True, capture_output=True)
        server = re.sub(r"\S+/fullchain.pem", f"{self.folder}/cert", server)
        server = re.sub(r"\S+/privkey.pem", f"{self.folder}/key", server)
        server = server.replace("listen 443", f"listen 127.0.0.1:{self.tls}").replace(":8460", f":{self.port}")
        temp = "".join(f"{name}_temp_path {self.folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"daemon off; {user} pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{temp}{server}}}\n")
        self.nginx = subprocess.Popen(["nginx", "-e", self.folder / "nginx.log", "-c", self.folder / "nginx.conf"])
        for _ in range(600):
            if socket.socket().connect_ex(("127.0.0.1", self.tls)) == 0:
                return
            time.sleep(0.05)

    def run(self, command):
        words = command.split()
        if words[0] == "systemctl" and "mtasts-serve" in command:
            if words[1] in ("stop", "restart"):
                self.stop()
            if words[1] in ("start", "enable", "restart"):
                self.start()
            return ""
        for path in ("/var/lib/mtasts", "/var/backups"):
            command = command.replace(path, f"{self.folder}{path}")
        command = command.replace("localhost:8460", f"127.0.0.1:{self.port}").replace("postgresql:///mtasts", f"'{self.postgres}'")
        command = command.replace("curl -fsS https://mtasts.example.com/", f"curl -fsSk --resolve mtasts.example.com:{self.tls}:127.0.0.1 "
                                  f"https://mtasts.example.com:{self.tls}/")
        done = subprocess.run(["bash", "-c", command], env=self.environment, capture_output=True, text=True, cwd=self.folder)
        demand(done.returncode == 0, f"{command}: {done.stderr}{self.log.read_text()[-500:]}")
        return done.stdout

    def ingest(self, number):
        for store in [self.store] + ([self.postgres] if self.postgres else []):
            subprocess.run([MTASTS, "ingest", "--store", store, "-"], input=REPORT.replace("_a.example", f"_{number}.example"), text=True,
                           env=self.environment, check=True, capture_output=True)

    def reports(self, store):
        done = subprocess.run([MTASTS, "report", "--json", "--store", store], env=self.environment, capture_output=True, text=True)
        return json.loads(done.stdout)["reports"]

    def end(self):
        self.stop()
        if self.nginx:
            self.nginx.terminate()
            self.nginx.wait()


def follow(machine, text):
    """Each command in its order; what is backed up is there again after the restore, and nothing else."""
    ran = []
    for block in re.findall(r"^```(nginx|)\n(.*?)^```$", text, re.M | re.S):
        if block[0] == "nginx":
            server = block[1]
        elif "base-url" in block[1]:
            (machine.folder / "conf").write_text(block[1])
        for command in re.findall(r"^\$ (.+)$", block[1], re.M):
            if command.startswith(("pg_", "psql")) and not machine.postgres:
                continue
            if "VACUUM" in command:
                machine.ingest(0)
            if command == "systemctl stop mtasts-serve.service":
                machine.ingest(1)
                demand(machine.reports(machine.store) == 2, "the second report is not there")
            if command == "systemctl reload nginx.service":
                machine.serve_nginx(server)
            said = machine.run(command)
            ran.append(command)
            if "journalctl" in command:
                demand("/setup#" in said, f"no link: {said}")
            if "integrity_check" in command:
                demand(said == "ok\n", said)
    demand(machine.reports(machine.store) == 1, "the backup is not what is there")
    if machine.postgres:
        demand(machine.reports(machine.postgres) == 1, "the backup of PostgreSQL is not what is there")
    return ran


def main():
    if not all(shutil.which(name) for name in ("nginx", "sqlite3", "curl", "openssl")):
        print("service_guide: left out, since nginx, sqlite3, curl or openssl is missing")
        return 77
    server = stores.Postgres() if stores.Postgres.installed() else None
    ran = []
    for name in ("service.md", "service.de.md"):
        with tempfile.TemporaryDirectory() as folder:
            machine = Machine(folder, server.fresh() if server else None)
            try:
                ran.append(follow(machine, (TOP / "docs" / name).read_text()))
            finally:
                machine.end()
    if server:
        server.close()
    demand(ran[0] == ran[1], "the languages have different commands")
    print(f"service_guide: {len(ran[0])} commands in each language")
    return 0


sys.exit(main())
