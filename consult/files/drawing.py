"""Pictures drawn anew: the right way up, without any metadata, smaller, and with solid boxes where told to."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageOps

from consult.files.formats import refusal

#: Longest edges in pixels: of the copy for the public, of a tile, of the picture on which boxes are drawn.
PUBLIC, TILE, DESK = 2000, 480, 1400
MOST_BOXES = 60
#: Boxes are given in thousandths of the picture.
WHOLE = 1000
_INK = (33, 28, 22)
_WHITE = (255, 255, 255)
Box = Sequence[int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture in the two formats that browsers read."""

    width: int
    height: int
    jpeg: bytes
    webp: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.jpeg).hexdigest()


def checked_boxes(boxes: Iterable[Iterable[int]]) -> list[list[int]]:
    """Whole numbers inside the picture, none of them empty; each is cut at the edge."""
    found = []
    for box in boxes:
        try:
            left, top, width, height = (int(number) for number in box)
        except (TypeError, ValueError) as error:
            raise ValidationError(_("A box has four numbers: left, top, width, height.")) from error
        left, top, right, bottom = (max(0, left), max(0, top), min(WHOLE, left + width), min(WHOLE, top + height))
        if right <= left or bottom <= top:
            raise ValidationError(_("A box lies outside the picture or has no size."))
        found.append([left, top, right - left, bottom - top])
    if len(found) > MOST_BOXES:
        raise ValidationError(_("At most %(most)s boxes fit on one picture.") % {"most": MOST_BOXES})
    return found


def redraw(source: IO[bytes], edge: int, boxes: Iterable[Box] = ()) -> Drawn:
    """The picture with its longest side cut down to ``edge``; what lies under a box is gone for good."""
    picture = _opened(source, edge)
    pen = ImageDraw.Draw(picture)
    for box in boxes:
        pen.rectangle(_in_pixels(box, picture.size), fill=_INK)
    return Drawn(*picture.size, jpeg=_written(picture, "JPEG"), webp=_written(picture, "WEBP"))


def smaller(drawn: Drawn, edge: int) -> Drawn:
    """Made from what was drawn already, never from the original: no box can be missing."""
    return redraw(io.BytesIO(drawn.jpeg), edge)


def _opened(source: IO[bytes], edge: int) -> Image.Image:
    try:
        with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as found:
            found.draft("RGB", (edge * 2, edge * 2))
            turned = ImageOps.exif_transpose(found)
            plain = _plain(turned)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, Image.DecompressionBombError) as error:
        raise refusal("broken") from error
    plain.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    # A new picture takes over pixels and nothing else.
    fresh = Image.new("RGB", plain.size)
    fresh.paste(plain)
    return fresh


def _plain(picture: Image.Image) -> Image.Image:
    """Red, green and blue on white, whatever it was: CMYK, palette, grey, with holes."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, _WHITE)
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L") if picture.mode == "I;16" else picture
    return picture.convert("RGB")


def _in_pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Rounded outwards, so that no edge of a face shows."""
    left, top, width, height = box
    across, down = size
    right = -(-(left + width) * across // WHOLE)
    bottom = -(-(top + height) * down // WHOLE)
    return (left * across // WHOLE, top * down // WHOLE, min(across, right), min(down, bottom))


def _written(picture: Image.Image, format: str) -> bytes:
    kept = io.BytesIO()
    if format == "JPEG":
        picture.save(kept, "JPEG", quality=84, optimize=True, progressive=True)
    else:
        picture.save(kept, "WEBP", quality=80, method=4)
    return kept.getvalue()
