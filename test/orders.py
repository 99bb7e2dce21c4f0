#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""In whatever order answers come, a domain is observed to be the same, and the findings are the same.

Runs in the lab:  lab/enter test/orders.py [--orders N] [--domains N].  A shim (shuffled_events.c) shuffles what is ready at a
time and keeps some of it for later: the facts must not show it.  Then what has no order in the facts, as records of the DNS,
is shuffled: the findings must not show it.  --domains 0: all of the lab; no figure of time decides."""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
PLAN = pathlib.Path("/var/lib/nsd/plan.json")
MTASTS = os.environ.get("MTASTS", str(TOP / "build/mtasts"))
SHIM = pathlib.Path(MTASTS).resolve().parent / "test/shuffled_events.so"
# Behaviours that last until a deadline, of which the first to ask sees another one, or whose reset may overtake their alert.
MOODS = ("silent", "drip", "hole", "endless", "long-line", "lame", "slow", "limit", "demands")
UNORDERED = {"records", "authorities", "mx"}  # lists of the facts


def names():
    scenarios = [s for s in json.loads(PLAN.read_text()) if not s["behind"]]
    return sorted({s["ask"] for s in scenarios
                   if not any(mood in json.dumps([s["web"], s["reports"], s["mx"], s["dns"]]) for mood in MOODS)})


def program(*words, stdin=b"", environment=()):
    done = subprocess.run([MTASTS, *words], input=stdin, capture_output=True, env={**os.environ, **dict(environment)}, timeout=900)
    if b"Sanitizer" in done.stderr:
        raise AssertionError(done.stderr.decode(errors="replace"))
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def observed(domains, **environment):
    return {facts["domain_given"]: facts for facts in program("observe", "--jobs", "16", *domains, environment=environment)}


def findings(facts, now):
    lines = "".join(json.dumps(f) + "\n" for f in facts).encode()
    return {r["domain"]: sorted(f["code"] for f in r["findings"]) for r in program("check", "--json", "--now", now, "--from", "-", stdin=lines)}


def lasting(facts):
    """What does not tell when it was, nor which of several records came first."""
    if isinstance(facts, dict):
        return {key: lasting(value) for key, value in facts.items()
                if not key.endswith("_ms") and key not in ("observed_at", "position", "decider", "ttl", "negative_ttl")
                and not (key == "value" and facts.get("name") == "date")}
    if isinstance(facts, list):
        return sorted(map(lasting, facts), key=lambda value: json.dumps(value, sort_keys=True))
    return facts


def shuffled(facts, chance):
    if isinstance(facts, dict):
        return {key: shuffled(chance.sample(value, len(value)) if key in UNORDERED and isinstance(value, list) else value, chance)
                for key, value in facts.items()}
    return [shuffled(value, chance) for value in facts] if isinstance(facts, list) else facts


def places(one, other, at=""):
    """Where two observations differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [p for key in sorted({*one, *other}) for p in places(one.get(key), other.get(key), f"{at}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [p for i, pair in enumerate(zip(one, other)) for p in places(*pair, f"{at}/{i}")]
    return [] if one == other else [f"{at}: {json.dumps(one)[:100]} | {json.dumps(other)[:100]}"]


def note(wrong, domain, lines):
    if lines:
        wrong.setdefault(domain, []).extend(lines)


def differences(domains, seeds):
    """What comes out otherwise in another order, by domain."""
    plain = observed(domains)
    now = max(facts["observed_at"] for facts in plain.values())
    told = findings(plain.values(), now)
    wrong = {d: ["was not observed"] for d in domains if d not in plain}
    for seed in seeds:
        if SHIM.exists():  # not where the sanitizers are
            again = observed(domains, LD_PRELOAD=str(SHIM), SHUFFLE=str(seed))
            found = findings(again.values(), now)
            for d in plain:
                note(wrong, d, [f"events {seed}: {p}" for p in places(lasting(plain[d]), lasting(again[d]))])
            for d in told:
                note(wrong, d, [f"events {seed}: {told[d]} | {found[d]}"] if told[d] != found[d] else [])
        others = findings([shuffled(facts, random.Random(seed)) for facts in plain.values()], now)
        for d in told:
            note(wrong, d, [f"records {seed}: {told[d]} | {others[d]}"] if told[d] != others[d] else [])
    return wrong


def lines_of(wrong):
    return "".join(f"{d}, {line}\n" for d, lines in wrong.items() for line in lines)


def lasting_differences(domains, seeds):
    """A peer may be late once, on a machine with too much to do; what differs again, beside the same others, is a fault."""
    first = differences(domains, seeds)
    if not first:
        return {}
    print(f"again, since these differed:\n{lines_of(first)}", end="", file=sys.stderr, flush=True)
    return {d: lines for d, lines in differences(domains, seeds).items() if d in first}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1)
    parser.add_argument("--domains", type=int, default=120)
    options = parser.parse_args()
    domains = random.Random(options.orders).sample(names(), min(options.domains or len(names()), len(names())))
    wrong = lasting_differences(domains, range(1, options.orders + 1))
    print(lines_of(wrong), end="")
    print(f"{len(domains)} domains in {options.orders} orders, {sum(map(len, wrong.values()))} differences")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if "MTASTS_LAB" not in os.environ:
        os.execv(TOP / "lab/enter", ["enter", __file__, *sys.argv[1:]])
    main()
