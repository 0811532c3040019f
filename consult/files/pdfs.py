"""PDF: that it is whole, open, and only paper."""

import re
import zlib
from collections.abc import Iterator

from .formats import refusal

_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?![A-Za-z0-9])")
_UNPACKED_AT_MOST = 64 * 1024 * 1024
_BLANK = b"\0\r\n\t\f "


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is cut short, locked, runs programs, or has something behind it."""
    end = data.rfind(b"%%EOF")
    if not re.match(rb"%PDF-[12]\.\d", data) or end < 0 or b"startxref" not in data[-4096:]:
        raise refusal("broken")
    if data[end + 5 :].strip(_BLANK):
        raise refusal("hidden")
    for part in _objects(data):
        names = _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), part)
        if b"/Encrypt" in names:
            raise refusal("encrypted")
        if _ACTIVE.search(names):
            raise refusal("active")


def _objects(data: bytes) -> Iterator[bytes]:
    """What is not the inside of a stream, and the inside of those streams that hold objects."""
    place, unpacked = 0, 0
    while match := _STREAM.search(data, place):
        end = data.find(b"endstream", match.end())
        if end < 0:
            raise refusal("broken")
        head = data[place : match.start()]
        yield head
        description = head[head.rfind(b" obj") + 1 :]
        if b"ObjStm" in description:
            inside = _inflated(data[match.end() : end], _UNPACKED_AT_MOST - unpacked)
            unpacked += len(inside)
            yield inside
        place = end + len(b"endstream")
    yield data[place:]


def _inflated(packed: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        inside = inflater.decompress(packed, max(1, limit))
    except zlib.error:
        return packed  # not packed, or packed in a way that hides no more than the raw bytes do
    if inflater.unconsumed_tail:
        raise refusal("unpacked")
    return inside
