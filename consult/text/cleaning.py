"""Which characters may be kept.

Refusals carry an English message id and its parameters; each door translates them
(``gettext(error.msgid) % error.params``), so that pages and API say the same sentence.
"""

from __future__ import annotations

import unicodedata

LINES_AT_MOST = 2000
MARKS_IN_A_ROW = 8  # Tibetan stacks stay below; more is decoration that runs over the neighbouring lines

_NEWLINES = {"\r\n": "\n", "\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
# Shown as nothing, wherever they stand; stripped without a word.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF, 0x115F, 0x1160]
    + [0x3164, 0xFFA0, 0x061C]
    + list(range(0xE0000, 0xE0080))
)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
# Assigned after this Python's character table was made: rare name characters and new pictographs.
_NEWER = ((0x20000, 0x3FFFD), (0x1F000, 0x1FAFF))


class Refused(ValueError):
    """Text that cannot be kept as it is; nothing is shortened or replaced silently."""

    def __init__(self, code: str, msgid: str, **params: object) -> None:
        super().__init__(msgid % params)
        self.code = code
        self.msgid = msgid
        self.params = params


def clean_text(value: str, *, limit: int | None = None, lines: int = LINES_AT_MOST) -> str:
    """Text of several lines: normalised, trimmed, and refused where it holds what cannot be saved."""
    text = str(value)
    for old, new in _NEWLINES.items():
        text = text.replace(old, new)
    # Composing a very long run of marks costs more than it is worth: the refusals come first.
    _refuse_characters(text)
    text = _without_invisible(text)
    _refuse_stacks(text)
    text = unicodedata.normalize("NFC", text)
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    if is_blank(text):
        return ""
    if limit is not None and len(text) > limit:
        raise Refused(
            "too_long",
            "This has %(length)s characters, at most %(limit)s fit. Please shorten it",
            length=len(text),
            limit=limit,
        )
    if text.count("\n") >= lines:
        raise Refused("too_many_lines", "Too many lines, at most %(lines)s fit. Please shorten it", lines=lines)
    return text


def clean_line(value: str, *, limit: int | None = None) -> str:
    """Text of one line: line breaks and tabs become spaces."""
    text = clean_text(value, lines=10**9)
    text = " ".join(text.split()) if any(mark in text for mark in "\n\t") else text
    return clean_text(text, limit=limit)


def is_blank(text: str) -> bool:
    """Nothing a reader could see."""
    return all(
        character.isspace() or unicodedata.category(character) in ("Cf", "Mn", "Me", "Cc") or character == "\u2800"
        for character in text
    )


def _refuse_characters(text: str) -> None:
    for character in text:
        category = unicodedata.category(character)
        if category in ("Cs", "Co") or (category == "Cn" and not _is_newer(ord(character))):
            raise Refused(
                "unsavable",
                "This contains a character that cannot be saved (%(point)s). Please write it another way",
                point=f"U+{ord(character):04X}",
            )
        if category == "Cc" and character not in "\n\t":
            raise Refused(
                "control",
                "This contains an invisible control character (%(point)s). Please type the text anew",
                point=f"U+{ord(character):04X}",
            )
        if character in _BIDI:
            raise Refused(
                "direction",
                "This contains a character that turns the reading direction (%(point)s). Please type the text anew",
                point=f"U+{ord(character):04X}",
            )


def _is_newer(point: int) -> bool:
    return point & 0xFFFE != 0xFFFE and any(first <= point <= last for first, last in _NEWER)


def _without_invisible(text: str) -> str:
    text = text.translate(_INVISIBLE)
    if not _JOINERS.intersection(text):
        return text
    kept = []
    for position, character in enumerate(text):
        if character in _JOINERS and not _joins(text, position):
            continue
        kept.append(character)
    return "".join(kept)


def _joins(text: str, position: int) -> bool:
    """A joiner means something between pictographs and in Arabic, Mongolian and Indic letters only."""
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    if not before or not after:
        return False
    if unicodedata.category(before) in ("So", "Sk", "Mn", "Me"):
        return True
    point = ord(before)
    return 0x0600 <= point <= 0x08FF or 0x0900 <= point <= 0x109F or 0x1800 <= point <= 0x18AF


def _refuse_stacks(text: str) -> None:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run > MARKS_IN_A_ROW:
            raise Refused("stacked", "Too many marks on one letter. Please type the text anew")
