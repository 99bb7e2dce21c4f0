#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts watch on live domains: what is changed in zones and files is told; the service and its manager.

Runs in the lab:  lab/enter test/watch_lab.py [--passes N] [CASE...].  Each case is a function; the closing line
counts them.  --passes: how many of a service are made where it must not grow, a second each."""

import contextlib
import datetime
import json
import os
import pathlib
import re
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
import prometheus  # noqa: E402
import stores  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
LAB = pathlib.Path(os.environ["MTASTS_LAB"])
DOMAIN = "healthy.example"
SILENT = "mx-silent.example"  # its MX accepts connections and never speaks
HOLE = "198.19.0.53"          # what is sent there is swallowed
ZONE = LAB / "zones" / DOMAIN
POLICY = LAB / f"www/mta-sts.{DOMAIN}/mta-sts.txt"
PASSES = 12
SILENCE = 6  # seconds; the watchdog would hear of it every half second
BEGIN = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def demand(truth, what, run=""):
    if not truth:
        raise AssertionError(f"{what}\n{run}")


class Watcher:
    """A store of its own; a clock that goes on by six hours with each pass."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.store = self.folder / "store.db"
        self.hours = 0

    def run(self, *args):
        """One pass with own recursion, so that no cache stands between."""
        now = (BEGIN + datetime.timedelta(hours=self.hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.hours += 6
        return subprocess.run([MTASTS, "watch", "--store", self.store, "--json", "--now", now, *args],
                              capture_output=True, text=True, timeout=60)

    def codes(self, *args, status=0):
        run = self.run("--resolver", "none", *args, DOMAIN)
        demand(run.returncode == status and not stores.but_creation(run.stderr), f"status {status} and silence", run)
        story = json.loads(run.stdout)
        return [note["code"] for note in story["notes"][:story["changes"]]]


@contextlib.contextmanager
def watcher():
    with tempfile.TemporaryDirectory(prefix="mtasts-watch-") as folder:
        yield Watcher(folder)


def leaf_server():
    """The process of the lab's name server that reads zones when it is asked to."""
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and b"nsd-leaf.conf" in (entry / "cmdline").read_bytes():
            parent = re.search(r"\nPPid:\s+(\d+)", (entry / "status").read_text())[1]
            if b"nsd-leaf.conf" not in pathlib.Path(f"/proc/{parent}/cmdline").read_bytes():
                return int(entry.name)
    raise AssertionError("no name server")


def set_zone(text):
    """Serve this zone, and wait until it is."""
    old = int(re.search(r"(\d{10}) 3600", ZONE.read_text())[1])
    ZONE.write_text(re.sub(r"\d{10} 3600", f"{old + 1} 3600", text))
    os.kill(leaf_server(), signal.SIGHUP)
    for _ in range(100):
        answer = subprocess.run(["dig", "+short", "@198.18.0.3", "SOA", DOMAIN], capture_output=True, text=True)
        if str(old + 1) in answer.stdout:
            return
        time.sleep(0.05)
    raise AssertionError("the zone was not taken")


@contextlib.contextmanager
def restored():
    zone, policy = ZONE.read_text(), POLICY.read_text()
    try:
        yield zone, policy
    finally:
        POLICY.write_text(policy)
        set_zone(zone)


# ---- changes ---------------------------------------------------------------------------------------


def case_the_life_of_a_domain():
    with watcher() as w, restored() as (zone, policy):
        demand(w.codes() == [], "the first look")
        demand(w.codes() == [], "nothing")
        POLICY.write_text(policy.replace("max_age: 2592000", "max_age: 1209600"))
        demand(w.codes() == ["max-age-changed", "policy-changed-id-same"], "policy, not the id")
        zone = zone.replace("20261101T120000Z", "20261128T120000Z")
        set_zone(zone)
        demand(w.codes() == ["id-followed"], "the id follows")
        set_zone(zone + "@ MX 20 mx2.healthy.example.\nmx2 A 198.18.0.25\n")
        codes = w.codes(status=2)
        demand({"mx-appeared", "mx-changed-policy-same", "delivery-changed", "finding-appeared"} <= set(codes), codes)
        set_zone(re.sub(r"_mta-sts .*\n", "", zone))
        codes = w.codes(status=2)
        demand({"mx-gone", "record-gone", "posture-changed", "finding-gone"} <= set(codes), codes)
        set_zone(zone)
        codes = w.codes()
        demand({"record-appeared", "posture-changed", "delivery-changed"} <= set(codes), codes)
        demand(w.codes() == [], "and nothing again")


def case_an_address_more():
    with watcher() as w, restored() as (zone, _):
        w.codes()
        set_zone(zone + "mta-sts A 198.18.0.99\n")
        demand("address-appeared" in w.codes(status=1), "told")


# ---- trouble ---------------------------------------------------------------------------------------


def case_a_dead_resolver_is_no_change():
    with watcher() as w:
        w.codes()
        run = w.run("--resolver", HOLE, "--timeout", "3", DOMAIN)
        story = json.loads(run.stdout)
        demand(run.returncode == 3 and not run.stderr, "could not be judged", run)
        demand([n["code"] for n in story["notes"]] == ["resolver-unreachable"] and HOLE in story["notes"][0]["text"],
               "why, once", run)
        demand(story["changes"] == 0, "no change", run)
        words = [MTASTS, "watch", "--store", w.store, "--resolver", HOLE, "--timeout", "1", DOMAIN, SILENT]
        run = subprocess.run(words, capture_output=True, text=True, timeout=60)
        demand(run.stdout.count(HOLE) == 1 and not run.stderr, "people read it once for all domains", run)
        demand(w.codes() == [], "nor afterwards")


def case_one_slow_domain_holds_up_no_other():
    with watcher() as w:
        begun = time.monotonic()
        run = w.run("--timeout", "4", SILENT, DOMAIN, SILENT)
        demand(time.monotonic() - begun < 10, "side by side", run)
        stories = {s["domain"]: s for s in map(json.loads, run.stdout.splitlines())}
        demand(stories.keys() == {SILENT, DOMAIN} and stories[DOMAIN]["verdict"] == "ok", "both", run)
        demand(len(run.stdout.splitlines()) == 2, "each once", run)


def case_a_full_disk():
    with watcher() as w:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", w.folder], check=True)
        try:
            runs = [w.run("--prometheus", w.folder / "m.prom", DOMAIN, "three-mx.example") for _ in range(8)]
        finally:
            subprocess.run(["umount", w.folder], check=True)
        run = runs[-1]
        demand(run.returncode == 70 and "store.db" in run.stderr, "said", run)
        demand(len(run.stdout.splitlines()) == 2, "both domains are still looked at", run)


def case_metrics():
    with watcher() as w:
        w.run("--prometheus", w.folder / "m.prom", DOMAIN, "mx-cert-expired.example", SILENT, "--timeout", "4")
        samples = prometheus.parse((w.folder / "m.prom").read_text())
        found = {dict(labels).get("code") for name, labels in samples if name == "mtasts_finding"}
        demand("mx-cert-expired" in found, found)
        demand(samples[("mtasts_check_success", (("domain", SILENT),))] == 1, "seen")


# ---- the service -----------------------------------------------------------------------------------


class Service:
    """Started as a service manager would, which hears what it says."""

    def __init__(self, folder, *args, watchdog=True):
        self.heard = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = f"{folder}/notify"
        self.socket.bind(path)
        self.socket.settimeout(20)
        more = {"NOTIFY_SOCKET": path, **({"WATCHDOG_USEC": "2000000"} if watchdog else {})}
        self.process = subprocess.Popen([MTASTS, "watch", "--store", f"{folder}/store.db", *args],
                                        env={**os.environ, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)

    def hear_until(self, word):
        while True:
            message = self.socket.recv(4096).decode()
            self.heard.append(message)
            if re.search(word, message):
                return

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.hear_until("STOPPING=1")
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


def case_a_service_goes_on_until_it_is_told_to_end():
    for number in (signal.SIGTERM, signal.SIGINT):
        with tempfile.TemporaryDirectory(prefix="mtasts-watch-") as folder:
            service = Service(folder, "--interval", "1", "--json", DOMAIN)
            service.hear_until("pass 3 finished")
            status, out, err = service.end(number)
            demand((status, stores.but_creation(err)) == (0, ""), f"a clean end, not {status}", err)
            demand(service.heard[0] == "READY=1", "ready first", service.heard)
            demand(service.heard.count("WATCHDOG=1") >= 2, "the watchdog hears", service.heard)
            order = [("checking" in m) for m in service.heard if m.startswith("STATUS=")]
            demand(order == [i % 2 == 0 for i in range(len(order))], "passes do not overlap", service.heard)
            demand(len(out.splitlines()) >= 3, "three passes", out)


def is_sanitized():
    return b"__asan_init" in pathlib.Path(MTASTS).read_bytes()


def usage_of(process):
    """KiB of memory, open descriptors, threads."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return (int(re.search(r"VmRSS:\s+(\d+)", status)[1]), len(os.listdir(f"/proc/{process.pid}/fd")),
            int(re.search(r"Threads:\s+(\d+)", status)[1]))


def case_a_service_does_not_grow():
    with tempfile.TemporaryDirectory(prefix="mtasts-watch-") as folder:
        service = Service(folder, "--interval", "1", "--quiet", "--notify", "true", "--prometheus", f"{folder}/m.prom",
                          DOMAIN, "mx-cert-expired.example")
        service.hear_until(f"pass {PASSES // 2} finished")
        half = usage_of(service.process)
        service.hear_until(f"pass {PASSES} finished")
        whole = usage_of(service.process)
        size = os.path.getsize(f"{folder}/store.db")
        status, _, err = service.end()
        print(f"watch: {PASSES} passes: {half[0]} KiB at half, {whole[0]} in the end; descriptors {half[1]}, {whole[1]}; "
              f"threads {half[2]}, {whole[2]}; store {size // 1024} KiB")
        demand((status, stores.but_creation(err)) == (0, ""), "a clean end", err)
        # One that is open at that moment may not be at the other; one kept in each pass would be PASSES / 2.
        demand(whole[1] < half[1] + 4 and whole[2] < half[2] + 4, "no descriptor and no thread more", (half, whole))
        if not is_sanitized():  # what is freed stays there for a while, to be found in use
            demand(whole[0] < 1.1 * half[0] + 2048, "memory", (half, whole))
        demand(sorted(os.listdir(folder)) == ["m.prom", "notify", "store.db"], "nothing is left", os.listdir(folder))


def case_a_service_ends_within_a_pass():
    with tempfile.TemporaryDirectory(prefix="mtasts-watch-") as folder:
        service = Service(folder, "--interval", "1h", "--json", SILENT, DOMAIN)
        service.hear_until("checking")
        service.hear_until("WATCHDOG=1")
        service.hear_until("WATCHDOG=1")
        begun = time.monotonic()
        status, out, _ = service.end()
        demand(status == 0 and time.monotonic() - begun < 10, "promptly", out)
        demand(SILENT not in out, "what was broken off is no check", out)


def case_a_service_whose_store_hangs_is_not_called_alive():
    """The manager is to end it: no second without a sign of life where it looks, none of it where it waits for a lock."""
    with tempfile.TemporaryDirectory(prefix="mtasts-watch-") as folder:
        first = subprocess.run([MTASTS, "watch", "--store", f"{folder}/store.db", "--json", DOMAIN], capture_output=True)
        demand(first.returncode == 0, "a store", first.stderr)
        other = sqlite3.connect(f"{folder}/store.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")  # longer than it waits: 30 s
        service = Service(folder, "--interval", "1h", DOMAIN)
        service.hear_until("checking")
        service.socket.settimeout(SILENCE)
        begun, silent = time.monotonic(), False
        while not silent and time.monotonic() - begun < 25:
            try:
                service.hear_until("WATCHDOG=1")
            except socket.timeout:
                silent = True
        other.close()
        service.socket.settimeout(20)
        service.end()
        demand(silent, f"{SILENCE} s without a sign of life", service.heard)


def case_a_service_without_a_manager():
    with tempfile.TemporaryDirectory(prefix="mtasts-watch-") as folder:
        process = subprocess.Popen([MTASTS, "watch", "--store", f"{folder}/s", "--interval", "1", "--json", DOMAIN],
                                   stdout=subprocess.PIPE, text=True)
        json.loads(process.stdout.readline())
        json.loads(process.stdout.readline())
        process.terminate()
        demand(process.wait(timeout=20) == 0, "a clean end")


def is_gone(group):
    """No process of the group is left; init may take a moment to bury it."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def case_a_service_whose_command_hangs_ends():
    with tempfile.TemporaryDirectory(prefix="mtasts-watch-") as folder, restored() as (_, policy):
        command = ["--interval", "1", "--resolver", "none", "--notify", f"echo $$ > {folder}/begun; sleep 60"]
        service = Service(folder, *command, DOMAIN)
        service.hear_until("pass 1 finished")
        POLICY.write_text(policy.replace("2592000", "1209600"))
        while not pathlib.Path(folder, "begun").exists():
            service.hear_until("")
        status, _, err = service.end()
        demand(status == 0 and "will be retried" in err, "the change is not lost", err)
        group = int(pathlib.Path(folder, "begun").read_text())
        demand(is_gone(group), "the command and its children are gone")


def main():
    global PASSES
    if sys.argv[1:2] == ["--passes"]:
        PASSES = int(sys.argv[2])
        del sys.argv[1:3]
    sys.exit(cases.run(cases.named(sys.modules[__name__], sys.argv[1:])))


main()
