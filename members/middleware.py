"""The first password is changed before anything else is done."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class FirstPasswordMiddleware:
    """Pages send to the password page; the API is refused by its own permission (consult.rest)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if request.path.startswith(("/b/", "/static/", "/healthz", "/ui/")):
            return None  # public pages never look at the session
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if request.path in (reverse("members:password"), reverse("members:sign_out")):
            return None
        return redirect("members:password")
