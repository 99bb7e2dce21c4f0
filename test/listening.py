# SPDX-License-Identifier: MIT
"""Services that a test starts: their ports, and waiting until they answer."""

import http.client
import random
import socket
import time


def free_port():
    """Below the range that clients are given theirs from: whoever connects to such a port of its own before the
    service listens may be connected with itself."""
    for port in random.sample(range(20000, 32000), 200):
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise SystemExit("no port is free")


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_it_answers(port, process, log=lambda: ""):
    """log: what it wrote, should it have ended."""
    for _ in range(1200):
        if answers(port):
            return
        if process.poll() is not None:
            raise SystemExit(f"the service ended: {log()}")
        time.sleep(0.05)
    raise SystemExit("the service does not answer")
