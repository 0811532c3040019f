"""The list as it reads today: rows in one query, years between them, and the choices beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consult.web import drawing, words
from consult.web.keyset import KeysetPage, read_page
from outcomes.board.asking import Question
from outcomes.board.reading import COLUMNS, BoardFacts, days_left, rows_of
from outcomes.services.notices.rows import NOW
from outcomes.states import PUBLIC_STATES, NoticeKind, NoticeState

ORDER = ("-posted_on", "-pk")
PAGE_SIZE = 20
TOWNSHIPS_SHOWN = 12


def asked_rows(facts: BoardFacts, question: Question) -> Any:
    """What the visitor asks for, unordered."""
    rows = rows_of(facts)
    if question.kind:
        rows = rows.filter(kind=question.kind)
    if question.year:
        rows = rows.posted_in(int(question.year))
    if question.township:
        rows = rows.in_township(question.township)
    if question.q:
        rows = rows.public().matching(question.q)
    return rows


def read_list(facts: BoardFacts, question: Question) -> KeysetPage:
    """One page of rows; one query."""
    rows = asked_rows(facts, question).values_list(*COLUMNS, named=True)
    return read_page(rows, ORDER, PAGE_SIZE, after=question.after, before=question.before)


def draw_rows(rows: list[Any], today: date) -> SafeString:
    """All rows as HTML; where the year changes, it is said."""
    return mark_safe("\n".join(_drawn(rows, today)))  # noqa: S308  rendered by our templates at posting


def _drawn(rows: list[Any], today: date) -> Iterator[str]:
    year = today.year
    for row in rows:
        if row.posted_on.year != year:
            year = row.posted_on.year
            yield format_html('<li class="bd-year">{}</li>', _("%(year)s") % {"year": year})
        yield f"<li>{draw_row(row, today)}</li>"


def draw_row(row: Any, today: date) -> str:
    """Of what was taken down: number, kind, dates, reason."""
    if row.state not in PUBLIC_STATES:
        return format_html(
            '<div class="d"><span>{}</span><b>{}</b></div><div><div class="w"><span>{}</span><span>{}</span></div>'
            '<p class="bd-gone">{}</p><p>{}</p></div>',
            _("month %(month)s") % {"month": row.posted_on.month},
            f"{row.posted_on:%d}",
            row.number,
            NoticeKind(row.kind).label,
            _("Taken down on %(day)s") % {"day": words.say_day(row.withdrawn_on, words.FULL)},
            _("Reason: %(reason)s") % {"reason": row.reason},
        )
    now = draw_now(row.state, row.expires_on, row.corrected_by_number, today, get_language())
    return row.row_html.replace(NOW, now, 1)


@lru_cache(maxsize=1024)
def draw_now(state: str, expires_on: date, corrected_by: str, today: date, language: str) -> str:
    """How long it still hangs, and whether another number has corrected it; most rows of a day say the same."""
    left = days_left(state, expires_on, today)
    drawn = drawing.draw_badge("notice", NoticeState.POSTED if left is not None else NoticeState.EXPIRED)
    if left is not None:
        drawn += format_html("<span>{}</span>", say_left(left, expires_on))
    if corrected_by:
        drawn += format_html('<span class="zhu">{}</span>', say_corrected(corrected_by))
    return drawn


def say_left(left: int, expires_on: date) -> str:
    """还剩 6 天，11 月 24 日止"""
    day = words.say_day(expires_on, words.SHORT)
    if left == 0:
        return _("last day today")
    return ngettext("%(left)s day left, until %(day)s", "%(left)s days left, until %(day)s", left) % {
        "left": left,
        "day": day,
    }


def say_corrected(number: str) -> str:
    """已更正，见…号"""
    return _("Corrected, see %(number)s") % {"number": number}


def choices(facts: BoardFacts, question: Question) -> list[dict[str, Any]]:
    """The lists beside the rows, with counts kept at posting; the chosen one is marked."""
    totals = facts.totals
    counted = totals.get("kinds", {})
    kinds = [(kind, NoticeKind(kind).label, counted.get(kind, 0)) for kind in NoticeKind.values]
    years = [(year, year, n) for year, n in sorted(totals.get("years", {}).items(), reverse=True)]
    townships = [(code, entry.get("name", code), entry["n"]) for code, entry in totals.get("townships", {}).items()]
    townships.sort(key=lambda entry: -entry[2])
    lists = (
        (_("What is posted"), "kind", kinds),
        (_("Which township"), "township", townships),
        (_("Which year"), "year", years),
    )
    return [
        {"label": label, "links": _links(name, found, facts, question)}
        for label, name, found in lists
        if any(n for _value, _label, n in found)
    ]


def _links(name: str, found: list[tuple[str, Any, int]], facts: BoardFacts, question: Question) -> list[dict[str, Any]]:
    now = getattr(question, name)
    links = [{"url": question.address(**{name: ""}), "label": _("All"), "n": facts.totals.get("all", 0), "on": not now}]
    return links + [
        {"url": question.address(**{name: value}), "label": label, "n": n, "on": value == now}
        for value, label, n in found
        if n
    ]


def total_of(facts: BoardFacts, question: Question) -> int | None:
    """How many rows the list has, where a counter says so: nobody counts rows for a page."""
    filters = question.filters
    if not filters:
        return facts.totals.get("all", 0)
    if len(filters) > 1 or question.q:
        return None
    ((name, value),) = filters.items()
    found = facts.totals.get({"kind": "kinds", "year": "years", "township": "townships"}[name], {}).get(value, 0)
    return found["n"] if isinstance(found, dict) else found
