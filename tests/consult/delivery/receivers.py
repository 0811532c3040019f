"""Receivers on loopback: a gateway that takes each key once, and servers that behave badly in one way each."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager


class Receiver:
    """A small server on a port of its own; ``answer(request_bytes, socket)`` does what it likes."""

    def __init__(self, answer: Callable[[bytes, socket.socket], None]):
        self.answer = answer
        self.heard: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                wire, _where = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(wire,), daemon=True).start()

    def _one(self, wire: socket.socket) -> None:
        with wire:
            try:
                request = read_request(wire)
                self.heard.append(request)
                self.answer(request, wire)
            except OSError:
                pass

    def close(self) -> None:
        self._socket.close()


def read_request(wire: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard:
        piece = wire.recv(65536)
        if not piece:
            return heard
        heard += piece
    head, _separator, body = heard.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
    )
    while len(body) < length:
        body += wire.recv(65536)
    return head + b"\r\n\r\n" + body


def reply(wire: socket.socket, status: str = "200 OK", body: bytes = b"{}", headers: str = "") -> None:
    wire.sendall(f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body)


@contextmanager
def receiver(answer):
    made = Receiver(answer)
    try:
        yield made
    finally:
        made.close()


class SmsGateway:
    """Takes each key once and counts. ``hangs``: accepts, and then says nothing for so many requests."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.repeated = 0
        self.texts: list[tuple[str, str]] = []
        self.hangs = 0
        self._lock = threading.Lock()

    def __call__(self, request: bytes, wire: socket.socket) -> None:
        messages = json.loads(request.partition(b"\r\n\r\n")[2])["messages"]
        results = []
        with self._lock:
            for one in messages:
                known = one["key"] in self.taken
                if known:
                    self.repeated += 1
                else:
                    self.taken[one["key"]] += 1
                    self.texts.append((one["to"], one["text"]))
                results.append({"key": one["key"], "state": "repeated" if known else "accepted"})
            hang = self.hangs > 0
            self.hangs -= hang
        if hang:
            time.sleep(3)
            return
        reply(wire, body=json.dumps({"results": results}).encode())


def says(code: int = 0) -> Callable[[bytes, socket.socket], None]:
    return lambda request, wire: reply(wire, body=json.dumps({"errcode": code, "errmsg": "x"}).encode())


def breaks(request: bytes, wire: socket.socket) -> None:
    reply(wire, "500 Broken")


def hangs(request: bytes, wire: socket.socket) -> None:
    time.sleep(20)


def drips(request: bytes, wire: socket.socket) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" * 10:
        wire.sendall(bytes([letter]))
        time.sleep(0.3)


def redirects(request: bytes, wire: socket.socket) -> None:
    reply(wire, "302 Found", headers="Location: http://169.254.169.254/latest\r\n")


def floods(request: bytes, wire: socket.socket) -> None:
    wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _n in range(2000):
        wire.sendall(b"x" * 65536)


def floods_headers(request: bytes, wire: socket.socket) -> None:
    wire.sendall(b"HTTP/1.1 200 OK\r\n")
    for n in range(20000):
        wire.sendall(b"X-%d: %s\r\n" % (n, b"y" * 1000))


def bombs(request: bytes, wire: socket.socket) -> None:
    """Says it is compressed; nobody unpacks it."""
    reply(wire, body=b"\x1f\x8b" + b"\0" * 1000, headers="Content-Encoding: gzip\r\n")
