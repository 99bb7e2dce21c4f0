# SPDX-License-Identifier: MIT
"""A name server that answers for its scenarios, and lies where they say so.

`lies` maps "OWNER TYPE" ("* *": all of the domain) to: servfail refused silent garbage wrong-name wrong-question
cname-loop cname-endless cname-long nxdomain upward sideways parent sibling foreign-glue poison many-servers many-silent
many-addresses giant slow drip.
A scenario's `second` gives a second name server to a domain that NSD serves: this one, with what differs there.
It refuses whatever no scenario gives to it: a lame server.

Who lies about everything and is silent or slow would be shunned for a while by the resolver of the lab, for other
domains as well: such scenarios have own recursion (--resolver none)."""

import json
import socket
import socketserver
import struct
import threading
import time

import plan
import zones

MANY = 400      # name servers in one referral
LONG = 100      # aliases one behind the other
ADDRESSES = 800 # of one name; nobody is there
GIANT = 200     # records before the honest ones: 60 KiB
SLOW = 2        # seconds to an answer
DATAGRAM = 1232 # octets
DRIP = 0.1      # seconds to each byte of it
TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28}
NAMES = {number: name for name, number in TYPES.items()}
REFERRALS = ("upward", "sideways", "parent", "sibling", "foreign-glue", "many-servers", "many-silent")
VICTIM = "healthy.example"  # whose records "poison" tries to replace
NOBODY = "198.18.0.99"
# Each question that leads there is written down: it may lead to so many more and no further.
COUNTED = ("cname-endless", "cname-long", "upward", "sideways", "parent", "sibling", "many-servers", "many-silent")
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


def alias_number(name):
    """Which of a chain of aliases c1.NAME, c2.NAME ... it is; 0: the beginning."""
    first = name.partition(".")[0]
    return int(first[1:]) if first[:1] == "c" and first[1:].isdigit() else 0


def next_alias(name):
    number = alias_number(name)
    return record(name, "CNAME", f"c{number + 1}.{name.partition('.')[2] if number else name}")


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

    def lie(self, name, kind):
        said = self.lies.get((name, kind)) or self.lies.get((f"*.{self.origin(name)}", "*"))
        return said or (self.lies.get((name.partition(".")[2], kind)) if alias_number(name) else None)

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
    if lie == "cname-endless":  # each name is an alias of another one
        return 0, [next_alias(name)], []
    if lie == "upward":  # "ask the root": what a server says that knows nothing of the zone
        return 0, [], [record("", "NS", f"{c}.root-servers.net") for c in "abcdefghijklm"]
    if lie == "sideways":  # to itself, for the zone that was asked
        return 0, [], [record(name, "NS", "ns.liar.example")]
    if lie == "parent":  # whoever is asked for the zone is sent back to who delegated it
        return 0, [], [record(name.rpartition(".")[2], "NS", "tld.nic.example")]
    if lie in ("sibling", "foreign-glue"):  # to a server that knows nothing of it
        return 0, [], [record(name, "NS", "ns.nic.example")]
    if lie == "poison":
        return rcode, answers + [record(f"mx.{VICTIM}", "A", NOBODY)], authority + [record(VICTIM, "NS", "ns.liar.example")]
    if lie == "cname-long":  # what is asked for is there, behind so many
        return 0, [record(name, "TXT", '"v=STSv1; id=1;"') if alias_number(name) == LONG else next_alias(name)], []
    if lie in ("many-servers", "many-silent"):  # a referral to names each of which must be looked up
        place = "nowhere.example" if lie == "many-servers" else "silent." + name
        return 0, [], [record(name, "NS", f"n{i}.{place}") for i in range(MANY)]
    if lie == "giant":
        return 0, [record(name, "TXT", f'"{i:04d}{"x" * 250}"') for i in range(GIANT)] + answers, []
    if lie == "many-addresses":
        return 0, answers + [record(name, "AAAA", f"2001:2:0:2::{i:x}") for i in range(ADDRESSES)], []
    raise ValueError(lie)


def glue(lie):
    """Addresses that no answer of this server may tell."""
    if lie == "foreign-glue":
        return [record("ns.nic.example", "A", plan.LIAR)]
    return [record(f"mx.{VICTIM}", "A", NOBODY), record("ns.nic.example", "A", plan.LIAR)] if lie == "poison" else []


def question_of(query):
    """name, type, and where the question ends."""
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
        at += query[at] + 1
    return ".".join(labels), NAMES.get(struct.unpack_from(">H", query, at + 1)[0], ""), at + 5


def answer(book, query, tcp):
    number, flags, questions = struct.unpack_from(">HHH", query)
    name, kind, end = question_of(query)
    question = query[12:end]
    rcode, answers, authority = honest = book.look_up(name, kind)
    lie = book.lie(name, kind)
    if lie is None and name.startswith("loop."):  # the other half of a loop
        answers = [record(name, "CNAME", name[5:])]
        rcode, authority = 0, []
    if lie in COUNTED:
        plan.write_down("asked", f"{book.origin(name)} {kind or 'other'} {name}")
    if ".silent." in name:  # one of the servers of a referral to many
        plan.write_down("asked", f"{book.origin(name)} server {name}")
        return None
    if lie == "silent":
        return None
    if lie == "garbage":
        return query[:2] + b"\xff" * 60
    if lie == "slow":
        time.sleep(SLOW)
    elif lie == "wrong-question":
        question = wire_name("other.example") + question[-4:]
    elif lie and lie != "drip":
        rcode, answers, authority = lie_about(lie, name, kind, honest)
    head = (number, 0x8000 | (0 if lie in REFERRALS else 0x0400) | flags & 0x0100 | rcode)
    more = glue(lie)
    whole = struct.pack(">HHHHHH", *head, 1, len(answers), len(authority), len(more)) + question
    whole += b"".join(answers + authority + more)
    if not tcp and (len(whole) > DATAGRAM or lie == "drip"):
        return struct.pack(">HHHHHH", head[0], head[1] | 0x0200, 1, 0, 0, 0) + question  # "come over TCP"
    return whole


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
            query = self.rfile.read(struct.unpack(">H", self.rfile.read(2))[0])
            reply = answer(book, query, True)
            if not reply:
                return
            whole = struct.pack(">H", len(reply)) + reply
            if book.lie(*question_of(query)[:2]) != "drip":
                self.wfile.write(whole)
                return
            for octet in whole:
                self.wfile.write(bytes([octet]))
                time.sleep(DRIP)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    tcp = socketserver.ThreadingTCPServer((plan.LIAR, 53), Tcp)
    udp = socketserver.ThreadingUDPServer((plan.LIAR, 53), Udp)
    threading.Thread(target=tcp.serve_forever, daemon=True).start()
    print("ready", flush=True)
    udp.serve_forever()


if __name__ == "__main__":
    main()
