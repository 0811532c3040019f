"""Refusals outside a form, as pages: 400, 403 and 409 with the sentence of the error and one way on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consult.errors import DomainError

_PAGES = {400: "400.html", 403: "403.html", 409: "409.html"}


def answer(request: HttpRequest, error: DomainError, **context: Any) -> HttpResponse:
    """The page of a refusal; to htmx a note with the same sentence and the same status."""
    fragment = request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
    template = "ui/_refusal.html" if fragment else _PAGES.get(error.status, "409.html")
    return render(request, template, {"refusal": error, "sentence": str(error), **context}, status=error.status)
