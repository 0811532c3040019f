"""Who is there, and what may be swept away."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from consult import health


@shared_task(name="health.note", ignore_result=True)
def note_worker() -> None:
    """A worker is there and takes jobs."""
    health.note_worker()


@shared_task(name="health.sweep", ignore_result=True)
def sweep_sessions() -> None:
    """Sign-ins that have run out are forgotten."""
    SessionStore.clear_expired()
