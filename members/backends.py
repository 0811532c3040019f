"""Signing in by password. The lock and its count are rows, so signing in works while Redis is away."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest  # noqa: TID251  (the signature Django calls)
from django.utils import timezone

from members.models import Account
from members.services import note_failed_sign_in, note_sign_in


class AccountBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Account | None:
        """The account, or None: unknown, wrong, locked and closed look and last the same."""
        if not username or password is None:
            return None
        account = Account.objects.filter(username__iexact=username.strip()).first()
        if account is None or not account.has_usable_password():
            Account().set_password(password)  # as slow as a real check: nobody learns which names exist
            return None
        right = account.check_password(password)
        if account.locked_until and account.locked_until > timezone.now():
            return None
        if not right or not account.is_active or account.is_system:
            note_failed_sign_in(username)
            return None
        note_sign_in(account)
        return account

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
