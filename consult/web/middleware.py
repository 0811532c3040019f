"""The last net: a refusal that no view turned into an answer, and a fragment asked for after signing out."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from consult.errors import DomainError
from consult.web.trouble import answer


class RefusalMiddleware:
    """A DomainError is an answer, not a failure of the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.headers.get("HX-Request") == "true" and _leads_to_sign_in(response):
            # htmx would follow and put the sign-in page into the middle of a page with something typed in it.
            return HttpResponse(status=401, headers={"Vary": "HX-Request"})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError) and not request.path.startswith("/api/"):
            return answer(request, exception)
        return None


def _leads_to_sign_in(response: HttpResponseBase) -> bool:
    location = response.headers.get("Location", "") if response.status_code == 302 else ""
    return location.partition("?")[0] == resolve_url(settings.LOGIN_URL)
