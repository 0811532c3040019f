"""Rows of different tables in one shape, so that everything that waits for somebody costs one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import DateField, DateTimeField, IntegerField, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast

from members.models import Account

#: So many of a kind are read; beyond that the page says "more than".
MOST = 30


@dataclass(frozen=True)
class Row:
    """One thing that waits, whatever table it comes from."""

    kind: str
    uuid: UUID
    title: str
    host: int | None
    day: date | None  # what its time limit is counted from, or the limit itself
    moment: datetime | None
    shade: str  # profile, form or class, where the words or the limit depend on it
    who: str
    note: str


_TYPES: dict[str, Any] = {
    "kind": TextField,
    "uuid": UUIDField,
    "title": TextField,
    "host": IntegerField,
    "day": DateField,
    "moment": DateTimeField,
    "shade": TextField,
    "who": TextField,
    "note": TextField,
}
COLUMNS = tuple(field.name for field in fields(Row))


def _nothing(name: str) -> Value:
    text = _TYPES[name] is TextField
    return Value("" if text else None, output_field=_TYPES[name]())


_EMPTY = {name: _nothing(name) for name in COLUMNS}


def branch(rows: QuerySet[Any], kind: str, *, order: Iterable[Any], **columns: Any) -> QuerySet[Any]:
    """The first rows of one kind in the common shape; what is not named stays empty."""
    shape = {**_EMPTY, **columns, "kind": Value(kind, output_field=TextField())}
    named = {f"row_{name}": shape[name] for name in COLUMNS}
    return rows.order_by(*order).annotate(**named).values_list(*named)[: MOST + 1]


def _heading() -> QuerySet[Any]:
    """No row, but every column with its type: what follows in a union takes the types of what stands first."""
    typed = {name: Cast(_EMPTY[name], _TYPES[name]()) for name in COLUMNS if name != "kind"}
    return branch(Account.objects.filter(pk=0), "", order=("pk",), **typed)


def read(branches: Iterable[QuerySet[Any]]) -> dict[str, list[Row]]:
    """All branches by one query, each in its own order."""
    found: dict[str, list[Row]] = defaultdict(list)
    wanted = list(branches)
    for values in _heading().union(*wanted, all=True) if wanted else ():
        row = Row(*values)
        found[row.kind].append(row)
    return found
