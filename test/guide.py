#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What guides for postmasters treat, item by item, and the call of the program that answers it, in German.

usage: guide.py [--list] MTASTS        (run by the tests; --list prints the table)

The items are those of a widely read troubleshooting guide, in our own words: its quick diagnosis, its table of
causes, its sections by error and by provider, the reading of reports, the emergency, the commands, the plan, the
questions and the glossary.  A row is an item, then either Finds - facts with that fault, the code that a check of
them must yield, and words of the advice - or Says - a call and words of its answer.  Where the guide is wrong by
the standard, the words are those that say so."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent
HEALTHY = json.loads((TOP / "fuzz/corpus/facts/healthy.json").read_text())
MTASTS = None


def run(*args, stdin=""):
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
           **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
    result = subprocess.run([MTASTS, *args, "--lang", "de"], input=stdin, capture_output=True, text=True, env=env,
                            timeout=60)
    if result.stderr:
        raise AssertionError(f"{args}: {result.stderr}")
    return " ".join(result.stdout.split())


class Says:
    """A call, and words that its answer holds."""

    def __init__(self, call, *words, stdin=""):
        self.call, self.words, self.stdin = call, words, stdin

    def __str__(self):
        return "mtasts " + " ".join(self.call)

    def text(self):
        return run(*self.call, stdin=self.stdin)


class Finds:
    """Changes to healthy facts, the code that they yield, and words of its advice."""

    def __init__(self, changes, code, *words):
        self.changes, self.code, self.words = changes, code, (f"[{code},", *words)

    def __str__(self):
        return f"mtasts check DOMAIN: {self.code}"

    def text(self):
        facts = copy.deepcopy(HEALTHY)
        for place, value in self.changes.items():
            *way, last = place.split(".")
            at = facts
            for step in way:
                at = at[int(step) if step.isdigit() else step]
            at[last] = value
        return run("check", "--from", "-", stdin=json.dumps(facts))


def explain(word, *words):
    return Says(["explain", word], *words)


FETCH = "policy_host.fetches.0"
CERT = FETCH + ".tls.chain.0"
SESSION = "mx.0.sessions.0"
MX_CERT = SESSION + ".tls.chain.0"
PAST, NONE = "2026-11-01T00:00:00Z", {"outcome": "nodata", "records": []}
BODY = "version: STSv1\nmode: enforce\nmx: {}\nmax_age: 604800\n"
URL = "https://mta-sts.example.com/.well-known/mta-sts.txt"


def record(text):
    return {"sts_txt.records": [{"text": text, "strings": 1}]}


def mx(host, *patterns):
    """One MX host with a certificate of its name, and these patterns."""
    return {"mx.0.name": host, "mx_answer.records": [{"host": host, "preference": 10}],
            MX_CERT + ".dns_names": [host], FETCH + ".body": BODY.format("\nmx: ".join(patterns))}


def no_record():
    return {"sts_txt.outcome": "nxdomain", "sts_txt.records": []}


REPORT = json.dumps({
    "organization-name": "Sender Inc.", "report-id": "1", "contact-info": "tls@sender.example",
    "date-range": {"start-datetime": "2026-02-08T00:00:00Z", "end-datetime": "2026-02-08T23:59:59Z"},
    "policies": [{"policy": {"policy-type": "sts", "policy-domain": "example.com", "policy-string": [],
                             "mx-host": []},
                  "summary": {"total-successful-session-count": 150, "total-failure-session-count": 2},
                  "failure-details": [{"result-type": "certificate-host-mismatch", "sending-mta-ip": "192.0.2.41",
                                       "receiving-mx-hostname": "mx1.example.com", "failed-session-count": 2}]}]})

GUIDE = {
    "quick diagnosis": [
        ("three fundamentals, in order", explain("fundamentals", "in dieser Reihenfolge", "Eintrag", "Policy",
                                                 "Zertifikat")),
        ("step 1: the record exists", explain("record", "dig +short TXT _mta-sts.example.com", "v=STSv1; id=")),
        ("no answer: the record does not exist", Finds(no_record(), "sts-record-missing", "v=STSv1; id=")),
        ("no answer: not propagated yet", explain("sts-record-missing", "Resolver merken sich")),
        ("no answer: the name servers differ", explain("sts-record-not-propagated", "Seriennummer", "Nameserver")),
        ("a typing error in the version", Finds(record("v=STS1; id=20260208120000"), "sts-record-version-invalid",
                                                "v=STSv1")),
        ("the id is missing", Finds(record("v=STSv1;"), "sts-record-id-missing", "id=")),
        ("step 2: the exact URL", explain("fetch", URL, "curl -v " + URL)),
        ("status 301 or 302", Finds({FETCH + ".status": 301, FETCH + ".headers": [
            {"name": "location", "value": "https://www.healthy.example/"}]}, "policy-redirect", "nicht folgen")),
        ("status 403", Finds({FETCH + ".status": 403}, "policy-forbidden", "Bot-Schutz")),
        ("status 404", Finds({FETCH + ".status": 404}, "policy-not-found", ".well-known/mta-sts.txt")),
        ("Content-Type text/html", Finds({FETCH + ".media_type": "text/html"}, "policy-content-type",
                                         "Content-Type: text/plain; charset=utf-8")),
        ("version, mode, mx and max_age are there", explain("policy", "version: STSv1", "mode", "mx", "max_age")),
        ("version is missing", Finds({FETCH + ".body": "mode: enforce\nmx: mx1.healthy.example\nmax_age: 604800\n"},
                                     "policy-version-missing", "version: STSv1")),
        ("mode is missing", Finds({FETCH + ".body": "version: STSv1\nmx: mx1.healthy.example\nmax_age: 604800\n"},
                                  "policy-mode-missing")),
        ("mx is missing", Finds({FETCH + ".body": "version: STSv1\nmode: enforce\nmax_age: 604800\n"},
                                "policy-mx-missing")),
        ("max_age is missing", Finds({FETCH + ".body": "version: STSv1\nmode: enforce\nmx: mx1.healthy.example\n"},
                                     "policy-max-age-missing")),
        ("HTTP to HTTPS: the guide is wrong", explain("http-to-https", "Nein. Sendende Server verwenden nie http:",
                                                      "auch wenn Anleitungen")),
        ("step 3: not expired", Finds({CERT + ".not_after": PAST}, "policy-cert-expired", "openssl s_client")),
        ("step 3: it names the policy host", Finds({CERT + ".dns_names": ["www.healthy.example"],
                                             CERT + ".common_name": "www.healthy.example"},
                                                   "policy-cert-name-mismatch", "DNS:mta-sts.healthy.example")),
        ("CN or SAN: the guide is wrong", explain("certificate", "Der Common Name (CN) zählt nicht",
                                                  "auch wenn Anleitungen sagen")),
        ("CN alone", Finds({CERT + ".dns_names": [], CERT + ".dns_names_total": 0}, "policy-cert-common-name-only")),
        ("step 3: the chain is whole", Finds({FETCH + ".tls.trust": "incomplete"}, "policy-cert-chain-incomplete",
                                             "Zwischenzertifikat", "Verify return code: 0 (ok)")),
    ],
    "sts-policy-fetch-error": [
        ("what it means", explain("sts-policy-fetch-error", "konnte aber die Policy nicht abrufen", "Schweregrad: hoch")),
        ("the file is missing", explain("policy-not-found", "curl -sSi " + URL)),
        ("DNS is wrong", Finds({"policy_host.a.outcome": "nxdomain", "policy_host.a.records": [],
                                "policy_host.aaaa.outcome": "nxdomain", "policy_host.fetches": []},
                               "policy-host-missing", "CNAME")),
        ("HTTP redirect", explain("policy-redirect", "http:// auf https:// schadet nicht")),
        ("certificate not valid", explain("sts-webpki-invalid", "Zertifikat des Policy-Hosts")),
        ("Cloudflare is paused", explain("cloudflare-workers", "Cloudflare ist für die Site angehalten", "schalten Sie ihn wieder ein")),
        ("Cloudflare's own error", explain("policy-proxy-error", "521, 522, 523", "Worker")),
    ],
    "certificate-host-mismatch": [
        ("what it means: the MX, not mta-sts", explain("certificate-host-mismatch", "Name des MX-Hosts",
                                                       "-starttls smtp")),
        ("a check finds it", Finds({MX_CERT + ".dns_names": ["www.healthy.example"],
                                      MX_CERT + ".common_name": "www.healthy.example"}, "mx-cert-name-mismatch",
                                   "DNS:mx1.healthy.example")),
        ("Microsoft and Google keep theirs themselves: look at the MX record",
         explain("mx-cert-name-mismatch", "Microsoft 365 und Google Workspace", "im MX-Eintrag")),
    ],
    "MX not covered": [
        ("list the MX hosts and compare", explain("not-covered", "dig +short MX example.com", "grep '^mx:'")),
        ("Microsoft 365 without a wildcard",
         Finds(mx("t.mail.protection.outlook.com", "mail.protection.outlook.com"), "mx-none-covered",
               "mx: *.mail.protection.outlook.com")),
        ("Google with *.google.com alone: the guide's cure is wrong",
         Finds(mx("aspmx.l.google.com", "*.google.com", "*.googlemail.com"), "mx-wildcard-depth",
               "mx: aspmx.l.google.com", "*.aspmx.l.google.com")),
        ("the guide is wrong, said plainly", explain("not-covered", "falschen Anleitung", "*.googlemail.com")),
        ("hosts of one's own, one by one", Finds(mx("mx1.healthy.example", "mx2.healthy.example"), "mx-none-covered",
                                                 "mx: mx1.healthy.example")),
    ],
    "certificate-expired": [
        ("policy host: renew at the hosting service", explain("policy-cert-expired", "Cloudflare", "certbot renew")),
        ("MX of Microsoft or Google: they renew", explain("mx-cert-expired", "Microsoft 365 und Google Workspace")),
        ("MX of one's own: Let's Encrypt and reload", explain("mx-cert-expired", "certbot renew", "postfix reload")),
        ("a check finds it", Finds({MX_CERT + ".not_after": PAST}, "mx-cert-expired")),
        ("the type speaks of the MX alone", explain("result-types", "beim Policy-Host heißt es sts-webpki-invalid")),
    ],
    "validation-failure": [
        ("chain not whole is one cause of several", explain("validation-failure", "MX-Host, den die Policy nicht "
                                                            "abdeckt")),
        ("the guide is wrong, said plainly", explain("result-types", "wie Anleitungen es sagen")),
        ("intermediates are missing at the MX", Finds({SESSION + ".tls.trust": "incomplete"},
                                                      "mx-cert-chain-incomplete", "fullchain.pem")),
        ("test of the whole chain", explain("fundamentals", "-verify_hostname mta-sts.example.com", "verif")),
    ],
    "Microsoft 365": [
        ("MX not covered", explain("microsoft-365", "mx: *.mail.protection.outlook.com")),
        ("reports are empty at first", explain("microsoft-365", "zwei bis drei Tage")),
        ("certificate of the MX at fault: support", explain("microsoft-365", "Support von Microsoft 365")),
        ("MX under mx.microsoft: what the guide does not know",
         Finds(mx("t.h-v1.mx.microsoft", "*.mx.microsoft"), "mx-wildcard-depth", "mx: t.h-v1.mx.microsoft")),
    ],
    "Google Workspace": [
        ("MX covered in part", explain("google-workspace", "mx: aspmx.l.google.com", "mx: *.aspmx.l.google.com")),
        ("*.google.com: the guide is wrong", explain("google-workspace", "für genau ein Label")),
        ("old hosts under googlemail.com", explain("google-workspace-old", "mx: *.googlemail.com")),
        ("reports cover a whole day", explain("google-workspace", "ganzen Tag nach UTC")),
        ("MX changed by Google", explain("google", "smtp.google.com", "dig +short MX example.com")),
    ],
    "Cloudflare": [
        ("404: wrong path in the repository", explain("cloudflare-pages", ".well-known/mta-sts.txt")),
        ("no certificate: custom domain", explain("cloudflare-pages", "Custom domains", "mta-sts.example.com")),
        ("Worker does not answer: route", explain("cloudflare-workers", "Route mta-sts.example.com/*")),
        ("Worker answers text/html", explain("cloudflare-workers", "Content-Type: text/plain")),
        ("no address: CNAME or AAAA 100::", explain("cloudflare-workers", "AAAA 100::")),
        ("placeholder without the proxy", explain("policy-host-placeholder-address", "100::", "orange")),
    ],
    "reports": [
        ("how a report is built", explain("reports", "result-type", "receiving-mx-hostname", "sending-mta-ip",
                                          "failed-session-count", "summary")),
        ("read one", Says(["report", "-"], "certificate-host-mismatch", "mx1.example.com", "Sender Inc.",
                          stdin=REPORT)),
        ("table of the types with their severity",
         explain("result-types", "starttls-not-supported kritisch", "sts-webpki-invalid hoch",
                 "tlsa-invalid, dnssec-invalid, dane-required")),
        *((f"{name}: severity and measure", explain(name, f"Schweregrad: {level}.", measure))
          for name, level, measure in (
              ("starttls-not-supported", "kritisch", "TLS"),
              ("certificate-host-mismatch", "hoch", "jeden MX-Host nennt"),
              ("certificate-expired", "hoch", "Laden Sie den Mailserver neu"),
              ("certificate-not-trusted", "hoch", "selbstsigniert"),
              ("validation-failure", "hoch", "jeden MX-Host in der Policy"),
              ("sts-policy-fetch-error", "hoch", "Webserver"),
              ("sts-policy-invalid", "hoch", "Berichtigen"),
              ("sts-webpki-invalid", "hoch", "Zertifikat für mta-sts.example.com"))),
        ("first reports take one to three days", explain("no-reports", "ein bis drei Tage", "Google", "Microsoft")),
    ],
    "enforce blocks mail": [
        ("back to testing at once", explain("rollback", "mode: testing", "max_age: 86400", "mx-Zeilen")),
        ("then a new id, with a short TTL", explain("rollback", "_mta-sts.example.com. 300 IN TXT", "id=")),
        ("new id and senders follow: the guide is too hopeful",
         explain("id", "Eine Fernsteuerung ist sie nicht", "sehen sie nie an")),
        ("how long caches last", explain("propagation", "bei 86400 nach einem Tag, bei 2592000 nach 30 Tagen")),
        ("phase 1", explain("phases", "Modus testing, max_age 86400 (ein Tag)")),
        ("phase 2", explain("phases", "Modus testing, max_age 604800 (eine Woche), nach zwei Wochen ohne Fehler")),
        ("phase 3", explain("phases", "Modus enforce, max_age 604800 (eine Woche)")),
        ("phase 4", explain("phases", "Modus enforce, max_age 2592000 (30 Tage), nach einem Monat")),
    ],
    "commands": [
        ("the seven, explained", explain("commands", "dig +short TXT _mta-sts.example.com",
                                         "dig +short TXT _smtp._tls.example.com", "curl -sS " + URL,
                                         "curl -sSI " + URL, "dig +short MX example.com",
                                         "openssl s_client -connect mta-sts.example.com:443", "-starttls smtp")),
        ("the seven, filled in", Says(["commands", "--from", "-"], "Die sieben grundlegenden Diagnosebefehle", "Erwartet:",
                                      "-connect mx1.healthy.example:25 -starttls smtp", stdin=json.dumps(HEALTHY))),
    ],
    "plan": [
        ("six steps", explain("action-plan", "Sehen, was nicht stimmt", "Eintrag, Policy und Zertifikat prüfen",
                              "TLS-Berichte auswerten", "Beheben", "mtasts lint", "zwei Tage beobachten")),
        ("check the text before it is published", Says(["lint", "-"], stdin=BODY.format("*.example.com"))),
        ("watch for 48 hours, and what that is worth", explain("watch", "Zwei Tage genügen", "alte Policy")),
    ],
    "questions": [
        ("why is my policy not fetched", explain("fetch", "Warum wird meine Policy nicht abgerufen?", "Status 200",
                                                 "text/plain")),
        ("an MX is not covered", explain("nicht-abgedeckt", "example-com.mail.protection.outlook.com")),
        ("which certificate is it, and what to do", explain("zertifikat", "um welches es geht", "fullchain.pem",
                                                            "certbot")),
        ("why does enforce block", explain("enforce", "Warum blockiert enforce E-Mails?", "zurück auf testing")),
        ("a policy that cannot be fetched blocks nothing: the guide is wrong",
         explain("enforce", "blockiert eine Policy, die sich nicht abrufen lässt, keine Mail")),
        ("back to testing", explain("notfall", "Notfall: zurück zu testing", "mode: enforce durch mode: testing")),
        ("how do I read a report", explain("berichte", "Wie lese ich einen TLS-Bericht?", "JSON")),
        ("Cloudflare Workers", explain("workers", "mta-sts.example.com/*", "AAAA 100::", "charset=utf-8")),
        ("how long until it works", explain("wie-lange", "Wie lange dauert es, bis eine Behebung wirkt?")),
    ],
    "glossary": [
        ("MTA-STS", explain("mta-sts", "RFC 8461", "HTTPS")),
        ("TLS-RPT", explain("tls-rpt", "RFC 8460", "einmal am Tag")),
        ("sts-policy-fetch-error", explain("sts-policy-fetch-error", "Die Policy ließ sich nicht abrufen")),
        ("max_age", explain("max_age", "Sekunden", "31557600")),
        ("STARTTLS", explain("starttls", "EHLO", "MTA-STS und DANE machen es verbindlich")),
    ],
    "beyond the guide": [
        ("no authorisation for reports elsewhere", explain("external-rua", "Nein. Anders als DMARC")),
        ("how senders differ", explain("senders", "postfix-tlspol und chasquid prüfen die id nie")),
        ("DANE goes first", explain("dane", "darf nicht zustellen, wo DANE scheitert")),
        ("giving MTA-STS up", explain("none", "Der Modus none zieht eine Policy zurück", "größte je ausgelieferte")),
        ("false alarms of other checkers", explain("false-alarms", "LF statt CRLF", "86400")),
    ],
}


class Guide(unittest.TestCase):
    maxDiff = None

    def test_every_item_is_answered(self):
        for section, rows in GUIDE.items():
            for item, how in rows:
                with self.subTest(section=section, item=item, call=str(how)):
                    text = how.text()
                    for word in how.words:
                        self.assertIn(word, text)

    def test_healthy_facts_have_none_of_the_faults(self):
        text = run("check", "--from", "-", stdin=json.dumps(HEALTHY))
        codes = {how.code for rows in GUIDE.values() for _, how in rows if isinstance(how, Finds)}
        self.assertGreater(len(codes), 20)
        for code in codes:
            self.assertNotIn(f"[{code},", text)


if __name__ == "__main__":
    if "--list" in sys.argv:
        for section, rows in GUIDE.items():
            print(f"== {section}")
            for item, how in rows:
                print(f"{item}\n    {how}")
        sys.exit(0)
    MTASTS = os.path.abspath(sys.argv.pop(1))
    os.chdir(tempfile.gettempdir())
    unittest.main()
