# SPDX-License-Identifier: MIT
"""Real Exim of Debian 12, with the event_action of docs/send-reports.md: its sessions come over the socket for lines."""

import os
import pathlib
import re
import subprocess

import mailer
import plan

DOC = pathlib.Path(__file__).resolve().parent.parent / "docs/send-reports.md"
SETTINGS = """
primary_hostname = exim.nic.example
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
exim_user = Debian-exim
exim_group = Debian-exim
keep_environment =
disable_ipv6 = true
dns_dnssec_ok = 1

begin routers
dns:
  driver = dnslookup
  transport = remote_smtp
  dnssec_request_domains = *

begin transports
{transport}
  tls_verify_certificates = {state}/pki/root.pem

begin retry
* * F,1h,10m
"""
EVENTS = {"ok": ["no-policy-found"], "self-signed": ["no-policy-found"], "dane": ["tlsa"], "dane-none": ["no-policy-found"],
          "dane-wrong": ["tlsa validation-failure"], "no-starttls": []}


def transport(socket):
    """As the page has it; only the socket is another."""
    block = re.search(r"^ +remote_smtp:\n(?: +.*\n)+", DOC.read_text(), re.M)[0]
    return "\n".join(line[7:] for line in block.splitlines()).replace("/run/mtasts-collect/lines", str(socket))


def send_all(root, resolv, folder, socket):
    """A message to each domain, delivered before this returns."""
    owner = mailer.users_of(root)["Debian-exim"]
    for name in ("spool", "log"):
        (folder / name).mkdir()
        os.chown(folder / name, owner, owner)
    folder.chmod(0o755)
    settings = folder / "exim.conf"
    settings.write_text(SETTINGS.format(folder=folder, state=plan.STATE, transport=transport(socket)))
    for domain in EVENTS:
        subprocess.run(mailer.in_root(root, resolv, "exim4", "-C", str(settings), "-odf", "-f", "a@nic.example",
                                      f"u@{domain}.example"), input="Subject: test\n\ntest\n", capture_output=True, text=True,
                       timeout=60)
    return (folder / "log/mainlog").read_text(errors="replace")
