"""Looking again: at what was only planned or impossible (class C and D), and at long-term products."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from consult import calendar
from consult.outbox import handles
from consult.reminders import SHORT, Due, Rung, recheck, register_rows
from consult.reminders.recorded import day_of, recorded_by
from members.models import Account
from members.reach import Reach
from members.states import Role
from outcomes.models import Assignment, Product
from outcomes.models.outcomes import RECHECK_MONTHS
from outcomes.states import OutcomeState

REVIEW, RECHECK = "review", "recheck"
#: A re-check that nobody recorded is not pursued for ever: the next one comes.
CHECKS: tuple[Rung, ...] = SHORT[:2]
#: From so many days before until so many days after its day a re-check is spoken of.
AHEAD, BEHIND = timedelta(days=60), timedelta(days=30)


def register() -> None:
    register_rows(REVIEW, SHORT, to_review, lambda today: partial(read_review, Reach(today)), weekly=False)
    register_rows(RECHECK, CHECKS, to_recheck, lambda today: partial(read_recheck, Reach(today), today), weekly=False)


def to_review(today: date) -> QuerySet[Any]:
    """Closed as planned or impossible, with a day to look again, until a visit finds it done or it is reopened."""
    rows = Assignment.objects.to_review().filter(ladder_from__isnull=False)
    return (
        rows.annotate(recorded=recorded_by("outcomes.assignment", "assignment.close"))
        .order_by("pk")
        .values_list(
            *("pk", "uuid", "host_id", "region_code", "matter", "number", "closed_on", "next_review_on", "recorded"),
            named=True,
        )
    )


def read_review(reach: Reach, row: Any) -> Due:
    return Due(
        kind=REVIEW,
        item_id=row.pk,
        host_id=row.host_id,
        due_on=row.next_review_on,
        recorded_on=day_of(row.recorded, row.closed_on),
        recipients=partial(recipients, reach, row.host_id, row.region_code),
        title=_("Look again at “%(title)s”") % {"title": row.matter},
        body=_("%(number)s was closed without being solved; to be looked at again on %(day)s.")
        % {"number": row.number, "day": row.next_review_on},
        url=reverse("outcomes:detail", args=[row.uuid]),
    )


def to_recheck(today: date) -> QuerySet[Any]:
    """Village rules, mechanisms, agreements of outcomes that were handed on; not those from old paper."""
    rows = Product.objects.exclude(outcome__state=OutcomeState.DRAFTED).filter(
        outcome__submitted_on__isnull=False, outcome__topic__case_key=""
    )
    recorded = recorded_by("outcomes.outcome", "outcome.submit_outcome", subject="outcome_id")
    return (
        rows.annotate(since=Coalesce("outcome__submitted_on", "outcome__drafted_on"), recorded=recorded)
        .order_by("pk")
        .values_list(
            *("pk", "title", "since", "recorded", "outcome__uuid", "outcome__host_id", "outcome__region_code"),
            named=True,
        )
    )


def read_recheck(reach: Reach, today: date, row: Any) -> Due | None:
    """The check whose time it is, after 3, 6 and 12 months; between them there is nothing to say."""
    host_id = row.outcome__host_id
    days = [calendar.add_months_workday(row.since, months, host_id) for months in RECHECK_MONTHS]
    near = [day for day in days if day - AHEAD <= today <= day + BEHIND]
    if not near:
        return None
    return Due(
        kind=RECHECK,
        item_id=row.pk,
        host_id=host_id,
        due_on=near[0],
        recorded_on=day_of(row.recorded, row.since),
        recipients=partial(recipients, reach, host_id, row.outcome__region_code),
        title=_("See whether “%(title)s” is kept") % {"title": row.title},
        body=_("A long-term product is looked at again after 3, 6 and 12 months; this time on %(day)s.")
        % {"day": near[0]},
        url=reverse("outcomes:outcome", args=[row.outcome__uuid]),
    )


def recipients(reach: Reach, host_id: int, region_code: str, rung: str) -> list[Account]:
    """Office and convenor look; the approving leader hears when nobody has."""
    if rung in ("T-1", "due"):
        return reach.holders(host_id, region_code, Role.OFFICE, Role.CONVENOR)
    return reach.holders(host_id, region_code, Role.OFFICE if rung == "+1" else Role.APPROVER)


@handles("assignment.reopen", "assignment.close", "assignment.record_check")
def it_moved(event: Any) -> None:
    recheck(REVIEW, event.payload["assignment_id"])
