#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What reads the reports of strangers for mtasts serve has no secret of the service in its memory.

usage: serve_secrets.py MTASTS [CASE...]        (run by the tests; needs root, who may read memory)"""

import base64
import contextlib
import gzip
import http.client
import os
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import tempfile

from cryptography.hazmat.primitives import serialization

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
import serve_post  # noqa: E402
from imap import make_certificate  # noqa: E402
from mailbox_mails import demand, mail, report  # noqa: E402
from service import wait_until  # noqa: E402

MTASTS = None


def forms_of(path):
    """How a private key may lie in memory: lines of its file, and its number with either end first."""
    text = path.read_bytes()
    number = serialization.load_pem_private_key(text, None).private_numbers().private_value.to_bytes(32, "big")
    der = base64.b64decode(b"".join(text.splitlines()[1:-1]))
    return {"PEM": text.splitlines()[1], "DER": der[30:62], "number": number, "number, low end first": number[::-1]}


def memory_of(pid):
    """What of it can be read, piece by piece."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            begin, end, rights = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            with contextlib.suppress(OSError, ValueError, OverflowError):
                if rights[0] == "r":
                    memory.seek(int(begin, 16))
                    yield memory.read(int(end, 16) - int(begin, 16))


def found_in(pid, forms):
    pieces = list(memory_of(pid))
    demand(sum(map(len, pieces)) > 1 << 20, f"the memory of {pid} can be read")
    return {name for name, form in forms.items() if any(form in piece for piece in pieces)}


def descendants(pid):
    with contextlib.suppress(OSError):  # it has just ended
        for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


class Service(serve_post.Service):
    def __init__(self, folder):
        make_certificate(folder)
        self.certificate = folder / "cert.pem"
        self.context = ssl.create_default_context(cafile=folder / "cert.pem")
        super().__init__(MTASTS, folder / "store.db", "--any-domain", "--tls-certificate", folder / "cert.pem", "--tls-key",
                         folder / "key.pem")

    def connect(self, client="127.0.0.1", port=None):
        return http.client.HTTPSConnection("127.0.0.1", port or self.port, timeout=60, source_address=(client, 0),
                                           context=self.context)


@contextlib.contextmanager
def stopped_readers(own, known):
    """What reads an upload, held where it is as long as the client waits; none: it was over before."""
    readers = set()
    with subprocess.Popen([sys.executable, "-c", UPLOAD, str(own.port), str(own.certificate)], stdin=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as upload:
        upload.stdin.write(large_mbox())
        upload.stdin.close()
        while upload.poll() is None and not readers:
            readers = set(descendants(own.process.pid)) - known
            for pid in readers:
                os.kill(pid, signal.SIGSTOP)
        try:
            yield readers
        finally:
            upload.kill()


def found_in_reader(own, known, forms):
    """A list of what one has that reads an upload; []: it was over before all was searched."""
    with contextlib.suppress(OSError), stopped_readers(own, known) as readers:
        return [found_in(pid, forms) for pid in list(readers)[:1]]
    return []


def large_mbox():
    return gzip.compress(b"".join(b"From a@b.example Mon Nov 23 15:00:00 2026\r\n" + mail(n) for n in range(20000)), 1)


def case_the_key_is_nowhere_but_in_the_service():
    with tempfile.TemporaryDirectory(prefix="secrets-") as folder:
        folder = pathlib.Path(folder)
        own = Service(folder)
        try:
            forms = forms_of(folder / "key.pem")
            demand(found_in(own.process.pid, forms), "the service has it, and so it can be found")
            (spawner,) = descendants(own.process.pid)
            demand(own.post(report(1))[0] == 201, "a report by POST")
            posts = set(descendants(own.process.pid)) - {spawner}
            demand(posts, "is read by a process of its own")
            for pid in {spawner} | posts:
                found = found_in(pid, forms)
                demand(not found, f"{'the spawner' if pid == spawner else 'a reader'} has the key: {found}")
            found = wait_until(lambda: found_in_reader(own, posts | {spawner}, forms), "the reader of an upload is searched")
            demand(found == [set()], f"it has the key: {found}")
        finally:
            own.kill()


UPLOAD = """
import ssl, sys, urllib.request
wish = urllib.request.Request(f"https://127.0.0.1:{sys.argv[1]}/api/v1/reports/read", sys.stdin.buffer.read(),
                              {"Content-Type": "application/octet-stream"})
urllib.request.urlopen(wish, timeout=60, context=ssl.create_default_context(cafile=sys.argv[2]))
"""


def case_a_spawner_that_was_killed_is_done_without():
    with tempfile.TemporaryDirectory(prefix="secrets-") as folder:
        own = Service(pathlib.Path(folder))
        try:
            demand(own.post(report(1))[0] == 201, "before")
            (spawner,) = [pid for pid in descendants(own.process.pid) if parent_of(pid) == own.process.pid]
            os.kill(spawner, signal.SIGKILL)
            demand(own.post(report(2))[0] == 201, "after")
            demand(own.post(report(1))[0] == 200, "and again")
        finally:
            own.kill()


def parent_of(pid):
    return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def main(args):
    global MTASTS
    MTASTS = os.path.abspath(args[0])
    if os.geteuid() != 0:
        print("serve_secrets: needs root: left out")
        return 77
    return cases.run(cases.named(sys.modules[__name__], args[1:]), beside=2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
