# SPDX-License-Identifier: MIT
"""Settings of the real servers for web and mail: nginx for policy hosts by SNI, Postfix for healthy MX."""

import os
import pwd
import subprocess

import plan

STATE = plan.STATE


# ---- nginx -----------------------------------------------------------------------------------------


def nginx(scenarios):
    (STATE / "www").mkdir()
    (STATE / "tmp").mkdir()
    servers = "".join(reference(host) for host in plan.REFERENCES)
    servers += "".join(policy_host(s) for s in scenarios
                      if any(e["do"] == "nginx" for e in s["web"]["at"]))
    servers += "".join(endpoint(s["reports"]) for s in scenarios
                      if s["reports"] and any(e["do"] == "nginx" for e in s["reports"]["at"]))
    (STATE / "nginx.conf").write_text(f"""
daemon off;
user root root;
master_process off;
pid {STATE}/nginx.pid;
error_log {STATE}/log/nginx;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  server_tokens off;
  server_names_hash_bucket_size 128;
  client_body_temp_path {STATE}/tmp;
  proxy_temp_path {STATE}/tmp;
  fastcgi_temp_path {STATE}/tmp;
  uwsgi_temp_path {STATE}/tmp;
  scgi_temp_path {STATE}/tmp;
  server {{
    listen {plan.NGINX[4]}:443 ssl default_server;
    listen [{plan.NGINX[6]}]:443 ssl default_server;
    ssl_reject_handshake on;
  }}
  server {{  # the certificates that some peers forget to send
    listen {plan.NGINX[4]}:80;
    server_name ca.example;
    root {STATE}/pki;
    location / {{ return 404; }}
    location = /intermediate.der {{ default_type application/pkix-cert; }}
  }}
{servers}}}
""")


def reference(host):
    """A host that answers everybody, with the right time."""
    file = plan.certificate_file(host, "good")
    return f"""  server {{
    listen {plan.NGINX[4]}:443 ssl;
    listen [{plan.NGINX[6]}]:443 ssl;
    server_name {host};
    ssl_certificate {file};
    ssl_certificate_key {file};
    return 404;
  }}
"""


def policy_host(s):
    web = s["web"]
    folder = STATE / "www" / web["host"]
    folder.mkdir()
    (folder / "mta-sts.txt").write_text(s["policy"], newline="")
    target = f' "{web["location"]}"' if web["location"] else ""
    answer = (f"root {STATE}/www/{web['host']}; rewrite ^ /mta-sts.txt break;" if web["status"] == 200
              else f"return {web['status']}{target};")
    certificates = "".join(f"\n    ssl_certificate {file};\n    ssl_certificate_key {file};"
                           for file in (plan.certificate_file(web["host"], kind)
                                        for kind in (web["cert"], web["also"]) if kind))
    return f"""  server {{
    listen {plan.NGINX[4]}:443 ssl;
    listen [{plan.NGINX[6]}]:443 ssl;
    server_name {web['host']};{certificates}
    default_type "{web['type']}";
    types {{ }}
    location / {{ return 404; }}
    location = /.well-known/mta-sts.txt {{ {answer} }}
{elsewhere(web, folder)}  }}
"""


def endpoint(reports):
    """Where reports are posted to."""
    file = plan.certificate_file(reports["name"], reports["cert"])
    target = f' "{reports["location"]}"' if reports["location"] else ""
    return f"""  server {{
    listen {plan.NGINX[4]}:{reports['port']} ssl;
    listen [{plan.NGINX[6]}]:{reports['port']} ssl;
    server_name {reports['name']};
    ssl_certificate {file};
    ssl_certificate_key {file};
    location / {{ return 404; }}
    location = /tlsrpt {{ return {reports['status']}{target}; }}
  }}
"""


def elsewhere(web, folder):
    """The policy at another path, or over plain HTTP."""
    path = web["elsewhere"]
    if path == "http":
        return f"""  }}
  server {{
    listen {plan.NGINX[4]}:80;
    server_name {web['host']};
    location = /.well-known/mta-sts.txt {{ root {folder}; rewrite ^ /mta-sts.txt break; }}
"""
    return f"    location = {path} {{ root {folder}; rewrite ^ /mta-sts.txt break; }}\n" if path else ""



# ---- Postfix ---------------------------------------------------------------------------------------


def can_run_postfix():
    """Postfix wants users of its own; a user namespace that maps only one cannot give them."""
    with open("/proc/self/uid_map") as file:
        return sum(int(line.split()[2]) for line in file) > 1000


def postfix(scenarios):
    folder, spool, data = STATE / "postfix", STATE / "spool", STATE / "postfix-data"
    for path in (folder, spool, data):
        path.mkdir()
    for name, mode in (("pid", 0o755), ("private", 0o700), ("public", 0o710), ("maildrop", 0o730),
                       *((n, 0o700) for n in ("active", "bounce", "corrupt", "defer", "deferred", "flush",
                                              "hold", "incoming", "saved", "trace"))):
        (spool / name).mkdir(mode)
        if name != "pid":
            os.chown(spool / name, pwd.getpwnam("postfix").pw_uid, 0)
    os.chown(data, pwd.getpwnam("postfix").pw_uid, 0)
    addresses = dict.fromkeys(e["address"] for _, _, e in plan.listed(scenarios, "mx") if e["do"] == "postfix")
    (folder / "sni").write_text("".join(f"{host} {plan.certificate_file(host, kind)}\n"
                                        for host, kind in plan.postfix_hosts(scenarios).items()))
    (folder / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {STATE}/log/postfix
maillog_file_prefixes = {STATE}
inet_interfaces = all
inet_protocols = all
myhostname = mail.nic.example
mydestination =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_client_event_limit_exceptions = static:all
smtpd_client_connection_count_limit = 0
smtpd_client_restrictions =
smtpd_tls_security_level = may
smtpd_tls_chain_files = {plan.bare_file()}
smtpd_tls_session_cache_database =
smtpd_tls_loglevel = 0
tls_server_sni_maps = hash:{folder}/sni
tls_random_source = dev:/dev/urandom
""")
    inet = "".join(f"[{a}]:25 inet n - n - 100 smtpd\n" if ":" in a else f"{a}:25 inet n - n - 100 smtpd\n"
                   for a in addresses)
    (folder / "master.cf").write_text(inet + """
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
""")
    subprocess.run(["postmap", "-c", str(folder), "-F", f"hash:{folder}/sni"], check=True,
                   stderr=open(STATE / "log/out-postmap", "w"))
