"""Woken by beat; the slot is claimed, so that a second beat changes nothing."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from consult.dbclock import database_now

from .services import run_ladders
from .slots import claim_slot


@shared_task(name="reminders.run", ignore_result=True, acks_late=True)
def run_reminders() -> None:
    """Slot and day are the database's: a worker whose clock is wrong reminds nobody too early or twice."""
    now = database_now()
    if claim_slot("reminders.run", every=timedelta(minutes=5), now=now):
        run_ladders(timezone.localdate(now))
