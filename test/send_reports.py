#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts send-reports: what was counted arrives as reports, by mail through Postfix and by POST, each at its time.

Runs in the lab:  lab/enter test/send_reports.py [--kills N] [CASE...].  --kills: how often it is killed while it sends."""

import contextlib
import datetime
import email
import grp
import gzip
import http.server
import json
import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.pop(0)  # it has a dkim.py, too
import dkim  # noqa: E402
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
import lmtp  # noqa: E402
import serve_post  # noqa: E402
import stores  # noqa: E402
from dkim_sign import Keys, record, rsa_key  # noqa: E402
from mailbox_mails import demand, wait_until  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
KILLS = 6
USER = 12345  # in no file, as that of a unit with DynamicUser
MANY = 150
PORT = 14950
DAY = 20787  # 2026-11-30
LATER = "2026-12-01T05:00:00Z"  # all reports of the day are due
STS = "version: STSv1\nmode: enforce\nmx: mx.a.example\nmax_age: 86400"
DETAILS = ("type", "sending_ip", "mx", "helo", "receiving_ip", "reason", "info")


def at(days=0, hours=5):
    """The day's end, so many days and hours later."""
    base = datetime.datetime(2026, 12, 1, tzinfo=datetime.timezone.utc)
    return (base + datetime.timedelta(days=days, hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


# ---- who sends ---------------------------------------------------------------------------------------------------

class Sender:
    """A store, keys, and a program in place of sendmail(1) that keeps what it is given, one file a message."""

    def __init__(self, folder):
        self.folder, self.mails = folder, folder / "mails"
        self.store = folder / "store/mtasts.db"
        self.store.parent.mkdir()
        self.mails.mkdir()
        self.keys = {"rsa": rsa_key(), "ed": ed25519.Ed25519PrivateKey.generate()}
        for name, key in self.keys.items():
            (folder / f"{name}.pem").write_bytes(key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.program("cat > $(mktemp %s/XXXXXXXX)" % self.mails)

    def program(self, text):
        path = self.folder / "sendmail"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def records(self):
        """Without s=, which all verifiers take; of a list dkimpy takes none, libopendkim no tlsrpt alone."""
        return {f"{name}._domainkey.sender.example": record(key) for name, key in self.keys.items()}

    def words(self, *options, now=LATER):
        return [MTASTS, "send-reports", "--no-config", "--store", self.store, "--organization", "Sender Example",
                "--mail-from", "tls@sender.example", "--sendmail", self.folder / "sendmail", "--now", now, *options]

    def run(self, *options, now=LATER, status=0):
        run = subprocess.run(self.words(*options, now=now), capture_output=True, text=True, timeout=300,
                             env={**os.environ, "LC_ALL": "C"})
        demand(status is None or run.returncode == status, f"{options}: {run.returncode}", run.stdout + run.stderr)
        return run.stdout + run.stderr

    def count(self, domain, record, succeeded=5, failed=0, day=DAY):
        with contextlib.closing(sqlite3.connect(self.store, timeout=60)) as db, db:
            one = db.execute("INSERT INTO counted_domain (day, domain, hash, record, policies, successful, failed, first_at,"
                             " last_at) VALUES (?, ?, ?, ?, 1, ?, ?, 0, 0)",
                             (day, domain, record.encode(), record, succeeded, failed)).lastrowid
            policy = db.execute("INSERT INTO counted_policy (counted, hash, type, policy_domain, lines, mx, details, successful,"
                                " failed) VALUES (?, x'00', 'sts', ?, ?, 'mx.a.example', 1, ?, ?)",
                                (one, domain, STS, succeeded, failed)).lastrowid
            if failed:
                db.execute(f"INSERT INTO counted_detail (policy, hash, {', '.join(DETAILS)}, rest, sessions)"
                           " VALUES (?, x'00', 'certificate-expired', '192.0.2.7', 'mx.a.example', '', '192.0.2.1', '', '', 0, ?)",
                           (policy, failed))

    def states(self):
        with contextlib.closing(sqlite3.connect(self.store, timeout=60)) as db:
            return sorted(db.execute("SELECT r.domain, d.uri, d.state, d.tries FROM outgoing_delivery d"
                                     " JOIN outgoing_report r ON r.id = d.report"))

    def sent(self):
        return [email.message_from_bytes(path.read_bytes()) for path in self.mails.iterdir()]


@contextlib.contextmanager
def sender():
    with tempfile.TemporaryDirectory(prefix="send-") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        own = Sender(folder)
        own.run()  # makes the store
        yield own


def report_in(message):
    part = message.get_payload()[1]
    demand(part.get_content_type() == "application/tlsrpt+gzip", "type", part.get_content_type())
    return json.loads(gzip.decompress(part.get_payload(decode=True)))


SHAPE = {"organization-name": str, "date-range": {"start-datetime": str, "end-datetime": str}, "contact-info": str,
         "report-id": str, "policies": [{
             "policy": {"policy-type": str, "policy-string": [str], "policy-domain": str, "mx-host": [str]},
             "summary": {"total-successful-session-count": int, "total-failure-session-count": int},
             "failure-details": [{"result-type": str, "sending-mta-ip": str, "receiving-mx-hostname": str,
                                  "receiving-ip": str, "failed-session-count": int}]}]}


def shape(value):
    """Names and types; of a list, those of its first."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return [shape(value[0])] if isinstance(value, list) else type(value)


# ---- who receives ------------------------------------------------------------------------------------------------

class Endpoint:
    """An HTTPS server that answers as it is told, and keeps what it got."""

    def __init__(self, folder, name="localhost"):
        self.folder, self.got, self.status, self.fields = folder, [], 200, {}
        self.hangs = threading.Event()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem", "-days", "30", "-subj", "/CN=x",
                        "-addext", f"subjectAltName=DNS:{name}"], check=True, stderr=subprocess.DEVNULL)
        self.ca = folder / f"{name}.pem"
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.got.append((self.path, self.headers["Content-Type"], body))
                if owner.status is None:
                    owner.hangs.wait(120)
                    return
                self.send_response(owner.status)
                for field, value in owner.fields.items():
                    self.send_header(field, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, folder / f"{name}.key")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def record(self, path="/tlsrpt"):
        return f"v=TLSRPTv1; rua=https://localhost:{self.port}{path}"

    def options(self):
        return "--allow-private", "--ca-file", self.ca

    def close(self):
        self.hangs.set()
        self.server.shutdown()


@contextlib.contextmanager
def endpoint(folder):
    own = Endpoint(folder)
    try:
        yield own
    finally:
        own.close()


class WebReceiver(serve_post.Service):
    """Our own receiver of POST, by TLS."""

    def answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=20) as talk:
            with ssl._create_unverified_context().wrap_socket(talk) as tls:
                tls.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return b" 200 " in tls.recv(100)
        return False


class Receiver(lmtp.Service):
    """Our own receiver of mails, which verifies who signed."""

    def __init__(self, folder, keys):
        super().__init__(folder)
        self.keys = keys

    def start(self):
        with open(self.folder / "out", "a") as out:
            self.process = subprocess.Popen(
                [MTASTS, "ingest", "--no-config", "--store", self.store, "--lmtp", f"unix:{self.socket}", "--dkim",
                 "--resolver", self.keys.address, "--trust-anchor", "none"], stdout=out, stderr=out,
                env={**os.environ, "LC_ALL": "C"})
        wait_until(self.answers, "the receiver listens")
        return self

    def reports(self):
        with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as db:
            return sorted(db.execute("SELECT report_id, submitter, trust, header_domain, header_submitter FROM report"))


# ---- cases -------------------------------------------------------------------------------------------------------

def case_reports_go_through_postfix_to_our_own_receiver():
    """Signed by two keys: our reader judges them good, and so does a second implementation."""
    with sender() as own, tempfile.TemporaryDirectory(prefix="receive-") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        receiver = Receiver(folder, Keys(own.records())).start()
        try:
            with lmtp.postfix(folder, receiver.socket, PORT):
                own.program(f"tee $(mktemp {own.mails}/XXXXXXXX) | {sys.executable} -c '"
                            "import smtplib, sys; mail = sys.stdin.buffer.read();"
                            f"smtplib.SMTP(\"127.0.0.1\", {PORT}).sendmail(\"\", [\"r@example.com\"], mail)'")
                own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@example.com", failed=3)
                own.count("b.example", "v=TLSRPTv1 ; x=y; rua=mailto:tls@example.com")
                said = own.run("--dkim-key", f"rsa={own.folder}/rsa.pem", "--dkim-key", f"ed={own.folder}/ed.pem")
                demand("planned=2 sent=2" in said, "both are sent", said)
                wait_until(lambda: len(receiver.reports()) == 2, "both arrive", 30)
            for report_id, submitter, trust, *headers in receiver.reports():
                demand((submitter, trust, headers[1]) == ("sender example", "aligned", "sender.example"),
                       "judged good", (report_id, submitter, trust, headers))
            demand("planned=0" in own.run(), "and not sent again")
            for path in own.mails.iterdir():
                second = dkim.DKIM(path.read_bytes().replace(b"\n", b"\r\n"), tlsrpt=True)
                for index in range(2):
                    demand(second.verify(index, dnsfunc=lambda name, timeout=5: own.records()[
                        name.decode().rstrip(".")].encode()), f"signature {index}, by dkimpy")
        finally:
            receiver.process.kill()
            receiver.process.wait()


def case_what_mail_servers_report_is_sent():
    """From the datagrams of libtlsrpt to a report that our own reader takes."""
    events = [
        {"dpv": "1", "d": "a.example", "pr": "v=TLSRPTv1 ; x=y; rua=mailto:tls@a.example", "policies": [
            {"policy-type": 2, "policy-domain": "a.example", "policy-string": STS.split("\n"), "mx-host": ["mx.a.example"],
             "failure-details": [{"c": 204, "s": "192.0.2.7", "n": "mx.a.example", "h": "mx.a.example\r\nsize 99",
                                  "r": "192.0.2.1"}], "t": 1, "f": 1}]},
        {"d": "a.example", "pr": "v=TLSRPTv1 ; x=y; rua=mailto:tls@a.example", "policies": [
            {"policy-type": 1, "policy-domain": "mx.provider.example", "policy-string": ["3 1 1 " + "aa" * 32], "t": 0, "f": 0},
            {"policy-type": 9, "t": 0, "f": 0}]}]
    with sender() as own:
        path = own.folder / "collect"
        collector = subprocess.Popen([MTASTS, "collect", "--no-config", "--store", own.store, "--listen", f"unix:{path}"],
                                     stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"})
        try:
            wait_until(path.exists, "the collector listens")
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
                server.connect(str(path))
                for event in events:
                    server.send(json.dumps(event).encode())
            collector.terminate()
            demand(collector.wait(60) == 0, "the collector stores what it has")
        finally:
            collector.kill()
            collector.wait()
        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        said = own.run(now=tomorrow.strftime("%Y-%m-%dT05:00:00Z"))
        demand("sent=1" in said, "a report", said)
        (path,) = own.mails.iterdir()
        read = subprocess.run([MTASTS, "report", "--no-config", "--json", "--all", path], capture_output=True, text=True,
                              timeout=60)
        report = json.loads(read.stdout)
        demand((report["reports"], report["rejected"]) == (1, []), "our own reader takes it", read.stdout[:2000])
        policies = {p["policy"]["policy-type"]: p for p in report_in(own.sent()[0])["policies"]}
        demand(set(policies) == {"sts", "tlsa", "no-policy-found"}, "all policies", policies)
        (detail,) = policies["sts"]["failure-details"]
        demand((detail["result-type"], detail["receiving-mx-helo"]) == ("certificate-expired", "mx.a.example"), "detail", detail)


def case_what_is_in_a_mail():
    with sender() as own:
        own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@a.example", failed=3)
        own.run("--dkim-key", f"rsa={own.folder}/rsa.pem")
        (mail,) = own.sent()
        for field, value in (("TLS-Required", "No"), ("Auto-Submitted", "auto-generated"),
                             ("TLS-Report-Domain", "a.example"), ("TLS-Report-Submitter", "sender.example"),
                             ("To", "<tls@a.example>"), ("From", '"Sender Example" <tls@sender.example>')):
            demand(mail[field] == value, field, mail[field])
        demand(mail.get_content_type() == "multipart/report" and mail.get_param("report-type") == "tlsrpt", "type")
        demand(" l=" not in mail["DKIM-Signature"], "signed whole", mail["DKIM-Signature"])
        words = mail.get_payload()[0].get_payload(decode=True).decode()
        demand("Sessions: 5 succeeded, 3 failed." in words and "Reload the mail server" in words, "in words", words)
        report = report_in(mail)
        demand(report["policies"][0]["summary"]["total-failure-session-count"] == 3, "failures", report)
        demand(mail["Message-ID"] == f"<{report['report-id']}>", "one id", mail["Message-ID"])
        demand(shape(report) == SHAPE, "names and types as in RFC 8460, appendix B", shape(report))
        name = mail.get_payload()[1].get_filename()
        demand(re.fullmatch(r"sender\.example!a\.example!1795996800!1796083199!\w+\.json\.gz", name), "name", name)
    with sender() as own:
        own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@a.example", failed=3)
        own.run("--report-lang", "de")
        (mail,) = own.sent()
        words = mail.get_payload()[0].get_payload(decode=True).decode()
        demand("Sitzungen: 5 erfolgreich, 3 fehlgeschlagen." in words, "in German", words)


def case_reports_are_posted_to_our_own_service():
    with sender() as own, endpoint(own.folder) as certificate:
        service = WebReceiver(MTASTS, str(own.folder / "received.db"), "--any-domain", "--tls-certificate",
                                     certificate.ca, "--tls-key", own.folder / "localhost.key")
        try:
            own.count("a.example", f"v=TLSRPTv1; rua=https://localhost:{service.port}/tlsrpt,mailto:tls@a.example")
            said = own.run(*certificate.options())
            demand("state=sent" in said and 'answer="HTTP 201"' in said, "stored", said)
            with contextlib.closing(sqlite3.connect(service.store)) as db:
                stored = db.execute("SELECT report_id FROM report").fetchall()
            (mail,) = own.sent()
            demand([(report_in(mail)["report-id"],)] == stored, "every rua gets the same report", stored)
        finally:
            service.kill()


def case_answers_are_judged():
    """Tried again or not, by the status; no redirect is followed; after a day it is over."""
    with sender() as own, endpoint(own.folder) as server:
        own.count("a.example", server.record())
        for status, fields in ((503, {}), (429, {}), (408, {}), (302, {"Location": server.record("/elsewhere")[16:]})):
            server.status, server.fields = status, fields
            before = len(server.got)
            with contextlib.closing(sqlite3.connect(own.store)) as db, db:
                db.execute("UPDATE outgoing_delivery SET next_try = 0")
            said = own.run(*server.options())
            demand("state=waiting" in said and f'answer="HTTP {status}"' in said, status, said)
            demand(len(server.got) == before + 1, "asked once", server.got[before:])
        demand("waiting" not in own.run(*server.options()), "not before its time")
        demand('answer="HTTP 302"' in own.run("pending"), "pending says why", own.run("pending"))
        demand("expired" in own.run(*server.options(), now=at(days=1, hours=6)), "a day later")
        server.status, server.fields = 204, {}
        demand("sent" not in own.run(*server.options(), now=at(days=1, hours=7)), "and over")
        own.count("b.example", server.record("/b"))
        demand('state=sent' in own.run(*server.options()), "204")
        demand({body[:2] for _, _, body in server.got} == {b"\x1f\x8b"}, "packed")
        demand({kind for _, kind, _ in server.got} == {"application/tlsrpt+gzip"}, "and called so")
        server.status = 404
        own.count("c.example", server.record("/c"))
        demand("state=failed" in own.run(*server.options()), "404 is for good")


def case_nobody_is_waited_for_without_end():
    with sender() as own, endpoint(own.folder) as server:
        server.status = None
        own.count("a.example", server.record())
        own.count("b.example", "v=TLSRPTv1; rua=https://localhost:9/,mailto:tls@b.example")
        said = own.run(*server.options())
        demand(said.count("state=waiting") == 2 and said.count("state=sent") == 1, "the others are sent", said)


def case_private_addresses_are_refused():
    with sender() as own, endpoint(own.folder) as server:
        own.count("a.example", server.record())
        said = own.run("--ca-file", server.ca)
        demand("state=waiting" in said and "the address is not public" in said and not server.got, "refused", said)


def case_a_bad_certificate_keeps_back_what_is_not_about_one():
    with sender() as own, endpoint(own.folder) as server:
        own.count("a.example", server.record("/good"))
        own.count("b.example", server.record("/bad"), failed=2)
        said = own.run("--allow-private")  # the system does not know that CA
        demand([path for path, _, _ in server.got] == ["/bad"], "failures are reported all the same", server.got)
        demand("certificate not verified" in said, "and that is said", said)
        demand([s for _, _, s, _ in own.states()] == ["waiting", "sent"], "states", own.states())


def case_reports_on_reports_are_withheld():
    with sender() as own:
        own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@a.example", succeeded=9)
        own.run()
        for domain, succeeded, failed in (("a.example", 1, 0), ("b.example", 1, 0)):
            own.count(domain, f"v=TLSRPTv1; rua=mailto:tls@{domain}", succeeded, failed, day=DAY + 1)
        demand("planned=2 sent=1" in own.run(now=at(days=1)), "one mail of ours is all there was")
        demand([s for d, _, s, _ in own.states() if d == "a.example"] == ["sent", "withheld"], "withheld", own.states())
        own.count("b.example", "v=TLSRPTv1; rua=mailto:tls@b.example", 1, 1, day=DAY + 2)
        demand("planned=1 sent=1" in own.run(now=at(days=2)), "a failure is told")


def case_who_fails_for_long_is_asked_weekly():
    with sender() as own, endpoint(own.folder) as server:
        server.status = 404
        for day in range(24):
            own.count("a.example", server.record(), day=DAY + day)
            own.run(*server.options(), now=at(days=day))
        states = [s for _, _, s, _ in own.states()]
        with contextlib.closing(sqlite3.connect(own.store)) as db:
            days = [day for (day,) in db.execute("SELECT r.day FROM outgoing_delivery d JOIN outgoing_report r"
                                                 " ON r.id = d.report WHERE d.state = 'failed' ORDER BY r.day")]
        demand(days == [*range(DAY, DAY + 14), DAY + 20], "two weeks, then a week later", days)
        demand(states.count("suppressed") == 24 - len(days), "suppressed", states)
        demand(len(server.got) == len(days), "and not asked")
        server.status = 200
        own.count("a.example", server.record(), day=DAY + 27)
        own.run(*server.options(), now=at(days=27))
        own.count("a.example", server.record(), day=DAY + 28)
        demand("sent=1" in own.run(*server.options(), now=at(days=28)), "who works again is asked again")


def case_what_is_shown():
    with sender() as own:
        own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@a.example,ftp:x", failed=3)
        own.count("b.example", "no record")
        said = own.run("--dry-run")
        demand("domain=a.example day=2026-11-30 due=2026-12-01T0" in said and "to=mailto:tls@a.example" in said, "dry run", said)
        demand('record="no record"' in said and not own.states() and not own.sent(), "nothing is planned or sent", said)
        demand("b.example" not in own.run("--dry-run", "--domain", "a.example"), "of one domain")
        said = own.run("show", "a.example")
        demand("Reload the mail server" in said and '"report-id"' in said, "in words and as JSON", said)
        demand("domain=a.example day=2026-11-30 succeeded=5 failed=3 report-mails=0\n" in said, "counts", said)
        demand("planned=2\n" in own.run(now=at(hours=0.02)), "planned, and not due")
        demand(not own.sent() and "state=waiting" in own.run("pending"), "pending", own.run("pending"))
        demand("sent=1" in own.run("--domain", "a.example"), "one domain")
        own.count("c.example", "v=TLSRPTv1; rua=mailto:tls@c.example")
        own.run("--copy-to", "copy@sender.example")
        demand(sorted(mail["To"] for mail in own.sent()) == ["<copy@sender.example>", "<tls@a.example>", "<tls@c.example>"],
               "a copy", [mail["To"] for mail in own.sent()])


def case_what_is_stored_late_is_sent():
    """A lower id than what is planned may appear later: two collectors store at the same time in PostgreSQL."""
    with sender() as own:
        own.count("b.example", "v=TLSRPTv1; rua=mailto:tls@b.example")
        with contextlib.closing(sqlite3.connect(own.store)) as db, db:
            db.execute("UPDATE counted_domain SET id = 99")
            db.execute("UPDATE counted_policy SET counted = 99")
        demand("planned=1 sent=1" in own.run(), "the first")
        own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@a.example")
        with contextlib.closing(sqlite3.connect(own.store)) as db, db:
            db.execute("UPDATE counted_domain SET id = 7 WHERE domain = 'a.example'")
            db.execute("UPDATE counted_policy SET counted = 7 WHERE counted <> 99")
        demand("domain=a.example" in own.run("--dry-run"), "it would be planned")
        demand("planned=1 sent=1" in own.run(), "the one that came late")
        demand("planned=0" in own.run(), "each once")


def case_an_audit_finds_what_is_not_reported():
    """The sessions of a log, by what became of their reports; the log is of days that are over."""
    with sender() as own:
        day = int(time.time()) // 86400 - 3

        def audit():
            log = own.folder / "mail.log"
            stamp = datetime.datetime.fromtimestamp(day * 86400, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            log.write_text(f"{stamp} mail postfix/smtp[7]: TLSRPT: status=success, domain=a.example, receiving_mx=x\n" * 20)
            done = subprocess.run([MTASTS, "collect", "audit", "--no-config", "--store", own.store, log],
                                  capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C"})
            return done.returncode, done.stdout + done.stderr

        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime((day + 1) * 86400 + 18000))
        own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@a.example", 15, day=day)
        own.count("b.example", "v=TLSRPTv1; rua=ftp:x", 2, day=day)
        own.count("c.example", "v=TLSRPTv1", 3, day=day)
        with contextlib.closing(sqlite3.connect(own.store)) as db, db:
            db.execute("INSERT INTO collected (collector, day, received, malformed, truncated, lost, last_at)"
                       " VALUES ('x', ?, 20, 0, 0, 0, 0)", (day,))
        status, text = audit()
        demand(status == 1 and "  20  counted, but no report was made" in text, "nothing is planned", text)
        own.program("exit 75")
        own.run(now=now)
        status, text = audit()
        demand(status == 0 and "  15  not reported yet, to at least one destination" in text, "it waits", text)
        demand("  5  not reported, the TLSRPT record has no destination that can be used" in text, "nowhere to go", text)
        own.program(f"cat > $(mktemp {own.mails}/XXXXXXXX)")
        own.run(now=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime((day + 1) * 86400 + 40000)))
        status, text = audit()
        demand(status == 0 and "           20           20           20           15\n" in text, "it is sent", text)
        with contextlib.closing(sqlite3.connect(own.store)) as db, db:
            db.execute("UPDATE counted_domain SET last_at = ? WHERE domain = 'a.example'", ((day + 2) * 86400,))
        status, text = audit()
        demand(status == 1 and "  15  reported in part" in text, "more came later", text)


def case_sendmail_that_fails_is_tried_again():
    with sender() as own:
        path = own.folder / "metrics.prom"

        def metrics(*lines):
            text = path.read_text()
            for line in lines:
                demand(f"mtasts_send_reports_{line}\n" in text, line, text)

        own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@a.example")
        own.program("cat > /dev/null; exit 75")
        said = own.run("--prometheus", path)
        metrics('deliveries{organization="sender.example",state="waiting"} 1',
                'failing_destinations{organization="sender.example"} 1')
        demand("state=waiting" in said and 'answer="sendmail: exit status 75"' in said, "it failed", said)
        own.program(f"cat > $(mktemp {own.mails}/XXXXXXXX)")
        demand("sent" not in own.run(), "not yet")
        demand("sent=1" in own.run("--prometheus", path, now=at(hours=6)), "later")
        metrics('deliveries{organization="sender.example",state="waiting"} 0',
                'deliveries{organization="sender.example",state="sent"} 1',
                'failing_destinations{organization="sender.example"} 0')


def case_postfix_takes_mail_in_the_sandbox():
    """No program gains rights in the unit: the group of the queue does in place of the setgid bit of postdrop."""
    with sender() as own:
        conf, spool, group = own.folder / "conf", own.folder / "spool", grp.getgrnam("postdrop").gr_gid
        conf.mkdir()
        for name, mode in (("maildrop", 0o1730), ("public", 0o2710), ("pid", 0o755)):
            (spool / name).mkdir(parents=True)
            os.chown(spool / name, pwd.getpwnam("postfix").pw_uid, group)
            (spool / name).chmod(mode)
        (conf / "main.cf").write_text(f"compatibility_level = 3.6\nqueue_directory = {spool}\nmyhostname = mail.example\n"
                                      f"maillog_file = {own.folder}/maillog\nmaillog_file_prefixes = {own.folder}\n")
        own.count("a.example", "v=TLSRPTv1; rua=mailto:tls@a.example")
        for path in (own.store.parent, *own.store.parent.iterdir()):
            os.chown(path, USER, USER)
        unit = (f"mount --bind {conf} /etc/postfix && exec setpriv --no-new-privs --reuid {USER} --regid {USER}"
                f" --groups {group} --bounding-set=-all --inh-caps=-all \"$@\"")
        words = ["/usr/sbin/sendmail" if word == own.folder / "sendmail" else word for word in own.words()]
        done = subprocess.run(["unshare", "-m", "sh", "-c", unit, "sh", *words], capture_output=True, text=True, timeout=120)
        demand("sent=1" in done.stdout, "it is sent", done.stdout + done.stderr)
        (mail,) = (spool / "maildrop").iterdir()
        demand(b"TLS-Report-Domain: a.example" in mail.read_bytes(), "Postfix has it")


def case_killed_while_it_sends():
    """Each report arrives; what arrives twice is the same report, by its id."""
    with sender() as own:
        for number in range(MANY):
            own.count(f"d{number}.example", f"v=TLSRPTv1; rua=mailto:tls@d{number}.example")
        for kill in range(KILLS):
            process = subprocess.Popen(own.words(now=at(hours=5 + kill)), stdout=subprocess.DEVNULL,
                                       start_new_session=True)
            time.sleep(random.random() * 0.6)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        own.run(now=at(hours=6 + KILLS))
        demand({s for _, _, s, _ in own.states()} == {"sent"}, "all are sent", own.states())
        demand(len(own.states()) == MANY, "each once planned", len(own.states()))
        whole = [mail for mail in own.sent() if mail.is_multipart() and len(mail.get_payload()) == 2]
        ids = {}
        for mail in whole:
            ids.setdefault(mail["TLS-Report-Domain"], set()).add(mail["Message-ID"])
        demand(len(ids) == MANY and all(len(one) == 1 for one in ids.values()), "one id a report", len(ids))
        demand(len(whole) - MANY <= KILLS * 64, "no more than a turn a kill", len(whole))


def case_a_full_disk_sends_nothing_twice_and_loses_nothing():
    with tempfile.TemporaryDirectory(prefix="send-") as folder:
        folder = pathlib.Path(folder)
        own = Sender(folder)
        disk = own.store.parent
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2500k", "send", disk], check=True)
        try:
            own.run()
            for number in range(30):
                own.count(f"d{number}.example", f"v=TLSRPTv1; rua=mailto:tls@d{number}.example")
            with contextlib.suppress(OSError), open(disk / "filler", "wb", 0) as filler:
                while filler.write(b"x" * 4096):
                    pass
            said = own.run(status=70)
            demand("no space left" in said or "full" in said, "it is said", said)
            demand(not own.sent(), "nothing leaves that could not be written down")
            (disk / "filler").unlink()
            demand("sent=30" in own.run(now=at(hours=6)), "there is room again")
            demand(len(own.sent()) == 30, "each once", len(own.sent()))
        finally:
            subprocess.run(["umount", disk], check=True)


def case_machines_that_share_a_database_send_each_once():
    if not stores.Postgres.installed():
        print("no PostgreSQL here: left out")
        return
    server = stores.Postgres()
    try:
        with sender() as own:
            own.store = server.fresh()
            own.run()
            server.change(own.store, f"""INSERT INTO counted_domain (day, domain, hash, record, policies, successful, failed,
                first_at, last_at) SELECT {DAY}, 'd' || n || '.example', decode('00', 'hex'),
                'v=TLSRPTv1; rua=mailto:tls@d' || n || '.example', 1, 5, 0, 0, 0 FROM generate_series(1, {MANY}) n;
                INSERT INTO counted_policy (counted, hash, type, policy_domain, lines, mx, details, successful, failed)
                SELECT id, decode('00', 'hex'), 'sts', domain, '', '', 0, 5, 0 FROM counted_domain""")
            runs = [subprocess.Popen(own.words("--quiet"), stdout=subprocess.PIPE, text=True) for _ in range(3)]
            said = [run.communicate(timeout=300)[0] for run in runs]
            demand([run.returncode for run in runs] == [0, 0, 0], "each ends well", said)
            names = sorted(mail["TLS-Report-Domain"] for mail in own.sent())
            demand(len(names) == MANY == len(set(names)), "each once", (len(names), len(set(names)), said))
    finally:
        server.close()


def case_wrong_options():
    with sender() as own:
        for options, words in ((["--dkim-key", "x"], "expected SELECTOR=FILE"),
                               (["--dkim-key", f"s={own.folder}/sendmail"], "no private key"),
                               (["--mail-from", "x"], "expected an address"), (["--copy-to", "a b@c"], "expected an address"),
                               (["show"], "requires one domain"), (["what"], "unexpected argument")):
            said = own.run(*options, status=64)
            demand(words in said, options, said)


def main(args):
    global KILLS
    if args[:1] == ["--kills"]:
        KILLS = int(args[1])
        args = args[2:]
    if os.geteuid() != 0 or not shutil.which("postfix"):
        print("send_reports: needs root and Postfix: left out")
        return 0
    serve_post.MTASTS = MTASTS
    return cases.run(cases.named(sys.modules[__name__], args), beside=2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
