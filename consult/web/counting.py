"""How many rows each tab holds: one query, each count stopped at a cap, so that a million rows cost what 3000 do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

CAP = 3000


def count_capped(querysets: Sequence[QuerySet[Any]], cap: int = CAP) -> list[int]:
    """The number of rows of each queryset, ``cap + 1`` standing for more than ``cap``; one query altogether."""
    counts = [0] * len(querysets)
    branches: list[str] = []
    params: list[Any] = []
    for position, rows in enumerate(querysets):
        try:
            sql, values = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        branches.append(f"SELECT {position} AS tab, count(*) FROM ({sql}) AS rows_{position}")  # noqa: S608
        params += values
    if branches:
        with connections[querysets[0].db].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(branches), params)
            for position, number in cursor.fetchall():
                counts[position] = number
    return counts


def say_count(number: int, cap: int = CAP) -> str:
    """3000+ where nobody counted on."""
    return f"{cap}+" if number > cap else str(number)
