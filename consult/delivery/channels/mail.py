"""E-mail, by Django's backend: the console until a server is named."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail.message import EmailMessage

from .base import Answer, Answers, Parcel, later, never, sent

TROUBLE_IN_A_ROW = 3
_FOR_GOOD = range(500, 600)


class MailChannel:
    """One connection per batch; each letter's answer is known before the next one leaves."""

    batch = 50

    def is_configured(self) -> bool:
        return bool(settings.EMAIL_BACKEND)

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answers]:
        connection = mail.get_connection()
        trouble = 0
        try:
            for number, parcel in enumerate(parcels):
                if trouble >= TROUBLE_IN_A_ROW:  # the server is away: the rest wait without being tried
                    yield [later(one, "server away") for one in parcels[number:]]
                    return
                answer = _send_one(parcel, connection)
                trouble = trouble + 1 if answer.fault == "server" else 0
                yield [answer]
        finally:
            connection.close()


def _send_one(parcel: Parcel, connection: Any) -> Answer:
    try:
        message_of(parcel, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _words in error.recipients.values()}
        refuse = never if codes and all(code in _FOR_GOOD for code in codes) else later
        return refuse(parcel, f"{say(error)} {' '.join(str(code) for code in sorted(codes))}")
    except smtplib.SMTPDataError as error:
        return (never if error.smtp_code in _FOR_GOOD else later)(parcel, say(error))
    except ValueError as error:  # an address or header that no server would take
        return never(parcel, say(error))
    except (OSError, smtplib.SMTPException) as error:
        return later(parcel, say(error))
    return sent(parcel)


def message_of(parcel: Parcel, connection: Any) -> EmailMessage:
    """To one address only: nobody sees another's."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return EmailMessage(
        subject=parcel.subject,
        body=parcel.body,
        to=[parcel.to],
        headers={"Message-ID": f"<{parcel.key}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def say(error: Exception) -> str:
    """The kind of failure without the address, which may be inside the server's words."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
