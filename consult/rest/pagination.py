"""Lists by cursor: never a COUNT, never more than 100, the same order for everybody, and no cursor that breaks."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import F, Field, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

LONGEST_CURSOR = 1000


@dataclass(frozen=True)
class Key:
    """One column of the order. Empty values come last either way; a column that has none is read by its plain index."""

    name: str
    falling: bool
    may_be_empty: bool = True

    def ordering(self, backwards: bool) -> OrderBy | str:
        falling = self.falling != backwards
        if not self.may_be_empty:
            return f"{'-' if falling else ''}{self.name}"
        column = F(self.name)
        if backwards:
            return column.desc(nulls_first=True) if falling else column.asc(nulls_first=True)
        return column.desc(nulls_last=True) if falling else column.asc(nulls_last=True)

    def beyond(self, value: Any, backwards: bool) -> Q:
        """Rows that come strictly after (before) the value in this column."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else Q(pk__in=())
        falling = self.falling != backwards
        strictly = Q(**{f"{self.name}__{'lt' if falling else 'gt'}": value})
        if backwards or not self.may_be_empty:
            return strictly
        return strictly | Q(**{f"{self.name}__isnull": True})

    def not_before(self, value: Any, backwards: bool) -> Q:
        """Where the index may begin to read: says nothing new, but lets it skip the earlier pages."""
        if self.may_be_empty or value is None:
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.falling != backwards else 'gte'}": value})

    def level(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


class CursorPagination(BasePagination):
    """Keyset over the queryset's order with the primary key as the last word.

    Answers ``{"next", "previous", "results"}``; ``page_size`` up to 100 (more is read as 100).
    """

    page_size = 20
    max_page_size = 100
    cursor_query_param = "cursor"
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.request = request
        size = self.get_page_size(request)
        self.keys = _keys(queryset, view)
        backwards, values = self._decode(queryset)
        ordered = queryset.order_by(*(key.ordering(backwards) for key in self.keys))
        if values is not None:
            ordered = ordered.filter(_after(self.keys, values, backwards))
        rows = list(ordered[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        self.page = rows
        self.has_next = (backwards or more) and bool(rows)
        self.has_previous = (more if backwards else values is not None) and bool(rows)
        return rows

    def get_page_size(self, request: Any) -> int:
        raw = request.query_params.get(self.page_size_query_param)
        if raw is None:
            return self.page_size
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 9 and int(raw)):
            raise ValidationError({self.page_size_query_param: [_("Write a number from 1 to 100.")]})
        return min(int(raw), self.max_page_size)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data})

    def get_next_link(self) -> str | None:
        return self._link("n", self.page[-1]) if self.has_next else None

    def get_previous_link(self) -> str | None:
        return self._link("p", self.page[0]) if self.has_previous else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        orders = [f"{sign}{name}" for name in getattr(view, "ordering_fields", ()) for sign in ("", "-")]
        order = {"name": "ordering", "in": "query", "schema": {"type": "string", "enum": orders}}
        return [
            *([order] if orders else []),
            {
                "name": self.cursor_query_param,
                "in": "query",
                "description": "Where to go on: take it from `next` or `previous` as it stands.",
                "schema": {"type": "string"},
            },
            {"name": self.page_size_query_param, "in": "query", "description": "Rows at once.", "schema": size},
        ]

    def _link(self, direction: str, row: Any) -> str:
        values = [_as_json(_value(row, key.name)) for key in self.keys]
        text = json.dumps([direction, _signature(self.keys), values], separators=(",", ":"))
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        query = [(name, each) for name, texts in self.request.query_params.lists() for each in texts]
        query = [pair for pair in query if pair[0] != self.cursor_query_param]
        path = self.request.build_absolute_uri(self.request.path)
        return f"{path}?{urlencode([*query, (self.cursor_query_param, cursor)])}"

    def _decode(self, queryset: QuerySet[Any]) -> tuple[bool, list[Any] | None]:
        raw = self.request.query_params.get(self.cursor_query_param)
        if raw is None:
            return False, None
        try:
            if len(raw) > LONGEST_CURSOR:
                raise ValueError
            padded = raw.encode("ascii") + b"=" * (-len(raw) % 4)
            direction, signature, values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            if direction not in ("n", "p") or signature != _signature(self.keys) or len(values) != len(self.keys):
                raise ValueError
            return direction == "p", [
                _from_json(queryset, key.name, each) for key, each in zip(self.keys, values, strict=True)
            ]
        except (ValueError, TypeError, binascii.Error, DjangoValidationError, OverflowError, RecursionError):
            raise ValidationError(
                {self.cursor_query_param: [_("This cursor does not belong to this list. Begin again without it.")]}
            ) from None


def _keys(queryset: QuerySet[Any], view: Any) -> list[Key]:
    """The order asked for, else the queryset's, else the view's, else newest first; ties broken by primary key."""
    wanted: Sequence[Any] = (
        getattr(view, "chosen_ordering", None)
        or queryset.query.order_by
        or getattr(view, "ordering", None)
        or (queryset.model._meta.ordering if queryset.query.default_ordering else ())
        or ("-pk",)
    )
    keys = [_key(part, queryset) for part in ((wanted,) if isinstance(wanted, str) else wanted)]
    names = {key.name for key in keys}
    if not names & {"pk", queryset.model._meta.pk.name}:
        keys.append(Key("pk", keys[-1].falling, may_be_empty=False))
    return keys


def _key(part: Any, queryset: QuerySet[Any]) -> Key:
    if isinstance(part, OrderBy) and isinstance(part.expression, F):
        name, falling = _column(part.expression), bool(part.descending)
    elif isinstance(part, F):
        name, falling = _column(part), False
    elif isinstance(part, str) and part != "?":
        name, falling = part.lstrip("-+"), part.startswith("-")
    else:
        raise TypeError(f"A list cannot be read by cursor in the order {part!r}.")
    return Key(name, falling, _may_be_empty(queryset, name))


def _column(reference: Any) -> str:
    return str(reference.name)


def _may_be_empty(queryset: QuerySet[Any], name: str) -> bool:
    return name in queryset.query.annotations or any(field.null for field in _path(queryset, name))


def _signature(keys: Sequence[Key]) -> str:
    return ",".join(f"{'-' if key.falling else ''}{key.name}" for key in keys)


def _after(keys: Sequence[Key], values: Sequence[Any], backwards: bool) -> Q:
    """a > x, or a = x and b > y, or …"""
    condition = Q(pk__in=())
    for position, key in enumerate(keys):
        step = key.beyond(values[position], backwards)
        for earlier, value in zip(keys[:position], values[:position], strict=True):
            step &= earlier.level(value)
        condition |= step
    return keys[0].not_before(values[0], backwards) & condition


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def _field(queryset: QuerySet[Any], name: str) -> Field[Any, Any]:
    if name in queryset.query.annotations:
        return queryset.query.annotations[name].output_field
    return _path(queryset, name)[-1]


def _path(queryset: QuerySet[Any], name: str) -> list[Field[Any, Any]]:
    """The fields that ``organisation__name`` goes through."""
    model, fields = queryset.model, []
    for part in name.split("__"):
        fields.append(model._meta.pk if part == "pk" else model._meta.get_field(part))
        model = fields[-1].related_model
    return fields


def _as_json(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _from_json(queryset: QuerySet[Any], name: str, value: Any) -> Any:
    """Read with the column's own eyes: what it could not hold is refused before it reaches the database."""
    if value is None:
        return None
    if isinstance(value, dict | list | float):
        raise ValueError
    field: Any = _field(queryset, name)
    if field.is_relation:
        field = field.target_field
    cleaned = field.to_python(value)
    field.run_validators(cleaned)
    return cleaned
