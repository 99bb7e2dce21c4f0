#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Names of sending addresses on the page of a domain, looked up at a name server that the test serves: what the name's
own zone confirms is shown, anything else is not; an address of special use is not asked for; a page does not wait for a
name server that says nothing.

usage: serve_names.py MTASTS"""

import http.client
import json
import os
import pathlib
import re
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.parse

import domain_states
import service as web

MTASTS = str(pathlib.Path(sys.argv[1]).resolve())
TMP = tempfile.TemporaryDirectory(prefix="mtasts-names-")
PASSWORD = "correct horse battery"
A, PTR, AAAA = 1, 12, 28
RECORDS = {
    ("17.7.12.45.in-addr.arpa", PTR): "mail.sender.example", ("mail.sender.example", A): "45.12.7.17",
    ("18.7.12.45.in-addr.arpa", PTR): "mail.google.example", ("mail.google.example", A): "203.0.113.1",
    ("19.7.12.45.in-addr.arpa", PTR): "<script>alert(1)</script>.example",
    ("1." + "0." * 23 + "8.f.4.0.1.0.a.2.ip6.arpa", PTR): "six.sender.example", ("six.sender.example", AAAA): "2a01:4f8::1",
}
SILENT = "20.7.12.45.in-addr.arpa"
faults = 0


def check(what, good, seen=""):
    global faults
    if not good:
        faults += 1
        print(f"FAIL: {what}: {str(seen)[:600]!r}")


# ---- a name server -----------------------------------------------------------------------------------

def wire(name):
    labels = name.split(".") if not name.startswith("<") else name.rsplit(".", 1)
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


class NameServer(threading.Thread):
    """Answers what RECORDS has, and that there is nothing else; what SILENT asks for it keeps until it is let go."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port, self.asked, self.speaks = self.socket.getsockname()[1], [], False

    def run(self):
        while True:
            query, peer = self.socket.recvfrom(4096)
            name, at = [], 12
            while query[at]:
                name.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
                at += 1 + query[at]
            name, kind = ".".join(name).lower(), struct.unpack("!H", query[at + 1:at + 3])[0]
            self.asked.append((name, kind))
            if name == SILENT and not self.speaks:
                continue
            value = RECORDS.get((name, kind), "late.sender.example" if name == SILENT else None)
            if value is None and (name, kind) == ("late.sender.example", A):
                value = "45.12.7.20"
            self.socket.sendto(self.answer(query[:2], query[12:at + 5], kind, value), peer)

    @staticmethod
    def answer(identity, question, kind, value):
        known = value is not None
        data = b"" if not known else wire(value) if kind == PTR else socket.inet_pton(
            socket.AF_INET6 if kind == AAAA else socket.AF_INET, value)
        record = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data if known else b""
        return identity + struct.pack("!HHHHH", 0x8180, 1, known, 0, 0) + question + record


# ---- a service ---------------------------------------------------------------------------------------

class Service:
    def __init__(self, store, server, *options):
        self.served = web.Service(MTASTS, store, "--no-watch", "--resolver", f"127.0.0.1@{server.port}", "--trust-anchor",
                                  "none", *options, env=environment())
        self.port, self.cookie = self.served.port, ""
        self.ask("/login", {"name": "anna", "password": PASSWORD})

    def ask(self, path, form=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        fields = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}"}
        if form:
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form else "GET", path, urllib.parse.urlencode(form) if form else None, fields)
        answer = connection.getresponse()
        if answer.headers["Set-Cookie"]:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer.read().decode()

    def end(self):
        check("it ends", self.served.stop() == 0)


def environment():
    return {k: v for k, v in os.environ.items() if not k.startswith("MTASTS_")} | {"XDG_STATE_HOME": TMP.name, "LC_ALL": "C"}


def report(address, number):
    made = domain_states.report("named", 1, f"sender {number}", 10, 2, "starttls-not-supported", True)
    made["policies"][0]["failure-details"][0]["sending-mta-ip"] = address
    return made


def store_with(addresses):
    store = str(pathlib.Path(TMP.name, f"{len(addresses)}.db"))
    domain_states.fill(MTASTS, store, TMP.name, {"named": ([domain_states.facts("named", 0)],
                                                           [report(one, n) for n, one in enumerate(addresses)])})
    subprocess.run([MTASTS, "serve", "--no-config", "--store", store, "--create-admin", "anna"], input=PASSWORD, text=True,
                   env=environment(), capture_output=True, check=True)
    with sqlite3.connect(store) as db:
        db.execute("INSERT INTO tenant (name, created) VALUES ('all', 1)")
        db.execute(web.OWN.format(group=1))
        db.execute("INSERT INTO member SELECT id, 1, 'admin' FROM account")
    db.close()
    return store


def until(service, words):
    """The page that has them at last."""
    for _ in range(600):
        page = service.ask("/d/named.example")
        if words in page:
            return page
    return page


def main():
    server = NameServer()
    server.start()
    store = store_with(["45.12.7.17", "45.12.7.18", "45.12.7.19", "2a01:4f8::1"])
    service = Service(store, server)
    page = until(service, "six.sender.example")
    check("in the table", "45.12.7.17 (mail.sender.example)" in re.search(r'id="failed".*', page, re.S)[0], page)
    check("in the filter", '<option value="45.12.7.17">45.12.7.17 (mail.sender.example)</option>' in page, page)
    check("IPv6", "2a01:4f8::1 (six.sender.example)" in page)
    check("what its zone does not confirm", "45.12.7.18" in page and "google" not in page, page)
    check("what is no host name", "45.12.7.19" in page and "alert(1)" not in page, page)
    asked = len(server.asked)
    service.ask("/d/named.example")
    check("asked once", len(server.asked) == asked, server.asked[asked:])
    page = service.ask("/d/named.example?lang=de")
    check("in German", "45.12.7.17 (mail.sender.example)" in page and "Gemeldete Fehler" in page and "Reported" not in page, page)
    service.end()
    server.asked.clear()
    service = Service(store_with(["10.1.2.3", "fd00::1", "127.0.0.1"]), server)
    page = service.ask("/d/named.example")
    service.end()
    check("of special use: the address alone", "10.1.2.3" in page and "fd00::1" in page and ".example)" not in page, page)
    check("nobody is asked", not [one for one in server.asked if one[1] == PTR], server.asked)
    service = Service(store_with(["45.12.7.20"]), server)
    page = service.ask("/d/named.example")
    check("a silent name server: the address alone", "45.12.7.20" in page and "late.sender" not in page, page)
    check("it was asked", (SILENT, PTR) in server.asked)
    server.speaks = True
    check("later with its name", "45.12.7.20 (late.sender.example)" in until(service, "late.sender.example"))
    service.end()
    sys.exit(faults > 0)


main()
