"""Accounts: opened, changed, closed by the registrar; passwords are set by their owner alone."""

from __future__ import annotations

import secrets
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing
from consult.outbox import publish
from members.models import Account, Organisation
from members.services.rights import mandate_used, require
from members.states import Role

#: Without look-alikes, so that a password can be read out over the telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """A password good for one sign-in, handed over on paper."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _i in range(4)) for _j in range(3))


@transaction.atomic
def open_account(
    *,
    actor: Account,
    home: Organisation,
    username: str,
    display_name: str,
    email: str = "",
    phone: str = "",
    employer: Organisation | None = None,
    password: str | None = None,
    is_sample: bool = False,
) -> tuple[Account, str]:
    """Open an account at a CPPCC; returns it with the first password, which its owner must change."""
    account = Account(
        username=username.strip(),
        display_name=display_name,
        email=email,
        phone=phone,
        home=home,
        employer=employer,
        must_change_password=password is None,
        is_sample=is_sample,
    )
    require(actor, "members.keep_account", account)
    password = password or first_password()
    account.set_password(password)
    if Account.objects.filter(username__iexact=account.username).exists():
        raise Missing({"username": _("This account name is taken.")})
    account.full_clean(exclude=["password"])
    account.save()
    _note(actor, "open", account)
    return account, password


@transaction.atomic
def change_account(account: Account, *, actor: Account, **changes) -> Account:
    """Correct name, contact or employer of an account."""
    account = _lock(account)
    require(actor, "members.keep_account", account)
    allowed = {"display_name", "email", "phone", "employer"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    for field, value in changes.items():
        setattr(account, field, value)
    account.full_clean(exclude=["password"])
    account.save(update_fields=list(changes))
    _note(actor, "change", account, fields=sorted(changes))
    return account


@transaction.atomic
def reset_password(account: Account, *, actor: Account) -> tuple[Account, str]:
    """A forgotten password: the registrar hands out a new first one; the lock is lifted."""
    account = _lock(account)
    require(actor, "members.keep_account", account)
    password = first_password()
    account.set_password(password)
    account.must_change_password = True
    account.failed_attempts, account.locked_until = 0, None
    account.save(update_fields=["password", "must_change_password", "failed_attempts", "locked_until"])
    _note(actor, "reset_password", account)
    return account, password


@transaction.atomic
def set_own_password(account: Account, *, actor: Account, old: str, new: str) -> Account:
    """Everybody sets his own password, and nobody else's."""
    account = _lock(account)
    if actor.pk != account.pk:
        require(actor, "members.set_password", account)
    if not account.check_password(old):
        raise Missing({"old": _("The present password is not right.")})
    if account.check_password(new):
        raise Missing({"new": _("Choose a password that differs from the present one.")})
    validate_password(new, account)
    account.set_password(new)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    _note(actor, "set_password", account)
    return account


@transaction.atomic
def close_account(account: Account, *, actor: Account, on: date | None = None) -> Account:
    """Somebody leaves: his mandates end, he signs in no more; what he did keeps his name."""
    on = on or timezone.localdate()
    account = _lock(account)
    require(actor, "members.keep_account", account)
    for mandate in account.mandates.in_force(on).select_for_update(of=("self",)):
        mandate.valid_to = max(mandate.valid_from, on)
        mandate.save(update_fields=["valid_to"])
    account.is_active = False
    account.left_on = on
    account.save(update_fields=["is_active", "left_on"])
    account.forget_mandates()
    _note(actor, "close", account)
    return account


@transaction.atomic
def reopen_account(account: Account, *, actor: Account) -> tuple[Account, str]:
    """Somebody comes back: the account signs in again with a new first password; mandates are granted anew."""
    account = _lock(account)
    require(actor, "members.keep_account", account)
    account.is_active, account.left_on = True, None
    account.save(update_fields=["is_active", "left_on"])
    _note(actor, "reopen", account)
    return reset_password(account, actor=actor)


def _lock(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)


def _note(actor: Account, verb: str, account: Account, **data) -> None:
    mandate = mandate_used(actor, Role.REGISTRAR, host_id=account.home_id) if account.home_id else None
    record(
        actor=actor,
        verb=f"account.{verb}",
        subject=account,
        mandate=mandate,
        host_id=account.home_id,
        data=data or None,
    )
    publish(f"account.{verb}", host_id=account.home_id, account_id=account.pk, actor_id=actor.pk)
