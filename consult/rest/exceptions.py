"""One mapping of errors to answers: ``{"code", "detail"[, "fields"]}`` and the status that goes with it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from consult.errors import DomainError

log = logging.getLogger(__name__)

GENERAL = ""
"""Key of sentences that belong to no single field."""


class Malformed(exceptions.APIException):
    """The request cannot be read at all, or says something that no caller should say."""

    status_code = 400
    default_code = "malformed"

    def __init__(self, detail: Any, code: str = "malformed", status: int = 400) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.word = code


def handle(error: Exception, context: dict[str, Any] | None = None) -> Response | None:
    """The answer to an error, or None for a fault of ours, which stays a 500."""
    if isinstance(error, DomainError):
        return Response(error.as_dict(), status=error.status)
    if isinstance(error, DjangoValidationError):
        return _invalid(_fields_of_django(error))
    if isinstance(error, exceptions.ValidationError):
        return _invalid(_fields_of_rest(error))
    if isinstance(error, exceptions.APIException):
        return _api_answer(error)
    if isinstance(error, Http404):
        return _answer(404, "not_found", _("There is nothing here that you can see."))
    if isinstance(error, DjangoPermissionDenied):
        return _answer(403, "not_allowed", _("You hold no mandate for this."))
    if isinstance(error, RequestDataTooBig):
        return _answer(413, "too_large", _("This is too much at once. Send it in smaller parts."))
    if isinstance(error, SuspiciousOperation):
        return _answer(400, "malformed", _("The request cannot be read."))
    if isinstance(error, DataError):
        return _invalid({GENERAL: [_("A value is too large or holds characters that cannot be stored.")]})
    if isinstance(error, OperationalError | InterfaceError):
        log.exception("the database did not answer")
        return _answer(503, "unavailable", _("The system is busy. Try again in a moment."), **{"Retry-After": "5"})
    return None


def _answer(status: int, code: str, detail: Any, **headers: str) -> Response:
    return Response({"code": code, "detail": str(detail)}, status=status, headers=headers)


def _invalid(fields: dict[str, list[str]]) -> Response:
    """400: each field with its sentences; ``detail`` is the first of them all, for callers who show one line."""
    first = next((text for texts in fields.values() for text in texts), _("Something in the request is not right."))
    body: dict[str, Any] = {"code": "invalid", "detail": first}
    if named := {name: texts for name, texts in fields.items() if name != GENERAL}:
        body["fields"] = named
    return Response(body, status=400)


# What each of the framework's refusals is called here; the sentence is ours, so that it is in the reader's language.
_WORDS: dict[type[exceptions.APIException], tuple[str, Any]] = {
    exceptions.NotAuthenticated: ("not_signed_in", lambda: _("Sign in first.")),
    exceptions.AuthenticationFailed: ("not_signed_in", lambda: _("Sign in first.")),
    exceptions.PermissionDenied: ("not_allowed", lambda: _("You hold no mandate for this.")),
    exceptions.NotFound: ("not_found", lambda: _("There is nothing here that you can see.")),
    exceptions.MethodNotAllowed: ("method_not_allowed", lambda: _("This address does not take this method.")),
    exceptions.NotAcceptable: ("not_acceptable", lambda: _("Answers are given as application/json only.")),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", lambda: _("Send the body as application/json.")),
    exceptions.Throttled: ("throttled", lambda: _("Too many requests. Wait a little, then try again.")),
    exceptions.ParseError: ("malformed", lambda: _("The body is not valid JSON.")),
}


def _api_answer(error: exceptions.APIException) -> Response:
    headers = {}
    if scheme := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(scheme)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, Malformed):
        return _answer(error.status_code, error.word, error.detail)
    if isinstance(error, exceptions.PermissionDenied) and "CSRF" in str(error.detail):
        return _answer(403, "csrf_failed", _("The page is too old. Reload it, then try again."))
    for kind, (code, sentence) in _WORDS.items():
        if isinstance(error, kind):
            return _answer(error.status_code, code, sentence(), **headers)
    return _answer(error.status_code, error.default_code, error.detail, **headers)


def _fields_of_django(error: DjangoValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {GENERAL: list(error.messages)}
    return {(GENERAL if name == NON_FIELD_ERRORS else name): texts for name, texts in error.message_dict.items()}


def _fields_of_rest(error: exceptions.ValidationError) -> dict[str, list[str]]:
    """Nested errors by dotted path: ``participants.0.name``."""
    fields: dict[str, list[str]] = {}
    for path, text in _flatten(error.detail, ()):
        fields.setdefault(path, []).append(text)
    return fields


def _flatten(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = () if name in (api_settings.NON_FIELD_ERRORS_KEY, NON_FIELD_ERRORS) else (str(name),)
            yield from _flatten(inner, path + own)
    elif isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        for position, inner in enumerate(detail):
            yield from _flatten(inner, (*path, str(position)))
    elif isinstance(detail, list):
        for inner in detail:
            yield ".".join(path), str(inner)
    else:
        yield ".".join(path), str(detail)
