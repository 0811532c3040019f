"""Who is there."""

from celery import shared_task

from consult import health


@shared_task(name="health.note", ignore_result=True)
def note_worker() -> None:
    """A worker is there and takes jobs."""
    health.note_worker()
