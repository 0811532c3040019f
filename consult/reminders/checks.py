"""What must always hold about reminders (invariant I8), for ``manage.py check_invariants``."""

from __future__ import annotations

from datetime import date

from django.db.models import Count
from django.utils import timezone

from consult import calendar, options

from .climbing import rungs_to_send
from .ladder import ladders
from .models import Reminder
from .services import LADDER_KEYS


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
    for kind, (rungs, items) in ladders().items():
        told = set(Reminder.objects.filter(kind=kind).values_list("item_id", "due_on", "rung").distinct())
        for due in items(today):
            steps = rungs_to_send(
                due,
                rungs,
                today=today,
                calendar=calendar.calendar_of(due.host_id),
                settings=options.get_many(due.host_id, *LADDER_KEYS),
            )
            if (
                steps
                and (due.item_id, due.due_on, steps[0][0].name) not in told
                and any(due.recipients(steps[0][0].name))
            ):
                found.append(f"{kind} {due.item_id} {steps[0][0].name} {due.due_on}")
    return found
