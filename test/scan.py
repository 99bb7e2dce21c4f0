#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A scan gives what single checks give, and gives it whatever happens to it.

Runs in the lab:  lab/enter test/scan.py [--kills N] [CASE...].  Each case is a function; no figure of time decides."""

import concurrent.futures
import contextlib
import csv
import json
import os
import pathlib
import random
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402

STATE = pathlib.Path("/var/lib/nsd")
MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
NOW = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())  # one time to judge by
# Many scenarios share one address: the default ten a second would make this a test of patience.
MANNERS = ["--per-second", "60"]
WAITING = ("silent", "drip", "hole", "endless", "long-line")  # behaviours that last until a deadline
FEW_FILES = 160
KILLS = 6     # how often a scan is killed at work
A_LIST = 8    # so often at the most within one list; then it is done to its end, and begun anew
SHORT = 60    # domains of it where there are many kills
KNOCKING = 12  # domains none of whose MX hosts answers
ETH_P_ALL = 0x0003  # packets that go out are shown to such sockets only


def program(*words, stdin=b"", environment=(), **more):
    done = subprocess.run([MTASTS, *words], input=stdin, capture_output=True, timeout=600,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "", **dict(environment)}, **more)
    if b"Sanitizer" in done.stderr:
        raise AssertionError(done.stderr.decode(errors="replace"))
    return done


def plan():
    """The scenarios, those aside that need a network of their own."""
    return [s for s in json.loads((STATE / "plan.json").read_text()) if not s["behind"]]


def codes(result):
    return {finding["code"] for finding in result["findings"]}


LEFT_OUT = ("-differs-by-key", "-large-hello", "-tls13-only", "-needs-sni", "-caa-forbidden")


def may_be_left_out(code):
    """What a scan does not look for, as the manual says: no second handshake, no CAA, no endpoint for reports."""
    return code.startswith("tlsrpt-rua-https-") or code.endswith(LEFT_OUT)


def is_left_out(finding):
    """Where an endpoint's addresses lead is known without asking it."""
    unasked = finding["code"].startswith("tlsrpt-rua-https-") and "port" not in finding["evidence"]
    return may_be_left_out(finding["code"]) and not unasked


def has_several_keys(result):
    """Of a host's certificates a brief scan sees the first."""
    hosts = [(c["host"], c["service"]) for c in result.get("certificates", [])]
    return len(hosts) > len(set(hosts))


def waits(scenario):
    return any(word in json.dumps([scenario["web"], scenario["reports"], scenario["mx"], scenario["dns"]]) for word in WAITING + ("lame",))


def counts_sessions(scenario):
    """Its servers turn away whom another case's scan came before."""
    return "limit" in json.dumps(scenario["mx"])


def quiet():
    """The names that can be looked at by several cases at once, and soon."""
    return sorted(s["ask"] for s in plan() if not waits(s) and not counts_sessions(s))


def judgement(line):
    """All of a result but what is a matter of the moment."""
    result = json.loads(line)
    result.pop("observed_at", None)
    result.pop("not_looked_for", None)  # what_is_not_looked_for_is_said
    result.pop("timings", None)
    for address in result.get("addresses", []):
        for key in ("connect_ms", "tls_ms", "total_ms"):
            address.pop(key, None)
        if address["outcome"] == "reset":  # a server that hangs up with data unread: which packet came first
            address["outcome"] = "closed"
    for finding in result.get("findings", []):
        finding["evidence"].pop("received", None)  # of a body that drips until the deadline
        if finding["code"].endswith("lookup-failed"):  # the resolver's SERVFAIL may come before the time-out or not
            finding["detail"] = finding["detail"].replace("timeout", "SERVFAIL")
            finding["evidence"]["answer"] = finding["evidence"]["answer"].replace("timeout", "SERVFAIL")
    return result


def by_domain(output):
    return {r["domain"]: r for r in map(judgement, output.splitlines())}


def scan(names, *words, **more):
    done = program("scan", "--now", NOW, *MANNERS, *words, "-", stdin="\n".join(names).encode(), **more)
    if done.returncode:
        raise AssertionError(f"scan: status {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()


def single(name):
    return judgement(program("check", "--json", "--now", NOW, name).stdout)


def differences(a, b, where=""):
    """Where two values of JSON differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        return [d for key in {**a, **b} for d in differences(a.get(key), b.get(key), f"{where}.{key}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for i, pair in enumerate(zip(a, b)) for d in differences(*pair, f"{where}[{i}]")]
    return [] if a == b else [(where.lstrip("."), str(a)[:200], str(b)[:200])]


def unlike(names, scanned, checked):
    """What differs, by name."""
    wrong = {}
    for name in names:
        other, result = scanned.get(checked[name]["domain"]), checked[name]
        if other is None:
            wrong[name] = [f"{name}: no result"]
        elif other != result:
            wrong[name] = [f"{name}: {where}: {a} in the scan, {b} alone" for where, a, b in differences(other, result)][:3]
    return wrong


def demand_same(names, scanned, checked):
    wrong = [line for lines in unlike(names, scanned, checked).values() for line in lines]
    if wrong:
        raise AssertionError("\n  ".join(["not the same"] + wrong[:40]))


def demand_same_at_last(names, first, second):
    """On a machine with too much to do a peer may be late once; what differs again is a fault.

    first and second give the results of a list of names, by domain."""
    a, b = first(names), second(names)
    late = list(unlike(list(b), a, b))
    if len(late) > len(names) // 10:
        demand_same(late, a, b)
    if late:
        a, b = first(late), second(late)
        demand_same(late, a, b)


# ---- the cases -------------------------------------------------------------------------------------


def results_equal_those_of_single_checks():
    """On a machine with too much to do a peer may be late once; what differs again is a fault.

    Of more addresses than are looked at, a resolver that rotates them shows other ones each time."""
    names = [s["ask"] for s in plan() if "many-addresses" not in json.dumps(s["lies"])]
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        found = pool.submit(scan, names, "--threads", "2")
        checked = dict(zip(names, pool.map(single, names)))
        scanned = by_domain(found.result())
    partly = [name for name in names if any(map(is_left_out, checked[name].get("findings", []))) or has_several_keys(checked[name])]

    def beside_what_is_left_out(names, scanned, checked):
        """Which of them a brief scan and a single check see differently."""
        return {name: f"{sorted(got)} in the scan, {sorted(left)} expected" for name in names
                for got, left in [(codes(scanned[checked[name]["domain"]]),
                                   {f["code"] for f in checked[name]["findings"] if not is_left_out(f)})] if got != left}
    late = beside_what_is_left_out(partly, scanned, checked)
    if late:
        checked |= {name: single(name) for name in late}
        late = beside_what_is_left_out(late, by_domain(scan(late)), checked)
    if late:
        raise AssertionError(str(late))
    # what is left out of a thorough scan, too
    unasked = {name for name in partly for f in checked[name]["findings"]
               if is_left_out(f) and f["code"].startswith("tlsrpt-rua-https-")}
    partly_seen = [name for name in partly if name not in unasked]
    wrong = list(unlike(partly_seen, by_domain(scan(partly_seen, "--thorough")), checked))
    if wrong:
        demand_same(wrong, by_domain(scan(wrong, "--thorough")), {name: single(name) for name in wrong})
    names = [name for name in names if name not in partly]
    late = list(unlike(names, scanned, checked))
    if len(late) > len(names) // 10:
        demand_same(names, scanned, checked)
    if late:
        demand_same(late, by_domain(scan(late, "--threads", "2")), {name: single(name) for name in late})


def what_is_not_looked_for_is_said():
    """An "ok" of a brief scan names what it does not speak of; a thorough one sees it."""
    names = ["mx-large-hello.example", "healthy.example"]
    for words, left, status in (([], ["report-endpoints", "second-handshakes", "caa"], "ok"),
                                (["--thorough"], ["report-endpoints"], "critical"),
                                (["--thorough", "--no-smtp"], ["report-endpoints", "mail-servers"], "ok")):
        lines = {r["domain"]: r for r in map(json.loads, scan(names, *words).splitlines())}
        for name in names:
            if lines[name]["not_looked_for"] != left:
                raise AssertionError(f"{words}: {name}: {lines[name]['not_looked_for']}")
        if lines[names[0]]["verdict"] != status:
            raise AssertionError(f"{words}: {lines[names[0]]['verdict']}")


def those_who_hang_hold_up_nobody():
    """A tenth of a list waits for its deadlines of half a minute first; all others are done before."""
    scenarios = plan()
    hanging = ["mx-silent.example", "policy-no-answer.example"]
    healthy = [s["ask"] for s in scenarios if s["delivery"] == "protected" and not waits(s)][:18]
    lines = [json.loads(line)["domain"] for line in scan(hanging + healthy, "--jobs", "6", "--threads", "2").splitlines()]
    ends = sorted(lines.index(name) for name in hanging)
    if len(lines) != 20 or ends != [18, 19]:
        raise AssertionError(f"{hanging} came in places {ends} of {lines}")


def costly_chains_hold_up_nobody():
    """One thread, and a domain whose certificates would keep it busy for longer than the time-out, its own too."""
    scenarios = [s for s in plan() if not waits(s) and not counts_sessions(s)]
    costly = [s for s in scenarios if "costly" in json.dumps(s["mx"])]
    looked_at = costly + [s for s in scenarios if s["delivery"] == "protected"][:40]

    def wrong(scenarios):
        results = by_domain(scan([s["ask"] for s in scenarios], "--jobs", "50", "--threads", "1", "--timeout", "10"))
        found = {s["domain"]: codes(results[s["domain"]]) for s in scenarios}
        return {s["domain"]: found[s["domain"]] for s in scenarios
                if found[s["domain"]] != {c for c in s["codes"] if not may_be_left_out(c)}}
    found = wrong(looked_at)
    if found:  # the lab's servers, too, have to do with such chains: where they were late, once more with less beside
        found = wrong(costly + [s for s in looked_at if s["domain"] in found and s not in costly])
    if not costly or found:
        raise AssertionError(f"wrong: {found}")


def after_a_step_of_the_clock_nothing_is_held_against_a_domain():
    """Two days forth or back in the middle of a run; where the shim is not built (sanitizers) there is nothing to try."""
    shim = pathlib.Path(MTASTS).resolve().parent / "test/stepping_clock.so"
    expected = {s["domain"]: {c for c in s["codes"] if not may_be_left_out(c)} for s in plan()}
    names = [s["ask"] for s in plan() if s["ask"] in quiet() and s["delivery"] == "protected"][:80]
    for step in ("172800", "-172800") if shim.exists() else ():
        output = scan(names, "--threads", "2", "--jobs", "10",
                      environment={"LD_PRELOAD": str(shim), "STEP": step, "STEP_AFTER": "500"})
        found = {r["domain"]: {c for c in codes(r) if not may_be_left_out(c)} for r in map(json.loads, output.splitlines())}
        wrong = {d: c for d, c in found.items() if c not in (expected[d], {"own-shortage"})}
        if wrong or {"own-shortage"} not in found.values():
            raise AssertionError(f"{step} s: {wrong or 'nothing saw the step'}")


def few_files_lead_to_waiting():
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, FEW_FILES))

    def few(names):
        return by_domain(scan(names, "--threads", "2", "--jobs", "1000", preexec_fn=limit))

    def many(names):
        return by_domain(scan(names, "--threads", "2"))
    demand_same_at_last(quiet(), few, many)


def results_of(path):
    """The domains of a file of results, in its format."""
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            return [row["domain"] for row in csv.DictReader(file, strict=True)]
    return [json.loads(line)["domain"] for line in path.read_text().splitlines()]


def stored_in(store):
    with contextlib.closing(sqlite3.connect(store)) as database:
        return [name for name, in database.execute("SELECT name FROM checked JOIN domain ON domain.id = checked.domain_id")]


def kill_a_scan(names, kills, kind):
    """Up to so many times, and then to its end; how many kills found it at work.

    Each domain has one result, and one check in the store."""
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        listed, out, store = pathlib.Path(folder, "list"), pathlib.Path(folder, "out." + kind), pathlib.Path(folder, "store")
        listed.write_text("\n".join(names))
        command = ["scan", *MANNERS, "--threads", "2", "--save", "--store", str(store), "--resume", "--output", str(out), str(listed)]
        command += ["--csv"] if kind == "csv" else []
        for _ in range(kills):
            process = subprocess.Popen([MTASTS, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            had = out.stat().st_size if out.exists() else 0
            while process.poll() is None and out.exists() and out.stat().st_size == had and random.random() < 0.9:
                time.sleep(0.05)
            time.sleep(random.random() * 0.2)
            process.send_signal(signal.SIGKILL)
            found += process.wait() == -signal.SIGKILL
        done = program(*command)
        domains, stored = results_of(out), stored_in(store)
    if done.returncode or len(domains) != len(names) or len(set(domains)) != len(set(names)):
        raise AssertionError(f"status {done.returncode}, {len(domains)} results of {len(names)} domains")
    if sorted(stored) != sorted(set(domains)):
        raise AssertionError(f"{len(stored)} checks stored of {len(set(domains))} domains")
    return found


def a_killed_scan_is_continued_without_loss():
    """Once in each format; with many kills, in lists that are short."""
    random.seed(8461)
    names, found, lists = quiet(), 0, 0
    while found < KILLS and lists < KILLS + 2:
        short = KILLS > A_LIST or lists % 2
        found += kill_a_scan(random.sample(names, SHORT) if short else names, min(KILLS, A_LIST), "csv" if lists % 2 else "json")
        lists += 1
    if lists == 1:
        kill_a_scan(random.sample(names, SHORT), 2, "csv")
    if found < KILLS:
        raise AssertionError(f"{found} of {KILLS} kills found it at work")
    print(f"scan: {found} kills at work, {lists} lists", file=sys.stderr)


def an_interrupt_ends_what_is_begun_and_begins_no_more():
    """What is begun comes out whole, the rest comes with --resume; no domain twice, none lost."""
    names = quiet()
    with tempfile.TemporaryDirectory() as folder:
        listed, out = pathlib.Path(folder, "list"), pathlib.Path(folder, "out")
        listed.write_text("\n".join(names))
        command = ["scan", "--now", NOW, *MANNERS, "--jobs", "4", "--resume", "--output", str(out), str(listed)]
        process = subprocess.Popen([MTASTS, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""})
        while process.poll() is None and not (out.exists() and out.stat().st_size):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        summary = process.communicate()[0].decode()
        first = [json.loads(line)["domain"] for line in out.read_text().splitlines()]
        if process.returncode == 0 or "Interrupted before the end" not in summary or not 0 < len(first) < len(names):
            raise AssertionError(f"status {process.returncode}, {len(first)} results of {len(names)}: {summary}")
        rest = program(*command)
        domains = [json.loads(line)["domain"] for line in out.read_text().splitlines()]
    if rest.returncode or domains[:len(first)] != first or len(domains) != len(set(domains)) or len(domains) != len(names):
        raise AssertionError(f"status {rest.returncode}, {len(domains)} results of {len(names)} domains")


def has_ipv4(host):
    try:
        return bool(socket.getaddrinfo(host, None, socket.AF_INET))
    except socket.gaierror:
        return False


def count_knocks():
    """In a network whose port 25 is closed: what goes to the hosts that show this, as ADDRESS PORT-OF-OURS."""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    wire.bind(("hole", ETH_P_ALL))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    wire.setblocking(False)
    names = [s["ask"] for s in plan() if s["delivery"] == "protected" and not waits(s)][:KNOCKING]
    results = [json.loads(line) for line in scan(names, "--threads", "2", "--per-address", "50").splitlines()]
    found = [f["evidence"]["hosts"] for r in results for f in r["findings"] if f["code"] == "mx-port25-blocked"]
    controls = {address for text in found for address in re.findall(r"\[([0-9.]+)\]", text)}
    knocks = set()
    while True:
        try:
            packet = wire.recv(64)
        except BlockingIOError:
            break
        if packet[0] >> 4 != 4:
            continue
        address, port = socket.inet_ntoa(packet[16:20]), int.from_bytes(packet[20:22], "big")
        if address in controls:
            knocks.add((address, port))
    hosts = {m["host"] for r in results for m in r["mx"]}  # some have the same address, and are looked at too
    looks = sum(socket.getaddrinfo(h, None, socket.AF_INET)[0][4][0] in controls for h in hosts if has_ipv4(h))
    print(json.dumps({"blocked": len(found), "expected": len(controls) + looks, "knocks": len(knocks)}))


def those_who_show_a_closed_port_are_knocked_at_once():
    done = subprocess.run([str(TOP / "lab/behind"), "no-25", sys.executable, __file__, "--count-knocks"], capture_output=True, text=True,
                          timeout=600, check=True)
    seen = json.loads(done.stdout)
    if seen["blocked"] < KNOCKING // 2 or not seen["knocks"] or seen["knocks"] != seen["expected"]:
        raise AssertionError(str(seen))


CASES = [results_equal_those_of_single_checks, what_is_not_looked_for_is_said, those_who_hang_hold_up_nobody,
         costly_chains_hold_up_nobody, after_a_step_of_the_clock_nothing_is_held_against_a_domain,
         few_files_lead_to_waiting, a_killed_scan_is_continued_without_loss,
         an_interrupt_ends_what_is_begun_and_begins_no_more,
         those_who_show_a_closed_port_are_knocked_at_once]


def main():
    global KILLS
    if sys.argv[1:2] == ["--kills"]:
        KILLS = int(sys.argv[2])
        del sys.argv[1:3]
    cases.known(sys.argv[1:], [c.__name__ for c in CASES])
    chosen = [c for c in CASES if not sys.argv[1:] or c.__name__ in sys.argv[1:]]
    sys.exit(cases.run(chosen, beside=len(chosen)))  # nearly all of it is waiting


if __name__ == "__main__":
    if "MTASTS_LAB" not in os.environ:
        os.execv(TOP / "lab/enter", ["enter", __file__, *sys.argv[1:]])
    count_knocks() if sys.argv[1:] == ["--count-knocks"] else main()
