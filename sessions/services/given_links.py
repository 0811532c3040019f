"""A link that somebody without an account was given: for some days, replaced by a new one, taken back.

Its address is made from the row whenever it is shown. Renewing raises the version, so whatever went out before opens
nothing any more. Ages are counted by the clock of the database.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from consult import options
from consult.dbclock import database_now
from consult.errors import Missing


class GivenLink(Protocol):
    """What such a row has; its model belongs to who gives it."""

    version: int
    expires_at: datetime
    revoked_at: datetime | None

    def save(self, *, update_fields: list[str]) -> None: ...


def term(host_id: int, days: int | None) -> datetime:
    """Until when it opens: from 1 to 120 days from now, or as many as the CPPCC has set."""
    days = options.get(host_id, "limits.link_days") if days is None else days
    if not 1 <= days <= 120:
        raise Missing(days=_("From 1 to 120 days."))
    return database_now() + timedelta(days=days)


def renew(link: GivenLink, host_id: int, days: int | None) -> None:
    """Another address with a new term."""
    link.version += 1
    link.expires_at, link.revoked_at = term(host_id, days), None
    link.save(update_fields=["version", "expires_at", "revoked_at"])


def revoke(link: GivenLink) -> bool:
    """Taken back: from this moment on the address opens a sentence only. False when it was before."""
    if link.revoked_at is not None:
        return False
    link.revoked_at = database_now()
    link.save(update_fields=["revoked_at"])
    return True


def why_closed(link: GivenLink | None, version: int) -> str:
    """Why an address of this version opens nothing any more; empty while it does."""
    if link is None or link.version != version:
        return _("This link was replaced by a new one. Use the latest that you were given.")
    if link.revoked_at is not None:
        return _("The office has taken this link back. Ask it for another one.")
    if link.expires_at <= database_now():
        return _("This link has expired. Ask the office for another one.")
    return ""
