"""What is pursued about matters: screening, slips that were returned, and what somebody promised by a day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.outbox import handles
from consult.reminders import SHORT, Due, recheck, register_rows
from consult.reminders.recorded import day_of, recorded_by
from members.models import Account
from members.reach import Reach
from members.states import Role
from topics.models import Topic
from topics.states import TopicState

SCREENING, RETURNED, CLAIM = "screening", "returned", "claim"
COLUMNS = ("pk", "uuid", "host_id", "region_code", "title", "moved_on", "recorded")
#: Every one of these ends a wait, or sets another day.
MOVES = (
    *("return_topic", "resubmit", "lapse", "pool", "decline", "transfer", "merge", "reconsider", "claim"),
    *("release_claim", "schedule", "withdraw"),
)


def register() -> None:
    register_rows(SCREENING, SHORT, to_screen, lambda today: partial(read_screening, Reach(today)))
    register_rows(RETURNED, SHORT, returned, lambda today: partial(read_returned, Reach(today)))
    register_rows(CLAIM, SHORT, claimed, lambda today: partial(read_claim, Reach(today)))


def _rows(state: str, *verbs: str, **columns: Any) -> QuerySet[Any]:
    """Matters in a state; what was brought in from old paper owes nothing."""
    names = [f"topic.{verb}" for verb in verbs]
    rows = Topic.objects.filter(state=state, case_key="").order_by("pk")
    rows = rows.annotate(recorded=recorded_by("topics.topic", *names, otherwise=F("created_at")), **columns)
    return rows.values_list(*COLUMNS, *columns, named=True)


def to_screen(today: date) -> QuerySet[Any]:
    return _rows(TopicState.SUBMITTED, "submit", "resubmit", "reconsider")


def read_screening(reach: Reach, row: Any) -> Due:
    """Office and convenor screen; the approving leader hears when they have not."""
    days = options.promised(row.host_id, "limits.screening_days", row.moved_on)
    screening = reach.holders(row.host_id, row.region_code, Role.OFFICE, Role.CONVENOR)
    return _due(
        SCREENING,
        row,
        calendar.add_working_days(row.moved_on, days, row.host_id),
        _("Screen “%(title)s”"),
        lambda rung: screening if rung in ("T-1", "due") else _upwards(reach, row, rung),
    )


def returned(today: date) -> QuerySet[Any]:
    return _rows(TopicState.RETURNED, "return_topic")


def read_returned(reach: Reach, row: Any) -> Due:
    """Who raised or entered it completes it; after that day it lapses, which the office sees to."""
    days = options.promised(row.host_id, "limits.returned_lapse_days", row.moved_on)
    return _due(
        RETURNED,
        row,
        row.moved_on + timedelta(days=days),
        _("Complete “%(title)s”"),
        lambda rung: _raisers(reach, row) if rung in ("T-1", "due") else _upwards(reach, row, rung),
    )


def claimed(today: date) -> QuerySet[Any]:
    """Taken up with a promised day, and no session is set yet."""
    keys = {"promised": F("promised_on"), "by": F("claimed_by_id"), "of_member": F("claimed_member_id")}
    rows = _rows(TopicState.CLAIMED, "claim", **keys, of_group=F("claimed_group_id"))
    return rows.filter(promised_on__isnull=False)


def read_claim(reach: Reach, row: Any) -> Due:
    return _due(
        CLAIM,
        row,
        row.promised,
        _("Bring “%(title)s” to the table"),
        lambda rung: (
            _claimers(reach, row) if rung in ("T-1", "due") else _upwards(reach, row, rung, *_claimers(reach, row))
        ),
    )


def _due(kind: str, row: Any, due_on: date, title: str, recipients: Any) -> Due:
    return Due(
        kind=kind,
        item_id=row.pk,
        host_id=row.host_id,
        due_on=due_on,
        recorded_on=day_of(row.recorded, row.moved_on),
        recipients=recipients,
        title=title % {"title": row.title},
        body=_("To be done by %(day)s.") % {"day": due_on},
        url=reverse("topics:detail", args=[row.uuid]),
    )


def _upwards(reach: Reach, row: Any, rung: str, *also: Account) -> list[Account]:
    """After the day: the office, with who has it in hand; later the approving leader."""
    if rung == "+1":
        return [*also, *reach.holders(row.host_id, row.region_code, Role.OFFICE)]
    return reach.holders(row.host_id, row.region_code, Role.APPROVER)


def _raisers(reach: Reach, row: Any) -> list[Account]:
    """Who raised or entered it; of whom nobody signs in, the office has the telephone number."""
    return _known(reach, row, Q(raised__topic_id=row.pk) | Q(entered_topics=row.pk))


def _claimers(reach: Reach, row: Any) -> list[Account]:
    """Who took it up: the account, the member, or the leader of the group; on paper, the office asks."""
    found = Q(pk=row.by or 0) | Q(member__pk=row.of_member or 0)
    if row.of_group:
        still = Q(member__memberships__until__isnull=True)
        found |= Q(member__memberships__group_id=row.of_group, member__memberships__is_leader=True) & still
    return _known(reach, row, found)


def _known(reach: Reach, row: Any, wanted: Q) -> list[Account]:
    found = Account.objects.filter(wanted, is_active=True, is_system=False).distinct().order_by("pk")
    return list(found) or reach.holders(row.host_id, row.region_code, Role.OFFICE)


@handles(*(f"topic.{verb}" for verb in MOVES))
def it_moved(event: Any) -> None:
    """What nobody has read yet is recalled before it leaves the machine."""
    for kind in (SCREENING, RETURNED, CLAIM):
        recheck(kind, event.payload["topic_id"])
