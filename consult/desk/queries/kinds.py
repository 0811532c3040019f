"""What can wait for somebody: a kind names the rows, the words, the limit and the page where it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from consult import options
from consult.calendar import add_working_days

from .rows import Row


class Desk:
    """Whose desk, and which day it is."""

    def __init__(self, reader: Any, today: date | None = None):
        self.reader = reader
        self.today = today or timezone.localdate()
        self.now: datetime = timezone.now()
        self.roles = {mandate.role for mandate in reader.mandates_now()}

    def holds(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def within(self, *roles: str, host: str = "host_id", region: str = "region_code") -> Q:
        """Rows under the host and inside the division of a mandate of one of the roles; without one, no rows."""
        found = Q(pk__in=())
        for host_id, prefix in self.reader.scopes(*roles):
            found |= Q(**{host: host_id, f"{region}__startswith": prefix})
        return found

    def units(self, *roles: str) -> list[int]:
        """The handling units the reader speaks for."""
        return [mandate.organisation_id for mandate in self.reader.mandates_now() if mandate.role in roles]

    def hosts(self, *roles: str) -> list[int]:
        return sorted(set(self.reader.host_ids(*roles)))

    def limit(self, host_id: int | None, key: str, promised: date | None = None) -> int:
        """In force now; for a date that was promised on a day, by what was in force then."""
        if promised is not None:
            return int(options.promised(host_id, f"limits.{key}", promised))
        return int(options.get(host_id, f"limits.{key}"))

    def working_days_after(self, day: date, host_id: int | None, key: str) -> date:
        """The limit of a CPPCC, counted in working days from the day."""
        return add_working_days(day, self.limit(host_id, key, day), host_id)

    def days_since(self, day: date | None) -> int:
        return max(0, (self.today - day).days) if day else 0

    @property
    def end_of_today(self) -> datetime:
        start = timezone.make_aware(datetime.combine(self.today, datetime.min.time()))
        return start + timedelta(days=1)


def _none(row: Row, desk: Desk) -> None:
    return None


def _note(row: Row, desk: Desk) -> str:
    return row.note


@dataclass(frozen=True)
class Kind:
    """One sort of work. ``rows`` answers None for a reader whose work it is not; ``one``, ``many`` are its titles."""

    key: str
    mark: str
    rows: Callable[[Desk], QuerySet[Any] | None]
    one: Any
    many: Any
    button: Any
    page: str
    why: Callable[[Row, Desk], str] = _note
    due: Callable[[Row, Desk], date | None] = _none
    at: Callable[[Row, Desk], datetime | None] = _none
    all_page: str = ""
    all_query: str = ""
    page_query: str = ""  # instead of the address, where the page asks for the thing: "topic={uuid}"
    words: Callable[[Row], dict[str, Any]] = field(default=lambda row: {})

    def title(self, row: Row) -> str:
        return str(self.one) % {"title": row.title, "who": row.who, **self.words(row)}

    def title_of_many(self, count: str) -> str:
        return str(self.many) % {"count": count}


def from_day(row: Row, desk: Desk) -> date | None:
    """The limit stands in the row itself."""
    return row.day


def start(row: Row, desk: Desk) -> date | None:
    """The day on which a session begins."""
    return timezone.localtime(row.moment).date() if row.moment else None


def moment(row: Row, desk: Desk) -> datetime | None:
    return row.moment
