"""JSON read strictly: what two readers could understand differently, or nobody could store, is refused by name."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from consult.text.cleaning import Refused, clean_text

from .exceptions import Malformed

DEEPEST = 20
LONGEST_INTEGER = 18


class StrictJSONParser(BaseParser):
    """UTF-8 JSON without duplicate keys, NaN, Infinity, endless numbers, deep nesting or unsavable characters."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        body = _read(stream)
        try:
            text = body.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed(_("The body is not valid UTF-8.")) from None
        data = _load(text)
        if data is None:
            raise Malformed(_("The body is not valid JSON."))
        errors = {path or "body": [sentence] for path, sentence in _unsavable(data, "", 0)}
        if errors:
            raise ValidationError(errors)
        return data


def _read(stream: IO[bytes]) -> bytes:
    """At most what a page may send; more is not even read to its end."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 2_500_000
    body = stream.read(most + 1)
    if len(body) > most:
        raise Malformed(_("This is too much at once. Send it in smaller parts."), "too_large", 413)
    return body


def _load(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_no_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_short,
        )
    except RecursionError:
        raise Malformed(_("The body is nested too deeply.")) from None
    except ValueError as error:
        place = f" ({error.lineno}:{error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Malformed(_("The body is not valid JSON.") + place) from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValidationError({_printable(twice): [_("This field stands there twice.")]})
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise Malformed(_("%(word)s is not a number that can be kept.") % {"word": word})


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _refuse_constant(text[:20])
    return number


def _short(text: str) -> int:
    if len(text.lstrip("-")) > LONGEST_INTEGER:
        _refuse_constant(text[:20] + "…")
    return int(text)


def _unsavable(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Each text that holds what cannot be kept, by its dotted path."""
    if depth > DEEPEST:
        raise Malformed(_("The body is nested too deeply."))
    if isinstance(value, str):
        if sentence := refusal_of(value):
            yield path, sentence
    elif isinstance(value, dict):
        for name, inner in value.items():
            if refusal_of(name):
                yield _join(path, _printable(name)), _("There is no such field.")
            else:
                yield from _unsavable(inner, _join(path, name), depth + 1)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _unsavable(inner, _join(path, str(position)), depth + 1)


def refusal_of(text: str) -> str:
    """Why this text cannot be kept; empty when it can."""
    if text.isascii() and text.isprintable():
        return ""
    try:
        clean_text(text)
    except Refused as error:
        return _(error.msgid) % error.params
    return ""


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _printable(name: str) -> str:
    """A name of a field that can be written into an answer."""
    return ascii(name)[1:-1][:60]
