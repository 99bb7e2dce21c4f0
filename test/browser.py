#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The pages of the web service in Chromium (test/browser/pages.mjs), from a service started here.

usage: browser.py MTASTS [--screenshots DIR]

Exits 77 where Chromium, Node.js or the modules are missing (tools/install-packages, tools/install-browser)."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from service import PASSWORD, Service

HERE = pathlib.Path(__file__).resolve().parent / "browser"
MTASTS = os.path.abspath(sys.argv[1])
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")

# Below the base of the service: one of each template and each state of it.
PAGES = [
    "", "?domain=example.org", "about", "nowhere",
    "explain", "explain?q=certificate", "explain?q=no-such-word-anywhere", "explain/no-such-word", "explain/mx-cert-expird",
    "explain/mx-cert-expired", "explain/sts-policy-fetch-error", "explain/result-types", "explain/tls-rpt-report",
    "explain/google", "explain/google-workspace", "tools/lint", "tools/generate", "tools/report", "api",
    "login", "setup",
]

# Of an administrator who has signed in.
OWN = ["overview", "account", "account/factor", "alerts", "admin", "admin/audit", "admin/watch"]


def main():
    if not CHROMIUM or not shutil.which("node") or not (HERE / "node_modules").is_dir():
        print("browser: Chromium, Node.js or the modules are missing")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        service = Service(MTASTS, f"{folder}/store.db")
        try:
            environment = {**os.environ, "CHROMIUM": CHROMIUM, "HOME": folder, "USER_NAME": service.create_admin("anna"), "PASSWORD": PASSWORD}
            own = [f"--own={page}" for page in OWN]
            return subprocess.run(["node", HERE / "pages.mjs", f"{service.origin}/", *PAGES, *own, *sys.argv[2:]],
                                  env=environment).returncode
        finally:
            service.stop()


sys.exit(main())
