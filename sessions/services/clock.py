"""The clock of the agenda: it lives in the rows, so that a reload, another desk and the screen show the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from consult.dbclock import database_now
from sessions.models import AgendaItem, ConsultSession
from sessions.services.moves import keep, moment, note


@transaction.atomic
def next_item(
    session: ConsultSession, *, actor: Any, at: datetime | None = None, after: Any = None
) -> AgendaItem | None:
    """End the item that runs and begin the next; the first call begins the first. ``after`` names the item that was
    running when somebody pressed: two who press at once go on by one item, not by two."""
    session = keep(session, "run_agenda", actor=actor)
    running = running_item(session)
    if after is not None and (running is None or str(running.uuid) != str(after)):
        return running
    now = moment(at) if at is not None else database_now()
    ended = Greatest("started_at", Value(now))  # clocks are put back; nothing ends before it began
    session.agenda.filter(started_at__isnull=False, ended_at=None).update(ended_at=ended)
    item = session.agenda.filter(started_at=None).order_by("position", "pk").first()
    if item is not None:
        item.started_at = now
        item.save(update_fields=["started_at"])
    note(session, "run_agenda", actor=actor, before=session.state, at=at)
    return item


@transaction.atomic
def previous_item(session: ConsultSession, *, actor: Any, after: Any = None) -> AgendaItem | None:
    """Back to the item before, which runs on as if it had not been ended; the present one waits again."""
    session = keep(session, "run_agenda", actor=actor)
    running = running_item(session)
    if after and (running is None or str(running.uuid) != str(after)):
        return running
    ended = session.agenda.exclude(ended_at=None).order_by("-position", "-pk").first()
    if ended is None:
        return running
    if running is not None:
        session.agenda.filter(pk=running.pk).update(started_at=None)
    session.agenda.filter(pk=ended.pk).update(ended_at=None)
    note(session, "run_agenda", actor=actor, before=session.state, data={"back": ended.position})
    ended.refresh_from_db()
    return ended


@transaction.atomic
def extend_item(item: AgendaItem, *, actor: Any, minutes: int = 5) -> AgendaItem:
    """Five minutes more for the item that runs."""
    session = keep(item.session, "run_agenda", actor=actor)
    session.agenda.filter(pk=item.pk).update(minutes=Coalesce(F("minutes"), Value(0)) + minutes)
    item.refresh_from_db()
    note(session, "run_agenda", actor=actor, before=session.state, data={"minutes": item.minutes})
    return item


def running_item(session: ConsultSession) -> AgendaItem | None:
    return session.agenda.filter(started_at__isnull=False, ended_at=None).order_by("position").first()


def clock_of(session: ConsultSession, now: datetime | None = None) -> dict[str, Any]:
    """Each item with what it took or has left, and when the whole will be over as things stand."""
    now = now or timezone.now()
    items: list[Any] = list(session.agenda.all())
    left = timedelta(0)
    for item in items:
        planned = timedelta(minutes=item.minutes or 0)
        used = max(timedelta(0), (item.ended_at or now) - item.started_at) if item.started_at else timedelta(0)
        item.used_minutes = int(used.total_seconds() // 60)
        item.over_minutes = 0
        if item.minutes and used > planned:
            item.over_minutes = max(1, int((used - planned).total_seconds() // 60))
        item.runs = bool(item.started_at and not item.ended_at)
        item.share = min(100, round(100 * used / planned)) if planned else 0
        item.due_at = item.started_at + planned if item.started_at and planned else None
        if not item.ended_at:
            left += max(timedelta(0), planned - used)
    running = next((item for item in items if item.runs), None)
    return {
        "items": items,
        "running": running,
        "waiting_items": any(item.started_at is None for item in items),
        "ended_items": any(item.ended_at is not None for item in items),
        "over_at": now + left if left else None,
    }
