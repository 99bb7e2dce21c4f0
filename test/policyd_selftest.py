# SPDX-License-Identifier: MIT
"""Cases of test/policyd.py: mtasts policyd selftest, with the Postfix of this machine, and with some that are broken."""

import contextlib
import os
import pathlib
import signal
import subprocess
import tempfile

import schemas
import servers
from mailbox_mails import demand, wait_until

LIBRARIES = pathlib.Path("/usr/lib/postfix/sbin")
REFUSED = {"good": "delivered", "wrong-name": "refused", "expired": "refused", "no-starttls": "refused",
           "outside": "refused"}


class Bed:
    """A folder that stands for /etc/postfix, PATH and TMPDIR."""

    def __init__(self, folder, mtasts):
        self.folder, self.mtasts = pathlib.Path(folder), mtasts
        self.temporary = self.folder / "tmp"
        self.folder.chmod(0o755)
        self.temporary.mkdir()
        (self.folder / "main.cf").write_text("compatibility_level = 3.6\n")
        self.environment = {**os.environ, "MAIL_CONFIG": str(self.folder), "TMPDIR": str(self.temporary),
                            "PATH": f"{self.folder}:{os.environ['PATH']}", "LC_ALL": "C"}

    def words(self, *options):
        return [self.mtasts, "policyd", "selftest", "--no-config", *options]

    def run(self, *options, status=0, **more):
        done = subprocess.run(self.words(*options), env=self.environment, capture_output=True, text=True, timeout=90, **more)
        demand(done.returncode == status, f"ends with {status}", done)
        self.nothing_left()
        return done

    def nothing_left(self):
        wait_until(lambda: not list(self.temporary.iterdir()) and not self.processes(), "nothing is left")

    def processes(self):
        """Those of its Postfix: master, by its arguments, and what it has started, by what it hands down."""
        mark, found = f"{self.temporary}/mtasts-selftest-".encode(), []
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if b"master" in (words := (path / "cmdline").read_bytes()) and mark in words or \
                        b"MAIL_CONFIG=" + mark in (path / "environ").read_bytes():
                    found.append(int(path.name))
        return found

    def postconf(self, script):
        path = self.folder / "postconf"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


@contextlib.contextmanager
def bed(mtasts):
    with tempfile.TemporaryDirectory(prefix="pf-", dir="/tmp") as folder:
        yield Bed(folder, mtasts)


def outcomes(done):
    checker = schemas.Checker()
    document = checker.document("policyd selftest", done.stdout)
    demand(not checker.faults, "the schema", checker.faults)
    return document, {case["name"]: case["outcome"] for case in document["cases"]}


def works(own):
    document, seen = outcomes(own.run("--json"))
    demand(seen == REFUSED and document["right"] and
           all(case["reply"].startswith("OK secure match=") for case in document["cases"]), "real Postfix", document)
    text = own.run().stdout
    demand(text.startswith(f"Postfix {document['postfix']}, {document['map']}: it delivers to the server that the policy") and
           "expired, expired certificate: refused" in text, "in words", text)
    demand(len(own.run("--quiet").stdout.splitlines()) == 1, "the verdict alone")
    demand("Postfix" in own.run("--lang", "de").stdout, "in German")


def ignores_policies(own):
    """A Postfix in which no policy counts: it delivers whatever the server is."""
    for path in LIBRARIES.iterdir():
        (own.folder / path.name).symlink_to(path)
    (own.folder / "smtp").unlink()
    (own.folder / "smtp").write_text(f'#!/bin/sh\nexec {LIBRARIES}/smtp "$@" -o smtp_tls_policy_maps=\n')
    (own.folder / "smtp").chmod(0o755)
    (own.folder / "main.cf").write_text(f"compatibility_level = 3.6\ndaemon_directory = {own.folder}\n")
    document, seen = outcomes(own.run("--json", status=2))
    demand(set(seen.values()) == {"delivered"} and not document["right"] and
           not any(case["reply"] for case in document["cases"]), "no policy counts", document)
    text = own.run(status=2).stdout
    demand("it delivers to servers that the policy forbids" in text and "did not ask for its policy" in text, "said", text)


def cannot_start(own):
    """Its master ends at once; and a Postfix that is too old, none, and one without its user."""
    (own.folder / "main.cf").write_text(f"daemon_directory = {own.folder}\n")
    (own.folder / "master").unlink()
    (own.folder / "master").symlink_to("/bin/false")
    demand("did not try all messages" in own.run(status=3).stderr, "it ends at once")
    settings = "daemon_directory = /x\\nsendmail_path = /y"
    for script, why in ((f"printf 'mail_version = 3.3.9\\n{settings}\\n'", "Postfix 3.3.9 is too old"),
                        ("exit 1", "no Postfix on this machine"),
                        (f"printf 'mail_version = 3.7.1\\nmail_owner = no-such-user\\n{settings}\\n'", "no-such-user")):
        own.postconf(script)
        demand(why in own.run(status=70).stderr, why)
    own.run("example.com", status=64)


def killed(own, number, status):
    """In the midst of it: its Postfix has begun, and has not tried all."""
    process = subprocess.Popen(own.words(), env=own.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: len(own.processes()) > 2, "Postfix has begun")
    process.send_signal(number)
    demand(process.wait(30) == status, "it ends", process.returncode)
    own.nothing_left()


def case_selftest():
    if not servers.can_run_postfix():
        print("skipped: only one user is mapped here, so Postfix cannot run")
        return
    mtasts = os.environ.get("MTASTS", str(pathlib.Path(__file__).resolve().parent.parent / "build/mtasts"))
    with bed(mtasts) as own:
        works(own)
        killed(own, signal.SIGKILL, -signal.SIGKILL)
        killed(own, signal.SIGTERM, 70)
        ignores_policies(own)
        cannot_start(own)
    with bed(mtasts) as own:
        done = subprocess.run(own.words(), env=own.environment, user="nobody", capture_output=True, text=True, timeout=60)
        demand(done.returncode == 70 and "only root" in done.stderr, "who is not root", done)
