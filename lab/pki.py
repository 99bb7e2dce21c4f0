# SPDX-License-Identifier: MIT
"""The lab's certificate authorities and the certificates of its peers, made anew at each start.

A kind is one or more words joined by '+', each a way in which a certificate departs from a good one:
    dates  expired, not-yet, soon, long; lifeN+leftM: N days of which M are left
    trust  self-signed, untrusted, incomplete, private (an intermediate of a company's CA, its root not sent)
    chain  deep (two intermediates), deep-incomplete (the upper one is not sent); soon-intermediate, expired-intermediate, expired-upper
           (of two), expired-root (an intermediate of a root nobody has, cross-signed by one that has expired),
           cross-signed (by an expired root, where the trusted one does as well), disordered, extra (a stranger's),
           costly (80 intermediates, each of which takes 6 ms to verify)
    names  wrong-name, domain-name (the domain's alone), cn-only, partial-wildcard, wildcard, wildcard-above (for two labels), many-names, some-names,
           nul-name, hostile-name, markup-name
    use    for-clients, for-mail (no serverAuth in the extended key usage), no-usage (no such extension)
    staple must-staple (RFC 7633)
    issuer known-ca (an intermediate of a CA whose CAA identifier is known)
    key    rsa, rsa-weak"""

import datetime
import hashlib
import math
import random
import re

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

import plan

NOW = datetime.datetime.utcnow().replace(microsecond=0)
DAY = datetime.timedelta(days=1)
ISSUER_URL = "http://ca.example/intermediate.der"


COSTLY = 80  # intermediates; 100 KiB is what OpenSSL reads by default
BITS = 3072  # of more, OpenSSL takes no large exponent

USES = {"for-clients": [ExtendedKeyUsageOID.CLIENT_AUTH], "for-mail": [ExtendedKeyUsageOID.EMAIL_PROTECTION],
        "no-usage": []}


def named(common_name, organisation="Lab"):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                      x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


class Authority:
    """A root, or an intermediate under `parent`."""

    def __init__(self, name, parent=None, expired=False, key=None, left=3000, organisation="Lab"):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.parent = parent
        self.name = named(name, organisation)
        signer = parent or self
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        self.certificate = (
            x509.CertificateBuilder().subject_name(self.name).issuer_name(signer.name)
            .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 400 * DAY).not_valid_after(NOW - 4 * DAY if expired else NOW + left * DAY)
            .add_extension(x509.BasicConstraints(True, None), True)
            .add_extension(usage, True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), False)
            .sign(signer.key, hashes.SHA256()))


def subject_names(host, words):
    """The common name and the alternative names of a leaf."""
    parent = host.partition(".")[2]
    if "wrong-name" in words:
        return "www." + parent, ["www." + parent, parent]
    if "domain-name" in words:
        return parent, [parent]
    if "hosted" in words:  # by one server: test/hosting.py
        return host, [f"mta-sts.hosted-{letter}.example" for letter in "abc"]
    if "cn-only" in words:
        return host, []
    if "partial-wildcard" in words:
        return parent, [host[:1] + "*." + parent]
    if "wildcard-above" in words:
        return parent, ["*." + parent.partition(".")[2]]
    if "wildcard" in words:
        return parent, ["*." + parent]
    if "many-names" in words or "some-names" in words:
        count = 10000 if "many-names" in words else 2000
        return host, [f"n{i}.{parent}" for i in range(count)] + [host]
    if "nul-name" in words:
        return parent, [host + "\0.attacker.example"]
    if "hostile-name" in words:
        return "\x1b[31m$(reboot)\u202e" + host[:20], ["`reboot`'\";\x1b]0;x\x07." + parent]
    if "markup-name" in words:
        return "\"><script>alert(3)</script>", ["<img src=x onerror=alert(4)>." + parent]
    return host, [host]


def dates(words):
    if "expired" in words:
        return NOW - 90 * DAY, NOW - 3 * DAY
    if "not-yet" in words:
        return NOW + 3 * DAY, NOW + 90 * DAY
    if "soon" in words:
        return NOW - 85 * DAY, NOW + 5 * DAY
    if "long" in words:
        return NOW - 2 * DAY, NOW + 800 * DAY
    life, left = (next((int(m[1]) for w in words if (m := re.fullmatch(sort + r"(\d+)", w))), default)
                  for sort, default in (("life", 90), ("left", 88)))
    return NOW - (life - left) * DAY, NOW + left * DAY


class Pki:
    def __init__(self):
        self.root = Authority("Lab Root CA")
        self.intermediate = Authority("Lab Intermediate CA", self.root)
        self.unknown_root = Authority("Unknown Root CA")
        self.unknown = Authority("Unknown Intermediate CA", self.unknown_root)
        self.upper = Authority("Lab Upper CA", self.root)
        self.stale_upper = Authority("Lab Stale Upper CA", self.root, expired=True)
        self.stale_root = Authority("Lab Stale Root CA", expired=True)
        # The same root by its key, signed by a predecessor that has expired: what Let's Encrypt sent in 2021.
        self.cross_signed = Authority("Lab Root CA", self.stale_root, key=self.root.key)
        # kind: the intermediate that signs, and those sent above it
        self.lines = {
            "deep": (Authority("Lab Lower CA", self.upper), [self.upper]),
            "deep-incomplete": (Authority("Lab Lower CA", self.upper), []),
            "soon-intermediate": (Authority("Lab Ending CA", self.root, left=5), []),
            "expired-intermediate": (Authority("Lab Stale CA", self.root, expired=True), []),
            "expired-upper": (Authority("Lab Lower CA 2", self.stale_upper), [self.stale_upper]),
            "expired-root": (Authority("Lab Orphan CA", self.stale_root), [self.stale_root]),
            "cross-signed": (self.intermediate, [self.cross_signed]),
            "known-ca": (Authority("Lab R1", self.root, organisation="Let's Encrypt"), []),
            "extra": (self.intermediate, [self.unknown]),
        }
        company = Authority("Root", organisation="Company")
        self.private = Authority("Issuing CA 1", company, organisation="Company")
        self.costly_line = None
        self.keys = {"ec": ec.generate_private_key(ec.SECP256R1())}

    def key(self, words):
        """One key for all leaves of a sort: this is test equipment, and RSA keys take time."""
        sort = "rsa" if "rsa" in words else "rsa-weak" if "rsa-weak" in words else "ec"
        if sort not in self.keys:
            self.keys[sort] = rsa.generate_private_key(65537, 2048 if sort == "rsa" else 1024)
        return self.keys[sort]

    def costly_key(self):
        """With a public exponent as long as the modulus: checking a signature takes as long as making one."""
        made = rsa.generate_private_key(65537, BITS).private_numbers()
        order = (made.p - 1) * (made.q - 1)
        exponent = random.getrandbits(BITS - 1) | 1
        while math.gcd(exponent, order) != 1:
            exponent += 2
        d = pow(exponent, -1, order)
        return rsa.RSAPrivateNumbers(made.p, made.q, d, d % (made.p - 1), d % (made.q - 1), made.iqmp,
                                     rsa.RSAPublicNumbers(exponent, made.public_numbers.n)).private_key()

    def costly(self):
        """The intermediate that signs, and those above it."""
        if not self.costly_line:
            key = self.costly_key()
            line = [Authority("Costly CA 0", key=key)]
            for i in range(1, COSTLY):
                line.insert(0, Authority(f"Costly CA {i}", line[0], key=key))
            self.costly_line = line
        return self.costly_line[0], self.costly_line[1:]

    def leaf(self, host, kind):
        """The chain as presented, the leaf first, and its key.  host: a name, or a list of them."""
        words = kind.split("+")
        key = self.key(words)
        common_name, alternatives = (host[0], host) if isinstance(host, list) else subject_names(host, words)
        subject = named(common_name)
        line = next((self.lines[w] for w in words if w in self.lines), (self.intermediate, []))
        signer, above = (self.unknown, [self.unknown_root]) if "untrusted" in words else line
        if "costly" in words:
            signer, above = self.costly()
        if "private" in words:
            signer, above = self.private, []
        begins, ends = dates(words)
        uses = next((USES[w] for w in words if w in USES), [ExtendedKeyUsageOID.SERVER_AUTH])
        builder = (
            x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
            .issuer_name(subject if "self-signed" in words else signer.name)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins).not_valid_after(ends)
            .add_extension(x509.BasicConstraints(False, None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
        if uses:
            builder = builder.add_extension(x509.ExtendedKeyUsage(uses), False)
        if "must-staple" in words:
            builder = builder.add_extension(x509.TLSFeature([x509.TLSFeatureType.status_request]), False)
        if alternatives:
            names = x509.SubjectAlternativeName([x509.DNSName(n) for n in alternatives])
            builder = builder.add_extension(names, False)
        if "self-signed" in words:
            return [builder.sign(key, hashes.SHA256())], key
        if "private" not in words:
            builder = builder.add_extension(x509.AuthorityInformationAccess([x509.AccessDescription(
                AuthorityInformationAccessOID.CA_ISSUERS,
                x509.UniformResourceIdentifier(ISSUER_URL))]), False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), False)
        chain = [builder.sign(signer.key, hashes.SHA256())]
        if "incomplete" not in words:
            chain += [signer.certificate, *(a.certificate for a in above)]
        if "disordered" in words:
            chain = [chain[0], self.root.certificate, *chain[1:]]
        return chain, key


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def private_text(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def write(scenarios):
    """All certificates of the scenarios; returns the authorities, for more."""
    folder = plan.STATE / "pki"
    folder.mkdir()
    pki = Pki()
    (folder / "root.pem").write_bytes(pem(pki.root.certificate))
    (folder / "intermediate.der").write_bytes(
        pki.intermediate.certificate.public_bytes(serialization.Encoding.DER))
    for host in plan.REFERENCES:
        chain, key = pki.leaf(host, "good")
        plan.certificate_file(host, "good").write_bytes(private_text(key) + b"".join(map(pem, chain)))
    interceptor = Authority("Lab TLS Inspection CA")
    (folder / "interceptor.pem").write_bytes(private_text(interceptor.key) + pem(interceptor.certificate))
    files = [(plan.certificate_file(host, kind), host, kind) for host, kind in plan.certificates(scenarios)]
    for file, host, kind in [*files, (plan.bare_file(), list(plan.postfix_hosts(scenarios)), "good")]:
        chain, key = pki.leaf(host, kind)
        # the key first: so Postfix wants it in one file
        file.write_bytes(private_text(key) + b"".join(map(pem, chain)))
    return pki


def presented(host, kind):
    """{name: certificate}: the host's own, its issuer's (the own where it is alone), and the root's."""
    def read(path):
        parts = path.read_bytes().split(b"-----BEGIN CERTIFICATE-----")[1:]
        return [x509.load_pem_x509_certificate(b"-----BEGIN CERTIFICATE-----" + part) for part in parts]
    chain = read(plan.certificate_file(host, kind))
    return {"leaf": chain[0], "issuer": chain[min(1, len(chain) - 1)], "root": read(plan.STATE / "pki/root.pem")[0]}


def tlsa(host, kind, text):
    """The data of a TLSA record: "USAGE SELECTOR MATCHING" of the certificate that the host presents.

    Usage 0 and 2 take the issuer's certificate, 1 and 3 the host's own; a fourth word, "leaf", "issuer" or "root"
    (which is never sent), takes another one.  "other" is a digest of something else, "short" half of one; any
    other word is the data itself."""
    usage, selector, matching, *data = text.split()
    certificates = presented(host, kind)
    which = data[0] if data and data[0] in certificates else "issuer" if usage in "02" else "leaf"
    certificate = certificates[which]
    octets = (certificate.public_bytes(serialization.Encoding.DER) if selector == "0" else
              certificate.public_key().public_bytes(serialization.Encoding.DER,
                                                    serialization.PublicFormat.SubjectPublicKeyInfo))
    if data == ["other"]:
        octets += b"another one"
    digest = {"1": hashlib.sha256, "2": hashlib.sha512}.get(matching)
    found = digest(octets).hexdigest() if digest else octets.hex()
    if data == ["short"]:
        found = found[:32]
    elif data and data[0] not in ("other", *certificates):
        found = data[0]
    return f"{usage} {selector} {matching} {found}"
