"""What the clock does about topics."""

from celery import shared_task

from members.models import Account
from topics import services


@shared_task(name="topics.lapse", ignore_result=True, acks_late=True)
def lapse_returned() -> None:
    """Close returned slips that nobody completed in time."""
    services.lapse_due(actor=Account.objects.system())
