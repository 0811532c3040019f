"""Signing in asked only where it is needed; refusals that no view answered; fragments asked for after signing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from consult.errors import DomainError
from consult.web.trouble import answer


class SignInMiddleware(LoginRequiredMiddleware):
    """Closed by default. Django's own looks at the reader first, which opens the session of every visitor of a
    public page and tells caches that the page is his alone."""

    def process_view(self, request: Any, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


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
