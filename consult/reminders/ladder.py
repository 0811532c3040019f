"""What a ladder is: rungs counted in working days from a due date, and the items that stand on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consult.delivery.sql import among


@dataclass(frozen=True)
class Rung:
    """A step of the ladder. ``option`` names the setting by which a CPPCC moves it; the name stays."""

    name: str
    offset: int
    colour: str = ""
    label: str | Promise = ""
    option: str = ""


LADDER: tuple[Rung, ...] = (
    Rung("T-7", -7, label=_("Reminder"), option="ladder.first_days"),
    Rung("T-3", -3, label=_("Reminder"), option="ladder.second_days"),
    Rung("due", 0, label=_("Due today")),
    Rung("+1", 1, "yellow", _("Urging"), "ladder.urge_days"),
    Rung("+5", 5, "yellow", _("Supervision"), "ladder.supervise_days"),
    Rung("+15", 15, "red", _("Report upwards"), "ladder.report_days"),
)
"""提 T-7, T-3 and the due day; 催 +1; 督 +5; 报 +15; then ``weekly-1``, ``weekly-2`` … as long as the item stands."""

SHORT: tuple[Rung, ...] = (
    Rung("T-1", -1, label=_("Reminder"), option="ladder.before_days"),
    Rung("due", 0, label=_("Due today")),
    Rung("+1", 1, "yellow", _("Urging"), "ladder.office_days"),
    Rung("+5", 5, "red", _("Report upwards"), "ladder.approver_days"),
)
"""For what the CPPCC owes itself: who has it in hand before and on the day, then the office, then the approver."""

WEEKLY = "weekly-"


class Due(NamedTuple):
    """Something that somebody owes by a day.

    ``recorded_on`` is the day the item, with this due date, was recorded; rungs before it are never sent.
    ``recipients(rung_name)`` is asked only when a notice really goes out.
    ``title`` and ``body`` may be words or a function of the rung.
    """

    kind: str
    item_id: int
    host_id: int | None
    due_on: date
    recorded_on: date
    recipients: Callable[[str], Iterable[Any]]
    title: str | Callable[[Rung], str]
    body: str | Callable[[Rung], str] = ""
    url: str = ""
    facts: Mapping[str, Any] = MappingProxyType({})


Items = Callable[[date], Iterable[Due]]
Rows = Callable[[date], QuerySet[Any]]
Reader = Callable[[Any], Due | None]


@dataclass(frozen=True)
class Ladder:
    """A kind with its rungs. Its items are a plain function of the day; or rows, which many workers can share:
    ``rows(today)`` are those still owed, as named tuples with ``pk``, and ``reader(today)`` makes a Due of one."""

    kind: str
    rungs: tuple[Rung, ...]
    items: Items | None = None
    rows: Rows | None = None
    reader: Callable[[date], Reader] | None = None
    weekly: bool = True

    def dues(self, today: date, *, of: Iterable[int] | None = None) -> Iterator[Due]:
        """What is owed, as it stands now; ``of`` asks after some items only."""
        if self.rows is None or self.reader is None:
            wanted = None if of is None else set(of)
            found = self.items(today) if self.items else ()
            yield from (due for due in found if wanted is None or due.item_id in wanted)
            return
        rows = self.rows(today) if of is None else self.rows(today).filter(pk__in=among(of))
        read = self.reader(today)
        yield from (due for due in map(read, rows) if due is not None)


_ladders: dict[str, Ladder] = {}


def addresses(name: str) -> Callable[[UUID], str]:
    """The page of many things by their UUID; the URL table is asked once."""
    nobody = UUID(int=0)
    pattern = reverse(name, args=[nobody])
    return lambda uuid: pattern.replace(str(nobody), str(uuid))


def register_ladder(kind: str, rungs: Iterable[Rung], items: Items, *, weekly: bool = True) -> None:
    """Let the items of a kind climb; called once, from the AppConfig of the app that owns them."""
    _ladders[kind] = Ladder(kind, _rising(rungs), items=items, weekly=weekly)


def register_rows(
    kind: str, rungs: Iterable[Rung], rows: Rows, reader: Callable[[date], Reader], *, weekly: bool = True
) -> None:
    """The same for items that are rows of one table: read in pages, told under their locks."""
    _ladders[kind] = Ladder(kind, _rising(rungs), rows=rows, reader=reader, weekly=weekly)


def ladders() -> dict[str, Ladder]:
    return dict(_ladders)


def _rising(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    return tuple(sorted(rungs, key=lambda rung: rung.offset))
