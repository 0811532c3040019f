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
    path: str
    cookie: str
    link: socket.socket | None = None
    tag: str = ""
    asked_at: float = 0.0
    read: bytes = b""
    seen: dict[int, float] = field(default_factory=dict)

    def ask(self) -> None:
        """The present version by name; the first time without."""
        named = f"If-None-Match: {self.tag}\r\n" if self.tag else ""
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        self.read = b""
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
    everybody = [Viewer(order["port"], order["path"], order["cookie"]) for _n in range(order["viewers"])]
    begun = time.perf_counter()
    until = begun + order["seconds"]
    spread = [random.random() * order["every"] for _one in everybody]  # noqa: S311  chance, no secret
    due = [(begun + later, n) for n, later in enumerate(spread)]
    heapq.heapify(due)
    poll = select.epoll()
    links: dict[int, int] = {}  # from a connection to whose it is
    waiting: set[int] = set()
    times: list[int] = []
    kinds: dict[int, int] = {}

    def ask(n: int) -> None:
        """On the connection that is there, or on a new one: the server closes those on which nothing comes."""
        one = everybody[n]
        waiting.add(n)
        for _try in range(3):
            if one.link is None:
                one.link = connect(one.port)
                links[one.link.fileno()] = n
                poll.register(one.link.fileno(), select.EPOLLIN)
            try:
                one.ask()
                break
            except OSError:
                leave(n)

    def leave(n: int) -> None:
        link = everybody[n].link
        poll.unregister(link.fileno())
        del links[link.fileno()]
        link.close()
        everybody[n].link = None

    while True:
        now = time.perf_counter()
        while due and due[0][0] <= now < until:
            n = heapq.heappop(due)[1]
            everybody[n].asked_at = now
            ask(n)
        if (now >= until and not waiting) or now >= until + 20:
            break
        wait = min(0.2, max(0.0, due[0][0] - now)) if due and now < until else 0.2
        for number, _event in poll.poll(wait):
            n = links[number]
            one = everybody[n]
            try:
                status = one.answered()
            except OSError:
                leave(n)
                if n in waiting:
                    ask(n)
                continue
            if status:
                waiting.discard(n)
                times.append(round((time.perf_counter() - one.asked_at) * 1e6))
                kinds[status] = kinds.get(status, 0) + 1
                heapq.heappush(due, (one.asked_at + order["every"], n))
    seen = [one.seen for one in everybody]
    return {"times": sorted(times), "kinds": kinds, "unanswered": len(waiting), "seen": seen}


if __name__ == "__main__":
    print(json.dumps(watch(json.loads(sys.stdin.readline()))), flush=True)
