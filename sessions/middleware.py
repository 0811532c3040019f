"""A screen in the hall asks every two seconds, two hundred phones beside it as well: what has not changed is answered
here, before sessions, cookies, policies and views, from what this process knew half a second ago at most."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from sessions.services.pulse import beat_of

_BEGINS, _ENDS = "/live/", "/now/"


class ScreenMiddleware:
    """Stands first. Answers only whoever names the present version: its tag cannot be guessed without the code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        tag = request.META.get("HTTP_IF_NONE_MATCH")
        if tag is None or not request.path_info.startswith(_BEGINS) or not request.path_info.endswith(_ENDS):
            return self.get_response(request)
        code = request.path_info[len(_BEGINS) : -len(_ENDS)]
        if len(code) != 6 or not code.isascii() or not code.isdigit():
            return self.get_response(request)
        try:
            beat = beat_of(code)
        except DatabaseError:
            return HttpResponse(status=503, headers={"Retry-After": "3", "Cache-Control": "no-store"})
        if beat is None or tag != beat.etag:
            return self.get_response(request)
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
        response.headers["ETag"] = beat.etag
        response.headers["X-Now"] = str(int(beat.clock.timestamp() * 1000))
        return response
