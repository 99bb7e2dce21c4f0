# SPDX-License-Identifier: MIT
"""A crowd: as many domains as one likes, to measure with.

The scenarios are there to be different, the crowd to be many.  MTASTS_LAB_CROWD=N adds to the lab N domains
mixed as in reality (seven of ten share the MX hosts of a provider, three have one of their own; some in a
hundred are broken) and MTASTS_LAB_CROWD_OWN=N more, each with an MX host of its own.  All policy hosts differ;
GROUP of them share an address and a certificate that names them all, and so do GROUP own MX hosts.  An nginx of
its own serves HTTPS and SMTP, since a server that starts a process for a session would measure itself.

In STATE/crowd: `mixed` and `own`, lists of domains; `sessions`, for each domain of `own` its name, the address of
its policy host, its MX host and that one's address."""

import ipaddress
import os

import pki
import plan

STATE = plan.STATE
FOLDER = STATE / "crowd"
GROUP = 20
# Parts of the lab's local range.
POLICY_HOSTS = ipaddress.ip_address("198.18.128.1")
OWN_MX = ipaddress.ip_address("198.18.160.1")
PROVIDERS = ipaddress.ip_address("198.18.192.1")
LARGEST = 150000  # so many groups the ranges hold


class Member:
    def __init__(self, number, mixed, providers):
        self.number, self.group = number, number // GROUP
        self.name = f"c{number}.example"
        self.shared = number < mixed and number % 10 < 7
        self.fault = {1: "no-record", 2: "not-found", 3: "other-mx", 4: "syntax"}.get(number % 100)
        self.policy_address = str(POLICY_HOSTS + self.group)
        if self.shared:
            provider = number % providers
            self.mx = [f"mx{n}.provider{provider}.example" for n in (1, 2)]
        else:
            self.mx = [f"mx.{self.name}"]
            self.mx_address = str(OWN_MX + self.group)

    def policy(self):
        mx = ["mail.elsewhere.example"] if self.fault == "other-mx" else self.mx
        lines = ["version: STSv1", "mode= enforce" if self.fault == "syntax" else "mode: enforce"]
        return "".join(line + "\r\n" for line in lines + [f"mx: {m}" for m in mx] + ["max_age: 2592000"])

    def records(self):
        lines = ["@ NS ns.nic.example.", f"mta-sts A {self.policy_address}",
                 f'_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls-reports@{self.name}"']
        if self.fault != "no-record":
            lines.append('_mta-sts TXT "v=STSv1; id=20261101T120000Z;"')
        lines += [f"@ MX {10 * (n + 1)} {mx}." for n, mx in enumerate(self.mx)]
        return lines if self.shared else lines + [f"mx A {self.mx_address}"]


class Crowd:
    def __init__(self, mixed, own):
        self.providers = max(2, mixed // 250)
        self.members = [Member(n, mixed, self.providers) for n in range(mixed + own)]
        self.mixed = self.members[:mixed]
        self.own = [m for m in self.members if not m.shared]

    def groups(self):
        """The members of each group."""
        return [self.members[i:i + GROUP] for i in range(0, len(self.members), GROUP)]

    def provider_hosts(self):
        """(name, address) of the MX hosts that are shared."""
        return [(f"mx{n}.provider{p}.example", str(PROVIDERS + 2 * p + n)) for p in range(self.providers)
                for n in (1, 2)]


def asked_for():
    """The crowd that the environment asks for; None for none."""
    mixed, own = (int(os.environ.get(name, 0)) for name in ("MTASTS_LAB_CROWD", "MTASTS_LAB_CROWD_OWN"))
    if mixed + own > LARGEST:
        raise ValueError(f"a crowd has {LARGEST} members at most")
    return Crowd(mixed, own) if mixed + own else None


def write_zones(crowd, zones, below):
    for member in crowd.members:
        zones.add(member.name, "ns.nic.example.", member.records())
        below["example"].append(f"{member.name}. NS ns.nic.example.")
    below["example"] += [f"{name}. A {address}" for name, address in crowd.provider_hosts()]


def write_lists(crowd):
    FOLDER.mkdir()
    (FOLDER / "mixed").write_text("".join(m.name + "\n" for m in crowd.mixed))
    (FOLDER / "own").write_text("".join(m.name + "\n" for m in crowd.own))
    (FOLDER / "sessions").write_text("".join(
        f"{m.name} {m.policy_address} {m.mx[0]} {m.mx_address}\n" for m in crowd.own))


def write_policies(crowd):
    """A file each, named as the policy host; those who share everything share the file."""
    folder, known = FOLDER / "www", {}
    folder.mkdir()
    for member in crowd.members:
        path, text = folder / f"mta-sts.{member.name}", member.policy()
        if member.fault == "not-found":
            continue
        if text in known:
            os.link(known[text], path)
        else:
            path.write_text(text, newline="")
            known[text] = path


def write_certificate(authorities, name, hosts, kind="good"):
    chain, key = authorities.leaf(hosts, kind)
    path = FOLDER / "pki" / f"{name}.pem"
    path.write_bytes(pki.private_text(key) + b"".join(map(pki.pem, chain)))
    return path


def listener(address, port, certificate, more):
    return f"""  server {{
    listen {address}:{port}{' ssl' if port == 443 else ''};
    ssl_certificate {certificate};
    ssl_certificate_key {certificate};
    {more}
  }}
"""


def write_server(crowd, authorities):
    (FOLDER / "pki").mkdir()
    web, mail = [], []
    for number, members in enumerate(crowd.groups()):
        kind = "expired" if number % 50 == 7 else "good"
        hosts = [f"mta-sts.{m.name}" for m in members]
        web.append(listener(members[0].policy_address, 443, write_certificate(authorities, f"web{number}", hosts, kind),
                            f"location = /.well-known/mta-sts.txt {{ root {FOLDER}/www; rewrite ^ /$host break; }}"))
        own = [m for m in members if not m.shared]
        if own:
            mail.append(listener(own[0].mx_address, 25, write_certificate(authorities, f"mx{number}", [m.mx[0] for m in own]),
                                 f"protocol smtp; server_name {own[0].mx[0]};"))
    for name, address in crowd.provider_hosts():
        mail.append(listener(address, 25, write_certificate(authorities, name, [name]), f"protocol smtp; server_name {name};"))
    (FOLDER / "nginx.conf").write_text(f"""
load_module /usr/lib/nginx/modules/ngx_mail_module.so;
daemon off;
user root root;
worker_processes 2;
pid {FOLDER}/nginx.pid;
error_log {STATE}/log/crowd crit;
events {{ worker_connections {2 * (len(web) + len(mail)) + 16384}; multi_accept on; }}
http {{
  access_log off;
  server_tokens off;
  client_body_temp_path {STATE}/tmp;
  proxy_temp_path {STATE}/tmp;
  fastcgi_temp_path {STATE}/tmp;
  uwsgi_temp_path {STATE}/tmp;
  scgi_temp_path {STATE}/tmp;
  default_type text/plain;
  types {{ }}
  ssl_session_tickets off;
{"".join(web)}}}
mail {{
  smtp_auth plain;
  starttls on;
  auth_http 127.0.0.1:9/;
  resolver off;
  ssl_session_tickets off;
{"".join(mail)}}}
""")


def write(crowd, authorities):
    write_lists(crowd)
    write_policies(crowd)
    write_server(crowd, authorities)
