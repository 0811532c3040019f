"""Woken by beat every few seconds; the rows say what is due. One task per channel, so that none waits for another."""

from celery import shared_task

from .digests import make_digests
from .leases import free_the_dead
from .models import ChannelName
from .sending import probe, send_due, send_due_mail, send_to_robots

PLENTY = 20_000


@shared_task(name="delivery.send", ignore_result=True, acks_late=True)
def send_mail() -> None:
    free_the_dead()
    send_due_mail()


@shared_task(name="delivery.send_sms", ignore_result=True, acks_late=True)
def send_sms() -> None:
    free_the_dead()
    send_due(ChannelName.SMS, PLENTY)


@shared_task(name="delivery.send_robots", ignore_result=True, acks_late=True)
def send_robots() -> None:
    send_to_robots()


@shared_task(name="delivery.digest", ignore_result=True, acks_late=True)
def digest() -> None:
    make_digests()


@shared_task(name="delivery.probe", ignore_result=True, acks_late=True)
def probe_receivers() -> None:
    probe()
