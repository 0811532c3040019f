"""Satisfaction that nobody has asked after, and a raiser who waits for an explanation."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.outbox import handles
from consult.reminders import SHORT, Due, recheck, register_rows
from consult.reminders.recorded import day_of, recorded_by
from members.models import Account
from members.reach import Reach
from members.states import Role
from outcomes.models import SatisfactionSurvey

ASKING, EXPLAINING = "satisfaction", "explanation"
COLUMNS = (
    *("pk", "day", "since", "recorded", "outcome__uuid", "outcome__host_id", "outcome__region_code"),
    "outcome__topic__title",
)


def register() -> None:
    register_rows(ASKING, SHORT, asking, lambda today: partial(read, Reach(today), ASKING))
    register_rows(EXPLAINING, SHORT, explaining, lambda today: partial(read, Reach(today), EXPLAINING))


def asking(today: date) -> QuerySet[Any]:
    """The last assignment is closed; matters from old paper owe nobody an answer by a day long past."""
    rows = SatisfactionSurvey.objects.filter(
        answered_on__isnull=True, due_on__isnull=False, outcome__topic__case_key=""
    )
    return _columns(rows, "due_on", "asked_on", "outcome.ask_satisfaction")


def explaining(today: date) -> QuerySet[Any]:
    """The raiser is not satisfied: without an explanation by then the work begins again."""
    rows = SatisfactionSurvey.objects.filter(
        explain_by__isnull=False, explained_on__isnull=True, forced_on__isnull=True, outcome__topic__case_key=""
    )
    return _columns(rows, "explain_by", "answered_on", "outcome.record_satisfaction", "outcome.raiser_answer")


def _columns(rows: QuerySet[Any], day: str, since: str, *verbs: str) -> QuerySet[Any]:
    recorded = recorded_by("outcomes.outcome", *verbs, subject="outcome_id")
    return rows.annotate(day=F(day), since=F(since), recorded=recorded).order_by("pk").values_list(*COLUMNS, named=True)


def read(reach: Reach, kind: str, row: Any) -> Due:
    words = {"title": row.outcome__topic__title}
    title = (
        _("Ask how satisfied people are with “%(title)s”")
        if kind == ASKING
        else _("Explain to the raiser of “%(title)s”, who is not satisfied")
    )
    return Due(
        kind=kind,
        item_id=row.pk,
        host_id=row.outcome__host_id,
        due_on=row.day,
        recorded_on=day_of(row.recorded, row.since or row.day),
        recipients=partial(recipients, reach, row),
        title=title % words,
        body=_("To be done by %(day)s.") % {"day": row.day},
        url=reverse("outcomes:outcome", args=[row.outcome__uuid]),
    )


def recipients(reach: Reach, row: Any, rung: str) -> list[Account]:
    """The office asks and explains; the approving leader hears when it has not."""
    role = Role.OFFICE if rung in ("T-1", "due", "+1") else Role.APPROVER
    return reach.holders(row.outcome__host_id, row.outcome__region_code, role)


@handles("outcome.record_satisfaction", "outcome.explain_dissatisfaction", "outcome.ask_satisfaction")
def it_moved(event: Any) -> None:
    for pk in SatisfactionSurvey.objects.filter(outcome=event.payload["outcome_id"]).values_list("pk", flat=True):
        recheck(ASKING, pk)
        recheck(EXPLAINING, pk)
