"""What stands in the place of a picture that cannot be read just now."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

_SIZE = (480, 480)
_PAPER, _LINE = (232, 225, 211), (150, 140, 125)
_MARGIN = 120


@lru_cache(maxsize=2)
def placeholder(format: str) -> bytes:
    """An empty frame with a stroke through it; no words, so that it is nobody's language."""
    picture = Image.new("RGB", _SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    width, height = _SIZE
    frame = (_MARGIN, _MARGIN, width - _MARGIN, height - _MARGIN)
    pen.rectangle(frame, outline=_LINE, width=6)
    pen.line(frame, fill=_LINE, width=6)
    kept = io.BytesIO()
    picture.save(kept, "WEBP" if format == "webp" else "JPEG", quality=70)
    return kept.getvalue()
