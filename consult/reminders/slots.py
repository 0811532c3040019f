"""A periodic job runs once per slot of time, however many clocks ring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from consult.dbclock import database_now

from .models import JobSlot

KEPT = timedelta(days=14)


def claim_slot(job: str, *, every: timedelta, now: datetime | None = None) -> bool:
    """Take the present slot of a job; False when somebody has it already.

    The database's clock names the slot, so that two machines whose clocks differ mean the same one. Work that must
    happen belongs into the same transaction as the claim, or has to find its own rows again at the next slot.
    """
    slot = _slot(now or database_now(), every)
    with transaction.atomic():
        _claim, fresh = JobSlot.objects.get_or_create(job=job, slot=slot)
        if fresh:
            JobSlot.objects.filter(job=job, slot__lt=slot - KEPT).delete()
    return fresh


def _slot(now: datetime, every: timedelta) -> datetime:
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)
