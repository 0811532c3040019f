"""The ladder 提催督报 for assignments: who is reminded on which rung. The engine counts the days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from consult.reminders import LADDER, Due, Rung, register_ladder
from members.states import Role
from outcomes.models import Assignment
from outcomes.people import holders, supervisors, unit_or_office

KIND = "assignment"


def register() -> None:
    register_ladder(KIND, LADDER, owed)


def owed(today: date) -> Iterator[Due]:
    """Every running assignment that the office has confirmed; the rest owes nothing now."""
    rows = Assignment.objects.climbing().filter(ladder_from__lte=today)
    for assignment in rows.select_related("topic", "lead_unit", "host").order_by("pk"):
        yield Due(
            kind=KIND,
            item_id=assignment.pk,
            host_id=assignment.host_id,
            due_on=assignment.due_on,
            recorded_on=assignment.ladder_from,
            recipients=partial(recipients, assignment),
            title=partial(title, assignment),
            body=partial(body, assignment),
            url=assignment.get_absolute_url(),
        )


def recipients(assignment: Assignment, rung: str) -> Iterable[Any]:
    """提 the unit; 催 the unit and its chief; 督 the unit, and the office follows up; 报 approvers and supervisors."""
    if rung in ("T-7", "T-3", "due"):
        return unit_or_office(assignment, Role.LIAISON)
    if rung == "+1":
        return unit_or_office(assignment, Role.LIAISON, Role.UNIT_CHIEF)
    if rung == "+5":
        unit = unit_or_office(assignment, Role.LIAISON, Role.UNIT_CHIEF)
        return [*unit, *holders(assignment, Role.OFFICE)]
    return [*holders(assignment, Role.APPROVER), *supervisors(assignment)]


def title(assignment: Assignment, rung: Rung) -> str:
    return _("%(step)s: %(matter)s, due on %(day)s") % {
        "step": rung.label or rung.name,
        "matter": assignment.matter,
        "day": assignment.due_on,
    }


def body(assignment: Assignment, rung: Rung) -> str:
    """No personal names and no addresses, because this may leave as a message."""
    facts = {
        "unit": assignment.lead_unit.name,
        "topic": assignment.topic.title,
        "number": assignment.number,
        "day": assignment.due_on,
    }
    if rung.offset < 0:
        return _("%(unit)s: %(number)s, from “%(topic)s”, is due on %(day)s. Please report how it stands.") % facts
    if rung.offset == 0:
        return _("%(unit)s: %(number)s, from “%(topic)s”, is due today. Please reply, or ask for an extension.") % facts
    return _("%(unit)s: %(number)s, from “%(topic)s”, was due on %(day)s and has not been answered.") % facts
