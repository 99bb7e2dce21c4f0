#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts collect: what mail servers send is in the store, through real sockets, whatever becomes of the service.

Runs in the lab:  lab/enter test/collect.py [CASE...]."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
from mailbox_mails import demand, wait_until  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
QLEN = int(pathlib.Path("/proc/sys/net/unix/max_dgram_qlen").read_text())
RECORD = "v=TLSRPTv1;rua=mailto:tls-reports@example.com"


def event(domain="example.com", **policy):
    """As libtlsrpt 0.5.1 writes it."""
    return {"dpv": "1", "d": domain, "pr": RECORD,
            "policies": [{"policy-type": 2, "policy-domain": domain, "policy-string": ["version: STSv1", "mode: enforce"],
                          "mx-host": [f"*.{domain}"], "t": 0, "f": 0, **policy}]}


def failure(code, **detail):
    return {"t": 1, "f": 1, "failure-details": [{"c": code, "s": "192.0.2.1", "n": "mx.example.com", **detail}]}


class Collector:
    def __init__(self, folder, *options):
        self.folder, self.options = folder, options
        self.path, self.store = folder / "socket", folder / "store.db"
        self.process = None

    def start(self, command=(), listen=True):
        own = ["--listen", f"unix:{self.path}"] if listen else []
        with open(self.folder / "out", "a") as out:
            self.process = subprocess.Popen([*command, MTASTS, "collect", "--no-config", "--store", self.store, *own,
                                             *self.options], stdout=out, stderr=out, env={**os.environ, "LC_ALL": "C"})
        wait_until(self.listens, "the collector listens")
        return self

    def listens(self):
        with contextlib.suppress(OSError), client(self.path):
            return True
        return False

    def send(self, *events):
        """Waits where the socket is full, as nobody is to lose anything here."""
        with client(self.path) as to:
            for one in events:
                to.send(one if isinstance(one, bytes) else json.dumps(one).encode())

    def stop(self, status=0):
        self.process.terminate()
        demand(self.process.wait(40) == status, f"the collector ends with {status}", self.said())
        return self

    def said(self):
        return (self.folder / "out").read_text()

    def ask(self, sql):
        with contextlib.closing(sqlite3.connect(self.store)) as db:
            return db.execute(sql).fetchall()

    def sums(self):
        return {domain: (good, bad) for domain, good, bad in self.ask(
            "SELECT domain, SUM(successful), SUM(failed) FROM counted_domain GROUP BY domain")}

    def received(self):
        """All of it that is stored."""
        return self.ask("SELECT COALESCE(SUM(received), 0) FROM collected")[0][0] if self.store.exists() else 0


def listens(path):
    """Is there a socket of connections that somebody accepts?"""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as to:
        to.connect(str(path))
        return True
    return False


@contextlib.contextmanager
def client(path):
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as to:
        to.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        to.connect(str(path))
        yield to


@contextlib.contextmanager
def collector(*options, **more):
    with tempfile.TemporaryDirectory(prefix="collect-") as folder:
        own = Collector(pathlib.Path(folder), *options).start(**more)
        try:
            yield own
        finally:
            own.process.kill()
            own.process.wait()


def expect(actual, wanted, what):
    demand(actual == wanted, what, f"{actual} in place of {wanted}")


# ---- what is sent ------------------------------------------------------------------------------------------------

def case_every_kind_of_event_is_counted():
    without = {k: v for k, v in event("old.example").items() if k != "dpv"}
    tlsa = event("dane.example", **{"policy-type": 1, "policy-domain": "mx.dane.example", "policy-string": ["3 1 1 aa"]},
                 **failure(203, r="198.51.100.1"))
    none = event("none.example", **{"policy-type": 9, "policy-string": [], "mx-host": []})
    both = event("both.example")
    both["policies"] = event("both.example", **{"policy-type": 1}, **failure(203))["policies"] + none["policies"]
    with collector() as own:
        own.send(event(), event(), event(**failure(202)), without, tlsa, none, both)
        own.stop()
        expect(own.sums(), {"example.com": (2, 1), "old.example": (1, 0), "dane.example": (0, 1), "none.example": (1, 0),
                            "both.example": (1, 1)}, "what is counted")
        expect(own.ask("SELECT d.type, p.type, p.policy_domain, d.receiving_ip, d.sessions FROM counted_detail d"
                       " JOIN counted_policy p ON p.id = d.policy JOIN counted_domain c ON c.id = p.counted"
                       " WHERE c.domain = 'dane.example'"),
               [("certificate-not-trusted", "tlsa", "mx.dane.example", "198.51.100.1", 1)], "the failure")


def case_the_reply_to_ehlo_makes_no_failure_of_its_own():
    with collector() as own:
        own.send(*(event(**failure(201, h=f"mx.example.com ESMTP 12:00:{n:02d}\r\nPIPELINING\r\nSIZE {n}"))
                   for n in range(50)))
        own.stop()
        expect(own.ask("SELECT helo, sessions FROM counted_detail"), [("mx.example.com", 50)], "one kind of failure")


def case_nonsense_is_counted_and_named():
    nonsense = [b"", b"\xff\xfe", b"[]", b"{}", b'{"d":"a b"}', b'{"policies":5}', b"[" * 100000,
                json.dumps({**event(), "policies": 5}).encode(), json.dumps({**event(), "pr": "v=spf1"}).encode()]
    with collector() as own:
        own.send(*nonsense, event())
        own.stop()
        expect(own.ask("SELECT received, malformed, truncated, lost FROM collected"), [(len(nonsense) + 1, len(nonsense), 0, 0)],
               "what is rejected")
        for reason in ("not-json", "no-domain", "no-record", "no-policy"):
            demand(f"rejected an event ({reason})" in own.said(), f"{reason} is named", own.said())


def case_long_events_are_whole():
    """A policy with 450 long mx lines: 48 kB, which arrives; and one that is too long for anybody."""
    lines = [f"mx: {'x' * 40}{n}.{'y' * 40}.example" for n in range(450)]
    with collector() as own:
        own.send(event(**{"policy-string": lines, "mx-host": [line[4:] for line in lines]}))
        with contextlib.suppress(OSError):  # of the kernel of most machines it is too long
            own.send(event(**{"policy-string": ["z" * 300000]}))
        own.stop()
        expect(own.sums(), {"example.com": (1, 0)}, "what is counted")
        expect(own.ask("SELECT length(lines), length(mx) FROM counted_policy"),
               [(len("\n".join(lines)), len("\n".join(line[4:] for line in lines)))], "the policy is whole")


def case_two_texts_of_a_record_are_two_reports():
    with collector() as own:
        own.send(event(), {**event(), "pr": "v=TLSRPTv1 ; x=y; rua=https://example.com/"}, event())
        own.stop()
        expect(own.ask("SELECT record, successful FROM counted_domain ORDER BY id"),
               [(RECORD, 2), ("v=TLSRPTv1 ; x=y; rua=https://example.com/", 1)], "the records")


# ---- what becomes of the service ---------------------------------------------------------------------------------

def case_killed_it_has_what_it_stored():
    """What came more than a flush ago outlives a kill, and is counted once."""
    with collector() as own:
        for turn in range(1, 4):
            own.send(*(event(f"d{n}.example") for n in range(100)))
            wait_until(lambda wanted=100 * turn: own.received() == wanted, "it is stored", 30)
            own.process.send_signal(signal.SIGKILL)
            own.process.wait()
            own.start()
        own.stop()
        expect(own.sums(), {f"d{n}.example": (3, 0) for n in range(100)}, "each is counted once a turn")


def case_a_store_that_is_away_is_waited_for():
    with collector() as own:
        own.send(event())
        wait_until(lambda: own.received() == 1, "the first one is stored", 30)
        lock = sqlite3.connect(own.store, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        own.send(*(event() for _ in range(1000)))
        time.sleep(1)
        lock.execute("ROLLBACK")
        lock.close()
        own.stop()
        expect(own.sums(), {"example.com": (1001, 0)}, "nothing is lost and nothing counted twice")


def case_a_store_that_cannot_be_written_is_said_so():
    with collector() as own:
        own.store.mkdir()
        own.send(event())
        wait_until(lambda: "store.db" in own.said(), "the failure is said", 30)
        own.send(event())
        own.store.rmdir()
        own.stop()
        expect(own.sums(), {"example.com": (2, 0)}, "all is stored once it can be")


def case_two_collectors_share_a_store():
    with collector("--name", "relay1.example") as own, tempfile.TemporaryDirectory(prefix="collect-") as folder:
        other = Collector(pathlib.Path(folder), "--name", "relay2.example")
        other.store = own.store
        other.start()
        try:
            own.send(*(event() for _ in range(500)))
            other.send(*(event() for _ in range(300)))
        finally:
            other.stop()
        own.stop()
        expect(own.sums(), {"example.com": (800, 0)}, "the sum")
        expect(own.ask("SELECT collector, received FROM collected ORDER BY collector"),
               [("relay1.example", 500), ("relay2.example", 300)], "what each received")


def case_the_service_manager_opens_the_socket():
    with tempfile.TemporaryDirectory(prefix="collect-") as folder:
        own = Collector(pathlib.Path(folder))
        own.start(command=("systemd-socket-activate", "--datagram", "-E", "LC_ALL=C", "-l", str(own.path)), listen=False)
        try:
            own.send(event())
            wait_until(lambda: own.received() == 1, "it is stored", 30)
        finally:
            own.process.terminate()
            own.process.wait(40)
        expect(own.sums(), {"example.com": (1, 0)}, "what is counted")
        demand(own.path.exists(), "the socket is the manager's, and stays")


def case_metrics_are_written():
    with tempfile.TemporaryDirectory(prefix="collect-") as folder:
        metrics = pathlib.Path(folder) / "metrics"
        with collector("--prometheus", metrics) as own:
            own.send(event(), b"nonsense")
            own.stop()
        text = metrics.read_text()
        for line in ("mtasts_collect_received_events_total 2", 'mtasts_collect_rejected_events_total{reason="not-json"} 1',
                     "mtasts_collect_unstored_bytes 0"):
            demand(f"{line}\n" in text, line, text)


def case_a_short_queue_is_warned_of():
    with collector() as own:
        own.stop()
        demand(("net.unix.max_dgram_qlen" in own.said()) == (QLEN <= 10), "the warning", own.said())


# ---- audit -------------------------------------------------------------------------------------------------------

LOGGED = "{at} mail postfix/smtp[7]: TLSRPT: status={status}, domain={domain}, receiving_mx=mx.{domain}[192.0.2.1]"
UNSENT = "{at} mail postfix/smtp[7]: warning: Could not report TLS handshake result to tlsrpt library: words (errno {error})"


def audit(own, *lines):
    log = own.folder / "mail.log"
    log.write_text("".join(f"{line}\n" for line in lines))
    done = subprocess.run([MTASTS, "collect", "audit", "--no-config", "--store", own.store, log], capture_output=True,
                          text=True, timeout=60, env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stdout + done.stderr


def case_an_audit_finds_what_is_missing():
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    good = LOGGED.format(at=at, status="success", domain="example.com")
    bad = LOGGED.format(at=at, status="failure", domain="example.com")
    with collector() as own:
        own.send(event(), event(), event(**failure(202)))
        own.stop()
        day = own.ask("SELECT MAX(day) FROM collected")[0][0]
        if day != int(time.time()) // 86400:
            return  # midnight passed by
        status, text = audit(own, good, bad, "nonsense", good)
        demand(status == 0 and f"{at[:10]}            3            3            3            0\n" in text, "all is counted", text)
        demand("example.com" not in text, "no domain differs", text)
        demand("  3  not reported yet: reports are made when the day" in text, "what is not reported is named", text)
        status, text = audit(own, good, good, good, good, bad, UNSENT.format(at=at, error=11),
                             LOGGED.format(at=at, status="success", domain="other.example"))
        demand(status == 1 and "  1  not sent, queue of the socket full" in text and "  2  sent and not received" in text and
               "other.example" in text, "what is missing is named", text)
        status, text = audit(own, good)
        demand(status == 0 and "  2  received from elsewhere" in text, "what comes from elsewhere is no loss", text)
        demand(audit(own, "nothing")[0] == 70, "a log without a word of TLSRPT")


# ---- events of others --------------------------------------------------------------------------------------------

def tell(own, *lines):
    """What mtasts event makes of lines: its status, and what it says."""
    done = subprocess.run([MTASTS, "event", "--no-config", "--collector", f"unix:{own.path}"],
                          input="\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines),
                          capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stderr


def case_lines_of_json_are_events():
    """The TLSRPT record is looked up where a line has none; who has no record is told nothing."""
    with collector() as own:
        status = tell(own, {"domain": "example.com", "tlsrpt-record": RECORD}, {"domain": "healthy.example"}, "",
                      {"domain": "HEALTHY.example.", "result-type": "certificate-expired", "policy-type": "sts",
                       "receiving-mx-hostname": "mx.healthy.example", "policy-string": ["version: STSv1"]},
                      {"domain": "domain-nonexistent.example"})
        expect(status, (0, ""), "all is sent")
        own.stop()
        expect(own.sums(), {"example.com": (1, 0), "healthy.example": (1, 1)}, "what is counted")
        expect(own.ask("SELECT DISTINCT record FROM counted_domain WHERE domain = 'healthy.example'"),
               [("v=TLSRPTv1; rua=mailto:tls-reports@healthy.example",)], "the record is that of the DNS")


def case_lines_come_over_a_socket_of_connections():
    """Exim opens one for each event and ends it, Haraka keeps one open."""
    with tempfile.TemporaryDirectory(prefix="collect-") as folder:
        path = pathlib.Path(folder) / "lines"
        with collector("--listen", f"lines=unix:{path}") as own:
            def connected():
                to = socket.socket(socket.AF_UNIX)
                to.settimeout(30)
                to.connect(str(path))
                return to

            def line(domain="example.com", **more):
                return json.dumps({"domain": domain, "tlsrpt-record": RECORD, **more}).encode()

            for data in (line(), line() + b"\n", json.dumps({"domain": "healthy.example"}).encode(), b"", b"nonsense", b"\xff\n",
                         json.dumps({"domain": "domain-nonexistent.example"}).encode()):
                with connected() as to:
                    to.sendall(data)
                    to.shutdown(socket.SHUT_WR)
                    demand(to.recv(10) == b"", "nothing is answered")
            with connected() as to:
                for piece in (line()[:20], line()[20:] + b"\r\n\n" + line("other.example"), b"\n", b"x" * (300 << 10) + b"\n",
                              line("other.example", **{"result-type": "certificate-expired", "policy-type": "sts"}) + b"\n"):
                    to.sendall(piece)
                    time.sleep(0.05)
                wait_until(lambda: own.received() >= 6, "all are stored", 30)
            idle = [connected() for _ in range(250)]
            with connected() as to:
                to.sendall(line("last.example"))
            wait_until(lambda: own.received() >= 7, "many that are idle do not matter", 30)
            for to in idle:
                to.close()
            with connected() as to:  # the end takes what was written, and waits for the record
                to.sendall(line("end.example") + b"\n" + json.dumps({"domain": "testing.example"}).encode())
                own.stop()
            expect(own.sums(), {"example.com": (3, 0), "healthy.example": (1, 0), "other.example": (1, 1), "last.example": (1, 0),
                                "end.example": (1, 0), "testing.example": (1, 0)}, "what is counted")
            expect(own.ask("SELECT SUM(received), SUM(malformed) FROM collected"), [(12, 3)], "mistakes are counted")
            demand("rejected an event (not-json): nonsense" in own.said(), "a mistake is said", own.said())
            demand(not path.exists(), "the socket is taken away")


def case_mistakes_in_lines_are_named():
    with collector() as own:
        for line, said in (("nonsense", "line 1: expected one JSON object"), ({"result-type": "x"}, "line 1: domain is missing"),
                           ({"domain": "example.com", "result_type": "success"}, "line 1: unknown member: result_type"),
                           ({"domain": "example.com", "result-type": "expired"}, "line 1: result-type is missing or invalid"),
                           ({"domain": "example.com", "tlsrpt-record": "v=spf1"}, "line 1: ")):
            status, error = tell(own, line, {"domain": "example.com", "tlsrpt-record": RECORD})
            demand(status == 64 and said in error, said, (status, error))
        own.stop()
        expect(own.sums(), {"example.com": (5, 0)}, "the lines after them are sent")
        demand(tell(own, {"domain": "example.com", "tlsrpt-record": RECORD})[0] == 75, "without a collector: later")


@contextlib.contextmanager
def policy_daemon(own, *options):
    """mtasts policyd that tells the collector; it gives a function that asks it for a domain."""
    path = own.folder / "policyd"
    with open(own.folder / "policyd.out", "w") as out:
        process = subprocess.Popen([MTASTS, "policyd", "--no-config", "--store", own.folder / "policies.db", "--listen",
                                    f"unix:{path}", "--collector", f"unix:{own.path}", *options], stdout=out, stderr=out)

    def ask(domain):
        with socket.socket(socket.AF_UNIX) as to:
            to.settimeout(30)
            to.connect(str(path))
            request = f"QUERY {domain}".encode()
            to.sendall(b"%d:%s," % (len(request), request))
            to.recv(65536)
    try:
        wait_until(lambda: listens(path), "the policy daemon listens")
        yield ask
    finally:
        process.terminate()
        process.wait(20)


def case_what_no_mail_server_reports_is_an_event():
    """The policy daemon tells it, once a day and domain."""
    wanted = {"policy-cert-expired.example": ("sts", "sts-webpki-invalid", "policy-certificate-invalid", ""),
              "policy-host-missing.example": ("sts", "sts-policy-fetch-error", "policy-host-missing", ""),
              "policy-redirect.example": ("sts", "sts-policy-fetch-error", "policy-http-status", ""),
              "mx-none-covered.example": ("sts", "validation-failure", "mx-not-covered", "mx.mx-none-covered.example"),
              "dane-usage-1.example": ("tlsa", "tlsa-invalid", "tlsa-unusable", "mx.dane-usage-1.example"),
              "mx-cert-expired.example": ("tlsa", "dane-required", "tlsa-missing", "mx.mx-cert-expired.example"),
              "mx-bogus.example": ("tlsa", "dnssec-invalid", "mx-bogus", ""),
              "record-bogus.example": ("sts", "dnssec-invalid", "record-bogus", "")}
    with collector() as own:
        overrides = own.folder / "overrides"
        overrides.write_text('mx-cert-expired.example dane-only "by contract" never\n')
        with policy_daemon(own, "--overrides", overrides) as ask:
            for _ in range(2):
                for domain in ("healthy.example", *wanted):
                    ask(domain)
            wait_until(lambda: own.received() == len(wanted), "each failure is an event", 30)
        own.stop()
        expect({row[0]: row[1:] for row in own.ask(
            "SELECT c.domain, p.type, d.type, d.reason, d.mx FROM counted_detail d JOIN counted_policy p ON p.id = d.policy"
            " JOIN counted_domain c ON c.id = p.counted WHERE d.sessions = 1")}, wanted, "the failures")


def case_mode_testing_is_measured_by_a_probe():
    """Each MX host is looked at once however often mail goes there, as RFC 8461 would have it.  No failure is told before
    something went well: it may be our own network."""
    wanted = {"mx-cert-expired-testing.example": (0, 1, "certificate-expired"),
              "mx-starttls-missing-testing.example": (0, 1, "starttls-not-offered"),
              "mx-none-covered-testing.example": (0, 1, "mx-not-covered"), "testing.example": (1, 0, "")}
    others = ("healthy.example", "testing-dane.example")
    with collector() as own:
        with policy_daemon(own, "--probe-testing") as ask:
            for _ in range(3):
                for domain in (*wanted, *others):
                    ask(domain)
            wait_until(lambda: own.received() >= len(wanted), "each is measured", 30)
            for domain in wanted:
                ask(domain)
        own.stop()
        expect({row[0]: row[1:] for row in own.ask(
            "SELECT c.domain, c.successful, c.failed, COALESCE(MAX(d.reason), '') FROM counted_domain c JOIN counted_policy p"
            " ON p.counted = c.id AND p.type = 'sts' LEFT JOIN counted_detail d ON d.policy = p.id GROUP BY c.id")},
            wanted, "what is counted")


# ---- logs --------------------------------------------------------------------------------------------------------

ESTABLISHED = "{at} mail postfix/smtp[{pid}]: {grade} TLS connection established to mx.{domain}[198.18.0.9]:25: TLSv1.3"
REFUSED = "{at} mail postfix/smtp[{pid}]: certificate verification failed for mx.{domain}[198.18.0.9]:25: self-signed certificate"
RECIPIENT = "{at} mail postfix/smtp[{pid}]: 8B42F17E: to=<a@{domain}>, relay=mx.{domain}[198.18.0.9]:25, dsn=2.0.0, status={status}"
UNVERIFIED = "deferred (Server certificate not verified)"


def lines_of(at, pid, domain, grade, status="sent (250 Ok)"):
    """What Postfix 3.7 logs of one session, at a time of seconds."""
    stamp = time.strftime("%b %d %H:%M:%S", time.localtime(at))
    first = [REFUSED] if status == UNVERIFIED else []
    return [line.format(at=stamp, pid=pid, domain=domain, grade=grade, status=status) for line in (*first, ESTABLISHED, RECIPIENT)]


def case_sessions_come_out_of_a_log():
    """Each once, in whatever file it is, on its own day; by the policy that the policy daemon knows."""
    with tempfile.TemporaryDirectory(prefix="collect-") as folder:
        own = Collector(pathlib.Path(folder))
        old, log, control = own.folder / "mail.log.1", own.folder / "mail.log", own.folder / "control"
        now = int(time.time())
        day = 86400

        def run(*logs, status=0, text=None):
            done = subprocess.run([MTASTS, "collect", "--from-log", "--no-config", "--store", own.store, "--control", control,
                                   *logs], input=text, capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C"})
            demand(done.returncode == status, f"the status is {status}", (done.returncode, done.stdout, done.stderr))
            return done.stdout + done.stderr

        def write(path, *sessions):
            path.write_text("".join(f"{line}\n" for session in sessions for line in session))

        old_ones = [lines_of(now - day - 5, 1, "healthy.example", "Verified"),
                    lines_of(now - day - 4, 2, "mx-cert-expired-testing.example", "Untrusted")]
        today = [lines_of(now - 60, 1, "healthy.example", "Untrusted", UNVERIFIED),
                 lines_of(now - 59, 2, "domain-nonexistent.example", "Trusted")]
        last = [lines_of(now, 3, "healthy.example", "Verified")]
        write(old, *old_ones)
        write(log, *today)
        demand("no policy daemon can be reached" in run(log, status=70), "without the daemon that is named")
        demand(not own.store.exists() or not own.sums(), "nothing is counted then")
        with policy_daemon(own, "--control", control):
            demand("none of the logs exists" in run(own.folder / "no", own.folder / "none", status=70), "no log at all")
            demand("none could not be read: " in run(own.folder / "none", status=70), "the only one is missing")
            said = run(log, old, own.folder / "mail.log.0")
            demand("mail.log.0 does not exist and is passed over" in said, "what is not there yet is said", said)
            demand("sessions=4 counted=3 no-record=1 unknown-record=0 unknown-policy=0" in said, "all are seen", said)
            demand("sessions=0 counted=0" in run(old, log), "none again")
            log.rename(old)
            write(log, lines_of(now - 40, 4, "healthy.example", "Verified"))
            demand("sessions=1 counted=1" in run("-", text=log.read_text()), "the log goes on in another file")
            demand("sessions=0 counted=0" in run(old, log), "which is read as a file, too")
            write(log, *last)
            demand("sessions=0 counted=0" in run(old, log), "what is new waits until all of it is there")
            demand("no line of the log is from" in run("-", text="nothing\n", status=70), "a log of something else")
            demand("sessions=0 counted=0" in run("-", text="-- No entries --\n"), "an hour without mail is no error")
        expect(own.ask("SELECT c.domain, p.type, SUM(p.successful), SUM(p.failed) FROM counted_domain c JOIN counted_policy p ON"
                       " p.counted = c.id GROUP BY c.domain, p.type ORDER BY 1"),
               [("healthy.example", "sts", 2, 1), ("mx-cert-expired-testing.example", "no-policy-found", 1, 0)], "the sums")
        expect(own.ask("SELECT type, reason, mx, receiving_ip FROM counted_detail"),
               [("certificate-not-trusted", "self-signed_certificate", "mx.healthy.example", "198.18.0.9")], "the failure")
        demand(own.ask("SELECT COUNT(DISTINCT day) FROM counted_domain")[0][0] >= 2, "each on its day")


if __name__ == "__main__":
    sys.exit(cases.run(cases.named(sys.modules[__name__], sys.argv[1:])))
