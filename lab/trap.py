# SPDX-License-Identifier: MIT
"""Listens where nobody may knock (plan.TRAPS) and writes down who does: log/trapped, and lab/run fails."""

import selectors
import socket

import plan

SECRET = b"220 the-secret-of-an-inner-host\r\n"


def main():
    selector = selectors.DefaultSelector()
    for address in plan.TRAPS:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        for kind, port in ((socket.SOCK_STREAM, 25), (socket.SOCK_STREAM, 80), (socket.SOCK_STREAM, 443),
                           (socket.SOCK_STREAM, 53), (socket.SOCK_DGRAM, 53)):
            trap = socket.socket(family, kind)
            trap.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trap.bind((address, port))
            if kind == socket.SOCK_STREAM:
                trap.listen(16)
            selector.register(trap, selectors.EVENT_READ, f"{address} {port}")
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            plan.write_down("trapped", key.data)
            if key.fileobj.type == socket.SOCK_DGRAM:
                key.fileobj.recv(4096)
                continue
            sock, _ = key.fileobj.accept()
            try:
                sock.sendall(SECRET)
            except OSError:
                pass
            sock.close()


if __name__ == "__main__":
    main()
