"""Pages: a form with ``{% once %}`` is answered in one transaction, and its twin gets the stored answer."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consult.errors import DomainError, LostRace
from consult.idempotency.failpoints import failpoint
from consult.idempotency.models import StoredAnswer
from consult.idempotency.services import InFlight, KeyInFlight, Mismatch, Started, Stored, begin, finish, owner_of

FIELD = "_once"
_OTHER_FIELDS = {FIELD, "csrfmiddlewaretoken"}
_WAIT = 10.0  # seconds: the twin of a double click gets the answer of the first
_LARGEST = 1_000_000
_UNSTORED = {"set-cookie", "content-length", "date", "server", "vary", "content-security-policy"}


class OnceMiddleware:
    """After sign-in and before the view. Requests without the field pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get(FIELD) if request.method == "POST" else None
        if not key or not _is_uuid(key):
            return self.get_response(request)
        response, had_effect = self._answer(request, key)
        if had_effect:
            failpoint("after_commit")
        return response

    def _answer(self, request: HttpRequest, key: str) -> tuple[HttpResponse, bool]:
        """The answer, and whether something was done for it just now."""
        with transaction.atomic():
            beginning = begin(owner_of(request), key, "POST", request.get_full_path(), _body_hash(request), wait=_WAIT)
            if isinstance(beginning, Started):
                return self._work(request, beginning)
        if isinstance(beginning, Stored):
            return replay(beginning.answer), False
        return _refusal(request, beginning), False

    def _work(self, request: HttpRequest, started: Started) -> tuple[HttpResponse, bool]:
        response = self.get_response(request)
        if is_refused(response):
            transaction.set_rollback(True)
            return response, False
        if not response.streaming and len(response.content) <= _LARGEST:
            finish(started, status=response.status_code, headers=_headers(response.items()), body=response.content)
        failpoint("before_commit")
        return response, True


def is_refused(response: Any) -> bool:
    """Nothing was done: an error, or the form again with what is wrong in it."""
    if response.status_code >= 400:
        return True
    context = getattr(response, "context_data", None) or {}
    return any(getattr(value, "is_bound", False) and value.errors for value in context.values())


def replay(answer: StoredAnswer) -> HttpResponse:
    """The stored answer as it was given."""
    response = HttpResponse(bytes(answer.body), status=answer.status)
    del response.headers["Content-Type"]
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def _refusal(request: HttpRequest, beginning: InFlight | Mismatch) -> HttpResponse:
    """The page of a refusal, with the way to what was saved."""
    error: DomainError = KeyInFlight(
        _("What you sent is still being worked on. Wait a moment, then send it once more.")
    )
    location = ""
    if isinstance(beginning, Mismatch):
        error = LostRace(
            _("This form was sent before with other content, and that was saved. Open it anew to change it.")
        )
        location = beginning.answer.headers.get("Location", "")
    fragment = request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
    context = {"refusal": error, "sentence": str(error), "location": location}
    response = render(request, "ui/_refusal.html" if fragment else "409.html", context, status=error.status)
    if isinstance(beginning, InFlight):
        response.headers["Retry-After"] = "5"
    return response


def _body_hash(request: HttpRequest) -> str:
    """What was typed and attached, whatever the order; the tokens differ between two copies of one form."""
    digest = hashlib.sha256()
    for name in sorted(request.POST.keys() - _OTHER_FIELDS):
        for value in request.POST.getlist(name):
            digest.update(f"{name}\0{value}\0".encode("utf-8", "surrogatepass"))
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(f"{name}\0{file.name}\0{file.size}\0".encode("utf-8", "surrogatepass"))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _headers(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: value for name, value in items if name.lower() not in _UNSTORED}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
