"""Woken by beat: work that is reopened because nobody explained."""

from datetime import timedelta

from celery import shared_task

from consult.reminders import claim_slot
from outcomes.services import reopen_unexplained


@shared_task(name="outcomes.reopen_unexplained", ignore_result=True, acks_late=True)
def reopen_what_nobody_explained() -> None:
    if claim_slot("outcomes.reopen_unexplained", every=timedelta(minutes=30)):
        reopen_unexplained()
