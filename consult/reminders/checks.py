"""What must always hold about reminders (invariant I8), for ``manage.py check_invariants``."""

from __future__ import annotations

from datetime import date

from django.db.models import Count
from django.utils import timezone

from .ladder import ladders
from .models import Reminder
from .services import Climb


def doubles() -> list[str]:
    """More than one notice for the same item, rung, person and due date; the constraint allows none."""
    rows = (
        Reminder.objects.values("kind", "item_id", "rung", "account", "due_on").annotate(n=Count("pk")).filter(n__gt=1)
    )
    return [f"{row['kind']} {row['item_id']} {row['rung']} {row['due_on']}: {row['n']}" for row in rows]


def forgotten(today: date | None = None) -> list[str]:
    """Items that stand on a rung and have somebody to tell, of whom nobody has been told."""
    today = today or timezone.localdate()
    found = []
    for kind, ladder in ladders().items():
        climb = Climb(ladder, today)
        told = set(Reminder.objects.filter(kind=kind).values_list("item_id", "due_on", "rung").distinct())
        for due in ladder.dues(today):
            rung = next((rung.name for rung, _day in climb.steps(due)), "")
            if rung and (due.item_id, due.due_on, rung) not in told and any(due.recipients(rung)):
                found.append(f"{kind} {due.item_id} {rung} {due.due_on}")
    return found
