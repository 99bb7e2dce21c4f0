# SPDX-License-Identifier: MIT
"""What fills a signed zone so that whoever validates it has work: keys of one tag, and signatures that none of
them made; DS records that fit no key.

A validator has to try each signature with each key of its tag.  The keys cost as much as they can: RSA of 3072
bits, where OpenSSL takes a public exponent of any size."""

import base64
import hashlib
import random

ALGORITHM = 8  # RSASHA256
TAG = 8461
OCTETS = 384
EXPONENT = 64  # octets; with all 384 one validation takes 7 ms


def tag(rdata):
    """RFC 4034 appendix B."""
    total = sum(octet << (0 if at & 1 else 8) for at, octet in enumerate(rdata))
    return total + (total >> 16 & 0xffff) & 0xffff


def key(chance):
    """The data of a DNSKEY record whose tag is TAG."""
    exponent = b"\x7f" + chance.randbytes(EXPONENT - 2) + b"\xff"
    modulus = bytearray(b"\xc1" + chance.randbytes(OCTETS - 2) + b"\xff")
    head = (256).to_bytes(2, "big") + bytes([3, ALGORITHM, 0]) + EXPONENT.to_bytes(2, "big") + exponent
    at = 101 if len(head) % 2 else 100  # two octets that are one word of the sum
    modulus[at:at + 2] = b"\0\0"
    missing = TAG - tag(head + modulus)
    for word in (missing, missing - 1, missing + 1):  # the carry may change
        modulus[at:at + 2] = (word & 0xffff).to_bytes(2, "big")
        if tag(head + modulus) == TAG:
            return f"256 3 {ALGORITHM} " + base64.b64encode(head[4:] + modulus).decode()
    raise ValueError("no key of that tag")


def keys(count):
    """Lines for the zone, before it is signed."""
    chance = random.Random(8461)
    return [f"@ DNSKEY {key(chance)}" for _ in range(count)]


def signatures(text, origin, spots, count):
    """The signed zone with `count` signatures of nobody in the place of the one of each of the record sets."""
    chance = random.Random(9276)
    lines = text.splitlines()
    for spot in spots:
        owner, kind = spot.split()
        owner = f"{origin}." if owner == "@" else f"{owner}.{origin}."
        [at] = [i for i, line in enumerate(lines) if line.split()[0] == owner and line.split()[3:5] == ["RRSIG", kind]]
        words = lines[at].split()
        words[5], words[10] = str(ALGORITHM), str(TAG)
        lines[at:at + 1] = [" ".join(words[:12] + [base64.b64encode(b"\x3f" + chance.randbytes(OCTETS - 1)).decode()])
                            for _ in range(count)]
    return "\n".join(lines) + "\n"


def digests(right, count):
    """DS data that fits no key, all with the tag of the right one."""
    number, algorithm, _ = right.split()[:3]
    return [f"{number} {algorithm} 2 {hashlib.sha256(str(i).encode()).hexdigest()}" for i in range(count)]
