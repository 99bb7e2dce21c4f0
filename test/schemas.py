#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""All JSON that the program writes is as the schemas of schema/ say, and has no member that they do not name.

usage: schemas.py MTASTS            outputs for recorded observations, reports, policies; runs without a network
       schemas.py --validate        documents from standard input, one a line

A schema that is installed allows members that it does not name, since programs must expect new ones.  Here it does not:
a member that nobody has described fails.  And each member of each schema occurs in an output, apart from those below."""

import functools
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

TEST = pathlib.Path(__file__).resolve().parent
SCHEMAS = TEST.parent / "schema"
NOW = "2026-12-01T00:00:00Z"


def strict(schema):
    """Objects with members of their own have no others."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: strict(one) for name, one in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


@functools.lru_cache
def load():
    found = {}
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        found[schema["title"]] = jsonschema.Draft202012Validator(strict(schema))
    return found


class Checker:
    def __init__(self):
        self.validators, self.seen, self.faults = load(), {}, []

    def document(self, where, text):
        document = json.loads(text)
        title = document.get("format")
        if title not in self.validators:
            self.faults.append(f"{where}: format {title!r} has no schema")
            return document
        validator = self.validators[title]
        for error in validator.iter_errors(document):
            at = "/".join(str(one) for one in error.absolute_path)
            self.faults.append(f"{where}: {title}: {at}: {error.message[:300]}")
        self.note(validator.schema, validator.schema, document, self.seen.setdefault(title, set()), "")
        return document

    def note(self, root, schema, value, seen, where):
        """Which members of which object occur."""
        for one in schema.get("anyOf", []):
            if "$ref" in one or one.get("type") == ("object" if isinstance(value, dict) else "array"):
                self.note(root, one, value, seen, where)
        if "$ref" in schema and value is not None:
            name = schema["$ref"].rsplit("/", 1)[1]
            self.note(root, root["$defs"][name], value, seen, name)
        elif isinstance(value, list):
            for one in value:
                self.note(root, schema.get("items", {}), one, seen, where)
        elif isinstance(value, dict):
            known, rest = schema.get("properties", {}), schema.get("additionalProperties")
            for name, one in value.items():
                if name in known:
                    seen.add((where, name))
                self.note(root, known.get(name, rest if isinstance(rest, dict) else {}), one, seen, where)

    def lines(self, where, text):
        return [self.document(where, line) for line in text.splitlines() if line.strip()]

    def unseen(self):
        """Described, and in no output: of a format, or of several that share an object.  Facts have rare members;
        tools/check-schemas compares them with the tables that write them.  A check that is under way is seen by
        test/serve_check.py, an alert by test/serve_alerts.py, what policyd knows by test/policyd.py."""
        seen = {(json.dumps(self.object(title, name)), member) for title, found in self.seen.items() for name, member in found}
        for title in self.validators.keys() - {"mtasts.facts/1", "mtasts.check-run/1", "mtasts.alert/1", "mtasts.policyd/1",
                                                "mtasts.policyd-selftest/1"}:
            for name in ("", *self.validators[title].schema.get("$defs", {})):
                one = self.object(title, name)
                for member in one.get("properties", {}):
                    if (json.dumps(one), member) not in seen:
                        yield f"{title}: {name + '.' if name else ''}{member}"

    def object(self, title, name):
        schema = self.validators[title].schema
        return schema["$defs"][name] if name else {k: v for k, v in schema.items() if k != "$defs"}


def run(mtasts, *words, stdin="", statuses=(0, 1, 2, 3)):
    done = subprocess.run([mtasts, *words, "--lang", "en"], input=stdin.encode(), capture_output=True, timeout=120)
    if done.returncode not in statuses:
        raise SystemExit(f"{' '.join(words)}: {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def observations(checker, mtasts):
    """Facts, and all that is concluded from them; returns them."""
    recorded = [path.read_text() for path in sorted((TEST / "recorded").glob("*.json")) if path.name != "expected.json"]
    golden = [path.read_text() for path in sorted((TEST / "golden/facts").glob("*.json"))]
    for text in recorded + golden:
        checker.lines("facts", text)
    facts = "".join(text.rstrip("\n") + "\n" for text in recorded + golden)
    for command in ("check", "commands", "plan", "rollback", "generate", "would-deliver"):
        checker.lines(command, run(mtasts, command, "--json", "--now", NOW, "--from", "-", stdin=facts))
    return facts


def rollouts(checker, mtasts):
    for name in ("healthy", "testing-with-fault", "absent", "mx-not-covered"):
        path = str(TEST / f"golden/facts/{name}.json")
        for words in (["--new-mx", "mx9.example.net"], ["--remove"], ["--since", "2026-01-01"],
                      ["--since", "2026-01-01", "--max-age-before", "31557600", "--remove"]):
            checker.lines("plan", run(mtasts, "plan", "--json", "--now", NOW, *words, "--from", path))
        checker.lines("rollback", run(mtasts, "rollback", "--json", "--now", NOW, "--max-age-before", "604800", "--from", path))


def texts(checker, mtasts, folder):
    policies = {"good": "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n",
                "other": "version: STSv1\nmode: testing\nmx: mx.example.net\nmax_age: 86400\n",
                "typo": "version: STSv1\nmode: Enforce\nmx: mx1.example.com.\nmax-age: 86400\n"}
    for name, text in policies.items():
        (folder / name).write_text(text)
    for name in policies:
        for old in policies:
            checker.lines("lint", run(mtasts, "lint", "--json", "--mx", "a.example.com", "--mx", "mx.example.net", "--against",
                                      str(folder / old), str(folder / name)))
        checker.lines("lint", run(mtasts, "lint", "--json", "--mx", "a.b.example.com", str(folder / name)))
    for record in ("v=STSv1; id=20261123;", "v=STSv1", "nothing"):
        checker.lines("lint --record", run(mtasts, "lint", "--json", "--record", record))
    for record in ("v=TLSRPTv1; rua=mailto:a@example.com", "v=TLSRPTv1"):
        checker.lines("lint --tlsrpt-record", run(mtasts, "lint", "--json", "--tlsrpt-record", record))
    checker.lines("explain", run(mtasts, "explain", "--list", "--json"))


def stored(checker, mtasts, folder, facts):
    """Reports, the history, watch."""
    store = ("--store", str(folder / "mtasts.db"))
    reports = sorted(str(path) for path in (TEST / "reports").iterdir())
    whole = checker.lines("report", run(mtasts, "report", "--json", "--verbose", "--now", NOW, *reports))
    # No resolver is asked for longer than the time limit.
    nobody = ("--resolver", "127.0.0.1@9", "--timeout", "1")
    checker.lines("report --dkim", run(mtasts, "report", "--json", "--dkim", *nobody, "--now", NOW, *reports))
    checker.lines("ingest", run(mtasts, "ingest", "--json", *store, *reports))
    checker.lines("ingest", run(mtasts, "ingest", "--json", *store, *reports))
    notified = folder / "notified"
    for moment in ("2026-11-30", "2026-12-01"):
        moved = facts.replace("2026-11-30T", f"{moment}T")
        checker.lines("watch", run(mtasts, "watch", "--json", *store, "--from", "-", stdin=moved))
    changed = facts.replace("max_age: ", "max_age: 1").replace("2026-11-30T", "2026-12-02T")
    run(mtasts, "watch", *store, "--notify", f"cat >> {notified}", "--jobs", "1", "--from", "-", stdin=changed)
    checker.lines("--notify", notified.read_text())
    domains = sorted({json.loads(line)["domain"] for line in facts.splitlines()})
    reported = [one["domain"] for report in whole for one in report["domains"] if one["domain"] and "." in one["domain"]]
    checker.lines("history", run(mtasts, "history", "--json", "--now", NOW, *store, *domains, *reported))
    checker.lines("history", run(mtasts, "history", "--json", "--now", NOW, "--since", "1d", *store, *domains[:3]))


def no_network(checker, mtasts, folder):
    nobody = ("--resolver", "127.0.0.1@9", "--trust-anchor", "none", "--timeout", "1")
    saved = ("--save", "--store", str(folder / "scanned.db"), "--output", str(folder / "scan"))
    summary = run(mtasts, "scan", "--json", *saved, *nobody, "-", stdin="no name\nexample.com\n")
    checker.lines("scan", (folder / "scan").read_text())
    checker.lines("scan summary", summary)
    (folder / "config").write_text("timeout = 30\n[check]\ntimeout = 20\n")
    checker.lines("config", run(mtasts, "config", "--json", "--config", str(folder / "config")))
    checker.lines("selftest", run(mtasts, "selftest", "--json", *nobody, "--no-smtp"))


def refuses_strangers():
    """What is described passes; a member more, and a member less, fail."""
    good = {"format": "mtasts.scan-error/1", "given": "a b", "line": 1, "error": "why"}
    less = {name: value for name, value in good.items() if name != "line"}
    for document, faults in ((good, 0), ({**good, "new": 1}, 1), (less, 1), ({**good, "line": "1"}, 1)):
        checker = Checker()
        checker.document("self-test", json.dumps(document))
        if len(checker.faults) != faults:
            raise SystemExit(f"schemas: {document}: {checker.faults}")


def main():
    checker = Checker()
    refuses_strangers()
    if sys.argv[1] == "--validate":
        documents = len(checker.lines("standard input", sys.stdin.read()))
    else:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            facts = observations(checker, sys.argv[1])
            rollouts(checker, sys.argv[1])
            texts(checker, sys.argv[1], folder)
            stored(checker, sys.argv[1], folder, facts)
            no_network(checker, sys.argv[1], folder)
        checker.faults += [f"{one}: in no output" for one in checker.unseen()]
        documents = "all"
    print("\n".join([*dict.fromkeys(checker.faults)][:60] + [f"schemas: {documents} documents, {len(checker.faults)} faults"]))
    return 1 if checker.faults else 0


if __name__ == "__main__":
    sys.exit(main())
