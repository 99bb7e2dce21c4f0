#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Signing in elsewhere, through the built program: by OpenID Connect, with a provider that this test
runs and that can lie in many ways, and by a proxy that says who it is.

usage: serve_external.py MTASTS"""

import base64
import datetime
import hashlib
import http.client
import http.server
import ipaddress
import json
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import service as web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

MTASTS = str(pathlib.Path(sys.argv[1]).resolve())
TMP = tempfile.TemporaryDirectory(prefix="mtasts-external-")
FOLDER = pathlib.Path(TMP.name)
faults = 0


def check(what, good, seen=""):
    global faults
    if not good:
        faults += 1
        print(f"FAIL: {what}: {str(seen)[:300]!r}")


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number64(number, size):
    return url64(number.to_bytes(size, "big"))


class Provider:
    """Its certificate is its own CA; `lies` is what it does wrong."""

    def __init__(self):
        self.keys = {"RS256": rsa.generate_private_key(65537, 2048), "ES256": ec.generate_private_key(ec.SECP256R1())}
        self.strange = rsa.generate_private_key(65537, 2048)
        self.codes, self.user, self.lies, self.asked = {}, {}, {}, []
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reply(self, value, status=200):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if self.path == "/.well-known/openid-configuration":
                    self.reply(provider.configuration() | provider.lies.get("configuration", {}))
                elif self.path == "/keys":
                    self.reply(provider.jwks())
                else:
                    self.reply({}, 404)

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                status, value = provider.token(form, self.headers.get("Authorization", ""))
                self.reply(value, status)

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "provider")])
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
                       .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
                       .add_extension(x509.BasicConstraints(True, None), True)
                       .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
                       .sign(key, hashes.SHA256()))
        self.ca = FOLDER / "provider.pem"
        self.ca.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (FOLDER / "provider.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                                serialization.NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, FOLDER / "provider.key")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.issuer = f"https://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def configuration(self):
        return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys"}

    def jwks(self):
        rs, es = self.keys["RS256"].public_key().public_numbers(), self.keys["ES256"].public_key().public_numbers()
        return {"keys": [{"kty": "RSA", "kid": "RS256", "use": "sig", "n": number64(rs.n, 256), "e": number64(rs.e, 3)},
                         {"kty": "EC", "kid": "ES256", "crv": "P-256", "x": number64(es.x, 32), "y": number64(es.y, 32)}]}

    def authorize(self, url):
        """The user agrees: the address that the browser is sent back to."""
        parts = urllib.parse.urlsplit(url)
        asked = dict(urllib.parse.parse_qsl(parts.query))
        self.asked.append(asked)
        code = f"code-{len(self.asked)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urllib.parse.urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form, authorization):
        asked = self.codes.pop(form.get("code"), None)
        expected = "Basic " + base64.b64encode(b"mtasts:s3cret").decode()
        challenge = url64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not asked or authorization != expected or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        claims = {"iss": self.issuer, "aud": "mtasts", "nonce": asked["nonce"], "iat": int(time.time()), "exp": int(time.time()) + 300}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(claims | self.user | self.lies.get("claims", {}))}

    def sign(self, claims):
        algorithm = self.lies.get("alg", "RS256")
        head = {"alg": algorithm, "kid": algorithm} | self.lies.get("head", {})
        text = f"{url64(json.dumps(head).encode())}.{url64(json.dumps(claims).encode())}"
        if algorithm == "none":
            return text + "."
        if algorithm == "HS256":
            secret = hmac.HMAC(json.dumps(self.jwks()).encode(), hashes.SHA256())
            secret.update(text.encode())
            return f"{text}.{url64(secret.finalize())}"
        if algorithm == "ES256":
            r, s = decode_dss_signature(self.keys["ES256"].sign(text.encode(), ec.ECDSA(hashes.SHA256())))
            return f"{text}.{number64(r, 32)}{''}" if self.lies.get("short") else f"{text}.{url64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
        key = self.strange if self.lies.get("key") else self.keys["RS256"]
        return f"{text}.{url64(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


class Service(web.Service):
    """Which listens at a socket too, as for a proxy: a client without an address."""

    def __init__(self, *options):
        store = tempfile.mkdtemp(dir=FOLDER)
        super().__init__(MTASTS, f"{store}/store.db", "--base-url", "{origin}/", "--listen", "unix:{folder}/web", *options)

    def connect(self, client="127.0.0.1", port=None):
        connection = super().connect(client or "127.0.0.1", port)
        if not client:
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(f"{self.folder.name}/web")
        return connection

    def stop(self):
        check("ends well", super().stop() == 0)


class Browser(web.Browser):
    def __init__(self, service, by_socket=False):
        super().__init__(service)
        self.address = None if by_socket else self.address

    def name(self):
        found = re.search(r"Your account: ([^<]+)<", self.get("/account").text)
        return found[1] if found else None


def sign_in(service, provider, browser=None, next_path="/account"):
    browser = browser or Browser(service)
    off = browser.get(f"/login/provider?next={urllib.parse.quote(next_path)}")
    if off.status != 303:
        return browser, off
    back = provider.authorize(off.where)
    return browser, browser.get(back[back.index("/login/oidc"):])


def openid(provider):
    secret = FOLDER / "secret"
    secret.write_text("s3cret\n")
    service = Service("--ca-file", str(provider.ca), "--oidc-issuer", provider.issuer, "--oidc-client", "mtasts", "--oidc-secret-file",
                      str(secret), "--oidc-groups", "realm_access.roles", "--map-group", "mail=Mail:editor", "--map-group",
                      "root=*:admin")
    check("the page offers it", "login/provider" in Browser(service).get("/login").text)
    provider.user = {"sub": "17", "preferred_username": "Ada", "email": "", "realm_access": {"roles": ["x", "mail"]}}
    browser, answer = sign_in(service, provider, next_path="/admin")
    check("signed in, and led on", answer.status == 303 and answer.where == "/admin", (answer.status, answer.text))
    asked = provider.asked[-1]
    check("PKCE, state and nonce", asked["code_challenge_method"] == "S256" and len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43 and
          asked["response_type"] == "code" and asked["scope"] == "openid profile", asked)
    check("with a name and a role", browser.name() == "ada" and "Mail" in browser.get("/account").text, browser.name())
    check("no administrator", browser.get("/admin/audit").status == 404)
    provider.user |= {"preferred_username": "Countess"}
    browser, answer = sign_in(service, provider)
    check("the same account by sub", browser.name() == "ada")
    provider.user |= {"sub": "18", "preferred_username": "ada"}
    provider.lies = {"alg": "ES256"}
    browser, answer = sign_in(service, provider)
    check("another by another, ES256", browser.name() == "ada-2", (answer.status, browser.name()))
    provider.user |= {"realm_access": {"roles": ["root"]}}
    browser, answer = sign_in(service, provider)
    check("an administrator by a group", browser.get("/admin/audit").status == 200)
    provider.user |= {"realm_access": {"roles": ["x"]}}
    provider.lies = {}
    check("no group, no entry", sign_in(service, provider)[1].status == 403)
    for what, lies in (("none", {"alg": "none"}), ("HS256 by the public key", {"alg": "HS256"}), ("a strange key", {"key": True}),
                       ("another alg in the head", {"head": {"alg": "ES256"}}), ("crit", {"head": {"crit": ["x"]}}),
                       ("another issuer", {"claims": {"iss": "https://evil.example"}}), ("another client", {"claims": {"aud": "other"}}),
                       ("another nonce", {"claims": {"nonce": "x"}}), ("expired", {"claims": {"exp": 1}}),
                       ("from the future", {"claims": {"iat": int(time.time()) + 3600}}), ("no subject", {"claims": {"sub": ""}}),
                       ("a configuration of another", {"configuration": {"issuer": "https://evil.example"}}),
                       ("keys without TLS", {"configuration": {"jwks_uri": "http://127.0.0.1/"}})):
        provider.lies = lies
        provider.user |= {"realm_access": {"roles": ["mail"]}}
        browser, answer = sign_in(service, provider)
        check(f"refused: {what}", answer.status == 503 and browser.name() is None, (answer.status, answer.text))
    check("the log says why", all(word in service.said() for word in ("(nonce)", "(aud, azp)", "(exp, nbf, iat)", "(iss)", "(crit)")))
    check("and holds no secret", "s3cret" not in service.said() and "eyJ" not in service.said())
    provider.lies = {}
    browser = Browser(service)
    back = provider.authorize(browser.get("/login/provider").where)
    path = back[back.index("/login/oidc"):]
    check("not in another browser", Browser(service).get(path).status == 403)
    check("not with another state", browser.get(re.sub("state=.", "state=", path)).status == 403)
    browser, answer = sign_in(service, provider)
    code = f"code-{len(provider.asked)}"
    check("a state counts once", browser.get(f"/login/oidc?code={code}&state={provider.asked[-1]['state']}").status == 403)
    check("refused by the user", Browser(service).get("/login/oidc?error=access_denied&state=x").status == 403)
    answer = sign_in(service, provider, next_path="//evil.example")[1]
    check("led nowhere else", answer.where == "/overview", (answer.status, answer.where, answer.text))
    many = Browser(service)
    check("not too often", [many.get("/login/provider").status for _ in range(6)] == [303] * 5 + [429])
    service.stop()
    service = Service("--oidc-issuer", provider.issuer, "--oidc-client", "mtasts")
    check("a certificate that nobody trusts", Browser(service).get("/login/provider").status == 503)
    service.stop()


def proxy():
    service = Service("--remote-user", "--map-group", "ops=Ops:admin", "--map-group", "*=All:viewer")
    stranger = Browser(service)
    check("a stranger is refused", stranger.get("/", Remote_User="ada").status == 403 and
          stranger.get("/login", Remote_User="ada").status == 403)
    check("loudly", "claims to be ada" in service.said(), service.said())
    check("without the field all is as ever", stranger.get("/login").status == 200)
    behind = Browser(service, by_socket=True)
    answer = behind.get("/login?next=/admin", Remote_User="Ada", Remote_Groups="dev, ops")
    check("the proxy is believed", answer.status == 303 and answer.where == "/admin", (answer.status, answer.text))
    page = behind.get("/account", Remote_User="Ada", Remote_Groups="dev,ops").text
    check("with roles", "Your account: ada" in page and "Ops" in page and "All" in page)
    check("another user is not ada", behind.get("/account", Remote_User="eve").status == 303)
    service.stop()
    service = Service()
    check("without the option it is nothing", Browser(service).get("/login", Remote_User="ada").status == 200)
    service.stop()


def misuse():
    for options in (["--oidc-issuer", "https://a.example"], ["--oidc-issuer", "http://a.example", "--oidc-client", "x"],
                    ["--oidc-client", "x"], ["--remote-user", "--map-group", "a=b"],
                    ["--base-url", "https://a.example/", "--oidc-issuer", "https://a.example", "--oidc-client", "x", "--oidc-secret-file", "/nowhere"]):
        done = subprocess.run([MTASTS, "serve", "--no-config", "--listen", f"unix:{FOLDER}/x", "--store", f"{FOLDER}/x.db", *options],
                              capture_output=True, text=True, timeout=60)
        check(f"misuse {options}", done.returncode == 64, (done.returncode, done.stderr))


openid(Provider())
proxy()
misuse()
sys.exit(faults > 0)
