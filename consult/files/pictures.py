"""Photos: that they are whole, that they are nothing else besides, and that opening them does not exhaust us."""

import io
import re
import struct
from collections.abc import Iterator

from PIL import Image

from .formats import JPEG, PNG, WEBP, Format, refusal

PIXELS_AT_MOST = 50  # million
_READER = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
# A picture carries words only in its metadata; words of a page or a program there are meant for somebody else.
_FOREIGN = re.compile(rb"<script|<\?php|<html|<svg|<!doctype|<iframe|javascript:|<%@", re.IGNORECASE)


def check_picture(data: bytes, format: Format) -> None:
    """Refuse a picture that is broken, moves, is too large to open, or has something behind it."""
    parts = {JPEG: _jpeg_words, PNG: _png_words, WEBP: _webp_words}[format](data)
    try:
        if any(_FOREIGN.search(part) for part in parts):
            raise refusal("hidden")
    except (struct.error, IndexError) as error:
        raise refusal("broken") from error
    _decode(data, format)


def _decode(data: bytes, format: Format) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=(_READER[format],)) as picture:
            width, height = picture.size
            if width * height > PIXELS_AT_MOST * 1_000_000:
                raise refusal("pixels", pixels=round(width * height / 1_000_000), limit=PIXELS_AT_MOST)
            if format is not JPEG and getattr(picture, "is_animated", False):
                raise refusal("animated")
            if format is PNG:
                picture.verify()  # every chunk's checksum, without unpacking
            else:
                picture.draft(None, (max(1, width // 8), max(1, height // 8)))
                picture.load()
    except Image.DecompressionBombError as error:
        raise refusal("pixels", pixels=">178", limit=PIXELS_AT_MOST) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, TypeError) as error:
        # What Pillow raises over a damaged file is not one family.
        raise refusal("broken") from error


def _jpeg_words(data: bytes) -> Iterator[bytes]:
    """The metadata of a JPEG and what follows it; a phone appends a preview or a short film, nobody else anything."""
    place = 2
    while True:
        if data[place] != 0xFF:
            raise refusal("broken")
        while data[place] == 0xFF:
            place += 1
        marker = data[place]
        place += 1
        if marker == 0xD9:
            break
        if 0xD0 <= marker <= 0xD7 or marker == 0x01:
            continue
        (length,) = struct.unpack_from(">H", data, place)
        if marker >= 0xE0:
            yield data[place + 2 : place + length]
        place += length
        if marker == 0xDA:
            place = _after_scan(data, place)
    rest = data[place:]
    appended = rest.startswith(b"\xff\xd8") or rest[4:8] == b"ftyp" or rest.endswith(b"SEFT")
    if rest.strip(b"\0\r\n ") and not appended:
        raise refusal("hidden")
    yield rest[: 1 << 20]


def _after_scan(data: bytes, place: int) -> int:
    """Where the coded picture ends: at the next marker that is neither stuffing nor a restart."""
    while (place := data.find(b"\xff", place)) >= 0 and place + 1 < len(data):
        following = data[place + 1]
        if following and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return place
        place += 1 if following == 0xFF else 2
    raise refusal("broken")


def _png_words(data: bytes) -> Iterator[bytes]:
    place = 8
    while True:
        length, name = struct.unpack_from(">I4s", data, place)
        if name not in {b"IDAT", b"fdAT"}:
            yield data[place + 8 : place + 8 + length]
        place += 12 + length
        if name == b"IEND":
            break
    if data[place:].strip(b"\0\r\n "):
        raise refusal("hidden")


def _webp_words(data: bytes) -> Iterator[bytes]:
    (length,) = struct.unpack_from("<I", data, 4)
    end = 8 + length
    if end > len(data):
        raise refusal("broken")
    if data[end:].strip(b"\0\r\n "):
        raise refusal("hidden")
    place = 12
    while place + 8 <= end:
        name, length = struct.unpack_from("<4sI", data, place)
        if name == b"ANIM":
            raise refusal("animated")
        if name in {b"EXIF", b"XMP ", b"ICCP"}:
            yield data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
