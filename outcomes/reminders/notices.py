"""Opinions on a notice: each one gets an answer, and within the CPPCC's own limit."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.outbox import handles
from consult.reminders import SHORT, Due, recheck, register_rows
from consult.reminders.recorded import day_of, recorded_by
from members.models import Account
from members.reach import Reach
from members.states import Role
from outcomes.models import Objection
from outcomes.states import PUBLIC_STATES

KIND = "objection"


def register() -> None:
    register_rows(KIND, SHORT, owed, lambda today: partial(read, Reach(today)))


def owed(today: date) -> QuerySet[Any]:
    """Received, not answered, and the notice still stands."""
    not_from_paper = Q(notice__topic=None) | Q(notice__topic__case_key="")
    rows = Objection.objects.filter(not_from_paper, answered_on__isnull=True, notice__state__in=PUBLIC_STATES)
    recorded = recorded_by("outcomes.publicnotice", "notice.record_objection", subject="notice_id")
    return (
        rows.annotate(recorded=recorded)
        .order_by("pk")
        .values_list(
            *("pk", "received_on", "recorded", "notice__uuid", "notice__title", "notice__host_id"),
            *("notice__region_code", "notice__drafted_by_id"),
            named=True,
        )
    )


def read(reach: Reach, row: Any) -> Due:
    days = options.promised(row.notice__host_id, "limits.objection_days", row.received_on)
    due_on = calendar.add_working_days(row.received_on, days, row.notice__host_id)
    return Due(
        kind=KIND,
        item_id=row.pk,
        host_id=row.notice__host_id,
        due_on=due_on,
        recorded_on=day_of(row.recorded, row.received_on),
        recipients=partial(recipients, reach, row),
        title=_("Answer an opinion on “%(title)s”") % {"title": row.notice__title},
        body=_("To be done by %(day)s.") % {"day": due_on},
        url=reverse("outcomes:notice", args=[row.notice__uuid]),
    )


def recipients(reach: Reach, row: Any, rung: str) -> list[Account]:
    """Who answers for the notices; the approving leader once the office has been told in vain."""
    place = (row.notice__host_id, row.notice__region_code)
    if rung in ("T-1", "due"):
        return reach.holders(*place, Role.OFFICE, Role.CONVENOR)
    return reach.holders(*place, Role.OFFICE) if rung == "+1" else reach.holders(*place, Role.APPROVER)


@handles("notice.answer_objection", "notice.withdraw_notice")
def it_moved(event: Any) -> None:
    for pk in Objection.objects.filter(notice=event.payload["notice_id"]).values_list("pk", flat=True):
        recheck(KIND, pk)
