#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the program prints for fixed input, byte for byte, in English and German.

usage: golden.py MTASTS [--update] [NAME...]        (run by the tests without an option)

Each case is a command line on files of test/ (facts observed in the lab, reports, policies); its outputs stand in
test/golden/NAME.txt, one section a language with the exit status.  Machine formats are the same in every language and
have one section.  After a change of a text or a format: --update, then read the difference as a reviewer would."""

import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TEST = pathlib.Path(__file__).resolve().parent
GOLDEN = TEST / "golden"
LANGUAGES = ("en", "de")
NOW = "2026-12-01T00:00:00Z"  # a day after the facts were observed
POLICY = "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n"
TYPO = "version: STSv1\nmode: Enforce\nmx: mx1.example.com.\nmax-age: 86400\n"

MTASTS = None


def facts(name):
    return str(GOLDEN / f"facts/{name}.json")


def report(name):
    return str(TEST / f"reports/{name}")


# name: the arguments; {policy}, {typo}, {store} and {metrics} are made for the case
ALL = sorted(path.stem for path in (GOLDEN / "facts").glob("*.json"))
TEXTS = {
    **{f"check-{name}": ["check", "--from", facts(name)] for name in ALL},
    "check-verbose": ["check", "--verbose", "--from", facts("healthy")],
    "check-quiet": ["check", "--quiet", "--from", facts("mx-not-covered")],
    "commands": ["commands", "--from", facts("mx-not-covered")],
    "plan-testing": ["plan", "--now", NOW, "--from", facts("testing-with-fault")],
    "plan-healthy": ["plan", "--now", NOW, "--from", facts("healthy")],
    "plan-absent": ["plan", "--now", NOW, "--from", facts("absent")],
    "rollback": ["rollback", "--now", NOW, "--from", facts("mx-not-covered")],
    "generate": ["generate", "--now", NOW, "--from", facts("absent")],
    "report": ["report", "--now", NOW, report("all-types.json")],
    "report-verbose": ["report", "--verbose", "--now", NOW, report("all-types.json")],
    "report-clean": ["report", "--now", NOW, report("clean.json")],
    "report-broken": ["report", "--now", NOW, report("cut.json")],
    "lint": ["lint", "--mx", "mx1.example.com", "--mx", "a.b.example.com", "{policy}"],
    "lint-typo": ["lint", "{typo}"],
    "lint-record": ["lint", "--now", NOW, "--record", "v=STSv1; id=2026-11-30;"],
    "lint-tlsrpt": ["lint", "--tlsrpt-record", "v=TLSRPTv1; rua=tls@example.com"],
    "lint-against": ["lint", "--against", "{policy}", "{typo}"],
    "explain-finding": ["explain", "--now", NOW, "mx-cert-expired"],
    "explain-type": ["explain", "sts-webpki-invalid"],
    "explain-provider": ["explain", "--now", NOW, "microsoft-365"],
    "explain-variants": ["explain", "google"],
    "explain-emergency": ["explain", "--now", NOW, "rollback"],
    "explain-types": ["explain", "result-types"],
    "explain-sample": ["explain", "tls-rpt-report"],
    "history": ["history", "--now", NOW, "--store", "{store}", "healthy.example"],
    "history-verbose": ["history", "--verbose", "--now", NOW, "--store", "{store}", "mx-cert-expired-testing.example"],
}
MACHINES = {
    **{f"json-{name}": ["check", "--json", "--from", facts(name)] for name in ALL},
    "json-commands": ["commands", "--json", "--from", facts("mx-not-covered")],
    "json-plan": ["plan", "--json", "--now", NOW, "--from", facts("testing-with-fault")],
    "json-rollback": ["rollback", "--json", "--now", NOW, "--from", facts("mx-not-covered")],
    "json-lint": ["lint", "--json", "{typo}"],
    "json-report": ["report", "--json", "--now", NOW, report("all-types.json")],
    "csv-report": ["report", "--csv", "--now", NOW, report("all-types.json")],
    "json-history": ["history", "--json", "--now", NOW, "--store", "{store}", "healthy.example"],
    "json-explain": ["explain", "--json", "--now", NOW, "mx-cert-expired"],
}


def made(folder):
    """Files that the cases need, and what stands for their paths in an output."""
    paths = {"policy": folder / "mta-sts.txt", "typo": folder / "typo.txt", "store": folder / "mtasts.db"}
    paths["policy"].write_text(POLICY)
    paths["typo"].write_text(TYPO)
    for name in ("healthy", "testing-with-fault"):
        run(["check", "--save", "--store", str(paths["store"]), "--from", facts(name)], "en")
    return paths


def run(arguments, language):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "COLUMNS": "80",
                   **{name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")}}
    result = subprocess.run([MTASTS, *arguments, "--lang", language], capture_output=True, env=environment, timeout=60)
    return f"[{language}: exit status {result.returncode}]\n" + (result.stdout + result.stderr).decode()


def output(arguments, languages, paths):
    arguments = [word.format(**paths) if word.startswith("{") else word for word in arguments]
    text = "\n".join(run(arguments, language) for language in languages)
    for name, path in paths.items():
        text = text.replace(str(path), name.upper())
    return text.replace(str(TEST), "TEST")


def metrics(paths):
    """What watch writes for Prometheus."""
    file = paths["store"].with_name("metrics.prom")
    run(["watch", "--quiet", "--store", str(paths["store"]), "--prometheus", str(file), "--from",
         facts("mx-not-covered")], "en")
    return re.sub(r"(?m)^(mtasts_last_pass_timestamp_seconds) .*$", r"\1 NOW", file.read_text())


def main():
    global MTASTS
    MTASTS = sys.argv[1]
    update, names = "--update" in sys.argv[2:], [word for word in sys.argv[2:] if word != "--update"]
    cases = {**{name: (words, LANGUAGES) for name, words in TEXTS.items()},
             **{name: (words, ("en",)) for name, words in MACHINES.items()}}
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        paths = made(pathlib.Path(folder))
        for name in names or [*cases, "prometheus"]:
            path = GOLDEN / f"{name}.txt"
            text = metrics(paths) if name == "prometheus" else output(*cases[name], paths)
            before = path.read_bytes().decode() if path.exists() else ""
            if text == before:
                continue
            wrong.append(name)
            if update:
                path.write_bytes(text.encode())
            else:
                print("".join(difflib.unified_diff(before.splitlines(True), text.splitlines(True), f"golden/{name}.txt", "now")))
    stale = {path.stem for path in GOLDEN.glob("*.txt")} - {*cases, "prometheus"}
    print(f"golden: {len(names) or len(cases) + 1} cases, {len(wrong)} {'updated' if update else 'differ'}"
          + (f"; without a case: {', '.join(sorted(stale))}" if stale else ""))
    sys.exit(bool(stale or (wrong and not update)))


main()
