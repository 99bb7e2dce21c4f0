#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Mail through real Postfix, with mtasts policyd as its policy map: what is delivered, deferred, unprotected.

usage: test/postfix_bed.py [--all] [CASE...]

Postfix of this machine, which is 3.7 on Debian 12; with --all also those of other releases, in roots that
lab/postfix-roots makes (root, a mirror, some minutes the first time).  What cannot be made is said, and skipped.  It
raises a lab of its own domains (bed_domains.py)."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "test"), str(TOP / "lab")]
sys.dont_write_bytecode = True
import bed_domains  # noqa: E402
import bed_events  # noqa: E402
import bed_exim  # noqa: E402
import bed_foretold  # noqa: E402
import bed_replies  # noqa: E402
import cases  # noqa: E402
import mailer  # noqa: E402
import plan  # noqa: E402
import policyd  # noqa: E402
import servers  # noqa: E402
from mailbox_mails import demand  # noqa: E402

ROOTS = "MTASTS_BED_ROOTS"
mailers = []  # (name, version as numbers, root)
exims = []  # roots


# ---- versions ----------------------------------------------------------------------------------------------------


def attributes_of(version):
    return version >= (3, 10)


def map_of(version, daemon):
    """The socket is at the same path in every root: the lab's own folder is there."""
    return f"socketmap:unix:{daemon.path}:{'QUERYwithTLSRPT' if attributes_of(version) else 'postfix'}"


def numbers(text):
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def each_mailer(judge):
    """The cases' faults of all versions together."""
    wrong = [fault for name, version, root in mailers for fault in judge(name, version, root)]
    demand(not wrong, "real Postfix differs", "\n".join(wrong))


# ---- the daemon and its clients ------------------------------------------------------------------------------------


@contextlib.contextmanager
def daemon_for_all(*options):
    """Its socket is in the lab's folder, which every root has, for the users of each."""
    tempfile.tempdir = str(plan.STATE)
    with policyd.daemon("--quiet", *options) as daemon:
        os.chmod(daemon.folder, 0o755)
        yield daemon


def differs(name, expected, seen, said):
    """Lines for what came out otherwise, with what the log says of it."""
    return [f"{name}: {key}: expected {expected[key]}\n    seen {seen[key]}\n" +
            "\n".join(line for line in said.splitlines() if key.partition("@")[2] in line)
            for key in expected if not re.fullmatch(expected[key], str(seen[key]))]


def case_domains():
    """Each domain of the bed: what Postfix does with the daemon's reply, what would-deliver says of it before, and which
    sessions are counted, by TLSRPT or out of the log."""
    control = plan.STATE / "policyd-control"
    with mailer.resolver() as resolv, daemon_for_all("--control", control) as daemon:
        def judge(name, version, root):
            wanted = {f"{key}@{bed_domains.address_of(key)}": bed_domains.expected(key, version) for key in bed_domains.ROWS}
            reports = bed_events.has_tlsrpt(version, pathlib.Path(root))
            with mailer.Mailer(name, resolv, map_of(version, daemon), root, bed_events.MORE if reports else "",
                               bed_domains.TRANSPORT) as own:
                with bed_events.collector(own) as store:
                    seen = own.outcomes(list(wanted), 120)
                wrong = differs(name, wanted, seen, own.said()) + bed_foretold.differences(name, version, seen, own.said())
                if reports:
                    return wrong + bed_events.differences(name, store, bed_events.EVENTS)
                if version < (3, 10):  # what 3.10.0 to 3.10.4 do with hosts outside of the policy is their own
                    wrong += bed_events.differences(name, bed_events.from_log(own, control), bed_events.LOGGED)
                return wrong
        each_mailer(judge)


SCRIPTED = {  # what policyd never answers, or no domain of the bed leads to
    "failing": (b"OK secure match=mx.ok.example servername=hostname policy_type=sts policy_domain=ok.example "
                b"mx_host_pattern=mx.ok.example policy_failure=sts-policy-fetch-error",
                ["sts sts-policy-fetch-error"]),
    "encrypting": (b"OK encrypt policy_type=sts policy_domain=self-signed.example", ["sts"]),
    "null-mx": (b"OK secure match=null-mx.example servername=hostname policy_type=sts policy_domain=null-mx.example", []),
    "two-records": (b"OK may", []),
}


def case_events_of_other_replies():
    """A policy that is said to have failed, one of mode testing as others answer it, hosts and records that are none."""
    replies = {f"{name}.example": reply for name, (reply, _) in SCRIPTED.items()}
    with mailer.resolver() as resolv, bed_replies.Server(replies) as server:
        def judge(name, version, root):
            if not bed_events.has_tlsrpt(version, pathlib.Path(root)):
                return []
            with mailer.Mailer(name, resolv, server.map, root, bed_events.MORE) as own:
                with bed_events.collector(own) as store:
                    own.outcomes([f"u@{domain}" for domain in replies])
                    own.outcomes(["u@ok.example"], header="TLS-Required: No\r\n")
                seen, _ = bed_events.read(store)
                wanted = {domain: events for domain, (_, events) in SCRIPTED.items() if events}
                return [] if seen == wanted else [f"{name}: expected {wanted}\n    seen {seen}"]
        each_mailer(judge)


# ---- replies -----------------------------------------------------------------------------------------------------


def case_replies():
    """Each reply that the model of Postfix's parser is tested with, read by Postfix itself."""
    rows = {f"r{i}.rows.example": row for i, row in enumerate(bed_replies.rows())}
    with mailer.resolver() as resolv, bed_replies.Server({name: row.payload for name, row in rows.items()}) as server:
        def judge(name, version, root):
            with mailer.Mailer(name, resolv, server.map, root) as own:
                seen = own.outcomes([f"u@{domain}" for domain in rows], 120)
                return [f"{name}: {row.payload!r}: {fault}; Postfix: {seen[f'u@{domain}']}" for domain, row in
                        rows.items() if (fault := row.fault(attributes_of(version), seen[f"u@{domain}"]))]
        each_mailer(judge)
        demand(len(rows) > 50, "the table was read", len(rows))


def case_insecure_mx():
    """Unsigned MX records: fixed in 3.7.13, 3.8.8, 3.9.2 and 3.10.0; before, the level dane out of a map did nothing."""
    key = "u@insecure-mx.example"
    with mailer.resolver() as resolv, bed_replies.Server({"insecure-mx.example": b"OK dane"}) as server:
        def judge(name, version, root):
            broken = version < (3, 7, 13) or (3, 8) <= version < (3, 8, 8) or (3, 9) <= version < (3, 9, 2)
            wanted = {key: "sent mx.dane-wrong.example .*" if broken else bed_domains.UNVERIFIED}
            with mailer.Mailer(name, resolv, server.map, root, "smtp_tls_security_level = may") as own:
                return differs(name, wanted, own.outcomes([key]), own.said())
        each_mailer(judge)


def case_exim():
    """What Exim tells by the event_action of docs/send-reports.md; with --all alone, as it has a root of its own."""
    for root in exims:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="exim-", dir=plan.STATE))
        with mailer.resolver() as resolv, bed_events.collecting(folder, folder / "lines", "lines=") as store:
            said = bed_exim.send_all(root, resolv, folder, folder / "lines")
        seen, _ = bed_events.read(store)
        wanted = {domain: events for domain, events in bed_exim.EVENTS.items() if events}
        demand(seen == wanted, "the sessions of Exim", f"expected {wanted}\n    seen {seen}\n{said}")


# ---- the lab -----------------------------------------------------------------------------------------------------


def find_mailers(roots, resolv):
    """The name, the version and the root of each Postfix that runs here."""
    for name, root in [("machine", "/"), *roots]:
        if name == "exim":
            exims.append(root)
            continue
        found = mailer.Mailer(name, resolv, "", root).version()
        demand(re.match(r"3\.\d+", found), f"{name}: postconf mail_version", found)
        mailers.append((f"postfix-{found}", numbers(found), root))
        print(f"postfix {found}" + (f" of {name}" if root != "/" else ""), flush=True)


def inside(names):
    if not servers.can_run_postfix():
        print("skipped: only one user is mapped here, so Postfix cannot run")
        return 0
    with mailer.resolver() as resolv:
        find_mailers(json.loads(os.environ[ROOTS]), resolv)
    return cases.run(cases.named(sys.modules[__name__], names))


def outside(arguments):
    """Once more, in a lab of the bed's domains."""
    roots = []
    if "--all" in arguments:
        done = subprocess.run([TOP / "lab/postfix-roots"], stdout=subprocess.PIPE, text=True)
        roots = [line.split(" ", 1) for line in done.stdout.splitlines()]
        if done.returncode:
            print("skipped: the releases that lab/postfix-roots could not make, see above", flush=True)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(bed_domains.SCENARIOS, file)
        file.flush()
        environment = {**os.environ, "MTASTS_LAB_SCENARIOS": file.name, ROOTS: json.dumps(roots)}
        environment.pop("MTASTS_LAB", None)
        command = [TOP / "lab/enter", __file__, *(word for word in arguments if word != "--all")]
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(inside(sys.argv[1:]) if ROOTS in os.environ else outside(sys.argv[1:]))
