#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A scan that several workers share gives what one scan gives, whatever happens to workers, queue and store.

Runs in the lab:  lab/enter test/scan_shared.py [CASE...].  With a real nats-server and PostgreSQL; no figure of time
decides."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402
import scan  # noqa: E402
import stores  # noqa: E402

PORT = 14222
QUEUE = ["--queue", f"nats://127.0.0.1:{PORT}"]
PATIENCE = 90  # seconds, after which something hangs
SHARD = 8


def wait_for(what, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what.__name__}")


class Broker:
    def __init__(self, *words):
        self.folder = tempfile.mkdtemp(prefix="mtasts-nats-")
        self.words = words
        self.start()

    def start(self):
        self.server = subprocess.Popen(["nats-server", "-a", "127.0.0.1", "-p", str(PORT), "-m", str(PORT + 1), "-js",
                                        "-sd", self.folder, *self.words], stderr=subprocess.DEVNULL)
        wait_for(self.answers)

    def answers(self):
        done = subprocess.run(["curl", "-sf", f"http://127.0.0.1:{PORT + 1}/jsz?streams=1"], capture_output=True)
        return done.stdout if done.returncode == 0 else None

    def messages(self):
        return json.loads(self.answers())["messages"]

    def kill(self, empty=False):
        self.server.kill()
        self.server.wait()
        if empty:
            shutil.rmtree(self.folder)

    def close(self):
        self.kill(empty=True)


class Workers:
    def __init__(self, store):
        self.store = store
        self.running = []

    def start(self):
        worker = subprocess.Popen([scan.MTASTS, "scan", "work", *QUEUE, "--store", self.store, "--now", scan.NOW,
                                   *scan.MANNERS, "--jobs", "6", "--threads", "1"], stderr=subprocess.PIPE, text=True,
                                  env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""})
        self.running.append(worker)
        return worker

    def end(self):
        """All of them, cleanly."""
        for worker in self.running:
            worker.send_signal(signal.SIGTERM)
        for worker in self.running:
            said = worker.communicate(timeout=PATIENCE)[1]
            if worker.returncode or "Sanitizer" in said:
                raise AssertionError(f"worker: status {worker.returncode}: {said}")

    def forget(self, worker):
        self.running.remove(worker)

    def close(self):
        for worker in self.running:
            worker.kill()
            worker.wait()


def verb(*words, stdin=b"", expected=0):
    done = scan.program("scan", *words, stdin=stdin)
    if done.returncode != expected:
        raise AssertionError(f"scan {words}: status {done.returncode}: {done.stderr.decode()}")
    return (done.stdout if not expected else done.stderr).decode()


def with_servers(case):
    """The case with a broker, a database, its store and workers; they end with it."""
    def run():
        broker, database = Broker(), stores.Postgres()
        store = database.fresh()
        workers = Workers(store)
        try:
            case(broker, database, store, workers)
        finally:
            workers.close()
            database.close()
            broker.close()
    run.__name__ = case.__name__
    return run


def names_of_lab():
    return scan.quiet()[:240]


def submit(store, names, name="lab"):
    return verb("submit", *QUEUE, "--store", store, "--name", name, "--shard", str(SHARD), "-",
                stdin="\n".join(names).encode())


@with_servers
def faults_neither_lose_nor_double_a_domain(broker, database, store, workers):
    names = names_of_lab()
    given = names + [names[0].upper(), "no domain"]  # once more, and a line that is none
    shards = (len(names) + SHARD - 1) // SHARD

    def rows(sql):
        return database.rows(store, sql)

    def count(sql):
        return int(rows(sql)[0])

    def held_by(worker):
        return rows(f"SELECT scan, number FROM scan_shard WHERE state = 0 AND worker LIKE '%-{worker.pid}'")

    if f"domains: {len(names)}, shards: {shards}, lines without a domain name: 1" not in submit(store, given):
        raise AssertionError("not submitted")
    if broker.messages() != shards:
        raise AssertionError(f"{broker.messages()} messages of {shards} shards")
    if "nothing was added" not in submit(store, given) or broker.messages() != shards:
        raise AssertionError("submitted twice")

    # kill -9 of one at work, and one sleeps longer than the queue waits
    killed, sleeper = workers.start(), workers.start()
    wait_for(lambda: held_by(killed) and held_by(sleeper))
    killed.kill()
    killed.wait()
    workers.forget(killed)
    sleeper.send_signal(signal.SIGSTOP)
    slept = held_by(sleeper)
    third = workers.start()
    wait_for(lambda: held_by(third))

    # the broker dies and comes back, and then without what it had
    broker.kill()
    broker.start()
    done = count("SELECT count(*) FROM scan_shard WHERE state = 1")
    wait_for(lambda: count("SELECT count(*) FROM scan_shard WHERE state = 1") > done)
    broker.kill(empty=True)
    broker.start()
    # so does the database
    database.stop(signal.SIGQUIT)
    database.start()

    wait_for(lambda: not count("SELECT count(*) FROM scan_shard WHERE state <> 1"))
    sleeper.send_signal(signal.SIGCONT)
    wait_for(lambda: count(f"SELECT count(*) FROM scan_worker WHERE name LIKE '%-{sleeper.pid}' AND seen >="
                           " extract(epoch FROM now())::bigint - 5"))
    if slept and count("SELECT max(attempt) FROM scan_shard") < 2:
        raise AssertionError("nobody took over what the sleeper had")
    wait_for(lambda: "lab: done\n" in verb("status", "lab", "--store", store))
    results = verb("results", "lab", "--store", store)
    lines = results.splitlines()
    if len(lines) != len(names) + 1:
        raise AssertionError(f"{len(lines)} lines of {len(names)} domains and one that is none")
    shared = scan.by_domain("\n".join(line for line in lines if "mtasts.scan-error" not in line))

    def again(late):
        """On a machine with too much to do a peer may be late once."""
        submit(store, late, "again")
        wait_for(lambda: "again: done\n" in verb("status", "again", "--store", store))
        return scan.by_domain(verb("results", "again", "--store", store))
    demand_same(shared, scan.by_domain(scan.scan(names)), again)
    workers.end()


def demand_same(shared, alone, again):
    if shared.keys() != alone.keys():
        raise AssertionError(f"other domains: {sorted(shared.keys() ^ alone.keys())}")
    late = [name for name in shared if shared[name] != alone[name]]
    if len(late) > len(shared) // 10:
        raise AssertionError(f"not the same: {late}")
    if late:
        scan.demand_same(late, again(late), scan.by_domain(scan.scan(late)))


@with_servers
def a_scan_is_cancelled_resumed_and_left_cleanly(broker, database, store, workers):
    names = names_of_lab()[:64]
    submit(store, names)
    worker = workers.start()
    wait_for(lambda: database.rows(store, "SELECT 1 FROM scan_shard WHERE state = 1"))
    verb("cancel", "lab", "--store", store)
    wait_for(lambda: not broker.messages())  # what is begun is done, the rest leaves
    worker.send_signal(signal.SIGTERM)  # gives back what it has
    if worker.wait(timeout=PATIENCE):
        raise AssertionError(worker.stderr.read())
    workers.forget(worker)
    if "lab: cancelled\n" not in verb("status", "--store", store):
        raise AssertionError(verb("status", "--store", store))
    verb("resume", "lab", "--store", store)
    workers.start()  # its sweeper puts what is missing into the queue
    wait_for(lambda: "lab: done\n" in verb("status", "lab", "--store", store))
    workers.end()
    if len(verb("results", "lab", "--store", store).splitlines()) != len(names):
        raise AssertionError("results")
    tries = database.rows(store, "SELECT max(tries) FROM scan_shard")
    if tries != ["1"]:
        raise AssertionError(f"a shard that was given back counted as tried: {tries}")


def what_is_wrong_is_said():
    """With what to do about it."""
    folder = tempfile.mkdtemp(prefix="mtasts-")
    store = ["--store", f"{folder}/store"]

    def said(expected, status, *words):
        text = verb("work", *QUEUE, *store, *words, expected=status)
        if not re.search(expected, text):
            raise AssertionError(f"{expected}: {text}")
    verb("status", *store, expected=70)
    said("no NATS server responds there", 75)
    broker = Broker("--user", "scanner", "--pass", "secret")
    try:
        said("refused the login; check the file of --queue-credentials", 70)
        pathlib.Path(folder, "wrong").write_text("scanner:wrong\n")
        said("refused the login", 70, "--queue-credentials", f"{folder}/wrong")
        said("could not be read", 70, "--queue-credentials", f"{folder}/none")
        said("TLS with the NATS server failed", 70, "--queue-ca", "/etc/ssl/certs/ca-certificates.crt")
        pathlib.Path(folder, "right").write_text("scanner:secret\n")
        login = ["--queue-credentials", f"{folder}/right"]
        said("too few for this number of replicas", 70, *login, "--replicas", "3")
        verb("submit", *QUEUE, *store, *login, "--name", "one", "-", stdin=b"example.test")
        verb("submit", *QUEUE, *store, *login, "--name", "one", "-", stdin=b"example.com", expected=64)
        if broker.messages() != 1:
            raise AssertionError(f"{broker.messages()} messages")
    finally:
        broker.close()
    server = subprocess.Popen(["nats-server", "-a", "127.0.0.1", "-p", str(PORT)], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: "no NATS server" not in scan.program("scan", "work", *QUEUE, *store).stderr.decode())
        said("JetStream is disabled on the NATS server; start nats-server with -js", 70)
    finally:
        server.kill()
        server.wait()
    shutil.rmtree(folder)


CASES = [what_is_wrong_is_said, a_scan_is_cancelled_resumed_and_left_cleanly, faults_neither_lose_nor_double_a_domain]


def main():
    if not shutil.which("nats-server") or not stores.Postgres.installed():
        sys.exit(77)
    cases.known(sys.argv[1:], [c.__name__ for c in CASES])
    chosen = [c for c in CASES if not sys.argv[1:] or c.__name__ in sys.argv[1:]]
    sys.exit(cases.run(chosen))


if __name__ == "__main__":
    if "MTASTS_LAB" not in os.environ:
        os.execv(TOP / "lab/enter", ["enter", __file__, *sys.argv[1:]])
    main()
