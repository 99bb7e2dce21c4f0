#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts policyd: what mail servers are told, through Postfix's own client of the protocol and over raw sockets.

Runs in the lab:  lab/enter test/policyd.py [CASE...]."""

import concurrent.futures
import contextlib
import grp
import json
import os
import pathlib
import pwd
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "test"), str(TOP / "lab")]
sys.dont_write_bytecode = True
import cases  # noqa: E402
import schemas  # noqa: E402
from mailbox_mails import demand, wait_until  # noqa: E402
from policyd_selftest import case_selftest  # noqa: E402, F401

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
LATEST = 5.0  # seconds an answer may take
SLACK = 3.0   # and what a busy machine adds


class Daemon:
    def __init__(self, folder, *options):
        self.folder, self.options = folder, options
        self.path = folder / "socket"
        self.process = None
        self.environment, self.configuration = {}, ["--no-config"]
        (folder / "main.cf").write_text("compatibility_level = 3.6\n")

    def start(self, command=(), **more):
        with open(self.folder / "out", "a") as out:
            self.process = subprocess.Popen(
                [*command, MTASTS, "policyd", *self.configuration, "--listen", f"unix:{self.path}", *self.options], stdout=out,
                stderr=out, env={**os.environ, "XDG_STATE_HOME": str(self.folder), "LC_ALL": "C", **self.environment}, **more)
        wait_until(self.answers, "the daemon listens")
        return self

    def answers(self):
        with contextlib.suppress(OSError), Talk(self.path) as talk:
            return talk.ask("postfix .tld") == "NOTFOUND "
        return False

    def stop(self):
        self.process.terminate()
        demand(self.process.wait(10) == 0, "the daemon ends well", self.said())

    def said(self):
        return (self.folder / "out").read_text()

    def postmap(self, key, name="QUERY"):
        """What Postfix's client makes of the answer; nothing: not found."""
        done = subprocess.run(["postmap", "-c", self.folder, "-q", key, f"socketmap:unix:{self.path}:{name}"],
                              capture_output=True, text=True)
        demand(done.returncode == (0 if done.stdout else 1) and not done.stderr, f"postmap -q {key}", done)
        return done.stdout.strip()


class Talk:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def read(self):
        """The next reply; None: the other side has closed."""
        digits = b""
        while (byte := self.file.read(1)) != b":":
            if not byte:
                return None
            digits += byte
        text = self.file.read(int(digits) + 1)
        demand(text.endswith(b","), "a netstring", text)
        return text[:-1].decode()

    def ask(self, request):
        self.send(netstring(request))
        return self.read()


def netstring(text):
    data = text if isinstance(text, bytes) else text.encode()
    return b"%d:%s," % (len(data), data)


@contextlib.contextmanager
def daemon(*options, **more):
    with tempfile.TemporaryDirectory(prefix="policyd-") as folder:
        own = Daemon(pathlib.Path(folder), *options).start(**more)
        try:
            yield own
        finally:
            own.process.kill()
            own.process.wait()


# ---- answers -----------------------------------------------------------------------------------------------------

def secure(domain, *mx):
    return f"secure match={':'.join(mx or ['mx.' + domain])} servername=hostname"


ANSWERS = {
    "healthy.example": secure("healthy.example"),
    "HEALTHY.example": secure("healthy.example"),
    "healthy.example.": secure("healthy.example"),
    "healthy.example:25": secure("healthy.example"),
    "three-mx.example": secure("", "mx1.three-mx.example", "mx2.three-mx.example", "mx3.three-mx.example"),
    "wildcard-pattern.example": secure("", ".wildcard-pattern.example"),
    "upper-case-pattern.example": secure("upper-case-pattern.example"),
    "signed.example": secure("signed.example"),  # without TLSA records
    "[healthy.example]": "",
    "sub.healthy.example": "",
    "192.0.2.1": "",
    "a_b.example": "",
    "testing.example": "",
    "none-short.example": "",
    "nothing.example": "",
    "domain-nonexistent.example": "",
    "record-missing.example": "",
    "record-multiple.example": "",
    "record-bogus.example": "",
    "record-servfail.example": "",
    "policy-host-missing.example": "",
    "policy-host-refused.example": "",
    "policy-cert-expired.example": "",
    "policy-cert-wrong-name.example": "",
    "policy-cert-self-signed.example": "",
    "policy-redirect.example": "",
    "policy-type-html.example": "",
    "dane-3-1-2.example": "dane-only",
    "dane-2-1-1.example": "dane-only",
    "testing-dane.example": "dane-only",
}


def case_answers():
    with daemon() as own:
        wrong = {key: seen for key, expected in ANSWERS.items() if (seen := own.postmap(key)) != expected}
        demand(not wrong, "answers", wrong)
        idn = own.postmap("bücher.example"), own.postmap("xn--bcher-kva.example")
        demand(idn[0] == idn[1], "U-labels are A-labels", idn)
        own.stop()
        demand("\nkey=healthy.example:25 map=QUERY answer=secure domain=healthy.example reason=current id=" in own.said(),
               "the log", own.said())


# Others take a policy that is no text/plain; RFC 8461 section 3.3 advises against it.
NO_TEXT = {"policy-type", "policy-type-missing", "policy-type-html"}


def expected(name, block):
    """What the daemon may say of a domain of the lab: as the check judges it."""
    allowed = {"OK secure" if block.get("posture", "enforce") == "enforce" and name not in NO_TEXT else "NOTFOUND"}
    if block.get("sign") and "tlsa" in str(block.get("mx")):
        allowed |= {"OK dane-only", "OK dane"}
    return allowed


def case_every_domain():
    """All domains of the lab side by side: dead, hostile, hopeless and healthy ones."""
    domains = {name: block for name, block in tomllib.loads((TOP / "lab/scenarios.toml").read_text()).items()
               if not {"behind", "options", "environment"} & set(block)}

    def answer(name):
        begin = time.monotonic()
        with Talk(own.path) as talk:
            reply = talk.ask(f"QUERY {domains[name].get('domain', name + '.example')}")
        seen = re.sub(r" (match=.*)?$", "", reply)
        late = time.monotonic() - begin > LATEST + SLACK
        return f"{name}: {reply}{late * ' too late'}" if late or seen not in expected(name, domains[name]) else ""

    with daemon("--quiet") as own, concurrent.futures.ThreadPoolExecutor(40) as pool:
        wrong = [line for line in pool.map(answer, domains) if line]
        demand(len(domains) > 500 and not wrong, "every domain", "\n".join(wrong))
        own.stop()


def case_attributes():
    with daemon() as own:
        seen = own.postmap("wildcard-pattern.example", "QUERYwithTLSRPT")
        demand(re.fullmatch(r"secure match=\.wildcard-pattern\.example servername=hostname policy_type=sts "
                            r"policy_domain=wildcard-pattern\.example mx_host_pattern=\*\.wildcard-pattern\.example "
                            r"\{ policy_string = version: STSv1 \} \{ policy_string = mode: enforce \} "
                            r"\{ policy_string = mx: \*\.wildcard-pattern\.example \} "
                            r"\{ policy_string = max_age: \d+ \}", seen), "attributes", seen)
        for name in ("postfix", "QUERY", "anything"):
            demand(own.postmap("wildcard-pattern.example", name) ==
                   "secure match=.wildcard-pattern.example servername=hostname", name)


def case_without_dane():
    with daemon("--no-dane") as own:
        demand(own.postmap("testing-dane.example") == "", "no DANE")
        demand(own.postmap("healthy.example") == secure("healthy.example"), "policies all the same")


# ---- time --------------------------------------------------------------------------------------------------------

def case_slow():
    """A policy host that never answers holds nobody up, and others least of all."""
    with daemon() as own, Talk(own.path) as slow, Talk(own.path) as quick:
        demand(quick.ask("QUERY healthy.example").startswith("OK secure"), "cached")
        begin = time.monotonic()
        slow.send(netstring("QUERY policy-host-silent.example"))
        demand(quick.ask("QUERY healthy.example").startswith("OK secure"), "a cached answer")
        demand(time.monotonic() - begin < LATEST / 2, "is not held up")
        demand(slow.read() == "NOTFOUND ", "a slow domain")
        demand(time.monotonic() - begin < LATEST + SLACK, "in time", time.monotonic() - begin)
        own.stop()
        demand(re.search(r"^key=policy-host-silent.example map=QUERY answer=none domain=policy-host-silent.example .* "
                         r"late=yes ms=\d+$", own.said(), re.M), "the log", own.said())


def case_many_wait():
    """Of one domain there is one look-up, however many ask."""
    with daemon() as own:
        talks = [Talk(own.path) for _ in range(50)]
        for talk in talks:
            talk.send(netstring("QUERY healthy.example"))
        demand({talk.read() for talk in talks} == {"OK " + secure("healthy.example")}, "all are answered")
        own.stop()
        counts = own.said().splitlines()[-1]
        demand(" secure=50 " in counts and " lookups=3 " in counts, "record, policy and DANE once", counts)


# ---- connections -------------------------------------------------------------------------------------------------

def case_idle():
    """A thousand idle connections stay, and are answered."""
    with daemon() as own:
        talks = [Talk(own.path) for _ in range(1000)]
        time.sleep(12)
        for talk in talks:
            demand(talk.ask("QUERY healthy.example") == "OK " + secure("healthy.example"), "an idle connection")
        own.process.send_signal(signal.SIGHUP)
        demand(talks[0].ask("QUERY healthy.example").startswith("OK"), "SIGHUP leaves connections alone")
        own.stop()
        demand(" closed=0 connections=1000 " in own.said(), "none was closed", own.said()[-300:])


def case_short_of_files():
    """Where descriptors run short, the one that was idle for longest goes."""
    with daemon("--quiet", command=("prlimit", "--nofile=120:120")) as own:
        talks = [Talk(own.path) for _ in range(200)]
        wait_until(lambda: talks[-1].ask("QUERY .tld") == "NOTFOUND ", "the last is answered")
        demand(talks[0].read() is None, "the first was closed")
        own.stop()
        demand(re.search(r" closed=[1-9]\d* ", own.said()), "counted", own.said()[-300:])


def case_protocol():
    with daemon() as own:
        with Talk(own.path) as talk:
            talk.send(netstring("QUERY healthy.example") + netstring("QUERY .example") + netstring("QUERY") +
                      netstring("QUERYwithTLSRPT testing.example") + netstring("postfix healthy.example"))
            seen = [talk.read() for _ in range(5)]
            demand(seen[0] == seen[4] == "OK " + secure("healthy.example") and seen[1] == seen[3] == "NOTFOUND " and
                   seen[2].startswith("PERM "), "requests in their order", seen)
            for byte in netstring("QUERY healthy.example"):
                talk.send(bytes([byte]))
            demand(talk.read() == seen[0], "byte by byte")
        for wrong in (b"GET / HTTP/1.1\r\n\r\n", b"99999:QUERY x,", b"5:QUERY;", b"-1:,", b"\x16\x03\x01"):
            with Talk(own.path) as talk:
                talk.send(netstring("QUERY .example") + wrong)
                demand(talk.read() == "NOTFOUND " and talk.read() is None, "broken framing", wrong)
        halves = [Talk(own.path) for _ in range(100)]
        for half in halves:
            half.send(b"21:QUERY healthy.exam")
        demand(own.postmap("healthy.example"), "half requests hold up nobody")
        halves[0].send(b"ple,")
        demand(halves[0].read() == seen[0], "the other half")
        for half in halves:
            half.close()
        demand(own.postmap("healthy.example"), "clients that are gone")
        with Talk(own.path) as talk:
            talk.send(netstring("QUERY policy-host-silent.example"))
        own.stop()


def case_restart():
    """Postfix's client goes on with a new daemon."""
    with daemon() as own:
        for _ in range(3):
            demand(own.postmap("healthy.example") == secure("healthy.example"), "an answer")
            own.stop()
            demand(not own.path.exists(), "the socket is gone")
            own.start()


def case_tcp():
    with tempfile.TemporaryDirectory(prefix="policyd-") as folder:
        folder = pathlib.Path(folder)
        (folder / "main.cf").write_text("compatibility_level = 3.6\n")
        own = subprocess.Popen([MTASTS, "policyd", "--no-config", "--quiet"], stdout=subprocess.DEVNULL)
        try:
            def answer():
                return subprocess.run(["postmap", "-c", folder, "-q", "healthy.example",
                                       "socketmap:inet:127.0.0.1:8461:postfix"], capture_output=True, text=True).stdout
            wait_until(lambda: answer() == secure("healthy.example") + "\n", "the default address")
        finally:
            own.terminate()
            demand(own.wait(10) == 0, "it ends well")


# ---- what it knows, and why --------------------------------------------------------------------------------------

def asks(own, *words, status=0, control=True):
    """A subcommand that asks the daemon; what it prints."""
    where = ["--control", str(own.folder / "control")] if control else []
    done = subprocess.run([MTASTS, "policyd", *words, *where, "--no-config", *own.options_of_client], capture_output=True,
                          text=True, timeout=120, env={**os.environ, "LC_ALL": "C"})
    demand(done.returncode == status, " ".join(words), done)
    return done.stdout


@contextlib.contextmanager
def asked(*options):
    with tempfile.TemporaryDirectory(prefix="policyd-") as folder:
        own = Daemon(pathlib.Path(folder), "--control", f"{folder}/control", *options)
        own.options_of_client = []
        own.start()
        try:
            yield own
        finally:
            own.process.kill()
            own.process.wait()


def documents(text):
    """As the schema says."""
    checker = schemas.Checker()
    lines = checker.lines("policyd", text)
    demand(not checker.faults, "the schema", checker.faults)
    return {line["domain"]: line for line in lines}


def case_explain():
    with asked() as own:
        demand(own.postmap("healthy.example") == secure("healthy.example"), "an answer")
        one = documents(asks(own, "explain", "--json", "Healthy.example"))["healthy.example"]
        demand(one["answer"] == "secure" and one["source"] == "daemon" and one["reason"] == "current" and
               one["record"]["seen"] == "found" and one["record"]["id"] == one["policy"]["id"] and
               one["policy"]["mode"] == "enforce" and one["policy"]["mx"] == ["mx.healthy.example"] and
               one["failure"] is None and one["dane"]["cover"] == "none" and one["findings"] == [] and
               one["replies"]["postfix"] == "OK " + secure("healthy.example") and
               one["policy"]["fetched"] < one["policy"]["expires"], "a healthy domain", one)
        broken = documents(asks(own, "explain", "--json", "policy-cert-expired.example"))
        broken = broken["policy-cert-expired.example"]
        demand(broken["answer"] == "none" and broken["reason"] == "paused" and
               broken["failure"]["why"] == "certificate" and broken["policy"] is None and
               {"code": "policy-cert-expired", "severity": "high"} in broken["findings"], "looked up when asked", broken)
        text = asks(own, "explain", "policy-cert-expired.example")
        demand("policy-cert-expired: " in text and "Source: the running daemon" in text and
               "the certificate of the policy host is not valid" in text, "in words", text)
        demand("used" in one and "used" not in broken, "explaining a domain is no use of it", (one, broken))
        here = documents(asks(own, "explain", "--json", "healthy.example", control=False))["healthy.example"]
        demand(here["source"] == "lookup" and here["replies"] == one["replies"], "without the daemon", here)
        asks(own, "explain", status=64)
        asks(own, "explain", "a b", status=64)
        asks(own, "explian", status=64)
        own.stop()
        asks(own, "explain", "healthy.example", status=70)  # --control says that there is one


def case_dump_and_purge():
    with asked() as own:
        names = ["healthy.example", "testing.example", "testing-dane.example", "nothing.example"]
        for name in names:
            own.postmap(name)
        found = documents(asks(own, "dump", "--json"))
        demand(sorted(found) == sorted(names) and {name: one["answer"] for name, one in found.items()} ==
               dict(zip(names, ("secure", "testing", "dane-only", "none"))), "all of them", found)
        lines = asks(own, "dump").splitlines()
        demand(len(lines) == 4 and any(re.match(r"healthy\.example answer=secure reason=current id=\S+ expires=2", line)
                                       for line in lines), "as text", lines)
        demand(asks(own, "purge", "healthy.example", "unknown.example") == "purged: 1\n", "one")
        demand("healthy.example" not in asks(own, "dump"), "it is forgotten")
        demand(own.postmap("healthy.example") == secure("healthy.example"), "and fetched again")
        asks(own, "purge", status=64)
        asks(own, "purge", "--all", "healthy.example", status=64)
        demand(asks(own, "purge", "--all") == "purged: 4\n" and asks(own, "dump") == "", "all")
        demand(own.postmap("healthy.example") == secure("healthy.example"), "and it goes on")


def case_warm():
    """What a list or a mail log names is looked up in advance, each domain once; long lists come page by page."""
    with asked() as own:
        many = [f"domain-{number}.example" for number in range(1500)]
        (own.folder / "list").write_text("# ours\n\nHealthy.example\n" + "\n".join(many) + "\nno name\n")
        said = asks(own, "warm", str(own.folder / "list"), status=64)
        demand(said == "looked up: 1501\n", "the list, but for a line", said)
        demand(len(asks(own, "dump").splitlines()) == 1501, "all are cached")
        own.postmap("healthy.example")
        (own.folder / "mail.log").write_text("".join(
            f"Nov 30 12:00:00 mail postfix/smtp[1]: A: to=<anna@{name}>, relay=none, delay=1\n"
            for name in ("testing.example", "TESTING.example", "three-mx.example", "healthy.example")) + "nonsense\n")
        demand(asks(own, "warm", "--from-log", str(own.folder / "mail.log")) == "looked up: 3\n", "a log")
        demand("three-mx.example answer=secure" in asks(own, "dump"), "it is cached")
        asks(own, "warm", status=64)
        asks(own, "warm", str(own.folder / "none"), status=70)
        own.stop()
        demand("key=" in own.said() and "three-mx" not in own.said(), "no mail server asked", own.said()[-500:])


def case_control():
    """Whoever is neither the user of the daemon nor root is not heard; nonsense harms nobody."""
    with asked() as own:
        path = own.folder / "control"
        demand(path.stat().st_mode & 0o777 == 0o600, "its mode", path.stat())
        with Talk(path) as talk:
            for request in ("explain", "explain a_b", "nothing healthy.example", "purge .", "more ."):
                seen = talk.ask(request)
                demand(seen in ("?", "") or seen.startswith("PERM"), request, seen)
            talk.send(b"x")
            demand(talk.read() is None, "broken framing")
        with Talk(path) as talk:
            talk.send(netstring("explain policy-host-silent.example"))
        path.chmod(0o666)
        own.folder.chmod(0o755)
        stranger = ("import socket; s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect('%s');"
                    "s.sendall(b'6:dump .,'); print(s.recv(100))" % path)
        for user, heard in (("root", True), ("nobody", False)):
            done = subprocess.run(["setpriv", "--reuid", user, "--clear-groups", "python3", "-c", stranger],
                                  capture_output=True, text=True)
            demand(("mtasts.policyd/1" in done.stdout) == heard, user, done)
        demand(own.postmap("healthy.example") == secure("healthy.example"), "it goes on")
        own.stop()
        demand(not path.exists(), "the path is taken away")


# ---- overrides ---------------------------------------------------------------------------------------------------

OVERRIDES = """# of this machine
healthy.example         none                        "their MX is being replaced"    never
nothing.example         secure=mx.nothing.example   "by contract"                   2999-12-31
three-mx.example        encrypt                     "over long ago"                 2020-01-01
testing-dane.example    no-dane                     "TLSA records are wrong"        never
testing.example         may                         "in testing only"               never
[relay.example]         secure=relay.example        "our relay"                     never
"""


def case_overrides():
    with tempfile.TemporaryDirectory(prefix="overrides-") as folder:
        path = pathlib.Path(folder) / "overrides"
        path.write_text(OVERRIDES)
        with asked("--overrides", str(path)) as own, Talk(own.path) as held:
            demand(held.ask("QUERY healthy.example") == "NOTFOUND ", "none")
            demand(own.postmap("nothing.example") == "secure match=mx.nothing.example servername=hostname", "secure")
            demand(own.postmap("three-mx.example").startswith("secure match=mx1."), "one that has expired")
            demand(own.postmap("testing-dane.example") == "", "without DANE")
            demand(own.postmap("[Relay.example]:25") == "secure match=relay.example servername=hostname", "a relay")
            demand(own.postmap("testing.example") == "may", "may")
            wait_until(lambda: own.postmap("testing.example") and "no longer needed: testing.example" in own.said(),
                       "what is not needed is said")
            one = documents(asks(own, "explain", "--json", "healthy.example"))["healthy.example"]
            demand(one["answer"] == "secure" and one["override"] ==
                   {"action": "none", "reason": "their MX is being replaced", "expires": None, "line": 2}, "explained", one)
            demand("Override: none, line 2" in asks(own, "explain", "healthy.example"), "in words")
            here = subprocess.run([MTASTS, "policyd", "explain", "--json", "--no-config", "--overrides", path,
                                   "nothing.example"], capture_output=True, text=True)
            demand(documents(here.stdout)["nothing.example"]["override"]["expires"] == "3000-01-01T00:00:00Z", "a lookup",
                   here)
            path.write_text("healthy.example may\n")
            own.process.send_signal(signal.SIGHUP)
            wait_until(lambda: f"--overrides {path}:1: expected a reason" in own.said(), "a broken file is refused")
            demand(held.ask("QUERY healthy.example") == "NOTFOUND ", "and the old one counts")
            path.write_text("nothing.example none \"x\" never\n")
            own.process.send_signal(signal.SIGHUP)
            wait_until(lambda: held.ask("QUERY healthy.example") == "OK " + secure("healthy.example"),
                       "a new one counts, on the connection that was there before")
            own.stop()
            demand("key=healthy.example map=QUERY answer=none override=2 domain=healthy.example" in own.said() and
                   f"--overrides {path}:4: expired: three-mx.example" in own.said() and " closed=0 " in own.said(), "the log",
                   own.said())
            path.write_text(OVERRIDES)
            listed = subprocess.run([MTASTS, "policyd", "overrides", "--no-config", "--overrides", path], text=True,
                                    capture_output=True).stdout.splitlines()
            demand(len(listed) == 6 and 'nothing.example secure "by contract" 2999-12-31' in listed and
                   'three-mx.example encrypt "over long ago" 2020-01-01 (expired)' in listed, "listed", listed)
            path.write_text("healthy.example may\n")
            for words in ([], ["overrides"]):
                done = subprocess.run([MTASTS, "policyd", *words, "--no-config", "--listen", f"unix:{folder}/s",
                                       "--overrides", path], capture_output=True, text=True, timeout=60)
                demand(done.returncode == 64, "a broken file at the start", done)


def case_configuration():
    """SIGHUP: overrides and --quiet of a file count at once; of the rest it is said that they do not; a fault changes
    nothing."""
    with tempfile.TemporaryDirectory(prefix="policyd-") as folder:
        folder = pathlib.Path(folder)
        file, first, second = folder / "conf", folder / "first", folder / "second"
        first.write_text('healthy.example none "x" never\n')
        second.write_text('healthy.example may "y" never\n')
        own = Daemon(folder)
        own.configuration = ["--config", str(file)]

        def again(text, said):
            file.write_text(f"[policyd]\n{text}\n")
            count = own.said().count(" connections=")
            own.process.send_signal(signal.SIGHUP)
            wait_until(lambda: own.said().count(" connections=") > count, "it was read")
            demand(said in own.said(), said, own.said())

        file.write_text("[policyd]\noverrides = first\n")
        own.start()
        try:
            with Talk(own.path) as held:
                demand(held.ask("QUERY healthy.example") == "NOTFOUND ", "the first file")
                again("overrides = second\nno-dane = yes\nquiet = yes", "no-dane: changed in the configuration file; takes")
                demand(held.ask("QUERY healthy.example") == "OK may" and "override=1 domain=healthy.example" in own.said() and
                       "answer=may" not in own.said(), "the second one, and quiet, on the same connection", own.said())
                again("overrides = first\nno-dane = perhaps", f"{file}:3: no-dane: expected yes or no")
                demand(held.ask("QUERY healthy.example") == "OK may" and "stays as it was" in own.said(), "as before")
                again("overrides = gone", f"{folder}/gone could not be read")
                demand(held.ask("QUERY healthy.example") == "OK may" and "answer=may" in own.said(), "not quiet any more")
                again("", "")
                demand(held.ask("QUERY healthy.example") == "OK " + secure("healthy.example"), "no overrides")
            own.stop()
            demand(" closed=0 " in own.said() and "listen: changed" not in own.said(), "nothing else", own.said())
        finally:
            own.process.kill()
            own.process.wait()


# ---- the mail server beside it ------------------------------------------------------------------------------------

HEALTHY = {"mail_version": "3.7.11", "smtp_tls_policy_maps": "socketmap:inet:127.0.0.1:8461:postfix",
           "smtp_tls_security_level": "dane", "smtp_dns_support_level": "dnssec", "smtp_tls_CApath": "/etc/ssl/certs",
           "queue_directory": "/var/spool/postfix"}


def said_of(folder, script, *options):
    """What the daemon says at its start, where postconf is this script; it starts in any case."""
    postconf = folder / "postconf"
    postconf.write_text(script)
    postconf.chmod(0o755)
    own = Daemon(folder, "--listen", "127.0.0.1:8461", *options)
    own.environment = {"PATH": f"{folder}:/usr/bin:/bin"}
    (folder / "out").unlink(missing_ok=True)
    own.start()
    wait_until(lambda: not others_of(own), "postconf is over")
    own.stop()
    return re.findall(r"^mtasts: (Postfix: .*)", own.said(), re.M)


def others_of(own):
    """The process that asks postconf, and postconf's: nobody's children, so that nobody waits for them."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes()
            if f"unix:{own.path}".encode() in words and int(path.parent.name) != own.process.pid:
                found.append(path.parent)
    return found


def case_postconf():
    """A fake postconf, whatever it does."""
    def prints(**changed):
        return "#!/bin/sh\n" + "".join(f"echo '{key} = {value}'\n" for key, value in {**HEALTHY, **changed}.items())

    with tempfile.TemporaryDirectory(prefix="policyd-") as folder:
        folder = pathlib.Path(folder)
        for script in (prints(), "#!/bin/sh\nexit 1\n", "#!/bin/sh\nkill -9 $$\n", "#!/bin/sh\nexit 0\n", "broken",
                       "#!/bin/sh\nhead -c 1000000 /dev/zero\n"):
            demand(said_of(folder, script) == [], "nothing to say", script)
        wrong = said_of(folder, prints(smtp_tls_policy_maps="socketmap:inet:127.0.0.1:8461:QUERYwithTLSRPT"))
        demand(len(wrong) == 1 and wrong[0].endswith("the map name for this version: postfix"), "the map name", wrong)
        other = said_of(folder, prints(smtp_tls_policy_maps=f"socketmap:unix:{folder}/socket:QUERYwithTLSRPT",
                                       mail_version="3.10.3", smtp_dns_support_level=""))
        demand(len(other) == 2 and "3.10.5" in other[0] and "smtp_dns_support_level" in other[1], "by path", other)
        demand(len(said_of(folder, prints(smtp_dns_support_level=""), "--no-dane")) == 0, "without DANE")
        demand(said_of(folder, "#!/bin/sh\nif [ $1 = -M ]; then exit 1; fi\n" +
                       prints(smtp_tls_connection_reuse="yes")) != [], "no tlsproxy")
        answers_while_postconf_hangs(folder)


def answers_while_postconf_hangs(folder):
    """It is still asked after the first answer, and given up in the end."""
    (folder / "postconf").write_text(f"#!/bin/sh\necho >{folder}/asked\nsleep 1000\n")
    own = Daemon(folder)
    own.environment = {"PATH": f"{folder}:/usr/bin:/bin"}
    own.start()
    wait_until((folder / "asked").exists, "postconf is asked")
    demand(own.answers() and others_of(own), "an answer while postconf hangs")
    wait_until(lambda: not others_of(own), "postconf is given up")
    own.stop()


def case_real_postfix():
    """The postconf of this machine's Postfix, over a configuration of our own."""
    real = subprocess.run(["sh", "-c", "PATH=$PATH:/usr/sbin command -v postconf"], capture_output=True, text=True)
    with tempfile.TemporaryDirectory(prefix="policyd-") as folder:
        folder = pathlib.Path(folder)
        config = folder / "config"
        config.mkdir()
        (config / "master.cf").write_text("smtp unix - - n - - smtp\n")

        def said(**settings):
            (config / "main.cf").write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
            return said_of(folder, f'#!/bin/sh\nexec {real.stdout.strip()} -c {config} "$@"\n')

        good = {"compatibility_level": "3.6", "smtp_tls_security_level": "dane", "smtp_dns_support_level": "dnssec",
                "smtp_tls_CAfile": "/etc/ssl/certs/ca-certificates.crt",
                "maps": "socketmap:inet:127.0.0.1:8461:postfix", "smtp_tls_policy_maps": "$maps"}
        demand(said(**good) == [], "a good configuration, with a value of another setting", said(**good))
        attributes = said(**{**good, "maps": "socketmap:inet:127.0.0.1:8461:QUERYwithTLSRPT"})
        demand(len(attributes) == 1 and "QUERYwithTLSRPT" in attributes[0], "attributes", attributes)
        bare = said(compatibility_level="3.6")
        demand(len(bare) == 3, "Debian's defaults: not asked, no level, no CA", bare)
        proxy = said(**good, smtp_tls_connection_reuse="yes")
        demand(len(proxy) == 1 and "tlsproxy" in proxy[0], "tlsproxy", proxy)
        (config / "master.cf").write_text("smtp unix - - n - - smtp\ntlsproxy unix - - n - 0 tlsproxy\n")
        demand(said(**good, smtp_tls_connection_reuse="yes") == [], "it is there")


# ---- whose fault it is -------------------------------------------------------------------------------------------

FAILS = ("policy-cert-expired.example", "policy-host-refused.example", "policy-host-missing.example")


@contextlib.contextmanager
def behind(wall, *options):
    """The daemon on a network that hides something, and a socket where the collector would listen."""
    with tempfile.TemporaryDirectory(prefix="policyd-") as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as events:
        folder = pathlib.Path(folder)
        events.bind(str(folder / "events"))
        events.setblocking(False)
        own = Daemon(folder, "--collector", f"unix:{folder}/events", "--control", f"{folder}/control", *options)
        own.options_of_client = []
        own.events = lambda: received(events)
        own.environment = {"https_proxy": "http://127.0.0.1:3128"} if "proxy" in wall else {}
        own.start(command=(TOP / "lab/behind", wall) if wall else ())
        try:
            yield own
        finally:
            for child in children(own.process.pid):  # lab/behind waits for it
                os.kill(child, signal.SIGKILL)
            own.process.kill()
            own.process.wait()


def children(pid):
    with contextlib.suppress(OSError):
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def received(events):
    seen = []
    with contextlib.suppress(BlockingIOError):
        while True:
            seen.append(json.loads(events.recv(65536)))
    return seen


def case_our_own_place():
    """What a wall of our own network breaks is told once, of no domain, and to no collector."""
    for wall, said in (("intercept", "TLS connections are intercepted (CN=Lab TLS Inspection CA"), ("no-443-reject", "on port 443"),
                       ("proxy-refuses", "no host can be reached"), ("clock-year-ahead", "the clock of this machine is wrong")):
        with behind(wall) as own:
            for domain in ("healthy.example", *FAILS):
                own.postmap(domain)
            wait_until(lambda: "no policy can be fetched from this machine: " in own.said(), f"{wall}: our own trouble")
            time.sleep(0.5)
            demand(own.said().count("no policy can be fetched") == 1 and said in own.said(), wall, own.said())
            demand(own.events() == [] and "could not be fetched: " not in own.said(), f"{wall}: no domain is blamed", own.said())


def case_events_of_mail():
    """Events are of domains that a mail server has asked for, and of what an override lets count."""
    explained, overridden, asked_for = FAILS
    with tempfile.NamedTemporaryFile("w") as overrides:
        overrides.write(f'{overridden} none "it is being repaired" never\n')
        overrides.flush()
        with behind((), "--overrides", overrides.name) as own:
            asks(own, "explain", explained)
            demand(own.postmap(overridden) == "", "the override")
            wait_until(lambda: own.said().count("could not be fetched: ") == 2, "both have failed", 20)
            own.postmap(asked_for)
            wait_until(lambda: own.said().count("could not be fetched: ") == 3, "so has the third", 20)
            seen = []
            wait_until(lambda: seen.extend(own.events()) or seen, "an event")
            demand([event["d"] for event in seen] == [asked_for], "of no other", seen)


def case_one_family():
    """A policy host that has only addresses of a family for which there is no route here says nothing of its domain."""
    with behind("no-ipv6") as own:
        for domain in ("here-no-ipv6-only-ipv6.example", *FAILS):
            own.postmap(domain)
        wait_until(lambda: own.said().count("could not be fetched: ") == len(FAILS), "the others are blamed", 20)
        own_fetch = re.search(r"^key=here-no-ipv6-only-ipv6.example .*", own.said(), re.M)
        demand("fetch=local" in own_fetch[0] and "here-no-ipv6-only-ipv6.example: " not in own.said(), "one family", own.said())


def case_metrics():
    def metrics():
        with urllib.request.urlopen("http://127.0.0.1:8462/metrics", timeout=20) as answer:
            return dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if line[0] != "#")

    with daemon("--listen", "metrics=127.0.0.1:8462") as own:
        before = metrics()
        demand(own.postmap("healthy.example") == secure("healthy.example"), "an answer")
        own.postmap('a{b="c"} 7.example')
        own.postmap("policy-host-missing.example")
        wait_until(lambda: float(metrics()["mtasts_policyd_fetch_failures_total"]) > 0, "whose fault it was is known")
        after = metrics()

        def rise(name):
            return float(after[name]) - float(before[name])
        demand(rise('mtasts_policyd_answers_total{answer="secure"}') == 1 and
               rise("mtasts_policyd_requests_total") >= 3 and rise("mtasts_policyd_fetch_failures_total") == 1 and
               rise("mtasts_policyd_local_failures_total") == float(after["mtasts_policyd_local_trouble"]) == 0 and
               rise("mtasts_policyd_domains") == 2 and
               rise('mtasts_policyd_answer_seconds_bucket{le="+Inf"}') == rise("mtasts_policyd_answer_seconds_count") ==
               rise("mtasts_policyd_requests_total"), "counted", after)
        demand(before.keys() == after.keys(), "no series by what a client sends", after.keys() - before.keys())
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen("http://127.0.0.1:8462/", timeout=20)
            demand(False, "no other page")
        own.stop()


def case_socket_access():
    with daemon("--socket-mode", "0660", "--socket-user", "nobody", "--socket-group", "mail") as own:
        status = own.path.stat()
        demand((status.st_mode & 0o777, status.st_uid, status.st_gid) ==
               (0o660, pwd.getpwnam("nobody").pw_uid, grp.getgrnam("mail").gr_gid), "whose it is", status)
        own.stop()
    with daemon() as own:
        demand(own.path.stat().st_mode & 0o777 == 0o666, "everybody may connect", own.path.stat())
        own.stop()
    for options in (["--socket-mode", "0999"], ["--socket-mode", "7777"], ["--socket-mode", "66"],
                    ["--socket-user", "no such user"], ["--socket-group", "no such group"]):
        with tempfile.TemporaryDirectory(prefix="policyd-") as folder:
            done = subprocess.run([MTASTS, "policyd", "--no-config", "--listen", f"unix:{folder}/socket", *options],
                                  capture_output=True, text=True, timeout=60)
            demand(done.returncode == 64 and options[0] in done.stderr, "wrong usage", done)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    sys.exit(cases.run(cases.named(sys.modules[__name__], sys.argv[1:])))
