#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The tools of the web service through the built program: texts, generator, knowledge base and reports give what the
command line prints, hostile input costs only itself, and each answer of the API is as /openapi.json says.

usage: serve_tools.py MTASTS"""

import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse
import zipfile
import zlib

import jsonschema
import service as web

MTASTS = os.path.abspath(sys.argv[1])
TEST = pathlib.Path(__file__).resolve().parent
ENV = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
SCRIPT = "<script>alert(1)</script>"
POLICY = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n"
faults = []


def expect(yes, text):
    if not yes:
        faults.append(text)


# ---- the service -----------------------------------------------------------------------------------------------------

class Service(web.Service):
    def post(self, path, document):
        return self.ask("POST", path, document)

    def announce(self, path, length):
        """The status of a request whose body is not sent."""
        connection = self.connect()
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        status = connection.getresponse().status
        connection.close()
        return status


def command(*args, text=b""):
    return subprocess.run([MTASTS, *args], input=text, env=ENV, capture_output=True, check=False).stdout.decode().strip()


def timeless(text):
    """Without what is made of the time: ids and times."""
    return re.sub(r"\b20\d{8,12}\b|20\d\d-\d\d-\d\dT[\d:]+Z", "TIME", text)


def same(name, answer, printed):
    have = timeless(answer.content.decode())
    expect(answer.status == 200 and have == timeless(printed),
           f"{name}: status {answer.status}\n  API  {have[:600]}\n  line {timeless(printed)[:600]}")


# ---- what is sent ----------------------------------------------------------------------------------------------------

POLICIES = [
    POLICY,
    "version: STSv1\nmode: Enforced\nmx: 10 mx1.example.com.\nMax-Age: 1 week\n\n",
    f"version: {SCRIPT}\nmode: \"><img src=x>\nmx: {SCRIPT}\n",
    "version: STSv1\r\nmode: none\r\nmax_age: 60\r\n",
    "\ufeffversion: STSv1\nmode: testing\nmx: b\u00fccher.example\nmax_age: 99999999999\n",
    "mx: " + "a.b " * 15000,
    "mx: a.example\n" * 4000,
    "",
]
RAW = [b"version: STSv1\nmode: \xff\xfe\x80\nmx: \xc3(\x00\n", b"\x00" * 1000, b"\xe2\x80\xae" * 500]


def lint(service):
    for text in POLICIES:
        same(f"lint {text[:40]!r}", service.post("/api/v1/lint", {"policy": text, "mx": ["mx1.example.com", "b.example"]}),
             command("lint", "--json", "--mx", "mx1.example.com", "--mx", "b.example", "-", text=text.encode()))
    for raw in RAW:
        same(f"lint {raw[:20]!r}", service.ask("POST", "/api/v1/lint", raw, Content_Type="text/plain"),
             command("lint", "--json", "-", text=raw))
    long = json.loads(service.ask("POST", "/api/v1/lint", b"mx: a.example\n" * 30000, Content_Type="text/plain").content)
    expect([one["code"] for one in long["findings"]] == ["policy-too-large"], f"lint of 420 kB: {long['findings']}")
    for member, option, text in (("record", "--record", "v=STS1; id=2026-11-30"), ("record", "--record", SCRIPT),
                                 ("tlsrpt_record", "--tlsrpt-record", "v=TLSRPTv1 rua=me@example.com"),
                                 ("tlsrpt_record", "--tlsrpt-record", "v=TLSRPTv1; rua=" + "mailto:a@b.example," * 500)):
        same(f"lint {text[:40]}", service.post("/api/v1/lint", {member: text}), command("lint", "--json", option, text))
    change = json.loads(service.post("/api/v1/lint", {"policy": POLICY, "against": POLICY.replace("mx1", "mx0")}).content)
    expect(change["against"]["lost"] == ["mx0.example.com"], f"lint against: {change.get('against')}")


def generate(service):
    for hosts, options in ((["mx1.example.com", "*.example.net"], {}), (["mx1.example.com"], {"mode": "enforce", "max_age": 60})):
        args = [f"--mx={host}" for host in hosts] + [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        same(f"generate {hosts}", service.post("/api/v1/generate", {"domain": "example.com", "mx": hosts, **options}),
             command("generate", "--json", *args, "example.com"))


def explain(service):
    for word in ("mx-cert-expired", "MX_Cert_Expired", "certificate-expired", "404", "api-Not-Found"):
        same(f"explain {word}", service.ask("GET", f"/api/v1/explain/{word}"), command("explain", "--json", word))
    lines = service.ask("GET", "/api/v1/explain", Accept="application/x-ndjson").content.decode().strip()
    expect(timeless(lines) == timeless(command("explain", "--list", "--json")), "explain: the list differs")
    first = service.ask("GET", "/api/v1/explain")
    again = service.ask("GET", "/api/v1/explain", If_None_Match=first.headers.get("ETag"))
    expect(again.status == 304 and not again.content, f"explain: {again.status} where the client has it")
    problem = json.loads(service.ask("GET", "/api/v1/explain/no-word-of-ours").content)
    expect(problem["type"] == "/explain/api-not-found", problem)
    page = service.ask("GET", problem["type"])
    expect(page.status == 200 and b"api#problems" in page.content, "the page that the type of a problem names")
    expect(b'explain/api-not-found"' in service.ask("GET", "/api").content, "a link to it")
    german = service.ask("GET", "/api/v1/explain/mx-cert-expired", Accept_Language="de").content.decode()
    expect("Zertifikat" in german and german != first.content.decode(), "explain: not in German")


def report_with_scripts():
    text = json.loads((TEST / "reports/all-types.json").read_text())

    def marked(one):
        if isinstance(one, dict):
            return {name: marked(value) for name, value in one.items()}
        if isinstance(one, list):
            return [marked(value) for value in one]
        return one + SCRIPT if isinstance(one, str) and "T00" not in one and "T23" not in one else one

    return json.dumps(marked(text)).encode()


def reports(service):
    files = sorted((TEST / "reports").iterdir())
    for path in [one for one in files if one.is_file() and one.stat().st_size < 1 << 20][::6]:
        content = path.read_bytes()
        same(f"report {path.name}", service.ask("POST", "/api/v1/reports/read", content),
             command("report", "--json", "-", text=content))
    marked = report_with_scripts()
    same("report with scripts", service.ask("POST", "/api/v1/reports/read", marked), command("report", "--json", "-", text=marked))
    boundary = "----x"
    form = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{SCRIPT[:20]}.json"\r\n\r\n'.encode()
            + marked + f"\r\n--{boundary}--\r\n".encode())
    answer = json.loads(service.ask("POST", "/api/v1/reports/read", form,
                                    Content_Type=f"multipart/form-data; boundary={boundary}").content)
    expect(answer["reports"] == 1, f"report in a form: {answer['reports']} reports, {answer['rejected']}")


# ---- what is hostile -------------------------------------------------------------------------------------------------

def gzip_bomb(size):
    """So many bytes that become about a thousand times as many, without the work of packing them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + first * (size // len(first)) + b"\x03\x00" + bytes(8)


def zip_bomb(size):
    """A zip whose one entry claims and becomes about a thousand times its size."""
    packed = gzip_bomb(size)[10:-8]
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("report.json", "")
    name = b"report.json"
    head = b"PK\3\4" + bytes((20, 0, 0, 0, 8, 0)) + bytes(4) + bytes(4) + len(packed).to_bytes(4, "little")
    return head + (1 << 30).to_bytes(4, "little") + len(name).to_bytes(2, "little") + bytes(2) + name + packed


def hostile(service):
    for name, content in (("gzip", gzip_bomb(10 << 20)), ("zip", zip_bomb(10 << 20))):
        answer = service.ask("POST", "/api/v1/reports/read", content)
        read = json.loads(answer.content)
        expect(answer.status == 200 and read["reports"] == 0 and read["unread"] > 0, f"a bomb as {name}: {answer.status} {read}"[:600])
    for path, document, status in (
            ("/api/v1/lint", {}, 422), ("/api/v1/lint", {"policy": 1}, 422), ("/api/v1/lint", {"policy": "", "record": ""}, 422),
            ("/api/v1/lint", {"policy": "", "mx": ["a b"]}, 422), ("/api/v1/lint", {"policy": "", "mx": ["a.example"] * 201}, 422),
            ("/api/v1/lint", {"polcy": ""}, 422), ("/api/v1/lint", [], 400), ("/api/v1/lint", {"record": "\0"}, 200),
            ("/api/v1/lint", {"policy": "mx: a.example\n" * 100000}, 413),
            ("/api/v1/generate", {"domain": SCRIPT, "mx": ["a.example"]}, 422), ("/api/v1/generate", {"domain": "a.example"}, 422),
            ("/api/v1/generate", {"domain": "a.example", "mx": [SCRIPT]}, 422),
            ("/api/v1/generate", {"domain": "a.example", "mx": ["b.example"], "mode": "report"}, 422),
            ("/api/v1/generate", {"domain": "a.example", "mx": ["b.example"], "max_age": 0}, 422),
            ("/api/v1/generate", {"domain": "a.example", "mx": ["b.example"], "rua": ["nobody"]}, 422)):
        answer = service.post(path, document)
        expect(answer.status == status, f"{path} {str(document)[:80]}: {answer.status} instead of {status}")
        if status >= 400 and status != 413:
            expect(answer.headers.get("Content-Type") == "application/problem+json", f"{path}: {answer.headers.get('Content-Type')}")
    for body in (b"{", b"\xff", b"{\"policy\":\"\xff\"}", b"[" * 10000, b""):
        expect(service.ask("POST", "/api/v1/lint", body).status == 400, f"lint {body[:20]!r}: not refused")
    expect(service.ask("POST", "/api/v1/reports/read", b"").status == 400, "an empty upload is not refused")
    expect(service.announce("/api/v1/reports/read", (16 << 20) + 1) == 413, "an upload beyond the ceiling")
    expect(service.ask("GET", "/api/v1/explain/" + "a" * 500).status == 404, "explain of a long word")


# ---- pages -----------------------------------------------------------------------------------------------------------

def token_of(service, path):
    """What a form of a page wants to see again: cookies and the hidden field."""
    page = service.ask("GET", path)
    expect(page.status == 200, f"{path}: {page.status}")
    cookies = "; ".join(one.split(";")[0] for one in page.headers.get_all("Set-Cookie") or [])
    hidden = re.search(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', page.content.decode())
    return cookies, hidden.groups() if hidden else None


def escaped(name, answer):
    text = answer.content.decode()
    expect(answer.status == 200 and "<script>alert" not in text and "<img src=x" not in text, f"{name}: {answer.status}, or markup")
    return text


def pages(service):
    cookies, hidden = token_of(service, "/tools/lint")
    fields = {"Cookie": cookies, "Origin": f"http://127.0.0.1:{service.port}"}
    for text in POLICIES[1:4]:
        form = {"kind": "policy", "text": text, "mx": "mx1.example.com b.example"} | ({hidden[0]: hidden[1]} if hidden else {})
        page = escaped("/tools/lint", service.ask("POST", "/tools/lint", urllib.parse.urlencode(form),
                                                  Content_Type="application/x-www-form-urlencoded", **fields))
        for finding in json.loads(service.post("/api/v1/lint", {"policy": text}).content)["findings"]:
            expect(f"explain/{finding['code']}" in page, f"/tools/lint: {finding['code']} is missing")
    form = {"kind": "policy", "text": POLICY.replace("\n", "\r\n"), "mx": ""} | ({hidden[0]: hidden[1]} if hidden else {})
    page = escaped("/tools/lint", service.ask("POST", "/tools/lint", urllib.parse.urlencode(form),
                                              Content_Type="application/x-www-form-urlencoded", **fields))
    expect(f"\n{POLICY}</textarea>" in page, "/tools/lint: the text is shown with other ends of lines")
    alone = service.ask("POST", "/tools/lint/result", urllib.parse.urlencode(form | {"text": POLICIES[1]}),
                        Content_Type="application/x-www-form-urlencoded", **fields)
    expect("<mark>Enforced</mark>" in escaped("/tools/lint/result", alone) and b"<html" not in alone.content and b"<form" not in alone.content,
           f"/tools/lint/result: {alone.content[:300]}")
    form = {"kind": "policy", "text": POLICIES[1], "mx": SCRIPT} | ({hidden[0]: hidden[1]} if hidden else {})
    wrong = service.ask("POST", "/tools/lint", urllib.parse.urlencode(form), Content_Type="application/x-www-form-urlencoded", **fields)
    expect(wrong.status == 422 and b"<script>alert" not in wrong.content, f"/tools/lint, no host: {wrong.status}")
    cookies, hidden = token_of(service, "/tools/report")
    parts = ([f'Content-Disposition: form-data; name="{hidden[0]}"\r\n\r\n{hidden[1]}'.encode()] if hidden else []) + [
        b'Content-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n' + report_with_scripts()]
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    page = escaped("/tools/report", service.ask("POST", "/tools/report", body, Content_Type="multipart/form-data; boundary=x",
                                                Cookie=cookies, Origin=fields["Origin"]))
    expect("alert(1)" in page, "/tools/report: the report's values are missing")
    read_by_the_page(service, fields["Origin"], cookies, hidden)


def read_by_the_page(service, origin, cookies, hidden):
    """A report that is pasted is read as the same one in a file; nothing at all is told so."""
    def sent(*parts):
        token = [f'Content-Disposition: form-data; name="{hidden[0]}"\r\n\r\n{hidden[1]}'.encode()] if hidden else []
        body = b"".join(b"--x\r\n" + part + b"\r\n" for part in token + list(parts)) + b"--x--\r\n"
        answer = service.ask("POST", "/tools/report", body, Content_Type="multipart/form-data; boundary=x", Cookie=cookies, Origin=origin)
        return answer.status, re.sub(r'name="[^"]*" value="[^"]*"', "", answer.content.decode())

    report = (TEST / "reports/all-types.json").read_bytes()
    empty = b'Content-Disposition: form-data; name="file"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n'
    text = b'Content-Disposition: form-data; name="text"\r\n\r\n'
    status, pasted = sent(empty, text + report)
    expect((status, pasted) == sent(b'Content-Disposition: form-data; name="file"; filename="-"\r\n\r\n' + report, text),
           f"/tools/report: {status}, pasted and uploaded differ")
    expect(status == 200 and "certificate-expired" in pasted, f"/tools/report: {status}, pasted is not read")
    for parts in ((), (empty,), (empty, text + b" \r\n ")):
        status, page = sent(*parts)
        expect(status == 400 and "Choose a file or paste a report first." in page, f"/tools/report, nothing: {status}")


# ---- the description -------------------------------------------------------------------------------------------------

# A call of each route that answers with JSON; a route that is missing here fails.
CALLS = {
    ("post", "/api/v1/lint"): [{"policy": POLICIES[1], "mx": ["a.example"], "against": POLICY}, {"record": "v=STS1; id=1"}],
    ("post", "/api/v1/generate"): [{"domain": "example.com", "mx": ["mx1.example.com"]}],
    ("get", "/api/v1/explain"): ["/api/v1/explain"],
    ("get", "/api/v1/explain/{word}"): ["/api/v1/explain/tls-rpt-report", "/api/v1/explain/mx-cert-expired"],
    ("post", "/api/v1/reports/read"): [(TEST / "reports/all-types.json").read_bytes()],
}


def call(service, method, path, example):
    if method == "get":
        return service.ask("GET", example)
    return service.ask("POST", path, example) if isinstance(example, bytes) else service.post(path, example)


def check_answer(document, where, operation, answer):
    success = next(status for status in operation["responses"] if status.isdigit())
    expected = operation["responses"][success]["content"][answer.headers["Content-Type"]]["schema"]
    validator = jsonschema.Draft202012Validator({**expected, "components": document["components"]})
    expect(answer.status == int(success), f"{where}: status {answer.status}")
    for error in list(validator.iter_errors(json.loads(answer.content)))[:3]:
        expect(False, f"{where}: {error.message[:300]}")


def every_route_once(service):
    """The page of the API, made of the same tables as the answers."""
    page = service.ask("GET", "/api").content.decode()
    routes = re.findall(r"<h2><code>([A-Z]+ /[^<]*)</code>", page)
    expect(len(routes) > 10 and sorted(set(routes)) == sorted(routes), f"/api: routes twice: {sorted(set(one for one in routes if routes.count(one) > 1))}")
    described = json.loads(service.ask("GET", "/openapi.json").content)["paths"]
    expect(sorted(routes) == sorted(f"{method.upper()} {path}" for path in described for method in described[path]), "/api: not as the document")


def description(service):
    answer = service.ask("GET", "/openapi.json")
    document = json.loads(answer.content)
    for reference in set(re.findall(r'"\$ref":"#/components/schemas/([^"]+)"', answer.content.decode())):
        expect(reference in document["components"]["schemas"], f"openapi: {reference} is nowhere")
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            places = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
            expect(places == re.findall(r"\{(\w+)\}", path), f"openapi: {method} {path}: places {places}")
            expect((method, path) in CALLS or path in ELSEWHERE or {} not in operation["security"], f"openapi: {method} {path} is called by no test")
            for example in CALLS.get((method, path), []):
                check_answer(document, f"{method} {path}", operation, call(service, method, path, example))
    wrong = service.post("/api/v1/lint", {})
    validator = jsonschema.Draft202012Validator({"$ref": "#/components/schemas/problem", "components": document["components"]})
    expect(validator.is_valid(json.loads(wrong.content)), f"openapi: a problem is none: {wrong.content}")


# Paths that other tests call, since they need a network; those that need an account say so themselves.
ELSEWHERE = {"/api/v1/batches", "/api/v1/batches/{id}", "/api/v1/batches/{id}/results",
             "/api/v1/checks", "/api/v1/checks/{id}", "/api/v1/checks/{id}/facts", "/api/v1/checks/{id}/events"}


with tempfile.TemporaryDirectory() as folder:
    service = Service(MTASTS, f"{folder}/store.db")
    for part in (lint, generate, explain, reports, hostile, pages, every_route_once, description):
        part(service)
    status = service.stop()
    expect(status == 0, f"the service ended with status {status}: {service.said()}")
print("\n".join(faults) + ("\n" if faults else "") + f"serve_tools: {len(faults)} faults")
sys.exit(1 if faults else 0)
