# SPDX-License-Identifier: MIT
"""A name server that answers for its scenarios, and lies where they say so.

`lies` maps "OWNER TYPE" to: servfail refused silent garbage wrong-name wrong-question cname-loop nxdomain.
A scenario's `second` gives a second name server to a domain that NSD serves: this one, with what differs there.
It refuses whatever no scenario gives to it: a lame server."""

import json
import socket
import socketserver
import struct
import threading

import plan
import zones

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28}
NAMES = {number: name for name, number in TYPES.items()}
RCODES = {"servfail": 2, "nxdomain": 3, "refused": 5}


def wire_name(name):
    labels = [l for l in name.rstrip(".").split(".") if l]
    return b"".join(bytes([len(l)]) + l.encode() for l in labels) + b"\0"


def wire_data(kind, data):
    if kind == "A":
        return socket.inet_pton(socket.AF_INET, data)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, data)
    if kind == "MX":
        preference, host = data.split()
        return struct.pack(">H", int(preference)) + wire_name(host)
    if kind in ("NS", "CNAME"):
        return wire_name(data)
    if kind == "TXT":
        value = data[1:-1].encode()  # the table's liars need no escapes
        return bytes([len(value)]) + value
    host, mail, *numbers = data.split()
    return wire_name(host) + wire_name(mail) + struct.pack(">5I", *map(int, numbers))


def record(name, kind, data, ttl=300):
    rdata = wire_data(kind, data)
    return wire_name(name) + struct.pack(">HHIH", TYPES[kind], 1, ttl, len(rdata)) + rdata


class Book:
    """What is true, and what is said."""

    def __init__(self, scenarios):
        self.origins, self.truth, self.lies, self.serials = [], {}, {}, {}
        for s in scenarios:
            if s["dns"] != "liar" and not s["second"]:
                continue
            s = {**s, **s["second"]}
            origin = s["domain"]
            self.origins.append(origin)
            for owner, _, rest in zones.records(s):
                kind, data = rest.split(" ", 1)
                self.truth.setdefault(plan.absolute(owner, origin), []).append((kind, data))
            self.truth.setdefault(origin, []).append(("NS", "ns.liar.example."))
            if s["second"]:
                self.truth[origin].append(("NS", "ns.nic.example."))
            self.serials[origin] = s.get("serial", 1)
            for spot, lie in s["lies"].items():
                owner, kind = spot.split()
                self.lies[plan.absolute(owner, origin), kind] = lie

    def origin(self, name):
        return next((o for o in self.origins if name == o or name.endswith("." + o)), None)

    def look_up(self, name, kind):
        """rcode, answers, authority of an honest answer."""
        origin = self.origin(name)
        if origin is None:
            return 5, [], []
        soa = record(origin, "SOA", "ns.liar.example. hostmaster.nic.example. "
                     f"{self.serials[origin]} 3600 600 86400 300")
        here = self.truth.get(name, [])
        if kind == "SOA" and name == origin:
            return 0, [soa], []
        answers = [record(name, k, d) for k, d in here if k in (kind, "CNAME")]
        if answers:
            return 0, answers, []
        known = any(n == name or n.endswith("." + name) for n in self.truth)
        return 0 if known else 3, [], [soa]


def lie_about(lie, name, kind, honest):
    rcode, answers, authority = honest
    if lie in RCODES:
        return RCODES[lie], [], []
    if lie == "wrong-name":
        return 0, [record("elsewhere.attacker.example", "TXT", '"v=STSv1; id=666;"')], []
    if lie == "cname-loop":
        other = "loop." + name
        return 0, [record(name, "CNAME", other), record(other, "CNAME", name)], []
    raise ValueError(lie)


def answer(book, query, tcp):
    number, flags, questions = struct.unpack_from(">HHH", query)
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
        at += query[at] + 1
    name = ".".join(labels)
    kind = NAMES.get(struct.unpack_from(">H", query, at + 1)[0], "")
    question = query[12:at + 5]
    rcode, answers, authority = honest = book.look_up(name, kind)
    lie = book.lies.get((name, kind))
    if lie is None and name.startswith("loop."):  # the other half of a loop
        answers = [record(name, "CNAME", name[5:])]
        rcode, authority = 0, []
    if lie == "silent":
        return None
    if lie == "garbage":
        return query[:2] + b"\xff" * 60
    if lie == "wrong-question":
        question = wire_name("other.example") + question[-4:]
    elif lie:
        rcode, answers, authority = lie_about(lie, name, kind, honest)
    head = struct.pack(">HHHHHH", number, 0x8400 | flags & 0x0100 | rcode, 1, len(answers), len(authority), 0)
    return head + question + b"".join(answers) + b"".join(authority)


def main():
    book = Book(json.loads((plan.STATE / "plan.json").read_text()))

    class Udp(socketserver.BaseRequestHandler):
        def handle(self):
            data, sock = self.request
            reply = answer(book, data, False)
            if reply:
                sock.sendto(reply, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self):
            size = struct.unpack(">H", self.rfile.read(2))[0]
            reply = answer(book, self.rfile.read(size), True)
            if reply:
                self.wfile.write(struct.pack(">H", len(reply)) + reply)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    tcp = socketserver.ThreadingTCPServer((plan.LIAR, 53), Tcp)
    udp = socketserver.ThreadingUDPServer((plan.LIAR, 53), Udp)
    threading.Thread(target=tcp.serve_forever, daemon=True).start()
    print("ready", flush=True)
    udp.serve_forever()


if __name__ == "__main__":
    main()
