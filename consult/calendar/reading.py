"""Days as people write them: 2027-02-06, 2 月 6 日, and spans of them: 2 月 5 日至 11 日. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from consult.errors import Missing

_DAY = re.compile(r"(?:(?P<year>\d{4})[-年/.])?(?:(?P<month>\d{1,2})[-月/.])?(?P<day>\d{1,2})日?")
_SPAN = re.compile(r"至|到|~|～|—+|–")
#: No holiday is longer; a mistyped month would otherwise take half the year off.
LONGEST_SPAN = 16


def read_days(text: str, year: int, *, field: str) -> list[date]:
    """Every day named in ``text``, one day or span a line (or parted by 、，;); what cannot be read is named."""
    days: list[date] = []
    for piece in re.split(r"[\n、，,；;]+", text):
        words = re.sub(r"[（(].*?[）)]|\s", "", piece)
        if words:
            days += _read_span(words, year, days[-1].month if days else 1, field)
    return sorted(set(days))


def _read_span(words: str, year: int, month: int, field: str) -> list[date]:
    ends = _SPAN.split(words)
    first = _read_day(ends[0], year, month, field, words)
    last = _read_day(ends[1], first.year, first.month, field, words) if len(ends) == 2 else first
    if len(ends) > 2 or not first <= last < first + timedelta(days=LONGEST_SPAN):
        raise _unread(words, field)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _read_day(words: str, year: int, month: int, field: str, whole: str) -> date:
    found = _DAY.fullmatch(words)
    if found is None:
        raise _unread(whole, field)
    try:
        return date(int(found["year"] or year), int(found["month"] or month), int(found["day"]))
    except ValueError:
        raise _unread(whole, field) from None


def _unread(words: str, field: str) -> Missing:
    sentence = _("“%(words)s” is no day; write 2027-02-05 or 2027-02-05 to 2027-02-11.")
    return Missing({field: sentence % {"words": words}})
