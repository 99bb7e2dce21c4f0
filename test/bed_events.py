# SPDX-License-Identifier: MIT
"""What of the bed's domains becomes an event: of Postfix from 3.10 on by TLSRPT, of the others out of their log.

Each was seen with Postfix 3.7.11 (log), 3.10.13 and 3.11.7.  What is missing here is no event, although mail is
delivered in the clear or deferred."""

import contextlib
import datetime
import re
import signal
import sqlite3
import subprocess
import time

import bed_domains
import policyd
from mailbox_mails import wait_until

SOCKET = "collect"  # below the queue directory
MORE = f"""
smtp_tlsrpt_enable = yes
smtp_tlsrpt_socket_name = {SOCKET}
smtp_tlsrpt_skip_reused_handshakes = no
"""
NAME = "sts certificate-host-mismatch"
SELF_SIGNED = "sts validation-failure self-signed_certificate"
OPEN, MISMATCH = "no-policy-found", "tlsa certificate-not-trusted"
# The sessions of a domain: "POLICY-TYPE", of a failure also "RESULT REASON".
EVENTS = {
    **{name: ["sts"] for name in ("ok", "pattern", "capitals", "capital-pattern", "port", "two", "many", "xn--bcher-kva", "slow",
                                  "refusing", "rows")},
    "wrong-name": [NAME],
    "self-signed": [SELF_SIGNED],
    "untrusted": ["sts validation-failure self-signed_certificate_in_certificate_chain"],
    "expired": ["sts certificate-expired"],
    "no-starttls": ["sts starttls-not-supported"],
    "closes": ["sts validation-failure tls-handshake-failure"],
    "second-good": ["sts", NAME],
    "testing": [OPEN],  # whatever its certificate
    "dane": ["tlsa"],
    "dane-and-sts": ["tlsa"],
    "dane-wrong": [MISMATCH],
    "insecure-mx": [MISMATCH],
    "dane-first-wrong": [OPEN, MISMATCH],
    "dane-some": [OPEN],
    "dane-some-and-sts": ["sts", SELF_SIGNED],
    "dane-none": [OPEN],
    "dane-unusable": [OPEN],
}
# The base domain of the TLSA records, where the policy's is not the recipient's.
POLICY_DOMAINS = {"dane": {"mx.dane.example"}, "dane-wrong": {"mx.dane-wrong.example"}, "insecure-mx": {"mx.dane-wrong.example"},
                  "dane-and-sts": {"mx.dane-and-sts.example"},
                  "dane-first-wrong": {"dane-first-wrong.example", "mx1.dane-first-wrong.example"}}
# In the words of 3.7, which knows no policy; and it tries hosts that the policy does not name.
LOGGED_NAME, LOGGED_MISMATCH = f"{NAME} hostname_mismatch", f"{MISMATCH} no_matching_DANE_TLSA_records"
LOGGED = EVENTS | {
    "wrong-name": [LOGGED_NAME], "second-good": ["sts", LOGGED_NAME], "outside": [LOGGED_NAME], "two": ["sts", LOGGED_NAME],
    "deeper": ["sts"],
    "self-signed": ["sts certificate-not-trusted self-signed_certificate"],
    "dane-some-and-sts": ["sts", "sts certificate-not-trusted self-signed_certificate"],
    "untrusted": ["sts certificate-not-trusted untrusted_issuer"],
    "expired": ["sts certificate-expired certificate_has_expired"],
    "dane-wrong": [LOGGED_MISMATCH], "insecure-mx": [LOGGED_MISMATCH], "dane-first-wrong": [OPEN, LOGGED_MISMATCH],
}
del LOGGED["port"]  # of the recipient's domain, which has no record


def has_tlsrpt(version, root):
    """Of Debian's, that of bookworm-backports is built without."""
    return version >= (3, 10) and any(root.glob("usr/lib/*/libtlsrpt.so*"))


def read(store):
    """{domain: its sessions}, and {domain: domains of its policies}"""
    seen, domains = {}, {}
    with contextlib.closing(sqlite3.connect(store)) as db:
        for domain, kind, of, good, what, bad in db.execute(
                "SELECT c.domain, p.type, p.policy_domain, p.successful, d.type || ' ' || d.reason, d.sessions"
                " FROM counted_domain c JOIN counted_policy p ON p.counted = c.id"
                " LEFT JOIN counted_detail d ON d.policy = p.id"):
            name = domain.removesuffix(".example")
            own = seen.setdefault(name, [])
            own += [kind] * good + ([f"{kind} {what}".strip()] * bad if what else [])
            domains.setdefault(name, set()).add(of)
    return {name: sorted(own) for name, own in seen.items()}, domains


@contextlib.contextmanager
def collecting(folder, socket, role=""):
    """mtasts collect at a socket; its store, which is complete when it has ended."""
    store = folder / "events.db"
    with open(folder / "collect", "w") as out:
        process = subprocess.Popen([policyd.MTASTS, "collect", "--no-config", "--store", store, "--listen",
                                    f"{role}unix:{socket}"], stdout=out, stderr=out)
    try:
        wait_until(socket.exists, "the collector listens")
        yield store
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def collector(mailer):
    """At the socket that the mailer knows."""
    return collecting(mailer.folder, mailer.folder / "spool" / SOCKET)


def an_hour_ago(log):
    """What was just written is not counted yet."""
    def earlier(found):
        then = datetime.datetime.strptime(f"{time.localtime().tm_year} {found[0]}", "%Y %b %d %H:%M:%S")
        return (then - datetime.timedelta(hours=1)).strftime("%b %d %H:%M:%S")
    return re.sub(r"^\w{3} [ \d]\d [\d:]{8}", earlier, log, flags=re.M)


def from_log(mailer, control):
    store = mailer.folder / "logged.db"
    done = subprocess.run([policyd.MTASTS, "collect", "--from-log", "--no-config", "--store", store, "--control", control, "-"],
                          input=an_hour_ago(mailer.said()), capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise AssertionError(f"the log is read: {done.stdout} {done.stderr}")
    return store


def differences(name, store, wanted):
    """Lines for what was counted otherwise."""
    seen, domains = read(store)
    wrong = [f"{name}: events of {domain}: expected {sorted(wanted.get(domain, []))}\n    seen {seen.get(domain, [])}"
             for domain in sorted(bed_domains.ROWS.keys() | seen.keys()) if seen.get(domain, []) != sorted(wanted.get(domain, []))]
    return wrong + [f"{name}: policies of {domain}: expected {of}\n    seen {domains.get(domain)}"
                    for domain, of in POLICY_DOMAINS.items() if domains.get(domain) != of]
