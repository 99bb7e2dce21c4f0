#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What --dkim makes of report mails: signed here, with keys made here, which a name server on loopback holds.

usage: dkim.py MTASTS        (run by the tests)"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from cryptography.hazmat.primitives.asymmetric import ed25519

import stores
from dkim_sign import Keys, record, rsa_key, sign

HERE = pathlib.Path(__file__).resolve().parent / "reports"
MTASTS = None
DOMAIN = "sender.example"


def plain(name="mail.eml", **changes):
    """A report mail with the line ends of the wire; From in place of the one it has."""
    mail = (HERE / name).read_bytes().replace(b"\r\n", b"\n")
    for old, new in changes.items():
        mail = mail.replace(old.encode(), new.encode())
    return mail.replace(b"\n", b"\r\n")


class Dkim(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.key, cls.small, cls.edwards = rsa_key(), rsa_key(1024), ed25519.Ed25519PrivateKey.generate()
        cls.keys = Keys({
            "s1._domainkey.sender.example": record(cls.key),
            "tlsrpt._domainkey.sender.example": record(cls.key, s="tlsrpt"),
            "both._domainkey.sender.example": record(cls.key, s="email:tlsrpt"),
            "email._domainkey.sender.example": record(cls.key, s="email"),
            "any._domainkey.sender.example": record(cls.key, s="*"),
            "other._domainkey.sender.example": record(cls.key, s="calendar"),
            "revoked._domainkey.sender.example": "v=DKIM1; p=",
            "noise._domainkey.sender.example": "not a key at all",
            "ed._domainkey.sender.example": record(cls.edwards, s="tlsrpt"),
            "silent._domainkey.sender.example": None,
            "s1._domainkey.gateway.example": record(cls.key),
            "s1._domainkey.mail.sender.example": record(cls.key),
        })

    def report(self, mail, *options, status=None, timeout="2"):
        result = subprocess.run(
            [MTASTS, "report", "--json", "--dkim", "--resolver", self.keys.address, "--trust-anchor", "none",
             "--timeout", timeout, *options, "-"], input=mail, capture_output=True, timeout=120,
            env={"LC_ALL": "C", **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}})
        self.assertEqual(result.stderr, b"")
        if status is not None:
            self.assertEqual(result.returncode, status)
        return json.loads(result.stdout)

    def trust(self, mail, *options):
        got = self.report(mail, *options)
        self.assertEqual((got["reports"], got["rejected"]), (1, []))
        self.assertEqual(got["senders"][0]["trust"], got["trust"])
        [(trust, count)] = got["trust"].items()
        self.assertEqual(count, 1)
        return trust

    def signed(self, selector="s1", domain=DOMAIN, **how):
        return sign(plain(), self.key, domain, selector, **how)

    def test_keys_for_reports_for_mail_and_for_any(self):
        for selector in ("s1", "tlsrpt", "both", "email", "any"):
            with self.subTest(selector):
                self.assertEqual(self.trust(self.signed(selector)), "aligned")

    def test_simple_body_and_ed25519(self):
        self.assertEqual(self.trust(self.signed(body="simple")), "aligned")
        self.assertEqual(self.trust(sign(plain(), self.edwards, DOMAIN, "ed")), "aligned")

    def test_line_ends_of_a_file(self):
        self.assertEqual(self.trust(self.signed().replace(b"\r\n", b"\n")), "aligned")

    def test_in_a_mailbox(self):
        box = b"From sender@sender.example Sun Nov  1 00:00:00 2026\n" + self.signed().replace(b"\r\n", b"\n") + b"\n"
        self.assertEqual(self.trust(box), "aligned")

    def test_a_key_for_something_else(self):
        for selector in ("other", "revoked", "noise", "missing"):
            with self.subTest(selector):
                self.assertEqual(self.trust(self.signed(selector)), "no-key")

    def test_changed_on_the_way(self):
        mail = self.signed()
        self.assertEqual(self.trust(mail.replace(b"Subject: Report", b"Subject: [EXT] Report", 1)), "broken")
        head, body = mail.split(b"\r\n\r\n", 1)
        self.assertEqual(self.trust(head + b"\r\n\r\nThis mail is external.\r\n" + body), "broken")

    def test_signed_by_another_key(self):
        self.assertEqual(self.trust(sign(plain(), rsa_key(), DOMAIN)), "broken")

    def test_unsigned(self):
        self.assertEqual(self.trust(plain()), "unsigned")

    def test_no_mail(self):
        self.assertEqual(self.trust((HERE / "plain.json").read_bytes()), "no-mail")

    def test_another_domain(self):
        self.assertEqual(self.trust(self.signed(domain="gateway.example")), "other-domain")
        forged = plain(**{"@sender.example": "@gateway.example"})  # From is the signer's; the report names another
        self.assertEqual(self.trust(sign(forged, self.key, "gateway.example")), "other-domain")

    def test_a_domain_below(self):
        self.assertEqual(self.trust(self.signed(domain="mail.sender.example")), "aligned")

    def test_two_from(self):
        mail = b"From: Boss <boss@bank.example>\r\n" + self.signed()
        self.assertNotEqual(self.trust(mail), "aligned")

    def test_the_best_of_several_counts(self):
        mail = sign(self.signed(), self.key, "gateway.example")
        self.assertEqual(self.trust(mail), "aligned")
        mail = sign(self.signed("missing"), self.key, "gateway.example")
        self.assertEqual(self.trust(mail), "other-domain")

    def test_signed_in_part(self):
        mail = self.signed(length=100)
        self.assertEqual(self.trust(mail), "partial")
        self.assertEqual(self.trust(mail + b"added\r\n"), "partial")

    def test_weak(self):
        self.keys.records["weak._domainkey.sender.example"] = record(self.key)
        self.assertEqual(self.trust(self.signed("weak", digest="sha1")), "weak")
        self.keys.records["small._domainkey.sender.example"] = record(self.small)  # Microsoft's is no larger
        self.assertEqual(self.trust(sign(plain(), self.small, DOMAIN, "small")), "aligned")

    def test_no_answer_for_the_key(self):
        self.assertEqual(self.trust(self.signed("silent")), "unanswered")

    def test_expired_since(self):
        """Reports are read long after they came: the time a signature expires says nothing then."""
        self.assertEqual(self.trust(self.signed(extra=" t=1200000000; x=1200086400;")), "aligned")

    def test_required(self):
        for mail, good in ((self.signed("tlsrpt"), True), (plain(), False), (self.signed("missing"), False),
                           (self.signed(domain="gateway.example"), False), (self.signed(length=10), False)):
            got = self.report(mail, "--require-dkim")
            self.assertEqual((got["reports"], len(got["rejected"])), (int(good), int(not good)))
            self.assertTrue(all("sign" in r["why"] for r in got["rejected"]))

    def test_a_copy_that_is_better_trusted(self):
        """What is kept of a report without a look, or from a file, takes the level of a signed copy, and keeps it."""
        with tempfile.TemporaryDirectory() as folder:
            for name, mail in (("plain", plain()), ("signed", self.signed()), ("broken", self.signed() + b"x\r\n")):
                (pathlib.Path(folder) / name).write_bytes(mail)

            def kept(*paths, look=True, where=f"{folder}/store.db"):
                files = [f"{folder}/{path}" for path in paths]
                options = ["--dkim", "--resolver", self.keys.address, "--trust-anchor", "none"] if look else []
                for command in (["ingest", "--store", where, *options, *files], ["report", "--json", "--store", where]):
                    result = subprocess.run([MTASTS, *command], capture_output=True, timeout=120, env={"LC_ALL": "C", **{
                        k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}})
                    self.assertEqual(stores.but_creation(result.stderr), b"")
                return json.loads(result.stdout).get("trust", {})

            self.assertEqual(kept("signed", look=False), {})
            self.assertEqual(kept("plain"), {"unsigned": 1})
            self.assertEqual(kept("signed", look=False), {"unsigned": 1})
            self.assertEqual(kept("signed"), {"aligned": 1})
            self.assertEqual(kept("plain", "broken"), {"aligned": 1})
            self.assertEqual(kept("plain", "signed", "broken", where=f"{folder}/other.db"), {"aligned": 1})
        both = b"".join(b"From x\n" + m.replace(b"\r\n", b"\n") + b"\n" for m in (plain(), self.signed(), plain()))
        self.assertEqual(self.report(both)["trust"], {"aligned": 1})

    def test_many_mails_ask_once(self):
        mail = self.signed("many").replace(b"\r\n", b"\n")
        self.keys.records["many._domainkey.sender.example"] = record(self.key)
        box = b"".join(b"From x\n" + mail + b"\n" for _ in range(20))
        got = self.report(box)
        self.assertEqual((got["reports"], got["duplicates"], got["trust"]), (1, 19, {"aligned": 1}))
        self.assertEqual(self.keys.asked.count("many._domainkey.sender.example"), 1)

    def test_waiting_in_vain_is_bounded(self):
        """Twenty keys that nobody answers for cost the time-out once."""
        names = [f"silent{i}" for i in range(20)]
        for name in names:
            self.keys.records[f"{name}._domainkey.sender.example"] = None
        box = b"".join(b"From x\n" + sign(plain(**{'Report-ID: <1': f'Report-ID: <{name}'}), self.key, DOMAIN, name)
                       .replace(b"\r\n", b"\n") + b"\n" for name in names)
        self.report(box, timeout="1")
        asked = {name.split(".")[0] for name in self.keys.asked}
        self.assertLess(len(asked & set(names)), 20)

    def test_many_signatures(self):
        mail = plain()
        for i in range(30):
            mail = sign(mail, self.key, DOMAIN, f"crowd{i}")
        before = len({n for n in self.keys.asked})
        self.assertEqual(self.trust(mail), "no-key")
        self.assertLessEqual(len(set(self.keys.asked)) - before, 8)

    def test_keys_are_asked_for_side_by_side(self):
        """No answer for one key comes before the other was asked for."""
        names = [f"beside{i}._domainkey.{domain}" for i, domain in enumerate((DOMAIN, "gateway.example", DOMAIN))]
        self.keys.records.update({name: record(self.key) for name in names})
        self.keys.together = set(names)
        mail = plain()
        for name in names:
            selector, domain = name.split("._domainkey.")
            mail = sign(mail, self.key, domain, selector)
        self.assertEqual(self.trust(mail), "aligned")
        self.assertEqual([self.keys.asked.count(name) for name in names], [1, 1, 1])

    def test_not_asked_where_not_wanted(self):
        before = len(self.keys.asked)
        with tempfile.NamedTemporaryFile(suffix=".eml") as file:
            file.write(self.signed())
            file.flush()
            result = subprocess.run([MTASTS, "report", "--json", file.name], capture_output=True, check=False)
        self.assertNotIn("trust", json.loads(result.stdout))
        self.assertEqual(len(self.keys.asked), before)

    def test_csv_and_text(self):
        command = [MTASTS, "report", "--dkim", "--resolver", self.keys.address, "--trust-anchor", "none"]
        table = subprocess.run([*command, "--csv", "-"], input=plain(), capture_output=True, check=False).stdout
        self.assertEqual({r["trust"] for r in csv.DictReader(table.decode().splitlines())}, {"unsigned"})
        text = subprocess.run([*command, "-"], input=plain(), capture_output=True, check=False,
                              env={"LC_ALL": "C"}).stdout.decode()
        self.assertIn("not signed", text)


if __name__ == "__main__":
    MTASTS = sys.argv.pop(1)
    unittest.main()
