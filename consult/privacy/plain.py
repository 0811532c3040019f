"""A text as the detector reads it: folded to plain characters, each remembering where it came from."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

CHINESE_DIGITS = dict(
    zip("〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸", "00012345678911234567892" + "36", strict=True)
)
_READ_AS_DIGITS = str.maketrans(CHINESE_DIGITS)

# Checksums and identifiers are runs of hexadecimal digits: eleven digits between two letters of one are no phone.
_FINGERPRINT = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Folded text; ``origin[i]`` is the place in the source from which character i was folded."""

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source that the folded stretch stands for."""
        return self.origin[start], self.origin[end - 1] + 1

    def with_chinese_digits(self) -> "Plain":
        """The same text with 一三八 read as 138."""
        return Plain(self.text.translate(_READ_AS_DIGITS), self.origin)


def fold(source: str) -> Plain:
    """NFKC character by character, all decimal digits as ASCII, invisible characters and marks dropped."""
    parts = [_fold_char(char) for char in source]
    text = "".join(parts)
    origin: Sequence[int] = range(len(source))
    if len(text) != len(parts) or "" in parts:
        origin = [place for place, part in enumerate(parts) for _char in part]
    return Plain(_without_fingerprints(text), origin)


@lru_cache(maxsize=10_000)
def _fold_char(char: str) -> str:
    """Remembered: every notice that leaves is read, and they all use the same few thousand characters."""
    return char if char < "\x7f" else "".join(_fold_one(part) for part in unicodedata.normalize("NFKC", char))


def _fold_one(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me", "Cs"}:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    return char


def _without_fingerprints(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        found = match.group()
        return found if found.isdigit() else "x" * len(found)

    return _FINGERPRINT.sub(blank, text)
