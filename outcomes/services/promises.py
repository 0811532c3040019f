"""Due dates promised before the holiday plan of their year was known: settled once, when staff enter the plan."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from consult import calendar
from consult.audit import record
from consult.calendar.models import HolidayPlan
from consult.outbox import publish
from members.models import Account, Organisation
from outcomes.models import Assignment
from outcomes.services.moving import lock_assignment, save, tell_of_assignment
from outcomes.states import ASSIGNMENT_WORKFLOW, SETTLED_STATES


@transaction.atomic
def enter_holiday_plan(
    host: Organisation, year: int, *, off: Collection[date], worked: Collection[date], source: str, actor: Account
) -> HolidayPlan:
    """Enter the year's plan; whatever falls due in that year and was counted without it is settled afterwards."""
    plan = calendar.load_plan(year, off=off, worked=worked, source=source, actor=actor, host_id=host.pk)
    publish("calendar.load_plan", host_id=host.pk, year=year, actor_id=actor.pk)
    return plan


@transaction.atomic
def settle_promises(host_id: int, year: int) -> int:
    """Settle every provisional due date of that year; how many there were. Run again it finds none."""
    calendar.read_anew()
    rows = Assignment.objects.filter(host_id=host_id, due_provisional=True, due_on__year=year, state__in=SETTLED_STATES)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        _settle(pk)
    return len(keys)


def _settle(pk: int) -> None:
    """Move a due date that turned out to be a day off to the next working day: once, and only later."""
    assignment = lock_assignment(pk)
    if not assignment.due_provisional or calendar.is_provisional(assignment.due_on.year, assignment.host_id):
        return
    actor, before = Account.objects.system(), assignment.due_on
    due_on = calendar.next_workday(before, assignment.host_id)
    ASSIGNMENT_WORKFLOW.advance(assignment, "settle_due", actor=actor)
    save(
        assignment,
        due_on=due_on,
        first_due_on=due_on if assignment.first_due_on == before else assignment.first_due_on,
        due_provisional=calendar.is_provisional(due_on.year, assignment.host_id),
    )
    record(
        actor=actor,
        verb="assignment.settle_due",
        subject=assignment,
        before=assignment.state,
        after=assignment.state,
        matter_id=assignment.topic_id,
        data={"from": before.isoformat(), "to": due_on.isoformat()},
    )
    if due_on != before:
        tell_of_assignment(assignment, "settle_due", actor=actor)
