"""Whose worker has died, and what he had taken is free at once; of a frozen one the lease has to run out.

A claim is held by an advisory lock of the worker's own connection. PostgreSQL lets go of it the moment that connection
ends, and kill -9 ends it; so what was claimed under a lock that anybody can take belongs to nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models.functions import Now

from .models import Outgoing, SendState


@contextmanager
def held(claim: uuid.UUID) -> Iterator[None]:
    """From before the first row is claimed until the last answer is written down."""
    _ask("SELECT pg_advisory_lock(%s)", claim)
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock(%s)", claim)


def free_the_dead() -> int:
    """Rows under a lease that has not run out, of a worker that is no more."""
    running = Outgoing.objects.filter(state=SendState.QUEUED, claimed_until__gt=Now(), claim__isnull=False)
    claims = running.order_by().values_list("claim", flat=True).distinct()[:100]
    freed = 0
    for claim in claims:
        freed += _free(claim) if claim is not None else 0
    return freed


def _free(claim: uuid.UUID) -> int:
    if not _ask("SELECT pg_try_advisory_lock(%s)", claim):
        return 0
    try:
        rows = Outgoing.objects.filter(claim=claim, state=SendState.QUEUED)
        return rows.update(claim=None, claimed_until=None)
    finally:
        _ask("SELECT pg_advisory_unlock(%s)", claim)


def _ask(sql: str, claim: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [claim.int >> 65])  # 63 bits of it, always positive
        return bool(cursor.fetchone()[0])
