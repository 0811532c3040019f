"""Counting working days over the published years and a CPPCC's own corrections: pure."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from .years import published

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """``overrides`` says of single days whether they are worked, whatever was published; ``planned`` are the years
    whose plan the CPPCC has entered."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    planned: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        year = published(day.year)
        if day.weekday() >= SATURDAY:
            return day in year.made_up
        return day not in year.days_off

    def add_working_days(self, day: date, count: int) -> date:
        """The day that lies ``count`` working days after (before) ``day``; zero is the day itself, worked or not."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _nth in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``; negative when ``last`` comes first."""
        if last < first:
            return -self.working_days_between(last, first)
        return sum(self.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked, else the first worked day after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def add_months_workday(self, day: date, months: int) -> date:
        """The same day ``months`` later (or the last of that month), moved to the next working day."""
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        month += 1
        last = gregorian.monthrange(year, month)[1]
        return self.next_workday(date(year, month, min(day.day, last)))

    def is_provisional(self, year: int) -> bool:
        """Nobody has said which weekend days are worked: due dates in that year may still move."""
        return not published(year).is_published and year not in self.planned
