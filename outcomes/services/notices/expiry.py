"""The clock ends the period of a notice; what was posted stays readable."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import Missing, WrongState
from members.models import Account
from outcomes.models import PublicNotice
from outcomes.services.notices import boards
from outcomes.services.notices.moving import begin_notice, finish_notice

AT_ONCE = 200


@transaction.atomic
def expire_notice(notice: PublicNotice, *, actor: Account, on: date | None = None) -> PublicNotice:
    """Its last day is over."""
    notice, _today = begin_notice(notice, "expire_notice", actor=actor, on=None)
    if (on or timezone.localdate()) <= notice.expires_on:
        raise Missing({"on": _("The period runs until %(day)s.") % {"day": notice.expires_on.isoformat()}})
    ended = finish_notice(notice, "expire_notice", actor=actor, on=max(notice.expires_on, notice.moved_on))
    boards.touch(notice.host_id)
    return ended


def expire_notices(limit: int = AT_ONCE) -> int:
    """Every notice whose last day is over; one transaction each, so that one that fails holds up nobody."""
    system = Account.objects.system()
    ended = 0
    for notice in PublicNotice.objects.ended().order_by("expires_on", "pk").only("pk", "topic_id")[:limit]:
        try:
            expire_notice(notice, actor=system)
            ended += 1
        except (WrongState, PublicNotice.DoesNotExist):
            continue  # somebody took it down, or another clock was faster
    return ended
