"""One answer to "what in here belongs to a private person"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from .numbers import BANK_CARD, ID, PHONE, find_numbers
from .places import ADDRESS, PLATE, find_addresses, find_plates
from .plain import Plain, fold

BLOCKING = frozenset({PHONE, ID, BANK_CARD, PLATE})
KIND_LABELS = {
    PHONE: _("mobile number"),
    ID: _("identity number"),
    BANK_CARD: _("bank card number"),
    PLATE: _("car plate"),
    ADDRESS: _("house address"),
}
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a text that must be masked (or, for an address, looked at) before anybody else reads it."""

    kind: str
    start: int
    end: int
    excerpt: str
    path: str = ""

    @property
    def blocks(self) -> bool:
        return self.kind in BLOCKING


def kind_label(kind: str) -> str:
    """What a reader calls this kind of finding."""
    return str(KIND_LABELS[kind])


def blocking(value: Any) -> list[Finding]:
    """The findings that keep a notice from being released."""
    if isinstance(value, str):
        return _graver(fold(value))
    return [finding for finding in detect(value) if finding.blocks]


def detect(value: Any) -> list[Finding]:
    """Findings in a text, or in every text, key and whole number of a JSON value, each with its dotted path."""
    if isinstance(value, str):
        return detect_in_text(value)
    return [replace(finding, path=path) for path, text in texts_of(value) for finding in detect_in_text(text)]


def texts_of(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text of a JSON value with its dotted path; keys are texts too, and so are figures."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, int) and not isinstance(value, bool):
        # A figure that long is no phone, and turning it into text would cost seconds.
        if abs(value) < 10**20:
            yield path, str(value)
    elif depth >= _DEEPEST:
        return
    elif isinstance(value, Mapping):
        for key, item in value.items():
            below = f"{path}.{key}" if path else str(key)
            yield below, str(key)
            yield from texts_of(item, below, depth + 1)
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from texts_of(item, f"{path}.{place}" if path else str(place), depth + 1)


def detect_in_text(text: str) -> list[Finding]:
    """Findings in reading order; where two readings overlap, the graver one stands."""
    plain = fold(text)
    found = _graver(plain)
    found += _apart([_finding(ADDRESS, plain, *span) for span in find_addresses(plain.text)], found)
    return sorted(found, key=lambda finding: finding.start)


def _graver(plain: Plain) -> list[Finding]:
    """What blocks, in reading order, whether figures are written 138 or 一三八."""
    spelled = plain.with_chinese_digits()
    found = _grave(plain)
    if spelled.text != plain.text:
        found += _apart(_grave(spelled), found)
    return sorted(found, key=lambda finding: finding.start)


def _grave(plain: Plain) -> list[Finding]:
    found = [_finding(number.kind, plain, number.start, number.end) for number in find_numbers(plain.text)]
    return found + _apart([_finding(PLATE, plain, *span) for span in find_plates(plain.text)], found)


def _apart(findings: list[Finding], others: list[Finding]) -> list[Finding]:
    return [one for one in findings if not any(one.start < other.end and other.start < one.end for other in others)]


def _finding(kind: str, plain: Plain, start: int, end: int) -> Finding:
    return Finding(kind, *plain.span(start, end), starred(kind, plain.text[start:end]))


def starred(kind: str, found: str) -> str:
    """What may be shown of a finding."""
    if kind == ADDRESS:
        return found[:2] + "***"
    if kind == PLATE:
        return found[:2] + "****" + found[-1]
    kept = "".join(char for char in found.upper() if char.isalnum())
    if kind == PHONE:
        return f"{kept[-11:-8]}****{kept[-4:]}"
    if kind == ID:
        return f"{kept[:3]}{'*' * (len(kept) - 5)}{kept[-2:]}"
    return f"{kept[:4]}{'*' * (len(kept) - 8)}{kept[-4:]}"
