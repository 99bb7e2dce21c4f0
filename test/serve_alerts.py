#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Alerts of the web service, through the built program, on SQLite and on PostgreSQL: rules, mails by a sendmail
that writes files, webhooks whose signatures are verified here by an implementation of its own, the command,
digests, acknowledging and muting, two groups that never see each other's, and kills at random moments.

usage: serve_alerts.py MTASTS [--kills N] [--show DIR]

--kills: so often the service is killed at work; few times by default.  --show: mails are copied there."""

import argparse
import base64
import copy
import datetime
import email
import email.policy
import hashlib
import hmac
import http.client
import http.server
import ipaddress
import json
import os
import pathlib
import random
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
import schemas
import service as web
from service import add_domains
from stores import Postgres, Sqlite

TOP = pathlib.Path(__file__).resolve().parent.parent
HEALTHY = json.loads((TOP / "fuzz/corpus/facts/healthy.json").read_text())
DOMAIN = "healthy.example"
TMP = tempfile.TemporaryDirectory(prefix="mtasts-alerts-")
FOLDER = pathlib.Path(TMP.name)
faults = 0


def check(what, good, seen=""):
    global faults
    if not good:
        faults += 1
        print(f"FAIL: {what}: {str(seen)[:600]!r}")


def wait(what, ready, seconds=60):
    """Until it is so; the limit is far beyond what it takes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ready()
        if found:
            return found
        time.sleep(0.05)
    check(what, False, "not within the time")
    return None


# ---- what a check shows --------------------------------------------------------------------------------


def well(facts):
    pass


def expired(facts):
    facts["mx"][0]["sessions"][0]["tls"]["chain"][0]["not_after"] = "2025-10-30T00:00:00Z"


def testing(facts):
    fetch = facts["policy_host"]["fetches"][0]
    fetch["body"] = fetch["body"].replace("enforce", "testing")


def facts_of(domain, change, at):
    facts = copy.deepcopy(HEALTHY)
    text = json.dumps(facts)
    # its certificates are valid whenever this runs, but for what `change` does
    text = re.sub(r'"not_after": "[^"]*"', '"not_after": "2099-01-01T00:00:00Z"', text)
    text = re.sub(r'"not_before": "[^"]*"', '"not_before": "2020-01-01T00:00:00Z"', text)
    facts = json.loads(text)
    facts["observed_at"] = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    change(facts)
    # the MX hosts are one provider's, whose certificate is one cause for all
    return re.sub(rf"(?<!mx1\.){re.escape(DOMAIN)}", domain, json.dumps(facts))


# ---- receivers -----------------------------------------------------------------------------------------


class Receiver:
    """Webhooks: what came, and answers as told."""

    def __init__(self):
        receiver = self
        self.came, self.secrets, self.answer, self.seen = [], {}, {}, threading.Lock()
        self.hanging, self.pause = 0, 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                what = receiver.answer.get(self.path, 200)
                receiver.take(self.path, self.headers, body, what)
                if what == "hang":
                    receiver.hang(1)
                    time.sleep(15)
                    receiver.hang(-1)
                    return
                time.sleep(receiver.pause)
                self.send_response(what)
                if what == 302:
                    self.send_header("Location", f"{receiver.url}/redirected")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
                       .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
                       .add_extension(x509.BasicConstraints(True, None), True)
                       .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
                       .sign(key, hashes.SHA256()))
        self.ca = FOLDER / "receiver.pem"
        self.ca.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (FOLDER / "receiver.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                                serialization.NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, FOLDER / "receiver.key")

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args):
                pass  # whoever is killed hangs up

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def verified(self, path, headers, body):
        """As Standard Webhooks has it, by an implementation of its own."""
        secret = self.secrets.get(path)
        if not secret:
            return None
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(wanted, headers["webhook-signature"]) and abs(time.time() - int(headers["webhook-timestamp"])) < 300

    def take(self, path, headers, body, what):
        with self.seen:
            self.came.append({"path": path, "id": headers["webhook-id"], "good": self.verified(path, headers, body),
                              "type": headers["Content-Type"], "body": json.loads(body or b"{}"), "what": what})

    def hang(self, more):
        with self.seen:
            self.hanging += more

    def at(self, path, kind=None):
        with self.seen:
            return [c for c in self.came if c["path"] == path and (not kind or c["body"]["type"] == kind)]


# ---- the service ---------------------------------------------------------------------------------------


class Service(web.Service):
    """With a sendmail(1) and an alert command that write down what they are given."""

    def __init__(self, stores, receiver, *more):
        self.stores = stores
        self.mails, self.ran = FOLDER / f"mails{id(self)}", FOLDER / f"ran{id(self)}"
        self.mails.mkdir()
        self.ran.mkdir()
        sendmail = FOLDER / f"sendmail{id(self)}"
        self.hanging, self.release = FOLDER / f"hanging{id(self)}", FOLDER / f"release{id(self)}"
        sendmail.write_text(f"""#!/bin/sh
echo "$*" >> {FOLDER}/words
cat > {self.mails}/$$.tmp
if grep -qi '^To:.*hang' {self.mails}/$$.tmp; then
    echo "$$ $(grep -o 'hang[0-9]*@g[0-9]*' {self.mails}/$$.tmp | head -n 1)" >> {self.hanging}
    while [ ! -e {self.release} ]; do sleep 0.2; done
fi
mv {self.mails}/$$.tmp {self.mails}/$$.eml
""")
        sendmail.chmod(0o755)
        super().__init__(MTASTS, stores.fresh(), "--sendmail", sendmail, "--mail-from", "mtasts@alerts.example",
                         "--base-url", "{origin}/", "--alert-command",
                         f"cat > {self.ran}/$$.json", "--private-webhooks", "--no-watch", "--alert-delay", "1",
                         "--ca-file", receiver.ca, *more)
        self.create_admin("root")

    def check(self, facts):
        subprocess.run([MTASTS, "check", "--no-config", "--from", "-", "--save", "--store", self.store], input=facts, text=True, env=self.env,
                       capture_output=True)

    def hung(self):
        """Of each mail that hung, the process and the domain of its address, which is its group's."""
        lines = self.hanging.read_text().splitlines() if self.hanging.exists() else []
        return [(int(line.split()[0]), line.partition("@")[2]) for line in lines]

    def sql(self, statement):
        self.stores.change(self.store, statement)

    def mail(self):
        """But for those that ask whether it may be sent."""
        return [m for m in self.all_mail() if CONFIRM not in m.get_body(("plain",)).get_content()]

    def links(self, address):
        """What asks the owner of that address, the newest last."""
        texts = [m.get_body(("plain",)).get_content() for m in self.all_mail() if m["To"].addresses[0].addr_spec == address]
        return [f"{CONFIRM}{found[1]}" for text in texts for found in [re.search(rf"{CONFIRM}(\S+)", text)] if found]

    def confirm(self, address):
        owner = Browser(self)
        link = wait(f"{address} is asked", lambda: self.links(address))[-1]
        owner.get(link)
        answer = owner.post(link, do="confirm")
        check(f"{address} is confirmed", answer.status == 200 and address in answer.text, answer.text)

    def all_mail(self):
        return [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in sorted(self.mails.glob("*.eml"), key=lambda p: p.stat().st_mtime)]


class Browser(web.Browser):
    """The API with a token of its own too."""

    def post(self, path, **form):
        return super().post(path, **{name.replace("_", "-"): value for name, value in form.items()})

    def token_of(self, group, **scopes):
        return super().make_token(group, *scopes)

    def make_token(self, group, **scopes):
        self.api_token = self.token_of(group, **(scopes or {"read": 1, "domains": 1, "admin": 1}))

    def api(self, method, path, value=None):
        answer = self.service.ask(method, f"/api/v1{path}", None if value is None else json.dumps(value),
                                  Authorization=f"Bearer {self.api_token}", Content_Type="application/json")
        return answer.status, answer.json() if answer.text else None


def add_group(root, name, user, role="admin"):
    group = web.add_group(root, name)
    return group, web.add_user(root, user, {group: role})


# ---- the cases -----------------------------------------------------------------------------------------

DOMAINS = ["a1.example", "a2.example", "a3.example", "b1.example"]
CONFIRM = "/alerts/confirm/"
SENT = 'mtasts_alert_deliveries{state="sent"}'
ALL = ["problem", "certificate", "failure", "policy", "silent", "no-reports", "repaired"]


def set_up(service, receiver):
    root = Browser(service, "root")
    groups, people = {}, {}
    for name, user in (("alpha", "ada"), ("beta", "bob")):
        groups[name], password = add_group(root, name, user)
        people[user] = Browser(service, user, password)
    ada, bob = people["ada"], people["bob"]
    ada.make_token(groups["alpha"])
    bob.make_token(groups["beta"])
    for who, path in ((ada, "/alpha"), (bob, "/beta")):
        status, made = who.api("POST", "/webhooks", {"url": receiver.url + path, "language": "en"})
        check("a webhook is made", status == 201 and made["secret"].startswith("whsec_"), made)
        receiver.secrets[path] = made["secret"]
        status, rule = who.api("POST", "/rules", {"kinds": ALL, "channels": [made["id"]], "remind_hours": 0})
        check("a rule is made", status == 201, rule)
    # each has problems, and what else happened to it before does not matter any more
    now = int(time.time())
    service.check("\n".join(facts_of(d, testing, now - 20000) for d in DOMAINS))
    service.check("\n".join(facts_of(d, expired, now - 9000) for d in DOMAINS))
    add_domains(root, groups["alpha"], DOMAINS[:3])
    add_domains(root, groups["beta"], DOMAINS[3:])
    return root, ada, bob, groups


def new_domains_bring_their_problems_along(service, receiver, ada):
    def open_alerts():
        return ada.api("GET", "/alerts")[1]["items"]

    brought = wait("problems of new domains are alerts", lambda: [a for a in open_alerts() if a["cause"] == "mx-cert-expired" and a["domain_count"] == 3])
    check("since when they are there", brought and brought[0]["begun"] < time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 8000)), brought)
    check("the page has them", "a1.example" in ada.get(f"/alerts/{brought[0]['id']}").text)
    check("nothing that only happened", all(a["kind"] != "policy" for a in open_alerts()), open_alerts())
    digest = wait("a message of all of them", lambda: receiver.at("/alpha", "digest"))
    check("that lists them", "mx-cert-expired" in [a["cause"] for a in digest[0]["body"]["data"]["open"]], digest)
    now = int(time.time())
    service.check("\n".join(facts_of(d, well, now - 8000) for d in DOMAINS))
    for path in ("/alpha", "/beta"):
        wait("that they are solved is told", lambda path=path: [c for c in receiver.at(path, "alert.cleared") if cause(c) == "mx-cert-expired"])
    check("it was the only one", {c["body"]["type"] for c in receiver.at("/alpha")} == {"digest", "alert.cleared"} and
          len({c["id"] for c in receiver.at("/alpha", "digest")}) == 1, receiver.at("/alpha"))


def cause(came):
    return came["body"]["data"]["alert"]["cause"]


def one_cause_is_one_alert(service, receiver, ada, bob):
    now = int(time.time())
    before, others = (len(receiver.at(path, "alert.cleared")) for path in ("/alpha", "/beta"))
    service.check("\n".join(facts_of(d, expired, now - 3600) for d in DOMAINS))
    got = wait("an alert comes", lambda: receiver.at("/alpha", "alert.begun"))
    wait("so it does to the others", lambda: receiver.at("/beta", "alert.begun"))
    first = [c for c in receiver.at("/alpha", "alert.begun") if cause(c) == "mx-cert-expired"]
    check("its signature holds", all(c["good"] for c in receiver.came), receiver.came)
    status, listed = ada.api("GET", "/alerts")
    check("it is listed", status == 200 and [a["cause"] for a in listed["items"]].count("mx-cert-expired") == 1, listed)
    alert = next(a for a in listed["items"] if a["cause"] == "mx-cert-expired")
    wait("it has all domains", lambda: ada.api("GET", "/alerts")[1]["items"][0]["domain_count"] == 3)
    check("one message of it has begun", len(first) == 1, first)
    check("nobody sees the others'", all(d["domain"] != "b1.example" for c in receiver.at("/alpha", "alert.begun") for d in c["body"]["data"]["alert"]["domains"]))
    check("in lists neither", all("a1" not in json.dumps(a) for a in bob.api("GET", "/alerts")[1]["items"]))
    check("nor by number", bob.api("POST", f"/alerts/{alert['id']}/acknowledge")[0] == 404)
    check("nor on a page", bob.get(f"/alerts/{alert['id']}").status == 404)
    page = ada.get(f"/alerts/{alert['id']}")
    check("the page has it", page.status == 200 and "a2.example" in page.text and "mx1.healthy.example" in page.text, page.text)
    check("acknowledged once", [ada.api("POST", f"/alerts/{alert['id']}/acknowledge")[0] for _ in range(2)] == [204, 404])
    check("a mute needs an end", ada.api("POST", f"/alerts/{alert['id']}/mute", {})[0] == 422)
    check("muted", ada.api("POST", f"/alerts/{alert['id']}/mute", {"hours": 8})[0] == 204)
    check("unmuted", ada.api("POST", f"/alerts/{alert['id']}/mute", {"hours": 0})[0] == 204)
    service.check("\n".join(facts_of(d, well, now - 60) for d in ("a1.example", "a2.example", "a3.example")))
    over = wait("it is told that it is over", lambda: receiver.at("/alpha", "alert.cleared")[before:])
    check("with its end", over and over[0]["body"]["data"]["alert"].get("ended"), over)
    check("all good", all(c["good"] for c in receiver.came))
    check("not the others'", len(receiver.at("/beta", "alert.cleared")) == others)
    return got


def channel_of(who, address):
    return next(c for c in who.api("GET", "/webhooks")[1]["items"] if c["url"] == address)


def addresses_are_confirmed_by_their_owners(service, ada, groups):
    """Nothing but a question goes to an address before its owner has agreed, which opening the link is not."""
    address = "owner@x.example"
    ada.get("/alerts/rules")
    answer = ada.post("/alerts/channels", group=groups["alpha"], kind="mail", target=address, language="de", pace="at-once", hour=6)
    check("it is added", answer.status == 303 and "done=channel-asked" in answer.where, answer.where)
    check("which is said", "The owner of the address gets a message with a link" in ada.get(answer.where).text)
    page = ada.get("/alerts/rules").text
    check("the page says what it waits for", "not confirmed yet" in page and "Send the link again" in page, page)
    channel = channel_of(ada, address)
    check("so does the API", "confirmed" not in channel, channel)
    check("others are confirmed", all("confirmed" in c for c in ada.api("GET", "/webhooks")[1]["items"] if c["kind"] == "webhook"))
    status, problem = ada.api("POST", f"/webhooks/{channel['id']}/test")
    check("no test is sent", status == 409 and problem["code"] == "unconfirmed", problem)
    check("nor by the page", "error" in ada.post(f"/alerts/channels/{channel['id']}", group=groups["alpha"], do="test").where)
    ada.api("POST", "/rules", {"kinds": ALL, "channels": [channel["id"]], "remind_hours": 0})
    first = wait("its owner is asked", lambda: service.links(address))[-1]
    mail = next(m for m in service.all_mail() if str(m["To"]) == address or address in str(m["To"]))
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for what in ("ada", "alpha", service.origin, address):
        check(f"the message says {what}", what in text and what in html, text)
    check("in the language of the channel", "„Alarme an diese Adresse senden“" in text and "ignorieren" in text and mail["Content-Language"] == "de", text)
    check("of whose list it is not", "List-Unsubscribe" not in mail, mail)
    now = int(time.time())
    service.check(facts_of("a1.example", expired, now - 50))
    wait("there is an alert", lambda: [a for a in ada.api("GET", "/alerts")[1]["items"] if a["cause"] == "mx-cert-expired"])
    again = ada.post(f"/alerts/channels/{channel['id']}", group=groups["alpha"], do="ask")
    check("asked again", "done=channel-ask" in again.where, again.where)
    status, problem = ada.api("POST", "/webhooks/0/confirmation")
    check("of no channel", status == 404, problem)
    second = wait("by another link", lambda: [link for link in service.links(address) if link != first])[-1]
    owner = Browser(service)
    check("the first is over", owner.get(first).status == 404 and owner.post(first, do="confirm").status == 404)
    check("an unknown one", owner.get(f"{CONFIRM}x").status == 404 and owner.post(f"{CONFIRM}{'x' * 32}", do="confirm").status == 404)
    for _ in range(2):
        answer = owner.get(second)
        check("a page asks", answer.status == 200 and 'method="post"' in answer.text and address in answer.text and "alpha" in answer.text, answer.text)
    check("by the API, too", ada.api("POST", f"/webhooks/{channel['id']}/confirmation")[0] == 204)
    third = wait("that link is new", lambda: [link for link in service.links(address) if link not in (first, second)])[-1]
    check("the second is over", owner.get(second).status == 404)
    second = third
    check("it is hidden from search engines", "noindex" in answer.text, answer.text)
    check("it changes nothing", "confirmed" not in channel_of(ada, address))
    foreign = service.ask("POST", second, "do=confirm", Content_Type=web.FORM, Origin="https://elsewhere.example")
    check("another site confirms nothing", foreign.status == 403 and "confirmed" not in channel_of(ada, address), foreign.status)
    service.sql(f"UPDATE alert_channel SET asked_until = 1 WHERE id = {channel['id']}")
    check("too late", owner.get(second).status == 404 and owner.post(second, do="confirm").status == 404)
    service.sql(f"UPDATE alert_channel SET asked_until = {now + 9999} WHERE id = {channel['id']}")
    check("nothing else was sent", len(service.links(address)) == 3 and not service.mail(), [m["Subject"] for m in service.all_mail()])
    answer = owner.post(second, do="confirm")
    check("its owner confirms it", answer.status == 200 and "Bestätigt" in answer.text, answer.text)
    check("once", owner.post(second, do="confirm").status == 404)
    check("the API has it", "confirmed" in channel_of(ada, address))
    check("so has the page", "not confirmed yet" not in ada.get("/alerts/rules").text)
    status, problem = ada.api("POST", f"/webhooks/{channel['id']}/confirmation")
    check("the API says so", status == 409 and problem["code"] == "confirmed", problem)
    check("nobody is asked again", "error" in ada.post(f"/alerts/channels/{channel['id']}", group=groups["alpha"], do="ask").where)
    check("a test is sent", ada.api("POST", f"/webhooks/{channel['id']}/test")[0] == 204)
    wait("it arrives", lambda: [m for m in service.mail() if address in str(m["To"])])
    service.check(facts_of("a1.example", well, now - 45))
    ada.api("DELETE", f"/webhooks/{channel['id']}")
    wait("the alert is over", lambda: not [a for a in ada.api("GET", "/alerts")[1]["items"] if a["cause"] == "mx-cert-expired"])
    for path in service.mails.glob("*.eml"):
        path.unlink()


def mails_and_commands(service, ada, groups, show):
    page = ada.get("/alerts/rules")
    for language in ("en", "de"):
        answer = ada.post("/alerts/channels", group=groups["alpha"], kind="mail", target=f"{language}@x.example", language=language, pace="at-once", hour=6)
        check("a mail channel", answer.status == 303, answer.text)
        service.confirm(f"{language}@x.example")
    check("no address of two", ada.post("/alerts/channels", group=groups["alpha"], kind="mail", target="a@x.example, b@x.example").status == 422)
    check("no option", ada.post("/alerts/channels", group=groups["alpha"], kind="mail", target="-oQ@x.example").status == 422)
    check("no other scheme", ada.post("/alerts/channels", group=groups["alpha"], kind="webhook", target="http://x.example/").status == 422)
    check("a command", ada.post("/alerts/channels", group=groups["alpha"], kind="command").status == 303)
    check("of another's group", ada.post("/alerts/channels", group=groups["beta"], kind="command").status == 404)
    page = ada.get("/alerts/rules")
    channels = {m[2]: m[1] for m in re.finditer(r'name="channel-(\d+)"[^>]*> (?:Email )?(\S+)', page.text)}
    form = {f"channel-{number}": 1 for name, number in channels.items() if not name.startswith("Webhook")} | {f"kind-{k}": 1 for k in ALL}
    answer = ada.post("/alerts/rules", group=groups["alpha"], severity="medium", certificate_days=14, silent_days=7, quiet_from=0, quiet_until=0,
                      remind_hours=0, **form)
    check("a rule by the form", answer.status == 303 and "done=rule-add" in answer.headers["Location"], answer.text)
    check("is shown", "en@x.example; de@x.example" in ada.get("/alerts/rules").text)
    now = int(time.time())
    service.check(facts_of("a1.example", expired, now - 40))
    wait("two mails", lambda: len(service.mail()) >= 2)
    mails = {m["To"].addresses[0].addr_spec: m for m in service.mail()}
    for m in mails.values():
        check("both parts", [p.get_content_type() for p in m.iter_parts()] == ["text/plain", "text/html"], m)
        check("who wrote it", m["Auto-Submitted"] == "auto-generated" and m["References"] and m["Message-ID"].endswith("@alerts.example>"), m)
        check("what it is about", "a1.example" in m["Subject"] and "a1.example" in m.get_body(("plain",)).get_content(), m["Subject"])
        check("lines are short", max(map(len, m.as_bytes().split(b"\n"))) <= 998)
        check("no defects", not m.defects and not any(p.defects for p in m.walk()), m.defects)
    check("in both languages", "Zertifikat" in mails["de@x.example"]["Subject"] and "certificate" in mails["en@x.example"]["Subject"],
          [m["Subject"] for m in mails.values()])
    check("sendmail was called right", set((FOLDER / "words").read_text().splitlines()) == {"-i -t -f mtasts@alerts.example"})
    ran = wait("the command ran", lambda: list(service.ran.glob("*.json")))
    wait("with its JSON", lambda: json.loads(ran[0].read_text() or "{}").get("format") == "mtasts.alert/1")
    service.check(facts_of("a1.example", well, now - 20))
    wait("two more", lambda: len(service.mail()) >= 4)
    threads = {str(m["To"]): set() for m in service.mail()}
    for m in service.mail():
        threads[str(m["To"])].add(m["References"])
    check("one thread an alert", all(len(t) == 1 for t in threads.values()), threads)
    if show:
        for path in service.mails.glob("*.eml"):
            shutil.copy(path, show)
    number = next(n for name, n in channels.items() if name.startswith("en@"))
    before = len(service.mail())
    ada.post(f"/alerts/channels/{number}", group=groups["alpha"], do="test")
    wait("a test arrives", lambda: len(service.mail()) > before)
    for name, number in channels.items():
        if not name.startswith("Webhook"):
            ada.post(f"/alerts/channels/{number}", group=groups["alpha"], do="delete")


def urls_of_webhooks_are_secrets(service, receiver, root, ada, groups):
    """Who may not change channels sees where one leads, not how to send there; nor do logs and alerts."""
    secret = "/services/T0001/verysecretpart9z8y"
    shown = f"{receiver.url}/...9z8y"
    receiver.answer[secret] = 500
    made = ada.api("POST", "/webhooks", {"url": receiver.url + secret})[1]
    ada.api("POST", "/rules", {"kinds": ["problem"], "channels": [made["id"]], "remind_hours": 0})
    password = re.search(r"<code[^>]*>([^<]+)</code>", root.post("/admin/users", name="eve").text)[1]
    root.post(f"/admin/groups/{groups['alpha']}", do="member-set", name="eve", role="viewer")
    eve = Browser(service, "eve", password)
    eve.make_token(groups["alpha"], read=1)
    reader = Browser.__new__(Browser)
    reader.service, reader.api_token = service, ada.token_of(groups["alpha"], read=1)
    page = ada.get("/alerts/rules").text
    check("who may change it sees all of it", page.count(receiver.url + secret) >= 2, page)
    check("so does a token of that scope", receiver.url + secret in json.dumps(ada.api("GET", "/webhooks")[1]))
    service.sql(f"UPDATE alert_delivery SET attempts = 9 WHERE channel = {made['id']}")
    ada.api("POST", f"/webhooks/{made['id']}/test")
    wait("it was called", lambda: receiver.at(secret))
    service.sql(f"UPDATE alert_delivery SET attempts = 9, next_try = 0 WHERE channel = {made['id']} AND state = 'waiting'")
    wait("it is paused", lambda: "paused" in [c for c in ada.api("GET", "/webhooks")[1]["items"] if c["id"] == made["id"]][0])
    paused = wait("that is an alert", lambda: [a for a in ada.api("GET", "/alerts")[1]["items"] if a["kind"] == "channel"])
    check("which does not tell the URL", paused and paused[0]["subject"] == shown, paused)
    seen = {"the page of a viewer": eve.get("/alerts/rules").text, "a token that reads": json.dumps(reader.api("GET", "/webhooks")[1]),
            "a viewer's token": json.dumps(eve.api("GET", "/webhooks")[1]), "an alert": ada.get(f"/alerts/{paused[0]['id']}").text,
            "all alerts": ada.get("/alerts").text, "the log of the group": root.get("/admin/audit").text}
    for what, text in seen.items():
        check(f"{what} hides it", "verysecretpart" not in text and shown.removeprefix("https://") in text, text)
    service.log.flush()
    check("no log has it", "verysecretpart" not in service.said())
    check("it is resumed", ada.post(f"/alerts/channels/{made['id']}", group=groups["alpha"], do="resume").status == 303)
    wait("the alert is over", lambda: not [a for a in ada.api("GET", "/alerts")[1]["items"] if a["kind"] == "channel"])
    check("it is deleted", ada.api("DELETE", f"/webhooks/{made['id']}")[0] == 204)


HANGING = 20  # more webhooks than are called at a time, for the time-out of each


def groups_take_turns(service, receiver, ada, bob):
    """One group has more receivers that hang than are called at a time; another's do not wait for them."""
    receiver.answer |= {f"/hang{i}": "hang" for i in range(HANGING)}
    made = [ada.api("POST", "/webhooks", {"url": f"{receiver.url}/hang{i}"})[1]["id"] for i in range(HANGING)]
    for number in made:
        ada.api("POST", f"/webhooks/{number}/test")
    wait("some hang", lambda: receiver.hanging > 1)
    quick = bob.api("POST", "/webhooks", {"url": receiver.url + "/quick"})[1]["id"]
    bob.api("POST", f"/webhooks/{quick}/test")
    wait("the other group's comes", lambda: receiver.at("/quick"))
    check("before those are over", receiver.hanging, receiver.hanging)
    for number in made:
        ada.api("DELETE", f"/webhooks/{number}")
    bob.api("DELETE", f"/webhooks/{quick}")


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def hanging_mails_hold_up_nobody(service, root, ada, bob, groups):
    """sendmail(1) hangs with what two groups send; the mail of a third goes out while it does."""
    group, password = add_group(root, "gamma", "cyd")
    cyd = Browser(service, "cyd", password)
    cyd.make_token(group)
    for who, of in ((ada, groups["alpha"]), (bob, groups["beta"]), (cyd, group)):
        who.get("/alerts/rules")
        if who is cyd:
            wait("both groups' mails hang", lambda: len({of for _, of in service.hung()}) > 1)
        for i in range(4):
            address = f"{'quick' if who is cyd else 'hang'}{i}@g{of}.example"
            answer = who.post("/alerts/channels", group=of, kind="mail", target=address, language="en", pace="at-once", hour=6)
            check("a channel is made", "done=channel-asked" in answer.where, answer.where)
    wait("the third group's go out", lambda: all(service.links(f"quick{i}@g{group}.example") for i in range(4)))
    hung = [of for pid, of in service.hung() if alive(pid)]
    check("each of the others keeps one lane busy", len(hung) == len(set(hung)), service.hung())
    known = f"quick0@g{group}.example"
    service.confirm(known)
    more = [web.add_group(root, f"hang{i}") for i in range(8)]  # with alpha and beta more than there are lanes
    root.get("/alerts/rules")
    for of in more:
        root.post("/alerts/channels", group=of, kind="mail", target=f"hang9@g{of}.example", language="en", pace="at-once", hour=6)
    wait("half of the lanes hang", lambda: len([pid for pid, _ in service.hung() if alive(pid)]) == 4)
    before = len(service.mail())
    check("a test is asked for", cyd.api("POST", f"/webhooks/{channel_of(cyd, known)['id']}/test")[0] == 204)
    wait("who had mail before has it at once", lambda: len(service.mail()) > before)
    check("while those hang", len([pid for pid, _ in service.hung() if alive(pid)]) == 4, service.hung())
    service.release.touch()
    wait("each had its turn", lambda: all(service.links(f"hang9@g{of}.example") for of in more))
    wait("those go on", lambda: all(service.links(f"hang{i}@g{of}.example") for i in range(4) for of in (groups["alpha"], groups["beta"])))
    service.release.unlink()
    for of in more:  # none of these is in doubt any more: they take all lanes that are used at a time
        service.confirm(f"hang9@g{of}.example")
        number = re.search(r"alerts/channels/(\d+)", root.get(f"/alerts/rules?group={of}").text)[1]
        check("a test is asked for", "done=" in root.post(f"/alerts/channels/{number}", group=of, do="test").where)
    wait("each of them hangs", lambda: len([pid for pid, _ in service.hung() if alive(pid)]) == len(more))
    before = len(service.mail())
    check("one more is asked for", cyd.api("POST", f"/webhooks/{channel_of(cyd, known)['id']}/test")[0] == 204)
    wait("it goes out", lambda: len(service.mail()) > before)
    check("while all of those hang", len([pid for pid, _ in service.hung() if alive(pid)]) == len(more), service.hung())
    service.release.touch()
    wait("those arrive too", lambda: len(service.mail()) > before + len(more))
    for who in (ada, bob, cyd):
        for channel in who.api("GET", "/webhooks")[1]["items"]:
            if re.match("hang|quick", channel["url"]):
                who.api("DELETE", f"/webhooks/{channel['id']}")
    for path in service.mails.glob("*.eml"):
        path.unlink()


def two_services_share_the_work(service, receiver, ada):
    """Each message is sent by one of them, also where one is stopped in order at work."""
    made = [ada.api("POST", "/webhooks", {"url": f"{receiver.url}/shared{i}"})[1]["id"] for i in range(12)]
    other = web.Service(MTASTS, service.store, *service.options)
    try:
        receiver.pause = 0.5
        for number in made:
            ada.api("POST", f"/webhooks/{number}/test")
        wait("some have come", lambda: sum(len(receiver.at(f"/shared{i}")) for i in range(12)))
    finally:
        check("the other ends well", other.stop() == 0)
    wait("all have come", lambda: all(receiver.at(f"/shared{i}") for i in range(12)))
    time.sleep(2)
    receiver.pause = 0
    check("each once", [len(receiver.at(f"/shared{i}")) for i in range(12)] == [1] * 12,
          [len(receiver.at(f"/shared{i}")) for i in range(12)])
    for number in made:
        ada.api("DELETE", f"/webhooks/{number}")


def a_policy_changes(service, receiver):
    now = int(time.time())
    service.check(facts_of("a2.example", testing, now - 30))
    came = wait("a change of the policy", lambda: [c for c in receiver.at("/alpha") if c["body"]["data"].get("alert", {}).get("kind") == "policy"])
    check("what changed", came and "from enforce to testing" in came[0]["body"]["data"]["alert"]["domains"][0]["text"], came)
    service.check(facts_of("a2.example", well, now - 10))


def receivers_that_fail(receiver, ada):
    receiver.answer |= {"/gone": 500, "/moved": 302, "/hangs": "hang"}
    made = {}
    for path in ("/gone", "/moved", "/hangs"):
        status, answer = ada.api("POST", "/webhooks", {"url": receiver.url + path})
        receiver.secrets[path] = answer["secret"]
        made[path] = answer["id"]
        check("a test is asked for", ada.api("POST", f"/webhooks/{answer['id']}/test")[0] == 204)
        check("no channel has number 0", ada.api("POST", "/webhooks/0/test")[0] == 404 and ada.api("GET", "/webhooks")[0] == 200)
    return made


def are_tried_again(receiver, ada, made):
    wait("each was tried", lambda: all(receiver.at(p) for p in made))
    wait("and again after 5 s, with the same id", lambda: len(receiver.at("/gone")) >= 2)
    check("the same id", len({c["id"] for c in receiver.at("/gone")}) == 1, receiver.at("/gone"))
    check("no redirect is followed", not receiver.at("/redirected"))
    for number in made.values():
        check("it is deleted", ada.api("DELETE", f"/webhooks/{number}")[0] == 204)


def no_private_address(service, receiver, ada, groups):
    """Without leave, nothing inner is called."""
    options = service.options
    service.stop()
    service.options = ["--no-watch", "--alert-delay", "1", "--ca-file", str(receiver.ca)]
    service.start()
    receiver.secrets["/inner"] = "whsec_"
    status, made = ada.api("POST", "/webhooks", {"url": receiver.url + "/inner"})
    ada.api("POST", f"/webhooks/{made['id']}/test")
    page = ada.get("/alerts")
    check("it says that there is no mail", "--sendmail" in page.text)
    time.sleep(2)
    check("nothing came", not receiver.at("/inner"))
    ada.api("DELETE", f"/webhooks/{made['id']}")
    service.stop()
    service.options += ["--sendmail", "/bin/true", "--mail-from", "mtasts@alerts.example"]
    service.start()
    ada.get("/alerts/rules")
    refused = ada.post("/alerts/channels", group=groups["alpha"], kind="mail", target="a@x.example")
    check("without a link nobody can confirm", refused.status == 422 and "--base-url" in refused.text, refused.text)
    check("which the pages say", all("--base-url" in ada.get(path).text for path in ("/alerts", "/alerts/rules")))
    service.stop()
    service.options = options
    service.start()


def one_sweep_an_hour(service):
    """Through all domains, for what time alone changes; a service that is started again goes on counting."""
    schema = "mtasts." if service.stores.name == "PostgreSQL" else ""
    rows = f"SELECT seq FROM {schema}alert_place WHERE name = 'swept'"

    def swept():
        found = service.stores.rows(service.store, rows)
        return int(found[0][0] if isinstance(found[0], tuple) else found[0]) if found else 0

    wait("the first is written down", swept)
    before = swept()
    service.stop()
    service.start()
    wait("it looks at the log", lambda: service.metric("mtasts_alerts_open") is not None)
    time.sleep(1.5)  # longer than between two looks
    check("no other is due", swept() == before, (before, swept()))
    service.stop()
    service.sql("UPDATE alert_place SET seq = 1 WHERE name = 'swept'")
    service.start()
    wait("one that is due begins at once", lambda: swept() >= before)


def killed(service, receiver, ada, kills):
    """Each change is one alert, whose messages have one id; nothing is lost."""
    path = "/killed"
    status, made = ada.api("POST", "/webhooks", {"url": receiver.url + path})
    receiver.secrets[path] = made["secret"]
    ada.api("POST", "/rules", {"kinds": ["problem", "policy"], "channels": [made["id"]], "remind_hours": 0})
    at, changes, mode = int(time.time()) - 5 - 2 * kills, 0, [well, testing]
    service.check(facts_of("a3.example", well, at))
    time.sleep(1.5)
    for i in range(kills):
        changes += 1
        at += 2
        service.check(facts_of("a3.example", mode[changes % 2], at))
        time.sleep(random.random() * 2.5)
        service.kill()
        service.start()

    def told():
        return [c for c in receiver.at(path) if c["body"]["data"].get("alert", {}).get("kind") == "policy"]

    def changed():
        """What of it was told, each message once; several changes may be one alert."""
        return sum(c["body"]["data"]["alert"]["domains"][0]["text"].count("Policy mode changed") for c in {c["id"]: c for c in told()}.values())

    wait("all that changed is told", lambda: changed() >= changes, 60 + kills)
    time.sleep(2)
    by_id = {}
    for c in told():
        by_id.setdefault(c["id"], []).append(c)
    alerts = [c[0]["body"]["data"]["alert"]["id"] for c in by_id.values()]
    check("nothing twice", len(alerts) == len(set(alerts)), alerts)
    texts = changed()
    check("nothing lost", texts == changes, (texts, changes))
    repeats = sum(len(c) - 1 for c in by_id.values())
    print(f"{service.store.split(':')[0][:10]}: {kills} kills, {changes} changes, {len(by_id)} messages, {texts} told, {repeats} repeated with the same id")


def run(stores, kills, show):
    receiver = Receiver()
    service = Service(stores, receiver)
    try:
        root, ada, bob, groups = set_up(service, receiver)
        new_domains_bring_their_problems_along(service, receiver, ada)
        one_cause_is_one_alert(service, receiver, ada, bob)
        addresses_are_confirmed_by_their_owners(service, ada, groups)
        mails_and_commands(service, ada, groups, show)
        urls_of_webhooks_are_secrets(service, receiver, root, ada, groups)
        wait("messages are counted", lambda: service.metric(SENT))
        check("so are alerts", service.metric("mtasts_alerts_open") is not None)
        no_private_address(service, receiver, ada, groups)
        failing = receivers_that_fail(receiver, ada)
        a_policy_changes(service, receiver)  # meanwhile they are tried
        are_tried_again(receiver, ada, failing)
        groups_take_turns(service, receiver, ada, bob)
        hanging_mails_hold_up_nobody(service, root, ada, bob, groups)
        two_services_share_the_work(service, receiver, ada)
        one_sweep_an_hour(service)
        killed(service, receiver, ada, kills)
        check("it ends well", service.stop() == 0)
        as_the_schema_says(service, receiver)
    finally:
        if faults:
            print(service.said()[-2000:])
        service.kill()
        receiver.server.shutdown()


def as_the_schema_says(service, receiver):
    checker = schemas.Checker()
    for path in service.ran.glob("*.json"):
        checker.document("the command", path.read_text())
    for one in receiver.came:
        if one["body"]:
            checker.document(one["path"], json.dumps(one["body"]))
    kinds = {one["body"].get("type") for one in receiver.came}
    check("messages are as their schema says", not checker.faults, checker.faults[:5])
    check("of most types", {"alert.begun", "alert.cleared", "digest", "test"} <= kinds, kinds)


def both():
    """Side by side, as most of the time is waiting."""
    runs = [subprocess.Popen([sys.executable, *sys.argv, "--only", which]) for which in ("sqlite", "postgres")]
    return any([one.wait() for one in runs])


def main():
    global MTASTS
    parser = argparse.ArgumentParser()
    parser.add_argument("mtasts")
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--show")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    options = parser.parse_args()
    MTASTS = str(pathlib.Path(options.mtasts).resolve())
    if not options.only and Postgres.installed():
        sys.exit(both())
    if options.only != "postgres":
        run(Sqlite(TMP.name), options.kills, options.show)
    if options.only != "sqlite" and Postgres.installed():
        server = Postgres()
        try:
            run(server, options.kills, None)
        finally:
            server.close()
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
