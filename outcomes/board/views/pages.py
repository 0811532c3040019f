"""The pages of the board. Nothing here touches session, cookie or user: one copy is right for everybody."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consult.documents.codes import qr_svg
from consult.files import disk
from consult.files.models import PublicCopy
from consult.files.tiles import FORMATS
from consult.web.keyset import BrokenKey
from outcomes.board import sheets, telling
from outcomes.board.asking import BadQuestion, Question, broken_page
from outcomes.board.frames import Frame, slot
from outcomes.board.listing import choices, draw_rows, read_list, say_corrected, total_of
from outcomes.board.paper import Paper
from outcomes.board.reading import BoardFacts, Hanging, days_left, facts_of, hanging, snapshot_of
from outcomes.board.shelf import frames
from outcomes.board.views.answering import CACHING, answer, name_of, site
from outcomes.models import PublicNotice
from outcomes.services.figures import share
from outcomes.states import PUBLIC_STATES, NoticeKind

GONE, BAD = 410, 400
PHOTO_SIZES = ("full", "tile")
#: How a matter goes, told to who comes here for the first time.
STEPS = (
    (_("Hand in a slip"), _("People say what is wrong, and where.")),
    (_("Members take it up"), _("They go and look, and promise a day.")),
    (_("It is talked over"), _("All whom it concerns sit down together.")),
    (_("Follow-up checks"), _("Somebody else goes to see whether it was done.")),
)


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
        base = site(request)
        name = name_of("home", facts.stamp, base, today, question)
        return answer(request, name, lambda: _home(facts, question, today, base), keep=question.can_be_kept)
    except (BadQuestion, BrokenKey) as error:
        problem = str(error) if isinstance(error, BadQuestion) else broken_page()
        frame = _home_frame(facts, Question(), today, site(request), problem=problem)
        return HttpResponse(frame.fill(listing=""), status=BAD)


@login_not_required
@require_safe
def notice(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """One notice with the whole chain; of what was taken down only number, kind, dates and reason."""
    row, today = _found(code, uuid), timezone.localdate()
    base = site(request)
    name = name_of("notice", row.stamp, sheets.edition(), base, today)
    if row.is_gone:
        return answer(request, name, lambda: _gone(row), status=GONE)
    return answer(request, name, lambda: _detail(row, today, base), keep=False)


@login_not_required
@require_safe
def poster(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """The same on A4, to be hung up in the village."""
    row, today = _found(code, uuid), timezone.localdate()
    address = _address(request, row)
    name = name_of("poster", row.stamp, today, address)
    if row.is_gone:
        return answer(request, name, lambda: _gone(row), status=GONE)
    return answer(request, name, lambda: _poster(row, address))


@login_not_required
@require_safe
def photo(request: HttpRequest, code: str, uuid: UUID, copy: UUID, size: str, format: str) -> HttpResponse:
    """A photo that hangs on this board; of a notice that was taken down there is none.

    The snapshot names the copy that was released; when a face was found on it afterwards, the copy that was released in
    its place is shown under the same address, or nothing.
    """
    rows = PublicNotice.objects.filter(uuid=uuid, host__region_code=code, state__in=PUBLIC_STATES)
    snapshot = rows.values_list("snapshot__notice__photos", flat=True).first()
    named = next((one for one in snapshot or () if one["copy"] == str(copy)), None)
    if named is None or size not in PHOTO_SIZES or format not in FORMATS:
        raise Http404
    shown = (
        PublicCopy.objects.released()
        .filter(attachment__uuid=named["photo"], attachment__removed_at=None)
        .only("uuid", "sha256")
        .first()
    )
    if shown is None:
        raise Http404
    tag = f'"{shown.sha256[:32]}-{size}-{format}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        try:
            data = disk.copy_of(shown.uuid, f"{size}.{format}").read_bytes()
        except OSError as error:
            raise disk.StorageDown from error
        answer = HttpResponse(data, content_type=FORMATS[format])
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["ETag"] = tag
    answer["Cache-Control"] = CACHING
    return answer


@login_not_required
@require_safe
def qr(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """Where the notice hangs, as a drawing that a telephone reads."""
    row = _found(code, uuid)
    address = _address(request, row)
    if row.is_gone:
        return HttpResponse(status=GONE)
    name = name_of("qr", address)
    return answer(request, name, lambda: qr_svg(address).encode(), content_type="image/svg+xml")


def _found(code: str, uuid: UUID) -> Hanging:
    row = hanging(code, uuid)
    if row is None:
        raise Http404
    return row


# pages


def _home(facts: BoardFacts, question: Question, today: date, base: str) -> bytes:
    """The rows of this page in a frame that is the same for all pages of the list."""
    page = read_list(facts, question)
    context = {
        "host": facts,
        "question": question,
        "rows": draw_rows(page.rows, today),
        "next": question.address(after=page.next_key) if page.next_key else "",
        "previous": question.address(before=page.previous_key) if page.previous_key else "",
    }
    return _home_frame(facts, question, today, base).fill(listing=render_to_string("board/_list.html", context))


def _home_frame(facts: BoardFacts, question: Question, today: date, base: str, problem: str = "") -> Frame:
    if question.q or problem:  # asked once
        return _draw_home_frame(facts, question, today, base, problem)
    name = name_of("home frame", facts.stamp, base, today, question.filters)
    return frames.take(name, lambda: _draw_home_frame(facts, question, today, base))


def _draw_home_frame(facts: BoardFacts, question: Question, today: date, base: str, problem: str = "") -> Frame:
    year, figures = facts.figures_of_year(today)
    context = {
        "host": facts,
        "head": telling.head_of_board(facts, base),
        "demo": facts.is_demo,
        "question": question,
        "problem": problem,
        "listing": slot("listing"),
        "total": total_of(facts, question),
        "lists": choices(facts, question),
        "year": year,
        "this_year": year == today.year,
        "today": today,
        "figures": figures,
        "share": share(figures.get("pleased", 0), figures.get("asked", 0), facts.pk),
        "steps": STEPS,
        "track_url": _track_url(),
    }
    return Frame(render_to_string("board/home.html", context))


def _detail(row: Hanging, today: date, base: str) -> bytes:
    """Its sheet in a frame that is the same for all notices of the host."""
    sheet = row.sheet if row.sheet_edition == sheets.edition() else _drawn_again(row)
    since = sheets.Since(days_left(row.state, row.expires_on, today), row.voices, *_correction(row))
    name = name_of("notice frame", row.host, row.host.phone, row.host.code, row.is_demo)
    frame = frames.take(name, lambda: _draw_notice_frame(row))
    return frame.fill(
        title=escape(row.title), head=telling.head_of_notice(row, base), **sheets.fill_sheet(sheet, since)
    )


def _draw_notice_frame(row: Hanging) -> Frame:
    slots = {name: slot(name) for name in ("title", "head", "crumbs", "article", "side")}
    context = {"host": row.host, "code": row.host.code, "demo": row.is_demo, "track_url": _track_url(), **slots}
    return Frame(render_to_string("board/notice.html", context))


def _drawn_again(row: Hanging) -> str:
    """Of a notice whose kept sheet was drawn by older templates."""
    return sheets.draw_sheet(snapshot_of(row), sha256=row.sha256)


def _poster(row: Hanging, address: str) -> bytes:
    paper = Paper(snapshot_of(row), row.voices, sha256=row.sha256)
    corrected, correction_url = _correction(row)
    context = {
        "host": row.host,
        "code": row.host.code,
        "demo": row.is_demo,
        "paper": paper,
        "marks": paper.marks,
        "corrected": corrected,
        "correction_url": correction_url,
        "qr": qr_svg(address),
        "back_url": reverse("board:notice", args=[row.host.code, row.uuid]),
    }
    return render_to_string("board/poster.html", context).encode()


def _correction(row: Hanging) -> tuple[str, str]:
    """已更正，见…号, and the way there."""
    if not row.corrected_by_number:
        return "", ""
    found = PublicNotice.objects.public().filter(corrects=row.pk).values_list("uuid", flat=True).first()
    url = reverse("board:notice", args=[row.host.code, found]) if found else ""
    return say_corrected(row.corrected_by_number), url


def _gone(row: Hanging) -> bytes:
    kind = NoticeKind(row.kind).label
    context = {"host": row.host, "code": row.host.code, "demo": row.is_demo, "notice": row, "kind": kind}
    return render_to_string("board/gone.html", context).encode()


def _address(request: HttpRequest, row: Hanging) -> str:
    """Where a phone finds it."""
    return telling.notice_url(site(request), row.host.code, row.uuid)


def _track_url() -> str:
    """Tracking by receipt, where that page exists."""
    try:
        return reverse("desk:track")
    except NoReverseMatch:
        return ""
