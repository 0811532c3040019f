"""Woken by beat: notices whose period is over, and those drawn by older templates."""

from datetime import timedelta

from celery import shared_task

from consult.reminders import claim_slot
from outcomes.services import expire_notices
from outcomes.services.notices import redraw_notices


@shared_task(name="outcomes.expire_notices", ignore_result=True, acks_late=True)
def expire_what_is_over() -> None:
    if claim_slot("outcomes.expire_notices", every=timedelta(minutes=10)):
        expire_notices()


@shared_task(name="outcomes.redraw_notices", ignore_result=True, acks_late=True)
def redraw_what_is_old() -> None:
    """After an upgrade; until then the board draws these from their snapshots, which is right and slower."""
    if claim_slot("outcomes.redraw_notices", every=timedelta(minutes=10)):
        redraw_notices()
