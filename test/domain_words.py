#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the page of a domain and its API say never contradicts the first line of the newest check: all recorded
observations, each stored as if it had been made just now, in both languages.

usage: domain_words.py MTASTS        (run by the tests)

The first line names the worst finding above a note, the sentence of the page the worst above low: what is low is listed
below it.  What becomes of mail is said in the same words, what was found is counted alike, and the next step fits both."""

import datetime
import html
import http.client
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

from service import OWN, Service

HERE = pathlib.Path(__file__).resolve().parent
MTASTS = str(pathlib.Path(sys.argv[1]).resolve())
RECORDED = [path for path in sorted([*(HERE / "recorded").glob("*.json"), *(HERE / "golden/facts").glob("*.json")])
            if path.name != "expected.json"]
TMP = tempfile.TemporaryDirectory(prefix="mtasts-words-")
PASSWORD = "correct horse battery"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
LIMITED = {"en": "As far as can be seen from here: ", "de": "Soweit von hier aus erkennbar: "}
WORDS = {"en": {"ok": "OK", "warning": "WARNING", "critical": "CRITICAL", "unknown": "NOT JUDGED"},
         "de": {"ok": "OK", "warning": "WARNUNG", "critical": "KRITISCH", "unknown": "NICHT BEURTEILT"}}
NEXT = {"en": {"fix": "Fix the problem", "back": "return to testing"}, "de": {"fix": "Beheben Sie das Problem", "back": "auf testing zurück"}}
REFUSED_BY_POLICY = {"en": r"Senders that follow MTA-STS (?:also )?(?:refuse|cannot)|senders that follow MTA-STS cannot",
                     "de": r"Sendende Server mit MTA-STS|Sendende Server, die MTA-STS befolgen"}
FINDINGS = {"en": r"Newest check(\d+) finding", "de": r"Neueste Prüfung(\d+) Befund"}
ABOVE_LOW = {"medium", "unknown", "high", "critical"}
HARMLESS = {"fine", "testing", "ready", "silent", "empty", "absent"}


def environment():
    return {k: v for k, v in os.environ.items() if not k.startswith("MTASTS_")} | {"XDG_STATE_HOME": TMP.name, "LC_ALL": "C.UTF-8"}


def made_now(path, number):
    """The observation with all its times moved, so that it ended a minute ago, and a name of its own."""
    text = path.read_text()
    domain = json.loads(text)["domain"]
    text = text.replace(domain, f"{number}.{domain}")
    pattern = r'"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8})Z"'
    read = lambda match: datetime.datetime.fromisoformat(match[1] + "+00:00")
    moved = NOW - datetime.timedelta(minutes=1) - read(re.search(r'"observed_at": *' + pattern, text))
    return re.sub(pattern, lambda match: f'"{read(match) + moved:%Y-%m-%dT%H:%M:%S}Z"', text)


def run(*command, text=None):
    done = subprocess.run([MTASTS, *command], input=text, capture_output=True, text=True, env=environment(), timeout=300)
    assert done.returncode <= 3, done
    return done.stdout


def store_all(store, observed):
    """The domains of one group, of which anna is an admin; a token of it."""
    run("serve", "--no-config", "--store", store, "--create-admin", "anna", text=PASSWORD)
    file = pathlib.Path(TMP.name, "facts.jsonl")
    file.write_text("".join(json.dumps(json.loads(text)) + "\n" for text in observed))
    run("watch", "--no-config", "--quiet", "--store", store, "--from", str(file))
    with sqlite3.connect(store) as db:
        db.execute("INSERT INTO tenant (name, created) VALUES ('all', 1)")
        db.execute(OWN.format(group=1))
        db.execute("INSERT INTO member SELECT id, 1, 'admin' FROM account")
    db.close()
    return run("serve", "--no-config", "--store", store, "--create-token", "anna", "--group", "all").strip()


class Client:
    def __init__(self, port):
        self.port, self.connection, self.cookie = port, http.client.HTTPConnection("127.0.0.1", port, timeout=60), ""

    def ask(self, path, form=None, **more):
        fields = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}",
                  **{name.replace("_", "-"): value for name, value in more.items()}}
        if form:
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("POST" if form else "GET", path, urllib.parse.urlencode(form) if form else None, fields)
        answer = self.connection.getresponse()
        if answer.headers["Set-Cookie"]:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer.status, answer.read().decode()


# ---- what is said ------------------------------------------------------------------------------------

def plain(text):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", text))).strip()


def capital(text):
    return text if re.match(r"[^ ]+\.[^ ]", text) else text[:1].upper() + text[1:]


def parts(headline, language):
    """Verdict word, what was found, what becomes of mail."""
    word, rest = headline.split(": ", 1)
    if LIMITED[language] in rest:
        found, mail = rest.split(LIMITED[language])
        return word, found.strip(), LIMITED[language] + mail
    found = re.match(r".*?(?:\([a-z0-9-]+\)(?: (?:and|und) \d+ [^.]*)?\.|gefunden\.|found\.)", rest)[0]
    return word, found, rest[len(found):].strip()


def faults(said, verdict, sentence, language):
    word, found, mail = parts(said["headline"], language)
    above = [f for f in said["findings"] if f["severity"] in ABOVE_LOW]
    if mail not in sentence:
        yield f"of mail: {mail}"
    if above and capital(found) not in capital(sentence) and found not in sentence:
        yield f"found: {found}"
    if not above and re.search(r"\([a-z]+-[a-z0-9-]+\)", sentence):
        yield "names a finding"
    if (verdict["posture"], verdict["delivery"]) != (said["posture"], said["delivery"]):
        yield f"{verdict['posture']}, {verdict['delivery']}"
    if verdict["verdict"] != said["verdict"]:
        yield f"verdict {verdict['verdict']}"
    if verdict["state"] in HARMLESS and said["verdict"] in ("critical", "unknown"):
        yield f"state {verdict['state']} although {said['verdict']}"
    worst = next((f["code"] for f in said["findings"] if f["severity"] != "info"), None)
    if verdict["cause"] != worst:
        yield f"cause {verdict['cause']}"


def next_faults(said, verdict, language):
    """What to do next fits what is said."""
    text = verdict["next"] or ""
    if NEXT[language]["fix"] in text and not any(f["severity"] in ABOVE_LOW for f in said["findings"]):
        yield "nothing is to be fixed: " + text
    if NEXT[language]["back"] in text and not re.search(REFUSED_BY_POLICY[language], said["headline"]):
        yield "it is not the policy that refuses: " + text
    if said["verdict"] == "critical" and not text:
        yield "no next step"


def of_page(text):
    top = re.search(r'<section class="verdict.*?</section>', text, re.S)[0]
    sentence = re.search(r'<strong class="word">([^<]*)</strong>(.*?)</p>', top, re.S)
    return html.unescape(sentence[1]), plain(sentence[2]), plain(re.search(r"<dl class=\"figures.*?</dl>", text, re.S)[0])


def count_of(figures, language):
    found = re.search(FINDINGS[language], figures)
    return int(found[1]) if found else 0


def main():
    observed = [made_now(path, number) for number, path in enumerate(RECORDED)]
    store, wrong, seen = str(pathlib.Path(TMP.name, "store.db")), 0, set()
    token = store_all(store, observed)
    service = Service(MTASTS, store, "--no-watch", env=environment())
    try:
        client = Client(service.port)
        client.ask("/login", {"name": "anna", "password": PASSWORD})
        for language in WORDS:
            lines = run("check", "--no-config", "--json", "--lang", language, "--from", "-", text="\n".join(observed)).splitlines()
            assert len(lines) == len(observed)
            for said in map(json.loads, lines):
                status, text = client.ask(f"/api/v1/domains/{said['domain']}/verdict", Authorization=f"Bearer {token}", Accept_Language=language)
                verdict = json.loads(text)
                word, sentence, figures = of_page(client.ask(f"/d/{said['domain']}?lang={language}")[1])
                seen.add(verdict["state"])
                found = [*faults(said, verdict, sentence, language)]
                found += next_faults(said, verdict, language)
                if count_of(figures, language) != sum(f["severity"] != "info" for f in said["findings"]):
                    found.append("count")
                if word != WORDS[language][said["verdict"]]:
                    found.append(f"word {word}")
                if sentence != plain(verdict["sentence"]):
                    found.append("the API says: " + verdict["sentence"])
                for fault in found:
                    wrong += 1
                    print(f"{said['domain']} ({verdict['state']}): {said['headline']}\n  page: {word} {sentence}\n  next: {verdict['next']}; {figures}\n  {fault}")
    finally:
        service.stop()
    print(f"domain words: {len(observed)} observations, {wrong} faults, states {' '.join(sorted(seen))}")
    sys.exit(wrong > 0)


main()
