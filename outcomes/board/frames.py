"""What stands around a page of the board, drawn once and filled again and again."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString, mark_safe

_SLOT = re.compile(r"<!--slot (\w+)-->")


def slot(name: str) -> SafeString:
    """Stands in a frame where something is put in; nothing that somebody typed can look like it: its < is escaped."""
    return mark_safe(f"<!--slot {name}-->")  # noqa: S308  names are our own


class Frame:
    """A drawn page with slots."""

    def __init__(self, html: str):
        self.parts = _SLOT.split(html)  # text, name of a slot, text, …

    def fill(self, **html: str) -> bytes:
        """The page; what is put in is HTML already."""
        parts = list(self.parts)
        parts[1::2] = [html[name] for name in parts[1::2]]
        return "".join(parts).encode()
