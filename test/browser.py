#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The pages of the web service in Chromium (test/browser/pages.mjs), from a service started here.

usage: browser.py MTASTS [--screenshots DIR]

Exits 77 where Chromium, Node.js or the modules are missing (tools/install-packages, tools/install-browser)."""

import email
import email.policy
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from service import PASSWORD, Browser, Service, add_group, wait_until

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
OWN = ["overview", "account", "account/factor", "alerts", "alerts/rules", "admin", "admin/audit", "admin/watch"]

LANGUAGES = ["en", "de", "de", "en"]  # of the looks that look.mjs has


def asking_mails(service, admin, folder):
    """The HTML parts of mails that ask the owner of an address, in files."""
    group = add_group(admin, "Alerts")
    for number, language in enumerate(LANGUAGES):
        admin.get("/alerts/rules")
        admin.post("/alerts/channels", group=group, kind="mail", target=f"{language}{number}@x.example", language=language, pace="at-once", hour=6)
    found = wait_until(lambda: len(list(folder.glob("*.eml"))) == len(LANGUAGES) and list(folder.glob("*.eml")), "each is asked", service.said)
    for path in found:
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        number = int(re.search(r"(\d)@x", str(mail["To"]))[1])
        (folder / f"{number}.html").write_text(mail.get_body(("html",)).get_content())
    return [folder / f"{number}.html" for number in range(len(LANGUAGES))]


def main():
    if not CHROMIUM or not shutil.which("node") or not (HERE / "node_modules").is_dir():
        print("browser: Chromium, Node.js or the modules are missing")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        mails = pathlib.Path(folder) / "mails"
        mails.mkdir()
        sendmail = pathlib.Path(folder) / "sendmail"
        sendmail.write_text(f"#!/bin/sh\ncat > {mails}/$$.new && mv {mails}/$$.new {mails}/$$.eml\n")
        sendmail.chmod(0o755)
        service = Service(MTASTS, f"{folder}/store.db", "--base-url", "{origin}/", "--sendmail", sendmail, "--mail-from", "mtasts@alerts.example")
        try:
            environment = {**os.environ, "CHROMIUM": CHROMIUM, "HOME": folder, "USER_NAME": service.create_admin("anna"), "PASSWORD": PASSWORD}
            asking = [f"--mail={path}" for path in asking_mails(service, Browser(service, "anna"), mails)]
            own = [f"--own={page}" for page in OWN]
            return subprocess.run(["node", HERE / "pages.mjs", f"{service.origin}/", *PAGES, *own, *asking, *sys.argv[2:]],
                                  env=environment).returncode
        finally:
            service.stop()


sys.exit(main())
