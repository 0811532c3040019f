"""``{% load chain %}``: 示例 beside each value of a chain that no source gives, and the words of its keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from consult.web import words
from outcomes.states import AssignmentState, Effect, FundsKind, Method, NoticeKind, ProductKind, ReplyClass
from sessions.states import Level, SessionForm, VenueKind
from topics.states import PartyCategory, Source

register = template.Library()

_CHOICES: dict[str, Any] = {
    "kind": NoticeKind,
    "form": SessionForm,
    "venue": VenueKind,
    "level": Level,
    "category": PartyCategory,
    "source": Source,
    "effect": Effect,
    "product": ProductKind,
    "funds": FundsKind,
    "class": ReplyClass,
    "method": Method,
    "assignment": AssignmentState,
}


@register.simple_tag(takes_context=True)
def sample_at(context: Any, *steps: Any) -> SafeString:
    """``{% sample_at "assignments" n "matter" %}``: the mark, when this value (or a part of it) is a sample."""
    marks = context.get("marks")
    if not marks or not marks.covers(".".join(str(step) for step in steps)):
        return SafeString("")
    return format_html(
        '<span class="zb-sample" title="{}">{}</span>',
        gettext("Made up for the demonstration"),
        gettext("sample"),
    )


@register.filter
def says(key: str, what: str) -> str:
    """The words of a key of the case format: ``"agreed"|says:"level"``."""
    try:
        return str(_CHOICES[what](key).label)
    except ValueError:
        return key


@register.filter
def say_all(keys: Iterable[str], what: str) -> str:
    return "、".join(says(key, what) for key in keys)


@register.filter
def iso_day(value: Any) -> str:
    """A day of a snapshot (ISO, or a date) with its year: what is posted is read for years."""
    return words.say_day(as_day(value), words.FULL)


@register.filter
def iso_short(value: Any) -> str:
    return words.say_day(as_day(value), words.SHORT)


@register.filter
def iso_time(value: Any) -> str:
    """2021-01-20T09:30 -> 9:30"""
    return datetime.fromisoformat(value).strftime("%H:%M") if value else ""


def as_day(value: Any) -> date | None:
    if not value:
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


@register.filter
def early(due: Any, done: Any) -> str:
    """提前 2 天, 按期, 超期 3 天"""
    return words.read_due(as_day(due), as_day(done)).text if due and done else ""


@register.filter
def early_tone(due: Any, done: Any) -> str:
    return words.read_due(as_day(due), as_day(done)).tone if due and done else ""
