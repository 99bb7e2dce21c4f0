# SPDX-License-Identifier: MIT
"""Mails of reports, and others, for the tests of mailboxes and of deliveries."""

import contextlib
import json
import sqlite3
import time


def demand(truth, what, run=""):
    if not truth:
        raise AssertionError(f"{what}\n{run}")


def report(number):
    day = f"2026-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
    return json.dumps({
        "organization-name": f"Sender {number % 7}", "report-id": f"{day}-{number}", "contact-info": "a@b.example",
        "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"},
        "policies": [{"policy": {"policy-type": "sts", "policy-domain": f"d{number % 13}.example"},
                      "summary": {"total-successful-session-count": number, "total-failure-session-count": 0}}]})


def mail(number, text=None, extra=""):
    return (f"From: sender{number % 7} <a@b.example>\r\nDate: Mon, 23 Nov 2026 15:00:00 +0000\r\n"
            f"Message-ID: <{number}@b.example>\r\n"
            f"Subject: Report Domain: d{number % 13}.example\r\nTLS-Report-Domain: d{number % 13}.example\r\n"
            f"{extra}MIME-Version: 1.0\r\nContent-Type: application/tlsrpt+json\r\n\r\n"
            + (report(number) if text is None else text) + "\r\n").encode()


def foreign(number):
    return (f"From: a@b.example\r\nSubject: lunch {number}\r\nMessage-ID: <f{number}@b.example>\r\n\r\n"
            "A9 OK done\r\nat one?\r\n").encode()


def tricky(number):
    """A body in which lines look like answers of the server, and one like the size of a literal."""
    lines = "".join(f"A{n} OK [READ-WRITE] done\r\n" for n in range(1, 40))
    return (f"From: a@b.example\r\nSubject: Report Domain: d.example\r\nMessage-ID: <t{number}@b.example>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n"
            f"\r\n{lines}* BYE {{99}}\r\n* 1 FETCH (UID 1 BODY[] {{5}}\r\n)\r\n\r\n--b\r\n"
            "Content-Type: application/tlsrpt+json\r\n\r\n" + report(number) + "\r\n--b--\r\n").encode()


def ids_of(numbers):
    return sorted(json.loads(report(n))["report-id"] for n in numbers)


def stored(path):
    """The ids of the reports in a store."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        return sorted(row[0] for row in store.execute("SELECT report_id FROM report"))


def wait_until(truth, what, seconds=10):
    for _ in range(seconds * 20):
        with contextlib.suppress(FileNotFoundError, sqlite3.OperationalError):
            if truth():
                return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")
