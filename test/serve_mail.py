#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts serve with all ways in at once: POST, mailboxes of Dovecot, LMTP.

Runs in the lab:  lab/enter test/serve_mail.py [--kills N] [CASE...].  --kills: how often the service is killed at
work."""

import concurrent.futures
import contextlib
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
import imap  # noqa: E402
import serve_post  # noqa: E402
import stores  # noqa: E402
from lmtp import Talk  # noqa: E402
from mailbox_mails import demand, foreign, ids_of, mail, report, stored, wait_until  # noqa: E402

MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
KILLS = 10
MAILS, POSTS = 20, 30  # new ones beside each kill
PORTS = iter(range(15000, 15990, 10))


class Service(serve_post.Service):
    """The web service, with a Dovecot of its own; more are keys of the account."""

    def __init__(self, folder, backend=None, **keys):
        folder.chmod(0o755)
        self.mail = imap.Dovecot(folder / "server", next(PORTS)).start()
        self.at = imap.Setting(folder, self.mail, **keys)
        self.socket = folder / "lmtp"
        super().__init__(MTASTS, backend.fresh() if backend else folder / "store.db", "--any-domain", "--account", "all",
                         "--accounts", self.at.accounts, "--lmtp", f"unix:{self.socket}", "--ca-file",
                         self.mail.folder / "cert.pem")
        self.backend = backend

    def lmtp(self, text):
        """The code; 0: it hung up."""
        try:
            with Talk(self.socket) as talk:
                talk.envelope()
                return talk.say(text + b".\r\n")[0][0]
        except (OSError, AssertionError):
            return 0

    def stored(self):
        if not self.backend:
            return stored(self.store)
        return sorted(self.backend.texts(self.store, "SELECT report_id FROM report"))

    def sessions(self):
        """Of all days: reports, and sessions that went well."""
        (sums,) = self.backend.texts(self.store, "SELECT SUM(reports) || ' ' || SUM(successful) FROM session_day")
        return tuple(map(int, sums.split()))


@contextlib.contextmanager
def service(**keys):
    with tempfile.TemporaryDirectory(prefix="ways-") as folder:
        own = Service(pathlib.Path(folder), **keys)
        try:
            yield own
        finally:
            own.kill()
            own.mail.stop()


def case_all_ways_at_once():
    with service(**{"move-to": "Read", "quarantine": "Bad"}) as own:
        own.mail.deliver("one", [mail(n) for n in range(30)] + [foreign(1), mail(9001, "{")])
        demand(own.lmtp(mail(100)) == 250 and own.lmtp(foreign(2)) == 250, "LMTP")
        demand(own.post(report(200))[0] == 201, "POST")
        wait_until(lambda: len(own.mail.ids("one", "Read")) == 30 and len(own.mail.ids("one")) == 1, "the mailbox is read")
        demand(own.stored() == ids_of([*range(30), 100, 200]), "each once", own.stored())
        demand(own.mail.ids("one") == ["f1"] and own.mail.ids("one", "Bad") == ["9001"], "the others")
        sources = {row[0].split(":")[0] for row in own.at.rows("SELECT source FROM report")}
        demand(sources == {"imap", "lmtp", "https"}, sources)
        trust = {row[0] for row in own.at.rows("SELECT trust FROM report WHERE source NOT LIKE 'https:%'")}
        demand(trust == {"unsigned"}, "DKIM is judged", trust)


def case_accounts_are_read_again():
    """At SIGHUP; a file that is wrong then changes nothing."""
    with service() as own:
        own.mail.deliver("two", [mail(1)])
        own.at.write("second", user="two")
        own.process.send_signal(signal.SIGHUP)
        wait_until(lambda: own.stored() == ids_of([1]), "the new account")
        own.at.accounts.write_text("[main\n")
        own.process.send_signal(signal.SIGHUP)
        own.mail.deliver("two", [mail(2)])
        wait_until(lambda: own.stored() == ids_of([1, 2]), "goes on")


def case_a_mailbox_that_fails_is_tried_again():
    with service() as own:
        for child in own.mail.children():
            os.kill(child, signal.SIGKILL)
        own.mail.deliver("one", [mail(1)])
        demand(own.post(report(2))[0] == 201, "POST goes on")
        wait_until(lambda: own.stored() == ids_of([1, 2]), "after its session was killed", 90)


# ---- killed ----------------------------------------------------------------------------------------------------

class Senders:
    """Who sends reports by POST and by LMTP until they are confirmed, and by mail into the mailbox."""

    def __init__(self, own, pool):
        self.own, self.pool = own, pool
        self.sent, self.confirmed, self.again, self.client = 0, set(), [], 0
        self.mails, self.repeated, self.at_work = set(), 0, 0

    def some(self, count):
        numbers = range(self.sent, self.sent + count)
        self.sent += count
        return list(numbers)

    def ask(self, n):
        """Even numbers by POST, each from an address of its own, since one may not send so many."""
        if n % 2:
            return self.pool.submit(self.own.lmtp, mail(n))
        self.client += 1
        return self.pool.submit(lambda client: self.own.post(report(n), client=client)[0], serve_post.client(self.client))

    def round(self):
        mails = self.some(MAILS)
        self.mails |= set(mails)
        self.own.mail.deliver("one", [mail(n) for n in mails])
        self.repeated += len(self.again)
        return [(n, self.ask(n)) for n in self.again + self.some(POSTS)]

    def settle(self, answers):
        self.again = []
        for n, answer in answers:
            if answer.result() in (200, 201, 250):
                self.confirmed.add(n)
            else:
                self.again.append(n)
        self.at_work += bool(self.again)


def kill_at_some_moment(own, senders):
    answers = senders.round()
    time.sleep(random.random() * 0.5)
    own.kill()
    senders.settle(answers)
    there = own.stored()
    demand(set(ids_of(senders.confirmed)) <= set(there), "what was confirmed is there")
    demand(set(own.mail.ids("one", "Read")) <= {i.rsplit("-", 1)[1] for i in there}, "what was moved is there")
    own.start()


def all_is_there_once(own, senders):
    while senders.again:
        senders.settle([(n, senders.ask(n)) for n in senders.again])
    wait_until(lambda: own.mail.ids("one") == [], "all are moved", 60)
    numbers = range(senders.sent)
    demand(len(own.mail.ids("one", "Read")) == len(senders.mails), "each mail is there")
    demand(own.stored() == ids_of(numbers), "each report is there, once")
    demand(own.sessions() == (len(numbers), sum(numbers)), "and counts once", own.sessions())


def killed(backend):
    """What was confirmed or moved is there, and nothing twice, neither as a report nor in the sums of its day."""
    with service(backend=backend, **{"move-to": "Read"}) as own, concurrent.futures.ThreadPoolExecutor(8) as pool:
        senders = Senders(own, pool)
        for _ in range(KILLS):
            kill_at_some_moment(own, senders)
        all_is_there_once(own, senders)
        print(f"{backend.name}: {KILLS} kills, {senders.at_work} of them before all was confirmed; {senders.sent} reports, "
              f"{len(senders.mails)} of them by mail; {senders.repeated} sent again; none lost, none twice")


def case_killed_at_any_moment():
    with tempfile.TemporaryDirectory(prefix="killed-") as folder:
        killed(stores.Sqlite(folder))


def case_killed_at_any_moment_with_postgresql():
    if not stores.Postgres.installed():
        print("serve_mail: needs PostgreSQL: left out")
        return
    backend = stores.Postgres()
    try:
        killed(backend)
    finally:
        backend.close()


def main(args):
    global KILLS
    if args[:1] == ["--kills"]:
        KILLS = int(args[1])
        args = args[2:]
    if os.geteuid() != 0 or not shutil.which("dovecot"):
        print("serve_mail: needs root and Dovecot: left out")
        return 0
    return cases.run(cases.named(sys.modules[__name__], args), beside=3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
