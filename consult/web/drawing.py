"""The small signs of the design as HTML: icons, badges, marks, rulers. No inline style: the policy refuses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from consult.web import words
from consult.web.states import Sign, sign

SLIPS = "点接解查"
RUNGS = "提催督报"
SLIP_NAMES = (
    gettext_lazy("residents hand in"),
    gettext_lazy("members take up"),
    gettext_lazy("consultation settles"),
    gettext_lazy("follow-up checks"),
)
# The nine steps of a formal consultation under the four slips.
NINE = (
    (pgettext_lazy("slip", "Hand in"), (pgettext_lazy("nine", "Call"), pgettext_lazy("nine", "Screen"))),
    (pgettext_lazy("slip", "Take up"), (pgettext_lazy("nine", "Prepare"),)),
    (pgettext_lazy("slip", "Settle"), (pgettext_lazy("nine", "Consult"), pgettext_lazy("nine", "Minutes"))),
    (
        pgettext_lazy("slip", "Check"),
        (
            pgettext_lazy("nine", "Assign"),
            pgettext_lazy("nine", "Carry out"),
            pgettext_lazy("nine", "Evaluate"),
            pgettext_lazy("nine", "Post"),
        ),
    ),
)
DONE = 5


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("icons.svg")


@lru_cache(maxsize=256)
def draw_icon(name: str, label: str = "") -> SafeString:
    if not name:
        return SafeString("")
    if label:
        return format_html(
            '<svg class="bi" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, _sprite(), name
        )
    return format_html('<svg class="bi" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


def draw_badge(noun: str, state: str, shade: str = "") -> SafeString:
    return _badge(noun, str(state), str(shade or ""), get_language())


@lru_cache(maxsize=512)
def _badge(noun: str, state: str, shade: str, language: str) -> SafeString:
    return draw_sign(sign(noun, state, shade))


def draw_sign(shown: Sign, **params: Any) -> SafeString:
    text = str(shown.text) % params if params else str(shown.text)
    return format_html('<span class="zb-badge {}">{}{}</span>', shown.tone, draw_icon(shown.icon), text)


def draw_due(limit: Any, done: Any, form: str, badge: bool) -> SafeString:
    return _due(limit, done, form, badge, timezone.localdate(), get_language())


@lru_cache(maxsize=2048)
def _due(limit: Any, done: Any, form: str, badge: bool, today: Any, language: str) -> SafeString:
    read = words.read_due(limit, done, form=form, today=today)
    return format_html(
        '<span class="{} {}" title="{}">{} {}</span>',
        "zb-badge" if badge else "zb-due",
        read.tone,
        words.say_day(limit, words.FULL),
        draw_icon(read.icon),
        read.text,
    )


def draw_marks(position: int, size: str = "") -> SafeString:
    return _marks(position, size, get_language())


@lru_cache(maxsize=64)
def _marks(position: int, size: str, language: str) -> SafeString:
    squares = []
    for number, character in enumerate(SLIPS, 1):
        tone = "d" if number < abs(position) or position == -number else "k" if number == position else ""
        squares.append((mark_safe(f' class="{tone}"') if tone else "", character))  # noqa: S308
    whole = " all" if position >= DONE else ""
    return format_html(
        '<span class="zb-marks{}{}" role="img" aria-label="{}">{}</span>',
        whole,
        f" {size}" if size else "",
        say_position(position),
        format_html_join("", "<i{}>{}</i>", squares),
    )


def say_position(position: int) -> str:
    """四单进度：第 3 单，协商解单"""
    if position >= DONE:
        return gettext("Four slips: all done")
    if position < 0:
        return gettext("Four slips: ended at slip %(number)s, %(name)s") % _named(-position)
    return gettext("Four slips: slip %(number)s, %(name)s") % _named(position)


def _named(position: int) -> dict[str, Any]:
    return {"number": position, "name": SLIP_NAMES[position - 1]}


def draw_mark(character: str, tone: str = "") -> SafeString:
    return format_html('<span class="zb-mark1 {}" aria-hidden="true">{}</span>', tone, character)


def draw_urge(reached: str) -> SafeString:
    """督办四步: the rungs climbed so far, the last one current; nothing reached is four outlines."""
    at = RUNGS.find(reached) + 1 if reached else 0
    squares = []
    for number, character in enumerate(RUNGS, 1):
        # The first rung is a reminder, not a reproach: it stays ink.
        tone = "k" if number == at and number > 1 else "d" if number <= at else ""
        squares.append((tone, character))
    label = gettext("Urging: %(rung)s") % {"rung": reached} if at else gettext("Urging: not begun")
    return format_html(
        '<span class="zb-urge" role="img" aria-label="{}">{}</span>',
        label,
        format_html_join("", '<i class="{}">{}</i>', squares),
    )


def draw_nine(step: int, skipped: Iterable[int] = (), reason: str = "") -> SafeString:
    """九步尺: steps before ``step`` are done, 10 is all done; a skipped step is struck through with its reason."""
    left_out = set(skipped)
    groups, number = [], 0
    for name, steps in NINE:
        items = []
        for title in steps:
            number += 1
            items.append(_nine_item(number, title, step, reason if number in left_out else None))
        groups.append((len(steps), name, mark_safe("".join(items))))  # noqa: S308
    return format_html(
        '<ol class="zb-nine" aria-label="{}">{}</ol>',
        gettext("The nine steps"),
        format_html_join("", '<li class="n{}"><span class="g">{}</span><ol>{}</ol></li>', groups),
    )


def _nine_item(number: int, title: Any, step: int, reason: str | None) -> SafeString:
    if reason is not None:
        why = gettext("left out: %(reason)s") % {"reason": reason} if reason else gettext("left out")
        return format_html('<li class="x" title="{}">{}<span class="zb-vh">（{}）</span></li>', why, title, why)
    if number == step:
        return format_html('<li class="k" aria-current="step">{}</li>', title)
    if number < step:
        return format_html('<li class="d">{}<span class="zb-vh">（{}）</span></li>', title, gettext("done"))
    return format_html("<li>{}</li>", title)


def draw_loop(steps: Sequence[Mapping[str, Any]], current: int = DONE, back: bool = False) -> SafeString:
    """四单流程: title and lines of fact for each of the four slips; all done, the last one is green."""
    items = []
    for number, (character, step) in enumerate(zip(SLIPS, steps, strict=False), 1):
        tone = "s" if current >= DONE and number == len(SLIPS) else "d" if number < current else ""
        tone = "k" if number == current else tone
        lines = format_html_join("", "<span>{}</span>", ((line,) for line in step.get("lines", ()) if line))
        items.append((tone, character, step.get("title") or SLIP_NAMES[number - 1], lines))
    drawn = format_html(
        '<ol class="zb-loop">{}</ol>',
        format_html_join("", '<li class="{}"><span class="sq" aria-hidden="true">{}</span><b>{}</b>{}</li>', items),
    )
    if not back:
        return drawn
    words = gettext("When residents are not satisfied, it goes back")
    return format_html('{}<div class="zb-back"><span>{}</span></div>', drawn, words)


def draw_meter(percent: Any, tone: str = "", label: str = "", size: str = "") -> SafeString:
    """A bar; its width is an attribute of SVG, for the policy refuses inline style."""
    share = max(0.0, min(100.0, float(percent or 0)))
    text = f"{share:g}%"
    return format_html(
        '<svg class="zb-meter {} {}" role="img" aria-label="{}"><rect width="{}" height="100%"/></svg>',
        tone,
        size,
        label or text,
        text,
    )
