"""The board for programs: a feed, a calendar, maps of its addresses."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from outcomes.board import telling
from outcomes.board.asking import BadQuestion, Question
from outcomes.board.reading import BoardFacts, all_facts, facts_of
from outcomes.board.views.answering import answer, name_of, site

ATOM, CALENDAR, XML = "application/atom+xml; charset=utf-8", "text/calendar; charset=utf-8", "application/xml"


def _facts(code: str) -> BoardFacts:
    facts = facts_of(code)
    if facts is None:
        raise Http404
    return facts


@login_not_required
@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """What is new on the board, for a newsreader; filters as in the list."""
    facts, base = _facts(code), site(request)
    try:
        question = Question.read(request.GET)
    except BadQuestion as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    name = name_of("feed", facts.stamp, base, question.filters)
    draw = lambda: telling.draw_feed(facts, question, base)  # noqa: E731  drawn only where nobody has it
    return answer(request, name, draw, keep=question.can_be_kept, content_type=ATOM)


@login_not_required
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Announced sessions, for a calendar."""
    facts, base = _facts(code), site(request)
    name = name_of("calendar", facts.stamp, base, timezone.localdate())
    return answer(request, name, lambda: telling.draw_calendar(facts, base), content_type=CALENDAR)


@login_not_required
@require_safe
def sitemap(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Where everything of a year hangs."""
    facts, base = _facts(code), site(request)
    if str(year) not in facts.totals.get("years", {}):
        raise Http404
    name = name_of("sitemap", facts.stamp, base, year)
    return answer(request, name, lambda: telling.draw_sitemap(facts, year, base), keep=False, content_type=XML)


@login_not_required
@require_safe
def sitemaps(request: HttpRequest) -> HttpResponse:
    """The maps of all boards."""
    base, boards = site(request), all_facts()
    name = name_of("sitemaps", base, *(facts.stamp for facts in boards))
    return answer(request, name, lambda: telling.draw_sitemaps(boards, base), keep=False, content_type=XML)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search machines read boards, and nothing else of this house."""
    rows = ["User-agent: *", "Allow: /$", "Allow: /b/", "Allow: /static/", "Disallow: /"]
    rows.append(f"Sitemap: {site(request)}/sitemap.xml")
    text = "\n".join(rows) + "\n"
    return answer(request, name_of("robots", text), lambda: text.encode(), content_type="text/plain; charset=utf-8")
