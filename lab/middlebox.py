#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What lab/behind puts between a command and the lab: an HTTP proxy (CONNECT), or a proxy that intercepts TLS.

usage: middlebox.py proxy | strict-proxy | auth-proxy | interceptor

The interceptor takes connections to any address, shows each client a certificate for the name it asked for,
signed by an authority of its own (pki.py), and passes on what both sides say."""

import base64
import datetime
import selectors
import socket
import ssl
import sys
import tempfile
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

import pki
import plan

PROXY_PORT = 3128
MARK = 1  # behind's rules let it pass
SO_MARK = 36
CREDENTIALS = base64.b64encode(b"user:secret").decode()


def dial(host, port):
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, SO_MARK, MARK)
    sock.settimeout(20)
    sock.connect(address)
    return sock


def relay(one, other):
    """Both ways, each in a thread: a TLS socket may hold bytes that select() does not see."""
    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except (OSError, ValueError):
            pass
        for sock in (source, sink):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
    back = threading.Thread(target=pump, args=(other, one), daemon=True)
    back.start()
    pump(one, other)
    back.join()


# ---- proxies ---------------------------------------------------------------------------------------


def answer(sock, status, *lines):
    sock.sendall("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode())


def connect_proxy(role):
    def serve(sock):
        head = b""
        while b"\r\n\r\n" not in head:
            more = sock.recv(4096)
            if not more or len(head) > 65536:
                return
            head += more
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        allowed = f"proxy-authorization: basic {CREDENTIALS}".lower() in head.decode().lower()
        if role == "strict-proxy" or method != "CONNECT":
            answer(sock, "403 Forbidden", "Content-Length: 0")
        elif role == "auth-proxy" and not allowed:
            answer(sock, "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="lab"', "Content-Length: 0")
        else:
            host, _, port = target.rpartition(":")
            try:
                far = dial(host.strip("[]"), int(port))
            except OSError as error:
                answer(sock, "502 Bad Gateway" if not isinstance(error, TimeoutError) else "504 Gateway Timeout",
                       "Content-Length: 0")
                return
            answer(sock, "200 Connection established")
            relay(sock, far)
    return serve


# ---- interception ----------------------------------------------------------------------------------


class Interceptor:
    def __init__(self):
        both = (plan.STATE / "pki/interceptor.pem").read_bytes()
        self.key = serialization.load_pem_private_key(both, None)
        self.issuer = x509.load_pem_x509_certificate(both)
        self.contexts = {}

    def context(self, name):
        if name not in self.contexts:
            now = datetime.datetime.utcnow()
            leaf = (x509.CertificateBuilder().subject_name(pki.named(name)).issuer_name(self.issuer.subject)
                    .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
                    .not_valid_before(now - 2 * pki.DAY).not_valid_after(now + 88 * pki.DAY)
                    .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
                    .sign(self.key, hashes.SHA256()))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with tempfile.NamedTemporaryFile(dir=plan.STATE) as file:
                file.write(pki.private_text(self.key) + pki.pem(leaf) + pki.pem(self.issuer))
                file.flush()
                context.load_cert_chain(file.name)
            self.contexts[name] = context
        return self.contexts[name]

    def serve(self, sock):
        name = "unknown.example"

        def choose(near, asked, _):
            nonlocal name
            name = asked or name
            near.context = self.context(name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = choose
        host, port = sock.getsockname()[:2]
        near = context.wrap_socket(sock, server_side=True)
        outward = ssl._create_unverified_context()
        relay(near, outward.wrap_socket(dial(host, port), server_hostname=name))


# ---- listening -------------------------------------------------------------------------------------


def quietly(serve, sock):
    try:
        serve(sock)
    except (OSError, ValueError):
        pass
    finally:
        sock.close()


def main(role):
    serve = Interceptor().serve if role == "interceptor" else connect_proxy(role)
    where = [("0.0.0.0", 443), ("::", 443)] if role == "interceptor" else [("127.0.0.1", PROXY_PORT)]
    selector = selectors.DefaultSelector()
    for address, port in where:
        listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        if ":" in address:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(64)
        selector.register(listener, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            sock, _ = key.fileobj.accept()
            threading.Thread(target=quietly, args=(serve, sock), daemon=True).start()


main(sys.argv[1])
