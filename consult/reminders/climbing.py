"""Which rungs of its ladder an item stands on today: dates only, no rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from consult.calendar.workdays import WorkCalendar

from .ladder import WEEKLY, Due, Rung


def rungs_to_send(
    due: Due,
    rungs: tuple[Rung, ...],
    *,
    today: date,
    calendar: WorkCalendar,
    settings: Mapping[str, Any],
    weekly: bool = True,
) -> list[tuple[Rung, date]]:
    """The current rung first, then those before it, which were missed if nobody was told of them.

    The look back ends at the recording, however long the outage was: a unit whose +5 fell into it still hears.

    Recorded before it fell due: the last rung whose day has come, unless that day lies before the recording.
    Recorded when it was late already: the rung it stands on now, and none before it.
    """
    if due.recorded_on > today:
        return []  # by the clock of this worker, which has jumped back
    passed = [
        (rung, day)
        for rung, day in _dated(due, rungs, today=today, calendar=calendar, settings=settings, weekly=weekly)
        if day <= today
    ]
    if not passed:
        return []
    current = passed[-1]
    if current[1] < due.recorded_on:
        return [current] if _recorded_late(due) and current[0].offset > 0 else []
    missed = [(rung, day) for rung, day in passed[:-1] if day >= due.recorded_on]
    return [current, *reversed(missed)]


def _recorded_late(due: Due) -> bool:
    return due.recorded_on > due.due_on


def _dated(
    due: Due,
    rungs: tuple[Rung, ...],
    *,
    today: date,
    calendar: WorkCalendar,
    settings: Mapping[str, Any],
    weekly: bool,
) -> Iterator[tuple[Rung, date]]:
    """The rungs in the order of their days, the weekly ones as far as today."""
    moved = sorted((replace(rung, offset=_offset(rung, settings)) for rung in rungs), key=lambda rung: rung.offset)
    last = due.due_on
    for rung in moved:
        last = calendar.add_working_days(due.due_on, rung.offset)
        yield rung, last
    if not weekly or not moved or last > today:
        return
    every = int(settings.get("ladder.weekly_days", 7))
    top = moved[-1].offset
    for n in range(1, (today - last).days // every + 1):
        day = calendar.next_workday(last + timedelta(days=n * every))
        yield Rung(f"{WEEKLY}{n}", top + n, "red", _("Report upwards")), day


def _offset(rung: Rung, settings: Mapping[str, Any]) -> int:
    """The CPPCC's own number of days on the side of the due date where the rung belongs."""
    if not rung.option or rung.option not in settings:
        return rung.offset
    days = int(settings[rung.option])
    return -days if rung.offset < 0 else days
