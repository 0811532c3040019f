"""Woken by beat: notices whose period is over."""

from datetime import timedelta

from celery import shared_task

from consult.reminders import claim_slot
from outcomes.services import expire_notices


@shared_task(name="outcomes.expire_notices", ignore_result=True, acks_late=True)
def expire_what_is_over() -> None:
    if claim_slot("outcomes.expire_notices", every=timedelta(minutes=10)):
        expire_notices()
