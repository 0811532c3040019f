"""Many who look at one screen: each asks every two seconds with the version it has, and notes when it saw what.

Started as a script, so that Django is not loaded; reads one order, tells one line at the end.
"""

from __future__ import annotations

import heapq
import json
import random
import re
import select
import socket
import sys
import time
from dataclasses import dataclass, field

MARK = re.compile("第 (\\d+) 件".encode())


def connect(port: int) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", port), timeout=30)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


@dataclass
class Viewer:
    port: int
    link: socket.socket
    path: str
    cookie: str = ""
    tag: str = ""
    asked_at: float = 0.0
    read: bytes = b""
    seen: dict[int, float] = field(default_factory=dict)

    def ask(self) -> None:
        """The present version by name; the first time without."""
        named = f"If-None-Match: {self.tag}\r\n" if self.tag else ""
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        self.asked_at, self.read = time.perf_counter(), b""
        self.link.sendall(f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n{cookie}{named}\r\n".encode())

    def answered(self) -> int:
        """Read on; the status once the answer is whole, else nothing."""
        part = self.link.recv(262_144)
        if not part:
            raise ConnectionError
        self.read += part
        head, ends, body = self.read.partition(b"\r\n\r\n")
        if not ends:
            return 0
        status = int(head[9:12])
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if status != 304 and (length is None or len(body) < int(length[1])):
            return 0
        tag = re.search(rb"(?i)\r\netag: *(\S+)", head)
        self.tag = tag[1].decode() if tag else self.tag
        for number in MARK.findall(body):
            self.seen.setdefault(int(number), time.time())
        return status


def watch(order: dict) -> dict:
    """All of them, for so many seconds; how long answers took, how many of which kind, when each change was seen."""
    viewers, due = {}, []
    begun, until = time.perf_counter(), time.perf_counter() + order["seconds"]
    for _n in range(order["viewers"]):
        link = connect(order["port"])
        viewers[link.fileno()] = Viewer(order["port"], link, order["path"], order["cookie"])
        heapq.heappush(due, (begun + random.random() * order["every"], link.fileno()))  # noqa: S311
    poll = select.epoll()
    for number in viewers:
        poll.register(number, select.EPOLLIN)
    times: list[int] = []
    kinds: dict[int, int] = {}
    waiting: set[int] = set()

    def again(number: int) -> None:
        """The server closes a connection on which nothing came for two seconds: its right, as with a browser."""
        one = viewers.pop(number)
        poll.unregister(number)
        one.link.close()
        one.link = connect(one.port)
        fresh = one.link.fileno()
        viewers[fresh] = one
        poll.register(fresh, select.EPOLLIN)
        if number in waiting:
            waiting.discard(number)
            since = one.asked_at
            one.ask()
            one.asked_at = since
            waiting.add(fresh)
        else:
            due[:] = [(at, fresh if held == number else held) for at, held in due]

    while True:
        now = time.perf_counter()
        while due and due[0][0] <= now and now < until:
            number = heapq.heappop(due)[1]
            waiting.add(number)
            try:
                viewers[number].ask()
            except OSError:
                again(number)
        if now >= until and not waiting:
            break
        wait = min(0.2, max(0.0, due[0][0] - now)) if due and now < until else 0.2
        for number, _event in poll.poll(wait):
            one = viewers[number]
            try:
                status = one.answered()
            except OSError:
                again(number)
                continue
            if not status:
                continue
            waiting.discard(number)
            times.append(round((time.perf_counter() - one.asked_at) * 1e6))
            kinds[status] = kinds.get(status, 0) + 1
            heapq.heappush(due, (one.asked_at + order["every"], number))
        if time.perf_counter() > until + 20:
            break
    return {
        "times": sorted(times),
        "kinds": kinds,
        "unanswered": len(waiting),
        "seen": [one.seen for one in viewers.values()],
    }


if __name__ == "__main__":
    print(json.dumps(watch(json.loads(sys.stdin.readline()))), flush=True)
