#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks through the web service: what it answers is what mtasts check says, and how it gets there is told in order;
checks are joined, wait, are limited, cancelled, and their links outlive the program.

Runs in the lab:  lab/enter test/serve_check.py [CASE...]"""

import contextlib
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "test")]
sys.dont_write_bytecode = True
import schemas  # noqa: E402
import service as web  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
DOMAINS = ("healthy", "dual-stack", "mx-cert-expired", "policy-404", "mx-none-covered", "dane")
STEPS = ["dns", "policy-host", "policy", "certificate", "mx", "tlsrpt", "dane"]
API = "/api/v1/checks"
CHECKER = schemas.Checker()


def demand(truth, what):
    if not truth:
        raise AssertionError(what)


def same(got, expected, what):
    demand(got == expected, f"{what}: {got!r}, expected {expected!r}")


# ---- the service -----------------------------------------------------------------------------------


class Service(web.Service):
    def __init__(self, folder, *options, private=True):
        environment = {k: v for k, v in os.environ.items() if private or "ALLOW_PRIVATE" not in k}
        super().__init__(MTASTS, folder / "store.db", *options, env=environment)

    def check(self, domain, client="127.0.0.1", **more):
        return self.ask("POST", API, {"domain": domain, **more}, client)

    def post(self, client="127.0.0.1", **form):
        """The form of a page, as a browser sends it."""
        return self.ask("POST", "/check", urllib.parse.urlencode(form), client, origin=self.origin,
                        sec_fetch_site="same-origin", content_type=web.FORM)

    def stop(self):
        same(super().stop(), 0, "exit status")
        said = self.said().splitlines()
        same([line for line in said if "new database" not in line and "first start" not in line], [], "standard error")


@contextlib.contextmanager
def service(*options, folder=None, private=True):
    with tempfile.TemporaryDirectory() as own:
        one = Service(pathlib.Path(folder or own), *options, private=private)
        try:
            yield one
            one.stop()
        finally:
            one.kill()


def problem(answer, status, code):
    same(answer.status, status, f"status, {answer.text}")
    same(answer.headers["Content-Type"], "application/problem+json", "type")
    found = json.loads(answer.text)
    same((found["status"], found["code"]), (status, code), "problem")
    return found


def run_of(answer, status=(200, 202)):
    demand(answer.status in status, f"{answer.status}: {answer.text}")
    return CHECKER.document("run", answer.text)


def events(text):
    """[(event, id, data)]"""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], fields.get("id"), json.loads(fields["data"])))
    return found


class Page(html.parser.HTMLParser):
    """What a browser makes of a page: every element is closed, and there are no elements but the page's own."""

    VOID = {"meta", "link", "input", "br", "img", "hr"}
    ELEMENTS = VOID | set("""html head title script body a header div nav ul ol li main template slot section h1 h2 h3 h4 p span
        strong time form button details summary pre code footer label svg rect g text""".split())

    def __init__(self, text):
        super().__init__()
        self.open, self.headings, self.slots, self.scripts, self.texts = [], [], [], [], []
        self.feed(text)
        self.close()
        same(self.open, [], "elements left open")

    def handle_starttag(self, tag, attributes):
        demand(tag in self.ELEMENTS, f"<{tag}> in {'/'.join(self.open)}")
        for name, value in attributes:
            demand(not name.startswith("on") and name != "style", f"{tag} {name}={value}")
            demand(not (value or "").lower().lstrip().startswith("javascript:"), value)
            if name == "slot":
                self.slots.append(value)
        if tag == "script":
            self.scripts.append(dict(attributes)["src"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        demand(tag in self.ELEMENTS, tag)

    def handle_endtag(self, tag):
        same(tag, self.open.pop(), "closed")

    def handle_data(self, data):
        if self.open and self.open[-1] == "h1" and "template" not in self.open:
            self.headings.append(data)
        demand(not (self.open and self.open[-1] == "script" and data.strip()), f"a script: {data}")
        self.texts.append(data)

    def text(self):
        return " ".join(" ".join(self.texts).split())


# ---- cases -----------------------------------------------------------------------------------------


def findings(result):
    """All of it but the times, and the ids that are made of them."""
    result = json.loads(re.sub(r"\b20\d{12}\b", "TIME", json.dumps(result)))
    return {"verdict": result["verdict"], "headline": result["headline"], "posture": result["posture"],
            "findings": [{k: v for k, v in one.items() if k != "evidence"} for one in result["findings"]]}


def says_what_the_command_says(one):
    names = [f"{domain}.example" for domain in DOMAINS]
    direct = subprocess.run([MTASTS, "check", "--json", *names], capture_output=True, text=True, check=False)
    direct = {result["domain"]: result for result in map(json.loads, direct.stdout.splitlines())}
    for name in names:
        answer = one.check(name, wait=20)
        result = CHECKER.document(name, answer.text)
        same(findings(result), findings(direct[name]), name)
        location = answer.headers["Location"]
        same(json.loads(one.get(location).text), result, f"{name}, again")
        facts = one.get(location + "/facts")
        same(facts.headers["Content-Disposition"], f'attachment; filename="{name}.facts.json"', "name")
        judged = subprocess.run([MTASTS, "check", "--json", "--from", "-"], input=facts.text, capture_output=True,
                                text=True, check=False)
        same(json.loads(judged.stdout), result, f"{name}, from its facts")
        text = subprocess.run([MTASTS, "check", "--from", "-"], input=facts.text, capture_output=True, text=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}, check=False)
        same(one.get(location, accept="text/plain").text, text.stdout, f"{name}, as text")
    german = json.loads(one.get(location, accept_language="de-DE,de;q=0.9").text)
    demand(german["headline"] != result["headline"], "German and English are the same")


def tells_each_step(one):
    location = run_of(one.check("three-mx.example", "127.0.0.3"))["id"]
    answer = one.get(f"{API}/{location}/events")
    same(answer.headers["Content-Type"], "text/event-stream", "type")
    same(answer.headers["X-Accel-Buffering"], "no", "buffering")
    told = events(answer.text)
    steps = [data for event, _, data in told if event == "step"]
    same([int(number) for event, number, _ in told if event == "step"], list(range(1, len(steps) + 1)), "numbers")
    same(sorted(step["step"] for step in steps if not step["host"]), sorted(STEPS), "steps")
    hosts = [f"mx{n}.three-mx.example" for n in (1, 2, 3)]
    same(sorted(step["host"] for step in steps if step["host"]), hosts, "hosts")
    same([step["host"] for step in steps if step["step"] == "mx"][-1], None, "hosts come before their step")
    times = [step["elapsed_ms"] for step in steps]
    same(times, sorted(times), "times")
    demand(times[0] < times[-1], "all steps were told at once")
    same({step["state"] for step in steps}, {"good"}, "states")
    same(told[-1][0], "done", "the last event")
    same(told[-1][2]["verdict"], "ok", "verdict")
    rest = events(one.get(f"{API}/{location}/events", last_event_id="7").text)
    same(rest, told[7:], "the rest")
    same([event for event, _, _ in events(one.get(f"{API}/{location}/events", last_event_id="x").text)],
         [event for event, _, _ in told], "all of it")


def joins_who_asks_for_the_same(one):
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(one.check("mx-cert-wrong-name.example", f"127.0.1.{n}")))
               for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same(len({answer.headers["Location"] for answer in answers}), 1, "checks")
    again = one.check("MX-cert-wrong-name.example.", "127.0.1.9", wait=20)
    same(again.headers["Location"], answers[0].headers["Location"], "the same in other letters")


def shows_a_check_as_it_goes(one):
    answer = one.post("127.0.2.1", domain=" https://mta-sts.policy-cert-expired.example/.well-known/mta-sts.txt ")
    same(answer.status, 303, answer.text)
    path = answer.headers["Location"]
    answer = one.get(path)
    same((answer.status, answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]), (200, "noindex", "no-store"), "head")
    page = Page(answer.text)
    same(page.headings, ["policy-cert-expired.example"], "headings")
    for slot in (*STEPS, "mx-host"):
        same((page.slots.count(slot), page.slots.count("final-" + slot)), (1, 1), slot)
    same(page.slots[-2:], ["top", "rest"], "what comes at last")
    after = Page(one.get(path).text)
    same((after.headings, after.slots), (["policy-cert-expired.example"], []), "when it is done")
    result = json.loads(one.get(f"{API}{path[2:]}").text)
    for page in (page, after):
        for finding in result["findings"]:
            for text in (finding["title"], finding["detail"], *finding["commands"]):
                demand(" ".join(text.split()) in page.text(), f"{text!r} is not on the page")
        sentence = result["headline"].split(": ", 1)[1]
        demand(sentence[1:] in page.text(), f"{sentence!r} is not on the page")
    facts = one.get(path + "/facts").text
    same(facts, one.get(f"{API}{path[2:]}/facts").text, "facts")
    german = Page(one.get(path, accept_language="de").text)
    demand("Befunde" in german.text() and "Findings" not in german.text(), "it is not in German")


def shows_what_has_changed(one):
    first = one.check("policy-404.example", "127.0.2.2", wait=20).headers["Location"][len(API) + 1:]
    other = one.check("healthy.example", "127.0.2.2", wait=20).headers["Location"][len(API) + 1:]
    demand("Changes since" not in Page(one.get(f"/c/{first}").text).text(), "without another check")
    text = Page(one.get(f"/c/{first}?since={first}").text).text()
    demand("Changes since" in text and "No changes visible from outside." in text, text[:1000])
    text = Page(one.get(f"/c/{first}?since={other}").text).text()
    demand("Nothing that can be seen" not in text and "critical" in text, text[:1000])
    text = Page(one.get(f"/c/{first}?since=%3Cscript%3E").text).text()
    demand("Changes since" not in text, "since a stranger's text")
    again = one.post("127.0.2.2", domain="policy-404.example", since=first)
    same(again.headers["Location"], f"/c/{first}", "within a minute it is the same check")


def escapes_what_strangers_publish(one):
    path = one.post("127.0.2.3", domain="hostile-markup.example").headers["Location"]
    for accept in ("en", "de"):
        for _ in range(2):  # while it runs, and its result
            answer = one.get(path, accept_language=accept)
            page = Page(answer.text)  # no element of theirs
            for number in (1, 5, 6, 7):
                demand(f"<script>alert({number})</script>" in page.text(), f"{number}: it is not shown as text")
                demand(f"<script>alert({number})" not in answer.text, f"{number}: it is not escaped")
            same(len(page.scripts), 1, "scripts")
    for word in ("<script>x()</script>", '"><img src=x onerror=alert(8)>', "a\nb", "\u202egro.elpmaxe"):
        answer = one.post("127.0.2.3", domain=word)
        same(answer.status, 422, word)
        same(len(Page(answer.text).scripts), 1, word)


def draws_a_badge_of_what_is_known(one):
    for name, word in (("healthy", "enforce"), ("policy-404", "critical"), ("never-checked", "not checked")):
        answer = one.get(f"/badge/{name}.example.svg")
        same((answer.status, answer.headers["Content-Type"]), (200, "image/svg+xml; charset=utf-8"), name)
        demand(f">{word}<" in answer.text, answer.text)
        Page(answer.text)
    same(json.loads(one.check("never-checked.example", "127.0.2.4").text)["state"], "queued", "it was checked for a picture")
    for name in ("healthy.example", "a%20b.svg", ".svg", "%3Cscript%3Ex()%3C.svg"):
        same(one.get(f"/badge/{name}").status, 404, name)


def connects_to_no_port_that_a_domain_names(one):
    name = "rua-query.example"
    direct = subprocess.run([MTASTS, "observe", name], capture_output=True, text=True, check=False)
    location = one.check(name, "127.0.2.5", wait=20).headers["Location"]
    facts = [json.loads(text)["rua_targets"] for text in (direct.stdout, one.get(location + "/facts").text)]
    same([[bool(target.get("fetches")) for target in targets] for targets in facts], [[True], [False]], "connections")


def refuses_what_is_no_domain(one):
    for body in ('{"domain": "a b"}', '{"domain": ""}', '{"domain": "<script>x()</script>"}'):
        found = problem(one.ask("POST", API, body, content_type="application/json"), 422, "not-a-domain")
        demand(found["detail"], "no reason")
        demand("did_you_mean" not in found, f"nothing was meant by {body}")
    found = problem(one.check("someone@healthy,example"), 422, "not-a-domain")
    same(found["did_you_mean"], "healthy.example", "what was meant")
    page = one.post(domain="healthy .example, ")
    demand(page.status == 422 and 'name="meant" value="healthy.example"' in page.text, page.text)
    same(one.post(domain="healthy .example, ", meant="healthy.example").status, 303, "what was meant is checked")
    for body in ("", "[]", '{"domain": 1}', '{"domain": "a.example", "wait": 21}', '{"domain": "a.example", "wait": "x"}',
                 '{"domain": "a\\u0000.example"}', "{" * 20):
        problem(one.ask("POST", API, body, content_type="application/json"), 400, "bad-request")
    problem(one.ask("POST", API, "x" * 5000, content_type="application/json"), 413, "too-large")
    for path in ("/00", "/" + "0" * 32, "/" + "0" * 32 + "/facts", "/" + "0" * 32 + "/events", "/%00"):
        answer = one.get(API + path)
        demand(answer.status in (400, 404), f"{path}: {answer.status}")


def limits_each_client(one):
    for n in range(10):
        run_of(one.check(f"l{n}.healthy.example", "127.0.0.5"))
    answer = one.check("l10.healthy.example", "127.0.0.5")
    problem(answer, 429, "too-many-checks")
    demand(1 <= int(answer.headers["Retry-After"]) <= 60, answer.headers["Retry-After"])
    run_of(one.check("l9.healthy.example", "127.0.0.5"))  # that is there already
    run_of(one.check("l10.healthy.example", "127.0.0.6"))


def never_connects_to_private_addresses():
    with service(private=False) as one:
        answer = one.check("healthy.example", wait=20)
        result = json.loads(answer.text)
        demand(result["verdict"] != "ok", result["headline"])
        facts = json.loads(one.get(answer.headers["Location"] + "/facts").text)
        demand(facts["observer"]["public_only"], "not said")
        same({fetch["outcome"] for fetch in facts["policy_host"]["fetches"]}, {"withheld"}, "fetches")
        same([host for host in facts["mx"] if host.get("sessions")], [], "sessions")
        for word in ("subject", "greeting", "der"):
            demand(f'"{word}"' not in json.dumps(facts), f"{word} of a private address")


def shows_the_place_in_the_queue():
    with service("--resolver", "127.0.0.1@9", "--timeout", "60") as one:
        runs = [run_of(one.check(f"q{n}.example", f"127.0.0.{n // 8 + 1}")) for n in range(24)]
        last = [run_of(one.get(f"{API}/{run['id']}")) for run in runs]
        same([run["state"] for run in last], ["running"] * 20 + ["queued"] * 4, "states")
        same([run["place"] for run in last], [None] * 20 + [1, 2, 3, 4], "places")
        stream = one.connect()
        stream.request("GET", f"{API}/{runs[23]['id']}/events")
        answer, told = stream.getresponse(), ""
        one.check("q20.example")  # so it is wanted by two, and only one of them is here
        same(one.ask("DELETE", f"{API}/{runs[20]['id']}").status, 204, "one does not want it any more")
        problem(one.ask("DELETE", f"{API}/{runs[20]['id']}"), 403, "not-requested-here")
        same(run_of(one.get(f"{API}/{runs[20]['id']}"))["state"], "queued", "state")
        same(one.ask("DELETE", f"{API}/{runs[20]['id']}", client="127.0.0.3").status, 204, "cancelled")
        same(run_of(one.get(f"{API}/{runs[20]['id']}"))["state"], "cancelled", "state")
        problem(one.ask("DELETE", f"{API}/{runs[20]['id']}"), 409, "check-over")
        one.ask("DELETE", f"{API}/{runs[0]['id']}")  # it runs: the next one begins
        while '"place":2' not in told:
            line = answer.readline().decode()
            demand(line, f"the stream ended: {told}")
            told += line
        demand(told.index('"place":4') < told.index('"place":2'), told)
        stream.close()
        same(run_of(one.check("late.example", wait=1))["state"], "queued", "after a second")


def links_outlive_the_program():
    with tempfile.TemporaryDirectory() as folder:
        with service(folder=folder) as one:
            answer = one.check("mx-cert-expired.example", wait=20)
            location, before = answer.headers["Location"], answer.text
            facts = one.get(location + "/facts").text
        with service(folder=folder) as one:
            same(one.get(location).text, before, "the result")
            same(one.get(location + "/facts").text, facts, "the facts")
            problem(one.ask("DELETE", location), 409, "check-over")
            same(events(one.get(location + "/events").text)[-1][0], "done", "events")


TOGETHER = (says_what_the_command_says, tells_each_step, joins_who_asks_for_the_same, shows_a_check_as_it_goes,
            shows_what_has_changed, escapes_what_strangers_publish, draws_a_badge_of_what_is_known,
            connects_to_no_port_that_a_domain_names,
            refuses_what_is_no_domain, limits_each_client)
ALONE = (never_connects_to_private_addresses, shows_the_place_in_the_queue, links_outlive_the_program)


def main():
    wanted = sys.argv[1:]
    begun = time.monotonic()
    with service() as one:
        for case in TOGETHER:
            if not wanted or case.__name__ in wanted:
                case(one)
    for case in ALONE:
        if not wanted or case.__name__ in wanted:
            case()
    same(CHECKER.faults, [], "documents")
    print(f"serve_check: {len(TOGETHER) + len(ALONE)} cases in {time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    main()
