# SPDX-License-Identifier: MIT
"""What the scripted peers have in common: many listening addresses, a thread a connection, bad manners.

A behaviour is a word, or ACTION-at-STEP: at that step of the protocol the peer does not do what is due
but one of ACTIONS."""

import ctypes
import json
import selectors
import socket
import ssl
import struct
import sys
import threading
import time

import plan


class Gone(Exception):
    """The connection is over."""


def reset(sock):
    time.sleep(0.5)  # else it may come before the other side knows that it is connected
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Gone


def close(sock):
    raise Gone


def silent(sock):
    """Say nothing until the other side gives up."""
    while sock.recv(65536):
        pass
    raise Gone


def garbage(sock):
    sock.recv(4096)  # the ClientHello
    sock.sendall(bytes(range(256)) * 16)
    silent(sock)


def drip(sock):
    """A byte every eight seconds, never a line's end: whoever gives up after 10, 30 or 60 s has always had as many."""
    while True:
        sock.sendall(b"2")
        time.sleep(8)


def flood(sock, block, total=10 << 30):
    """10 GB, or as much as the other side takes."""
    block = block * (65536 // len(block))
    for _ in range(total // len(block)):
        sock.sendall(block)
    raise Gone


OCTETS = 8 << 20  # as good as without end for who takes 1 MiB


def flood_handshakes(size, function, *more):
    """Handshake messages of so many octets behind the handshake, without end.  The module ssl has no word for them: the
    SSL of OpenSSL is the second member of its object, behind the head of every object (PyObject_HEAD, then a reference
    to the socket)."""
    def act(sock):
        libssl = ctypes.CDLL("libssl.so.3")
        pointer = ctypes.c_void_p.from_address(id(sock._sslobj) + object.__basicsize__ + ctypes.sizeof(ctypes.c_void_p))
        for _ in range(OCTETS // size):  # for tickets OpenSSL does not tell that the other side is gone
            if getattr(libssl, function)(pointer, *more) != 1 or libssl.SSL_do_handshake(pointer) != 1:
                break
        raise Gone
    return act


ACTIONS = {"reset": reset, "close": close, "silent": silent, "garbage": garbage, "drip": drip,
           "endless-keys": flood_handshakes(27, "SSL_key_update", 0),          # TLS 1.3 KeyUpdate
           "endless-tickets": flood_handshakes(250, "SSL_new_session_ticket"),  # TLS 1.3 NewSessionTicket
           "endless-hellos": flood_handshakes(33, "SSL_renegotiate")}           # TLS 1.2 HelloRequest
contexts = {}


def tls_context(path, oldest, newest):
    key = (str(path), oldest, newest)
    if key not in contexts:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if newest and newest < ssl.TLSVersion.TLSv1_2 or "weak" in path.name:
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(path)
        if oldest:
            context.minimum_version = oldest
        if newest:
            context.maximum_version = newest
        contexts[key] = context
    return contexts[key]


# behaviour: the newest version, and what a client must show
CLIENT_CERTIFICATES = {"demands-certificate": (None, ssl.CERT_REQUIRED), "asks-certificate": (None, ssl.CERT_OPTIONAL),
                       "demands-certificate-12": (ssl.TLSVersion.TLSv1_2, ssl.CERT_REQUIRED)}


def client_context(path, do):
    """A server that wants to know its clients by certificates of the lab's own CA."""
    newest, mode = CLIENT_CERTIFICATES[do]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    context.load_verify_locations(plan.STATE / "pki/root.pem")
    context.verify_mode = mode
    if newest:
        context.maximum_version = newest
    return context


# behaviour: a cipher list for TLS 1.2
CIPHERS = {"rsa-exchange": "AES256-GCM-SHA384:AES256-SHA"}
LARGE = 1400  # bytes of a ClientHello that a bad middlebox does not bear


def cipher_context(path, ciphers):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(ciphers)
    context.load_cert_chain(path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def with_both_keys(first, second, do):
    """A server with two certificates, whose keys differ."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if do == "prefers-rsa":
        context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
        context.set_ciphers("ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(first)
    context.load_cert_chain(second)
    return context


def offers_ecdsa(sock):
    """Is TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 in the ClientHello, which stays to be read?"""
    hello_bytes(sock)
    return b"\xc0\x2c" in sock.recv(16384, socket.MSG_PEEK)


def hello_bytes(sock):
    """How large the ClientHello is, which stays to be read."""
    head = sock.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL)
    return int.from_bytes(head[3:5], "big")


VERSIONS = {"endless-hellos": ssl.TLSVersion.TLSv1_2, "tls13": ssl.TLSVersion.TLSv1_3, "tls10": ssl.TLSVersion.TLSv1, "tls11": ssl.TLSVersion.TLSv1_1, "tls12": ssl.TLSVersion.TLSv1_2}


def by_name(config, version):
    """Which certificate a client gets by the host that it names, or by naming none."""
    names = config["names"]

    def choose(sock, name, _):
        if not name and config["do"] == "refuses-without-sni":
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        file = config["bare_file"] if not name and config["bare_file"] else names.get(name, next(iter(names.values())))
        sock.context = tls_context(file, version, version)
        return None
    return choose


class Peer:
    """One connection.  Subclasses have run(), which calls step() before each step."""

    def __init__(self, sock, config):
        self.sock = sock
        self.config = config
        self.what, _, self.when = config["do"].partition("-at-")

    def step(self, name):
        if self.when == name:
            self.act(self.what)

    def act(self, what):
        ACTIONS[what](self.sock)

    def start_tls(self):
        version = VERSIONS.get(self.what)
        context = tls_context(self.config["cert_file"], version, version)
        if self.config["do"] in CLIENT_CERTIFICATES:
            context = client_context(self.config["cert_file"], self.config["do"])
        if self.config["do"] in CIPHERS:
            context = cipher_context(self.config["cert_file"], CIPHERS[self.config["do"]])
        if self.config["also_file"]:
            context = with_both_keys(self.config["cert_file"], self.config["also_file"],
                                     self.config["do"])
        if self.when == "large-hello" and hello_bytes(self.sock) > LARGE:
            self.act(self.what)
        if self.config["do"] == "close-without-match" and not offers_ecdsa(self.sock):
            raise Gone
        if len(self.config["names"]) > 1 or self.config["bare_file"] or self.config["do"] == "refuses-without-sni":
            context.sni_callback = by_name(self.config, version)
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def serve(self):
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.run()
        except (Gone, OSError):
            pass
        finally:
            self.sock.close()


NOT_SCRIPTED = {"postfix", "nginx", "refused", "hole", "no-route"}


def serve(peer_class, parts, port):
    """Listen on every address of these parts whose behaviour is a scripted one."""
    scenarios = json.loads((plan.STATE / "plan.json").read_text())
    selector = selectors.DefaultSelector()
    configs = {}  # by address
    for part, s, host, entry in ((part, *peer) for part in parts for peer in plan.listed(scenarios, part)):
        if entry["do"] in NOT_SCRIPTED:
            continue
        web = s["web"] if part == "mx" else s[part]
        certificate = plan.certificate_file(host, entry.get("cert", web["cert"]))
        also = entry.get("also") or (web["also"] if part != "mx" else None)
        config = {**entry, "host": host, "scenario": s, "web": web, "cert_file": certificate, "names": {},
                  "also_file": plan.certificate_file(host, also) if also else None,
                  "bare_file": plan.certificate_file(host, entry["bare"]) if entry.get("bare") else None}
        configs.setdefault(entry["address"], config)["names"][host] = certificate
    for address, config in configs.items():
        listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(64)
        selector.register(listener, selectors.EVENT_READ, config)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            sock, _ = key.fileobj.accept()
            if key.data["address"].startswith("192.168."):
                plan.write_down("inner", f"{key.data['address']} {port}")
            threading.Thread(target=peer_class(sock, key.data).serve, daemon=True).start()


def main(peer_class, parts, port):
    try:
        serve(peer_class, parts, port)
    except KeyboardInterrupt:
        sys.exit(0)
