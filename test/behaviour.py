#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the program promises besides its findings: deadlines, memory, signals, clear errors.

Runs in the lab:  lab/enter test/behaviour.py.  Each case is a function; the closing line counts them."""

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
SANITIZED = "asan" in MTASTS  # memory figures mean nothing there
HEALTHY = "healthy.example"
SILENT = "mx-silent.example"      # its MX accepts connections and never speaks
ENDLESS = "policy-endless.example"  # its policy body never ends


class Run:
    """One run of the program: status, output, wall time, peak memory."""

    def __init__(self, *args, stdin=b"", env=None, interrupt_after=None, stdout=None, limit=None):
        start = time.monotonic()
        process = subprocess.Popen([MTASTS, *args], stdin=subprocess.PIPE,
                                   stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ, **(env or {})},
                                   preexec_fn=limit and (lambda: resource.setrlimit(limit[0], (limit[1], limit[1]))))
        if interrupt_after is not None:
            time.sleep(interrupt_after)
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(stdin, timeout=120)
        self.seconds = time.monotonic() - start
        self.status = process.returncode
        self.out = (out or b"").decode()
        self.err = err.decode()

    def json(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return f"status {self.status}, {self.seconds:.1f} s\nstdout: {self.out[:2000]}\nstderr: {self.err[:2000]}"


def demand(run, truth, what):
    if not truth:
        raise AssertionError(f"{what}\n{run}")


def one_clear_line(run, status, *words):
    demand(run, run.status == status, f"exit status should be {status}")
    lines = run.err.strip().splitlines()
    demand(run, len(lines) == 1, "one line on standard error")
    for word in words:
        demand(run, word in lines[0], f"it should name {word!r}")


def peak_mib(*args):
    """Peak resident memory of one run, alone in its own waited-for child."""
    pid = os.posix_spawn(MTASTS, [MTASTS, *args], os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, _, usage = os.wait4(pid, 0)
    return usage.ru_maxrss / 1024


# ---- time ------------------------------------------------------------------------------------------


def case_deadline_is_kept():
    run = Run("check", "--json", "--timeout", "3", SILENT)
    demand(run, run.seconds < 4.5, "a deadline of 3 s")
    codes = {f["code"] for f in run.json()[0]["findings"]}
    demand(run, "mx-timeout" in codes, "what is not known by then is a finding")


def case_interrupt_shows_what_is_known():
    run = Run("check", "--json", SILENT, interrupt_after=1.5)
    demand(run, run.seconds < 4, "ends promptly")
    demand(run, run.json()[0]["policy"]["mode"] == "enforce", "the policy was known by then")


def case_interrupted_observation_can_be_judged():
    run = Run("observe", SILENT, interrupt_after=1.5)
    facts = json.loads(run.out)
    demand(run, facts["interrupted"] is True, "the facts say so")
    judged = Run("check", "--from", "-", "--json", stdin=run.out.encode())
    demand(judged, judged.status in (0, 1, 2, 3), "judged without a network")


def case_an_interrupt_is_no_finding_about_the_domain():
    """Nothing answers at this address (lab/plan.py), so all lookups are under way when it comes."""
    for domain, options in ((HEALTHY, ("--resolver", "198.19.0.1")), (SILENT, ())):
        run = Run("check", "--json", *options, domain, interrupt_after=1.5)
        result = run.json()[0]
        codes = {f["code"] for f in result["findings"]}
        demand(run, codes == {"check-interrupted"}, f"it says that it was interrupted, and no more: {codes}")
        demand(run, run.status == 3 and result["delivery"] == "unknown", "not judged")
        text = Run("check", *options, domain, interrupt_after=1.5, env={"LC_ALL": "C"})
        demand(text, "interrupted" in text.out.split("\n")[0], "the first line says it")


def case_one_slow_domain_holds_up_no_other():
    run = Run("check", "--json", "--jobs", "4", "--timeout", "6", SILENT, HEALTHY, SILENT)
    demand(run, run.seconds < 8, "side by side")
    demand(run, [r["domain"] for r in run.json()] == [SILENT, HEALTHY, SILENT], "in the order given")


# ---- memory ----------------------------------------------------------------------------------------


def case_memory_of_one_check():
    for domain in (HEALTHY, ENDLESS):
        peak = peak_mib("check", "--json", "--timeout", "10", domain)
        if not SANITIZED and peak > 40:
            raise AssertionError(f"{domain}: {peak:.1f} MiB, more than 40")


# ---- replay ----------------------------------------------------------------------------------------


def case_observe_then_from_is_the_same():
    observed = Run("observe", HEALTHY, SILENT, "--timeout", "4")
    first = Run("check", "--from", "-", "--json", stdin=observed.out.encode())
    second = Run("check", "--from", "-", "--json", stdin=observed.out.encode())
    demand(first, first.out == second.out and first.out, "byte for byte")
    again = Run("check", "--from", "-", stdin=observed.out.encode(), env={"LC_ALL": "C"})
    demand(again, again.status == first.status, "text and JSON agree on the status")


def case_later_the_certificate_has_expired():
    observed = Run("observe", HEALTHY)
    judged = Run("check", "--from", "-", "--json", "--now", "2099-01-01T00:00:00Z",
                 stdin=observed.out.encode())
    codes = {f["code"] for f in judged.json()[0]["findings"]}
    demand(judged, {"policy-cert-expired", "mx-cert-expired"} <= codes, "judged by --now")


# ---- options and errors ----------------------------------------------------------------------------


def case_own_recursion():
    run = Run("check", "--json", "--resolver", "none", "--timeout", "30", HEALTHY)
    demand(run, run.json()[0]["delivery"] == "protected", "recursion from the root")


def case_no_smtp_touches_no_mx():
    run = Run("observe", "--no-smtp", HEALTHY)
    facts = json.loads(run.out)
    demand(run, all(not mx.get("sessions") for mx in facts["mx"]), "no session")


def case_our_own_machine_is_no_mx():
    """What a stranger publishes must not make the check connect to the machine it runs on."""
    run = Run("observe", "mx-loopback.example")
    host = json.loads(run.out)["mx"][0]
    demand(run, host["a"]["records"] and "sessions" not in host, "an MX at 127.0.0.1 is not connected to")


def case_no_mx_line_for_a_host_that_is_not_there():
    run = Run("generate", "mx-final-dot-missing-provider.example", "--json")
    demand(run, json.loads(run.out)["mx"] == ["mx.mx-final-dot-missing-provider.example"], "only the good MX has a line")


def case_a_domain_that_does_not_exist_is_said_so_once():
    """Each command says so in a few lines, in place of what it would say of a domain."""
    for words in (["check"], ["plan"], ["plan", "--remove"], ["rollback"], ["generate"], ["commands"]):
        run = Run(*words, "gmial.com")
        demand(run, run.out.count("\n") < 25 and "exist" in run.out, "a short answer")
        demand(run, run.status == (0 if words == ["commands"] else 2), "the exit status of the finding")
    demand(run, "mta-sts.gmial.com" not in run.out, "no command for what cannot be there")


def case_one_family():
    for option, wanted in (("-4", "."), ("-6", ":")):
        facts = json.loads(Run("observe", option, "three-mx.example").out)
        addresses = [s["address"] for mx in facts["mx"] for s in mx["sessions"]]
        if not addresses or not all(wanted in a for a in addresses):
            raise AssertionError(f"{option}: {addresses}")


def case_dead_resolver():
    run = Run("check", "--resolver", "198.19.0.53", "--timeout", "5", HEALTHY)
    demand(run, run.status == 3, "could not be judged")
    demand(run, run.seconds < 7, "within the deadline")
    run = Run("check", "--resolver", "198.19.0.53", "--json", HEALTHY)
    demand(run, run.status == 3 and not run.err, "could not be judged")
    found = [(f["code"], f["subject"]) for f in run.json()[0]["findings"]]
    demand(run, found == [("resolver-unreachable", "198.19.0.53")],
           "the resolver is named, and nothing else")


def case_a_dead_resolver_is_no_matter_of_the_domain():
    """Whatever is asked for, and however short the time: the resolver is named once, and nothing is advised."""
    with tempfile.TemporaryDirectory() as folder:
        for words in (["check"], ["plan"], ["plan", "--remove"], ["plan", "--new-mx", "mx2.healthy.example"],
                      ["rollback", "--out", f"{folder}/out"], ["generate", "--out", f"{folder}/out"],
                      ["watch", "--store", f"{folder}/store"]):
            for seconds in ("1", "2"):
                run = Run(*words, "--resolver", "198.19.0.53", "--timeout", seconds, HEALTHY)
                demand(run, run.status == 3, "could not be judged")
                demand(run, "within" in run.out and run.out.count("(resolver: 198.19.0.53)") == 1, "which resolver, once")
                demand(run, run.out.count("\n") < 20 and "mta-sts.healthy.example" not in run.out, "nothing of the domain")
                demand(run, "198.19.0.53" not in run.err and "answer" not in run.err, "and not twice")
        demand(run, not os.path.exists(f"{folder}/out"), "no file")
    run = Run("observe", "--resolver", "198.19.0.53", "--timeout", "1", HEALTHY)
    demand(run, run.status == 3 and not run.err, "facts, and the status")


def case_behind_a_wall_the_text_says_what_was_not_judged():
    """The first line names it before what becomes of mail, and no step shows as good what was not seen."""
    for wall, domain, status, title, unseen in (
            ("intercept", HEALTHY, 3, "(tls-intercepted)", ("policy host", "policy ", "certificate")),
            ("no-443", HEALTHY, 3, "(policy-port443-blocked)", ("policy host", "policy ", "certificate")),
            ("no-ipv6", "only-ipv6.example", 3, "(address-family-unreachable)", ("policy host", "certificate")),
            ("clock-year-ahead", HEALTHY, 3, "(clock-wrong)", ("DANE",)),
            ("clock-hour-behind", HEALTHY, 0, "Mail is protected", ())):
        run = subprocess.run([str(TOP / "lab/behind"), wall, MTASTS, "check", "--color", "never", domain],
                             capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""})
        first, rows = run.stdout.splitlines()[0], run.stdout.splitlines()[1:]
        good = [row for row in rows for step in unseen if row.startswith(f"  ✓ {step}")]
        if (run.returncode, "NOT JUDGED" in first) != (status, status == 3) or title not in first or good:
            raise AssertionError(f"{wall}: {run.returncode}: {run.stdout}")


def case_facts_have_one_language():
    """What the C library says of a failed connection is written down in the same words, whoever reads it."""
    for lang in ("en", "de"):
        run = Run("observe", "--lang", lang, "policy-host-refused.example", env={"LC_ALL": "C.UTF-8", "LANGUAGE": "de"})
        errors = {fetch["error"] for fetch in json.loads(run.out)["policy_host"]["fetches"]}
        demand(run, errors == {"Connection refused"}, f"{lang}: {errors}")


def case_no_resolver_configured():
    with tempfile.NamedTemporaryFile("w") as empty:
        run = subprocess.run(["unshare", "-m", "sh", "-c",
                              f"mount --bind {empty.name} /etc/resolv.conf && exec {MTASTS} check {HEALTHY}"],
                             capture_output=True, text=True)
    if run.returncode != 70 or "resolver" not in run.stderr or run.stderr.count("\n") != 1:
        raise AssertionError(f"{run.returncode}: {run.stderr}")


def case_wrong_use_is_one_line():
    one_clear_line(Run("check", "--no-such-option", HEALTHY), 64, "--no-such-option")
    one_clear_line(Run("check", "not a domain"), 64, "not a domain")
    one_clear_line(Run("check", "--ca-file", "/nonexistent", HEALTHY), 70, "/nonexistent")
    one_clear_line(Run("check", "--trust-anchor", "/nonexistent", HEALTHY), 70, "/nonexistent")
    one_clear_line(Run("check", "--resolver", "nowhere", HEALTHY), 64, "nowhere")
    one_clear_line(Run("check", "--from", "/nonexistent"), 70, "/nonexistent")


def least_memory():
    """What the program needs to begin; most of it are its libraries."""
    return next(size for size in range(32 << 20, 512 << 20, 2 << 20)
                if Run("--version", limit=(resource.RLIMIT_AS, size)).status == 0)


def case_own_limits_are_never_the_domain():
    """Whatever this process may have: what it says is what it says with plenty, or that it ran short."""
    plenty = {r["domain"]: codes_of(r) for r in Run("check", "--json", HEALTHY, "three-mx.example").json()}
    shortages = 0
    least = 0 if SANITIZED else least_memory()
    for what, limits in ((resource.RLIMIT_NOFILE, (8, 16, 24, 32, 48, 63, 64, 80, 120)),
                         (resource.RLIMIT_AS, () if SANITIZED else range(least, least + (32 << 20), 4 << 20))):
        for most in limits:
            run = Run("check", "--json", "--timeout", "20", *plenty, limit=(what, most))
            if run.status == 70:  # it did not come so far as to look
                one_clear_line(run, 70)
                continue
            for result in run.json():
                codes = codes_of(result)
                demand(run, codes in (plenty[result["domain"]], ["own-shortage"]), f"{most}: {codes}")
                shortages += codes == ["own-shortage"]
            if shortages:
                demand(run, run.status in (0, 3), "could not be judged, or well")
    if shortages < 10:
        raise AssertionError(f"only {shortages} shortages")


def case_four_gigabytes_of_addresses_are_plenty():
    """Each command that looks or reads, with `ulimit -v 4194304` and without."""
    if SANITIZED:
        return
    reports = [str(TOP / "test/reports" / name) for name in ("all-types.json", "mail.eml", "bomb.zip", "bomb.json.gz")]
    names = f"{HEALTHY}\nthree-mx.example\n".encode()
    for words in (["check", "--json", HEALTHY], ["observe", HEALTHY], ["scan", "-"], ["report", "--json", *reports],
                  ["ingest", "--json", "--store", "{}", *reports], ["watch", "--json", "--store", "{}", HEALTHY]):
        seen = []
        for limit in (None, (resource.RLIMIT_AS, 4 << 30)):
            with tempfile.TemporaryDirectory() as folder:
                run = Run(*(word.replace("{}", f"{folder}/store.db") for word in words), stdin=names, limit=limit)
            demand(run, run.out and "memory" not in run.err, f"{words}")
            seen.append((run.status, sorted((r.get("domain", ""), codes_of(r) if "findings" in r else r.get("new")) for r in run.json())))
        demand(run, seen[0] == seen[1], f"{words}: {seen}")


def codes_of(result):
    return [f["code"] for f in result["findings"]]


def case_full_disk_is_an_error():
    with open("/dev/full", "w") as full:
        run = Run("check", "--json", HEALTHY, stdout=full)
    one_clear_line(run, 70, "standard output")


def case_text_is_clean():
    """No control character but line ends reaches a terminal, whatever a peer sent."""
    run = Run("check", "--verbose", "--color", "never", "hostile-text.example")
    demand(run, not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]", run.out),
           "no control characters")


def case_german_in_any_locale():
    run = Run("check", "--lang", "de", HEALTHY, env={"LC_ALL": "C", "LANG": "C"})
    english = Run("check", "--lang", "en", HEALTHY, env={"LC_ALL": "C", "LANG": "C"})
    demand(run, run.out.splitlines()[0] != english.out.splitlines()[0], "German differs from English")


def case_commands_can_be_pasted():
    """The whole output in a shell: every command works and shows what is expected."""
    for domain, expected in (
            (HEALTHY, ("v=STSv1;", "v=TLSRPTv1;", "mode: enforce", " 200", "10 mx.healthy.example.",
                       "DNS:mta-sts.healthy.example", "DNS:mx.healthy.example")),
            ("three-mx.example", [f"DNS:mx{n}.three-mx.example" for n in (1, 2, 3)]),
            ("policy-cert-wrong-name.example", ("DNS:www.policy-cert-wrong-name.example",)),
            ("mx-implicit.example", ("v=STSv1;", "DNS:mx-implicit.example"))):
        run = Run("commands", "--lang", "de", domain)
        demand(run, run.status == 0 and not run.err, "printed, whatever is wrong with the domain")
        shell = subprocess.run(["sh"], input=run.out, capture_output=True, text=True, timeout=120)
        demand(run, not re.search(r"(?im)^usage|not found|syntax error|unexpected", shell.stderr), shell.stderr)
        for word in expected:
            demand(run, word in shell.stdout, f"{domain}: {word} in {shell.stdout}")


sys.exit(cases.run(cases.named(sys.modules[__name__], sys.argv[1:])))
