"""Dates, numbers and amounts as the pages write them (the rules of UX, «Microcopy»)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from consult.web.states import ALARM, CHECK, CLOCK, LATE

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SOON = 7
_ROUND = {10: "十", 100: "百", 1000: "千", 10_000: "万", 100_000_000: "亿"}
TABLE, PUBLIC, SHORT, FULL = "table", "public", "short", "full"


def weekday(day: datetime.date) -> str:
    return pgettext("weekday", _WEEKDAYS[day.weekday()])


def local_day(value: datetime.date) -> datetime.date:
    """The day in Beijing of a moment, or the day itself."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def say_day(value: datetime.date | None, form: str = TABLE) -> str:
    """11-24 周二 in tables, 11 月 24 日（周二） for the public; another year is named."""
    if value is None:
        return ""
    day = local_day(value)
    this_year = form != FULL and day.year == timezone.localdate().year
    return _say_day(day, form, this_year, get_language())


@lru_cache(maxsize=4096)
def _say_day(day: datetime.date, form: str, this_year: bool, language: str | None) -> str:
    parts = {"year": day.year, "month": day.month, "day": day.day, "mm": f"{day:%m}", "dd": f"{day:%d}"}
    parts["weekday"] = weekday(day)
    if form == TABLE:
        words = "%(mm)s-%(dd)s %(weekday)s" if this_year else "%(year)s-%(mm)s-%(dd)s"
        return words % parts
    if form == PUBLIC and this_year:
        return pgettext("day", "%(month)s/%(day)s (%(weekday)s)") % parts
    if form == PUBLIC:
        return pgettext("day", "%(year)s/%(month)s/%(day)s (%(weekday)s)") % parts
    if this_year:
        return pgettext("day", "%(month)s/%(day)s") % parts
    return pgettext("day", "%(year)s/%(month)s/%(day)s") % parts


def say_time(value: datetime.datetime | datetime.time | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value:%H:%M}"


def say_moment(value: datetime.datetime | None, form: str = TABLE) -> str:
    """今天 18:00, 明天 14:30, 11-24 周二 14:30."""
    if value is None:
        return ""
    away = (local_day(value) - timezone.localdate()).days
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}.get(away)
    return f"{near or say_day(value, form)} {say_time(value)}"


def say_span(start: datetime.date, end: datetime.date | None, form: str = PUBLIC) -> str:
    """11 月 19 日（周四）14:30 至 16:30; whole days without a time."""
    if not isinstance(start, datetime.datetime):
        return _days(start, end, form)
    words = f"{say_day(start, form)} {say_time(start)}"
    if not isinstance(end, datetime.datetime):
        return words
    close = say_time(end) if local_day(start) == local_day(end) else f"{say_day(end, form)} {say_time(end)}"
    return gettext("%(start)s to %(end)s") % {"start": words, "end": close}


def _days(start: datetime.date, end: datetime.date | None, form: str) -> str:
    if end is None or end == start:
        return say_day(start, form)
    return gettext("%(start)s to %(end)s") % {"start": say_day(start, form), "end": say_day(end, form)}


class Due(NamedTuple):
    """A time limit as it reads today."""

    text: str
    tone: str
    icon: str


def read_due(due: Any, done: Any = None, *, form: str = TABLE, today: datetime.date | None = None) -> Due:
    """还有 2 天, 今天到期, 超期 5 天; for what is done 提前 2 天, 按期 or 超期 3 天. Calendar days."""
    if due is None:
        return Due(gettext("no time limit"), "", "")
    due = local_day(due)
    if done is not None:
        spare = (due - local_day(done)).days
        if spare > 0:
            return Due(gettext("%(days)s days early") % {"days": spare}, "song", CHECK)
        if spare == 0:
            return Due(gettext("on time"), "song", CHECK)
        return Due(str(LATE.text) % {"days": -spare}, "zhe", ALARM)
    left = (due - (today or timezone.localdate())).days
    if left < 0:
        return Due(str(LATE.text) % {"days": -left}, "zhu", ALARM)
    if left == 0:
        return Due(gettext("due today"), "zhe", CLOCK)
    if left == 1:
        return Due(gettext("due tomorrow"), "zhe", CLOCK)
    if left <= SOON:
        return Due(gettext("%(days)s days left") % {"days": left}, "zhe", CLOCK)
    return Due(say_day(due, form), "", "")


def say_number(value: Any) -> str:
    """412, 3.5; no thousands commas, no trailing zeros."""
    if isinstance(value, Decimal | float):
        value = Decimal(str(value))
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def say_about(value: Any, kind: str = "", unit: str = "") -> str:
    """As printed: 1000 余户 (over), 近千户 (under), 近 900 户; exact numbers plainly."""
    if isinstance(value, Mapping):
        value, kind = value.get("n"), value.get("about") or kind
    if value is None or value == "":
        return ""
    number = say_number(value)
    if kind == "over":
        return pgettext("number", "more than %(number)s %(unit)s") % {"number": number, "unit": unit}
    if kind == "under":
        if value in _ROUND:
            return pgettext("round number", "nearly %(number)s%(unit)s") % {"number": _ROUND[value], "unit": unit}
        return pgettext("number", "nearly %(number)s %(unit)s") % {"number": number, "unit": unit}
    return f"{number} {unit}".strip()


def say_money(yuan: Any, kind: str = "") -> str:
    """12.5 万元 from ten thousand on, 元 below."""
    if isinstance(yuan, Mapping):
        yuan, kind = yuan.get("n"), yuan.get("about") or kind
    if yuan is None or yuan == "":
        return ""
    amount = Decimal(str(yuan))
    if abs(amount) >= 10_000:
        return say_about(amount / 10_000, kind, gettext("10,000 yuan"))
    return say_about(amount, kind, gettext("yuan"))
