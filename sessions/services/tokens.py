"""Addresses that open one thing without an account: signed, short enough for a QR code, bearing nobody's name.

What stands in an address is an identifier, a number and the signature over both; each kind has a salt of its own, so
that none of them opens what another is for.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import salted_hmac

__all__ = ["LONGEST", "Sealed", "seal", "unseal"]

_SIGNED = 18  # bytes of the signature: nobody tries 2^144
_BODY = struct.Struct(">16sIB")
LONGEST = 64


@dataclass(frozen=True)
class Sealed:
    """What an address says when its signature is good."""

    uuid: UUID
    number: int
    kind: int


def seal(salt: str, uuid: UUID, number: int, kind: int = 0) -> str:
    body = _BODY.pack(uuid.bytes, number, kind)
    return base64.urlsafe_b64encode(body + _signature(salt, body)).decode().rstrip("=")


def unseal(salt: str, text: str) -> Sealed | None:
    """None when it was not written by us, or for something else."""
    if not text or len(text) > LONGEST:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    body, signature = raw[: _BODY.size], raw[_BODY.size :]
    if len(raw) != _BODY.size + _SIGNED or not hmac.compare_digest(signature, _signature(salt, body)):
        return None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:
        return None  # one address for one thing: the spare bits at the end are not for playing
    raw_uuid, number, kind = _BODY.unpack(body)
    return Sealed(UUID(bytes=raw_uuid), number, kind)


def _signature(salt: str, body: bytes) -> bytes:
    return salted_hmac(f"consult.sessions.{salt}", body.hex(), algorithm="sha256").digest()[:_SIGNED]
