"""Telling, reading, recalling: rows only. Nothing here speaks to a network but ``send_due_mail``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from .models import InboxItem, MailState, OutgoingMail
from .sending import send_due_mail

__all__ = ["mark_all_read", "mark_read", "recall", "send_due_mail", "tell", "tell_all"]


@transaction.atomic
def tell(account: Any, *, key: str, title: str, body: str = "", url: str = "", event: Any = None) -> InboxItem:
    """Tell an account one thing, once: said again under the same key, it changes nothing."""
    item, fresh = InboxItem.objects.get_or_create(
        account=account,
        key=key,
        defaults={
            "title": _one_line(title, 200),
            "body": str(body),
            "url": url,
            "event_id": getattr(event, "pk", None),
        },
    )
    if fresh and account.email and account.is_active:
        OutgoingMail.objects.create(item=item, to=account.email, subject=item.title, body=_letter(item))
    return item


def tell_all(
    accounts: Iterable[Any], *, key: str, title: str, body: str = "", url: str = "", event: Any = None
) -> list[InboxItem]:
    """Tell several accounts the same; who is named twice is told once."""
    once = {account.pk: account for account in accounts}
    return [tell(once[pk], key=key, title=title, body=body, url=url, event=event) for pk in sorted(once)]


@transaction.atomic
def recall(key: str) -> int:
    """What was told under this key no longer holds: unread items fall silent, waiting mail stays here."""
    OutgoingMail.objects.filter(item__key=key, state=MailState.QUEUED).update(state=MailState.RECALLED)
    return InboxItem.objects.filter(key=key).unread().update(recalled_at=Now())


def mark_read(item: InboxItem, *, actor: Any) -> None:
    """The account has seen it; only its own inbox can be marked."""
    InboxItem.objects.visible_to(actor).filter(pk=item.pk, read_at=None).update(read_at=Now())


def mark_all_read(*, actor: Any) -> int:
    """Everything in the account's inbox has been seen."""
    return InboxItem.objects.visible_to(actor).unread().update(read_at=Now())


def _letter(item: InboxItem) -> str:
    """Plain text: whatever was typed stands there literally."""
    base = getattr(settings, "PUBLIC_URL", "").rstrip("/")
    way = f"{base}{item.url}" if base and item.url else _("Sign in to the platform to see it.")
    return "\n\n".join(part for part in (item.title, item.body, way) if part)


def _one_line(text: Any, most: int) -> str:
    """A subject has no line breaks, or it could smuggle in headers."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
