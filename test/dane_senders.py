#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Does a real sender with DANE do what the check says of it?  Postfix's posttls-finger, behind a validating
resolver, against every domain of the lab that has to do with TLSA records.

Runs in the lab:  lab/enter test/dane_senders.py [NAME...].  posttls-finger goes to the MX host preferred most, so
that host's verdict is compared: delivered or refused.

One difference is known and not seen here: where the MX records alone are not signed (INSECURE_MX), the mailer of
Debian 12 (Postfix 3.7.11) applies DANE only if that is the level of main.cf; since 3.7.13, 3.8.8, 3.9.2 and 3.10.0
it does so for a level out of a policy map, too.  posttls-finger always does."""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
sys.path.insert(0, str(TOP / "test"))
sys.dont_write_bytecode = True
import cases  # noqa: E402

STATE = pathlib.Path(os.environ["MTASTS_LAB"])
RESOLVER = "198.18.0.70"  # beside the lab's own, which does not validate
DELIVERED, REFUSED = "delivered", "refused"
# Further domains, at which DANE is no matter.
OTHERS = ("healthy", "mx-starttls-missing", "mx-cert-expired", "mx-host-cname")
# Signed MX hosts of domains that are not.
INSECURE_MX = {"dane-insecure-mx-mismatch", "dane-insecure-mx-lookup", "dane-ta-domain-name-insecure", "dane-of-provider",
               "mx-microsoft-dane", "mx-microsoft-old-policy"}


def resolver():
    """A validating unbound, and the resolv.conf that leads to it."""
    (STATE / "judge.conf").write_text(f"""
server:
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  logfile: {STATE}/log/judge
  interface: {RESOLVER}
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  root-hints: {STATE}/dns/root.hints
  module-config: "validator iterator"
  trust-anchor-file: {STATE}/dns/root.key
  do-not-query-localhost: no
  qname-minimisation: no
remote-control:
  control-enable: no
""")
    (STATE / "judge-resolv.conf").write_text(f"nameserver {RESOLVER}\noptions edns0 trust-ad\n")
    settings = STATE / "judge"
    settings.mkdir()
    (settings / "main.cf").write_text("compatibility_level = 3.6\n")
    return subprocess.Popen(["unbound", "-d", "-c", str(STATE / "judge.conf")], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_ready(seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        asked = subprocess.run(["dig", f"@{RESOLVER}", "+dnssec", "+time=1", "+tries=1", "MX", "dane.example"],
                               capture_output=True, text=True)
        if re.search(r"flags:[^;]* ad[ ;]", asked.stdout):
            return
        time.sleep(0.1)
    sys.exit(f"dane_senders: {RESOLVER} does not validate")


def finger(domain):
    """What posttls-finger says of the host that mail for the domain goes to first."""
    script = f'mount --bind {STATE}/judge-resolv.conf "$(realpath /etc/resolv.conf)" && exec posttls-finger "$@"'
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", "-t10", "-T10", "-L", "routine", "-l", "dane-only",
                           domain], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          timeout=120, env={**os.environ, "MAIL_CONFIG": str(STATE / "judge")})
    return done.stdout + done.stderr


def outcome(said):
    """Delivered or refused at the level `dane`; None where nobody was reached.

    The level asked for is dane-only: the same, but that it says where it would fall back."""
    encrypted = "TLS connection established" in said
    if "TLSA lookup error" in said:
        return REFUSED
    if "Connected to" not in said:
        return None
    if "no TLSA records found" in said or "non DANE destination" in said:
        return DELIVERED
    if "no usable TLSA records" in said or "all TLSA records unusable" in said:
        return DELIVERED if encrypted else REFUSED
    # Below an unsigned MX the same is logged with another word.
    good = "Trusted" if "log verified as trusted" in said else "Verified"
    return DELIVERED if f" {good} TLS connection established" in said else REFUSED


def verdict(domain):
    """{True: delivered, False: refused, None: not known} of the host preferred most."""
    command = [MTASTS, "check", "--json", "--https-port", "443", domain]
    checked = json.loads(subprocess.run(command, capture_output=True, timeout=120).stdout)
    host = checked["dane"][0]
    return {True: DELIVERED, False: REFUSED, None: None}[host["usable"]], host


def concerns_dane(scenario, names):
    hosts = [mx["name"] for mx in scenario["mx"]]
    return (scenario["name"] in OTHERS or any(mx["tlsa"] for mx in scenario["mx"]) or
            any("TLSA" in line for line in scenario["zone"]) or any(host in names for host in hosts))


def compare(scenario):
    """What differs; an empty list where nothing does."""
    ours, host = verdict(scenario["domain"])
    said = finger(scenario["domain"])
    wrong = []
    if outcome(said) != ours:
        wrong.append(f"the check says {ours} of {host['host']}, Postfix says {outcome(said)}:\n{said}")
    applied_by = host["applied_by"]
    if (scenario["name"] in INSECURE_MX) != (applied_by == "postfix"):
        wrong.append(f"DANE is applied by {applied_by}; INSECURE_MX says otherwise")
    return wrong


def main():
    scenarios = json.loads((STATE / "plan.json").read_text())
    cases.known(sys.argv[1:], [s["name"] for s in scenarios])
    with_records = {mx["name"] for s in scenarios for mx in s["mx"] if mx["tlsa"]}
    chosen = [s for s in scenarios if s["name"] in sys.argv[1:] or
              (not sys.argv[1:] and s["mx"] and concerns_dane(s, with_records))]
    unbound = resolver()
    failed = late = 0
    try:
        wait_ready()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            compared = list(zip(chosen, pool.map(compare, chosen)))
            for scenario, wrong in compared:
                if wrong:  # late once, on a machine with too much to do; twice is a fault
                    print(f"again   {scenario['name']}: {' '.join(wrong)}", flush=True)
                    wrong = compare(scenario)
                    late += not wrong
                failed += bool(wrong)
                for line in wrong:
                    print(f"FAILED {scenario['name']}: {line}")
    finally:
        unbound.terminate()
    strange = cases.too_many(late, len(chosen))
    print(cases.total(len(chosen) - failed, failed, late))
    sys.exit(1 if failed or strange or not chosen else 0)


main()
