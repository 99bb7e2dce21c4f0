#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each file of test/reports gives exactly what its line of expected.tsv says; so do all together.

usage: reports.py MTASTS        (run by the tests)

The files were written for the purpose: each is the same report, spelt as some sender spells it."""

import base64
import bz2
import csv
import gzip
import io
import json
import lzma
import os
import pathlib
import random
import shlex
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent / "reports"
MTASTS = None
SANITIZED = False  # memory figures mean nothing there
# Started by a small process: a child begins with the peak of its parent.
MEASURE = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
print(os.wait4(process.pid, 0)[2].ru_maxrss)
"""


def run(*args, stdin=b""):
    env = {"LC_ALL": "C", **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
    return subprocess.run([MTASTS, "report", *map(str, args)], input=stdin, capture_output=True, env=env,
                          timeout=120)


def report(*args, **more):
    result = run("--json", *args, **more)
    return json.loads(result.stdout), result.returncode


def measured(pieces):
    """The result for a file of these pieces, and the most memory that took, in MiB."""
    with tempfile.NamedTemporaryFile() as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        code = MEASURE.replace("subprocess.DEVNULL", "None").replace("ru_maxrss", "ru_maxrss, file=sys.stderr")
        done = subprocess.run([sys.executable, "-c", code, MTASTS, "report", "--json", "--quiet", file.name],
                              capture_output=True, check=True)
        return json.loads(done.stdout), int(done.stderr.split()[-1]) / 1024


def expected():
    lines = (HERE / "expected.tsv").read_text().splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def words(text):
    return [] if text == "-" else text.split()


class Reports(unittest.TestCase):
    maxDiff = None

    def test_each_file(self):
        for name, *numbers, types, domains, deviations in expected():
            with self.subTest(name):
                got, status = report("--verbose", HERE / name)
                have = [got["reports"], got["duplicates"], len(got["rejected"]),
                        got["sessions"]["successful"], got["sessions"]["failed"]]
                self.assertEqual(have, [int(n) for n in numbers])
                self.assertEqual(" ".join(f"{t}={n}" for t, n in got["result_types"].items()) or "-", types)
                self.assertEqual([d["domain"] or "?" for d in got["domains"]],
                                 [domains] if domains == "not a domain" else words(domains))
                self.assertEqual(sorted({d["code"] for d in got["deviations"]}), words(deviations))
                failed = got["sessions"]["failed"]
                self.assertEqual(status, 3 if not got["reports"] else
                                 3 if got["rejected"] and (not failed or types.startswith("other")) else
                                 0 if not failed else
                                 1 if types.split("=")[0] in ("other", "quantum-downgrade", "", "-") else 2)
                for one in got["rejected"]:
                    self.assertTrue(one["why"])
                    self.assertEqual(pathlib.Path(one["path"]).name, name)

    def test_every_deviation_has_a_file(self):
        seen = {code for *_, deviations in expected() for code in words(deviations)}
        self.assertGreaterEqual(len(seen), 40)

    def test_bombs_are_turned_away_in_bounded_memory(self):
        for name in ("bomb.json.gz", "bomb.zip", "depth.json.gz", "objects.json.gz", "layers.json.gz", "members-many.json.gz"):
            with self.subTest(name):
                got, status = report(HERE / name)
                self.assertEqual((got["reports"], len(got["rejected"]), status), (0, 1, 3))
                if not SANITIZED:
                    _, peak = measured([(HERE / name).read_bytes()])
                    self.assertLess(peak, 160, "MiB: the ceiling of 64 twice, as room doubles, and some")

    def test_where_a_domain_was_found(self):
        """Each place a missing policy domain may be taken from, in its order."""
        bare = json.loads((HERE / "google-no-policy.json").read_text())
        id_domain = "2026-11-01T00:00:00Z_id.example"
        bare["report-id"] = id_domain
        names = {"file": "x!file.example!1793491200!1793577599.json", "none": "x.json"}
        for name, header, subject, want in (("file", "head.example", "subject.example", "head.example"),
                                            ("file", None, "subject.example", "subject.example"),
                                            ("file", None, None, "file.example"),
                                            ("none", None, None, "id.example")):
            head = (f"TLS-Report-Domain: {header}\n" if header else "") + \
                   (f"Subject: Report Domain: {subject} Submitter: x\n" if subject else "Subject: report\n")
            mail = (f"From: x@x.example\n{head}MIME-Version: 1.0\nContent-Type: application/tlsrpt+json\n"
                    f'Content-Disposition: attachment; filename="{names[name]}"\n\n{json.dumps(bare)}\n')
            got, _ = report("-", stdin=mail.encode())
            self.assertEqual([(d["domain"], d["inferred"]) for d in got["domains"]], [(want, True)])

    def test_all_together(self):
        got, status = report(HERE)
        self.assertEqual(status, 2)
        # The files are one report in many spellings: copies and revisions, and none of them lost.
        read = got["reports"] + got["duplicates"] + sum(r["replaced"] for r in got["revisions"])
        alone = sum(int(row[1]) + int(row[2]) for row in expected())
        self.assertEqual(read, alone + 1)  # and the revision inside mbox-revision
        self.assertEqual(len(got["rejected"]), sum(int(row[3]) for row in expected()) + 1)  # the table
        self.assertEqual(sum(d["successful"] for d in got["domains"]), got["sessions"]["successful"])
        self.assertEqual(sum(d["failed"] for d in got["domains"]), got["sessions"]["failed"])

    def test_stdin_and_mixtures(self):
        plain = (HERE / "plain.json").read_bytes()
        got, _ = report("-", stdin=plain)
        self.assertEqual((got["reports"], got["sessions"]), (1, {"successful": 40, "failed": 3}))
        got, _ = report("-", HERE / "mail.eml", HERE / "plain.json.gz", HERE / "maildir", stdin=plain)
        self.assertEqual((got["reports"], got["duplicates"]), (2, 3))

    def test_a_revision_is_shown(self):
        got, _ = report(HERE / "mbox-revision")
        self.assertEqual([r["replaced"] for r in got["revisions"]], [1])
        rows = list(csv.DictReader(run("--csv", HERE / "mbox-revision").stdout.decode().splitlines()))
        self.assertEqual([r["successful"] for r in rows if r["record"] == "policy"], ["50"])

    def test_missing_file(self):
        got, status = report(HERE / "nowhere.json", HERE / "plain.json")
        self.assertEqual((got["reports"], len(got["rejected"]), status), (1, 1, 2))

    def test_a_part_that_is_not_read_is_said_first(self):
        clean = (HERE / "clean.json").read_bytes()
        got, status = report("-", stdin=b"{broken\n" + clean)
        self.assertEqual((got["reports"], got["unread"], got["verdict"], status), (1, 1, "unknown", 3))
        first = run("-", stdin=b"{broken\n" + clean).stdout.decode().splitlines()[0]
        self.assertRegex(first, r"^NOT JUDGED: .* 1 part could not be read\.$")

    def test_dmarc_in_the_same_mailbox_is_other_mail(self):
        xml = b"<?xml version=\"1.0\"?>\n<feedback><version>1.0</version></feedback>\n"
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("a!b!1!2.xml", xml)

        def mail(kind, body):
            return (f"From x Mon Nov  2 10:00:00 2026\nFrom: dmarc@x.example\nSubject: Report domain: a.example Submitter: x\n"
                    f"MIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n").encode() + \
                base64.encodebytes(body) + b"\n"
        mails = [mail("application/zip", zipped.getvalue()), mail("application/gzip", gzip.compress(xml)),
                 mail("text/xml", xml)]
        tls = b"From x\n" + (HERE / "mail.eml").read_bytes().replace(b"\r\n", b"\n") + b"\n"
        got, status = report("-", stdin=b"".join(mails) + tls)
        self.assertEqual((got["reports"], got["other_mails"], got["rejected"], status), (1, 3, [], 2))

    def test_entries_over_one_member_are_charged(self):
        """A thousand directory entries that all name one large member, and that zip in another such."""
        def overlapping(name, pieces, count):
            name, packer, packed, crc, size = name.encode(), zlib.compressobj(9, zlib.DEFLATED, -15), b"", 0, 0
            for piece in pieces:
                packed, crc, size = packed + packer.compress(piece), zlib.crc32(piece, crc), size + len(piece)
            packed += packer.flush()
            sizes = struct.pack("<III", crc, len(packed), size)
            local = struct.pack("<IHHHHH", 0x04034b50, 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0) + name
            entry = struct.pack("<IHHHHHH", 0x02014b50, 20, 20, 0, 8, 0, 0) + sizes + \
                struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
            begin = len(local) + len(packed)
            return local + packed + entry * count + struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, count, count,
                                                                len(entry) * count, begin, 0)
        inner = overlapping("a.json", [b"{"] + [b" " * (1 << 20)] * 66, 1000)
        outer = overlapping("b.zip", [inner], 1000)
        for text in (inner, outer):
            begin = time.monotonic()
            got, status = report("-", stdin=text)
            self.assertEqual((got["reports"], status), (0, 3))
            self.assertLess(len(got["rejected"]), 20)
            self.assertLess(time.monotonic() - begin, 60)

    def test_archives(self):
        plain, other = (HERE / "plain.json").read_bytes(), (HERE / "two-domains.json").read_bytes()
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for name, data in (("a.json", plain), ("folder/b.json", other)):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        tar = packed.getvalue()
        zstd = subprocess.run(["zstd", "-c"], input=plain, capture_output=True, check=False).stdout if shutil.which("zstd") else b""
        for name, data, reports in (("tar", tar, 2), ("tar.gz", gzip.compress(tar), 2), ("tar.xz", lzma.compress(tar), 2),
                                    ("tar.bz2", bz2.compress(tar), 2), ("xz", lzma.compress(plain), 1),
                                    ("bz2", bz2.compress(plain), 1), ("zst", zstd, 1)):
            if data:
                with self.subTest(name):
                    got, _ = report("-", stdin=data)
                    self.assertEqual((got["reports"], got["rejected"]), (reports, []))
                    if "." in name:
                        self.assertEqual(report("-", stdin=data[:len(data) // 2])[0]["unread"], 1)
        bomb = lzma.compress(b"{" + b" " * (10 << 20)) * 100
        begin = time.monotonic()
        self.assertEqual(report("-", stdin=bomb)[1], 3)
        self.assertLess(time.monotonic() - begin, 60)

    def test_more_than_a_thousand_in_one_file(self):
        zipped = io.BytesIO()
        one = json.loads((HERE / "clean.json").read_text())
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in range(3000):
                archive.writestr(f"{i}.json", json.dumps(one | {"report-id": str(i)}))
        got, status = report("-", stdin=zipped.getvalue())
        self.assertEqual((got["reports"], got["rejected"], status), (3000, [], 0))

    def test_files_in_pieces(self):
        """Larger than what is read at a time: nothing is lost at the seams, and lines keep their numbers."""
        one = json.loads((HERE / "clean.json").read_text())
        lines = [json.dumps(one | {"report-id": str(i)}) for i in range(12000)]
        lines[7000] = "{broken"
        lines[9000] = json.dumps(one | {"report-id": "9000"}, indent=0)
        got, status = report("-", stdin="\n".join(lines).encode())
        self.assertEqual((got["reports"], [r.get("part") for r in got["rejected"]], status), (11999, ["line 7001"], 3))
        for end in ("\n", "\r\n"):
            mails = [end.join(("From x Mon Nov  2 10:00:00 2026", "Content-Type: application/tlsrpt+json",
                               f"TLS-Report-Domain: a.example", "", lines[i] if i != 9000 else lines[1], "", ""))
                     for i in range(12000)]
            got, _ = report("-", stdin="".join(mails).encode())
            self.assertEqual((got["reports"], got["duplicates"], len(got["rejected"])), (11998, 1, 1))
            self.assertEqual(got["rejected"][0]["part"].split(":")[0], "mail 7001")

    def test_an_mbox_is_never_too_large(self):
        """300 mails of a MiB, one of 120 MiB that is passed over, and one behind it, through a pipe."""
        process = subprocess.Popen([MTASTS, "report", "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        text = (HERE / "clean.json").read_text()
        padding = ("x" * 63 + "\n") * (1 << 14)

        def mails():
            for i in range(302):
                yield "From x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
                for _ in range(120 if i == 300 else 1):
                    yield padding
                yield "--b\nContent-Type: application/tlsrpt+json\n\n"
                yield text.replace("2026-11-01T00:00:00Z_a.example", f"id-{i}") + "\n--b--\n\n"
        for piece in mails():
            process.stdin.write(piece.encode())
        process.stdin.close()
        got = json.loads(process.stdout.read())
        process.stdout.close()
        peak = os.wait4(process.pid, 0)[2].ru_maxrss / 1024
        process.returncode = 0
        self.assertEqual((got["reports"], [r["part"] for r in got["rejected"]]), (301, ["mail 301"]))
        if not SANITIZED:
            self.assertLess(peak, 260, "MiB: room for a mail of 96, which doubles, and some")

    def test_a_packed_mbox_is_read_as_it_is_unpacked(self):
        """Beyond 64 MiB, in several members; by each program; cut in the middle; one that grows beyond measure."""
        text = (HERE / "clean.json").read_text()
        noise = base64.encodebytes(random.Random(1).randbytes(1 << 20)).decode()

        def mail(number):
            return ("From x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n" + noise +
                    "--b\nContent-Type: application/tlsrpt+json\n\n" +
                    text.replace("2026-11-01T00:00:00Z_a.example", f"id-{number}") + "\n--b--\n\n").encode()
        def members(count):
            return (gzip.compress(mail(i), 1) for i in range(count))
        got, peak = measured(members(70))
        self.assertEqual((got["reports"], got["rejected"]), (70, []))
        if not SANITIZED:
            self.assertLess(peak, 100, "MiB")
        whole = b"".join(mail(i) for i in range(3))
        for packed in (bz2.compress(whole, 1), lzma.compress(whole, preset=0)):
            self.assertEqual(measured([packed])[0]["reports"], 3)
        got, _ = measured([b"".join(members(3))[:-1000]])
        self.assertEqual((got["reports"], [r["why"] for r in got["rejected"]]),
                         (2, ["the compressed data is truncated"]))
        three = bytearray(b"".join(members(3)))
        three[len(three) // 2] ^= 0xff  # in the second; those before it stay
        got, _ = measured([three])
        self.assertEqual((got["reports"], [r["why"] for r in got["rejected"]]), (1, ["the compressed data is damaged"]))
        got, _ = report("-", stdin=b"".join(members(2)))
        self.assertEqual((got["reports"], got["rejected"]), (2, []))
        got, peak = measured([gzip.compress(b"From x\n\n", 1)] + 160 * [gzip.compress(bytes(16 << 20), 1)])
        self.assertEqual((got["reports"], got["rejected"][-1]["why"]),
                         (0, "it has too many parts or is too large when decompressed"))
        if not SANITIZED:
            self.assertLess(peak, 260, "MiB")

    def test_memory_does_not_grow_with_the_reports(self):
        """Totals are kept, not reports: from a file, through a pipe, and of a table."""
        one = json.loads((HERE / "plain.json").read_text())
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "lines.json")
            with path.open("w") as file:
                for i in range(20000):
                    file.write(json.dumps(one | {"report-id": f"{i}"}) + "\n")
                file.write(json.dumps(one | {"report-id": "0", "contact-info": "x"}) + "\n")  # a revision: read twice
            for args in (["--json", path], ["--csv", path], ["--json", "-"]):
                with path.open() as file:
                    reader = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE)
                    peak = subprocess.run([sys.executable, "-c", MEASURE, MTASTS, "report", *map(str, args)],
                                          stdin=reader.stdout, capture_output=True, check=True).stdout
                    reader.stdout.close()
                    reader.wait()
                if not SANITIZED:
                    self.assertLess(int(peak) / 1024, 40, "MiB")
            got, _ = report(path)
            self.assertEqual((got["reports"], got["sessions"]), (20000, {"successful": 800000, "failed": 60000}))
            self.assertEqual([r["replaced"] for r in got["revisions"]], [1])

    def test_through_a_pipe_as_from_a_file(self):
        """What must be read twice can be a pipe."""
        text = (HERE / "mbox-revision").read_bytes()
        want, _ = report(HERE / "mbox-revision")
        got, _ = report("-", stdin=text)
        self.assertEqual((got["reports"], got["sessions"]), (want["reports"], want["sessions"]))
        with (HERE / "mbox-revision").open() as file:
            again = subprocess.run([MTASTS, "report", "--json", "-"], stdin=file, capture_output=True, check=False)
        self.assertEqual(json.loads(again.stdout)["sessions"], want["sessions"])

    def test_without_a_date(self):
        one = json.loads((HERE / "clean.json").read_text())
        undated = json.dumps({k: v for k, v in one.items() if k != "date-range"} | {"report-id": "2"})
        text = (json.dumps(one) + "\n" + undated).encode()
        got, _ = report("-", stdin=text)
        self.assertEqual((got["reports"], got["undated"], len(got["days"])), (2, 1, 2))
        self.assertIn('counted under "?": 1', run("-", stdin=text).stdout.decode())
        self.assertIn("excluded by --since or --until: 1", run("--since", "2026-01-01", "-", stdin=text).stdout.decode())
        begin = json.dumps(one | {"date-range": {"start-datetime": "2026-11-01T00:00:00Z"}})
        got, _ = report("--since", "2026-10-31", "-", stdin=begin.encode())
        self.assertEqual((got["undated"], [d["day"] for d in got["days"]]), (0, ["2026-11-01"]))

    def test_long_lists_are_cut_at_the_worst(self):
        one = (HERE / "plain.json").read_text()
        many = "".join(one.replace("a.example", f"d{i}.example").replace(": 3\n", f": {i + 1}\n").replace(": 3,", f": {i + 1},")
                       for i in range(70))
        text = run("-", stdin=many.encode()).stdout.decode()
        self.assertIn("... and 20 more domains", text)
        self.assertIn("\nd69.example: ", text)
        self.assertNotIn("\nd3.example: ", text)
        self.assertIn("\nd3.example: ", run("--all", "-", stdin=many.encode()).stdout.decode())

    def test_dane_entries_under_the_mx_host(self):
        mail = HERE / "mail-tlsa-of-mx.eml"
        for domain, sessions in (("a.example", [40, 3]), ("mx2.a.example", [3, 3]), ("b.example", [0, 0])):
            got, _ = report("--domain", domain, mail)
            self.assertEqual(list(got["sessions"].values()), sessions)
        text = run(mail).stdout.decode()
        self.assertIn("checks DANE", text)
        self.assertNotIn("mta-sts.mx2", text)

    def finding(self, text, code):
        got, _ = report("-", stdin=text.encode())
        return [f for f in got["findings"] if f["code"] == code]

    def test_the_provider_of_the_host_must_act(self):
        plain = (HERE / "plain.json").read_text().replace('"mx.a.example"', '"a-example.mail.protection.outlook.com"')
        hosted = self.finding(plain, "report-certificate-expired")[0]
        self.assertEqual((hosted["evidence"]["fault"], hosted["evidence"]["provider"]), ("provider", "Microsoft 365"))
        self.assertFalse([step for step in hosted["fix"] if "Reload" in step])
        own = self.finding((HERE / "plain.json").read_text(), "report-certificate-expired")[0]
        self.assertEqual(own["evidence"]["fault"], "yours")
        self.assertTrue([step for step in own["fix"] if "Reload" in step])

    def test_an_mx_line_is_advised_only_where_it_is_missing(self):
        plain = (HERE / "plain.json").read_text().replace("certificate-expired", "validation-failure")
        for text, missing in ((plain, False), (plain.replace('"receiving-mx-hostname": "mx.', '"receiving-mx-hostname": "new.'), True)):
            finding = self.finding(text, "report-validation-failure")[0]
            self.assertEqual("mx_line" in finding["evidence"], missing)
            self.assertEqual("uncovered" in finding["evidence"], missing)
            self.assertEqual(any("mx: " in step for step in finding["fix"]), missing)

    def test_causes_are_judged_by_policy(self):
        one = json.loads((HERE / "plain.json").read_text().replace("certificate-expired", "validation-failure"))
        other = json.loads(json.dumps(one["policies"][0]).replace("mx: mx.a.example", "mx: old.a.example")
                           .replace('["mx.a.example"]', '["old.a.example"]'))
        one["policies"].append(other)
        found = self.finding(json.dumps(one), "report-validation-failure")
        self.assertEqual(sorted((f["evidence"]["likely_cause"], f["evidence"]["count"]) for f in found),
                         [("certificate-or-handshake", "3"), ("mx-not-covered", "3")])

    def test_shell_characters_in_a_domain(self):
        domain = "a.example; touch x #"
        text = (HERE / "plain.json").read_text().replace('"policy-domain": "a.example"', f'"policy-domain": "{domain}"')
        for line in [line.strip() for f in self.finding(text, "report-certificate-expired")
                     for step in f["fix"] + f["commands"] for line in step.splitlines() if "touch" in line]:
            self.assertIn(domain, shlex.split(line))
        shown = run("-", stdin=text.encode()).stdout.decode()
        self.assertIn(f"mtasts check '{domain}'", shown)
        self.assertNotIn(f"mtasts check {domain}", shown)

    def test_csv(self):
        result = run("--csv", HERE / "microsoft-sts-and-tlsa.json")
        rows = list(csv.DictReader(result.stdout.decode().splitlines()))
        self.assertEqual([r["record"] for r in rows], ["policy", "failure", "policy"])
        self.assertEqual(sum(int(r["failed"]) for r in rows if r["record"] == "failure"), 3)

    def test_text(self):
        for name, *_ in expected():
            text = run("--verbose", HERE / name).stdout.decode()
            self.assertRegex(text, r"\A(OK|WARNING|CRITICAL|NOT JUDGED): [^\n]+\n")
            self.assertNotIn("\r", text)

    def test_text_begins_with_what_matters(self):
        text = run(HERE / "plain.json").stdout.decode()
        parts = ("CRITICAL: ", "What failed:", "Reported by: Sender", "Mail: held back", "Cause: most likely on your side",
                 "Now: not checked", "a.example: 40 secure", "2026-11-01 ####", "Verify it yourself:",
                 "How to fix it:")
        at = [text.find(part) for part in parts]
        self.assertEqual(at, sorted(at), text)
        self.assertNotIn(-1, at)
        self.assertNotIn("Domain: ", text)
        plain = (HERE / "plain.json").read_bytes()
        several = run("-", stdin=plain + plain.replace(b'"policy-domain": "a.', b'"policy-domain": "b.')).stdout.decode()
        self.assertEqual(several.count("    Domain: "), 2, several)
        clean = run(HERE / "clean.json").stdout.decode()
        self.assertNotIn("What failed:", clean)

    def test_bars_fit_the_width(self):
        for width in (40, 60, 80, 200):
            env = {**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": str(width)}
            text = subprocess.run([MTASTS, "report", HERE / "plain.json"], capture_output=True, env=env,
                                  check=False).stdout.decode()
            bars = [line for line in text.splitlines() if "█" in line]
            self.assertEqual(len(bars), 1)
            self.assertLessEqual(len(bars[0]), max(width, 50))

    def test_more_days_than_are_shown(self):
        one = json.loads((HERE / "plain.json").read_text())
        days = []
        for i in range(40):
            day = f"2026-{9 + i // 30:02}-{1 + i % 30:02}"
            one["date-range"] = {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"}
            days.append(json.dumps(one | {"report-id": day}))
        text = run("-", stdin="\n".join(days).encode()).stdout.decode()
        self.assertIn("earlier days (9): 360 + 27 failed", text)
        self.assertEqual(sum(" 40 + 3 failed" in line and line.startswith("  2026-") for line in text.splitlines()), 31)

    def test_usage(self):
        for args in (("--json", "--csv", "x"), ("--check", "--from", "f", "x")):
            self.assertEqual(run(*args).returncode, 64)

    def test_beside_stored_facts(self):
        healthy = (HERE.parent.parent / "fuzz/corpus/facts/healthy.json").read_bytes()
        domain = json.loads(healthy)["domain"]
        one = (HERE / "plain.json").read_text().replace("mx.a.example", "mx1." + domain)
        got, _ = report("--from", HERE.parent.parent / "fuzz/corpus/facts/healthy.json", "-",
                        stdin=one.replace("a.example", domain).encode())
        codes = {f["code"] for f in got["findings"]}
        self.assertTrue(codes & {"report-confirmed", "report-not-confirmed"}, codes)


if __name__ == "__main__":
    MTASTS = sys.argv.pop(1)
    SANITIZED = "asan" in str(pathlib.Path(MTASTS).resolve())
    unittest.main()
