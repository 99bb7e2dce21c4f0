# SPDX-License-Identifier: MIT
"""The lab's DNS: zone files from the root to the leaves, their signatures, and the servers' settings."""

import base64
import datetime
import pathlib
import re
import subprocess

import crowd
import floods
import pki
import plan

ROOT_HINTS = pathlib.Path("/usr/share/dns/root.hints")
FOLDER = plan.STATE / "zones"
# example. is signed, lab. is not; com. holds the hosts by which a blocked port 25 is recognised.
TLDS = {"example": True, "lab": False, "com": False, "dev": False, "io": False, "tech": False,
        "microsoft": True}
SERVERS_OF_THE_LAB = ["ns.nic A " + plan.LEAF_SERVER, "tld.nic A " + plan.TLD_SERVER,
                      "ns.liar A " + plan.LIAR, "ca A " + plan.NGINX[4]]
# by these it is known whether this network hides port 443, intercepts TLS or has another time
REFERENCES = [f"mta-sts.{name} {kind} {plan.NGINX[family]}" for name in ("gmail", "outlook")
              for kind, family in (("A", 4), ("AAAA", 6))]
PORT25_CONTROLS = ["gmail MX 5 gmail-smtp-in.l.google.com.", "gmail-smtp-in.l.google A " + plan.POSTFIX[4],
                   "outlook MX 5 outlook-com.olc.protection.outlook.com.",
                   "outlook-com.olc.protection.outlook A " + plan.POSTFIX[4]]


def root_servers():
    """{name: [addresses]} of the real root servers: own recursion asks them, so they live here too."""
    found = {}
    for name, address in re.findall(r"^(\S+)\s+\d+\s+A{1,4}\s+(\S+)", ROOT_HINTS.read_text(), re.M):
        found.setdefault(name.lower(), []).append(address)
    return found


def txt(value):
    """A TXT value in zone file form; a list is several character-strings."""
    def quoted(text):
        octets = text.encode("latin-1") if text.isascii() else text.encode()
        return '"' + "".join(chr(o) if 32 <= o < 127 and o not in b'"\\' else f"\\{o:03d}"
                             for o in octets) + '"'
    strings = value if isinstance(value, list) else [value[i:i + 255] for i in range(0, len(value), 255)]
    return " ".join(quoted(s) for s in strings or [""])


def records(s):
    """(owner, ttl, type and data) of a scenario's zone, without SOA and NS."""
    found = []
    values = s["sts"] if isinstance(s["sts"], list) else [s["sts"]]
    if s["sts_alias"]:
        found.append(("_mta-sts", 300, f"CNAME {s['sts_alias']}."))
    else:
        found += [("_mta-sts", s["sts_ttl"], "TXT " + txt(v)) for v in values]
    values = s["tlsrpt"] if isinstance(s["tlsrpt"], list) else [s["tlsrpt"]]
    found += [("_smtp._tls", 300, "TXT " + txt(v)) for v in values]
    if s["web"]["alias"]:
        found.append(("mta-sts", 300, f"CNAME {s['web']['alias']}."))
    else:
        found += [("mta-sts", 300, address_record(e)) for e in s["web"]["at"]]
    if s["reports"]:
        found += [(s["reports"]["host"], 300, address_record(e)) for e in s["reports"]["at"]]
    for mx in s["mx"]:
        if not mx["implicit"]:
            found.append(("@", 300, f"MX {mx['preference']} {mx['name']}."))
        if ("." + mx["name"]).endswith("." + s["domain"]):
            owner = mx["name"][:-len(s["domain"]) - 1] or "@"
            found += [(owner, 300, address_record(e)) for e in mx["at"]]
            tlsa = "_25._tcp" if owner == "@" else "_25._tcp." + owner
            found += [(tlsa, 300, "TLSA " + pki.tlsa(mx["name"], mx["cert"], t)) for t in mx["tlsa"]]
    extra = [tuple(line.split(" ", 1)) for line in s["zone"]]
    alone = {owner for owner, rest in extra if rest.startswith(("CNAME", "NS"))}
    return [r for r in found if r[0] not in alone] + [(o, 300, rest) for o, rest in extra]


def aliases(s):
    """The lines for the zone of a hosting service to which the scenario's names are aliases."""
    found = []
    if s["sts_alias"]:
        found.append(f"{s['sts_alias']}. {s['sts_ttl']} TXT {txt(s['sts'])}")
    if s["web"]["alias"]:
        found += [f"{s['web']['alias']}. {address_record(e)}" for e in s["web"]["at"]]
    return found


def address_record(entry):
    return ("AAAA " if ":" in entry["address"] else "A ") + entry["address"]


def zone_text(origin, server, lines):
    dot = origin + "." if origin else "."
    head = [f"$ORIGIN {dot}", "$TTL 300", f"@ SOA {server} hostmaster.nic.example. 2026110100 3600 600 86400 300"]
    return "\n".join(head + lines) + "\n"


class Zones:
    def __init__(self):
        FOLDER.mkdir()
        self.ds = {}    # origin: DS record data, of signed zones
        self.keys = {}  # origin: DNSKEY record
        self.files = {}

    def add(self, origin, server, lines, sign=False, bogus=(), denial=()):
        path = FOLDER / (origin or "root")
        path.write_text(zone_text(origin, server, lines))
        self.files[origin] = path
        if sign:
            self.sign(origin, path, bogus, denial)

    def sign(self, origin, path, bogus, denial):
        dot = origin + "." if origin else "."
        key = subprocess.run(["ldns-keygen", "-a", "ECDSAP256SHA256", "-k", dot], cwd=FOLDER,
                             capture_output=True, text=True, check=True).stdout.strip()
        # signed a while ago, as zones are: a clock that is an hour behind finds the signatures begun
        begun = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=2)).strftime("%Y%m%d%H%M%S")
        subprocess.run(["ldns-signzone", "-i", begun, *denial, "-f", f"{path}.signed", str(path), key], cwd=FOLDER,
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL if denial else None)
        self.files[origin] = pathlib.Path(f"{path}.signed")
        self.ds[origin] = (FOLDER / f"{key}.ds").read_text().split("DS", 1)[1].strip()
        self.keys[origin] = (FOLDER / f"{key}.key").read_text().split(";")[0].strip()
        for spot in bogus:
            spoil(self.files[origin], origin, *spot.split())

    def add_scenario(self, s, server, names):
        flood = s["flood"]
        lines = [f"@ NS {n}" for n in names] + [f"{o} {ttl} {rest}" for o, ttl, rest in records(s)]
        lines += floods.keys(flood["keys"]) if flood else []
        denial = ["-n", "-a", "1", "-t", str(s["nsec3"]["iterations"]), "-s", s["nsec3"]["salt"]] if s["nsec3"] else []
        self.add(s["domain"], server, lines, s["sign"] or s["bogus"] or flood or denial, s["bogus"], denial)
        if flood:
            path = self.files[s["domain"]]
            path.write_text(floods.signatures(path.read_text(), s["domain"], flood["at"], flood["signatures"]))

    def delegation(self, origin, *servers):
        """The lines for the parent: NS, and DS if the zone is signed."""
        lines = [f"{origin}. NS {server}" for server in servers]
        return lines + ([f"{origin}. DS {self.ds[origin]}"] if origin in self.ds else [])


def spoil(path, origin, owner, rrtype):
    """Change one bit of the signature of a record set."""
    owner = f"{origin}." if owner == "@" else f"{owner}.{origin}."

    def flip(match):
        octets = bytearray(base64.b64decode(match[2]))
        octets[5] ^= 1
        return match[1] + base64.b64encode(octets).decode()
    pattern = rf"^({re.escape(owner)}\s+\d+\s+IN\s+RRSIG\s+{rrtype} .* )(\S+)$"
    text, count = re.subn(pattern, flip, path.read_text(), flags=re.M)
    if count != 1:
        raise ValueError(f"{path}: no signature of {owner} {rrtype}")
    path.write_text(text)


def write(scenarios, members=None):
    """All zones; afterwards root.key, root.ds and the settings of NSD and unbound."""
    zones = Zones()
    below = {tld: [] for tld in TLDS}
    if members:
        crowd.write_zones(members, zones, below)
    for s in scenarios:
        if s["dns"] == "none":
            continue
        tld = s["domain"].rpartition(".")[2]
        server = {"nsd": "ns.nic.example.", "private": "ns.nic.example.", "liar": "ns.liar.example.", "lame": "ns.liar.example."}[s["dns"]]
        names = [server] + (["ns.liar.example."] if s["second"] else [])
        if s["dns"] in ("nsd", "private"):
            zones.add_scenario(s, server, names)
        if s["dns"] != "private":
            below[tld] += s["delegation"] or zones.delegation(s["domain"], *names)
        if s["flood"]:
            below[tld] += [f"{s['domain']}. DS {ds}" for ds in floods.digests(zones.ds[s["domain"]], s["flood"]["ds"])]
        for line in aliases(s):
            below[line.split(".", 1)[1].split(". ")[0].rpartition(".")[2]].append(line)
    leaves = dict(zones.files)
    below["example"] += SERVERS_OF_THE_LAB
    below["com"] += PORT25_CONTROLS + REFERENCES
    for tld, sign in TLDS.items():
        zones.add(tld, "tld.nic.example.", ["@ NS tld.nic.example."] + below[tld], sign)
    write_root(zones)
    servers = root_servers()
    nsd("leaf", [plan.LEAF_SERVER], leaves)
    nsd("tld", [plan.TLD_SERVER], {tld: zones.files[tld] for tld in TLDS})
    nsd("root", [a for addresses in servers.values() for a in addresses],
        {origin: zones.files[origin] for origin in ("", "root-servers.net")})
    unbound(len(members.members) if members else 0, [s["domain"] for s in scenarios if s["dns"] == "private"])


def write_root(zones):
    servers = root_servers()
    lines = [f"@ NS {name}" for name in servers]
    glue = [f"{name} {'AAAA' if ':' in a else 'A'} {a}" for name, addresses in servers.items()
            for a in addresses]
    first = next(iter(servers))
    zones.add("root-servers.net", first, [f"@ NS {first}"] + glue)
    for tld in TLDS:
        lines += zones.delegation(tld, "tld.nic.example.")
    lines += zones.delegation("root-servers.net", first) + glue
    zones.add("", first, lines + ["tld.nic.example. A " + plan.TLD_SERVER], sign=True)
    folder = plan.STATE / "dns"
    folder.mkdir()
    (folder / "root.key").write_text(zones.keys[""] + "\n")
    (folder / "root.ds").write_text(f". IN DS {zones.ds['']}\n")
    (folder / "root.hints").write_text(ROOT_HINTS.read_text())


def nsd(name, addresses, files):
    lines = ["server:", '  username: ""', '  pidfile: ""', f"  zonesdir: {FOLDER}", '  database: ""',
             f"  xfrdir: {plan.STATE}", f"  zonelistfile: {plan.STATE}/{name}.list", f"  xfrdfile: {plan.STATE}/{name}.xfrd",
             f"  logfile: {plan.STATE}/log/nsd-{name}", "  rrl-ratelimit: 0", "  server-count: 1"]
    lines += [f"  ip-address: {a}" for a in addresses]
    lines += ["remote-control:", "  control-enable: no"]
    for origin, path in files.items():
        lines += ["zone:", f'  name: "{origin or "."}"', f"  zonefile: {path}"]
    (plan.STATE / f"nsd-{name}.conf").write_text("\n".join(lines) + "\n")


def unbound(crowd_size, private):
    """The resolver of the lab.  It does not validate: whatever asks it does that itself."""
    own = "".join(f'stub-zone:\n  name: "{name}"\n  stub-addr: {plan.LEAF_SERVER}\n' for name in private)
    unblocked = "".join(f'  local-zone: "{name}" nodefault\n' for name in ("test", "home.arpa") if private)
    kilobytes = 4096 + 8 * crowd_size  # of each cache: all is to stay in it
    (plan.STATE / "unbound.conf").write_text(f"""
server:
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  logfile: {plan.STATE}/log/unbound
  interface: {plan.RESOLVER}
  interface: {plan.RESOLVER6}
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  prefer-ip4: yes
  root-hints: {plan.STATE}/dns/root.hints
  module-config: "iterator"
  qname-minimisation: no
  rrset-roundrobin: no
  cache-max-ttl: 604800
  serve-original-ttl: yes
  num-threads: 1
  msg-cache-size: {kilobytes}k
  rrset-cache-size: {2 * kilobytes}k
  so-rcvbuf: 8m
  num-queries-per-thread: 4096
  outgoing-range: 8192
  outgoing-num-tcp: 400
  incoming-num-tcp: 400
{unblocked}remote-control:
  control-enable: no
{own}""")
