"""Asking a right outside a table of moves: people have no state machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from consult.errors import NotAllowed

if TYPE_CHECKING:
    from members.models import Account, Mandate


def require(actor: Account, perm: str, subject: Any = None) -> None:
    """The permission, or NotAllowed with whom to ask."""
    if not actor.has_perm(perm, subject):
        raise NotAllowed(_("Your mandates do not cover this. Ask the registrar or the office of your CPPCC."))


def mandate_used(actor: Account, *roles: str, host_id: int) -> Mandate | None:
    return actor.mandate_for(*roles, host_id=host_id)
