"""A table as a file that any spreadsheet opens, and in which nothing that somebody typed is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

#: A cell that begins so is run by a spreadsheet; with an apostrophe before it, it is read.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain_cell(value: Any) -> str:
    """Figures stay figures; words that a spreadsheet would run are only read."""
    if isinstance(value, int | float):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text


def as_csv(rows: Iterable[Iterable[Any]]) -> bytes:
    """UTF-8 with the mark that old spreadsheets look for."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([plain_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
