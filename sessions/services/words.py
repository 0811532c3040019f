"""Typed words made fit to keep, whichever door they came through; a refusal lands at its field."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consult.text import Refused, clean_line, clean_text


def line(field: str, value: Any, limit: int) -> str:
    return _clean(field, clean_line, value, limit)


def text(field: str, value: Any, limit: int) -> str:
    return _clean(field, clean_text, value, limit)


def _clean(field: str, how: Any, value: Any, limit: int) -> str:
    try:
        return how(str(value or ""), limit=limit)
    except Refused as error:
        raise ValidationError({field: _(error.msgid) % error.params}) from error
