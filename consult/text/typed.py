"""Typed words made fit to keep, whichever door they came through; a refusal lands at its field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consult.text.cleaning import Refused, clean_line, clean_text
from consult.text.phones import clean_phone


def line(field: str, value: Any, limit: int) -> str:
    """One line, fit to store."""
    return _clean(field, clean_line, value, limit=limit)


def text(field: str, value: Any, limit: int) -> str:
    """Several lines, fit to store."""
    return _clean(field, clean_text, value, limit=limit)


def phone(value: Any, field: str = "phone") -> str:
    """A telephone number in one form of writing; nothing stays nothing."""
    return _clean(field, clean_phone, value) if str(value or "").strip() else ""


def key_of(value: Any) -> UUID | None:
    """What names a thing from outside; None for what is not one."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _clean(field: str, how: Any, value: Any, **limits: Any) -> str:
    try:
        kept: str = how(str(value or ""), **limits)
    except Refused as error:
        raise ValidationError({field: _(error.msgid) % error.params}) from error
    return kept
