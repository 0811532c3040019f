"""Cutting text into what is stored and asked: bigrams of ideographs, whole words of letters and digits."""

import unicodedata
from dataclasses import dataclass
from itertools import groupby

WORD_AT_MOST = 64  # characters of one word of letters; a lexeme may not grow without end

# Scripts written with spaces between words; every other letter runs on without them and is cut into bigrams.
_SPACED = (
    (0x0030, 0x02FF),  # Latin
    (0x0370, 0x058F),  # Greek, Cyrillic, Armenian
    (0x1C80, 0x1C8F),
    (0x1D00, 0x1FFF),
    (0x2C60, 0x2C7F),
    (0x2DE0, 0x2DFF),
    (0xA640, 0xA69F),
    (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """An unbroken run of one manner of writing: one word, or the characters of a text without spaces."""

    text: str
    spaced: bool

    def tokens(self) -> list[str]:
        """What is stored of it: the word; or each pair of neighbours, and the last character by itself.

        The last one alone lets a single character be found wherever it stands, by prefix.
        """
        if self.spaced:
            return [self.text[:WORD_AT_MOST]]
        return [self.text[place : place + 2] for place in range(len(self.text))]


def bigrams(text: str) -> list[str]:
    """The distinct tokens by which a text is compared, in reading order; a lone character counts as itself."""
    found: dict[str, None] = {}
    for chunk in chunks(text):
        for segment in chunk:
            tokens = segment.tokens()
            if not segment.spaced and len(tokens) > 1:
                tokens.pop()
            found.update(dict.fromkeys(tokens))
    return list(found)


def chunks(text: str) -> list[list[Segment]]:
    """The text between blanks and punctuation, each piece cut where the manner of writing changes."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kinds = [(char, _kind(char)) for char in folded]
    pieces: list[list[Segment]] = []
    for written, run in groupby((pair for pair in kinds if pair[1] is not None), lambda pair: pair[1] != "gap"):
        if written:
            segments = groupby(_with_marks(list(run)), lambda pair: pair[1])
            pieces.append([Segment("".join(char for char, _kind in run), kind == "spaced") for kind, run in segments])
    return pieces


def _with_marks(run: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Combining marks belong to the letter before them."""
    kind: str | None = "running"
    result = []
    for char, own in run:
        kind = kind if own == "mark" else own
        result.append((char, kind))
    return result


def _kind(char: str) -> str | None:
    category = unicodedata.category(char)
    if category == "Cf":
        return None  # invisible: as if it were not there
    if category[0] == "M":
        return "mark"
    if category[0] not in "LN":
        return "gap"
    spaced = category == "Nd" or any(first <= ord(char) <= last for first, last in _SPACED)
    return "spaced" if spaced else "running"
