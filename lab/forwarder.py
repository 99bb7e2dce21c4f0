# SPDX-License-Identifier: MIT
"""Resolvers that do not pass DNSSEC, each at an address of its own (plan.FORWARDERS), before the lab's resolver.

strips   asks without EDNS and has no DNSSEC records: home routers, resolvers of cloud networks, containers
denies   the same, but says of DNSSEC records that the name does not exist
below    passes the root's DNSSEC records and strips those of all other zones
drops    passes all but questions for DNSKEY and DS, to which it never answers
chokes   FORMERR to all that has EDNS
forges   spoils the signatures of the root's DNSKEY: somebody has another root
errors   SERVFAIL to everything
breaks   strips the DNSSEC records of some zones, those named one-zone-...; passes all others
blocks   a filter: answers 0.0.0.0 and :: for the policy hosts of domains named filtered-..."""

import socket
import socketserver
import struct
import threading

import plan

DS, RRSIG, DNSKEY = 43, 46, 48
DNSSEC_TYPES = (DS, RRSIG, 47, DNSKEY, 50, 51)
ADDRESSES = {1: 4, 28: 16}  # A, AAAA: the length of one
HEAD = 12
FORMERR, SERVFAIL, NXDOMAIN = 1, 2, 3


def question(message):
    """(name is the root, type, the end of the question)"""
    at = HEAD
    while message[at]:
        at += 1 + message[at]
    return at == HEAD, struct.unpack_from(">H", message, at + 1)[0], at + 5


def reply(query, rcode=0):
    """Without any record."""
    _, _, end = question(query)
    number, flags = struct.unpack_from(">HH", query)
    return struct.pack(">HHHHHH", number, 0x8080 | flags & 0x0110 | rcode, 1, 0, 0, 0) + query[HEAD:end]


def without_edns(query):
    """OPT is the last of a question's records."""
    _, _, end = question(query)
    return query[:6] + bytes(6) + query[HEAD:end]


def has_edns(query):
    return struct.unpack_from(">H", query, 10)[0] > 0


def skip_name(message, at):
    while message[at]:
        if message[at] >= 0xC0:
            return at + 2
        at += 1 + message[at]
    return at + 1


def spoil_signatures(message):
    """Change the last byte of each RRSIG."""
    octets = bytearray(message)
    _, _, at = question(message)
    for _ in range(sum(struct.unpack_from(">HHH", message, 6))):
        at = skip_name(message, at)
        kind, _, _, size = struct.unpack_from(">HHIH", message, at)
        at += 10 + size
        if kind == RRSIG:
            octets[at - 1] ^= 1
    return bytes(octets)


def ask(query, tcp):
    """The lab's resolver, in the way we were asked."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as sock:
        sock.settimeout(10)
        sock.connect((plan.RESOLVER, 53))
        if not tcp:
            sock.send(query)
            return sock.recv(65535)
        sock.sendall(struct.pack(">H", len(query)) + query)
        with sock.makefile("rb") as file:
            return file.read(struct.unpack(">H", file.read(2))[0])


def strips(query, tcp, rcode=0):
    _, kind, _ = question(query)
    return reply(query, rcode) if kind in DNSSEC_TYPES else ask(without_edns(query), tcp)


def denies(query, tcp):
    return strips(query, tcp, NXDOMAIN)


def below(query, tcp):
    return ask(query, tcp) if question(query)[0] else strips(query, tcp)


def drops(query, tcp):
    return None if question(query)[1] in (DS, DNSKEY) else ask(query, tcp)


def chokes(query, tcp):
    return reply(query, FORMERR) if has_edns(query) else ask(query, tcp)


def forges(query, tcp):
    root, kind, _ = question(query)
    answer = ask(query, tcp)
    return spoil_signatures(answer) if root and kind == DNSKEY else answer


def labels(message):
    """Of the question, the last first."""
    at, found = HEAD, []
    while message[at]:
        found.insert(0, message[at + 1:at + 1 + message[at]].decode(errors="replace").lower())
        at += 1 + message[at]
    return found


def breaks(query, tcp):
    _, kind, _ = question(query)
    name = labels(query)
    of_zone = len(name) > 1 and name[1].startswith("one-zone-")
    # the parent's word that the zone is signed arrives
    return strips(query, tcp) if of_zone and not (kind == DS and len(name) == 2) else ask(query, tcp)


def blocks(query, tcp):
    _, kind, _ = question(query)
    name = labels(query)
    if len(name) == 3 and name[1].startswith("filtered-") and name[2] == "mta-sts" and kind in ADDRESSES:
        data = bytes(ADDRESSES[kind])
        answer = reply(query)
        return (answer[:6] + struct.pack(">H", 1) + answer[8:]
                + struct.pack(">HHHIH", 0xC000 | HEAD, kind, 1, 300, len(data)) + data)
    return ask(query, tcp)


def errors(query, tcp):
    return reply(query, SERVFAIL)


def serve(address, behave):
    class Udp(socketserver.BaseRequestHandler):
        def handle(self):
            data, sock = self.request
            answer = behave(data, False)
            if answer:
                sock.sendto(answer, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self):
            while size := self.rfile.read(2):
                answer = behave(self.rfile.read(struct.unpack(">H", size)[0]), True)
                if answer:
                    self.wfile.write(struct.pack(">H", len(answer)) + answer)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    for server in (socketserver.ThreadingTCPServer((address, 53), Tcp),
                   socketserver.ThreadingUDPServer((address, 53), Udp)):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever).start()


def main():
    for name, address in plan.FORWARDERS.items():
        serve(address, globals()[name])
    print("ready", flush=True)


if __name__ == "__main__":
    main()
