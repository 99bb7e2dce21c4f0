#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The program from outside, without a network: usage, help, lint, explain, stored facts, languages.

usage: cli.py MTASTS        (run by the tests)"""

import fcntl
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent
TEST = TOP / "test"
HEALTHY = TOP / "fuzz/corpus/facts/healthy.json"
POLICY = "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n"
MTASTS = None


def run(*args, stdin="", env=None, **more):
    plain = {"PATH": os.environ["PATH"], "LC_ALL": "C", **(env or {})}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            plain[name] = os.environ[name]
    more = {"stdout": subprocess.PIPE, **more}
    return subprocess.run([MTASTS, *args], input=stdin.encode() if isinstance(stdin, str) else stdin,
                          stderr=subprocess.PIPE, env=plain, timeout=60, **more)


class Cli(unittest.TestCase):
    maxDiff = None

    def fails(self, status, word, *args, **more):
        """One line on standard error that names `word`, and nothing on standard output."""
        result = run(*args, **more)
        error = result.stderr.decode()
        self.assertEqual(result.returncode, status, error)
        self.assertRegex(error, r"\Amtasts: [^\n]+\n\Z")
        self.assertIn(word, error)
        self.assertFalse(result.stdout)

    def good(self, *args, statuses=(0,), **more):
        result = run(*args, **more)
        self.assertIn(result.returncode, statuses, result)
        self.assertEqual(result.stderr.decode(), "")
        return result.stdout.decode()


class Configuration(Cli):
    """Files of options: where they are, what counts, and what is said of them."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name, "mtasts.conf")

    def write(self, text, mode=0o644, path=None):
        path = path or self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def settings(self, *args, **more):
        shown = json.loads(self.good("config", "--json", *args, **more))
        return {(one["section"], one["key"]): (one["value"], one["origin"], one["where"]) for one in shown["settings"]}

    def test_where_they_are(self):
        german = self.good("explain", "--lang", "de", "mx-null")
        home = pathlib.Path(self.folder.name, "home")
        for file, env in ((home / ".config/mtasts/config", {"HOME": str(home)}),
                          (home / "xdg/mtasts/config", {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "xdg")}),
                          (self.path, {"MTASTS_CONFIG": str(self.path)})):
            self.write("lang = de\n", path=file)
            self.assertEqual(self.good("explain", "mx-null", env=env), german)
            self.assertEqual(self.settings(env=env)[None, "lang"], ("de", "file", f"{file}:1"))
            english = self.good("explain", "--lang", "en", "mx-null")
            for words in (("--no-config",), ("--lang", "en"), ("--config", "/dev/null")):
                self.assertEqual(self.good("explain", *words, "mx-null", env=env), english)
        self.assertEqual(self.good("--config", str(self.path), "explain", "mx-null"), german)
        self.fails(70, "/nonexistent", "explain", "--config", "/nonexistent", "mx-null")
        self.fails(70, "/nonexistent", "explain", "mx-null", env={"MTASTS_CONFIG": "/nonexistent"})
        self.good("explain", "mx-null", env={"HOME": "/nonexistent", "XDG_CONFIG_HOME": ""})

    def test_what_counts(self):
        self.write("timeout = 30\nlang = de # ours\nstore = a.db\n\n[check]\ntimeout = 20\nquiet = yes\n")
        config = ("--config", str(self.path))
        found = self.settings(*config)
        self.assertEqual(found[None, "timeout"], ("30", "file", f"{self.path}:1"))
        self.assertEqual(found["check", "timeout"], ("20", "file", f"{self.path}:6"))
        self.assertEqual(found[None, "store"], (f"{self.folder.name}/a.db", "file", f"{self.path}:3"))
        self.assertEqual(found[None, "keep"], ("400", "default", None))
        self.assertEqual(self.settings(*config, env={"MTASTS_STORE": "/b.db"})[None, "store"], ("/b.db", "environment", "MTASTS_STORE"))
        self.assertEqual(len(self.good("check", *config, "--from", str(HEALTHY)).splitlines()), 1)
        self.assertGreater(len(self.good("check", *config, "-v", "--from", str(HEALTHY)).splitlines()), 1)
        # What it shows is a file that sets the same.
        again = pathlib.Path(self.folder.name, "again")
        again.write_text(self.good("config", *config))
        self.assertEqual({key: value[0] for key, value in self.settings("--config", str(again)).items()},
                         {key: value[0] for key, value in found.items()})

    def test_the_store_of_a_file(self):
        self.write("store = a.db\nsave = yes\n")
        store = pathlib.Path(self.folder.name, "a.db")
        config = ("--config", str(self.path))
        self.assertIn(b"nothing is stored", run("history", *config, "healthy.example").stdout)  # nor is it missed
        self.assertIn(b"new database", run("check", *config, "--from", str(HEALTHY)).stderr)
        self.assertTrue(store.exists())
        self.assertEqual(run("history", *config, "healthy.example").returncode, 0)
        self.good("report", *config, str(TEST / "reports/clean.json"), statuses=(0, 1, 2))  # a path and a store of a file
        self.fails(70, "c.db", "history", *config, "--store", f"{self.folder.name}/c.db", "healthy.example")
        other = f"{self.folder.name}/d.db"  # the file says that, the command line where
        self.assertIn(b"new database", run("check", *config, "--store", other, "--from", str(HEALTHY)).stderr)
        self.fails(64, "--save", "check", "--no-config", "--store", other, "--from", str(HEALTHY))

    def test_domains_of_a_file(self):
        self.write("domains = list\n")
        pathlib.Path(self.folder.name, "list").write_text("a.example\nb.example\n")
        self.assertIn(b"b.example: nothing", run("history", "--config", str(self.path)).stdout)
        self.assertNotIn(b"b.example: nothing", run("history", "--config", str(self.path), "c.example").stdout)

    def test_passwords(self):
        for text in ("store = postgresql://u:geheim@h/d\n", "store = postgresql://h/d?user=u&password=geheim\n",
                     "proxy = http://u:geheim@h:1\n"):
            self.write(text, 0o600)
            for words in ((), ("--json",)):
                shown = self.good("config", *words, "--config", str(self.path))
                self.assertNotIn("geheim", shown)
                self.assertIn("***", shown)
        shown = self.good("config", env={"MTASTS_STORE": "postgresql://u:ge@heim@h/d", "https_proxy": "http://u:geheim@h:1"})
        self.assertNotIn("heim", shown)
        self.write("store = postgresql://u:geheim@h/d\n")
        self.fails(64, "chmod o=", "config", "--config", str(self.path))
        self.assertNotIn(b"geheim", run("config", "--config", str(self.path)).stderr)
        self.write("proxy = u:geheim@h:1\n")
        self.fails(64, "chmod o=", "config", "--config", str(self.path))

    def test_what_is_wrong_is_said_with_its_line(self):
        for text, line, word in (("timeot = 3\n", 1, "did you mean timeout?"), ("\n[chekc]\na = 1\n", 2, "did you mean check?"),
                                 ("[chek]\n", 1, "did you mean check?"), ("from = x\n", 1, "only on the command line"), ("[check]\nkeep = 3\n", 2, "not an option of check"),
                                 ("keep = 3\n\nkeep = 4\n", 3, "line 1"), ("timeout = 0\n", 1, "expected an integer"),
                                 ("save = maybe\n", 1, "yes or no"), ("color = nevr\n", 1, "did you mean never?"),
                                 ("resolver = dns\n", 1, "IP address"), ("store = postgres:d\n", 1, "postgresql://"),
                                 ("# x\nnonsense\n", 2, "KEY = VALUE"), ("notify = \"x\n", 1, "quotation mark"),
                                 ("frobnicate = 1\n", 1, "mtasts config lists them")):
            self.write(text)
            for words in (("check", "example.com"), ("config",), ("explain", "mx-null")):
                with self.subTest(text=text, words=words):
                    self.fails(64, f"{self.path}:{line}: ", *words, "--config", str(self.path))
                    self.fails(64, word, *words, "--config", str(self.path))
            self.good("--help", "--config", str(self.path))
            self.good("help", "check", "--config", str(self.path))
            self.good("check", "--help", "--config", str(self.path))
        self.write("[check]\njobs = 1000\n")
        self.fails(64, f"{self.path}:2: jobs 1000", "check", "--config", str(self.path), "example.com")

    def test_modes(self):
        self.write("lang = de\n", 0o646)
        self.fails(64, "chmod o-w", "explain", "--config", str(self.path), "mx-null")
        self.fails(70, self.folder.name, "explain", "--config", self.folder.name, "mx-null")
        if os.geteuid() == 0:
            file = pathlib.Path(self.folder.name, "mtasts/config")
            self.write("lang = de\n", path=file)
            os.chown(file, 12345, -1)
            self.fails(64, "another user", "explain", "mx-null", env={"XDG_CONFIG_HOME": self.folder.name})
            self.good("explain", "--config", str(file), "mx-null")
        else:
            self.write("lang = de\n", 0)
            self.fails(70, "--no-config", "explain", "--config", str(self.path), "mx-null")


class Usage(Cli):
    def test_wrong_usage_is_64_and_one_line(self):
        for word, *args in (
                ("subcommand",), ("nonsense", "nonsense"), ("--nonsense", "--nonsense"),
                ("--json", "--json"), ("domain", "check"), ("not a domain", "check", "not a domain"),
                ("a..b", "check", "example.com", "a..b"), ("--list", "check", "--list", "example.com"),
                ("--jobs", "check", "--jobs"), ("--jobs", "check", "--jobs", "0", "example.com"),
                ("--jobs", "check", "--jobs=9999", "example.com"),
                ("--timeout", "check", "--timeout", "1s", "example.com"),
                ("--timeout", "check", "--timeout", "-1", "example.com"),
                ("--smtp-port", "observe", "--smtp-port", "65536", "example.com"),
                ("--resolver", "check", "--resolver", "nowhere", "example.com"),
                ("--resolver", "check", "--resolver", "192.0.2.1@0", "example.com"),
                ("--resolver", "check", "--resolver", "192.0.2.1@", "example.com"),
                ("--proxy", "check", "--proxy", "ftp://proxy:21", "example.com"),
                ("--proxy", "scan", "--proxy", "http://user:secret@", "list"),
                ("none", "check", "--resolver", "none", "--resolver", "192.0.2.1", "example.com"),
                ("--now", "check", "--now", "tomorrow", "example.com"),
                ("--lang", "check", "--lang", "fr", "example.com"),
                ("--color", "check", "--color", "", "example.com"),
                ("--fail-on", "check", "--fail-on", "info", "example.com"),
                ("-4", "check", "-4", "-6", "example.com"), ("-5", "check", "-5", "example.com"),
                ("-46", "check", "-46", "example.com"),
                ("--json=1", "check", "--json=1", "example.com"),
                ("--from", "check", "--from", str(HEALTHY), "example.com"),
                ("file", "lint"), ("--mx", "lint", "--mx", "a b", "-"),
                ("record", "lint", "--record", "v=STSv1; id=1", "file"),
                ("list", "scan"), ("list", "scan", "a", "b"), ("--resume", "scan", "--resume", "-"),
                ("--threads", "scan", "--threads", "0", "-"), ("--output", "check", "--output", "x", "a.example"),
                ("--rua", "generate", "--mx", "mx.example.com", "--rua", "ftp://x", "example.com"),
                ("--mx", "generate", "--mx", "a b", "example.com"),
                ("--mode", "generate", "--mode", "report", "example.com"),
                ("--max-age", "generate", "--max-age", "0", "example.com"),
                ("--list", "explain", "--list", "mx-null")):
            with self.subTest(args=args):
                self.fails(64, word, *args)

    def test_a_proxy_of_the_environment_must_be_one(self):
        variables = {"https_proxy": "https://user:secret@proxy:443"}
        for args in (("check", "example.com"), ("scan", "list")):
            result = run(*args, env=variables)
            self.assertEqual(result.returncode, 64, result)
            self.assertIn(b"https_proxy", result.stderr)
            self.assertNotIn(b"secret", result.stderr)
        self.assertEqual(run("check", "--from", str(HEALTHY), env=variables).returncode, 0)

    def test_options_before_the_subcommand(self):
        behind = self.good("explain", "--json", "--lang", "de", "mx-null")
        self.assertEqual(self.good("--json", "explain", "--lang", "de", "mx-null"), behind)
        self.assertEqual(self.good("--json", "--lang", "de", "explain", "mx-null"), behind)
        self.assertEqual(self.good("--json", "--lang=de", "explain", "mx-null"), behind)
        self.fails(64, "mx-null", "--lang", "explain", "mx-null")  # a value, not the subcommand
        self.fails(64, "--list", "--list", "check", "example.com")

    def test_a_bad_name_of_a_list(self):
        """It is named with its line; the others are looked at, and the end says that not all were."""
        result = run("history", "--quiet", "-", stdin="# comment\n\n no name \nexample.com\na..b\n")
        self.assertEqual(result.stderr.decode().splitlines(), ['mtasts: standard input:3: "no name" is not a domain name',
                                                               'mtasts: standard input:5: "a..b" is not a domain name; did you mean a.b?'])
        self.assertIn(b"example.com: nothing is stored", result.stdout)
        self.assertEqual(result.returncode, 64)
        self.fails(64, "standard input:1", "check", "-", stdin="no name\n")
        self.fails(64, "domain", "check", "-", stdin="# comment\n\n")
        many = run("history", "--quiet", "-", stdin="no name\n" * 30 + "example.com\n").stderr.decode().splitlines()
        self.assertEqual((len(many), many[-1]), (21, "mtasts: standard input: 10 more lines are not domain names"))

    def test_a_file_of_domains(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "domains")
            path.write_text("# ours\nexample.com\n\nhttps://a.example/x\nno name\n")
            result = run("history", "--domains", str(path), "b.example")
            self.assertEqual([line.split(":")[0] for line in result.stdout.decode().splitlines() if ": nothing" in line],
                             ["example.com", "a.example", "b.example"])
            self.assertIn(f'{path}:4: "https://a.example/x": taking the domain a.example', result.stderr.decode())
            self.assertIn(f"{path}:5:", result.stderr.decode())
            self.assertEqual(result.returncode, 64)
        self.fails(70, "/nonexistent", "check", "--domains", "/nonexistent")
        self.fails(64, "--domains", "check", "--domains", "x", "--from", str(HEALTHY))

    def test_what_is_pasted(self):
        for pasted in ("https://example.com/contact?a@b", "jo@example.com", "mailto:jo@example.com", "Jo <jo@example.com>",
                       "*.example.com", "_mta-sts.example.com", "_smtp._tls.example.com", "example.com:25", " example.com ",
                       "mta-sts.example.com", "https://mta-sts.example.com/.well-known/mta-sts.txt", "_mta-sts.example.com."):
            with self.subTest(pasted=pasted):
                result = run("history", "-q", pasted)
                self.assertRegex(result.stdout, rb"\Aexample\.com: ")
                self.assertEqual(result.stderr, b"")  # the quiet see the name in the answer
                said = run("history", pasted).stderr.decode()
                self.assertRegex(said, r"\Amtasts: [^\n]+: taking the domain example\.com[^\n]*\n\Z")
                self.assertIn(f'"{pasted}"', said)
        for plain in ("example.com", "Example.COM."):
            self.assertEqual(run("history", plain).stderr, b"")
        itself = run("history", "@mta-sts.example.com")
        self.assertRegex(itself.stdout, rb"\Amta-sts\.example\.com: ")
        self.assertEqual(itself.stderr, b"")
        self.assertIn(b"write @mta-sts.example.com", run("history", "mta-sts.example.com").stderr)

    def test_a_file_where_a_domain_is_expected(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("policy.txt", POLICY), ("facts.json", HEALTHY.read_text()), ("list", "a.example\n"),
                               ("report.json", (TEST / "reports/clean.json").read_text()), ("example.com", POLICY)):
                pathlib.Path(folder, name).write_text(text)
            for meant, *words in (("mtasts lint policy.txt?", "check", "policy.txt"), ("mtasts check --from facts.json?", "check", "facts.json"),
                                  ("mtasts plan --from ./facts.json?", "plan", "./facts.json"), ("mtasts report report.json?", "watch", "report.json"),
                                  ("mtasts check --from facts.json?", "observe", "facts.json"),
                                  ("mtasts history --domains list?", "history", "list"), ("mtasts generate --domains list?", "generate", "list")):
                with self.subTest(words=words):
                    self.fails(64, meant, *words, cwd=folder)
            self.assertEqual(run("history", "example.com", cwd=folder).stderr, b"")  # a policy kept under its domain's name
            self.assertEqual(run("history", "policy.txt.", cwd=folder).stderr, b"")
        self.fails(70, "mtasts check example.com?", "lint", "example.com")
        self.fails(70, "mtasts check example.com?", "scan", "Example.com")

    def test_too_few_open_files_for_a_loop_are_70(self):
        for limit in range(4, 13):
            few = {"preexec_fn": lambda n=limit: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n))}
            for args in (("scan", "-"), ("check", "--resolver", "127.0.0.1", "a.example")):
                result = run(*args, stdin="a.example\n", **few)
                self.assertIn(result.returncode, (3, 70, 127), (limit, result))
                self.assertNotIn(b"[err]", result.stderr)
                self.assertNotIn(b"out of memory", result.stderr)  # it is the files that are short

    def test_want_of_open_files_is_called_that(self):
        """It is neither want of memory nor of a right."""
        with tempfile.TemporaryDirectory() as folder:
            store = folder + "/store.db"
            run("ingest", "--store", store, str(TOP / "test/reports/all-types.json"))
            words = 0
            for args in (("check", "--resolver", "127.0.0.1", "--timeout", "1", "a.example"), ("scan", "--timeout", "1", "-"),
                         ("check", "--resolver", "127.0.0.1", "--timeout", "1", "--save", "--store", store, "a.example"),
                         ("plan", "--resolver", "127.0.0.1", "--timeout", "1", "a.example"), ("check", "--from", str(HEALTHY)),
                         ("history", "--store", store, "a.example"), ("ingest", "--store", store, str(TOP / "test/reports/all-types.json"))):
                for limit in range(4, 13):
                    few = {"preexec_fn": lambda n=limit: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n))}
                    result = run(*args, stdin="a.example\n", **few)
                    if result.returncode != 70:
                        continue
                    words += 1
                    self.assertNotRegex(result.stderr.decode(), "memory|ermission|readable", (args, limit))
            self.assertGreater(words, 10)

    def test_unreadable_files_are_70(self):
        self.fails(70, "/nonexistent", "lint", "/nonexistent")
        self.fails(70, "/nonexistent", "check", "--from", "/nonexistent")
        self.fails(70, "/", "lint", "/")

    def test_control_characters_of_the_command_line(self):
        self.fails(64, "\\x1b", "check", "\x1b[31m.example")

    def test_a_libcurl_of_another_tls_library_is_refused(self):
        """It would see certificates wrongly, and the domain would be blamed."""
        foreign = pathlib.Path(MTASTS).resolve().parent / "test/foreign_curl.so"
        if not foreign.exists():
            self.skipTest("the sanitizers' runtime has to be loaded first")
        self.fails(70, "GnuTLS", "check", "example.com", env={"LD_PRELOAD": str(foreign)})

    def test_only_what_reads_mails_loads_what_they_need(self):
        """Loading it takes longer than all that a check does before its first question."""
        report = "\0" * 257 + "ustar"
        for args, stdin, wanted in ((("check", "--from", str(HEALTHY)), "", False), (("lint", "-"), POLICY, False),
                                    (("report", "-"), report, True)):
            loaded = run(*args, stdin=stdin, env={"LD_DEBUG": "files"}).stderr.decode()
            for library in ("libgmime", "libarchive", "libopendkim"):
                self.assertEqual(library in loaded, wanted, (args, library))

    def test_a_program_without_its_module(self):
        with tempfile.TemporaryDirectory() as folder:
            program = shutil.copy(MTASTS, folder)
            for args, status in ((("lint", "-"), 0), (("report", "-"), 70)):
                result = subprocess.run([program, *args], input=POLICY.encode(), capture_output=True, timeout=60)
                self.assertEqual(result.returncode, status, result)
            self.assertRegex(result.stderr.decode(), r"\Amtasts: [^\n]*mtasts-mail\.so[^\n]*\n\Z")

    def test_help_and_version(self):
        self.assertIn("usage: mtasts SUBCOMMAND", self.good("--help"))
        self.assertEqual(self.good("-h"), self.good("--help"))
        self.assertRegex(self.good("--version"), r"\Amtasts \d+\.\d+\.\d+\n\Z")
        for command in ("check", "observe", "scan", "lint", "generate", "explain", "commands"):
            text = self.good(command, "--help")
            self.assertIn(f"usage: mtasts {command} ", text)
            self.assertLessEqual(max(map(len, text.splitlines())), 80)
            self.assertEqual(self.good(command, "--version"), self.good("--version"))

    def test_help_of_a_subcommand(self):
        self.assertEqual(self.good("help"), self.good("--help"))
        for command in ("check", "lint", "explain", "help"):
            self.assertEqual(self.good("help", command), self.good(command, "--help"))
        self.assertEqual(self.good("help", "gen"), self.good("generate", "-h"))
        self.fails(64, "mtasts lint?", "help", "lnit")
        self.fails(64, "plan", "help", "lint", "plan")

    def test_short_forms(self):
        self.assertEqual(self.good("-V"), self.good("--version"))
        self.assertEqual(self.good("explain", "-j", "mx-null"), self.good("explain", "--json", "mx-null"))
        self.assertEqual(self.good("-q", "explain", "mx-null"), self.good("explain", "--quiet", "mx-null"))
        self.assertEqual(self.good("check", "-v", "--from", str(HEALTHY)), self.good("check", "--verbose", "--from", str(HEALTHY)))
        with tempfile.TemporaryDirectory() as folder:
            for words in (("-o", f"{folder}/a"), (f"-o{folder}/b",)):
                run("generate", "--mx", "mx.example.com", *words, "example.com")
                self.assertTrue(pathlib.Path(words[-1].removeprefix("-o"), "mta-sts.txt").exists(), words)
        self.fails(64, "-o", "check", "-o", "x", "example.com")
        self.fails(64, "-json", "check", "-json", "example.com")

    def test_beginnings_of_names(self):
        whole = self.good("explain", "--quiet", "mx-null")
        for words in (("exp", "--quiet"), ("ex", "--qui"), ("explain", "--qui"), ("--qui", "ex")):
            self.assertEqual(self.good(*words, "mx-null"), whole)
        self.fails(64, "check or collect", "c", "example.com")
        self.fails(64, "--verbose or --version", "check", "--ver", "example.com")
        self.assertEqual(self.good("lint", "--rec", "v=STSv1; id=1;"), self.good("lint", "--record", "v=STSv1; id=1;"))

    def test_what_was_meant(self):
        for meant, *words in (("mtasts check?", "chekc", "example.com"), ("mtasts lint?", "lnit"), ("mtasts explain?", "explian"),
                              ("mtasts check example.com?", "Example.com"), ("--json?", "check", "--jsno", "example.com"),
                              ("--json?", "check", "-json", "example.com"), ("--max-age?", "generate", "--maxage=5", "example.com"),
                              ("did you mean enforce?", "generate", "--mode", "enforced", "example.com"),
                              ("did you mean critical?", "check", "--fail-on", "critcal", "example.com")):
            with self.subTest(words=words):
                self.fails(64, meant, *words)
        for words in (("frobnicate",), ("check", "--frobnicate"), ("generate", "--mode", "strict", "example.com"),
                      ("check", "--color", "sometimes", "example.com")):
            with self.subTest(words=words):
                self.assertNotIn(b"mean", run(*words).stderr)

    def test_numbers_and_words_that_people_saw(self):
        """A status of HTTP, Cloudflare, curl or SMTP, or a word, leads to what is known of it."""
        for word, *codes in (("404", "policy-not-found"), ("403", "policy-forbidden"), ("301", "policy-redirect"),
                             ("503", "policy-server-error"), ("522", "policy-proxy-error"), ("error 1016", "policy-proxy-error"),
                             ("521", "policy-proxy-error", "mx-greeting-rejected"), ("curl: (60)", "certificate"),
                             ("6", "policy-host-missing"), ("454", "mx-starttls-refused"), ("554", "mx-greeting-rejected"),
                             ("4.7.321", "starttls-not-supported"), ("5.4.8", "not-covered"), ("null MX", "mx-null"),
                             ("abgelaufen", "policy-cert-expired", "mx-cert-expired"), ("Zwischenzertifikat", "policy-cert-chain-incomplete",
                                                                                       "mx-cert-chain-incomplete"),
                             ("notfall", "rollback"), ("berichte", "reports"), ("wie-lange", "propagation")):
            with self.subTest(word=word):
                self.assertEqual([json.loads(line)["code"] for line in self.good("explain", "--json", word).splitlines()], list(codes))
        for meant, word in (("mx-not-covered?", "mx-not-coverd"), ("policy-redirect?", "policy-redirct"), ("max_age?", "maxagee"),
                            ("or sts-webpki-invalid?", "webpki-inv")):
            self.fails(64, meant, "explain", word)
        for word in ("418418", "frobnicate", "x" * 100):
            self.assertNotIn(b"mean", run("explain", word).stderr)
            self.fails(64, "mtasts explain --list", "explain", word)

    def test_a_reader_that_has_seen_enough(self):
        """No word of it, and the end that a shell knows from other programs."""
        for words in (("explain", "--list"), ("--help",), ("explain", "--list", "--json")):
            piped = subprocess.run(["bash", "-c", '"$0" "$@" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}', MTASTS, *words],
                                   capture_output=True, timeout=60)
            self.assertEqual(piped.stderr, b"")
            self.assertIn(piped.returncode, (0, 141), words)  # 0: all of it was in the pipe before
        gone, end = os.pipe()
        os.close(gone)
        for words in (("explain", "--list"), ("--version",), ("scan", "--resolver", "127.0.0.1@9", "--timeout", "1", "-")):
            result = run(*words, stdin="no name\n" * 5, stdout=end)
            self.assertEqual((result.returncode, result.stderr), (-signal.SIGPIPE, b""), words)
        # Nor are 500 domains checked for nobody, a second each.
        result = run("check", "--jobs", "1", "--resolver", "127.0.0.1@9", "--timeout", "1", "-", stdout=end,
                     stdin="".join(f"d{i}.example\n" for i in range(500)))
        self.assertEqual((result.returncode, result.stderr), (-signal.SIGPIPE, b""))
        os.close(end)

    def test_standard_output_that_cannot_be_written(self):
        for args in (("explain", "--list"), ("explain", "--json", "mx-null"), ("--version",),
                     ("check", "--from", str(HEALTHY))):
            with self.subTest(args=args), open("/dev/full", "w") as full:
                self.fails(70, "standard output", *args, stdout=full)
        closed = subprocess.run(["sh", "-c", 'exec "$0" --version >&-', MTASTS], capture_output=True)
        self.assertEqual(closed.returncode, 70, closed)
        self.assertIn(b"standard output", closed.stderr)


def own_ca(file):
    """Some CA file, so that none of the system's is needed."""
    file.write(subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                               "/dev/null", "-subj", "/CN=x"], capture_output=True, text=True,
                              check=True).stdout)
    file.flush()


class Scan(Cli):
    """What needs no network: lists without a usable name."""

    def scan(self, *args, **more):
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as ca:
            own_ca(ca)
            return run("scan", "--resolver", "127.0.0.1@9", "--trust-anchor", "none", "--ca-file", ca.name,
                       *args, **more)

    def test_pasted_lines(self):
        result = self.scan("--json", "--timeout", "1", "-", stdin="https://a.example/x\njo@b.example\n_mta-sts.c.example\nD.example.\n")
        self.assertEqual(sorted(json.loads(line)["domain"] for line in result.stdout.splitlines()),
                         ["a.example", "b.example", "c.example", "d.example"])

    def test_lines_that_are_no_names(self):
        result = self.scan("-", stdin="# list\n\nno name\na..b\n")
        self.assertEqual(result.returncode, 0, result)
        lines = [json.loads(line) for line in result.stdout.decode().splitlines()]
        self.assertEqual([(line["format"], line["given"], line["line"]) for line in lines],
                         [("mtasts.scan-error/1", "no name", 3), ("mtasts.scan-error/1", "a..b", 4)])
        self.assertIn("2 lines contain no domain name", result.stderr.decode())

    def test_resume_passes_over_what_is_done(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            self.scan("--json", "--output", str(out), "-", stdin="no name\n")
            again = self.scan("--output", str(out), "-", stdin="no name\n")
            self.assertEqual(again.returncode, 64, again)
            whole = out.read_text()
            out.write_text(whole + '{"format":"mtasts.chec')
            more = self.scan("--json", "--resume", "--output", str(out), "-", stdin="no name\na..b\n")
            summary = json.loads(more.stdout)
            self.assertEqual((summary["format"], summary["unusable"], summary["done_before"]),
                             ("mtasts.scan-summary/1", 1, 1), more)
            self.assertTrue(out.read_text().startswith(whole))
            self.assertEqual([json.loads(line)["given"] for line in out.read_text().splitlines()],
                             ["no name", "a..b"])
            out.write_text("precious\n")
            self.assertEqual(self.scan("--resume", "--output", str(out), "-").returncode, 70)
            self.assertEqual(out.read_text(), "precious\n")

    def test_closed_descriptors_lead_nobody_into_the_output(self):
        with tempfile.TemporaryDirectory() as folder:
            out, ca = pathlib.Path(folder) / "out", pathlib.Path(folder) / "ca"
            with ca.open("w") as file:
                own_ca(file)
            (pathlib.Path(folder) / "list").write_text("no name\n")
            words = [MTASTS, "scan", "--json", "--resolver", "127.0.0.1@9", "--trust-anchor", "none",
                     "--ca-file", str(ca), "--output", str(out), f"{folder}/list"]
            for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
                with self.subTest(closed=closed):
                    out.unlink(missing_ok=True)
                    done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *words], capture_output=True)
                    self.assertEqual([json.loads(line)["given"] for line in out.read_text().splitlines()],
                                     ["no name"], done)
                    self.assertEqual(done.returncode == 70, ">&-" in closed.split(), done)

    def test_columns(self):
        result = self.scan("--column", "domain", "-", stdin='rank,domain\n1,"no name"\n')
        self.assertEqual(json.loads(result.stdout)["given"], "no name", result)
        self.assertEqual(self.scan("--column", "host", "-", stdin="rank,domain\n").returncode, 64)

    def test_an_interrupt_ends_the_wait_for_a_list(self):
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as ca:
            own_ca(ca)
            words = [MTASTS, "scan", "--resolver", "127.0.0.1@9", "--trust-anchor", "none", "--ca-file", ca.name, "-"]
            with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as scan:
                scan.stdin.write(b"no name\n")
                scan.stdin.flush()
                self.assertEqual(json.loads(scan.stdout.readline())["given"], "no name")
                scan.send_signal(signal.SIGTERM) # the list goes on, and nothing more comes
                self.assertEqual(scan.wait(timeout=60), 3)

    def test_progress_is_never_wider_than_the_terminal(self):
        """... which becomes narrower meanwhile; the list is not at its end yet."""
        def resize(columns):
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

        def shown_until(wanted):
            text = ""
            while not re.search(wanted, text):
                text += os.read(terminal, 4096).decode()
            return [line for line in re.split("\r\x1b\\[K|\r|\n", text) if line]
        terminal, end = os.openpty()
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as ca:
            own_ca(ca)
            resize(60)
            words = [MTASTS, "scan", "--resolver", "127.0.0.1@9", "--trust-anchor", "none", "--ca-file", ca.name, "-"]
            with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=end,
                                  env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}) as scan:
                wide = shown_until("0 in progress, 0 per second")
                resize(20)
                shown_until("done, 0 critical\r")
                narrow = shown_until("done, 0 critical\r")
                scan.send_signal(signal.SIGINT)
                scan.stdin.close()
        os.close(end)
        os.close(terminal)
        self.assertLess(max(map(len, wide)), 60)
        self.assertLess(max(map(len, narrow)), 20)

    def test_watch_shows_that_it_lives(self):
        """The same line, also while nothing ends: this resolver is silent, and nobody can say how long it takes."""
        for timeout in (("--timeout", "600"), ()):
            with self.subTest(timeout), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent, \
                    tempfile.TemporaryDirectory() as folder:
                silent.bind(("127.0.0.1", 0))
                words = [MTASTS, "watch", "--store", f"{folder}/s.db", "--resolver", f"127.0.0.1@{silent.getsockname()[1]}",
                         "--trust-anchor", "none", *timeout, "a.example", "b.example", "A.example"]
                terminal, end = os.openpty()
                with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=end,
                                      env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}) as watch:
                    text = ""
                    while text.count("0 of 2 done") < 4:
                        text += os.read(terminal, 4096).decode()
                    watch.send_signal(signal.SIGINT)
                os.close(end)
                os.close(terminal)
                self.assertEqual(watch.returncode, 3)
                self.assertIn("0 of 2 done, 0 critical, 2 in progress, 0 per second", text)
                self.assertNotIn("left", text)

    def test_a_database_that_is_cut_off_is_noticed(self):
        """The keepalive timer of the connection (02), in hundredths of a second; else it is two hours."""
        def timer_of(server):
            """(kind, when) of the client's end"""
            for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
                words = line.split()
                if int(words[2].split(":")[1], 16) == server and words[3] == "01":
                    return tuple(int(part, 16) for part in words[5].split(":"))
            return None
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with subprocess.Popen([MTASTS, "history", "--store", f"postgresql://u@127.0.0.1:{port}/d", "example.com"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as history:
                with server.accept()[0] as connection:
                    connection.recv(8)
                    for _ in range(6000):
                        timer = timer_of(port)
                        if timer and timer[0] == 2:
                            break
                        time.sleep(0.01)
                server.close()
                history.kill()
        self.assertLessEqual(timer[1], 3000)

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            for words in ((), ("--output", "-")):
                result = self.scan(*words, "-", stdin="no name\n", stdout=full)
                self.assertEqual(result.returncode, 70, result)
                self.assertIn("mtasts: standard output could not be written: No space left on device", result.stderr.decode())


class Lint(Cli):
    def lint(self, text, *args, statuses=(0, 1, 2)):
        return json.loads(self.good("lint", "--json", *args, "-", stdin=text, statuses=statuses))

    def test_policy(self):
        result = self.lint(POLICY, "--mx", "MX1.Example.com.", "--mx", "a.b.example.com",
                           statuses=(0, 1, 2))
        self.assertEqual(result["format"], "mtasts.lint/1")
        self.assertIs(result["valid"], True)
        self.assertEqual(result["policy"]["mode"], "enforce")
        self.assertEqual(result["policy"]["mx"], ["*.example.com"])
        self.assertEqual([m["covered"] for m in result["mx"]], [True, False])
        self.assertEqual(result["mx"][0], {"host": "mx1.example.com", "covered": True,
                                           "pattern": "*.example.com"})

    def test_a_fault_has_its_place(self):
        result = self.lint(POLICY.replace("enforce", "Enforce"), statuses=(2,))
        self.assertIs(result["valid"], False)
        self.assertIsNone(result["policy"])
        fault = {f["code"]: f for f in result["findings"]}["policy-mode-invalid"]
        self.assertEqual(fault["line"], 2)
        self.assertGreater(fault["column"], 0)
        for member in ("severity", "subject", "result_types", "title", "detail", "fix", "commands",
                       "spec", "evidence"):
            self.assertIn(member, fault)

    def test_no_policy_at_all(self):
        for text in ("", "\0", "<html>", "\ufeff" + POLICY, "x" * 65536, "a" * 70000):
            with self.subTest(text=text[:10]):
                result = run("lint", "--json", "-", stdin=text)
                self.assertEqual(result.returncode, 2, result.stderr)

    def test_text_shows_line_and_verdict(self):
        text = self.good("lint", "-", stdin=POLICY.replace("STSv1", "STSv2"), statuses=(2,))
        self.assertIn("policy-version-invalid", text)
        self.assertRegex(text.splitlines()[0], r"\([a-z-]+\)(?: and \d+ more)?\. Does not comply")

    def test_records(self):
        record = json.loads(self.good("lint", "--json", "--record", "v=STSv1; id=20260101;"))
        self.assertEqual((record["format"], record["valid"], record["id"]),
                         ("mtasts.lint-record/1", True, "20260101"))
        record = json.loads(self.good("lint", "--json", "--record", "v=STSv1; id=2026-01", statuses=(2,)))
        self.assertEqual((record["valid"], record["id"]), (False, None))
        record = json.loads(self.good("lint", "--json", "--tlsrpt-record",
                                      "v=TLSRPTv1; rua=mailto:a@example.com,https://b.example/c"))
        self.assertEqual(record["rua"], ["mailto:a@example.com", "https://b.example/c"])

    def test_fail_on(self):
        text = "version: STSv1\nmode: testing\nmx: *.example.com\n\nmax_age: 604800\n"  # medium
        for level, status in (("low", 1), ("medium", 1), ("high", 0), ("critical", 0)):
            self.assertEqual(run("lint", "--fail-on", level, "-", stdin=text).returncode, status, level)


class Generate(Cli):
    def test_offline(self):
        made = json.loads(self.good("generate", "--json", "--mx", "mx1.example.com", "--now",
                                    "2026-11-23T15:00:00Z", "example.com"))
        self.assertEqual((made["format"], made["domain"], made["mode"], made["max_age"], made["mx"], made["id"]),
                         ("mtasts.generate/1", "example.com", "testing", 86400, ["mx1.example.com"], "20261123150000"))
        self.assertEqual(made["rua"], ["mailto:tls-reports@example.com"])
        files = {a["file"]: a["text"] for a in made["artefacts"]}
        linted = json.loads(self.good("lint", "--json", "--mx", "mx1.example.com", "-", stdin=files["mta-sts.txt"]))
        self.assertIs(linted["valid"], True)
        self.assertIs(linted["mx"][0]["covered"], True)
        for record in re.findall(r'"(v=STSv1[^"]*)"', files["zone.txt"]):
            self.good("lint", "--record", record)
        for record in re.findall(r'"(v=TLSRPTv1[^"]*)"', files["zone.txt"]):
            self.good("lint", "--tlsrpt-record", record)
        self.assertEqual([s["code"] for s in made["steps"]],
                         ["prepare-host", "publish-policy", "publish-record", "check"])
        self.assertEqual(made["steps"][-1]["commands"], ["mtasts check example.com", "mtasts plan example.com"])

    def test_out(self):
        with tempfile.TemporaryDirectory() as folder:
            text = self.good("generate", "--mx", "*.example.net", "--mode", "enforce", "--max-age", "604800", "--rua",
                             "a@example.com", "--out", folder + "/new", "example.com")
            self.assertNotIn("ssl_certificate", text)
            policy = pathlib.Path(folder, "new/mta-sts.txt").read_bytes()
            self.assertEqual(policy, b"version: STSv1\r\nmode: enforce\r\nmx: *.example.net\r\nmax_age: 604800\r\n")
            self.assertEqual(policy, pathlib.Path(folder, "new/pages/.well-known/mta-sts.txt").read_bytes())
            self.assertIn("rua=mailto:a@example.com", pathlib.Path(folder, "new/nsupdate.txt").read_text())


    def test_generate_for_many(self):
        """One object a line for each; together they have one configuration, and what was written is named."""
        names = ["b.example", "a.example", "c.example"]
        with tempfile.TemporaryDirectory() as folder:
            listed = pathlib.Path(folder, "list")
            listed.write_text("\n".join(names))
            command = ("generate", "--mx", "mx.example.com", "--now", "2026-11-23T15:00:00Z", "--out", f"{folder}/out")
            text = self.good(*command, *names)
            made = {str(path.relative_to(f"{folder}/out")): path.read_bytes() for path in pathlib.Path(folder, "out").rglob("*") if path.is_file()}
            self.assertEqual(sorted(made), ["Caddyfile", "apache.conf", "apache.map", "domains.txt", "nginx.conf", "nsupdate.txt",
                                            "policies/a.example.txt", "zone.txt"])
            for file in made:
                self.assertIn(f"  {folder}/out/{file}\n", text)
            self.assertEqual(self.good(*command, "--domains", str(listed)), text)  # the same files: nothing changes
            self.assertEqual(self.good(*command, "-", stdin="\n".join(names)), text)
            other = run(*command, "--mode", "enforce", *names)
            self.assertEqual((other.returncode, b"nothing was written" in other.stderr, b"Files written" in other.stdout), (70, True, False), other)
            quiet = self.good(*command, "--quiet", *names)
            self.assertEqual(re.findall(r"^\S+ (\S+)", quiet, re.M), ["b.example:", "a.example:", "c.example:", "3"])
            lines = [json.loads(line) for line in self.good(*command[:-2], "--json", *names).splitlines()]
        alone = [json.loads(self.good(*command[:-2], "--json", name)) for name in names]
        self.assertEqual(lines, alone)

    def test_generate_names_what_it_wrote(self):
        with tempfile.TemporaryDirectory() as folder:
            text = self.good("generate", "--mx", "mx.example.com", "--out", f"{folder}/out", "example.com")
            for path in pathlib.Path(folder, "out").rglob("*"):
                if path.is_file():
                    self.assertIn(f"  {path}\n", text)

    def test_does_not_write_over_other_contents(self):
        with tempfile.TemporaryDirectory() as folder:
            command = ("generate", "--mx", "mx.example.com", "--out", folder, "example.com", "--quiet", "--now")
            self.good(*command, "2026-11-23T15:00:00Z")
            self.good(*command, "2026-11-23T15:00:00Z")  # the same again
            policy, zone = pathlib.Path(folder, "mta-sts.txt"), pathlib.Path(folder, "zone.txt")
            policy.write_text("mine\n")
            before = zone.read_bytes()
            again = run(*command, "2026-11-24T15:00:00Z")
            self.assertEqual(again.returncode, 70)
            self.assertIn("mta-sts.txt already exists", again.stderr.decode())
            self.assertEqual((policy.read_text(), zone.read_bytes()), ("mine\n", before))
            self.good(*command, "2026-11-24T15:00:00Z", "--force")
            self.assertIn("20261124150000", zone.read_text())
            self.assertIn("mode: testing", policy.read_text())
            self.assertFalse([path for path in pathlib.Path(folder).rglob(".*") if path.is_file()])

    def test_what_cannot_be_written_is_said_and_nothing_is_half_done(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "worker").write_text("a file where a folder is to be")
            done = run("generate", "--mx", "mx.example.com", "--out", folder, "example.com")
            self.assertEqual(done.returncode, 70)
            self.assertRegex(done.stderr.decode(), r"\Amtasts: \S+/worker/wrangler.toml [^\n]+\n\Z")
            self.assertEqual([path.name for path in pathlib.Path(folder).iterdir()], ["worker"])

    def test_stored_facts(self):
        made = json.loads(self.good("generate", "--json", "--from", str(HEALTHY), statuses=(1,)))
        self.assertEqual((made["domain"], made["mx"]), ("healthy.example", ["mx1.healthy.example"]))
        self.assertIn("step-back", [note["code"] for note in made["notes"]])  # it publishes enforce


class Plan(Cli):
    """plan and rollback on stored facts: mode enforce, a week."""

    def plan(self, *args, command="plan", statuses=(0,), **more):
        return json.loads(self.good(command, "--json", "--from", str(HEALTHY), *args, statuses=statuses, **more))

    def test_without_a_store_it_says_what_it_does_not_know(self):
        said = self.plan(statuses=(3,))
        self.assertEqual((said["format"], said["phase"], said["since"]), ("mtasts.plan/1", "enforce-week", None))
        self.assertIn("since-unknown", [note["code"] for note in said["notes"]])

    def test_since(self):
        for given, next_at in (("2026-11-23T14:59:59Z", "2026-12-23T14:59:59Z"), ("2026-11-01", "2026-12-01T00:00:00Z")):
            self.assertEqual(self.plan("--since", given)["next_at"], next_at)
        self.fails(64, "--since", "plan", "--since", "last week", "example.com")

    def test_dates_follow_now(self):
        said = self.plan(command="rollback", statuses=(1,))
        later = self.plan("--now", "2026-11-24T15:00:00Z", command="rollback", statuses=(1,))
        self.assertEqual((said["enforced_until"], later["enforced_until"]), ("2026-11-30T15:00:00Z", "2026-12-01T15:00:00Z"))
        self.assertEqual(said["new_id"], "20261123150000")

    def test_what_was_before(self):
        said = self.plan("--max-age-before", "31557600", command="rollback", statuses=(1,))
        self.assertEqual((said["largest_max_age"], said["enforced_until"]), (31557600, "2027-11-23T21:00:00Z"))

    def test_usage(self):
        self.fails(64, "--remove", "plan", "--remove", "--new-mx", "mx.example.net", "example.com")
        self.fails(64, "--new-mx", "plan", "--new-mx", "*.example.net", "example.com")
        self.fails(64, "--out", "rollback", "--out", "/nonexistent", "a.example", "b.example")
        self.fails(64, "--apply-dns", "rollback", "--apply-dns", "ftp", "example.com")
        self.fails(64, "--from", "plan", "--from", str(HEALTHY), "example.com")

    def test_nsupdate_is_written_and_not_run(self):
        with tempfile.TemporaryDirectory() as folder:
            self.good("rollback", "--from", str(HEALTHY), "--apply-dns", "nsupdate", "--out", folder, statuses=(1,))
            self.assertEqual(sorted(os.listdir(folder)), ["mta-sts.txt", "nsupdate.txt", "zone.txt"])
            self.assertEqual(pathlib.Path(folder, "nsupdate.txt").read_text(),
                             "update delete _mta-sts.healthy.example. TXT\n"
                             'update add _mta-sts.healthy.example. 300 IN TXT "v=STSv1; id=20261123150000"\nsend\n')

    def test_a_store_that_fails_does_not_hold_up_the_emergency(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "store.db")
            path.write_text("no database" * 100)
            done = run("rollback", "--from", str(HEALTHY), "--store", str(path))
            self.assertEqual(done.returncode, 70)
            self.assertRegex(done.stderr.decode(), r"\Amtasts: [^\n]+\n\Z")
            self.assertIn("mode: testing", done.stdout.decode())
            self.assertIn("store could not be read", " ".join(done.stdout.decode().split()))

    def test_without_its_store_there_is_no_plan(self):
        """Neither where it was mistyped, nor where it cannot be read: the dates would come of half the facts."""
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder, "broken.db")
            broken.write_text("no database" * 100)
            for store in (folder + "/absent.db", folder + "/absent/store.db", str(broken)):
                for words in (("plan",), ("plan", "--remove"), ("plan", "--new-mx", "mx2.healthy.example"), ("rollback",)):
                    if store == str(broken) and words == ("rollback",):
                        continue  # the test above
                    for form in ((), ("--json",)):
                        done = run(*words, *form, "--from", str(HEALTHY), "--store", store)
                        self.assertEqual((done.returncode, done.stdout), (70, b""), (words, store))
                        self.assertRegex(done.stderr.decode(), r"\Amtasts: [^\n]*" + re.escape(store) + r"[^\n]*\n\Z")
                self.assertEqual(os.listdir(folder), ["broken.db"])

    def test_a_hostile_name_in_the_facts(self):
        facts = HEALTHY.read_text().replace("mx1.healthy.example", "`reboot`;$(x)")
        for command in (("plan", "--new-mx", "mx2.example.net"), ("plan", "--remove"), ("rollback",)):
            text = self.good(*command, "--json", "--from", "-", stdin=facts, statuses=(0, 1, 2, 3))
            for step in json.loads(text)["steps"]:
                for line in step["commands"]:
                    self.assertNotIn("reboot", line)

    def test_the_former_name_still_works(self):
        self.assertEqual(self.good("plan", "--from", str(HEALTHY), "--retreat"),
                         self.good("plan", "--from", str(HEALTHY), "--remove"))

    def test_german(self):
        text = self.good("plan", "--from", str(HEALTHY), "--remove", "--lang", "de")
        self.assertIn("geordneter Ausstieg", text)


class Against(Cli):
    def test_what_a_change_needs(self):
        with tempfile.TemporaryDirectory() as folder:
            old, new = pathlib.Path(folder, "old"), pathlib.Path(folder, "new")
            old.write_text(POLICY)
            new.write_text(POLICY.replace("mx:", "mx: mx.example.net\nmx:"))
            said = json.loads(self.good("lint", "--json", "--against", str(old), "--mx", "mx.example.net", str(new), statuses=(2,)))
            self.assertEqual((said["format"], said["valid"]), ("mtasts.lint/1", True))
            change = said["against"]
            self.assertEqual((change["new_id_needed"], change["gained"], change["lost"], change["refused_by_old"], change["wait"]),
                             (True, ["mx.example.net"], [], ["mx.example.net"], 604800))
            self.assertEqual([step["code"] for step in change["steps"]], ["publish-policy", "publish-record", "mx-last"])
            text = self.good("lint", "--against", str(old), str(new), statuses=(1,))
            self.assertIn("needs a new id", text)
            same = self.good("lint", "--against", str(old), str(old))
            self.assertIn("No new id is needed", same)
            self.fails(70, "nothing-here", "lint", "--against", folder + "/nothing-here", str(new))
            self.fails(64, "--against", "lint", "--against", str(old), "--record", "v=STSv1; id=1")


class Explain(Cli):
    def test_json(self):
        one = json.loads(self.good("explain", "--json", "mx-cert-expired"))
        self.assertEqual(one["format"], "mtasts.explain/1")
        self.assertEqual(one["kind"], "finding")
        self.assertEqual(one["severity"], {"enforce": "critical", "testing": "high", "otherwise": "low"})
        self.assertEqual(one["result_types"], ["certificate-expired"])
        for member in ("title", "meaning", "causes", "commands", "fix", "spec"):
            self.assertTrue(one[member], member)

    def test_list_has_every_code_of_the_catalogue(self):
        catalogue = re.findall(r'^FINDING\(\w+,\s*"([^"]+)"', (TOP / "src/rules/finding.def").read_text(), re.M)
        listed = [json.loads(line) for line in self.good("explain", "--list", "--json").splitlines()]
        self.assertEqual([one["code"] for one in listed if one["kind"] == "finding"], catalogue)
        types = {one["code"] for one in listed if one["kind"] == "result-type"}
        self.assertEqual(len(types), 11)  # RFC 8460 section 4.3
        self.assertLessEqual({t for one in listed for t in one["result_types"]}, types)
        text, index = self.good("explain", "--list"), self.good("explain")
        for code in catalogue:
            self.assertIn(f"{code}: ", text)
            self.assertRegex(index, rf"(?m)^ *{code}\b")
        self.assertEqual(index, self.good("explain", "--list", "--quiet"))

    def test_severities_and_result_types_never_drift(self):
        wanted = [line.split("\t") for line in (TOP / "test/catalogue.tsv").read_text().splitlines()
                  if not line.startswith("#")]
        listed = [json.loads(line) for line in self.good("explain", "--list", "--json").splitlines()]
        found = [[one["code"], *(one["severity"][mode] or "-" for mode in ("enforce", "testing", "otherwise")),
                  "|".join(one["result_types"]) or "-"] for one in listed if one["kind"] == "finding"]
        self.assertEqual(sorted(found), sorted(wanted))

    def test_every_code_says_what_to_do_in_both_languages(self):
        both = [{one["code"]: one for one in map(json.loads, self.good(
            "explain", "--list", "--json", "--lang", lang, env={"LC_ALL": "C.UTF-8"}).splitlines())
            if one["kind"] == "finding"} for lang in ("en", "de")]
        for code, english in both[0].items():
            german = both[1][code]
            with self.subTest(code=code):
                for member in ("title", "meaning", "causes", "fix", "commands"):
                    self.assertTrue(english[member] and german[member], member)
                for member in ("title", "meaning"):
                    self.assertNotEqual(english[member], german[member])
                self.assertNotIn("", english["causes"] + english["fix"] + german["causes"] + german["fix"])

    def test_result_type(self):
        one = json.loads(self.good("explain", "--json", "certificate-expired"))
        self.assertEqual((one["code"], one["kind"]), ("certificate-expired", "result-type"))
        self.assertEqual(one["findings"], ["mx-cert-expired"])
        self.assertIn("mx-cert-expired", self.good("explain", "certificate-expired"))

    def test_every_entry_is_whole_in_both_languages(self):
        listed = {}
        for lang in ("en", "de"):
            listed[lang] = [json.loads(line) for line in
                            self.good("explain", "--list", "--json", "--lang", lang).splitlines()]
            for one in listed[lang]:
                with self.subTest(lang=lang, code=one["code"]):
                    self.assertEqual(one["format"], "mtasts.explain/1")
                    self.assertIn(one["kind"], ("finding", "result-type", "topic"))
                    for member in ("code", "group", "title", "meaning", "spec"):
                        self.assertTrue(one[member].strip(), member)
                    for member in ("causes", "commands", "fix"):
                        self.assertTrue(one[member] and all(line.strip() for line in one[member]), member)
                    self.assertEqual(set(one["severity"]), {"enforce", "testing", "otherwise"})
                    self.assertEqual(any(one["severity"].values()), one["kind"] != "topic")
        english, german = listed["en"], listed["de"]
        self.assertEqual([one["code"] for one in english], [one["code"] for one in german])
        codes = {one["code"] for one in english}
        self.assertEqual(len(codes), len(english))
        for one, other in zip(english, german):
            self.assertNotEqual(one["meaning"], other["meaning"], one["code"])
            self.assertEqual(one["commands"], other["commands"], one["code"])
            self.assertLessEqual(set(one["findings"] + one["topics"]), codes)

    def test_result_types_have_the_severity_of_the_catalogue(self):
        listed = [json.loads(line) for line in self.good("explain", "--list", "--json").splitlines()]
        for one in listed:
            if one["kind"] == "result-type":
                level = "critical" if one["code"] == "starttls-not-supported" else "high"
                self.assertEqual(set(one["severity"].values()), {level}, one["code"])
                self.assertTrue(one["senders"], one["code"])

    def test_commands_in_it_can_be_parsed_by_a_shell(self):
        for line in self.good("explain", "--list", "--json").splitlines():
            for command in json.loads(line)["commands"]:
                done = subprocess.run(["sh", "-n", "-c", command], capture_output=True)
                self.assertEqual((done.returncode, done.stderr), (0, b""), command)

    def test_a_topic_by_any_spelling(self):
        def explained(word):
            return self.good("explain", "--now", "2026-12-01T00:00:00Z", word)

        whole = explained("max_age")
        self.assertTrue(whole.startswith("max_age: "))
        for word in ("max-age", "MaxAge", "MAX_AGE", "cache"):
            self.assertEqual(explained(word), whole)
        self.assertEqual(explained("MX_Cert_Expired"), explained("mx-cert-expired"))
        self.assertEqual(explained("microsoft365"), explained("microsoft-365"))

    def test_a_word_for_several(self):
        both = [json.loads(line)["code"] for line in self.good("explain", "--json", "cloudflare").splitlines()]
        self.assertEqual(both, ["cloudflare-pages", "cloudflare-workers"])

    def test_a_word_for_several_leads_to_each(self):
        for word, hosts, codes in (
                ("google", ("aspmx.l.google.com", "smtp.google.com", "aspmx2.googlemail.com"),
                 ("google-workspace", "google-workspace-old", "google-workspace-single")),
                ("microsoft", ("*.mail.protection.outlook.com", "*.mx.microsoft"),
                 ("microsoft-365", "microsoft-365-dnssec")),
                ("cloudflare", ("*.pages.dev", "*.workers.dev"), ("cloudflare-pages", "cloudflare-workers"))):
            text = self.good("explain", word)
            self.assertEqual(tuple(re.findall(r"(?m)^    mtasts explain (\S+)$", text)), codes)
            self.assertLess(len(text.splitlines()), 24)  # nothing scrolls away
            for host in hosts:
                self.assertIn(host, text)
            for code in codes:
                one = json.loads(self.good("explain", "--json", code))
                self.assertEqual({code, *one["variants"]}, set(codes))

    def test_providers_are_shown_by_their_own_hosts(self):
        for code, host in (("google-workspace", "aspmx.l.google.com"), ("google-workspace-single", "smtp.google.com"),
                           ("microsoft-365", "example-com.mail.protection.outlook.com"),
                           ("microsoft-365-dnssec", "example-com.o-v1.mx.microsoft"),
                           ("proton-mail", "mail.protonmail.ch"), ("tuta", "mail.tutanota.de")):
            text = self.good("explain", code)
            self.assertNotIn("mx1.example.com", text)
            self.assertIn(f"mx: {host}\n" if code != "microsoft-365" else "mx: *.mail.protection.outlook.com\n", text)
            if code != "tuta":  # its commands are those of a delegation
                self.assertIn(f"-connect {host}:25 -starttls smtp -servername {host} ", text)

    def test_what_to_do_comes_first(self):
        for code in ("mx-cert-expired", "certificate-expired", "max_age", "google-workspace"):
            text = self.good("explain", code)
            places = [re.search(rf"(?m)^  ({title})", text).start() for title in (
                "How to fix it:|What to do:", "What it means:|In detail:", "Common (causes|problems):",
                "Verify it yourself:", "More information: mtasts explain ")]
            self.assertEqual(places, sorted(places), code)
            self.assertLess(text[:places[0]].count("\n"), 4)  # title, severity and clause

    def test_every_entry_ends_with_what_to_read_next(self):
        for lang, words in (("en", "More information: mtasts explain "), ("de", "Mehr dazu: mtasts explain ")):
            listed = [json.loads(line) for line in
                      self.good("explain", "--list", "--json", "--lang", lang).splitlines()]
            text = self.good("explain", "--list", "--lang", lang, env={"LC_ALL": "C.UTF-8"})
            self.assertEqual(text.count(words), len(listed))
            for one in listed:
                self.assertTrue(one["topics"], one["code"])
                self.assertNotIn(one["code"], one["topics"])

    def test_a_severity_is_said_once(self):
        for code, words in (("sts-webpki-invalid", "Severity: high. RFC"), ("mx-null", "Severity: info. RFC"),
                            ("mx-cert-expired", "Severity: critical in enforce, high in testing, low otherwise. RFC")):
            self.assertIn(words, " ".join(self.good("explain", code).split()))
        for line in re.findall(r"(?ms)^  Severity: (.*?)\. RFC", self.good("explain", "--list")):
            words = re.findall(r"\b(info|low|medium|high|critical|unknown)\b", line)
            self.assertEqual(len(words), len(set(words)), line)

    def test_the_emergency_policy_can_be_pasted(self):
        for word, mode in (("rollback", "testing"), ("enforce", "testing"), ("none", "none")):
            text = self.good("explain", word)
            block = re.search(r"((?:^ +(?:version|mode|mx|max_age): .*\n){4})", text, re.M)[1]
            policy = "".join(line.strip() + "\n" for line in block.splitlines())
            self.assertEqual(policy, f"version: STSv1\nmode: {mode}\nmx: mx1.example.com\nmax_age: 86400\n")
            self.good("lint", "--mx", "mx1.example.com", "-", stdin=policy)

    def test_the_sample_report_is_read_without_a_fault(self):
        listed = json.loads(self.good("explain", "--json", "tls-rpt-report"))["sample"]
        sample = "\n".join(line["text"] for line in listed) + "\n"
        for lang in ("en", "de"):
            text = self.good("explain", "--lang", lang, "tls-rpt-report", env={"LC_ALL": "C.UTF-8"})
            shown = re.search(r"(?ms)^    \{\n.*?^    \}\n", text)[0]
            lines = [line[4:] for line in shown.splitlines() if not line.lstrip().startswith("# ")]
            self.assertEqual("\n".join(lines) + "\n", sample)
            self.assertTrue(all(len(line) <= 80 for line in shown.splitlines()))
        report = json.loads(self.good("report", "--json", "-", stdin=sample, statuses=(2,)))
        self.assertEqual((report["reports"], report["rejected"], report["sessions"]),
                         (1, [], {"successful": 150, "failed": 2}))
        self.assertEqual([one["code"] for one in report["findings"] if one["severity"] != "info"],
                         ["report-certificate-host-mismatch"])
        self.assertEqual((report["deviations"], report["deviation_count"]), ([], 0))

    def test_the_table_of_result_types(self):
        listed = [json.loads(line) for line in self.good("explain", "--list", "--json").splitlines()]
        types = {one["code"]: one for one in listed if one["kind"] == "result-type"}
        table = json.loads(self.good("explain", "--json", "result-types"))["types"]
        self.assertEqual({row["code"]: (row["severity"], row["title"]) for row in table},
                         {code: (one["severity"], one["title"]) for code, one in types.items()})
        text = self.good("explain", "result-types")
        for code in types:
            self.assertRegex(text, rf"(?m)^    {code} +(critical|high) +\w")

    def test_example_ids_are_of_the_time(self):
        text = self.good("explain", "--now", "2026-12-01T02:03:04Z", "record")
        self.assertIn('"v=STSv1; id=20261201020304', text)

    def test_findings_and_topics_lead_to_each_other(self):
        self.assertIn("not-covered", json.loads(self.good("explain", "--json", "mx-not-covered"))["topics"])
        self.assertIn("mx-not-covered", json.loads(self.good("explain", "--json", "not-covered"))["findings"])
        more = re.search(r"More information: mtasts explain (.+)", self.good("explain", "mx-not-covered"))[1]
        self.good("explain", *more.split())

    def test_list_as_text_has_groups(self):
        text = self.good("explain", "--list", "--quiet")
        groups = re.findall(r"^== (.+) ==$", text, re.M)
        self.assertEqual(len(groups), len(set(groups)))
        self.assertEqual(len(groups), 13)
        self.assertIn("max_age: ", text)
        self.assertIn("powerdmarc: PowerDMARC", text)

    def test_where_senders_differ(self):
        text = " ".join(self.good("explain", "policy-blank-line").split())
        self.assertIn("Rejected by: postfix-tlspol 1.13.0, mox", text)
        self.assertIn("matches any number of labels", self.good("explain", "mx-wildcard-depth"))
        self.assertNotIn("Where senders differ", self.good("explain", "mx-null"))

    def test_no_place_is_left_unfilled(self):
        self.assertNotRegex(self.good("explain", "--list"), r"\{[a-z_]+\}")

    def test_unknown_code_names_the_nearest(self):
        self.fails(64, "mx-cert-expired", "explain", "mx-cert-expird")
        self.fails(64, "mx-cert-expired", "explain", "cert-expired")
        self.fails(64, "propagation", "explain", "Propogation")
        self.fails(64, "max_age", "explain", "max_aeg")
        self.fails(64, "--list", "explain", "x" * 200)
        self.fails(64, "--list", "explain", "")


class Commands(Cli):
    """The diagnosis commands of stored facts."""

    def commands(self, facts=None, *args):
        text = json.dumps(facts) if facts else HEALTHY.read_text()
        result = json.loads(self.good("commands", "--json", "--from", "-", *args, stdin=text))
        self.assertEqual(result["format"], "mtasts.commands/1")
        for one in result["commands"]:
            self.assertEqual(list(one), ["command", "shows", "expect", "code"])
            self.assertTrue(one["command"] and one["shows"] and one["expect"], one)
        return result

    def test_the_seven(self):
        result = self.commands()
        self.assertEqual(result["domain"], "healthy.example")
        seven = [one["command"] for one in result["commands"] if one["code"] is None]
        self.assertEqual(len(seven), 7)
        for command, piece in zip(seven, (
                "TXT _mta-sts.healthy.example", "TXT _smtp._tls.healthy.example",
                "curl -sS https://mta-sts.healthy.example/.well-known/mta-sts.txt",
                "curl -sSI https://mta-sts.healthy.example/", "MX healthy.example",
                "s_client -connect mta-sts.healthy.example:443 -servername mta-sts.healthy.example",
                "s_client -connect mx1.healthy.example:25 -starttls smtp -servername mx1.healthy.example")):
            self.assertIn(piece, command)

    def test_each_mx_and_none(self):
        facts = json.loads(HEALTHY.read_text())
        facts["mx"] = [{**facts["mx"][0], "name": f"mx{n}.healthy.example"} for n in (1, 2, 3)]
        starttls = [one["command"] for one in self.commands(facts)["commands"]
                    if "-starttls" in one["command"] and one["code"] is None]
        self.assertEqual(len(starttls), 3)
        for mx in ([], [{**facts["mx"][0], "name": "."}], [{**facts["mx"][0], "name": "192.0.2.1", "is_address": True}]):
            facts["mx"] = mx
            seven = [one["command"] for one in self.commands(facts)["commands"] if one["code"] is None]
            self.assertEqual(len(seven), 7)
            self.assertIn("dig +short MX healthy.example | while read", seven[-1])

    def test_those_of_the_findings_once(self):
        facts = json.loads(HEALTHY.read_text())
        later = self.commands(facts, "--now", "2099-01-01T00:00:00Z")["commands"]
        found = [one["code"] for one in later if one["code"]]
        self.assertLessEqual({"policy-cert-expired", "mx-cert-expired"}, set(found))
        self.assertEqual(found, sorted(found, key=found.index))  # each code in one piece
        every = [one["command"] for one in later]
        self.assertEqual(len(every), len(set(every)))
        text = self.good("commands", "--from", "-", "--now", "2099-01-01T00:00:00Z", stdin=json.dumps(facts))
        self.assertIn("(mx-cert-expired) ==", text)
        self.assertEqual([line for line in text.splitlines() if line and not line.startswith("#")], every)

    def test_options_of_the_observation(self):
        facts = json.loads(HEALTHY.read_text())
        facts["observer"].update(resolvers=["192.0.2.53@5353"], resolvers_given=True, ca_file="/a b.pem",
                                 https_port=8443, smtp_port=2525)
        every = [one["command"] for one in self.commands(facts)["commands"]]
        for command in every[:7]:
            if command.startswith("dig"):
                self.assertIn("dig @192.0.2.53 -p 5353 ", command)
            if command.startswith("curl"):
                self.assertIn("--cacert '/a b.pem' https://mta-sts.healthy.example:8443/", command)
        self.assertIn("-connect mta-sts.healthy.example:8443 ", every[5])
        self.assertIn("-connect mx1.healthy.example:2525 ", every[6])

    def test_a_shell_takes_it_whole(self):
        for lang in ("en", "de"):
            text = self.good("commands", "--lang", lang, "--from", str(HEALTHY), "--now", "2099-01-01T00:00:00Z")
            done = subprocess.run(["sh", "-n"], input=text.encode(), capture_output=True)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            quiet = self.good("commands", "--quiet", "--from", str(HEALTHY), "--now", "2099-01-01T00:00:00Z")
            self.assertEqual(quiet, "".join(f"{line}\n" for line in text.splitlines() if line and line[0] != "#"))

    def test_strangers_text_runs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            mark = pathlib.Path(folder) / "mark"
            touch = "touch${IFS}" + str(mark)  # a name holds no blank
            name = f"x$({touch}).`{touch}`.';{touch};'.\\\";{touch};\\\".|{touch}.example"
            evil = f"x$(touch {mark})`touch {mark}`'\";touch {mark};\n touch {mark}\n#"
            facts = json.loads(HEALTHY.read_text())
            facts["policy_host"]["name"] = facts["mx"][0]["name"] = facts["mx_answer"]["records"][0]["host"] = name
            facts["sts_txt"]["records"][0]["text"] = evil
            for args in ((), ("--now", "2099-01-01T00:00:00Z")):
                text = self.good("commands", "--from", "-", *args, stdin=json.dumps(facts))
                tools = pathlib.Path(folder) / "bin"
                tools.mkdir(exist_ok=True)
                for tool in ("dig", "curl", "openssl", "delv", "nc", "mtasts"):
                    (tools / tool).write_text("#!/bin/sh\n")
                    (tools / tool).chmod(0o755)
                subprocess.run(["sh"], input=text.encode(), capture_output=True, timeout=60,
                               env={"PATH": f"{tools}:/usr/bin:/bin"})
                self.assertFalse(mark.exists())
                for line in text.splitlines():  # some shells read comments as commands when they are typed
                    if line.startswith("#"):
                        self.assertNotRegex(line, "[`$]")

    def test_no_network_is_no_reason(self):
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as ca:
            own_ca(ca)
            result = run("commands", "--json", "--resolver", "127.0.0.1@9", "--trust-anchor", "none",
                         "--ca-file", ca.name, "--timeout", "1", "--no-smtp", "example.com")
        self.assertEqual(result.returncode, 0, result)
        seven = [one["command"] for one in json.loads(result.stdout)["commands"] if not one["code"]]
        self.assertEqual(len(seven), 7)
        self.assertIn("dig @127.0.0.1 -p 9 +short TXT _mta-sts.example.com", seven)

    def test_usage(self):
        self.fails(64, "domain", "commands")
        self.fails(64, "--from", "commands", "--from", str(HEALTHY), "example.com")
        self.fails(70, "/nonexistent", "commands", "--from", "/nonexistent")


class Stored(Cli):
    """Facts judged later."""

    def test_healthy(self):
        result = json.loads(self.good("check", "--json", "--from", str(HEALTHY)))
        self.assertEqual(result["format"], "mtasts.check/1")
        self.assertEqual(result["domain"], "healthy.example")
        self.assertEqual(result["observed_at"], "2026-11-23T15:00:00Z")
        self.assertEqual((result["verdict"], result["posture"], result["delivery"]),
                         ("ok", "enforce", "protected"))
        self.assertEqual(result["mx"], [{"host": "mx1.healthy.example", "preference": 10,
                                         "covered": True, "pattern": "mx1.healthy.example",
                                         "usable": True, "codes": []}])

    def test_the_same_twice(self):
        once = self.good("check", "--json", "--from", str(HEALTHY))
        self.assertEqual(once, self.good("check", "--json", "--from", "-", stdin=HEALTHY.read_text()))

    def test_another_time(self):
        result = run("check", "--json", "--from", str(HEALTHY), "--now", "2099-01-01T00:00:00Z")
        self.assertEqual(result.returncode, 2)
        codes = {f["code"] for f in json.loads(result.stdout)["findings"]}
        self.assertLessEqual({"policy-cert-expired", "mx-cert-expired"}, codes)

    def test_several_documents_and_any_layout(self):
        facts = json.loads(HEALTHY.read_text())
        lines = "\n".join(json.dumps({**facts, "domain": name}) for name in ("a.example", "b.example"))
        got = [json.loads(line)["domain"] for line in
               self.good("check", "--json", "--from", "-", stdin=lines + "\n\n", statuses=(0, 1, 2)).splitlines()]
        self.assertEqual(got, ["a.example", "b.example"])
        pretty = self.good("check", "--json", "--from", "-", stdin=json.dumps(facts, indent=2))
        self.assertEqual(pretty, self.good("check", "--json", "--from", str(HEALTHY)))

    def test_wrong_documents_are_named(self):
        self.fails(70, "-:", "check", "--from", "-", stdin="")
        self.fails(70, "format", "check", "--from", "-", stdin="{}")
        self.fails(70, "mx[0].name", "check", "--from", "-",
                   stdin=HEALTHY.read_text().replace('"mx":[{"name":"mx1.healthy.example"', '"mx":[{"name":7'))
        bad = run("check", "--json", "--from", "-", stdin=HEALTHY.read_text() + "{}\n")
        self.assertEqual(bad.returncode, 70)
        self.assertIn(b"-:2:", bad.stderr)

    def test_text(self):
        text = self.good("check", "--from", str(HEALTHY))
        first, blank, *rest = text.splitlines()
        self.assertTrue(first.startswith("healthy.example: OK: "), first)
        self.assertEqual(blank, "")
        for step in ("DNS", "policy host", "policy", "certificate", "MX", "TLS-RPT"):
            self.assertIn(f"  + {step} ", text)
        self.assertEqual(self.good("check", "--quiet", "--from", str(HEALTHY)), first + "\n")

    def changed(self, change, *args, **more):
        """The text of the healthy facts after a change."""
        facts = json.loads(HEALTHY.read_text())
        change(facts)
        return self.good("check", "--from", "-", *args, stdin=json.dumps(facts), statuses=(0, 1, 2, 3), **more)

    def test_findings_stand_in_order_of_weight(self):
        def many_faults(facts):
            fetch = facts["policy_host"]["fetches"][0]
            fetch["body"] = fetch["body"].replace("604800", "2592000")
            facts["sts_txt"]["ttl"] = 172800
            facts["tlsrpt_txt"] = {**facts["tlsrpt_txt"], "outcome": "nodata", "records": []}
            facts["mx"][0]["sessions"][0]["tls"]["chain"][0]["not_after"] = "2026-11-01T00:00:00Z"
        text = self.changed(many_faults)
        self.assertEqual(re.findall(r"^  \[([a-z-]+),", text, re.M),
                         ["mx-cert-expired", "tlsrpt-record-missing", "sts-record-ttl-high"])
        self.assertEqual(re.findall(r"^[x!+] (\w+):", text, re.M), ["critical", "medium", "low"])
        for mark, step in (("!", "DNS"), ("+", "certificate"), ("x", "MX"), ("!", "TLS-RPT")):
            self.assertRegex(text, rf"(?m)^  {re.escape(mark)} {step} ")

    def test_what_lines_have_in_common_is_said_once(self):
        def blank_lines(facts):
            body = "version: STSv1\n\nmode: enforce\n\nmx: mx1.healthy.example\nmax_age: 604800\n"
            facts["policy_host"]["fetches"][0]["body"] = body
        text = self.changed(blank_lines)
        for line in ("Line 2 is blank.", "Line 4 is blank.", "Delete every blank line", "[policy-blank-line,"):
            self.assertEqual(text.count(line), 1, line)

    def test_a_domain_that_takes_no_mail(self):
        def null_mx(facts):
            facts["mx_answer"]["records"] = [{"host": ".", "preference": 0}]
            facts["mx"] = []
        text = self.changed(null_mx)
        self.assertIn("accepts no mail", text.splitlines()[0])
        self.assertIn("  + MX           none: accepts no mail", text)
        self.assertIn("Good to know:", text)

    def test_how_long_the_policy_is_kept(self):
        for seconds, words in ((86400, "1 day,"), (604800, "7 days,"), (86401, "86401 seconds,"), (90000, "25 hours,")):
            def max_age(facts):
                body = f"version: STSv1\nmode: enforce\nmx: mx1.healthy.example\nmax_age: {seconds}\n"
                facts["policy_host"]["fetches"][0]["body"] = body
            self.assertIn(f"mode enforce, max_age {words}", self.changed(max_age))

    def test_every_width(self):
        def wrong(facts):
            facts["sts_txt"]["records"][0]["text"] = "v=STSv1; id=2026-11-01"
            facts["mx"][0]["sessions"][0]["starttls_offered"] = False
        for lang in ("en", "de"):
            for columns in range(60, 101, 8):
                text = self.changed(wrong, "--lang", lang, env={"COLUMNS": str(columns), "LC_ALL": "C.UTF-8"})
                long = [line for line in text.splitlines()[1:]
                        if len(line) > columns and not line.startswith("    ")]
                self.assertEqual(long, [], columns)

    def test_short_words_of_facts_are_translated_in_sentences_only(self):
        def refused(facts):
            facts["mx"][0]["sessions"][0].update(outcome="refused", phase="connect", tls=None)
        german = self.changed(refused, "--lang", "de", env={"LC_ALL": "C.UTF-8"})
        self.assertRegex(german, r"\d abgewiesen")
        self.assertRegex(self.changed(refused), r"\d refused")
        found = json.loads(self.changed(refused, "--json", "--lang", "de"))["findings"][0]
        self.assertEqual(found["evidence"]["cause"], "refused")

    def test_marks_need_utf8(self):
        text = self.good("check", "--from", str(HEALTHY), env={"LC_ALL": "C.UTF-8"})
        self.assertIn("  ✓ MX ", text)
        self.assertTrue(self.good("check", "--from", str(HEALTHY)).isascii())

    def test_colour(self):
        always = self.good("check", "--color", "always", "--from", str(HEALTHY), env={"NO_COLOR": "1"})
        never = self.good("check", "--color", "never", "--from", str(HEALTHY))
        self.assertIn("\x1b[", always)
        self.assertEqual(re.sub(r"\x1b\[[0-9;]*m", "", always), never)
        self.assertEqual(self.good("check", "--from", str(HEALTHY)), never)

    def test_width(self):
        facts = json.loads(HEALTHY.read_text())
        facts["tlsrpt_txt"] = {**facts["tlsrpt_txt"], "outcome": "nodata", "records": []}
        for columns in ("60", "100"):
            text = self.good("check", "--from", "-", stdin=json.dumps(facts), env={"COLUMNS": columns},
                             statuses=(0, 1, 2, 3))
            prose = [line for line in text.splitlines()[1:] if not line.startswith("    ")]
            self.assertLessEqual(max(map(len, prose)), int(columns))

    def test_transcript(self):
        text = self.good("check", "--verbose", "--from", str(HEALTHY))
        for piece in ("TXT _mta-sts.healthy.example", "content-type: text/plain", "> EHLO probe.example",
                      "< 220 mx1.healthy.example ESMTP", "CN=mta-sts.healthy.example", "| mode: enforce"):
            self.assertIn(piece, text)

    def test_what_no_observation_holds_is_refused(self):
        """By the place of the member, on one line, whatever stands there."""
        evil = "a.example\nupdate delete victim.example. A\nsend\x1b[2J"
        for place, change in (("domain", {"domain": evil}),
                              ("mx[0].name", {"mx": [{"name": evil}]}),
                              ("mx[0].name", {"mx": [{"name": "mx.example;evil here"}]}),
                              ("mx[0].preference", {"mx": [{"name": "mx.example", "preference": 99999}]}),
                              ("ns.records[0].address", {"ns": {"name": "a", "records": [{"address": "$(id)"}]}})):
            facts = json.dumps({**json.loads(HEALTHY.read_text()), **change})
            for command in ("check", "commands", "generate", "plan", "rollback"):
                with self.subTest(place=place, command=command):
                    self.fails(70, place + ": ", command, "--from", "-", stdin=facts)

    def test_hostile_json_is_refused_soon(self):
        """Megabytes that make parsers go deep, long or square; and what is not quite UTF-8 or JSON."""
        healthy = HEALTHY.read_bytes().strip()
        texts = {
            "NUL before": b"\0" + healthy, "NUL inside": healthy.replace(b":", b":\0", 1), "BOM": b"\xef\xbb\xbf" + healthy,
            "UTF-16": healthy.decode().encode("utf-16"), "Latin-1": healthy.replace(b"Healthy", b"H\xe4lthy"),
            "overlong": healthy.replace(b"Healthy", b"\xc0\xaf"), "half a pair": healthy.replace(b"Healthy", b"\xed\xa0\x80"),
            "deep": b"[" * 200000, "deep objects": b'{"x":' * 200000, "not a number": b'{"format":NaN}',
            "members": b"{" + b",".join(b'"%d":1' % i for i in range(90000)) + b"}",
            "one member": b"{" + b",".join(b'"domain":1' for i in range(90000)) + b"}",
            "digits": b'{"format":' + b"9" * 1000000 + b"}", "zeros": b'{"format":0.' + b"0" * 1000000 + b"1}",
            "exponent": b'{"format":1e' + b"9" * 1000000 + b"}", "quotes": b'{"' * 400000, "no end": b'{"a":"' + b"a" * 1000000,
            "escapes": b'{"format":"' + b"\\u0000" * 200000 + b'"}', "comment": b"/*" * 1000000,
        }
        for name, text in texts.items():
            with self.subTest(text=name):
                self.fails(70, "not a valid facts file", "check", "--from", "-", stdin=text)
                self.assertIn(run("report", "--json", "-", stdin=text).returncode, (0, 1, 2, 3))
        for name in ("NUL before", "NUL inside", "deep", "no end"):
            with self.subTest(text=name, command="report --from"):
                self.fails(70, "not a valid facts file", "report", "--from", "-", os.devnull, stdin=texts[name])

    def test_odd_names_change_no_file(self):
        """MX names that the DNS may hold and a policy may not: the files are those without them."""
        def files(folder, facts, *args):
            self.good(*args, "--from", "-", "--out", folder, "--now", "2026-11-24T00:00:00Z", stdin=json.dumps(facts),
                      statuses=(0, 1, 2, 3))
            return {str(p.relative_to(folder)): p.read_bytes() for p in pathlib.Path(folder).rglob("*") if p.is_file()}

        plain = json.loads(HEALTHY.read_text())
        odd = json.loads(HEALTHY.read_text())
        for preference, name in enumerate((
                "x\\010update\\032delete\\032victim.example", "$INCLUDE.(\"/etc/passwd\").example", "x;rm$IFS-rf.example",
                "{location/{}}.example", "*.example", "_x.example", "</Directory>.example", "-oProxyCommand=x.example"), 20):
            odd["mx"].append({**odd["mx"][0], "name": name, "preference": preference})
            odd["mx_answer"]["records"].append({"host": name, "preference": preference})
        for args in (("generate",), ("rollback",), ("plan",), ("plan", "--remove"),
                     ("plan", "--new-mx", "mx2.healthy.example")):
            with self.subTest(args=args), tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
                self.assertEqual(files(one, odd, *args), files(two, plain, *args))

    def test_strangers_text_is_clean(self):
        evil = "\x1b[2J\u202e\r\n\x9b\x07"
        facts = json.loads(HEALTHY.read_text().replace("ESMTP", "ESMTP" + json.dumps(evil)[1:-1]))
        facts["domain_given"] = "evil\x1b.example"
        facts["mx"][0]["name"] = "mx\\027]0;x\\007.example"
        facts["sts_txt"]["records"][0]["text"] = "v=STSv1; id=" + evil
        facts["policy_host"]["fetches"][0]["tls"]["chain"][0]["issuer"] = evil
        for args in ((), ("--verbose",)):
            text = self.good("check", "--from", "-", *args, stdin=json.dumps(facts), statuses=(0, 1, 2, 3),
                             env={"LC_ALL": "C.UTF-8"})
            self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

    def test_strangers_text_is_clean_in_json_too(self):
        """A terminal or a pager shows JSON as well: the same value, with escapes."""
        evil = "\u202egnp\x7f\x9b31m\ufeff\U000e0041"
        text = self.good("lint", "--json", "--record", f"v=STSv1; id=1{evil};", statuses=(2,))
        self.assertNotRegex(text, "[\x7f-\x9f\u202a-\u202e\ufeff\U000e0000-\U000e0fff]")
        facts = json.loads(HEALTHY.read_text())
        facts["policy_host"]["fetches"][0]["error"] = evil
        text = self.good("check", "--json", "--verbose", "--from", "-", stdin=json.dumps(facts), statuses=(0, 1, 2))
        self.assertNotRegex(text, "[\x7f-\x9f\u202a-\u202e\ufeff\U000e0000-\U000e0fff]")


@unittest.skipUnless((TOP / "po/de.po").exists(), "no German catalogue yet")
class Languages(Cli):
    def test_german_in_any_locale(self):
        for env in ({}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "", "LANG": "xx_YY"}, {"LANGUAGE": "fr"}):
            with self.subTest(env=env):
                german = self.good("check", "--lang", "de", "--from", str(HEALTHY), env=env)
                english = self.good("check", "--lang", "en", "--from", str(HEALTHY), env=env)
                self.assertNotEqual(german.splitlines()[0], english.splitlines()[0])

    def test_the_environment_chooses(self):
        """As libintl reads it: the locale C is English whatever LANGUAGE says, else the first language
        that is known, whether the locale is installed or not."""
        call = ("explain", "--now", "2026-12-01T00:00:00Z", "mx-cert-expired")
        said = {lang: self.good(*call, "--lang", lang) for lang in ("en", "de")}
        for lang, env in (("en", {}), ("en", {"LC_ALL": "C", "LANGUAGE": "de"}), ("en", {"LANG": "xx_YY"}),
                          ("de", {"LANG": "xx_YY", "LANGUAGE": "de"}), ("de", {"LANG": "de_DE.UTF-8"}), ("de", {"LANG": "de"}),
                          ("de", {"LC_ALL": "de_AT", "LANG": "en_US.UTF-8"}), ("en", {"LC_MESSAGES": "POSIX", "LANG": "de_DE.UTF-8"}),
                          ("de", {"LC_ALL": "C.UTF-8", "LANGUAGE": "de"}), ("de", {"LANG": "C.UTF-8", "LANGUAGE": "de_AT.UTF-8:en"}),
                          ("de", {"LC_MESSAGES": "C.UTF-8", "LANGUAGE": "fr:de"}), ("en", {"LANG": "C.UTF-8", "LANGUAGE": "fr"}),
                          ("en", {"LANG": "C.UTF-8", "LANGUAGE": "en:de"}), ("en", {"LANG": "C.UTF-8", "LANGUAGE": "C:de"}),
                          ("en", {"LANG": "C.UTF-8", "LANGUAGE": "deutlich"}), ("en", {"LANG": "C.UTF-8", "LANGUAGE": ":::"})):
            with self.subTest(env=env):
                self.assertEqual(self.good(*call, env={"LC_ALL": "", **env}), said[lang])

    def test_the_systems_words_too(self):
        """Without the C library's own catalogue, and the environment's is not asked."""
        for lang, text in (("en", "No such file or directory"), ("de", "Datei oder Verzeichnis nicht gefunden")):
            for env in ({}, {"LC_ALL": "C.UTF-8", "LANGUAGE": "de"}, {"LC_ALL": "C.UTF-8", "LANGUAGE": "fr"}):
                with self.subTest(lang=lang, env=env):
                    self.assertIn(text, run("check", "--lang", lang, "--from", "/nonexistent", env=env).stderr.decode())

    def test_codes_and_commands_are_not_translated(self):
        german = json.loads(self.good("explain", "--json", "--lang", "de", "mx-cert-expired"))
        english = json.loads(self.good("explain", "--json", "--lang", "en", "mx-cert-expired"))
        self.assertNotEqual(german["title"], english["title"])
        for member in ("code", "kind", "severity", "commands", "result_types", "spec"):
            self.assertEqual(german[member], english[member])

    def test_no_english_is_left_in_german(self):
        reports = TOP / "test/reports"
        for command, status, german, english in (
                (("check", "--help"), 0, "Aufruf: mtasts check", "usage"),
                (("--help",), 0, "Aufruf: mtasts UNTERBEFEHL", "SUBCOMMAND"),
                (("explain", "mx-cert-expired"), 0, "RFC 8461, Abschnitt 4.2", "section"),
                (("explain", "policy-blank-line"), 0, "postfix-tlspol vor 1.11", "before"),
                (("report", str(reports / "lines-broken.json")), 2, "lines-broken.json (Zeile 2): ", "(line"),
                (("report", str(reports / "mbox-broken")), 2, "mbox-broken (E-Mail ", "(mail"),
                (("report", str(reports / "plain.json")), 2, "1 Bericht von 1 Absender zu 1 Domain, 2026-11-01: 3 "
                                                             "Sitzungen sind gescheitert", " to "),
                (("lint", "--record", "v=STSv1; id=1;"), 0, "OK: entspricht dem Standard.", "complies")):
            with self.subTest(command=command):
                text = self.good(*command, "--lang", "de", statuses=(status,), env={"LC_ALL": "C.UTF-8"})
                self.assertIn(german, " ".join(text.split()))
                self.assertNotIn(english, text)
        bad = {**json.loads(HEALTHY.read_text()), "elapsed_ms": "1"}
        self.fails(70, "elapsed_ms: erwartet wird eine ganze Zahl", "check", "--lang", "de", "--from", "-",
                   stdin=json.dumps(bad))

    def test_what_was_wrong_is_in_the_language_too(self):
        facts = json.loads(HEALTHY.read_text())
        fetch = facts["policy_host"]["fetches"][0]
        fetch.update(outcome="limit", phase="body", error="the response body is larger than 64 KiB", body="")
        for error, words in (("the response body is larger than 64 KiB", "der Inhalt der Antwort ist größer als 64 KiB"),
                             ("a word of some library", "a word of some library")):
            fetch["error"] = error
            text = self.good("check", "--lang", "de", "--from", "-", stdin=json.dumps(facts), statuses=(0, 1, 2, 3))
            self.assertIn(words, " ".join(text.split()))

    def test_a_locale_as_language(self):
        german = self.good("explain", "--lang", "de", "mx-null")
        for name in ("de_DE", "de_AT.UTF-8", "de@euro"):
            self.assertEqual(self.good("explain", "--lang", name, "mx-null"), german)
        self.assertEqual(self.good("--lang", "en_GB", "explain", "mx-null"), self.good("explain", "mx-null"))
        self.fails(64, "en|de", "explain", "--lang", "fr_FR.UTF-8", "mx-null")

    def test_characters_of_a_locale_that_is_not_installed(self):
        check = ("check", "--lang", "en", "--from", str(HEALTHY))
        utf8 = self.good(*check, env={"LC_ALL": "C.UTF-8"})
        for env in ({"LANG": "de_DE.UTF-8"}, {"LC_CTYPE": "xx_YY.utf8"}, {"LC_ALL": "xx_YY.UTF-8"}):
            self.assertEqual(self.good(*check, env={"LC_ALL": "", **env}), utf8, env)

    def test_errors_too(self):
        german = run("check", "--lang", "de", "--nonsense").stderr
        self.assertNotEqual(german, run("check", "--lang", "en", "--nonsense").stderr)


if __name__ == "__main__":
    MTASTS = os.path.abspath(sys.argv.pop(1))
    os.chdir(tempfile.gettempdir())
    unittest.main()
