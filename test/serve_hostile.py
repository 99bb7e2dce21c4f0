#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts serve among clients that mean it no good: it goes on answering others, within bounded memory, and in
the end no connection of theirs is left.

usage: serve_hostile.py MTASTS FAST_CLOCK [CASE...]

Each case has a service of its own on this machine.  Its time goes ten times as fast (test/fast_clock.c), so that
a deadline of 30 s is one of 3; whether it ends at all decides, not when."""

import contextlib
import os
import pathlib
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
from service import free_port  # noqa: E402

MTASTS, CLOCK = sys.argv[1:3]
FAST = 10
HOST = "127.0.0.1"
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PAGE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
PATIENCE = 90  # seconds: for what is to happen at all
MEMORY = 128  # MiB that hostile clients may cost: 1 MB of answers for each of 20, twice that while a buffer grows


def demand(truth, what):
    if not truth:
        raise AssertionError(what)


class Service:
    """One that listens on this machine, its time made fast."""

    def __init__(self, files=None, fast=FAST):
        self.port = free_port()
        self.folder = tempfile.mkdtemp(prefix="mtasts-hostile-")
        self.log = open(os.path.join(self.folder, "log"), "w+b")

        def limits():
            if files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        self.silence = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # a resolver that never answers
        self.silence.bind((HOST, 0))
        env = {**os.environ, "FAST": str(fast), "LD_PRELOAD": CLOCK, "LC_ALL": "C"}
        self.process = subprocess.Popen(
            [MTASTS, "serve", "--listen", f"{HOST}:{self.port}", "--store", os.path.join(self.folder, "store.db"),
             "--resolver", f"{HOST}@{self.silence.getsockname()[1]}", "--timeout", str(2 * fast)],
            stdout=self.log, stderr=self.log, env=env, preexec_fn=limits)
        wait_for(self.answers, "the service starts", self)
        self.before = self.memory()

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        alive = self.process.poll() is None
        self.process.terminate()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "killed"
        self.log.seek(0)
        text = self.log.read().decode(errors="replace")
        self.log.close()
        self.silence.close()
        shutil.rmtree(self.folder)
        if kind is None:
            demand(alive and status == 0, f"it ended with {status}: {text}")

    def connect(self, timeout=PATIENCE, small=False):
        s = socket.socket()
        if small:  # a reader that the service has to wait for
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.settimeout(timeout)
        s.connect((HOST, self.port))
        return s

    def ask(self, request=PAGE, timeout=PATIENCE):
        with self.connect(timeout) as s:
            s.sendall(request)
            return everything(s)

    def answers(self):
        """Another client, who wants nothing but a page."""
        try:
            return self.ask().startswith(b"HTTP/1.1 200 ")
        except OSError:
            return False

    def memory(self):
        """MiB that it holds."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0

    def connections(self):
        """Of peers, as the kernel counts them."""
        wanted = f"0100007F:{self.port:04X}"
        rows = [line.split() for line in open("/proc/net/tcp")][1:]
        return sum(row[1] == wanted and row[3] != "0A" and row[9] != "0" for row in rows)

    def stays_well(self):
        demand(self.answers(), "another client gets an answer")
        grown = self.memory() - self.before
        demand(grown < MEMORY, f"memory grew by {grown:.0f} MiB")

    def ends_well(self):
        self.stays_well()
        wait_for(lambda: self.connections() == 0, "all connections are closed", self)


def wait_for(truth, what, service=None):
    end = time.monotonic() + PATIENCE
    while not truth():
        demand(time.monotonic() < end, f"not within {PATIENCE} s: {what}")
        demand(not service or service.process.poll() is None, f"it has ended before: {what}")
        time.sleep(0.05)


def everything(s):
    """All that comes until the peer closes; a reset is an end too."""
    data = b""
    try:
        while piece := s.recv(65536):
            data += piece
    except ConnectionError:
        pass
    return data


def closed(sockets):
    """Waits until the service has closed all of them; what they got is thrown away."""
    left = set(sockets)
    end = time.monotonic() + PATIENCE
    while left and time.monotonic() < end:
        for s in select.select(list(left), [], [], 0.2)[0]:
            try:
                gone = not s.recv(65536)
            except OSError:
                gone = True
            if gone:
                left.discard(s)
                s.close()
    return not left


# ---- shapes ------------------------------------------------------------------------------------------

def decode(text):
    text = re.sub(r"<(\d+)\*([^>]*)>", lambda m: m[2] * int(m[1]), text)
    plain = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0"}
    return re.sub(rb"\\(x..|.)", lambda m: bytes([int(m[1][1:], 16)]) if m[1][:1] == b"x" else plain.get(m[1], m[1]),
                  text.encode())


def shapes():
    for line in open(TOP / "src/http/shapes.tsv"):
        if not line.startswith("#"):
            name, answers, text = line.rstrip("\n").split("\t")
            yield name, answers.split(), decode(text.replace("Host: a\\r", "Host: 127.0.0.1\\r"))


def answers_of(data):
    """The status of each answer, in turn: an interim one does not count."""
    found = []
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        match = re.match(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n", head + b"\r\n")
        demand(match and end, f"an answer is none: {head[:200]}")
        if match[1] == b"100":
            continue
        found.append(match[1].decode())
        length = re.search(rb"(?im)^content-length: (\d+)\r?$", head)
        demand(length, f"an answer has no length: {head[:200]}")
        data = data[int(length[1]):]
    return found


def try_shape(service, name, wanted, text):
    with service.connect() as s:
        try:
            s.sendall(text)
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has closed already
        found = answers_of(everything(s))
    refused = wanted[-1] if wanted[-1].isdigit() else None
    passes = wanted.count("passes")
    demand(len(found) <= passes + bool(refused), f"{name}: more answers than requests: {found}")
    if refused and not passes:
        demand(found == [refused], f"{name}: {found} in place of {refused}")
    if passes and "waits" not in wanted:
        demand(found, f"{name}: no answer")
    demand("500" not in found, f"{name}: {found}")


def case_shapes():
    """Each gets the answer of the table, and no smuggled request gets one."""
    with Service() as service:
        for name, wanted, text in shapes():
            try_shape(service, name, wanted, text)
        service.ends_well()


# ---- slow ones ---------------------------------------------------------------------------------------

def drip(sockets, byte, stop):
    """A byte to each, now and then, as long as they take it."""
    while not stop.wait(0.1):
        for s in sockets:
            try:
                s.send(byte)
            except OSError:
                pass


def slowly(begin, byte, count):
    with Service() as service:
        sockets = [service.connect() for _ in range(count)]
        for s in sockets:
            s.sendall(begin)
        stop = threading.Event()
        thread = threading.Thread(target=drip, args=(sockets, byte, stop))
        thread.start()
        try:
            service.stays_well()
            demand(closed(sockets), "a client that never comes to an end is closed")
        finally:
            stop.set()
            thread.join()
        service.ends_well()


def case_slow_head():
    slowly(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", b"y", 200)


def case_slow_fields():
    slowly(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X: y\r\n", 50)


def case_slow_body():
    slowly(b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n", b"y", 200)


def case_silent():
    """Connected, and then nothing."""
    slowly(b"", b"", 300)


def case_slow_reader():
    """Asks a thousand times and reads none of the answers."""
    with Service() as service:
        sockets = [service.connect(small=True) for _ in range(20)]
        for s in sockets:
            s.setblocking(False)
        stop = threading.Event()

        def send():
            while not stop.is_set():
                for s in sockets:
                    try:
                        s.send(GET * 100)
                    except OSError:
                        pass
                time.sleep(0.01)

        thread = threading.Thread(target=send)
        thread.start()
        try:
            for _ in range(5):
                service.stays_well()
                time.sleep(0.2)
            wait_for(lambda: service.connections() == 0, "who does not read is closed", service)
        finally:
            stop.set()
            thread.join()
        for s in sockets:
            s.close()
        service.ends_well()


# ---- who sends no more, and who is gone --------------------------------------------------------------

def post(path, body, version=b"1.1"):
    return (b"POST %s HTTP/%s\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (path, version, len(body), body))


LINT = b"/api/v1/lint", b'{"policy":"version: STSv1"}'  # a job
SLOW = b"/api/v1/checks", b'{"domain":"slow.example","wait":20}'  # some seconds, of a resolver that never answers


def half_closed(service, request):
    with service.connect() as s:
        s.sendall(request)
        s.shutdown(socket.SHUT_WR)
        return everything(s)


def case_half_closed():
    """Who ends their side behind the request gets the answer, however long it takes (RFC 9112 9.6)."""
    with Service() as service:
        for name, request, wanted in (("a job", post(*LINT), ["200"]),
                                      ("several", post(*LINT) * 3 + GET, ["200"] * 4),
                                      ("one that waits", post(*SLOW), ["200"]),
                                      ("one that waits, and others", post(*SLOW) + post(*LINT) + GET, ["200"] * 3),
                                      ("a body that is not complete", post(*LINT)[:-1], [])):
            found = answers_of(half_closed(service, request))
            demand(found == wanted, f"{name}: {found} in place of {wanted}")
        old = half_closed(service, post(*LINT, version=b"1.0"))
        demand(old.startswith(b"HTTP/1.1 200 "), f"HTTP/1.0 knows no interim answer: {old[:100]}")
        service.ends_well()


def case_half_closed_stream():
    """Events go on to their end, too."""
    with Service() as service:
        answer = service.ask(b"POST /api/v1/checks HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                             b"Content-Type: application/json\r\nContent-Length: 25\r\n\r\n" + b'{"domain":"slow.example"}')
        match = re.search(rb'"id":"(\w+)"', answer)
        demand(match, f"the check begins: {answer[:300]}")
        data = half_closed(service, b"GET /api/v1/checks/%s/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % match[1])
        demand(b'"state":"done"' in data and data.endswith(b"0\r\n\r\n"), f"the last event: {data[-300:]}")
        service.ends_well()


def children_of(pid):
    found = set()
    with contextlib.suppress(OSError):  # it has just ended
        for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
            found |= set(map(int, (thread / "children").read_text().split()))
    return found


def parsers_of(service):
    """The processes that read uploads: they are begun by another, which the service began before it had secrets."""
    return set().union(*map(children_of, children_of(service.process.pid)))


def stop_new(service, others):
    """Stops the next process that reads, which so hangs; its number."""
    wait_for(lambda: parsers_of(service) - others, "an upload is read", service)
    (number,) = parsers_of(service) - others
    os.kill(number, signal.SIGSTOP)
    return number


def large_upload():
    """Some seconds to read: 60,000 reports, or what of them is read by then."""
    line = ('{"organization-name":"S","report-id":"%d","contact-info":"a@b.example","date-range":{"start-datetime":'
            '"2026-11-01T00:00:00Z","end-datetime":"2026-11-01T23:59:59Z"},"policies":[]}\n')
    return "".join(line % number for number in range(60000)).encode()


def go(s, reset):
    if reset:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    s.close()


def case_gone_while_it_is_read():
    """Who is gone does not want the answer: each of the two that read is free before the 20 s of an upload are over."""
    body = large_upload()
    with Service(fast=1) as service:
        for reset in True, False:
            others, begun, sockets = parsers_of(service), time.monotonic(), []
            for _ in range(2):
                sockets.append(service.connect())
                sockets[-1].sendall(post(b"/api/v1/reports/read", body))
                others.add(stop_new(service, others))
            for s in sockets:
                go(s, reset)
            wait_for(lambda: not parsers_of(service) & others, "nothing reads for who is gone", service)
            demand(time.monotonic() - begun < 20, f"{'reset' if reset else 'closed'}: they were read to their deadline")
        service.ends_well()


# ---- many --------------------------------------------------------------------------------------------

def case_idle_beyond_the_limit():
    """More idle connections than there may be: the oldest go, and others are answered."""
    with Service(files=340, fast=1) as service:
        sockets = []
        for _ in range(400):
            sockets.append(service.connect())
            sockets[-1].sendall(GET)
        for _ in range(5):
            service.stays_well()
        demand(service.connections() < 340, "no more than it may have")
        for s in sockets:
            s.close()
        service.ends_well()


def case_busy_beyond_the_limit():
    """All that it may have are busy: others are told so, and get their turn."""
    with Service(files=340) as service:
        sockets = []
        for _ in range(400):
            try:
                sockets.append(service.connect())
                sockets[-1].sendall(b"GET / HTTP/1.1\r\nHost:")
            except OSError:
                pass
        wait_for(service.answers, "another client gets its turn", service)
        demand(closed(sockets), "they are closed at their deadline")
        service.ends_well()


def case_flood():
    """Connections as fast as they go, each ended in its own way."""
    with Service() as service:
        for i in range(2000):
            s = service.connect()
            if i % 3:
                s.sendall([b"", GET, b"\0" * 100][i % 3])
            if i % 2:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset
            s.close()
        service.ends_well()


def case_pipelined_without_end():
    with Service() as service:
        with service.connect() as s:
            count = 3000
            sender = threading.Thread(target=lambda: s.sendall(GET * count))
            sender.start()
            data = b""
            while data.count(b"HTTP/1.1 200 ") < count:
                piece = s.recv(65536)
                demand(piece, "the answers come in turn to the last")
                data += piece
            sender.join()
        service.ends_well()


def case_followers_who_do_not_read():
    """A check that takes its time, and a crowd that opens its events and lets them lie."""
    with Service() as service:
        body = b'{"domain":"slow.example"}'
        answer = service.ask(b"POST /api/v1/checks HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                             b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        match = re.search(rb'"id":"(\w+)"', answer)
        demand(match, f"the check begins: {answer[:300]}")
        sockets = [service.connect(small=True) for _ in range(200)]
        for s in sockets:
            s.sendall(b"GET /api/v1/checks/%s/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % match[1])
        service.stays_well()
        demand(closed(sockets), "the streams end with the check, or are dropped")
        service.ends_well()


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return cases.run(cases.named(sys.modules[__name__], sys.argv[3:]), beside=4)


if __name__ == "__main__":
    sys.exit(main())
