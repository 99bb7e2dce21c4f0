# SPDX-License-Identifier: MIT
"""Sign mails (RFC 6376) and answer for the keys: written for the tests, beside no library of DKIM."""

import base64
import hashlib
import re
import socket
import struct
import threading

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

SIGNED = ["From", "To", "Subject", "Date", "MIME-Version", "Content-Type", "TLS-Report-Domain",
          "TLS-Report-Submitter"]


def relaxed_header(name, value):
    return f"{name.lower()}:" + re.sub(r"[ \t]+", " ", value.replace("\r\n", "")).strip(" \t")


def relaxed_body(body):
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def simple_body(body):
    return re.sub(rb"(\r\n)*\Z", b"", body) + b"\r\n"


def rsa_key(bits=2048):
    return rsa.generate_private_key(65537, bits)


def record(key, **tags):
    """The TXT record of a key; tags such as s="tlsrpt" stand in it too."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    else:
        public = key.public_key().public_bytes(serialization.Encoding.DER,
                                               serialization.PublicFormat.SubjectPublicKeyInfo)
    tags = {"v": "DKIM1", "k": "rsa" if hasattr(key, "key_size") else "ed25519", **tags,
            "p": base64.b64encode(public).decode()}
    return "; ".join(f"{name}={value}" for name, value in tags.items())


def sign(mail, key, domain, selector="s1", body="relaxed", length=None, digest="sha256", extra=""):
    """The mail (bytes with CRLF) with a DKIM-Signature in front."""
    head, text = mail.split(b"\r\n\r\n", 1)
    fields = [f.split(":", 1) for f in re.split(r"\r\n(?![ \t])", head.decode())]
    text = relaxed_body(text) if body == "relaxed" else simple_body(text)
    if length is not None:
        text = text[:length]
    kind = "rsa" if hasattr(key, "key_size") else "ed25519"
    value = (f" v=1; a={kind}-{digest}; c=relaxed/{body}; d={domain}; s={selector};{extra}"
             + (f" l={length};" if length is not None else "") + f"\r\n\th={':'.join(SIGNED)};"
             f"\r\n\tbh={base64.b64encode(hashlib.new(digest, text).digest()).decode()};\r\n\tb=")
    signed = [relaxed_header(name, v) for wanted in SIGNED for name, v in fields if name == wanted]
    data = "\r\n".join([*signed, relaxed_header("DKIM-Signature", value)]).encode()
    if kind == "rsa":
        made = key.sign(data, padding.PKCS1v15(), {"sha256": hashes.SHA256(), "sha1": hashes.SHA1()}[digest])
    else:
        made = key.sign(hashlib.sha256(data).digest())
    return f"DKIM-Signature:{value}{base64.b64encode(made).decode()}\r\n".encode() + mail


class Keys(threading.Thread):
    """A name server for TXT records on a port of loopback; a name with the record None gets no answer.

    Those of `together` get theirs when each of them was asked for."""

    def __init__(self, records):
        super().__init__(daemon=True)
        self.records = {name.lower(): value for name, value in records.items()}
        self.asked = []
        self.together = set()
        self.held = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1@{self.socket.getsockname()[1]}"
        self.start()

    def run(self):
        while True:
            query, client = self.socket.recvfrom(4096)
            name, at = [], 12
            while query[at]:
                name.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
                at += 1 + query[at]
            question = query[12:at + 5]
            name = ".".join(name)
            self.asked.append(name)
            value = self.records.get(name, "")
            if value is None:
                continue
            self.held.append((self.answer(query, question, value), client))
            if name not in self.together or self.together <= set(self.asked):
                for answer in self.held:
                    self.socket.sendto(*answer)
                self.held = []

    @staticmethod
    def answer(query, question, value):
        txt = struct.unpack(">H", question[-4:-2])[0] == 16
        strings = b"".join(bytes([len(value[i:i + 255])]) + value[i:i + 255].encode()
                           for i in range(0, len(value), 255))
        found = b"\xc0\x0c" + struct.pack(">HHIH", 16, 1, 300, len(strings)) + strings
        flags = 0x8180 if value else 0x8183  # NXDOMAIN where there is none
        count = int(bool(value) and txt)
        return query[:2] + struct.pack(">HHHHH", flags, 1, count, 0, 0) + question + found * count
