"""Issuing an assignment, and what happens before the unit begins: signing for it, sending it back, reassigning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.audit import record
from consult.errors import Missing, WrongState
from consult.files.models import AttachmentKind
from members.models import Account, Organisation
from members.states import OrganisationKind
from outcomes.models import AnswerLink, Assignment, Outcome
from outcomes.rules.assignments import ROLES
from outcomes.services.closing import lapse_extensions, settle
from outcomes.services.moving import (
    begin,
    business_date,
    by_link,
    due_date,
    finish,
    for_the_unit,
    keep_files,
    lock_outcome,
    lock_topic,
    need,
    number_for,
    promise,
    speaks_for_unit,
    tell_of_assignment,
)
from outcomes.states import ASSIGNABLE, ASSIGNMENT_WORKFLOW, OutcomeState
from sessions.models import ConsensusPoint
from topics.models import Topic
from topics.services import return_to_consulted
from topics.states import TopicState

#: Not handed work by this procedure: the CPPCC and its committees are the platform, not the doer.
NOT_UNITS = (OrganisationKind.CPPCC, OrganisationKind.COMMITTEE)


@transaction.atomic
def issue_assignment(
    outcome: Outcome,
    *,
    actor: Account,
    matter: str,
    fulfils: Iterable[ConsensusPoint],
    lead_unit: Organisation,
    assisting_units: Iterable[Organisation] = (),
    requirement: str = "",
    due_on: date | None = None,
    issued_by: str = "",
    funds_amount: Decimal | None = None,
    funds_about: str = "",
    funds_kind: str = "",
    funds_source: str = "",
    projects: str = "",
    ordinal: int | None = None,
    on: date | None = None,
    implied: bool = False,
) -> Assignment:
    """Assign what was agreed to the unit that can do it; the slip takes its number and a due date."""
    topic = lock_topic(outcome.topic_id)
    outcome = lock_outcome(outcome.pk)
    assignment = Assignment(
        outcome=outcome, topic=topic, host=topic.host, region_code=topic.region_code, is_sample=topic.is_sample
    )
    ASSIGNMENT_WORKFLOW.check(assignment, "issue", actor=actor)
    _refuse_unassignable(outcome, topic)
    on = business_date(on, outcome.moved_on)
    _wake_closed(topic, actor=actor, on=on)
    points = _points(topic, fulfils)
    assisting = _units(topic, lead_unit, assisting_units)
    due_on = due_date(topic.host_id, on, due_on)
    ASSIGNMENT_WORKFLOW.advance(assignment, "issue", actor=actor)
    assignment.matter = need(matter, "matter", _("Say in a few words what is to be done."))
    assignment.requirement = requirement.strip() or ("" if actor.is_system else "；".join(p.text for p in points))
    assignment.lead_unit = lead_unit
    assignment.issued_by = need(issued_by, "issued_by", _("Say in whose name it is issued."))
    assignment.issued_on = assignment.moved_on = on
    assignment.due_on = assignment.first_due_on = due_on
    assignment.due_provisional = calendar.is_provisional(due_on.year, topic.host_id)
    assignment.ladder_from = None if actor.is_system else timezone.localdate()
    assignment.funds_amount, assignment.funds_about = funds_amount, funds_about
    assignment.funds_kind, assignment.funds_source = _funds(funds_amount, funds_kind), funds_source.strip()
    assignment.projects = projects.strip()
    assignment.ordinal = ordinal or _next_ordinal(topic)
    assignment.number = number_for(topic.host, "assignment", on)
    assignment.full_clean(exclude=["region_code", "host", "topic", "outcome", "lead_unit"])
    assignment.save()
    assignment.fulfils.set(points)
    assignment.assisting_units.set(assisting)
    record(
        actor=actor,
        verb="assignment.issue",
        subject=assignment,
        after=assignment.state,
        happened_at=on,
        mandate=actor.mandate_for(*ROLES["issue"], host_id=assignment.host_id, code=assignment.region_code),
        on_behalf_of=assignment.issued_by,
        matter_id=topic.pk,
        data={"number": assignment.number, "due_on": due_on.isoformat(), "lead_unit": lead_unit.name},
        implied=implied,
    )
    tell_of_assignment(assignment, "issue", actor=actor)
    return assignment


def _refuse_unassignable(outcome: Outcome, topic: Topic) -> None:
    """Formal: adopted. Micro: submitted."""
    if outcome.state in ASSIGNABLE.get(topic.profile, ()):
        return
    if topic.profile == "formal" and outcome.state in (OutcomeState.SUBMITTED, OutcomeState.NOTED):
        raise WrongState(_("In a formal consultation something is assigned only once the outcome is adopted."))
    raise WrongState(_("The outcome has to be submitted before something is assigned from it."))


def _wake_closed(topic: Topic, *, actor: Account, on: date) -> None:
    """A closed matter is reopened with a reason first; paper that is brought in late speaks for itself."""
    if topic.state == TopicState.CLOSED and actor.is_system:
        return_to_consulted(topic, actor=actor, on=on, reason=_("A further assignment was issued."))
    elif topic.state == TopicState.CLOSED:
        raise WrongState(_("The matter is closed. Reopen it with a reason, then assign."))


def _points(topic: Topic, fulfils: Iterable[ConsensusPoint]) -> list[ConsensusPoint]:
    points = sorted(set(fulfils), key=lambda point: point.number)
    if not points:
        raise Missing(fulfils=_("Choose at least one consensus point that it fulfils."))
    if any(point.topic_id != topic.pk for point in points):
        raise Missing(fulfils=_("Choose consensus points of this matter."))
    return points


def _units(topic: Topic, lead: Organisation, assisting: Iterable[Organisation]) -> list[Organisation]:
    """Lead and assisting units are known to the host and still exist."""
    others = list(dict.fromkeys(assisting))
    for field, unit in [("lead_unit", lead), *(("assisting_units", unit) for unit in others)]:
        if unit is None:
            raise Missing({field: _("Choose the unit.")})
        if unit.host_id != topic.host_id or unit.kind in NOT_UNITS:
            raise Missing({field: _("%(unit)s cannot be assigned work here.") % {"unit": unit}})
        if unit.closed_on is not None:
            raise Missing({field: _("%(unit)s no longer exists.") % {"unit": unit}})
    if lead in others:
        raise Missing(assisting_units=_("%(unit)s leads; it cannot assist as well.") % {"unit": lead})
    return others


def _funds(amount: Decimal | None, kind: str) -> str:
    if amount is not None and amount < 0:
        raise ValidationError({"funds_amount": _("The amount cannot be negative.")})
    return kind


def _next_ordinal(topic: Topic) -> int:
    return (topic.assignments.aggregate(last=Max("ordinal"))["last"] or 0) + 1


@transaction.atomic
def sign_for(
    assignment: Assignment,
    *,
    actor: Account,
    signed_for_by: str = "",
    files: Iterable[Any] = (),
    on: date | None = None,
    implied: bool = False,
    via: AnswerLink | None = None,
) -> Assignment:
    """The unit has it in hand; the office records the signature on the paper slip."""
    assignment, on = begin(assignment, "sign_for", actor=actor, on=on)
    keep_files(assignment, files, AttachmentKind.SCAN, actor=actor, within=assignment)
    own = speaks_for_unit(actor, assignment)
    name = signed_for_by.strip() or (via.name if via else actor.display_name if own else "")
    return finish(
        assignment,
        "sign_for",
        actor=actor,
        on=on,
        data=by_link(via),
        on_behalf_of=for_the_unit(actor, assignment, via),
        implied=implied,
        signed_for_on=on,
        signed_for_by=name,
    )


@transaction.atomic
def send_back(
    assignment: Assignment,
    *,
    actor: Account,
    reason: str,
    proper_unit: str,
    files: Iterable[Any] = (),
    on: date | None = None,
) -> Assignment:
    """The unit says within the limit why it is not its business, and whose it is."""
    assignment, on = begin(assignment, "send_back", actor=actor, on=on)
    reason = need(reason, "reason", _("Say why it is not this unit's business."))
    proper_unit = need(proper_unit, "proper_unit", _("Name the unit whose business it is."))
    if not actor.is_system:
        _refuse_late(assignment, on)
    keep_files(assignment, files, AttachmentKind.SCAN, actor=actor, within=assignment)
    return finish(
        assignment,
        "send_back",
        actor=actor,
        on=on,
        reason=reason,
        on_behalf_of=for_the_unit(actor, assignment),
        send_back_reason=reason,
        proper_unit=proper_unit,
    )


def last_day_to_send_back(assignment: Assignment) -> date:
    """Counted in working days from the day it was issued or reassigned."""
    days = options.promised(assignment.host_id, "limits.send_back_days", assignment.moved_on)
    return calendar.add_working_days(assignment.moved_on, days, assignment.host_id)


def _refuse_late(assignment: Assignment, on: date) -> None:
    last = last_day_to_send_back(assignment)
    if on > last:
        raise Missing(
            on=_("Sending back was possible until %(day)s. Ask the CPPCC office to reassign it.")
            % {"day": last.isoformat()}
        )


@transaction.atomic
def reassign(
    assignment: Assignment,
    *,
    actor: Account,
    lead_unit: Organisation,
    reason: str,
    due_on: date | None = None,
    assisting_units: Iterable[Organisation] | None = None,
    on: date | None = None,
) -> Assignment:
    """Hand it to another unit, or to the same one again: same number, new due date."""
    assignment, on = begin(assignment, "reassign", actor=actor, on=on)
    reason = need(reason, "reason", _("Say why it is reassigned."))
    staying = [unit for unit in assignment.assisting_units.all() if unit != lead_unit]
    others = _units(assignment.topic, lead_unit, staying if assisting_units is None else assisting_units)
    earlier: dict[str, Any] = {"lead_unit": assignment.lead_unit.name, "due_on": assignment.due_on.isoformat()}
    assignment.assisting_units.set(others)
    return finish(
        assignment,
        "reassign",
        actor=actor,
        on=on,
        reason=reason,
        data={"earlier": earlier, "lead_unit": lead_unit.name},
        lead_unit=lead_unit,
        send_back_reason="",
        proper_unit="",
        **promise(assignment, due_date(assignment.host_id, on, due_on)),
    )


@transaction.atomic
def annul(assignment: Assignment, *, actor: Account, reason: str, on: date | None = None) -> Assignment:
    """Take it off with a reason; the number stays, and for the matter it counts as finished."""
    topic = lock_topic(assignment.topic_id)
    outcome = lock_outcome(assignment.outcome_id)
    assignment, on = begin(assignment, "annul", actor=actor, on=on)
    reason = need(reason, "reason", _("Say why it is annulled."))
    lapse_extensions(assignment, actor=actor, on=on)
    assignment = finish(assignment, "annul", actor=actor, on=on, reason=reason)
    settle(topic, outcome, actor=actor, on=on)
    return assignment
