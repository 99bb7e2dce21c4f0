# SPDX-License-Identifier: MIT
"""A mail server that behaves as its scenario says, on every address that the plan gives it.

Steps: greeting ehlo starttls tls ehlo2 quit.  It never takes mail: a MAIL, RCPT or DATA is written to
log/forbidden, and lab/run fails.  Only "sink" and "sink-plain" (without STARTTLS), which no domain of scenarios.toml has,
take it, and write to log/taken whose it was and over what: "HOST tls|plain RECIPIENT"."""

import collections
import re
import threading
import time

import peers
import plan

HOSTILE = "\x1b[2J\x1b]0;owned\x07\r`reboot`$(reboot)'\";\u202e".encode() + b"\x9b31m\xff\x00"

# behaviour: the replies that differ; a list: pieces, and pauses in seconds between them
REPLIES = {
    "greeting-554": {"greeting": b"554 No SMTP service for you\r\n"},
    "greeting-421": {"greeting": b"421 Too busy, come back later\r\n"},
    "greeting-450": {"greeting": b"450 Greylisted, try again later\r\n"},
    "greeting-554-lines": {"greeting": b"554-No SMTP service\r\n554 for you\r\n"},
    "greeting-554-markup": {"greeting": b"554 <script>alert(1)</script>\"><img src=x onerror=alert(2)>\r\n"},
    "greeting-dnsbl": {"greeting": b"554 5.7.1 Service unavailable; client host blocked using bl.example\r\n"},
    "teaser-521": {"greeting": [b"220-{host} ESMTP\r\n", 1,
                                b"521 5.7.1 Service unavailable; client blocked using bl.example\r\n"]},
    "teaser-421": {"greeting": [b"220-{host} ESMTP\r\n", 1, b"421 4.7.0 {host} Error: too many connections\r\n"]},
    "teaser-220": {"greeting": [b"220-{host} ESMTP\r\n", 1, b"220 {host} ESMTP\r\n"]},
    "teaser-close": {"greeting": [b"220-{host} ESMTP\r\n", 1, peers.Gone]},
    "ehlo-550": {"ehlo": b"550 Go away\r\n", "helo": b"550 Go away\r\n"},
    "ehlo-421": {"ehlo": b"421 Too many connections\r\n"},
    "helo-only": {"ehlo": b"500 What?\r\n", "helo": b"250 {host}\r\n"},
    "helo-only-550": {"ehlo": b"550 Not here\r\n", "helo": b"250 {host}\r\n"},
    "ehlo-mixed-421": {"ehlo": b"250-{host}\r\n250-STARTTLS\r\n421 4.3.2 Too busy\r\n"},
    "ehlo-501-name": {"ehlo": b"501 5.5.2 Invalid domain name in EHLO\r\n", "helo": b"501 5.5.2 Invalid domain name\r\n"},
    "ehlo-masked": {"ehlo": b"250-{host}\r\n250-SIZE 10240000\r\n250 XXXXXXXA\r\n"},
    "ehlo-421-after-tls": {"ehlo2": b"421 4.7.0 Too many errors\r\n"},
    "starttls-421": {"starttls": b"421 4.3.2 Too busy\r\n"},
    "starttls-501": {"starttls": b"501 5.5.4 STARTTLS takes no parameter\r\n"},
    "starttls-502": {"starttls": b"502 Not implemented\r\n"},
    "no-starttls": {"ehlo": b"250-{host}\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n"},
    "starttls-454": {"starttls": b"454 TLS not available due to temporary reason\r\n"},
    "starttls-554": {"starttls": b"554 Not here\r\n"},
    "other-protocol": {"greeting": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"},
    "malformed-reply": {"ehlo": b"2x0-what\r\n250 STARTTLS\r\n"},
    "multi-line-greeting": {"greeting": b"220-{host} ESMTP\r\n220-No spam.\r\n220 Go ahead\r\n"},
    "lower-case": {"ehlo": b"250-{host}\r\n250 starttls\r\n"},
    "bare-lf": {"greeting": b"220 {host} ESMTP\n", "ehlo": b"250-{host}\n250 STARTTLS\n"},
    "injected": {"starttls": b"220 Ready\r\n250-injected.example\r\n250 AUTH PLAIN\r\n"},
    "sink-plain": {"ehlo": b"250-{host}\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"},
    "sink": {"ehlo": b"250-{host}\r\n250-PIPELINING\r\n250-STARTTLS\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n",
             "ehlo2": b"250-{host}\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"},
    "hostile-text": {"greeting": b"220 {host} " + HOSTILE + b"\r\n",
                     "ehlo": b"250-{host} " + HOSTILE + b"\r\n250-X" + HOSTILE + b"\r\n250 STARTTLS\r\n"},
}
DEFAULT = {
    "greeting": b"220 {host} ESMTP\r\n",
    "ehlo": b"250-{host}\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 8BITMIME\r\n",
    "helo": b"250 {host}\r\n",
    "ehlo2": b"250-{host}\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
    "starttls": b"220 Ready\r\n",
    "quit": b"221 Bye\r\n",
}


class Limit:
    """ "limitN": the servers of a domain take N sessions at a time, all together."""

    lock = threading.Lock()
    sessions = collections.Counter()

    def __init__(self, config):
        found = re.fullmatch(r"limit(\d+)", config["do"])
        self.most = int(found[1]) if found else None
        self.domain = config["scenario"]["domain"]

    def __enter__(self):
        with self.lock:
            self.sessions[self.domain] += 1
            return self.most is not None and self.sessions[self.domain] > self.most

    def __exit__(self, *_):
        with self.lock:
            self.sessions[self.domain] -= 1


class Smtp(peers.Peer):
    pending = b""

    def act(self, what):
        if what == "long-line":  # of 1 MB
            self.sock.sendall(b"250-" + b"x" * (1 << 20) + b"\r\n250 STARTTLS\r\n")
            peers.silent(self.sock)
        if what == "endless-reply":
            peers.flood(self.sock, b"250-still more\r\n")
        if what == "endless-line":
            peers.flood(self.sock, b"220 xxxxxxxxxxxx")
        super().act(what)

    def reply(self, step):
        self.step(step)
        text = {**DEFAULT, **REPLIES.get(self.config["do"], {})}[step]
        for piece in text if isinstance(text, list) else [text]:
            if piece is peers.Gone:
                raise peers.Gone
            if isinstance(piece, int):
                time.sleep(piece)
            else:
                self.sock.sendall(piece.replace(b"{host}", self.config["host"].encode()))

    def line(self):
        while b"\n" not in self.pending:
            data = self.sock.recv(4096)
            if not data or len(self.pending) > 65536:
                raise peers.Gone
            self.pending += data
        line, _, self.pending = self.pending.partition(b"\n")
        return line.strip().decode("latin-1")

    def run(self):
        with Limit(self.config) as busy:
            if busy:
                self.sock.sendall(b"421 4.7.0 Error: too many connections from you\r\n")
                raise peers.Gone
            self.talk()

    def talk(self):
        self.reply("greeting")
        secure = False
        while True:
            line = self.line()
            verb = line[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.reply("ehlo2" if secure else verb.lower())
            elif verb == "STAR":
                self.reply("starttls")
                self.step("tls")
                self.start_tls()
                secure = True
            elif verb == "QUIT":
                self.reply("quit")
                raise peers.Gone
            elif self.config["do"].startswith("sink"):
                self.take(verb, line, secure)
            else:
                if verb in ("MAIL", "RCPT", "DATA", "VRFY", "EXPN"):
                    with open(plan.STATE / "log/forbidden", "a") as log:
                        log.write(f"{self.config['host']}: {line}\n")
                self.sock.sendall(b"502 No\r\n")

    def take(self, verb, line, secure):
        if verb == "RCPT":
            plan.write_down("taken", f"{self.config['host']} {'tls' if secure else 'plain'} {line[9:].rstrip('>')}")
        if verb == "DATA":
            self.sock.sendall(b"354 Go ahead\r\n")
            while self.line() != ".":
                pass
        self.sock.sendall(b"250 2.0.0 Ok\r\n")


if __name__ == "__main__":
    peers.main(Smtp, ("mx",), 25)
