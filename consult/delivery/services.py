"""Telling, reading, recalling: rows only. Nothing here speaks to a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from .kinds import kind_of
from .models import InboxItem
from .notes import Note
from .sql import in_order
from .telling import bulk_tell, recall_all
from .wording import facts_for


def tell(
    account: Any, *, key: str, title: str, body: str = "", url: str = "", event: Any = None, **more: Any
) -> InboxItem:
    """Tell an account one thing, once: said again under the same key, it changes nothing."""
    return tell_all([account], key=key, title=title, body=body, url=url, event=event, **more)[0]


@transaction.atomic
def tell_all(
    accounts: Iterable[Any],
    *,
    key: str,
    title: str,
    body: str = "",
    url: str = "",
    event: Any = None,
    kind: str = "",
    facts: Mapping[str, Any] | None = None,
) -> list[InboxItem]:
    """Tell several accounts the same; who is named twice is told once.

    ``kind`` is found by the event where it is not given; ``facts`` are {matter}, {unit}, {due} … for its wording.
    """
    once = {account.pk: account for account in accounts}
    event_id, host_id = getattr(event, "pk", None), getattr(event, "host_id", None)
    kind = kind or kind_of(key, event)
    known = {**facts_for(kind, host_id, event), **(facts or {})} if once else {}
    due = known.get("due")
    due_on = due if isinstance(due, date) else None
    bulk_tell(Note(account, key, title, body, url, event_id, host_id, kind, due_on, known) for account in once.values())
    return list(InboxItem.objects.filter(account__in=once, key=key).order_by("account_id")) if once else []


def recall(key: str) -> int:
    """What was told under this key no longer holds: unread items fall silent, waiting messages stay here."""
    return recall_all([key])


def mark_read(item: InboxItem, *, actor: Any) -> None:
    """The account has seen it; only its own inbox can be marked."""
    InboxItem.objects.visible_to(actor).filter(pk=item.pk, read_at=None).update(read_at=Now())


@transaction.atomic
def mark_all_read(*, actor: Any) -> int:
    """Everything in the account's inbox has been seen."""
    return in_order(InboxItem.objects.visible_to(actor).unread()).update(read_at=Now())
