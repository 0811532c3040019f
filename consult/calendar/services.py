"""The calendar of one CPPCC, asked by date; and the one move that corrects it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import NotAllowed
from consult.options.memo import Memo

from .models import CalendarOverride
from .workdays import WorkCalendar
from .years import FIRST_YEAR, LAST_YEAR

memo = Memo()


def calendar_of(host_id: int | None = None) -> WorkCalendar:
    """The working days of one CPPCC, read once per request; hold on to it in long loops."""
    return memo.recall(host_id, lambda: _read(host_id))


def is_workday(day: date, host_id: int | None = None) -> bool:
    return calendar_of(host_id).is_workday(day)


def add_working_days(day: date, n: int, host_id: int | None = None) -> date:
    """The day ``n`` working days after ``day`` (before, when negative)."""
    return calendar_of(host_id).add_working_days(day, n)


def working_days_between(first: date, last: date, host_id: int | None = None) -> int:
    """Working days after ``first`` up to and including ``last``; negative when ``last`` comes first."""
    return calendar_of(host_id).working_days_between(first, last)


def next_workday(day: date, host_id: int | None = None) -> date:
    """The day itself when it is worked, else the next that is."""
    return calendar_of(host_id).next_workday(day)


def add_months_workday(day: date, months: int, host_id: int | None = None) -> date:
    """The same day ``months`` later, moved to the next working day."""
    return calendar_of(host_id).add_months_workday(day, months)


def is_provisional(year: int, host_id: int | None = None) -> bool:
    """Has nobody published that year's make-up days yet? Then its due dates are shown as provisional."""
    return calendar_of(host_id).is_provisional(year)


@transaction.atomic
def override_day(
    day: date, *, is_workday: bool, actor: Any, host_id: int | None = None, note: str = ""
) -> CalendarOverride:
    """Say of one day whether it is worked; dates already promised stay as they are."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError({"day": _("The calendar runs from %(a)s to %(b)s.") % {"a": FIRST_YEAR, "b": LAST_YEAR}})
    row = CalendarOverride(host_id=host_id, day=day, is_workday=is_workday, note=note.strip(), set_by=actor)
    if not actor.has_perm("calendar.override_day", row):
        raise NotAllowed(_("The calendar is kept by the registrar and the office of the CPPCC."))
    row.full_clean(validate_unique=False, validate_constraints=False, exclude=["set_at"])
    CalendarOverride.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["host_id", "day"],
        update_fields=["is_workday", "note", "set_by"],
    )
    memo.forget()
    return row


def _read(host_id: int | None) -> WorkCalendar:
    rows = CalendarOverride.objects.that_bind(host_id)
    return WorkCalendar(dict(rows.values_list("day", "is_workday")))
