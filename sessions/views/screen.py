"""投屏 for whoever has the code: no account, no personal data, and an answer that costs nothing when nothing changed.

A screen asks every two seconds. What has not changed is answered by ``sessions.middleware.ScreenMiddleware`` before
anything else runs; what has changed is drawn once per process.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from consult.documents import qr_svg
from consult.errors import DomainError
from consult.web.callers import caller_of
from sessions import services
from sessions.services.pulse import Beat
from sessions.services.tries import SPAN
from sessions.views import sign_in as plain

COOKIE, SALT = "screen", "sessions.screen.opened"
OPENED_FOR = 24 * 3600


def draw(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The same for everybody; the code in the address is told to no other site."""
    response = plain.draw(template, context, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def refused(error: DomainError) -> HttpResponse:
    response = draw("live/ask.html", {"refusal": error}, status=error.status)
    response.headers["Retry-After"] = str(SPAN)
    return response


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class AskCode(View):
    """The short address: type the six figures."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return draw("live/ask.html", {})

    def post(self, request: HttpRequest) -> HttpResponse:
        code = "".join(sign for sign in request.POST.get("code", "") if sign.isascii() and sign.isdigit())[:7]
        if len(code) != 6:
            return draw("live/ask.html", {"wrong": "length", "code": code}, status=422)
        return HttpResponseRedirect(reverse("live:screen", args=[code]))


class ScreenView(View):
    """What both the page and its refresh need: the code opens the session, or a wrong try is counted."""

    http_method_names = ["get", "head"]
    code = ""

    def find(self, request: HttpRequest) -> Beat | None:
        caller = caller_of(request)
        if not self._opened_before(request):
            services.refuse_guessing(caller)
        beat = services.beat_of(self.code)
        if beat is None:
            services.note_miss(caller)
        return beat

    def _opened_before(self, request: HttpRequest) -> bool:
        """In the hall many stand behind one address: whoever had the right code is not shut out by others' wrong ones.
        The cookie lets in nobody: the code must still open the session."""
        try:
            opened = signing.get_cookie_signer(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""), max_age=OPENED_FOR)
        except signing.BadSignature:
            return False
        return opened == self.code

    def body(self, request: HttpRequest, beat: Beat) -> bytes:
        """The contents, drawn once for all who look."""
        host = request.get_host(), request.is_secure()
        if host not in beat.bodies:
            with beat.drawing:
                if host not in beat.bodies:
                    beat.bodies[host] = self._draw(request, beat).encode()
        return beat.bodies[host]

    def _draw(self, request: HttpRequest, beat: Beat) -> str:
        session = services.open_screen(self.code)
        if session is None:
            return ""
        contents = services.screen_contents(session, beat.clock)
        link = contents["sign_in_link"]
        qr = qr_svg(request.build_absolute_uri(link)) if link else ""
        return render_to_string("live/_screen.html", {**contents, "qr": qr, "at": beat.clock})


@method_decorator(login_not_required, name="dispatch")
class Screen(ScreenView):
    """The page of the screen; without scripts it reloads itself."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        self.code = code
        try:
            beat = self.find(request)
        except DomainError as error:
            return refused(error)
        if beat is None:
            return draw("live/ask.html", {"wrong": "code"}, status=404)
        body = self.body(request, beat).decode()
        # Made by our own template a moment ago; every value in it is escaped there.
        body = mark_safe(body)  # noqa: S308
        context = {"body": body, "code": code, "etag": beat.etag, "now": beat.clock, "beat": beat}
        response = draw("live/screen.html", context)
        sealed = signing.get_cookie_signer(salt=SALT).sign(code)
        response.set_cookie(
            COOKIE,
            sealed,
            max_age=OPENED_FOR,
            path=reverse("live:ask"),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response


@method_decorator(login_not_required, name="dispatch")
class Now(ScreenView):
    """The contents alone, with their version."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        self.code = code
        try:
            beat = self.find(request)
        except DomainError as error:
            return HttpResponse(str(error), status=error.status, headers={"Retry-After": str(SPAN)})
        if beat is None:
            return HttpResponse(status=404, headers={"Cache-Control": "no-store"})
        response = HttpResponse(self.body(request, beat))
        response.headers["ETag"] = beat.etag
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Now"] = str(int(beat.clock.timestamp() * 1000))
        return response
