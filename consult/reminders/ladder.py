"""What a ladder is: rungs counted in working days from a due date, and the items that stand on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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

WEEKLY = "weekly-"


@dataclass(frozen=True)
class Due:
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


Items = Callable[[date], Iterable[Due]]
_ladders: dict[str, tuple[tuple[Rung, ...], Items]] = {}


def register_ladder(kind: str, rungs: Iterable[Rung], items: Items) -> None:
    """Let the items of a kind climb; called once, from the AppConfig of the app that owns them."""
    _ladders[kind] = (tuple(sorted(rungs, key=lambda rung: rung.offset)), items)


def ladders() -> dict[str, tuple[tuple[Rung, ...], Items]]:
    return dict(_ladders)
