"""Woken by beat every few seconds; the rows say what is due."""

from celery import shared_task

from .sending import send_due_mail


@shared_task(name="delivery.send", ignore_result=True, acks_late=True)
def send_mail() -> None:
    send_due_mail()
