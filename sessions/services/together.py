"""Several new rows in one statement: for what comes by the hundred a second.

The same columns and values as ``save(force_insert=True)`` would write, one way to the database and back instead of one
for each row. Keys that the database gives are not read back.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

_statements: dict[tuple[Any, ...], str] = {}


def insert(*rows: Model) -> None:
    """Write new rows; what the database fills in itself (keys, its clock) is left to it."""
    shape: list[Any] = []
    values: list[Any] = []
    for row in rows:
        columns = []
        for field in row._meta.concrete_fields:
            value = field.pre_save(row, add=True)
            if isinstance(value, DatabaseDefault) or (field.primary_key and value is None):
                continue
            columns.append(field.column)
            values.append(field.get_db_prep_save(value, connection))
        shape.append((row._meta.db_table, tuple(columns)))
    key = tuple(shape)
    if key not in _statements:
        _statements[key] = _statement(key)
    with connection.cursor() as cursor:
        cursor.execute(_statements[key], values)


def _statement(shape: tuple[Any, ...]) -> str:
    name = connection.ops.quote_name
    inserts = [
        # Names of tables and columns come from the models, values go beside the text.
        f"INSERT INTO {name(table)} ({', '.join(map(name, columns))}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
        for table, columns in shape
    ]
    *first, last = inserts
    parts = ", ".join(f"row{number} AS ({text})" for number, text in enumerate(first))
    return f"WITH {parts} {last}" if parts else last
