#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What lab/enter runs as the first process of the new namespaces: raise the lab, run a command, leave.

When this process ends the kernel ends all others of its PID namespace, and mounts, links and routes go
with theirs."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import crowd
import pki
import plan
import servers
import zones

HERE = pathlib.Path(__file__).resolve().parent
STATE = plan.STATE
START_SECONDS = 120  # for the servers, of which some serve 10,000 domains


def run(*command):
    subprocess.run(command, check=True)


def mounts():
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(STATE))
    (STATE / "log").mkdir(mode=0o777)


def network():
    """The whole of two ranges is local, two others swallow everything, the rest does not exist."""
    lines = ["link set lo up", "link add hole type veth peer name hole-end",
             "link set hole arp off up", "link set hole-end up"]
    for version, family in ((4, "-4"), (6, "-6")):
        local = {4: "198.18.0.0/16", 6: "2001:2::/48"}[version]
        # quickack: else a peer without TCP_NODELAY waits 40 ms for a delayed acknowledgement
        lines += [f"{family} route add local {local} dev lo quickack 1",
                  f"{family} addr add {plan.CLIENT[version]}/{32 if version == 4 else 128} dev lo",
                  f"{family} route add unreachable {plan.NO_ROUTE[version]}",
                  f"{family} route add {plan.HOLE[version]} dev hole"]
    for address in [plan.INNER] + plan.TRAPS[2:]:  # the first two are there
        lines.append(f"{'-6' if ':' in address else '-4'} route add local {address} dev lo")
    for addresses in zones.root_servers().values():
        for address in addresses:
            lines.append(f"{'-6' if ':' in address else '-4'} route add local {address} dev lo")
    for line in lines:
        run("ip", *line.split())
    for name, value in (("ipv4/ip_forward", "0"), ("ipv4/ip_local_port_range", "10240 65000"),
                        ("ipv4/tcp_tw_reuse", "1"), ("ipv6/bindv6only", "1"),
                        ("ipv6/ip_nonlocal_bind", "1")):
        try:
            (pathlib.Path("/proc/sys/net") / name).write_text(value)
        except OSError:
            pass  # not ours in this kind of namespace; the lab works without


def prepare(scenarios, members):
    without_postfix(scenarios)
    (STATE / "plan.json").write_text(json.dumps(scenarios))
    authorities = pki.write(scenarios)
    zones.write(scenarios, members)
    servers.nginx(scenarios)
    if members:
        crowd.write(members, authorities)
    if servers.can_run_postfix():
        servers.postfix(scenarios)


def without_postfix(scenarios):
    if servers.can_run_postfix():
        return
    print("lab: only one user is mapped here, so Postfix cannot run; the scripted server stands in",
          file=sys.stderr)
    for _, _, entry in plan.listed(scenarios, "mx"):
        if entry["do"] == "postfix":
            entry["do"] = "healthy"


def trust_the_lab():
    """The lab's root certificate, root key and resolver in the places where the system's stand."""
    store = STATE / "store"
    store.mkdir()
    root = (STATE / "pki/root.pem").read_text()
    (store / "lab.pem").write_text(root)
    run("openssl", "rehash", str(store))
    (store / "ca-certificates.crt").write_text(root)
    resolv = STATE / "resolv.conf"
    resolv.write_text(f"nameserver {plan.RESOLVER}\n")
    for source, target in ((store, "/etc/ssl/certs"), (resolv, os.path.realpath("/etc/resolv.conf")),
                           (STATE / "dns", "/usr/share/dns")):
        run("mount", "--bind", str(source), target)


def start(name, *command, **more):
    log = open(STATE / "log" / f"out-{name}", "w")
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                            start_new_session=True, **more)


def start_all(members):
    daemons = {f"nsd-{n}": start(f"nsd-{n}", "nsd", "-d", "-c", str(STATE / f"nsd-{n}.conf"))
               for n in ("root", "tld", "leaf")}
    daemons["unbound"] = start("unbound", "unbound", "-d", "-c", str(STATE / "unbound.conf"))
    daemons["nginx"] = start("nginx", "nginx", "-c", str(STATE / "nginx.conf"))
    if servers.can_run_postfix():
        daemons["postfix"] = start("postfix", "/usr/lib/postfix/sbin/master", "-d", "-c", str(STATE / "postfix"))
    if members:
        daemons["crowd"] = start("crowd", "nginx", "-c", str(crowd.FOLDER / "nginx.conf"))
    for name in ("smtpd", "httpsd", "liar", "forwarder", "trap"):
        daemons[name] = start(name, sys.executable, str(HERE / f"{name}.py"))
    return daemons


def answers(name, scenarios):
    """Does this server work already?"""
    if name in ("smtpd", "httpsd", "liar", "forwarder", "trap"):
        return "ready" in (STATE / "log" / f"out-{name}").read_text()
    if name.startswith(("nsd", "unbound")):
        address = {"nsd-root": "198.41.0.4", "nsd-tld": plan.TLD_SERVER, "nsd-leaf": plan.LEAF_SERVER,
                   "unbound": plan.RESOLVER}[name]
        return dns_works(address, "" if name == "nsd-root" else "example" if name == "nsd-tld"
                         else scenarios[0]["domain"])
    try:
        where = {"nginx": (plan.NGINX[4], 443), "postfix": (plan.POSTFIX[4], 25),
                 "crowd": (str(crowd.POLICY_HOSTS), 443)}[name]
        socket.create_connection(where, timeout=1).close()
        return True
    except OSError:
        return False


def dns_works(address, name):
    """A question for SOA, answered NOERROR."""
    question = b"".join(bytes([len(l)]) + l.encode() for l in name.split(".") if l) + b"\0\0\x06\0\x01"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(1)
        try:
            sock.sendto(b"\x4d\x54\x01\0\0\x01\0\0\0\0\0\0" + question, (address, 53))
            reply = sock.recv(4096)
        except OSError:
            return False
    return reply[3] & 15 == 0 and reply[7] > 0


def wait_ready(daemons, scenarios):
    """One that has ended is noticed at once; one that only starts may be slow where much else runs."""
    end = time.monotonic() + START_SECONDS
    waiting = dict(daemons)
    while waiting:
        for name, process in list(waiting.items()):
            if process.poll() is not None:
                give_up(f"{name} ended with status {process.returncode}", name)
            if answers(name, scenarios):
                del waiting[name]
        if time.monotonic() > end:
            give_up(f"no answer from {', '.join(waiting)}", *waiting)
        time.sleep(0.02)


def give_up(why, *names):
    print(f"lab: {why}", file=sys.stderr)
    for name in names:
        for path in (STATE / "log" / f"out-{name}", STATE / "log" / name):
            if path.exists():
                print(path.read_text()[-2000:], file=sys.stderr)
    os._exit(70)


def command_to_its_end(command):
    """Run the command in the foreground, and be the init that its orphans need."""
    # the lab's own addresses are those of RFC 2544
    environment = {"MTASTS_ALLOW_PRIVATE": "1", **os.environ, "MTASTS_LAB": str(STATE)}
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command gets it from the terminal itself
    handed_on = range(3, 3 + int(os.environ.get("LISTEN_FDS", 0)))  # see lab/enter
    child = subprocess.Popen(command, env=environment, pass_fds=tuple(handed_on),
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def main():
    started = time.monotonic()
    mounts()
    scenarios = plan.plan()
    members = crowd.asked_for()
    network()
    prepare(scenarios, members)
    trust_the_lab()
    daemons = start_all(members)
    wait_ready(daemons, scenarios)
    if os.environ.get("MTASTS_LAB_VERBOSE"):
        print(f"lab: {len(scenarios)} domains up after {time.monotonic() - started:.1f} s", file=sys.stderr)
    try:
        status = command_to_its_end(sys.argv[1:])
    except FileNotFoundError as error:
        print(f"lab: {error}", file=sys.stderr)
        status = 127
    for process in daemons.values():
        process.kill()
    os._exit(status)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        os._exit(130)
