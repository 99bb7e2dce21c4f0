# SPDX-License-Identifier: MIT
"""The table of scenarios with every default filled in and every address given out.

scenarios.toml says only how a domain departs from a healthy one; plan() makes of it what the servers of
the lab have to serve.  The keys of a scenario are described at the head of scenarios.toml."""

import functools
import ipaddress
import json
import os
import pathlib
import re
import subprocess
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
# A directory that the package nsd owns and the lab does not need: a tmpfs covers it, in our mount
# namespace only, so that nothing is ever written to the machine's own disk.
STATE = pathlib.Path("/var/lib/nsd")

# The lab's addresses.  198.18.0.0/16 and 2001:2::/48 are local as a whole (AnyIP).
TLD_SERVER = "198.18.0.2"
LEAF_SERVER = "198.18.0.3"
CLIENT = {4: "198.18.0.9", 6: "2001:2::9"}
POSTFIX = {4: "198.18.0.25", 6: "2001:2::25"}
RESOLVER = "198.18.0.53"
RESOLVER6 = "2001:2::53"
RESOLVERS = "198.18.0.48/28"  # it, and the forwarders before it
LIAR = "198.18.0.66"
FORWARDERS = {name: f"198.18.0.{54 + i}" for i, name in enumerate(
    ("strips", "denies", "below", "drops", "chokes", "forges", "errors", "breaks", "blocks"))}
NGINX = {4: "198.18.0.80", 6: "2001:2::80"}
REFERENCES = ("mta-sts.gmail.com", "mta-sts.outlook.com")
HOLE = {4: "198.19.0.0/16", 6: "3ffe:1::/32"}  # packets vanish: time-outs
INNER = "192.168.64.0/24"  # a private network that can be reached; each connection is written down
# Where nobody may knock: the machine itself, also in disguise, and the metadata services of clouds.
TRAPS = ["127.0.0.1", "::1", "169.254.169.254", "100.100.100.200", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
         "2002:7f00:1::1", "fd00:ec2::254", "64:ff9b:1::7f00:1", "2001:0:808:808:0:0:80ff:fffe", "2002:a9fe:a9fe::1"]
NO_ROUTE = {4: "192.88.99.0/24", 6: "3ffe:2::/32"}  # the kernel says so at once

DEFAULTS = {
    "dns": "nsd",
    "delegation": [],
    "sts": "v=STSv1; id=20261101T120000Z;",
    "sts_ttl": 300,
    "sts_alias": None,
    "tlsrpt": "v=TLSRPTv1; rua=mailto:tls-reports@{domain}",
    "zone": [],
    "sign": False,
    "bogus": [],
    "flood": None,
    "nsec3": None,
    "lies": {},
    "second": {},
    "policy": {},
    "web": {},
    "reports": None,
    "mx": [{}],
    "ask": "{domain}",
    "behind": [],
    "options": [],
    "environment": {},
    "codes": [],
    "posture": "enforce",
    "delivery": "protected",
    "exit": 0,
    "healthy": False,
}
FLOOD = {"keys": 0, "signatures": 0, "at": [], "ds": 0}
POLICY = {"mode": "enforce", "mx": None, "max_age": 2592000, "eol": "\r\n", "text": None, "extra": [], "size": 0}
WEB = {"at": ["nginx"], "cert": "good", "also": None, "status": 200, "type": "text/plain", "location": None, "elsewhere": None,
       "alias": None, "headers": [], "body": ""}
REPORTS = {"host": "reports", "port": 443, "at": ["nginx"], "cert": "good", "also": None, "status": 201, "type": None,
           "location": None, "headers": [], "body": ""}
MX = {"host": "mx", "preference": 10, "at": ["postfix"], "cert": "good", "also": None, "bare": None, "implicit": False,
      "tlsa": []}


def with_defaults(defaults, given, where):
    strange = set(given) - set(defaults)
    if strange:
        raise ValueError(f"{where}: unknown key {', '.join(sorted(strange))}")
    return {**defaults, **given}


def fill(value, domain):
    """Put the domain's name into every text."""
    if isinstance(value, str):
        return value.replace("{domain}", domain)
    if isinstance(value, list):
        return [fill(v, domain) for v in value]
    if isinstance(value, dict):
        return {fill(k, domain): fill(v, domain) for k, v in value.items()}
    return value


class Addresses:
    """Hands out addresses, each once."""

    def __init__(self):
        self.next = {"own": 0, "hole": 0, "no-route": 0}

    def pick(self, kind, family):
        self.next[kind] += 1
        net = {"own": {4: "198.18.64.0/18", 6: "2001:2:0:1::/64"}, "hole": HOLE, "no-route": NO_ROUTE}
        return str(ipaddress.ip_network(net[kind][family])[self.next[kind]])

    def give(self, entry, shared, used):
        """An entry of an `at` list: 'behaviour', '6 behaviour', or a table with `do`."""
        entry = {"do": entry} if isinstance(entry, str) else dict(entry)
        family = 4
        if entry["do"].startswith("6 "):
            family, entry["do"] = 6, entry["do"][2:]
        if entry["do"].startswith("address "):  # nobody is there
            entry["address"], entry["do"] = entry["do"][8:], "refused"
        elif "address" in entry:
            pass
        elif entry["do"] in shared and shared[entry["do"]][family] not in used:
            entry["address"] = shared[entry["do"]][family]
        else:
            entry["address"] = self.pick(entry["do"] if entry["do"] in self.next else "own", family)
        used.add(entry["address"])
        return entry


def write_down(log, line):
    with open(STATE / "log" / log, "a") as file:
        file.write(line + "\n")


def absolute(name, domain):
    return name[:-1] if name.endswith(".") else domain if name == "@" else f"{name}.{domain}"


def policy_text(policy, mx_names):
    if policy["text"] is not None:
        return policy["text"]
    patterns = mx_names if policy["mx"] is None else policy["mx"]
    lines = ["version: STSv1", f"mode: {policy['mode']}"]
    lines += [f"mx: {p}" for p in patterns] + [f"max_age: {policy['max_age']}"] + policy["extra"]
    text = "".join(line + policy["eol"] for line in lines)
    missing = policy["size"] - len(text) - len("note: " + policy["eol"])
    return text + f"note: {'x' * missing}{policy['eol']}" if policy["size"] else text


@functools.cache
def unbound_is_newer():
    """Some answers are up to the version of unbound: Debian 12 has 1.17, Debian 13 a much later one."""
    said = subprocess.run(["unbound", "-V"], capture_output=True, text=True).stdout
    found = re.match(r"Version (\d+)\.(\d+)", said)
    return bool(found) and (int(found[1]), int(found[2])) >= (1, 20)


def scenario(name, given, addresses):
    newer = given.pop("newer_unbound", {})
    if newer and unbound_is_newer():
        given.update(newer)
    domain = given.pop("domain", name + ".example")
    about = given.pop("about")
    s = fill(with_defaults(DEFAULTS, given, name), domain)
    s.update(name=name, domain=domain, about=about)
    s["web"] = with_defaults(WEB, s["web"], name)
    s["web"]["host"] = "mta-sts." + domain
    s["flood"] = s["flood"] and with_defaults(FLOOD, s["flood"], name)
    used = set()
    s["web"]["name"] = s["web"]["host"]
    s["web"]["at"] = [addresses.give(e, {"nginx": NGINX}, used) for e in s["web"]["at"]]
    if s["reports"] is not None:
        s["reports"] = with_defaults(REPORTS, s["reports"], name)
        s["reports"]["name"] = absolute(s["reports"]["host"], domain)
        s["reports"]["at"] = [addresses.give(e, {"nginx": NGINX}, set()) for e in s["reports"]["at"]]
    exchanges = []
    for given_mx in s["mx"]:
        mx = with_defaults(MX, given_mx, name)
        mx["name"] = absolute(mx["host"], domain)
        mx["at"] = [addresses.give(e, {"postfix": POSTFIX}, used) for e in mx["at"]]
        for entry in mx["at"]:
            entry.setdefault("cert", mx["cert"])
            entry.setdefault("also", mx["also"])
            entry.setdefault("bare", mx["bare"])
        exchanges.append(mx)
    s["mx"] = exchanges
    s["policy"] = policy_text(with_defaults(POLICY, s["policy"], name), [m["name"] for m in exchanges])
    return s


def blocks():
    """Those of scenarios.toml, or of the JSON file in MTASTS_LAB_SCENARIOS."""
    other = os.environ.get("MTASTS_LAB_SCENARIOS")
    if other:
        return json.loads(pathlib.Path(other).read_text())
    return tomllib.loads((HERE / "scenarios.toml").read_text())


def plan():
    addresses = Addresses()
    return [scenario(name, given, addresses) for name, given in blocks().items()]


def mx_certificates(scenarios):
    """(host, kind) of every certificate that an MX presents, or that a TLSA record describes."""
    for s in scenarios:
        for mx in s["mx"]:
            if mx["tlsa"]:
                yield mx["name"], mx["cert"]
            for entry in mx["at"]:
                if entry["do"] not in Addresses().next and entry["do"] != "refused":
                    yield mx["name"], entry["cert"]
                    for kind in filter(None, (entry["also"], entry["bare"])):
                        yield mx["name"], kind


def certificates(scenarios):
    found = dict.fromkeys((s["web"]["host"], e.get("cert", s["web"]["cert"])) for s in scenarios
                          for e in s["web"]["at"])
    found |= dict.fromkeys((host, entry.get("cert", s["reports"]["cert"]))
                           for s, host, entry in listed(scenarios, "reports"))
    found |= dict.fromkeys((s["web"]["host"], s["web"]["also"]) for s in scenarios if s["web"]["also"])
    return list(found | dict.fromkeys(mx_certificates(scenarios)))


def certificate_file(host, kind):
    return STATE / "pki" / f"{host}_{kind}.pem"


def bare_file():
    """What Postfix shows to clients without SNI: one certificate for all its hosts."""
    return STATE / "pki/postfix.pem"


def postfix_hosts(scenarios):
    """{host: kind of its certificate} of all that Postfix serves."""
    return {host: entry["cert"] for _, host, entry in listed(scenarios, "mx") if entry["do"] == "postfix"}


def listed(scenarios, part):
    """(scenario, host, entry) of all addresses of the policy hosts ("web"), the endpoints for reports ("reports") or the MX
    hosts ("mx")."""
    for s in scenarios:
        for peer in s["mx"] if part == "mx" else [s[part]] if s[part] else []:
            for entry in peer["at"]:
                yield s, peer["name"], entry
