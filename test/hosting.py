#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One web server for many domains: what generate writes is served by nginx, Caddy and Apache, and check says all is well.

Runs in the lab:  lab/enter test/hosting.py [SERVER...].  The domains are hosted-a to hosted-c of lab/scenarios.toml, two of
which have the same MX host and so share a policy.  This test takes over port 443.  Each server runs the generated
configuration itself; the paths of certificate and files are the only things that differ."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "lab"), str(TOP / "test")]
sys.dont_write_bytecode = True
import cases  # noqa: E402
import life  # noqa: E402
import plan  # noqa: E402
import servers  # noqa: E402

DOMAINS = [f"hosted-{letter}.example" for letter in "abc"]
HOSTS = ["mta-sts." + domain for domain in DOMAINS]
STATE = plan.STATE / "hosting"
MADE = STATE / "made"
WWW = STATE / "www"
MODULES = ("mpm_event", "authz_core", "mime", "rewrite", "socache_shmcb", "ssl")
SERVERS = ("nginx", "caddy", "apache")
WAIT = 600  # times 50 ms, on a machine with much to do


def adapted(file):
    """The generated file, with the paths of the lab."""
    certificate = plan.certificate_file(HOSTS[0], "hosted")
    text = (MADE / file).read_text()
    text = re.sub(r"/etc/letsencrypt/live/mta-sts/(?:fullchain|privkey)\.pem", str(certificate), text)
    return text.replace("/var/www/mta-sts", str(WWW)).replace("/etc/apache2/mta-sts.map", str(MADE / "apache.map"))


def write(name, text):
    (STATE / name).write_text(text)
    return str(STATE / name)


def nginx():
    temp = "".join(f"{kind}_temp_path {STATE}/tmp;\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    conf = write("nginx.conf", f"daemon off; user root root; pid {STATE}/nginx.pid; error_log {STATE}/nginx.log;\n"
                               f"events {{}}\nhttp {{\naccess_log off;\n{temp}{adapted('nginx.conf')}\n}}\n")
    return ["nginx", "-t", "-c", conf], ["nginx", "-c", conf]


def caddy():
    """It would fetch the certificates by itself: here they are files, which is one line more."""
    certificate = plan.certificate_file(HOSTS[0], "hosted")
    text = adapted("Caddyfile").replace(" {\n", f" {{\n\ttls {certificate} {certificate}\n", 1)
    conf = write("Caddyfile", "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + text)
    return (["caddy", "validate", "--adapter", "caddyfile", "--config", conf],
            ["caddy", "run", "--adapter", "caddyfile", "--config", conf])


def apache():
    modules = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in MODULES)
    conf = write("apache.conf", f"ServerRoot {STATE}\nServerName localhost\nPidFile {STATE}/apache.pid\nErrorLog {STATE}/apache.log\n"
                                f"Mutex file:{STATE} default\nUser www-data\nGroup www-data\n{modules}TypesConfig /etc/mime.types\nListen 443\n{adapted('apache.conf')}")
    return ["apache2", "-t", "-f", conf], ["apache2", "-D", "FOREGROUND", "-f", conf]


def log_of(name):
    return "".join(path.read_text() for path in (STATE / f"{name}.out", STATE / f"{name}.log") if path.exists())


def status_of(host, path):
    """-1: nobody answers."""
    done = subprocess.run(["curl", "-sko", "/dev/null", "-w", "%{http_code}", "--resolve", f"{host}:443:{plan.NGINX[4]}",
                           f"https://{host}{path}"], capture_output=True, text=True)
    return int(done.stdout) if done.returncode == 0 else -1


def generate():
    text = life.run("generate", "--mode", "enforce", "--max-age", 2592000, "--out", MADE, *DOMAINS)
    for file in ("nginx.conf", "Caddyfile", "apache.conf", "apache.map", "zone.txt", "nsupdate.txt", "domains.txt"):
        life.demand((MADE / file).exists() and file in text, f"{file} is there and named", text)
    policies = sorted(path.name for path in (MADE / "policies").iterdir())
    life.demand(policies == ["hosted-a.example.txt", "hosted-c.example.txt"], "two share a policy", policies)
    shutil.copytree(MADE / "policies", WWW)


def check(name):
    """Every domain is served its own policy, and nothing else is served."""
    results = [json.loads(line) for line in life.run("check", "--json", *DOMAINS).splitlines()]
    for domain, result in zip(DOMAINS, results, strict=True):
        served = (result["domain"], result["verdict"], result["delivery"], result["policy"] and result["policy"]["mx"])
        mx = f"mx.{DOMAINS[0] if domain == DOMAINS[1] else domain}"
        life.demand(served == (domain, "ok", "protected", [mx]), f"{name}: {domain}", (served, result["findings"]))
        life.demand([f for f in result["findings"] if f["severity"] != "info"] == [], f"{name}: {domain}", result["findings"])
    others = [status_of(host, path) for host in HOSTS for path in ("/", "/hosted-a.example.txt", "/.well-known/")]
    life.demand(set(others) == {404}, f"{name}: all else is not found", others)


def serve(name):
    test, command = globals()[name]()
    environment = {**os.environ, "HOME": str(STATE), "XDG_DATA_HOME": str(STATE), "XDG_CONFIG_HOME": str(STATE)}
    tested = subprocess.run(test, capture_output=True, text=True, env=environment)
    life.demand(tested.returncode == 0, " ".join(test), tested.stderr)
    with open(STATE / f"{name}.out", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(WAIT):
            if status_of(HOSTS[0], "/") > 0:
                break
            life.demand(server.poll() is None, f"{name} runs", log_of(name))
            time.sleep(0.05)
        check(name)
    finally:
        server.terminate()
        server.wait()
    print(f"ok      {name}", flush=True)


def main():
    cases.known(sys.argv[1:], SERVERS)
    wanted = sys.argv[1:] or list(SERVERS)
    if not servers.can_run_postfix() and "apache" in wanted:
        wanted.remove("apache")  # only one user is mapped here, and it refuses to run as root
    STATE.mkdir(mode=0o755)
    (STATE / "tmp").mkdir()
    for folder in (plan.STATE, STATE):
        folder.chmod(folder.stat().st_mode | 0o055)
    life.clear_the_port()
    generate()
    for name in wanted:
        serve(name)
    print(f"{len(wanted)} passed, 0 failed")


if __name__ == "__main__":
    if "MTASTS_LAB" not in os.environ:
        os.execv(TOP / "lab/enter", ["enter", __file__, *sys.argv[1:]])
    main()
