"""The bar from issue to due date beside each row, as numbers for an SVG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WIDTH = 320
DAYS_BEFORE, DAYS_AFTER = 39, 21
_SCALE = WIDTH / (DAYS_BEFORE + DAYS_AFTER)


@dataclass(frozen=True)
class Month:
    x: float
    number: int


@dataclass(frozen=True)
class Span:
    """A piece of the bar: where it begins, how long it is, what it says."""

    x: float
    width: float
    tone: str


class Scale:
    """Two months around today."""

    def __init__(self, today: date):
        self.today = today
        self.begin = today - timedelta(days=DAYS_BEFORE)
        self.now = self.x(today)

    def x(self, day: date) -> float:
        return round(min(max((day - self.begin).days, 0) * _SCALE, WIDTH), 1)

    @property
    def months(self) -> list[Month]:
        days = (self.begin + timedelta(days=n) for n in range(DAYS_BEFORE + DAYS_AFTER))
        return [Month(self.x(day), day.month) for day in days if day.day == 1]

    def spans(self, row: Any) -> list[Span]:
        """Issue to due date; how far it was last heard of; what runs over."""
        done = row.lateness in ("to_verify", "to_close")
        end = row.last_reply_on if done and row.last_reply_on else row.due_on
        if row.lateness == "finished":
            return [self._span(row.issued_on, row.closed_on or row.moved_on, "song" if row.closed_on else "all")]
        pieces = [self._span(row.issued_on, max(end, row.due_on), "all")]
        if done:
            return [*pieces, self._span(row.issued_on, end, "song")]
        if row.last_progress_on:
            pieces.append(self._span(row.issued_on, row.last_progress_on, "done"))
        if row.lateness == "overdue":
            pieces.append(self._span(row.due_on, self.today, "late"))
        return pieces

    def _span(self, first: date, last: date, tone: str) -> Span:
        x = self.x(first)
        return Span(x, max(round(self.x(last) - x, 1), 2 if last >= self.begin else 0), tone)
