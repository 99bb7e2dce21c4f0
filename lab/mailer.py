# SPDX-License-Identifier: MIT
"""Real Postfix in the lab as one that sends: this machine's, or another release's out of a root (lab/postfix-roots).

It asks a validating resolver of its own, trusts the lab's CA, and takes mail for any domain by SMTP on an address of
its own; the log is the only thing that is read of it."""

import contextlib
import os
import pathlib
import re
import smtplib
import subprocess
import time

import plan

RESOLVER = "198.18.0.70"  # beside the lab's own, which does not validate
PORT = 2525
LIBRARIES = "/usr/lib/postfix/sbin"
FOLDERS = {"pid": 0o755, "private": 0o700, "public": 0o710, "maildrop": 0o730,
           **dict.fromkeys(("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved",
                            "trace"), 0o700)}
SERVICES = """
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
# "c.example>, relay=..., status=sent (250 ...)" of one recipient
DELIVERY = re.compile(r"postfix/(?:smtp|error)\[(\d+)\]: \w+: to=<([^>]*)>,.* relay=([^,]*),.* dsn=([\d.]+),.* "
                      r"status=(\w+) \((.*)\)$")
GRADE = re.compile(r"postfix/smtp\[(\d+)\]: (\w+) TLS connection (?:established|reused) to ")


def wait_until(what, why, seconds=30):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {why}")
        time.sleep(0.05)


@contextlib.contextmanager
def resolver():
    """A validating unbound; with it, the file that leads to it."""
    settings, resolv = plan.STATE / "validating.conf", plan.STATE / "validating-resolv.conf"
    settings.write_text(f"""
server:
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  logfile: {plan.STATE}/log/validating
  interface: {RESOLVER}
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  root-hints: {plan.STATE}/dns/root.hints
  module-config: "validator iterator"
  trust-anchor-file: {plan.STATE}/dns/root.key
  do-not-query-localhost: no
  qname-minimisation: no
remote-control:
  control-enable: no
""")
    resolv.write_text(f"nameserver {RESOLVER}\noptions edns0 trust-ad\n")
    unbound = subprocess.Popen(["unbound", "-d", "-c", str(settings)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def validates():
        asked = subprocess.run(["dig", f"@{RESOLVER}", "+dnssec", "+time=1", "+tries=1", "SOA", "example"],
                               capture_output=True, text=True)
        return re.search(r"flags:[^;]* ad[ ;]", asked.stdout)
    try:
        wait_until(validates, f"{RESOLVER} validates")
        yield resolv
    finally:
        unbound.kill()
        unbound.wait()


class Delivery:
    """What the log says of one recipient at last, and how far the connection to the host was secured."""

    def __init__(self, relay, dsn, status, text, grade):
        self.host = re.sub(r"\[.*", "", relay)
        self.dsn, self.status, self.text, self.grade = dsn, status, text, grade

    def __str__(self):
        if self.status == "sent":
            return f"sent {self.host} {self.grade or 'plain'}"
        return f"{self.status} {self.dsn} {self.text}"


def users_of(root):
    """{user: number} of the root's own users."""
    lines = (pathlib.Path(root) / "etc/passwd").read_text().splitlines()
    return {line.split(":")[0]: int(line.split(":")[2]) for line in lines}


def in_root(root, resolv, *words):
    """The command that runs the words in a root, with a resolver and the lab's folder: mounts that end with them."""
    inside = words
    if str(root) == "/":
        script = 'mount --bind "$1" "$(realpath /etc/resolv.conf)"\n'
    else:
        script = ('mkdir -p "$2$3"\n'
                  'mount --bind "$1" "$2/etc/resolv.conf"; mount --bind "$3" "$2$3"; mount --rbind /dev "$2/dev"\n'
                  'mount -t proc proc "$2/proc"\n')
        inside = ["chroot", str(root), *inside]
    return ["unshare", "--mount", "sh", "-ec", script + 'shift 3; exec "$@"', "mailer", str(resolv), str(root),
            str(plan.STATE), *inside]


class Mailer:
    """One Postfix.  map: of smtp_tls_policy_maps; more: lines of main.cf."""

    count = 0

    def __init__(self, name, resolv, policy_map, root="/", more="", transport=()):
        Mailer.count += 1
        self.name, self.root, self.resolv = name, pathlib.Path(root), resolv
        self.address = f"127.0.3.{Mailer.count}"
        self.folder = plan.STATE / "mailers" / f"{name}-{Mailer.count}"
        self.log = self.folder / "log"
        self.process = None
        self.settings(policy_map, more, transport)

    def owner(self):
        return users_of(self.root)["postfix"]

    def settings(self, policy_map, more, transport):
        spool, data = self.folder / "spool", self.folder / "data"
        for path, mode in ((spool, 0o755), (data, 0o700), *((spool / name, mode) for name, mode in FOLDERS.items())):
            path.mkdir(parents=True, mode=mode)
            path.chmod(mode)
            if path.name != "pid" and path != spool:
                os.chown(path, self.owner(), 0)
        routes = ", ".join(f"{{ {domain} = {route} }}" for domain, route in transport)
        (self.folder / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = {LIBRARIES}
maillog_file = {self.log}
maillog_file_prefixes = {plan.STATE}
inet_protocols = ipv4
myhostname = mailer.nic.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_event_limit_exceptions = static:all
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
notify_classes =
transport_maps = inline:{{ {{ nobody.invalid = error: }} {", " + routes if routes else ""} }}
smtp_tls_policy_maps = {policy_map}
smtp_tls_security_level = dane
smtp_dns_support_level = dnssec
smtp_tls_CAfile = {plan.STATE}/pki/root.pem
smtp_tls_loglevel = 1
smtp_connect_timeout = 5s
smtp_helo_timeout = 15s
smtp_tls_session_cache_database =
tls_random_source = dev:/dev/urandom
{more}
""")
        (self.folder / "master.cf").write_text(f"{self.address}:{PORT} inet n - n - 100 smtpd\n{SERVICES}")

    def command(self, *words):
        return in_root(self.root, self.resolv, "env", f"MAIL_CONFIG={self.folder}", *words)

    def version(self):
        asked = subprocess.run(self.command("postconf", "-h", "mail_version"), capture_output=True, text=True)
        return asked.stdout.strip() or f"none: {asked.stderr}"

    def __enter__(self):
        self.process = subprocess.Popen(self.command(f"{LIBRARIES}/master", "-d", "-c", str(self.folder)),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=open(self.folder / "errors", "w"), start_new_session=True)
        wait_until(self.answers, f"{self.name} takes mail")
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended: {(self.folder / 'errors').read_text()} {self.said()}")
        try:
            with smtplib.SMTP(self.address, PORT, timeout=10):
                return True
        except OSError:
            return False

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def send(self, recipients, header=""):
        """A message to each of them."""
        with smtplib.SMTP(self.address, PORT, timeout=60) as smtp:
            smtp.command_encoding = "utf-8"
            for recipient in recipients:
                utf8 = ["SMTPUTF8"] if not recipient.isascii() else []
                smtp.ehlo_or_helo_if_needed()
                for step in (lambda: smtp.mail("", utf8), lambda: smtp.docmd(f"RCPT TO:<{recipient}>"),
                             lambda: smtp.data(f"Subject: test\r\n{header}\r\ntest\r\n".encode())):
                    code, answer = step()
                    if code >= 400:
                        raise AssertionError(f"{self.name} refuses {recipient}: {code} {answer}\n{self.said()[-1000:]}")

    def deliveries(self):
        """{recipient: its first Delivery}"""
        grades, found = {}, {}
        for line in self.said().splitlines():
            if seen := GRADE.search(line):
                grades[seen[1]] = seen[2]
            elif seen := DELIVERY.search(line):
                process, recipient, relay, dsn, status, text = seen.groups()
                found.setdefault(recipient, Delivery(relay, dsn, status, text, grades.pop(process, None)))
        return found

    def outcomes(self, recipients, seconds=60, header=""):
        self.send(recipients, header)
        wait_until(lambda: set(recipients) <= set(self.deliveries()), f"{self.name} has tried all", seconds)
        return self.deliveries()
