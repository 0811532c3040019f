"""Pages for everybody: the list of boards, and tracking by receipt. No session, no cookie, no token.

Tracking is asked by POST and answered in place: receipt and digits stand in no address, history or log. It changes
nothing but a counter, so it needs no token; and without a token it needs no cookie, which some browsers do not keep.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic import View

from consult.desk.tracking import track
from consult.desk.tracking_counts import SPAN, TooOften, note_miss, note_question
from consult.errors import DomainError
from consult.web.callers import caller_of
from members.models import Organisation
from outcomes.board.reading import all_facts
from topics.services.receipts import ALPHABET, LENGTH

_SPACES = re.compile(r"[\s\-–—.·_]+")


def draw(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Without a request: its context processors would open the session of whoever comes."""
    return HttpResponse(get_template(template).render(context), status=status)


@login_not_required
@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    """Every CPPCC that works with the platform, with the way to its board; one query."""
    hosts = all_facts()
    demo = any(host.is_demo for host in hosts) or getattr(settings, "DEMO", False)
    response = draw("desk/boards.html", {"hosts": hosts, "demo": demo})
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=1, must-revalidate"
    return response


def is_demo() -> bool:
    """Whether some of the CPPCCs here are made up; when nobody can be asked, nothing is said."""
    try:
        return bool(getattr(settings, "DEMO", False)) or Organisation.objects.hosts().filter(is_sample=True).exists()
    except DatabaseError:
        return False


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Track(View):
    """Receipt and the last four digits of the telephone; without a telephone the receipt alone."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response  # type: ignore[return-value]  # Django: HttpResponseBase

    def get(self, request: HttpRequest) -> HttpResponse:
        return draw("track/ask.html", self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        receipt, tail = _plain(request.POST.get("receipt", "")).upper(), _plain(request.POST.get("tail", ""))
        if problems := list(_problems(receipt, tail)):
            return draw("track/ask.html", self._form(receipt, tail, problems), status=422)
        try:
            note_question(caller_of(request), receipt)
            found = track(receipt, tail)
            if found is None:
                note_miss(receipt)
        except DomainError as error:
            return self._refused(error, receipt, tail)
        if found is None:
            return draw("track/ask.html", self._form(receipt, tail, missing=True), status=404)
        return draw("track/matter.html", {"found": found, "host": found.topic.host, "demo": _is_demo(found)})

    def _refused(self, error: DomainError, receipt: str, tail: str) -> HttpResponse:
        response = draw("track/ask.html", self._form(receipt, tail, [("", str(error))]), status=error.status)
        response.headers["Retry-After"] = str(SPAN if isinstance(error, TooOften) else 60)
        return response

    def _form(self, receipt: str = "", tail: str = "", problems: Any = (), missing: bool = False) -> dict[str, Any]:
        words = {"receipt": receipt, "tail": tail, "problems": problems, "at": dict(problems), "missing": missing}
        return {**words, "demo": is_demo()}


def _is_demo(found: Any) -> bool:
    return bool(found.topic.is_sample or found.topic.host.is_sample or getattr(settings, "DEMO", False))


def _plain(typed: str) -> str:
    """Full-width letters, spaces and dashes as people copy them from paper."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", str(typed)[:60]))


def _problems(receipt: str, tail: str) -> Any:
    if not receipt:
        yield "receipt", _("Please fill in the receipt: 10 letters and digits on the paper you were given")
    elif len(receipt) != LENGTH or set(receipt) - set(ALPHABET):
        yield "receipt", _("A receipt has 10 letters and digits, without 0, O, 1 and I. Please check it")
    if tail and not (len(tail) == 4 and tail.isascii() and tail.isdigit()):
        yield "tail", _("Please fill in the last four digits of the telephone, for example 5566")
