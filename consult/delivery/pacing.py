"""When somebody is told: at once, in the digest, or not before morning. Pure, but for reading the choices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from .models import Pace, Preference

_PACES = frozenset(Pace.values)


def preferences_of(account_ids: Iterable[int]) -> dict[int, Preference]:
    """What people have chosen, by one query; who has chosen nothing is missing."""
    return {row.account_id: row for row in Preference.objects.filter(account_id__in=set(account_ids))}


def preference_of(account: Any) -> Preference:
    """What one person has chosen, or what holds for who has chosen nothing."""
    return Preference.objects.filter(account=account).first() or default_preference()


def default_preference() -> Preference:
    """For somebody who has chosen nothing: the installation's quiet hours."""
    quiet = getattr(settings, "DELIVERY_QUIET_HOURS", None) or (None, None)
    return Preference(quiet_from=quiet[0], quiet_until=quiet[1])


def pace_of(preference: Preference, kind: str) -> str:
    """His choice for this kind of notice, else for all."""
    chosen = preference.kinds.get(kind)
    return chosen if chosen in _PACES else preference.pace


def silence_left(preference: Preference, now: datetime | None = None) -> timedelta:
    """How long until the quiet hours end; nothing outside of them."""
    if preference.quiet_from is None or preference.quiet_until is None:
        return timedelta(0)
    now = timezone.localtime(now)
    begin, end = preference.quiet_from, preference.quiet_until
    is_quiet = begin <= now.hour < end if begin < end else now.hour >= begin or now.hour < end
    if begin == end or not is_quiet:
        return timedelta(0)
    morning = datetime.combine(now.date(), time(end), tzinfo=now.tzinfo)
    return morning - now if morning > now else morning + timedelta(days=1) - now
