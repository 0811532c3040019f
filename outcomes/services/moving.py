"""How a move is made: lock, right, state, date; then save, record and publish, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.audit import record
from consult.errors import Missing
from consult.files.services import store_file
from consult.numbering import take_number
from consult.outbox import publish
from members.models import Account, Mandate
from members.states import Role
from outcomes.models import AnswerLink, Assignment, Outcome
from outcomes.rules.assignments import ROLES as ASSIGNMENT_ROLES
from outcomes.rules.assignments import handles
from outcomes.rules.outcomes import ROLES as OUTCOME_ROLES
from outcomes.states import ASSIGNMENT_WORKFLOW, IMPLIES_START, OUTCOME_WORKFLOW, AssignmentState
from topics.models import Topic

#: After these the unit works on it again; why stands on top of its page until it answers.
CAME_BACK = ("rework", "reopen")


def business_date(on: date | None, since: date | None = None) -> date:
    """When it happened: today unless said otherwise, never in the future, never before the previous move."""
    today = timezone.localdate()
    on = on or today
    if on > today:
        raise Missing({"on": _("This day has not come yet; write the day on which it happened.")})
    if since is not None and on < since:
        raise Missing(
            {"on": _("The step before this one was on %(day)s; this cannot be earlier.") % {"day": since.isoformat()}}
        )
    return on


# locks, always in this order: topic, outcome, assignments by key


def lock_topic(pk: int) -> Topic:
    return Topic.objects.select_for_update(of=("self",), no_key=True).select_related("host").get(pk=pk)


def lock_outcome(pk: int) -> Outcome:
    return Outcome.objects.select_for_update(of=("self",), no_key=True).select_related("topic", "host").get(pk=pk)


def lock_assignment(pk: int) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("topic", "host", "lead_unit", "outcome").get(pk=pk)


# outcomes


def begin_outcome(outcome: Outcome, verb: str, *, actor: Account, on: date | None) -> tuple[Outcome, date]:
    """Lock it and ask: may he, is it the moment, can it have happened then?"""
    outcome = lock_outcome(outcome.pk)
    OUTCOME_WORKFLOW.check(outcome, verb, actor=actor)
    return outcome, business_date(on, outcome.moved_on)


def finish_outcome(
    outcome: Outcome,
    verb: str,
    *,
    actor: Account,
    on: date,
    reason: str = "",
    data: dict[str, Any] | None = None,
    on_behalf_of: str = "",
    implied: bool = False,
    **changes: Any,
) -> Outcome:
    """Save the move, write it down, tell of it."""
    before = outcome.state
    OUTCOME_WORKFLOW.advance(outcome, verb, actor=actor)
    save(outcome, moved_on=on, **changes)
    record(
        actor=actor,
        verb=f"outcome.{verb}",
        subject=outcome,
        before=before,
        after=outcome.state,
        happened_at=on,
        mandate=actor.mandate_for(*OUTCOME_ROLES[verb], host_id=outcome.host_id, code=outcome.region_code),
        on_behalf_of=on_behalf_of,
        matter_id=outcome.topic_id,
        reason=reason,
        data=data,
        implied=implied,
    )
    tell_of_outcome(outcome, verb, actor=actor)
    return outcome


def tell_of_outcome(outcome: Outcome, verb: str, *, actor: Account, **payload: Any) -> None:
    publish(
        f"outcome.{verb}",
        host_id=outcome.host_id,
        matter_id=outcome.topic_id,
        outcome_id=outcome.pk,
        actor_id=actor.pk,
        **payload,
    )


# assignments


def note(
    assignment: Assignment,
    verb: str,
    *,
    actor: Account,
    on: date | None = None,
    payload: dict[str, Any] | None = None,
    **words: Any,
) -> None:
    """Write down and tell of what changes neither the state nor the day from which limits run."""
    ASSIGNMENT_WORKFLOW.check(assignment, verb, actor=actor)
    on = on or timezone.localdate()
    _write_down(assignment, verb, assignment.state, actor=actor, on=on, payload=payload, **words)


def begin(
    assignment: Assignment, verb: str, *, actor: Account, on: date | None, via: AnswerLink | None = None
) -> tuple[Assignment, date]:
    """Lock it and ask: may he, is it the moment, can it have happened then? The first word of the unit starts it."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, verb, actor=actor)
    on = business_date(on, assignment.moved_on)
    if verb in IMPLIES_START and assignment.state == AssignmentState.ACCEPTED:
        assignment.state = AssignmentState.IN_PROGRESS
        save(assignment, moved_on=on)
        _write_down(
            assignment,
            "start",
            AssignmentState.ACCEPTED,
            actor=actor,
            on=on,
            on_behalf_of=for_the_unit(actor, assignment, via) if via else "",
            data=by_link(via),
            implied=True,
        )
    return assignment, on


def finish(
    assignment: Assignment,
    verb: str,
    *,
    actor: Account,
    on: date,
    reason: str = "",
    data: dict[str, Any] | None = None,
    on_behalf_of: str = "",
    implied: bool = False,
    **changes: Any,
) -> Assignment:
    """Save the move, write it down, tell of it."""
    before = assignment.state
    ASSIGNMENT_WORKFLOW.advance(assignment, verb, actor=actor)
    if verb in CAME_BACK:
        changes["reason"] = reason[:300]
    elif verb in ("reply", "reassign") and assignment.reason:
        changes["reason"] = ""
    save(assignment, moved_on=on, **changes)
    _write_down(
        assignment,
        verb,
        before,
        actor=actor,
        on=on,
        reason=reason,
        data=data,
        on_behalf_of=on_behalf_of,
        implied=implied,
    )
    return assignment


def _write_down(
    assignment: Assignment,
    verb: str,
    before: str,
    *,
    actor: Account,
    on: date,
    on_behalf_of: str = "",
    data: dict[str, Any] | None = None,
    payload: dict[str, Any] | None = None,
    **words: Any,
) -> None:
    mandate = _mandate_of(actor, verb, assignment)
    if mandate is not None and mandate.role == Role.LIAISON:
        data = {**(data or {}), "unit": mandate.organisation.name}
    record(
        actor=actor,
        verb=f"assignment.{verb}",
        subject=assignment,
        before=before,
        after=assignment.state,
        happened_at=on,
        mandate=mandate,
        on_behalf_of=on_behalf_of,
        matter_id=assignment.topic_id,
        data=data,
        **words,
    )
    tell_of_assignment(assignment, verb, actor=actor, **(payload or {}))


def tell_of_assignment(assignment: Assignment, verb: str, *, actor: Account, **payload: Any) -> None:
    publish(
        f"assignment.{verb}",
        host_id=assignment.host_id,
        matter_id=assignment.topic_id,
        assignment_id=assignment.pk,
        outcome_id=assignment.outcome_id,
        actor_id=actor.pk,
        **payload,
    )


def _mandate_of(actor: Account, verb: str, assignment: Assignment) -> Mandate | None:
    """By which mandate: the liaison speaks for his unit, everybody else within the host's work."""
    roles = ASSIGNMENT_ROLES.get(verb)
    if roles is None:
        mandate = actor.mandate_for(Role.LIAISON, organisation_ids=assignment.handling_unit_ids)
        if mandate is not None:
            return mandate
    return actor.mandate_for(*(roles or (Role.OFFICE,)), host_id=assignment.host_id, code=assignment.region_code)


def speaks_for_unit(actor: Account, assignment: Assignment) -> bool:
    """Otherwise he records what the unit has put on paper (代录)."""
    return not actor.is_system and handles.test(actor, assignment)


def for_the_unit(actor: Account, assignment: Assignment, via: AnswerLink | None = None) -> str:
    """On whose behalf a move of the unit is recorded; empty when its liaison makes it himself."""
    if via is not None:
        return _("%(unit)s, liaison by link: %(name)s") % {"unit": via.unit.name, "name": via.name}
    return "" if speaks_for_unit(actor, assignment) else assignment.lead_unit.name


def by_link(via: AnswerLink | None) -> dict[str, Any]:
    """What the record keeps of the link, and of the unit it was given to."""
    return {} if via is None else {"link": str(via.uuid), "unit": via.unit.name}


# what several moves need


def save(row: models.Model, **changes: Any) -> None:
    """Set, check what was changed and every constraint, save."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in changes])
    row.validate_constraints()
    row.save(update_fields=["state", *changes] if hasattr(row, "state") else list(changes))


def keep_files(row: models.Model, files: Iterable[Any], kind: str, *, actor: Account, within: Any) -> None:
    """Photos and scans belong to the step that brought them; who sees the assignment may read them."""
    for upload in files:
        store_file(
            actor=actor,
            subject=row,
            upload=upload,
            kind=kind,
            host_id=within.host_id,
            region_code=within.region_code,
            field="files",
        )


def need(words: str, field: str, sentence: str) -> str:
    """A gate: without these words the move is not made."""
    words = (words or "").strip()
    if not words:
        raise Missing({field: sentence})
    return words


def number_for(host: Any, kind: str, on: date) -> str:
    """The next gapless number of the host for this kind of paper and year."""
    pattern = options.get(host.pk, f"numbers.{kind}")
    short = host.short_name or host.name
    return take_number(organisation_id=host.pk, kind=kind, year=on.year, pattern=pattern, short_name=short).text


def due_date(host_id: int, on: date, due_on: date | None) -> date:
    """The day given, else the reply limit in calendar months, moved to the next working day."""
    if due_on is None:
        return calendar.add_months_workday(on, options.get(host_id, "limits.reply_months"), host_id)
    if due_on < on:
        raise Missing({"due_on": _("The due date lies before %(day)s.") % {"day": on.isoformat()}})
    return due_on


def promise(assignment: Assignment, due_on: date) -> dict[str, Any]:
    """A new due date: is it provisional, and from today the ladder counts towards it (if it was confirmed at all)."""
    return {
        "due_on": due_on,
        "due_provisional": calendar.is_provisional(due_on.year, assignment.host_id),
        "ladder_from": assignment.ladder_from and timezone.localdate(),
    }
