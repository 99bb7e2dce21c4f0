#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks in Chromium, as a visitor has them made: while they run and when they are over, with script and without.

Runs in the lab:  lab/enter test/browser_check.py [--screenshots DIR]
Says that it did nothing where Chromium, Node.js or the modules are missing (tools/install-browser)."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "test")]
sys.dont_write_bytecode = True
import serve_check  # noqa: E402

HERE = TOP / "test/browser"
DOMAINS = ["healthy.example", "mx-cert-expired.example"]


def main():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium or not shutil.which("node") or not (HERE / "node_modules").is_dir():
        print("browser_check: left out, since Chromium, Node.js or the modules are missing")
        return 0
    checks = [f"--check={domain}" for domain in DOMAINS]
    with tempfile.TemporaryDirectory() as folder:
        service = serve_check.Service(pathlib.Path(folder))
        try:
            return subprocess.run(["node", HERE / "pages.mjs", f"{service.origin}/", *checks, *sys.argv[1:]],
                                  env={**os.environ, "CHROMIUM": chromium, "HOME": folder}).returncode
        finally:
            service.kill()


sys.exit(main())
