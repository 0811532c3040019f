"""The calendar of one CPPCC, asked by date; and the one move that corrects it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from consult.errors import Missing, NotAllowed
from consult.options.memo import Memo

from .models import CalendarOverride, HolidayPlan
from .workdays import SATURDAY, WorkCalendar
from .years import FIRST_YEAR, LAST_YEAR, published

memo = Memo()


def calendar_of(host_id: int | None = None) -> WorkCalendar:
    """The working days of one CPPCC, read once per request; hold on to it in long loops."""
    return memo.recall(host_id, lambda: _read(host_id))


def read_anew() -> None:
    """For a worker, which serves no requests: it may remember a calendar that somebody has just corrected."""
    memo.start_afresh()


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
    return not published(year).is_published and calendar_of(host_id).is_provisional(year)


@transaction.atomic
def override_day(
    day: date, *, is_workday: bool, actor: Any, host_id: int | None = None, note: str = ""
) -> CalendarOverride:
    """Say of one day whether it is worked; dates already promised stay as they are."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError({"day": _("The calendar runs from %(a)s to %(b)s.") % {"a": FIRST_YEAR, "b": LAST_YEAR}})
    row = CalendarOverride(host_id=host_id, day=day, is_workday=is_workday, note=note.strip(), set_by=actor)
    _refuse_stranger(row, actor)
    row.full_clean(validate_unique=False, validate_constraints=False, exclude=["set_at"])
    _write([row])
    return row


@transaction.atomic
def clear_day(day: date, *, actor: Any, host_id: int) -> None:
    """Take a correction back: the day is again as it was published."""
    _refuse_stranger(CalendarOverride(host_id=host_id, day=day), actor)
    CalendarOverride.objects.filter(host_id=host_id, day=day).delete()
    memo.forget()


@transaction.atomic
def load_plan(
    year: int, *, off: Collection[date], worked: Collection[date], source: str, actor: Any, host_id: int
) -> HolidayPlan:
    """Enter the State Council's plan of a year (国务院办公厅放假安排): from now on its dates are no guess.

    ``off``: every day of the holidays, weekends included or not; ``worked``: weekend days that are worked (调休上班).
    """
    _refuse_stranger(CalendarOverride(host_id=host_id), actor)
    _refuse_plan(year, off, worked, source)
    CalendarOverride.objects.filter(host_id=host_id, day__year=year).delete()
    rows = dict.fromkeys(off, False) | dict.fromkeys(worked, True)
    _write(
        [
            CalendarOverride(host_id=host_id, day=day, is_workday=is_worked, note=source.strip()[:60], set_by=actor)
            for day, is_worked in sorted(rows.items())
        ]
    )
    plan, _is_new = HolidayPlan.objects.update_or_create(
        host_id=host_id, year=year, defaults={"source": source.strip(), "loaded_by": actor}
    )
    return plan


def _refuse_plan(year: int, off: Collection[date], worked: Collection[date], source: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Missing(year=_("The calendar runs from %(a)s to %(b)s.") % {"a": FIRST_YEAR, "b": LAST_YEAR})
    if not off:
        raise Missing(off=_("Write the days off, one day or one span a line."))
    if not source.strip():
        raise Missing(source=_("Name the paper in which the plan was published."))
    for field, days in (("off", off), ("worked", worked)):
        if strange := next((day for day in sorted(days) if day.year != year), None):
            raise Missing({field: _("%(day)s does not lie in %(year)s.") % {"day": strange.isoformat(), "year": year}})
    if both := sorted(set(off) & set(worked)):
        raise Missing(worked=_("%(day)s stands in both lists.") % {"day": both[0].isoformat()})
    if weekday := next((day for day in sorted(worked) if day.weekday() < SATURDAY), None):
        raise Missing(worked=_("%(day)s is no Saturday or Sunday; it is worked anyway.") % {"day": weekday.isoformat()})


def _refuse_stranger(row: CalendarOverride, actor: Any) -> None:
    if not actor.has_perm("calendar.override_day", row):
        raise NotAllowed(_("The calendar is kept by the registrar and the office of the CPPCC."))


def _write(rows: list[CalendarOverride]) -> None:
    CalendarOverride.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["host_id", "day"],
        update_fields=["is_workday", "note", "set_by"],
    )
    memo.forget()


def plans_of(host_id: int) -> list[HolidayPlan]:
    return list(HolidayPlan.objects.filter(host_id=host_id).select_related("loaded_by"))


def corrections_of(host_id: int, year: int) -> list[CalendarOverride]:
    """What the CPPCC itself has entered for a year, in order."""
    return list(CalendarOverride.objects.filter(host_id=host_id, day__year=year).select_related("set_by"))


def _read(host_id: int | None) -> WorkCalendar:
    """One query: single days (everybody's first, the host's own win) and the years that were planned."""
    days = (
        CalendarOverride.objects.that_bind(host_id).order_by().values_list("host_id", "day__year", "day", "is_workday")
    )
    no_day = models.Value(None, output_field=models.DateField())
    no_word = models.Value(None, output_field=models.BooleanField())
    own = HolidayPlan.objects.none() if host_id is None else HolidayPlan.objects.filter(host_id=host_id)
    plans = own.order_by().values_list("host_id", "year", no_day, no_word)
    rows = sorted(days.union(plans, all=True), key=lambda row: row[0] or 0)
    overrides = {day: is_worked for _host, _year, day, is_worked in rows if day is not None}
    return WorkCalendar(overrides, frozenset(year for _host, year, day, _word in rows if day is None))
