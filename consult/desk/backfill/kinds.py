"""The kinds of value a case file may hold: each reads a node, or says what is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.text import Refused, clean_line, clean_text

from .document import Node
from .problems import Problems

LIST_AT_MOST = 1000
YEARS = range(1949, 2101)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed: 1000, 1000余 (over) or 近1000 (under)."""

    n: Decimal
    about: str = ""

    def __int__(self) -> int:
        return int(self.n)


class Kind:
    """Reads one node; ``None`` when a problem was noted instead."""

    empty: Any = None

    def read(self, node: Node, path: str, problems: Problems) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Kind):
    """Words; of one line unless ``lines``. What YAML takes for a number wants quotes, unless ``digits`` (12345)."""

    limit: int
    lines: bool = False
    digits: bool = False
    empty = ""

    def read(self, node: Node, path: str, problems: Problems) -> str | None:
        if node.kind != "text" and not (self.digits and node.kind == "int" and node.raw.isdecimal()):
            _wants_text(node, path, problems)
            return None
        try:
            text = (clean_text if self.lines else clean_line)(node.raw, limit=self.limit)
        except Refused as error:
            problems.add(path, _(error.msgid) % error.params)
            return None
        if not text:
            problems.add(path, _("This text is empty."), _("Write it, or leave the key out."))
            return None
        return text


def _wants_text(node: Node, path: str, problems: Problems) -> None:
    if node.kind == "null":
        problems.add(path, _("Nothing stands here."), _("Write the value, or leave the key out."))
    elif node.kind in {"map", "list"}:
        problems.add(
            path, _("Text belongs here, not a list or a block of keys."), _("Put text with brackets in quotes.")
        )
    else:
        message = _("“%(raw)s” is a number or a switch to YAML; text belongs here.") % {"raw": node.raw[:60]}
        problems.add(path, message, _("Put it in quotes."))


@dataclass(frozen=True)
class Word(Kind):
    """The key of a matter: small letters, digits and hyphens."""

    limit: int = 80
    empty = ""

    def read(self, node: Node, path: str, problems: Problems) -> str | None:
        if node.kind not in {"map", "list", "null"} and _KEY.fullmatch(node.raw) and len(node.raw) <= self.limit:
            return node.raw
        remedy = _("Use small letters, digits and hyphens, at most %(limit)d, for example wanqiao-toilet.")
        problems.add(path, _("This is no key."), remedy % {"limit": self.limit})
        return None


class Code(Kind):
    """A division code of twelve digits; in or out of quotes it is the same."""

    empty = ""

    def read(self, node: Node, path: str, problems: Problems) -> str | None:
        if re.fullmatch(r"[1-9][0-9]{11}", node.raw):
            return node.raw
        message = _("“%(raw)s” is no division code.") % {"raw": node.raw[:40]}
        problems.add(path, message, _('Write all 12 digits in quotes, for example "341103107201".'))
        return None


@dataclass(frozen=True)
class Choice(Kind):
    """One of the words of a list; a word such as ``no`` or ``none`` is a word."""

    choices: tuple[str, ...]
    empty = ""

    def read(self, node: Node, path: str, problems: Problems) -> str | None:
        if node.kind not in {"map", "list", "null"} and node.raw in self.choices:
            return node.raw
        message = _("“%(raw)s” is not one of the words for this.") % {"raw": node.raw[:40]}
        problems.add(path, message, _("Write one of: %(words)s.") % {"words": ", ".join(self.choices)})
        return None


class YesNo(Kind):
    """true or false; ``yes``, ``on`` and ``no`` are words and no switches."""

    def read(self, node: Node, path: str, problems: Problems) -> bool | None:
        if node.kind == "bool":
            return node.raw.lower() == "true"
        message = _("“%(raw)s” is neither true nor false.") % {"raw": node.raw[:40]}
        problems.add(path, message, _("Write true or false without quotes."))
        return None


class Day(Kind):
    """A day of the calendar, written as in ISO 8601."""

    def read(self, node: Node, path: str, problems: Problems) -> date | None:
        found = _DAY.fullmatch(node.raw)
        try:
            day = date(*(int(part) for part in found.groups())) if found else None
        except ValueError:
            day = None
        if day is None or day.year not in YEARS:
            message = _("“%(raw)s” is no day of the calendar.") % {"raw": node.raw[:40]}
            problems.add(path, message, _("Write it like 2026-12-20."))
            return None
        return day


class Moment(Kind):
    """Day and time; without an offset it is local time."""

    def read(self, node: Node, path: str, problems: Problems) -> datetime | None:
        found = _MOMENT.fullmatch(node.raw)
        try:
            moment = datetime.fromisoformat(node.raw) if found else None
        except ValueError:
            moment = None
        if moment is None or moment.year not in YEARS:
            message = _("“%(raw)s” is no day with its time.") % {"raw": node.raw[:40]}
            problems.add(path, message, _("Write it like 2026-12-20T09:30."))
            return None
        return timezone.make_aware(moment) if timezone.is_naive(moment) else timezone.localtime(moment)


class Since(Kind):
    """A year, a month or a day in the past."""

    empty = ""

    def read(self, node: Node, path: str, problems: Problems) -> str | None:
        found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", node.raw, re.ASCII)
        try:
            day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
        except ValueError:
            day = None
        if day is None or day > timezone.localdate():
            message = _("“%(raw)s” is no year, month or day in the past.") % {"raw": node.raw[:40]}
            problems.add(path, message, _("Write it like 2014, 2014-06 or 2014-06-30."))
            return None
        return node.raw


@dataclass(frozen=True)
class Number(Kind):
    """A plain whole number in a range: a year, a number in a row, a count of days."""

    least: int
    most: int

    def read(self, node: Node, path: str, problems: Problems) -> int | None:
        value = _whole(node)
        if value is None or not self.least <= value <= self.most:
            message = _("“%(raw)s” is no whole number from %(least)d to %(most)d.")
            params = {"raw": node.raw[:40], "least": self.least, "most": self.most}
            problems.add(path, message % params, _("Write the number in digits, without quotes."))
            return None
        return value


@dataclass(frozen=True)
class Amount(Kind):
    """A figure, exact or as printed: ``1000`` or ``{n: 1000, about: over}``."""

    least: int = 0
    most: int = 2_147_483_647
    places: int = 0

    def read(self, node: Node, path: str, problems: Problems) -> Figure | None:
        if node.kind != "map":
            n = self._number(node, path, problems)
            return None if n is None else Figure(n)
        for key in node.entries.keys() - {"n", "about"}:
            problems.add(f"{path}.{key}", _("“%(key)s” is unknown here.") % {"key": key[:60]}, _about_remedy())
        if not node.entries.keys() >= {"n", "about"}:
            problems.add(path, _("A figure with 余 or 近 has two keys, n and about."), _about_remedy())
            return None
        n = self._number(node.entries["n"], f"{path}.n", problems)
        about = Choice(("over", "under")).read(node.entries["about"], f"{path}.about", problems)
        return None if n is None or about is None else Figure(n, about)

    def _number(self, node: Node, path: str, problems: Problems) -> Decimal | None:
        value = _decimal(node)
        rounded = value is not None and value == value.quantize(Decimal(1).scaleb(-self.places))
        if value is None or not rounded or not self.least <= value <= self.most:
            message = _("“%(raw)s” is no number for this.") % {"raw": node.raw[:40]}
            remedy = _("Write digits only, from %(least)d to %(most)d; 余 and 近 are written {n: 1000, about: over}.")
            problems.add(path, message, remedy % {"least": self.least, "most": self.most})
            return None
        return value


def _about_remedy() -> str:
    return _("Write {n: 1000, about: over} for 1000余, {n: 1000, about: under} for 近1000.")


def _whole(node: Node) -> int | None:
    # Longer numbers than any file needs would cost seconds to convert.
    if node.kind != "int" or len(node.raw) > 15:
        return None
    return int(node.raw, 0) if node.raw[:2] in {"0x", "0o"} else int(node.raw)


def _decimal(node: Node) -> Decimal | None:
    if node.kind == "int":
        whole = _whole(node)
        return None if whole is None else Decimal(whole)
    if node.kind == "float" and re.fullmatch(r"\+?\d{1,15}\.\d{1,6}", node.raw, re.ASCII):
        return Decimal(node.raw)
    return None


class Projects(Kind):
    """What is built or bought: words, a list of them, or how many."""

    empty = ""
    limit = 200

    def read(self, node: Node, path: str, problems: Problems) -> str | None:
        if node.kind == "list":
            names = ListOf(Text(self.limit)).read(node, path, problems)
            return (
                Text(self.limit).read(Node("text", node.line, raw="、".join(names)), path, problems) if names else None
            )
        if node.kind in {"int", "map"}:
            figure = Amount().read(node, path, problems)
            if figure is None:
                return None
            return {"over": f"{figure.n}余", "under": f"近{figure.n}"}.get(figure.about, str(figure.n))
        return Text(self.limit).read(node, path, problems)


@dataclass(frozen=True)
class ListOf(Kind):
    """A list; each element is read, those with problems are left out."""

    element: Kind
    least: int = 0
    unique: bool = False
    empty = ()

    def read(self, node: Node, path: str, problems: Problems) -> tuple[Any, ...] | None:
        if node.kind != "list":
            problems.add(path, _("A list belongs here."), _("Write [one, two], or one line each beginning with “- ”."))
            return None
        if len(node.items) > LIST_AT_MOST:
            problems.add(
                path, _("The list has more than %(most)d elements.") % {"most": LIST_AT_MOST}, _("Shorten it.")
            )
            return None
        if len(node.items) < self.least:
            problems.add(path, _("The list is empty."), _("Write at least one, or leave the key out."))
            return None
        read = []
        for place, item in enumerate(node.items):
            value = self.element.read(item, f"{path}.{place}", problems)
            if value is None:
                continue
            if self.unique and value in read:
                problems.add(f"{path}.{place}", _("This stands in the list twice."), _("Keep one of the two."))
                continue
            read.append(value)
        return tuple(read)


@dataclass(frozen=True)
class Block(Kind):
    """A block of keys, read into its dataclass; unknown keys are refused, what is needed is asked for."""

    shape: type

    def read(self, node: Node, path: str, problems: Problems) -> Any:
        if node.kind != "map":
            message = _("Nothing stands here.") if node.kind == "null" else _("A block of keys belongs here.")
            problems.add(path, message, _("Write its keys: %(keys)s.") % {"keys": ", ".join(keys_of(self.shape))})
            return None
        if not node.entries:
            problems.add(path, _("This block is empty."), _("Write its keys, or leave it out."))
        self._refuse_unknown(node, path, problems)
        values = {}
        for one in fields(self.shape):
            if "kind" not in one.metadata:
                continue
            key, kind = one.metadata["key"] or one.name, one.metadata["kind"]
            below = f"{path}.{key}" if path else key
            if key not in node.entries:
                if one.metadata["required"]:
                    problems.add(below, _("“%(key)s” is missing.") % {"key": key}, _("Add it here."), line=node.line)
                continue
            value = kind.read(node.entries[key], below, problems)
            if value is not None:
                values[one.name] = value
        return self.shape(**values, path=path)

    def _refuse_unknown(self, node: Node, path: str, problems: Problems) -> None:
        known = keys_of(self.shape)
        for key, child in node.entries.items():
            if key in known:
                continue
            close = get_close_matches(key, known, n=1)
            if close:
                remedy = _("Did you mean “%(key)s”?") % {"key": close[0]}
            elif child.kind == "null" and not child.raw:
                remedy = _("Text with a comma inside { } needs quotes.")
            else:
                remedy = _("Known here: %(keys)s.") % {"keys": ", ".join(known)}
            below = f"{path}.{key}" if path else key
            line = node.key_lines.get(key, node.line)
            problems.add(below, _("“%(key)s” is unknown here.") % {"key": key[:60]}, remedy, line=line)


def keys_of(shape: type) -> list[str]:
    """The keys of a block as they are written in a file."""
    return [one.metadata["key"] or one.name for one in fields(shape) if "kind" in one.metadata]


def entry(kind: Kind, *, required: bool = False, key: str = "") -> Any:
    """A field of a case dataclass, with how it is read."""
    return field(default=kind.empty, metadata={"kind": kind, "required": required, "key": key})


def choice(words: Sequence[str], *, required: bool = False) -> Any:
    return entry(Choice(tuple(str(word) for word in words)), required=required)


def block(shape: type, *, required: bool = False) -> Any:
    return entry(Block(shape), required=required)


def blocks(shape: type) -> Any:
    return entry(ListOf(Block(shape)))
