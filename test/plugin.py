#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check --plugin keeps the Monitoring Plugins Development Guidelines: one line, performance data in their
grammar, status 0 to 3, whatever happens.

Runs in the lab:  lab/enter test/plugin.py [CASE...].  Each case is a function; the closing line counts them."""

import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
SANITIZED = "asan" in MTASTS  # address space means nothing there
HEALTHY = "healthy.example"
SILENT = "mx-silent.example"  # its MX accepts connections and never speaks
EXPIRED = "mx-cert-expired.example"
SOON = "mx-cert-soon.example"
HOLE = "198.19.0.53"  # what is sent there is swallowed
STATES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}

# The grammar of the guidelines, section 2.6 and 2.5.
NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
RANGE = rf"@?(?:~:|{NUMBER}:)?(?:{NUMBER})?"
DATUM = (rf"(?P<label>[^ '=|]+|'(?:[^'=|\n]|'')+')=(?P<value>{NUMBER})(?P<unit>s|%|[KMGT]?B|c)?"
         rf"(?:;(?P<warn>{RANGE})(?:;(?P<crit>{RANGE})(?:;(?P<min>{NUMBER})?(?:;(?P<max>{NUMBER})?)?)?)?)?")
LINE = re.compile(r"MTASTS (?P<state>OK|WARNING|CRITICAL|UNKNOWN) - (?P<text>[^|\n]+?)(?: \| (?P<data>[^|\n]+))?")


def demand(truth, what, run=""):
    if not truth:
        raise AssertionError(f"{what}\n{run}")


class Plugin:
    """One run, which must be a plugin's whatever else it is."""

    def __init__(self, *args, name=None, env=None, more=False, **others):
        words = [name] if name else [MTASTS, "check", "--plugin"]
        self.run = subprocess.run([*words, *args], capture_output=True, timeout=120,
                                  env={**os.environ, "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", **(env or {})}, **others)
        self.read(self.run.stdout.decode(), self.run.returncode, more)

    def read(self, out, status, more=False):
        self.out, self.status = out, status
        lines = out.split("\n")
        demand(out.endswith("\n") and (more or len(lines) == 2), "one line", self)
        match = LINE.fullmatch(lines[0])
        demand(match, "the grammar of the line", self)
        demand(STATES[match["state"]] == status, "word and exit status agree", self)
        demand(len(lines[0].encode()) < 1024, "as much as NRPE takes", self)
        self.text, self.data = match["text"], {}
        for word in re.findall(r"(?:[^ ']|'(?:[^']|'')*')+", match["data"] or ""):
            datum = re.fullmatch(DATUM, word)
            demand(datum, f"the grammar of {word!r}", self)
            demand(datum["label"] not in self.data, f"{datum['label']} once", self)
            self.data[datum["label"]] = datum.groupdict()

    def __str__(self):
        return f"status {self.status}\n{self.out[:2000]}"


def called(folder):
    """The program under the name of a plugin."""
    link = pathlib.Path(folder) / "check_mtasts"
    link.symlink_to(pathlib.Path(MTASTS).resolve())
    return str(link)


# ---- the four statuses -----------------------------------------------------------------------------


def case_ok():
    run = Plugin(HEALTHY)
    demand(run.status == 0 and run.text.startswith(f"{HEALTHY}: "), "all is well", run)
    demand(set(run.data) == {"time", "max_age", f"mta-sts.{HEALTHY}_https_days", f"mx.{HEALTHY}_smtp_days"},
           f"what is measured: {set(run.data)}", run)
    demand((run.data["max_age"]["value"], run.data["max_age"]["unit"]) == ("2592000", "s"), "max_age in seconds", run)
    demand(run.data["time"]["unit"] == "s" and run.data["time"]["max"] == "50", "seconds taken, of so many", run)
    for label in run.data:
        if label.endswith("_days"):
            demand(int(run.data[label]["value"]) > 0 and run.data[label]["warn"] == "14:"
                   and run.data[label]["crit"] == "0:", "days left, with thresholds", run)
    demand(not run.run.stderr, "nothing on standard error", run.run.stderr)


def case_warning():
    run = Plugin("-H", SOON)
    demand(run.status == 1, "a certificate expires soon", run)


def case_critical():
    run = Plugin("-H", EXPIRED)
    demand(run.status == 2, "an expired certificate", run)
    demand(int(run.data[f"mx.{EXPIRED}_smtp_days"]["value"]) < 0, "its days left", run)


def case_unknown():
    run = Plugin(HEALTHY, "--resolver", HOLE, "-t", "2")
    demand(run.status == 3 and "resolver-unreachable" in run.text, "a resolver that does not answer", run)


def case_the_same_as_check():
    for domain in (HEALTHY, SOON, EXPIRED, "absent.example", "policy-404.example", "nonexistent.example"):
        check = subprocess.run([MTASTS, "check", "--json", domain], capture_output=True, text=True, timeout=120)
        demand(Plugin(domain).status == check.returncode, f"{domain}: {check.returncode}")


# ---- options ---------------------------------------------------------------------------------------


def case_ranges():
    for options, status in (("-w 100000:", 1), ("-c 100000:", 2), ("-w 100000: -c 1:", 1), ("-w 1: -c 1:", 0), ("-w 100000", 1), ("-w 20 -c 1", 0),
                            ("-w @~:100000", 1), ("--warning 1: --critical=100000:", 2), ("-w 0:100000", 0)):
        run = Plugin("-H", HEALTHY, *options.split())
        demand(run.status == status, f"{options}: {status}", run)
        demand((status == 0) != ("certificate of" in run.text), "the text says by which certificate", run)
    run = Plugin("-H", HEALTHY, "-w", "30:", "-c", "@~:7")
    datum = run.data[f"mx.{HEALTHY}_smtp_days"]
    demand((datum["warn"], datum["crit"]) == ("30:", "@~:7"), "the ranges as given", run)


def case_a_range_replaces_the_rule():
    run = Plugin("-H", SOON, "-w", "1")
    demand(run.status == 0 and "expires" not in run.text, "nothing warns but the range", run)
    demand(Plugin("-H", SOON, "-c", "1:").status == 1, "-c alone leaves it in force")


def case_time_limit():
    start = time.monotonic()
    run = Plugin("-H", SILENT, "-t", "2")
    demand(time.monotonic() - start < 30, "not the 50 seconds of the default")
    demand(run.status in (1, 2, 3) and run.data["time"]["max"] == "2", "what is seen by then is judged", run)


def case_more_lines():
    one, two, three = (Plugin("-H", EXPIRED, *["-v"] * n, more=True) for n in (1, 2, 3))
    demand("critical: mx-cert-expired (" in one.out.split("\n")[1], "a line for each finding", one)
    demand(two.out.count("\n") > one.out.count("\n") > 1, "more", two)
    demand("EHLO" in three.out and "EHLO" not in two.out, "the transcript", three)
    for run in (one, two, three):
        demand(run.out.count("|") == 1, "no second bar", run)


def case_by_name():
    with tempfile.TemporaryDirectory() as folder:
        name = called(folder)
        demand(Plugin("-H", HEALTHY, name=name).status == 0, "no subcommand is needed")
        demand(Plugin("-H", EXPIRED, name=name).status == 2, "nor --plugin")
        for option in ("-h", "--help", "-V", "--version"):
            run = subprocess.run([name, option], capture_output=True, text=True, timeout=60)
            demand(run.returncode == 3 and run.stdout and not run.stderr, f"{option} is UNKNOWN by the guidelines", run)
        demand(re.fullmatch(r"check_mtasts \S+\n", run.stdout), "the plugin's version", run.stdout)


def case_configuration():
    """What a file sets for people at a terminal does not change what a plugin is."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "config"
        file.write_text("lang = de\nverbose = yes\n")
        run = Plugin("-H", EXPIRED, env={"MTASTS_CONFIG": str(file)}, more=True)
        demand("\ncritical: mx-cert-expired (" in run.out and "EHLO" not in run.out, "English, and a line for each finding", run)
        file.write_text("nonsense = yes\n")
        run = unknown("a line that is wrong", "-H", EXPIRED, env={"MTASTS_CONFIG": str(file)})
        demand("nonsense" in run.text, "it is named", run)


def case_failed_sessions():
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/store.db"
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86400))
        report = {"organization-name": "Sender", "contact-info": "a@sender.example", "report-id": "1",
                  "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"},
                  "policies": [{"policy": {"policy-type": "sts", "policy-domain": HEALTHY},
                                "summary": {"total-successful-session-count": 40, "total-failure-session-count": 3},
                                "failure-details": [{"result-type": "certificate-expired",
                                                     "failed-session-count": 3}]}]}
        path = pathlib.Path(folder) / "report.json"
        path.write_text(json.dumps(report))
        subprocess.run([MTASTS, "ingest", "--quiet", "--store", store, path], check=True, capture_output=True)
        run = Plugin("-H", HEALTHY, "--store", store)
        demand(run.data["failed_sessions"]["value"] == "3" and run.status == 0, "of the stored reports", run)
        run = Plugin("-H", EXPIRED, "--store", store)
        demand("failed_sessions" not in run.data, "no report on that domain", run)
        run = Plugin("-H", HEALTHY, "--store", store, "--save")
        listed = subprocess.run([MTASTS, "history", "--json", "--store", store, HEALTHY], capture_output=True, text=True)
        demand(run.status == 0 and json.loads(listed.stdout)["checks"], "and stored", listed.stdout[:300])


# ---- failures of our own ---------------------------------------------------------------------------


def unknown(what, *args, **others):
    run = Plugin(*args, **others)
    demand(run.status == 3 and not run.data, what, run)
    return run


def case_usage():
    for args in ((), ("-H",), ("-H", "a..b"), ("-H", HEALTHY, HEALTHY), (HEALTHY, SOON), ("--nonsense", HEALTHY),
                 ("-H", HEALTHY, "-w", "soon"), ("-H", HEALTHY, "-c", "20:10"), ("-H", HEALTHY, "-t", "0"),
                 ("-H", HEALTHY, "--json"), ("-H", HEALTHY, "--from", "x"), ("-H", "a|b\nc")):
        unknown("wrong usage", *args)
        with tempfile.TemporaryDirectory() as folder:
            unknown("wrong usage", *args, name=called(folder))


def case_files():
    run = unknown("a CA file that is not there", "-H", HEALTHY, "--ca-file", "/nonexistent.pem")
    demand("/nonexistent.pem" in run.text, "it is named", run)
    unknown("facts that are not there", "--from", "/nonexistent.json")
    unknown("facts that are none", "--from", __file__)
    unknown("a store that is not there", "-H", HEALTHY, "--store", "/nonexistent/store.db")
    unknown("a store that is none", "-H", HEALTHY, "--store", __file__)
    unknown("a trust anchor that is not there", "-H", HEALTHY, "--trust-anchor", "/nonexistent.key")


def case_output_that_cannot_be_written():
    with open("/dev/full", "w") as full:
        run = subprocess.run([MTASTS, "check", "--plugin", HEALTHY], stdout=full, stderr=subprocess.PIPE, timeout=60)
    demand(run.returncode == 3, "nobody can read the line", run)


def case_few_files_and_little_memory():
    limits = [(resource.RLIMIT_NOFILE, number) for number in (5, 7, 9, 12, 16)]
    if not SANITIZED:
        limits += [(resource.RLIMIT_AS, mib << 20) for mib in (96, 112, 128, 160, 200)]
    started = 0
    for limit, most in limits:
        run = subprocess.run([MTASTS, "check", "--plugin", HEALTHY], capture_output=True, timeout=60,
                             preexec_fn=lambda: resource.setrlimit(limit, (most, most)))
        if run.returncode != 127:  # the program could not even be loaded
            started += 1
            demand(run.returncode in (0, 3) and run.stdout.startswith(b"MTASTS "), f"{most}", run)
    demand(started > len(limits) / 2, f"most of the limits let the program start: {started} of {len(limits)}")


def started(*args, **others):
    """A run, and the process of it that checks, as soon as there is one."""
    run = subprocess.Popen([MTASTS, "check", "--plugin", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **others)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        children = pathlib.Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        if children:
            return run, int(children[0])
    raise AssertionError("no process that checks")


def ended(run, what):
    out, _ = run.communicate(timeout=60)
    plugin = Plugin.__new__(Plugin)
    plugin.read(out.decode(), run.returncode)
    demand(plugin.status == 3, what, plugin)
    return plugin


def case_a_crash():
    run, child = started("-H", SILENT)
    os.kill(child, signal.SIGSEGV)
    ended(run, "a crash of our own is UNKNOWN")


def case_the_limit_of_the_whole():
    run, child = started("-H", SILENT)
    os.kill(child, signal.SIGALRM)
    ended(run, "who goes on behind the time limit is stopped")


def case_whoever_gives_up():
    run, _ = started("-H", SILENT)
    run.terminate()
    ended(run, "an interrupted check is UNKNOWN")
    run, child = started("-H", SILENT)
    run.kill()
    run.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and pathlib.Path(f"/proc/{child}/exe").exists():
        time.sleep(0.05)
    demand(not pathlib.Path(f"/proc/{child}/exe").exists(), "no process is left behind")


def case_inherited_signals():
    """Monitoring systems ignore or block signals for their own ends, and their plugins inherit that."""
    recorded = str(TOP / "test/recorded/mx-client-certificate.json")
    run = Plugin("--from", recorded, preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    demand(run.status == 2, "the end of the check is seen", run)

    def without_alarm():
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})

    with tempfile.TemporaryDirectory() as folder:
        pipe = f"{folder}/facts"
        os.mkfifo(pipe)
        with open(pipe, "r+b", buffering=0):  # nothing ever comes
            run = unknown("the time limit holds", "--from", pipe, "-t", "1", preexec_fn=without_alarm)
        demand("time limit" in run.text, "and is named", run)
        with open(pipe, "r+b", buffering=0):  # before a word of the configuration is known
            run = unknown("the time limit holds from the beginning", "-H", HEALTHY, "--config", pipe, "-t", "1")
    demand("time limit" in run.text, "and is named", run)


def case_interrupted_before_it_looks():
    with tempfile.TemporaryDirectory() as folder:
        pipe = f"{folder}/facts"
        os.mkfifo(pipe)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with open(pipe, "r+b", buffering=0):
                run, _ = started("--from", pipe)  # and at once, while two processes are made of one
                run.send_signal(number)
                plugin = ended(run, "an interrupted check is UNKNOWN")
            demand("interrupted" in plugin.text, "and no bug of ours", plugin)


def case_interrupted_though_the_caller_ignores_it():
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

    def ignored():
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)

    with tempfile.TemporaryDirectory() as folder:
        pipe = f"{folder}/facts"
        os.mkfifo(pipe)
        for number in numbers:
            with open(pipe, "r+b", buffering=0):
                run, _ = started("--from", pipe, preexec_fn=ignored)
                run.send_signal(number)
                plugin = ended(run, "an interrupted check is UNKNOWN")
            demand("interrupted" in plugin.text, "not at the time limit", plugin)


sys.exit(cases.run(cases.named(sys.modules[__name__], sys.argv[1:])))
