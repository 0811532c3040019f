"""How the values of a chain read on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.web.words import FULL, say_about, say_day, say_money
from outcomes.states import FundsKind, ProductKind
from sessions.states import Level


def day(value: Any) -> str:
    """2021-08-05 as the paper writes a day."""
    found = value if isinstance(value, date) else parse_date(str(value)[:10]) if value else None
    return say_day(found, FULL) if found else str(value or "")


def moment(value: Any) -> str:
    found = value if isinstance(value, datetime) else parse_datetime(str(value))
    return f"{say_day(found.date(), FULL)} {found:%H:%M}" if found else str(value)


def households(value: Any) -> str:
    return say_about(value, unit=pgettext("file", "households"))


def people(value: Any) -> str:
    return say_about(value, unit=pgettext("file", "people"))


def listed(values: Iterable[Any]) -> str:
    return "、".join(str(value) for value in values if value not in (None, ""))


def lines_of(values: Iterable[Any]) -> str:
    return "\n".join(f"{number}. {value}" for number, value in enumerate(values, 1))


def yes_or_no(value: Any) -> str:
    return pgettext("file", "yes") if value else pgettext("file", "no")


def label(choices: Any, key: Any) -> str:
    return str(dict(choices.choices).get(key, key or ""))


def statement(row: dict[str, Any]) -> tuple[str, str]:
    return str(row.get("by", "")), str(row.get("text", ""))


def point(row: dict[str, Any]) -> tuple[str, str]:
    level = label(Level, row.get("level"))
    return str(row.get("number", "")), f"{row.get('text', '')}（{level}）" if level else str(row.get("text", ""))


def progress(row: dict[str, Any]) -> tuple[str, str]:
    spent = f"（{_('spent %(amount)s') % {'amount': say_money(row['spent'])}}）" if row.get("spent") else ""
    return day(row.get("date")), f"{row.get('text', '')}{spent}"


def benefits(rows: list[dict[str, Any]]) -> str:
    return "；".join(f"{row.get('what', '')} {say_about(row.get('amount'), unit=row.get('unit', ''))}" for row in rows)


def products(rows: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{label(ProductKind, row.get('kind'))}《{row.get('title', '')}》\n{row.get('text', '')}".strip()
        for row in rows
    )


def funds(funds: dict[str, Any]) -> str:
    amount = funds.get("amount")
    try:
        told = say_money(amount) if isinstance(amount, dict) else say_money(Decimal(str(amount))) if amount else ""
    except InvalidOperation:
        told = str(amount)
    return "，".join(filter(None, (told, label(FundsKind, funds.get("kind")), funds.get("source"))))


def answers(counts: dict[str, int]) -> str:
    words = pgettext("file", "satisfied %(satisfied)s, basically %(basically)s, not satisfied %(unsatisfied)s")
    return words % {name: counts.get(name, 0) for name in ("satisfied", "basically", "unsatisfied")}
