#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The pages of an owner in Chromium, with what `make demo-web` puts there: 40 domains and 90 days.

usage: browser_demo.py [--screenshots DIR] [--docs DIR]

--docs takes only the screenshots of the documentation: browser_demo.py --docs docs/images

Says that it did nothing where Chromium, Node.js or the modules are missing (tools/install-browser)."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from service import free_port

TOP = pathlib.Path(__file__).resolve().parent.parent
HERE = TOP / "test/browser"
OWN = [
    "overview",
    "domains",
    "domains?verdict=critical&sort=name&tag=customers",
    "domains?q=nothing-is-called-this",
    "domains/import",
    "alerts",
    "alerts/rules",
    "alerts/first",
    "admin/watch",
    "api",
    "account",
    "reports",
    "reports?failures=1&domain=northmail.example",
    "reports/first?failures=1",
    "intake",
    "admin",
    "admin/groups/1",
    "d/northmail.example",
    "d/northmail.example?days=365&type=certificate-expired",
    "d/northmail.example/plan",
    "d/northmail.example/rollback",
    "d/northmail.example/history",
    "d/northmail.example/reports",
    "d/isar-verlag.example",
    "d/linden-bank.example",
    "d/tannenhof-kita.example",
    "d/meadow-vets.example?days=30",
    "d/nobodys.example",
]


def sign_in(demo):
    """Name and password, as they are printed."""
    text = ""
    for line in demo.stdout:
        text += line
        found = re.search(r"name +(\S+)\n +password +(\S+)", text)
        if found:
            return found.groups()
    sys.exit(f"browser_demo: no service: {text}")


def main():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium or not shutil.which("node") or not (HERE / "node_modules").is_dir():
        print("browser_demo: left out, since Chromium, Node.js or the modules are missing")
        return 0
    port = free_port()
    demo = subprocess.Popen([TOP / "lab/demo-web", "--port", str(port)], stdout=subprocess.PIPE, text=True)
    try:
        name, password = sign_in(demo)
        with tempfile.TemporaryDirectory() as home:
            environment = {**os.environ, "CHROMIUM": chromium, "HOME": home, "DEMO": "yes", "USER_NAME": name, "PASSWORD": password}
            return subprocess.run(["node", HERE / "owner.mjs", f"http://127.0.0.1:{port}/", *[f"--own={page}" for page in OWN],
                                   *sys.argv[1:]], env=environment).returncode
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait()


sys.exit(main())
