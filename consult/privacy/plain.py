"""A text as the detector reads it: folded to plain characters, each remembering where it came from."""

import re
import unicodedata
from dataclasses import dataclass

CHINESE_DIGITS = dict(
    zip("〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸", "00012345678911234567892" + "36", strict=True)
)

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
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source that the folded stretch stands for."""
        return self.origin[start], self.origin[end - 1] + 1

    def with_chinese_digits(self) -> "Plain":
        """The same text with 一三八 read as 138."""
        return Plain("".join(CHINESE_DIGITS.get(char, char) for char in self.text), self.origin)


def fold(source: str) -> Plain:
    """NFKC character by character, all decimal digits as ASCII, invisible characters and marks dropped."""
    text: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(source):
        if char < "\x7f":
            folded = char
        else:
            folded = "".join(_fold_one(part) for part in unicodedata.normalize("NFKC", char))
        text.extend(folded)
        origin.extend([place] * len(folded))
    return Plain(_without_fingerprints("".join(text)), tuple(origin))


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
