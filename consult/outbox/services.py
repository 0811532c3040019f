"""Publishing with the move, delivering afterwards."""

import logging
import time
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from consult.outbox.models import Event, pause_after
from consult.outbox.nudging import nudge
from consult.outbox.registry import handlers_of, heard_names

log = logging.getLogger(__name__)


def publish(name: str, *, host_id: int | None = None, matter_id: int | None = None, **payload: Any) -> Event:
    """Write the event with the move; commit wakes the worker, and the sweep finds what the wake-up lost."""
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs in the transaction of the move it tells of")
    event = event_of(name, host_id=host_id, matter_id=matter_id, **payload)
    event.save(force_insert=True)
    if not any(hook[1] is nudge for hook in connection.run_on_commit):
        transaction.on_commit(nudge, robust=True)
    return event


def event_of(name: str, *, host_id: int | None = None, matter_id: int | None = None, **payload: Any) -> Event:
    """What ``publish`` writes, unsaved and waking nobody: for what comes by the hundred, and the sweep delivers."""
    return Event(name=name, host_id=host_id, matter_id=matter_id, payload=payload)


def relay(limit: int = 100) -> int:
    """Deliver due events, oldest first. Safe to rerun and to run in parallel.

    One transaction per event: what a handler locks is free again before the next one runs.
    """
    handled = _settle_unheard(limit)
    while handled < limit:
        with transaction.atomic():
            event = Event.objects.due().select_for_update(skip_locked=True, no_key=True).first()
            if event is None:
                break
            _deliver(event)
        handled += 1
    return handled


def drain(seconds: float = 60.0) -> int:
    """Relay until nothing is due or the time is up; the next wake-up goes on."""
    end = time.monotonic() + seconds
    total = 0
    while time.monotonic() < end:
        handled = relay()
        total += handled
        if handled == 0:
            break
    return total


def _settle_unheard(limit: int) -> int:
    """Events that nobody does anything about are delivered all at once."""
    with transaction.atomic():
        unheard = Event.objects.due().exclude(name__in=heard_names())
        found = list(unheard.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:limit])
        return Event.objects.filter(pk__in=found).update(attempts=F("attempts") + 1, delivered_at=Now()) if found else 0


def _deliver(event: Event) -> None:
    """All handlers in one savepoint: what a refused event began is undone, and the others go on."""
    event.attempts += 1
    try:
        with transaction.atomic():
            for handler in handlers_of(event.name):
                handler(event)
    except Exception as error:  # a handler may fail in any way, and none of them may stop the relay
        log.warning("event %s was refused (attempt %s): %s", event, event.attempts, type(error).__name__, exc_info=True)
        event.last_error = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
        event.due_at = Now() + pause_after(event.attempts)
    else:
        event.last_error = ""
        event.delivered_at = Now()
    event.save(update_fields=["attempts", "last_error", "due_at", "delivered_at"])
