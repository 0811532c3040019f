"""The ladder 提催督报 for assignments: who is reminded on which rung. The engine counts the days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consult.outbox import handles
from consult.reminders import LADDER, Due, Rung, addresses, recheck, register_rows
from members.models import Account
from members.reach import Reach
from members.states import Role
from outcomes.models import Assignment

KIND = "assignment"
#: After these the unit owes nothing any more, or something else by another day.
MOVES = ("send_back", "reassign", "annul", "grant", "reply", "rework", "reopen", "close", "settle_due")
COLUMNS = (
    *("pk", "uuid", "host_id", "region_code", "lead_unit_id", "lead_unit__name"),
    *("number", "matter", "due_on", "ladder_from", "topic__title"),
)


def register() -> None:
    register_rows(KIND, LADDER, owed, reader)


def owed(today: date) -> QuerySet[Any]:
    """Every running assignment that the office has confirmed; the rest owes nothing now.

    Whatever the day: a clock that jumps back must not recall what was told in the hour that comes again.
    """
    return Assignment.objects.climbing().order_by("pk").values_list(*COLUMNS, named=True)


def reader(today: date) -> Callable[[Any], Due]:
    return partial(read, Reach(today), addresses("outcomes:detail"))


def read(reach: Reach, address: Callable[[UUID], str], row: Any) -> Due:
    return Due(
        kind=KIND,
        item_id=row.pk,
        host_id=row.host_id,
        due_on=row.due_on,
        recorded_on=row.ladder_from,
        recipients=partial(recipients, row, reach=reach),
        title=partial(title, row),
        body=partial(body, row),
        url=address(row.uuid),
        facts={"matter": row.matter, "unit": row.lead_unit__name, "number": row.number, "due": row.due_on},
    )


def recipients(assignment: Any, rung: str, reach: Reach | None = None) -> list[Account]:
    """提 the unit; 催 the unit and its chief; 督 the unit, and the office follows up; 报 approvers and supervisors."""
    reach = reach or Reach()
    place = (assignment.host_id, assignment.region_code)
    if rung not in ("T-7", "T-3", "due", "+1", "+5"):
        return [*reach.holders(*place, Role.APPROVER), *reach.supervisors(assignment.region_code)]
    roles = (Role.LIAISON, Role.UNIT_CHIEF) if rung in ("+1", "+5") else (Role.LIAISON,)
    # a unit without an account is reached by the office, on paper
    unit = reach.unit(assignment.lead_unit_id, *roles) or reach.holders(*place, Role.OFFICE)
    return [*unit, *reach.holders(*place, Role.OFFICE)] if rung == "+5" else unit


def title(row: Any, rung: Rung) -> str:
    return _("%(step)s: %(matter)s, due on %(day)s") % {
        "step": rung.label or rung.name,
        "matter": row.matter,
        "day": row.due_on,
    }


def body(row: Any, rung: Rung) -> str:
    """No personal names and no addresses, because this may leave as a message."""
    facts = {"unit": row.lead_unit__name, "topic": row.topic__title, "number": row.number, "day": row.due_on}
    if rung.offset < 0:
        return _("%(unit)s: %(number)s, from “%(topic)s”, is due on %(day)s. Please report how it stands.") % facts
    if rung.offset == 0:
        return _("%(unit)s: %(number)s, from “%(topic)s”, is due today. Please reply, or ask for an extension.") % facts
    return _("%(unit)s: %(number)s, from “%(topic)s”, was due on %(day)s and has not been answered.") % facts


@handles(*(f"assignment.{verb}" for verb in MOVES))
def it_moved(event: Any) -> None:
    """What nobody has read yet is recalled before it leaves the machine."""
    recheck(KIND, event.payload["assignment_id"])
