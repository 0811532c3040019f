"""Entry points of the worker."""

from celery import shared_task

from consult.outbox import services


@shared_task(name="outbox.relay", ignore_result=True, acks_late=True)
def relay_outbox() -> None:
    services.drain()
