"""Programs on telephones live long: one that nobody understands any more is told so, and keeps what it has.

Clocks of telephones are wrong. The program says with each sending what its clock shows then; by how much it is away is
known thereby, and what it dates is put right. What it claimed is kept beside, as its word.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from consult.dbclock import database_now
from consult.errors import DomainError

HEADER, CLOCK = "X-Phone-Version", "X-Phone-Clock"
#: A sending takes a while; what differs by less is no fault of a clock.
ON_ITS_WAY = timedelta(minutes=2)
#: What the pages of today write; and everything that is still understood.
CURRENT = "1"
UNDERSTOOD = frozenset({CURRENT})


class UnknownClient(DomainError):
    """Nothing was taken in; the telephone keeps its records and fetches the new program."""

    code = "client_version"


def refuse_unknown_client(request: Any) -> None:
    """Only programs that say who they are are asked; 409, and not a word of the body is read."""
    version = request.headers.get(HEADER)
    if version is not None and version not in UNDERSTOOD:
        raise UnknownClient(
            _(
                "This telephone runs a version of the program that is not known here. Your records stay on it: "
                "open the page once with a network, then send again."
            )
        )


def put_right(request: Any, moment: datetime | None) -> datetime | None:
    """The moment by our clock, of one that a telephone dated; None when its clock goes right or says nothing."""
    shown = _shown(request)
    if moment is None or shown is None:
        return None
    now = database_now()
    away = now - shown
    return min(moment + away, now) if abs(away) > ON_ITS_WAY else None


def _shown(request: Any) -> datetime | None:
    """What the telephone's clock shows; nonsense is nothing."""
    try:
        shown = parse_datetime(request.headers.get(CLOCK, "")[:40])
    except ValueError:
        return None
    return shown if shown is not None and timezone.is_aware(shown) else None
