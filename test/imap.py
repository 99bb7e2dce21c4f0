#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts ingest --account against Dovecot: what is read, stored, moved and left alone, and what is said.

Runs in the lab:  lab/enter test/imap.py [--kills N] [CASE...].  --kills: how often the program is killed between
fetching, storing and moving."""

import contextlib
import datetime
import ipaddress
import itertools
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

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
from mailbox_mails import demand, foreign, ids_of, mail, stored, tricky, wait_until  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
KILLS = 30
MANY = 500
PASSWORD = 'se"cr\\et ä'
random.seed()


# ---- servers -----------------------------------------------------------------------------------------------------

def make_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "imap test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
                   .not_valid_after(now + datetime.timedelta(days=9))
                   .add_extension(x509.BasicConstraints(True, None), True)
                   .add_extension(x509.SubjectAlternativeName(
                       [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
                   .sign(key, hashes.SHA256()))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


class Dovecot:
    """A server of its own.  more: lines of its configuration."""

    def __init__(self, folder, port, more=""):
        self.folder, self.port = folder, port
        self.mails = folder / "mails"
        folder.mkdir()
        self.mails.mkdir()
        os.chown(self.mails, 65534, 65534)
        make_certificate(folder)
        (folder / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in ("one", "two", "three")))
        (folder / "conf").write_text(f"""
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mails/%u
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={folder}/mails/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {port + 1}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
{more}
""")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(["dovecot", "-F", "-c", self.folder / "conf"], stderr=subprocess.DEVNULL)
        for _ in range(200):
            if subprocess.run(["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{self.port + 1}"],
                              stderr=subprocess.DEVNULL).returncode == 0:
                return self
            time.sleep(0.05)
        raise AssertionError("Dovecot does not start: " + self.log())

    def log(self):
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "log").read_text()[-2000:]
        return ""

    def children(self):
        """The processes that serve a session."""
        found = []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                name, rest = stat.read_text().rsplit(")", 1)
                if name.endswith("(imap") and int(rest.split()[1]) == self.process.pid:
                    found.append(int(stat.parent.name))
        return found

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    # The boxes are Maildirs.
    def box(self, user, folder=""):
        return self.mails / user / (f".{folder}" if folder else "")

    def deliver(self, user, mails, folder=""):
        box = self.box(user, folder)
        for part in ("tmp", "new", "cur"):
            (box / part).mkdir(parents=True, exist_ok=True)
        for place in (self.mails / user, box, box / "tmp", box / "new", box / "cur"):
            os.chown(place, 65534, 65534)
        for text in mails:
            name = f"{time.time_ns()}.x"
            (box / "tmp" / name).write_bytes(text)
            os.chown(box / "tmp" / name, 65534, 65534)
            (box / "tmp" / name).rename(box / "new" / name)

    def messages(self, user, folder=""):
        """Of each message its Message-ID and flags."""
        found = []
        for part in ("new", "cur"):
            for path in self.box(user, folder).joinpath(part).glob("*"):
                head = path.read_bytes().split(b"Message-ID: <", 1)[1].split(b"@", 1)[0].decode()
                found.append((head, path.name.partition(":2,")[2]))
        return sorted(found)

    def ids(self, user, folder=""):
        return [name for name, _ in self.messages(user, folder)]


class Setting:
    """A folder with a store, an accounts file and a server."""

    def __init__(self, folder, server, **keys):
        self.folder, self.server = folder, server
        self.store = folder / "store.db"
        self.accounts = folder / "accounts"
        (folder / "password").write_text(PASSWORD + "\n")
        self.write(**keys)

    def write(self, name="main", more="", **keys):
        folders = keys.pop("folders", [])
        lines = {"host": "127.0.0.1", "port": self.server.port + (keys.get("tls") != "starttls"), "user": "one", "password-file": "password",
                 **{key: value for key, value in keys.items() if key != "port" or value}}
        with open(self.accounts, "a") as file:
            file.write(f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in lines.items() if v is not None))
            file.write("".join(f"folder = {f}\n" for f in folders) + more)

    def command(self, *args, ca=None):
        return [MTASTS, "ingest", "--no-config", "--store", self.store, "--accounts", self.accounts,
                "--ca-file", ca or self.server.folder / "cert.pem", *args]

    def run(self, *args, ca=None, account="all"):
        return subprocess.run(self.command("--account", account, "--json", *args, ca=ca), capture_output=True,
                              text=True, timeout=60)

    def ingest(self, expected=0, **more):
        run = self.run(**more)
        demand(run.returncode == expected, f"status {run.returncode}", run.stdout + run.stderr + self.server.log())
        return json.loads(run.stdout)

    def stored(self):
        return stored(self.store)

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as store:
            return store.execute(sql).fetchall()


@contextlib.contextmanager
def setting(more="", **keys):
    with tempfile.TemporaryDirectory(prefix="mailbox-") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        server = Dovecot(folder / "server", next(PORTS), more).start()
        try:
            yield Setting(folder, server, **keys)
        finally:
            server.stop()


PORTS = itertools.count(14000, 10)
PLAIN_SERVER = """imap_capability = IMAP4rev1 UIDPLUS NAMESPACE
namespace inbox {
  inbox = yes
  prefix = INBOX.
  separator = .
}
"""


# ---- cases -------------------------------------------------------------------------------------------------------

def case_reports_are_stored_and_moved():
    """Among foreign mail, broken reports, and one that plays the server."""
    with setting(**{"move-to": "Reports/Read", "quarantine": "Reports/Unreadable"}) as at:
        at.server.deliver("one", [mail(n) for n in range(MANY)] + [foreign(n) for n in range(20)])
        at.server.deliver("one", [mail(9001, "{"), mail(9002, '{"organization-name": 1'), tricky(8000)])
        at.server.deliver("one", [mail(3, extra="X-Copy: 1\r\n").replace(b"<3@", b"<copy@")])
        seen = at.ingest(1)
        demand(seen["new"] == MANY + 1 and seen["duplicates"] == 1, "counts", seen)
        demand(seen["rejected_count"] == 2 and seen["other_mails"] == 20 and seen["complete"], "counts", seen)
        demand(at.stored() == ids_of([*range(MANY), 8000]), "what is stored")
        demand(at.server.messages("one") == sorted((f"f{n}", "") for n in range(20)),
               "foreign mail is left alone, without a flag", at.server.messages("one"))
        demand(at.server.ids("one", "Reports.Read") == sorted([*map(str, range(MANY)), "t8000", "copy"]), "moved")
        demand(at.server.ids("one", "Reports.Unreadable") == ["9001", "9002"], "quarantine")
        rejected = at.rows("SELECT source, why FROM quarantine ORDER BY id")
        demand(len(rejected) == 2 and all(s.startswith("imap:main/INBOX/") for s, _ in rejected), "reasons", rejected)
        again = at.ingest()
        demand(again["new"] == again["duplicates"] == again["rejected_count"] == 0, "nothing again", again)
        state = at.rows("SELECT name, folder, succeeded_at IS NOT NULL, fault, messages, added, others FROM intake_way"
                        " ORDER BY folder")
        demand(state == [("main", "", 1, None, 0, 0, 0), ("main", "INBOX", 1, None, MANY + 24, MANY + 1, 20)],
               "the state of the account and its folder", state)


def case_reports_are_left_where_they_are():
    """And are read once, by the number of the last; what was unread stays so."""
    with setting(host="localhost", tls="starttls", port=None) as at:
        at.server.deliver("one", [mail(n) for n in range(60)])
        demand(at.ingest()["new"] == 60, "the first time")
        at.server.deliver("one", [mail(60), foreign(1)])
        seen = at.ingest()
        demand((seen["new"], seen["duplicates"], seen["other_mails"]) == (1, 0, 1), "only what is new", seen)
        demand(all(flags == "" for _, flags in at.server.messages("one")), "no flag is set")
        (uid,) = at.rows("SELECT uid FROM folder_place")[0]
        demand(uid == 62, "the place", uid)


def case_a_folder_that_is_numbered_anew_is_read_anew():
    with setting() as at:
        at.server.deliver("one", [mail(n) for n in range(60)])
        demand(at.ingest()["new"] == 60, "the first time")
        before = at.rows("SELECT uidvalidity FROM folder_place")
        time.sleep(1.1)  # Dovecot makes the number of the time
        for path in at.server.box("one").glob("dovecot*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        at.server.deliver("one", [mail(60)])
        run = at.run()
        seen = json.loads(run.stdout)
        demand((seen["new"], seen["duplicates"]) == (1, 60), "duplicates are harmless", seen)
        demand("renumbered the messages in INBOX" in run.stderr, "it is said", run.stderr)
        demand(at.rows("SELECT uidvalidity FROM folder_place") != before, "the new number is kept")
        demand(at.stored() == ids_of(range(61)), "each once")


def case_several_accounts_and_folders():
    with setting(folders=["INBOX", "TLS/Berichte für uns"], **{"move-to": "Erledigt & gut"}) as at:
        at.write("second", user="two")
        at.write("third", user="three", folders=["INBOX"])
        at.server.deliver("one", [mail(n) for n in range(10)])
        at.server.deliver("one", [mail(n) for n in range(10, 30)], "TLS.Berichte f&APw-r uns")
        at.server.deliver("two", [mail(n) for n in range(30, 60)])
        at.server.deliver("three", [mail(n) for n in range(50, 70)])
        demand(at.ingest(account="second")["new"] == 30, "one account only")
        seen = at.ingest()
        demand((seen["new"], seen["duplicates"]) == (40, 10), "all accounts", seen)
        demand(at.stored() == ids_of(range(70)), "each once")
        demand(len(at.server.ids("one", "Erledigt &- gut")) == 30, "moved", list(at.server.box("one").iterdir()))
        demand(len(at.rows("SELECT name FROM intake_way")) == 3 + 2 + 1 + 1, "a state for each")


def case_a_server_without_move_and_idle():
    """Its folders lie below INBOX, and it has a separator of its own; only our messages are expunged."""
    with setting(PLAIN_SERVER, **{"move-to": "Reports/Read", "quarantine": "Bad"}) as at:
        at.server.deliver("one", [mail(n) for n in range(120)] + [foreign(1), mail(9001, "{")])
        deleted = at.server.box("one") / "cur" / "1.x:2,T"  # somebody else marked it
        at.server.deliver("one", [])
        deleted.write_bytes(foreign(2))
        os.chown(deleted, 65534, 65534)
        demand(at.ingest(1)["new"] == 120, "all are stored", at.server.log())
        demand(at.server.ids("one") == ["f1", "f2"], "the others' deletions are theirs", at.server.messages("one"))
        demand(len(at.server.ids("one", "Reports.Read")) == 120 and at.server.ids("one", "Bad") == ["9001"], "moved",
               [p.name for p in at.server.box("one").iterdir()])


def fails(at, *words, account="main", **more):
    run = at.run(account=account, **more)
    demand(run.returncode == 75, f"status {run.returncode}", run.stderr)
    lines = run.stderr.strip().splitlines()
    demand(len([line for line in lines if "no store" not in line and "new store" not in line]) >= 1, "a line", lines)
    for word in words:
        demand(word in run.stderr, f"{word!r} is missing", run.stderr)
    demand(PASSWORD not in run.stderr + run.stdout, "the password is not told")
    demand(not json.loads(run.stdout)["complete"], "incomplete", run.stdout)


def case_what_fails_is_said():
    with setting() as at:
        (at.folder / "wrong").write_text("no\n")
        (at.folder / "empty").write_text("\n")
        make_certificate(at.folder)  # another one
        at.write("wrong", **{"password-file": "wrong"})
        at.write("empty", **{"password-file": "empty"})
        at.write("missing", **{"password-file": "missing"})
        at.write("folder", folders=["Nothing"])
        at.write("closed", port=9)
        at.write("nobody", host="nobody.invalid")
        at.write("token", **{"token-file": "wrong", "password-file": None})
        at.write("mute", port=at.server.port, tls="implicit")
        fails(at, "wrong:", "rejected the user name or the password", account="wrong")
        fails(at, "file with the password or token is empty", account="empty")
        fails(at, "cannot be read", "No such file", account="missing")
        fails(at, "the folder cannot be opened: Nothing", account="folder")
        fails(at, "the connection failed", "refused", account="closed")
        fails(at, "no address was found", account="nobody")
        fails(at, "no way to sign in with an OAuth token", account="token")
        fails(at, "the TLS handshake failed", account="mute")
        fails(at, "certificate of the server was rejected", ca=at.folder / "cert.pem")
        state = dict(at.rows("SELECT name, fault FROM intake_way WHERE folder = ''"))
        folder = at.rows("SELECT fault FROM intake_way WHERE name = 'folder' AND folder = 'Nothing'")
        demand("cannot be opened" in folder[0][0], "the state of a folder", folder)
        demand("password" in state["wrong"] and "certificate" in state["main"], "the states", state)
        demand(at.ingest(account="main")["complete"], "and then it goes well")


def case_an_accounts_file_that_is_wrong():
    with setting() as at:
        for text, words in (("host = a\n", "begins with its name"), ("[a]\nhots = b\n", "did you mean host"),
                            ("[a]\nhost = b\nuser = c\n", "either password-file or token-file"),
                            ("[a]\nuser = c\npassword-file = p\n", "host and user"),
                            ("[a]\nhost = b\nuser = c\npassword-file = p\nport = 0\n", "1 to 65535"),
                            ("[a]\nhost = b\nuser = c\npassword-file = p\ntls = no\n", "implicit or starttls"),
                            ("[a]\nhost = b\nuser = c\npassword-file = p\nmove-to = INBOX\n", "that is read"),
                            ("[a]\nhost\n", ":2: expected KEY = VALUE"), ("", "no account")):
            at.accounts.write_text(text)
            run = at.run()
            demand(run.returncode == 64 and words in run.stderr, f"{words!r}", run.stderr)
        at.accounts.write_text("[main]\nhost = b\nuser = c\npassword-file = p\n")
        run = at.run(account="mian")
        demand(run.returncode == 64 and "did you mean main" in run.stderr, "another name", run.stderr)


def case_a_service_stores_what_arrives():
    """By IDLE; it outlives a server that dies, and ends when it is told to."""
    with setting(**{"move-to": "Read"}) as at:
        at.server.deliver("one", [mail(1)])
        service = subprocess.Popen(at.command("--account", "all", "--follow"), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        try:
            wait_until(lambda: at.server.ids("one", "Read") == ["1"], "what was there")
            at.server.deliver("one", [mail(2), foreign(1)])
            wait_until(lambda: at.server.ids("one", "Read") == ["1", "2"], "what comes")
            for child in at.server.children():
                os.kill(child, signal.SIGKILL)
            at.server.deliver("one", [mail(3)])
            wait_until(lambda: at.server.ids("one", "Read") == ["1", "2", "3"], "after its session was killed", 90)
            service.terminate()
            out, err = service.communicate(timeout=10)
        finally:
            service.kill()
        demand(service.returncode == 0, f"status {service.returncode}", err)
        demand("main: messages: 1, new reports: 1" in out and "connection was closed" in err, "what it says", out + err)
        demand(at.stored() == ids_of([1, 2, 3]), "each once")


def case_a_server_that_dies_in_the_middle():
    with setting(**{"move-to": "Read"}) as at:
        at.server.deliver("one", [mail(n) for n in range(MANY)])
        met = 0
        for _ in range(6):
            run = subprocess.Popen(at.command("--account", "main", "--quiet"), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            while not at.server.children() and run.poll() is None:
                time.sleep(0.002)
            time.sleep(random.random() * 0.1)
            for child in at.server.children():
                os.kill(child, signal.SIGKILL)
            met += run.wait(60) == 75
        demand(met, "none was met at work")
        at.ingest()
        demand(at.stored() == ids_of(range(MANY)), "each once")
        # A server that is killed while it moves may leave a message in both folders.
        demand(sorted(set(at.server.ids("one", "Read"))) == sorted(map(str, range(MANY))), "moved")
        demand(at.server.ids("one") == [], "nothing is left")


def case_killed_at_any_moment():
    """Nothing is lost, and nothing is there twice: neither in the store nor in the folders."""
    with setting(**{"move-to": "Read", "quarantine": "Bad"}) as at:
        numbers = list(range(MANY))
        at.server.deliver("one", [mail(n) for n in numbers] + [foreign(1), mail(9001, "{")])
        met, length = 0, 0.6
        for kill in range(KILLS):
            run = subprocess.Popen(at.command("--account", "main", "--quiet"), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            time.sleep(random.random() * length)
            ended = run.poll() is not None
            run.kill()
            run.wait()
            met += not ended
            if ended:  # all was done: more to do
                length = max(length * 0.7, 0.1)
                more = list(range(len(numbers), len(numbers) + MANY))
                at.server.deliver("one", [mail(n) for n in more])
                numbers += more
        demand(met > KILLS // 2, f"killed at work: {met} of {KILLS}")
        run = at.run()
        demand(run.returncode in (0, 1), f"status {run.returncode}", run.stderr + at.server.log())
        demand(at.stored() == ids_of(numbers), "each report once", len(at.stored()))
        demand(at.server.ids("one", "Read") == sorted(map(str, numbers)), "each message moved once")
        demand(at.server.ids("one") == ["f1"] and at.server.ids("one", "Bad") == ["9001"], "the others")


def main(args):
    global KILLS
    if args[:1] == ["--kills"]:
        KILLS = int(args[1])
        args = args[2:]
    if os.geteuid() != 0 or not shutil.which("dovecot"):
        print("mailbox: needs root and Dovecot: left out")
        return 0
    return cases.run(cases.named(sys.modules[__name__], args), beside=4)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
