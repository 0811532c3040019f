"""Running the ladders: look, write the row that can exist once, tell. Safe to run twice, late, or at once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.delivery import recall, tell
from consult.options.defaults import LADDER as LADDER_OPTIONS

from .climbing import rungs_to_send
from .ladder import Due, Rung, ladders
from .models import Reminder, inbox_key

log = logging.getLogger(__name__)

LADDER_KEYS = [option.key for option in LADDER_OPTIONS]


def run_ladders(today: date | None = None) -> int:
    """Remind everybody of what stands on a rung today, and recall what stands no longer; the number of notices."""
    today = today or timezone.localdate()
    return sum(_run_ladder(kind, rungs, list(items(today)), today) for kind, (rungs, items) in ladders().items())


def _run_ladder(kind: str, rungs: tuple[Rung, ...], dues: list[Due], today: date) -> int:
    """One item that cannot be served is logged and does not keep the others from being reminded."""
    settled = _settled(kind)
    _recall_moved(kind, settled, {(due.item_id, due.due_on) for due in dues})
    notices = 0
    for due in dues:
        try:
            notices += _climb(due, rungs, settled.get((due.item_id, due.due_on), set()), today)
        except Exception:
            log.exception("ladder %s: item %s", kind, due.item_id)
    return notices


def _settled(kind: str) -> dict[tuple[int, date], set[str]]:
    """Rungs on which somebody has been told, by item and due date still standing; one query for all."""
    settled: dict[tuple[int, date], set[str]] = defaultdict(set)
    for item_id, due_on, rung in Reminder.objects.standing(kind).values_list("item_id", "due_on", "rung").distinct():
        settled[item_id, due_on].add(rung)
    return settled


def _recall_moved(kind: str, settled: dict[tuple[int, date], set[str]], owed: set[tuple[int, date]]) -> None:
    """The item was answered, sent back, annulled or given another day: what is unread about it falls silent."""
    for item_id, due_on in settled.keys() - owed:
        with transaction.atomic():
            Reminder.objects.standing(kind).filter(item_id=item_id, due_on=due_on).update(cancelled_at=Now())
            for rung in settled[item_id, due_on]:
                recall(inbox_key(kind, item_id, rung, due_on))


def _climb(due: Due, rungs: tuple[Rung, ...], settled: set[str], today: date) -> int:
    steps = rungs_to_send(
        due,
        rungs,
        today=today,
        calendar=calendar.calendar_of(due.host_id),
        settings=options.get_many(due.host_id, *LADDER_KEYS),
    )
    if not steps or steps[0][0].name in settled:
        return 0
    return _tell_once_each(due, [step for step in steps if step[0].name not in settled])


@transaction.atomic
def _tell_once_each(due: Due, steps: Iterable[tuple[Rung, date]]) -> int:
    """The current rung to its people; after an outage a missed one only to those whom no later rung reaches."""
    told: set[int] = set()
    notices = 0
    for rung, fires_on in steps:
        people = {account.pk: account for account in due.recipients(rung.name)}
        for pk in sorted(people.keys() - told):
            notices += _tell(due, rung, fires_on, people[pk])
        told |= people.keys()
    return notices


def _tell(due: Due, rung: Rung, fires_on: date, account: Any) -> bool:
    _row, fresh = Reminder.objects.get_or_create(
        kind=due.kind,
        item_id=due.item_id,
        rung=rung.name,
        account=account,
        due_on=due.due_on,
        defaults={"host_id": due.host_id, "fires_on": fires_on},
    )
    if fresh:
        key = inbox_key(due.kind, due.item_id, rung.name, due.due_on)
        tell(account, key=key, title=_title(due, rung), body=_body(due, rung), url=due.url)
    return fresh


def _title(due: Due, rung: Rung) -> str:
    if callable(due.title):
        return due.title(rung)
    return _("%(step)s: %(title)s") % {"step": rung.label or rung.name, "title": due.title}


def _body(due: Due, rung: Rung) -> str:
    return due.body(rung) if callable(due.body) else due.body
