"""Woken by beat: work that is reopened because nobody explained."""

from datetime import timedelta

from celery import shared_task

from consult.reminders import claim_slot
from outcomes.services import close_surveys, reopen_unexplained


@shared_task(name="outcomes.reopen_unexplained", ignore_result=True, acks_late=True)
def reopen_what_nobody_explained() -> None:
    if claim_slot("outcomes.reopen_unexplained", every=timedelta(minutes=30)):
        reopen_unexplained()


@shared_task(name="outcomes.close_surveys", ignore_result=True, acks_late=True)
def close_what_is_over() -> None:
    if claim_slot("outcomes.close_surveys", every=timedelta(minutes=30)):
        close_surveys()
