# SPDX-License-Identifier: MIT
"""A policy host, or an endpoint for reports, that behaves as its scenario says, on every address that the plan gives it.

Steps: connect tls request head body.  A well-behaved one serves the scenario's policy; how it frames the
body may differ (FRAMES)."""

import gzip

import peers


def chunks(body, size=16):
    return b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + size]), body[i:i + size]) for i in range(0, len(body), size))


# behaviour: header lines and bytes of the body
FRAMES = {
    "chunked": lambda body: (["Transfer-Encoding: chunked"], chunks(body) + b"0\r\n\r\n"),
    "chunked-cut": lambda body: (["Transfer-Encoding: chunked"], chunks(body)),
    "gzip": lambda body: (["Content-Encoding: gzip", f"Content-Length: {len(gzip.compress(body, mtime=0))}"],
                          gzip.compress(body, mtime=0)),
    "unframed": lambda body: ([], body),  # until the connection ends
    "unframed-cut": lambda body: ([], body[:len(body) // 2]),
    "length-too-long": lambda body: ([f"Content-Length: {len(body) + 10}"], body),
}


class Https(peers.Peer):
    def head(self, *lines, end=True):
        lines = [f"HTTP/1.1 {self.config['web']['status']} Status", "Connection: close", *lines, *([""] if end else [])]
        self.sock.sendall(("\r\n".join(lines) + "\r\n").encode("latin-1"))

    def act(self, what):
        sock = self.sock
        if what == "alert":  # handshake_failure, fatal
            sock.recv(4096)
            sock.sendall(bytes.fromhex("15030300020228"))
            peers.close(sock)
        if what == "only-h2":  # no_application_protocol
            sock.recv(4096)
            sock.sendall(bytes.fromhex("15030300020278"))
            peers.close(sock)
        if what == "endless-head":
            self.head(end=False)
            peers.flood(sock, b"X-Filler: 4567\r\n")
        if what == "drip-head":
            self.head(end=False)
            peers.drip(sock)
        if what == "endless-line":
            self.head(end=False)
            peers.flood(sock, b"X")
        if what == "huge":
            self.head("Content-Type: text/plain", f"Content-Length: {10 << 30}")
            peers.flood(sock, b"version: STSv1\r\n")
        if what == "endless-chunks":
            self.head("Content-Type: text/plain", "Transfer-Encoding: chunked")
            peers.flood(sock, b"10\r\nversion: STSv1\r\n\r\n")
        if what == "endless-chunk-extension":
            self.head("Content-Type: text/plain", "Transfer-Encoding: chunked")
            sock.sendall(b"1;")
            peers.flood(sock, b"x")
        if what == "truncated":
            self.head("Content-Type: text/plain", "Content-Length: 1000")
            sock.sendall(b"version: STSv1\r\nmode: enforce\r\n")
            peers.close(sock)
        super().act(what)

    def run(self):
        self.step("connect")
        if self.when == "tls" and self.what == "reset":
            self.sock.recv(4096)  # the ClientHello
        self.step("tls")
        self.start_tls()
        self.step("request")
        request = b""
        while b"\r\n\r\n" not in request:
            more = self.sock.recv(4096)
            if not more or len(request) > 65536:
                raise peers.Gone
            request += more
        self.step("head")
        web = self.config["web"]
        body = self.config.get("policy", self.config["scenario"]["policy"]).encode()
        if web["status"] != 200 or web["body"]:
            body = web["body"].encode()
        kind = [f"Content-Type: {web['type']}"] if web["type"] else []
        extra = ["X-Note: \x1b[31mred\x07", "Server: \x9b31m`reboot`"] if self.config["do"] == "hostile-text" else []
        framed = FRAMES.get(self.config["do"], lambda body: ([f"Content-Length: {len(body)}"], body))
        lines, body = framed(body)
        self.head(*kind, *extra, *web["headers"], *lines)
        if self.when == "body":
            self.sock.sendall(body[:20])
        self.step("body")
        self.sock.sendall(body)
        if not self.config["do"].endswith("-cut"):
            self.sock.unwrap()


if __name__ == "__main__":
    peers.main(Https, ("web", "reports"), 443)
