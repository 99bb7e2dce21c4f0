#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Mail through real Postfix while mtasts policyd is killed, restarted, stopped, cut off from DNS and out of disk.

usage: test/postfix_chaos.py [--all] [--mails N] [--seed N]     (300 mails)

With --all also through Postfix of other releases, in roots that lab/postfix-roots makes; each in a lab of its own.

Two promises: no mail is deferred that would not have been without the daemon, and none is sent unprotected that a known
policy protects.  systemd's part is played here: the socket stays while the daemon is away.  What arrived, and over what,
is what the receiving servers wrote down, not what Postfix says."""

import argparse
import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "test"), str(TOP / "lab")]
sys.dont_write_bytecode = True
import bed_domains  # noqa: E402
import mailer  # noqa: E402
import plan  # noqa: E402
import policyd  # noqa: E402
import servers  # noqa: E402
from mailbox_mails import demand, wait_until  # noqa: E402

ROOM = 3 << 20  # of the disk that the daemon's store is on
INSIDE = "MTASTS_CHAOS"
# Domains that take mail, with the host that does; and those whose known policy forbids it.
OPEN = {"ok": "mx", "pattern": "mx", "two": "mx2", "dane": "mx", "dane-and-sts": "mx", "dane-some-and-sts": "mx2",
        "second-good": "mx2", "testing": "mx", "nothing": "mx", "mode-none": "mx"}
CLOSED = ["wrong-name", "self-signed", "expired", "no-starttls", "outside", "dane-wrong"]
PLAIN = {"nothing", "mode-none"}


class Daemon:
    """mtasts policyd, on a socket that outlives it."""

    def __init__(self, folder):
        self.folder, self.path, self.process = folder, folder / "socket", None
        self.listener = policyd.socket.socket(policyd.socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(512)
        self.path.chmod(0o666)
        self.store = folder / "disk"
        asked = subprocess.run([policyd.MTASTS, "policyd", "--help"], capture_output=True, text=True)
        self.stored = " --store" in asked.stdout

    def start(self):
        script = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
        with open(self.folder / "out", "a") as out:
            self.process = subprocess.Popen(
                ["sh", "-c", script, "sh", policyd.MTASTS, "policyd", "--no-config", "--quiet",
                 *(["--store", str(self.store / "cache.db")] if self.stored else [])], stdout=out, stderr=out,
                preexec_fn=self.hand_over, close_fds=False)

    def hand_over(self):
        os.dup2(self.listener.fileno(), 3)
        os.set_inheritable(3, True)  # it may have been 3 already

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait()

    def ask(self, domain):
        with policyd.Talk(self.path) as talk:
            return talk.ask(f"postfix {domain}")


# ---- what goes wrong ---------------------------------------------------------------------------------------------


def killed(daemon):
    daemon.end(signal.SIGKILL)
    daemon.start()


def restarted(daemon):
    daemon.end(signal.SIGTERM)
    daemon.start()


def replaced(daemon):
    """By another one that runs before the first has ended, as in an upgrade."""
    before = daemon.process
    daemon.start()
    time.sleep(0.5)
    before.terminate()
    before.wait()


def halted(daemon):
    daemon.process.send_signal(signal.SIGSTOP)
    time.sleep(1)
    daemon.process.send_signal(signal.SIGCONT)


def hung_up(daemon):
    daemon.process.send_signal(signal.SIGHUP)


def lab_resolver():
    """The daemon's; Postfix has another one."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(plan.STATE / "unbound.conf") in (entry / "cmdline").read_bytes().decode().split("\0"):
                return int(entry.name)
    raise AssertionError("the lab's resolver runs")


def without_dns(daemon):
    number = lab_resolver()
    os.kill(number, signal.SIGSTOP)
    time.sleep(4)
    os.kill(number, signal.SIGCONT)


def killed_without_dns(daemon):
    """The policies are those of the store, or none."""
    number = lab_resolver()
    os.kill(number, signal.SIGSTOP)
    killed(daemon)
    time.sleep(4)
    os.kill(number, signal.SIGCONT)


def disk_full(daemon):
    with contextlib.suppress(OSError), open(daemon.store / "filler", "wb") as file:
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    killed(daemon)
    time.sleep(2)
    (daemon.store / "filler").unlink()


MISHAPS = [killed, restarted, replaced, halted, hung_up, without_dns, killed_without_dns, disk_full]


class Chaos(threading.Thread):
    """One mishap after the other, until it is over; each at least once."""

    def __init__(self, daemon, rng):
        super().__init__(daemon=True)
        self.mishaps = MISHAPS if daemon.stored else [m for m in MISHAPS if m not in (killed_without_dns, disk_full)]
        self.instance, self.rng, self.over, self.done, self.fault = daemon, rng, threading.Event(), [], None

    def run(self):
        order = list(self.mishaps)
        self.rng.shuffle(order)
        try:
            while order or not self.over.is_set():
                mishap = order.pop() if order else self.rng.choice(self.mishaps)
                mishap(self.instance)
                self.done.append(mishap.__name__)
                # two closed connections within one look-up defer a mail
                time.sleep(self.rng.uniform(2, 4))
        except Exception as error:  # shown by the main thread
            self.fault = error


# ---- mail --------------------------------------------------------------------------------------------------------


def arrived():
    """{recipient: "tls" or "plain"}, as the receiving servers have it."""
    log = plan.STATE / "log/taken"
    return {line.split()[2]: line.split()[1] for line in log.read_text().splitlines()} if log.exists() else {}


def send_all(own, recipients, chaos, seconds):
    """Spread over the time that the mishaps take, and on until each has happened."""
    pause = seconds / len(recipients)
    for i in range(0, len(recipients), 10):
        own.send(recipients[i:i + 10])
        time.sleep(10 * pause)
    chaos.over.set()
    chaos.join()
    demand(not chaos.fault, "a mishap could be made", chaos.fault)


def judge(own, recipients):
    seen, taken = own.deliveries(), arrived()
    wrong = []
    for recipient in recipients:
        name = recipient.partition("@")[2].removesuffix(".example")
        got = seen[recipient]
        if name in CLOSED and recipient in taken:
            wrong.append(f"{recipient} was sent unprotected: {got}")
        if name in OPEN and got.status != "sent":
            wrong.append(f"{recipient} was not sent: {got}")
        if name in OPEN and got.status == "sent" and name not in PLAIN and name != "testing" and got.grade != "Verified":
            wrong.append(f"{recipient} was sent unprotected: {got}")
    return wrong


def inside(asked):
    if not servers.can_run_postfix():
        print("skipped: only one user is mapped here, so Postfix cannot run")
        return
    rng = random.Random(asked.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="chaos-", dir=plan.STATE))
    folder.chmod(0o755)
    daemon = Daemon(folder)
    daemon.store.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", daemon.store], check=True)
    daemon.start()
    names = list(OPEN) + CLOSED
    # known from here on
    for name in names:
        wait_until(lambda name=name: daemon.ask(f"{name}.example").startswith("OK") or name in PLAIN | {"testing"}, name)
    recipients = [f"u{i}@{rng.choice(names)}.example" for i in range(asked.mails)]
    root = os.environ[INSIDE]
    with mailer.resolver() as resolv:
        version = mailer.Mailer("asked", resolv, "", root).version()
    names_of_map = "QUERYwithTLSRPT" if version.startswith(("3.10.", "3.11.")) else "postfix"
    with mailer.resolver() as resolv, mailer.Mailer("chaos", resolv, f"socketmap:unix:{daemon.path}:{names_of_map}", root, """
minimal_backoff_time = 1h
default_destination_concurrency_failed_cohort_limit = 0""") as own:
        chaos = Chaos(daemon, rng)
        chaos.start()
        begun = time.monotonic()
        send_all(own, recipients, chaos, max(20, asked.mails / 100))
        mailer.wait_until(lambda: set(recipients) <= set(own.deliveries()), "all were tried", 120)
        wrong = judge(own, recipients)
        demand(not wrong, f"{len(wrong)} of {asked.mails} mails (seed {asked.seed})",
               "\n".join(wrong[:20]) + "\n" + (folder / "out").read_text()[-2000:])
        print(f"Postfix {version}: {asked.mails} mails, {len(arrived())} arrived, none deferred or unprotected; {len(chaos.done)} mishaps in "
              f"{time.monotonic() - begun:.0f} s: " +
              ", ".join(f"{chaos.done.count(m.__name__)} {m.__name__}" for m in chaos.mishaps))


def roots_of(asked):
    if not asked.all:
        return ["/"]
    done = subprocess.run([TOP / "lab/postfix-roots", "bookworm-backports", "trixie", "sid"], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        print("skipped: the releases that lab/postfix-roots could not make, see above", flush=True)
    return ["/", *(line.partition(" ")[2] for line in done.stdout.splitlines())]


def outside(asked):
    """Once more for each Postfix, in a lab of the bed's domains."""
    sys.exit(max(run_in(root, asked) for root in roots_of(asked)))


def run_in(root, asked):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(bed_domains.SCENARIOS, file)
        file.flush()
        environment = {**os.environ, "MTASTS_LAB_SCENARIOS": file.name, INSIDE: root}
        environment.pop("MTASTS_LAB", None)
        command = [TOP / "lab/enter", __file__, "--mails", str(asked.mails), "--seed", str(asked.seed)]
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Mail through real Postfix while mtasts policyd has mishaps.")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    inside(given) if INSIDE in os.environ else outside(given)
