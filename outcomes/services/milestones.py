"""节点: the named steps of a piece of work, laid down by the unit and checked off by its reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import Missing
from members.models import Account
from members.states import Role
from outcomes.models import AnswerLink, Assignment, Milestone
from outcomes.services.moving import by_link, for_the_unit, lock_assignment, note
from outcomes.states import ASSIGNMENT_WORKFLOW

MOST_STEPS = 12


@transaction.atomic
def set_milestones(
    assignment: Assignment, *, actor: Account, names: Iterable[str], via: AnswerLink | None = None
) -> Assignment:
    """Lay down the steps in their order. What is done stays; what is not named any more and not done goes."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "set_milestones", actor=actor)
    wanted = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    if not wanted:
        raise Missing(names=_("Name at least one step."))
    if len(wanted) > MOST_STEPS:
        raise Missing(names=_("At most %(most)s steps.") % {"most": MOST_STEPS})
    if any(len(name) > 40 for name in wanted):
        raise Missing(names=_("Say each step in at most 40 characters."))
    known = {step.name: step for step in assignment.milestones.all()}
    done = [step for step in known.values() if step.done_on is not None and step.name not in wanted]
    assignment.milestones.filter(done_on__isnull=True).exclude(name__in=wanted).delete()
    for place, name in enumerate([step.name for step in done] + wanted, start=1):
        Milestone.objects.update_or_create(assignment=assignment, name=name, defaults={"position": place})
    note(
        assignment,
        "set_milestones",
        actor=actor,
        reason="、".join(wanted),
        data=by_link(via),
        on_behalf_of=for_the_unit(actor, assignment, via),
    )
    return assignment


def check_off(assignment: Assignment, steps: Iterable[Milestone], *, by: str, on: date) -> list[str]:
    """The steps that a report says are done; said again, a step keeps its first day."""
    checked = []
    for step in steps:
        if step.assignment_id != assignment.pk:
            raise Missing(steps=_("This step belongs to another assignment."))
        if Milestone.objects.filter(pk=step.pk, done_on__isnull=True).update(done_on=on, done_by=by):
            checked.append(step.name)
    return checked


def unit_of(actor: Account, assignment: Assignment, via: AnswerLink | None) -> str:
    """Which of the handling units reports."""
    if via is not None:
        return via.unit.name
    mandate = actor.mandate_for(Role.LIAISON, organisation_ids=assignment.handling_unit_ids)
    return mandate.organisation.name if mandate is not None else assignment.lead_unit.name
