"""One HTTP request to a server we do not trust: never to an inner address, never redirected, little time, little text.

The name is looked up once and the connection goes to the very address that was checked, so that a name which
answers differently the second time gains nothing. A whole exchange takes five seconds at most, an answer of more
than 64 KB is cut off, and a compressed one is not asked for and not unpacked.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from io import BytesIO
from time import monotonic
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS, MOST = 5.0, 64 * 1024
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_END_OF_CHUNKS = b"\r\n0\r\n\r\n"


class Refused(Exception):
    """We do not send there; trying again would change nothing."""


class NoAnswer(Exception):
    """Nothing came, or nothing that can be read; what was sent may have arrived all the same."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes


def check_url(url: str, *, plain: bool = False) -> SplitResult:
    """An address that a message may be sent to, as far as its spelling tells; the rest is seen when connecting."""
    if _CONTROL.search(url) or len(url) > 500:
        raise Refused(_("This is no web address."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(_("This is no web address.")) from None
    host = (parts.hostname or "").rstrip(".")
    if not host or parts.username or parts.password or parts.fragment or port == 0:
        raise Refused(_("This is no web address."))
    if _allowed(host, port):
        return parts
    if parts.scheme != "https" and not (plain and parts.scheme == "http"):
        raise Refused(_("The address must begin with https://."))
    if is_inner_name(host):
        raise Refused(_("Inner addresses are not allowed."))
    return parts


def is_inner_name(host: str) -> bool:
    """A number in any spelling that is not a public address, or a name that only an inner network knows."""
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")):
        return True
    try:
        return not is_public(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:  # 0x7f000001, 2130706433, 127.1, 0177.0.0.1: what the system itself would read as a number
        return not is_public(ipaddress.ip_address(socket.inet_aton(host)))
    except OSError:
        return "." not in host  # a bare word is looked up in the inner network only


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if hidden is not None:
            return is_public(hidden)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _allowed(host: str, port: int | None) -> bool:
    """Named in the settings, host and port: a gateway inside the government network, a receiver in a test."""
    return f"{host}:{port}" in settings.DELIVERY_INNER_HOSTS


def post(url: str, body: bytes, headers: dict[str, str], *, plain: bool = False) -> Reply:
    """Send and read, within the limits."""
    parts = check_url(url, plain=plain)
    end = monotonic() + SECONDS
    try:
        with _connect(parts, end) as wire:
            wire.settimeout(_left(end))
            wire.sendall(_request(parts, body, headers))
            return _parse(_read(wire, end))
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, ssl.SSLCertVerificationError):
            raise Refused(_("The server's certificate is not valid.")) from error
        raise NoAnswer(type(error).__name__) from error


def _connect(parts: SplitResult, end: float) -> socket.socket:
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not _allowed(host, parts.port):
        for *_kind, place in found:
            if not is_public(ipaddress.ip_address(str(place[0]).partition("%")[0])):
                raise Refused(_("Inner addresses are not allowed."))
    trouble: OSError | None = None
    for family, kind, protocol, _name, place in found[:4]:
        wire = socket.socket(family, kind, protocol)
        try:
            wire.settimeout(_left(end))
            wire.connect(place)
            if parts.scheme != "https":
                return wire
            return ssl.create_default_context().wrap_socket(wire, server_hostname=host)
        except OSError as error:
            wire.close()
            trouble = error
    raise trouble or OSError("no address")


def _left(end: float) -> float:
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _request(parts: SplitResult, body: bytes, headers: dict[str, str]) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = {
        "Host": parts.netloc,
        "User-Agent": "consult",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Type": "application/json; charset=utf-8",
        **headers,
        "Content-Length": str(len(body)),
    }
    head = "".join(f"{name}: {_CONTROL.sub(' ', str(value))}\r\n" for name, value in lines.items())
    return f"POST {target} HTTP/1.1\r\n{head}\r\n".encode("ascii", "replace") + body


def _read(wire: socket.socket, end: float) -> bytes:
    """Until the server has finished, or has said more than anybody needs, or the time is up."""
    heard = bytearray()
    while len(heard) < MOST:
        wire.settimeout(_left(end))
        piece = wire.recv(min(8192, MOST - len(heard)))
        heard += piece
        if not piece or _is_whole(heard):
            return bytes(heard)
    raise ValueError("too long")


def _is_whole(heard: bytearray) -> bool:
    head, separator, body = bytes(heard).partition(b"\r\n\r\n")
    if not separator:
        return False
    length = re.search(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*(?:\r\n|$)", head, re.IGNORECASE)
    if length:
        return len(body) >= int(length[1])
    return b"chunked" in head.lower() and (b"\r\n" + body).endswith(_END_OF_CHUNKS)


class _Heard:
    """What http.client wants of a socket."""

    def __init__(self, data: bytes):
        self.data = data

    def makefile(self, *_how: Any, **_more: Any) -> BytesIO:
        return BytesIO(self.data)


def _parse(heard: bytes) -> Reply:
    answer = HTTPResponse(cast("socket.socket", _Heard(heard)), method="POST")
    answer.begin()
    return Reply(answer.status, answer.read(MOST))
