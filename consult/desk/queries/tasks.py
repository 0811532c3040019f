"""要您现在办: what waits for the reader, by due date, several of a kind in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import calendar
from consult.web.states import ALARM, CLOCK
from consult.web.words import SOON, Due, read_due, say_moment

from . import accounts, assignments, notices, results, sessions, topics
from .kinds import Desk, Kind
from .rows import MOST, Row, read

KINDS: tuple[Kind, ...] = (
    *assignments.KINDS,
    *results.KINDS,
    *sessions.KINDS,
    *topics.KINDS,
    *notices.KINDS,
    *accounts.KINDS,
)
#: More than so many of a kind stand in one line; what is late stands alone, up to that number.
ALONE = 2


@dataclass(frozen=True)
class Task:
    """One line of the list: what to do, why, by when, and one button."""

    kind: str
    mark: str
    title: str
    why: str
    url: str
    button: str
    due: date | None = None
    at: datetime | None = None
    since: date | None = None
    count: int = 1
    more: bool = False
    late: bool = False
    provisional: bool = False
    subject: str = ""

    @property
    def limit(self) -> Due | None:
        """How its time limit reads today."""
        if self.at is not None:
            return Due(say_moment(self.at), "zhu" if self.late else self._tone, ALARM if self.late else CLOCK)
        return read_due(self.due) if self.due else None

    @property
    def _tone(self) -> str:
        return "zhe" if (self.at - timezone.now()).days < SOON else ""  # type: ignore[operator]  # asked only with ``at``


@dataclass(frozen=True)
class Work:
    """Everything that waits. ``more``: of some kind there is more than was read."""

    tasks: list[Task]
    count: int
    late: int
    more: bool


def work_of(desk: Desk) -> Work:
    """One query for all kinds that are the reader's work."""
    kinds = {kind.key: kind for kind in KINDS}
    branches = [branch for kind in KINDS if (branch := kind.rows(desk)) is not None]
    found = read(branches)
    tasks: list[Task] = []
    for key, rows in found.items():
        tasks += _lines(kinds[key], rows, desk)
    tasks.sort(key=_place)
    count = sum(task.count for task in tasks)
    late = sum(_late_in(kinds[key], rows, desk) for key, rows in found.items())
    return Work(tasks, count, late, any(task.more for task in tasks))


def _late_in(kind: Kind, rows: list[Row], desk: Desk) -> int:
    return sum(_is_late(kind.due(row, desk), kind.at(row, desk), desk) for row in rows[:MOST])


def _is_late(due: date | None, at: datetime | None, desk: Desk) -> bool:
    return at < desk.now if at else due is not None and due < desk.today


def _lines(kind: Kind, rows: list[Row], desk: Desk) -> Iterable[Task]:
    more, rows = len(rows) > MOST, rows[:MOST]
    lines = sorted((_line(kind, row, desk) for row in rows), key=_place)
    alone = [line for line in lines if line.late][:ALONE] if len(lines) > ALONE else lines
    rest = lines[len(alone) :]
    if len(rest) == 1 and not more:
        return lines
    return [*alone, _together(kind, rest, more)] if rest else alone


def _line(kind: Kind, row: Row, desk: Desk) -> Task:
    due, at = kind.due(row, desk), kind.at(row, desk)
    return Task(
        kind=kind.key,
        mark=kind.mark,
        title=kind.title(row),
        why=kind.why(row, desk),
        url=page_of(kind, row),
        button=str(kind.button),
        due=due,
        at=at,
        since=row.day,
        late=_is_late(due, at, desk),
        provisional=due is not None and calendar.is_provisional(due.year, row.host),
        subject=row.title,
    )


def page_of(kind: Kind, row: Row) -> str:
    """Where the thing is done."""
    if kind.page_query:
        return f"{_address(kind.page)}?{kind.page_query.format(uuid=row.uuid)}"
    return _address(kind.page, uuid=row.uuid)


def _together(kind: Kind, lines: list[Task], more: bool) -> Task:
    """初审 5 件新点单: the first of them says by when."""
    first = lines[0]
    url = _address(kind.all_page) if kind.all_page else ""
    url = f"{url}?{kind.all_query}" if url and kind.all_query else url
    count = f"{len(lines)}+" if more else str(len(lines))
    return Task(
        kind=kind.key,
        mark=kind.mark,
        title=kind.title_of_many(count),
        why=_("The first: %(title)s") % {"title": first.subject},
        url=url or first.url,
        button=str(kind.button),
        due=first.due,
        at=first.at,
        since=first.since,
        count=len(lines),
        more=more,
        late=first.late,
        provisional=first.provisional,
    )


def _place(task: Task) -> tuple[Any, ...]:
    """By due date; what has none comes after, the longest waiting first."""
    return (task.due is None, task.due or task.since or date.max, task.at.isoformat() if task.at else "", task.kind)


def _address(name: str, **kwargs: Any) -> str:
    """Where it is done; a page that is not there yet leads to the first page."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return reverse("desk:today")
