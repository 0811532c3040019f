"""Woken by beat; the slot is claimed, so that a second beat changes nothing."""

from datetime import timedelta

from celery import shared_task

from .services import run_ladders
from .slots import claim_slot


@shared_task(name="reminders.run", ignore_result=True, acks_late=True)
def run_reminders() -> None:
    if claim_slot("reminders.run", every=timedelta(minutes=5)):
        run_ladders()
