#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mtasts policyd and its store: what outlives a kill, what a broken store does to answers, what several daemons share.

Runs in the lab:  lab/enter test/policyd_store.py [--kills N] [CASE...]     (110 kills; 33 of a program that is
sanitized, which takes ten times as long to start)."""

import concurrent.futures
import contextlib
import gzip
import json
import os
import pathlib
import random
import re
import selectors
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
import stores  # noqa: E402
from mailbox_mails import demand, wait_until  # noqa: E402
from policyd import MTASTS, Daemon, Talk, netstring, secure  # noqa: E402

DEAD = ("--resolver", "127.0.0.99")  # nobody answers there: the network is gone
KILLS = 33 if pathlib.Path(MTASTS).parent.name.endswith("san") else 110  # build-asan, build-tsan
CHAIN = 11   # kills with one store
SECURED = ["healthy.example", "three-mx.example", "wildcard-pattern.example", "upper-case-pattern.example", "signed.example"]
MEMORY = pathlib.Path("/dev/shm")  # a kill leaves what was written, on any file system


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="policyd-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield pathlib.Path(name)


@contextlib.contextmanager
def running(place, name, where, *options, **environment):
    """A daemon with that store."""
    own = place / name
    own.mkdir(exist_ok=True)
    daemon = Daemon(own, "--store", str(where), *options)
    daemon.path.unlink(missing_ok=True)
    daemon.environment = environment
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.process.kill()
        daemon.process.wait()


def answers(daemon, domains):
    """All at once, as without a network each may take five seconds."""
    with contextlib.ExitStack() as stack:
        talks = {domain: stack.enter_context(Talk(daemon.path)) for domain in domains}
        for domain, talk in talks.items():
            talk.send(netstring(f"QUERY {domain}"))
        return {domain: talk.read() for domain, talk in talks.items()}


# ---- kills -------------------------------------------------------------------------------------------------------

def ask_until_killed(daemon, wanted, pause):
    """All at once, and a kill when so many have been answered; what was answered until then."""
    talks = {domain: Talk(daemon.path) for domain in SECURED}
    for domain, talk in talks.items():
        talk.send(netstring(f"QUERY {domain}"))
    with selectors.DefaultSelector() as waiting:
        for talk in talks.values():
            waiting.register(talk.socket, selectors.EVENT_READ)
        while len(waiting.get_map()) > len(talks) - wanted:
            for key, _ in waiting.select(20):
                waiting.unregister(key.fileobj)
    time.sleep(pause)
    daemon.process.kill()
    daemon.process.wait()
    seen = {}
    for domain, talk in talks.items():
        with contextlib.suppress(OSError, ValueError):
            seen[domain] = talk.read()
        talk.close()
    return {domain: reply for domain, reply in seen.items() if reply}


def kills_with_one_store(place, name, chance):
    """Some kills meet a store that is there, others one being made; how many answers came before them."""
    known, counted, where = {}, 0, place / f"{name}.db"
    for number in range(CHAIN):
        with running(place, f"killed-{name}", where) as daemon:
            seen = ask_until_killed(daemon, chance.randrange(len(SECURED) + 1), chance.random() * 0.02)
        demand(all(reply.startswith("OK secure") for reply in seen.values()), "what was answered", seen)
        known |= seen
        with running(place, f"after-{name}", where, *DEAD) as daemon:
            after = answers(daemon, known)
            demand(after == known, f"after kill {number} of {name}", (after, known, daemon.said()))
        counted += len(seen)
    return counted


def case_killed():
    """What was answered as secured is secured after any kill, without a network."""
    chains = -(-KILLS // CHAIN)
    with folder() as place, concurrent.futures.ThreadPoolExecutor(chains) as pool:
        counted = sum(pool.map(lambda n: kills_with_one_store(place, n, random.Random(n)), range(chains)))
    demand(counted > chains * CHAIN, "answers before kills", counted)


# ---- stores that do not work -------------------------------------------------------------------------------------

def made(place, name):
    where = place / name
    with running(place, "maker", where) as daemon:
        answers(daemon, SECURED[:1])
        daemon.stop()
    return where


def damaged(place):
    where = made(place, "damaged.db")
    where.write_bytes(where.read_bytes()[:100] + random.Random(5).randbytes(60000))
    return where


def newer(place):
    where = made(place, "newer.db")
    with contextlib.closing(sqlite3.connect(where)) as store:
        store.execute("PRAGMA user_version=999")
    return where


def foreign(place):
    with contextlib.closing(sqlite3.connect(place / "foreign.db")) as store:
        store.execute("CREATE TABLE t (a)")
        store.commit()
    return place / "foreign.db"


BROKEN = {
    "the store is damaged": damaged,
    "written by a newer mtasts": newer,
    "the database of another program": foreign,
    "cannot be opened": lambda place: "/proc/self/none/x.db",
    "does not respond": lambda place: "postgresql://nobody@127.0.0.1:1/none",
}


def case_broken():
    """The daemon says what is wrong, and answers from memory."""
    with folder() as place:
        for words, make in BROKEN.items():
            with running(place, "broken", make(place)) as daemon:
                begin = time.monotonic()
                demand(answers(daemon, SECURED) == {domain: "OK " + expected(domain) for domain in SECURED}, words)
                demand(time.monotonic() - begin < 5, "in time", time.monotonic() - begin)
                wait_until(lambda: words in daemon.said() and "cached in memory only" in daemon.said(), words)
                daemon.stop()
                demand(re.search(r" stored=0 unstored=[1-9]", daemon.said()), "counted", daemon.said())
                demand(daemon.said().count(words) == 1, "said once", daemon.said())
            (place / "broken/out").unlink()


def expected(domain):
    own = {"three-mx.example": ["mx1.three-mx.example", "mx2.three-mx.example", "mx3.three-mx.example"],
           "wildcard-pattern.example": [".wildcard-pattern.example"]}
    return secure(domain, *own.get(domain, []))


def case_locked():
    """A store that another program has locked holds up no answer for longer than a second or two."""
    with folder() as place:
        where = made(place, "locked.db")
        with contextlib.closing(sqlite3.connect(where, isolation_level=None)) as store:
            store.execute("BEGIN EXCLUSIVE")
            with running(place, "own", where) as daemon:
                begin = time.monotonic()
                answers(daemon, SECURED)
                demand(time.monotonic() - begin < 5, "in time", time.monotonic() - begin)
                store.execute("ROLLBACK")
                wait_until(lambda: rows(where) == 1 and answers(daemon, SECURED), "it works again")
                daemon.stop()


def rows(where):
    with contextlib.closing(sqlite3.connect(f"file:{where}?mode=ro", uri=True)) as store:
        return store.execute("SELECT count(*) FROM cached_policy WHERE policy IS NOT NULL").fetchone()[0]


@contextlib.contextmanager
def small_disk(place, size):
    disk = place / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def case_full():
    """A full disk is said, and answers go on; with space again, all is stored without a restart."""
    with folder() as place, small_disk(place, "4m") as disk:
        where = disk / "x.db"
        with running(place, "own", where) as daemon:
            answers(daemon, SECURED[:1])
            wait_until(lambda: rows(where) == 1, "stored")
            with open(disk / "rest", "wb", buffering=0) as rest, contextlib.suppress(OSError):
                while rest.write(bytes(1024)):
                    pass
            demand(answers(daemon, SECURED) == {domain: "OK " + expected(domain) for domain in SECURED}, "answers go on")
            wait_until(lambda: "no space left" in daemon.said(), "it is said")
            (disk / "rest").unlink()
            wait_until(lambda: "policies are stored again" in daemon.said(), "it works again", 20)
            wait_until(lambda: rows(where) == len(SECURED), "what was not stored is", 70)
            daemon.stop()


# ---- several -----------------------------------------------------------------------------------------------------

def share(place, where):
    with running(place, "one", where) as one, running(place, "other", where, *DEAD) as other:
        known = answers(one, SECURED)
        begin = time.monotonic()
        demand(answers(other, SECURED) == known, "what one has fetched the other has", other.said())
        demand(all(reply.startswith("OK secure") for reply in known.values()), "secured", known)
        demand(time.monotonic() - begin < 4, "without waiting for a network", time.monotonic() - begin)
        one.stop()
        other.stop()
        demand(sum(map(int, re.search(r" loaded=(\d+) found=(\d+)", other.said()).groups())) == 5, "out of the store", other.said())
    with running(place, "next", where, *DEAD) as following:
        wait_until(lambda: answers(following, SECURED) == known, "a later one, too")
        following.stop()


def case_shared_file():
    with folder() as place:
        share(place, place / "x.db")


def case_shared_postgres():
    with folder() as place, contextlib.closing(stores.Postgres()) as server:
        share(place, server.fresh())


# ---- the clock ---------------------------------------------------------------------------------------------------

def case_clock():
    """A clock that was set by years ends no policy: not while we run, not between two runs of one boot."""
    shim = pathlib.Path(MTASTS).resolve().parent / "test/stepping_clock.so"
    with folder() as place:
        for step in (400 * 86400, -400 * 86400):
            where = made(place, f"{step}.db")
            for after in (1, 2):  # the second finds the times that the first has corrected
                with running(place, "own", where, *DEAD, LD_PRELOAD=str(shim), STEP=str(step)) as daemon:
                    seen = answers(daemon, SECURED[:1])
                    demand(seen[SECURED[0]] == "OK " + expected(SECURED[0]), f"{step} s, {after}", (seen, daemon.said()))


def case_default():
    """Without an option, the store is where that of the other subcommands is."""
    with folder() as place:
        daemon = Daemon(place).start()
        answers(daemon, SECURED[:1])
        daemon.stop()
        demand(rows(place / "mtasts/mtasts.db") == 1, "the default store")


# ---- other daemons' caches ------------------------------------------------------------------------------------------

THEN = 1800000000  # of the seed
YEAR_1 = 62135596800  # seconds from there to 1970, from where Go counts


def of_tlspol():
    """The cache file of postfix-tlspol, as if it had been written a minute ago."""
    seed = (TOP / "fuzz/corpus/policy_import/tlspol_old").read_bytes()
    then, now = (at.to_bytes(8, "big") for at in (THEN + YEAR_1, int(time.time()) - 60 + YEAR_1))
    week = [(int.from_bytes(start, "big") + 604800).to_bytes(8, "big") for start in (then, now)]
    return gzip.compress(seed.replace(week[0], week[1]).replace(then, now))


def of_resolver(place, policies):
    """The SQLite file of postfix-mta-sts-resolver, and what docs/policyd.md reads of it; each policy is of that age."""
    with contextlib.closing(sqlite3.connect(place / "resolver.db")) as peer:
        peer.execute("create table sts_policy_cache (domain text, ts integer, pol_id text, pol_body text)")
        for domain, age in policies.items():
            body = {"version": "STSv1", "mode": "enforce", "max_age": 86400, "mx": [f"mx.{domain}", f"*.{domain}"]}
            peer.execute("insert into sts_policy_cache values (?, ?, ?, ?)",
                         (domain, int(time.time()) - age, "id0", json.dumps(body)))
        peer.commit()
        rows = peer.execute(wanted := "SELECT domain, ts, pol_id, pol_body FROM sts_policy_cache").fetchall()
    lines = "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()
    if shutil.which("sqlite3"):
        printed = subprocess.run(["sqlite3", "-tabs", place / "resolver.db", wanted], capture_output=True, check=True)
        demand(printed.stdout == lines, "sqlite3", printed)
    return lines


def imports(where, data, status=0):
    done = subprocess.run([MTASTS, "policyd", "import", "--no-config", "--store", str(where), "-"], input=data,
                          capture_output=True, timeout=60, env={**os.environ, "LC_ALL": "C"})
    demand(done.returncode == status, "import", done)
    return done.stdout.decode() + done.stderr.decode()


def case_import():
    """What another daemon knew protects without a network, until it expires; with one, it is fetched anew at once."""
    old = {"healthy.example": 60, "other.example": 80000, "ended.example": 86401}
    wide = {domain: f"OK {secure('', f'mx.{domain}', f'.{domain}')}" for domain in old}
    with folder() as place:
        where = place / "x.db"
        with running(place, "running", where, *DEAD) as daemon:
            said = imports(where, of_resolver(place, old))
            demand("imported: 2\n" in said and "expired: 1" in said, "of postfix-mta-sts-resolver", said)
            known = answers(daemon, old)
            demand(known == {**wide, "ended.example": "NOTFOUND "}, "found by the daemon that runs", known)
        demand("imported: 2\n" in imports(where, of_tlspol()), "of postfix-tlspol")
        before = where.read_bytes()
        for bad in (b"", of_tlspol()[:-20], gzip.compress(gzip.decompress(of_tlspol())[:-20]), b"\0nonsense",
                    (place / "resolver.db").read_bytes(), b"a.example   3  secure match=mx.a.example\n",
                    of_resolver_line("later.example") + b"a.example\t1\n"):
            demand("cannot be imported" in imports(where, bad, status=64), "refused", bad)
        demand(where.read_bytes() == before, "and nothing is written")
        with running(place, "restarted", where, *DEAD) as daemon:
            known = answers(daemon, ["healthy.example", "sts.example", "dane.example"])
            demand(known == {"healthy.example": wide["healthy.example"], "sts.example": "OK " + secure("sts.example"),
                             "dane.example": "OK dane"}, "all of it, without a network", known)
        with running(place, "online", where) as daemon:
            wait_until(lambda: answers(daemon, ["healthy.example"])["healthy.example"] ==
                       "OK " + secure("healthy.example"), "fetched anew")


def of_resolver_line(domain):
    return f'{domain}\t{int(time.time())}\tid\t{{"mode":"enforce","mx":["mx.{domain}"],"max_age":86400}}\n'.encode()


# What protects less than before; the rest of a domain is as it was cached.
WEAKER = {"record-missing.example": "record", "testing.example": "mode", "wildcard-pattern.example": "patterns",
          "policy-max-age-short.example": "max-age", "policy-cert-expired.example": "certificate"}


def case_weaker():
    """Who takes away what protects a domain is told of at once, and gains nothing until the cached policy ends."""
    def counts():
        with urllib.request.urlopen("http://127.0.0.1:8462/metrics", timeout=20) as answer:
            return dict(re.findall(r'mtasts_policyd_downgrades_total\{what="([a-z-]+)"\} (\d+)', answer.read().decode()))

    with folder() as place:
        where = place / "x.db"
        imports(where, b"".join(map(of_resolver_line, WEAKER)))
        with running(place, "own", where, "--listen", "metrics=127.0.0.1:8462") as daemon:
            cached = {domain: "OK " + secure(domain) for domain in WEAKER}
            demand(answers(daemon, WEAKER) == cached, "as cached", daemon.said())
            wait_until(lambda: set(re.findall(r"^event=downgrade what=(\S+) domain=(\S+) until=\d", daemon.said(), re.M)) ==
                       {(what, domain) for domain, what in WEAKER.items()}, "each is told", 20)
            demand(counts() == {**dict.fromkeys(counts(), "0"), **dict.fromkeys(WEAKER.values(), "1")}, "and counted", counts())
            kept = answers(daemon, ["record-missing.example", "policy-cert-expired.example"])
            demand(kept == {domain: cached[domain] for domain in kept}, "kept", kept)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    names = sys.argv[1:]
    if names[:1] == ["--kills"]:
        KILLS, names = int(names[1]), names[2:]
    sys.exit(cases.run(cases.named(sys.modules[__name__], names)))
