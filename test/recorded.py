#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Recorded observations and all that was concluded from them: codes, values, dates and steps, no sentences.

usage: test/recorded.py MTASTS             what is concluded now is what stands in test/recorded/expected.json
       test/recorded.py MTASTS --update    it is to stand there from now on; look at the difference before you commit
       lab/enter test/recorded.py MTASTS --record    observations of the lab that show a finding the recorded ones do not

Where a sentence is changed, nothing changes here.  A finding of another severity, a value that is lost, a list that lacks
its first member does, and the lab is not needed to see it."""

import difflib
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent / "recorded"
EXPECTED = HERE / "expected.json"
PLAN = pathlib.Path("/var/lib/nsd/plan.json")
COMMANDS = ("check", "plan", "rollback", "generate")
# Sentences, and what is made of them.
WORDS = {"headline", "title", "detail", "meaning", "causes", "fix", "text", "shows", "expect", "why", "spec", "commands", "artefacts", "format"}
# What is shown as it was observed, in test/golden.
OBSERVED = {"certificates", "addresses", "timings"}
# Of the domain, the same in each finding.
COMMON = {"domain", "policy_host", "policy_url", "record_name", "tlsrpt_name", "https_port", "smtp_port"}
LARGEST = 24 << 10


def program(mtasts, *words, stdin):
    done = subprocess.run([mtasts, *words], input=stdin.encode(), capture_output=True, timeout=300)
    if b"Sanitizer" in done.stderr or done.returncode not in (0, 1, 2, 3):
        raise AssertionError(f"{' '.join(words)}: {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def without(keys, said):
    return {key: value for key, value in said.items() if key not in keys}


def values(said):
    if isinstance(said, dict):
        return {key: values({k: v for k, v in value.items() if k not in COMMON} if key == "evidence" else value)
                for key, value in said.items() if key not in WORDS}
    return [values(value) for value in said] if isinstance(said, list) else said


def concluded(mtasts, recorded):
    """By observation and command."""
    said = {command: [values(without(OBSERVED, json.loads(line))) for line in program(mtasts, command, "--json", "--from", "-", stdin="".join(recorded.values())).splitlines()]
            for command in COMMANDS}
    return {name: {command: said[command][i] for command in COMMANDS} for i, name in enumerate(recorded)}


def shapes(mtasts, recorded):
    """Of the text for all of them: the lines --verbose adds, and how often it tells what a finding means."""
    facts = "".join(recorded.values())
    plain, verbose = (program(mtasts, "check", "--color", "never", *more, "--from", "-", stdin=facts) for more in ([], ["--verbose"]))
    told = program(mtasts, "check", "--json", "--from", "-", stdin=facts).splitlines()
    meanings = {" ".join(f["meaning"].split()) for line in told for f in json.loads(line)["findings"]}
    words = " ".join(plain.split())
    return [f'"lines of transcripts": {verbose.count(chr(10)) - plain.count(chr(10))},',
            f'"meanings": {sum(words.count(meaning) for meaning in meanings)},']


def all_is_explained(mtasts):
    """Each topic, in both forms: nothing is compared here, but a sanitizer may be looking."""
    for form in ([], ["--json"]):
        program(mtasts, "explain", *form, "--list", stdin="")


def lines(conclusions, shapes):
    """One finding, step or note a line."""
    found = ["{", *shapes]
    for name, by_command in sorted(conclusions.items()):
        found.append(f"{json.dumps(name)}: {{")
        for command, said in by_command.items():
            lists = {key: said[key] for key in ("findings", "notes", "steps") if key in said}
            found.append(f"  {json.dumps(command)}: {json.dumps({k: v for k, v in said.items() if k not in lists})},")
            for key, members in lists.items():
                found += [f"  {json.dumps(f'{command} {key} {i}')}: {json.dumps(member)}," for i, member in enumerate(members, 1)]
        found[-1] = found[-1].rstrip(",")
        found.append("},")
    found[-1] = "}"
    return [line + "\n" for line in [*found, "}"]]


def compare(mtasts, update):
    recorded = {path.stem: path.read_text() for path in sorted(HERE.glob("*.json")) if path != EXPECTED}
    now = lines(concluded(mtasts, recorded), shapes(mtasts, recorded))
    all_is_explained(mtasts)
    if update:
        EXPECTED.write_text("".join(now))
        return print(f"{len(recorded)} observations")
    differences = list(difflib.unified_diff(EXPECTED.read_text().splitlines(True), now, "expected", "concluded", n=0))
    sys.stdout.writelines(differences)
    print(f"{len(recorded)} observations" + (", where this is right: test/recorded.py MTASTS --update" if differences else ""))
    sys.exit(1 if differences or not recorded else 0)


def shown(mtasts, facts):
    """(code, severity) of all that is found."""
    return {(f["code"], f["severity"]) for f in json.loads(program(mtasts, "check", "--json", "--from", "-", stdin=facts))["findings"]}


def without_der(facts):
    if isinstance(facts, dict):
        return {key: without_der(value) for key, value in facts.items() if key != "der"}
    return [without_der(value) for value in facts] if isinstance(facts, list) else facts


def record(mtasts):
    """Each time the domain that shows the most which was not seen yet."""
    HERE.mkdir(exist_ok=True)
    names = sorted({s["ask"] for s in json.loads(PLAN.read_text()) if not s["behind"]})
    facts = {}
    # Longer than a fetch may take, so that what hangs is seen to hang.
    for line in program(mtasts, "observe", "--jobs", "16", "--timeout", "35", *names, stdin="").splitlines():
        short = json.dumps(without_der(json.loads(line)), separators=(",", ":")) + "\n"
        if len(short) <= LARGEST:
            facts[json.loads(line)["domain_given"]] = short
    found = {name: shown(mtasts, text) for name, text in facts.items()}
    seen = {pair for path in HERE.glob("*.json") if path != EXPECTED for pair in shown(mtasts, path.read_text())}
    while found:
        best = max(found, key=lambda name: (len(found[name] - seen), -len(facts[name])))
        if not found[best] - seen:
            break
        (HERE / f"{best.removesuffix('.example')}.json").write_text(facts[best])
        seen |= found.pop(best)
    compare(mtasts, True)


if __name__ == "__main__":
    record(sys.argv[1]) if "--record" in sys.argv else compare(sys.argv[1], "--update" in sys.argv)
