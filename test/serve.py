#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The web service, as the built program runs it, over real sockets: connections, requests, names,
proxies, sub-paths, limits, signals.

usage: serve.py MTASTS SERVE_ROUTES [TEST]...
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from service import free_port  # noqa: E402

MTASTS = str(pathlib.Path(sys.argv[1]).resolve())
TMP = tempfile.TemporaryDirectory(prefix="mtasts-serve-")
FOLDER = pathlib.Path(TMP.name)
faults = 0


def check(what, good, seen=""):
    global faults
    if not good:
        faults += 1
        print(f"FAIL: {what}: {seen!r}")


def environment(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("MTASTS_")}
    return env | {"XDG_STATE_HOME": str(FOLDER), "LC_ALL": "C", **more}


def start(*options, env=None, **more):
    return subprocess.Popen([MTASTS, "serve", "--no-config", *options], env=env or environment(), stderr=subprocess.PIPE,
                            text=True, **more)


def connect(where, timeout=20):
    """where: a port, or the path of a socket."""
    if isinstance(where, int):
        return socket.create_connection(("127.0.0.1", where), timeout)
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(timeout)
    s.connect(str(where))
    return s


@contextlib.contextmanager
def serving(*options, where=None, **more):
    """The program, when it answers; yields (where, process)."""
    own = where or free_port()
    listen = [] if where else ["--listen", f"127.0.0.1:{own}"]
    process = start(*listen, *options, **more)
    try:
        wait_until(own, process)
        yield own, process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        process.stderr.close()


def wait_until(where, process):
    for _ in range(400):
        with contextlib.suppress(OSError):
            connect(where).close()
            return
        if process.poll() is not None:
            raise SystemExit(f"the service ended: {process.stderr.read()}")
        time.sleep(0.05)
    raise SystemExit("the service does not listen")


class Reader:
    """Answers off a socket, one after the other."""

    def __init__(self, s):
        self.socket, self.rest = s, b""

    def until(self, mark):
        while mark not in self.rest:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError(self.rest)
            self.rest += more
        head, self.rest = self.rest.split(mark, 1)
        return head

    def exactly(self, length):
        while len(self.rest) < length:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError(self.rest)
            self.rest += more
        body, self.rest = self.rest[:length], self.rest[length:]
        return body

    def answer(self, bodiless=False):
        lines = self.until(b"\r\n\r\n").decode().split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        length = 0 if bodiless else int(fields.get("content-length", 0))
        return int(lines[0].split()[1]), fields, self.exactly(length)

    def at_end(self):
        with contextlib.suppress(ConnectionResetError):
            return not self.rest and self.socket.recv(1) == b""
        return True


def ask(where, request, **more):
    with connect(where) as s:
        s.sendall(request if isinstance(request, bytes) else request.encode())
        return Reader(s).answer(**more)


def get(where, path, host="localhost", method="GET", body="", **fields):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{k.replace('_', '-')}: {v}" for k, v in fields.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ask(where, "\r\n".join(lines) + "\r\n\r\n" + body, bodiless=method == "HEAD")


# ---- requests and answers ----------------------------------------------------------------------


def test_connections():
    with serving() as (port, _):
        with connect(port) as s:
            reader = Reader(s)
            for _ in range(3):
                s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                status, fields, body = reader.answer()
                check("kept alive", (status, body) == (200, b"ok\n") and "connection" not in fields, fields)
        with connect(port) as s:
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50 +
                      b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            reader = Reader(s)
            bodies = [reader.answer()[2] for _ in range(51)]
            check("pipelined, in order", bodies == [b"ok\n"] * 50 + [b"store: ok\nchecks: ok\n"], bodies)
            check("closed when asked to", reader.at_end())
        with connect(port) as s:
            reader = Reader(s)
            s.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            status, fields, _ = reader.answer(bodiless=True)
            check("HEAD", (status, fields["content-length"]) == (200, "3"), fields)
            check("behind HEAD", reader.answer()[2] == b"ok\n")
        with connect(port) as s:
            s.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            reader = Reader(s)
            check("HTTP/1.0", reader.answer()[2] == b"ok\n" and reader.at_end())
        with connect(port) as s:
            for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n":
                s.sendall(bytes([byte]))
            check("byte by byte", Reader(s).answer()[0] == 200)


def test_methods():
    with serving() as (port, _):
        for path, kind in {"/nothing": "text/html", "/api/v1/nothing": "application/problem+json"}.items():
            status, fields, body = get(port, path)
            check(f"404 {path}", status == 404 and fields["content-type"].startswith(kind), (status, fields))
        problem = json.loads(body)
        check("a problem", problem["status"] == 404 and problem["code"] == "not-found", problem)
        status, fields, _ = get(port, "/healthz", method="OPTIONS")
        check("OPTIONS", (status, fields.get("allow")) == (204, "GET, HEAD, OPTIONS"), fields)
        status, fields, _ = get(port, "/healthz", method="POST", body="a=b")
        check("405", (status, fields.get("allow"), fields.get("connection")) == (405, "GET, HEAD, OPTIONS", "close"), fields)
        status, fields, _ = get(port, "/healthz", method="DELETE")
        check("405 without a body", (status, fields.get("connection")) == (405, None), fields)
        _, fields, body = get(port, "/nothing", Accept_Language="fr, de-AT;q=0.8, en;q=0.5")
        check("German", b'lang="de"' in body, body)
        check("by ?lang=", b'lang="en"' in get(port, "/nothing?lang=en", Accept_Language="de")[2])
        check("by cookie", b'lang="de"' in get(port, "/nothing", Cookie="theme=dark; lang=de", Accept_Language="en")[2])
        _, fields, _ = get(port, "/nothing")
        policy = fields["content-security-policy"]
        check("the policy of pages", "default-src 'none'" in policy and "unsafe" not in policy and
              "frame-ancestors 'none'" in policy, policy)
        check("fields of pages", fields["x-content-type-options"] == "nosniff" and fields["referrer-policy"] == "same-origin"
              and fields["cache-control"] == "no-store" and "strict-transport-security" not in fields, fields)
        check("an id", re.fullmatch("[0-9a-f]{16}", fields["x-request-id"]), fields)
        check("the client's id is not taken", get(port, "/nothing", X_Request_Id="abc")[1]["x-request-id"] != "abc")


def test_malformed():
    with serving() as (port, _):
        for request, wanted in {b"GET /healthz HTTP/1.1\r\n\r\n": 400,
                                b"GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n": 400,
                                b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n": 400,
                                b"GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n": 505,
                                b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"a" * 20000 + b"\r\n\r\n": 431,
                                b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                                b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n": 400}.items():
            with connect(port) as s:
                s.sendall(request)
                reader = Reader(s)
                status, fields, _ = reader.answer()
                check(f"{request[:60]}", (status, fields["connection"]) == (wanted, "close"), (status, fields))
                s.shutdown(socket.SHUT_WR)
                check(f"{request[:60]}: closed", reader.at_end())


def test_names():
    with serving() as (port, _):
        for host in ("localhost", f"localhost:{port}", "127.0.0.1", "[::1]:80", "192.0.2.1", "a.localhost"):
            check(f"Host: {host}", get(port, "/healthz", host)[0] == 200)
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example"):
            check(f"Host: {host}", get(port, "/healthz", host)[0] == 421)
    with serving("--base-url", "https://Web.Example:8443/a/b") as (port, _):
        check("the name of the base URL", get(port, "/healthz", "web.example:8443")[0] == 200)
        check("another name", get(port, "/healthz", "example")[0] == 421)
        for host, secure in {"web.example:8443": True, "localhost": False}.items():
            cookie = get(port, "/preferences?theme=dark", host)[1]["set-cookie"]
            check(f"a cookie for {host}", ("; Secure" in cookie) == secure, cookie)
        for path in ("/healthz", "/a/b/healthz"):
            check(path, get(port, path)[0] == 200)
        check("half of the path", get(port, "/a/healthz")[0] == 404)
        check("links", b'href="/a/b/"' in get(port, "/a/b/nothing")[2])
        for origin, wanted in {"https://evil.example": 403, "null": 403, "https://web.example:8443": 404}.items():
            check(f"Origin: {origin}", get(port, "/nothing", method="POST", Origin=origin)[0] == wanted)
        check("another site", get(port, "/nothing", method="POST", Sec_Fetch_Site="cross-site",
                                  Origin="https://web.example:8443")[0] == 403)
        check("the API has no cookies to abuse", get(port, "/api/v1/nothing", method="POST", Sec_Fetch_Site="cross-site")[0] == 404)


def last_line(process):
    """Of the access log; what the program says beside it is passed over."""
    while (line := process.stderr.readline()).startswith("mtasts: "):
        pass
    return line.split()


def reset_early(port, process, request):
    """Sends all of it, and is gone before the program has taken the connection."""
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    with connect(port) as s:
        s.sendall(request)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    process.send_signal(signal.SIGCONT)


def test_proxies():
    path = FOLDER / "web"
    with serving("--listen", f"unix:{path}", "--access-log", where=path) as (_, process):
        get(path, "/healthz?secret=1", host="web.example", X_Forwarded_For="192.0.2.66, 203.0.113.7", X_Request_Id="from-nginx")
        line = last_line(process)
        check("a unix socket is trusted", line[1:5] + line[7:] == ["203.0.113.7", "GET", "/healthz", "200", "from-nginx"], line)
    check("its path is removed", not path.exists())
    with serving("--access-log") as (port, process):
        get(port, "/healthz", X_Forwarded_For="203.0.113.7")
        check("nobody else is", last_line(process)[1] == "127.0.0.1")
        get(port, "/a%20200%201")
        line = last_line(process)
        check("a path is one word of the log", len(line) == 8 and line[3:5] == ["/a%20200%201", "404"], line)
        reset_early(port, process, b"GET /about HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n")
        get(port, "/healthz")
        line = last_line(process)
        check("nor who has no address any more", line[1:4] == ["127.0.0.1", "GET", "/healthz"], line)
    with serving("--access-log", "--trusted-proxy", "127.0.0.0/8", "--trusted-proxy", "2001:db8::/32") as (port, process):
        for given, seen in {"203.0.113.7": "203.0.113.7",
                            "198.51.100.1, 203.0.113.7": "203.0.113.7",
                            "203.0.113.7, 127.9.9.9": "203.0.113.7",
                            "203.0.113.7, [2001:db8::5]:443": "203.0.113.7",
                            "203.0.113.7:1234": "203.0.113.7",
                            "203.0.113.7, nonsense": "127.0.0.1",
                            "127.0.0.2": "127.0.0.2"}.items():
            get(port, "/healthz", X_Forwarded_For=given)
            check(f"X-Forwarded-For: {given}", last_line(process)[1] == seen)


def test_api_quota():
    """Told with each answer, kept by address; joined or reused, everything costs one; this machine is not counted."""
    def explain(address, **more):
        return get(port, "/api/v1/explain/max_age", X_Forwarded_For=address, **more)

    def left(fields):
        return int(re.fullmatch(r'"api";r=(\d+);t=\d+', fields["ratelimit"])[1])

    with serving("--trusted-proxy", "127.0.0.1") as (port, _):
        status, fields, _ = explain("203.0.113.7")
        check("the quota", status == 200 and fields["ratelimit-policy"] == '"api";q=600;w=60' and left(fields) == 599, fields)
        _, fields, _ = explain("203.0.113.7", Authorization="Bearer mts_nobody")
        check("a token that is none costs one", left(fields) < 599, fields)
        for _ in range(6000):  # ten a second come back
            status, fields, body = explain("203.0.113.7")
            if status == 429:
                break
        check("an end of it", status == 429 and left(fields) == 0 and 1 <= int(fields["retry-after"]) <= 60, (status, fields))
        check("as a problem", b"explain/api-too-many-requests" in body, body)
        check("not of pages", get(port, "/explain/max_age", X_Forwarded_For="203.0.113.7")[0] == 200)
        check("not of others", explain("203.0.113.8")[0] == 200)
        status, fields, _ = get(port, "/api/v1/explain/max_age")
        check("not of this machine", status == 200 and "ratelimit" not in fields, fields)


# ---- beginning and end -------------------------------------------------------------------------


def ends(*options, env=None):
    process = start(*options, env=env)
    try:
        _, text = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        _, text = process.communicate()
    return process.returncode, text


def test_start():
    with serving() as (port, _):
        status, text = ends("--listen", f"127.0.0.1:{port}")
        check("a port in use", status == 70 and "another program listens" in text and "ss -ltnp" in text, (status, text))
    (FOLDER / "file").write_text("precious")
    for options, wanted, word in ((["--listen", "nonsense"], 64, "ADDRESS:PORT"),
                                  (["--listen", "127.0.0.1"], 64, "ADDRESS:PORT"),
                                  (["--listen", "192.0.2.1:80"], 70, "not an address of this machine"),
                                  (["--listen", f"unix:{FOLDER}/file"], 70, "not a socket"),
                                  (["--listen", f"unix:{FOLDER}/none/x"], 70, "does not exist"),
                                  (["--base-url", "ftp://a/"], 64, "https://HOST/"),
                                  (["--base-url", "https://a/?b"], 64, "https://HOST/"),
                                  (["--trusted-proxy", "192.0.2.1/24"], 64, "192.0.2.0/24"),
                                  (["word"], 64, "unexpected")):
        port = [] if "--listen" in options else ["--listen", f"127.0.0.1:{free_port()}"]
        status, text = ends(*port, *options)
        check(f"{options}", status == wanted and word in text, (status, text))
    check("the file is left alone", (FOLDER / "file").read_text() == "precious")
    status, text = ends("--listen", f"127.0.0.1:{free_port()}", "--store", "/proc/none/x.db")
    check("a store that cannot be made", status in (70, 75) and "/proc/none" in text, (status, text))
    left = FOLDER / "left"
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(str(left))
    with serving("--listen", f"unix:{left}", where=left):
        check("an abandoned socket is replaced", get(left, "/healthz")[0] == 200)
        check("one in use is not", ends("--listen", f"unix:{left}")[0] == 70)
        check("nor taken away", get(left, "/healthz")[0] == 200)


def test_stop():
    with serving() as (port, process):
        idle, half = connect(port), connect(port)
        half.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        check("it runs", get(port, "/healthz")[0] == 200)
        process.send_signal(signal.SIGTERM)
        check("an idle connection is closed", Reader(idle).at_end())
        with contextlib.suppress(OSError):
            check("a half request is given up", Reader(half).at_end())
        check("SIGTERM", process.wait(20) == 0, process.returncode)
        idle.close()
        half.close()


def test_metrics():
    port = free_port()
    with serving("--listen", f"metrics=127.0.0.1:{port}") as (web, _):
        wait_until(port, None)
        get(web, "/nothing")
        get(web, "/healthz", "evil.example")
        check("not for everybody", get(web, "/metrics")[0] == 404)
        status, fields, body = get(port, "/metrics")
        text = body.decode()
        check("metrics", status == 200 and fields["content-type"].startswith("text/plain; version=0.0.4"), fields)
        for line in ('mtasts_build_info{version="', 'mtasts_http_requests_total{method="",route="none",class="4xx"} ',
                     'mtasts_http_refused_total{reason="host"} 1', 'mtasts_http_request_seconds_bucket{le="+Inf"} ',
                     "mtasts_loop_longest_hold_seconds ", "mtasts_jobs_waiting 0"):
            check(f"metrics: {line}", line in text, text)
        check("nothing else there", get(port, "/")[0] == 404 and get(port, "/healthz")[0] == 200)
        if subprocess.run(["which", "promtool"], capture_output=True).returncode == 0:
            lint = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
            check("promtool", lint.returncode == 0 and not lint.stderr.strip(), lint.stderr)


def test_shortage():
    """No open file left: idle connections go, and who comes when none is idle is told so."""
    port = free_port()
    process = subprocess.Popen(["/bin/sh", "-c", f"ulimit -n 100; exec {MTASTS} serve --no-config --listen 127.0.0.1:{port}"],
                               env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        wait_until(port, process)
        crowd = [connect(port) for _ in range(150)]
        check("the newest is served", get(port, "/healthz")[0] in (200, 503))
        for s in crowd:
            with contextlib.suppress(OSError):
                s.sendall(b"GET /healthz HTTP/1.1\r\n")  # no longer idle
        status = get(port, "/healthz")[0]
        check("nobody waits in vain", status in (200, 503), status)
        for s in crowd:
            s.close()
        check("afterwards it goes on", get(port, "/healthz")[0] == 200)
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


# ---- TLS ---------------------------------------------------------------------------------------


def certificate(name, number):
    """A self-signed one, in FOLDER; number: its serial."""
    key, pem = FOLDER / f"{name}.key", FOLDER / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-set_serial", str(number), "-keyout", key, "-out", pem], check=True,
                   capture_output=True)
    return pem, key


def shake(port, session=None, **settings):
    context = ssl.create_default_context()
    warnings.simplefilter("ignore", DeprecationWarning)  # of old versions, which are to be refused
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    for name, value in settings.items():
        setattr(context, name, value)
    return context.wrap_socket(connect(port), server_hostname="localhost")


def serial(port):
    with shake(port) as s:
        pem = ssl.DER_cert_to_PEM_cert(s.getpeercert(True))
    shown = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=pem, capture_output=True, text=True, check=True)
    return int(shown.stdout.split("=")[1], 16)


def until(what, condition):
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    check(what, False)


def replace(path, content):
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)


def test_tls():
    pem, key = certificate("own", 1)
    others = [(p.read_bytes(), k.read_bytes()) for p, k in (certificate("other", n) for n in (2, 3))]
    path = FOLDER / "plain"
    with serving("--tls-certificate", str(pem), "--tls-key", str(key), "--listen", f"unix:{path}") as (port, process):
        with shake(port) as s:
            check("TLS 1.3", (s.version(), s.selected_alpn_protocol()) == ("TLSv1.3", "http/1.1"), s.version())
            reader = Reader(s)
            for _ in range(2):
                s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                status, fields, _ = reader.answer()
            check("over TLS", status == 200 and fields["strict-transport-security"] == "max-age=31536000", fields)
            old = s
            check("the certificate", serial(port) == 1)
            for file, content in zip((pem, key), others[0]):
                replace(file, content)
            process.send_signal(signal.SIGHUP)
            until("SIGHUP reads it again", lambda: serial(port) == 2)
            old.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            check("without losing a connection", reader.answer()[0] == 200)
        for file, content in zip((pem, key), others[1]):
            replace(file, content)
        until("so does a change", lambda: serial(port) == 3)
        replace(key, b"nonsense")
        process.send_signal(signal.SIGHUP)
        until("what is wrong is said", lambda: "own.key" in process.stderr.readline())
        check("and what was goes on", serial(port) == 3)
        with shake(port, maximum_version=ssl.TLSVersion.TLSv1_2) as s:
            check("TLS 1.2", s.version() == "TLSv1.2" and s.cipher()[0].startswith("ECDHE-"), s.cipher())
        try:
            shake(port, minimum_version=ssl.TLSVersion.TLSv1_1, maximum_version=ssl.TLSVersion.TLSv1_1).close()
            check("TLS 1.1 is refused", False)
        except (ssl.SSLError, OSError, ValueError):
            pass
        with connect(port) as s:
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with contextlib.suppress(OSError):
                check("no plain HTTP there", b"200" not in s.recv(4096))
        check("a unix socket is plain", "strict-transport-security" not in get(path, "/healthz")[1])
    port = f"127.0.0.1:{free_port()}"
    status, text = ends("--listen", port, "--tls-certificate", str(pem), "--tls-key", str(key))
    check("a key that is none", status == 70 and "own.key" in text, (status, text))
    status, text = ends("--listen", port, "--tls-certificate", "/nowhere.pem", "--tls-key", str(key))
    check("a file that is not there", status == 70 and "/nowhere.pem: No such file" in text, (status, text))
    status, text = ends("--listen", port, "--tls-key", str(key))
    check("one alone", status == 64, (status, text))


# ---- the service manager -----------------------------------------------------------------------


@contextlib.contextmanager
def manager():
    """What it hears; yields (path, function that waits for a line)."""
    path = FOLDER / "notify"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.bind(str(path))
        s.settimeout(20)

        def hears(word):
            seen = []
            while not any(line.startswith(word) for line in seen):
                seen += s.recv(4096).decode().splitlines()
            return seen

        yield path, hears


def test_manager():
    with manager() as (path, hears):
        env = environment(NOTIFY_SOCKET=str(path), WATCHDOG_USEC="400000", WATCHDOG_PID="0")
        env.pop("WATCHDOG_PID")
        with serving(env=env) as (_, process):
            hears("READY=1")
            hears("WATCHDOG=1")
            process.send_signal(signal.SIGHUP)
            hears("RELOADING=1")
            hears("READY=1")
            process.terminate()
            hears("STOPPING=1")


def test_activation():
    """Sockets that are open before the program is, as systemd passes them."""
    web, metrics = socket.socket(), socket.socket()
    for s in (web, metrics):
        s.bind(("127.0.0.1", 0))
        s.listen()
    early = connect(web.getsockname()[1])
    early.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def pass_on():
        os.dup2(web.fileno(), 103)
        os.dup2(metrics.fileno(), 104)
        os.dup2(103, 3)
        os.dup2(104, 4)
        os.environ["LISTEN_PID"] = str(os.getpid())

    script = f'LISTEN_PID=$$ exec "{MTASTS}" serve --no-config'
    process = subprocess.Popen(["/bin/sh", "-c", script], preexec_fn=pass_on, pass_fds=(3, 4), stderr=subprocess.PIPE,
                               text=True, env=environment(LISTEN_FDS="2", LISTEN_FDNAMES="web:metrics"))
    try:
        check("who came before it began is served", Reader(early).answer()[0] == 200)
        check("by its name", get(metrics.getsockname()[1], "/metrics")[0] == 200)
        check("metrics only there", get(web.getsockname()[1], "/metrics")[0] == 404)
        with contextlib.suppress(ConnectionRefusedError):
            connect(8460).close() if not os.environ.get("SERVE_8460") else None
        process.terminate()
        check("it ends", process.wait(20) == 0)
        early.close()
        early = connect(web.getsockname()[1])  # the manager still has the socket: nobody is refused
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stderr.close()
        for s in (web, metrics, early):
            s.close()


# ---- behind nginx ------------------------------------------------------------------------------


@contextlib.contextmanager
def nginx(port, locations):
    folder = FOLDER / "nginx"
    folder.mkdir(exist_ok=True)
    (folder / "nginx.conf").write_text(f"""
        {"user root;" if os.geteuid() == 0 else ""} daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
        events {{ worker_connections 64; }}
        http {{
            access_log off;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            server {{ listen 127.0.0.1:{port}; {locations} }}
        }}""")
    process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE, text=True)
    try:
        wait_until(port, process)
        yield
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


def location(path, upstream):
    return f"""location {path} {{
        proxy_pass {upstream}; proxy_http_version 1.1; proxy_set_header Connection "";
        proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto https; proxy_request_buffering off; }}"""


def test_nginx():
    if subprocess.run(["which", "nginx"], capture_output=True).returncode != 0:
        print("no nginx here: left out")
        return
    path, front = FOLDER / "behind", free_port()
    kept, removed = location("/a/b/", f"http://unix:{path}"), location("/a/b/", f"http://unix:{path}:/")
    for base, places in {"/": location("/", f"http://unix:{path}"), "/a/b/": kept, "/a/b/ ": removed}.items():
        base = base.strip()
        with serving("--listen", f"unix:{path}", "--base-url", f"https://web.example{base}", "--access-log",
                     where=path) as (_, process), nginx(front, places):
            status, fields, _ = get(front, f"{base}healthz", "web.example", X_Forwarded_For="192.0.2.1")
            check(f"through nginx at {base}", status == 200, fields)
            check("the address of the client", last_line(process)[1] == "127.0.0.1")
            status, _, body = get(front, base, "web.example")
            links = re.findall(rb'(?:href|src|action)="(/[^"]*)"', body)
            check(f"links begin with {base}", status == 200 and links and all(l.startswith(base.encode()) for l in links), links)
            for link in sorted({l for l in links if b"." in l}):
                check(f"{link}", get(front, link.decode().split("?")[0], "web.example")[0] == 200)
            _, fields, _ = get(front, f"{base}preferences?lang=de&back=", "web.example")
            check("cookies and redirects", f"Path={base};" in fields["set-cookie"] + ";" and "Secure" in fields["set-cookie"]
                  and fields["location"] == base, fields)
        front = free_port()


@contextlib.contextmanager
def other_proxy(name, port, upstream):
    """Caddy and Apache, configured as docs/serve.md has it, but for TLS."""
    folder = FOLDER / name
    folder.mkdir()
    if name == "caddy":
        (folder / "Caddyfile").write_text(f"{{\nadmin off\nauto_https off\n}}\nhttp://web.example:{port} {{\nbind 127.0.0.1\n"
                                          f"reverse_proxy 127.0.0.1:{upstream}\n}}\n")
        words = ["caddy", "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]
    else:
        modules = "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n"
                          for m in ("mpm_event", "authz_core", "proxy", "proxy_http", "headers"))
        (folder / "httpd.conf").write_text(
            f"{modules}ServerRoot {folder}\nPidFile {folder}/pid\nDefaultRuntimeDir {folder}\nErrorLog {folder}/log\n"
            f"Listen 127.0.0.1:{port}\nServerName web.example\nProxyPreserveHost On\n"
            f"RequestHeader set X-Forwarded-Proto https\nProxyPass / http://127.0.0.1:{upstream}/\n")
        words = ["apache2", "-D", "FOREGROUND", "-f", folder / "httpd.conf"]
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               env=environment(HOME=str(folder), XDG_DATA_HOME=str(folder), XDG_CONFIG_HOME=str(folder)))
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                connect(port).close()
                break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


def test_other_proxies():
    for name in ("caddy", "apache2"):
        if subprocess.run(["which", name], capture_output=True).returncode != 0:
            print(f"no {name} here: left out")
            continue
        front = free_port()
        with serving("--base-url", "https://web.example/", "--trusted-proxy", "127.0.0.1", "--access-log") as (port, process), \
                other_proxy(name, front, port):
            status, fields, _ = get(front, "/healthz", f"web.example:{front}" if name == "caddy" else "web.example")
            check(f"through {name}", status == 200, fields)
            check(f"the client's address from {name}", last_line(process)[1] == "127.0.0.1")


def test_packed():
    import gzip
    with serving() as (port, _):
        _, fields, plain = get(port, "/")
        _, more, packed = get(port, "/", Accept_Encoding="br, gzip")
        check("packed by gzip", more.get("content-encoding") == "gzip" and len(packed) < len(plain) and
              gzip.decompress(packed) == plain and "content-encoding" not in fields, more)
        _, more, _ = get(port, "/", Accept_Encoding="gzip", Cookie="session=1")
        check("not where somebody may be signed in", "content-encoding" not in more, more)


# ---- what routes see, by a program with routes of its own ---------------------------------------


@contextlib.contextmanager
def own_routes(**more):
    port = free_port()
    process = subprocess.Popen([sys.argv[2], f"127.0.0.1:{port}"], stderr=subprocess.PIPE, text=True, env=environment(**more))
    try:
        wait_until(port, process)
        yield port, process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        process.stderr.close()


def chunked(body, size):
    pieces = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def post(port, path, body, type=None, size=0, **fields):
    """size: of the chunks it is sent in; 0: in one piece."""
    head = [f"POST {path} HTTP/1.1", "Host: localhost", *([f"Content-Type: {type}"] if type else []),
            "Transfer-Encoding: chunked" if size else f"Content-Length: {len(body)}",
            *(f"{k.replace('_', '-')}: {v}" for k, v in fields.items())]
    return ask(port, "\r\n".join(head).encode() + b"\r\n\r\n" + (chunked(body, size) if size else body))


FORM = "application/x-www-form-urlencoded"
PARTS = (b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue\r\n'
         b'--B\r\nContent-Disposition: form-data; name="file"; filename="r.json"\r\nContent-Type: application/json\r\n\r\n%s\r\n'
         b"--B--\r\n")


def test_bodies():
    kinds = [bytes(range(256)) * times for times in (1, 128, 129, 2000)]  # 128: the most that stays in memory
    with own_routes() as (port, _):
        for size in (0, 1, 7):
            check(f"a form, chunks of {size}", post(port, "/form/x%20y?q=%C3%A4", b"a=1%2B1&b=+", FORM, size)[2] ==
                  "a=1+1 b=  q=ä place=x y".encode())
        for content, size in [(content, size) for content in kinds for size in (0, 1000, 65000)]:
            want = b"%d bytes, sum %d, name -, type -, a=-" % (len(content), sum(content))
            check(f"an upload of {len(content)}, chunks of {size}", post(port, "/upload", content, size=size)[2] == want)
            want = b"%d bytes, sum %d, name r.json, type application/json, a=value" % (len(content), sum(content))
            answer = post(port, "/upload", PARTS % content, "multipart/form-data; boundary=B", size)
            check(f"a form with a file of {len(content)}, chunks of {size}", answer[2] == want, answer)
        check("a form where a file may come", post(port, "/upload", b"a=1", FORM)[2] == b"-1 bytes, sum 0, name -, type -, a=1")
        check("JSON", post(port, "/json", b'{"a":1}', "application/json")[2] == b'{"a":1}')
        for size in (0, 5):
            status, fields, _ = post(port, "/small", b"12345678901", size=size)
            check(f"too large, chunks of {size}", (status, fields["connection"]) == (413, "close"), fields)
        check("a broken form", post(port, "/form/x", b"a=%zz", FORM)[0] == 400)
        with connect(port) as s:
            s.sendall(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            reader = Reader(s)
            check("100", reader.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue")
            s.sendall(b"abc")
            check("then the answer", reader.answer()[2].startswith(b"3 bytes, sum 294"))
        with connect(port) as s:
            s.sendall(b"POST /small HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n")
            check("413 in its place", Reader(s).answer()[0] == 413)
        with connect(port) as s:  # what is refused is read on, so that the answer arrives
            s.sendall(b"POST /small HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n")
            with contextlib.suppress(OSError):
                for _ in range(50):
                    s.sendall(bytes(10000))
            check("413 while it sends", Reader(s).answer()[0] == 413)


def test_streams():
    with own_routes() as (port, process):
        with connect(port) as s:
            s.sendall(b"GET /three HTTP/1.1\r\nHost: localhost\r\n\r\nGET /later HTTP/1.1\r\nHost: localhost\r\n\r\n")
            reader = Reader(s)
            check("in chunks", b"Transfer-Encoding: chunked" in reader.until(b"\r\n\r\n"))
            check("pieces", reader.until(b"0\r\n\r\n").count(b"6\r\npiece\n\r\n") == 3)
            check("the next waited", reader.answer()[2] == b"done")
        with connect(port) as s:
            s.sendall(b"GET /three HTTP/1.0\r\nHost: localhost\r\n\r\n")
            reader = Reader(s)
            reader.until(b"\r\n\r\n")
            check("until the end for HTTP/1.0", reader.exactly(18) == b"piece\n" * 3 and reader.at_end())
        check("HEAD of a stream", get(port, "/three", method="HEAD")[0] == 200)
        check("only the first answer counts", get(port, "/twice")[2] == b"once")
        with connect(port) as s:
            s.sendall(b"GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n")
        check("who leaves disturbs nobody", get(port, "/later")[2] == b"done")
        with connect(port) as s:
            s.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40)  # 12 MB, of which 1 MB is made at a time
            reader = Reader(s)
            check("many large ones", all(len(reader.answer()[2]) == 300000 for _ in range(40)))
        for _ in range(process_lines(process)):
            pass
        with connect(port) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.sendall(b"GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n")
            check("a stream that nobody reads is dropped", "stream gone" in process.stderr.readline())
        with connect(port) as s:
            s.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            reader = Reader(s)
            reader.until(b"data: 1\n\n")
            process.send_signal(signal.SIGTERM)
            check("a stream hears of the end", reader.until(b"0\r\n\r\n").endswith(b"data: stopping\n\n\r\n"))
            check("and so does the connection", reader.at_end())
        check("it ends", process.wait(20) == 0)


def test_full():
    """No room for what is uploaded: 503, and the log says why, once."""
    folder = FOLDER / "gone"
    folder.mkdir()
    with own_routes(TMPDIR=str(folder)) as (port, process):
        folder.rmdir()
        for _ in range(3):
            status, fields, _ = post(port, "/upload", b"abc" * 20000)
            check("503", (status, fields.get("retry-after")) == (503, "10"), fields)
        check("what needs no file goes on", post(port, "/form/x", b"a=1", FORM)[0] == 200)
        check("nor does a short upload", post(port, "/upload", b"abc")[0] == 200)
        process.terminate()
        lines = process.stderr.read().splitlines()
        check("in the log", len(lines) == 1 and str(folder) in lines[0] and "503" in lines[0], lines)


def process_lines(process):
    """So far each stream has left a line."""
    os.set_blocking(process.stderr.fileno(), False)
    time.sleep(0.3)
    count = len(process.stderr.read().splitlines())
    os.set_blocking(process.stderr.fileno(), True)
    return count


tests = [value for name, value in list(globals().items()) if name.startswith("test_")]
wanted = sys.argv[3:]
for test in tests:
    if wanted and test.__name__ not in wanted:
        continue
    begun = time.monotonic()
    test()
    print(f"{test.__name__} {time.monotonic() - begun:.1f} s")
print(f"{faults} faults")
sys.exit(bool(faults))
