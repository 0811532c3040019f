"""A load generator of Python's own library: one process, some kept connections, the next request when an answer is in.

Started as a script by ``load.py``, so that Django is not loaded; reads one order a line, answers with one line.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

HEAD_ENDS = b"\r\n\r\n"
PATIENCE = 30.0
_paths: dict[str, list[str]] = {}


@dataclass
class Connection:
    """One visitor: asks, reads the whole answer, asks again."""

    port: int
    link: socket.socket = field(init=False)
    asked_at: float = 0.0
    read: bytes = b""
    wanted: int = 0  # bytes of the whole answer, once its head is there

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.link = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> None:
        self.asked_at, self.read, self.wanted = time.perf_counter(), b"", 0
        self.link.sendall(request)

    def answered(self) -> bool:
        """Read what has come; true once the answer is whole."""
        part = self.link.recv(262_144)
        if not part:
            raise ConnectionError
        self.read += part
        if not self.wanted:
            end = self.read.find(HEAD_ENDS)
            if end < 0:
                return False
            self.wanted = end + len(HEAD_ENDS) + length_of(self.read[:end])
        return len(self.read) >= self.wanted

    @property
    def status(self) -> int:
        return int(self.read[9:12])


def length_of(head: bytes) -> int:
    if head[9:12] in (b"204", b"304"):
        return 0
    found = head.lower().find(b"content-length:")
    if found < 0:
        raise ValueError("an answer without Content-Length")
    return int(head[found + 15 :].split(b"\r\n", 1)[0])


def work(port: int, order: dict[str, Any]) -> dict[str, Any]:
    """Ask for some seconds, each visitor once at least; how long answers took (microseconds), what went wrong."""
    paths = paths_of(order["paths"])
    at, step, headers, expected = order["start"], order["step"], order["headers"], order["status"]
    connections = {one.link.fileno(): one for one in (Connection(port) for _ in range(order["connections"]))}
    poll = select.epoll()
    for number in connections:
        poll.register(number, select.EPOLLIN)

    def next_request() -> bytes:
        nonlocal at
        path = paths[at % len(paths)]
        at += step
        return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()

    times: list[int] = []
    size, wrong, reopened, sample = 0, 0, 0, ""
    begun = time.perf_counter()
    limit = begun + order["seconds"]
    for one in connections.values():
        one.ask(next_request())
    last = begun
    while (last < limit or len(times) < order["connections"]) and not wrong:
        ready = poll.poll(PATIENCE)
        if not ready:
            wrong, sample = wrong + 1, "no answer at all"
            break
        for number, _event in ready:
            one = connections[number]
            try:
                if not one.answered():
                    continue
            except ConnectionError:  # the server closed a kept connection: its right
                reopened += 1
                poll.unregister(number)
                del connections[number]
                one.link.close()
                one.open()
                connections[one.link.fileno()] = one
                poll.register(one.link.fileno(), select.EPOLLIN)
                one.ask(next_request())
                continue
            last = time.perf_counter()
            times.append(round((last - one.asked_at) * 1e6))
            size += one.wanted
            if one.status != expected:
                wrong, sample = wrong + 1, one.read[:300].decode(errors="replace")
            one.ask(next_request())
    for one in connections.values():
        one.link.close()
    told = {"size": size, "wrong": wrong, "reopened": reopened, "sample": sample, "next": at}
    return {"times": times, "seconds": last - begun, **told}


def paths_of(file: str) -> list[str]:
    if file not in _paths:
        with open(file, encoding="ascii") as lines:
            _paths[file] = lines.read().split()
    return _paths[file]


def main() -> None:
    port = int(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(work(port, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
