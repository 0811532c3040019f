"""The pages of the board. Nothing here touches session, cookie or user: one copy is right for everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consult.documents.codes import qr_svg
from consult.web.keyset import BrokenKey
from outcomes.board.asking import BadQuestion, Question, broken_page
from outcomes.board.listing import choices, drawn_rows, read_list, say_corrected, total_of
from outcomes.board.paper import Paper, share_of
from outcomes.board.reading import BoardFacts, days_left, facts_of
from outcomes.board.shelf import shelf
from outcomes.models import PublicNotice
from outcomes.states import BOARD_STATES, NoticeKind, NoticeState

GONE, BAD = 410, 400
#: Whoever keeps a copy asks again after a second, so that what was taken down is gone at once.
CACHING = "public, max-age=0, s-maxage=1, must-revalidate"
#: How a matter goes, told to who comes here for the first time.
STEPS = (
    (_("Hand in a slip"), _("People say what is wrong, and where.")),
    (_("Members take it up"), _("They go and look, and promise a day.")),
    (_("It is talked over"), _("All whom it concerns sit down together.")),
    (_("Follow-up checks"), _("Somebody else goes to see whether it was done.")),
)
_HOST = ("host__name", "host__phone", "host__region_code", "host__is_sample")
_ROW = ("uuid", "state", "kind", "number", "posted_on", "expires_on", "withdrawn_on", "reason", "sha256")
_AFTERWARDS = ("corrected_by_number", "voices", "is_sample")


@login_not_required
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The board of one CPPCC: figures, search, filters, notices."""
    facts = facts_of(code)
    if facts is None:
        raise Http404
    today = timezone.localdate()
    try:
        question = Question.read(request.GET)
        name = _name("home", facts.stamp, today, question)
        return _answer(request, name, lambda: _home(facts, question, today), keep=question.can_be_kept)
    except (BadQuestion, BrokenKey) as error:
        problem = str(error) if isinstance(error, BadQuestion) else broken_page()
        return HttpResponse(_home(facts, Question(), today, problem=problem), status=BAD)


@login_not_required
@require_safe
def notice(request: HttpRequest, code: str, uuid: Any) -> HttpResponse:
    """One notice with the whole chain; of what was taken down only number, kind, dates and reason."""
    return _notice(request, code, uuid, "board/notice.html")


@login_not_required
@require_safe
def poster(request: HttpRequest, code: str, uuid: Any) -> HttpResponse:
    """The same on A4, to be hung up in the village."""
    return _notice(request, code, uuid, "board/poster.html")


def _notice(request: HttpRequest, code: str, uuid: Any, template: str) -> HttpResponse:
    row = _row(code, uuid)
    today = timezone.localdate()
    address = _address(request, row)
    facts = (row.host.name, row.host.phone, row.host.is_sample, row.state, row.corrected_by_number, row.voices)
    name = _name(template, row.uuid, row.sha256, row.reason, today, address, *facts)
    if row.state == NoticeState.WITHDRAWN:
        return _answer(request, name, lambda: _gone(row), status=GONE)
    return _answer(request, name, lambda: _detail(row, template, address, today))


def _row(code: str, uuid: Any) -> PublicNotice:
    """A notice of this board, without what only its page needs; anything that is not posted is not there."""
    rows = PublicNotice.objects.filter(uuid=uuid, host__region_code=code, state__in=BOARD_STATES)
    row = rows.select_related("host").only(*_ROW, *_AFTERWARDS, *_HOST).first()
    if row is None:
        raise Http404
    return row


# pages


def _home(facts: BoardFacts, question: Question, today: date, problem: str = "") -> bytes:
    page = read_list(facts, question) if not problem else None
    year, figures = facts.figures_of_year(today)
    return _draw(
        "board/home.html",
        {
            "host": facts,
            "demo": facts.is_demo,
            "question": question,
            "problem": problem,
            "rows": list(drawn_rows(page.rows, today)) if page else [],
            "next": question.address(after=page.next_key) if page and page.next_key else "",
            "previous": question.address(before=page.previous_key) if page and page.previous_key else "",
            "total": total_of(facts, question),
            "lists": choices(facts, question),
            "year": year,
            "this_year": year == today.year,
            "today": today,
            "figures": figures,
            "share": share_of(figures.get("pleased", 0), figures.get("asked", 0)),
            "steps": STEPS,
            "track_url": _track_url(),
        },
    )


def _detail(row: PublicNotice, template: str, address: str, today: date) -> bytes:
    snapshot = PublicNotice.objects.filter(pk=row.pk).values_list("snapshot", flat=True).get()
    paper = Paper(snapshot, row.voices, sha256=row.sha256)
    return _draw(
        template,
        {
            **_surroundings(row),
            "paper": paper,
            "marks": paper.marks,
            "left": days_left(row.state, row.expires_on, today),
            **_correction(row),
            "qr": qr_svg(address),
            "back_url": reverse("board:notice", args=[row.host.region_code, row.uuid]),
            "track_url": _track_url(),
        },
    )


def _correction(row: PublicNotice) -> dict[str, str]:
    """已更正，见…号, with the way there."""
    if not row.corrected_by_number:
        return {}
    found = PublicNotice.objects.public().filter(corrects=row.pk).values_list("uuid", flat=True).first()
    url = reverse("board:notice", args=[row.host.region_code, found]) if found else ""
    return {"corrected": say_corrected(row.corrected_by_number), "correction_url": url}


def _gone(row: PublicNotice) -> bytes:
    return _draw("board/gone.html", {**_surroundings(row), "kind": NoticeKind(row.kind).label})


def _surroundings(row: PublicNotice) -> dict[str, Any]:
    return {
        "host": row.host,
        "code": row.host.region_code,
        "demo": row.host.is_sample or row.is_sample or getattr(settings, "DEMO", False),
        "notice": row,
    }


def _address(request: HttpRequest, row: PublicNotice) -> str:
    """Where a phone finds it: the address the office has named, else the one that was asked."""
    base = getattr(settings, "PUBLIC_URL", "").rstrip("/") or f"{request.scheme}://{request.get_host()}"
    return f"{base}{reverse('board:notice', args=[row.host.region_code, row.uuid])}"


def _track_url() -> str:
    """Tracking by receipt, where that page exists."""
    try:
        return reverse("desk:track")
    except NoReverseMatch:
        return ""


# answering


def _draw(template: str, context: dict[str, Any]) -> bytes:
    # Without a request: its context processors would open the session of whoever comes.
    return get_template(template).render(context).encode()


@cache
def _edition() -> str:
    """Of templates and style sheets: after an update no browser is told that it knows the page already."""
    digest = hashlib.blake2s(static("css/public.css").encode(), digest_size=8)
    for path in sorted((settings.BASE_DIR / "templates").glob("**/*.html")):
        if path.parent.name == "board" or path.name in ("base.html", "public_base.html", "print_base.html"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _name(*facts: Any) -> str:
    """What a copy is called: nothing a page shows can change without its name."""
    told = "\x1f".join(map(str, (_edition(), get_language(), *facts)))
    return hashlib.blake2s(told.encode(), digest_size=16).hexdigest()


def _answer(
    request: HttpRequest, name: str, draw: Callable[[], bytes], *, status: int = 200, keep: bool = True
) -> HttpResponse:
    etag = f'"{name}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(shelf.take(name, draw) if keep else draw(), status=status)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHING
    return response
