"""The gateway's own process, of the standard library alone: counts what arrives and refuses a key it has had before.

`python -I -S counter.py` prints its port. A line is a batch [[key, address], …], answered by how many there were; or
the word "told", answered by [distinct keys, refused repetitions, distinct addresses].
"""

from __future__ import annotations

import json
import socketserver
import sys
import threading
from typing import Any

taken: set[str] = set()
addresses: set[str] = set()
refused = 0
lock = threading.Lock()


def take(batch: Any) -> Any:
    global refused
    with lock:
        if batch == "told":
            return [len(taken), refused, len(addresses)]
        for key, address in batch:
            if key in taken:
                refused += 1
            taken.add(key)
            addresses.add(address)
        return len(batch)


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(json.dumps(take(json.loads(line))).encode() + b"\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 50


def _end_with_us(server: Server) -> None:
    """When whoever started us closes our input, or dies."""
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Talk) as server:
        threading.Thread(target=_end_with_us, args=(server,), daemon=True).start()
        print(server.server_address[1], flush=True)
        server.serve_forever()
