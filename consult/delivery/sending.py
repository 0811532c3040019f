"""Mail leaves from rows, in batches, outside every transaction.

Claim (one short transaction) → send → write down what happened, if the claim is still ours. A worker that dies
in between leaves a lease that runs out; the mail then goes again under the same Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
import uuid
from datetime import timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail.message import EmailMessage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from .models import MailState, OutgoingMail

log = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(minutes=5)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]
"""After the n-th failure; the one after the last is final."""


def send_due_mail(limit: int = 500) -> int:
    """Send what is due, oldest first; the number sent. Safe to run twice at once."""
    sent = 0
    for _batch in range(0, limit, BATCH):
        began = monotonic()
        claim, mails = _claim(min(BATCH, limit))
        if not mails:
            break
        sent += _send_batch(claim, mails, began)
    return sent


def _claim(size: int) -> tuple[uuid.UUID, list[OutgoingMail]]:
    """Take a batch on a lease; whoever else looks at the same moment takes the next one."""
    claim = uuid.uuid4()
    with transaction.atomic():
        mails = list(OutgoingMail.objects.due().select_for_update(skip_locked=True, no_key=True, of=("self",))[:size])
        OutgoingMail.objects.filter(pk__in=[each.pk for each in mails]).update(
            claim=claim, claimed_until=Now() + LEASE, attempts=F("attempts") + 1
        )
    return claim, mails


def _send_batch(claim: uuid.UUID, mails: list[OutgoingMail], began: float) -> int:
    sent = 0
    connection = mail.get_connection()
    try:
        for each in mails:
            if monotonic() - began > LEASE.total_seconds() / 2:
                break  # too slow, or frozen: the lease may be somebody else's by now
            sent += _send_one(claim, each, connection)
    finally:
        connection.close()
    return sent


def _send_one(claim: uuid.UUID, each: OutgoingMail, connection: Any) -> bool:
    try:
        _message(each, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        _write_down(claim, each, state=MailState.DEAD, last_error=_say(error))
        return False
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _put_off(claim, each, error)
        return False
    return _write_down(claim, each, state=MailState.SENT, sent_at=Now(), last_error="")


def _message(each: OutgoingMail, connection: Any) -> EmailMessage:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return EmailMessage(
        subject=each.subject,
        body=each.body,
        to=[each.to],
        headers={"Message-ID": f"<{each.uuid}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def _put_off(claim: uuid.UUID, each: OutgoingMail, error: Exception) -> None:
    """Try again later, ever more rarely, and at last give up and keep the reason."""
    log.warning("mail %s not sent: %s", each.uuid, type(error).__name__)
    if each.attempts >= len(WAITS):
        _write_down(claim, each, state=MailState.DEAD, last_error=_say(error))
    else:
        _write_down(claim, each, due_at=Now() + WAITS[each.attempts], last_error=_say(error))


def _write_down(claim: uuid.UUID, each: OutgoingMail, **changes: Any) -> bool:
    mine = OutgoingMail.objects.filter(pk=each.pk, claim=claim, state=MailState.QUEUED)
    return bool(mine.update(claim=None, claimed_until=None, **changes))


def _say(error: Exception) -> str:
    """The kind of failure without the address, which may be inside the server's words."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()[:300]
