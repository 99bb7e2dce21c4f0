# SPDX-License-Identifier: MIT
"""The web service in the tests: `mtasts serve` on a port of its own, browsers with cookies and forms, and the API
with a token.

Each service has a log, and each browser an address of its own, so that no limit on clients is met by accident."""

import contextlib
import http.client
import json
import os
import random
import re
import socket
import subprocess
import tempfile
import time
import urllib.parse

PASSWORD = "correct horse battery"
FORM = "application/x-www-form-urlencoded"
# Domains to a group as the program writes it; a WHERE on the domain d may follow.
OWN = ("INSERT INTO tenant_domain (domain_id, tenant, added, proof, proven, name, verdict, posture, harm, cert_ends,"
       " changed_at) SELECT d.id, {group}, 1, '', 1, d.name, s.verdict, s.posture, s.harm, s.cert_ends, s.changed_at"
       " FROM domain d LEFT JOIN domain_state s ON s.domain_id = d.id")


reserved = []  # while this process lives


def free_port():
    """Below the range that clients are given theirs from: whoever connects to such a port of its own before the
    service listens may be connected with itself.  No other test gets it, so that a service that is ended and begun
    again finds it: each test that has one holds a name, which the kernel knows in this network only."""
    for port in random.sample(range(20000, 32000), 200):
        name = socket.socket(socket.AF_UNIX)
        with contextlib.suppress(OSError), socket.socket() as one:
            name.bind(f"\0mtasts-test-port-{port}")
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", port))
            reserved.append(name)
            return port
        name.close()
    raise SystemExit("no port is free")


def environment(folder):
    """Nothing of the person who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MTASTS_")}
    return kept | {"XDG_STATE_HOME": str(folder), "LC_ALL": "C"}


def wait_until(truth, what, seen=lambda: "", seconds=60):
    """What it gives at last."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = truth()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s\n{seen()}")


class Answer:
    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.content = response.read()
        self.text = self.content.decode("utf-8", "replace")
        self.where = response.headers.get("Location", "")

    def json(self):
        return json.loads(self.text)

    def token(self):
        """Of its forms."""
        found = re.search(r'name="token" value="([^"]+)"', self.text)
        return found[1] if found else ""

    def secrets(self):
        return re.findall(r"<code[^>]*>([^<]+)</code>", self.text)


class Service:
    """It runs from the start on; options as of the command line, in which {origin} and {folder} are its own.
    env: where that of the tests will not do."""

    ready = "/readyz"

    def __init__(self, program, store, *options, env=None):
        self.folder = tempfile.TemporaryDirectory(prefix="mtasts-service-")
        self.program, self.store = str(program), str(store)
        self.env = env or environment(self.folder.name)
        self.port, self.metrics_port = free_port(), free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.options = [str(option).replace("{origin}", self.origin).replace("{folder}", self.folder.name)
                        for option in options]
        self.start()

    def begin(self):
        """Starts it, and does not wait."""
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [self.program, "serve", "--no-config", "--listen", f"127.0.0.1:{self.port}", "--listen",
             f"metrics=127.0.0.1:{self.metrics_port}", "--store", self.store, *self.options],
            env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log)

    def start(self):
        self.begin()
        wait_until(self.answers, "the service answers", self.said)

    def answers(self):
        if self.process.poll() is not None:
            raise SystemExit(f"the service ended with {self.process.returncode}: {self.said()}")
        try:
            return self.ask("GET", self.ready).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def command(self, *words, text=""):
        """What is done to its store from the command line."""
        return subprocess.run([self.program, "serve", "--no-config", "--store", self.store, *words], input=text + "\n",
                              capture_output=True, text=True, env=self.env, timeout=120)

    def create_admin(self, name, password=PASSWORD):
        made = self.command("--create-admin", name, text=password)
        assert made.returncode == 0, made.stderr
        return name

    def connect(self, client="127.0.0.1", port=None):
        """client: the address that it comes from."""
        return http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60, source_address=(client, 0))

    def ask(self, method, path, body=None, client="127.0.0.1", port=None, **fields):
        """content_type="..." and so on are fields of the request; a dict or a list is sent as JSON."""
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        if isinstance(body, (dict, list)):
            body, fields = json.dumps(body), {"Content-Type": "application/json"} | fields
        connection = self.connect(client, port)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, fields)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **fields):
        return self.ask("GET", path, **fields)

    def metric(self, name):
        """Its value; None: there is none."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.ask("GET", "/metrics", port=self.metrics_port).text, re.M)
        return float(found[1]) if found else None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Its exit status."""
        self.process.terminate()
        return self.process.wait(60)


class Browser:
    """With cookies, and without following redirects.  name: signed in."""

    count = 0

    def __init__(self, service, name=None, password=PASSWORD, agent="test"):
        Browser.count += 1
        self.service, self.agent, self.cookies, self.form_token = service, agent, {}, ""
        self.address = f"127.0.{Browser.count // 250}.{Browser.count % 250 + 2}"
        if name:
            answer = self.sign_in(name, password)
            assert answer.status == 303, f"{name} does not sign in: {answer.status}"

    def ask(self, method, path, body=None, **fields):
        fields = {"User_Agent": self.agent} | fields
        if self.cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.service.ask(method, path, body, self.address, **fields)
        for self.last_cookie in answer.headers.get_all("Set-Cookie", []):
            name, value = self.last_cookie.split(";")[0].split("=", 1)
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        self.form_token = answer.token() or self.form_token
        return answer

    def get(self, path, **fields):
        return self.ask("GET", path, **fields)

    def post(self, path, headers=None, **form):
        """A form, with the token of the page seen last."""
        form = {"token": self.form_token} | form
        return self.ask("POST", path, urllib.parse.urlencode(form), Content_Type=FORM, Origin=self.service.origin,
                        **(headers or {}))

    def upload(self, path, file=None, filename="list.csv", **form):
        form = {"token": self.form_token} | form
        parts = [(f'name="{name}"', str(value).encode()) for name, value in form.items()]
        if file is not None:
            parts.append((f'name="file"; filename="{filename}"', file.encode() if isinstance(file, str) else file))
        body = b"".join(b"--b\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (head.encode(), value)
                        for head, value in parts)
        return self.ask("POST", path, body + b"--b--\r\n", Content_Type="multipart/form-data; boundary=b",
                        Origin=self.service.origin)

    def sign_in(self, name, password=PASSWORD, **more):
        """The answer to the form; then the page with the token of all others has been seen."""
        self.get("/login")
        answer = self.post("/login", name=name, password=password, **more)
        if answer.status == 303:
            self.get("/account")
        return answer

    def make_token(self, group, *scopes):
        """The secret of a token for the API."""
        self.get("/account")
        page = self.post("/account/tokens", name="test", group=group, days="9", **{scope: "yes" for scope in scopes})
        return re.search(r"mts_[0-9A-Za-z]{40}", page.text)[0]


class Token:
    """The API with a token of a browser's user, for a group."""

    def __init__(self, browser, group, *scopes):
        self.service, self.secret = browser.service, browser.make_token(group, *scopes)

    def ask(self, method, path, body=None, kind="application/json", **fields):
        if body is not None:
            fields["Content_Type"] = kind
            body = body if isinstance(body, str) else json.dumps(body)
        return self.service.ask(method, f"/api/v1{path}", body, Authorization=f"Bearer {self.secret}", **fields)

    def get(self, path, **query):
        return self.ask("GET", path + (f"?{urllib.parse.urlencode(query)}" if query else ""))


# ---- users and groups, by an administrator's browser -------------------------------------------------------


def add_group(admin, name):
    """Its number."""
    admin.get("/admin")
    admin.post("/admin/groups", name=name)
    return int(re.search(rf'admin/groups/(\d+)"[^>]*>{name}<', admin.get("/admin").text)[1])


def add_user(admin, name, roles=None):
    """roles: of groups, by their numbers.  The password."""
    password = admin.post("/admin/users", name=name).secrets()[0]
    for group, role in (roles or {}).items():
        admin.post(f"/admin/groups/{group}", do="member-set", name=name, role=role)
    return password


def add_domains(admin, group, domains):
    """They count as proven."""
    admin.get(f"/admin/groups/{group}")
    for domain in domains:
        admin.post(f"/admin/groups/{group}", do="domain-add", domain=domain)
        admin.post(f"/admin/groups/{group}", do="domain-prove", domain=domain)
