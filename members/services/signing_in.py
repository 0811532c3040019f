"""Counting sign-ins: after five failures the account is locked for half an hour. Kept in PostgreSQL: it works
while Redis is away."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from members.models import Account

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=30)


@transaction.atomic
def note_failed_sign_in(username: str) -> Account | None:
    """One more failure for the account of this name; the fifth locks it. Unknown names leave no trace."""
    account = (
        Account.objects.select_for_update(of=("self",), no_key=True)
        .filter(username__iexact=username.strip(), is_active=True)
        .first()
    )
    if account is None:
        return None
    now = timezone.now()
    if account.locked_until and account.locked_until <= now:
        account.failed_attempts, account.locked_until = 0, None
    account.failed_attempts += 1
    if account.failed_attempts >= FAILURES_ALLOWED and account.locked_until is None:
        account.locked_until = now + LOCKED_FOR
    account.save(update_fields=["failed_attempts", "locked_until"])
    return account


@transaction.atomic
def note_sign_in(account: Account) -> None:
    """A sign-in that succeeded clears the count."""
    Account.objects.filter(pk=account.pk).update(failed_attempts=0, locked_until=None, last_login=timezone.now())
