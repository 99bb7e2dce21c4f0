#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts ingest --lmtp: what Postfix delivers is stored, each once, and confirmed only then.

Runs in the lab:  lab/enter test/lmtp.py [--kills N] [CASE...].  --kills: how often the service is killed while Postfix
delivers."""

import contextlib
import os
import pathlib
import pwd
import random
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
from mailbox_mails import demand, foreign, ids_of, mail, stored, wait_until  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
KILLS = 6
MANY = 100
PORT = 14900


class Service:
    """mtasts on a socket of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.store, self.socket = folder / "store/mtasts.db", folder / "lmtp"
        self.process = None
        self.store.parent.mkdir()

    def start(self):
        with open(self.folder / "out", "a") as out:
            self.process = subprocess.Popen(
                [MTASTS, "ingest", "--no-config", "--store", self.store, "--lmtp", f"unix:{self.socket}"], stdout=out,
                stderr=out, env={**os.environ, "LC_ALL": "C"})
        wait_until(self.answers, "the service listens")
        return self

    def answers(self):
        with contextlib.suppress(OSError), self.connect() as talk:
            return talk.getreply()[0] == 220
        return False

    def connect(self):
        """A dialogue; its greeting is to come."""
        return Talk(self.socket)

    def stop(self):
        self.process.terminate()
        demand(self.process.wait(10) == 0, "the service ends well", self.said())

    def said(self):
        return (self.folder / "out").read_text()


class Talk:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def getreply(self):
        """Code and last line."""
        while True:
            line = self.file.readline().decode()
            if not line:
                return 0, ""
            if line[3:4] != "-":
                return int(line[:3]), line.strip()

    def say(self, data, replies=1):
        self.socket.sendall(data)
        return [self.getreply() for _ in range(replies)]

    def envelope(self, recipients=1):
        demand(self.getreply()[0] == 220, "greeting")
        data = b"LHLO test\r\nMAIL FROM:<a@b.example>\r\n" + b"RCPT TO:<r@example.com>\r\n" * recipients
        codes = [code for code, _ in self.say(data + b"DATA\r\n", recipients + 3)]
        demand(codes == [250] * (recipients + 2) + [354], "envelope", codes)


@contextlib.contextmanager
def service():
    with tempfile.TemporaryDirectory(prefix="lmtp-") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        own = Service(folder).start()
        try:
            yield own
        finally:
            own.process.kill()
            own.process.wait()


# ---- Postfix -----------------------------------------------------------------------------------------------------

@contextlib.contextmanager
def postfix(folder, lmtp, port):
    conf, spool, data = folder / "postfix", folder / "spool", folder / "data"
    user = pwd.getpwnam("postfix").pw_uid
    for path in (conf, spool, data):
        path.mkdir()
    for name, mode in (("pid", 0o755), ("private", 0o700), ("public", 0o710), ("maildrop", 0o730),
                       *((n, 0o700) for n in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold",
                                              "incoming", "saved", "trace"))):
        (spool / name).mkdir(mode)
        if name != "pid":
            os.chown(spool / name, user, 0)
    os.chown(data, user, 0)
    (conf / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example
mydestination =
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
virtual_mailbox_domains = example.com
virtual_mailbox_maps = static:all
virtual_transport = lmtp:unix:{lmtp}
lmtp_destination_recipient_limit = 50
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
transport_retry_time = 1s
""")
    (conf / "master.cf").write_text(f"""
127.0.0.1:{port} inet n - n - 20 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
""")
    process = subprocess.Popen(["/usr/lib/postfix/sbin/master", "-d", "-c", str(conf)], stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: smtp(port), "Postfix listens")
        yield lambda: [p for name in ("incoming", "active", "deferred", "maildrop")
                       for p in (spool / name).rglob("*") if p.is_file()]
    finally:
        process.terminate()
        process.wait(10)


def smtp(port):
    with contextlib.suppress(OSError):
        return smtplib.SMTP("127.0.0.1", port, timeout=10)
    return None


def send(port, mails, recipients=("r@example.com",)):
    with smtp(port) as client:
        for text in mails:
            client.sendmail("a@b.example", recipients, text)


# ---- cases -------------------------------------------------------------------------------------------------------

def case_what_postfix_delivers_is_stored():
    """And what is no report, or a broken one, is confirmed all the same: nothing bounces."""
    with service() as own, postfix(own.folder, own.socket, PORT) as queue:
        send(PORT, [mail(n) for n in range(MANY)] + [foreign(1), mail(9001, "{")])
        send(PORT, [mail(3)], ["r@example.com", "s@example.com", "t@example.com"])
        wait_until(lambda: len(stored(own.store)) == MANY and not queue(), "all are stored", 20)
        log = (own.folder / "maillog").read_text()
        demand(stored(own.store) == ids_of(range(MANY)), "each once")
        demand("status=bounced" not in log and "status=deferred" not in log, "nothing bounces", log[-2000:])
        wait_until(lambda: "contains no TLS report" in own.said(), "foreign mail is noted")
        demand("lmtp:r@example.com: " in own.said(), "a line for each", own.said()[-500:])
        own.stop()


def case_killed_while_postfix_delivers():
    with service() as own, postfix(own.folder, own.socket, PORT + 1) as queue:
        numbers = 0
        for _ in range(KILLS):
            send(PORT + 1, [mail(n) for n in range(numbers, numbers + MANY)])
            numbers += MANY
            time.sleep(random.random() * 0.3)
            own.process.kill()
            own.process.wait()
            time.sleep(0.1)
            own.start()
        wait_until(lambda: not queue(), "the queue is empty", 30)
        demand(stored(own.store) == ids_of(range(numbers)), "each once", len(stored(own.store)))
        demand("status=bounced" not in (own.folder / "maillog").read_text(), "nothing bounces")
        own.stop()


def case_shapes_that_are_refused():
    with service() as own:
        with own.connect() as talk:
            talk.envelope(2)
            replies = talk.say(mail(1).replace(b"\r\n", b"\n", 1) + b"\r\n.\r\n", 2)
            demand([code for code, _ in replies] == [550, 550], "a bare LF, told to each", replies)
            demand(talk.say(b"NOOP\r\n")[0][0] == 250, "and on it goes")
        with own.connect() as talk:
            talk.envelope()
            demand(talk.say(b"x\n.\r\nMAIL FROM:<evil@b>\r\n.\r\n")[0][0] == 550, "smuggled behind LF")
            demand(talk.say(b"QUIT\r\n")[0][0] == 221, "nothing was smuggled in")
        with own.connect() as talk:
            talk.getreply()
            replies = talk.say(b"LHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: x\r\n.\r\n", 6)
            demand([code for code, _ in replies] == [250, 250, 250, 354, 521, 0], "behind DATA", replies)
        with own.connect() as talk:
            talk.getreply()
            demand(talk.say(b"LHLO a\r\nMAIL FROM:<a@b> SIZE=99999999\r\n", 2)[1][0] == 552, "too large")
        with own.connect() as talk:
            talk.getreply()
            demand(talk.say(b"x" * 5000)[0][0] == 521, "a line without end")
        demand(stored(own.store) == [], "nothing is stored")
        own.stop()


def case_a_full_disk_is_a_reason_to_come_again():
    with tempfile.TemporaryDirectory(prefix="lmtp-") as folder:
        own = Service(pathlib.Path(folder))
        disk = own.store.parent
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1200k", "lmtp", disk], check=True)
        try:
            own.start()
            taken, code, number = [], 250, 0
            while code == 250 and number < 40:
                with own.connect() as talk:
                    talk.envelope()
                    filler = " " * 40000
                    ((code, _),) = talk.say(mail(number).replace(b"\r\n\r\n{", f"\r\n\r\n{filler}{{".encode(), 1)
                                            + b".\r\n")
                taken += [number] if code == 250 else []
                number += 1
            demand(code == 451, f"full: {code}", own.said())
            demand(stored(own.store) == ids_of(taken), "what was confirmed is there")
            demand("no space left" in own.said(), "it is said", own.said())
            subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
            with own.connect() as talk:
                talk.envelope()
                demand(talk.say(mail(number) + b".\r\n")[0][0] == 250, "there is room again", own.said())
            demand(stored(own.store) == ids_of([*taken, number]), "stored")
            own.stop()
        finally:
            own.process.kill()
            own.process.wait()
            subprocess.run(["umount", disk], check=True)


def case_what_cannot_be_listened_on():
    for where, status, words in (("127.0.0.1:2003", 64, "expected unix:PATH"), ("unix:/nowhere/x", 70, "does not exist"),
                                 ("unix:/etc/passwd", 70, "not a socket")):
        run = subprocess.run([MTASTS, "ingest", "--no-config", "--lmtp", where], capture_output=True, text=True,
                             timeout=20)
        demand(run.returncode == status and words in run.stderr, where, run.stderr)


def main(args):
    global KILLS
    if args[:1] == ["--kills"]:
        KILLS = int(args[1])
        args = args[2:]
    if os.geteuid() != 0 or not shutil.which("postfix"):
        print("lmtp: needs root and Postfix: left out")
        return 0
    return cases.run(cases.named(sys.modules[__name__], args), beside=3)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    sys.exit(main(sys.argv[1:]))
