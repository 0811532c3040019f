"""The first password is changed before anything else is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_OPEN_TO_ALL = {"members:password", "members:sign_out"}


class FirstPasswordMiddleware:
    """Sends to the password page. Public pages are passed by: they never look at the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if not request.user.must_change_password or request.resolver_match.view_name in _OPEN_TO_ALL:
            return None
        return redirect("members:password")
