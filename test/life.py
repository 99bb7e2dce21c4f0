#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The life of a policy, from nothing to nothing: each step as plan, generate and rollback advise it.

Runs in the lab:  lab/enter test/life.py.  The domain is life.example of lab/scenarios.toml; this test takes over its
zone and its web server, which runs the generated configuration itself.  Days pass by --now, and by the time
that is written into the facts that are kept.  What each subcommand says is compared: phase, notes, steps with their days,
horizons."""

import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "lab"), str(TOP / "test")]
sys.dont_write_bytecode = True
import plan  # noqa: E402
import stores  # noqa: E402
import zones  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
DOMAIN = "life.example"
HOST = "mta-sts." + DOMAIN
STATE = plan.STATE / "life"
STORE = STATE / "store.db"
WWW = STATE / "www"
HOUR = 3600 / 86400  # of a day: the TTL of the generated records
URGENT = 300 / 86400  # ... of those of a rollback
BEGIN = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


# ---- the world -------------------------------------------------------------------------------------


def when(day):
    return (BEGIN + datetime.timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_of(text):
    """RFC 3339 as days since the begin, to the second."""
    if text is None:
        return None
    at = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return round((at - BEGIN).total_seconds() / 86400, 5)


def processes(word):
    """The processes of this lab, which has a PID namespace of its own, that were started with the word."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == 1 and any(c.decode(errors="replace").endswith(word) for c in command):
            yield int(entry.name)


class Dns:
    """The zone of the domain, as its own records and what was generated."""

    def __init__(self, scenario):
        self.hosts = {mx["host"]: (mx["name"], mx["at"][0]["address"]) for mx in scenario["mx"]}
        self.mx = ["mx1"]
        self.generated = {}  # owner and type: line
        self.serial = 2026110200

    def lines(self):
        found = ["@ NS ns.nic.example.", f"mta-sts A {plan.NGINX[4]}"]
        found += [f"{host} A {address}" for host, (_, address) in self.hosts.items()]
        found += [f"@ MX 10 {self.hosts[host][0]}." for host in self.mx]
        return found + list(self.generated.values())

    def publish(self):
        self.serial += 1
        text = zones.zone_text(DOMAIN, "ns.nic.example.", self.lines()).replace("2026110100", str(self.serial))
        (zones.FOLDER / DOMAIN).write_text(text)
        checked = subprocess.run(["nsd-checkzone", DOMAIN, str(zones.FOLDER / DOMAIN)], capture_output=True, text=True)
        demand(checked.returncode == 0, "the zone with the generated lines", checked.stderr)
        for pid in processes("nsd-leaf.conf"):
            os.kill(pid, signal.SIGHUP)
        self.wait()

    def wait(self):
        """Until the name server has the new serial."""
        for _ in range(200):
            answer = subprocess.run(["dig", "+short", "SOA", DOMAIN, "@" + plan.LEAF_SERVER], capture_output=True, text=True)
            if str(self.serial) in answer.stdout:
                return
            time.sleep(0.03)
        raise AssertionError("the name server does not take the new zone")

    def take(self, zone_lines):
        """The lines of a generated zone.txt take the place of those with the same name."""
        for line in zone_lines.splitlines():
            self.generated[line.split()[0]] = line


def clear_the_port():
    """The web servers of the lab hold port 443, which the generated configuration takes whole."""
    words = ("nginx.conf", "httpsd.py", "trap.py")
    for word in words:
        for pid in processes(word):
            os.kill(pid, signal.SIGKILL)
    while any(any(processes(word)) for word in words):
        time.sleep(0.01)


def serve(conf):
    """nginx with the generated configuration; the paths of certificate and files are the only things that differ."""
    certificate = plan.certificate_file(HOST, "long")
    adapted = re.sub(r"/etc/letsencrypt/live/\S+/(?:fullchain|privkey)\.pem", str(certificate), conf)
    adapted = adapted.replace("/var/www/", f"{WWW}/")
    demand(adapted.count(str(certificate)) == 2 and f"{WWW}/{HOST}" in adapted, "paths to adapt", conf)
    (STATE / "site.conf").write_text(adapted)
    temp = "".join(f"{kind}_temp_path {STATE}/tmp;\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (STATE / "nginx.conf").write_text(f"daemon off; user root root; pid {STATE}/nginx.pid; error_log {STATE}/nginx.log;\n"
                                      f"events {{}}\nhttp {{\naccess_log off;\n{temp}include {STATE}/site.conf;\n}}\n")
    for folder in ("tmp", f"www/{HOST}/.well-known"):
        (STATE / folder).mkdir(parents=True, exist_ok=True)
    tested = subprocess.run(["nginx", "-t", "-c", str(STATE / "nginx.conf")], capture_output=True, text=True)
    demand(tested.returncode == 0, "nginx -t", tested.stderr)
    server = subprocess.Popen(["nginx", "-c", str(STATE / "nginx.conf")])
    for _ in range(100):
        if subprocess.run(["curl", "-sko", "/dev/null", "--resolve", f"{HOST}:443:{plan.NGINX[4]}", f"https://{HOST}/"]).returncode == 0:
            return server
        time.sleep(0.03)
    raise AssertionError("nginx does not answer")


def put_policy(text):
    (WWW / HOST / ".well-known/mta-sts.txt").write_text(text, newline="")


# ---- the program -----------------------------------------------------------------------------------


def demand(truth, what, detail=""):
    if not truth:
        raise AssertionError(f"{what}\n{detail}")


def run(*args, stdin=None, statuses=(0,)):
    done = subprocess.run([MTASTS, *map(str, args)], input=stdin, capture_output=True, text=True, timeout=90,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""})
    demand(done.returncode in statuses and not stores.but_creation(done.stderr), f"mtasts {' '.join(map(str, args))}: status {done.returncode}",
           done.stdout[-3000:] + done.stderr)
    return done.stdout


class Life:
    def __init__(self, dns):
        self.dns = dns
        self.facts = None

    def look(self):
        """What the domain shows now; DNS from the root down, so that no cache of yesterday answers."""
        self.facts = json.loads(run("observe", "--resolver", "none", DOMAIN))

    def at(self, day):
        return json.dumps({**self.facts, "observed_at": when(day)})

    def keep(self, *days):
        for day in days:
            run("check", "--quiet", "--save", "--store", STORE, "--from", "-", stdin=self.at(day), statuses=(0, 1, 2, 3))

    def report(self, day, failed):
        """The report of a sender on that day and of 20 sessions."""
        text = json.dumps({
            "organization-name": "Sender", "contact-info": "tls@sender.example", "report-id": f"day-{day}",
            "date-range": {"start-datetime": when(day), "end-datetime": when(day + 1)},
            "policies": [{"policy": {"policy-type": "sts", "policy-domain": DOMAIN, "policy-string": []},
                          "summary": {"total-successful-session-count": 20 - failed,
                                      "total-failure-session-count": failed}}]})
        run("ingest", "--quiet", "--store", STORE, "-", stdin=text)

    def check(self, day):
        return json.loads(run("check", "--json", "--from", "-", stdin=self.at(day), statuses=(0, 1, 2, 3)))

    def ask(self, command, day, *options, status=0):
        """plan or rollback on that day; the program looks at the domain itself, with the day as --now."""
        out = run(command, "--json", "--store", STORE, "--now", when(day), "--resolver", "none", *options, DOMAIN,
                  statuses=(status,))
        said = json.loads(out)
        text = run(command, "--store", STORE, "--from", "-", *options, stdin=self.at(day), statuses=(status,))
        demand(said["headline"].split(".")[0][:40] in " ".join(text.split()), "text and JSON say the same", text)
        return said

    def follow(self, said):
        """Put the files in place, in the order of the steps."""
        files = {a["file"]: a["text"] for a in said["artefacts"]}
        placed = [s["artefact"] for s in said["steps"] if s["artefact"] in ("mta-sts.txt", "zone.txt")]
        demand(placed == ["mta-sts.txt", "zone.txt"], "file first, record second", said["steps"])
        put_policy(files["mta-sts.txt"])
        self.dns.take(files["zone.txt"])
        self.dns.publish()
        self.look()


def compare(name, said, **wanted):
    """notes and steps are lists of codes; a step with a day is "code @ day"."""
    def step(s):
        return s["code"] + (f" @ {day_of(s['from']):g}" if s["from"] else "")
    found = {"phase": said["phase"], "notes": " ".join(n["code"] for n in said["notes"]),
             "steps": [step(s) for s in said["steps"]], "files": " ".join(a["file"] for a in said["artefacts"]),
             "horizons": [day_of(h["until"]) for h in said["horizons"]]}
    found |= {key: day_of(said[key]) if isinstance(said.get(key), str) and said[key][10:11] == "T" else said.get(key)
              for key in wanted if key not in found}
    for key, value in wanted.items():
        if key == "horizons":
            value = [None if v is None else round(v, 5) for v in value]
        if key == "steps":
            value = value.split("; ") if value else []
        demand(found[key] == value, f"{name}: {key}", f"   found {found[key]!r}\nexpected {value!r}")
    print(f"  {name}")


def days(*numbers):
    """As in compare(): rounded, without needless zeros."""
    return [round(n, 5) for n in numbers]


def d(number):
    return f"{round(number, 5):g}"


# ---- the chapters ----------------------------------------------------------------------------------


def first_publication(life):
    clear_the_port()
    life.dns.publish()
    life.look()
    (STATE / "no-reports").mkdir()
    run("ingest", "--quiet", "--store", STORE, STATE / "no-reports", statuses=(0, 3))
    compare("nothing is published", life.ask("plan", 0), phase="absent", notes="why", steps="generate", files="")
    folder = STATE / "generated"
    made = json.loads(run("generate", "--json", "--resolver", "none", "--out", folder, DOMAIN))
    demand(made["mode"] == "testing" and made["max_age"] == 86400 and made["mx"] == [f"mx1.{DOMAIN}"], "generate", made)
    run("lint", "--mx", f"mx1.{DOMAIN}", folder / "mta-sts.txt")
    serve((folder / "nginx.conf").read_text())
    put_policy((folder / "mta-sts.txt").read_bytes().decode())
    life.dns.take((folder / "zone.txt").read_text())
    life.dns.publish()
    life.look()
    checked = json.loads(run("check", "--json", "--resolver", "none", DOMAIN))
    demand({f["code"] for f in checked["findings"]} == {"policy-mode-testing"} and checked["posture"] == "testing",
           "what was generated, served by nginx, passes check", checked["findings"])
    fetch = life.facts["policy_host"]["fetches"][0]
    demand(fetch["media_type"] == "text/plain" and fetch["status"] == 200, "as text/plain", fetch)


def phases(life):
    life.keep(0, 5, 13)
    compare("testing for a day", life.ask("plan", 13), phase="testing", next_at=14, next_mode="testing", next_max_age=604800,
            notes="since-seen no-reports why", files="",
            steps="keep; publish-policy @ 14; publish-record @ 14; check @ 14",
            horizons=days(14 + HOUR, 15 + HOUR, 15))
    said = life.ask("plan", 14, "--apply-dns", "nsupdate")
    compare("two weeks later", said, phase="testing", next_at=14, files="mta-sts.txt zone.txt nsupdate.txt",
            steps="publish-policy; publish-record; check")
    life.follow(said)
    life.keep(14, 15)
    compare("testing for a week", life.ask("plan", 15), phase="testing-week", next_at=21, next_mode="enforce", next_max_age=604800)
    # A certificate is forgotten: no enforce.
    life.dns.mx = ["mx1", "bad"]
    life.dns.publish()
    life.look()
    life.keep(16)
    compare("an MX that enforce would lose", life.ask("plan", 21, status=2), phase="testing-week",
            notes="since-seen failed-check no-reports mx-not-covered mx-cert-expired", steps="repair", files="")
    life.dns.mx = ["mx1"]
    life.dns.publish()
    life.look()
    life.keep(17, 23)
    compare("a failure begins the time anew", life.ask("plan", 23), next_at=24, phase="testing-week")
    life.report(17, 2)
    life.report(18, 0)
    compare("so does a report", life.ask("plan", 24), next_at=25, notes="since-seen failed-check reports failed-report reports-stopped why")
    said = life.ask("plan", 25)
    compare("a week without failure", said, next_mode="enforce", next_max_age=604800, next_at=25, files="mta-sts.txt zone.txt",
            horizons=days(25 + HOUR, 26 + HOUR, 32))
    life.follow(said)
    life.keep(25, 26)
    demand(life.check(26)["delivery"] == "protected", "enforced")
    life.report(25, 0)
    compare("enforce for a week", life.ask("plan", 26), phase="enforce-week", next_at=55, next_max_age=2592000,
            notes="since-seen reports why")


def migration(life):
    said = life.ask("plan", 26, "--new-mx", f"mx2.{DOMAIN}")
    life.keep(26)
    compare("to another mail server", said, phase="enforce-week", notes="live-policy", files="mta-sts.txt zone.txt",
            horizons=days(26 + HOUR, 27 + HOUR, 33), safe_beside_at=round(27 + HOUR, 5), safe_alone_at=33,
            steps=f"prepare-mx; publish-policy; publish-record; check; add-mx @ {d(27 + HOUR)}; remove-mx @ 33; "
                  f"switch-off @ {d(33 + HOUR)}; clean-policy @ {d(33 + HOUR)}")
    life.follow(said)
    life.keep(26.01)
    compare("meanwhile", life.ask("plan", 28, "--new-mx", f"mx2.{DOMAIN}"), notes="held-policy", files="", safe_alone_at=33.01)
    life.dns.mx = ["mx1", "mx2"]
    life.dns.publish()
    life.look()
    life.keep(28)
    demand(life.check(28)["delivery"] == "protected", "both are MX")
    compare("the old one may go", life.ask("plan", 33.01, "--new-mx", f"mx2.{DOMAIN}"), notes="", files="", safe_alone_at=33.01)
    life.dns.mx = ["mx2"]
    life.dns.publish()
    life.look()
    life.keep(34)
    old, new = STATE / "old.txt", STATE / "new.txt"
    old.write_text(f"version: STSv1\nmode: enforce\nmx: mx1.{DOMAIN}\nmx: mx2.{DOMAIN}\nmax_age: 604800\n")
    new.write_text(f"version: STSv1\nmode: enforce\nmx: mx2.{DOMAIN}\nmax_age: 604800\n")
    linted = json.loads(run("lint", "--json", "--mx", f"mx2.{DOMAIN}", "--against", old, new, statuses=(1,)))
    demand(linted["against"]["lost"] == [f"mx1.{DOMAIN}"] and linted["against"]["new_id_needed"] and
           not linted["against"]["refused_by_old"], "the line of the old one may go", linted["against"])
    life.keep(50)
    said = life.ask("plan", 55)
    compare("enforce for a month", said, phase="enforce-week", next_at=55, next_max_age=2592000, files="mta-sts.txt zone.txt")
    life.follow(said)
    life.keep(55, 55.5)
    compare("complete", life.ask("plan", 55.5), phase="enforce", notes="no-reports", steps="keep", files="")


def wrong_migration(life):
    life.dns.mx = ["mx3"]
    life.dns.publish()
    life.look()
    demand(life.check(56)["delivery"] == "refused", "the MX changed, the policy did not")
    compare("the MX first: plan", life.ask("plan", 56, status=2), phase="enforce", notes="mx-none-covered", steps="rollback; repair")
    compare("the MX first: plan --new-mx", life.ask("plan", 56, "--new-mx", f"mx3.{DOMAIN}", status=2),
            steps="old-mx-back; publish-policy; publish-record; check; remove-mx @ 86",
            horizons=days(56 + HOUR, 57 + HOUR, 86), safe_alone_at=86)
    said = life.ask("rollback", 56, status=2)
    compare("the MX first: rollback", said, notes="mx-none-covered queued", cure_known=True,
            steps="add-mx-line; old-mx-back; publish-policy; publish-record; check; keep-until @ 86",
            files="keep-enforce/mta-sts.txt mta-sts.txt zone.txt")
    put_policy(next(a["text"] for a in said["artefacts"] if a["file"].startswith("keep-enforce/")))
    life.dns.take(next(a["text"] for a in said["artefacts"] if a["file"] == "zone.txt"))
    life.dns.mx = ["mx2", "mx3"]
    life.dns.publish()
    life.look()
    life.keep(56)
    demand(life.check(56)["delivery"] == "protected", "the cure keeps protection")
    life.dns.mx = ["mx2"]
    life.dns.publish()
    life.look()
    life.keep(57, 70)


def emergency(life):
    """The certificate of mx2 runs out on the 88th day."""
    demand(life.check(90)["delivery"] == "refused", "expired")
    policy = (WWW / HOST / ".well-known/mta-sts.txt")
    hidden = policy.with_suffix(".away")
    policy.rename(hidden)
    life.look()
    compare("nothing can be taken back", life.ask("rollback", 90, status=2), phase="broken",
            notes="policy-not-found mx-cert-expired still-enforced", enforced_until=120, horizons=[None, None, 120],
            steps="renew-certificate; repair-host; publish-policy; publish-record; check")
    hidden.rename(policy)
    life.look()
    life.keep(90)
    said = life.ask("rollback", 90, "--apply-dns", "nsupdate", status=2)
    compare("the emergency", said, phase="enforce", notes="mx-cert-expired queued", cure_known=True, largest_max_age=2592000,
            steps="renew-certificate; publish-policy; publish-record; check; keep-until @ 120", enforced_until=120,
            horizons=days(90 + URGENT, 91 + URGENT, 120), files="mta-sts.txt zone.txt nsupdate.txt")
    demand("mode: testing\r\nmx: mx1." in said["artefacts"][0]["text"], "testing keeps its mx lines", said["artefacts"][0])
    life.follow(said)
    life.keep(90.01)
    compare("after it", life.ask("rollback", 91, status=1), phase="testing", notes="mx-cert-expired", enforced_until=120.01,
            steps="renew-certificate; keep-until @ 120.01", files="")


def removal(life):
    life.dns.mx = ["mx1"]
    life.dns.publish()
    life.look()
    life.keep(92)
    said = life.ask("plan", 93, "--remove")
    compare("the removal", said, notes="keep-until", remove_record_at=120.01, remove_host_at=round(120.01 + URGENT, 5),
            steps=f"publish-policy; publish-record; check; wait @ 120.01; remove-record @ 120.01; remove-host @ {d(120.01 + URGENT)}")
    life.follow(said)
    life.keep(93, 100)
    demand(life.check(100)["posture"] == "none", "mode none")
    compare("not yet", life.ask("plan", 119, "--remove"), phase="none", remove_record_at=120.01,
            steps=f"remove-record @ 120.01; remove-host @ {d(120.01 + HOUR)}")
    gone, life.dns.generated = life.dns.generated, {}
    policy = (WWW / HOST / ".well-known/mta-sts.txt")
    kept = policy.read_bytes()
    policy.unlink()
    life.dns.publish()
    life.look()
    compare("removed too early", life.ask("plan", 119, "--remove", status=2), phase="absent", held_until=120.01,
            steps="repair-host; publish-policy; publish-record; check")
    life.dns.generated = gone
    policy.write_bytes(kept)
    life.dns.publish()
    life.look()
    compare("now", life.ask("plan", 121, "--remove"), phase="none", remove_record_at=121,
            steps=f"remove-record; remove-host @ {d(121 + HOUR)}")
    life.dns.generated = {}
    policy.unlink()
    life.dns.publish()
    life.look()
    compare("complete", life.ask("plan", 122, "--remove"), phase="absent", steps="", notes="")


def main():
    if "MTASTS_LAB" not in os.environ:
        os.execv(TOP / "lab/enter", [str(TOP / "lab/enter"), __file__, *sys.argv[1:]])
    scenario = next(s for s in json.loads((plan.STATE / "plan.json").read_text()) if s["domain"] == DOMAIN)
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir()
    life = Life(Dns(scenario))
    started = time.monotonic()
    try:
        for chapter in (first_publication, phases, migration, wrong_migration, emergency, removal):
            chapter(life)
    except AssertionError as error:
        print(f"FAILED {error}")
        sys.exit(1)
    print(f"life: {time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
