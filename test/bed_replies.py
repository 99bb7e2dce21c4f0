# SPDX-License-Identifier: MIT
"""The replies of src/policyd/postfix_readings.def, given to real Postfix by a scripted socketmap server."""

import ast
import pathlib
import re
import socketserver
import threading

TABLE = pathlib.Path(__file__).resolve().parent.parent / "src/policyd/postfix_readings.def"
ROW = re.compile(r"^(READING|STRICTER)\(((?:\s*\"(?:[^\"\\]|\\.)*\")+),\s*([FNDR]),\s*([FNDR])\)$", re.M)
CONFUSED = "client TLS configuration problem"


def octets(literal):
    """Of a string literal of C."""
    escaped = "".join(chr(o) if o < 128 else f"\\x{o:02x}" for o in literal.encode())
    return ast.literal_eval("b" + escaped)


class Row:
    def __init__(self, kind, text, old, new):
        self.payload = b"".join(octets(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', text))
        self.stricter = kind == "STRICTER"
        self.old, self.new = old, new

    def fault(self, attributes, seen):
        """What is wrong with the model's reading, by what became of a mail; nothing: it is right."""
        reading = self.new if attributes else self.old
        confused = CONFUSED in seen.text
        if reading in "FN" and confused:
            return f"the model says {reading}"
        if reading in "DR" and not confused and not self.stricter:
            return f"the model says {reading}"
        return ""


def rows():
    return [Row(*found.groups()) for found in ROW.finditer(TABLE.read_text())]


class Server:
    """replies: of domains; the others are not found."""

    def __init__(self, replies):
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while request := self.read():
                    payload = replies.get(request.decode().partition(" ")[2], b"NOTFOUND ")
                    self.wfile.write(b"%d:%s," % (len(payload), payload))

            def read(self):
                digits = b""
                while (byte := self.rfile.read(1)) != b":":
                    if not byte:
                        return b""
                    digits += byte
                return self.rfile.read(int(digits) + 1)[:-1]

        class Listener(socketserver.ThreadingTCPServer):
            daemon_threads = allow_reuse_address = True

        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.map = f"socketmap:inet:127.0.0.1:{self.listener.server_address[1]}:any"

    def __enter__(self):
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown()
        self.listener.server_close()
