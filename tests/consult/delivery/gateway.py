"""A mail server for tests that counts what reached it and can be told to fail."""

from __future__ import annotations

import smtplib
import threading
from collections import Counter

from django.core.mail.backends.base import BaseEmailBackend

accepted: Counter[str] = Counter()
sent: list = []
_lock = threading.Lock()
_mood = {"fails": None}


def reset() -> None:
    accepted.clear()
    sent.clear()
    _mood["fails"] = None


def fail_with(error: Exception | None) -> None:
    _mood["fails"] = error


class EmailBackend(BaseEmailBackend):
    def send_messages(self, messages) -> int:
        if _mood["fails"] is not None:
            raise _mood["fails"]
        with _lock:
            for message in messages:
                message.message()  # headers are checked when the letter is made
                accepted[message.extra_headers["Message-ID"]] += 1
                sent.append(message)
        return len(messages)


REFUSED = smtplib.SMTPRecipientsRefused({"nobody@example.org": (550, b"no such user")})
EMAIL_BACKEND = f"{__name__}.EmailBackend"
