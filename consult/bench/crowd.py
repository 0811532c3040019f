"""A hall full of telephones: one process, some kept connections, each thing sent until it is answered for good.

Started as a script by ``hall.py``, so that Django is not loaded. Reads the orders as JSON, writes a line whenever some
more are done, at the end what was answered.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from collections import deque
from typing import Any

PATIENCE = 120.0  # seconds without any answer
REPORT = 50


class Phone:
    """One connection, made anew whenever it is cut."""

    def __init__(self, address: Any) -> None:
        self.address = address
        self.link: socket.socket | None = None
        self.job: int | None = None
        self.read = b""

    def connect(self) -> bool:
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        link = socket.socket(family, socket.SOCK_STREAM)
        link.settimeout(30)
        try:
            link.connect(self.address if isinstance(self.address, str) else tuple(self.address))
        except OSError:
            link.close()
            return False
        if family == socket.AF_INET:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.link = link
        return True

    def answer(self) -> tuple[int, bytes] | None:
        """The answer once it is whole; ConnectionError when it was cut off."""
        part = self.link.recv(65536) if self.link else b""
        if not part:
            raise ConnectionError
        self.read += part
        head, found, body = self.read.partition(b"\r\n\r\n")
        if not found:
            return None
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        return (int(head[9:12]), body) if len(body) >= length else None


def work(address: Any, path: str, bodies: list[str], number: int) -> dict[str, Any]:
    waiting = deque(range(len(bodies)))
    answers: list[Any] = [None] * len(bodies)
    idle = [Phone(address) for _ in range(number)]
    poll, busy, done, lost = select.epoll(), {}, 0, 0
    begun = last = time.perf_counter()
    requests = [
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body.encode())}\r\n\r\n{body}".encode()
        for body in bodies
    ]

    def give_up(phone: Phone) -> None:
        nonlocal lost
        if phone.link is not None:
            busy.pop(phone.link.fileno(), None)
            phone.link.close()
        phone.link = None
        if phone.job is None:
            return  # its worker died while it had nothing to say: it stands among the idle already
        waiting.append(phone.job)
        lost += 1
        phone.job = None
        idle.append(phone)

    while done < len(bodies):
        if time.perf_counter() - last > PATIENCE:
            raise SystemExit("nobody answers")
        for _ in range(len(idle)):
            if not waiting:
                break
            phone = idle.pop()
            if phone.link is None:
                if not phone.connect():
                    idle.append(phone)
                    time.sleep(0.01)
                    break
                poll.register(phone.link.fileno(), select.EPOLLIN)
                busy[phone.link.fileno()] = phone
            phone.job, phone.read = waiting.popleft(), b""
            try:
                phone.link.sendall(requests[phone.job])
            except OSError:
                give_up(phone)
        for fileno, _event in poll.poll(0.2):
            phone = busy.get(fileno)
            if phone is None:
                continue
            try:
                answer = phone.answer()
            except OSError:
                give_up(phone)
                continue
            if answer is None:
                continue
            status, body = answer
            if phone.job is None or status >= 500:
                give_up(phone)
            else:
                answers[phone.job] = [status, body.decode()]
                phone.job, done, last = None, done + 1, time.perf_counter()
                idle.append(phone)
                if done % REPORT == 0:
                    print(done, flush=True)
    return {"seconds": time.perf_counter() - begun, "answers": answers, "sent_again": lost}


if __name__ == "__main__":
    orders = json.load(sys.stdin)
    print(json.dumps(work(orders["address"], orders["path"], orders["bodies"], orders["phones"])), flush=True)
