"""When a thing came to be owed, by the record: a rung dated before that day is never sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import DateTimeField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from consult.audit import Entry


def recorded_by(subject_type: str, *verbs: str, subject: str = "pk", otherwise: Any = None) -> Any:
    """The record time of the last of these moves; ``otherwise`` where the record has none."""
    entries = Entry.objects.filter(subject_type=subject_type, subject_id=OuterRef(subject), verb__in=verbs)
    last = Subquery(entries.order_by("-pk").values("recorded_at")[:1], output_field=DateTimeField())
    return last if otherwise is None else Coalesce(last, otherwise)


def day_of(moment: datetime | None, otherwise: date) -> date:
    """The day in Shanghai; never before the thing itself."""
    return max(timezone.localdate(moment), otherwise) if moment else otherwise
