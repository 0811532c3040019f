"""Entry points of the worker."""

from celery import shared_task

from consult.idempotency import services


@shared_task(name="idempotency.purge", ignore_result=True, acks_late=True)
def purge_answers() -> None:
    services.purge()
