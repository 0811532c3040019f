"""Pages by key: 上一页/下一页 without COUNT and without OFFSET, so the last page costs what the first does."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q, QuerySet

AFTER, BEFORE = "after", "before"


class BrokenKey(ValueError):
    """The link to a page was cut short or belongs to another order."""


@dataclass(frozen=True)
class Key:
    """One column of the order."""

    path: str
    descending: bool

    @classmethod
    def of(cls, name: str) -> Key:
        return cls(name.lstrip("-"), name.startswith("-"))

    def turned(self) -> Key:
        return Key(self.path, not self.descending)

    def __str__(self) -> str:
        return f"-{self.path}" if self.descending else self.path

    def beyond(self, value: Any, *, nullable: bool) -> Q | None:
        """Rows behind the value in this order; PostgreSQL puts nulls last going up and first going down."""
        if self.descending:
            if value is None:
                return Q(**{f"{self.path}__isnull": False})
            return Q(**{f"{self.path}__lt": value})
        if value is None:
            return None
        behind = Q(**{f"{self.path}__gt": value})
        return behind | Q(**{f"{self.path}__isnull": True}) if nullable else behind

    def from_(self, value: Any, *, nullable: bool) -> Q:
        """Said beside the alternatives, so that an index on this column begins at the key and not at its end."""
        if value is None or (nullable and not self.descending):
            return Q()
        return Q(**{f"{self.path}__{'lte' if self.descending else 'gte'}": value})

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


@dataclass(frozen=True)
class KeysetPage:
    """One page of rows and the links beside it."""

    rows: list[Any]
    next_key: str = ""
    previous_key: str = ""
    number_shown: int = 0

    @property
    def is_only(self) -> bool:
        return not self.next_key and not self.previous_key


def read_page(rows: QuerySet[Any], ordering: tuple[str, ...], size: int, *, after: str, before: str) -> KeysetPage:
    """The rows behind ``after`` (or in front of ``before``); one more is read to know whether others follow."""
    keys = [Key.of(name) for name in ordering]
    backwards = bool(before) and not after
    cursor = before if backwards else after
    if backwards:
        keys = [key.turned() for key in keys]
    if cursor:
        rows = rows.filter(_behind(rows, keys, _decode(rows, keys, cursor)))
    found = list(rows.order_by(*(str(key) for key in keys))[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return KeysetPage(rows=[])
    has_next, has_previous = (True, more) if backwards else (more, bool(cursor))
    return KeysetPage(
        rows=found,
        next_key=_encode(keys, found[-1]) if has_next else "",
        previous_key=_encode(keys, found[0]) if has_previous else "",
        number_shown=len(found),
    )


def _behind(rows: QuerySet[Any], keys: list[Key], values: list[Any]) -> Q:
    alternatives = []
    level = Q()
    nullable = [_may_be_empty(rows, key.path) for key in keys]
    for key, value, empty in zip(keys, values, nullable, strict=True):
        if (beyond := key.beyond(value, nullable=empty)) is not None:
            alternatives.append(level & beyond)
        level &= key.same(value)
    start = keys[0].from_(values[0], nullable=nullable[0])
    return start & reduce(Q.__or__, alternatives, Q(pk__in=()))


def _may_be_empty(rows: QuerySet[Any], path: str) -> bool:
    field = _field(rows, path)
    return field is None or path in rows.query.annotations or "__" in path or bool(field.null)


def _encode(keys: list[Key], row: Any) -> str:
    values = [_value(row, key.path) for key in keys]
    text = json.dumps([None if value is None else str(value) for value in values], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    return reduce(lambda found, name: None if found is None else getattr(found, name), path.split("__"), row)


def _decode(rows: QuerySet[Any], keys: list[Key], text: str) -> list[Any]:
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        values = json.loads(raw)
    except (ValueError, binascii.Error, UnicodeError, RecursionError):
        raise BrokenKey(text) from None
    if not isinstance(values, list) or len(values) != len(keys):
        raise BrokenKey(text)
    if not all(value is None or (isinstance(value, str) and "\x00" not in value) for value in values):
        raise BrokenKey(text)
    return [_typed(rows, key, value) for key, value in zip(keys, values, strict=True)]


def _typed(rows: QuerySet[Any], key: Key, value: str | None) -> Any:
    if value is None:
        return None
    field = _field(rows, key.path)
    if field is None:
        return value
    try:
        typed = field.to_python(value)
        # A number beyond the column would reach the database only to be refused there.
        if isinstance(typed, int):
            field.run_validators(typed)
            if abs(typed) >= 2**63:
                raise BrokenKey(value)
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise BrokenKey(value) from None
    return typed


def _field(rows: QuerySet[Any], path: str) -> Any:
    annotation = rows.query.annotations.get(path)
    if annotation is not None:
        return annotation.output_field
    model, field = rows.model, None
    for name in path.split("__"):
        if name == "pk":
            return model._meta.pk
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model or model
    return field
